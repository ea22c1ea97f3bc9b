"""场次对比: two or more sessions on one axis, minutes since each one's start."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import charts_together, curves_live, data, panels, wall_rows
from dashboard.axes import Finished
from dashboard.charts_together import MOST, Line
from dashboard.choice import choose
from dashboard.columns import Col
from dashboard.format import change
from dashboard.labels import lang, t
from dashboard.panels_live import session_name
from dashboard.panels_session import interactive
from dashboard.parts import heading_tip, label, note
from dashboard.reviews import review
from queries.live.beside import beside
from queries.live.landing import Floats

FIGURES = {"live_sales": "live_sales", "orders": "live_orders", "enters": "live_views", "online": "acu"}
UNITS = {"live_sales": "money", "orders": "count", "enters": "count", "online": "person"}
HOW = ("sum", "per_minute")


def together(row: Any, rows: pd.DataFrame, found: pd.DataFrame) -> None:
    """The chosen session beside others. row: it; rows: live/history, itself first; found: the sessions in the view."""
    heading_tip(t("wall.together"), tip=t("wall.together_tip"))
    known = data.kept("live/known", lambda: _known(found, rows, str(row["currency"])), str(row["session"]), str(row["shop"]), tuple(found["session"]))
    others = [s for s in known if s != str(row["session"])]
    if not others:
        note(t("wall.together_one"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="together_row"):
        figure = choose(t("wall.figure"), "figure", tuple(FIGURES), {f: label(m) for f, m in FIGURES.items()})
        how = choose(t("wall.how"), "how", HOW, {h: t(f"wall.{h}") for h in HOW}) if figure != "online" else "per_minute"
    chosen = _others(others, {s: name for s, (name, _) in known.items()}, rows)
    first = Line(session_name(next(rows.itertuples())), wall_rows.minutes_of(str(row["session"]), (str(row["shop"]),))[0])
    lines = [first, *(Line(known[s][0], wall_rows.minutes_of(s, (known[s][1],))[0]) for s in chosen)]
    of = (str(row["session"]), str(row["shop"]), tuple(chosen), figure, how, lang())
    drawn = data.kept("live/together_lines", lambda: charts_together.value_lines(lines, figure, is_sum=how == "sum"), *of)
    if len(drawn) < 2:
        note(t("wall.together_none") if chosen else t("wall.together_one"))
        return
    money = str(row["currency"])

    def figure_of() -> Finished:
        fig = charts_together.together(
            lines, figure, unit=UNITS[figure], currency=money, lang=lang(), title=label(FIGURES[figure]), is_sum=how == "sum",
            words={"minute": t("live.minute_tick"), "landing": ""},
        )  # fmt: skip
        return Finished(fig)

    alt = t("wall.together_alt", n=len(drawn))
    if interactive():
        panels.chart(data.kept("live/together", figure_of, *of), alt, "live_together")
    else:
        same = {"unit": UNITS[figure], "currency": money, "lang": lang(), "minute": t("live.minute_tick"), "alt": alt}
        st.html(data.kept("live/together_svg", lambda: curves_live.together(drawn, **same), *of))
    if figure != "online":
        sums = data.kept("live/together_sums", lambda: charts_together.value_lines(lines, figure, is_sum=True), *of)
        _table(sums, figure, money, str(row["session"]), of)
    if figure == "live_sales":
        _segments(row, [(first.name, str(row["session"]), str(row["shop"])), *((known[s][0], s, known[s][1]) for s in chosen)], money)


def _segments(row: Any, sessions: list[tuple[str, str, str]], money: str) -> None:
    """The axis of segments: what was explained in two sessions at least, its sales a minute in each, and against each one's own usual minute."""
    frame = data.kept("live/together_segments", lambda: beside([review(session, (shop,)).parts for _, session, shop in sessions]), tuple(sessions))
    if frame.empty:
        return
    columns = {"name": Col(t("review.segment"))}
    for place, (name, _, _) in enumerate(sessions):
        if f"rate_{place}" in frame:
            columns[f"rate_{place}"] = Col(name, "money", money)
            columns[f"lift_{place}"] = Col(t("wall.lift_of", name=name.split(" ")[0]), "rate", tone="change")
    panels.table(frame, columns, f"live_segments_together_{row['session']}", title=t("wall.segments"), note=t("wall.segments_note"), of=tuple(sessions))


def _known(found: pd.DataFrame, rows: pd.DataFrame, currency: str) -> dict[str, tuple[str, str]]:
    """Name and shop of every session with this currency, by its id."""
    return {str(r.session): (session_name(r), str(r.shop)) for frame in (found, rows) for r in frame.itertuples() if str(r.currency) == currency}


def _others(others: list[str], names: dict[str, str], rows: pd.DataFrame) -> list[str]:
    """Sessions to compare with, kept in the link; the one before this as long as nobody chose."""
    wanted = [s for s in st.query_params.get_all("with") if s in others]
    if not wanted and "with" not in st.query_params:
        wanted = [s for s in (str(s) for s in rows["session"].iloc[1:2]) if s in others]
    key = "together_with"
    st.session_state[key] = wanted[: MOST - 1]
    st.multiselect(t("wall.together_with"), others, key=key, format_func=lambda s: names.get(s, s), max_selections=MOST - 1, on_change=_took, args=(key,))
    return wanted[: MOST - 1]


def _took(key: str) -> None:
    st.query_params["with"] = list(st.session_state[key]) or [""]


def _table(sums: list[tuple[Line, Floats]], figure: str, money: str, session: str, of: Hashable) -> None:
    """What each had by the last minute that all of them reached, and in all; against the first."""
    minute = min(len(values) for _, values in sums)
    lines, base = [], None
    for line, values in sums:
        known = values[:minute][np.isfinite(values[:minute])]
        by_then = float(known[-1]) if len(known) else None
        base = by_then if base is None else base
        lines.append({"name": line.name, "by": by_then, "share": None if line is sums[0][0] else change(by_then, base), "whole": float(np.nanmax(values))})
    unit = UNITS[figure]
    columns = {
        "name": Col(t("wall.session")), "by": Col(t("wall.by_minute", n=minute), unit, money), "share": Col(t("wall.against"), "rate", tone="change"),
        "whole": Col(t("wall.whole"), unit, money),
    }  # fmt: skip
    panels.table(pd.DataFrame(lines), columns, f"live_together_{session}", of=of)
