"""Files bent out of shape: read a sample's cells, change them, write the file again in its own format."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import python_calamine
import xlsxwriter

Grid = list[list[object]]


@dataclass
class Sheetful:
    """A sample as cells: sheets by name, and for text files their codec."""

    name: str
    sheets: dict[str, Grid]
    codec: str = ""


def load(path: Path) -> Sheetful:
    if path.suffix == ".csv":
        raw = path.read_bytes()
        codec = next(c for c in ("utf-8-sig", "gb18030") if _decodes(raw, c))
        return Sheetful(path.name, {"": [list(row) for row in csv.reader(io.StringIO(raw.decode(codec)))]}, codec)
    book = python_calamine.load_workbook(str(path))
    return Sheetful(path.stem + ".xlsx", {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names})


def _decodes(raw: bytes, codec: str) -> bool:
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def save(content: Sheetful, folder: Path) -> Path:
    path = folder / content.name
    if content.codec:
        sink = io.StringIO(newline="")
        csv.writer(sink).writerows(content.sheets[""])
        path.write_bytes(sink.getvalue().encode(content.codec, "replace"))
        return path
    book = xlsxwriter.Workbook(str(path))
    for name, grid in content.sheets.items():
        sheet = book.add_worksheet(name[:31])
        for y, row in enumerate(grid):
            for x, cell in enumerate(row):
                if isinstance(cell, int | float):
                    sheet.write_number(y, x, cell)
                elif cell not in ("", None):
                    sheet.write_string(y, x, str(cell))
    book.close()
    return path


def _width(grid: Grid) -> int:
    return max((len(row) for row in grid), default=0)


def drop_column(grid: Grid, rng: random.Random) -> None:
    at = rng.randrange(max(1, _width(grid)))
    for row in grid:
        if at < len(row):
            del row[at]


def double_column(grid: Grid, rng: random.Random) -> None:
    at = rng.randrange(max(1, _width(grid)))
    for row in grid:
        if at < len(row):
            row.append(row[at])


def shuffle_columns(grid: Grid, rng: random.Random) -> None:
    order = list(range(_width(grid)))
    rng.shuffle(order)
    for row in grid:
        full = row + [""] * (len(order) - len(row))
        row[:] = [full[at] for at in order]


def drop_row(grid: Grid, rng: random.Random) -> None:
    if grid:
        del grid[rng.randrange(len(grid))]


def double_row(grid: Grid, rng: random.Random) -> None:
    if grid:
        at = rng.randrange(len(grid))
        grid.insert(rng.randrange(len(grid) + 1), list(grid[at]))


def shuffle_rows(grid: Grid, rng: random.Random) -> None:
    head, body = grid[:5], grid[5:]
    rng.shuffle(body)
    grid[:] = head + body


def rename_header(grid: Grid, rng: random.Random) -> None:
    row = grid[rng.randrange(min(5, len(grid)))] if grid else []
    if row:
        at = rng.randrange(len(row))
        row[at] = f" {row[at]}\t" if rng.random() < 0.5 else f"{row[at]}新"


def blank_cell(grid: Grid, rng: random.Random) -> None:
    row = grid[rng.randrange(len(grid))] if grid else []
    if row:
        row[rng.randrange(len(row))] = ""


def spoil_cell(grid: Grid, rng: random.Random) -> None:
    row = grid[rng.randrange(len(grid))] if grid else []
    if row:
        row[rng.randrange(len(row))] = rng.choice(["?!", "1.2.3", "6.9E+18", "1e999", "\0", "'" * 3, '"', "NaN", "=1+1", "9" * 60, "2026-13-45", "😀", "a,b\nc"])


def rows_above(grid: Grid, rng: random.Random) -> None:
    grid[:0] = [["说明：" + "x" * rng.randrange(20)], []]


def extra_cells(grid: Grid, rng: random.Random) -> None:
    if grid:
        grid[rng.randrange(len(grid))] += ["", "多出来"]


def empty_rows(grid: Grid, rng: random.Random) -> None:
    grid.insert(rng.randrange(len(grid) + 1), [""] * _width(grid))


BENDS: list[Callable[[Grid, random.Random], None]] = [
    drop_column, double_column, shuffle_columns, drop_row, double_row, shuffle_rows, rename_header, blank_cell, spoil_cell, rows_above,
    extra_cells, empty_rows,
]  # fmt: skip


def cut_bytes(path: Path, rng: random.Random) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: rng.randrange(len(raw) + 1)])


def flip_bytes(path: Path, rng: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    for _ in range(rng.randrange(1, 4) if raw else 0):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    path.write_bytes(bytes(raw))
