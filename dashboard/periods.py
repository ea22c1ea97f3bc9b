"""Periods and what they are compared with: plain date arithmetic, no clock and no state.

A week or month is the one that yesterday belongs to, up to yesterday; its comparison has equally many days elapsed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

PERIODS = ("yesterday", "today", "last7", "last30", "week", "month", "promo", "custom")
COMPARES = ("prev", "weekday", "year")
_ONE = timedelta(days=1)

# The two campaigns every Chinese platform runs, and the days on which their sales count; used when nobody typed them.
CALENDAR = (("618", (6, 1), (6, 20)), ("双11", (11, 1), (11, 11)))
_EN = {"双11": "Double 11", "双12": "Double 12"}


@dataclass(frozen=True)
class Promotion:
    """One run of a campaign: `id` is stable in links, `is_calendar` when taken from the known calendar."""

    id: str
    name: str
    day_from: date
    day_to: date
    is_calendar: bool = False

    def label(self, lang: str) -> str:
        """Name and year, e.g. 双11 2026（日历）."""
        name = self.name if lang == "zh" else _EN.get(self.name, self.name)
        mark = ("（日历）" if lang == "zh" else " (calendar)") if self.is_calendar else ""
        return f"{name} {self.day_from.year}{mark}"


@dataclass(frozen=True)
class View:
    """What the row above a page says. Days are inclusive; `shops` None means every shop in scope."""

    period: str
    compare: str
    today: date
    day_from: date
    day_to: date
    compare_from: date
    compare_to: date
    shops: tuple[str, ...] | None = None
    platforms: tuple[str, ...] = ()
    display: str | None = None
    hour_to: int | None = None

    @property
    def days(self) -> int:
        """Number of days shown."""
        return (self.day_to - self.day_from).days + 1

    @property
    def is_one_day(self) -> bool:
        """A single day, so people are counted once."""
        return self.day_from == self.day_to

    def params(self) -> dict[str, Any]:
        """day_from, day_to, shops: what most queries take."""
        return {"day_from": self.day_from, "day_to": self.day_to, "shops": self.shops}

    def compare_params(self) -> dict[str, Any]:
        """The same for the days compared with."""
        return {"day_from": self.compare_from, "day_to": self.compare_to, "shops": self.shops}


def last_days(today: date, count: int) -> tuple[date, date]:
    """The `count` days that ended yesterday."""
    return today - timedelta(days=count), today - _ONE


def view(
    period: str,
    compare: str,
    today: date,
    *,
    promotions: tuple[Promotion, ...] = (),
    promotion: str = "",
    custom: tuple[date, date] | None = None,
    shops: tuple[str, ...] | None = None,
    platforms: tuple[str, ...] = (),
    display: str | None = None,
    hour_to: int | None = None,
) -> View:
    """The View of a period; a 大促 that is still running ends yesterday, one that starts today shows today."""
    run = next((p for p in promotions if p.id == promotion), promotions[0] if promotions else None)
    first, last = _days(period, today, run, custom)
    before_first, before_last = before(period, compare, first, last, run, promotions)
    return View(
        period, compare, today, first, last, before_first, before_last, shops, platforms, display,
        hour_to if period == "today" else None,
    )


def _days(period: str, today: date, run: Promotion | None, custom: tuple[date, date] | None) -> tuple[date, date]:
    yesterday = today - _ONE
    if period == "today":
        return today, today
    if period in ("last7", "last30"):
        return last_days(today, int(period[4:]))
    if period == "week":
        return yesterday - timedelta(days=yesterday.weekday()), yesterday
    if period == "month":
        return yesterday.replace(day=1), yesterday
    if period == "promo" and run:
        return run.day_from, max(run.day_from, min(run.day_to, yesterday))
    if period == "custom" and custom:
        return custom
    return yesterday, yesterday


def before(
    period: str,
    compare: str,
    first: date,
    last: date,
    run: Promotion | None = None,
    runs: tuple[Promotion, ...] = (),
) -> tuple[date, date]:
    """The days that `first` to `last` are compared with: prev (环比), weekday (whole weeks back) or year."""
    count = (last - first).days + 1
    if compare == "weekday":
        shift = timedelta(days=-(-count // 7) * 7)
        return first - shift, last - shift
    if compare == "year":
        if period == "promo" and run:
            earlier = [p for p in runs if p.name == run.name and p.day_from.year == run.day_from.year - 1]
            start = earlier[0].day_from if earlier else _year_before(first)
            return start, start + timedelta(days=count - 1)
        if period == "week":
            return first - timedelta(days=364), last - timedelta(days=364)
        return _year_before(first), _year_before(last)
    if period == "month":
        start = (first - _ONE).replace(day=1)
        return start, min(start + timedelta(days=count - 1), first - _ONE)
    if period == "week":
        return first - timedelta(days=7), last - timedelta(days=7)
    return first - timedelta(days=count), first - _ONE


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def promotions(typed: pd.DataFrame, today: date) -> tuple[Promotion, ...]:
    """Campaigns that have begun, newest first: the typed ones (name, day, day_to), else 618 and 双11 of two years.

    A calendar run is left out where a typed run of the same name overlaps it.
    """
    found = [
        Promotion(f"{name}-{year}", str(name), min(part["day"]), max(part["day_to"]))
        for (name, year), part in _by_name_and_year(typed)
    ]
    for name, start, end in CALENDAR:
        for year in (today.year, today.year - 1, today.year - 2):
            run = Promotion(f"{name}-{year}", name, date(year, *start), date(year, *end), True)
            if not any(p.name == name and p.day_from.year == year for p in found):
                found.append(run)
    begun = [p for p in found if p.day_from <= today]
    return tuple(sorted(begun, key=lambda p: p.day_from, reverse=True))


def _by_name_and_year(typed: pd.DataFrame) -> Any:
    if typed.empty:
        return []
    days = typed.assign(day=pd.to_datetime(typed["day"]).dt.date, day_to=pd.to_datetime(typed["day_to"]).dt.date)
    years = pd.Series([d.year for d in days["day"]], index=days.index, name="year")
    return days.groupby([days["name"], years], sort=False)
