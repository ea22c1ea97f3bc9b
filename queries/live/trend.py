"""Where a room's sessions are going: a robust slope per week of one figure, session after session. Pure.

Slope: Theil and Sen's median of the slopes between all pairs of sessions; interval: Sen's (1968) from Kendall's tau, 80 %.
One burst or one bad evening moves neither much. Words: 'few' under LEAST sessions; 'up', 'down' when the whole interval lies
on one side of 0; else 'steady'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from math import sqrt
from statistics import median

LEAST = 6
_Z80 = 1.2816


@dataclass(frozen=True)
class Trend:
    """per_week, low, high: the slope as a share of the median a week, None where it cannot be told; at: the line's value on a day since the first."""

    sessions: int
    median: float | None
    per_week: float | None
    low: float | None
    high: float | None
    word: str
    level: float = 0.0
    slope: float = 0.0

    def at(self, days: float) -> float:
        return self.level + self.slope * days


def trend(at: Sequence[datetime], values: Sequence[float | None]) -> Trend:
    """at: starts of the sessions; values: the figure of each, None where it is not known."""
    known = [(when, float(value)) for when, value in zip(at, values, strict=True) if value is not None and value == value]
    middle = median(value for _, value in known) if known else None
    if len(known) < LEAST or not middle:
        return Trend(len(known), middle, None, None, None, "few")
    first = min(when for when, _ in known)
    days = [((when - first).total_seconds() / 86400, value) for when, value in known]
    slopes = sorted((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(days, 2) if a[0] != b[0])
    if not slopes:
        return Trend(len(known), middle, None, None, None, "few")
    slope, count, pairs = median(slopes), len(known), len(slopes)
    reach = _Z80 * sqrt(count * (count - 1) * (2 * count + 5) / 18)
    low, high = slopes[max(round((pairs - reach) / 2) - 1, 0)], slopes[min(round((pairs + reach) / 2), pairs - 1)]
    word = "up" if low > 0 else "down" if high < 0 else "steady"
    level = median(value - slope * day for day, value in days)
    share = 7 / abs(middle)
    return Trend(count, middle, slope * share, low * share, high * share, word, level, slope)
