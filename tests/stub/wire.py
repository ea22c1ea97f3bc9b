"""HTTP as bytes: what a platform is asked and answers, and how an answer is put on a socket, whole or broken."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

MOST_HEAD = 64 * 1024


@dataclass(frozen=True)
class Reply:
    """An answer of a platform; a body that is no bytes or text is sent as JSON."""

    status: int = 200
    body: bytes | str | dict[str, Any] | list[Any] = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def raw(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()

    def data(self) -> Any:
        """The body as data, apart from the reply: what is changed there changes nothing here. Raises ValueError."""
        return json.loads(self.raw())


class Refused(Exception):
    """A request against the contract: the stub keeps `reason` as a violation and answers `reply`."""

    def __init__(self, reason: str, reply: Reply | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reply = reply or Reply(400, {"error": reason})


@dataclass(frozen=True)
class Call:
    """One request to a platform.

    path     without the platform's own first segment, as sent (not decoded)
    query    decoded once; of a repeated name the last one, `raw_query` has them all
    headers  lower-case names
    base     address of the platform on this server, for links to a next page
    """

    method: str
    path: str
    query: dict[str, str]
    raw_query: str
    headers: dict[str, str]
    body: bytes
    base: str = ""

    def json(self) -> Any:
        """The body as data. Raises Refused."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Refused(f"{self.method} {self.path}: the body is no JSON ({error})") from None

    def form(self) -> dict[str, str]:
        """The fields of a form body. Raises Refused when a name comes twice."""
        pairs = parse_qsl(self.body.decode(), keep_blank_values=True)
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise Refused(f"{self.method} {self.path}: a form field comes twice")
        return fields


@dataclass(frozen=True)
class Sent:
    """Bytes for the socket: `pieces` with `pause_s` between them, then the connection is kept, closed or reset."""

    pieces: tuple[bytes, ...]
    pause_s: float = 0.0
    then: str = "keep"


def plain(reply: Reply) -> Sent:
    """A whole answer in one piece: head and body written apart would wait for each other on the line."""
    return Sent((head(reply, len(reply.raw())) + reply.raw(),))


def head(reply: Reply, length: int) -> bytes:
    """Status line and headers of an answer that states `length` bytes."""
    headers = {"Content-Type": _kind(reply), **reply.headers, "Content-Length": str(length)}
    phrase = HTTPStatus(reply.status).phrase if reply.status in HTTPStatus._value2member_map_ else ""
    lines = [f"HTTP/1.1 {reply.status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _kind(reply: Reply) -> str:
    text = isinstance(reply.body, str) and reply.body.lstrip().startswith("<")
    return "text/html; charset=utf-8" if text else "application/json; charset=utf-8"


def send(line: socket.socket, sent: Sent) -> bool:
    """Put an answer on the line; True when the connection stays open."""
    for number, piece in enumerate(sent.pieces):
        if number and sent.pause_s:
            time.sleep(sent.pause_s)
        line.sendall(piece)
    if sent.then == "reset":  # no lingering: the other side is told at once, with RST
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()
    return sent.then == "keep"


@dataclass(frozen=True)
class Read:
    """A request as read: target still whole, header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Reader:
    """Requests of one kept-alive connection, one after the other."""

    def __init__(self, line: socket.socket) -> None:
        self._line, self._rest = line, b""

    def next(self) -> Read | None:
        """None when the other side has gone. Raises ValueError for what is no request of ours."""
        while b"\r\n\r\n" not in self._rest:
            if len(self._rest) > MOST_HEAD:
                raise ValueError("the head of a request is too long")
            if not self._more():
                return None
        top, _, self._rest = self._rest.partition(b"\r\n\r\n")
        first, *lines = top.decode("latin-1").split("\r\n")
        method, target, _version = first.split(" ")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        if "transfer-encoding" in headers:
            raise ValueError(f"{method} {target.partition('?')[0]}: a body in chunks; state its Content-Length")
        length = int(headers.get("content-length", "0"))
        while len(self._rest) < length:
            if not self._more():
                return None
        body, self._rest = self._rest[:length], self._rest[length:]
        return Read(method, target, headers, body)

    def _more(self) -> bool:
        got = self._line.recv(256 * 1024)
        self._rest += got
        return bool(got)
