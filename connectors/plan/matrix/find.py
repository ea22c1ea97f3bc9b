"""Where the months of a table stand: in a row, or, looked at turned by a quarter, in a column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from connectors.plan.workbook.grid import Grid, day_of, letters

SEARCHED = 40
LEAST = 3  # months that make a month table
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HAN = {
    name: n for n, name in enumerate(("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"), 1)
}
_FULL = re.compile(r"(?P<y>(?:19|20)\d{2})(?:(?:年|[-/.])(?P<m>\d{1,2})月?(?:份)?(?:[-/]0?1)?|(?P<two>\d{2}))")
_LONG = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_ENGLISH = re.compile(rf"(?P<name>{_LONG})\.?[\s'’\-/]*(?P<y>(?:19|20)?\d{{2}})?", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A table that shows months: the (perhaps turned) sheet, its header row and the month of each column."""

    grid: Grid
    months: str
    header: int
    columns: Mapping[int, tuple[int | None, int]]


class Turned(Grid):
    """A sheet turned by a quarter; places are still named as on the sheet."""

    def where(self, row: int, column: int) -> str:
        return f"{self.name}!{letters(row)}{column + 1}"


def turned(grid: Grid) -> Grid:
    height = len(grid.rows)
    rows = [[grid.text(row, column) for row in range(height)] for column in range(grid.width)]
    raw = [[grid.value(row, column) for row in range(height)] for column in range(grid.width)]
    merged = [((a[1], a[0]), (b[1], b[0])) for a, b in grid.merged]
    return Turned(grid.name, rows, raw, merged, {(c, r): why for (r, c), why in grid.bad.items()})


def month_of(value: Any, text: str, is_month_row: bool = False) -> tuple[int | None, int] | None:
    """Year (when said) and month of a header cell; None when it names no month."""
    if isinstance(value, date | datetime):
        return value.year, value.month
    plain = unicodedata.normalize("NFKC", text).strip()
    if (found := _FULL.fullmatch(plain)) and not (isinstance(value, float) and not value.is_integer()):
        month = int(found["m"] or found["two"])
        return (int(found["y"]), month) if 1 <= month <= 12 else None
    if found := _ENGLISH.fullmatch(plain):
        year = found["y"]
        return (None if not year else int(year) + (2000 if len(year) == 2 else 0)), _NAMES.index(
            found["name"].lower()[:3]
        ) + 1
    bare = re.fullmatch(r"(\d{1,2}|十[一二]?|[一二三四五六七八九])月(?:份|预算|目标|计划)?", plain)
    if bare:
        month = int(bare[1]) if bare[1].isdecimal() else _HAN[bare[1]]
        return (None, month) if 1 <= month <= 12 else None
    if re.fullmatch(r"\d{5}", plain) and (day := day_of(plain)) and day.day == 1:
        return day.year, day.month
    return (None, int(plain)) if is_month_row and re.fullmatch(r"0?[1-9]|1[0-2]", plain) else None


def find_tables(grid: Grid) -> list[Found]:
    """Tables of a sheet with at least three months in a row, across or down."""
    found = []
    for view, months in ((grid, "across"), (turned(grid), "down")):
        for line in range(min(len(view.rows), SEARCHED)):
            said = any(
                re.fullmatch(r"月份?|months?", view.text(line, c).strip(), re.IGNORECASE) for c in range(view.width)
            )
            columns = {
                c: m for c in range(view.width) if (m := month_of(view.value(line, c), view.text(line, c), said))
            }
            months_said = [*dict.fromkeys(columns.values())]
            if len(months_said) >= LEAST and _in_order(months_said) and _has_numbers(view, line, columns):
                found.append(Found(view, months, line, columns))
    return found


def _has_numbers(grid: Grid, line: int, columns: Iterable[int]) -> bool:
    """Is there a row below with a name and at least two numbers under the months?"""
    first = min(columns)
    for row in range(line + 1, len(grid.rows)):
        numbers = sum(
            1 for c in columns if isinstance(grid.value(row, c), int | float) or re.search(r"\d", grid.text(row, c))
        )
        if numbers >= 2 and any(grid.filled(row, c) for c in range(first)):
            return True
    return False


def _in_order(months: list[tuple[int | None, int]]) -> bool:
    """Months of a plan follow each other; over a year's end they begin again once."""
    numbers = [(year or 0) * 12 + month for year, month in months]
    return sum(b < a for a, b in pairwise(numbers)) <= 1
