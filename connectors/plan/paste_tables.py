"""A pasted text -> its tables as grids and the lines around them: HTML from the clipboard, tabs, markdown, or aligned columns."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from connectors.files.header import clean

_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?")
_GAP = re.compile(r"\s{2,}|\u3000+")
_BREAKS = ("br", "p", "div", "li")


@dataclass
class Pasted:
    """rows: cells of the tables in order (one list a row); lines: what stood around them; text: all of it, readable."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    text: str = ""


def read_tables(text: str) -> Pasted:
    """Rows and lines of a pasted text; nothing of it is left out."""
    if re.search(r"<t(able|r)\b", text, re.IGNORECASE):
        return _from_html(text)
    rows: list[list[str]] = []
    lines: list[str] = []
    if "\t" in text:
        _tabs(text, rows, lines)
    else:
        for line in filter(str.strip, text.splitlines()):
            cells = _cells(line)
            if len(cells) > 1:
                rows.append(cells)
            elif cells:
                lines.append(cells[0])
    return Pasted(rows, lines, text)


def _tabs(text: str, rows: list[list[str]], lines: list[str]) -> None:
    """A cell of several lines comes in quotes; a quote that never closes is just a quote."""
    quoted = text.count('"') % 2 == 0
    options = {"quoting": csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE}
    for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t", **options):  # type: ignore[arg-type]
        cells = [clean(cell) for cell in row]
        if sum(map(bool, cells)) > 1 or (rows and any(cells) and len(cells) > 1):
            rows.append(cells)
        elif any(cells):
            lines.append(next(filter(None, cells)))


def _cells(line: str) -> list[str]:
    """Cells of a markdown or aligned line; one cell when it is ordinary text."""
    plain = line.strip()
    if "|" in plain:
        if _RULE.fullmatch(plain):
            return []
        return [
            clean(cell.replace("\\|", "|").replace("<br>", "\n")) for cell in re.split(r"(?<!\\)\|", plain.strip("|"))
        ]
    return [clean(cell) for cell in _GAP.split(plain)]


def _from_html(text: str) -> Pasted:
    start, end = text.find("<!--StartFragment-->"), text.find("<!--EndFragment-->")
    reader = _Html()
    reader.feed(text[start:end] if 0 <= start < end else text)
    reader.close()
    reader.end_line()
    readable = [*reader.before, *("\t".join(row) for row in reader.rows), *reader.after]
    return Pasted(reader.rows, [*reader.before, *reader.after], "\n".join(readable))


class _Html(HTMLParser):
    """Tables of a page: a cell that spans rows or columns is repeated, so that labels hold for all they cover; numbers stand once."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.before: list[str] = []
        self.after: list[str] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._line: list[str] = []
        self._spans: dict[int, tuple[int, str]] = {}  # column -> rows still to fill, with what
        self._size = (1, 1)
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script", "title"):
            self._hidden += 1
        elif tag == "tr":
            self.end_line()
            self._row = []
        elif tag in ("td", "th") and self._row is not None:
            self._fill()
            given = dict(attrs)
            self._size = (_span(given.get("rowspan")), _span(given.get("colspan")))
            self._cell = []
        elif tag in _BREAKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "title"):
            self._hidden = max(0, self._hidden - 1)
        elif tag in ("td", "th") and self._cell is not None and self._row is not None:
            self._close_cell()
        elif tag == "tr" and self._row is not None:
            self._fill(to_end=True)
            if any(self._row):
                self.rows.append(self._row)
            self._row = None
        elif tag in _BREAKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            (self._line if self._cell is None else self._cell).append(
                data.replace("\r", "").replace("\n", " ") if data.strip() else " "
            )

    def end_line(self) -> None:
        text = clean(re.sub(r"\s+", " ", "".join(self._line)))
        if text:
            (self.after if self.rows else self.before).append(text)
        self._line = []

    def _break(self) -> None:
        if self._cell is not None:
            self._cell.append("\n")
        else:
            self.end_line()

    def _close_cell(self) -> None:
        text = "\n".join(
            filter(None, (clean(re.sub(r"[^\S\n]+", " ", line)) for line in "".join(self._cell or []).split("\n")))
        )
        down, across = self._size
        assert self._row is not None
        repeated = text if not re.search(r"\d", text) else ""
        for place in range(across):
            if down > 1:
                self._spans[len(self._row)] = (down - 1, repeated)
            self._row.append(text if place == 0 else repeated)
        self._cell = None

    def _fill(self, to_end: bool = False) -> None:
        """Cells that a row above covers."""
        row = self._row if self._row is not None else []
        while (place := len(row)) in self._spans or (to_end and any(at >= place for at in self._spans)):
            left, text = self._spans.pop(place, (0, ""))
            row.append(text)
            if left > 1:
                self._spans[place] = (left - 1, text)


def _span(text: str | None) -> int:
    return min(int(text), 1000) if text and text.isdecimal() and int(text) else 1
