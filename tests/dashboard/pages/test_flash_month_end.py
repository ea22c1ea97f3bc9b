"""A 下播快报 typed at half past one on the first of a month: the session is last month's, before and after its files come."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import worker
from connectors import files, forms
from dashboard import submit
from tests.dashboard.pages.opened import card, opened, words
from tests.dashboard.pages.test_month_end import END, START, session
from tests.room_files import sheet
from warehouse.book import Book

FORM = "from dashboard import panels_flash\npanels_flash.form(None)\n"


@pytest.fixture
def typed(book: Book, monkeypatch: pytest.MonkeyPatch) -> Book:
    """The eight numbers through the form, 21:00 on 30 November for four and a half hours."""
    monkeypatch.setenv("DAYBOOK_DATA", str(book.root))
    monkeypatch.setenv("DAYBOOK_TODAY", "2026-12-01T01:40:00")
    monkeypatch.setattr(submit, "nudge", lambda target: None)
    monkeypatch.setattr(submit, "wait_published", lambda packages: not worker.commit_all(book).failed)
    forms.submit_rows(book, "shop", [{"shop": "d", "name": "示例店", "platform": "douyin", "currency": "CNY", "zone": "Asia/Shanghai"}], "owner")
    worker.commit_all(book)
    at = AppTest.from_string(FORM, default_timeout=60)
    at.session_state["lang"] = "zh"
    at.run()
    assert at.date_input(key="flash_day").value == date(2026, 11, 30)  # four hours ago
    at.time_input(key="flash_time").set_value(time(21))
    for name, value in (("hours", 4), ("minutes", 30), ("live_sales", 170.0), ("orders", 4), ("viewers", 900), ("ad_spend", 75.0)):
        at.number_input(key=f"flash_{name}").set_value(value)
    at.button(key="flash_save").click().run()
    assert not at.exception
    return book


def page(first: str, last: str) -> str:
    found = words(opened("live", period="custom", **{"from": first, "to": last}))
    assert "db-error" not in found
    return found


def test_a_typed_session_is_the_old_months(typed: Book) -> None:
    """170 and 4.5 hours in November, on the 30th; December has no session."""
    for first in ("2026-11-01", "2026-11-30"):
        november = page(first, "2026-11-30")
        assert 'title="¥170.00"' in card(november, "直播成交金额") and "4.5小时" in card(november, "直播时长")
    assert "11-30 21:00 开播，12-01 01:30 下播" in page("2026-11-30", "2026-11-30")
    assert "12-01 周二 没有开播记录" in page("2026-12-01", "2026-12-01")


def test_the_files_take_its_place_on_the_same_day(typed: Book, tmp_path: Path) -> None:
    """The list says 180: one session still, 180 - 170 of 170 is +5.9 %, and nothing moves to December."""
    listed = sheet(tmp_path / "罗盘_直播间列表_下载明细.xlsx", "live_list", [session(START, END, 4.0, 180.0, 75.0)])
    files.seal(typed, listed, shop="d")
    assert worker.commit_all(typed).failed == {}
    november = page("2026-11-01", "2026-11-30")
    assert 'title="¥180.00"' in card(november, "直播成交金额") and "4.5小时" in card(november, "直播时长")
    changed = page("2026-11-30", "2026-11-30").split("下播快报")[1]
    assert "¥170.00" in changed and "¥180.00" in changed and "+5.9%" in changed
    assert "12-01 周二 没有开播记录" in page("2026-12-01", "2026-12-01")
