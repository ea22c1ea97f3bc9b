"""Receipts: immutable Parquet files of order facts, one per table, shop and month, named by the generation that made them.

A page's order list reads these; only the months of touched days are written again.
"""

from __future__ import annotations

import hashlib

import duckdb

from warehouse.book import Book

Connection = duckdb.DuckDBPyConnection
TABLES = {"order_head": "created_at", "order_line": "created_at", "refund": "coalesce(done_at, applied_at)"}


def _name(table: str, shop: str, month: str, generation: str) -> str:
    return f"{table}-{hashlib.sha256(shop.encode()).hexdigest()[:12]}-{month}-{generation}.parquet"


def write_receipts(book: Book, con: Connection, generation: str, rebuild: bool) -> None:
    """Write the touched months and list every valid file in `gen.mart.receipt(target, shop, month, file)`."""
    folder = book.serving / "facts"
    folder.mkdir(parents=True, exist_ok=True)
    con.execute("CREATE TABLE IF NOT EXISTS gen.mart.receipt (target TEXT, shop TEXT, month DATE, file TEXT)")
    if rebuild:
        con.execute("DELETE FROM gen.mart.receipt")
    for table, moment in TABLES.items():
        months = con.execute(
            f"SELECT shop, month, count(*) FROM (SELECT t.shop, t.month FROM (SELECT DISTINCT shop, date_trunc('month', day)::DATE AS month FROM temp.touched) t "
            f"JOIN fact.{table} f ON f.shop = t.shop AND {moment} >= t.month AND {moment} < t.month + INTERVAL 1 MONTH) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        con.execute(
            "DELETE FROM gen.mart.receipt r USING (SELECT DISTINCT shop, date_trunc('month', day)::DATE AS month FROM temp.touched) t "
            "WHERE r.target = $table AND r.shop = t.shop AND r.month = t.month",
            {"table": table},
        )
        for shop, month, _ in months:
            name = _name(table, shop, f"{month:%Y%m}", generation)
            path = str(folder / name).replace("'", "''")
            con.execute(
                f"COPY (SELECT * FROM fact.{table} WHERE shop = $shop AND {moment} >= $month AND {moment} < $month + INTERVAL 1 MONTH "
                f"ORDER BY {moment}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)",
                {"shop": shop, "month": month},
            )
            con.execute("INSERT INTO gen.mart.receipt VALUES (?, ?, ?, ?)", [table, shop, month, name])


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
