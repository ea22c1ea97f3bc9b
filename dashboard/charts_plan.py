"""Charts of a plan's line: its course against the plan, and the periods of a band. Pure: DataFrame in, Figure out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.axes import FAINT, GREY, PALETTE, PLAN, axis, layout, shaded, unit_title
from dashboard.charts import MAX_POINTS
from dashboard.format import exact, fmt, is_missing

RANGE, BAND = "rgba(59,120,231,.16)", "rgba(18,165,148,.13)"
TODAY, MOVING = "rgba(128,136,148,.7)", "rgba(217,154,43,.05)"


def course(
    days: pd.DataFrame, *, today: date, names: Mapping[str, str], unit: str, currency: str | None = None, lang: str = "zh",
    target: float | None = None, is_typed: bool = False, height: int = 300,
) -> go.Figure:  # fmt: skip
    """What came so far as a line, the plan's line to date, the range to the landing, a mark for `today`.

    days: rows of queries/plan/series_of.py (day, so_far, expected, low, mid, high), one per day; a missing value is a gap.
    names: so_far, expected, mid, range, today, target. `target` None draws no target. is_typed: amounts
    typed now and then stand until the next one, as steps. Raises ValueError over 2,000 days.
    """
    if len(days) > MAX_POINTS:
        raise ValueError(f"{len(days)} days in one line; give at most {MAX_POINTS}")
    fig = go.Figure()
    at = pd.to_datetime(days["day"])
    if days["low"].notna().any():
        fig.add_trace(_edge(at, days["high"]))
        fig.add_trace(_edge(at, days["low"], fill=True, name=names["range"]))
    for column, colour, dash in (
        ("expected", PLAN, "dash"),
        ("mid", PALETTE[0], "dot"),
        ("so_far", PALETTE[0], "solid"),
    ):
        if days[column].notna().any():
            fig.add_trace(_line(at, days[column], names[column], unit, currency, colour, dash))
    if is_typed:
        fig.update_traces(line_shape="hv", selector={"name": names["so_far"]})
    _mark(fig, at, today, names["today"])
    if target is not None:
        fig.add_hline(y=target, line={"color": PLAN, "width": 1}, opacity=0.7)
        _say(fig, target, names["target"], x=0, xanchor="left", yanchor="bottom")
    values = days[["so_far", "expected", "low", "mid", "high"]].assign(target=target).astype(float) * 1.04
    fig.update_yaxes(
        title=unit_title("", unit, currency, lang),
        gridcolor=FAINT,
        zeroline=False,
        **axis(values, unit, currency, lang),
    )
    fig.update_xaxes(showgrid=False, tickformat="%m-%d", hoverformat="%Y-%m-%d")
    return layout(fig, height, legend=True)


def moving(fig: go.Figure, first: date, last: date, said: str) -> go.Figure:
    """Shade the days whose figures are still moving, with the word over them."""
    return shaded(fig, first, last, said, MOVING)


def band_bars(
    periods: pd.DataFrame, *, names: Mapping[str, str], unit: str, currency: str | None = None, lang: str = "zh",
    low: float | None = None, high: float | None = None, mean: float | None = None, height: int = 260,
) -> go.Figure:  # fmt: skip
    """Periods as bars over the shaded band, the mean of the whole ones as a line.

    periods: label, value, word (inside, above, below, running, no_actual), in order; a missing value draws no bar. Bars
    outside the band are amber, the running period is grey. names: value, band, mean. An open end shades to the top or 0.
    """
    fig = go.Figure(_period_bars(periods, names["value"], unit, currency, lang))
    values = pd.DataFrame({"value": [*periods["value"], low, high, mean]}).astype(float)
    settings = axis(values * 1.08, unit, currency, lang)  # room for the numbers over the bars
    if low is not None or high is not None:
        top = settings["range"][1] if high is None else high
        fig.add_hrect(y0=low or 0, y1=top, fillcolor=BAND, line_width=0, layer="below")
        _say(fig, top, names["band"], x=1, xanchor="right", yanchor="top")
    if mean is not None:
        fig.add_hline(y=mean, line={"color": PALETTE[1], "width": 2, "dash": "dash"})
        _say(fig, mean, names["mean"], x=0, xanchor="left", yanchor="bottom")
    fig.update_yaxes(title=unit_title("", unit, currency, lang), gridcolor=FAINT, zeroline=False, **settings)
    fig.update_xaxes(showgrid=False, type="category", nticks=13, tickangle=0)
    return layout(fig, height, legend=False).update_layout(bargap=0.35)


def _period_bars(periods: pd.DataFrame, name: str, unit: str, currency: str | None, lang: str) -> go.Bar:
    colours = {"inside": PALETTE[0], "above": PLAN, "below": PLAN}
    return go.Bar(
        x=periods["label"].astype(str), y=[None if is_missing(v) else float(v) for v in periods["value"]],
        marker_color=[colours.get(word, GREY) for word in periods["word"]], name=name,
        customdata=[exact(v, unit, currency) for v in periods["value"]], hovertemplate="%{x}<br>%{customdata}<extra></extra>",
        text=[fmt(v, unit, currency, lang) for v in periods["value"]] if len(periods) <= 12 else None,
        textposition="outside", cliponaxis=False,
    )  # fmt: skip


def _say(fig: go.Figure, y: float, text: str, **place: Any) -> None:
    """A small remark at a height, over the left or right edge."""
    fig.add_annotation(xref="paper", y=y, text=text, showarrow=False, font={"size": 11}, **place)


def _line(
    at: pd.Series, values: pd.Series, name: str, unit: str, currency: str | None, colour: str, dash: str
) -> go.Scatter:
    known = [None if is_missing(v) else float(v) for v in values]
    lone = dash == "solid" and len(known) <= 45  # a day between two gaps would not be seen without a dot
    return go.Scatter(
        x=at, y=known, name=name, mode="lines+markers" if lone else "lines", connectgaps=False, marker={"size": 5},
        line={"color": colour, "width": 2.4 if dash == "solid" else 1.6, "dash": dash},
        customdata=[exact(v, unit, currency) for v in values], hovertemplate=f"{name} %{{customdata}}<extra></extra>",
    )  # fmt: skip


def _edge(at: pd.Series, values: pd.Series, *, fill: bool = False, name: str = "") -> go.Scatter:
    known = [None if is_missing(v) else float(v) for v in values]
    more: dict[str, Any] = {"fill": "tonexty", "fillcolor": RANGE} if fill else {"showlegend": False}
    return go.Scatter(x=at, y=known, name=name, mode="lines", line={"width": 0}, hoverinfo="skip", **more)


def _mark(fig: go.Figure, at: pd.Series, today: date, said: str) -> None:
    """The chosen day, when it lies in the period."""
    if len(at) and at.iloc[0].date() <= today <= at.iloc[-1].date():
        fig.add_vline(x=pd.Timestamp(today), line={"color": TODAY, "width": 1, "dash": "dot"})
        late = today > at.iloc[0].date() + timedelta(days=len(at) * 2 // 3)
        fig.add_annotation(
            x=pd.Timestamp(today), y=0, yref="paper", text=said, showarrow=False, font={"size": 11}, yanchor="bottom",
            xanchor="right" if late else "left",
        )  # fmt: skip
