"""Charts about the sources themselves; pure functions, DataFrame in, Figure out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from dashboard.axes import layout

LEVELS = {"none": 0, "partial": 1, "full": 2}
COLOURS = ("rgba(217,54,62,.28)", "rgba(217,154,43,.55)", "rgba(26,157,90,.65)")


def coverage_strip(df: pd.DataFrame, first: date, last: date, words: Mapping[str, str]) -> go.Figure:
    """A calendar strip: one line per source, one cell per day from `first` to `last`.

    df: row (the line's name), day, state (full | partial); a day without a row is not covered.
    words: what to call full, partial and none on hover.
    """
    days = pd.date_range(first, last, freq="D")
    level = df.assign(day=pd.to_datetime(df["day"]), level=df["state"].map(LEVELS))
    grid = level.pivot_table(index="row", columns="day", values="level", aggfunc="max").reindex(columns=days)
    grid = grid.fillna(0).where(grid.notna().cummax(axis=1))  # before a source's first day nothing is missing
    by_level = {number: words[name] for name, number in LEVELS.items()}
    text = [["" if pd.isna(value) else by_level[int(value)] for value in line] for line in grid.to_numpy()]
    scale = [[edge, colour] for place, colour in enumerate(COLOURS) for edge in (place / 3, (place + 1) / 3)]
    fig = go.Figure(
        go.Heatmap(
            z=grid.to_numpy(), x=days, y=list(range(len(grid))), text=text, customdata=[[name] * len(days) for name in grid.index],
            zmin=-0.5, zmax=2.5, colorscale=scale, showscale=False, xgap=2, ygap=3,
            hoverongaps=False, hovertemplate="%{customdata}<br>%{x|%Y-%m-%d}: %{text}<extra></extra>",
        )
    )  # fmt: skip
    layout(fig, 70 + 26 * len(grid), False).update_layout(hovermode="closest")
    lines = {"tickvals": list(range(len(grid))), "ticktext": [_short(str(name)) for name in grid.index]}
    fig.update_yaxes(autorange="reversed", automargin=True, tickfont={"size": 11}, **lines)
    fig.update_xaxes(tickformat="%m-%d", showgrid=False)
    return fig


def _short(name: str, most: int = 26) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"
