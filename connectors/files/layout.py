"""Layouts: what is known about each export file, read from layouts/<id>.toml (and a user's mapping becomes the same thing)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from connectors.errors import LayoutError
from connectors.files.header import normal
from warehouse.cells import TYPES

LAYOUTS = Path(__file__).parent / "layouts"
TOTALS = r"^(总计|合计|汇总|整体|小计|Total\b|Grand total|Subtotal)"
NOTE_PATTERN = r"刷单|补单|^\s*'?[SGVsgv](补|单|-)"


@dataclass(frozen=True)
class Field:
    """One declared column: canonical name, type, other spellings of its header."""

    name: str
    type: str = "text"
    aliases: tuple[str, ...] = ()
    optional: bool = False
    format: str | None = None
    shared: bool = False  # may read a header that another column reads too

    @property
    def spellings(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class LayoutView:
    """How one table of the file is recognised and read. `totals` None means the default rule."""

    name: str
    fields: tuple[Field, ...]
    sheet: str = ".*"
    shape: str = "rows"  # rows | pairs
    required: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    drop: str = ""
    totals: str | None = None
    optional: bool = False
    header: bool = True  # False: the file has no header row, fields are the columns in order

    @property
    def in_order(self) -> list[str]:
        """Column names, in order, of a file without a header row."""
        return [entry.name for entry in self.fields if not entry.aliases]

    @cached_property
    def field_by_name(self) -> dict[str, Field]:
        return {entry.name: entry for entry in self.fields}

    @cached_property
    def known(self) -> frozenset[str]:
        """Every header, in normal form, that this view knows."""
        names = [spelling for entry in self.fields for spelling in entry.spellings]
        return frozenset(map(normal, [*names, *self.required, *self.ignored]))

    def spellings(self, name: str) -> tuple[str, ...]:
        """All spellings of a header that the signature names."""
        entry = self.field_by_name.get(name)
        return entry.spellings if entry else (name,)


@dataclass(frozen=True)
class LayoutLoad:
    table: str
    sql: str
    covers: str | None = None
    edges_partial: bool = False


@dataclass(frozen=True)
class Layout:
    """One export file. `mapping`: the user's mapping it was made from, embedded in every package."""

    id: str
    kind: str
    views: tuple[LayoutView, ...]
    loads: tuple[LayoutLoad, ...]
    platform: str = "other"
    rank: int = 100
    purse: str = ""
    label: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    cadence: str = "none"
    ready: str = ""
    files: tuple[str, ...] = ()
    name_facts: tuple[str, ...] = ()
    currency: str = ""
    zone: str = ""
    remove: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    buyer: tuple[str, ...] = ()
    shop_name: str | None = None
    delimiter: str | None = None
    note_pattern: str = NOTE_PATTERN
    mapping: dict[str, Any] | None = None

    @property
    def known(self) -> frozenset[str]:
        return frozenset().union(*(view.known for view in self.views), map(normal, [*self.remove, *self.buyer]))


def load_layout(path: Path) -> Layout:
    """Read one layout file. Raises LayoutError naming the file and the entry that is wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LayoutError(f"{path.name} is not valid TOML ({error}). Correct the line it names.") from error
    if raw.get("id") != path.stem:
        raise LayoutError(f"{path.name}: id is '{raw.get('id')}'. It must be the file's name, '{path.stem}'.")
    try:
        views = tuple(_view(path.name, entry) for entry in raw.pop("view"))
        loads = tuple(
            LayoutLoad(**{**entry, "sql": (path.parent / entry["sql"]).read_text(encoding="utf-8")}) for entry in raw.pop("load")
        )
        facts = raw.pop("name_facts", ())
        lists: dict[str, Any] = {name: tuple(raw.pop(name, ())) for name in ("files", "remove", "keep", "buyer")}
        return Layout(views=views, loads=loads, name_facts=(facts,) if isinstance(facts, str) else tuple(facts), **lists, **raw)
    except (KeyError, TypeError, OSError) as error:
        raise LayoutError(f"{path.name} is not complete or has an unknown entry ({error}). Compare it with another layout.") from error


def _view(name: str, raw: dict[str, Any]) -> LayoutView:
    fields = tuple(_field(name, key, value) for key, value in raw.pop("columns", {}).items())
    lists: dict[str, Any] = {key: tuple(raw.pop(key, ())) for key in ("required", "absent", "ignored")}
    return LayoutView(fields=fields, **lists, **raw)


def _field(layout: str, name: str, raw: str | dict[str, Any]) -> Field:
    entry: dict[str, Any] = {"type": raw} if isinstance(raw, str) else dict(raw)
    if entry.get("type", "text") not in TYPES:
        raise LayoutError(f"{layout}: column '{name}' has the type '{entry.get('type')}'. Valid: {', '.join(TYPES)}.")
    entry["aliases"] = tuple(entry.get("aliases", ()))
    return Field(name=name, **entry)


@cache
def layouts() -> dict[str, Layout]:
    """Every layout that ships with the product, by id."""
    return {path.stem: load_layout(path) for path in sorted(LAYOUTS.glob("*.toml"))}


def total_rule(first_cells: list[str]) -> str:
    """SQL that is true for a row whose first filled cell of the first three says total."""
    cells = ", ".join(f"nullif(trim({_name(cell)}), '')" for cell in first_cells[:3])
    if not cells:
        return "false"
    digit = f"ascii({_name(first_cells[0])}) BETWEEN 48 AND 57"  # most rows begin with a number: settled without trimming
    return f"CASE WHEN {digit} THEN false ELSE regexp_matches(coalesce({cells}, ''), '{TOTALS}', 'i') END"


def blank_rule(cells: list[str]) -> str:
    """SQL that is true for a row without any cell."""
    if not cells:
        return "false"
    filled = ", ".join(f"nullif(trim({_name(cell)}), '')" for cell in cells)
    return f"CASE WHEN ascii({_name(cells[0])}) BETWEEN 33 AND 126 THEN false ELSE coalesce({filled}) IS NULL END"


def repeated_rule(cells: list[str]) -> str:
    """SQL that is true for the header row repeated among the rows."""
    words = [(_name(cell), f"'{cell.replace(chr(39), chr(39) * 2)}'") for cell in cells[:3]]
    pairs = " AND ".join(f"contains({name}, {word}) AND trim({name}) = {word}" for name, word in words)
    return f"({pairs})" if pairs else "false"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def quoted_names(sql: str) -> Iterator[str]:
    """Names in double quotes, as a predicate mentions columns."""
    for match in re.finditer(r'"((?:[^"]|"")+)"', sql):
        yield match.group(1).replace('""', '"')
