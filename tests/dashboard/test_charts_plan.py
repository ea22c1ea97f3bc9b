"""The plan's charts as functions: frames in, figures out."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from dashboard.axes import GREY, PALETTE, PLAN
from dashboard.charts_plan import band_bars, course

NAMES = {name: name for name in ("so_far", "expected", "mid", "range", "today", "target")}
BAND = {"value": "v", "band": "2-5", "mean": "mean"}
FIRST = date(2026, 11, 1)


def days(so_far: list[float | None], **more: list[float | None]) -> pd.DataFrame:
    """Four days; what is not given is not known."""
    known = {
        "so_far": so_far,
        "expected": [10, 20, 30, 40],
        "low": [None] * 4,
        "mid": [None] * 4,
        "high": [None] * 4,
        **more,
    }
    return pd.DataFrame({"day": [FIRST + timedelta(days=n) for n in range(4)], **known})


def test_the_course_keeps_its_gaps() -> None:
    """A day that is not known is a gap in the line, and nothing is drawn beyond the last one."""
    fig = course(days([8, None, 25, None]), today=FIRST, names=NAMES, unit="money", currency="CNY")
    line = next(trace for trace in fig.data if trace.name == "so_far")
    assert line.line.shape is None
    assert list(line.y) == [8, None, 25, None]
    assert line.connectgaps is False
    assert [trace.name for trace in fig.data] == ["expected", "so_far"]


def test_typed_amounts_are_steps() -> None:
    """What stood until the next typed amount did not grow meanwhile."""
    fig = course(days([8, 8, 25, None]), today=FIRST, names=NAMES, unit="count", is_typed=True)
    assert {trace.name: trace.line.shape for trace in fig.data} == {"expected": None, "so_far": "hv"}


def test_the_range_lies_between_its_ends() -> None:
    """Two edges filled between, the forecast dotted, from the last known day on."""
    frame = days([8, 18, None, None], low=[None, 18, 22, 30], mid=[None, 18, 26, 36], high=[None, 18, 30, 44])
    fig = course(frame, today=FIRST + timedelta(days=1), names=NAMES, unit="count", target=40.0)
    upper, lower = fig.data[0], fig.data[1]
    assert (list(upper.y)[-1], list(lower.y)[-1], lower.fill) == (44, 30, "tonexty")
    assert {"target", "today"} == {note.text for note in fig.layout.annotations}
    assert fig.layout.yaxis.range[0] == 0 and fig.layout.yaxis.range[1] >= 44


def test_no_target_draws_no_line_and_a_day_outside_no_mark() -> None:
    """A blank target is not a line at zero; a day after the period has no mark."""
    frame = days([8, 9, 10, 12], expected=[None] * 4)
    fig = course(frame, today=date(2026, 12, 24), names=NAMES, unit="count")
    assert not fig.layout.shapes and not fig.layout.annotations
    assert [trace.name for trace in fig.data] == ["so_far"]


def test_too_many_days_are_refused() -> None:
    """Longer series are thinned out before."""
    frame = pd.concat([days([1, 2, 3, 4])] * 501)
    with pytest.raises(ValueError, match="2004 days"):
        course(frame, today=FIRST, names=NAMES, unit="count")


def test_periods_outside_the_band_are_amber_and_the_running_one_grey() -> None:
    """1.5 below, 3 inside, 6 above 2-5, the fourth still runs; the fifth is not known and has no bar."""
    frame = pd.DataFrame({
        "label": ["1", "2", "3", "4", "5"], "value": [1.5, 3.0, 6.0, 1.0, None],
        "word": ["below", "inside", "above", "running", "no_actual"],
    })  # fmt: skip
    fig = band_bars(frame, names=BAND, unit="money", currency="CNY", low=2.0, high=5.0, mean=3.5)
    assert list(fig.data[0].marker.color) == [PLAN, PALETTE[0], PLAN, GREY, GREY]
    assert list(fig.data[0].y) == [1.5, 3.0, 6.0, 1.0, None]
    band, mean = fig.layout.shapes
    assert (band.y0, band.y1, mean.y0) == (2.0, 5.0, 3.5)


def test_an_open_end_shades_to_the_top() -> None:
    """At least 2: everything above is inside."""
    frame = pd.DataFrame({"label": ["1"], "value": [3.0], "word": ["inside"]})
    fig = band_bars(frame, names=BAND, unit="count", low=2.0)
    assert (fig.layout.shapes[0].y0, fig.layout.shapes[0].y1) == (2.0, fig.layout.yaxis.range[1])
