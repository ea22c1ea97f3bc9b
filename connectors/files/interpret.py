"""A sealed file package -> how the warehouse is to read it, from its layout (or the mapping embedded in it) and its parts' headers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from connectors.files.csvfile import DAMAGE
from connectors.files.header import normal
from connectors.files.layout import Layout, LayoutView, blank_rule, layouts, repeated_rule, total_rule
from connectors.files.mapping import layout_of
from connectors.files.recognise import bind, signature_holds
from warehouse.book import Book
from warehouse.errors import PackageError
from warehouse.interpretation import Column, Interpretation, Load, SourceInfo, View
from warehouse.packages import Manifest, Part, package_dir

WHOLE_ROW = "whole row"  # the type that no text has: a damaged line goes to quarantine


def interpretation(manifest: Manifest, book: Book) -> Interpretation:
    """How to read a sealed file. Raises PackageError when its layout is gone or no longer fits."""
    return interpret_at(manifest, package_dir(book, manifest.id))


def layout_for(manifest: Manifest) -> Layout:
    """The layout that sealed the package."""
    layout = layout_of(manifest.mapping) if manifest.mapping else layouts().get(manifest.source)
    if layout is None:
        raise PackageError(f"There is no layout '{manifest.source}' any more, which {manifest.file_name} was imported with. Restore layouts/{manifest.source}.toml.")
    return layout


def interpret_at(manifest: Manifest, directory: Path) -> Interpretation:
    """The same for a package whose parts lie in `directory`."""
    layout = layout_for(manifest)
    headers = {part.name: _headers(directory / part.file) for part in manifest.parts}
    views = tuple(_view(manifest, directory, view, headers) for view in layout.views)
    loads = tuple(Load(load.table, load.sql, load.covers, load.edges_partial) for load in layout.loads)
    info = SourceInfo(layout.id, layout.kind, layout.rank, layout.purse, layout.platform, layout.label.get("zh", ""), layout.label.get("en", ""))
    return Interpretation(views, loads, info, params(manifest, layout))


def params(manifest: Manifest, layout: Layout) -> dict[str, object]:
    """Named parameters of the mapping SQL; a fact that the file name did not tell is NULL."""
    groups = {name for pattern in layout.name_facts for name in re.compile(pattern).groupindex}
    facts = {f"fact_{name}": manifest.facts.get(name) for name in groups | set(manifest.facts)}
    days = {name: date.fromisoformat(value) if (value := getattr(manifest, name)) else None for name in ("day_from", "day_to")}
    return {
        "shop": manifest.shop, "source": manifest.source, "account": manifest.account, "currency": manifest.currency, "zone": manifest.zone,
        "as_of": datetime.fromisoformat(manifest.as_of) if manifest.as_of else None,
        "sealed_at": datetime.fromisoformat(manifest.sealed_at).astimezone(UTC).replace(tzinfo=None),
        "note_pattern": manifest.facts.get("note_pattern") or layout.note_pattern, **days, **facts,
    }  # fmt: skip


def _headers(path: Path) -> list[str]:
    rows = duckdb.connect().execute("SELECT name FROM parquet_schema(?) WHERE num_children IS NULL OR num_children = 0", [str(path)]).fetchall()
    return [row[0] for row in rows]


def _view(manifest: Manifest, directory: Path, view: LayoutView, headers: Mapping[str, list[str]]) -> View:
    part = _part_of(manifest, view, headers)
    if part is None:  # an optional table that this file does not have: no rows
        return View(view.name, manifest.parts[0].name, tuple(Column(field.name, field.type) for field in view.fields), drop="true")
    names = headers[part.name]
    if view.shape == "pairs":
        keys = _keys(directory / part.file)
        return View(view.name, part.name, tuple(Column(f.name, f.type, _key(f.spellings, keys), f.format) for f in view.fields), pairs=True)
    bound = bind([name for name in names if name != DAMAGE], view)
    columns = [Column(field.name, field.type, bound.get(field.name), field.format) for field in view.fields]
    if DAMAGE in names:
        columns.append(Column(DAMAGE, WHOLE_ROW, DAMAGE))
    cells = [name for name in names if name != DAMAGE]
    drops = [blank_rule(cells), repeated_rule(cells) if view.header else "", in_part(view.drop, bound, names)]
    totals = total_rule(cells) if view.totals is None else in_part(view.totals, bound, names)
    return View(view.name, part.name, tuple(columns), " OR ".join(f"({rule})" for rule in drops if rule), totals)


def _keys(path: Path) -> dict[str, str]:
    """Keys of a two-column sheet by their normal form."""
    rows = duckdb.connect().execute("SELECT trim(col_1) FROM read_parquet(?) WHERE col_1 IS NOT NULL", [str(path)]).fetchall()
    return {normal(row[0]): row[0] for row in rows}


def _key(spellings: Sequence[str], keys: Mapping[str, str]) -> str | None:
    """The spelling of a key that this package's two-column sheet uses; None when it lacks the key."""
    return next((keys[normal(spelling)] for spelling in spellings if normal(spelling) in keys), None)


def _part_of(manifest: Manifest, view: LayoutView, headers: Mapping[str, list[str]]) -> Part | None:
    """The part that the view reads: its sheet's name and its headers (removed ones included) fit the signature."""
    own = [part for part in manifest.parts if part.name == view.name]
    for part in [*own, *(part for part in manifest.parts if part not in own)]:
        if not re.search(view.sheet, part.sheet):
            continue
        if view.shape == "pairs" or not view.header:
            if part.name == view.name:
                return part
        elif signature_holds([*headers[part.name]], view, manifest.removed_columns):
            return part
    return None


def in_part(rule: str, bound: Mapping[str, str], names: Sequence[str]) -> str:
    """A predicate over canonical names, said in the part's own headers; a column it does not have is NULL."""
    def swap(match: re.Match[str]) -> str:
        name = match.group(1)
        header = bound.get(name) or (name if name in names else None)
        return '"' + header.replace('"', '""') + '"' if header else "NULL::VARCHAR"

    return re.sub(r'"([^"]+)"', swap, rule)
