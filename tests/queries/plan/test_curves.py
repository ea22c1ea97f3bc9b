"""Shares of a period's days, worked by hand; they add up to exactly 1."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.plan import curves
from queries.plan.curves import Phase, expected_to_date
from queries.plan.errors import PlanError
from queries.plan.weekdays import share_until, weekday_pattern

NOV1, NOV30 = date(2026, 11, 1), date(2026, 11, 30)
PHASES = (
    Phase("蓄水", date(2026, 11, 1), date(2026, 11, 5), F("0.1")),
    Phase("预热", date(2026, 11, 6), date(2026, 11, 9), F("0.12")),
    Phase("爆发", date(2026, 11, 10), date(2026, 11, 11), F("0.5")),
    Phase("返场", date(2026, 11, 12), date(2026, 11, 13), F("0.11")),
)


def weeks(count: int, until: date, week: tuple[float, ...] = (1, 1, 1, 1, 2, 3, 1)) -> dict[date, float | None]:
    """`count` whole weeks before the Monday of `until`'s week, each with the same seven values from Monday."""
    monday = until - timedelta(days=until.weekday())
    return {monday - timedelta(days=n): week[-n % 7] for n in range(1, 7 * count + 1)}


def test_equal_days() -> None:
    """10 of 30 days are a third; 300 x 1/3 = 100; nothing before, everything after."""
    curve = curves.equal(NOV1, NOV30)
    assert curve.upto(date(2026, 11, 10)) == F(1, 3)
    assert expected_to_date(Decimal(300), curve, date(2026, 11, 10)) == Decimal("100.00")
    assert expected_to_date(Decimal(300), curve, date(2026, 10, 31)) == 0
    assert expected_to_date(Decimal("99.99"), curve, date(2027, 1, 1)) == Decimal("99.99")


def test_today_is_cut_at_the_hour() -> None:
    """Nine days and a quarter of the tenth: 300 x 9.25/30 = 92.50."""
    curve = curves.equal(NOV1, NOV30)
    assert expected_to_date(Decimal(300), curve, date(2026, 11, 10), part=F(1, 4)) == Decimal("92.50")


def test_weekday_pattern_from_history() -> None:
    """Weeks of 1,1,1,1,2,3,1 = 10: Saturday has 0.3 of a week. Monday 2 to Sunday 8 November is one such week."""
    history = weeks(6, date(2026, 11, 2))
    curve = curves.weekday(date(2026, 11, 2), date(2026, 11, 8), history)
    assert (curve.basis, curve.note) == ("weekday", "")
    assert [curve.share(d) for d in curve.days] == [F(n, 10) for n in (1, 1, 1, 1, 2, 3, 1)]


def test_one_odd_week_does_not_move_the_pattern() -> None:
    """A campaign Monday of 1,000 in one of six weeks leaves every median where it was."""
    history = weeks(6, date(2026, 11, 2)) | {date(2026, 10, 12): 1000.0}
    assert weekday_pattern(history, date(2026, 11, 2)).weights == (
        100000,
        100000,
        100000,
        100000,
        200000,
        300000,
        100000,
    )


def test_too_little_history_gives_equal_days_and_says_so() -> None:
    """Three whole weeks, or six of which three lack a day: not a pattern. A missing day is not a 0."""
    short = curves.weekday(NOV1, NOV30, weeks(3, date(2026, 11, 2)))
    assert (short.basis, short.note, short.share(NOV1)) == ("equal", "too_short", F(1, 30))
    holes: dict[date, float | None] = {**weeks(6, date(2026, 11, 2)), date(2026, 10, 1): None, date(2026, 10, 9): None}
    del holes[date(2026, 10, 14)]
    found = weekday_pattern(holes, date(2026, 11, 2))
    assert (found.weeks, found.learned) == (3, False)


def test_working_days() -> None:
    """October 2026 has 18 working days; the first is 8 October, 9 and (Saturday) 10 are the next: 3/18."""
    curve = curves.workdays(date(2026, 10, 1), date(2026, 10, 31))
    assert (curve.upto(date(2026, 10, 7)), curve.upto(date(2026, 10, 10)), curve.note) == (0, F(1, 6), "")
    assert curves.workdays(date(2035, 10, 1), date(2035, 10, 31)).note == "assumed"
    alone = curves.workdays(date(2026, 10, 3), date(2026, 10, 4))
    assert (alone.basis, alone.note, alone.upto(date(2026, 10, 3))) == ("equal", "no_workday", F(1, 2))


def test_campaign_phases() -> None:
    """10 + 12 + 50 + 11 = 83 %; the 17 days left share 17 %: 1 % each. Until the 11th 72 %, until the 20th 90 %."""
    curve = curves.phases(NOV1, NOV30, PHASES)
    assert curve.share(date(2026, 11, 3)) == F(2, 100)
    assert curve.upto(date(2026, 11, 11)) == F(72, 100)
    assert curve.upto(date(2026, 11, 20)) == F(90, 100)
    assert expected_to_date(Decimal(1_000_000), curve, date(2026, 11, 10)) == Decimal("470000.00")


def test_lifts_of_a_typed_curve() -> None:
    """Of 30 days 17 weigh 1 %, so an ordinary day is 1 %: the burst of 25 % a day is worth 25, 预热 of 3 % a day 3."""
    found = curves.lifts(curves.phases(NOV1, NOV30, PHASES))
    assert [found[date(2026, 11, n)] for n in (2, 6, 11, 30)] == [2, 3, 25, 1]
    assert curves.lifts(curves.phases(NOV1, NOV30, [Phase("爆发", NOV1, NOV1, F(1))])) == {}


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ([Phase("爆发", date(2026, 10, 31), NOV1, F(1, 2))], "leaves 2026-11-01"),
        ([PHASES[0], Phase("x", NOV1, NOV1, F(1, 10))], "'蓄水' and 'x' share 2026-11-01"),
        ([Phase("x", NOV1, NOV1, F(11, 10))], "weigh 110 % together"),
        ([Phase("x", NOV1, NOV30, F(1, 2))], "take every day but weigh 50 %"),
        ([Phase("x", NOV1, NOV1, F(-1, 10))], "0 or more"),
    ],
)
def test_phases_that_do_not_fit_are_refused(given_: list[Phase], words: str) -> None:
    """The message names the phase and the day."""
    with pytest.raises(PlanError, match=words):
        curves.phases(NOV1, NOV30, given_)


def test_season_of_months_and_quarters() -> None:
    """Months 1..12 add up to 78: January 1/78, its 31 days equally. Quarters 1:1:2:4: Q4 is half, November 30 of 92 days."""
    year = curves.season(date(2026, 1, 1), date(2026, 12, 31), list(range(1, 13)))
    assert year.upto(date(2026, 1, 31)) == F(1, 78)
    assert year.share(date(2026, 1, 5)) == F(1, 78 * 31)
    assert year.upto(date(2026, 6, 30)) == F(21, 78)
    quarters = curves.season(date(2026, 1, 1), date(2026, 12, 31), [1, 1, 2, 4])
    assert quarters.between(NOV1, NOV30) == F(1, 2) * F(30, 92)


def test_season_over_two_years_and_part_of_a_month() -> None:
    """16 to 31 December carries 16/31 of December's 31, January 9: 16 against 9."""
    curve = curves.season(date(2026, 12, 16), date(2027, 1, 31), {(2026, 12): 31, (2027, 1): "9"})
    assert curve.upto(date(2026, 12, 31)) == F(16, 25)
    with pytest.raises(PlanError, match="no share for 2027-01"):
        curves.season(date(2026, 12, 16), date(2027, 1, 31), {(2026, 12): 31})
    with pytest.raises(PlanError, match="12 months or 4 quarters, not 3"):
        curves.season(NOV1, NOV30, [1, 2, 3])


def test_season_with_a_weekday_pattern_inside() -> None:
    """February 2027 is four whole weeks of 10 parts: a Saturday has 3/40 of the month."""
    within = weekday_pattern(weeks(6, date(2026, 11, 2)), date(2026, 11, 2))
    curve = curves.season(date(2027, 2, 1), date(2027, 2, 28), {(2027, 2): "0.07"}, within)
    assert curve.share(date(2027, 2, 6)) == F(3, 40)


def test_a_period_that_ends_before_it_begins() -> None:
    """Refused with both days."""
    with pytest.raises(PlanError, match="ends on 2026-11-01, before it begins on 2026-11-30"):
        curves.equal(NOV30, NOV1)


@given(
    st.dates(date(2015, 1, 1), date(2035, 6, 1)), st.integers(0, 200), st.lists(st.integers(0, 50), min_size=12, max_size=12),
    st.integers(0, 10**9),
)  # fmt: skip
def test_shares_add_up_to_one(first: date, length: int, months: list[int], cents: int) -> None:
    """For any period, each kind of curve: the days' shares are exactly 1, expected never falls and ends on the target."""
    last = first + timedelta(days=length)
    target = Decimal(cents) / 100
    phase = [Phase("p", first, first + timedelta(days=length // 2), F(1, 3))] if length else []
    made = [curves.equal(first, last), curves.phases(first, last, phase), curves.workdays(first, last)]
    if any(months[(first + timedelta(days=n)).month - 1] for n in range(length + 1)):
        made.append(curves.season(first, last, months))
    for curve in made:
        assert sum(curve.share(d) for d in curve.days) == 1
        steps = [expected_to_date(target, curve, d) for d in curve.days]
        assert steps == sorted(steps) and steps[-1] == target


def test_share_of_the_day_until_an_hour() -> None:
    """14 days with 1 at 8:00 and 3 at 20:00: until 9:00 a quarter; one odd day moves nothing; 13 days are too few."""
    day = date(2026, 11, 24)
    rows = [(day - timedelta(days=n), hour, value) for n in range(1, 15) for hour, value in ((8, 1), (20, 3))]
    assert share_until(rows, 9, day) == F(1, 4)
    assert share_until(rows, 8, day) == 0
    assert share_until([*rows, (day - timedelta(days=20), 0, 500)], 9, day) == F(1, 4)
    assert share_until([*rows, (day, 8, 999)], 21, day) == 1
    assert share_until(rows[:-2], 9, day) is None
    assert share_until([*rows[:-2], (day, 8, 1)], 9, day) is None  # today itself teaches nothing
