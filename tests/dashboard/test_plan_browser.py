"""A manager's path in a real browser: template out, filled, back in, pacing seen; a target edited, its versions; a wrong cell named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from connectors import forms
from tests.browser import chromium, errors_on, opened_page, settle
from tests.running import Server
from warehouse.book import Book

pytestmark = pytest.mark.browser
LONG_MS = 120_000
expect.set_options(timeout=LONG_MS)
SHOP = {"shop": "tm", "name": "我的天猫店", "platform": "tmall", "currency": "CNY", "zone": "Asia/Shanghai"}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """25 November 2026; the shop spent 1,000 a day since 1 October."""
    folder = tmp_path_factory.mktemp("plan")
    book = Book(folder / "book").ensure()
    forms.submit_rows(book, "shop", [SHOP], "me")
    days = [date.fromordinal(date(2026, 10, 1).toordinal() + n) for n in range(55)]
    forms.submit_rows(
        book,
        "observation",
        [{"shop": "tm", "metric": "spend", "day": day, "value": 1000, "currency": "CNY"} for day in days],
        "me",
    )
    with Server(book.root, folder / "log", DAYBOOK_TODAY="2026-11-25") as server, chromium() as browser:
        server.wait_for_worker()
        yield opened_page(browser, f"{server.url}/plan", 1000, LONG_MS)


@pytest.fixture(scope="module")
def filled(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The month budget's template, downloaded and filled with openpyxl: 24,000 for keywords in November, 30,000 in all."""
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载模板").click()
    path = tmp_path_factory.mktemp("download") / "预算.xlsx"
    taken.value.save_as(path)
    return path


def fill(path: Path, target: Path, value: object) -> str:
    """Put `value` into the total's November cell; gives its address."""
    book = openpyxl.load_workbook(path)
    sheet = book["填写"]
    head = next(row for row in sheet.iter_rows() if any(str(cell.value).startswith("2026-11") for cell in row))
    column = next(cell.column for cell in head if str(cell.value).startswith("2026-11"))
    row = next(cell.row for (cell,) in sheet.iter_rows(min_col=1, max_col=1) if str(cell.value).startswith("="))
    sheet.cell(row, column).value = value
    book.save(target)
    return f"填写!{sheet.cell(row, column).coordinate}"


def upload(page: Page, path: Path) -> None:
    page.set_input_files('[data-testid="stFileUploader"] input[type=file]', str(path))
    settle(page)


def test_a_wrong_cell_is_named(page: Page, filled: Path, tmp_path: Path) -> None:
    """A word where a number belongs is refused with the cell's address; nothing is stored."""
    where = fill(filled, tmp_path / "wrong.xlsx", "三万左右吧")
    upload(page, tmp_path / "wrong.xlsx")
    expect(page.get_by_text(where).first).to_be_visible()


def test_a_filled_template_becomes_pacing(page: Page, filled: Path, tmp_path: Path) -> None:
    """30,000 for November: 24,000 spent by the 24th, which is what an even month would have spent."""
    fill(filled, tmp_path / "budget.xlsx", 30000)
    upload(page, tmp_path / "budget.xlsx")
    expect(page.get_by_text(re.compile("读到.*月度预算")).first).to_be_visible()
    page.get_by_role("button", name="保存计划").click()
    expect(page.get_by_text(re.compile("已下发|月度预算 2026-11")).first).to_be_visible()
    settle(page, 120)
    expect(page.get_by_text(re.compile("2[.]40万")).first).to_be_visible()
    assert not errors_on(page)


def test_a_target_is_edited_and_its_versions_are_kept(page: Page) -> None:
    """The total becomes 40,000 in the table; two versions then, the second says what was before."""
    base = page.url.split("/plan")[0]
    page.goto(f"{base}/plan?view=edit")
    settle(page, 120)
    table = page.locator('[data-testid="stDataFrame"]').first
    table.wait_for()
    box = table.bounding_box()
    assert box
    page.mouse.click(box["x"] + 400, box["y"] + 52)  # the first line's target
    page.keyboard.press("Enter")
    cell = page.locator("#portal textarea, #portal input").first
    cell.fill("40000")
    cell.press("Enter")
    cell.wait_for(state="detached")
    page.wait_for_timeout(500)  # the table hands its cells in a moment later
    settle(page)
    page.get_by_label("改动说明").fill("双十一后追加")
    page.keyboard.press("Tab")
    settle(page)
    page.get_by_role("button", name="保存为新版本").click()
    expect(page.get_by_text(re.compile("第 2 版")).first).to_be_visible()
    page.goto(f"{base}/plan?view=versions")
    settle(page, 120)
    expect(page.get_by_text("双十一后追加").first).to_be_visible()
    expect(page.get_by_text("40000").first).to_be_visible()
    expect(page.get_by_text("30000").first).to_be_visible()
    assert not errors_on(page)
