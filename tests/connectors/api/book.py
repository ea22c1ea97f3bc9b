"""A book with an account of a played platform, synced with a clock that only a test moves."""

from __future__ import annotations

import random
import tempfile
import threading
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

import worker
from connectors.api.config import Account
from connectors.api.endpoint import Answer, Request
from connectors.api.http import Http, Transport
from connectors.api.ledger import Ledger
from connectors.api.line import Surroundings
from connectors.api.settings import save_credentials
from connectors.api.sync import Run, sync
from connectors.api.tokens import TokenStore
from connectors.catalog import connector
from tests.stub.played import Setup
from tests.stub.server import Stub
from tests.stub.world import World, midnight
from warehouse.book import Book
from warehouse.commit import open_warehouse
from warehouse.replay import commit_waiting

QUIET_S = 1200


class Clock:
    """A clock that stands until somebody sleeps or moves it."""

    def __init__(self, now: float) -> None:
        self.value = now
        self._lock = threading.Lock()

    def __call__(self) -> float:
        with self._lock:
            return self.value

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.value += seconds


class Timed:
    """Sends like the real one and notes when, by the test's clock."""

    def __init__(self, clock: Clock) -> None:
        self.inner, self.clock = Http(read_s=5.0, deadline_s=20.0), clock
        self.at: list[float] = []

    def send(self, request: Request) -> Answer:
        self.at.append(self.clock())
        return self.inner.send(request)

    def most_in(self, seconds: float) -> int:
        """The most calls within so many seconds."""
        times = sorted(self.at)
        return max((bisect_left(times, at + seconds) - place for place, at in enumerate(times)), default=0)


def around(clock: Clock, transport: Transport, seed: int = 1) -> Surroundings:
    """A world of the test's own: its clock, its chance, its platform."""
    return Surroundings(clock=clock, sleep=clock.sleep, rng=random.Random(seed), transport=transport)


def whole(runs: list[Run]) -> list[Run]:
    """The runs; an endpoint that stopped raises what stopped it."""
    for run in runs:
        if run.error:
            raise run.error
    return runs


def clean(batch: worker.Batch) -> None:
    """Everything was taken in, and nothing lies in quarantine."""
    assert not batch.failed and not any(outcome.quarantined for outcome in batch.outcomes), (batch.failed, batch.outcomes)


@contextmanager
def opened(book: Book) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, to look into."""
    with book.lock(), duckdb.connect(str(book.warehouse), read_only=True) as con:
        yield con


@dataclass
class Bench:
    """One account on one stub."""

    book: Book
    account: Account
    ledger: Ledger
    around: Surroundings
    setup: Setup
    stub: Stub
    clock: Clock
    world: World
    timed: Timed

    def keeps_its_pace(self) -> bool:
        """Never more calls in a second than the platform allows; those between permit and wire are as many as windows under way."""
        made = connector(self.account.connector)
        return self.timed.most_in(1.0) <= made.pace.per_second + made.pace.burst + made.parallel

    def sync(self, **more: Any) -> list[Run]:
        return sync(self.book, connector(self.account.connector), self.account, self.ledger, self.around, **more)

    def commit(self, publishes: bool = False) -> worker.Batch:
        """Take in what was sealed; the facts are what these tests compare, so a generation is made only when asked for."""
        if publishes:
            return worker.commit_all(self.book)
        with self.book.lock(), open_warehouse(self.book) as con:
            return worker.Batch(*commit_waiting(con, self.book, worker.interpreter(self.book)))

    def figures(self, first: date, last: date) -> dict[date, dict[str, int]]:
        """What the warehouse's facts say of each day, in the units of world.Day."""
        with opened(self.book) as con:
            return figures(con, self.setup, first, last)

    def truth(self, first: date, last: date) -> dict[date, dict[str, int]]:
        days = self.world.truth(first, last, int(self.clock()), self.account.zone or connector(self.account.connector).zone)
        return {day: {name: getattr(said, name) for name in self.setup.gives} for day, said in days.items()}


@contextmanager
def bench(name: str, world: World, at: int, folder: Path | None = None, stub: Stub | None = None, seed: int = 0) -> Iterator[Bench]:
    """The platform `name` of the stub with its account in a new book, the clock at `at`."""
    clock = Clock(at)
    made: Setup = import_module(f"tests.stub.platforms.{name}").setup(world, clock)
    with tempfile.TemporaryDirectory(dir=folder) as root, stub or Stub() as server:
        book = Book(Path(root)).ensure()
        account = made.account(server.mount(name, made.platform))
        save_credentials(book, account.login_name, made.secrets)
        if made.token:
            TokenStore(book, account.login_name).save(made.token, at)
        timed = Timed(clock)
        yield Bench(book, account, Ledger(book), around(clock, timed, seed), made, server, clock, world, timed)


def quiet(world: World, after: int) -> int:
    """The first moment after `after` with twenty silent minutes before it."""
    moments = sorted({moment for order in world.orders for moment in order.moments} | {s.start_at for s in world.sessions} | {s.end_at or 0 for s in world.sessions})
    now = after
    while any(now - QUIET_S <= moment <= now for moment in moments):
        now += 300
    return now


def moments_of(world: World) -> tuple[int, int, int]:
    """Three times to sync at: in the middle, a day and a half later, and long after everything settled."""
    first, last = world.days()
    middle = midnight(first + (last - first) / 2, world.zone) + 15 * 3600
    return quiet(world, middle), quiet(world, middle + 36 * 3600), midnight(last + timedelta(days=5), world.zone) + 9 * 3600


FIGURES = {
    "placed": "SELECT created_at::DATE, count(*) FROM fact.order_head WHERE source = '{orders}' GROUP BY 1",
    "paid": "SELECT paid_at::DATE, count(*) FROM fact.order_head WHERE source = '{orders}' AND paid_at IS NOT NULL GROUP BY 1",
    "sales": "SELECT paid_at::DATE, (sum(paid_amount) * 100)::BIGINT FROM fact.order_head WHERE source = '{orders}' AND paid_at IS NOT NULL GROUP BY 1",
    "refunds": "SELECT done_at::DATE, (sum(amount) * 100)::BIGINT FROM fact.refund WHERE source = '{refunds}' AND is_done GROUP BY 1",
    "refunds_in_orders": "SELECT refund_at::DATE, (sum(refund_amount) * 100)::BIGINT FROM fact.order_head WHERE source = '{orders}' AND refund_at IS NOT NULL GROUP BY 1",
    "spend": "SELECT day, (sum(spend) * 1000)::BIGINT FROM fact.ad_day WHERE source = '{ads}' AND hour = -1 GROUP BY 1",
    "attributed": "SELECT day, (sum(attributed_sales) * 1000)::BIGINT FROM fact.ad_day WHERE source = '{ads}' AND hour = -1 GROUP BY 1",
    "sessions": "SELECT started_at::DATE, count(*) FROM fact.live_session WHERE source = '{sessions}' GROUP BY 1",
    "session_orders": "SELECT started_at::DATE, sum(orders)::BIGINT FROM fact.live_session WHERE source = '{sessions}' GROUP BY 1",
    "session_sales": "SELECT started_at::DATE, (sum(live_sales) * 100)::BIGINT FROM fact.live_session WHERE source = '{sessions}' GROUP BY 1",
}


def figures(con: duckdb.DuckDBPyConnection, made: Setup, first: date, last: date) -> dict[date, dict[str, int]]:
    found = {first + timedelta(days=n): dict.fromkeys(made.gives, 0) for n in range((last - first).days + 1)}
    for name in made.gives:
        which = "refunds_in_orders" if name == "refunds" and made.refunds_in_orders else name
        sql = FIGURES[which].format(orders=made.orders, refunds=made.refunds, ads=made.ads, sessions=made.sessions)
        for day, value in con.execute(sql).fetchall():
            if day in found:
                found[day][name] = int(value or 0)
    return found
