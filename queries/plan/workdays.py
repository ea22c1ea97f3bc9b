"""Working days of China with 调休 as the State Council announced them; later years by rule and marked assumed.

Announced days come from lunar_python (compared with a second list over 2015-2026: no difference). A year that is not
announced yet has its weekends and statutory holidays (regulation in force since 2025) free and no day swapped.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from queries.plan.anchors import anchor

# event, how many days from its T-day on are statutory holidays
_STATUTORY = (
    ("new_year", 1), ("new_years_eve", 1), ("spring_festival", 3), ("qingming", 1), ("labour", 2), ("dragon_boat", 1),
    ("mid_autumn", 1), ("national_day", 3),
)  # fmt: skip
# 元旦's swap may be announced with the coming year only
_NEW_YEAR_SWAP = (12, 25)


class Workday(NamedTuple):
    """assumed: the year's days off are not announced (or not in the installed list), so the rule was used."""

    works: bool
    assumed: bool


class Workdays(NamedTuple):
    """`days`: how many are working days; and whether any of the days was assumed."""

    days: int
    assumed: bool


def is_workday(day: date) -> Workday:
    """Do people in China work that day? Raises PlanError outside the calendar's years when the rule is needed."""
    if announced(day.year):
        given = _announced_days(day.year).get(day)
        late = (day.month, day.day) >= _NEW_YEAR_SWAP and not announced(day.year + 1)
        return Workday(day.weekday() < 5 if given is None else given, late and given is None)
    return Workday(day.weekday() < 5 and day not in _by_rule(day.year), True)


def working_days(day_from: date, day_to: date) -> Workdays:
    """Working days from day_from to day_to, both inclusive; none when day_to is earlier."""
    found = [is_workday(day_from + timedelta(days=n)) for n in range((day_to - day_from).days + 1)]
    return Workdays(sum(day.works for day in found), any(day.assumed for day in found))


def announced(year: int) -> bool:
    """Is the year's arrangement in the list? 国庆 is in every arrangement, a January swap may be in the year before's."""
    return date(year, 10, 1) in _announced_days(year)


@cache
def _announced_days(year: int) -> dict[date, bool]:
    """Days that differ from, or confirm, the weekday: day -> is it worked?"""
    from lunar_python.util import HolidayUtil

    return {date.fromisoformat(day.getDay()): day.isWork() for day in HolidayUtil.getHolidays(year)}


@cache
def _by_rule(year: int) -> frozenset[date]:
    return frozenset(anchor(event, year) + timedelta(days=n) for event, days in _STATUTORY for n in range(days))
