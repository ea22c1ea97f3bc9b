"""What issued plans ask of each live session, beside what this one came to."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, plans
from dashboard.labels import all_labels, t
from dashboard.panels_plan_here import standing
from dashboard.parts import heading_tip
from queries.plan.covering import asked, covering
from queries.plan.nodes import Node

MARKS = {"inside": "good", "done": "good", "below": "poor", "above": "poor", "missed": "poor"}


def goals(row: Any) -> None:
    """One line per goal of a session; nothing where no issued plan asks anything of sessions. row: the session."""
    lines = goal_lines(row)
    if lines:
        heading_tip(t("review.goals"), tip=t("review.goals_tip"))
        spans = (f'<span>{escape(said)} <em class="db-chip {tone}">{escape(mark)}</em></span>' for said, mark, tone in lines)
        st.html(f'<div class="db-facts">{"".join(spans)}</div>')


def goal_lines(row: Any, with_amounts: bool = True) -> list[tuple[str, str, str]]:
    """What issued plans ask of this session: the goal and what came, a word for it, and good, poor or ''. with_amounts: goals of money too."""
    day, shop = pd.Timestamp(row["day"]).date(), str(row["shop"])
    found = covering(data.ask("plan/covering", **asked("live", day, day)), data.shops(), (shop,), day.replace(day=1), ())
    return [line for cover in found for line in _lines(cover.plan, cover.node, row, with_amounts)]


def _lines(plan: str, name: str, row: Any, with_amounts: bool) -> list[tuple[str, str, str]]:
    """The goal of one plan line; none when it is not about each session, or when another session of the day could be meant."""
    day = pd.Timestamp(row["day"]).date()
    found = standing(plan, (name,), day)
    node, progress = found.node(name), found.progress.get(name)
    listed = progress.details.get("sessions_list", []) if progress else []
    mine = [(value, word) for at, value, word in listed if (at == row["started_at"] if isinstance(at, datetime) else at == day)]
    if node is None or len(mine) != 1 or (not with_amounts and plans.unit_of(node)[0] == "money"):
        return []
    return [_line(node, *mine[0])]


def _line(node: Node, value: Any, word: str) -> tuple[str, str, str]:
    said = node.name if plans.is_blank(node) and not node.text("hours") else t("review.goal", name=node.name, target=plans.target_words(node))
    if value is not None and node.metric:
        said += t("review.goal_value", value=plans.words(node, value))
    key = next((key for key in (f"review.goal_{word}", f"plan.status_{word}") if key in all_labels()), "live.unknown")
    return said, t(key), MARKS.get(word, "")
