"""A platform's orders from the first request to the published generation, beside a bare loop that only parses the same pages."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import requests

import worker
from connectors.api.config import Account
from connectors.api.http import Http
from connectors.api.ledger import Ledger
from connectors.api.pacing import Pace
from connectors.api.settings import save_credentials
from connectors.api.sync import sync
from connectors.api.tokens import Token, TokenStore
from connectors.doudian.doudian import Doudian
from tests.benchmarks.sync_pages import DAY, SIZE, START
from tests.benchmarks.timing import Row, peak_mb, seconds
from tests.connectors.api.book import Clock, around, whole
from tests.stub.server import serve_in_process
from warehouse.book import Book
from warehouse.packages import Manifest

DAYS, SLOW_ORDERS, LATENCY_S = 20, 20_000, 0.05


class Unhurried(Doudian):
    """The same platform without a pace of its own: the figure is the connector's, not the quota's."""

    pace = Pace(per_second=1e6, burst=1000)


class OneAtATime(Unhurried):
    parallel = 1


class Eight(Unhurried):
    parallel = 8


def job(url: str, book: Book, made: Doudian, publishes: bool = True) -> tuple[float, float]:
    """Seconds to pull, and what committing and publishing then still take: packages are committed while others are pulled."""
    save_credentials(book, "dd", {"app_key": "7000000000000000001", "app_secret": "secret-of-the-benchmark"})
    now = START + DAYS * DAY
    TokenStore(book, "dd").save(Token("access-of-the-benchmark", now + 10**7, "refresh-of-the-benchmark"), now)
    entry = Account("dd", "doudian", "shop", id="4000001", since="2026-11-01", base_url=f"{url}/doudian")
    with closing(Ledger(book)) as ledger:
        pulling = 0.0

        def pull(sealed: Callable[[Manifest], None]) -> None:
            nonlocal pulling
            pulling = seconds(lambda: whole(sync(book, made, entry, ledger, around(Clock(now), Http()), only=["orders"], sealed=sealed)))

        if not publishes:
            pull(lambda manifest: None)
            return pulling, 0.0
        in_all = seconds(lambda: worker.commit_while(book, pull))
    return pulling, in_all - pulling


def bare(url: str, orders: int) -> float:
    """A loop with `requests` that asks for the same pages one after the other and parses them."""

    def loop() -> None:
        session = requests.Session()
        for day in range(DAYS):
            for page in range(-(-orders // DAYS // SIZE)):
                body = json.dumps({"update_time_start": START + day * DAY, "page": page}).encode()
                session.post(f"{url}/doudian/order/searchList", data=body).json()

    return seconds(loop)


def rows(sizes: list[int]) -> list[Row]:
    table = []
    for size in sizes:
        with tempfile.TemporaryDirectory(dir="/var/tmp") as name, serve_in_process("tests.benchmarks.sync_pages:mount", orders=size, days=DAYS) as stub:
            alone = bare(stub.url, size)
            pulling, storing = job(stub.url, Book(Path(name)).ensure(), Unhurried())
            in_all = pulling + storing
            table.append(
                Row(
                    f"{size:,} orders in pages of {SIZE}, first request to published", f"{size / in_all:,.0f} rows/s ({in_all:.1f} s: pull {pulling:.1f}, then {storing:.1f})",
                    f"requests loop that only parses {alone:.1f} s", f"{alone / in_all:.2f}", "50,000 rows/s", size / in_all >= 50_000,
                )
            )  # fmt: skip
            peak = peak_mb()
            table.append(Row("peak memory so far", f"{peak:.0f} MB", "", "", "300 MB", peak < 300))
    with serve_in_process("tests.benchmarks.sync_pages:mount", latency_s=LATENCY_S, orders=SLOW_ORDERS, days=DAYS) as stub:
        took = {}
        for made in (OneAtATime(), Eight()):
            with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
                took[made.parallel] = job(stub.url, Book(Path(name)).ensure(), made, publishes=False)[0]
    table.append(
        Row(f"{SLOW_ORDERS:,} orders, {LATENCY_S * 1000:.0f} ms an answer, eight windows at once", f"{took[8]:.1f} s", f"one at a time {took[1]:.1f} s", f"{took[1] / took[8]:.1f}x", "", None)
    )  # fmt: skip
    return table
