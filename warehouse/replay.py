"""Rebuild the warehouse from the packages alone, and prove that it comes out the same."""

from __future__ import annotations

import os
from dataclasses import dataclass

import duckdb

from warehouse.book import Book
from warehouse.commit import Interpreter, Outcome, commit, committed_ids, open_warehouse
from warehouse.errors import OpsError
from warehouse.failpoint import reach
from warehouse.packages import Manifest, iter_manifests, undone_ids
from warehouse.tables import tables
from warehouse.undo import commit_deed, note_undone

Connection = duckdb.DuckDBPyConnection
LEFT_OUT = {"package", "touched", "changed", "quarantine", "source_total", "source"}  # history and notes, not facts
NOTES = {("shop", "source"), ("slice", "spend"), ("slice", "attributed_sales")}  # columns that a book of an earlier version may lack


@dataclass(frozen=True)
class Replay:
    """Checksums before and after: {table: (rows, sum of row hashes)}; `packages` read; `failed` package -> message."""

    before: dict[str, tuple[int, int]]
    after: dict[str, tuple[int, int]]
    packages: int
    failed: dict[str, str]

    @property
    def same(self) -> bool:
        return self.before == self.after


def commit_manifest(con: Connection, book: Book, manifest: Manifest, interpret: Interpreter, gone: set[str] | None = None) -> Outcome:
    """Commit a package of any kind: data, form, undo or accept. `gone`: ids of undone packages, when the caller knows them."""
    if manifest.kind in ("undo", "accept"):
        return commit_deed(con, book, manifest, interpret)
    if manifest.id in (undone_ids(book) if gone is None else gone):
        return note_undone(con, manifest)
    return commit(con, book, manifest, interpret(manifest))


def commit_waiting(con: Connection, book: Book, interpret: Interpreter) -> tuple[list[Outcome], dict[str, str]]:
    """Commit every sealed package that is not in yet, oldest first.

    Returns outcomes and, for packages that could not be interpreted, their message; those wait and do not stop the rest.
    """
    known, gone = committed_ids(con), undone_ids(book)
    outcomes: list[Outcome] = []
    failed: dict[str, str] = {}
    for manifest in iter_manifests(book, known):
        try:
            outcomes.append(commit_manifest(con, book, manifest, interpret, gone))
        except OpsError as error:
            failed[manifest.id] = str(error)
    return outcomes, failed


def checksums(con: Connection) -> dict[str, tuple[int, int]]:
    """Rows and `sum(hash(...)::HUGEINT)` per fact table, without load times and package ids."""
    result = {}
    for table in tables().values():
        if table.name in LEFT_OUT:
            continue
        columns = [name for name in table.content if (table.name, name) not in NOTES]
        rows = f"(SELECT {', '.join(columns)} FROM fact.{table.name} {'WHERE is_current' if table.name == 'slice' else ''})"
        if table.name in ("slice", "coverage"):
            rows = f"(SELECT DISTINCT * FROM {rows})"
        found = con.execute(f"SELECT count(*), coalesce(sum(hash({', '.join(columns)})::HUGEINT), 0) FROM {rows}").fetchone()
        result[table.name] = (int(found[0]), int(found[1])) if found else (0, 0)
    return result


def replay(book: Book, interpret: Interpreter) -> Replay:
    """Build a new warehouse beside the old one from all packages, compare, then put it in place.

    Undone packages are only noted, not read. Hold no connection to the warehouse while it runs.
    """
    with book.lock():
        with open_warehouse(book) as con:
            before = checksums(con)
        draft = Book(book.root / "replay")
        draft.ensure()
        for left in draft.root.glob("warehouse.duckdb*"):
            left.unlink()
        failed: dict[str, str] = {}
        count, gone = 0, undone_ids(book)
        with open_warehouse(draft) as con:
            for manifest in iter_manifests(book):
                count += 1
                try:
                    commit_manifest(con, book, manifest, interpret, gone)
                except OpsError as error:
                    failed[manifest.id] = str(error)
            after = checksums(con)
            con.execute("CHECKPOINT")
        reach("replay.built")
        os.replace(draft.warehouse, book.warehouse)
        for left in book.root.glob("warehouse.duckdb.wal"):
            left.unlink()
    return Replay(before, after, count, failed)
