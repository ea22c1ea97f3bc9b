"""A year cut into quarters, months, days and persons adds up at every level."""

from __future__ import annotations

from datetime import date

import pytest

from queries.plan import curves
from queries.plan.edits import replay
from queries.plan.errors import PlanError
from queries.plan.split import by_parent, solve, unassigned
from queries.plan.timetree import time_tree

YEAR = curves.equal(date(2026, 1, 1), date(2026, 12, 31))


def test_a_year_of_equal_days_by_hand() -> None:
    """365.00 over 365 days: January 31.00, Q1 90.00, each day 1.00, two persons 3:1 have 0.75 and 0.25."""
    nodes = time_tree("plan", 365_00, YEAR, items={"lin": 3, "wu": 1})
    assert len(nodes) == 1 + 4 + 12 + 365 + 730
    amounts = solve(nodes)
    assert amounts["plan/2026-Q1"] == 90_00
    assert amounts["plan/2026-Q1/2026-01"] == 31_00
    day = "plan/2026-Q4/2026-11/2026-11-11"
    assert (amounts[day], amounts[f"{day}/lin"], amounts[f"{day}/wu"]) == (100, 75, 25)


def test_a_season_goes_down_the_tree() -> None:
    """Quarters 1:1:2:4 of 800: Q4 400; its months 31, 30, 31 of 92 = 134.782, 130.434, 134.782: the cent left is November's."""
    curve = curves.season(date(2026, 1, 1), date(2026, 12, 31), [1, 1, 2, 4])
    amounts = solve(time_tree("y", 800_00, curve, ("quarter", "month")))
    assert [amounts[f"y/2026-Q{n}"] for n in (1, 2, 3, 4)] == [100_00, 100_00, 200_00, 400_00]
    assert [amounts[f"y/2026-Q4/2026-{n}"] for n in (10, 11, 12)] == [134_78, 130_44, 134_78]


def test_a_week_in_two_months_is_two_nodes() -> None:
    """30 November 2026 is a Monday: one day of that week in November, six in December."""
    curve = curves.equal(date(2026, 11, 30), date(2026, 12, 6))
    amounts = solve(time_tree("w", 700, curve, ("month", "week", "day")))
    assert (amounts["w/2026-11/W2026-11-30"], amounts["w/2026-12/W2026-11-30"]) == (100, 600)


def test_every_level_adds_up_for_an_awkward_amount() -> None:
    """1,234,567.89 over a working-day curve, 13 items: nothing is lost at any of the 5,127 nodes."""
    curve = curves.workdays(date(2026, 1, 1), date(2026, 12, 31))
    nodes = time_tree("y", 123_456_789, curve, items={f"item{n}": n for n in range(13)})
    amounts = solve(nodes)
    assert len(nodes) == 1 + 4 + 12 + 365 + 365 * 13
    assert unassigned(nodes, amounts) == {}
    for parent, names in by_parent(nodes).items():
        assert sum(amounts[name] or 0 for name in names) == amounts[parent]


def test_levels_must_get_finer() -> None:
    """Days cannot be split into months; a decade is not known; no level at all leaves the items under the root."""
    for levels in (("day", "month"), ("decade",), ("month", "month")):
        with pytest.raises(PlanError, match="year, quarter, month, week, day"):
            time_tree("y", 1, YEAR, levels)
    assert replay(time_tree("y", 100, YEAR, (), {"a": 1, "b": 1})).amounts == {"y": 100, "y/a": 50, "y/b": 50}
