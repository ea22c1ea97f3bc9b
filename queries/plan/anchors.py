"""Named days of a year (双11, 春节, Black Friday, a shop's own events), T-days, and the same day of another year's event.

Rules and windows stand in anchors.toml. Lunar dates and 清明 come from lunar_python and hold for China's own calendar
(UTC+8). Years FIRST to LAST were compared with a second lunar table, day by day; other years are refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

from queries.plan.errors import PlanError

FIRST, LAST = 2014, 2036
Own = Mapping[str, Mapping[int, date]]  # own events: name -> year -> T-day, as typed
NO_OWN: Own = MappingProxyType({})


@dataclass(frozen=True)
class Event:
    """A named day. `label` by language; the window runs from `before` days before T-day to `after` days after it."""

    key: str
    label: Mapping[str, str]
    rule: str
    before: int
    after: int


@cache
def events() -> Mapping[str, Event]:
    """Every event that has a rule, by key, in the order of a year."""
    text = (Path(__file__).parent / "anchors.toml").read_text(encoding="utf-8")
    return {key: Event(key, **facts) for key, facts in tomllib.loads(text).items()}


def anchor(event: str, year: int, own: Own = NO_OWN) -> date:
    """T-day of an event in a year; own events go by the name and dates typed for them, and stand above the rules.

    Raises PlanError for an unknown event, a year without a typed date, and years outside FIRST to LAST.
    """
    if event in own:
        if year not in own[event]:
            known = ", ".join(str(y) for y in sorted(own[event])) or "no year"
            raise PlanError(f"Event '{event}' has no date in {year} (typed: {known}). Type its date for {year}.")
        return own[event][year]
    if event not in events():
        raise PlanError(f"Event '{event}' is not known. Known: {', '.join([*events(), *own])}. Add it as an own event.")
    if not FIRST <= year <= LAST:
        raise PlanError(f"The calendar is checked for {FIRST} to {LAST}, not for {year}. Use a year in that range.")
    return _by_rule(event, year)


def has_anchor(event: str, year: int, own: Own = NO_OWN) -> bool:
    """Does the event have a T-day in that year?"""
    if event in own:
        return year in own[event]
    return event in events() and FIRST <= year <= LAST


def t_day(day: date, event: str, own: Own = NO_OWN, year: int | None = None) -> int:
    """Days from the event's T-day to `day`: -7 is T-7, 0 the day itself.

    year: which year's event; by default the nearest one (a day of December may belong to next year's 年货节). An own
    event is measured from the nearest date typed for it.
    """
    return (day - anchor(event, nearest_year(day, event, own) if year is None else year, own)).days


def nearest_year(day: date, event: str, own: Own = NO_OWN) -> int:
    """The year whose T-day lies nearest to `day`; of two equally near the later. Raises PlanError as `anchor` does."""
    years = [y for y in (day.year - 1, day.year, day.year + 1) if has_anchor(event, y, own)]
    if not years:
        anchor(event, day.year, own)
    return min(years, key=lambda y: (abs((day - anchor(event, y, own)).days), -y))


def align(day: date, event: str, to_year: int, own: Own = NO_OWN) -> date:
    """The day of `to_year`'s event with the same T-day as `day`: T-3 of this 双11 is held against T-3 of that one."""
    return anchor(event, to_year, own) + timedelta(days=t_day(day, event, own))


def window(event: str, year: int, own: Own = NO_OWN) -> tuple[date, date]:
    """First and last day compared with the same event of another year; an own event is its T-day alone."""
    there = anchor(event, year, own)
    known = None if event in own else events()[event]
    if known is None:
        return there, there
    return there - timedelta(days=known.before), there + timedelta(days=known.after)


def event_of(day: date, own: Own = NO_OWN) -> tuple[str, int] | None:
    """The event in whose window a day lies, and that event's year; of several the one with the shortest window."""
    return event_days(day, day, own).get(day)


def event_days(first: date, last: date, own: Own = NO_OWN) -> dict[date, tuple[str, int]]:
    """`event_of` of every day from first to last that lies in a window."""
    spans = [
        (*window(event, year, own), event, year)
        for event in dict.fromkeys((*events(), *own))
        for year in range(first.year - 1, last.year + 2)
        if has_anchor(event, year, own)
    ]
    found = {}
    for start, end, event, year in sorted(spans, key=lambda s: s[0] - s[1]):  # the longest first, so the shortest stays
        for n in range((max(start, first) - first).days, (min(end, last) - first).days + 1):
            found[first + timedelta(days=n)] = (event, year)
    return found


@cache
def _by_rule(event: str, year: int) -> date:
    kind, _, rest = events()[event].rule.partition(" ")
    if kind == "fixed":
        month, day = map(int, rest.split("-"))
        return date(year, month, day)
    if kind == "lunar":
        month, day = map(int, rest.split("-"))
        return lunar(year, month, day)
    if kind == "eve":
        return lunar(year, 1, 1) - timedelta(days=1)
    if kind == "thanksgiving":  # the fourth Thursday of November, and days after it
        november = date(year, 11, 1)
        thursday = november + timedelta(days=(3 - november.weekday()) % 7 + 21)
        return thursday + timedelta(days=int(rest))
    return _qingming(year)


@cache
def lunar(year: int, month: int, day: int) -> date:
    """The day of a lunar date (no leap month) of the lunar year that begins in `year`."""
    from lunar_python import Lunar  # takes 0.1 s to import: only when a lunar date is asked for

    solar = Lunar.fromYmd(year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def _qingming(year: int) -> date:
    from lunar_python import Solar

    found = Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()["清明"]
    return date(found.getYear(), found.getMonth(), found.getDay())
