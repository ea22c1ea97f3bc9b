"""The minute curve: minutes since the start, the clock beneath, gaps where nothing was reported."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from dashboard.charts_live import every_minute, minute_curve

START = datetime(2026, 11, 11, 23, 50, 11)
NAMES = {
    "online": "在线", "enters": "进入", "leaves": "离开", "product_click_users": "点击", "orders": "订单", "live_sales": "成交",
}  # fmt: skip
WORDS = {"minute": "{n}分", "next_day": "+{n}天", "midnight": "零点"}


def _minutes(minutes: list[int], **columns: list[float | None]) -> pd.DataFrame:
    blank = {name: [None] * len(minutes) for name in NAMES}
    return pd.DataFrame({"minute": minutes, **blank, **columns}).astype(dict.fromkeys(NAMES, "float64"))


def test_missing_minutes_are_gaps() -> None:
    """Minutes 0, 1 and 4 were reported: 2 and 3 are there without a value, and lines do not bridge them."""
    frame = _minutes([0, 1, 4], online=[5, 6, 7])
    whole = every_minute(frame)
    assert whole["minute"].tolist() == [0, 1, 2, 3, 4]
    assert whole["online"].isna().tolist() == [False, False, True, True, False]
    line = minute_curve(frame, started_at=START, names=NAMES, words=WORDS).data[0]
    assert list(line.y) == [5, 6, None, None, 7]
    assert line.connectgaps is False


def test_five_minute_steps_are_not_gaps() -> None:
    """A report in steps of five minutes has no missing minutes between them."""
    assert len(every_minute(_minutes([0, 5, 10]))) == 3


def test_clock_times_go_on_past_midnight() -> None:
    """Started 23:50: minute 20 is 00:10 of the next day, in the ticks and in the hover."""
    frame = _minutes(list(range(41)), online=[1.0] * 41)
    fig = minute_curve(frame, started_at=START, names=NAMES, words=WORDS)
    ticks = dict(zip(fig.layout.xaxis.tickvals, fig.layout.xaxis.ticktext, strict=True))
    assert ticks[0] == "0分<br>23:50"
    assert ticks[20] == "20分<br>00:10 +1天"
    assert fig.data[0].customdata[20].startswith("20分 · +1天 00:10 在线 1")
    assert [a.text for a in fig.layout.annotations] == ["零点"]
    assert fig.layout.annotations[0].x == 10


def test_only_figures_that_exist_get_a_panel() -> None:
    """People alone make one panel; with clicks and sales there are three, bars from zero."""
    frame = _minutes([0, 1], online=[1, 2], enters=[1, 1])
    assert {t.yaxis for t in minute_curve(frame, started_at=START, names=NAMES, words=WORDS).data} == {"y"}
    full = frame.assign(product_click_users=[1, 2], live_sales=[10, 0])
    fig = minute_curve(full, started_at=START, names=NAMES, words=WORDS, currency="CNY")
    assert {t.yaxis for t in fig.data} == {"y", "y2", "y3"}
    assert fig.layout.yaxis3.title.text == "成交（CNY）"
    assert fig.layout.yaxis3.range[0] == 0


def test_nothing_and_one_minute() -> None:
    """An empty session gives an empty figure; one minute is drawn."""
    assert len(minute_curve(_minutes([]), started_at=START, names=NAMES, words=WORDS).data) == 0
    assert list(minute_curve(_minutes([3], online=[9]), started_at=START, names=NAMES, words=WORDS).data[0].x) == [3]
