"""A seeded plan of everything that goes wrong on the way to a platform and back."""

from __future__ import annotations

import gzip
import json
import threading
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from tests.stub.wire import Call, Reply, Sent, head, plain

LINE = ("reset", "cut", "drip", "http_500", "http_502_html", "html_200", "empty_200", "broken_gzip", "cut_gzip", "truncated_json", "too_many", "too_many_page", "busy_503")
OWN = ("throttled", "expired", "server_error", "short_page", "doubled")  # a platform's own, by the methods of these names
KINDS = LINE + OWN
WRONG_ROWS = ("short_page", "doubled")
ONLY_BEFORE = ("too_many", "too_many_page", "busy_503", "throttled", "expired")  # a call that is turned away was not acted upon
ONLY_AFTER = ("cut", "drip", "broken_gzip", "cut_gzip", "truncated_json", *WRONG_ROWS)
VOLATILE = frozenset(  # what may differ between two tries of the same request
    ("sign", "signature", "timestamp", "nonce", "access_token", "accesstoken", "token", "session", "refresh_token", "app_secret", "client_secret")
)

PAGE = '<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1><p>{{"code":0,"data":[]}}</p></body></html>'


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request. `after`: the platform acted, then its answer was lost or spoiled; `at`: where, 0 to 1."""

    kind: str
    after: bool
    at: float = 0.5
    drip_s: float = 0.3
    retry_after: str = "1"

    def instead(self, platform: Any) -> Sent | None:
        """What is sent in place of an answer; None when this fault has none."""
        if self.kind == "reset":
            return Sent((), then="reset")
        if self.kind in OWN:
            made = hook(platform, self.kind)
            reply = made() if made else None
            return plain(reply) if reply is not None else None
        replies = {
            "http_500": Reply(500, "Internal Server Error", {"Content-Type": "text/plain"}),
            "http_502_html": Reply(502, PAGE.format("502 Bad Gateway")),
            "html_200": Reply(200, PAGE.format("系统维护中")),
            "empty_200": Reply(200, b""),
            "too_many": Reply(429, {"error": "too many requests"}, {"Retry-After": self.retry_after}),
            "too_many_page": Reply(429, PAGE.format("429 Too Many Requests")),
            "busy_503": Reply(503, {"error": "busy"}, {"Retry-After": self.retry_after}),
        }
        return plain(replies[self.kind])

    def spoilt(self, platform: Any, reply: Reply) -> Sent | None:
        """The platform's answer, spoilt; None when this fault cannot spoil it."""
        if self.kind not in ONLY_AFTER:
            return self.instead(platform)
        if self.kind in WRONG_ROWS:
            made = hook(platform, self.kind)
            changed = made(reply) if made else None
            return plain(changed) if changed is not None else None
        body = reply.raw()
        return _SPOIL[self.kind](self, reply, body) if len(body) > 1 else None

    def cut(self, reply: Reply, body: bytes) -> Sent:
        return Sent((head(reply, len(body)) + body[: self._place(body)],), then="reset")

    def drip(self, reply: Reply, body: bytes) -> Sent:
        whole = head(reply, len(body)) + body
        step = max(1, -(-len(whole) // 10))
        pieces = tuple(whole[start : start + step] for start in range(0, len(whole), step))
        return Sent(pieces, self.drip_s / len(pieces))

    def broken_gzip(self, reply: Reply, body: bytes) -> Sent:
        packed = bytearray(gzip.compress(body, mtime=0))
        packed[10] |= 0b110  # a block of the kind that does not exist
        return plain(_gzipped(reply, bytes(packed)))

    def cut_gzip(self, reply: Reply, body: bytes) -> Sent:
        packed = gzip.compress(body, mtime=0)
        return plain(_gzipped(reply, packed[: 10 + max(1, int((len(packed) - 19) * self.at))]))

    def truncated_json(self, reply: Reply, body: bytes) -> Sent:
        return plain(Reply(reply.status, body[: self._place(body)], reply.headers))

    def _place(self, body: bytes) -> int:
        return min(len(body) - 1, max(1, int(len(body) * self.at)))


_SPOIL = {kind: getattr(Fault, kind) for kind in ONLY_AFTER if kind not in WRONG_ROWS}


def _gzipped(reply: Reply, packed: bytes) -> Reply:
    return Reply(reply.status, packed, {**reply.headers, "Content-Encoding": "gzip"})


def hook(platform: Any, name: str) -> Any:
    """A method a platform may have or not."""
    return getattr(platform, name, None)


class Faults:
    """Picks per request what goes wrong, the same for the same seed in whatever order requests come in.

    rate        share of requests that a fault hits
    kinds       of KINDS; the platform's own ones only where it has the method
    max_in_row  a request that failed so often in a row is answered the next time
    max_wrong   faults of WRONG_ROWS per endpoint in all: they are met only when a whole window was read, not by the request
    relentless  names "platform/path" (or what the platform calls its endpoint) that never answer right
    A platform may say `spared(call)`: kinds not to be used on a call; "after" among them: its answer is never lost.
    It may say `same(call)`: what two tries of one request have in common, when `sameness` does not fit.
    """

    def __init__(
        self, seed: int | str, rate: float, *, kinds: Sequence[str] = KINDS, max_in_row: int = 2, max_wrong: int = 2,
        relentless: Collection[str] = (), drip_s: float = 0.3, retry_after: str = "1",
    ) -> None:  # fmt: skip
        unknown = sorted(set(kinds) - set(KINDS))
        if unknown:
            raise ValueError(f"No such faults: {unknown}. There are {KINDS}.")
        self.seed, self.rate, self.kinds, self.relentless = seed, rate, tuple(kinds), frozenset(relentless)
        self.max_in_row, self.max_wrong, self.drip_s, self.retry_after = max_in_row, max_wrong, drip_s, retry_after
        self.counts: Counter[str] = Counter()
        self._tries: Counter[str] = Counter()
        self._in_row: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()
        self._lock = threading.Lock()

    def pick(self, name: str, endpoint: str, call: Call, platform: Any) -> Fault | None:
        """The fault for this try of a request, None for none. `settle` must follow."""
        key, place = self._key(name, call, platform), f"{name}/{endpoint.lstrip('/')}"
        spared = hook(platform, "spared")
        without = set(spared(call)) if spared else set()
        with self._lock:
            number = self._tries[key]
            self._tries[key] += 1
            tired = self._in_row[key] >= self.max_in_row
            enough = self._wrong[place] >= self.max_wrong
        kinds = [kind for kind in self.kinds if self._fits(kind, platform, without)]
        rng = Random(f"{self.seed}/{key}/{number}")
        if place in self.relentless:
            kinds = self._never_right(platform, without)
        elif tired or not kinds or rng.random() >= self.rate:
            return None
        kind = rng.choice(kinds)
        if kind in WRONG_ROWS and enough and place not in self.relentless:
            return None
        may_lose = kind not in ONLY_BEFORE and "after" not in without
        after = kind in ONLY_AFTER or (may_lose and rng.random() < 0.5)
        return Fault(kind, after, rng.uniform(0.05, 0.95), self.drip_s, self.retry_after)

    def settle(self, name: str, endpoint: str, call: Call, platform: Any, met: str) -> None:
        """Book what really happened: `met` is the kind, "" when the request was answered right."""
        key, place = self._key(name, call, platform), f"{name}/{endpoint.lstrip('/')}"
        with self._lock:
            self._in_row[key] = self._in_row[key] + 1 if met else 0
            self.counts[met] += 1
            if met in WRONG_ROWS:
                self._wrong[place] += 1

    def _fits(self, kind: str, platform: Any, without: Collection[str]) -> bool:
        if kind in without or (kind in OWN and hook(platform, kind) is None):
            return False
        return "after" not in without or kind not in ONLY_AFTER or kind == "drip" or kind in WRONG_ROWS

    def _never_right(self, platform: Any, without: Collection[str]) -> list[str]:
        """Kinds that leave nothing to work with; wrong rows only where nothing else was asked for, for an empty list has none."""
        able = [kind for kind in self.kinds if kind not in without and kind != "drip" and (kind in LINE or hook(platform, kind))]
        return [kind for kind in able if kind not in WRONG_ROWS] or able or ["http_500"]

    def _key(self, name: str, call: Call, platform: Any) -> str:
        same = hook(platform, "same")
        return f"{name}|{same(call) if same else sameness(call)}"


def sameness(call: Call) -> str:
    """What two tries of one request have in common: all but signatures, clocks and tokens; never headers."""
    query = sorted((key, value) for key, value in call.query.items() if key.lower() not in VOLATILE)
    return json.dumps([call.method, call.path, query, _steady(_body(call))], sort_keys=True, ensure_ascii=False)


def _body(call: Call) -> Any:
    try:
        return json.loads(call.body) if call.body else ""
    except ValueError:
        text = call.body.decode(errors="replace")
        return dict(parse_qsl(text, keep_blank_values=True)) or text


def _steady(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: part for key, part in value.items() if str(key).lower() not in VOLATILE}
    return value
