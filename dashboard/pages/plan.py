"""计划: how every line of a plan stands on a day, what comes first, and what is to be done."""

from __future__ import annotations

import streamlit as st

from dashboard import (
    access,
    go,
    panels,
    panels_plan,
    panels_plan_board,
    panels_plan_in,
    panels_plan_new,
    panels_plan_node,
    parts,
    plan_export,
)
from dashboard.choice import choose
from dashboard.labels import t
from dashboard.plans import Standing

LOOK = ("tree", "board")
TABS = (*LOOK, *panels_plan_in.TABS)


def render() -> None:
    """The plan and its day, then one tab, with the chosen line above it where plans are looked at."""
    parts.style()
    message = st.session_state.pop("imports_message", None)
    if message:
        st.toast(message, icon=":material/task_alt:")
    found = panels_plan.head()
    if found is None:
        panels_plan.empty()
        if not access.on_phone():
            panels_plan_new.bring()
        return
    plan_export.draw(found)
    names = {name: t(f"plan.tab_{name}" if name in LOOK else f"plan_in.tab_{name}") for name in TABS}
    tab = choose(t("plan.tab"), "view", LOOK if access.on_phone() else TABS, names)
    if tab in LOOK:
        with panels.guard():
            panels_plan_node.card(found)
    with panels.guard():
        _tab(tab, found)
    go.listen()


def _tab(tab: str, found: Standing) -> None:
    if tab in panels_plan_in.TABS:
        panels_plan_in.draw(tab, found.plan, found)
        return
    if tab == "board":
        panels_plan_board.board(found)
        return
    panels_plan.first(found)
    shown = panels_plan.summary(found)
    panels_plan.tree(found, shown)
