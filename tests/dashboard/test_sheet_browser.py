"""A live team's evening in a real browser: eight numbers make the session and its picture, a filled workbook its run sheet, the platform's
files the review, and the review is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

from connectors import forms
from connectors.demo.writers import Cell, rows_of, write_xlsx
from tests.browser import chromium, errors_on, opened_page, settle
from tests.room_files import details, orders, sheet
from tests.running import Server
from warehouse.book import Book

pytestmark = pytest.mark.browser
LONG_MS = 60_000
SHOP = {"shop": "d", "name": "示例店", "platform": "douyin", "currency": "CNY", "zone": "Asia/Shanghai"}
NOW = datetime(2026, 11, 13, 0, 40)
START = datetime(2026, 11, 12, 20)  # what the form offers then
CUP, BOWL = "3600000000001", "3600000000003"
PLANNED: list[dict[str, Cell]] = [
    {"分钟": 0.0, "环节": "开场", "链接号": "1", "商品": "杯子", "商品ID": CUP}, {"分钟": 20.0, "环节": "秒杀", "链接号": "3", "商品": "碗", "商品ID": BOWL},
    {"分钟": 40.0, "环节": "返场", "链接号": "5"},
]  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The live page of a shop without any file, where 1 was explained on time and 3 nine minutes late."""
    folder = tmp_path_factory.mktemp("evening")
    book = Book(folder / "book").ensure()
    forms.submit_rows(book, "shop", [SHOP], "test")
    pressed = [{"shop": "d", "kind": "explain", "happened_at": START + timedelta(minutes=m), "link_no": n} for m, n in ((1, "1"), (29, "3"))]
    forms.submit_rows(book, "live_event", pressed, "test")
    rates = [{"shop": "d", "kind": kind, "day": START.date().replace(day=1), "value": value} for kind, value in (("margin_rate", "0.4"), ("fee_rate", "0.05"))]
    forms.submit_rows(book, "cost", rates, "test")
    with Server(book.root, folder / "log", DAYBOOK_TODAY=NOW.isoformat()) as server, chromium() as browser:
        server.wait_for_worker()
        yield opened_page(browser, f"{server.url}/live", 1000, LONG_MS)


def test_eight_numbers_are_a_session_and_a_picture(page: Page) -> None:
    """The page opens the session with what was typed; the picture is there to send."""
    page.locator(".st-key-flash_open button").click()
    dialog = page.get_by_role("dialog")
    for label, value in (("时长：小时", "2"), ("观看人数", "8120"), ("直播成交金额 CNY", "1750"), ("人均停留（秒）", "71")):
        dialog.get_by_label(label, exact=True).fill(value)
    dialog.get_by_role("button", name="生成快报").click()
    table = page.locator("table", has_text="快报填的")
    expect(table).to_contain_text("8,120", timeout=LONG_MS)
    expect(table).to_contain_text("1分11秒")
    settle(page, 60)
    page.get_by_role("button", name="快报图片").click()
    expect(page.get_by_role("dialog").locator("img")).to_be_visible(timeout=LONG_MS)
    page.keyboard.press("Escape")


def test_a_filled_workbook_is_the_sheet_and_says_what_ran_late(page: Page, tmp_path: Path) -> None:
    """The template taken from the page and filled in; uploaded, looked at, saved: the words count what happened."""
    page.locator(".st-key-sheet_change button").click()
    dialog = page.get_by_role("dialog")
    template = CalamineWorkbook.from_path(_taken(page, ".st-key-sheet_xlsx button", tmp_path))
    head, names = template.get_sheet_by_index(0).to_python()[:2]
    file = tmp_path / "脚本.xlsx"
    write_xlsx(file, {template.sheet_names[0]: [head, names, *(rows_of([str(n) for n in names], row, 1)[0] for row in PLANNED)]})
    _segment(dialog, "上传表格").click()
    dialog.locator("input[type=file]").set_input_files(str(file))
    expect(dialog.get_by_text("脚本.xlsx")).to_be_visible(timeout=LONG_MS)
    settle(page, 60)
    dialog.get_by_role("button", name="保存").click()
    expect(page.get_by_text("准时 1，晚 1（最多 9 分钟），没讲 1")).to_be_visible(timeout=LONG_MS)
    settle(page, 60)
    assert errors_on(page) == []


def night(folder: Path) -> list[Path]:
    """Two hours: an order of 10 yuan a minute, three a minute while 1 was explained (28 minutes): 1,760 from 176 orders, 140 of them cups."""
    counts = [3 if 1 <= minute < 29 else 1 for minute in range(120)]
    session: dict[str, Cell] = {
        "主播昵称": "示例店", "主播抖音号": "room1", "直播开始时间": f"{START:%Y/%m/%d %H:%M:%S}", "直播结束时间": f"{START + timedelta(hours=2):%Y/%m/%d %H:%M:%S}",
        "直播时长(分钟)": 120.0, "直播间观看人数": 8200.0, "直播间观看次数": 9000.0, "直播间成交订单数": 176.0, "直播间成交金额": 1760.0, "直播间用户支付金额": 1760.0,
        "直播间退款金额": 60.0, "投放消耗(店铺绑定)": 300.0,
    }  # fmt: skip
    minutes: list[dict[str, Cell]] = [
        {"时间": f"{START + timedelta(minutes=n):%Y/%m/%d %H:%M}", "进入直播间人数": 75.0, "直播间离开人数": 75.0, "实时在线人数": 100.0, "商品点击人数": 20.0} for n in range(120)
    ]
    paid = [START + timedelta(minutes=minute, seconds=10 * n) for minute, count in enumerate(counts) for n in range(count)]
    assert len(paid) == 176
    listed = [(str(number), f"{at:%Y-%m-%d %H:%M:%S}", f"{at + timedelta(seconds=9):%Y-%m-%d %H:%M:%S}", 10.0) for number, at in enumerate(paid)]
    ended = START + timedelta(hours=2)
    detail = details(
        folder / f"直播间详情页_整场数据下载_{NOW:%Y-%m-%d_%H-%M-%S}(示例店_{ended:%Y-%m-%d_%H-%M-%S}).xlsx", ("示例店", "room1", START, ended),
        [(CUP, "杯子", "¥1,400.00", "140", "140", "2,000", "1,000"), (BOWL, "碗", "¥360.00", "36", "36", "900", "300")],
    )  # fmt: skip
    return [
        detail, sheet(folder / "罗盘_直播间列表_下载明细.xlsx", "live_list", [session]), sheet(folder / "流量综合趋势分析下载_数据更新日期20261113.xlsx", "live_minutes", minutes, "分钟级"),
        orders(folder / "1794585600_抖店订单导出.csv", listed),
    ]  # fmt: skip


def test_the_platforms_files_replace_what_was_typed(page: Page, tmp_path: Path) -> None:
    """Dropped on the import page, each into the shop; the live page then counts with them and says by how much they differ."""
    files, base = night(tmp_path), page.url.split("/live")[0]
    page.goto(f"{base}/imports")
    settle(page, 120)
    page.set_input_files('[data-testid="stFileUploader"] input[type=file]', [str(file) for file in files])
    for file in files:
        box = page.locator('[class*="st-key-up_"]').filter(has_text=file.name)
        button = box.get_by_role("button", name="导入", exact=True)
        expect(button).to_be_visible(timeout=LONG_MS)
        for _ in range(20):  # a rerun of the page closes an open list
            if button.is_enabled():
                break
            box.get_by_role("combobox").last.click()
            page.wait_for_timeout(700)
            option = page.get_by_role("option", name=re.compile("示例店"))
            if option.first.is_visible():
                option.first.click()
                settle(page, 60)
            else:
                page.keyboard.press("Escape")
        button.click(timeout=LONG_MS)
        expect(box.get_by_text("已导入")).to_be_visible(timeout=LONG_MS)
    page.goto(f"{base}/live?period=custom&from=2026-11-12&to=2026-11-12")
    table = page.locator("table", has_text="快报填的")
    expect(table).to_contain_text("¥1,760.00", timeout=LONG_MS)
    expect(table).to_contain_text("+0.6%")  # 1,760 over the typed 1,750
    settle(page, 60)


def test_the_review_says_what_sold_and_what_it_left(page: Page) -> None:
    """While 1 was explained three times the usual: +200 %; (1,760 - 60) x 0.4 x 0.95 - 300 = 346 left."""
    expect(page.get_by_text("分段：哪一段卖得好")).to_be_visible(timeout=LONG_MS)
    first = page.locator("tr", has_text="20:01–20:29")
    expect(first).to_contain_text("1号链接 杯子")
    expect(first).to_contain_text("+200.0%")
    expect(first).to_contain_text("好")
    expect(page.locator(".db-advice")).to_contain_text("20:01–20:29 1号链接 杯子 成交比基准 +200.0%")
    expect(page.get_by_role("row", name="1号链接 杯子 28 1 ¥50.00 ¥1,400.00 ¥30.00")).to_be_visible()  # 1,400 over 28 minutes on air
    expect(page.locator("tr", has_text="本场利润")).to_contain_text("¥346.00")
    expect(page.get_by_text("准时 1，晚 1（最多 9 分钟），没讲 1")).to_be_visible()
    assert errors_on(page) == []


def test_the_review_is_sent(page: Page, tmp_path: Path) -> None:
    """The long picture is as wide as a chat shows; the workbook holds the 120 minutes; the page to print stands alone."""
    page.get_by_role("button", name="复盘长图").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("img")).to_be_visible(timeout=LONG_MS)
    with Image.open(_taken(page, ".st-key-report_png button", tmp_path)) as image:
        assert image.format == "PNG" and image.width == 1080 and image.height > 1500
    dialog.get_by_text("不显示金额").click()
    settle(page, 60)
    page.keyboard.press("Escape")
    book = CalamineWorkbook.from_path(_taken(page, ".st-key-review_xlsx button", tmp_path))
    minutes = book.get_sheet_by_name("分钟曲线").to_python()
    sold = minutes[0].index("成交金额（推算）")
    assert len(minutes) == 121 and sum(float(row[sold]) for row in minutes[1:]) == 1760
    held = {row[1]: row[2] for row in book.get_sheet_by_name("直播脚本").to_python()[1:]}
    assert held == {"准时": "开场 1号链接 杯子", "晚 9 分钟": "秒杀 3号链接 碗", "没讲": "返场 5号链接"}
    printed = _taken(page, ".st-key-review_print button", tmp_path).read_text(encoding="utf-8")
    assert "1号链接" in printed and "¥346.00" in printed and "<script" not in printed
    assert errors_on(page) == []


def _taken(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.locator(button).first.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def _segment(dialog: Locator, name: str) -> Locator:
    return dialog.get_by_text(name, exact=True)


def test_the_review_fits_a_phone(page: Page) -> None:
    """390 wide: nothing sticks out of the page, and a segment's verdict stands beside its time."""
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page, 60)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    verdict = page.locator("tr", has_text="20:01–20:29").get_by_text("好", exact=True)
    verdict.scroll_into_view_if_needed()
    box = verdict.bounding_box()
    assert box is not None and box["x"] + box["width"] <= 390
