"""Platform accounts in a real browser: set one up, log in, test it, sync it, see its figures; a dead token says what to do."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium, settle
from tests.running import Server
from tests.stub.platforms.doudian import KEY, SECRET, Doudian
from tests.stub.server import Stub
from tests.stub.world import World

pytestmark = pytest.mark.browser
LONG_MS = 60_000
expect.set_options(timeout=LONG_MS)
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
FIRST = TODAY - timedelta(days=6)


class Shop:
    """A shop whose last order lies days back, a stub that plays its platform, and a browser before an empty book."""

    def __init__(self, page: Page, base: str, stub: Stub, platform: Doudian, world: World, address: str) -> None:
        self.page, self.base, self.stub, self.platform, self.world, self.address = page, base, stub, platform, world, address


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("accounts")
    world = World(seed=11, first_day=FIRST, days=3, orders_per_day=12)
    with ExitStack() as stack:
        stub = stack.enter_context(Stub(latency_s=0.02))
        platform = Doudian(world, time.time)
        address = stub.mount("doudian", platform)
        server = stack.enter_context(Server(folder / "book", folder / "log"))
        server.wait_for_worker()
        page = stack.enter_context(chromium()).new_context(locale="zh-CN", viewport={"width": 1280, "height": 1000}).new_page()
        page.set_default_timeout(LONG_MS)
        page.goto(f"{server.url}/imports")
        settle(page, 120)
        yield Shop(page, server.url, stub, platform, world, address)


def choose(page: Page, platform: str) -> None:
    """Pick the platform; a rerun of the page closes an open list, so it is opened until it stays."""
    option = page.get_by_role("option", name=platform)
    for _ in range(20):
        page.get_by_role("combobox", name="平台").click()
        page.wait_for_timeout(500)
        if option.is_visible():
            option.click()
            return
        page.keyboard.press("Escape")
    raise AssertionError(f"{platform} is not offered")


def test_an_account_is_added_and_asks_for_a_login(shop: Shop) -> None:
    """The form asks what the platform needs; without a token the account says what to do, and shows no secret."""
    page = shop.page
    page.get_by_text("平台账号").first.click()
    settle(page, 60)
    page.get_by_text("添加账号").click()
    choose(page, "抖店")
    page.get_by_label("账号名（自己取）").fill("dd")
    page.get_by_label("属于哪个店铺（代号）").fill("myshop")
    page.get_by_label("shop_id").fill("4000001")
    page.get_by_label("服务器地址（选填：沙箱或代理）").fill(shop.address)
    page.get_by_role("spinbutton", name=re.compile("^year, 从哪天")).click()
    page.keyboard.type(f"{FIRST:%Y%m%d}")
    page.get_by_label("app_key").fill(KEY)
    page.get_by_label("app_secret").fill(SECRET)
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_text("需要登录授权")).to_be_visible()
    assert SECRET not in page.content()


def test_logging_in_and_testing_the_connection(shop: Shop) -> None:
    """The pasted code becomes a token; the ping says whose shop it is."""
    page = shop.page
    expect(page.get_by_role("link", name="打开授权页")).to_have_attribute("href", re.compile(r"^https://fuwu\.jinritemai\.com/authorize\?service_id="))
    page.get_by_label("授权码，或授权后的页面地址").fill("good-code")
    page.get_by_role("button", name="完成登录").click()
    expect(page.get_by_text("还没同步过").or_(page.get_by_text("正在同步")).or_(page.get_by_text("正常", exact=True)).first).to_be_visible()
    page.get_by_role("button", name="测试连接").click()
    expect(page.get_by_text("连接正常：示例旗舰店")).to_be_visible()


def test_sync_now_shows_progress_and_the_figures(shop: Shop) -> None:
    """Sync now runs in the worker, the page follows it, and the overview then says the platform's own sales."""
    page = shop.page
    page.get_by_role("button", name="立即同步").click()
    expect(page.get_by_text("正常", exact=True)).to_be_visible()
    expect(page.get_by_role("radio", name="历史")).to_be_visible()  # the book opened by itself: the worker has published
    settle(page, 120)
    day = FIRST + timedelta(days=1)
    truth = shop.world.truth(day, day, int(time.time()))[day]
    page.goto(f"{shop.base}/overview?period=custom&from={day}&to={day}")
    settle(page, 120)
    expect(page.get_by_text(money(truth.sales)).first).to_be_visible()
    assert shop.stub.violations == []


def money(fen: int) -> str:
    """The amount as a card writes it."""
    yuan = fen / 100
    return f"{yuan / 10_000:.2f}万" if yuan >= 10_000 else f"{yuan:,.2f}"


def test_a_dead_token_says_what_to_do(shop: Shop) -> None:
    """When the platform takes neither token any more, the account asks for a login again; what was pulled stays."""
    page = shop.page
    shop.platform.void_all()
    shop.platform.refreshes.clear()
    page.goto(f"{shop.base}/imports")
    settle(page, 120)
    page.get_by_text("平台账号").first.click()
    settle(page, 60)
    page.get_by_role("button", name="立即同步").click()
    expect(page.get_by_text("登录已失效或还没登录").first).to_be_visible()
    expect(page.get_by_role("link", name="打开授权页")).to_be_visible()
    assert SECRET not in page.content()


def test_it_reads_in_english_and_fits_a_phone(shop: Shop) -> None:
    """The same tab in English at 390 px is not wider than the screen."""
    page = shop.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{shop.base}/imports?lang=en")
    settle(page, 120)
    page.get_by_text("Platform accounts").first.click()
    settle(page, 60)
    expect(page.get_by_text("Sync now")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
