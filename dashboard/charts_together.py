"""Sessions on one axis, minutes since each one's start: pure functions, DataFrame in, Figure out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.axes import FAINT, GREY, PALETTE, axis, layout, unit_title
from dashboard.format import exact
from queries.live.landing import Floats, per_minute

MOST = 6
Landing = tuple[int, float, float, float]
SMOOTH = 5  # minutes that a per-minute line is the mean of


@dataclass(frozen=True)
class Line:
    """A session's minutes; `is_usual`: drawn grey and dotted, as what is usual."""

    name: str
    frame: pd.DataFrame
    is_usual: bool = False


def value_lines(lines: Sequence[Line], figure: str, *, is_sum: bool) -> list[tuple[Line, Floats]]:
    """Per minute since the start: the sum so far, or the mean of five minutes (the level, for people online).

    Minutes that nobody reported stay gaps; a sum goes on after one with what is known.
    """
    found = []
    for line in lines:
        values = per_minute(line.frame, figure)
        if values is None:
            continue
        shown = np.nancumsum(values) if is_sum else pd.Series(values).rolling(SMOOTH, min_periods=1).mean().to_numpy()
        found.append((line, np.where(np.isfinite(values), shown, np.nan)))
    return found


def together(
    lines: Sequence[Line], figure: str, *, unit: str, currency: str | None, lang: str, title: str, words: Mapping[str, str], is_sum: bool = True,
    landing: Landing | None = None, is_public: bool = False,
) -> go.Figure:
    """One line a session. words: minute ("{n}′"), landing; landing: minute, low, middle, high of the end; is_public: no amounts."""  # fmt: skip
    drawn = value_lines(lines, figure, is_sum=is_sum)
    if is_public:
        drawn, landing = _shares(drawn, landing)
        unit, currency = "count", None
    fig, colours = go.Figure(), iter(PALETTE)
    for line, values in drawn:
        hover = [words["minute"].format(n=n) + f" {line.name} " + ("" if is_public else exact(v, unit, currency)) for n, v in enumerate(values)]
        style = {"color": GREY, "width": 2, "dash": "dot"} if line.is_usual else {"color": next(colours), "width": 2.6}
        fig.add_trace(
            go.Scatter(
                x=list(range(1, len(values) + 1)), y=[None if np.isnan(v) else float(v) for v in values], name=line.name, mode="lines", connectgaps=False,
                line=style, customdata=hover, hovertemplate="%{customdata}<extra></extra>",
            )
        )  # fmt: skip
    tops = [float(np.nanmax(values)) for _, values in drawn if np.isfinite(values).any()]
    if landing is not None:
        end, low, middle, high = landing
        text = words["landing"] + ("" if is_public else f" {exact(low, unit, currency)} – {exact(high, unit, currency)}")
        fig.add_trace(
            go.Scatter(
                x=[end], y=[middle], name=words["landing"], mode="markers", marker={"size": 11, "color": PALETTE[0]}, customdata=[text],
                error_y={"type": "data", "symmetric": False, "array": [high - middle], "arrayminus": [middle - low], "width": 8, "color": PALETTE[0]},
                hovertemplate="%{customdata}<extra></extra>",
            )
        )  # fmt: skip
        tops.append(high)
    ticks = axis(pd.DataFrame({"v": tops}), unit, currency, lang)
    fig.update_yaxes(title=unit_title(title, unit, currency, lang), gridcolor=FAINT, zeroline=False, showticklabels=not is_public, **ticks)
    last = max((len(values) for _, values in drawn), default=60)
    step = next((s for s in (10, 15, 30, 60, 120) if s >= last / 8), 240)
    places = list(range(0, last + step, step))
    fig.update_xaxes(showgrid=False, tickvals=places, ticktext=[words["minute"].format(n=n) for n in places])
    return layout(fig, 340, legend=True)


def _shares(drawn: list[tuple[Line, Floats]], landing: Landing | None) -> tuple[list[tuple[Line, Floats]], Landing | None]:
    """The same shape with the greatest value as 100, so that no amount is in the picture."""
    tops = [float(np.nanmax(values)) for _, values in drawn if np.isfinite(values).any()] + ([landing[3]] if landing else [])
    part = 100 / max([*tops, 1e-9])
    shares = [(line, np.asarray(values * part, dtype=np.float64)) for line, values in drawn]
    return shares, None if landing is None else (landing[0], landing[1] * part, landing[2] * part, landing[3] * part)


def usual(past: pd.DataFrame, figure: str) -> pd.DataFrame:
    """minute and the figure of a session whose sum so far is, at every minute, the median of the past ones; one that has ended keeps its sum.

    It ends where fewer than half of them were still on air.
    """
    sums = [np.nancumsum(v) for _, one in past.groupby("session", sort=False) if (v := per_minute(one, figure)) is not None] if len(past) else []
    if not sums:
        return pd.DataFrame({"minute": [], figure: []})
    last = int(np.median([len(s) for s in sums]))
    medians = np.array([np.median([s[min(n, len(s) - 1)] for s in sums]) for n in range(last)])
    return pd.DataFrame({"minute": range(last), figure: np.diff(medians, prepend=0.0)})


def best(past: pd.DataFrame, figure: str) -> pd.DataFrame:
    """The minutes of the past session that came to most."""
    sums = past.groupby("session", sort=False)[figure].sum(min_count=1).dropna() if len(past) else pd.Series(dtype=float)
    return past[past["session"] == sums.astype(float).idxmax()] if len(sums) else past
