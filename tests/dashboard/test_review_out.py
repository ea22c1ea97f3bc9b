"""A review taken along: the workbook, the page to print, the picture, on a hand-made hour of one room."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from dashboard import labels, review_out, review_picture
from dashboard.panels_session import history
from dashboard.picture import font_file
from dashboard.reviews import review
from tests.dashboard.conftest import YESTERDAY, HandBook

START = datetime(2026, 11, 12, 20, 0)
SAME: dict[str, Any] = {"shop": "d", "session": "n0", "day": YESTERDAY}


@pytest.fixture
def night(handbook: HandBook) -> tuple[Any, Any, Any]:
    """An hour of 1,600 yuan, 100 given back; two items, one named like a formula, one like a tag; margin 40 %, fee 5 %.
    Link 1 was planned for and explained from the start, link 2 planned for minute 30 and explained from minute 40."""
    handbook.shop("d", "douyin")
    session = {"account": "a1", "account_name": "示例店", "started_at": START, "ended_at": START + timedelta(minutes=60), "duration_s": 3600, "viewers": 900,
               "live_sales": 1600, "refunds": 100, "ad_spend": 200, "commission": 50, "sources": "compass_live_list", "as_of": START + timedelta(hours=12)}  # fmt: skip
    handbook.add("live_session", [session], **SAME, platform="douyin", currency="CNY")
    rows = [{"at": START + timedelta(minutes=m), "online": 100, "product_click_users": 10, "orders": 2, "live_sales": 30 if m < 40 else 20} for m in range(60)]
    handbook.add("live_minute", rows, **SAME)
    items = [
        {"item_id": "1", "title": "=1+1", "product_click_users": 300, "buyers": 60, "user_paid": 1000},
        {"item_id": "2", "title": "<b>杯</b>", "product_click_users": 100, "buyers": 30, "user_paid": 600},
    ]
    handbook.add("live_item", items, **SAME, currency="CNY")
    sheet = [{"minute": 0, "link_no": "1", "item_id": "1"}, {"minute": 30, "link_no": "2", "item_id": "2"}]
    handbook.add("live_script", sheet, shop="d", day=START.date(), account="", sheet_at=START)
    pressed = [{"at": START + timedelta(minutes=m), "kind": kind, "link_no": n} for m, kind, n in ((0, "explain", "1"), (40, "explain", "2"), (50, "coupon", ""))]
    handbook.add("live_event", pressed, shop="d", session="n0", day=START.date(), source="typed", account="", item_id="")
    handbook.add("cost", [{"kind": "margin_rate", "value": 0.4}, {"kind": "fee_rate", "value": 0.05}], shop="d", item_id="", day=START.date().replace(day=1))
    _asked(handbook)
    rows_of = history("n0", ("d",))
    return rows_of.iloc[0], rows_of, review("n0", ("d",))


def _asked(handbook: HandBook) -> None:
    """An issued plan wants 2,000 yuan and half an hour to two of each session."""
    span: dict[str, Any] = {"day": START.date().replace(day=1), "day_to": START.date().replace(day=30)}
    handbook.add("plan", [{"plan": "p", "title": "p", "state": "issued", "version": "2026-11-01T00:00:00", "spec": "{}", "versions": 1}], **span, nodes=1, currency="CNY")
    sales = {"node": "s", "seq": 1, "kind": "flow", "name": "每场成交", "metric": "live_sales", "target": 2000, "currency": "CNY", "spec": '{"period": "session", "target": "2000"}'}
    hours = {"node": "h", "seq": 2, "kind": "band", "name": "每场时长", "metric": "live_hours", "target_min": 0.5, "target_max": 2,
             "spec": '{"period": "session", "target": "0.5-2小时"}'}  # fmt: skip
    for node in (sales, hours):
        handbook.add("plan_node", [node], **span, plan="p", state="issued", shop="d", period_kind="session")


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (labels, review_out):
        monkeypatch.setattr(module, "lang", lambda: "zh")


def test_the_workbook_holds_exact_numbers_and_no_formula(night: tuple[Any, Any, Any]) -> None:
    """Sales 1,600 and the profit (1,600 - 100) x 0.4 x 0.95 - 200 - 50 = 320; 60 minutes; texts stay texts."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(review_out.xlsx_bytes(*night)))
    cost = dict(row[:2] for row in book.get_sheet_by_name("这场赚没赚").to_python()[1:])
    assert (cost["成交金额"], cost["退款（到目前）"], cost["投放消耗"], cost["本场利润"]) == (1600, 100, 200, 320)
    minutes = book.get_sheet_by_name("分钟曲线").to_python()
    assert len(minutes) == 61 and sum(row[-1] for row in minutes[1:]) == 1600
    assert [row[0] for row in book.get_sheet_by_name("商品").to_python()[1:]] == ["=1+1", "<b>杯</b>"]
    on_air = book.get_sheet_by_name("讲解每分钟卖多少").to_python()
    own = on_air[0].index("本品成交/讲解分钟")
    assert [(row[0], row[1], row[own]) for row in on_air[1:]] == [("2号链接 <b>杯</b>", 20, 30), ("1号链接 =1+1", 40, 25)]  # 600 / 20, 1,000 / 40
    assert book.get_sheet_by_name("本场目标").to_python()[1:] == [["每场成交：目标 2000，本场 ¥1,600.00", "低于目标"], ["每场时长：目标 0.5-2小时，本场 1.0小时", "达到"]]
    notes = dict(row[:2] for row in book.get_sheet_by_name("说明").to_python()[1:])
    assert notes["数据截至"] == "11-13 08:00" and notes["分钟成交"] == "分钟报表" and "不是 0" in notes["空格"]


def test_the_page_to_print_escapes_what_comes_from_data(night: tuple[Any, Any, Any]) -> None:
    """No tag out of a title, no script, nothing to load; the profit stands on it."""
    page = review_out.document(*night)
    assert "&lt;b&gt;杯&lt;/b&gt;" in page and "<b>杯</b>" not in page and "¥320.00" in page
    assert "<p>准时 1，晚 1（最多 10 分钟）</p>" in page
    assert "<script" not in page and "src=" not in page and "http" not in page


@pytest.mark.skipif(font_file() is None, reason="no Chinese font on this machine")
def test_the_picture_is_as_wide_as_a_chat_shows_and_can_hide_amounts(night: tuple[Any, Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """1,080 pixels wide; without amounts no currency sign is written anywhere."""
    written: list[str] = []
    write = review_picture.Page.write
    monkeypatch.setattr(review_picture.Page, "write", lambda self, x, y, words, *rest, **more: written.append(words) or write(self, x, y, words, *rest, **more))
    whole = Image.open(io.BytesIO(review_picture.picture(review_out.told(*night))))
    assert whole.width == 1080 and whole.height > 1500 and any("¥320.00" in words for words in written) and any("数据截至 2026-11-13 08:00" in words for words in written)
    assert not [words for words in written if "¥" in words and "…" in words], "a figure was cut"
    assert {"1号", "2号"} < set(written) and any("准时 1，晚 1（最多 10 分钟）" in words for words in written)
    written.clear()
    hidden = Image.open(io.BytesIO(review_picture.picture(review_out.told(*night, hides=True))))
    assert hidden.width == 1080 and hidden.height < whole.height
    assert any("每场时长" in words for words in written)
    assert not [words for words in written if any(told in words for told in ("¥", "320", "2000", "1,600"))]


def test_amounts_of_any_currency_are_hidden() -> None:
    """One with a sign of its own, one written by its code; what is no amount stays."""
    assert review_picture.hidden("约 +¥1,347.33，+288.3%", "CNY") == "约 •••，+288.3%"
    assert review_picture.hidden("about -MYR 2.5K of 40", "MYR") == "about ••• of 40"


@pytest.mark.skipif(font_file() is None, reason="no Chinese font on this machine")
def test_eight_typed_numbers_alone_can_be_taken_along(handbook: HandBook) -> None:
    """No minute, no item, no order yet: the picture, the page and the workbook hold what was typed and nothing made up."""
    handbook.shop("d", "douyin")
    typed = {"account": "", "account_name": "", "started_at": START, "ended_at": START + timedelta(minutes=60), "duration_s": 3600, "viewers": 900, "live_sales": 1600,
             "sources": "typed", "as_of": None}  # fmt: skip
    handbook.add("live_session", [typed], **SAME, platform="douyin", currency="CNY")
    handbook.add("live_typed", [SAME | {"started_at": START, "live_sales": 1600, "viewers": 900, "duration_s": 3600}])
    rows = history("n0", ("d",))
    taken = rows.iloc[0], rows, review("n0", ("d",))
    assert Image.open(io.BytesIO(review_picture.picture(review_out.told(*taken)))).width == 1080
    book = CalamineWorkbook.from_filelike(io.BytesIO(review_out.xlsx_bytes(*taken)))
    assert not {"分钟曲线", "商品", "分段"} & set(book.sheet_names)
    cost = dict(row[:2] for row in book.get_sheet_by_name("这场赚没赚").to_python()[1:])
    assert cost == {"成交金额": 1600, "本场利润": ""}
    page = review_out.document(*taken)
    assert "¥1,600.00" in page and "<svg" not in page
