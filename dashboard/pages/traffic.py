"""流量转化: where visitors come from, how many buy, of what; one shop at a time, since people of two shops never add."""

from __future__ import annotations

import streamlit as st

from dashboard import filters, panels, panels_plan_here, panels_traffic, parts


def render() -> None:
    """Filters, then figures, funnel and hours, sources, items, days."""
    parts.style()
    shown = filters.view()
    one = panels_traffic.focus(shown)
    if one is None:
        panels.empty()
        return
    shop = one.shops[0] if one.shops else ""
    panels.as_of(one)
    with panels.guard():
        panels_traffic.figures(one, shop)
    left, right = st.columns(2)
    with left, panels.guard():
        panels_traffic.funnel(one, shop)
    with right, panels.guard():
        panels_traffic.hours(one, shop)
    plan = st.container()
    with panels.guard():
        panels_traffic.sources(one, shop)
    with panels.guard():
        panels_traffic.items(one, shop)
    with panels.guard():
        panels_traffic.days(one, shop)
    with plan, panels.guard():
        panels_plan_here.show("traffic", one)
