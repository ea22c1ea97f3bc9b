"""The manager's look at the purse in a real browser: where the month ends, when the money runs out, the split changed and kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from connectors import files, forms
from connectors.demo.writers import Cell
from tests.browser import chromium, errors_on, opened_page, settle
from tests.room_files import sheet
from tests.running import Server
from warehouse.book import Book

pytestmark = pytest.mark.browser
LONG_MS = 60_000
OCTOBER, FIRST, LAST = date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 24)
SHOP = {"shop": "d", "name": "示例店", "platform": "douyin", "currency": "CNY", "zone": "Asia/Shanghai"}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """千川 spent 150 a day since October, 3,600 in 24 days; 4,200 may be spent in November; it is the 25th."""
    folder = tmp_path_factory.mktemp("purse")
    book = Book(folder / "book").ensure()
    forms.submit_rows(book, "shop", [SHOP], "test")
    forms.submit_rows(book, "plan_node", [forms.target_row("d", "spend", FIRST, "4200", "CNY")], "test")
    rows: list[dict[str, Cell]] = [
        {"日期": (OCTOBER + timedelta(days=n)).isoformat(), "时间-小时": "20:00 - 21:00", "账号名称": "示例店", "整体消耗": "150.00", "整体成交金额": "450.00", "整体成交订单数": "9"}
        for n in range((LAST - OCTOBER).days + 1)
    ]
    files.seal(book, sheet(folder / f"全域推直播_分小时_{OCTOBER}_{LAST}.xlsx", "qianchuan_hours", rows), shop="d")
    with Server(book.root, folder / "log", DAYBOOK_TODAY="2026-11-25") as server, chromium() as browser:
        server.wait_for_worker()
        yield opened_page(browser, f"{server.url}/ads", 1400, LONG_MS)


def test_the_card_says_where_the_month_ends(page: Page) -> None:
    """Six days at 150 more: 4,500 at the end, 300 over; the 600 left last four days, to the 28th; 100 a day would do."""
    card = page.locator(".db-purses .one").first
    expect(card).to_contain_text("可能超", timeout=LONG_MS)
    for words in ("¥3,600.00", "上限 ¥4,200.00", "月底约 ¥4,500.00", "预计 11-28 花完", "余 6 天，日均可花 ¥100.00"):
        expect(card).to_contain_text(words)
    expect(page.get_by_text("合计 ¥600.00，到分")).to_be_visible()


def test_a_fixed_day_stays_and_the_others_make_room(page: Page) -> None:
    """250.55 on the 26th leaves 349.45 for five days: 69.89 each, to the cent; saved, it is there when the page is opened again."""
    page.get_by_text("固定几天", exact=True).click()
    grid = page.locator('[data-testid="stExpander"]', has_text="固定几天").locator('[data-testid="stDataFrame"]')
    expect(grid).to_be_visible(timeout=LONG_MS)
    grid.scroll_into_view_if_needed()
    settle(page, 60)
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + 35 + 35 * 1.5)  # the second row's amount
    page.keyboard.press("Enter")
    cell = page.locator("#portal textarea, #portal input").first
    cell.fill("250.55")
    cell.press("Enter")
    table = page.locator("table", has_text="按曲线")
    expect(table.locator("tr", has_text="11-26")).to_contain_text("¥250.55", timeout=LONG_MS)
    expect(table.locator("td", has_text=re.compile("^¥69[.]89$"))).to_have_count(5)
    expect(page.get_by_text("合计 ¥600.00，到分")).to_be_visible()
    page.get_by_role("button", name="保存固定的天").click()
    expect(page.get_by_text("固定 1 天")).to_be_visible(timeout=LONG_MS)
    page.reload()
    settle(page, 120)
    expect(page.get_by_text("固定 1 天")).to_be_visible(timeout=LONG_MS)
    expect(page.locator("table", has_text="按曲线").locator("tr", has_text="11-26")).to_contain_text("¥250.55")
    assert errors_on(page) == []
