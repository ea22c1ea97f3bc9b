"""A filled plan workbook -> its question, the plan it was made from, and its rows, wherever people moved the columns.

A workbook is known by its hidden sheet, whatever the file is called; rows by their hidden key, or by their labels where the key is gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from connectors.files.header import normal
from connectors.plan.build import build
from connectors.plan.errors import Fault, PlanError
from connectors.plan.model import Plan
from connectors.plan.workbook.form import HEAD, KINDS, Ask, Draft, Form, Typed, fitting
from connectors.plan.workbook.grid import Grid, day_of, shown
from connectors.plan.workbook.words import code, spellings, words
from connectors.plan.workbook.write import MARK, SCHEMA, SHEETS, head_text

SEARCHED = 40  # rows in which the header must stand
NOT_OURS = (
    "it is not a plan workbook of Daybook. Download a template (月度预算, 销售目标, 直播排期 or 更多) on the Plan page and fill that; "
    "a month table of your own is read through the mapping page, a table from a document is pasted."
)


@dataclass(frozen=True)
class Origin:
    """What the hidden sheet says: the question and the plan as it was when the workbook was made."""

    ask: Ask
    base: Plan


def origin(grids: Sequence[Grid], name: str) -> Origin:
    """Raises PlanError when the workbook is not ours, of a newer version, or its hidden sheet was edited."""
    machine = next((grid for grid in grids if grid.text(0, 0) == MARK), None)
    if machine is None:
        raise PlanError(name, [Fault(name, NOT_OURS)])
    if not machine.text(0, 1).isdecimal() or int(machine.text(0, 1)) > SCHEMA:
        raise PlanError(
            name, [Fault(name, "it was made by a newer Daybook. Update this one, or download the template here again.")]
        )
    try:
        asked = json.loads(machine.text(1, 1))
        ask = _asked(asked)
        text = "".join(
            str(machine.value(line, 1)) for line in range(2, len(machine.rows)) if machine.text(line, 0) == "plan"
        )
        if ask.kind not in KINDS:
            raise ValueError(ask.kind)
        return Origin(ask, build(json.loads(text), name))
    except (ValueError, KeyError, TypeError, PlanError) as error:
        raise PlanError(
            name,
            [
                Fault(
                    f"{machine.name}!A1",
                    "the hidden sheet was changed. Download the template again and copy your numbers into it.",
                )
            ],
        ) from error


def _asked(said: dict[str, Any]) -> Ask:
    lists = {name: tuple(map(str, said.get(name, ()))) for name in ("shops", "channels", "metrics")}
    start, end = date.fromisoformat(said["start"]), date.fromisoformat(said["end"])
    return Ask(
        str(said["kind"]),
        start,
        end,
        **lists,
        split=str(said["split"]),
        lang=str(said["lang"]),
        currency=str(said["currency"]),
    )


def read_rows(
    grids: Sequence[Grid], form: Form, draft: Draft, labels: Sequence[str]
) -> tuple[str, list[Typed], set[str]]:
    """Sheet name, its rows with something in them, and the keys of form rows that are gone. Faults go to the draft.

    labels: columns that tell rows apart where the hidden key is gone.
    """
    found = _header(grids, form)
    if found is None:
        draft.fault(
            SHEETS["zh"][0], "the header row is gone. Download the template again and copy your numbers into it."
        )
        return SHEETS["zh"][0], [], set()
    grid, line, places, key_at = found
    draft.sheet = grid.name
    _head(grid, line, draft)
    rows: list[Typed] = []
    left = {row.key for row in form.rows}
    for at in range(line + 1, len(grid.rows)):
        row = _row(grid, at, form, places, key_at, draft)
        if row is not None and not any(row.cells.values()) and not _has_bad(grid, at):
            blank = form.row(row.key)  # a row that was written blank is still there; one that was emptied is gone
            left -= {row.key} if blank and not any(map(fitting, blank.cells.values())) else set()
        elif row is not None:
            rows.append(_known(row, form, left, labels))
    return grid.name, rows, left


def _header(grids: Sequence[Grid], form: Form) -> tuple[Grid, int, dict[str, int], int | None] | None:
    """The sheet and row with the most of the form's headers, the place of each column, and of the hidden key."""
    known = {normal(header): column.name for column in reversed(form.columns) for header in column.headers}
    best: tuple[Grid, int, dict[str, int], int | None] | None = None
    keys = {normal(each) for each in spellings("column", "key")}
    for grid in grids:
        if grid.text(0, 0) == MARK or grid.name in {names[1] for names in SHEETS.values()}:
            continue
        for line in range(min(len(grid.rows), SEARCHED)):
            places: dict[str, int] = {}
            key_at = None
            for at in range(len(grid.rows[line])):
                text = _header_text(grid, line, at)
                key_at = at if normal(text) in keys else key_at
                if name := known.get(normal(text)):
                    places.setdefault(name, at)
            if len(places) > max(1, len(best[2]) if best else 0):
                best = (grid, line, places, key_at)
    return best


def _header_text(grid: Grid, line: int, at: int) -> str:
    """A header cell; a month that a spreadsheet made a date of is a month again."""
    value = grid.value(line, at)
    if isinstance(value, date | datetime):
        day = value.date() if isinstance(value, datetime) else value
        return f"{day:%Y-%m}" if day.day == 1 else day.isoformat()
    return grid.text(line, at)


def _head(grid: Grid, header: int, draft: Draft) -> None:
    """The plan's own fields above the table: a label, its value in the next filled cell to the right."""
    names = {normal(each): name for name in HEAD for each in spellings("column", name)}
    for line in range(header):
        for at in range(len(grid.rows[line])):
            name = names.get(normal(grid.text(line, at)))
            if not name:
                continue
            text = grid.text(line, at + 1)
            if normal(text) in names:  # blank, and the next label stands there
                text = ""
            if text not in {
                head_text(Plan("", **{name: draft.head.get(name, "draft" if name == "state" else "")}), name, lang)
                for lang in SHEETS
            }:
                value = code("state", text) if name == "state" and text else text
                if value is None:
                    draft.fault(grid.where(line, at + 1), f"'{text}' is not known. Valid: {', '.join(words('state'))}.")
                else:
                    draft.head[name] = value


def _row(grid: Grid, at: int, form: Form, places: dict[str, int], key_at: int | None, draft: Draft) -> Typed | None:
    """One row of the sheet; None when nothing is in it."""
    cells: dict[str, str] = {}
    numeric: set[str] = set()
    for column in form.columns:
        if column.name not in places:
            continue
        place = places[column.name]
        if why := grid.bad.get((at, place)):
            draft.fault(grid.where(at, place), f"the cell {why}. Type the number itself.")
        cells[column.name] = _text(grid, at, place, column.kind, draft)
        if isinstance(grid.value(at, place), int | float) and not isinstance(grid.value(at, place), bool):
            numeric.add(column.name)
    key = grid.text(at, key_at) if key_at is not None else ""
    if not key and not any(cells.values()) and not _has_bad(grid, at):
        return None
    return Typed(
        key, cells, lambda name: grid.where(at, places.get(name, min(places.values()))), None, frozenset(numeric)
    )


def _has_bad(grid: Grid, at: int) -> bool:
    return any(line == at for line, _ in grid.bad)


def _text(grid: Grid, at: int, place: int, kind: str, draft: Draft) -> str:
    """A cell's text by the column's kind; labels fill a merged block, a number must not."""
    first, last = grid.block(at, place)
    if first != last and kind == "number":
        if (at, place) == first and grid.text(at, place):
            draft.fault(
                grid.where(at, place),
                f"{grid.text(at, place)} stands over several merged cells. Split the cells and write each its own number.",
            )
        return ""
    text = grid.filled(at, place)
    value = grid.value(*first)
    if kind == "number" and isinstance(value, date | datetime | time):
        draft.fault(
            grid.where(at, place),
            f"it shows the date or time {text}; a spreadsheet makes one of 2-5. Write a band as 2~5 or '2-5.",
        )
        return ""
    if kind == "day" and text:
        day = day_of(value if isinstance(value, date) else text)
        return day.isoformat() if day else text
    if kind == "time" and text:
        return clock(value, text)
    return fitting(text)


def clock(value: object, text: str) -> str:
    """20:00 of a time, of a part of a day (0.8333), of 20:00:00 and of 20：00."""
    if isinstance(value, float | int) and not isinstance(value, bool) and 0 <= value < 1:
        minutes = round(value * 1440)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, datetime):
        return f"{value:%H:%M}"
    found = re.fullmatch(r"(\d{1,2})[:：](\d{2})(?:[:：]00)?", shown(text).strip())
    return f"{int(found[1]):02d}:{found[2]}" if found else text


def _known(row: Typed, form: Form, left: set[str], labels: Sequence[str]) -> Typed:
    """The row with the form's row it stands for: by key, else by its labels; a key that came twice is a new row."""
    shown_row = form.row(row.key) if row.key in left else None
    if shown_row is None and not row.key:
        same = [
            each
            for each in form.rows
            if each.key in left
            and all(fitting(each.cells.get(name, "")) == row.says(name) for name in labels if name in row.cells)
        ]
        shown_row = same[0] if len(same) == 1 else None
    if shown_row is None:
        return Typed("", row.cells, row.where, None, row.numeric)
    left.discard(shown_row.key)
    return Typed(shown_row.key, row.cells, row.where, shown_row, row.numeric)
