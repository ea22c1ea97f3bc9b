"""Axes and frame shared by all charts: the palette, nice ticks in 万, titles that carry the unit."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.format import fmt, is_missing

PALETTE = ("#3b78e7", "#12a594", "#e5793b", "#8e6bd8", "#c9981a", "#4fa8d8", "#c2557a", "#7a8594")
GREY, PLAN = "#98a1ad", "#d99a2b"
RED, GREEN = "#d9363e", "#1a9d5a"
FAINT = "rgba(128,136,148,.18)"


class Finished(go.Figure):  # type: ignore[misc]  # plotly has no types
    """A figure that several runs show: written out once, where a figure is copied and encoded in every run.

    Never change one: it would still show what it was made from.
    """

    def __init__(self, figure: go.Figure) -> None:
        super().__init__(figure)
        self._written: dict[str, Any] = figure.to_dict()

    def to_dict(self) -> dict[str, Any]:
        """The same dictionary every time."""
        return self._written


def axis(values: pd.DataFrame, unit: str, currency: str | None, lang: str) -> dict[str, Any]:
    """Ticks from zero up to the largest value, written as on the cards (12.3万)."""
    numbers = [float(v) for v in values.to_numpy().ravel() if not is_missing(v)]
    top, low = max([0.0, *numbers]), min([0.0, *numbers])
    if top == low:
        top = 1.0
    step = _nice((top - low) / 4)
    if unit in ("count", "person"):
        step = max(step, 1.0)
    first = math.floor(low / step)
    ticks = [round(first * step + i * step, 10) for i in range(math.ceil(top / step) - first + 1)]
    return {
        "tickvals": ticks, "ticktext": [_tick(v, unit, currency, lang) for v in ticks], "range": [ticks[0], ticks[-1]]
    }


def _tick(value: float, unit: str, currency: str | None, lang: str) -> str:
    words = fmt(value, unit, currency, lang)
    for tail in (".00", ".0"):
        for mark in "万亿KMB%":
            words = words.replace(tail + mark, mark)
        if words.endswith(tail):
            words = words[: -len(tail)]
    return words


def _nice(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if step <= m * power * 1.0000001)


def unit_title(title: str, unit: str, currency: str | None, lang: str) -> str | None:
    """The axis title with its unit in brackets, e.g. 支付金额（CNY）; None when neither is known."""
    words = {"person": ("人", "people"), "rate": ("%", "%"), "seconds": ("时长", "time"), "hours": ("小时", "hours")}
    mark = currency if unit == "money" else words[unit][lang == "en"] if unit in words else ""
    bracket = f"（{mark}）" if lang == "zh" else f" ({mark})"
    return f"{title}{bracket}" if title and mark else (title or mark or None)


def shaded(fig: go.Figure, first: date, last: date, said: str, colour: str) -> go.Figure:
    """Shade whole days of an axis of days, with a word over them."""
    half = pd.Timedelta(hours=12)
    fig.add_vrect(
        x0=pd.Timestamp(first) - half, x1=pd.Timestamp(last) + half, fillcolor=colour, line_width=0, layer="below",
        annotation={"text": said, "font": {"size": 11}}, annotation_position="top left",
    )  # fmt: skip
    return fig


def layout(fig: go.Figure, height: int, legend: bool) -> go.Figure:
    """Margins, legend and hover alike on every chart."""
    fig.update_layout(
        height=height, margin={"l": 8, "r": 12, "t": 28 if legend else 12, "b": 8}, hovermode="x unified",
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", showlegend=legend, dragmode=False,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}},
    )
    if fig.data and getattr(fig.data[0], "orientation", None) == "h":
        fig.update_layout(hovermode="closest")
    return fig
