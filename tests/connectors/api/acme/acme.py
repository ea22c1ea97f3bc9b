"""A made-up platform that a test scripts: what is asked for is handed over, what comes back is what the test says. No server, no clock."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connectors.api.account import Account
from connectors.api.connector import Connector
from connectors.api.endpoint import Answer, Endpoint, Envelope, Request
from connectors.api.interpret import interpretation
from connectors.api.ledger import Ledger
from connectors.api.line import Line, Surroundings
from connectors.api.oauth import Grant, TokenCall
from connectors.api.pacing import Pace
from connectors.api.paging import Cursor, Offset, PageNumber
from connectors.api.settings import save_credentials
from connectors.api.sync import Run, sync
from connectors.api.windows import Days, Span
from connectors.errors import AuthExpired, BadRequest, PlatformDown, QuotaSpent, RateLimited
from tests.connectors.api.book import Clock, around, opened, whole
from warehouse.book import Book
from warehouse.commit import Outcome, open_warehouse
from warehouse.replay import commit_waiting

NOW = 1_795_140_000  # 2026-11-20 10:00 in Shanghai
DAY_S = 86_400
KEYS = {"key": "canary-acme-key"}
BY_NUMBER = PageNumber("page", "size", 2, total="total")
BY_CURSOR = Cursor("cursor", "next", "size", 2)
BY_OFFSET = Offset("skip", "size", 2, "total")
CHANGED = Span("from", "to", most=timedelta(days=1), overlap=timedelta(hours=1))
REPORT = Days("from", "to", most=5, back=3)


class Acme(Connector):
    """Says no in the body's `code`; everything is asked for with GET."""

    name = platform = "acme"
    label_zh, label_en = "示例平台", "Acme"
    base_url = "https://acme.test"
    credentials = ("key",)
    pace = Pace(per_second=1000.0, burst=1000)
    parallel = 1
    envelope = Envelope(ok=("code", (0,)), rules={"1": BadRequest, "2": AuthExpired, "3": RateLimited, "4": QuotaSpent, "5": PlatformDown})
    endpoints = (
        Endpoint("orders", "/orders", "list", ("order_head",), "orders", "示例 订单", "Acme orders", "major", key="id", window=CHANGED, paging=BY_NUMBER, total="total"),
        Endpoint("refunds", "/refunds", "list", ("refund",), "refunds", "示例 退款", "Acme refunds", "major", key="id", window=CHANGED, paging=BY_CURSOR),
        Endpoint("ads", "/ads", "list", ("ad_day",), "ads", "示例 推广", "Acme ads", "li", key=("campaign", "day", "basis"), window=REPORT, paging=BY_OFFSET, total="total", purse="acme"),
    )  # fmt: skip


GRANT = Grant(exchange=TokenCall("/token", {"code": "{code}"}, "GET"), refresh=TokenCall("/refresh", {"refresh_token": "{refresh}"}, "GET"), consent="https://acme.test/agree", data="")


def acme(changed: Mapping[str, Mapping[str, Any]] | None = None, **facts: Any) -> Acme:
    """The platform with other facts; `changed`: of endpoints, by name."""
    endpoints = tuple(replace(each, **(changed or {}).get(each.name, {})) for each in Acme.endpoints)
    made: Acme = type("Other", (Acme,), {"endpoints": endpoints, **facts})()
    return made


def yes(**body: Any) -> Answer:
    """A success, HTTP 200."""
    return Answer(200, {}, json.dumps({"code": 0, **body}).encode())


def listed(rows: list[Any], asked: Mapping[str, str]) -> Answer:
    """A page of the rows by number, or from where `skip` says, with the total."""
    size = int(asked["size"])
    start = int(asked["skip"]) if "skip" in asked else (int(asked["page"]) - 1) * size
    return yes(list=rows[start : start + size], total=len(rows))


def order(number: Any, at: int, *, paid: int | None = None, changed: int = 0, amount: str = "10.00", **more: Any) -> dict[str, Any]:
    return {"id": number, "created": at, "paid": paid or 0, "changed": changed or paid or at, "amount": amount, **more}


def ad(day: str, campaign: str, spend: int, basis: str = "7d_click", **more: Any) -> dict[str, Any]:
    """`spend` in 厘."""
    return {"day": day, "campaign": campaign, "name": more.pop("name", campaign), "basis": basis, "spend": spend, "sales": more.pop("sales", 0), **more}


class Desk:
    """A book with one account. `script`: what is asked, with `path` -> Answer or what to raise; `asked`: all of it, with `at`, the clock then."""

    def __init__(self, root: Path, script: Callable[[dict[str, str]], Answer], connector: Acme | None = None, since: str = "2026-11-18", now: float = NOW, **account: Any) -> None:
        self.book, self.clock, self.connector, self.script = Book(root).ensure(), Clock(now), connector or Acme(), script
        self.account = Account("acme", "acme", "shop", id="1", since=since, **account)
        save_credentials(self.book, "acme", KEYS)
        self.ledger = Ledger(self.book)
        self.asked: list[dict[str, str]] = []
        self.sent: list[Request] = []
        self.times: list[float] = []

    def send(self, request: Request) -> Answer:
        asked = {"path": urlsplit(request.url).path, **request.query}
        self.asked.append(asked)
        self.sent.append(request)
        self.times.append(self.clock())
        return self.script(asked)

    @property
    def around(self) -> Surroundings:
        return around(self.clock, self)

    @property
    def line(self) -> Line:
        return Line(self.book, self.connector, self.account, self.ledger, self.around)

    def sync(self, *only: str, since: str = "") -> list[Run]:
        return sync(self.book, self.connector, self.account, self.ledger, self.around, only=only, since=since)

    def commit(self) -> list[Outcome]:
        """All that was sealed, into the warehouse."""
        with self.book.lock(), open_warehouse(self.book) as con:
            outcomes, failed = commit_waiting(con, self.book, lambda manifest: interpretation(manifest, self.connector))
        assert not failed, failed
        return outcomes

    def pulled(self, *only: str, since: str = "") -> None:
        """Sync and commit; an endpoint that stopped raises what stopped it."""
        whole(self.sync(*only, since=since))
        self.commit()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with opened(self.book) as con:
            return con.execute(sql).fetchall()
