"""A click on a plan's line in a real browser: the card opens without loading the page anew, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import chromium, errors_on, settle
from tests.queries.plan.plan_book import PlanBook
from tests.running import Server
from warehouse.book import Book

pytestmark = pytest.mark.browser
LONG_MS = 60_000
TEXT = """
[plan]
id = "nov"
title = "十一月"
shop = "tm"
start = "2026-11-01"
end = "2026-11-30"
[[node]]
id = "spend"
kind = "budget"
name = "推广花费"
metric = "spend"
target = "3000元"
[[node]]
id = "shoot"
kind = "milestone"
name = "拍主图"
due = "2026-11-05"
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Browser]]:
    """A server whose clock stands on 13 November, with 120 spent on each of 12 days, and a browser."""
    folder = tmp_path_factory.mktemp("clicks")
    book = Book(folder / "book").ensure()
    plan = PlanBook(book, text=TEXT)
    plan.figures("tm", "spend", [(date(2026, 11, 1) + timedelta(days=n), 120) for n in range(12)])
    plan.at(date(2026, 11, 12))
    with Server(book.root, folder / "log", DAYBOOK_TODAY="2026-11-13") as server, chromium() as browser:
        server.wait_for_worker()
        yield server.url, browser


def opened(shown: tuple[str, Browser], width: int) -> Page:
    url, browser = shown
    page = browser.new_context(locale="zh-CN", viewport={"width": width, "height": 900}).new_page()
    page.set_default_timeout(LONG_MS)
    page.goto(f"{url}/plan")
    settle(page, 120)
    return page


@pytest.mark.parametrize("width", [1280, 390])
def test_a_line_opens_and_closes_in_place(shown: tuple[str, Browser], width: int) -> None:
    """The address names the line, the page was not loaded again, nothing leaves the screen sideways."""
    page = opened(shown, width)
    page.evaluate("window.sameDocument = true")
    page.locator(".db-plan a.db-go", has_text="推广花费").click()
    expect(page.locator(".db-purse")).to_contain_text("今天应到这里 ¥1,200.00", timeout=LONG_MS)
    settle(page)
    assert "node=spend" in page.url and page.evaluate("window.sameDocument") is True
    sideways = "(() => { const m = document.querySelector('[data-testid=\"stMain\"]'); return m.scrollWidth - m.clientWidth; })()"
    assert page.evaluate(sideways) <= 0 and not errors_on(page)
    page.locator(".db-nodehead a.close").click()
    expect(page.locator(".db-purse")).to_have_count(0, timeout=LONG_MS)
    settle(page)
    assert "node=" not in page.url
    page.context.close()


def test_the_link_itself_opens_the_line(shown: tuple[str, Browser]) -> None:
    """What a line's link says opens the same card in a new tab."""
    page = opened(shown, 1280)
    address = page.locator(".db-plan a.db-go", has_text="拍主图").get_attribute("href")
    page.goto(f"{shown[0]}/plan{address}")
    settle(page, 120)
    expect(page.locator(".db-next")).to_contain_text("本应 11-05 做完，晚了 7 天", timeout=LONG_MS)
    page.context.close()
