"""Working days as announced; years not announced yet say that they are assumed."""

from __future__ import annotations

from datetime import date

import pytest

from queries.plan.errors import PlanError
from queries.plan.workdays import is_workday, working_days

# typed from the State Council's notices: weekends worked, weekdays off
ANNOUNCED = {
    2015: ((1, 4), (2, 15), (2, 28), (9, 6), (10, 10)),
    2020: ((1, 19), (4, 26), (5, 9), (6, 28), (9, 27), (10, 10)),
    2024: ((2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)),
    2025: ((1, 26), (2, 8), (4, 27), (9, 28), (10, 11)),
    2026: ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)),
}
OFF = {
    2015: ((9, 3), (9, 4)),                      # the parade
    2020: ((1, 30), (1, 31), (10, 8)),           # 春节 made longer
    2024: ((2, 12), (5, 3), (9, 16), (10, 7)),
    2025: ((1, 28), (2, 4), (5, 5), (10, 8)),
    2026: ((1, 2), (2, 23), (5, 5), (6, 19), (9, 25), (10, 7)),
}  # fmt: skip


@pytest.mark.parametrize("year", ANNOUNCED)
def test_swapped_days_as_announced(year: int) -> None:
    """The weekends worked are exactly those of the notice; the days off named here are off."""
    days = [
        date(year, 1, 1).fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year, 12, 25).toordinal())
    ]
    worked = {(d.month, d.day) for d in days if d.weekday() > 4 and is_workday(d).works}
    assert worked == set(ANNOUNCED[year])
    assert not any(is_workday(date(year, *d)).works for d in OFF[year])
    assert not any(is_workday(d).assumed for d in days)


def test_months_counted_by_hand() -> None:
    """October 2026: 22 weekdays, 7 days off of which 5 weekdays (1, 2, 5, 6, 7), Saturday 10 worked: 18."""
    assert working_days(date(2026, 10, 1), date(2026, 10, 31)) == (18, False)
    assert working_days(date(2026, 7, 1), date(2026, 7, 31)) == (23, False)
    assert working_days(date(2026, 7, 2), date(2026, 7, 1)) == (0, False)


def test_years_not_announced_are_assumed() -> None:
    """October 2035: 23 weekdays, 1 to 3 October are Monday to Wednesday: 20, by rule, and no Saturday worked."""
    assert working_days(date(2035, 10, 1), date(2035, 10, 31)) == (20, True)
    assert is_workday(date(2035, 5, 2)) == (False, True)  # the second day of 五一, a Wednesday
    assert is_workday(date(2035, 2, 7)) == (False, True)  # 除夕, a Wednesday
    assert is_workday(date(2035, 2, 12)) == (True, True)  # 初五, a Monday: no swap is assumed


def test_the_last_days_of_december_wait_for_the_next_notice() -> None:
    """29 December 2018 was worked because of the notice for 2019; a year whose successor is unknown says so."""
    assert is_workday(date(2018, 12, 29)) == (True, False)
    assert is_workday(date(2018, 12, 31)) == (False, False)


def test_outside_the_calendar_is_refused() -> None:
    """A rule for 2050 would be a guess about the lunar calendar that nobody compared."""
    with pytest.raises(PlanError, match="2014 to 2036"):
        is_workday(date(2050, 3, 1))
