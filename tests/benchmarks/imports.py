"""A large order CSV through the whole import, first and again with 1% changed, beside bare DuckDB reading the same file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

import worker
from connectors import files
from tests.benchmarks.timing import Row, peak_mb, seconds
from warehouse.book import Book
from warehouse.commit import open_warehouse
from warehouse.marts import load_marts
from warehouse.publish import publish
from warehouse.replay import commit_waiting

AT = "strftime(TIMESTAMP '2026-01-01' + INTERVAL (i * {step}) SECOND, '%Y-%m-%d %H:%M:%S')"


def write_csv(path: Path, rows: int, changed: bool) -> None:
    """A Tmall order report with the real headers; `changed` restates every hundredth row."""
    at = AT.format(step=max(31_000_000 // rows, 1) / 1)
    refund = "CASE WHEN i % 100 = 7 THEN '1.00' ELSE '0.00' END" if changed else "'0.00'"
    duckdb.connect().execute(
        f"COPY (SELECT (4100000000000000000 + i)::TEXT AS \"订单编号\", (10 + i % 997 / 7.0)::DECIMAL(18,2)::TEXT AS \"总金额\", (10 + i % 997 / 7.0)::DECIMAL(18,2)::TEXT AS \"买家实际支付金额\", "
        f"'浙江省' AS \"收货地址\", {at} AS \"订单创建时间\", CASE WHEN i % 10 > 0 THEN {at} END AS \"订单付款时间\", {refund} AS \"退款金额\" FROM range({rows}) t(i)) TO '{path}' (HEADER)"
    )


def bare(path: Path, folder: Path) -> float:
    """Seconds for DuckDB alone: the CSV into a typed table, checkpointed."""

    def job() -> None:
        with duckdb.connect(str(folder / "bare.duckdb")) as con:
            con.execute(f"CREATE OR REPLACE TABLE t AS FROM read_csv('{path}')")
            con.execute("CHECKPOINT")

    return seconds(job)


def whole_import(book: Book, path: Path) -> tuple[float, float, float]:
    """Seconds to seal, to commit, to publish."""
    sealing = seconds(lambda: files.seal(book, path, shop="s"))
    with book.lock(), open_warehouse(book) as con:
        committing = seconds(lambda: (commit_waiting(con, book, worker.interpreter(book)), con.execute("CHECKPOINT")))
        publishing = seconds(lambda: publish(book, con, load_marts(worker.MARTS), worker.metric_sources()))
    return sealing, committing, publishing


def rows(sizes: list[int]) -> list[Row]:
    table = []
    for size in sizes:
        with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
            folder = Path(name)
            first, second = folder / "first.csv", folder / "second.csv"
            write_csv(first, size, False)
            write_csv(second, size, True)
            alone = bare(first, folder)
            label, book = f"{size / 1e6:g}M rows, {first.stat().st_size / 1e6:.0f} MB", Book(folder / "book").ensure()
            for when, path, aims in (("first time", first, (0.5, 0.25)), ("again, 1% changed", second, (None, None))):
                sealing, committing, publishing = whole_import(book, path)
                whole = sealing + committing + publishing
                parts = f"{whole:.1f} s (seal {sealing:.1f}, commit {committing:.1f}, publish {publishing:.1f})"
                table.append(_beside(f"commit, {label}, {when}", committing, f"{committing:.1f} s", alone, aims[0]))
                table.append(_beside(f"whole import, {label}, {when}", whole, parts, alone, aims[1]))
    peak = peak_mb()
    table.append(Row("peak memory of the importing process", f"{peak:.0f} MB", "", "", "2,000 MB", peak < 2000))
    return table


def _beside(what: str, took: float, figure: str, alone: float, aim: float | None) -> Row:
    """A row with the speed as a share of bare DuckDB's."""
    return Row(what, figure, f"bare DuckDB {alone:.1f} s", f"{alone / took:.2f}", f"{aim:.2f}" if aim else "", alone / took >= aim if aim else None)
