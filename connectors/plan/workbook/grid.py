"""Cells of a workbook as text, each with its address; what a reader would take for blank and is not, is named.

Numbers have the 15 digits that a spreadsheet keeps; a formula that was never worked out and a cell with an error are faults.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import python_calamine as calamine

from connectors.errors import FileError
from connectors.files.header import clean
from connectors.files.workbook import AGAIN, cell_text, check
from connectors.plan.errors import Fault, PlanError

MAX_CELLS = 2_000_000
MAX_XML = 60_000_000
SERIALS = (20_000, 80_000)  # 1954 to 2119: what a day looks like as a number
DAMAGED = (
    OSError,
    ValueError,
    OverflowError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
)
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*?)/?>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*?)/?>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')


@dataclass(frozen=True)
class Grid:
    """One sheet. rows: text by absolute row and column (0 is A1); raw: the values; merged: first and last cell of each block.

    bad: cells that show something other than what was stored, and why.
    """

    name: str
    rows: list[list[str]]
    raw: list[list[Any]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    bad: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def text(self, row: int, column: int) -> str:
        """'' outside the sheet."""
        return self.rows[row][column] if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]) else ""

    def value(self, row: int, column: int) -> Any:
        return self.raw[row][column] if 0 <= row < len(self.raw) and 0 <= column < len(self.raw[row]) else ""

    def block(self, row: int, column: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """The merged block that a cell belongs to; the cell itself when it stands alone."""
        for first, last in self.merged:
            if first[0] <= row <= last[0] and first[1] <= column <= last[1]:
                return first, last
        return (row, column), (row, column)

    def filled(self, row: int, column: int) -> str:
        """The text, of a merged block for each of its cells."""
        return self.text(row, column) or self.text(*self.block(row, column)[0])

    def where(self, row: int, column: int) -> str:
        return f"{self.name}!{letters(column)}{row + 1}"

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)


Source = Path | bytes | list[Grid]  # a file, its bytes, or tables that are open already


def letters(column: int) -> str:
    """0 -> A, 26 -> AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def open_grids(source: Source, name: str) -> list[Grid]:
    """Every sheet of a workbook, hidden ones too. Raises PlanError when it is none or cannot be read."""
    if isinstance(source, list):
        return source
    if isinstance(source, bytes):
        with TemporaryDirectory() as folder:
            copy = Path(folder) / (Path(name).name or "plan.xlsx")
            copy.write_bytes(source)
            return open_grids(copy, name)
    try:
        check(source)
        book = calamine.load_workbook(str(source))
        bad = _bad_cells(source)
        return [grid for title in book.sheet_names if (grid := _grid(book, title, bad.get(title, {}), name))]
    except FileError as error:
        raise PlanError(name, [Fault(name, str(error))]) from error
    except calamine.PasswordError as error:
        raise PlanError(
            name, [Fault(name, "it is protected by a password. Remove it (Save as), then import that copy.")]
        ) from error
    except (calamine.CalamineError, *DAMAGED) as error:
        raise PlanError(name, [Fault(name, f"it cannot be read as a workbook ({error}). {AGAIN}")]) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the reader's own crash on damaged insides
            raise
        raise PlanError(name, [Fault(name, f"it is damaged inside ({error}). {AGAIN}")]) from error


def _grid(book: Any, title: str, bad: Mapping[tuple[int, int], str], name: str) -> Grid | None:
    try:
        sheet = book.get_sheet_by_name(title)
    except calamine.WorksheetNotFound:
        return None  # a chart sheet
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise PlanError(
            name,
            [
                Fault(
                    title,
                    "the sheet is far too large for a plan. Delete the stray cell far below or right of the table.",
                )
            ],
        )
    top, left = sheet.start or (0, 0)
    raw: list[list[Any]] = [[] for _ in range(top)]
    raw += [[""] * left + list(cells) for cells in sheet.iter_rows()]
    rows = [[clean(shown(cell)) for cell in row] for row in raw]
    return Grid(title, rows, raw, list(sheet.merged_cell_ranges or []), bad)


def shown(cell: Any) -> str:
    """A cell's text; numbers as a spreadsheet holds them, 0.1 + 0.2 is 0.3."""
    if isinstance(cell, float) and not isinstance(cell, bool) and cell == cell and abs(cell) != float("inf"):
        return number(cell)
    if isinstance(cell, timedelta):
        total = round(cell.total_seconds())
        return f"{total // 3600:02d}:{total // 60 % 60:02d}"
    return cell_text(cell)


def number(value: float) -> str:
    """At most 15 digits, no exponent, no trailing zeros."""
    exact = Decimal(f"{value:.15g}")
    return format(exact.to_integral_value() if exact == exact.to_integral_value() else exact.normalize(), "f")


def day_of(cell: Any) -> date | None:
    """The day a cell holds: a date, a serial number, or text such as 2026-11-5, 2026年11月5日, 20261105."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = shown(cell).strip()
    try:
        if re.fullmatch(r"\d{5}(\.\d+)?", text) and SERIALS[0] <= float(text) <= SERIALS[1]:
            return date(1899, 12, 30) + timedelta(days=int(float(text)))
        found = re.fullmatch(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})日?(?:\s.*)?", text) or re.fullmatch(
            r"(\d{4})(\d\d)(\d\d)", text
        )
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _bad_cells(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Cells of an .xlsx that hold an error, or a formula nobody worked out, by sheet name."""
    if not zipfile.is_zipfile(path):
        return {}
    found: dict[str, dict[tuple[int, int], str]] = {}
    with zipfile.ZipFile(path) as archive:
        for title, member in _members(archive).items():
            if archive.getinfo(member).file_size <= MAX_XML:
                cells = _CELL.finditer(archive.read(member))
                found[title] = {
                    at: why for cell in cells if (why := _why(cell[1], cell[2] or b"")) and (at := _address(cell[1]))
                }
    return found


def _members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> file inside the archive."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    links = {}
    for match in _RELATION.finditer(archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")):
        entry = dict(_ATTRIBUTE.findall(match[1]))
        target = entry.get("Target", "")
        links[entry.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    sheets = {}
    for match in _SHEET.finditer(archive.read("xl/workbook.xml").decode("utf-8", "replace")):
        entry = dict(_ATTRIBUTE.findall(match[1]))
        member = links.get(entry.get("r:id", ""), "")
        if member in names:
            sheets[html.unescape(entry.get("name", ""))] = member
    return sheets


def _why(attributes: bytes, inside: bytes) -> str:
    if re.search(rb'\bt="e"', attributes):
        value = re.search(rb"<(?:\w+:)?v>([^<]*)<", inside)
        return f"shows the error {value[1].decode('utf-8', 'replace') if value else '#N/A'}"
    worked_out = b't="str"' in attributes or re.search(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]", inside)
    if re.search(rb"<(?:\w+:)?f[\s>/]", inside) and not worked_out:
        return "holds a formula that was never worked out"
    return ""


def _address(attributes: bytes) -> tuple[int, int] | None:
    found = re.search(rb'\br="([A-Z]{1,3})(\d+)"', attributes)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + letter - 64
    return int(found[2]) - 1, column - 1
