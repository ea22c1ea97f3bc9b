"""The whole review of a session as one long PNG for a group chat: figures, the curve, segments, items, what to do next, money."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from math import ceil

import pandas as pd

from dashboard.columns import Col
from dashboard.format import clock, fmt, symbol
from dashboard.labels import text
from dashboard.picture import ACCENT, DIM, INK, PAD, PLAN, RULE, WIDTH, Page, begun
from dashboard.report import Report
from dashboard.review_frames import Table, said

MOST = {"segments": 24, "on_air": 10, "items": 10, "channels": 8, "cost": 12, "later": 6}  # rows of a picture; the workbook has them all
COLUMNS = {
    "segments": ("begins", "segment", "said", "sales_per_minute", "sales_lift", "clicks_lift"),
    "on_air": ("title", "minutes", "item_per_minute", "window_per_minute"), "items": ("title", "product_click_users", "buyers", "click_to_pay_rate", "user_paid"),
    "channels": ("channel", "paid", "views", "orders", "user_paid", "ad_spend"), "cost": ("what", "value"), "later": ("when", "orders", "amount", "share"),
}  # fmt: skip
HIDDEN = "•••"
GOOD, POOR, MOMENT = "#d9e6fc", "#fbeacb", "#8b5cf6"
ROW, CURVE, GAP, APART, WIDEST = 50, 330, 20, 12, 320  # GAP: between columns; APART: pixels between the names of two planned rows; WIDEST: what the wide column of a table is left


@dataclass(frozen=True)
class Told:
    """What the picture says. lines: titled paragraphs (what to repeat, to drop, goals); is_counted: sales by the minute are
    estimated from orders; hides: the currency whose amounts are left out, None to show them."""

    report: Report
    tables: Sequence[Table]
    lines: Mapping[str, Sequence[str]]
    curve: pd.DataFrame
    bands: Sequence[tuple[int, int, str]]  # first and last minute, word
    started_at: datetime
    is_counted: bool = False
    hides: str | None = None
    planned: Sequence[tuple[int, str]] = ()  # rows of the run sheet: minute, short name
    moments: Sequence[int] = ()  # minutes in which something but explaining happened


def picture(told: Told, red_up: bool = True) -> bytes:
    """A PNG, 1080 pixels wide. Raises NoFont when the machine has no Chinese font."""
    report, lang = told.report, told.report.lang
    if told.hides is not None:
        report = replace(report, figures=tuple(replace(line, value=hidden(line.value, told.hides)) for line in report.figures))
    page = begun(report, red_up)
    known = {table.key: table for table in told.tables}
    if len(told.curve) and (told.curve["online"].notna().any() or told.curve["live_sales"].notna().any()):
        page.heading(text(lang, "live.minutes"))
        _curve(page, told)
    for key in ("segments", "on_air", "items", "channels"):
        if key in known and not (key == "items" and "on_air" in known and known["on_air"].frame["item_per_minute"].notna().any()):
            _table(page, known[key], told)
    for head, lines in told.lines.items():
        if lines:
            page.section(head, tuple(lines) if told.hides is None else tuple(hidden(line, told.hides) for line in lines))
    if told.hides is None:
        for key in ("cost", "later"):
            if key in known:
                _table(page, known[key], told)
    return page.done(report.as_of)


def hidden(words: str, currency: str) -> str:
    """The words without amounts of the currency."""
    return re.sub(rf"[-+]?{re.escape(symbol(currency))}[\d,.]+[万亿KMB]?", HIDDEN, words)


def _table(page: Page, table: Table, told: Told) -> None:
    """The first rows of a table, the first column wide."""
    shown = {name: table.shown[name] for name in COLUMNS[table.key] if name in table.shown}
    if told.hides is not None:
        shown = {name: col for name, col in shown.items() if col.unit != "money"}
    page.heading(table.title)
    names, rows = list(shown), table.frame.head(MOST[table.key]).to_dict("records")
    wide = next((name for name in names if name in ("segment", "title", "channel", "what", "when")), names[0])
    lines = [[said(row, name, shown[name], told.report.lang) for name in names] for row in rows]
    size, widths = _widths(page, {name: (shown[name].label, [line[place] for line in lines]) for place, name in enumerate(names)}, wide)
    grid = [(PAD + sum(widths[:place]), widths[place] - GAP, name, shown[name].unit not in ("text", "day")) for place, name in enumerate(names)]
    _heads(page, grid, shown)
    for row, line in zip(rows, lines, strict=True):
        page.pen.line((PAD, page.y, WIDTH - PAD, page.y), fill=RULE)
        tone = {"good": GOOD, "poor": POOR}.get(str(row.get("word", "")))
        for words, (left, width, name, is_number) in zip(line, grid, strict=True):
            if tone and name == "said":
                page.pen.rounded_rectangle((left - 6, page.y + 5, left + 74, page.y + ROW - 5), 8, fill=tone)
            _cell(page, left, width, words, is_number, INK, size)
        page.y += ROW
    rest = len(table.frame) - MOST[table.key]
    if rest > 0:
        page.write(PAD, page.y + 4, text(told.report.lang, "review.more_rows", n=rest), 21, DIM)
        page.y += 36
    page.y += 14


def _widths(page: Page, columns: Mapping[str, tuple[str, Sequence[str]]], wide: str) -> tuple[int, list[int]]:
    """The greatest size of letters that leaves the wide column its room, and the width of every column; heads may take two lines."""
    size, rest, taken = 0, 0, dict[str, int]()
    for size in (28, 26, 24, 22):
        whole = {name: page.pen.textlength(head, font=page.font(22)) for name, (head, _) in columns.items()}
        heads = {name: min(length, max(length / 2 + 24, 110)) for name, length in whole.items()}
        taken = {
            name: ceil(max(heads[name], 74, *(page.pen.textlength(words, font=page.font(size)) for words in cells))) + GAP
            for name, (_, cells) in columns.items() if name != wide
        }  # fmt: skip
        rest = WIDTH - 2 * PAD - sum(taken.values())
        if rest >= WIDEST:
            break
    return size, [taken.get(name, rest) for name in columns]


def _heads(page: Page, grid: Sequence[tuple[int, int, str, bool]], shown: Mapping[str, Col]) -> None:
    """The names of the columns, on two lines where one is too short."""
    wrapped = [page.wrap(shown[name].label, 22, width)[:2] for _, width, name, _ in grid]
    deepest = max(len(lines) for lines in wrapped)
    for lines, (left, width, _, is_number) in zip(wrapped, grid, strict=True):
        for place, words in enumerate(lines, start=deepest - len(lines)):
            page.y += 28 * place
            _cell(page, left, width, words, is_number, DIM, 22)
            page.y -= 28 * place
    page.y += 28 * deepest + 10


def _cell(page: Page, left: float, width: float, words: str, is_number: bool, fill: str, size: int) -> None:
    fitting = page.fit(words, size, width)
    x = left + width - page.pen.textlength(fitting, font=page.font(size)) if is_number else left
    page.write(x, page.y + 5, fitting, size, fill)


def _curve(page: Page, told: Told) -> None:
    """People online as a line, sales (else orders) by the minute as bars, segments judged good or poor as bands, clock below."""
    frame, lang = told.curve, told.report.lang
    left, right, top = PAD, WIDTH - PAD, page.y + (66 if told.planned or told.moments else 36)
    bottom = top + CURVE
    last = max(int(frame["minute"].max()), 1)

    def x(minute: float) -> float:
        return left + (right - left) * minute / last

    for first, until, word in told.bands:
        if word in ("good", "poor"):
            page.pen.rectangle((x(first), top, x(min(until + 1, last)), bottom), fill=GOOD if word == "good" else POOR)
    _happened(page, told, x, top, bottom)
    page.pen.line((left, bottom, right, bottom), fill=RULE, width=2)
    bars = "live_sales" if frame["live_sales"].notna().any() else "orders"
    name = text(lang, f"live.minute_{bars}") + (text(lang, "review.counted") if told.is_counted else "")
    edge = page.write(left, page.y, f"— {text(lang, 'live.minute_online')}", 21, ACCENT)
    edge = page.write(edge + 30, page.y, f"▪ {name}", 21, PLAN)
    if told.planned:
        edge = page.write(edge + 30, page.y, f"▼ {text(lang, 'sheet.planned')}", 21, DIM)
    if told.moments:
        page.write(edge + 30, page.y, f"◆ {text(lang, 'review.marks')}", 21, MOMENT)
    most = pd.to_numeric(frame[bars]).max()
    if most and most == most:
        for minute, value in zip(frame["minute"], pd.to_numeric(frame[bars]), strict=True):
            if value and value == value:
                page.pen.rectangle((x(minute) - 1.5, bottom - CURVE * 0.45 * value / most, x(minute) + 1.5, bottom), fill=PLAN)
    online = pd.to_numeric(frame["online"])
    peak = online.max()
    if peak and peak == peak:
        points = [(x(m), bottom - CURVE * 0.95 * v / peak, v) for m, v in zip(frame["minute"], online, strict=True)]
        for (x0, y0, v0), (x1, y1, v1) in pairwise(points):
            if v0 == v0 and v1 == v1:
                page.pen.line((x0, y0, x1, y1), fill=ACCENT, width=3)
        most_online = fmt(peak, "count", None, lang)
        page.write(right - page.pen.textlength(most_online, font=page.font(21)), page.y, most_online, 21, ACCENT)
    for minute in range(0, last + 1, 60 if last > 150 else 30):
        words = clock(told.started_at, minute)
        page.write(min(x(minute), right - page.pen.textlength(words, font=page.font(20))), bottom + 8, words, 20, DIM)
    page.y = int(bottom + 52)


def _happened(page: Page, told: Told, x: Callable[[float], float], top: float, bottom: float) -> None:
    """Planned rows as named lines down the curve, what happened on air as diamonds along its top."""
    free = float(PAD)
    for minute, name in told.planned:
        if minute <= int(told.curve["minute"].max()):
            at = x(minute)
            page.pen.line((at, top, at, bottom), fill=RULE, width=2)
            page.pen.polygon([(at - 6, top - 8), (at + 6, top - 8), (at, top)], fill=DIM)
            if at >= free and at + page.pen.textlength(name, font=page.font(19)) <= WIDTH - PAD:
                free = page.write(at - 6, top - 34, name, 19, DIM) + APART
    for minute in told.moments:
        at = x(minute)
        page.pen.polygon([(at, top + 2), (at + 7, top + 9), (at, top + 16), (at - 7, top + 9)], fill=MOMENT)
