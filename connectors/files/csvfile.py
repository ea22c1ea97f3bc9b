"""Delimited text -> a Parquet part of text columns.

A well-formed file goes through DuckDB alone. One that DuckDB refuses (a cut-off line, a stray quotation mark, too many cells)
is streamed once through `repair`, which keeps every line and says in column `_damage` what is wrong with it. So is one whose lines
above the header end differently or run over several: DuckDB 2.0.0 then skips to the end of the file and reports nothing.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import duckdb

from connectors.files import encoding
from connectors.files.header import known_in
from connectors.files.sheet import HEAD_ROWS, Sheet

DELIMITERS = (",", "\t", ";", "|")
DAMAGE = "_damage"
HEAD_CHARS = 128 * 1024
OPTIONS = "auto_detect=false, header=false, quote='\"', escape='\"', max_line_size=8000000"


def open_sheet(text: Path, name: str, known: frozenset[str], delimiter: str | None = None) -> Sheet:
    """Find the delimiter and the first rows of a UTF-8 text file."""
    with text.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        head = stream.read(HEAD_CHARS)
    delimiter = delimiter or _delimiter(head, known)
    rows, lines = _head_rows(head, delimiter)
    with text.open("rb") as raw:
        raw.seek(max(0, text.stat().st_size - 1))
        last = raw.read(1)
    return Sheet(name, text, delimiter, rows, lines, cut_off=last not in (b"\n", b"\r", b""), ends=_ends(head, lines))


def _delimiter(head: str, known: frozenset[str]) -> str:
    """The delimiter that shows most known headers, then most cells."""
    def merit(delimiter: str) -> tuple[int, int]:
        rows, _ = _head_rows(head, delimiter)
        return max((known_in(row, known) for row in rows), default=0), sum(map(len, rows))

    return max(DELIMITERS, key=merit)


def _head_rows(head: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    rows, lines = [], []
    try:
        for row in itertools.islice(reader, HEAD_ROWS):
            rows.append(row)
            lines.append(reader.line_num)
    except csv.Error:
        pass  # `repair` says what is wrong with the line
    return rows, lines


def _ends(head: str, lines: Sequence[int]) -> list[str]:
    """What ends each of the first rows: CR LF, LF or CR."""
    ends = [line[len(line.rstrip("\r\n")) :] for line in io.StringIO(head, newline="")]
    return [ends[number - 1] for number in lines]


def width_below(sheet: Sheet, header: int) -> int:
    """Cells in a row: as many as the header has, or as most rows below it have."""
    own = len(sheet.rows[header]) if header >= 0 else 0
    below = [len(row) for row in sheet.rows[header + 1 :] if row]
    usual = max(set(below), key=lambda n: (below.count(n), n)) if below else own
    return usual if not own or (usual > own and below.count(usual) * 2 > len(below)) else own


def write_part(
    con: duckdb.DuckDBPyConnection, sheet: Sheet, header: int, columns: Sequence[tuple[str, str | None]], target: Path, scratch: Path
) -> tuple[int, list[str]]:
    """Write the rows below the header row (index `header`, -1: there is none) to Parquet `target`.

    `columns`: for each cell of a row its name and the SQL that gives the value to keep (`{c}` stands for the cell), None to leave it out.
    Gives the number of rows and what is wrong with some of them; then the part has a column `_damage`.
    """
    skip = sheet.lines[header] if header >= 0 else 0
    with suppress(duckdb.InvalidInputException):
        if sheet.is_even_to(header):
            return _copy(con, sheet.text, sheet.delimiter, skip, columns, target), []
    mended = scratch / "mended.csv"
    sheet = replace(sheet, text=encoding.certain_utf8(sheet.text, scratch / "certain.csv"))
    try:
        damages = repair(sheet, skip, len(columns), mended)
        rows = _copy(con, mended, ",", 0, [*columns, (DAMAGE, "{c}")] if damages else columns, target)
    finally:
        mended.unlink(missing_ok=True)
        sheet.text.unlink(missing_ok=True)
    return rows, damages


def _copy(con: duckdb.DuckDBPyConnection, text: Path, delimiter: str, skip: int, columns: Sequence[tuple[str, str | None]], target: Path) -> int:
    declared = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(columns)))
    kept = ", ".join(f'{rule.format(c=f"c{n}")} AS "{name.replace(chr(34), chr(34) * 2)}"' for n, (name, rule) in enumerate(columns) if rule)
    source = f"read_csv({_literal(text)}, {OPTIONS}, delim={_literal(delimiter)}, skip={skip}, columns={{{declared}}})"
    count = con.execute(f"COPY (SELECT {kept} FROM {source}) TO {_literal(target)} (FORMAT parquet, COMPRESSION zstd)").fetchone()
    return int(count[0]) if count else 0


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def repair(sheet: Sheet, skip: int, width: int, target: Path) -> list[str]:
    """Write every row again with `width` cells; gives the damages found (the first 20).

    When there are any, each row gets one cell more that says what is wrong with it, empty for a good row.
    """
    damages: list[str] = []
    for _, damage in _judged(sheet, skip, width):
        if damage:
            damages.append(damage)
            if len(damages) == 20:
                break
    with target.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for cells, damage in _judged(sheet, skip, width):
            padded = [*cells[:width], *[""] * (width - len(cells))]
            writer.writerow([*padded, damage] if damages else padded)
    return damages


def _judged(sheet: Sheet, skip: int, width: int) -> Iterator[tuple[list[str], str]]:
    """Rows below the header with what is wrong with each ('' when nothing is)."""
    with sheet.text.open(encoding="utf-8-sig", errors="replace", newline=None) as source:
        waiting: tuple[list[str], str] | None = None
        for cells, damage in _records(itertools.islice(source, skip, None), sheet.delimiter):
            if not cells:
                continue
            if waiting:
                yield waiting[0], waiting[1] or _wrong(waiting[0], width, False)
            waiting = cells, damage
        if waiting:
            yield waiting[0], waiting[1] or _wrong(waiting[0], width, sheet.cut_off)


def _wrong(cells: list[str], width: int, cut_off: bool) -> str:
    if any(cell.strip() for cell in cells[width:]):
        return f"{len(cells)} cells where the header has {width}: {' | '.join(cells[width:])[:200]}"
    if cut_off and len(cells) < width:
        return f"the file ends within this line: {len(cells)} of {width} cells"
    return "a character is cut off" if cut_off and "\ufffd" in "".join(cells) else ""


def _records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[list[str], str]]:
    """Rows of cells; a line whose quotation marks do not match is given as it stands, with the reason."""
    taken: list[str] = []
    again: list[str] = []
    source = iter(lines)

    def feed() -> Iterator[str]:
        while True:
            line = again.pop() if again else next(source, None)
            if line is None:
                return
            taken.append(line)
            yield line.replace("\0", "")

    while True:
        taken.clear()
        row, fault = _next_row(feed(), delimiter, taken)
        if row is None:
            return
        if fault:
            again.extend(reversed(taken[1:]))
            row = taken[0].rstrip("\r\n").split(delimiter)
        yield row, fault


def _next_row(feed: Iterator[str], delimiter: str, taken: list[str]) -> tuple[list[str] | None, str]:
    try:
        row = next(csv.reader(feed, delimiter=delimiter, strict=False), None)
    except csv.Error:
        return [], "a quotation mark is opened and never closed"
    if len(taken) > 1 and sum(line.count('"') for line in taken) % 2:
        return [], "a quotation mark is opened and never closed"
    return row, ""
