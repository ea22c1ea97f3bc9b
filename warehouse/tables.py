"""What schema.sql says of each fact table: key, touched days, merge mode, columns."""

from __future__ import annotations

import re
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
        named = ("order_id", "refund_id", "flow_id", "metric", "promotion", "activity", "plan", "node", "note", "currency", "display")
        lines = ("line_id",) if self.name in ("order_line", "commission") else ()
        return tuple(name for name in self.key if self.columns[name] in ("DATE", "TIMESTAMP") or name in named + lines)


def schema_sql() -> str:
    return (HERE / "schema.sql").read_text(encoding="utf-8")


def macros_sql() -> str:
    return (HERE / "macros.sql").read_text(encoding="utf-8")


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Create the fact schema and the parsing macros on a writer's connection; safe to repeat."""
    con.execute("CREATE SCHEMA IF NOT EXISTS fact")
    con.execute(schema_sql())
    con.execute(macros_sql())


@cache
def tables() -> dict[str, Table]:
    """Every fact table of schema.sql by name."""
    con = duckdb.connect()
    con.execute("CREATE SCHEMA fact")
    con.execute(schema_sql())
    found = {}
    for head, name in re.findall(r"((?:^--.*\n)+)CREATE TABLE IF NOT EXISTS fact\.(\w+)", schema_sql(), re.MULTILINE):
        columns = con.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = 'fact' AND table_name = ? ORDER BY column_index", [name]
        ).fetchall()
        found[name] = Table(
            name, _fact(head, "purpose", r".*"), _names(head, "key"), _names(head, "days"), _fact(head, "merge", r"\w+"), dict(columns)
        )
    con.close()
    return found


def _fact(head: str, label: str, pattern: str) -> str:
    match = re.search(rf"\b{label}: ({pattern})", head)
    return match.group(1).strip() if match else ""


def _names(head: str, label: str) -> tuple[str, ...]:
    text = _fact(head, label, r"\w+(?:, \w+)*")
    return tuple(text.split(", ")) if text else ()
