"""What a daily series says about days to come: its weekday pattern, its level, its campaigns a year ago.

A day is projected as   level  x  weekday  x  campaign (or season).
  level      what an ordinary day brings: mean of the last 14 known days, freed of weekday and of campaigns, with values
             over 1.6 times or under 1/1.6 of their median cut to that; plain mean for a series that stops and starts
  weekday    queries/plan/weekdays.py; equal until there are 4 whole weeks
  campaign   the same T-day of last year's event over last year's level on the eve of its window (over the window's median
             when the history begins inside it); 1 when not known
  season     outside campaigns: two weeks around the same weekday 364 days ago over the level 364 days before, to the
             power 0.8; 1 when not known
Everything about a day uses that day and earlier ones only, so one pass over the whole history gives every back-test.
The numbers 14, 1.6 and 0.8 were chosen on every second month of the back-tests and judged on the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from queries.plan import anchors
from queries.plan.anchors import NO_OWN, Own
from queries.plan.weekdays import EQUAL, Pattern, Value, weekday_pattern

LEVEL_DAYS, LEVEL_KNOWN, CUT = 14, 10, 1.6
YEAR, AROUND, SEASON_POWER = 364, 7, 0.8
AHEAD = 400
FIRST_LEVEL = 28  # days of history before a level is used at all
STOPS = 0.4  # a lower quartile under this share of the median: the series stops and starts

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lift:
    """A day's event and how many ordinary days it is worth, by last year; times is None when last year is not known."""

    event: str
    year: int
    times: float | None
    seen: int = 0  # the day, counted from the first, from whose end on `times` is known


class Series:
    """A history prepared for projections. Days are counted from `first`; `known` is NaN where the value is missing."""

    def __init__(
        self, history: Mapping[date, Value], own: Own = NO_OWN, *, china: bool = True, to: date | None = None
    ) -> None:
        """own: the shop's own events; china: do the calendar's events matter to this series; to: the last day to
        project, a year after the history by default."""
        days = sorted(day for day, value in history.items() if value is not None and value == value)
        self.first = days[0] if days else date(2020, 1, 1)
        self.length = (days[-1] - self.first).days + 1 if days else 0
        self.known = np.full(self.length, np.nan)
        for day in days:
            self.known[self.at(day)] = float(history[day] or 0)
        self._span = max(self.length + AHEAD, self.at(to) + 1 if to else 0)
        self._own = own
        self._events = self._named_days(self.day(self._span), china)
        self._patterns = self._learn_patterns(history)
        self.levels = np.full(self.length, np.nan)
        self._plain = np.full(self.length, np.nan)  # values freed of weekday and campaign
        self._lifts: dict[int, Lift] = {}
        self._learn_levels()
        self._lifts |= {n: self._lift(n, *self._events[n]) for n in range(self.length, self._span) if n in self._events}
        self._season = self._around()
        self._kept: dict[int, Floats] = {}

    def at(self, day: date) -> int:
        return (day - self.first).days

    def day(self, at: int) -> date:
        return self.first + timedelta(days=at)

    def lift(self, day: date, through: int | None = None) -> Lift | None:
        """The event of a day and its worth as known at the end of day `through` (now, if None); None outside events."""
        found = self._lifts.get(self.at(day))
        return replace(found, times=None) if found and through is not None and found.seen > through else found

    def project(self, through: int, to: int) -> float:
        """What day `to` brings, as seen at the end of day `through`; NaN without a level."""
        return float(self._ahead(to - through)[through]) if 0 <= through < self.length else float("nan")

    def projected(self, offsets: range) -> Floats:
        """For every day of the history as the last known one: the sum of the days at these offsets after it."""
        total = np.zeros(self.length)
        for offset in offsets:
            total += self._ahead(offset)
        return total

    def happened(self, offsets: range) -> Floats:
        """What really came on those days; NaN where one of them is not known."""
        total = np.zeros(self.length)
        for offset in offsets:
            moved = np.full(self.length, np.nan)
            moved[: max(self.length - offset, 0)] = self.known[offset:]
            total += moved
        return total

    def unknown_share(self, offsets: range) -> Floats:
        """For every day: the share of those days that lie in an event without a known last year."""
        sums = self._unknown_so_far
        here = np.arange(self.length)
        ends = [np.minimum(here + end, self._span) for end in (offsets.start, offsets.stop)]
        share: Floats = (sums[ends[1]] - sums[ends[0]]) / max(len(offsets), 1)
        return share

    @cached_property
    def _unknown_so_far(self) -> NDArray[np.int64]:
        flags = [n in self._lifts and self._lifts[n].times is None for n in range(self._span)]
        return np.concatenate([[0], np.cumsum(flags, dtype=np.int64)])

    def _named_days(self, last: date, china: bool) -> dict[int, tuple[str, int]]:
        found = {day: (event, year) for event, typed in self._own.items() for year, day in typed.items()}
        if china:
            found = anchors.event_days(self.first, last, self._own)
        return {self.at(day): event for day, event in found.items()}

    def _learn_patterns(self, history: Mapping[date, Value]) -> list[Pattern]:
        """The pattern known at the end of each day; it changes on Sundays only."""
        found, now = [], EQUAL
        weeks: dict[date, list[float] | None] = {}
        for n in range(self.length):
            day = self.day(n)
            if day.weekday() == 6:
                now = weekday_pattern(history, day + timedelta(days=1), weeks)
            found.append(now)
        return found

    @cached_property
    def _weekdays(self) -> Floats:
        """One row per day of the history: what Monday to Sunday bring, 1 on the mean."""
        rows = [[7 * w / sum(pattern.weights) for w in pattern.weights] for pattern in self._patterns]
        return np.array(rows, dtype=float).reshape(-1, 7)

    def _learn_levels(self) -> None:
        for n in range(self.length):
            times = 1.0
            if n in self._events:
                self._lifts[n] = lift = self._lift(n, *self._events[n])
                times = lift.times or 1.0
            weekday = self._weekdays[n, self.day(n).weekday()]
            self._plain[n] = self.known[n] / weekday / times if weekday else np.nan
            values = self._plain[max(0, n - LEVEL_DAYS + 1) : n + 1]
            values = values[np.isfinite(values)]
            if len(values) >= LEVEL_KNOWN and n + 1 >= FIRST_LEVEL:
                self.levels[n] = steady_mean(values.tolist())

    def _lift(self, at: int, event: str, year: int) -> Lift:
        """Last year's same T-day over the level on the eve of last year's window, else over the window's own median."""
        unknown = Lift(event, year, None)
        if not anchors.has_anchor(event, year - 1, self._own):
            return unknown
        # counted from this very year's T-day: the nearest one could be another year's
        then = (
            self.at(anchors.anchor(event, year - 1, self._own)) + at - self.at(anchors.anchor(event, year, self._own))
        )
        first, last = (self.at(day) for day in anchors.window(event, year - 1, self._own))
        if not 0 <= then < min(self.length, at) or last >= at:
            return unknown
        base, seen = self.levels[first - 1] if first > 0 else np.nan, then
        if not np.isfinite(base):  # the history begins too late: what its part of the window was like
            here = [
                self.known[n] / w
                for n in range(max(first, 0), min(last + 1, self.length))
                if (w := self._weekdays[n, self.day(n).weekday()])
            ]
            base, seen = float(np.nanmedian(here)) if np.isfinite(here).any() else np.nan, last
        ordinary = base * self._weekdays[then, self.day(then).weekday()]
        times = float(self.known[then] / ordinary) if ordinary else np.nan
        return Lift(event, year, times, seen) if np.isfinite(times) and times > 0 else unknown

    def _around(self) -> Floats:
        """The level around each day, a week to either side."""
        found = np.full(self.length, np.nan)
        for n in range(self.length):
            values = self._plain[max(0, n - AROUND) : n + AROUND + 1]
            values = values[np.isfinite(values)]
            if len(values) >= LEVEL_KNOWN:
                found[n] = steady_mean(values.tolist())
        return found

    def _ahead(self, offset: int) -> Floats:
        """What the day `offset` days later brings, as seen at the end of every day of the history."""
        if offset not in self._kept:
            here = np.arange(self.length)
            weekday = self._weekdays[here, (self.first.weekday() + here + offset) % 7]
            self._kept[offset] = self.levels * weekday * self._times_and_season(offset)
        return self._kept[offset]

    def _times_and_season(self, offset: int) -> Floats:
        here = np.arange(self.length)
        factor = np.ones(self.length)
        then, base = here + offset - YEAR, here - YEAR
        able = np.flatnonzero((base >= 0) & (then >= 0) & (then + AROUND <= here))
        with np.errstate(invalid="ignore", divide="ignore"):
            season = (self._season[then[able]] / self.levels[base[able]]) ** SEASON_POWER
        factor[able] = np.where(np.isfinite(season) & (season > 0), season, 1.0)
        for at, lift in self._lifts.items():
            n = at - offset
            if 0 <= n < self.length:
                factor[n] = lift.times if lift.times is not None and lift.seen <= n else 1.0
        return factor


def steady_mean(values: list[float]) -> float:
    """Mean with what lies far from the median cut to 1.6 times it either way; the plain mean for a series that stops
    and starts (no value on many days), where the median says nothing about the sum.
    """
    ordered = sorted(values)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    if middle <= 0 or ordered[len(ordered) // 4] < STOPS * middle:
        return sum(values) / len(values)
    return sum(min(max(v, middle / CUT), middle * CUT) for v in values) / len(values)
