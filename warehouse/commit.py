"""Commit a sealed package: one transaction, exactly once.

Stage -> quarantine -> one row per key -> merge -> coverage, touched days, counts, cursor. Either all of it is in
the warehouse afterwards or nothing; committing the same package again changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import duckdb

from warehouse.book import Book
from warehouse.coverage import cover, partial_days
from warehouse.errors import BookBusy, BookError
from warehouse.failpoint import reach
from warehouse.interpretation import Interpretation
from warehouse.merge import one, replace_slices, upsert
from warehouse.packages import Manifest, package_dir
from warehouse.staging import Staged, stage, stamp
from warehouse.tables import prepare

Connection = duckdb.DuckDBPyConnection
Interpreter = Callable[[Manifest], Interpretation]
MEMORY_LIMIT = "1500MB"
# preserve_insertion_order stays off: DuckDB 2.0.0 loses the rows of an ordered, parallel INSERT when the same
# transaction reads them back (tests/warehouse/test_commit.py holds 300,000 rows against it).

# which kinds of source say best on what platform and in what money a shop sells; ads may be another platform's
SELLS = {"orders": 0, "order_lines": 0, "shop": 1, "items": 1, "traffic": 1, "ads": 3, "ad_items": 3, "log": 9}


@dataclass(frozen=True)
class Outcome:
    """What a commit did. `stored` rows written, `quarantined` rows that could not be read, `differing` stated totals."""

    package: str
    rows: int
    stored: int
    quarantined: int
    differing: int = 0
    already: bool = False


@contextmanager
def open_warehouse(book: Book) -> Iterator[Connection]:
    """The writer's connection; hold `book.lock()` around it. Raises BookBusy or BookError with the remedy."""
    book.ensure()
    try:
        con = duckdb.connect(str(book.warehouse))
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise BookBusy(f"{book.warehouse} is open in another process. Close it (or wait), then try again.") from error
        raise BookError(f"{book.warehouse} cannot be opened ({error}). Run: python -m connectors replay") from error
    try:
        con.execute(f"SET memory_limit = '{MEMORY_LIMIT}'; SET preserve_insertion_order = false; SET TimeZone = 'UTC'")
        con.execute(f"SET temp_directory = '{str(book.root / 'tmp').replace(chr(39), chr(39) * 2)}'")
        prepare(con)
        yield con
    finally:
        con.close()


def committed_ids(con: Connection) -> set[str]:
    return {row[0] for row in con.execute("SELECT package FROM fact.package").fetchall()}


def commit(con: Connection, book: Book, manifest: Manifest, interpretation: Interpretation) -> Outcome:
    """Merge one package in a transaction of its own; a package that is already in changes nothing."""
    if one(con, "SELECT count(*) FROM fact.package WHERE package = $package", {"package": manifest.id}):
        return Outcome(manifest.id, 0, 0, 0, already=True)
    with transaction(con):
        outcome = apply(con, book, manifest, interpretation)
    reach("commit.done")
    return outcome


@contextmanager
def transaction(con: Connection) -> Iterator[None]:
    """All or nothing, with `touched_now` and `accepted` ready; temp tables are gone afterwards."""
    con.execute("BEGIN")
    try:
        con.execute("CREATE OR REPLACE TEMP TABLE touched_now (shop TEXT, day DATE)")
        con.execute("CREATE OR REPLACE TEMP TABLE accepted AS SELECT refers AS package FROM fact.package WHERE kind = 'accept' AND state = 'committed'")
        reach("commit.begin")
        yield
        con.execute("INSERT INTO fact.touched SELECT DISTINCT shop, day FROM touched_now WHERE shop IS NOT NULL AND day IS NOT NULL EXCEPT SELECT shop, day FROM fact.touched")
        reach("commit.recorded")
        con.execute("COMMIT")
    except BaseException:
        _roll_back(con)
        raise
    finally:
        _drop_temp(con)


def apply(con: Connection, book: Book, manifest: Manifest, interpretation: Interpretation) -> Outcome:
    """Merge one package inside an open `transaction`; a package that was in before is read afresh."""
    staged = _one_per_slice_table(con, stage(con, package_dir(book, manifest.id), manifest, interpretation))
    reach("commit.staged")
    forget_notes(con, manifest.id)
    _keep_shop(con, manifest, interpretation)
    stored = sum(_merge(con, part, manifest) for part in staged)
    reach("commit.merged")
    return _record(con, manifest, interpretation, stored)


def _roll_back(con: Connection) -> None:
    with suppress(duckdb.Error):  # the transaction may be gone already; the state on disk is the truth
        con.execute("ROLLBACK")


def _drop_temp(con: Connection) -> None:
    try:
        rows = con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary AND database_name = 'temp'").fetchall()
        views = con.execute("SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal").fetchall()
        for (name,) in views:
            con.execute(f'DROP VIEW IF EXISTS temp."{name}"')
        for (name,) in rows:
            con.execute(f'DROP TABLE IF EXISTS temp."{name}"')
    except duckdb.Error:
        pass  # a broken connection has no temp tables left to drop


def _one_per_slice_table(con: Connection, staged: list[Staged]) -> list[Staged]:
    """Loads into the same slice table are one statement about its days: gathered in the first, or the last would stand alone."""
    first: dict[str, Staged] = {}
    for part in staged:
        known = first.setdefault(part.table.name if part.table.merge == "slice" else part.name, part)
        if known is not part:
            con.execute(f"INSERT INTO {known.name} SELECT * FROM {part.name}")
            known.rows += part.rows
    return list(first.values())


def _merge(con: Connection, staged: Staged, manifest: Manifest) -> int:
    con.execute("INSERT INTO fact.changed SELECT $target WHERE $target NOT IN (SELECT target FROM fact.changed)", {"target": staged.table.name})
    if staged.table.merge == "slice":
        stored = replace_slices(con, staged, manifest)
        con.execute(
            "INSERT INTO fact.coverage SELECT target, shop, source, account, day, package, NOT is_clean OR list_contains($partial, day::TEXT), as_of "
            "FROM fact.slice WHERE package = $package AND target = $target",
            {"package": manifest.id, "target": staged.table.name, "partial": partial_days(manifest)},
        )
        return stored
    cover(con, staged, manifest)  # before the merge drops rows that are already known
    return upsert(con, staged)


def forget_notes(con: Connection, package: str) -> None:
    """Remove what was noted about a package, so that reading it again leaves no double notes."""
    for table in ("coverage", "source_total", "quarantine", "package"):
        con.execute(f"DELETE FROM fact.{table} WHERE package = $package", {"package": package})


def _keep_shop(con: Connection, manifest: Manifest, plan: Interpretation) -> None:
    """A shop is made by its packages; of several the first by (sells, source) names platform and currency, in any order.

    Typed settings carry updated_at and always stand.
    """
    if not manifest.shop or manifest.kind == "form":
        return
    source = f"{SELLS.get(plan.source.kind, 2)}:{manifest.source}"
    keys = {"shop": manifest.shop, "source": source}
    con.execute("DELETE FROM fact.shop WHERE shop = $shop AND updated_at IS NULL AND source > $source", keys)
    con.execute(
        "INSERT INTO fact.shop BY NAME SELECT $shop AS shop, $shop AS name, $platform AS platform, $currency AS currency, $zone AS zone, "
        "$source AS source, $package AS package WHERE NOT EXISTS (FROM fact.shop WHERE shop = $shop)",
        {**keys, "platform": manifest.platform, "currency": manifest.currency, "zone": manifest.zone, "package": manifest.id},
    )


def _record(con: Connection, manifest: Manifest, plan: Interpretation, stored: int) -> Outcome:
    """Quarantine, stated totals, source and package rows, all in the same transaction."""
    keys = {"package": manifest.id, "shop": manifest.shop, "source": manifest.source}
    con.execute("INSERT INTO fact.quarantine SELECT $package, $shop, $source, part, target, row_no, name, value, reason, raw FROM bad", keys)
    con.execute(
        "INSERT INTO fact.source_total SELECT $package, $shop, $source, part, name, stated, summed, stated - summed, note FROM stated", keys
    )
    info = plan.source
    con.execute("DELETE FROM fact.source WHERE source = $source", {"source": info.source})
    con.execute("INSERT INTO fact.source VALUES ($1, $2, $3, $4, $5, $6, $7)", [info.source, info.kind, info.rank, info.purse, info.platform, info.label_zh, info.label_en])  # fmt: skip
    rows = sum(part.rows for part in manifest.parts)
    quarantined = one(con, "SELECT count(DISTINCT (part, row_no)) FROM bad")
    days = con.execute("SELECT min(day), max(day) FROM touched_now").fetchone() or (None, None)
    con.execute(
        "INSERT INTO fact.package BY NAME SELECT $package AS package, $source AS source, $kind AS kind, $shop AS shop, $account AS account, "
        "$platform AS platform, $file AS file_name, $sha AS sha256, $author AS author, $sealed::TIMESTAMP AS sealed_at, $as_of::TIMESTAMP AS as_of, "
        "$low::DATE AS day_from, $high::DATE AS day_to, $complete AS is_complete, $rows AS rows_read, $stored AS rows_stored, "
        "$bad AS rows_quarantined, $unknown AS unknown_columns, $removed AS removed_columns, 'committed' AS state, $refers AS refers, $cursor AS cursor",
        {**keys, "kind": manifest.kind, "account": manifest.account, "platform": manifest.platform, "file": manifest.file_name,
         "sha": manifest.sha256, "author": manifest.author, "sealed": manifest.sealed_at[:26], "as_of": stamp(manifest),
         "low": manifest.day_from or days[0], "high": manifest.day_to or days[1], "complete": manifest.complete, "rows": rows, "stored": stored,
         "bad": quarantined, "unknown": json.dumps(manifest.unknown_columns, ensure_ascii=False),
         "removed": json.dumps(manifest.removed_columns, ensure_ascii=False), "refers": manifest.refers, "cursor": manifest.cursor},
    )  # fmt: skip
    differing = one(con, "SELECT count(*) FROM stated WHERE abs(stated - summed) > 0.01")
    return Outcome(manifest.id, rows, stored, quarantined, differing)


