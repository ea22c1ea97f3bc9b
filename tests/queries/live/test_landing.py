"""Landing of a running session on sessions that can be worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from queries.live.landing import landing, needed, per_minute, planned_length


def even(rate: float, minutes: int, **more: object) -> pd.DataFrame:
    return pd.DataFrame({"minute": range(minutes), "live_sales": [rate] * minutes, **more})


def six(minutes: int = 100) -> pd.DataFrame:
    return pd.concat([even(10, minutes, session=str(n)) for n in range(6)])


def test_a_session_at_double_pace_lands_at_double() -> None:
    """Six sessions of 100 minutes at 10 a minute; this one sold 20 a minute for 50: 1,000 and 50 x 20 more."""
    row = landing(even(20, 50), six(), 50, 100).iloc[0]
    assert (row["so_far"], row["median_now"], row["best_now"], row["median_end"], row["straight"]) == (1000, 500, 500, 1000, 2000)
    assert row["word"] == "ok" and row["middle"] == pytest.approx(2000) and row["low"] < 2000 < row["high"]


def test_a_habit_is_followed_where_a_straight_line_is_not() -> None:
    """Sessions that sell 30 a minute in their second half and 10 in the first: 500 at half-time becomes 2,000, not 1,000."""
    past = pd.concat([pd.DataFrame({"session": str(n), "minute": range(100), "live_sales": [10.0] * 50 + [30.0] * 50}) for n in range(6)])
    row = landing(even(10, 50), past, 50, 100).iloc[0]
    assert row["middle"] == pytest.approx(2000) and row["straight"] == 1000


def test_without_enough_to_go_by_there_is_no_forecast() -> None:
    """Four sessions are too few, nine minutes too early, a fifth of the minutes missing are gaps; what was sold is still said."""
    few = landing(even(20, 50), six()[lambda f: f["session"] < "4"], 50, 100).iloc[0]
    early = landing(even(20, 9), six(), 9, 100).iloc[0]
    gaps = landing(even(20, 50)[lambda f: f["minute"] % 5 > 0], six(), 50, 100).iloc[0]
    assert [few["word"], early["word"], gaps["word"]] == ["few", "early", "gaps"]
    assert all(math.isnan(row["middle"]) for row in (few, early, gaps)) and gaps["so_far"] == 800


def test_figures_nobody_states_have_no_row() -> None:
    """A minute file without orders gives no row of orders; without anything there is no row at all."""
    assert landing(even(20, 50, orders=np.nan), six(), 50)["figure"].tolist() == ["live_sales"]
    assert landing(even(1, 0), six(), 0).empty


def test_the_usual_length_and_sessions_that_were_shorter() -> None:
    """The median of 100, 100 and 120 is 100; a session in minute 110 is planned to go on; those that had ended by then keep what they came to: 990, 1,000, 1,100."""
    past = pd.concat([even(10, n, session=str(n)) for n in (99, 100, 120)])
    assert planned_length(past, 50) == 100 and planned_length(past, 110) == 110 and planned_length(past.head(0), 5) == 0
    assert landing(even(20, 110), past, 110).iloc[0]["median_now"] == 1000


def test_rows_of_several_minutes_are_spread() -> None:
    """A report in steps of five: 50 in minutes 0 to 4, nothing told for 5 to 9, 20 in 10 to 14."""
    found = per_minute(pd.DataFrame({"minute": [0, 5, 10], "orders": [50, None, 20]}), "orders")
    assert found is not None and found[:5].tolist() == [10] * 5 and np.isnan(found[5:10]).all() and found[10:].tolist() == [4] * 5


def test_pace_needed() -> None:
    """500 short with 50 minutes left: 10 a minute; reached: 0; no time left: unknown."""
    assert needed(1000, 500, 50) == 10 and needed(1000, 1200, 50) == 0 and math.isnan(needed(1000, 500, 0))
