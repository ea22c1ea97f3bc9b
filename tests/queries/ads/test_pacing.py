"""A purse in a month, worked by hand: expected, landing, ladder, the day the money is gone, the words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from queries.ads.limits import NO_LIMIT, Limit
from queries.ads.overspend import Alarm
from queries.ads.pacing import added, curve_of, judged, pace, stops, together
from queries.plan.progress import Progress
from queries.plan.series import Series
from tests.queries.ads.test_limits import LINE

JUL1, NOV1, NOV10, NOV30 = date(2026, 7, 1), date(2026, 11, 1), date(2026, 11, 10), date(2026, 11, 30)


def _flat(first: date, last: date, value: int = 100) -> dict[date, D | None]:
    return {first + timedelta(days=n): D(value) for n in range((last - first).days + 1)}


def test_a_steady_purse_on_its_plan() -> None:
    """100 a day of 3,000: 1,000 spent and expected by the 10th, 3,000 at the end, 75 % on the 23rd, all on the 30th."""
    found = pace(_flat(JUL1, NOV10), Limit(D(3000), "plan"), NOV1, NOV30, NOV10, china=False)
    p = found.progress
    assert (p.actual, p.expected, p.mid, p.low, p.high, p.per_day) == (1000, 1000, 3000, 3000, 3000, 100)
    assert (found.word, found.why, found.curve.basis) == ("good", "ok", "weekday")
    half, three, _, whole = found.ladder
    assert (half.amount, half.reached, half.planned, half.expected) == (1500, None, date(2026, 11, 15), date(2026, 11, 15))
    assert (three.expected, whole.expected, whole.early, whole.late) == (date(2026, 11, 23), NOV30, NOV30, NOV30)


def test_money_that_runs_out() -> None:
    """100 a day of 2,000: at the 10th the half is reached, the rest is gone on the 20th, ten days before the end."""
    found = pace(_flat(JUL1, NOV10), Limit(D(2000), "plan"), NOV1, NOV30, NOV10, china=False)
    assert (found.ladder[0].reached, found.ladder[-1].expected) == (NOV10, date(2026, 11, 20))
    assert (found.word, found.why) == ("poor", "surely")


def test_the_tolerance_tightens() -> None:
    """6 % when a quarter is over, 3 % at the end, 15 % at most (the plan's own rule)."""
    rooms = [round(pace(_flat(JUL1, day), Limit(D(3000), "plan"), NOV1, NOV30, day, china=False).room, 3) for day in (NOV1, date(2026, 11, 8), NOV30)]
    assert rooms == [0.15, 0.058, 0.03]


def test_a_report_that_is_late_is_no_fall() -> None:
    """Known to the 8th, asked on the 10th: expected and spent are both those of the 8th."""
    found = pace(_flat(JUL1, date(2026, 11, 8)), Limit(D(3000), "plan"), NOV1, NOV30, NOV10, china=False)
    assert (found.through, found.progress.actual, found.progress.expected) == (date(2026, 11, 8), 800, 800)


def test_without_a_limit_the_landing_stands_alone() -> None:
    """No word, no ladder; the month still ends near 3,000."""
    found = pace(_flat(JUL1, NOV10), NO_LIMIT, NOV1, NOV30, NOV10, china=False)
    assert (found.word, found.why, found.ladder, found.alarm, found.progress.mid) == ("", "no_limit", (), None, 3000)


def test_a_new_purse_is_not_projected() -> None:
    """Ten days of history: 样本不足, expected by equal days."""
    found = pace(_flat(NOV1, NOV10), Limit(D(3000), "plan"), NOV1, NOV30, NOV10, china=False)
    assert (found.word, found.progress.mid, found.progress.expected) == ("few", None, 1000)


def test_nothing_known_at_all() -> None:
    """A purse without a figure has no word and no course to draw past the plan."""
    found = pace({}, Limit(D(3000), "plan"), NOV1, NOV30, NOV10)
    assert (found.word, found.why, found.progress.actual) == ("", "no_figure", None)


def test_the_month_warns_and_the_phase_is_the_verdict() -> None:
    """October 3,100 and November 3,600 so far of a band of 2,000 to 3,500: November is over, the mean of whole months, 3,100, inside."""
    band = replace(LINE, kind="band", first=date(2026, 10, 1), last=date(2026, 12, 31), target=None, low=D(2000), high=D(3500))
    by_day = _flat(JUL1, date(2026, 10, 31)) | _flat(NOV1, date(2026, 11, 20), 180)
    found = pace(by_day, Limit(D(3500), "plan", D(2000)), NOV1, NOV30, date(2026, 11, 20), china=False, phases=[band])
    assert (found.word, found.why) == ("poor", "over")
    [(node, phase)] = found.phases
    assert (node.id, phase.status, phase.details["mean"], phase.details["whole_periods"]) == ("n", "inside", 3100, 1)


def test_phases_that_the_plan_types_stand_before_what_was_learned() -> None:
    """60 % of the month on its first ten days: 1,800 of 3,000 by the 10th."""
    raw = {"weight": "phases", "_": {"weights": {"爆发": "0.6"}, "parts": {"爆发_from": "1", "爆发_to": "10"}}}
    found = pace(_flat(JUL1, NOV10), Limit(D(3000), "plan", line=replace(LINE, raw=raw)), NOV1, NOV30, NOV10, china=False)
    assert found.curve.basis == "phase" and found.progress.expected == 1800
    assert found.why == "slow"


def test_last_years_campaign_days_weigh_again() -> None:
    """1,000 instead of 100 on 11 November 2025: this year's 11th gets ten times the share of the 1st of November."""
    history = {day: float(value or 0) for day, value in _flat(date(2025, 8, 1), date(2026, 10, 31)).items()} | {date(2025, 11, 11): 1000.0}
    curve = curve_of(Series(history, to=NOV30), history, NOV1, NOV30)
    assert curve.note == "last_year"
    assert round(float(curve.share(date(2026, 11, 11)) / curve.share(NOV1)), 2) == 10.0


def test_a_purse_that_stops_and_starts_gets_no_alarm() -> None:
    """Every other day nothing: a single day says nothing about the pace."""
    by_day = {day: D(200) if day.day % 2 else D(0) for day in _flat(JUL1, NOV10)}
    assert stops(by_day, NOV1) and not stops(_flat(JUL1, NOV10), NOV1)
    assert pace(by_day, Limit(D(3000), "plan"), NOV1, NOV30, NOV10, china=False).alarm is None


def test_the_sum_is_known_when_every_running_purse_is() -> None:
    """The second purse is late by a day, the third stopped in July: the sum ends with the second."""
    parts = [_flat(JUL1, NOV10), _flat(date(2026, 10, 1), date(2026, 11, 9), 10), _flat(JUL1, date(2026, 7, 31), 1)]
    total = added(parts, NOV10)
    assert (total[JUL1], total[date(2026, 9, 1)], total[date(2026, 11, 9)], total[NOV10]) == (101, 100, 110, None)


def test_the_curve_of_a_sum_is_its_purses_curves() -> None:
    """3,000 evenly and 1,000 on the first ten days alone: 100 + 100 of 4,000 on the 1st, 100 on the 30th; twice the share."""
    raw = {"weight": "phases", "_": {"weights": {"爆发": "1"}, "parts": {"爆发_from": "1", "爆发_to": "10"}}}
    even = pace(_flat(JUL1, NOV10), Limit(D(3000), "plan"), NOV1, NOV30, NOV10, china=False)
    early = pace(_flat(JUL1, NOV10), Limit(D(1000), "plan", line=replace(LINE, raw=raw)), NOV1, NOV30, NOV10, china=False)
    curve = together([even, early])
    assert curve is not None
    assert round(float(curve.share(NOV1)), 4) == 0.05 and round(float(curve.share(NOV30)), 4) == 0.025


ALARM = Alarm(NOV10, 9.0, NOV1, 2.0, D(9000), True, True)
WATCH = Alarm(NOV10, 1.0, NOV10, 1.2, D(3100), False, False, True)


@pytest.mark.parametrize(
    ("given", "alarm", "said"),
    [
        ({"actual": D(3001)}, None, ("poor", "over")),
        ({"actual": D(2900), "days_left": 0}, ALARM, ("good", "kept")),
        ({"mid": D(3200), "low": D(3100)}, None, ("poor", "surely")),
        ({"mid": D(3200), "low": D(2900)}, ALARM, ("poor", "running")),
        ({"mid": D(2900), "low": D(2800)}, ALARM, ("fair", "running")),
        ({"mid": D(3200), "low": D(2900)}, None, ("fair", "likely")),
        ({"mid": D(3200), "low": D(2900)}, WATCH, ("fair", "likely")),
        ({"mid": D(2900), "status": "behind"}, WATCH, ("fair", "watched")),
        ({"mid": D(2900), "status": "behind"}, None, ("fair", "fast")),
        ({"mid": D(2900), "status": "ahead"}, None, ("fair", "slow")),
        ({"mid": D(2900)}, None, ("good", "ok")),
        ({}, None, ("few", "few")),
        ({"target": None}, None, ("", "no_limit")),
        ({"actual": None}, None, ("", "no_figure")),
    ],
)  # fmt: skip
def test_the_order_of_the_words(given: dict[str, object], alarm: Alarm | None, said: tuple[str, str]) -> None:
    """What is certain stands before what is likely; a limit of 3,000, 1,000 spent, 20 days left."""
    base = Progress("purse", "on_track", actual=D(1000), target=D(3000), days_left=20)
    assert judged(replace(base, **given), alarm) == said  # type: ignore[arg-type]
