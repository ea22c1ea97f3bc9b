"""Where a period will land: the shop's own projection, an 80 % range from its own past errors, and the straight line.

Range: the same method is asked, at every earlier day of the shop's history, for the sum of days equally far ahead;
what came over what was projected gives the ratios. Of these the half is kept whose days lay in campaigns without a known
last year to a share most like this one's; their 10 % and 90 % quantiles, around 1, times the projection are the range.
No distribution is assumed. Needed: 28 days of history for a projection, 28 past windows for a range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from queries.plan.anchors import NO_OWN, Own
from queries.plan.curves import CENT
from queries.plan.series import FIRST_LEVEL, Series
from queries.plan.weekdays import Value

WINDOWS_NEEDED = 28
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True)
class Forecast:
    """value: the period's projected total; low, high: its 80 % range; straight: actual to date / days known x all days.

    actual: sum of the known days of the period up to `through`. filled: days up to `through` whose value is missing and
    was projected. windows: past windows behind the range. unknown: events in the rest of the period without a known
    last year, so taken as ordinary days. state: ok; no_range (too few past windows: value only); not_enough_history
    (fewer than 28 days before: neither); over (the period has ended: the value is what happened).
    """

    state: str
    through: date
    actual: Decimal
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    straight: Decimal | None = None
    filled: int = 0
    windows: int = 0
    unknown: tuple[str, ...] = ()


def forecast(
    history: Mapping[date, Value], first: date, last: date, through: date, *, own: Own = NO_OWN,
    lifts: Mapping[date, float] | None = None, china: bool = True,
) -> Forecast:  # fmt: skip
    """The total of the days from first to last, as seen at the end of `through`.

    history: value per day up to `through`, of days before the period too (13 months or more show last year's
    campaigns); None or a missing day is not known, 0 is a value. Later days are ignored. own: the shop's own events by
    name and year. lifts: how many ordinary days a day to come is worth, typed (for campaigns without a known last year).
    china: False for a shop whose customers do not follow the Chinese calendar (then only own events count).
    """
    past = over(history, first, last, through)
    if past:
        return past
    seen = {day: value for day, value in history.items() if day <= through}
    series = Series(seen, own, china=china, to=last)
    return from_series(series, first, last, through, lifts or {})


def over(history: Mapping[date, Value], first: date, last: date, through: date) -> Forecast | None:
    """What happened, when the period has ended and every day of it is known: nothing is projected then. Else None."""
    days = [history.get(first + timedelta(days=n)) for n in range((last - first).days + 1)] if last <= through else []
    known = [Decimal(repr(float(value))) for value in days if value is not None and value == value]
    if not days or len(known) < len(days):
        return None
    actual = sum(known, Decimal(0)).quantize(CENT)
    return Forecast("over", through, actual, actual, actual, actual, actual)


def from_series(
    series: Series, first: date, last: date, through: date, lifts: Mapping[date, float] | None = None
) -> Forecast:
    """`forecast` of a series prepared once, at any of its days: the same answer as with the history up to `through`."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    past = {day: _value(series, day) for day in days if day <= through}
    known = [value for value in past.values() if value is not None]
    actual = sum((Decimal(repr(v)) for v in known), Decimal(0)).quantize(CENT)
    straight = _money(float(actual) / len(known) * len(days)) if known else None
    wanted = [day for day in days if day not in past or past[day] is None]
    if not wanted:
        return Forecast("over", through, actual, actual, actual, actual, actual)
    cut = min(series.at(through), series.length - 1)
    rest = _rest(series, cut, wanted, lifts or {})
    if not np.isfinite(rest):
        return Forecast("not_enough_history", through, actual, straight=straight)
    ahead = [day for day in wanted if day > through]
    value, filled = _money(float(actual) + rest), len(wanted) - len(ahead)
    events = [
        lift for day in ahead if day not in (lifts or {}) and (lift := series.lift(day, cut)) and lift.times is None
    ]
    unknown = tuple(dict.fromkeys(lift.event for lift in events))
    offsets = range(max(1, series.at(first) - cut), series.at(last) - cut + 1)
    low, high, windows = past_ratios(series, cut, offsets)
    if low is None or high is None:
        return Forecast("no_range", through, actual, value, None, None, straight, filled, windows, unknown)
    ends = [_money(float(actual) + rest * ratio) for ratio in (low, high)]
    return Forecast("ok", through, actual, value, ends[0], ends[1], straight, filled, windows, unknown)


def past_ratios(series: Series, cut: int, offsets: range) -> tuple[float | None, float | None, int]:
    """The 10 % and 90 % quantile (at most 1, at least 1) of happened / projected at earlier days, and how many there were.

    Only windows that had ended by `cut` count. No offset: nothing to hold anything against.
    """
    if not offsets:
        return None, None, 0
    count = max(cut - offsets.stop + 2, 0)  # earlier days whose window had ended
    projected, happened = series.projected(offsets)[:count], series.happened(offsets)[:count]
    fine = np.isfinite(happened) & (projected > 0)
    ratios = happened[fine] / projected[fine]
    if len(ratios) < WINDOWS_NEEDED:
        return None, None, len(ratios)
    unknown = series.unknown_share(offsets)
    unlike = np.abs(unknown[:count][fine] - unknown[cut])
    kept = ratios[unlike <= np.sort(unlike)[max(WINDOWS_NEEDED, len(ratios) // 2) - 1]]
    low, high = np.quantile(kept, [LOW, HIGH], method="inverted_cdf")
    return min(float(low), 1.0), max(float(high), 1.0), len(kept)


def _rest(series: Series, cut: int, wanted: list[date], lifts: Mapping[date, float]) -> float:
    if cut + 1 < FIRST_LEVEL:
        return float("nan")
    total = 0.0
    for day in wanted:
        one = series.project(cut, series.at(day))
        lift = series.lift(day, cut)
        if day in lifts and (lift is None or lift.times is None):
            one *= lifts[day]
        total += one
    return total


def _value(series: Series, day: date) -> float | None:
    at = series.at(day)
    value = float(series.known[at]) if 0 <= at < series.length else float("nan")
    return None if value != value else value


def _money(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(CENT)
