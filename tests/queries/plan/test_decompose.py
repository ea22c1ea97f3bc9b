"""The gap of a sales node, split by hand and exactly."""

from __future__ import annotations

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from queries.plan.decompose import PLAN, gap_split, planned_chain


def test_three_factors_by_hand() -> None:
    """Plan 1000 x 2 % x 50 = 1000, actual 1200 x 2 % x 45 = 1080: visitors 200 x .02 x 47.5 = +190, value -5 x .02 x 1100 = -110."""
    planned = planned_chain(D(1000), D(1000), D("0.02"), D(50))
    assert planned == (1000, 20, 1000)
    found = gap_split(D(1000), planned, (D(1200), D(24), D(1080)))
    assert [(e.factor, e.effect) for e in found] == [
        ("visitors", D("190.00")), ("conversion_rate", D("0.00")), ("sales_per_buyer", D("-110.00"))
    ]  # fmt: skip
    assert (found[2].planned, found[2].actual) == (50, 45)


def test_the_third_factor_follows_from_the_target() -> None:
    """1000 = 1000 visitors x 2 % x 50 whichever of the three is missing."""
    assert planned_chain(D(1000), D(1000), D("0.02")) == (1000, 20, 1000)
    assert planned_chain(D(1000), D(1000), value=D(50)) == (1000, 20, 1000)
    assert planned_chain(D(1000), conversion=D("0.02"), value=D(50)) == (1000, 20, 1000)


def test_visitors_alone_give_two_factors() -> None:
    """Plan 100 x 10 = 1000, actual 120 x 9 = 1080: visitors 20 x 9.5 = +190, value per visitor -1 x 110 = -110."""
    planned = planned_chain(D(1000), D(100))
    assert planned == (100, 1000)
    found = gap_split(D(1000), planned, (D(120), D(7), D(1080)))
    assert [(e.factor, e.effect) for e in found] == [("visitors", D("190.00")), ("sales_per_visitor", D("-110.00"))]


def test_a_plan_whose_factors_miss_its_target_says_so() -> None:
    """1000 x 2 % x 50 is 1000, the target says 1100: -100 of the gap is the plan's own."""
    planned = planned_chain(D(1100), D(1000), D("0.02"), D(50))
    assert planned is not None
    found = gap_split(D(1100), planned, (D(1000), D(20), D(1000)))
    assert [(e.factor, e.effect) for e in found if e.effect] == [(PLAN, D("-100.00"))]


def test_nothing_to_divide_gives_no_split() -> None:
    """A target alone, or a factor of 0, explains nothing."""
    assert planned_chain(D(1000)) is None
    assert planned_chain(D(1000), conversion=D("0.02")) is None
    assert planned_chain(D(1000), conversion=D(0), value=D(50)) is None
    assert planned_chain(D(1000), visitors=D(0)) is None


def test_sales_without_visitors_are_not_split() -> None:
    """A source that counts no visitor on a day with sales cannot say why they came: the gap stays whole."""
    found = gap_split(D(1000), (D(1000), D(20), D(1000)), (D(0), D(3), D(150)))
    assert [(e.factor, e.planned, e.actual, e.effect) for e in found] == [("sales", D(1000), D(150), D(-850))]


COUNT, MONEY = st.integers(0, 10**6).map(D), st.decimals(0, 10**8, places=2)


@given(MONEY, st.integers(1, 10**6).map(D), st.decimals("0.0001", 1, places=4), MONEY, COUNT, COUNT, MONEY)
def test_effects_add_up_to_the_gap(target: D, visitors: D, rate: D, value: D, seen: D, bought: D, paid: D) -> None:
    """To the cent, for any plan and any actual, zero included."""
    planned = planned_chain(target, visitors, rate, value)
    assert planned is not None
    assert sum(e.effect for e in gap_split(target, planned, (seen, bought, paid))) == paid - target
