"""经营总览 on hand-made books: empty, one row, late, two currencies; the figures are those typed in."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.conftest import TODAY, YESTERDAY, HandBook, open_page


def words(at: AppTest) -> str:
    """All HTML and captions of the page."""
    bodies = [str(e.proto.body) for e in at.get("html")]
    return "\n".join(b for b in bodies if not b.startswith("<style")) + "\n".join(c.value for c in at.caption)


def card(page: str, label: str) -> str:
    """The HTML of one card."""
    found = [part for part in page.split('<div class="db-card">')[1:] if f"<span>{label}</span>" in part]
    assert len(found) == 1, (label, len(found))
    return found[0]


@pytest.fixture
def week(handbook: HandBook) -> HandBook:
    """Shop a sold 100 the day before and 120 yesterday, with visitors and buyers; ten days of history."""
    handbook.shop("a")
    for back in range(2, 12):
        handbook.day("a", TODAY - timedelta(days=back), sales=100, visitors=100, paying_buyers=5, paid_orders=5, refunds=0)
    handbook.day("a", YESTERDAY, sales=150, visitors=120, paying_buyers=6, paid_orders=8, refunds=12.34)
    return handbook


def test_never_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new book says what to do instead of an error."""
    monkeypatch.setenv("DAYBOOK_DATA", str(tmp_path / "nothing"))
    page = words(open_page())
    assert "账本还是空的" in page
    assert "db-error" not in page


def test_yesterday(week: HandBook) -> None:
    """The page opens on 昨日: 150, +50% on the day before and on the same weekday, 5% of visitors bought."""
    at = open_page()
    page = words(at)
    assert not at.exception
    assert "db-error" not in page
    sales = card(page, "支付金额")
    assert "¥150.00" in sales and sales.count("+50.0%") == 2 and "好" in sales
    assert "5.00%" in card(page, "支付转化率")
    assert "¥25.00" in card(page, "客单价")
    assert "¥137.66" in card(page, "净销售额")
    assert "11-12 周四，对比 11-11 周三" in page
    assert "2026-11-13 09:00" in page


def test_what_moved_adds_up(week: HandBook) -> None:
    """100 x 5% x 20 to 120 x 5% x 25: visitors +22.50, value per buyer +27.50, conversion nothing."""
    page = words(open_page())
    assert "+¥22.50" in page
    assert "+¥27.50" in page


def test_late_shop(week: HandBook) -> None:
    """b is not out yet: named on the cards, in no total, and no fall."""
    week.shop("b", "jd")
    for back in range(2, 12):
        week.day("b", TODAY - timedelta(days=back), "jd", sales=1000, paid_orders=10)
    sales = card(words(open_page()), "支付金额")
    assert "¥150.00" in sales
    assert "b 店 未出数" in sales
    assert "+50.0%" in sales


def test_nothing_out_reads_not_out(week: HandBook) -> None:
    """On the day after tomorrow yesterday is not out: words, not 0."""
    at = open_page(period="custom", **{"from": TODAY.isoformat(), "to": TODAY.isoformat()})
    assert "未出数" in card(words(at), "支付金额")


def test_one_row(handbook: HandBook) -> None:
    """A book with a single figure draws its card and no error."""
    handbook.shop("a")
    handbook.day("a", YESTERDAY, sales=9.99)
    at = open_page()
    page = words(at)
    assert "¥9.99" in card(page, "支付金额")
    assert "db-error" not in page and not at.exception


def test_two_currencies_are_not_added(week: HandBook) -> None:
    """A dollar shop gets cards of its own."""
    week.shop("u", "shopify", "USD", "America/New_York")
    for back in range(1, 5):
        week.day("u", TODAY - timedelta(days=back), "shopify", "USD", sales=7, paid_orders=1)
    page = words(open_page())
    assert "$7.00" in page
    assert "¥150.00" in page
    assert "币种 USD" in page


def test_display_currency_needs_a_typed_rate(week: HandBook) -> None:
    """1 USD = 7 CNY from 1 November on: 150 + 7 x 7 = 199 when CNY is asked for."""
    week.shop("u", "shopify", "USD", "America/New_York")
    for back in range(1, 5):
        week.day("u", TODAY - timedelta(days=back), "shopify", "USD", sales=7, paid_orders=1)
    week.add("fx_rate", [{"currency": "USD", "display": "CNY", "day": TODAY.replace(day=1), "rate": 7}])
    assert "¥199.00" in card(words(open_page(cur="CNY")), "支付金额")


def test_plan_line(week: HandBook) -> None:
    """A typed month target shows reached and time gone: (10 x 100 + 150) of 2,000 by day 12 of 30."""
    week.add("target", [{"shop": "a", "metric": "sales", "month": TODAY.replace(day=1), "value": 2000, "currency": "CNY"}])
    sales = card(words(open_page()), "支付金额")
    assert "¥1,150.00 / 目标 ¥2,000.00，完成 57.5%" in sales
    assert "领先进度 17.5%" in sales


def test_english_is_complete(week: HandBook) -> None:
    """No Chinese text of ours is left on the English page."""
    page = re.sub(r"<[^>]*>", " ", words(open_page(lang="en")))
    assert "Sales" in page and "Visitors" in page
    assert "支付" not in page and "访客" not in page and "昨日" not in page


def test_visitors_come_from_a_named_file(week: HandBook) -> None:
    """A shop without visitors is split by orders, and the page says which export would bring them."""
    week.shop("j", "jd")
    for back in (1, 2):
        week.day("j", TODAY - timedelta(days=back), "jd", sales=10 * back, paid_orders=back)
    page = words(open_page())
    assert "京东商智里带「访客数」的店铺日报表" in page


def test_link_carries_the_view(week: HandBook) -> None:
    """?period=last7&compare=weekday opens that view; an unknown shop in a link is dropped."""
    at = open_page(period="last7", compare="weekday", shop="nobody")
    page = words(at)
    assert "11-06 ~ 11-12，对比 10-30 ~ 11-05" in page
    assert "¥750.00" in card(page, "支付金额")
    assert at.query_params["period"] == "last7"
    assert "shop" not in at.query_params


def test_scope_hides_other_shops(week: HandBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server restricted to a sees nothing of b, whatever the link says."""
    week.shop("b", "jd")
    week.day("b", YESTERDAY, "jd", sales=77777, paid_orders=1)
    monkeypatch.setenv("DAYBOOK_SHOPS", "a")
    page = words(open_page(shop="b"))
    assert "77,777" not in page and "7.78" not in page and "b 店" not in page
    assert "¥150.00" in card(page, "支付金额")


def test_report_opens(week: HandBook) -> None:
    """The 日报 button shows the same sales as the card."""
    at = open_page()
    at.button(key="report").click().run()
    assert not at.exception
    assert "支付金额 ¥150.00（日环比 +50.0%" in at.code[0].value


def test_today_without_hours_is_greyed(week: HandBook) -> None:
    """今日 falls back to 昨日, and the reason is said."""
    at = open_page(period="today")
    assert "11-12 周四，对比" in words(at)
    assert any("没有分时数据" in str(c.help) for c in at.caption)


def test_today_compares_equal_hours(week: HandBook) -> None:
    """30 by 10:00 today against 20 by 10:00 yesterday, not against yesterday's 150."""
    rows = [
        {"day": TODAY, "hour": 9, "value": 30}, {"day": YESTERDAY, "hour": 9, "value": 20},
        {"day": YESTERDAY, "hour": 15, "value": 130},
    ]  # fmt: skip
    week.add("shop_hour", rows, shop="a", currency="CNY", metric="sales", source="hand")
    sales = card(words(open_page(period="today")), "支付金额")
    assert "¥30.00" in sales and "+50.0%" in sales
