"""The door for phones by itself: a made-up clock, no network, an application behind it that says what reached it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import lan, phone_door
from dashboard.phone import ALPHABET, LETTERS, LOCK_S, MOST, Pass, Switch, SwitchError, Tries
from warehouse.book import Book

HERE, PORT = "192.168.1.20", 8501
OWN = f"http://{HERE}:{PORT}"


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Ear:
    """Stands for the listener: remembers whether it still listens."""

    port = PORT

    def __init__(self) -> None:
        self.is_open = True

    async def close(self) -> None:
        self.is_open = False


async def inside(scope: Scope, receive: Receive, send: Send) -> None:
    """Behind the door: HTTP answers the seat it was given, a WebSocket stays open until it is cut."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": f"inside {scope[phone_door.SEAT]}".encode()})
        return
    await receive()
    await send({"type": "websocket.accept"})
    await asyncio.Event().wait()


class Visit:
    """A phone: requests from one address, with the cookie it was last given."""

    def __init__(self, door: ASGIApp, address: str = "192.168.1.77") -> None:
        self.door, self.address, self.cookie = door, address, ""

    def scope(self, kind: str, path: str, method: str, host: str, origin: str) -> Scope:
        headers = [(b"host", host.encode())]
        headers += [(b"cookie", self.cookie.encode())] if self.cookie else []
        headers += [(b"origin", origin.encode())] if origin else []
        return {"type": kind, "path": path, "method": method, "headers": headers, "query_string": b"", "client": (self.address, 4000), "server": (HERE, PORT), "scheme": "http"}

    async def http(self, path: str, method: str = "GET", body: bytes = b"", host: str = f"{HERE}:{PORT}", origin: str = "") -> tuple[int, str, dict[str, str]]:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.door(self.scope("http", path, method, host, origin), receive, send)
        headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        if "set-cookie" in headers:
            self.cookie = headers["set-cookie"].partition(";")[0]
        return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:]).decode(), headers

    async def type(self, code: str, origin: str = OWN) -> int:
        return (await self.http("/phone", "POST", urlencode({"code": code}).encode(), origin=origin))[0]

    async def socket(self, path: str = phone_door.STREAM, origin: str = OWN, wait: float = 0.02) -> list[Message]:
        """What a WebSocket hears until it is closed, or for a moment."""
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(message: Message) -> None:
            sent.append(message)

        task = asyncio.ensure_future(self.door(self.scope("websocket", path, "GET", f"{HERE}:{PORT}", origin), receive, send))
        await asyncio.wait({task}, timeout=wait)
        self.open_page = task
        self.heard = sent
        return sent


class Home:
    """A switch with its door and clock."""

    def __init__(self, root: Path, ears: list[Ear]) -> None:
        self.clock, self.ears = Clock(), ears
        self.switch = Switch(self.clock)
        self.door = phone_door.guarded(inside, self.switch, Book(root))

    async def on(self, hours: float = 12) -> Pass:
        self.switch.attach(self.door, lambda: PORT)
        return await self.switch.open(HERE, hours * 3600)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    ears: list[Ear] = []

    async def opened(app: ASGIApp, address: str, port: int) -> Ear:
        ears.append(Ear())
        return ears[-1]

    monkeypatch.setattr(lan.Listener, "open", opened)
    return Home(tmp_path, ears)


def story(tell: Callable[[Home], Any]) -> Callable[[Home], None]:
    """Run an async test on a loop of its own, and switch off behind it."""

    def told(home: Home) -> None:
        async def whole() -> None:
            try:
                await tell(home)
            finally:
                await home.switch.close()

        asyncio.run(whole())

    told.__doc__, told.__name__ = tell.__doc__, tell.__name__
    return told


@story
async def test_without_the_code_only_the_passcode_page_is_served(home: Home) -> None:
    """Whatever is asked for, by whatever method, the answer is the page that asks for the code; a WebSocket is closed."""
    await home.on()
    phone = Visit(home.door)
    paths = ("/", "/onair", "/live", "/imports", "/static/js/main.js", "/media/x.csv", "/healthz", "/metrics", "/_stcore/health", "/_stcore/host-config", "/phone/pass")
    for path in paths:
        for method in ("GET", "POST", "PUT", "DELETE", "HEAD"):
            status, body, _ = await phone.http(path, method)
            assert status == 401 and 'name="code"' in body and "inside" not in body, (method, path)
    for path in (phone_door.STREAM, "/", "/phone"):
        assert [each["type"] for each in await phone.socket(path)] == ["websocket.close"]


@story
async def test_the_code_opens_pages_and_nothing_else(home: Home) -> None:
    """Pages, their files and the stream by GET; no upload, no state of the server, no page of settings."""
    standing = await home.on()
    phone = Visit(home.door)
    assert await phone.type(f" {standing.code[:4].lower()}-{standing.code[4:]} ") == 303, "as people type it"
    for path in ("/", "/onair", "/live", "/ads", "/plan", "/static/js/main.js", "/media/x.csv", "/_stcore/health"):
        status, body, _ = await phone.http(path)
        assert status == 200 and body == f"inside phone:{standing.id}", path
    for method, path in (
        ("GET", "/imports"), ("GET", "/healthz"), ("GET", "/metrics"), ("GET", "/_stcore/metrics"), ("GET", "/oauth2callback"), ("GET", "/auth/login"),
        ("PUT", "/_stcore/upload_file/a/b"), ("POST", "/_stcore/upload_file/a/b"), ("DELETE", "/_stcore/upload_file/a/b"), ("POST", "/onair"),
        ("POST", "/_stcore/agent/mcp"), ("GET", "/_stcore/agent/openapi.json"), ("GET", "/static/../app.py"), ("PUT", "/live"),
    ):  # fmt: skip
        status, body, _ = await phone.http(path, method)
        assert status == 404 and "inside" not in body, (method, path)
    assert [each["type"] for each in await phone.socket()] == ["websocket.accept"]
    phone.open_page.cancel()
    assert [each["type"] for each in await phone.socket("/_stcore/other")] == ["websocket.close"]


@story
async def test_five_wrong_codes_lock_the_address_for_a_quarter_of_an_hour(home: Home) -> None:
    """The fifth says so; then the right code does not help either, nor another code; other addresses go on."""
    standing = await home.on()
    phone, other = Visit(home.door), Visit(home.door, "192.168.1.78")
    assert [await phone.type("WRONG234") for _ in range(5)] == [401, 401, 401, 401, 429]
    assert await phone.type(standing.code) == 429
    _status, body, headers = await phone.http("/phone", "POST", urlencode({"code": standing.code}).encode(), origin=OWN)
    assert headers["retry-after"] == "900" and "15" in body
    assert await other.type(standing.code) == 303
    home.clock.now += LOCK_S - 1
    assert await phone.type(standing.code) == 429
    home.clock.now += 1
    assert await phone.type(standing.code) == 303


@story
async def test_many_tries_at_once_are_no_more_tries(home: Home) -> None:
    """Forty requests in flight together: five are judged, the rest are told to wait."""
    await home.on()
    phone = Visit(home.door)
    answers = await asyncio.gather(*(phone.type("WRONG234") for _ in range(40)))
    assert answers.count(401) == 4 and answers.count(429) == 36


@story
async def test_four_wrong_codes_are_forgotten_with_the_right_one(home: Home) -> None:
    """Who mistypes and then gets in starts anew; wrong codes a quarter of an hour apart never add up."""
    standing = await home.on()
    phone = Visit(home.door)
    for _ in range(2):
        assert [await phone.type("WRONG234") for _ in range(4)] == [401] * 4
        assert await phone.type(standing.code) == 303
    for _ in range(12):
        home.clock.now += LOCK_S
        assert await phone.type("WRONG234") == 401


@story
async def test_an_expired_code_ends_open_pages(home: Home) -> None:
    """When the time is over the open WebSocket is closed, the cookie is worth nothing, and nothing listens any more."""
    standing = await home.on(hours=1)
    phone = Visit(home.door)
    await phone.type(standing.code)
    await phone.socket()
    home.clock.now += 3599
    assert (await phone.http("/live"))[0] == 200 and not phone.open_page.done()
    home.clock.now += 1
    assert (await phone.http("/live"))[0] == 403, "at once, whenever the clock is next looked at"
    await asyncio.wait({phone.open_page}, timeout=3)
    assert phone.heard[-1]["type"] == "websocket.close" and phone.heard[-1]["code"] == 1008
    await asyncio.sleep(0.05)
    assert home.switch.standing() is None and not home.ears[-1].is_open


@story
async def test_switching_off_and_on_again_leaves_old_phones_outside(home: Home) -> None:
    """A cookie belongs to one switching on; the next one has another code and does not know it."""
    first = await home.on()
    phone = Visit(home.door)
    await phone.type(first.code)
    await phone.socket()
    await home.switch.close()
    await asyncio.wait({phone.open_page}, timeout=1)
    assert phone.heard[-1]["type"] == "websocket.close" and not home.ears[0].is_open
    second = await home.on()
    assert second.code != first.code
    assert (await phone.http("/live"))[0] == 401
    assert [each["type"] for each in await phone.socket()] == ["websocket.close"]
    assert await phone.type(first.code) == 401


@story
async def test_another_name_or_another_page_gets_nothing(home: Home) -> None:
    """A name pointed at this address is refused whoever asks; a page from elsewhere opens no WebSocket and tries no code."""
    standing = await home.on()
    phone = Visit(home.door)
    assert (await phone.http("/", host="evil.example"))[0] == 403
    assert (await phone.http("/", host=f"127.0.0.1:{PORT}"))[0] == 403
    assert await phone.type(standing.code, origin="http://evil.example") == 400
    await phone.type(standing.code)
    assert (await phone.http("/live", host="evil.example"))[0] == 403
    for origin in ("http://evil.example", "", "null"):
        assert [each["type"] for each in await phone.socket(origin=origin)] == ["websocket.close"], origin


@story
async def test_a_forged_cookie_is_no_pass(home: Home) -> None:
    """The signature counts: a session of somebody's own making is none."""
    standing = await home.on()
    phone = Visit(home.door)
    await phone.type(standing.code)
    name, _, value = phone.cookie.partition("=")
    phone.cookie = f"{name}={'A' if value[0] != 'A' else 'B'}{value[1:]}"
    assert (await phone.http("/live"))[0] == 401


@story
async def test_a_form_that_is_no_code_is_not_a_try(home: Home) -> None:
    """Too long, empty, not text: refused without counting."""
    standing = await home.on()
    phone = Visit(home.door)
    for body in (b"", b"code=", b"code=" + b"A" * 400, b"\xff\xfe", b"other=1"):
        for _ in range(6):
            assert (await phone.http("/phone", "POST", body, origin=OWN))[0] == 400
    assert await phone.type(standing.code) == 303


def test_the_signing_key_is_kept_and_nobody_elses(tmp_path: Path) -> None:
    """Made once, 64 hexadecimal digits, for the owner's eyes only, and not in a backup."""
    book = Book(tmp_path)
    key = book.key("phone")
    assert len(key) == 64 and int(key, 16) and book.key("phone") == key != book.buyer_key()
    assert (book.keys / "phone.key").stat().st_mode & 0o077 == 0


def test_nothing_tells_the_code(home: Home) -> None:
    """It is in no repr that a log could hold; eight letters that are hard to confuse."""
    standing = asyncio.run(home.on())
    assert standing.code not in repr(standing) and standing.id not in repr(standing)
    assert len(standing.code) == LETTERS and set(standing.code) <= set(ALPHABET) and not set("01OIL") & set(ALPHABET)


def test_more_addresses_than_remembered_make_strangers_wait() -> None:
    """Filling the memory with addresses buys nobody a try more; a quarter of an hour later it is empty again."""
    clock = Clock()
    tries = Tries(clock)
    for number in range(MOST):
        tries.wrong(f"10.0.{number // 256}.{number % 256}")
    assert tries.locked_s("10.9.9.9") == LOCK_S and tries.locked_s("10.0.0.1") == 0
    clock.now += LOCK_S
    assert tries.locked_s("10.9.9.9") == 0


def test_without_the_server_it_says_so() -> None:
    """A page opened without app.py cannot let phones in."""
    with pytest.raises(SwitchError, match=r"app\.py"):
        Switch().turn_off()


@pytest.mark.parametrize(("address", "is_own"), [
    ("192.168.1.20", True), ("10.0.0.5", True), ("172.16.3.4", True), ("127.0.0.1", False), ("169.254.1.1", False), ("8.8.8.8", False),
    ("0.0.0.0", False), ("::1", False), ("fe80::1", False), ("x", False),
])  # fmt: skip
def test_only_local_networks_are_offered(address: str, is_own: bool) -> None:
    """Neither the loopback nor a public address can be switched on."""
    assert lan.is_local(address) == is_own
