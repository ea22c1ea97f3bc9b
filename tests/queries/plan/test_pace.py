"""Needed per day and the words of a node, worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.plan import curves
from queries.plan.pace import WORDS, band, needed, status, tolerance

NOV1, NOV30 = date(2026, 11, 1), date(2026, 11, 30)
EQUAL = curves.equal(NOV1, NOV30)
BURST = curves.phases(NOV1, NOV30, [curves.Phase("爆发", date(2026, 11, 11), date(2026, 11, 11), F(71, 100))])


def test_needed_per_remaining_day() -> None:
    """100 of 400 by the 10th: 300 in 20 days = 15 a day. By weight the burst day takes 71/91 of it, another day 1/91."""
    plain = needed(D(400), D(100), EQUAL, date(2026, 11, 10))
    assert (plain.total, plain.days, plain.per_day) == (300, 20, D("15.00"))
    assert set(plain.by_day.values()) == {D("15.00")}
    curve = curves.phases(NOV1, NOV30, [curves.Phase("爆发", date(2026, 11, 11), date(2026, 11, 11), F(71, 100))])
    by = needed(D(1000), D(90), curve, date(2026, 11, 10)).by_day  # left: 71 + 19 = 90 %, 910 in all
    assert by[date(2026, 11, 11)] == D("717.89")  # 910 x 71/90 = 717.888…
    assert sum(by.values()) == 910


def test_nothing_is_needed_after_the_target_or_the_end() -> None:
    """Reached: 0 a day. Over: no day left, so no daily figure, and the rest is still named."""
    assert needed(D(100), D(120), EQUAL, date(2026, 11, 10)).per_day == 0
    over = needed(D(100), D(70), EQUAL, NOV30)
    assert (over.total, over.days, over.per_day, over.by_day) == (30, 0, None, {})


def test_tolerance_falls_as_the_period_goes_on() -> None:
    """3 % over the root of the share: 1/4 -> 6 %, 1/25 -> 15 %, 1 -> 3 %, and never more than 15 %."""
    assert tolerance(F(1, 4)) == pytest.approx(0.06)
    assert tolerance(F(1, 25)) == pytest.approx(0.15)
    assert tolerance(1) == pytest.approx(0.03)
    assert tolerance(F(1, 1000)) == tolerance(0) == 0.15


@pytest.mark.parametrize(
    ("actual", "day", "direction", "word"),
    [
        (D("105.49"), 10, "up", "ahead"),     # a third is over: 3 % x root 3 = 5.196 % of 100
        (D("105.19"), 10, "up", "on_track"),
        (D("94.81"), 10, "up", "on_track"),
        (D("94.80"), 10, "up", "behind"),
        (D("94.80"), 10, "down", "ahead"),    # a budget: less spent than expected
        (D("105.49"), 10, "down", "behind"),
        (D(300), 10, "up", "done"),
        (D(300), 10, "down", "behind"),       # all spent, not yet more than all
        (D("300.01"), 10, "down", "missed"),
        (D("299.99"), 30, "up", "missed"),
        (D("299.99"), 30, "down", "done"),
        (None, 10, "up", "no_actual"),
    ],
)  # fmt: skip
def test_words(actual: D | None, day: int, direction: str, word: str) -> None:
    """Target 300 over November: 100 expected by the 10th."""
    on = date(2026, 11, day)
    expected = curves.expected_to_date(D(300), EQUAL, on)
    assert status(D(300), actual, expected, EQUAL, on, direction=direction) == word


def test_words_that_do_not_judge() -> None:
    """No target, no base, not begun: never a colour."""
    assert status(None, D(5), D(0), EQUAL, NOV1) == "no_plan"
    assert status(D(10), D(5), D(0), EQUAL, NOV1, base_missing=True) == "no_base"
    assert status(D(10), None, D(0), EQUAL, date(2026, 10, 31)) == "not_started"


def test_a_day_without_weight_expects_nothing() -> None:
    """National Day week on a working-day curve: 0 expected, 0 is on track, something is ahead."""
    curve = curves.workdays(date(2026, 10, 1), date(2026, 10, 31))
    assert status(D(10), D(0), D(0), curve, date(2026, 10, 3)) == "on_track"
    assert status(D(10), D(1), D(0), curve, date(2026, 10, 3)) == "ahead"


def test_band() -> None:
    """2 to 5 万: its ends belong to it; an open end never judges."""
    low, high = D(20000), D(50000)
    assert [band(D(v), low, high) for v in (19999, 20000, 50000, 50001)] == ["below", "inside", "inside", "above"]
    assert band(D(1), None, high) == "inside"
    assert band(D(1), None, None) == "no_plan"
    assert band(None, low, high) == "no_actual"


@given(
    st.decimals(0, 10**7, places=2), st.decimals(0, 10**7, places=2), st.integers(0, 35), st.sampled_from(("up", "down")),
    st.sampled_from((EQUAL, BURST)),
)  # fmt: skip
def test_needed_days_add_up_and_every_word_is_known(
    target: D, actual: D, after: int, direction: str, curve: curves.Curve
) -> None:
    """By-day needs add up to the rest to the cent, are never negative, and the word is one of WORDS."""
    day = date.fromordinal(NOV1.toordinal() + after)
    found = needed(target, actual, curve, day)
    if found.by_day:
        assert sum(found.by_day.values()) == found.total
        assert min(found.by_day.values()) >= 0
    assert status(target, actual, curves.expected_to_date(target, curve, day), curve, day, direction=direction) in WORDS
