"""When something is due, as people write it: 2026-01-31, 1月下旬, 4月下旬至6月上旬, 9月底, T-7, T-3..T-1, 7-9月, open.

上旬 is the 1st to 10th, 中旬 the 11th to 20th, 下旬 the 21st to the month's end. 月初 and 月末 (初, 底) are not defined by the
people who write them: their length is a setting, ten days unless the plan says otherwise.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

EDGE_DAYS = 10
LEAP = 2024  # a day without a year is checked against a year that has every day
OPEN = ("", "open", "未定", "待定", "不定", "另行通知")
_MONTH = r"(?:(?P<y>\d{4})年?[-/]?)?(?P<m>\d{1,2})月?份?"
_PART = re.compile(rf"{_MONTH}(?P<part>上旬|中旬|下旬|初|底|末|early|mid|late|end)?")
_DAY = re.compile(r"(?:(?P<y>\d{4})[-年/])?(?P<m>\d{1,2})[-月/](?P<d>\d{1,2})日?")
_RELATIVE = re.compile(r"(?:(?P<event>[^\s:]+):)?T(?P<off>[+-]\d+)?(?P<unit>[dwmh])?")
_SPANS = {"q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12), "h1": (1, 6), "h2": (7, 12), "上半年": (1, 6), "下半年": (7, 12),
          "一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9), "四季度": (10, 12), "全年": (1, 12), "year": (1, 12)}  # fmt: skip


@dataclass(frozen=True)
class Window:
    """First and last day something may be done; None: not fixed (open), or not known until its event has a date."""

    text: str
    first: date | None = None
    last: date | None = None
    event: str = ""  # a relative window's event; '' is the plan's only one
    relative: bool = False
    offsets: tuple[int, int] | None = None  # days from the event, when the text counts in days

    @property
    def is_open(self) -> bool:
        return self.last is None


class NotAWindow(ValueError):
    """The text names no day, window or event."""


def window(typed: object, year: int | None, events: Mapping[str, date] | None = None, edge: int = EDGE_DAYS) -> Window:
    """Read a due date. `year`: the plan's own (never one read from its text); `events`: name -> day for T-7.

    A window without a year stays open until the plan has one. Raises NotAWindow.
    """
    text = str(typed).strip() if typed is not None else ""
    if text.lower() in OPEN:
        return Window(text)
    relative = _RELATIVE.fullmatch(text.split("..")[0].strip())
    if relative:
        return _relative(text, events or {})
    if text.lower() in _SPANS:
        first, last = _SPANS[text.lower()]
        return Window(text) if year is None else Window(text, date(year, first, 1), _month_end(year, last))
    ends = re.split(r"\s*(?:\.\.|至|到|~|～|—|–| - )\s*", text)
    if len(ends) == 1 and (span := re.fullmatch(r"(\d{1,2})[-–](\d{1,2})月", text)):
        ends = [f"{span[1]}月", f"{span[2]}月"]
    if len(ends) > 2:
        raise NotAWindow(f"'{text}' names more than two days. Write one day, or a window such as 4月下旬至6月上旬.")
    found = [_span(end, text, year, edge) for end in ends]
    if any(one is None for one in found):
        return Window(text)
    opens, closes = found[0][0], found[-1][1]  # type: ignore[index]
    if closes < opens:
        raise NotAWindow(f"'{text}' ends before it starts.")
    return Window(text, opens, closes)


def _span(word: str, text: str, year: int | None, edge: int) -> tuple[date, date] | None:
    """Days that one end of a window stands for; None while the year is not known. Raises NotAWindow."""
    try:
        if day := _DAY.fullmatch(word):
            at = int(day["y"]) if day["y"] else year
            exact = date(at or LEAP, int(day["m"]), int(day["d"]))
            return None if at is None else (exact, exact)
        if part := _PART.fullmatch(word):
            at = int(part["y"]) if part["y"] else year
            found = month_part(at or LEAP, int(part["m"]), part["part"] or "", edge)
            return None if at is None else found
    except ValueError as error:
        raise NotAWindow(f"'{text}' is not a day of the calendar ({error}).") from error
    raise NotAWindow(f"'{text}' is no due date. Write 2026-01-31, 1月下旬, 4月下旬至6月上旬, T-7 or open.")


def month_part(year: int, month: int, part: str, edge: int = EDGE_DAYS) -> tuple[date, date]:
    """First and last day of a month's part ('' is the whole month). Raises ValueError for month 13."""
    end = _month_end(year, month)
    spans = {"": (1, end.day), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, end.day), "early": (1, 10), "mid": (11, 20), "late": (21, end.day),
             "初": (1, edge), "底": (end.day - edge + 1, end.day), "末": (end.day - edge + 1, end.day), "end": (end.day - edge + 1, end.day)}  # fmt: skip
    first, last = spans[part]
    return date(year, month, first), date(year, month, last)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _relative(text: str, events: Mapping[str, date]) -> Window:
    """T-7, launch:T-30, T-3..T-1; one month before is T-1m. Open while the event has no day."""
    ends, days = [_RELATIVE.fullmatch(end.strip()) for end in text.split("..")], []
    if len(ends) > 2 or any(end is None for end in ends):
        raise NotAWindow(f"'{text}' is no relative date. Write T-7, T-3..T-1 or event:T-7.")
    event = ends[0]["event"] or ""  # type: ignore[index]
    days_off = [int(end["off"] or 0) for end in ends if end["unit"] in (None, "d")]  # type: ignore[index]
    offsets = (days_off[0], days_off[-1]) if len(days_off) == len(ends) else None
    anchor = events.get(event) or (next(iter(events.values())) if not event and len(events) == 1 else None)
    if anchor is None:
        return Window(text, event=event, relative=True, offsets=offsets)
    try:
        for end in ends:
            days.append(shifted(anchor, int(end["off"] or 0), end["unit"] or "d"))  # type: ignore[index]
    except (OverflowError, ValueError) as error:
        raise NotAWindow(f"'{text}' lies outside the calendar.") from error
    if days[-1] < days[0]:
        raise NotAWindow(f"'{text}' ends before it starts.")
    return Window(text, days[0], days[-1], event, relative=True, offsets=offsets)


def shifted(day: date, count: int, unit: str = "d") -> date:
    """`count` days, weeks or months later; a month later than 31 January is the end of February."""
    if unit == "m":
        month = day.year * 12 + day.month - 1 + count
        year, month = divmod(month, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    return day + timedelta(days=count * (7 if unit == "w" else 1)) if unit != "h" else day
