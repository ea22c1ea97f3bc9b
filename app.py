"""The server: `python app.py [--data DIR] [--port N] [--open]`, or `streamlit run app.py` with DAYBOOK_DATA.

One process answers the pages; one worker beside it imports, commits and publishes. The worker reads a pipe from
the server, so it ends with the server however that ends, and the server starts it again whenever it dies.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import streamlit as st
import streamlit.config as st_config
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.secrets import secrets_singleton

from dashboard import access, phone, phone_door
from dashboard.warm import warm
from warehouse.heartbeat import LATE_S, last_beat
from warehouse.shown import DEMO, demo_of, holds_packages, own, shown

ROOT = Path(__file__).resolve().parent
BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_S = 60.0  # a worker that lived so long starts the back-off anew
REFUSED = (
    "Daybook 只接受本机访问；配置登录后才能从其他设备打开，见 .streamlit/secrets.toml.example。\n"
    "Daybook answers this computer only. "
    "To open it from elsewhere configure login, see .streamlit/secrets.toml.example.\n"
)


class Keeper:
    """Starts the worker, starts it again when it dies, ends it with the server."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.restarts = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="worker-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Close the pipe and wait; a worker that does not end by itself is killed, which loses nothing."""
        self._stopping.set()
        process = self.process
        if process is not None and process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()
            try:
                process.wait(timeout=8)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(timeout=5)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _watch(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, cwd=ROOT)
            self.process.wait()
            failures = 1 if time.monotonic() - started > STEADY_S else failures + 1
            if not self._stopping.wait(BACK_OFF_S[min(failures, len(BACK_OFF_S)) - 1]):
                self.restarts += 1


class LoopbackOnly:
    """Refuses every request, page or WebSocket, that does not come from this computer under this computer's name.

    The Host is compared too: otherwise a web page elsewhere could point its own name at 127.0.0.1 and read along.
    With login configured the names in `[access] hosts` are let in; the pages then ask who is there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif seat := seat_of(scope):
            await self.app(seated(scope, seat), receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(REFUSED, status_code=403)(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "this computer only"})


def seat_of(scope: Scope) -> str | None:
    """Who asks: a phone that the door for phones let through, this computer, a login from elsewhere; None: a stranger."""
    if phone_door.SEAT in scope:
        return str(scope[phone_door.SEAT])
    connection = HTTPConnection(scope)
    client = connection.client.host if connection.client else ""
    name = host_name(connection.headers.get("host", ""))
    if is_loopback(client) and (name == "localhost" or is_loopback(name)):
        return access.HERE
    return access.LOGIN if name in login_hosts() else None


def seated(scope: Scope, seat: str) -> Scope:
    """The request with its seat in our own header; what a client wrote under that name is gone."""
    mark = access.HEADER.encode()
    return {**scope, "headers": [*((k, v) for k, v in scope["headers"] if k.lower() != mark), (mark, seat.encode())]}


def host_name(host: str) -> str:
    """`[::1]:8501` -> `::1`, `LOCALHOST:8501` -> `localhost`."""
    bare = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return bare.lower().rstrip(".")


def is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def login_hosts() -> set[str]:
    """Names under which Daybook may be opened from elsewhere; none until login is configured."""
    if not secrets_singleton.load_if_toml_exists() or "auth" not in secrets_singleton:
        return set()
    access = secrets_singleton.get("access", {})
    return {str(name).lower() for name in access.get("hosts", [])}


async def healthz(_request: Request) -> JSONResponse:
    """Is the server up, what does it show, and does the worker live?"""
    return JSONResponse(health())


async def metrics(_request: Request) -> PlainTextResponse:
    """The same, one number a line, for a monitor."""
    state = health()
    beat_age = state["worker_silent_s"]
    lines = [
        "daybook_up 1",
        f"daybook_worker_up {int(state['worker'] == 'up')}",
        f"daybook_worker_restarts_total {state['worker_restarts']}",
        f"daybook_generation_age_seconds {'NaN' if state['generation_age_s'] is None else state['generation_age_s']}",
        f"daybook_worker_silent_seconds {'NaN' if beat_age is None else beat_age}",
    ]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


def health() -> dict[str, Any]:
    """Ages in seconds; None where there is nothing yet."""
    book = shown()
    current = book.serving / "CURRENT"
    beat = last_beat(own())
    published = current.stat().st_mtime if current.is_file() else None
    return {
        "status": "ok",
        "book": str(book.root),
        "generation": current.read_text(encoding="utf-8").strip() if published else None,
        "generation_age_s": None if published is None else round(time.time() - published, 1),
        "worker": "up" if keeper is not None and keeper.alive else "down",
        "worker_pid": keeper.process.pid if keeper is not None and keeper.process is not None else None,
        "worker_restarts": keeper.restarts if keeper is not None else 0,
        "worker_silent_s": None if beat is None else round(beat.age_s(), 1),
        "worker_late": beat is None or beat.age_s() > LATE_S,
    }


@asynccontextmanager
async def lifespan(served: st.App) -> AsyncIterator[None]:
    """The worker lives exactly as long as the server; so does what phones may be let in by."""
    global keeper
    access.guard()
    st_config.set_option("server.trustedUserHeaders", {access.HEADER: "seat"})
    PagesManager.uses_pages_directory = False  # dashboard/pages belongs to st.navigation: a link to a page works at once
    name_book(None)
    book = own().ensure()
    keeper = Keeper([sys.executable, str(ROOT / "worker.py"), "--data", str(book.root), "--watched"])
    keeper.start()
    threading.Thread(target=announce, name="announce", daemon=True).start()
    warm()  # the first page finds everything imported
    phone.SWITCH.attach(phone_door.guarded(served, phone.SWITCH, book), lambda: int(st.get_option("server.port")))
    try:
        yield
    finally:
        await phone.SWITCH.close()
        keeper.stop()


def announce() -> None:
    """Say the address once it answers, and open it when asked to."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        url = f"http://127.0.0.1:{st.get_option('server.port')}"
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:  # noqa: S310 - our own address
                if json.load(answer)["worker_pid"] == (keeper and keeper.process and keeper.process.pid):
                    print(f"\n  Daybook · 运营日报   {url}\n", flush=True)
                    if os.environ.get("DAYBOOK_OPEN"):
                        webbrowser.open(url)
                    return
        except (OSError, ValueError):
            pass
        time.sleep(0.1)


keeper: Keeper | None = None
app = st.App(
    ROOT / "dashboard" / "main.py",
    lifespan=lifespan,
    routes=[Route("/healthz", healthz), Route("/metrics", metrics)],
    middleware=[Middleware(LoopbackOnly)],
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Daybook: the daily book of an online shop.")
    parser.add_argument("--data", help="the book to open (default: $DAYBOOK_DATA, else data/)")
    parser.add_argument("--port", type=int, help="default 8501, or the next free one")
    parser.add_argument("--open", action="store_true", help="open the browser")
    parser.add_argument("--demo", action="store_true", help="make the demo first when the book is empty")
    given = parser.parse_args()
    name_book(given.data)
    if given.open:
        os.environ["DAYBOOK_OPEN"] = "1"
    if given.demo:
        make_demo()
    port = {} if given.port is None else {"server.port": given.port}
    app.run(config={"logger.hideWelcomeMessage": True, **port})


def name_book(path: str | None) -> None:
    """Settle which book is meant, here and in child processes: `path`, else $DAYBOOK_DATA, else data/ beside app.py."""
    os.environ["DAYBOOK_DATA"] = str(Path(path or os.environ.get("DAYBOOK_DATA") or ROOT / "data").resolve())


def make_demo() -> None:
    """Simulate and import the demo unless it is there already or one's own book holds something."""
    book = own()
    demo = book if book.root.name == DEMO else demo_of(book)
    if shown().root == book.root and not holds_packages(book):
        print("Making the demo: 13 months of three shops, once, about a minute …", flush=True)
        command = [sys.executable, "-m", "connectors", "demo", "--data", str(demo.root)]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            print("The demo could not be made (see above); Daybook opens without it.", flush=True)


if __name__ == "__main__":
    main()
