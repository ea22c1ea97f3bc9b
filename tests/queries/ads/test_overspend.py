"""The alarm of a purse: worked by hand, and held against the straight line on made-up years whose truth is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal as D
from typing import NamedTuple

import numpy as np
import pytest

from queries.ads.overspend import USUAL_WOBBLE, alarms, wobble_of
from queries.ads.pacing import curve_of, past_curves
from queries.plan.curves import Curve, equal
from queries.plan.series import Series
from tests.queries.ads.spending import year_of

NOV1, NOV30 = date(2026, 11, 1), date(2026, 11, 30)


def _days(*amounts: float | None) -> dict[date, D | None]:
    return {NOV1 + timedelta(days=n): None if v is None else D(str(v)) for n, v in enumerate(amounts)}


def test_a_month_on_its_plan_is_quiet() -> None:
    """100 a day of 3,000: nothing adds up."""
    found = alarms(_days(*[100] * 10), D(3000), equal(NOV1, NOV30), 0.1, NOV30)
    assert [a.score for a in found] == [0.0] * 10 and not any(a.is_fast for a in found)


def test_a_day_far_over_its_plan_is_an_overspend_at_once() -> None:
    """150 where 100 was planned: log 1.5 / 0.1 = 4.05, at most 4, less 1.25 is 2.75; 500 so far + 150 + 24 x 150 = 4,250."""
    last = alarms(_days(100, 100, 100, 100, 100, 150), D(3000), equal(NOV1, NOV30), 0.1, NOV30)[-1]
    assert last.is_fast and last.is_over and last.since == date(2026, 11, 6)
    assert (round(last.score, 2), last.pace, last.landing) == (2.75, 1.5, D("4250.00"))


def test_fast_after_a_slow_start_is_not_over() -> None:
    """20 a day for 20 days, then 150 a day: 400 + 150 x 10 = 1,900 of 3,000 is fast, and no overspend."""
    last = alarms(_days(*[20] * 20, 150), D(3000), equal(NOV1, NOV30), 0.1, NOV30)[-1]
    assert last.is_fast and not last.is_over and last.landing == D("1900.00")


def test_a_day_that_is_not_out_changes_nothing() -> None:
    """It has no answer of its own, and the days after go on from the score before it."""
    found = alarms(_days(100, None, 120), D(3000), equal(NOV1, NOV30), 0.1, NOV30)
    assert [a.day.day for a in found] == [1, 3]
    assert round(found[-1].score, 2) == 0.57  # log 1.20 / 0.1 = 1.82


def test_money_on_a_day_without_any_is_four_wobbles() -> None:
    """A day that the plan gives nothing: any spend counts the most; none counts nothing."""
    curve = Curve(NOV1, [1, 0, 0], "phase")
    assert [a.score for a in alarms(_days(100, 0, 5), D(100), curve, 0.1, NOV30)] == [0.0, 0.0, 2.75]


def test_the_wobble_is_the_usual_step_from_day_to_day() -> None:
    """Days in turn 10 % over and 10 % under the middle: each step is log 1.21 = 0.1906, over the root of 2 is 0.1348. A month that
    doubles on the way has one step of another size among its 29, and moves nothing.
    """
    spent = {NOV1 + timedelta(days=n): 110.0 if n % 2 else 100 / 1.1 for n in range(30)}
    doubled = {day: value * (2 if day.day > 15 else 1) for day, value in spent.items()}
    curve = equal(NOV1, NOV30)
    assert [round(float(v), 4) for v in wobble_of(spent, [curve])] == [0.1348, 1]
    both = spent | {day - timedelta(days=60): value for day, value in doubled.items()}
    found = wobble_of(both, [curve, equal(NOV1 - timedelta(days=60), NOV30 - timedelta(days=60))])
    assert [round(float(v), 4) for v in found] == [0.1348, 2]


def test_a_step_over_a_missing_day_is_no_step() -> None:
    """100 a day, one day unknown and 200 a day after it: no step is known but steps of 0; 5 % is the least."""
    spent = {NOV1 + timedelta(days=n): 100.0 if n < 15 else 200.0 for n in range(30) if n != 15}
    assert wobble_of(spent, [equal(NOV1, NOV30)]) == (0.05, 1)


def test_the_wobble_is_not_known_without_a_month() -> None:
    """15 % is taken and 0 months are named."""
    assert wobble_of({NOV1: 5.0}, [equal(NOV1, NOV30)]) == (USUAL_WOBBLE, 0)


class Told(NamedTuple):
    """Of `overspends` months: how many were told within one data interval; and flags on quiet days."""

    overspends: int
    within_one: int
    false_days: int
    quiet_days: int


Marks = tuple[int | None, np.ndarray]  # the day an overspend begins, counted from the first; and is the day flagged
FRESH = range(2000, 2200)  # nothing was chosen on these years; numbers were chosen on years 1000 to 1399
EVEN_ROOM = -0.14  # the straight line by the same rule on those years: 1 in 400 missed, an even day's money less 14 % (64,683 false)


class Judged(NamedTuple):
    """A month as each rule sees it. over: the day's money over an even day's, so_far: the sum's over the even share, as shares."""

    onset: int | None
    alarmed: np.ndarray
    flagged: np.ndarray
    over: np.ndarray
    so_far: np.ndarray


@pytest.fixture(scope="module")
def fresh() -> list[Judged]:
    return [month for seed in FRESH for month in _judged(seed)]


def _judged(seed: int) -> list[Judged]:
    year, found = year_of(seed), []
    series = Series(year.spend)
    for month in year.months:
        before = {day: value for day, value in year.spend.items() if day < month.first}
        curve = curve_of(series, before, month.first, month.last)
        wobble, _ = wobble_of(before, past_curves(series, before, month.first))
        money = {day: D(str(year.spend[day])) for day in curve.days}
        told = alarms(money, D(str(month.limit)), curve, wobble, month.last)
        spent = np.array([year.spend[day] for day in curve.days])
        even = month.limit / len(spent)
        onset = None if month.onset is None else (month.onset - month.first).days
        flagged = np.array([a.is_over or a.is_watched for a in told])
        so_far = spent.cumsum() / (even * np.arange(1, len(spent) + 1)) - 1
        found.append(Judged(onset, np.array([a.is_over for a in told]), flagged, spent / even - 1, so_far))
    return found


def _told(months: Iterable[Marks]) -> Told:
    overspends = within_one = false = quiet = 0
    for onset, flags in months:
        calm = flags[:onset]
        quiet, false = quiet + len(calm), false + int(calm.sum())
        if onset is not None:
            overspends, within_one = overspends + 1, within_one + int(flags[onset : onset + 2].any())
    return Told(overspends, within_one, false, quiet)


def _best_line(months: list[Judged], within_one: int) -> tuple[Told, str]:
    """Of all straight lines that tell as many within one interval of these very months, the one with the fewest false flags."""
    rooms = [room / 100 for room in range(100, -100, -2)]
    by_day = [(_told((m.onset, m.over > room) for m in months), f"even day {room:+.0%}") for room in rooms]
    to_date = [(_told((m.onset, m.so_far > room) for m in months), f"even to date {room:+.0%}") for room in rooms]
    able = [pair for pair in by_day + to_date if pair[0].within_one >= within_one]
    return min(able, key=lambda pair: pair[0].false_days)


def test_overspends_are_flagged_within_one_interval_with_few_false_flags(fresh: list[Judged]) -> None:
    """200 years: 99.5 % of the overspends are flagged (watch or alarm) by the day after they begin, with less than 0.3 of the false
    flags of a straight line: of one chosen on the same years as the watch, and of the best one for these years in hindsight.
    """
    ours, even = _told((m.onset, m.flagged) for m in fresh), _told((m.onset, m.over > EVEN_ROOM) for m in fresh)
    best, rule = _best_line(fresh, ours.within_one)
    print(f"\n{ours}\nstraight line ({EVEN_ROOM:+.0%}): {even}\nbest in hindsight ({rule}): {best}")
    assert ours.overspends >= 1000 and ours.within_one >= 0.995 * ours.overspends
    assert ours.false_days < 0.3 * even.false_days and ours.false_days < 0.3 * best.false_days
    assert ours.false_days < 0.13 * ours.quiet_days


def test_the_first_twenty_years() -> None:
    """Years 0 to 19, judged since the first version: all flagged by the day after, 70 % fewer false flags than the best line in hindsight."""
    months = [month for seed in range(20) for month in _judged(seed)]
    ours = _told((m.onset, m.flagged) for m in months)
    best, rule = _best_line(months, ours.within_one)
    print(f"\n{ours}\nbest in hindsight ({rule}): {best}")
    assert ours.overspends >= 100 and ours.within_one == ours.overspends and 1 - ours.false_days / best.false_days >= 0.7


def test_any_twenty_years(fresh: list[Judged]) -> None:
    """Each 20 of the 200: 98 % flagged by the day after, all of them in the first 20 and in most of the others; under 0.3 of the false
    flags of the straight line chosen on other years.
    """
    whole = []
    for at in range(0, len(fresh), 240):
        months = fresh[at : at + 240]
        ours, even = _told((m.onset, m.flagged) for m in months), _told((m.onset, m.over > EVEN_ROOM) for m in months)
        best, rule = _best_line(months, ours.within_one)
        print(f"\n{ours}\nstraight line: {even.false_days} false; best in hindsight ({rule}): {best.false_days}")
        assert ours.within_one >= 0.98 * ours.overspends and ours.false_days < 0.3 * even.false_days
        whole.append(ours.within_one == ours.overspends)
    assert whole[0] and sum(whole) >= 7


def test_the_alarm_itself_is_seldom_wrong(fresh: list[Judged]) -> None:
    """95 % of the overspends within one interval, a fiftieth of the quiet days, under 0.3 of the best straight line in hindsight."""
    ours = _told((m.onset, m.alarmed) for m in fresh)
    best, rule = _best_line(fresh, ours.within_one)
    print(f"\n{ours}\nbest in hindsight ({rule}): {best}")
    assert ours.within_one >= 0.95 * ours.overspends
    assert ours.false_days < ours.quiet_days / 50 and ours.false_days < 0.3 * best.false_days


def test_a_watch_comes_before_the_alarm() -> None:
    """115 where 100 was planned at a wobble of 10 %: 1.40 - 1.25 = 0.15 is under the alarm's line of 1.25, 1.40 - 0.9 = 0.50 over the
    watch's 0.25; 400 so far at 1.15 from then on: 400 + 115 + 25 x 115 = 3,390 of 3,000.
    """
    last = alarms(_days(100, 100, 100, 100, 115), D(3000), equal(NOV1, NOV30), 0.1, NOV30)[-1]
    assert last.is_watched and not last.is_fast and not last.is_over
