"""推广 on hand-made books."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from tests.dashboard.conftest import YESTERDAY, HandBook
from tests.dashboard.pages.opened import figures, opened, words

ASKS = "先填毛利率：保本投产比和 ROI 余量要用它"
AT = datetime(2026, 11, 13, 9)


def _ad(campaign: str, spend: float, sales: float | None, **more: Any) -> dict[str, Any]:
    return {
        "day": YESTERDAY, "campaign_id": campaign, "campaign": f"计划{campaign}", "ad_group_id": "", "ad_group": "",
        "account": "acc", "scene": "", "spend": spend, "attributed_sales": sales, "is_chosen": True, "source": "plan",
        "purse": "alimama", "attribution": "15天", "clicks": 10, "impressions": 100, **more,
    }  # fmt: skip


@pytest.fixture
def spent(handbook: HandBook) -> HandBook:
    """100 + 300 spent for 800 and 400; the item report holds the same 400 once more as 398."""
    handbook.shop("a")
    handbook.day("a", YESTERDAY, sales=4000, spend=400, attributed_sales=1200, refunds=0)
    rows = [_ad("1", 100, 800), _ad("2", 300, 400), _ad("x", 398, 1190, source="item", is_chosen=False)]
    handbook.add("campaign_day", rows, shop="a", platform="tmall", currency="CNY", state="ok", as_of=AT)
    handbook.add("source", [{"source": "item", "kind": "ad_items", "rank": 20, "label_zh": "商品报表", "label_en": "Item report"}])
    return handbook


def test_the_same_money_once(spent: HandBook) -> None:
    """400 and not 798; ROAS 3 under 15天; the other report is checked: 2 less."""
    at = opened("ads")
    page = words(at)
    assert not at.exception and "db-error" not in page
    assert "¥400.00" in page and "¥798.00" not in page
    assert ">3.00<" in page and "15天" in page
    assert "商品报表（15天）" in page and ">-¥2.00<" in page


def test_blended_return_and_cost_ratio(spent: HandBook) -> None:
    """4,000 / 400 = 10 and 10 %."""
    page = words(opened("ads"))
    assert ">10.00<" in page and ">10.00%<" in page


def test_without_a_margin_the_page_asks_for_it(spent: HandBook) -> None:
    """先填毛利率, and where."""
    assert ASKS in words(opened("ads"))


def test_with_a_margin_break_even_is_shown(spent: HandBook) -> None:
    """1 / 0.4 = 2.5 and no more asking."""
    spent.add("cost", [{"kind": "margin_rate", "value": 0.4}], shop="a", item_id="", day=date(2026, 1, 1), currency="CNY")
    page = words(opened("ads"))
    assert ASKS not in page and ">2.50<" in page


def test_two_purses_are_not_added(spent: HandBook) -> None:
    """With a second platform there is no total ROAS card; both lines stand with their own attribution."""
    row = _ad("9", 50, 500, purse="qianchuan", source="qc", attribution="整体支付")
    spent.add("campaign_day", [row], shop="a", platform="tmall", currency="CNY", state="ok", as_of=AT)
    page = words(opened("ads"))
    assert "整体支付" in page and "巨量千川" in page and "阿里妈妈" in page
    assert "<span>投产比</span>" not in page.split("db-scroll")[0]


def test_budget_line_only_with_a_target(spent: HandBook) -> None:
    """Without one the panel says where to type it."""
    assert "本月没有花费目标" in words(opened("ads"))


def test_budget_line_with_a_target(spent: HandBook) -> None:
    """3,000 for November: the even pace is 1,200 on the 12th and all of it on the 30th; spent to date is 400."""
    spent.add("target", [{"metric": "spend", "value": 3000}], shop="a", month=date(2026, 11, 1), currency="CNY")
    lines = [t for f in figures(opened("ads")) for t in json.loads(f)["data"]]
    even = next(t for t in lines if t.get("name") == "均匀进度")
    assert (even["customdata"][11], even["customdata"][-1]) == ("¥1,200.00", "¥3,000.00")
    assert next(t for t in lines if t.get("name") == "累计花费")["customdata"][11] == "¥400.00"


def test_no_ads_still_offers_costs_and_budget(handbook: HandBook) -> None:
    """A shop without ads: the page says what to import and keeps the cost table."""
    handbook.shop("a")
    handbook.day("a", YESTERDAY, sales=10)
    at = opened("ads")
    page = words(at)
    assert "没有推广数据" in page and "成本表" in page and "db-error" not in page
    assert not at.exception


def test_english(spent: HandBook) -> None:
    """The English page is English."""
    page = words(opened("ads", lang="en"))
    assert "By ad platform" in page and "Item report" in page
    assert "推广渠道" not in page and "成本表" not in page
