"""The first rows of a file that nobody knows, for the mapping page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from connectors.files.header import likely_header, unique
from connectors.files.reader import read, scratch
from warehouse.book import Book


@dataclass(frozen=True)
class Head:
    """One sheet: its likely header and the first rows below, all as text and equally wide."""

    sheet: str
    headers: list[str]
    rows: list[list[str]]


def peek(book: Book, path: Path) -> list[Head]:
    """Sheets of the file that have rows. Raises a FileError when it cannot be read."""
    with scratch(book.root / "tmp") as folder:
        source = read(path, folder)
    heads = []
    for sheet in source.sheets:
        place = likely_header(sheet.rows)
        if not sheet.rows or not any(cell.strip() for cell in sheet.rows[place]):
            continue
        below = sheet.rows[place + 1 :]
        width = max(len(row) for row in sheet.rows[place:])
        headers = unique([*sheet.rows[place], *[""] * (width - len(sheet.rows[place]))])
        heads.append(Head(sheet.name, headers, [[*row, *[""] * (width - len(row))] for row in below]))
    return heads
