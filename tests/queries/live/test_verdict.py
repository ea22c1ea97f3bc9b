"""好 / 一般 / 差 against the account's own last seven sessions."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from queries.live.verdict import FIGURES, judge, verdict

COLUMNS = sorted({c for f in FIGURES for c in (f.top, f.bottom) if c})


def _history(sales: list[float | None], **columns: list[float | None]) -> pd.DataFrame:
    """Sales of the judged session first, then of those before it."""
    blank = {name: [None] * len(sales) for name in COLUMNS}
    return pd.DataFrame({"place": range(len(sales)), **blank, "live_sales": sales, **columns})


def _of(frame: pd.DataFrame, metric: str) -> pd.Series:
    return frame.set_index("metric").loc[metric]


@pytest.mark.parametrize(
    ("value", "expected"), [(110, "good"), (109.9, "fair"), (100, "fair"), (90.1, "fair"), (90, "poor"), (0, "poor")]
)
def test_ten_percent_either_side_of_the_median(value: float, expected: str) -> None:
    """Median 100: 110 and more is good, 90 and less is poor."""
    assert judge(value, 100, 7) == expected


def test_less_is_better_for_refunds() -> None:
    """A refund rate 10 % under the usual is good, 10 % over is poor."""
    assert judge(0.09, 0.10, 7, "down") == "good"
    assert judge(0.11001, 0.10, 7, "down") == "poor"


def test_four_sessions_are_too_few_and_five_are_enough() -> None:
    """Sessions that do not state the figure do not count."""
    assert _of(verdict(_history([200, 100, 100, 100, 100])), "live_sales")["verdict"] == "few"
    assert _of(verdict(_history([200, 100, 100, 100, 100, 100])), "live_sales")["verdict"] == "good"
    row = _of(verdict(_history([200, 100, 100, None, 100, 100, None, None])), "live_sales")
    assert (row["sessions"], row["verdict"]) == (4, "few")


def test_only_the_last_seven_count_and_not_the_session_itself() -> None:
    """Before: 1..7, median 4; an eighth of 1000 is too old; the judged 4.2 is within 10 %."""
    row = _of(verdict(_history([4.2, 1, 2, 3, 4, 5, 6, 7, 1000])), "live_sales")
    assert (row["median"], row["sessions"], row["verdict"]) == (4.0, 7, "fair")


def test_a_missing_figure_is_unknown_rather_than_poor() -> None:
    """No sales stated is not zero sales."""
    row = _of(verdict(_history([None, 1, 1, 1, 1, 1])), "live_sales")
    assert (row["verdict"], math.isnan(row["value"])) == ("unknown", True)


def test_ratios_are_divided_per_session() -> None:
    """Clicks to pay 20/100 against five sessions of 10/100: 0.2 over 0.1, good; one without clicks is left out."""
    clicks: list[float | None] = [100, 100, 100, 100, 100, 100, 0]
    frame = _history([1] * 7, buyers=[20, 10, 10, 10, 10, 10, 0], product_click_users=clicks)
    row = _of(verdict(frame), "click_to_pay_rate")
    assert (row["value"], row["median"], row["sessions"], row["verdict"]) == (0.2, 0.1, 5, "good")


def test_a_median_of_zero_is_not_divided_by() -> None:
    """From nothing to something is good; nothing and nothing is fair; no share is claimed."""
    row = _of(verdict(_history([5, 0, 0, 0, 0, 0])), "live_sales")
    assert (row["verdict"], math.isnan(row["share"])) == ("good", True)
    assert judge(0, 0, 7) == "fair"


def test_an_empty_history_gives_unknown_everywhere() -> None:
    """An unknown session id must not break the page."""
    assert set(verdict(_history([]))["verdict"]) == {"unknown"}
