"""The read side: a published generation, opened read-only, whole or cut down to a set of shops."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import duckdb
import pandas as pd

from warehouse.book import Book
from warehouse.errors import NoBook
from warehouse.publish import current_generation, generation_path

Connection = duckdb.DuckDBPyConnection
_OPENING = threading.Lock()
SLOW_TO_PLAN = "distinct_aggregate_rewrite"  # it doubles the planning of small questions with several DISTINCT aggregates
ALONE_BYTES = 100 << 20  # a generation up to this size is asked by one thread a question: a second one costs more than it saves


class Reader:
    """Answers SQL from the current generation and moves on by itself when the next one is named.

    `shops`: only these shops exist for this reader; their rows are copied to memory and the file is detached, so no
    query text, parameter or path can reach another shop.
    """

    def __init__(self, book: Book, shops: Sequence[str] | None = None):
        self.book = book
        self.shops = tuple(shops) if shops is not None else None
        self._lock = threading.Lock()
        self._con: Connection | None = None
        self._generation = ""

    @property
    def generation(self) -> str:
        """Name of the generation this reader answers from. Raises NoBook before the first."""
        self._connection()
        return self._generation

    @property
    def as_of(self) -> datetime:
        """When the current generation was published (UTC)."""
        moment: datetime = pd.Timestamp(self.query("SELECT published_at FROM meta").published_at[0]).to_pydatetime()
        return moment

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run one SELECT with named parameters (`$name`; those it does not use are ignored) and return its rows."""
        used = {name: value for name, value in (params or {}).items() if re.search(rf"\${name}\b", sql)}
        cursor = self._connection().cursor()
        cursor.execute("SET search_path = 'mart'; SET TimeZone = 'UTC'")  # settings of a session are not handed on to its cursors
        return cursor.execute(sql, used).df()

    def receipts(self, table: str, shops: Sequence[str] | None, day_from: date, day_to: date) -> list[str]:
        """Paths of the order facts of `table` for these shops and days of ordering, for queries in queries/detail.

        A file may hold older rows of other days: a row counts when table `receipt` lists its shop, day and file.
        """
        files = self.query(
            "SELECT DISTINCT file FROM receipt WHERE target = $target AND ($shops IS NULL OR list_contains($shops, shop)) "
            "AND day BETWEEN $low AND $high ORDER BY file",
            {"target": table, "shops": list(shops) if shops is not None else None, "low": day_from, "high": day_to},
        )
        return [str(self.book.serving / "facts" / name) for name in files.file]

    def close(self) -> None:
        with self._lock:
            if self._con is not None:
                self._con.close()
            self._con, self._generation = None, ""

    def _connection(self) -> Connection:
        wanted = current_generation(self.book)
        if wanted is None:
            raise NoBook(f"The book {self.book.root} has no published numbers yet. Import a file first: python -m connectors import FILE --shop ID")
        with self._lock:
            if self._con is None or wanted != self._generation:
                self._con = self._open(wanted)  # the old connection closes when its last cursor is done
                self._generation = wanted
            return self._con

    def _open(self, generation: str) -> Connection:
        path = str(generation_path(self.book, generation))
        size = generation_path(self.book, generation).stat().st_size
        con = duckdb.connect(path, read_only=True) if self.shops is None else _cut_down(path, self.shops)
        files = [str(self.book.serving / "facts" / name) for (name,) in con.execute("SELECT DISTINCT file FROM mart.receipt").fetchall()]
        with _OPENING:  # readers of one process share the engine of a file: what the first has locked stays locked
            if con.execute("SELECT current_setting('enable_external_access')::BOOLEAN").fetchone() == (True,):
                con.execute(f"SET disabled_optimizers = '{SLOW_TO_PLAN}'")
                if size <= ALONE_BYTES:
                    con.execute("SET threads = 1")
                con.execute(f"SET allowed_paths = [{', '.join(_text(file) for file in files)}]")
                con.execute("SET enable_external_access = false")
        return con


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _cut_down(path: str, shops: Sequence[str]) -> Connection:
    """An in-memory copy of the marts with these shops only; the file is detached before anybody asks."""
    con = duckdb.connect()
    con.execute(f"ATTACH {_text(path)} AS whole (READ_ONLY)")
    con.execute("CREATE SCHEMA mart")
    columns = con.execute("SELECT table_name, bool_or(column_name = 'shop') FROM duckdb_columns() WHERE database_name = 'whole' AND schema_name = 'mart' GROUP BY ALL").fetchall()
    for table, has_shop in columns:
        where = "WHERE list_contains($shops, shop)" if has_shop else ""
        con.execute(f'CREATE TABLE mart."{table}" AS SELECT * FROM whole.mart."{table}" {where}', {"shops": list(shops)} if has_shop else {})
    con.execute("DETACH whole")
    return con
