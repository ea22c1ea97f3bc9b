"""Which layout a file is, by the headers it has; never a guess between two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

from connectors.errors import AmbiguousFile, UnknownFile
from connectors.files.header import SEARCHED_ROWS, clean, known_in, likely_header, normal
from connectors.files.layout import Layout, LayoutView
from connectors.files.sheet import Sheet, SourceFile
from warehouse.errors import MissingColumn


@dataclass(frozen=True)
class Table:
    """A sheet that a view reads. `header`: index of its header row, -1 for none."""

    view: LayoutView
    sheet: Sheet
    header: int

    @property
    def cells(self) -> list[str]:
        return self.sheet.rows[self.header] if self.header >= 0 else []


@dataclass(frozen=True)
class Match:
    """A layout that fits, with the tables found. Better matches compare greater."""

    layout: Layout
    tables: tuple[Table, ...]
    required: int
    known: int


def recognise(source: SourceFile, layouts: Iterable[Layout], wanted: str | None = None) -> Match:
    """The one layout that fits best. `wanted`: the operator's choice.

    Raises UnknownFile naming the nearest layout and what it misses, AmbiguousFile when two fit equally well,
    MissingColumn when the layout is certain but a column it must have is gone.
    """
    candidates = [layout for layout in layouts if wanted in (None, layout.id)]
    if not candidates:
        raise UnknownFile(f"There is no layout '{wanted}'. See: python -m connectors list --layouts")
    matches = [match for layout in candidates if (match := fit(source, layout))]
    if not matches:
        raise _unknown(source, candidates)
    best = max((match.required, match.known) for match in matches)
    top = [match for match in matches if (match.required, match.known) == best]
    if len(top) > 1:
        named = [match for match in top if any(fnmatch(source.name, pattern) for pattern in match.layout.files)]
        top = named if len(named) == 1 else top
    if len(top) > 1:
        ids = tuple(sorted(match.layout.id for match in top))
        raise AmbiguousFile(f"{source.name} fits {' and '.join(ids)} equally well. Say which it is: --layout {ids[0]}", ids)
    _check_columns(source, top[0])
    return top[0]


def fit(source: SourceFile, layout: Layout) -> Match | None:
    """The layout's tables in the file, None when its signature is not there."""
    tables: list[Table] = []
    for view in layout.views:
        found = [table for sheet in source.sheets if (table := find_table(sheet, view))]
        if not found and not view.optional and view.required:
            return None
        tables += found
    if not tables:
        return None
    required = sum(len(table.view.required) for table in tables)
    return Match(layout, tuple(tables), required, sum(_known_cells(table) for table in tables))


def _known_cells(table: Table) -> int:
    cells = table.cells if table.view.shape == "rows" else [row[0] for row in table.sheet.rows if row]
    return known_in(cells, table.view.known)


def find_table(sheet: Sheet, view: LayoutView) -> Table | None:
    """The view's table in a sheet: its header row among the first 30 rows, if the signature holds there."""
    if not re.search(view.sheet, sheet.name):
        return None
    if not view.header:
        return Table(view, sheet, -1) if any(len(row) == len(view.in_order) for row in sheet.rows) else None
    if view.shape == "pairs":
        keys = [row[0] for row in sheet.rows if len(row) > 1]
        return Table(view, sheet, -1) if keys and signature_holds(keys, view) else None
    rows = sheet.rows[:SEARCHED_ROWS]
    good = [n for n, row in enumerate(rows) if signature_holds(row, view)]
    return Table(view, sheet, max(good, key=lambda n: (known_in(rows[n], view.known), -n))) if good else None


def signature_holds(cells: Sequence[str | None], view: LayoutView, removed: Iterable[str] = ()) -> bool:
    """Every required header there in some spelling, none of the absent ones."""
    present = {normal(cell) for cell in [*cells, *removed] if cell and clean(cell)}
    has = all(any(normal(spelling) in present for spelling in view.spellings(name)) for name in view.required)
    return bool(present) and has and not any(normal(name) in present for name in view.absent) and bool(present & view.known)


def bind(headers: Sequence[str], view: LayoutView) -> Mapping[str, str]:
    """Canonical name -> the file's own header: the exact name first, then its other spellings in order."""
    exact = {header: header for header in reversed(headers)}
    folded = {normal(header): header for header in reversed(headers)}
    bound: dict[str, str] = {}
    used: set[str] = set()
    for turn in range(2):  # a header that one column calls its own is not an alias of another
        for entry in view.fields:
            spellings = entry.spellings[:1] if turn == 0 else entry.spellings[1:]
            for spelling in spellings if entry.name not in bound else ():
                header = exact.get(spelling) or folded.get(normal(spelling))
                if header and (entry.shared or header not in used):
                    bound[entry.name] = header
                    used.add(header)
                    break
    return bound


def _check_columns(source: SourceFile, match: Match) -> None:
    for table in match.tables:
        if table.header < 0:
            continue
        bound = bind([clean(cell) for cell in table.cells], table.view)
        gone = [entry.name for entry in table.view.fields if not entry.optional and entry.name not in bound]
        if gone:
            raise MissingColumn(
                f"{source.name} is '{match.layout.id}', but its column {', '.join(map(repr, gone))} is gone. Export it again with that column; "
                f"if the platform renamed it, add the new name as an alias in layouts/{match.layout.id}.toml."
            )


def _unknown(source: SourceFile, layouts: list[Layout]) -> UnknownFile:
    sheet = max(source.sheets, key=lambda each: len(each.rows))
    row = sheet.rows[likely_header(sheet.rows)] if sheet.rows else []
    headers = tuple(clean(cell) for cell in row if clean(cell))

    def near(view: LayoutView) -> int:
        return max((known_in(cells, view.known) for one in source.sheets for cells in one.rows[:SEARCHED_ROWS]), default=0)

    ranked = sorted(((near(view), layout, view) for layout in layouts for view in layout.views), key=lambda each: -each[0])
    hint = ""
    if ranked and ranked[0][0] >= 2:
        _, layout, view = ranked[0]
        present = {normal(cell) for one in source.sheets for cells in one.rows[:SEARCHED_ROWS] for cell in cells}
        gone = [name for name in view.required if not any(normal(s) in present for s in view.spellings(name))]
        extra = [name for name in view.absent if normal(name) in present]
        why = f"misses {', '.join(gone)}" if gone else f"has {', '.join(extra)}, which that layout must not have" if extra else "does not fit as a whole"
        hint = f" Nearest is '{layout.id}' ({layout.label.get('en', '')}): the file {why}."
    return UnknownFile(
        f"{source.name} is no export that is known.{hint} Map its columns once on the page 数据导入, or with --mapping FILE; "
        "the mapping is kept and used from then on.",
        headers,
    )
