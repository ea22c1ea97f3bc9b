"""Requests out, bytes in: deadlines, size limits, and one kind of error for everything a network can do."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import orjson
import requests
import urllib3

from connectors.api.endpoint import Answer, Request
from connectors.errors import PlatformDown

CONNECT_S, READ_S, DEADLINE_S = 10.0, 60.0, 180.0
MOST_BYTES = 256 * 1024 * 1024
CHUNK = 1 << 20
DIGITS, LONG = bytes.maketrans(b"0123456789", b"0" * 10), b"0" * 20
LONG_NUMBER = re.compile(rb"[:\[,]\s*-?\d{20,}\s*[,}\]]")  # past 64 bits a number would become a float


class _NoAddresses(logging.Filter):
    """urllib3 tells every address at DEBUG, and a signed address holds a token."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > logging.DEBUG


logging.getLogger("urllib3.connectionpool").addFilter(_NoAddresses())


class Transport(Protocol):
    """Sends a signed request."""

    def send(self, request: Request) -> Answer: ...


class Http:
    """`requests` with a session per thread, an overall deadline, and no redirects: a signed address is for one host only.

    Credentials of ~/.netrc are never used; proxies of the environment are.
    """

    def __init__(self, read_s: float = READ_S, deadline_s: float = DEADLINE_S, clock: Callable[[], float] = time.monotonic) -> None:
        self.read_s, self.deadline_s, self.clock = read_s, deadline_s, clock
        self._local = threading.local()

    def send(self, request: Request) -> Answer:
        """The answer, whatever its status. Raises PlatformDown when none came whole and in time."""
        url = request.url + ("?" + urlencode(request.query, quote_via=quote) if request.query else "")
        host = url.split("/")[2]
        try:
            session = self._session()
            prepared = requests.Request(request.method, url, data=request.body, headers=dict(request.headers)).prepare()
            proxies = requests.utils.get_environ_proxies(url)
            with session.send(prepared, stream=True, timeout=(CONNECT_S, self.read_s), allow_redirects=False, proxies=proxies) as reply:
                body = self._read(reply)
                return Answer(reply.status_code, {name.lower(): value for name, value in reply.headers.items()}, body)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise PlatformDown(f"{host} did not answer whole: {_plain(error)}") from None

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.trust_env = False
            session.headers["User-Agent"] = "Daybook"
        return session

    def _read(self, reply: requests.Response) -> bytes:
        pieces: list[bytes] = []
        until, size = self.clock() + self.deadline_s, 0
        while True:
            piece = reply.raw.read(CHUNK, decode_content=True)
            if not piece:
                return pieces[0] if len(pieces) == 1 else b"".join(pieces)
            pieces.append(piece)
            size += len(piece)
            if size > MOST_BYTES:
                raise requests.RequestException(f"more than {MOST_BYTES >> 20} MB in one answer")
            if self.clock() > until:
                raise requests.RequestException(f"still not done after {self.deadline_s:.0f} s")


def _plain(error: BaseException) -> str:
    """The kind of trouble and no address: a signed URL holds secrets."""
    inner: BaseException = error
    while inner.__cause__ or (inner.args and isinstance(inner.args[0], BaseException)):
        inner = inner.__cause__ or inner.args[0]
    words = str(getattr(inner, "reason", "") or inner)
    return f"{type(error).__name__}" + (f" ({words[:80]})" if words and "://" not in words and "?" not in words else "")


def decode_json(answer: Answer) -> Any:
    """The answer's JSON; whole numbers keep every digit. Raises PlatformDown for a web page, nothing at all, or cut text."""
    body = answer.body
    try:
        if LONG in body.translate(DIGITS) and LONG_NUMBER.search(body):  # the cheap look first: it finds next to none
            return json.loads(body)
        return orjson.loads(body)
    except ValueError:
        start = body[:200].decode("utf-8", "replace").strip()
        what = "nothing" if not start else "a web page" if start.startswith("<") else "text that is not whole JSON"
        raise PlatformDown(f"The platform answered {answer.status} with {what} instead of data: {start[:120]!r}") from None


def line_of(record: Any) -> bytes:
    """One record as one line of JSON, whole numbers of any length included."""
    try:
        return orjson.dumps(record)
    except TypeError:
        return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
