"""Receipts: immutable Parquet files of orders and refunds, one per shop and publish, named by the generation that made them.

A page's order list reads these. Only touched days are written again; `mart.receipt(target, shop, day, file)` says which
file answers for a day, what older files hold of it no longer counts. A shop's month in many files is gathered in one.
They hold what the list shows and no buyer; one shop's orders go straight to its file (a folder a shop takes twice the time).
"""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import date
from pathlib import Path

import duckdb

from warehouse.book import Book

Connection = duckdb.DuckDBPyConnection
SHOWN = (
    "shop, source, order_id, status, created_at, paid_at, currency, placed_amount, paid_amount, seller_discount, refund_amount, refund_at, units, channel, host, "
    "is_test, is_gift, is_brush, package, as_of"
)
BACK = "shop, source, order_id, done_at, currency, amount, is_done, as_of"
TABLES = {"order_head": ("created_at", SHOWN), "refund": ("done_at", BACK)}  # the instant whose day a row belongs to, and what is written
FORM = "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION V2"  # V2: a fifth faster, and smaller
CROWD = 8  # files a shop's month may be in
MONTHS = 3  # so many are written in one statement, more one by one: memory stays bounded


def write_receipts(book: Book, con: Connection, generation: str, rebuild: bool, changed: frozenset[str] | None = None) -> None:
    """Write the touched days and say in `gen.mart.receipt` that these files answer for them.

    `changed`: fact tables that may hold other rows than before (None: any); the files of the others stay.
    """
    folder = book.serving / "facts"
    folder.mkdir(parents=True, exist_ok=True)
    con.execute("CREATE TABLE IF NOT EXISTS gen.mart.receipt (target TEXT, shop TEXT, day DATE, file TEXT)")
    if rebuild:
        con.execute("DELETE FROM gen.mart.receipt")
    for table in TABLES:
        if changed is not None and table not in changed:
            continue
        _fill_written(con, table)
        con.execute("DELETE FROM gen.mart.receipt r USING written w WHERE r.target = $table AND r.shop = w.shop AND r.day = w.day", {"table": table})
        months = [row[0] for row in con.execute("SELECT DISTINCT date_trunc('month', day)::DATE FROM written ORDER BY 1").fetchall()]
        for number, first in enumerate(months[:1] if len(months) <= MONTHS else months):
            _write(con, folder, table, f"{generation}-{number}", first, months[-1] if len(months) <= MONTHS else first)
    con.execute("DROP TABLE IF EXISTS temp.written")


def _fill_written(con: Connection, table: str) -> None:
    """The touched days, and every listed day of a touched month that lies in too many files."""
    con.execute("CREATE OR REPLACE TEMP TABLE written AS SELECT shop, day FROM temp.touched")
    con.execute(
        "INSERT INTO written SELECT DISTINCT r.shop, r.day FROM gen.mart.receipt r JOIN (SELECT shop, date_trunc('month', day) AS month "
        "FROM gen.mart.receipt WHERE target = $table GROUP BY ALL HAVING count(DISTINCT file) >= $crowd) c ON c.shop = r.shop AND c.month = date_trunc('month', r.day) "
        "JOIN (SELECT DISTINCT shop, date_trunc('month', day) AS month FROM temp.touched) t ON t.shop = c.shop AND t.month = c.month "
        "WHERE r.target = $table EXCEPT SELECT shop, day FROM written",
        {"table": table, "crowd": CROWD},
    )


def _write(con: Connection, folder: Path, table: str, name: str, first: date, last: date) -> None:
    """One statement writes a folder a shop; each file then gets the name that it keeps."""
    draft = folder / f".{name}"
    shutil.rmtree(draft, ignore_errors=True)
    window = {"first": first, "last": last}
    shops = [str(row[0]) for row in con.execute("SELECT DISTINCT shop FROM written WHERE day >= $first AND day < $last::DATE + INTERVAL 1 MONTH ORDER BY shop", window).fetchall()]
    low, high = con.execute("SELECT min(day), max(day) + 1 FROM written WHERE day >= $first AND day < $last::DATE + INTERVAL 1 MONTH", window).fetchone() or (None, None)
    moment, columns = TABLES[table]
    rows = f"FROM fact.{table} f SEMI JOIN written w ON w.shop = f.shop AND w.day = f.{moment}::DATE WHERE f.{moment} >= $low AND f.{moment} < $high"
    if len(shops) == 1:
        whole = draft / "_part=1" / "whole.parquet"
        whole.parent.mkdir(parents=True)
        if con.execute(f"COPY (SELECT {columns} {rows}) TO {_text(whole)} ({FORM})", {"low": low, "high": high}).fetchone() == (0,):
            whole.unlink()
    else:
        con.execute(
            f"COPY (SELECT {columns}, list_position($shops, shop) AS _part {rows}) TO {_text(draft)} ({FORM}, PARTITION_BY (_part))",
            {"low": low, "high": high, "shops": shops},
        )
    listed: list[tuple[str, str]] = []
    for number, path in enumerate(sorted(draft.glob("*/*.parquet"))):
        shop = shops[int(path.parent.name.removeprefix("_part=")) - 1]
        listed.append((shop, f"{table}-{hashlib.sha256(shop.encode()).hexdigest()[:12]}-{name}-{number}.parquet"))
        os.replace(path, folder / listed[-1][1])
    con.execute(
        "INSERT INTO gen.mart.receipt SELECT $table, w.shop, w.day, f.file FROM written w JOIN (SELECT unnest($shops::TEXT[]) AS shop, "
        "unnest($files::TEXT[]) AS file) f ON f.shop = w.shop WHERE w.day >= $low AND w.day < $high",
        {"table": table, "shops": [shop for shop, _ in listed], "files": [file for _, file in listed], "low": low, "high": high},
    )
    shutil.rmtree(draft, ignore_errors=True)


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def drop_unused_receipts(book: Book) -> None:
    """Delete files that no kept generation lists."""
    used: set[str] = set()
    for path in book.serving.glob("g*.duckdb"):
        try:
            with duckdb.connect(str(path), read_only=True) as con:
                used.update(row[0] for row in con.execute("SELECT DISTINCT file FROM mart.receipt").fetchall())
        except duckdb.Error:
            return  # unknown is not unused
    for file in (book.serving / "facts").glob("*.parquet"):
        if file.name not in used:
            file.unlink(missing_ok=True)
