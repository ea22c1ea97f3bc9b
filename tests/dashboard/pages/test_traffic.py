"""流量转化 on hand-made books."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from queries import METRICS
from tests.dashboard.conftest import TODAY, YESTERDAY, HandBook
from tests.dashboard.pages.opened import figures, opened, words


@pytest.fixture
def shop(handbook: HandBook) -> HandBook:
    """Yesterday: 200 visitors, 20 carts, 8 buyers; two sources; one item; hours of yesterday and the day before."""
    handbook.shop("a")
    for back in (2, 3, 4):
        handbook.day("a", TODAY - timedelta(days=back), visitors=100, paying_buyers=5, sales=500)
    handbook.day("a", YESTERDAY, visitors=200, cart_users=20, paying_buyers=8, sales=1000)
    same = {"shop": "a", "platform": "tmall", "currency": "CNY", "day": YESTERDAY}
    path = {"source": "hand", "carrier": "全店流量", "level2": "", "level3": "", "level4": ""}
    handbook.add(
        "source_day",
        [
            {"level1": "", "visitors": 200, "sales": 1000, "paying_buyers": 8, "is_paid": False},
            {"level1": "付费推广", "visitors": 120, "sales": 600, "paying_buyers": 6, "is_paid": True},
            {"level1": "手淘搜索", "visitors": 130, "sales": 400, "paying_buyers": 2, "is_paid": False},
        ],
        **same, **path,
    )  # fmt: skip
    handbook.add("item_day", [{"item_id": "i1", "title": "保温杯", "visitors": 90, "paying_buyers": 3, "sales": 700}], **same)
    hours = [{"day": YESTERDAY - timedelta(days=b), "hour": h, "value": 10 * h} for b in (0, 1) for h in (1, 2)]
    handbook.add("shop_hour", hours, shop="a", currency="CNY", metric="sales", source="hand")
    handbook.add("target", [{"metric": "visitors", "value": 6000}], shop="a", currency="CNY", month=date(2026, 11, 1))
    return handbook


def test_the_page_shows_what_was_typed_in(shop: HandBook) -> None:
    """Funnel 200 > 20 > 8, sources at 60 % and 65 % of 200, no error anywhere."""
    at = opened("traffic")
    page = words(at)
    assert not at.exception
    assert "db-error" not in page
    assert ">60.00%<" in page and ">65.00%<" in page
    assert "来源：hand" in page and "报表里没有：下单买家数" in page
    funnel = next(json.loads(f) for f in figures(at) if '"orientation":"h"' in f)
    assert funnel["data"][0]["text"] == ["200", "20 · 10.00%", "8 · 40.00%"]


def test_the_plan_line_is_the_months_target_over_its_days(shop: HandBook) -> None:
    """6,000 visitors in November: a line at 200 a day; October has no target and no line."""
    lines = [json.loads(f)["data"] for f in figures(opened("traffic"))]
    plan = [t for data in lines for t in data if t.get("name") == "计划"]
    assert len(plan) == 1
    assert plan[0]["customdata"] == ["—"] * 18 + ["200"] * 12


def test_hours_fall_back_to_the_last_day_that_has_them(shop: HandBook) -> None:
    """No hours today: yesterday against the day before; hours nobody stated are gaps."""
    at = opened("traffic")
    assert "11-12 周四 与前一天" in words(at)
    now = next(t for f in figures(at) for t in json.loads(f)["data"] if t.get("name") == "11-12 周四")
    assert now["y"][:4] == [None, 10.0, 20.0, None]


def test_without_hours_sources_or_items_the_reason_is_given(handbook: HandBook) -> None:
    """A shop with orders only: every panel says which file it needs, none is empty or wrong."""
    handbook.shop("a")
    handbook.day("a", YESTERDAY, sales=10, paid_orders=1)
    page = words(opened("traffic"))
    assert "没有分时数据" in page and "没有流量来源数据" in page and "没有商品数据" in page
    assert "没有同一份报表里的访客和买家" in page
    assert "db-error" not in page


def test_one_shop_at_a_time(shop: HandBook) -> None:
    """With two shops the biggest opens first; the link names the other; their visitors are never added."""
    shop.shop("b", "jd")
    shop.day("b", YESTERDAY, "jd", visitors=77, sales=5)
    assert ">200<" in words(opened("traffic"))
    other = words(opened("traffic", focus="b"))
    assert ">77<" in other and ">200<" not in other and ">277<" not in other


def test_english_says_the_same(shop: HandBook) -> None:
    """No Chinese label is left on the English page, apart from names that come from the data."""
    page = words(opened("traffic", lang="en"))
    assert "Traffic sources" in page and f"not in this report: {METRICS['placed_buyers'].label['en']}" in page
    assert "流量来源" not in page and "成交漏斗" not in page


def test_an_empty_book_says_so(handbook: HandBook) -> None:
    """No shop yet."""
    page = words(opened("traffic"))
    assert "这里还没有数据" in page and "db-error" not in page


def test_a_shop_without_visitors_shows_what_it_has(handbook: HandBook) -> None:
    """Sales and orders instead of six empty cards, and which file would bring the visitors."""
    handbook.shop("j", platform="jd")
    handbook.day("j", YESTERDAY, sales=1234.5, paid_orders=10)
    page = words(opened("traffic"))
    assert "db-error" not in page
    assert "京东商智里带「访客数」的店铺日报表" in page
    assert "¥1,234.50" in page and "¥123.45" in page
    assert "新访客数" not in page


def test_item_changes_need_equal_days(shop: HandBook) -> None:
    """One known day beside none of the three compared: no change is shown."""
    from dashboard import data

    asked = data.ask("traffic/items", shop="a", day_from=TODAY - timedelta(days=7), day_to=YESTERDAY, top=10)
    assert asked["days"].tolist() == [1]
