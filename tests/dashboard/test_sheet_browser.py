"""An evening in a real browser: eight numbers make the session and its picture, a filled workbook its run sheet; both stand on the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from connectors import forms, runsheet
from tests.browser import chromium, errors_on, settle
from tests.running import Server
from warehouse.book import Book

pytestmark = pytest.mark.browser
LONG_MS = 60_000
SHOP = {"shop": "d", "name": "示例店", "platform": "douyin", "currency": "CNY", "zone": "Asia/Shanghai"}
NOW = datetime(2026, 11, 13, 0, 40)
START = datetime(2026, 11, 12, 20)  # what the form offers then
PLANNED = [(0, "开场", "1"), (20, "秒杀", "3"), (40, "返场", "5")]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The live page of a shop without any file, where 1 was explained on time and 3 nine minutes late."""
    folder = tmp_path_factory.mktemp("evening")
    book = Book(folder / "book").ensure()
    forms.submit_rows(book, "shop", [SHOP], "test")
    pressed = [{"shop": "d", "kind": "explain", "happened_at": START + timedelta(minutes=m), "link_no": n} for m, n in ((1, "1"), (29, "3"))]
    forms.submit_rows(book, "live_event", pressed, "test")
    with ExitStack() as stack:
        server = stack.enter_context(Server(book.root, folder / "log", DAYBOOK_TODAY=NOW.isoformat()))
        server.wait_for_worker()
        page = stack.enter_context(chromium()).new_context(locale="zh-CN", viewport={"width": 1280, "height": 1000}).new_page()
        page.set_default_timeout(LONG_MS)
        page.goto(f"{server.url}/live")
        settle(page, 120)
        yield page


def test_eight_numbers_are_a_session_and_a_picture(page: Page) -> None:
    """The page opens the session with what was typed; the picture is there to send."""
    page.locator(".st-key-flash_open button").click()
    dialog = page.get_by_role("dialog")
    for label, value in (("时长：小时", "2"), ("观看人数", "8120"), ("直播成交金额 CNY", "15230.5"), ("人均停留（秒）", "71")):
        dialog.get_by_label(label, exact=True).fill(value)
    dialog.get_by_role("button", name="生成快报").click()
    table = page.locator("table", has_text="快报填的")
    expect(table).to_contain_text("8,120", timeout=LONG_MS)
    expect(table).to_contain_text("1分11秒")
    settle(page, 60)
    page.locator(".st-key-flash_picture button").click()
    expect(page.get_by_role("dialog").locator("img")).to_be_visible(timeout=LONG_MS)
    page.keyboard.press("Escape")


def test_a_filled_workbook_is_the_sheet_and_says_what_ran_late(page: Page, tmp_path: Path) -> None:
    """Uploaded, looked at, saved: the words count what happened."""
    file = tmp_path / "脚本.xlsx"
    file.write_bytes(runsheet.template([{"minute": m, "segment": s, "link_no": n} for m, s, n in PLANNED], "zh"))
    page.locator(".st-key-sheet_change button").click()
    dialog = page.get_by_role("dialog")
    _segment(dialog, "上传表格").click()
    dialog.locator("input[type=file]").set_input_files(str(file))
    expect(dialog.get_by_text("脚本.xlsx")).to_be_visible(timeout=LONG_MS)
    settle(page, 60)
    dialog.get_by_role("button", name="保存").click()
    expect(page.get_by_text("准时 1，晚 1（最多 9 分钟），没讲 1")).to_be_visible(timeout=LONG_MS)
    settle(page, 60)
    assert errors_on(page) == []


def _segment(dialog: Locator, name: str) -> Locator:
    return dialog.get_by_text(name, exact=True)
