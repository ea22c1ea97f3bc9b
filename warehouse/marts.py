"""Run mart definitions: each is one SELECT over facts (and earlier marts) that fills a table of the next generation.

A definition starts with a header:
  -- mart:    shop_day
  -- replace: touched      rows of the touched (shop, day) pairs are deleted and selected again; the SELECT joins `touched`
              all          the whole table is made anew (small tables)
Unqualified names are fact tables or the temp tables `touched(shop, day)` and `metric_source(metric, kind, rank)`;
`mart.<name>` is a mart made before it in this run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.errors import ConfigError, PackageError

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Mart:
    """One mart: `replace` is 'touched' or 'all'; `sql` a single SELECT."""

    name: str
    replace: str
    sql: str


def parse_mart(text: str) -> Mart:
    """Read a definition. Raises ConfigError when the header is incomplete."""
    facts = dict(re.findall(r"^--\s*(mart|replace):\s*(\w+)", text, re.MULTILINE))
    if facts.get("replace") not in ("touched", "all") or "mart" not in facts:
        raise ConfigError("A mart file needs the header lines '-- mart: NAME' and '-- replace: touched' or 'all'.")
    return Mart(facts["mart"], facts["replace"], text.rstrip().rstrip(";"))


def load_marts(directory: Path) -> list[Mart]:
    """Every mart of a directory, in the order of the file names."""
    return [parse_mart(path.read_text(encoding="utf-8")) for path in sorted(directory.glob("*.sql"))]


def version_of(marts: Sequence[Mart], metric_sources: Iterable[tuple[str, str, int]]) -> str:
    """Changes whenever a definition or the precedence of sources does: then everything is computed again."""
    text = "\n".join(mart.sql for mart in marts) + repr(sorted(metric_sources))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def build(con: Connection, marts: Sequence[Mart]) -> None:
    """Fill the marts of the attached generation `gen` for the rows of temp table `touched`."""
    warehouse = con.execute("SELECT current_database()").fetchone()
    con.execute("CREATE SCHEMA IF NOT EXISTS gen.mart")
    con.execute(f"SET search_path = '{warehouse[0] if warehouse else ''}.fact,gen.mart'")
    try:
        for mart in marts:
            try:
                _fill(con, mart)
            except duckdb.Error as error:
                raise PackageError(f"The mart '{mart.name}' does not run: {error}") from error
    finally:
        con.execute("RESET search_path")


def _fill(con: Connection, mart: Mart) -> None:
    if mart.replace == "all":
        con.execute(f"CREATE OR REPLACE TABLE gen.mart.{mart.name} AS {mart.sql}")
        return
    known = con.execute("SELECT 1 FROM duckdb_tables() WHERE database_name = 'gen' AND schema_name = 'mart' AND table_name = $name", {"name": mart.name}).fetchone()
    if known is None:
        con.execute(f"CREATE TABLE gen.mart.{mart.name} AS {mart.sql}")
        return
    con.execute(f"DELETE FROM gen.mart.{mart.name} m USING temp.touched t WHERE m.shop = t.shop AND m.day = t.day")
    con.execute(f"INSERT INTO gen.mart.{mart.name} BY NAME {mart.sql}")
