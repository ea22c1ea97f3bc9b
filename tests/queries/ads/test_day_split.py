"""What is left of a month's money by day: to the cent, whatever is edited."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from queries.ads.day_split import left_by_day
from queries.plan.curves import Curve, equal
from queries.plan.errors import PlanError

NOV1, NOV30 = date(2026, 11, 1), date(2026, 11, 30)


def test_what_is_left_goes_by_the_curve() -> None:
    """1,000 less 100 on three days that weigh 1, 1 and 2: 225, 225, 450."""
    curve = Curve(NOV1, [5, 1, 1, 2], "weekday")
    assert list(left_by_day(D(1000), D(100), curve, NOV1).values()) == [D(225), D(225), D(450)]


def test_a_fixed_day_stands_and_the_others_make_room() -> None:
    """600 of 900 fixed on the last day: 150 for each of the two others."""
    curve = Curve(NOV1, [5, 1, 1, 2], "weekday")
    found = left_by_day(D(1000), D(100), curve, NOV1, {date(2026, 11, 4): D(600)})
    assert list(found.values()) == [D(150), D(150), D(600)]


def test_cents_that_do_not_divide_go_to_the_first_days() -> None:
    """100 over three equal days: 33.34, 33.33, 33.33."""
    assert list(left_by_day(D(100), D(0), equal(NOV1, date(2026, 11, 3)), NOV1 - timedelta(days=1)).values()) == [D("33.34"), D("33.33"), D("33.33")]


def test_nothing_is_left_of_a_passed_limit() -> None:
    """Every day to come gets 0; after the last day there is none."""
    assert set(left_by_day(D(100), D(120), equal(NOV1, NOV30), NOV1).values()) == {D(0)}
    assert left_by_day(D(100), D(20), equal(NOV1, NOV30), NOV30) == {}


@pytest.mark.parametrize("fixed", [{2: 60, 3: 50}, {2: 10, 3: 20}, {2: -5}], ids=["too much", "all fixed, not used up", "below 0"])
def test_fixed_days_that_cannot_be(fixed: dict[int, int]) -> None:
    """The message names what is wrong; nothing is quietly changed."""
    with pytest.raises(PlanError):
        left_by_day(D(100), D(0), equal(NOV1, date(2026, 11, 3)), NOV1, {date(2026, 11, d): D(v) for d, v in fixed.items()})


def test_ten_thousand_edits_sum_to_the_cent() -> None:
    """Days fixed and freed, limits, spend and curves changed at random: the days always hold what is left, fixed days stand."""
    rng = random.Random(20261126)
    limit, spent, through = D(50_000), D(0), NOV1 - timedelta(days=1)
    curve: Curve = equal(NOV1, NOV30)
    fixed: dict[date, D] = {}
    held_sums = refused = 0
    while held_sums < 10_000:
        kind = rng.choice(("fix", "fix", "fix", "free", "limit", "day", "curve"))
        trial = dict(fixed)
        if kind == "fix":
            trial[NOV1 + timedelta(days=rng.randrange(30))] = D(rng.randrange(600_000)) / 100
        elif kind == "free" and trial:
            del trial[rng.choice(sorted(trial))]
        elif kind == "limit":
            limit = D(rng.randrange(1, 20_000_000)) / 100
        elif kind == "day":
            through, spent = NOV1 + timedelta(days=rng.randrange(-1, 30)), D(rng.randrange(8_000_000)) / 100
        elif kind == "curve":
            curve = Curve(NOV1, [rng.choice((0, 1, rng.randrange(1, 10**6))) for _ in range(29)] + [1], "season")
        open_days = [day for day in curve.days if day > through]
        held = sum((v for d, v in trial.items() if d > through), D(0))
        left = max(limit - spent, D(0))
        try:
            found = left_by_day(limit, spent, curve, through, trial)
        except PlanError:
            assert held > left or all(day in trial for day in open_days)
            refused, fixed = refused + 1, {} if rng.random() < 0.5 else fixed
            continue
        fixed, held_sums = trial, held_sums + 1
        assert list(found) == open_days
        assert sum(found.values(), D(0)) == (left if open_days else 0)
        assert all(found[day] == amount for day, amount in fixed.items() if day > through)
        assert all(amount >= 0 and amount == amount.quantize(D("0.01")) for amount in found.values())
    assert refused  # contradictions were among them
    print(f"{held_sums} edits summed to the cent, {refused} contradictions refused")
