"""Landing forecasts of simulated evenings, made halfway and held against what came: `pytest -s` prints the figures."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest

from queries.live.landing import FIGURES, LAST, landing
from tests.queries.live.evenings import account

CUTS = (0.25, 0.5, 0.75)
BEFORE = 12  # sessions of an account before the first one that is forecast


def back_test(accounts: int, each: int, is_stated: bool = True) -> pd.DataFrame:
    """figure, cut, inside, error, straight (errors as shares of what came), one row per forecast."""
    rows = []
    for seed in range(accounts):
        evenings = account(seed, BEFORE + each)
        for place in range(BEFORE, BEFORE + each):
            before = evenings[max(place - LAST, 0) : place]
            past = pd.concat([one.minutes.assign(session=str(n)) for n, one in enumerate(before)])
            running = evenings[place]
            for cut in CUTS:
                minute = round(running.planned * cut)
                end = running.planned if is_stated else None
                for row in landing(running.minutes[running.minutes["minute"] < minute], past, minute, end).itertuples():
                    came = float(running.minutes[row.figure].sum())
                    rows.append((row.figure, cut, row.low <= came <= row.high, abs(row.middle / came - 1), abs(row.straight / came - 1)))
    return pd.DataFrame(rows, columns=["figure", "cut", "inside", "error", "straight"])


def report(rows: pd.DataFrame, sessions: int) -> dict[str, float]:
    """Prints, and gives the half-time gain over a straight line per figure."""
    gains: dict[str, float] = defaultdict(float)
    for (figure, cut), one in rows.groupby(["figure", "cut"]):
        gain = 1 - one["error"].mean() / one["straight"].mean()
        print(
            f"\n{sessions} sessions, {figure} at {cut:.0%}: the 80 % band holds {one['inside'].mean():.1%}, mean error {one['error'].mean():.1%}, "
            f"straight line {one['straight'].mean():.1%} ({gain:.0%} less)", end="",
        )  # fmt: skip
        if cut == 0.5:
            gains[str(figure)] = gain
    print(f"\nall: {rows['inside'].mean():.1%}")
    return gains


@pytest.mark.parametrize(("accounts", "each"), [(25, 8), pytest.param(100, 10, marks=pytest.mark.slow)])
def test_bands_hold_four_in_five_and_half_time_beats_a_straight_line(accounts: int, each: int) -> None:
    """The band covers 75 to 85 % of each figure and of each cut; the half-time error is at least a quarter less."""
    rows = back_test(accounts, each)
    gains = report(rows, accounts * each)
    assert all(0.75 <= covered <= 0.85 for covered in rows.groupby("figure")["inside"].mean())
    assert all(0.75 <= covered <= 0.85 for covered in rows.groupby("cut")["inside"].mean())
    assert min(gains[figure] for figure in FIGURES) >= 0.25


def test_an_end_nobody_stated_widens_the_band() -> None:
    """Lengths that vary by half an hour are part of what is not known: the band still covers."""
    rows = back_test(8, 5, is_stated=False)
    assert 0.70 <= rows["inside"].mean() <= 0.92
    assert np.isfinite(rows["error"]).all()
