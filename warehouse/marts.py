"""Run mart definitions: each is one SELECT over facts (and earlier marts) that fills a table of the next generation.

A definition starts with a header:
  -- mart:    shop_day
  -- replace: touched      rows of the touched (shop, day) pairs are deleted and selected again; the SELECT joins `touched`
              all          the whole table is made anew (small tables)
  -- reads:   shop_day, mart.shop   facts and marts it selects from; it is left as it is while none of them changed
  -- covers:  order_line    the facts whose coverage it looks up in mart.covered_day (without it: any fact behind it)
Unqualified names are fact tables or the temp tables `touched(shop, day)` and `metric_source(metric, kind, rank)`;
`mart.<name>` is a mart made before it in this run. getvariable('first_day') and ('last_day') are the ends of the touched days,
('end_day') the day after: constants to the planner, so that a scan of facts skips the rest (a join with the ends, 390 ms on 1M orders: 85).
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
LAYOUT = "rows by day, receipts of orders and refunds by day as shown"  # how a generation lies on disk; other words make it anew
COVERAGE = frozenset({"mart.coverage", "mart.covered_day"})


@dataclass(frozen=True)
class Mart:
    """One mart: `replace` is 'touched' or 'all'; `sql` a single SELECT; `reads` its inputs, empty when it does not say."""

    name: str
    replace: str
    sql: str
    reads: frozenset[str] = frozenset()
    covers: frozenset[str] = frozenset()


def parse_mart(text: str) -> Mart:
    """Read a definition. Raises ConfigError when the header is incomplete."""
    facts = dict(re.findall(r"^--\s*(mart|replace):\s*(\w+)", text, re.MULTILINE))
    if facts.get("replace") not in ("touched", "all") or "mart" not in facts:
        raise ConfigError("A mart file needs the header lines '-- mart: NAME' and '-- replace: touched' or 'all'.")
    return Mart(facts["mart"], facts["replace"], text.rstrip().rstrip(";"), _listed(text, "reads"), _listed(text, "covers"))


def _listed(text: str, key: str) -> frozenset[str]:
    """Names after a header key, which may go on over further comment lines."""
    found = re.search(rf"^-- {key}:\s*(.*(?:\n--  .*)*)", text, re.MULTILINE)
    return frozenset(re.findall(r"[\w.]+", found[1].replace("--", ""))) if found else frozenset()


def load_marts(directory: Path) -> list[Mart]:
    """Every mart of a directory, in the order of the file names."""
    return [parse_mart(path.read_text(encoding="utf-8")) for path in sorted(directory.glob("*.sql"))]


def version_of(marts: Sequence[Mart], metric_sources: Iterable[tuple[str, str, int]]) -> str:
    """Changes whenever a definition or the precedence of sources does: then everything is computed again."""
    text = "\n".join(mart.sql for mart in marts) + repr(sorted(metric_sources)) + LAYOUT
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def build(con: Connection, marts: Sequence[Mart], changed: Iterable[str] | None = None) -> None:
    """Fill the marts of the attached generation `gen` for the rows of temp table `touched`.

    `changed`: the fact tables written since the generation before; None when that is not known, then every mart is filled.
    """
    warehouse = con.execute("SELECT current_database()").fetchone()
    con.execute("CREATE SCHEMA IF NOT EXISTS gen.mart")
    known = {str(row[0]) for row in con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'gen' AND schema_name = 'mart'").fetchall()}
    news = _News(marts, changed)
    for name, end in (("first_day", "min(day)"), ("last_day", "max(day)"), ("end_day", "max(day) + 1")):
        con.execute(f"SET VARIABLE {name} = (SELECT {end} FROM temp.touched)")
    con.execute(f"SET search_path = '{warehouse[0] if warehouse else ''}.fact,gen.mart'")
    try:
        for mart in marts:
            try:
                if mart.name not in known:
                    order = " ORDER BY day, shop" if mart.replace == "touched" else ""  # so a question about a month skips the rest
                    con.execute(f"CREATE TABLE gen.mart.{mart.name} AS FROM ({mart.sql}\n){order}")
                    news.marts.add(f"mart.{mart.name}")
                elif news.concern(mart) and _fill(con, mart, news.is_read(mart)):
                    news.marts.add(f"mart.{mart.name}")
            except duckdb.Error as error:
                raise PackageError(f"The mart '{mart.name}' does not run: {error}") from error
    finally:
        con.execute("RESET search_path")


class _News:
    """What changed so far: fact tables, and the marts made before that did not stay as they were."""

    def __init__(self, marts: Sequence[Mart], changed: Iterable[str] | None):
        self.facts = None if changed is None else frozenset(changed)
        self.marts: set[str] = set()
        self._read = {name for mart in marts for name in mart.reads}
        self._behind: dict[str, frozenset[str]] = {}
        for mart in marts:
            behind = mart.reads.union(*(self._behind.get(name, frozenset()) for name in mart.reads))
            self._behind[f"mart.{mart.name}"] = behind

    def is_read(self, mart: Mart) -> bool:
        return f"mart.{mart.name}" in self._read

    def concern(self, mart: Mart) -> bool:
        """Does the mart have to be filled again? Coverage of a table is written only together with the table."""
        if self.facts is None or not mart.reads or mart.replace == "all" or "mart." + mart.name in COVERAGE:
            return True
        if mart.reads & self.facts or (mart.reads - COVERAGE) & self.marts:
            return True
        return "mart.covered_day" in mart.reads and bool((mart.covers or self._behind["mart." + mart.name]) & self.facts)


def _fill(con: Connection, mart: Mart, is_read: bool) -> bool:
    """Fill a mart that is there already; says whether its rows may differ from before."""
    table = f"gen.mart.{mart.name}"
    if mart.replace == "all":
        if is_read and con.execute(f"SELECT NOT EXISTS ((FROM {table} EXCEPT ALL ({mart.sql}\n)) UNION ALL (({mart.sql}\n) EXCEPT ALL FROM {table}))").fetchone() == (True,):
            return False
        con.execute(f"CREATE OR REPLACE TABLE {table} AS {mart.sql}")
        return True
    gone = con.execute(f"DELETE FROM {table} m USING temp.touched t WHERE m.shop = t.shop AND m.day = t.day").fetchone()
    come = con.execute(f"INSERT INTO {table} BY NAME {mart.sql}").fetchone()
    return gone != (0,) or come != (0,)
