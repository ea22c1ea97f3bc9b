"""The weekday pattern and the hour pattern of a shop, learned from its own days: medians, so that one campaign moves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median

WEEKS_NEEDED, WEEKS_USED = 4, 12
DAYS_NEEDED, DAYS_USED = 14, 28
_SCALE = 1_000_000

Value = Decimal | int | float | None  # None: not known, which is not 0


@dataclass(frozen=True)
class Pattern:
    """weights: seven whole numbers from Monday; weeks: how many whole weeks were there; learned: were they enough?"""

    weights: tuple[int, ...]
    weeks: int
    learned: bool

    def of(self, day: date) -> int:
        return self.weights[day.weekday()]


EQUAL = Pattern((1,) * 7, 0, False)


def weekday_pattern(
    history: Mapping[date, Value], before: date, kept: dict[date, list[float] | None] | None = None
) -> Pattern:
    """Each weekday's median share of its week, over the last 12 whole weeks (Monday to Sunday) that end before `before`.

    A week with a day that is not known, below 0, or without any value does not count. Fewer than 4 such weeks: equal
    days, and `learned` says so. kept: shares of weeks, for who asks about many days of one history.
    """
    monday = before - timedelta(days=before.weekday() + 7)
    kept = {} if kept is None else kept
    shares: list[list[float]] = []
    for back in range(2 * WEEKS_USED):
        start = monday - timedelta(days=7 * back)
        if start not in kept:
            kept[start] = _shares(history, start)
        week = kept[start]
        if week is not None:
            shares.append(week)
        if len(shares) == WEEKS_USED:
            break
    if len(shares) < WEEKS_NEEDED:
        return Pattern(EQUAL.weights, len(shares), False)
    middle = [median(week[n] for week in shares) for n in range(7)]
    if not sum(middle):
        return Pattern(EQUAL.weights, len(shares), False)
    return Pattern(tuple(round(m / sum(middle) * _SCALE) for m in middle), len(shares), True)


def _shares(history: Mapping[date, Value], monday: date) -> list[float] | None:
    """Each day's share of the week from `monday` on; None when the week does not count."""
    week = [_known(history.get(monday + timedelta(days=n))) for n in range(7)]
    whole = sum(v for v in week if v is not None)
    if whole > 0 and all(v is not None and v >= 0 for v in week):
        return [(v or 0.0) / whole for v in week]
    return None


def share_until(hours: Iterable[tuple[date, int, Value]], hour: int, before: date) -> Fraction | None:
    """Share of a day that is in by the end of `hour` - 1 (so 9 means until 09:00), the median of up to 28 days before `before`.

    hours: (day, hour 0 to 23, value); an hour without a row was 0. None with fewer than 14 days that have any value:
    then yesterday is the last day that can be compared.
    """
    whole: dict[date, float] = {}
    early: dict[date, float] = {}
    for day, at, value in hours:
        known = _known(value)
        if day >= before or known is None:
            continue
        whole[day] = whole.get(day, 0.0) + known
        if at < hour:
            early[day] = early.get(day, 0.0) + known
    days = sorted(day for day, total in whole.items() if total > 0)[-DAYS_USED:]
    if len(days) < DAYS_NEEDED:
        return None
    found = median(min(max(early.get(day, 0.0) / whole[day], 0.0), 1.0) for day in days)
    return Fraction(round(found * _SCALE), _SCALE)


def _known(value: Value) -> float | None:
    return None if value is None or value != value else float(value)
