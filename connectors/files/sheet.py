"""One table as it lies in a file: UTF-8 text on disk and its first rows, whatever the file was."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

HEAD_ROWS = 60


@dataclass(frozen=True)
class Sheet:
    """`rows`: the first rows; for each, `lines` is the number of text lines that end with it, `ends` its line end. `cut_off`: no line end at the end."""

    name: str
    text: Path
    delimiter: str
    rows: list[list[str]]
    lines: list[int]
    cut_off: bool = False
    ends: list[str] = field(default_factory=list)

    def is_even_to(self, header: int) -> bool:
        """Is every row down to the one below the header one line long, and do they all end alike?"""
        return header < 0 or (self.lines[header] == header + 1 and len({*self.ends[: header + 1], *self.ends[header + 1 : header + 2]} - {""}) < 2)


@dataclass(frozen=True)
class SourceFile:
    """A file that has been read: its sheets and what is odd about it. `modified`: seconds since the epoch."""

    path: Path
    name: str
    sha256: str
    size: int
    modified: float
    sheets: list[Sheet]
    warnings: list[str] = field(default_factory=list)
