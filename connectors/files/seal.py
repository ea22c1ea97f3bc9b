"""Seal one export file as a package: read, recognise, decide whose it is, leave personal data out, keep the rest value for value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock, Timeout

from connectors.errors import ConnectorError, EmptyFile, disk_guard
from connectors.files.facts import Said, said
from connectors.files.header import clean, currency_of, normal
from connectors.files.items import item_ids
from connectors.files.layout import Layout, layouts
from connectors.files.mapping import layout_of, save_mapping, saved_mappings
from connectors.files.parts import Parts, by_part, write_table
from connectors.files.reader import read, scratch
from connectors.files.recognise import Match, recognise
from connectors.files.sheet import SourceFile
from connectors.files.shop import check_id, check_items, choose_shop, known_shops
from connectors.forms import last_typed
from warehouse.book import Book
from warehouse.errors import BookBusy
from warehouse.packages import Manifest, PackageWriter, find_by_sha

MEMORY_LIMIT = "1500MB"
SEAL_SECONDS = 600.0


@dataclass(frozen=True)
class Sealed:
    """What became of a file. `already`: the same bytes stand in the book for this shop, nothing was written."""

    manifest: Manifest
    layout: Layout
    already: bool = False
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Opened:
    """A file that was read and recognised. `names`: what it calls its shop."""

    source: SourceFile
    match: Match
    names: list[str]


def open_file(
    book: Book, path: Path, folder: Path, *, shop: str | None = None, layout: str | None = None, mapping: dict[str, Any] | None = None, name: str | None = None
) -> Opened:  # fmt: skip
    """Read a file into `folder` and find out what it is. Raises an OpsError that says what is wrong and what to do."""
    saved = [] if mapping else saved_mappings(book, shop)
    choices = [layout_of(mapping)] if mapping else [*saved, *layouts().values()]
    known = frozenset().union(*(choice.known for choice in choices))
    source = read(path, folder, known, choices[0].delimiter if mapping else None, name)
    match = recognise(source, choices, layout)
    return Opened(source, match, _shop_names(match, source.name))


def seal(
    book: Book, path: Path, *, shop: str | None = None, author: str = "", layout: str | None = None, mapping: dict[str, Any] | None = None,
    force_shop: bool = False, name: str | None = None,
) -> Sealed:  # fmt: skip
    """Make a package of the file for `shop`. `layout`: choose between readings; `mapping`: read it so, and keep the mapping.

    Raises an OpsError that says what is wrong and what to do; the book is unchanged then.
    """
    shop = check_id(shop) if shop else None
    book.ensure()
    with disk_guard(book.root), scratch(book.root / "tmp") as folder:
        opened = open_file(book, path, folder, shop=shop, layout=layout, mapping=mapping, name=name)
        source, match = opened.source, opened.match
        shop = choose_shop(known_shops(book), source.name, shop, opened.names, force_shop)
        with _alone(book):
            if standing := find_by_sha(book, source.sha256, shop):
                return _again(standing, match.layout)
            owner = None if force_shop else book
            manifest, parts = write_package(book, opened, shop, folder, author=author, owner=owner, settings=last_typed(book, "shop", shop))
            if mapping:
                save_mapping(book, mapping, shop)
        return Sealed(manifest, match.layout, warnings=[*source.warnings, *parts.warnings])


@contextmanager
def _alone(book: Book) -> Iterator[None]:
    """One sealing at a time, so that the same file handed in twice at once becomes one package. Raises BookBusy."""
    try:
        with FileLock(book.root / "seal.lock", timeout=SEAL_SECONDS):
            yield
    except Timeout as error:
        raise BookBusy(f"Another file is still being read into {book.root} after {SEAL_SECONDS:.0f} s. Wait for it, then import again.") from error


def _again(standing: Manifest, layout: Layout) -> Sealed:
    if standing.source != layout.id or (standing.mapping or None) != (layout.mapping or None):
        raise ConnectorError(
            f"{standing.file_name} is in the book already, read as '{standing.source}' (package {standing.id}). "
            f"To read it another way: python -m connectors undo {standing.id}, then import it again."
        )
    return Sealed(standing, layout, already=True)


def _shop_names(match: Match, name: str) -> list[str]:
    """Names of the shop in the file: the column that carries it, and the file name's own word."""
    words = said(match.layout, name, ()).named
    named = [words[key] for key in ("shop_name", "shop", "room") if key in words]
    for table in match.tables:
        for place, cell in enumerate(table.cells):
            if match.layout.shop_name and normal(cell) == normal(match.layout.shop_name):
                named += sorted({clean(row[place]) for row in table.sheet.rows[table.header + 1 :] if len(row) > place and clean(row[place])})
    return named


def write_package(
    book: Book, opened: Opened, shop: str, folder: Path, *, author: str = "", owner: Book | None = None, settings: Mapping[str, str] | None = None
) -> tuple[Manifest, Parts]:  # fmt: skip
    """Write and seal the package into `book`. `owner`: the book whose items are compared, None not to compare.

    `settings`: what was typed for the shop (currency, zone, note_pattern); it stands above the layout's own.
    """
    source, match, layout, parts = opened.source, opened.match, opened.match.layout, Parts()
    facts = said(layout, source.name, [row for table in match.tables[:1] for row in table.sheet.rows[: max(table.header, 0)]])
    key = book.buyer_key() if layout.buyer else ""
    with duckdb.connect() as con, PackageWriter(book, source=layout.id, kind="file", shop=shop, sha256=source.sha256) as writer:
        con.execute(f"SET memory_limit = '{MEMORY_LIMIT}'; SET temp_directory = '{str(folder).replace(chr(39), chr(39) * 2)}'")
        for number, tables in enumerate(by_part(source, match.tables)):
            write_table(con, writer, tables, layout, key, parts, folder, f"_{number}")
        if not parts.rows and not facts.day_from:
            raise EmptyFile(
                f"{source.name} has a header ({layout.label.get('zh') or layout.id}) but no rows below it, and does not say for which days. "
                "There is nothing to store."
            )
        if owner:
            check_items(owner, source.name, shop, item_ids(con, writer.dir, writer.parts, layout))
        columns = {"removed_columns": sorted(set(parts.removed)), "unknown_columns": sorted(set(parts.unknown))}
        return writer.seal(author=author, file_name=source.name, **columns, **_facts(match, facts, settings or {})), parts


def _facts(match: Match, facts: Said, settings: Mapping[str, str]) -> dict[str, Any]:
    layout, pattern = match.layout, settings.get("note_pattern")
    currency = currency_of([cell for table in match.tables for cell in table.cells if normal(cell) in table.view.known])
    return {
        "platform": layout.platform, "currency": currency or settings.get("currency") or layout.currency, "zone": settings.get("zone") or layout.zone,
        "as_of": facts.as_of, "day_from": facts.day_from, "day_to": facts.day_to,
        "facts": facts.named | ({"note_pattern": pattern} if pattern else {}), "mapping": layout.mapping,
    }  # fmt: skip
