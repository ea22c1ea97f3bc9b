"""直播: the month, the sessions, and one session minute by minute against its own last seven."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import (
    access,
    filters,
    panels,
    panels_flash,
    panels_goals,
    panels_live,
    panels_onair,
    panels_phone,
    panels_plan_here,
    panels_review,
    panels_script,
    panels_script_edit,
    panels_series,
    panels_session,
    panels_together,
    panels_wall,
    parts,
    review_out,
)
from dashboard.export_menu import gathered
from dashboard.format import range_label
from dashboard.labels import lang, t
from dashboard.reviews import Review, review


def render() -> None:
    """Filters, figures, calendar and list, then the chosen session; the wall alone where the link asks for it."""
    if panels_wall.is_wanted():
        panels_wall.show()
        return
    parts.style()
    shown = filters.view()
    with st.container(key="headline", horizontal=True, vertical_alignment="center"):
        panels.as_of(shown)
        if not access.on_phone():
            st.link_button(t("onair.open"), "/onair", icon=":material/sensors:")
            panels_script_edit.button(shown.shops)
            panels_flash.button(shown.shops)
        st.link_button(t("wall.open"), "/live?wall=1", icon=":material/tv:")
        panels_phone.popover()
    message = st.session_state.pop("imports_message", "")
    if message:
        st.toast(message, icon=":material/task_alt:")
    with panels.guard():
        panels_live.figures(shown)
    with panels.guard():
        found = panels_live.sessions(shown)
        if found.empty:
            panels.empty(t("live.empty", range=range_label(shown.day_from, shown.day_to, lang(), shown.today.year)))
    with panels.guard():
        panels_plan_here.show("live", shown)
    with panels.guard():
        panels_live.calendar(shown)
    with panels.guard():
        _session(found, shown.shops)


def _session(found: pd.DataFrame, shops: tuple[str, ...] | None) -> None:
    session = panels_live.chosen(found, shops)
    if session is None:
        return
    rows = panels_session.history(session, shops)
    if rows.empty:
        panels.empty(t("live.gone"))
        return
    row = rows.iloc[0]
    shop = (str(row["shop"]),)
    panels_session.head(row)
    reviewed = review(session, shop)
    with gathered(review_out.draw(row, rows, reviewed), "live_review"):
        _panels(row, rows, found, reviewed)


def _panels(row: pd.Series, rows: pd.DataFrame, found: pd.DataFrame, reviewed: Review) -> None:
    """All that is said of one session."""
    shop = (str(row["shop"]),)
    with panels.guard():
        panels_flash.show(rows, shop)
    left, right = st.columns(2)
    with left, panels.guard():
        panels_session.marks(rows)
    with right, panels.guard():
        panels_session.five_counts(row)
        panels_session.channels(row, shop)
        panels_review.natural_paid(row, shop)
    _reviewed(row, shop, reviewed)
    with panels.guard():
        panels_review.cost(row, rows, reviewed)
    with panels.guard():
        panels_session.items(row, shop)
    with panels.guard():
        panels_together.together(row, rows, found)
    with panels.guard():
        panels_series.show(row)


def _reviewed(row: pd.Series, shop: tuple[str, ...], reviewed: Review) -> None:
    """Minute by minute, the sheet against what happened, segments, what to do next, goals."""
    with panels.guard():
        panels_session.minutes(row, shop, reviewed)
    with panels.guard():
        panels_script.show(row, shop, reviewed)
    with panels.guard():
        panels_onair.logged(row, shop)
    with panels.guard():
        panels_review.segments(row, reviewed)
        panels_review.on_air(row, reviewed)
    with panels.guard():
        panels_review.repeat_or_drop(row, reviewed)
    with panels.guard():
        panels_goals.goals(row)
