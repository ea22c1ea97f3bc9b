"""What schema.sql says of each fact table: key, touched days, merge mode, columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
BOOKKEEPING = ("package", "as_of")  # when and how a row came, not what it says


@dataclass(frozen=True)
class Table:
    """One fact table. `columns` maps name to DuckDB type, in order."""

    name: str
    purpose: str
    key: tuple[str, ...]
    days: tuple[str, ...]
    merge: str  # upsert | slice | internal
    columns: dict[str, str]

    @property
    def content(self) -> tuple[str, ...]:
        """Columns that say something: all but when and how the row came."""
        return tuple(name for name in self.columns if name not in BOOKKEEPING)

    @property
    def required(self) -> tuple[str, ...]:
        """Key columns that a mapping must fill: ids of orders and refunds, days and instants."""
        named = ("order_id", "refund_id", "flow_id", "metric", "promotion", "activity", "plan", "node", "note", "currency", "display", "alias")
        lines = ("line_id",) if self.name in ("order_line", "commission") else ()
        return tuple(name for name in self.key if self.columns[name] in ("DATE", "TIMESTAMP") or name in named + lines)


def schema_sql() -> str:
    return (HERE / "schema.sql").read_text(encoding="utf-8")


def macros_sql() -> str:
    return (HERE / "macros.sql").read_text(encoding="utf-8")


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Create the fact schema and the parsing macros on a writer's connection; safe to repeat.

    A table that an earlier version made with other columns is brought to today's; columns it did not have are empty.
    """
    con.execute("CREATE SCHEMA IF NOT EXISTS fact")
    con.execute(schema_sql())
    con.execute(macros_sql())
    stored = _columns(con)
    for table in tables().values():
        if list(stored[table.name].items()) != list(table.columns.items()):
            con.execute(f"CREATE OR REPLACE TABLE fact.{table.name} AS SELECT {', '.join(_carried(table, stored[table.name]))} FROM fact.{table.name}")


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Name and type of every column of every fact table, in order."""
    found: dict[str, dict[str, str]] = {}
    for name, column, kind in con.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = 'fact' ORDER BY table_name, column_index"
    ).fetchall():
        found.setdefault(name, {})[column] = kind
    return found


def _carried(table: Table, stored: dict[str, str]) -> Iterator[str]:
    """Every column of today's table out of what an earlier version stored."""
    for column, kind in table.columns.items():
        blank = "''" if column in table.key and kind == "VARCHAR" else "NULL"
        yield f'"{column}"::{kind} AS "{column}"' if column in stored else f'{blank}::{kind} AS "{column}"'


@cache
def tables() -> dict[str, Table]:
    """Every fact table of schema.sql by name."""
    con = duckdb.connect()
    con.execute("CREATE SCHEMA fact")
    con.execute(schema_sql())
    found = {}
    columns = _columns(con)
    for head, name in re.findall(r"((?:^--.*\n)+)CREATE TABLE IF NOT EXISTS fact\.(\w+)", schema_sql(), re.MULTILINE):
        found[name] = Table(
            name, _fact(head, "purpose", r".*"), _names(head, "key"), _names(head, "days"), _fact(head, "merge", r"\w+"), columns[name]
        )
    con.close()
    return found


def _fact(head: str, label: str, pattern: str) -> str:
    match = re.search(rf"\b{label}: ({pattern})", head)
    return match.group(1).strip() if match else ""


def _names(head: str, label: str) -> tuple[str, ...]:
    text = _fact(head, label, r"\w+(?:, \w+)*")
    return tuple(text.split(", ")) if text else ()
