"""A changed amount leaves no total that its parts do not add up to."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.plan.errors import PlanError
from queries.plan.respread import Line, respread

YEAR = [Line("year", "", D(100)), Line("h1", "year", D(60)), Line("h2", "year", D(40)), Line("q1", "h1", D(20)), Line("q2", "h1", D(40))]  # fmt: skip


def test_a_changed_total_is_shared_out_as_before() -> None:
    """100 becomes 130: halves 78 and 52, quarters a third and two thirds of 78."""
    assert respread(YEAR, {"year": D(130)}) == {"year": 130, "h1": 78, "h2": 52, "q1": 26, "q2": 52}


def test_a_changed_part_stays_and_the_others_make_room() -> None:
    """The first half becomes 70 of 100: the second is 30, its own quarters 23.33 and 46.67."""
    assert respread(YEAR, {"h1": D(70)}) == {"year": 100, "h1": 70, "h2": 30, "q1": D("23.33"), "q2": D("46.67")}


def test_parts_that_are_more_than_the_total_are_told() -> None:
    with pytest.raises(PlanError, match="year"):
        respread(YEAR, {"h1": D(90), "h2": D(40), "year": D(100)})


def test_a_blank_stays_blank() -> None:
    """The second half is taken back: the first keeps what was typed for it, 40 are open."""
    assert respread(YEAR, {"h2": None, "h1": D(60)})["h2"] is None


@given(st.decimals(0, 10**9, places=2), st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_parts_always_add_up_to_the_cent(total: D, weights: list[int]) -> None:
    lines = [Line("all", "", D(sum(weights))), *(Line(str(n), "all", D(weight)) for n, weight in enumerate(weights))]
    found = respread(lines, {"all": total})
    assert sum(found[str(n)] or 0 for n in range(len(weights))) == total
