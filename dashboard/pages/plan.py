"""计划: how every line of a plan stands on a day, what comes first, and what is to be done."""

from __future__ import annotations

from dashboard import go, panels, panels_plan, panels_plan_board, panels_plan_node, parts
from dashboard.choice import choose
from dashboard.labels import t
from dashboard.plans import Standing

TABS = ("tree", "board")


def render() -> None:
    """The plan and its day, the chosen line, then one tab; only the chosen tab computes."""
    parts.style()
    found = panels_plan.head()
    if found is None:
        panels_plan.empty()
        return
    with panels.guard():
        panels_plan_node.card(found)
    tab = choose(t("plan.tab"), "view", TABS, {name: t(f"plan.tab_{name}") for name in TABS})
    with panels.guard():
        _tab(tab, found)
    go.listen()


def _tab(tab: str, found: Standing) -> None:
    if tab == "board":
        panels_plan_board.board(found)
        return
    panels_plan.first(found)
    shown = panels_plan.summary(found)
    panels_plan.tree(found, shown)
