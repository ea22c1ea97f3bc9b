"""The trend of a series of sessions, worked by hand and on made-up series."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from queries.live.trend import trend

FIRST = datetime(2026, 9, 1, 20)


def weekly(*values: float | None) -> tuple[list[datetime], list[float | None]]:
    return [FIRST + timedelta(weeks=n) for n in range(len(values))], list(values)


def test_a_line_with_one_burst() -> None:
    """100, 110, … 160 with one evening of 900 in it: 10 a week still, of a median of 140: 7.14 %; the line is 100 at the start."""
    found = trend(*weekly(100, 110, 120, 900, 140, 150, 160, 170))
    assert found.word == "up" and found.median == 145 and found.per_week == pytest.approx(10 / 145, abs=1e-9)
    assert found.at(0) == pytest.approx(100) and found.at(49) == pytest.approx(170)


def test_what_cannot_be_told() -> None:
    """Five sessions are few; a session without the figure is not 0; a flat series is steady."""
    assert trend(*weekly(1, 2, 3, 4, 5)).word == "few"
    assert trend(*weekly(100, None, 100, 100, 100, 100, 100)).word == "steady"
    assert trend(*weekly(*[None] * 8)).median is None
    assert trend(*weekly(160, 150, 140, 130, 120, 110, 100)).word == "down"


def test_the_interval_holds_the_true_slope() -> None:
    """200 series of 24 sessions with noise: 80 % intervals hold the slope in 74 to 88 %; without one at most a quarter is called a trend."""
    rng, held, called = np.random.default_rng(3), 0, 0
    at = [FIRST + timedelta(days=int(day)) for day in np.arange(24) * 3.5]
    for _ in range(200):
        base = 100 + 2 * np.arange(24) * 0.5
        found = trend(at, list(base + rng.normal(0, 15, 24)))
        assert found.low is not None and found.high is not None and found.median is not None
        held += found.low <= 2 / found.median <= found.high
        called += trend(at, list(100 + rng.normal(0, 15, 24))).word != "steady"
    print(f"\nheld {held / 200:.1%}, called without one {called / 200:.1%}")
    assert 0.74 <= held / 200 <= 0.88 and called / 200 <= 0.27
