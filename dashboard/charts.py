"""Charts as pure functions: a DataFrame in, a plotly Figure out. One palette, one number format, no streamlit here.

Every function takes `unit` and `currency` (as in metrics.toml) and `lang` for ticks and hover. A missing value is a
gap, never a zero; bars start at zero; series longer than 2,000 points are refused (downsample in SQL).
Colours read on dark and light ground; text colours are left to the page's theme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.axes import FAINT, GREEN, GREY, PALETTE, PLAN, RED, axis, layout, unit_title
from dashboard.format import exact, fmt, is_missing

MAX_POINTS = 2000


def daily(
    df: pd.DataFrame,
    *,
    y: str,
    unit: str,
    x: str = "day",
    currency: str | None = None,
    lang: str = "zh",
    name: str = "",
    compare: str | None = None,
    compare_name: str = "",
    plan: str | None = None,
    plan_name: str = "",
    height: int = 260,
) -> go.Figure:
    """One metric by day as a line, the compared period dashed and the plan as a thin amber line.

    df: one row per day; `y`, `compare`, `plan` are columns in `unit` (NaN = gap). Days that are absent become gaps.
    """
    frame = _every_day(df, x)
    fig = go.Figure()
    if compare:
        fig.add_trace(_line(frame, x, compare, compare_name, unit, currency, GREY, dash="dot"))
    if plan:
        fig.add_trace(_line(frame, x, plan, plan_name, unit, currency, PLAN, dash="dash"))
    fig.add_trace(_line(frame, x, y, name, unit, currency, PALETTE[0], dots=len(frame) <= 45))
    columns = [c for c in (y, compare, plan) if c]
    fig.update_xaxes(**_days(frame[x]))
    return _finish(fig, frame[columns], unit, currency, lang, name, height, legend=len(columns) > 1)


def curve(
    df: pd.DataFrame,
    *,
    x: str,
    ys: Mapping[str, str],
    unit: str,
    x_title: str = "",
    currency: str | None = None,
    lang: str = "zh",
    height: int = 260,
    marks: Sequence[tuple[Any, str]] = (),
    faint: Sequence[str] = (),
) -> go.Figure:
    """Several series over one axis (hours, minutes): `ys` is {column: its name}; columns in `faint` are dashed grey.

    df: one row per `x`, in order; values in `unit`. `marks` are (x, text) annotations for campaigns or explain windows.
    """
    fig = go.Figure()
    colours = iter(PALETTE)
    for column, label in ys.items():
        colour = GREY if column in faint else next(colours)
        dash = "dot" if column in faint else "solid"  # few points: a dot each, or one between two gaps would not be seen
        fig.add_trace(_line(df, x, column, label, unit, currency, colour, dash, dots=len(df) <= 45))
    for at, label in marks:
        fig.add_vline(x=at, line={"color": FAINT, "width": 1})
        fig.add_annotation(x=at, y=1, yref="paper", text=label, showarrow=False, font={"size": 11}, yanchor="bottom")
    fig.update_xaxes(title=x_title or None, **_days(df[x]))
    first = next(iter(ys.values()), "")
    title = first if len(ys) == 1 else ""
    return _finish(fig, df[list(ys)], unit, currency, lang, title, height, legend=len(ys) > 1)


def bars(
    df: pd.DataFrame,
    *,
    by: str,
    value: str,
    unit: str,
    currency: str | None = None,
    lang: str = "zh",
    name: str = "",
    compare: str | None = None,
    compare_name: str = "",
    height: int | None = None,
) -> go.Figure:
    """Horizontal bars, the first row on top; `compare` draws a grey tick at the compared value.

    df: one row per `by`, at most about 30; a missing value draws no bar.
    """
    fig = go.Figure(
        go.Bar(
            y=df[by].astype(str), x=_floats(df[value]), orientation="h", marker_color=PALETTE[0], name=name,
            text=[fmt(v, unit, currency, lang) for v in df[value]], textposition="auto", cliponaxis=False,
            customdata=[exact(v, unit, currency) for v in df[value]],
            hovertemplate="%{y}<br>%{customdata}<extra></extra>",
        )
    )
    if compare:
        fig.add_trace(_ticks_at(df, by, compare, compare_name, unit, currency, GREY))
    return _finish_across(fig, df, [c for c in (value, compare) if c], unit, currency, lang, name, height)


def plan_vs_actual(
    df: pd.DataFrame,
    *,
    by: str,
    actual: str,
    plan: str,
    unit: str,
    currency: str | None = None,
    lang: str = "zh",
    name: str = "",
    plan_name: str = "",
    height: int | None = None,
) -> go.Figure:
    """Bars for the actual, an amber tick for the plan.

    df: one row per `by`; `actual` and `plan` in `unit`; a NULL plan draws no tick.
    """
    fig = bars(df, by=by, value=actual, unit=unit, currency=currency, lang=lang, name=name)
    fig.add_trace(_ticks_at(df, by, plan, plan_name, unit, currency, PLAN))
    return _finish_across(fig, df, [actual, plan], unit, currency, lang, name, height)


def stacked(
    df: pd.DataFrame,
    *,
    by: str,
    value: str,
    unit: str,
    x: str = "day",
    currency: str | None = None,
    lang: str = "zh",
    name: str = "",
    height: int = 260,
) -> go.Figure:
    """Stacked bars by day (or another `x`), one colour per `by` in order of size.

    df: one row per (`x`, `by`); only for values that add up (money, counts).
    """
    fig = go.Figure()
    order = df.groupby(by)[value].sum().sort_values(ascending=False).index
    for place, label in enumerate(order):
        part = df[df[by] == label]
        fig.add_trace(
            go.Bar(
                x=part[x], y=_floats(part[value]), name=str(label), marker_color=PALETTE[place % len(PALETTE)],
                customdata=[exact(v, unit, currency) for v in part[value]],
                hovertemplate=f"{label}<br>%{{x}}<br>%{{customdata}}<extra></extra>",
            )
        )
    fig.update_layout(barmode="stack", bargap=0.25)
    fig.update_xaxes(**_days(df[x]))
    totals = df.groupby(x)[[value]].sum()
    return _finish(fig, totals, unit, currency, lang, name, height, legend=len(order) > 1)


def steps(
    df: pd.DataFrame,
    *,
    label: str,
    value: str,
    start: float,
    unit: str,
    start_name: str,
    end_name: str,
    currency: str | None = None,
    lang: str = "zh",
    red_up: bool = True,
    height: int = 260,
) -> go.Figure:
    """A bridge from `start` through signed parts to their sum.

    df: one row per part; `value` is its signed contribution in `unit`.
    """
    parts = [float(v) for v in df[value]]
    up, down = (RED, GREEN) if red_up else (GREEN, RED)
    fig = go.Figure(
        go.Waterfall(
            x=[start_name, *df[label].astype(str), end_name],
            y=[start, *parts, 0], measure=["absolute", *["relative"] * len(parts), "total"],
            text=[fmt(start, unit, currency, lang), *(fmt(v, unit, currency, lang, signed=True) for v in parts),
                  fmt(start + sum(parts), unit, currency, lang)],
            customdata=[exact(v, unit, currency) for v in (start, *parts, start + sum(parts))],
            hovertemplate="%{x}<br>%{customdata}<extra></extra>", textposition="outside", cliponaxis=False,
            increasing={"marker": {"color": up}}, decreasing={"marker": {"color": down}},
            totals={"marker": {"color": GREY}}, connector={"line": {"color": FAINT}},
        )
    )
    running = pd.Series([start, *parts]).cumsum()
    return _finish(fig, pd.DataFrame({"v": running}), unit, currency, lang, "", height, legend=False)


def funnel(
    df: pd.DataFrame, *, stage: str, value: str, unit: str = "person", rate: str | None = None, lang: str = "zh",
    height: int | None = None,
) -> go.Figure:
    """Stages from wide to narrow, each with its count and, in `rate`, the share of the stage before.

    df: one row per stage, in order; a missing count draws no bar and says so in the hover.
    """
    rates = df[rate] if rate else [None] * len(df)
    words = [
        fmt(v, unit, None, lang) + ("" if is_missing(r) else f" · {fmt(r, 'rate')}")
        for v, r in zip(df[value], rates, strict=True)
    ]
    fig = go.Figure(
        go.Bar(
            y=df[stage].astype(str), x=_floats(df[value]), orientation="h", text=words, textposition="auto",
            marker_color=[PALETTE[0]] * len(df), customdata=[exact(v, unit) for v in df[value]], cliponaxis=False,
            hovertemplate="%{y}<br>%{customdata}<extra></extra>",
        )
    )
    return _finish_across(fig, df, [value], unit, None, lang, "", height)


def _every_day(df: pd.DataFrame, x: str) -> pd.DataFrame:
    """Rows for every day between the first and the last, so that a missing day is a gap."""
    if df.empty:
        return df
    frame = df.assign(**{x: pd.to_datetime(df[x])}).set_index(x)
    return frame.reindex(pd.date_range(frame.index.min(), frame.index.max(), name=x)).reset_index()


def _days(values: pd.Series) -> dict[str, Any]:
    """Settings of an axis of days: 11-22 at ticks, never an hour between two days; nothing for other axes."""
    if not pd.api.types.is_datetime64_any_dtype(values) or values.empty:
        return {}
    few = (values.max() - values.min()).days < 7
    return {"tickformat": "%m-%d", "hoverformat": "%Y-%m-%d"} | ({"dtick": 86_400_000} if few else {})


def _floats(values: pd.Series) -> list[float | None]:
    return [None if is_missing(v) else float(v) for v in values]


def _line(
    df: pd.DataFrame, x: str, y: str, name: str, unit: str, currency: str | None, colour: str, dash: str = "solid",
    dots: bool = False,
) -> go.Scatter:
    if len(df) > MAX_POINTS:
        raise ValueError(f"{len(df)} points in one line; downsample to at most {MAX_POINTS} in SQL")
    return go.Scatter(
        x=df[x], y=_floats(df[y]), name=name, mode="lines+markers" if dots else "lines", connectgaps=False,
        line={"color": colour, "width": 2 if dash == "solid" else 1.5, "dash": dash}, marker={"size": 5},
        customdata=[exact(v, unit, currency) for v in df[y]], hovertemplate=f"{name} %{{customdata}}<extra></extra>",
    )


def _ticks_at(
    df: pd.DataFrame, by: str, value: str, name: str, unit: str, currency: str | None, colour: str
) -> go.Scatter:
    return go.Scatter(
        y=df[by].astype(str), x=_floats(df[value]), mode="markers", name=name,
        marker={"symbol": "line-ns", "size": 16, "line": {"width": 3, "color": colour}},
        customdata=[exact(v, unit, currency) for v in df[value]],
        hovertemplate=f"{name} %{{customdata}}<extra></extra>",
    )


def _finish(
    fig: go.Figure, values: pd.DataFrame, unit: str, currency: str | None, lang: str, title: str, height: int,
    legend: bool,
) -> go.Figure:
    fig.update_yaxes(title=unit_title(title, unit, currency, lang), gridcolor=FAINT, zeroline=False,
                     **axis(values, unit, currency, lang))
    fig.update_xaxes(showgrid=False)
    return layout(fig, height, legend)


def _finish_across(
    fig: go.Figure, df: pd.DataFrame, columns: list[str], unit: str, currency: str | None, lang: str, title: str,
    height: int | None,
) -> go.Figure:
    fig.update_xaxes(title=unit_title(title, unit, currency, lang), gridcolor=FAINT, zeroline=False,
                     **axis(df[columns], unit, currency, lang))
    fig.update_yaxes(autorange="reversed", showgrid=False, automargin=True)
    return layout(fig, height or 90 + 30 * max(len(df), 1), len(columns) > 1)
