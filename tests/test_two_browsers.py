"""Two open browsers while files come in: no error, no half-loaded number, the new figures without a restart; undo."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium, errors_on, settle
from tests.kill_job import DAYS, ORDERS
from tests.running import Server, kill, mentioning, wait_for
from warehouse.book import Book
from warehouse.errors import NoBook
from warehouse.packages import iter_manifests
from warehouse.reader import Reader
from warehouse.undo import seal_deed

pytestmark = pytest.mark.browser
TODAY = "2026-11-16"  # so that the sample's last day is 昨日
SALES = "SELECT round(sum(value), 2) AS sales FROM shop_day WHERE metric = 'sales' AND shop = 'tmall1' AND day BETWEEN '2026-11-01' AND '2026-11-15'"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def put(book: Book, source: Path, shop: str) -> None:
    """Into the inbox, as a download would land there: whole."""
    folder = book.inbox / shop
    folder.mkdir(parents=True, exist_ok=True)
    hidden = folder / f".{source.name}"
    shutil.copyfile(source, hidden)
    hidden.rename(folder / source.name)


def sales(book: Book) -> float:
    """The shop's sales in the published generation, 0 before the first."""
    try:
        return float(Reader(book).query(SALES).sales.fillna(0)[0])
    except NoBook:
        return 0.0


def packages(book: Book) -> int:
    """Packages whose figures are published."""
    return int(Reader(book).query("SELECT count(*) AS n FROM package").n[0])


def look(page: Page) -> str:
    """Reload as a reader would and give the page's text; it shows no error whatever is going on."""
    page.reload()
    settle(page)
    assert errors_on(page) == []
    return page.locator('[data-testid="stMain"]').inner_text()


def test_two_browsers_while_an_import_runs(tmp_path: Path, shared: Path, browser: Browser) -> None:
    """Both see the book before or after a file, never in between; a killed worker changes nothing for them."""
    exports, book = shared / "apis" / "samples" / "exports", Book(tmp_path / "data").ensure()
    with Server(book.root, tmp_path / "log", DAYBOOK_TODAY=TODAY) as server:
        worker = server.wait_for_worker()
        put(book, exports / DAYS, "tmall1")
        wait_for(lambda: sales(book), 60, "the first import")
        assert sales(book) == 49425.4  # what the file states, day by day
        pages = [browser.new_context(locale=locale).new_page() for locale in ("zh-CN", "en-US")]
        for page in pages:
            page.goto(server.url)
            settle(page)
        before = [look(page) for page in pages]
        put(book, exports / ORDERS, "tmall1")
        kill(worker)
        seen = {text for _ in range(3) for text in map(look, pages)}
        wait_for(lambda: packages(book) == 2, 60, "the order list")
        assert server.wait_for_worker(but=worker)
        after = [look(page) for page in pages]
        known = set().union(*map(numbers, [*before, *after]))
        assert [text for text in seen if not numbers(text) <= known] == [], "a number of neither state"
        right = sales(book)
        put(book, exports / DAYS, "wrong-shop")
        wait_for(lambda: "wrong-shop" in shops(book), 60, "the other shop's figures")
        assert all(numbers(look(page)) - numbers(text) for page, text in zip(pages, after, strict=True)), "new figures without a restart"
        wrong = next(m.id for m in iter_manifests(book) if m.shop == "wrong-shop")
        seal_deed(book, "undo", wrong)
        wait_for(lambda: "wrong-shop" not in shops(book), 60, "the undo")
        assert sales(book) == right
        assert [look(page) for page in pages] == after, "undo brings every figure back"
    assert mentioning(str(tmp_path)) == []


def shops(book: Book) -> set[str]:
    return set(Reader(book).query("SELECT DISTINCT shop FROM shop_day").shop)


def numbers(text: str) -> set[str]:
    """Every amount on a page (times of day and days aside)."""
    return set(re.findall(r"(?<![\d:/-])\d[\d,]*\.\d+万?(?![\d:/-])", text))
