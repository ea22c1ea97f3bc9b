"""What every played platform needs: its clock, its tokens, its rows, and how a test sets up an account of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.api.config import Account
from connectors.api.tokens import Token
from tests.stub.wire import Call, Refused, Reply
from tests.stub.world import View, World


@dataclass(frozen=True)
class Setup:
    """A platform of the stub with an account for it.

    gives   which figures of world.Day its facts must equal, day by day
    orders, refunds, ads, sessions: names of the sources (`doudian.orders`) that hold them; "" for none
    """

    platform: Any
    account: Callable[[str], Account]  # base url -> account
    secrets: Mapping[str, str]
    gives: Sequence[str]
    token: Token | None = None
    orders: str = ""
    refunds: str = ""
    ads: str = ""
    sessions: str = ""
    refunds_in_orders: bool = False  # the order list states them itself, with refund_at


class Played:
    """Base of a played platform. `clock` is the test's; the view is the world's at `now()`.

    tick_s: its own time goes on by so much with every call, so that rows change under a list while pages are turned
    """

    tick_s = 0.0

    def __init__(self, world: World, clock: Callable[[], float]) -> None:
        self.world, self.clock = world, clock
        self.tokens: dict[str, float] = {}  # access token -> Unix seconds of its end
        self.refreshes: dict[str, bool] = {}  # refresh token -> still good
        self.issued = 0
        self.ticked_s = 0.0

    def now(self) -> int:
        return int(self.clock() + self.ticked_s)

    def tick(self) -> None:
        """A call was answered."""
        self.ticked_s += self.tick_s

    def view(self) -> View:
        return self.world.at(self.now())

    def issue(self, lasts_s: float) -> tuple[str, str]:
        """A new pair; every refresh token given before is void from now on."""
        self.issued += 1
        access, refresh = f"access-{self.issued:04d}-{type(self).__name__}", f"refresh-{self.issued:04d}-{type(self).__name__}"
        self.tokens[access] = self.now() + lasts_s
        for known in self.refreshes:
            self.refreshes[known] = False
        self.refreshes[refresh] = True
        return access, refresh

    def holds(self, access: str) -> bool:
        return self.tokens.get(access, 0) > self.now()

    def use_refresh(self, refresh: str) -> bool:
        """Is the refresh token good? It is then used up."""
        return self.refreshes.pop(refresh, False)

    def void_all(self) -> None:
        """Every access token dies at once."""
        self.tokens = dict.fromkeys(self.tokens, 0.0)


class Expiring(Played):
    """Base of a platform whose access tokens end."""

    def expired_reply(self) -> Reply:
        """What it answers to a token that is void."""
        raise NotImplementedError

    def expired(self) -> Reply:
        self.void_all()
        return self.expired_reply()


def need(condition: object, reason: str, reply: Reply | None = None) -> None:
    """Refuse the request unless the condition holds."""
    if not condition:
        raise Refused(reason, reply)


def only(given: Iterable[str], known: Iterable[str], call: Call) -> None:
    """Refuse parameters that the contract does not know."""
    strange = sorted(set(given) - set(known))
    need(not strange, f"{call.path}: unknown parameters {strange}")


def page_of(rows: Sequence[Any], page: int, size: int, first: int = 1) -> list[Any]:
    """Rows of a page by number."""
    start = (page - first) * size
    return list(rows[start : start + size])


def changed(reply: Reply, path: str, change: Callable[[list[Any]], list[Any]]) -> Reply | None:
    """The reply with its list at the dotted path changed; None when there is no row to change."""
    body = reply.data()
    *above, last = path.split(".")
    holder = body
    for step in above:
        holder = holder.get(step) if isinstance(holder, dict) else None
    if not isinstance(holder, dict) or not holder.get(last):
        return None
    holder[last] = change(holder[last])
    return Reply(reply.status, body, reply.headers)


def changed_in(reply: Reply, paths: Iterable[str], change: Callable[[list[Any]], list[Any]]) -> Reply | None:
    """The same with the first of the paths that has rows."""
    return next((made for path in paths if (made := changed(reply, path, change))), None)


def without_one(rows: list[Any]) -> list[Any]:
    return rows[:-1]


def one_twice(rows: list[Any]) -> list[Any]:
    return [*rows, rows[0]]


def digits(text: str, length: int = 15) -> int:
    """A steady number for a text, for platforms whose ids are numbers."""
    base: int = 10**length
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % base + base


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
