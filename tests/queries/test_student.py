"""Student's t against the printed tables."""

from __future__ import annotations

import pytest

from queries.student import Z80, student


def test_students_t() -> None:
    """The table's 90 % points: 1.533 with 4 degrees, 1.372 with 10, 1.310 with 30."""
    assert [round(student(Z80, n), 3) for n in (4, 10, 30)] == [1.533, 1.372, 1.310]


@pytest.mark.parametrize(("freedom", "even", "sure"), [(3, 1.638, 3.182), (5, 1.476, 2.571), (10, 1.372, 2.228), (30, 1.310, 2.042)])
def test_student(freedom: float, even: float, sure: float) -> None:
    """The printed tables, within 2 %."""
    assert student(1.2815516, freedom) == pytest.approx(even, rel=0.02)
    assert student(1.9599640, freedom) == pytest.approx(sure, rel=0.02)
