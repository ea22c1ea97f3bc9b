"""Workbooks (.xls, .xlsx, .xlsb, .ods) -> text sheets; what must be refused is refused before anything is unpacked.

python-calamine reads inline strings too. Numbers become their shortest text (5.0 -> 5); a number too long for a workbook's 15 digits
is written as 6.9E+18, so that an id that lost its last digits is refused instead of stored.
"""

from __future__ import annotations

import csv
import re
import struct
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine as calamine

from connectors.errors import BrokenWorkbook, FileError, HtmlWorkbook, LockedWorkbook, TruncatedFile, WorkbookTooLarge
from connectors.files.sheet import HEAD_ROWS, Sheet

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK"
MAX_UNPACKED = 1_500_000_000
MAX_RATIO = 200
MAX_CELLS = 30_000_000
AGAIN = "Download or export it again."


def is_workbook(path: Path) -> bool:
    """Does the file begin like a workbook, whatever its name says?"""
    with path.open("rb") as stream:
        head = stream.read(8)
    return head.startswith(OLE) or head.startswith(ZIP)


def refuse_markup(path: Path, head: bytes) -> None:
    """Raise HtmlWorkbook when the text is a web page or XML."""
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe\xfe\xff \t\r\n\0")[:400].replace(b"\0", b"").lower()
    if re.match(rb"<(!doctype|html|head|meta|table|body|\?xml|style|!--)|mime-version:", start):
        raise HtmlWorkbook(
            f"{path.name} is a web page or XML saved under another name, not a table file. "
            "Open it in Excel or WPS, choose Save as .xlsx, and import that; if it shows a login page, download the export again."
        )


def check(path: Path) -> None:
    """Raise when the workbook is cut off, locked, or would not fit in memory."""
    with path.open("rb") as stream:
        magic = stream.read(8)
    if magic.startswith(OLE):
        _check_ole(path)
    else:
        _check_zip(path)


def _check_ole(path: Path) -> None:
    data = path.read_bytes() if path.stat().st_size < 300_000_000 else b""
    if not data:
        raise WorkbookTooLarge(f"{path.name} is larger than an .xls file can sensibly be. Save it as CSV and import that.")
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _locked(path)
    if len(data) < 512:
        raise TruncatedFile(f"{path.name} is cut off after {len(data)} bytes. {AGAIN}")
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    fat = [number for number in struct.unpack_from("<109I", data, 76) if number < 0xFFFFFFFA]
    last = max(fat, default=0)
    for place, sector in enumerate(fat):
        start = (sector + 1) * size
        if start + size > len(data):
            break  # the list of sectors itself is cut off, so `last` lies beyond the end
        used = [n for n, entry in enumerate(struct.unpack_from(f"<{size // 4}I", data, start)) if entry != 0xFFFFFFFF]
        last = max(last, place * (size // 4) + (used[-1] if used else 0))
    if (last + 1) * size >= len(data) or any((sector + 2) * size > len(data) for sector in fat):
        raise TruncatedFile(f"{path.name} is cut off: it says it has {(last + 2) * size:,} bytes, but {len(data):,} are here. {AGAIN}")


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if any(name.lower().endswith((".csv", ".xlsx", ".xls")) for name in names):
                raise FileError(f"{path.name} is an archive with files in it. Unpack it and import the files one by one.")
            if not any(name.startswith(("xl/", "Table")) or name in ("content.xml", "[Content_Types].xml") for name in names):
                raise BrokenWorkbook(f"{path.name} is an archive, but not a workbook. Unpack it and import the table inside.")
            unpacked = sum(member.file_size for member in members)
            if unpacked > MAX_UNPACKED or (unpacked > 50_000_000 and unpacked > MAX_RATIO * path.stat().st_size):
                raise WorkbookTooLarge(
                    f"{path.name} would unpack from {path.stat().st_size:,} to {unpacked:,} bytes; that is not a sensible export. "
                    "Save it as CSV and import that, or export a shorter period."
                )
            for member in members:
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member.filename):
                    _check_extent(path, archive, member)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        raise TruncatedFile(f"{path.name} is cut off or damaged: its archive cannot be opened ({error}). {AGAIN}") from error


def _check_extent(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """A sheet is held in memory from its first to its last cell: refuse one whose last cell lies absurdly far out."""
    rows, letters, rest = 0, {b"A"}, b""
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(8_000_000):
                text = rest + chunk
                rows = max([rows, *map(int, re.findall(rb'<(?:\w+:)?row[^>]*?\sr="(\d+)"', text)), *_far_rows(text)])
                letters.update(re.findall(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{1,4})', text))
                rest = text[-200:]
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise TruncatedFile(f"{path.name} is damaged inside ({member.filename}: {error}). {AGAIN}") from error
    width = max(_column(name) for name in letters)
    if rows * width > MAX_CELLS:
        raise WorkbookTooLarge(
            f"{path.name}: a sheet reaches to row {rows:,}, column {width:,}; that many cells do not fit in memory. "
            "Save it as CSV and import that, or delete the stray cell far below or right of the table."
        )


def _far_rows(text: bytes) -> list[int]:
    """Row numbers in cell addresses of six digits and more (a cell may lie outside its row's number)."""
    return [int(number) for number in re.findall(rb'r="[A-Z]{1,4}(\d{6,8})"', text)]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _locked(path: Path) -> LockedWorkbook:
    return LockedWorkbook(f"{path.name} is protected by a password. Open it, remove the password (Save as, Tools, General options), and import that copy.")


def open_sheets(path: Path, folder: Path) -> list[Sheet]:
    """Every sheet that has rows, as comma-separated UTF-8 text in `folder`. Raises a FileError that says why not."""
    check(path)
    try:
        book = calamine.load_workbook(str(path))
        return [sheet for number, name in enumerate(book.sheet_names) if (sheet := _sheet(book, name, folder / f"sheet{number}.csv"))]
    except calamine.PasswordError as error:
        raise _locked(path) from error
    except FileError:
        raise
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        if getattr(error, "errno", None):
            raise
        raise BrokenWorkbook(f"{path.name} cannot be read as a workbook ({error}). {AGAIN}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the reader's own crash on damaged insides
            raise
        raise BrokenWorkbook(f"{path.name} is damaged inside ({error}). {AGAIN}") from error


def _sheet(book: Any, name: str, target: Path) -> Sheet | None:
    try:
        grid = book.get_sheet_by_name(name)
    except calamine.WorksheetNotFound:
        return None  # a chart sheet
    if not grid.height:
        return None
    left = [""] * (grid.start or (0, 0))[1]
    rows: list[list[str]] = []
    lines: list[int] = []
    with target.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink, lineterminator="\n")
        for cells in grid.iter_rows():
            row = left + [cell_text(cell) for cell in cells]
            writer.writerow(row)
            if len(rows) < HEAD_ROWS:
                rows.append(row)
    count = 0
    for row in rows:
        count += 1 + sum(cell.count("\n") for cell in row)
        lines.append(count)
    return Sheet(name, target, ",", rows, lines)


def cell_text(cell: Any) -> str:
    """The text of one cell: ISO dates, shortest numbers."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds") if cell.time() != time(0) else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, timedelta):
        total = round(cell.total_seconds())
        return f"{total // 3600:02d}:{total // 60 % 60:02d}:{total % 60:02d}"
    return "" if cell is None else str(cell)


def number_text(value: float) -> str:
    """5.0 -> 5, 0.1528 -> 0.1528, 754299529443.0 -> 754299529443, 4100000000000007919 -> 4.1E+18 (its digits are lost)."""
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    whole = value == int(value)
    if whole and abs(value) >= 1e15 and (abs(value) >= 2**53 or int(value) % 10 == 0):
        return f"{value:.14E}"
    return str(int(value)) if whole else format(Decimal(repr(value)), "f")
