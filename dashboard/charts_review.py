"""What happened on air, drawn on the minute curve: segments as bands, moments as marks. Pure: figure in, figure out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

TINTS = {"good": "rgba(59,120,231,.13)", "poor": "rgba(217,154,43,.17)"}
EDGE = "rgba(128,136,148,.45)"
NARROW = 0.08  # share of the curve under which a band has no room for its name


@dataclass(frozen=True)
class Band:
    """A segment: minutes first to last inclusive, its verdict, a short name over it and whether it was inferred."""

    first: int
    last: int
    word: str
    name: str
    is_inferred: bool


@dataclass(frozen=True)
class Mark:
    """A moment: minute, and what the hover says."""

    minute: int
    text: str


def drawn_on(fig: go.Figure, bands: Sequence[Band], marks: Sequence[Mark], marks_name: str) -> go.Figure:
    """The minute curve with bands behind all its panels (dashed edges: inferred) and marks along its top."""
    shapes = [shape.to_plotly_json() for shape in fig.layout.shapes]
    for band in bands:
        edges = {"color": EDGE, "width": 1, "dash": "dash" if band.is_inferred else "solid"}
        span = {"type": "rect", "xref": "x", "yref": "paper", "x0": band.first - 0.5, "x1": band.last + 0.5, "y0": 0, "y1": 1, "layer": "below"}
        if band.word in TINTS:
            shapes.append(span | {"fillcolor": TINTS[band.word], "line": {"width": 0}})
        if band.first > 0:
            shapes.append({"type": "line", "xref": "x", "yref": "paper", "x0": band.first - 0.5, "x1": band.first - 0.5, "y0": 0, "y1": 1,
                           "line": edges, "layer": "below"})  # fmt: skip
    whole = max((band.last for band in bands), default=0) + 1
    named = [band for band in bands if band.name and band.last + 1 - band.first >= NARROW * whole]
    notes = [note.to_plotly_json() for note in fig.layout.annotations]
    notes += [
        {"x": (band.first + band.last) / 2, "y": 1, "xref": "x", "yref": "paper", "text": band.name, "showarrow": False,
         "font": {"size": 10}, "yanchor": "top", "opacity": 0.8}
        for band in named
    ]  # fmt: skip
    fig.update_layout(shapes=shapes, annotations=notes)
    if marks:
        fig.add_trace(
            go.Scatter(
                x=[mark.minute for mark in marks], y=[_top(fig)] * len(marks), mode="markers", name=marks_name,
                customdata=[mark.text for mark in marks], hovertemplate="%{customdata}<extra></extra>",
                marker={"symbol": "triangle-down", "size": 10, "color": "#8b5cf6"}, xaxis="x", yaxis="y",
            )
        )  # fmt: skip
    return fig


def _top(fig: go.Figure) -> float:
    """The greatest value of the first panel."""
    first = [trace for trace in fig.data if (trace.yaxis or "y") == "y"]
    return max((float(v) for trace in first for v in trace.y if v is not None), default=1.0)
