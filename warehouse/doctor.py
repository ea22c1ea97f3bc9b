"""Prove what no index guards: keys are unique, slices have one owner, packages are whole, the generation is readable."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse.book import Book
from warehouse.commit import committed_ids, open_warehouse
from warehouse.errors import OpsError
from warehouse.merge import one
from warehouse.packages import file_sha256, iter_manifests, package_dir
from warehouse.publish import current_generation, generation_path
from warehouse.tables import tables


@dataclass(frozen=True)
class Finding:
    """One check: `ok`, what was looked at, and what to do when it is not."""

    check: str
    ok: bool
    detail: str = ""


def examine(book: Book, deep: bool = False) -> list[Finding]:
    """Every check; `deep` also reads the bytes of every part against its sha256."""
    with book.lock(), open_warehouse(book) as con:
        found = [*_unique_keys(con), _one_owner(con), _waiting(con, book)]
    return [*found, *_packages(book, deep), _generation(book)]


def _unique_keys(con: duckdb.DuckDBPyConnection) -> list[Finding]:
    result = []
    for table in tables().values():
        if table.merge == "internal" and table.name in ("quarantine", "source_total"):
            continue
        keys = ", ".join(f'"{column}"' for column in table.key)
        twice = one(con, f"SELECT count(*) FROM (SELECT 1 FROM fact.{table.name} GROUP BY {keys} HAVING count(*) > 1)")
        result.append(Finding(f"{table.name}: one row per key", twice == 0, f"{twice} keys stand twice; run: python -m connectors replay" if twice else ""))
    return result


def _one_owner(con: duckdb.DuckDBPyConnection) -> Finding:
    wrong = one(con, "SELECT count(*) FROM (SELECT 1 FROM fact.slice WHERE is_current GROUP BY target, shop, source, account, day HAVING count(*) > 1)")
    return Finding("slices: one package is current", wrong == 0, f"{wrong} slices have two owners; run: python -m connectors replay" if wrong else "")


def _waiting(con: duckdb.DuckDBPyConnection, book: Book) -> Finding:
    known = committed_ids(con)
    waiting = [manifest.id for manifest in iter_manifests(book) if manifest.id not in known]
    return Finding("packages: all committed", not waiting, f"{len(waiting)} wait, first {waiting[0]}; run: python -m connectors import" if waiting else "")


def _packages(book: Book, deep: bool) -> list[Finding]:
    count, broken = 0, []
    try:
        for manifest in iter_manifests(book):
            count += 1
            for part in manifest.parts:
                path = package_dir(book, manifest.id) / part.file
                if not path.exists() or (deep and file_sha256(path) != part.sha256):
                    broken.append(f"{manifest.id}/{part.file}")
    except OpsError as error:
        broken.append(str(error))
    return [Finding(f"packages: {count} whole", not broken, f"damaged: {', '.join(broken[:3])}; restore them from a backup" if broken else "")]


def _generation(book: Book) -> Finding:
    name = current_generation(book)
    if name is None:
        return Finding("generation: none yet", True)
    try:
        with duckdb.connect(str(generation_path(book, name)), read_only=True) as con:
            con.execute("SELECT count(*) FROM mart.meta")
        return Finding(f"generation: {name} readable", True)
    except duckdb.Error as error:
        return Finding(f"generation: {name}", False, f"{error}; delete data/serving/CURRENT and run: python -m connectors replay")
