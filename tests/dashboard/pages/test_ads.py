"""推广 on hand-made books."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
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


def _spends(book: HandBook, amount: float, days: int, shop: str = "a", purse: str = "alimama") -> None:
    """`amount` a day up to yesterday, as the purse's report states it; the last day's comes the morning after."""
    rows = [
        {"day": day, "spend": amount, "as_of": datetime(day.year, day.month, day.day, 9) + timedelta(days=1)}
        for day in (YESTERDAY - timedelta(days=n) for n in range(days))
    ]
    book.add("purse_day", rows, shop=shop, purse=purse, source="plan", currency="CNY", is_chosen=True, state="ok")


def test_a_purse_without_a_limit_says_where_to_set_one(handbook: HandBook) -> None:
    """100 a day: 1,200 by the 12th, about 3,000 at the end of November, and no word about a budget."""
    handbook.shop("a")
    _spends(handbook, 100, 120)
    page = words(opened("ads"))
    assert "还没有上限" in page and "月底约 ¥3,000.00" in page and "未设上限" in page and "db-error" not in page


def test_a_purse_on_its_plan(handbook: HandBook) -> None:
    """3,000 for November is the shop's only purse's: 1,200 expected by the 12th, 1,800 left for 18 days."""
    handbook.shop("a")
    _spends(handbook, 100, 120)
    handbook.add("target", [{"metric": "spend", "value": 3000}], shop="a", month=date(2026, 11, 1), currency="CNY")
    at = opened("ads")
    page = words(at)
    assert "好 · 按计划" in page and "到 11-12 应花 ¥1,200.00" in page and "余 18 天，日均可花 ¥100.00" in page
    assert "合计 ¥1,800.00" in page and "上限：店铺月目标" in page and "样本不足。账本里有 0 天" in page
    lines = [t for f in figures(at) for t in json.loads(f)["data"]]
    assert next(t for t in lines if t.get("name") == "应花到")["customdata"][-1] == "¥3,000.00"


def test_a_purse_over_its_limit(handbook: HandBook) -> None:
    """1,200 of 1,000: 差, used up on the 10th, nothing left to split."""
    handbook.shop("a")
    _spends(handbook, 100, 120)
    handbook.add("target", [{"metric": "spend", "value": 1000}], shop="a", month=date(2026, 11, 1), currency="CNY")
    page = words(opened("ads"))
    assert "差 · 已超上限" in page and "11-10 已花完" in page and "合计 ¥0.00" in page


def test_two_purses_have_a_sum(handbook: HandBook) -> None:
    """Each has no limit of its own, the shop's 6,000 is that of the sum."""
    handbook.shop("a")
    _spends(handbook, 100, 120)
    _spends(handbook, 50, 120, purse="qianchuan")
    handbook.add("target", [{"metric": "spend", "value": 6000}], shop="a", month=date(2026, 11, 1), currency="CNY")
    page = words(opened("ads"))
    assert "全部推广" in page and "上限 ¥6,000.00" in page and "到 11-12 应花 ¥2,400.00" in page


def test_the_phase_is_the_verdict(handbook: HandBook) -> None:
    """A band of 2 to 5 thousand a month from October to December: October's 3,100 is inside, November's limit is 5,000."""
    handbook.shop("a")
    _spends(handbook, 100, 120)
    spec = json.dumps({"id": "n"})
    line = {
        "node": "n", "seq": 1, "kind": "band", "name": "推广每月", "metric": "spend", "shop": "a", "scope": json.dumps({"purse": "alimama"}), "period_kind": "month",
        "day": date(2026, 10, 1), "day_to": date(2026, 12, 31), "currency": "CNY", "target_min": 2000, "target_max": 5000, "state": "issued", "spec": spec,
    }  # fmt: skip
    handbook.add("plan_node", [line], plan="p")
    handbook.add("plan", [{"plan": "p", "version": "v", "title": "计划", "state": "issued"}])
    page = words(opened("ads"))
    assert "阶段 10-01 ~ 12-31 月均 ¥3,100.00，区间 ¥2,000.00 ～ ¥5,000.00：好" in page
    assert "上限 ¥5,000.00" in page and "上限：计划本月" in page


def test_days_that_move_say_by_how_much(handbook: HandBook) -> None:
    """Eleven days of October rose from 1,000 the morning after to 1,100 three weeks later: +10.0 %; the 12 days of November move."""
    handbook.shop("a")
    _spends(handbook, 100, 120)
    handbook.add("source", [{"source": "plan", "kind": "ads", "rank": 10, "purse": "alimama"}])
    for n in range(1, 12):
        reports = [(days, sales) for days, sales in ((1, 1000), (2, 1000), (3, 1000), (6, 1000), (12, 1000), (21, 1100))]
        rows = [{"as_of": datetime(2026, 10, n, 9) + timedelta(days=days), "attributed_sales": sales} for days, sales in reports]
        handbook.add("ad_statement", rows, shop="a", source="plan", account="", day=date(2026, 10, n), spend=100)
    with duckdb.connect(str(handbook.path)) as con:
        con.execute("UPDATE mart.purse_day SET attributed_sales = 500, as_of = '2026-11-13 09:00'")
    page = words(opened("ads"))
    assert "12 天还在变动" in page and "成交 +10.0%（80%：+10.0% ～ +10.0%）" in page and "花费 +0.0%" in page


def test_returns_stand_side_by_side(spent: HandBook) -> None:
    """400 spent for 1,200 credited and 4,000 sold, margin 40 %: 3.00, MER 10.00, 10.00 %, break-even 2.50, 好."""
    spent.add("cost", [{"kind": "margin_rate", "value": 0.4}], shop="a", item_id="", day=date(2026, 1, 1), currency="CNY")
    spent.add("purse_day", [{"day": YESTERDAY, "spend": 400, "as_of": AT}], shop="a", purse="alimama", source="plan", currency="CNY", is_chosen=True, state="ok")
    page = words(opened("ads"))
    table = page[page.index("2026-11 投产对照") :]
    assert all(cell in table for cell in (">好<", ">3.00<", ">10.00<", ">10.00%<", ">2.50<", ">15天<"))


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
