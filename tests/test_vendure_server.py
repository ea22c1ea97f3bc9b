"""A real Vendure server, filled by its own APIs: every day's sales, orders and refunds come out as its database has them.

Runs by `make test-vendure` only. It needs the folder shared/servers/vendure beside the project, Node 20 with npm, and Debian's package
faketime (installed here when allowed to). The npm folder is kept between runs: $BENCH_VENDURE_APP, else daybook-vendure-app in the
directory for temporary files.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.__main__ import main
from connectors.api.settings import save_credentials
from tests.connectors.api.book import opened
from warehouse.book import Book
from warehouse.reader import Reader

pytestmark = pytest.mark.vendure
SERVER = Path(__file__).resolve().parents[2] / "shared" / "servers" / "vendure"
ORDERS = 200
ZONES = {"shanghai": "Asia/Shanghai", "utc": "UTC"}
TRUTH = {"sales": "paid", "placed_orders": "orders", "paid_orders": "orders", "refunds": "refunded"}  # our metric -> the server's word
ACCOUNT = '[[account]]\nname = "{name}"\nconnector = "vendure"\nshop = "{name}"\nlogin = "{login}"\nzone = "{zone}"\nsince = 2026-10-01\nbase_url = "{url}"\n'


@dataclass(frozen=True)
class Running:
    """The server's address and key, and what its database says."""

    url: str
    key: str
    truth: dict[str, Any]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A freshly seeded shop; skipped with the reason where it cannot be started."""
    if not SERVER.is_dir():
        pytest.skip(f"no server to start: {SERVER} is not there")
    if not shutil.which("npm") or not shutil.which("node"):
        pytest.skip("the server needs Node 20 or newer with npm: https://nodejs.org")
    if time.time() < 1795100400:
        pytest.skip("the seeded shop ends on 2026-11-18, which lies ahead of this clock")
    need_faketime()
    data, port = tmp_path_factory.mktemp("vendure"), free_port()
    app = os.environ.get("BENCH_VENDURE_APP") or str(Path(tempfile.gettempdir()) / "daybook-vendure-app")
    try:
        with (data / "up.log").open("wb") as log:
            subprocess.run([SERVER / "up.sh", data, str(port), str(ORDERS)], env={**os.environ, "BENCH_VENDURE_APP": app}, stdout=log, stderr=log, check=False, timeout=1500)
        if not (data / "truth.json").is_file():
            pytest.fail(f"The server did not start:\n{(data / 'up.log').read_text(errors='replace')[-2000:]}", pytrace=False)
        access, truth = json.loads((data / "access.json").read_text()), json.loads((data / "truth.json").read_text())
        yield Running(access["admin_api"], access["api_key"], truth)
    finally:
        subprocess.run([SERVER / "down.sh", data], check=False, timeout=60)


def need_faketime() -> None:
    """The seeder moves the server's clock."""
    found = list(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found and shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "faketime"], check=False, **quiet)
        found = list(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        pytest.skip("the seeder needs libfaketime: apt-get install faketime")


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@pytest.fixture(scope="module")
def book(server: Running, tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book with an account per zone, synced and committed by the command line."""
    made = Book(tmp_path_factory.mktemp("book")).ensure()
    made.config.write_text("\n".join(ACCOUNT.format(name=name, login="vd", zone=zone, url=server.url) for name, zone in ZONES.items()), encoding="utf-8")
    save_credentials(made, "vd", {"api_key": server.key})
    assert main(["sync", "--data", str(made.root)]) == 0
    return made


def days_of(book: Book, shop: str, metric: str) -> dict[str, int]:
    """What the pages would show of each day, zeros left out; money in fen."""
    reader = Reader(book)
    try:
        rows = reader.query("SELECT day, value FROM shop_day WHERE shop = $shop AND metric = $metric AND value <> 0", {"shop": shop, "metric": metric})
    finally:
        reader.close()
    scale = 100 if metric in ("sales", "refunds") else 1
    return {date.fromisoformat(str(row.day)[:10]).isoformat(): round(float(row.value) * scale) for row in rows.itertuples()}


@pytest.mark.parametrize("shop", ZONES)
@pytest.mark.parametrize("metric", TRUTH)
def test_every_day_equals_the_servers_own_figures(server: Running, book: Book, shop: str, metric: str) -> None:
    """To the fen, in both zones: cancelled orders stay sales of their day, baskets are no orders, a refund counts on its own day."""
    days = server.truth["days"]["Asia/Shanghai" if shop == "shanghai" else "utc"]
    told = {day: figures[TRUTH[metric]] for day, figures in days.items() if figures[TRUTH[metric]]}
    found = days_of(book, shop, metric)
    print(f"{shop} {metric}: {len(found)} days, {sum(found.values()):,} (server: {len(told)} days, {sum(told.values()):,})")
    assert found == told and sum(told.values()) == server.truth[TRUTH[metric]]


def test_refunds_are_rows_of_their_own(server: Running, book: Book) -> None:
    """As many settled and pending ones as the server has; only settled ones are money given back."""
    with opened(book) as con:
        done, waiting = con.execute("SELECT count(*) FILTER (is_done), count(*) FILTER (NOT is_done) FROM fact.refund WHERE shop = 'utc'").fetchone() or (0, 0)
        bad = con.execute("SELECT count(*) FROM fact.quarantine").fetchone()
    assert (done, waiting, bad) == (server.truth["refund_count"], server.truth["pending_refunds"]["count"], (0,))


def test_a_second_sync_changes_no_figure(server: Running, book: Book) -> None:
    """The same days asked again add nothing."""
    before = {(shop, metric): days_of(book, shop, metric) for shop in ZONES for metric in TRUTH}
    assert main(["sync", "--data", str(book.root)]) == 0
    assert {(shop, metric): days_of(book, shop, metric) for shop in ZONES for metric in TRUTH} == before


def test_a_wrong_key_is_an_error_and_not_a_shop_without_orders(server: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command fails and says what to look at; no day is noted as known, and the key is nowhere in what is said."""
    wrong = Book(tmp_path / "book").ensure()
    wrong.config.write_text(ACCOUNT.format(name="wrong", login="wrong", zone="UTC", url=server.url), encoding="utf-8")
    save_credentials(wrong, "wrong", {"api_key": f"0{server.key}"})
    assert main(["sync", "--data", str(wrong.root)]) == 1
    said = capsys.readouterr()
    assert "FORBIDDEN" in said.err and "API keys" in said.err and server.key not in said.err + said.out
    assert not list(wrong.packages.glob("*/*"))
