"""Charts say the unit, leave gaps for missing days and start bars at zero."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from dashboard import charts
from dashboard.axes import Finished, axis

DAYS = pd.DataFrame({"day": [date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 4)], "sales": [100.0, None, 300.0]})


def test_missing_days_are_gaps() -> None:
    """3 November has no row and 2 November no value: both are gaps, neither is zero."""
    fig = charts.daily(DAYS, y="sales", unit="money", currency="CNY", name="支付金额")
    assert list(fig.data[0].y) == [100.0, None, None, 300.0]
    assert fig.data[0].connectgaps is False
    assert fig.layout.yaxis.title.text == "支付金额（CNY）"


def test_ticks_start_at_zero_and_read_in_wan() -> None:
    """0, 5万, 10万, 15万 for a largest value of 12万."""
    got = axis(pd.DataFrame({"v": [120000.0, None]}), "money", "CNY", "zh")
    assert got["ticktext"] == ["¥0", "¥5万", "¥10万", "¥15万"]
    assert got["range"] == [0, 150000]


def test_counts_have_no_half_ticks() -> None:
    """Two orders are not drawn on an axis with 0.5 orders."""
    assert axis(pd.DataFrame({"v": [2.0]}), "count", None, "zh")["tickvals"] == [0, 1, 2]


def test_negative_values_reach_below_zero() -> None:
    """The axis holds the lowest value."""
    low, high = axis(pd.DataFrame({"v": [-30.0, 50.0]}), "money", "CNY", "zh")["range"]
    assert low <= -30 and high >= 50


def test_missing_plan_draws_no_tick() -> None:
    """A NULL plan is not a plan of zero."""
    frame = pd.DataFrame({"shop": ["a", "b"], "actual": [10.0, 20.0], "plan": [12.0, None]})
    fig = charts.plan_vs_actual(frame, by="shop", actual="actual", plan="plan", unit="money", currency="CNY")
    assert list(fig.data[1].x) == [12.0, None]
    assert list(fig.data[0].x) == [10.0, 20.0]


def test_steps_end_where_the_parts_lead() -> None:
    """100 - 30 + 50 ends at 120."""
    frame = pd.DataFrame({"part": ["访客", "转化"], "effect": [-30.0, 50.0]})
    fig = charts.steps(frame, label="part", value="effect", start=100, unit="money", start_name="a", end_name="b",
                       currency="CNY")  # fmt: skip
    assert fig.data[0].customdata[-1] == "¥120.00"
    assert list(fig.data[0].measure) == ["absolute", "relative", "relative", "total"]


def test_too_many_points_are_refused() -> None:
    """A curve is thinned out in SQL, not in the browser."""
    frame = pd.DataFrame({"x": range(2001), "y": range(2001)})
    with pytest.raises(ValueError, match="2000"):
        charts.curve(frame, x="x", ys={"y": "y"}, unit="count")


def test_empty_and_one_row() -> None:
    """A chart of nothing or of one point is still a chart."""
    assert charts.daily(DAYS.head(0), y="sales", unit="money").data[0].y is not None
    assert list(charts.daily(DAYS.head(1), y="sales", unit="money").data[0].y) == [100.0]
    assert charts.bars(DAYS.head(0), by="day", value="sales", unit="money").layout.height == 120


def test_a_finished_figure_is_written_once_and_alike() -> None:
    """What is sent to a browser is what the figure itself would send, and no run makes it again."""
    fig = charts.daily(DAYS, y="sales", unit="money", currency="CNY", name="支付金额")
    finished = Finished(fig)
    assert finished.to_dict() is finished.to_dict()
    assert finished.to_json() == fig.to_json()
