"""The import page in a real browser: files dropped on it become figures, without a restart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium, opened_page, settle
from tests.running import Server

pytestmark = pytest.mark.browser
LONG_MS = 120_000
expect.set_options(timeout=LONG_MS)
MACRO = "生意参谋_宏观监控_日_20261101_20261115.xls"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A Chinese browser before an empty book, the clock at 16 November 2026."""
    folder = tmp_path_factory.mktemp("imports")
    with Server(folder / "book", folder / "log", DAYBOOK_TODAY="2026-11-16") as server, chromium() as browser:
        server.wait_for_worker()
        yield opened_page(browser, f"{server.url}/imports", 900, LONG_MS)


def drop(page: Page, *files: Path) -> None:
    page.set_input_files('[data-testid="stFileUploader"] input[type=file]', [str(file) for file in files])



def import_into(page: Page, name: str, shop: str) -> None:
    """Wait for the look at the file, name a new shop, import, wait until the figures have it."""
    box = page.locator('[class*="st-key-up_"]').filter(has_text=name)
    expect(box.get_by_text("可以导入")).to_be_visible()
    field = box.get_by_role("textbox", name="新店铺的代号")
    field.fill(shop)
    field.press("Enter")
    button = box.get_by_role("button", name="导入", exact=True)
    expect(button).to_be_enabled()
    button.click()
    expect(box.get_by_text("已导入")).to_be_visible()


def test_a_dropped_file_becomes_figures(page: Page, shared: Path) -> None:
    """The first file opens the book; its sum is the one that the sample's index states."""
    folder = shared / "apis" / "samples" / "exports"
    index = {entry["file"]: entry for entry in json.loads((folder / "_index.json").read_text(encoding="utf-8"))["files"]}
    assert index[MACRO]["sum"]["支付金额"] == 49425.4
    expect(page.get_by_text("还没有导入过文件").first).to_be_visible()
    drop(page, folder / MACRO)
    import_into(page, MACRO, "tm1")
    base = page.url.split("/imports")[0]
    page.goto(f"{base}/overview?period=custom&from=2026-11-01&to=2026-11-15")
    settle(page, 120)
    expect(page.get_by_text(re.compile("4[.]94万")).first).to_be_visible()
    page.goto(f"{base}/imports")
    settle(page, 120)
    expect(page.get_by_text("已到 1 / 1")).to_be_visible()


def test_an_unknown_file_is_mapped_once(page: Page, tmp_path: Path) -> None:
    """Columns are suggested, the figures come in, and a second file of the kind is recognised by itself."""
    for day, name in (("14", "mine.csv"), ("15", "mine2.csv")):
        (tmp_path / name).write_text(f"日期,访客数,加购人数,天气\n2026-11-{day},100,7,晴\n", encoding="utf-8")
    drop(page, tmp_path / "mine.csv")
    box = page.locator('[class*="st-key-up_"]').filter(has_text="mine.csv")
    box.get_by_role("button", name="看看效果").click()
    expect(box.get_by_text("可以导入")).to_be_visible()
    box.get_by_role("combobox").last.click()
    page.get_by_role("option", name=re.compile("tm1")).click()
    button = box.get_by_role("button", name="导入", exact=True)
    expect(button).to_be_enabled()
    button.click()
    expect(box.get_by_text("已导入")).to_be_visible()
    drop(page, tmp_path / "mine2.csv")
    second = page.locator('[class*="st-key-up_"]').filter(has_text="mine2.csv")
    expect(second.get_by_text("my_shop_day")).to_be_visible()


def test_an_import_is_undone_on_the_page(page: Page) -> None:
    """The history offers it, a second look is asked for, and the figures are gone."""
    expect(page.get_by_text("正在读取")).to_have_count(0)
    settle(page, 120)
    page.get_by_role("radio", name="历史").or_(page.get_by_role("button", name="历史")).first.click()
    settle(page, 120)
    choice = page.get_by_role("combobox", name=re.compile("撤销一次导入"))
    option = page.get_by_role("option", name=re.compile("宏观监控"))
    for _ in range(20):  # a rerun of the page closes an open list
        choice.click()
        choice.fill("宏观监控")
        page.wait_for_timeout(1500)
        if option.first.is_visible():
            break
        page.keyboard.press("Escape")
    expect(option).to_be_visible()
    choice.press("Enter")
    page.get_by_role("button", name="确认撤销").click()
    expect(page.get_by_text("已撤销").first).to_be_attached()  # the message, or the row of the history, which is drawn on a canvas
    base = page.url.split("/imports")[0]
    page.goto(f"{base}/overview?period=custom&from=2026-11-01&to=2026-11-15")
    settle(page, 120)
    expect(page.get_by_text(re.compile("4[.]94万"))).to_have_count(0)
