"""Events fall on the right day of every year from 2015 to 2035, and two years are compared by T-day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from queries.plan import anchors
from queries.plan.errors import PlanError

# Worked without the code: 春节 and 中秋 as printed in the Hong Kong Observatory's conversion tables; Black Friday from the
# weekday of 1 November (counted on from Sunday 1 November 2015, one more a year, two after a 29 February).
REFERENCE = {  # year: (spring festival, mid-autumn, black friday)
    2015: ((2, 19), (9, 27), (11, 27)),
    2016: ((2, 8), (9, 15), (11, 25)),
    2017: ((1, 28), (10, 4), (11, 24)),
    2018: ((2, 16), (9, 24), (11, 23)),
    2019: ((2, 5), (9, 13), (11, 29)),
    2020: ((1, 25), (10, 1), (11, 27)),
    2021: ((2, 12), (9, 21), (11, 26)),
    2022: ((2, 1), (9, 10), (11, 25)),
    2023: ((1, 22), (9, 29), (11, 24)),
    2024: ((2, 10), (9, 17), (11, 29)),
    2025: ((1, 29), (10, 6), (11, 28)),
    2026: ((2, 17), (9, 25), (11, 27)),
    2027: ((2, 6), (9, 15), (11, 26)),
    2028: ((1, 26), (10, 3), (11, 24)),
    2029: ((2, 13), (9, 22), (11, 23)),
    2030: ((2, 3), (9, 12), (11, 29)),
    2031: ((1, 23), (10, 1), (11, 28)),
    2032: ((2, 11), (9, 19), (11, 26)),
    2033: ((1, 31), (9, 8), (11, 25)),
    2034: ((2, 19), (9, 27), (11, 24)),
    2035: ((2, 8), (9, 16), (11, 23)),
}
# a shop's anniversary sale: typed by hand, on another day every year
ANNIVERSARY = {year: date(year, 8, 1) + timedelta(days=(year * 7) % 25) for year in REFERENCE}
OWN = {"anniversary": ANNIVERSARY}


def reference(event: str, year: int) -> date:
    spring, autumn, friday = REFERENCE[year]
    given = {
        "spring_festival": spring,
        "mid_autumn": autumn,
        "black_friday": friday,
        "double11": (11, 11),
        "618": (6, 18),
    }
    return ANNIVERSARY[year] if event == "anniversary" else date(year, *given[event])


EVENTS = ("double11", "618", "spring_festival", "mid_autumn", "black_friday", "anniversary")


def test_no_day_is_misaligned_from_2015_to_2035() -> None:
    """Six events, 21 years, every pair of years, every day from T-30 to T+10: 0 misaligned days."""
    wrong = []
    for event in EVENTS:
        for year in REFERENCE:
            for to_year in REFERENCE:
                for t in range(-30, 11):
                    day, there = (
                        reference(event, year) + timedelta(days=t),
                        reference(event, to_year) + timedelta(days=t),
                    )
                    if anchors.t_day(day, event, OWN, year) != t or anchors.align(day, event, to_year, OWN) != there:
                        wrong.append((event, day, to_year))
    assert wrong == []


@pytest.mark.parametrize("year", REFERENCE)
def test_anchors_are_the_reference_dates(year: int) -> None:
    """Each T-day by itself."""
    assert {e: anchors.anchor(e, year, OWN) for e in EVENTS} == {e: reference(e, year) for e in EVENTS}


@pytest.mark.parametrize(
    ("event", "day"),
    [
        ("new_years_eve", date(2025, 1, 28)),    # the lunar year before has no 30th of its 12th month
        ("new_years_eve", date(2024, 2, 9)),
        ("lantern", date(2026, 3, 3)),
        ("dragon_boat", date(2025, 5, 31)),
        ("dragon_boat", date(2023, 6, 22)),      # after a leap second month
        ("qixi", date(2025, 8, 29)),             # after a leap sixth month
        ("qixi", date(2026, 8, 19)),
        ("double_ninth", date(2025, 10, 29)),
        ("mid_autumn", date(2033, 9, 8)),        # before the leap eleventh month of 2033
        ("qingming", date(2024, 4, 4)),
        ("qingming", date(2026, 4, 5)),
        ("new_year", date(2030, 1, 1)),
        ("labour", date(2019, 5, 1)),
        ("national_day", date(2035, 10, 1)),
        ("women", date(2026, 3, 8)),
        ("99", date(2026, 9, 9)),
        ("818", date(2026, 8, 18)),
        ("double12", date(2026, 12, 12)),
        ("thanksgiving", date(2029, 11, 22)),    # 1 November is a Thursday
        ("black_friday", date(2024, 11, 29)),    # 1 November is a Friday
        ("cyber_monday", date(2024, 12, 2)),     # in December
        ("nianhuo", date(2026, 2, 17)),
    ],
)  # fmt: skip
def test_other_named_days(event: str, day: date) -> None:
    """Dates as printed in calendars of those years."""
    assert anchors.anchor(event, day.year) == day


def test_a_day_belongs_to_the_nearest_event() -> None:
    """28 December 2026 is 40 days before 6 February 2027, and 315 after 17 February 2026."""
    assert anchors.t_day(date(2026, 12, 28), "spring_festival") == -40
    assert anchors.t_day(date(2026, 12, 28), "spring_festival", year=2026) == 314
    assert anchors.align(date(2026, 12, 28), "spring_festival", 2026) == date(2026, 1, 8)


def test_windows_name_the_event_of_a_day() -> None:
    """The narrower window wins: T-day of an own event inside 双11 is the own event."""
    assert anchors.event_of(date(2026, 11, 11)) == ("double11", 2026)
    assert anchors.event_of(date(2026, 11, 11), {"mine": {2026: date(2026, 11, 11)}}) == ("mine", 2026)
    assert anchors.event_of(date(2026, 7, 15)) is None
    assert anchors.event_of(date(2027, 1, 9)) == ("nianhuo", 2027)  # 28 days before 6 February
    assert anchors.event_of(date(2027, 2, 14)) == ("spring_festival", 2027)
    assert anchors.window("618", 2026) == (date(2026, 5, 10), date(2026, 6, 26))


def test_errors_say_what_to_do() -> None:
    """An unknown event, a year without a typed date, a year that nobody checked."""
    with pytest.raises(PlanError, match=r"not known.*double11.*own event"):
        anchors.anchor("doubel11", 2026)
    with pytest.raises(PlanError, match=r"no date in 2027 .*2026.*Type its date"):
        anchors.anchor("mine", 2027, {"mine": {2026: date(2026, 8, 8)}})
    with pytest.raises(PlanError, match="2014 to 2036"):
        anchors.anchor("618", 2040)
