"""What a phone of the local network gets: the passcode page, and behind the code read-only pages and the on-air log.

Everything is refused that is not named here. A session is a signed cookie that names the switching on it belongs to, so it
ends with it. Pages know by their seat (access.py) that a phone looks on; writing is refused there again.
"""

from __future__ import annotations

import asyncio
import math
import secrets
from contextlib import suppress
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.access import ON_PHONE, PHONE
from dashboard.labels import LANGS, text
from dashboard.phone import HOURS, Pass, Switch
from warehouse.book import Book

SEAT = "daybook.seat"  # in a scope: set by servers of this process only, no client can
COOKIE = "daybook_phone"
STREAM = "/_stcore/stream"
FILES = ("/static/", "/media/", "/_stcore/bidi-components/")
WHOLE = {"/", "/home", "/favicon.png", "/_stcore/health", "/_stcore/host-config", *(f"/{page}" for page in ON_PHONE)}
LONGEST = 256  # bytes of a form with a code
_PAGE = Template(Path(__file__).with_name("phone_door.html").read_text(encoding="utf-8"))


def guarded(app: ASGIApp, switch: Switch, book: Book) -> ASGIApp:
    """The application as the listener for phones serves it."""
    return SessionMiddleware(
        Door(app, switch), secret_key=book.key("phone"), session_cookie=COOKIE, max_age=max(HOURS) * 3600, same_site="strict"
    )


class Door:
    """Asks for the code, lets its holders through to what phones may see, and ends with the switch."""

    def __init__(self, app: ASGIApp, switch: Switch) -> None:
        self.app, self.switch = app, switch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return
        asked = HTTPConnection(scope)
        standing = self.switch.standing()
        is_known = standing is not None and asked.headers.get("host", "").lower() == standing.host
        holds = standing is not None and is_known and asked.session.get("pass") == standing.id
        if scope["type"] == "websocket":
            if standing is not None and holds and scope["path"] == STREAM and _is_own(asked, standing, is_needed=True):
                await self._until_over(scope, receive, send, standing)
            else:
                await receive()
                await send({"type": "websocket.close", "code": 1008, "reason": "passcode"})
            return
        answer = await self._answer(Request(scope, receive), standing, holds) if is_known and standing else _refusal()
        if answer is None and standing is not None:
            await self.app(_seated(scope, standing), receive, send)
        elif answer is not None:
            await answer(scope, receive, send)

    async def _answer(self, asked: Request, standing: Pass, holds: bool) -> Response | None:
        """The door's own answer; None where the request may go on to the pages."""
        path = asked.url.path
        if path == "/phone" and asked.method == "POST":
            return await self._try(asked, standing)
        if not holds:
            return _ask_code(asked, 401)
        if path == "/phone/pass":
            return Response(status_code=204, headers={"Cache-Control": "no-store"})
        if path == "/phone":
            return RedirectResponse("/onair", 303)
        is_open = path in WHOLE or (path.startswith(FILES) and ".." not in path)
        return None if is_open and asked.method in ("GET", "HEAD") else PlainTextResponse("Not for phones.\n", 404)

    async def _try(self, asked: Request, standing: Pass) -> Response:
        """One try with a code. Between the look at the lock and the count nothing is awaited: many at once are no more tries."""
        typed, address = await _typed_code(asked), asked.client.host if asked.client else ""
        wait = self.switch.tries.locked_s(address)
        if wait:
            return _ask_code(asked, 429, "phone.locked", wait)
        if typed is None or not _is_own(asked, standing):
            return _ask_code(asked, 400)
        if not standing.fits(typed):
            self.switch.tries.wrong(address)
            wait = self.switch.tries.locked_s(address)
            return _ask_code(asked, 429, "phone.locked", wait) if wait else _ask_code(asked, 401, "phone.wrong")
        self.switch.tries.right(address)
        asked.session["pass"] = standing.id
        return RedirectResponse("/onair", 303)

    async def _until_over(self, scope: Scope, receive: Receive, send: Send, standing: Pass) -> None:
        """An open page, cut off the moment the pass ends."""
        page = asyncio.ensure_future(self.app(_seated(scope, standing), receive, send))
        over = asyncio.ensure_future(standing.over.wait())
        try:
            await asyncio.wait({page, over}, return_when=asyncio.FIRST_COMPLETED)
            if not page.done():
                with suppress(RuntimeError):  # the page is just closing by itself
                    await send({"type": "websocket.close", "code": 1008, "reason": "over"})
        finally:
            over.cancel()
            if not page.done():
                page.cancel()
            with suppress(asyncio.CancelledError):
                await page


def _seated(scope: Scope, standing: Pass) -> Scope:
    """The request as a phone's; a scope of its own, since what is inside keeps another session in it."""
    return {**scope, SEAT: f"{PHONE}:{standing.id}"}


def _is_own(asked: HTTPConnection, standing: Pass, *, is_needed: bool = False) -> bool:
    """Does the request come from a page of this very address? Browsers say so with WebSockets and with forms."""
    origin = asked.headers.get("origin")
    return not is_needed if origin is None else origin == f"http://{standing.host}"


async def _typed_code(asked: Request) -> str | None:
    """The code of the form; None when the body is something else."""
    body = b""
    async for part in asked.stream():
        body += part
        if len(body) > LONGEST:
            return None
    return parse_qs(body.decode("utf-8", "replace")).get("code", [""])[0] or None


def _ask_code(asked: Request, status: int, said: str = "", wait: float = 0.0) -> Response:
    """The passcode page, and nothing else, in the reader's language."""
    first = asked.headers.get("accept-language", "zh").strip().lower()[:2]
    lang = first if first in LANGS else "en"
    nonce = secrets.token_urlsafe(16)
    words = {key: text(lang, f"phone.{key}") for key in ("title", "ask", "enter", "hint")}
    told = text(lang, said, minutes=math.ceil(wait / 60)) if said else ""
    page = _PAGE.substitute(words, lang="zh-CN" if lang == "zh" else "en", nonce=nonce, told=told, state="" if not wait else "disabled")
    headers = {
        "Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'",
    }  # fmt: skip
    return HTMLResponse(page, status, headers | ({"Retry-After": str(math.ceil(wait))} if wait else {}))


def _refusal() -> Response:
    return PlainTextResponse("Daybook: off, or another name.\n", 403)
