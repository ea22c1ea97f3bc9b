"""Sessions on one axis: minutes since each one's start."""

from __future__ import annotations

import pandas as pd

from dashboard.charts_together import Line, best, together, usual

WORDS = {"minute": "{n}分", "landing": "落点"}


def session(name: str, sales: list[float | None]) -> pd.DataFrame:
    return pd.DataFrame({"session": name, "minute": range(len(sales)), "live_sales": sales})


def test_sums_go_on_after_a_minute_nobody_reported() -> None:
    """10, missing, 5: the sum is 10, a gap, 15."""
    fig = together([Line("a", session("a", [10, None, 5]))], "live_sales", unit="money", currency="CNY", lang="zh", title="成交", words=WORDS)
    assert list(fig.data[0].y) == [10, None, 15] and list(fig.data[0].x) == [1, 2, 3] and fig.data[0].connectgaps is False


def test_per_minute_is_the_mean_of_five() -> None:
    """0, 0, 0, 0, 10, 10: the last two are 10/5 and 20/5."""
    fig = together([Line("a", session("a", [0, 0, 0, 0, 10, 10]))], "live_sales", unit="money", currency="CNY", lang="zh", title="成交", words=WORDS, is_sum=False)
    assert list(fig.data[0].y)[-2:] == [2, 4]


def test_a_session_without_the_figure_is_left_out() -> None:
    """One of two states sales: one line; none: an empty figure."""
    lines = [Line("a", session("a", [1])), Line("b", session("b", [None]))]
    assert [trace.name for trace in together(lines, "live_sales", unit="money", currency="CNY", lang="zh", title="", words=WORDS).data] == ["a"]
    assert not together(lines, "online", unit="person", currency=None, lang="zh", title="", words=WORDS).data


def test_usual_does_not_fall_when_a_good_session_ends() -> None:
    """18 stays 18 after its two minutes: the median is 8 in every minute, where of those still on air it would fall to 5.5."""
    past = pd.concat([session("a", [9, 9]), session("b", [1, 1, 1]), session("c", [8, 0, 0])])
    assert usual(past, "live_sales")["live_sales"].tolist() == [8, 0, 0]


def test_usual_and_best() -> None:
    """Sums 3, 2, 10 after the second minute: usual 3, best the third; usual ends where half were off air."""
    past = pd.concat([session("a", [1, 2]), session("b", [1, 1]), session("c", [4, 6, 1])])
    assert usual(past, "live_sales")["live_sales"].tolist() == [1, 2]
    assert best(past, "live_sales")["session"].unique().tolist() == ["c"]
    assert usual(past.head(0), "live_sales").empty and best(past.head(0), "live_sales").empty


def test_the_public_picture_is_the_same_shape_out_of_100() -> None:
    """Sums 1, 2 and a landing at 4: 25, 50 and 100."""
    fig = together([Line("a", session("a", [1, 1]))], "live_sales", unit="money", currency="CNY", lang="zh", title="成交", words=WORDS,
                   landing=(9, 2, 3, 4), is_public=True)  # fmt: skip
    assert list(fig.data[0].y) == [25, 50] and fig.data[1].y[0] == 75 and fig.data[1].error_y.array[0] == 25
    assert "¥" not in fig.to_json() and not fig.layout.yaxis.showticklabels
