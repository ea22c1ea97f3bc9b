"""How good the forecast was: asked at past days as it would have been asked then, beside the straight line.

Every second period (the 2nd, 4th …) is the half on which the method's numbers were not chosen: judge by that one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd

from queries.plan.forecast import from_series
from queries.plan.series import Series

MARGIN = 2  # cut points: from the third day of a period to the third last
HISTORY = 56  # days of history before the first cut point
COLUMNS = (
    "first", "last", "through", "half", "actual", "value", "low", "high", "straight", "windows", "error", "straight_error", "inside"
)  # fmt: skip


def months(series: Series) -> list[tuple[date, date]]:
    """First and last day of every calendar month that the series holds from end to end."""
    found = []
    day, last = series.first, series.day(series.length - 1)
    while day <= last:
        after = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
        if day.day == 1 and after - timedelta(days=1) <= last:
            found.append((day, after - timedelta(days=1)))
        day = after
    return found


def backtest(series: Series, periods: Iterable[tuple[date, date]] | None = None) -> pd.DataFrame:
    """One row per cut point (COLUMNS): half is 'design' or 'judge' by turns of the periods; errors are shares of the actual.

    Left out: cut points with fewer than 56 days of history, and periods with a missing day or without any value.
    inside: was the actual within the range; None where there was no range.
    """
    rows = []
    for number, (first, last) in enumerate(periods if periods is not None else months(series)):
        actual = float(series.known[series.at(first) : series.at(last) + 1].sum())
        if not actual > 0:
            continue
        for n in range(MARGIN, (last - first).days - MARGIN + 1):
            through = first + timedelta(days=n)
            found = from_series(series, first, last, through)
            if series.at(through) < HISTORY or found.value is None or found.straight is None:
                continue
            low, high, value, straight = found.low, found.high, float(found.value), float(found.straight)
            inside = None if low is None or high is None else float(low) <= actual <= float(high)
            rows.append((
                first, last, through, ("design", "judge")[number % 2], actual, value, low, high, straight, found.windows,
                abs(value / actual - 1), abs(straight / actual - 1), inside,
            ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def summary(tests: pd.DataFrame) -> pd.DataFrame:
    """Per half and over all: points, error and straight_error (means), covered (share inside), width (of the range, share)."""
    parts = [*tests.groupby("half"), ("all", tests)]
    rows = []
    for half, part in parts:
        ranged = part[part["inside"].notna()]
        width = (ranged["high"].astype(float) - ranged["low"].astype(float)) / ranged["actual"]
        covered = ranged["inside"].astype(float).mean()
        rows.append((half, len(part), part["error"].mean(), part["straight_error"].mean(), covered, width.mean()))
    return pd.DataFrame(rows, columns=["half", "points", "error", "straight_error", "covered", "width"])
