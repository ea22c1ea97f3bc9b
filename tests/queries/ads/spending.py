"""Made-up years of daily ad spend whose truth is known: weekdays, campaigns, noise, and months in which money runs away."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from queries.plan import anchors

FIRST, JUDGED = date(2024, 7, 1), date(2026, 1, 1)  # a year and a half of history before the judged year
EVENTS = ("nianhuo", "women", "618", "99", "double11", "double12")


@dataclass(frozen=True)
class Month:
    """One judged month. onset: the first day of an overspend: from then on `times` the plan is spent and the month ends over
    its limit; None in a month that keeps it."""

    first: date
    last: date
    limit: float
    onset: date | None
    times: float


@dataclass(frozen=True)
class Year:
    spend: dict[date, float]
    months: list[Month]


def year_of(seed: int) -> Year:
    """History and one judged year; about half of its months overspend from some day on, to 1.4 to 2.2 times the plan."""
    rng = np.random.default_rng(seed)
    days = [FIRST + timedelta(days=n) for n in range((date(2026, 12, 31) - FIRST).days + 1)]
    path = _path(rng, days)
    noise = rng.uniform(0.06, 0.13)
    spend = {day: float(round(path[day] * rng.lognormal(0, noise), 2)) for day in days}
    months = []
    for number in range(1, 13):
        first = date(JUDGED.year, number, 1)
        last = first.replace(day=monthrange(first.year, number)[1])
        span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        limit = sum(path[day] for day in span) * rng.uniform(1.0, 1.06)
        onset, times = None, 1.0
        if rng.random() < 0.5:
            onset, times = span[int(rng.integers(2, len(span) - 4))], float(rng.uniform(1.4, 2.2))
            for day in span:
                if day >= onset:
                    spend[day] = round(spend[day] * times, 2)
            if sum(spend[day] for day in span) <= limit:  # too late and too little to pass the limit: no overspend
                onset = None
        months.append(Month(first, last, round(limit, 2), onset, times))
    return Year(spend, months)


def _path(rng: np.random.Generator, days: list[date]) -> dict[date, float]:
    """What was meant to be spent: level x weekday x campaign, the same campaigns a year apart."""
    level = float(rng.uniform(800, 8000))
    weekday = rng.uniform(0.75, 1.3, 7)
    peak = {event: float(rng.uniform(2.0, 5.0)) for event in EVENTS}
    lead = {event: float(rng.uniform(1.2, 1.8)) for event in EVENTS}
    tide = rng.normal(0, 0.04, 40).cumsum()
    found = {}
    named = anchors.event_days(days[0], days[-1])
    for n, day in enumerate(days):
        event, of = named.get(day, ("", 0))
        times = 1.0
        if event in peak:
            near = abs((day - anchors.anchor(event, of)).days)
            times = peak[event] if near <= 1 else lead[event] if near <= 10 else 1.0
        found[day] = level * float(weekday[day.weekday()]) * times * float(np.exp(tide[n // 30]))
    return found
