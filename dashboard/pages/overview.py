"""经营总览: how yesterday went, why, and what is still missing."""

from __future__ import annotations

import streamlit as st

from dashboard import filters, panels, panels_cards, panels_overview, panels_plan_here, panels_report


def render() -> None:
    """Cards first, then why sales moved, then the trend and the lists."""
    shown = filters.view(note=False)
    with st.container(key="headline", horizontal=True, vertical_alignment="center"):
        filters.days(shown)
        panels.as_of(shown)
        panels_report.button(shown)
    found = panels_cards.answer(shown)
    if not found.cards:
        panels.empty(panels.nothing_in(shown))
    panels_cards.show_cards(found, shown)
    left, trend = st.columns([6, 5], gap="medium")
    with left, panels.guard():
        panels_overview.show_moved(found, shown)
    plan = st.container()
    left, right = st.columns([6, 5], gap="medium")
    with left, panels.guard():
        panels_overview.show_items(shown)
    with right, panels.guard():
        panels_overview.show_channels(shown)
    with panels.guard():
        panels_overview.show_late(found, shown)
    with trend, panels.guard():  # last: a browser waits longest for the code of charts
        panels_overview.show_trend(found, shown)
    with plan, panels.guard():
        panels_plan_here.show("overview", shown)
