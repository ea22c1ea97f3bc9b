"""Take a package back, accept it in spite of its quarantine, or read it again: what stood before comes back.

Both deeds are packages themselves, so that a replay from the packages alone ends in the same state.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import duckdb

from warehouse.book import Book
from warehouse.commit import Interpreter, Outcome, apply, committed_ids, forget_notes, transaction
from warehouse.errors import ConfigError
from warehouse.failpoint import reach
from warehouse.merge import one
from warehouse.packages import Manifest, PackageWriter, load_manifest, package_dir
from warehouse.tables import tables

Connection = duckdb.DuckDBPyConnection


def seal_deed(book: Book, deed: str, package: str, author: str = "", now: datetime | None = None) -> Manifest:
    """Seal an `undo` or `accept` package that refers to `package`. Raises ConfigError when there is no such package."""
    if not package_dir(book, package).is_dir():
        raise ConfigError(f"There is no package '{package}'. List them with: python -m connectors list")
    target = load_manifest(package_dir(book, package))
    if target.kind in ("undo", "accept"):
        raise ConfigError(f"'{package}' is itself an {target.kind}; to take back an undo, import the original file again.")
    digest = hashlib.sha256(f"{deed}:{package}".encode()).hexdigest()
    with PackageWriter(book, source=deed, kind=deed, shop=target.shop, sha256=digest, now=now) as writer:
        return writer.seal(refers=package, author=author)


def commit_deed(con: Connection, book: Book, manifest: Manifest, interpret: Interpreter) -> Outcome:
    """Carry out a sealed undo or accept in one transaction; again changes nothing."""
    if manifest.id in committed_ids(con):
        return Outcome(manifest.id, 0, 0, 0, already=True)
    with transaction(con):
        _note(con, manifest, "committed")
        if manifest.kind == "undo":
            stored = _take_back(con, book, str(manifest.refers), interpret)
        else:
            con.execute("INSERT INTO accepted VALUES ($p)", {"p": manifest.refers})
            stored = _read_again(con, book, [str(manifest.refers)], interpret)
    reach("commit.done")
    return Outcome(manifest.id, 0, stored, 0)


def retry(con: Connection, book: Book, package: str, interpret: Interpreter) -> Outcome:
    """Read a committed package again, after its layout or mapping was repaired; what the old reading stored goes."""
    with transaction(con):
        _take_back(con, book, package, interpret)
        manifest = load_manifest(package_dir(book, package))
        return apply(con, book, manifest, interpret(manifest))


def note_undone(con: Connection, manifest: Manifest) -> Outcome:
    """Keep an undone package in the history without reading it; for a warehouse that never held it."""
    if manifest.id not in committed_ids(con):
        _note(con, manifest, "undone")
    return Outcome(manifest.id, 0, 0, 0, already=True)


def _note(con: Connection, manifest: Manifest, state: str) -> None:
    con.execute(
        "INSERT INTO fact.package BY NAME SELECT $id AS package, $source AS source, $kind AS kind, $file AS file_name, $shop AS shop, $author AS author, $sha AS sha256, "
        "$at::TIMESTAMP AS sealed_at, 0 AS rows_read, 0 AS rows_stored, 0 AS rows_quarantined, true AS is_complete, $state AS state, $refers AS refers",
        {"id": manifest.id, "source": manifest.source, "kind": manifest.kind, "file": manifest.file_name, "state": state, "shop": manifest.shop, "author": manifest.author, "sha": manifest.sha256,
         "at": manifest.sealed_at[:26], "refers": manifest.refers},
    )  # fmt: skip


def _take_back(con: Connection, book: Book, package: str, interpret: Interpreter) -> int:
    """Remove the package's rows, then read again every other package that may have held the same keys."""
    row = con.execute("SELECT source, shop, kind FROM fact.package WHERE package = $p", {"p": package}).fetchone()
    if row is None:
        return 0  # undone before it was ever committed: worker leaves it out
    con.execute(
        "CREATE OR REPLACE TEMP TABLE others AS SELECT package FROM fact.package WHERE state = 'committed' AND package <> $p AND kind NOT IN ('undo', 'accept') "
        "AND ((source = $source AND (shop = $shop OR kind = 'form')) OR ($first AND shop = $shop))",
        {"p": package, "source": row[0], "shop": row[1], "first": _made_shop(con, package)},
    )
    for table in tables().values():
        if table.merge != "internal":
            _remove_rows(con, table.name, package)
    con.execute("INSERT INTO touched_now SELECT DISTINCT shop, day FROM fact.slice WHERE package = $p UNION SELECT shop, day FROM fact.coverage WHERE package = $p", {"p": package})
    con.execute("DELETE FROM fact.slice WHERE package = $p", {"p": package})
    con.execute("INSERT INTO fact.changed SELECT unnest($1::TEXT[]) EXCEPT FROM fact.changed", [list(tables())])
    _keep_package_row(con, package)
    reach("undo.removed")
    others = [name for (name,) in con.execute("SELECT package FROM others ORDER BY package").fetchall()]
    return _read_again(con, book, others, interpret)


def _made_shop(con: Connection, package: str) -> bool:
    return bool(one(con, "SELECT count(*) FROM fact.shop WHERE package = $p", {"p": package}))


def _remove_rows(con: Connection, name: str, package: str) -> None:
    table = tables()[name]
    if "shop" in table.columns:
        for day in table.days:
            con.execute(f'INSERT INTO touched_now SELECT DISTINCT shop, "{day}"::DATE FROM fact.{name} WHERE package = $p', {"p": package})
    con.execute(f"DELETE FROM fact.{name} WHERE package = $p", {"p": package})


def _keep_package_row(con: Connection, package: str) -> None:
    """The history keeps an undone package; its coverage, totals and quarantine are gone."""
    con.execute("CREATE OR REPLACE TEMP TABLE history AS SELECT * FROM fact.package WHERE package = $p", {"p": package})
    forget_notes(con, package)
    con.execute("INSERT INTO fact.package SELECT * REPLACE ('undone' AS state) FROM history")


def _read_again(con: Connection, book: Book, packages: list[str], interpret: Interpreter) -> int:
    stored = 0
    for package in packages:
        manifest = load_manifest(package_dir(book, package))
        stored += apply(con, book, manifest, interpret(manifest)).stored
    return stored
