"""A room's sessions over the weeks: one figure a session, its robust line, its median: pure functions, DataFrame in, Figure out."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.axes import FAINT, GREY, PALETTE, axis, layout, unit_title
from dashboard.format import exact
from queries.live.trend import Trend


def course(found: pd.DataFrame, figure: str, told: Trend, *, unit: str, currency: str | None, lang: str, title: str, words: Mapping[str, str]) -> go.Figure:
    """A point a session. found: rows of live/sessions; words: line, median. A session without the figure is a gap, not 0."""
    shown = found.assign(value=pd.to_numeric(found[figure]).astype(float)).dropna(subset=["value"]).sort_values("started_at")
    fig = go.Figure()
    at = [pd.Timestamp(v).to_pydatetime() for v in shown["started_at"]]
    hover = [f"{when:%m-%d %H:%M} {exact(value, unit, currency)}" for when, value in zip(at, shown["value"], strict=True)]
    fig.add_trace(go.Scatter(x=at, y=shown["value"].tolist(), name=title, mode="lines+markers", line={"color": PALETTE[0], "width": 1.6}, hovertext=hover, hoverinfo="text"))
    if told.per_week is not None and len(at) > 1:
        ends = [at[0], at[-1]]
        line = [told.at((when - at[0]).total_seconds() / 86400) for when in ends]
        fig.add_trace(go.Scatter(x=ends, y=line, name=words["line"], mode="lines", line={"color": PALETTE[2], "width": 2, "dash": "dash"}, hoverinfo="skip"))
    if told.median is not None and at:
        fig.add_trace(go.Scatter(x=[at[0], at[-1]], y=[told.median] * 2, name=words["median"], mode="lines", line={"color": GREY, "width": 1.4, "dash": "dot"}, hoverinfo="skip"))
    fig.update_yaxes(**axis(shown[["value"]], unit, currency, lang), title=unit_title("", unit, currency, lang), gridcolor=FAINT, zeroline=False)
    fig.update_xaxes(tickformat="%m-%d", showgrid=False)
    return layout(fig, 280, legend=True)
