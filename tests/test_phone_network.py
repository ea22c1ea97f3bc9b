"""手机查看 from another address: two network namespaces, the real server, real browsers, raw HTTP and WebSockets."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from connectors.forms import submit_rows
from dashboard.phone import LOCK_S
from tests import networks
from tests.browser import errors_on, settle, setup
from tests.networks import DESK, Net
from tests.running import Server, wait_for
from warehouse.book import Book
from warehouse.packages import iter_manifests

WHY_NOT = networks.why_not()
pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "possible")]
SHOP = {"shop": "d", "name": "直播店", "platform": "douyin", "currency": "CNY", "zone": "Asia/Shanghai"}
PATHS = ("/", "/onair", "/live", "/imports", "/phone", "/healthz", "/metrics", "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics",
         "/static/index.html", "/index.html", "/media/a.csv", "/favicon.png", "/phone/pass")  # fmt: skip


@dataclass
class Place:
    """The two computers with all that runs on them."""

    net: Net
    server: Server
    book: Book
    clock: Path
    desk: Page
    phones: Browser

    @property
    def port(self) -> int:
        return int(self.server.url.rpartition(":")[2])

    def later(self, seconds: float) -> None:
        self.clock.write_text(str(float(self.clock.read_text()) + seconds))

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, str]:
        """Status, body and the cookie that was set, asked from the phone's address."""
        with self.net.inside(self.net.phone), closing(http.client.HTTPConnection(DESK, self.port, timeout=10)) as line:
            line.request(method, path, body or None, {"Origin": f"http://{DESK}:{self.port}", **headers})
            answer = line.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace"), (answer.getheader("set-cookie") or "").partition(";")[0]

    def type(self, code: str) -> tuple[int, str]:
        status, _, cookie = self.ask("POST", "/phone", urlencode({"code": code}), **{"Content-Type": "application/x-www-form-urlencoded"})
        return status, cookie

    def listens(self) -> bool:
        with self.net.inside(self.net.phone):
            try:
                with closing(http.client.HTTPConnection(DESK, self.port, timeout=3)) as line:
                    line.connect()
                return True
            except OSError:
                return False

    @contextmanager
    def socket(self, cookie: str = "", **headers: str) -> Iterator[ClientConnection]:
        """A WebSocket to the pages from the phone's address; raises InvalidStatus when it is refused."""
        given = headers | ({"Cookie": cookie} if cookie else {})
        with self.net.inside(self.net.phone):
            line = connect(f"ws://{DESK}:{self.port}/_stcore/stream", origin=f"http://{DESK}:{self.port}", additional_headers=given, subprotocols=["streamlit"], max_size=None)  # type: ignore[arg-type]
        with line:
            yield line

    def turn_on(self) -> str:
        """Switch on at the desk; returns the code as the page shows it."""
        self.desk.goto(f"{self.server.url}/imports")
        settle(self.desk)
        self.desk.get_by_role("radio", name="店铺与汇率").or_(self.desk.get_by_text("店铺与汇率", exact=True)).first.click()
        self.desk.locator(".st-key-phone_on button").click()
        expect(self.desk.locator(".db-phone .address")).to_have_text(f"http://{DESK}:{self.port}", timeout=20_000)
        return self.desk.locator(".db-phone .code").inner_text().replace(" ", "")

    def turn_off(self) -> None:
        if self.desk.locator(".st-key-phone_off button").count():
            self.desk.locator(".st-key-phone_off button").click()
        wait_for(lambda: not self.listens(), 10, "the listener to close")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("phones")
    book, clock, path = Book(folder / "book").ensure(), folder / "clock", setup().find_chromium()
    submit_rows(book, "shop", [SHOP], "page")
    clock.write_text("0")
    with Net(folder) as net, sync_playwright() as play:
        server = Server(book.root, folder / "log", ("tests/phone_server.py", "--data", str(book.root), "--port", "0"), PHONE_CLOCK=str(clock))
        server.command = net.command(net.desk, *server.command)
        flags = ["--no-sandbox", "--disable-dev-shm-usage"]
        desks, phones = (play.chromium.launch(executable_path=net.program(name, str(path)), args=flags) for name in (net.desk, net.phone))
        with net.inside(net.desk), server:
            server.wait_for_worker()
            wait_for(lambda: server.health()["generation"], 60, "the shop in the figures")
            desk = desks.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900}).new_page()
            yield Place(net, server, book, clock, desk, phones)
            desks.close()
            phones.close()


@pytest.fixture
def code(place: Place) -> Iterator[str]:
    """Switched on for one test; wrong codes of the test before are forgotten."""
    place.later(LOCK_S)
    yield place.turn_on()
    place.turn_off()


def messages(line: ClientConnection, seconds: float = 30) -> Iterator[ForwardMsg]:
    """What the server sends until a run of the page has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        message = ForwardMsg()
        message.ParseFromString(line.recv(timeout=seconds))  # type: ignore[arg-type]
        yield message
        if message.WhichOneof("type") == "script_finished":
            return


def rerun(line: ClientConnection, page: str = "") -> list[ForwardMsg]:
    """Ask for a page by its name, as a browser does that opens its address."""
    back = BackMsg()
    back.rerun_script.page_name = page
    line.send(back.SerializeToString())
    return list(messages(line))


def test_while_it_is_off_nothing_listens(place: Place) -> None:
    """Another address cannot even connect; the loopback answers as ever."""
    assert not place.listens()
    assert place.server.get("/")[0] == 200


def test_without_the_code_nothing_but_the_passcode_page(place: Place, code: str) -> None:
    """By HTTP every path and method answers with that page alone; by WebSocket the handshake is refused."""
    for path in PATHS:
        for method in ("GET", "POST", "PUT", "OPTIONS"):
            status, body, _ = place.ask(method, path)
            assert status in (401, 400) and 'name="code"' in body and 'id="root"' not in body and "worker" not in body, (method, path)
    for cookie in ("", "daybook_phone=eyJwYXNzIjogIngifQ==.aaaa.bbbb"):
        with pytest.raises(InvalidStatus), place.socket(cookie):
            pass
    assert place.ask("GET", "/", Host="127.0.0.1")[0] == 403 and place.ask("GET", "/", Host="evil.example")[0] == 403


def test_five_wrong_codes_lock_for_a_quarter_of_an_hour(place: Place, code: str) -> None:
    """The right code is refused too, until 15 minutes are over."""
    assert [place.type("WRONG234")[0] for _ in range(5)] == [401, 401, 401, 401, 429]
    assert place.type(code) == (429, "")
    place.later(LOCK_S - 30)
    assert place.type(code) == (429, "")
    place.later(30)
    status, cookie = place.type(code)
    assert status == 303 and cookie.startswith("daybook_phone=")


def test_the_right_code_opens_read_only_pages_and_the_log(place: Place, code: str) -> None:
    """The navigation holds no import page, asking for it shows another, a client's own word about its seat counts for nothing."""
    cookie = place.type(code)[1]
    with place.socket(cookie, **{"x-daybook-seat": "here", "X-Forwarded-For": "127.0.0.1"}) as line:
        for asked in ("", "imports"):
            told = rerun(line, asked)
            pages = {page.url_pathname for each in told if each.WhichOneof("type") == "navigation" for page in each.navigation.app_pages}
            assert {"onair", "live"} <= pages <= {"", "home", "onair", "live", "overview", "traffic", "ads", "plan"}
            kinds = {each.delta.new_element.WhichOneof("type") for each in told if each.WhichOneof("type") == "delta"}
            assert "file_uploader" not in kinds
            assert not [each for each in told if each.WhichOneof("type") == "delta" and "phone_off" in str(each.delta)]
    for method, path in (("GET", "/imports"), ("GET", "/healthz"), ("GET", "/metrics"), ("PUT", "/_stcore/upload_file/a/b"), ("POST", "/live")):
        assert place.ask(method, path, Cookie=cookie)[0] == 404, path
    assert place.ask("GET", "/live", Cookie=cookie)[0] == 200


def test_an_expired_code_ends_open_pages(place: Place, code: str) -> None:
    """The WebSocket is cut, the cookie opens nothing, the listener is gone, and the browser covers what it showed."""
    cookie = place.type(code)[1]
    page = phone_page(place, code)
    with place.socket(cookie) as line:
        rerun(line)
        place.later(12 * 3600)
        with pytest.raises(ConnectionClosed):
            while True:
                line.recv(timeout=5)
    wait_for(lambda: not place.listens(), 10, "the listener to close")
    expect(page.get_by_text("连不上电脑").or_(page.get_by_text("手机查看", exact=True)).first).to_be_visible(timeout=20_000)
    page.context.close()


def test_the_log_is_kept_with_a_thumb(place: Place, code: str) -> None:
    """At 390 pixels: the QR code's address opens the log; 讲解3号, a note, taking back; each press is a package; the desk sees it."""
    page = phone_page(place, code)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator(".st-key-onair_7 button").bounding_box()
    assert box is not None and box["height"] >= 44 and box["width"] >= 44
    before = presses(place.book)
    page.locator(".st-key-onair_3 button").tap()
    expect(page.get_by_text("撤销", exact=False)).to_contain_text("讲解3号链接", timeout=20_000)
    page.locator(".st-key-onair_text input").fill("主播嗓子哑了")
    page.locator(".st-key-onair_note button").tap()
    expect(page.get_by_text("撤销", exact=False)).to_contain_text("主播嗓子哑了", timeout=20_000)
    assert presses(place.book) == before + 2
    page.locator(".st-key-onair_undo button").tap()
    expect(page.get_by_text("撤销", exact=False)).to_contain_text("讲解3号链接", timeout=20_000)
    assert presses(place.book) == before + 3 and errors_on(page) == []
    desk = place.desk.context.new_page()
    desk.goto(f"{place.server.url}/onair")
    expect(desk.locator(".st-key-onair_log")).to_contain_text("讲解3号链接", timeout=30_000)
    expect(desk.locator(".st-key-onair_log")).not_to_contain_text("主播嗓子哑了", timeout=30_000)
    desk.close()
    page.context.close()


def phone_page(place: Place, code: str) -> Page:
    """A phone's browser that scanned the code."""
    page = place.phones.new_context(locale="zh-CN", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True).new_page()
    page.goto(f"http://{DESK}:{place.port}/phone#{code}")
    page.wait_for_url("**/onair")
    settle(page)
    return page


def presses(book: Book) -> int:
    return sum(each.facts.get("table") == "live_event" for each in iter_manifests(book))
