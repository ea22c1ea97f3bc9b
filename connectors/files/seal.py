"""Seal one export file as a package: read, recognise, decide whose it is, leave personal data out, keep the rest value for value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from connectors.errors import AmbiguousFile, ConnectorError, EmptyFile, disk_guard
from connectors.files import csvfile, privacy
from connectors.files.facts import Said, said
from connectors.files.header import clean, currency_of, normal, unique
from connectors.files.items import item_ids
from connectors.files.layout import Layout, layouts
from connectors.files.mapping import layout_of, save_mapping, saved_mappings
from connectors.files.reader import read, scratch
from connectors.files.recognise import Match, Table, recognise
from connectors.files.shop import check_id, check_items, choose_shop, known_shops
from connectors.files.sheet import SourceFile
from warehouse.book import Book
from warehouse.packages import Manifest, PackageWriter, find_by_sha, iter_manifests, package_dir

MEMORY_LIMIT = "1000MB"


@dataclass(frozen=True)
class Sealed:
    """What became of a file. `already`: the same bytes stand in the book for this shop, nothing was written."""

    manifest: Manifest
    layout: Layout
    already: bool = False
    warnings: list[str] = field(default_factory=list)


@dataclass
class _Parts:
    """What was written of the tables so far."""

    removed: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rows: int = 0


def seal(
    book: Book, path: Path, *, shop: str | None = None, author: str = "", layout: str | None = None, mapping: dict[str, Any] | None = None,
    force_shop: bool = False, name: str | None = None,
) -> Sealed:  # fmt: skip
    """Make a package of the file for `shop`. `layout`: choose between readings; `mapping`: read it so, and keep the mapping.

    Raises an OpsError that says what is wrong and what to do; the book is unchanged then.
    """
    shop = check_id(shop) if shop else None
    choices = [layout_of(mapping)] if mapping else [*saved_mappings(book, shop), *layouts().values()]
    known = frozenset().union(*(choice.known for choice in choices))
    delimiter = choices[0].delimiter if mapping else None
    book.ensure()
    with scratch(book.root / "tmp") as folder, disk_guard(book.root):
        source = read(path, folder, known, delimiter, name)
        match = recognise(source, choices, layout)
        shop = choose_shop(known_shops(book), source.name, shop, _shop_names(match, source.name), force_shop)
        if standing := find_by_sha(book, source.sha256, shop):
            return _again(standing, match.layout)
        sealed = _write(book, source, match, shop, author, folder, force_shop)
        if mapping:
            save_mapping(book, mapping, shop)
        return sealed


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


def _write(book: Book, source: SourceFile, match: Match, shop: str, author: str, folder: Path, force: bool) -> Sealed:
    layout, parts = match.layout, _Parts()
    facts = said(layout, source.name, [row for table in match.tables[:1] for row in table.sheet.rows[: max(table.header, 0)]])
    key = book.buyer_key() if layout.buyer else ""
    with duckdb.connect() as con, PackageWriter(book, source=layout.id, kind="file", shop=shop, sha256=source.sha256) as writer:
        con.execute(f"SET memory_limit = '{MEMORY_LIMIT}'; SET temp_directory = '{str(folder).replace(chr(39), chr(39) * 2)}'")
        for number, tables in enumerate(_by_part(source, match.tables)):
            _write_part(con, writer, tables, layout, key, parts, folder, f"_{number}")
        if not parts.rows and not facts.day_from:
            raise EmptyFile(f"{source.name} has a header ({layout.label.get('zh') or layout.id}) but no rows below it, and does not say for which days. There is nothing to store.")
        check_items(book, source.name, shop, item_ids(con, writer.dir, writer.parts, layout), force)
        manifest = writer.seal(author=author, file_name=source.name, removed_columns=sorted(set(parts.removed)), unknown_columns=sorted(set(parts.unknown)), **_facts(book, shop, match, facts))
    return Sealed(manifest, layout, warnings=[*source.warnings, *parts.warnings])


def _facts(book: Book, shop: str, match: Match, facts: Said) -> dict[str, Any]:
    layout = match.layout
    currency = currency_of([cell for table in match.tables for cell in table.cells if normal(cell) in table.view.known])
    named = dict(facts.named)
    if pattern := typed_pattern(book, shop):
        named["note_pattern"] = pattern
    return {
        "platform": layout.platform, "currency": currency or layout.currency, "zone": layout.zone, "as_of": facts.as_of, "day_from": facts.day_from,
        "day_to": facts.day_to, "facts": named, "mapping": layout.mapping,
    }  # fmt: skip


def typed_pattern(book: Book, shop: str) -> str | None:
    """The pattern of brushing remarks that somebody typed for this shop, if any."""
    found = None
    for manifest in iter_manifests(book) if any(book.packages.glob("*/*-typed-*")) else ():
        for part in manifest.parts if manifest.kind == "form" else ():
            for line in (package_dir(book, manifest.id) / part.file).read_text(encoding="utf-8").splitlines() if part.kind == "ndjson" else ():
                row = json.loads(line)
                if row.get("shop") == shop and "note_pattern" in row:
                    found = row["note_pattern"] or None
    return found


def _by_part(source: SourceFile, tables: Sequence[Table]) -> list[list[Table]]:
    """Tables that become one part: one sheet read by several views, or one view spread over several equal sheets."""
    groups: list[list[Table]] = []
    for table in tables:
        same = next((group for group in groups if (group[0].sheet is table.sheet and group[0].header == table.header) or group[0].view is table.view), None)
        if same is None:
            groups.append([table])
            continue
        if same[0].sheet is not table.sheet and [*map(normal, same[0].cells)] != [*map(normal, table.cells)]:
            raise AmbiguousFile(
                f"{source.name}: the sheets '{same[0].sheet.name}' and '{table.sheet.name}' both look like the table, with different columns. "
                "Delete the one that is not wanted and import again.", ()
            )  # fmt: skip
        same.append(table)
    return groups


def _write_part(
    con: duckdb.DuckDBPyConnection, writer: PackageWriter, tables: list[Table], layout: Layout, key: str, parts: _Parts, folder: Path, suffix: str
) -> None:
    """Write the tables of one part: the first one's rows, then those of further sheets with the same columns."""
    first = tables[0]
    name = first.view.name if first.view.name not in {part.name for part in writer.parts} else first.view.name + suffix
    for other in {id(table.sheet): table for table in tables[1:] if table.sheet is not first.sheet}.values():
        lines = other.sheet.text.read_bytes().split(b"\n")
        with first.sheet.text.open("ab") as sink:
            sink.write(b"\n".join(lines[other.sheet.lines[other.header] :]))
    columns = _columns(first, layout, key, parts)
    target = writer.path(name, "parquet")
    rows, damages = csvfile.write_part(con, first.sheet, first.header, columns, target, folder)
    parts.rows += rows
    parts.warnings += [f"{first.sheet.name}: {damage}" for damage in damages]
    writer.add_file(name, "parquet", target, rows, first.sheet.name, first.header + 2)


def _columns(table: Table, layout: Layout, key: str, parts: _Parts) -> list[tuple[str, str | None]]:
    """Name and SQL of each cell of a row: kept, pseudonym, or None for what must not be kept."""
    view, width = table.view, csvfile.width_below(table.sheet, table.header)
    if view.shape == "pairs":
        return [("col_1", "{c}"), ("col_2", "{c}"), *((f"col_{n}", None) for n in range(3, width + 1))]
    if not view.header:
        names = [entry.name for entry in view.fields][:width]
        headers = unique(names + [""] * (width - len(names)))
    else:
        headers = unique([*table.cells, *[""] * (width - len(table.cells))][:width])
    declared = frozenset(normal(spelling) for entry in view.fields for spelling in entry.spellings)
    columns: list[tuple[str, str | None]] = []
    for header in headers:
        if privacy.is_buyer(header, layout):
            columns.append((header, privacy.pseudonym_sql(key)))
        elif privacy.is_personal(header, layout, declared):
            columns.append((header, None))
            parts.removed.append(header)
        else:
            columns.append((header, "{c}"))
            if normal(header) not in view.known and not header.startswith("col_") and normal(header.split("__")[0]) not in view.known:
                parts.unknown.append(header)
    return columns
