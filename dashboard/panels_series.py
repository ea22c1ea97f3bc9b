"""Under 场次对比: hosts and time slots with the item mix held equal, and where the room's figures are going."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts_series, data, panels, series
from dashboard.axes import Finished
from dashboard.choice import choose
from dashboard.columns import Col
from dashboard.format import is_missing, pct
from dashboard.labels import lang, t
from dashboard.parts import heading_tip, label, note
from queries.live import equal, trend

METRIC = {"viewers": "live_viewers"}
VIEWS = ("none", "host", "slot", "trend")


def show(row: Any) -> None:
    """A choice of three looks; nothing is computed until one is chosen, since each reads many sessions."""
    heading_tip(t("series.title"), t("series.note", days=series.DAYS), t("series.tip"))
    view = choose(t("series.title"), "series", VIEWS, {name: t(f"series.view_{name}") for name in VIEWS})
    if view in ("host", "slot"):
        _equal(row, view)
    elif view == "trend":
        _trend(row)


def _equal(row: Any, of: str) -> None:
    found, sessions, basis = series.equal(row, of)
    if found.empty:
        note(t(f"series.none_{of}", n=sessions))
        return
    money = str(row["currency"])
    shown = found.assign(
        interval=["" if is_missing(r.low) else f"{pct(r.low)} ~ {pct(r.high)}" for r in found.itertuples()],
        said=[t(f"live.{word}") for word in found["word"]], effect=found["effect"].where(found["word"] != "few"),
    )  # fmt: skip
    columns = {
        "level": Col(t(f"series.{of}")), "sessions": Col(t("series.sessions"), "count"), "minutes": Col(t("series.minutes"), "count"),
        "rate": Col(t("series.rate"), "money", money), "naive": Col(t("series.naive"), "rate", tone="change"),
        "effect": Col(t("series.effect"), "rate", tone="change"), "interval": Col(t("series.interval")), "said": Col(t("review.word")),
    }  # fmt: skip
    key = f"live_equal_{of}_{row['session']}"
    panels.table(shown, columns, key, title=t(f"series.by_{of}"), note=t("series.from", n=sessions) + " · " + t(f"review.basis_{basis}"))
    st.caption(t("series.method", sessions=equal.LEAST_SESSIONS, minutes=f"{equal.LEAST_MINUTES:.0f}", margin=f"{equal.MARGIN:.0%}"))


def _trend(row: Any) -> None:
    told = data.kept("live/trends", lambda: series.trends(row), str(row["session"]), str(row["shop"]))
    if not told:
        note(t("series.none_trend"))
        return
    money = str(row["currency"])
    frame = pd.DataFrame(
        [
            {"figure": _name(name), "unit": series.FIGURES[name], "sessions": one.sessions, "median": one.median, "per_week": one.per_week,
             "interval": "" if one.low is None else f"{pct(one.low)} ~ {pct(one.high)}", "said": t(f"series.word_{one.word}")}
            for name, one in told.items()
        ]
    )  # fmt: skip
    columns = {
        "figure": Col(t("live.figure")), "sessions": Col(t("series.sessions"), "count"), "median": Col(t("live.median"), "by:unit", money),
        "per_week": Col(t("series.per_week"), "rate", tone="change"), "interval": Col(t("series.interval")), "said": Col(t("series.word")),
    }  # fmt: skip
    panels.table(frame, columns, f"live_trend_{row['session']}", title=t("series.by_trend"), note=t("series.trend_note", least=trend.LEAST))
    name = choose(t("live.figure"), "trend", tuple(told), {each: _name(each) for each in told}, as_list=True)

    def drawn() -> Finished:
        words = {"line": t("series.line"), "median": t("live.median")}
        fig = charts_series.course(series.room(row), name, told[name], unit=series.FIGURES[name], currency=money, lang=lang(), title=_name(name), words=words)
        return Finished(fig)

    panels.chart(data.kept("live/trend_chart", drawn, str(row["session"]), str(row["shop"]), name, lang()), t("series.alt", figure=_name(name)), "live_trend")


def _name(figure: str) -> str:
    return label(METRIC.get(figure, figure))
