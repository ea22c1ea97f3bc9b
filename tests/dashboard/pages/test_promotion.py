"""活动复盘 on the ads page, on hand-made books."""

from __future__ import annotations

import json
from datetime import date, timedelta

from tests.dashboard.conftest import TODAY, YESTERDAY, HandBook
from tests.dashboard.pages.opened import figures, opened, words

FROM = date(2025, 10, 1)


def _sold(day: date) -> float:
    """1,000 a day; 4,000 on the 10th and 11th of November, 2,000 of them in 2025."""
    if (day.month, day.day) in ((11, 10), (11, 11)):
        return 4000 if day.year == 2026 else 2000
    return 1000


def _book(book: HandBook, shop: str = "a", *, campaign: bool = True) -> None:
    at = [FROM + timedelta(days=n) for n in range((YESTERDAY - FROM).days + 1)]
    rows = [{"day": day, "metric": name, "value": value} for day in at for name, value in (("sales", _sold(day)), ("refunds", 0), ("paid_orders", 10))]
    book.shop(shop)
    book.add("shop_day", rows, shop=shop, platform="tmall", currency="CNY", source="hand", state="ok")
    if campaign:
        lines = [(year, date(year, 11, 10), date(year, 11, 11)) for year in (2025, 2026)]
        book.add("promotion", [{"promotion": f"p{year}", "name": "双11", "phase": "爆发", "day": first, "day_to": last} for year, first, last in lines])


def _spent(book: HandBook) -> None:
    """Ads 100 a day, 600 on the two days."""
    at = [FROM + timedelta(days=n) for n in range((YESTERDAY - FROM).days + 1)]
    rows = [{"day": day, "spend": 600 if _sold(day) > 1000 else 100} for day in at]
    book.add("purse_day", rows, shop="a", purse="alimama", source="plan", currency="CNY", is_chosen=True, state="ok")


def test_a_campaign_is_judged(handbook: HandBook) -> None:
    """8,000 sold where 2,000 are usual: 6,000 more, four times as much, +100 % on last year's 4,000 up to the day after."""
    _book(handbook)
    at = opened("ads")
    page = words(at)
    assert not at.exception and "db-error" not in page
    assert "活动复盘 · 双11 2026" in page and "+¥6,000.00" in page and ">4.00<" in page and "好 · 有增量" in page
    assert "今年 ¥9,000.00，去年 ¥5,000.00，+80.0%" in page and "没有对照" in page
    lines = [trace for figure in figures(at) for trace in json.loads(figure)["data"]]
    assert any(trace.get("name") == "基线" for trace in lines) and any(trace.get("name") == "2025" for trace in lines)


def test_without_a_margin_there_is_no_profit(handbook: HandBook) -> None:
    """先填毛利率, and where."""
    _book(handbook)
    assert "先填毛利率（本页成本表）" in words(opened("ads"))


def test_profit_and_roi(handbook: HandBook) -> None:
    """6,000 more at 40 %: 2,400 for 1,000 more of ads: 1,400, ROI 2.40."""
    _book(handbook)
    _spent(handbook)
    handbook.add("cost", [{"kind": "margin_rate", "value": 0.4}], shop="a", item_id="", day=date(2025, 1, 1), currency="CNY")
    page = words(opened("ads"))
    assert "+¥1,400.00" in page and ">2.40<" in page and "毛利率 40.0%" in page


def test_shops_outside_a_campaign_are_its_control(handbook: HandBook) -> None:
    """Only a takes part: b, steady, is the control by itself."""
    _book(handbook, campaign=False)
    handbook.shop("b")
    at = [FROM + timedelta(days=n) for n in range((YESTERDAY - FROM).days + 1)]
    handbook.add("shop_day", [{"day": day, "value": 500 + day.day} for day in at], metric="sales", shop="b", platform="tmall", currency="CNY", source="hand", state="ok")
    handbook.add("promotion", [{"promotion": "p", "name": "店庆", "phase": "", "day": date(2026, 11, 10), "day_to": date(2026, 11, 11)}], shop="a")
    page = words(opened("ads"))
    assert "活动复盘 · 店庆 2026" in page and "对照的涨跌按" in page


def test_items_can_be_the_control(handbook: HandBook) -> None:
    """Items that sold before the campaign are offered; none chosen is no control."""
    _book(handbook)
    at = [FROM + timedelta(days=n) for n in range((YESTERDAY - FROM).days + 1)]
    handbook.add("item_day", [{"day": day, "sales": 100 + day.day} for day in at], shop="a", item_id="i1", title="枕头", platform="tmall", currency="CNY", source="items")
    page = opened("ads").selectbox(key="promo_control_double11-2026").select("items").run()
    assert "没有对照" in words(page)
    chosen = page.multiselect(key="promo_items_double11-2026").select("a\ni1").run()
    assert "对照的涨跌按" in words(chosen) and "db-error" not in words(chosen)


def test_a_young_shop_has_too_few_days(handbook: HandBook) -> None:
    """Ten days of sales: the campaign's figures stand, the word is 样本不足 and nothing breaks."""
    handbook.shop("a")
    for n in range(10):
        handbook.day("a", YESTERDAY - timedelta(days=n), sales=100)
    handbook.add("promotion", [{"promotion": "p", "name": "新品", "day": YESTERDAY, "day_to": TODAY}])
    page = words(opened("ads"))
    assert "样本不足" in page and "活动复盘 · 新品 2026" in page and "db-error" not in page


def test_nothing_to_judge(handbook: HandBook) -> None:
    """A shop without sales: what brings the panel to life, and the table to type campaigns."""
    handbook.shop("a")
    at = opened("ads")
    assert "还没有可以复盘的活动" in words(at) and "db-error" not in words(at)
    assert at.button(key="campaigns_save")


def test_english_review(handbook: HandBook) -> None:
    """The English page is English."""
    _book(handbook)
    page = words(opened("ads", lang="en"))
    assert "Campaign review" in page and "Good · uplift" in page and "Burst factor" in page and "活动增量" not in page
