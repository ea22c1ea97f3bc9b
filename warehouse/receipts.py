"""Receipts: immutable Parquet files of order facts, one per table, shop and month, named by the generation that made them.

A page's order list reads these; only the months of touched days are written again.
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
TABLES = {"order_head": "created_at", "order_line": "created_at", "refund": "coalesce(done_at, applied_at)"}


def write_receipts(book: Book, con: Connection, generation: str, rebuild: bool, changed: frozenset[str] | None = None) -> None:
    """Write the touched months and list every valid file in `gen.mart.receipt(target, shop, month, file)`.

    `changed`: fact tables that may hold other rows than before (None: any); the files of the others stay.
    """
    folder = book.serving / "facts"
    folder.mkdir(parents=True, exist_ok=True)
    con.execute("CREATE TABLE IF NOT EXISTS gen.mart.receipt (target TEXT, shop TEXT, month DATE, file TEXT)")
    if rebuild:
        con.execute("DELETE FROM gen.mart.receipt")
    con.execute("CREATE OR REPLACE TEMP TABLE touched_month AS SELECT DISTINCT shop, date_trunc('month', day)::DATE AS month FROM temp.touched")
    months = [row[0] for row in con.execute("SELECT DISTINCT month FROM touched_month ORDER BY month").fetchall()]
    for table in TABLES:
        if changed is not None and table not in changed:
            continue
        con.execute("DELETE FROM gen.mart.receipt r USING touched_month t WHERE r.target = $table AND r.shop = t.shop AND r.month = t.month", {"table": table})
        listed = [row for month in months for row in _write_month(con, folder, table, month, generation)]
        if listed:
            marks = ", ".join("(?, ?, ?, ?)" for _ in listed)
            con.execute(f"INSERT INTO gen.mart.receipt VALUES {marks}", [value for row in listed for value in row])
    con.execute("DROP TABLE touched_month")


def _write_month(con: Connection, folder: Path, table: str, month: date, generation: str) -> list[tuple[str, str, date, str]]:
    """One statement a month writes a folder a shop; each file then gets the name that it keeps."""
    draft = folder / f".{generation}"
    shutil.rmtree(draft, ignore_errors=True)
    shops = [str(row[0]) for row in con.execute("SELECT shop FROM touched_month WHERE month = $month ORDER BY shop", {"month": month}).fetchall()]
    moment = TABLES[table]
    con.execute(
        f"COPY (SELECT f.*, list_position($shops, f.shop) AS _part FROM fact.{table} f WHERE {moment} >= $month AND {moment} < $month + INTERVAL 1 MONTH "
        f"AND list_contains($shops, f.shop) ORDER BY {moment}) TO '{str(draft).replace(chr(39), chr(39) * 2)}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (_part))",
        {"month": month, "shops": shops},
    )
    listed = []
    for number, path in enumerate(sorted(draft.glob("*/*.parquet"))):
        shop = shops[int(path.parent.name.removeprefix("_part=")) - 1]
        name = f"{table}-{hashlib.sha256(shop.encode()).hexdigest()[:12]}-{month:%Y%m}-{generation}-{number}.parquet"
        os.replace(path, folder / name)
        listed.append((table, shop, month, name))
    shutil.rmtree(draft, ignore_errors=True)
    return listed


def drop_unused_receipts(book: Book) -> None:
    """Delete files that no kept generation lists."""
    used: set[str] = set()
    for path in book.serving.glob("g*.duckdb"):
        try:
            with duckdb.connect(str(path), read_only=True) as con:
                used.update(row[0] for row in con.execute("SELECT file FROM mart.receipt").fetchall())
        except duckdb.Error:
            return  # unknown is not unused
    for file in (book.serving / "facts").glob("*.parquet"):
        if file.name not in used:
            file.unlink(missing_ok=True)
