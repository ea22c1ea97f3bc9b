"""When people buy: growth, months, weekdays, the big promotions and the quiet weeks, the same for every run.

A day's demand depends on the date alone, so a demo extended tomorrow keeps yesterday's figures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

EPOCH = date(2026, 1, 1)
GROWTH_A_YEAR = 0.24

# first days of the lunar year: shops sell little from a week before to a week after
LUNAR_NEW_YEAR = {2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3)}
MONTH_LIFT = (1.02, 0.9, 0.98, 0.94, 0.98, 1.0, 0.92, 0.93, 1.0, 1.08, 1.12, 1.1)


@dataclass(frozen=True)
class Phase:
    """One phase of a promotion; `lift` multiplies demand, `discount` is taken off the shop price."""

    promotion: str
    name: str
    phase: str
    first: date
    last: date
    lift: float
    discount: float


# promotion, phase, first (month, day), last, lift, discount
_CALENDAR = (
    ("nianhuo", "年货节", "爆发", (1, 6), (1, 11), 1.35, 0.05),
    ("38", "38节", "爆发", (3, 5), (3, 8), 1.7, 0.08),
    ("618", "618", "蓄水", (5, 10), (5, 19), 0.95, 0.0),
    ("618", "618", "预热", (5, 20), (5, 30), 0.82, 0.0),
    ("618", "618", "开门红", (5, 31), (6, 3), 2.9, 0.12),
    ("618", "618", "续售", (6, 4), (6, 14), 1.15, 0.05),
    ("618", "618", "爆发", (6, 15), (6, 18), 3.4, 0.13),
    ("double11", "双11", "蓄水", (10, 10), (10, 19), 0.95, 0.0),
    ("double11", "双11", "预热", (10, 20), (10, 30), 0.8, 0.0),
    ("double11", "双11", "开门红", (10, 31), (11, 3), 3.1, 0.12),
    ("double11", "双11", "续售", (11, 4), (11, 9), 1.25, 0.06),
    ("double11", "双11", "爆发", (11, 10), (11, 11), 4.6, 0.15),
    ("double12", "双12", "爆发", (12, 10), (12, 12), 1.8, 0.08),
)
# what a promotion takes from the days after it
_AFTER = (((6, 19), (6, 26), 0.78), ((11, 12), (11, 20), 0.76), ((12, 13), (12, 18), 0.88))


def phases(year: int) -> tuple[Phase, ...]:
    """The promotion phases of a year, in order."""
    return tuple(
        Phase(f"{key}-{year}", f"{name}", phase, date(year, *first), date(year, *last), lift, discount)
        for key, name, phase, first, last, lift, discount in _CALENDAR
    )


def phase_of(day: date) -> Phase | None:
    """The promotion phase a day lies in, if any."""
    return next((p for p in phases(day.year) if p.first <= day <= p.last), None)


def _quiet(day: date) -> float:
    for first, last, factor in _AFTER:
        if date(day.year, *first) <= day <= date(day.year, *last):
            return factor
    lunar = LUNAR_NEW_YEAR.get(day.year)
    if lunar:
        away = (day - date(day.year, *lunar)).days
        if -8 <= away <= 7:
            return 0.42 if -4 <= away <= 4 else 0.68
    return 1.0


def demand(day: date, weekday: tuple[float, ...], power: float = 1.0) -> float:
    """Demand of a day as a multiple of an ordinary one, without chance.

    weekday: seven factors from Monday; power: how strongly the shop follows promotions (1 = as the calendar says).
    """
    years = max(-4.0, min(4.0, (day - EPOCH).days / 365.0))
    phase = phase_of(day)
    lift = phase.lift if phase else 1.0
    if phase and phase.first < day == phase.last and phase.phase == "爆发":
        lift *= 1.35
    return math.exp(GROWTH_A_YEAR * years) * MONTH_LIFT[day.month - 1] * weekday[day.weekday()] * _quiet(day) * math.pow(lift, power)


def discount(day: date) -> float:
    """Share taken off the shop price on a day."""
    phase = phase_of(day)
    return phase.discount if phase else 0.0


def days_between(first: date, last: date) -> list[date]:
    """Every day from first to last, both inclusive."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def epoch_seconds(day: date) -> int:
    """Midnight of a shop-local day as seconds since 1970, no zone applied."""
    return (day - date(1970, 1, 1)).days * 86400


_HOURS = np.array([22, 12, 7, 4, 3, 4, 9, 18, 32, 46, 54, 52, 50, 48, 46, 46, 47, 46, 46, 54, 74, 84, 74, 46], dtype=float)


def hour_share(day: date) -> NDArray[np.float64]:
    """Share of a day's orders by hour: evenings, and the first hours when a promotion opens."""
    share = _HOURS.copy()
    phase = phase_of(day)
    if phase and phase.lift > 1.5 and day == phase.first:
        share[0:2] += (260, 110)
    elif phase and phase.lift > 1.5:
        share[20:24] *= 1.4
    result: NDArray[np.float64] = share / share.sum()
    return result
