"""Charts of a campaign: its days against the baseline, and this year's event against last year's. Pure: frame in, figure out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from dashboard.axes import FAINT, GREY, PALETTE, PLAN, axis, layout, shaded, unit_title
from dashboard.format import exact, is_missing

EVENT = "rgba(59,120,231,.09)"


def course(
    days: pd.DataFrame, *, event: tuple[date, date], names: Mapping[str, str], currency: str, lang: str = "zh", height: int = 280
) -> go.Figure:
    """Sales as bars (grey before and after, blue in the event), the baseline as a line. days: day, sales, baseline; names: sales, baseline, event."""
    at = pd.to_datetime(days["day"])
    fig = go.Figure()
    colours = [PALETTE[0] if event[0] <= day <= event[1] else GREY for day in days["day"]]
    fig.add_trace(
        go.Bar(x=at, y=_known(days["sales"]), name=names["sales"], marker_color=colours, showlegend=False, **_hover(days["sales"], names["sales"], currency))
    )
    fig.add_trace(
        go.Scatter(
            x=at, y=_known(days["baseline"]), name=names["baseline"], mode="lines+markers", connectgaps=False, marker={"size": 4},
            line={"color": PLAN, "width": 2}, **_hover(days["baseline"], names["baseline"], currency),
        )
    )  # fmt: skip
    shaded(fig, *event, names["event"], EVENT)
    fig.update_xaxes(showgrid=False, tickformat="%m-%d", hoverformat="%Y-%m-%d")
    return _framed(fig, days[["sales", "baseline"]], currency, lang, height)


def years(rows: pd.DataFrame, *, names: Mapping[str, str], currency: str, lang: str = "zh", height: int = 280) -> go.Figure:
    """Day by day from T-day: this year's sales over last year's. rows: t, day, day_before, sales, sales_before; names: this, before."""
    fig = go.Figure()
    for column, day, colour, dash in (("sales_before", "day_before", GREY, "dot"), ("sales", "day", PALETTE[0], "solid")):
        name = names["this" if column == "sales" else "before"]
        said = [f"{at:%Y-%m-%d} {exact(v, 'money', currency)}" for at, v in zip(rows[day], rows[column], strict=True)]
        fig.add_trace(
            go.Scatter(
                x=rows["t"], y=_known(rows[column]), name=name, mode="lines+markers", connectgaps=False, marker={"size": 5},
                line={"color": colour, "width": 2.2, "dash": dash}, customdata=said, hovertemplate=f"{name} %{{customdata}}<extra></extra>",
            )
        )  # fmt: skip
    low, high = int(rows["t"].min()), int(rows["t"].max())
    step = max(1, (high - low) // 8)
    ticks = sorted({t for t in range(low, high + 1) if t % step == 0} | ({0} if low <= 0 <= high else set()))
    fig.update_xaxes(showgrid=False, tickvals=ticks, ticktext=[f"T{t:+d}" if t else "T" for t in ticks])
    return _framed(fig, rows[["sales", "sales_before"]], currency, lang, height)


def _framed(fig: go.Figure, values: pd.DataFrame, currency: str, lang: str, height: int) -> go.Figure:
    fig.update_yaxes(title=unit_title("", "money", currency, lang), gridcolor=FAINT, zeroline=False, **axis(values.astype(float) * 1.06, "money", currency, lang))
    return layout(fig, height, legend=True)


def _known(values: pd.Series) -> list[float | None]:
    return [None if is_missing(v) else float(v) for v in values]


def _hover(values: pd.Series, name: str, currency: str) -> dict[str, object]:
    return {"customdata": [exact(v, "money", currency) for v in values], "hovertemplate": f"{name} %{{customdata}}<extra></extra>"}
