"""The 日报 as one PNG for a group chat, drawn with Pillow from the same Report as the text."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from dashboard.labels import text
from dashboard.report import Line, Report, sections
from warehouse.errors import OpsError

WIDTH, PAD, COLUMNS = 1080, 48, 3
TALLEST = 12_000
CLOSING = "，。、；：）」！？"  # no line begins with one
INK, DIM, PAPER, FIELD, RULE = "#1d2430", "#6b7482", "#ffffff", "#f4f6f9", "#e3e6ec"
ACCENT, PLAN = "#3b78e7", "#d99a2b"
RED, GREEN = "#d9363e", "#1a9d5a"
_NAMES = (
    "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "NotoSansSC-VF.ttf",
    "SourceHanSansSC-Regular.otf", "SourceHanSansCN-Regular.otf", "msyh.ttc", "msyh.ttf", "PingFang.ttc",
    "Hiragino Sans GB.ttc", "STHeiti Light.ttc", "wqy-microhei.ttc", "wqy-zenhei.ttc", "simhei.ttf", "simsun.ttc",
)  # fmt: skip
_PLACES = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "C:/Windows/Fonts",
    "~/AppData/Local/Microsoft/Windows/Fonts", "/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts",
)  # fmt: skip


class NoFont(OpsError):
    """No font with Chinese characters on this machine."""


@lru_cache(maxsize=1)
def font_file() -> Path | None:
    """A font that has Chinese: $DAYBOOK_FONT, else the first known one in the system's font directories."""
    named = os.environ.get("DAYBOOK_FONT", "").strip()
    if named:
        return Path(named) if Path(named).is_file() else None
    found = {path.name.lower(): path for place in _PLACES for path in _files(Path(place).expanduser())}
    return next((found[name.lower()] for name in _NAMES if name.lower() in found), None)


def _files(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from (p for p in place.rglob("*") if p.suffix.lower() in (".ttc", ".ttf", ".otf"))


def picture(report: Report, red_up: bool = True) -> bytes:
    """A PNG, 1080 pixels wide. Raises NoFont when the machine has no Chinese font."""
    page = begun(report, red_up)
    for head, body in sections(report):
        page.section(head, body, report.bars if body is report.month else (), body is report.reasons)
    return page.done(report.as_of)


def begun(report: Report, red_up: bool = True) -> Page:
    """The head and the figures of a report, to go on from. Raises NoFont when the machine has no Chinese font."""
    file = font_file()
    if file is None:
        raise NoFont(text(report.lang, "report.no_font"))
    page = Page(str(file), (RED, GREEN) if red_up else (GREEN, RED))
    page.head(report)
    page.line(report.heading)
    page.figures(report.figures, report.against)
    return page


class Page:
    """A tall canvas that is cut to what was drawn."""

    def __init__(self, file: str, tones: tuple[str, str]) -> None:
        self.image = Image.new("RGB", (WIDTH, TALLEST), PAPER)
        self.pen = ImageDraw.Draw(self.image)
        self.file, self.tones, self.y = file, tones, 0

    def font(self, size: int) -> ImageFont.FreeTypeFont:
        return _font(self.file, size)

    def write(self, x: float, y: float, words: str, size: int, fill: str = INK, bold: bool = False) -> float:
        """Text at (x, y); returns its right edge."""
        face = self.font(size)
        self.pen.text((x, y), words, font=face, fill=fill, stroke_width=1 if bold else 0, stroke_fill=fill)
        return x + self.pen.textlength(words, font=face)

    def head(self, report: Report) -> None:
        self.pen.rectangle((0, 0, WIDTH, 150), fill=ACCENT)
        self.write(PAD, 30, report.title, 44, "#ffffff", bold=True)
        for line in self.wrap(report.shops, 26, WIDTH - 2 * PAD)[:1]:
            self.write(PAD, 95, line, 26, "#e3ecff")
        self.y = 178

    def line(self, words: str) -> None:
        """A heading above the figures."""
        self.write(PAD, self.y - 12, words, 26, DIM)
        self.y += 34

    def figures(self, lines: tuple[Line, ...], names: tuple[str, str]) -> None:
        gap = 16
        width = (WIDTH - 2 * PAD - gap * (COLUMNS - 1)) // COLUMNS
        for place, line in enumerate(lines):
            x, y = PAD + (place % COLUMNS) * (width + gap), self.y + (place // COLUMNS) * 172
            self.pen.rounded_rectangle((x, y, x + width, y + 156), 14, fill=FIELD)
            self.write(x + 18, y + 12, self.fit(line.label, 24, width - 36), 24, DIM)
            fits = (s for s in (40, 34, 28, 24) if self.pen.textlength(line.value, font=self.font(s)) <= width - 36)
            self.write(x + 18, y + 44, line.value, next(fits, 22), INK, bold=True)
            self.write(x + 18, y + 124, self.fit(line.note, 18, width - 30), 18, PLAN)
            for row, (name, words, sign) in enumerate(
                zip(names, (line.day, line.week), (line.day_sign, line.week_sign), strict=True)
            ):
                left = x + 18 + row * (width - 30) // 2
                edge = self.write(left, y + 98, name, 19, DIM)
                self.write(edge + 6, y + 98, words, 19, self.tones[0 if sign > 0 else 1] if sign else DIM)
        self.y += -(-len(lines) // COLUMNS) * 172 + 12

    def heading(self, words: str) -> None:
        """A rule and a part's title."""
        self.pen.line((PAD, self.y + 4, WIDTH - PAD, self.y + 4), fill=RULE, width=2)
        self.write(PAD, self.y + 18, words, 30, INK, bold=True)
        self.y += 68

    def section(
        self, head: str, body: tuple[str, ...], bars: tuple[tuple[float | None, float], ...] = (), numbered: bool = False
    ) -> None:
        self.heading(head)
        for place, words in enumerate(body):
            mark = f"{place + 1}. " if numbered else "· "
            for row, line in enumerate(self.wrap(mark + words, 26, WIDTH - 2 * PAD)):
                self.write(PAD + (22 if row else 0), self.y, line, 26)
                self.y += 40
            if place < len(bars):
                self.rail(*bars[place])
            self.y += 4
        self.y += 12

    def rail(self, share: float | None, elapsed: float) -> None:
        """Share reached as a bar, the time gone as a tick."""
        left, right = PAD + 20, WIDTH - PAD
        self.pen.rounded_rectangle((left, self.y, right, self.y + 12), 6, fill=RULE)
        reached = left + (right - left) * min(max(share or 0.0, 0.0), 1.0)
        if reached - left > 12:
            self.pen.rounded_rectangle((left, self.y, reached, self.y + 12), 6, fill=ACCENT)
        tick = left + (right - left) * min(max(elapsed, 0.0), 1.0)
        self.pen.rectangle((tick - 2, self.y - 5, tick + 2, self.y + 17), fill=PLAN)
        self.y += 28

    def wrap(self, words: str, size: int, width: float) -> list[str]:
        """Lines that fit; Latin words and numbers are kept whole."""
        face, lines, line = self.font(size), [], ""
        for piece in _pieces(words):
            if line and piece not in CLOSING and self.pen.textlength(line + piece, font=face) > width:
                lines.append(line.rstrip())
                line = "" if piece == " " else piece
            else:
                line += piece
        return [*lines, line] if line else lines

    def fit(self, words: str, size: int, width: float) -> str:
        face = self.font(size)
        while len(words) > 1 and self.pen.textlength(words, font=face) > width:
            words = words[:-2] + "…"
        return words

    def done(self, foot: str) -> bytes:
        self.write(PAD, self.y + 8, foot, 22, DIM)
        out = io.BytesIO()
        self.image.crop((0, 0, WIDTH, self.y + 64)).save(out, "PNG", optimize=True)
        return out.getvalue()


@lru_cache(maxsize=32)
def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    index = 2 if Path(file).name == "NotoSansCJK-Regular.ttc" else 0  # face 2 is Simplified Chinese
    return ImageFont.truetype(file, size, index=index)


def _pieces(words: str) -> Iterator[str]:
    run = ""
    for char in words:
        if char.isascii() and char != " ":
            run += char
            continue
        if run:
            yield run
            run = ""
        yield char
    if run:
        yield run
