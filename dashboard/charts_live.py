"""The minute curve of a live session: pure functions, DataFrame in, Figure out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.axes import FAINT, PALETTE, axis, layout, unit_title
from dashboard.format import exact, is_missing

PEOPLE = ("online", "enters", "leaves")
COUNTS = ("product_click_users", "orders")
COLOURS = dict(zip((*PEOPLE, *COUNTS, "live_sales"), PALETTE, strict=False))
TICKS = 8


def minute_curve(
    df: pd.DataFrame, *, started_at: datetime, names: Mapping[str, str], words: Mapping[str, str],
    currency: str | None = None, lang: str = "zh",
) -> go.Figure:
    """People, then clicks and orders, then sales, over one axis of minutes since the start with the clock beneath.

    df: rows of live/minutes (minute, online, enters, leaves, product_click_users, orders, live_sales); a minute without
    a row is a gap. names: {column: label}; words: minute ("{n}′"), next_day ("+{n}d"), midnight. Panels without any
    figure are left out; an empty df gives an empty figure.
    """
    frame = every_minute(df)
    panels = groups(frame)
    fig = make_subplots(
        rows=max(len(panels), 1), cols=1, shared_xaxes=True, vertical_spacing=0.06,
        row_heights=([2.0] + [1.0] * (len(panels) - 1)) if len(panels) > 1 else None,
    )
    clock = [hover_clock(started_at, m, words) for m in frame["minute"]]
    for row, group in enumerate(panels, start=1):
        unit = "money" if group == ["live_sales"] else "person" if group[0] in PEOPLE else "count"
        for column in group:
            fig.add_trace(_trace(frame, column, names[column], unit, currency, COLOURS[column], clock), row=row, col=1)
        title = unit_title(names[group[0]] if len(group) == 1 else "", unit, currency, lang)
        fig.update_yaxes(title=title, gridcolor=FAINT, zeroline=False, row=row, col=1,
                         **axis(frame[group], unit, currency, lang))
    told = ticks(frame, started_at, words)
    shown = {"tickvals": [m for m, _ in told], "ticktext": [said.replace("\n", "<br>") for _, said in told]} if told else {}
    span = {"range": [int(frame["minute"].min()) - 0.5, int(frame["minute"].max()) + 0.5]} if told else {}
    fig.update_xaxes(showgrid=False, **shown, **span)
    _midnights(fig, frame, started_at, words)
    layout(fig, 170 + 130 * len(panels), legend=True)
    return fig.update_layout(hovermode="x", hoversubplots="axis")


def groups(frame: pd.DataFrame) -> list[list[str]]:
    """The columns of each panel that have any figure; panels without one are left out."""
    known = [[c for c in group if frame[c].notna().any()] for group in (PEOPLE, COUNTS, ("live_sales",))]
    return [group for group in known if group]


def every_minute(df: pd.DataFrame) -> pd.DataFrame:
    """Rows for every step between the first and the last minute, so that minutes nobody reported are gaps.

    The step is the smallest distance between two minutes of `df`.
    """
    if df.empty:
        return df
    minutes = df["minute"].astype(int)
    step = int(minutes.diff().dropna().min()) if len(df) > 1 else 1
    whole = pd.RangeIndex(int(minutes.min()), int(minutes.max()) + 1, max(step, 1), name="minute")
    return df.assign(minute=minutes).set_index("minute").reindex(whole).reset_index()


def _trace(
    frame: pd.DataFrame, column: str, name: str, unit: str, currency: str | None, colour: str, clock: list[str]
) -> go.Scatter | go.Bar:
    values = [None if is_missing(v) else float(v) for v in frame[column]]
    hover = [f"{at} {name} {exact(v, unit, currency)}" for at, v in zip(clock, frame[column], strict=True)]
    if column in ("live_sales", "orders"):
        return go.Bar(
            x=frame["minute"], y=values, name=name, marker={"color": colour, "line": {"width": 0}}, customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
        )
    return go.Scatter(
        x=frame["minute"], y=values, name=name, mode="lines", connectgaps=False, customdata=hover,
        line={"color": colour, "width": 2.2 if column == "online" else 1.2}, hovertemplate="%{customdata}<extra></extra>",
    )


def _clock(started_at: datetime, minute: int) -> tuple[str, int]:
    """21:03 and the number of days since the start day."""
    at = started_at.replace(second=0) + timedelta(minutes=minute)
    return f"{at:%H:%M}", (at.date() - started_at.date()).days


def hover_clock(started_at: datetime, minute: int, words: Mapping[str, str]) -> str:
    """123′ · +1d 00:10, the words of a minute."""
    at, days = _clock(started_at, minute)
    day = words["next_day"].format(n=days) + " " if days else ""
    return f"{words['minute'].format(n=minute)} · {day}{at}"


def ticks(frame: pd.DataFrame, started_at: datetime, words: Mapping[str, str]) -> list[tuple[int, str]]:
    """Some minutes of the axis with their words: the minute, its clock beneath."""
    if frame.empty:
        return []
    first, last = int(frame["minute"].min()), int(frame["minute"].max())
    width = max(last - first, 1) / TICKS
    step = next((s for s in (5, 10, 15, 30, 60, 120, 180, 240, 480) if s >= width), 60 * math.ceil(width / 60))
    told = []
    for minute in range(math.ceil(first / step) * step, last + 1, step):
        at, days = _clock(started_at, minute)
        told.append((minute, words["minute"].format(n=minute) + f"\n{at}" + (f" {words['next_day'].format(n=days)}" if days else "")))
    return told


def _midnights(fig: go.Figure, frame: pd.DataFrame, started_at: datetime, words: Mapping[str, str]) -> None:
    if frame.empty:
        return
    to_midnight = 1440 - (started_at.hour * 60 + started_at.minute)
    for minute in range(to_midnight, int(frame["minute"].max()) + 1, 1440):
        fig.add_vline(x=minute - 0.5, line={"color": "rgba(128,136,148,.55)", "width": 1, "dash": "dot"})
        fig.add_annotation(
            x=minute, y=1, yref="paper", text=words["midnight"], showarrow=False, font={"size": 11}, xanchor="left",
            yanchor="top",
        )
