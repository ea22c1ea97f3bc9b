"""The plan page from above: which plan and day, how its lines stand in words and counts, what comes first, the tree."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from dashboard import data, panels, plan_tree, plan_words, plans
from dashboard.choice import choose
from dashboard.export_menu import export
from dashboard.format import is_missing, range_label
from dashboard.labels import lang, t, zone_label
from dashboard.panels_typed import shop_names
from dashboard.parts import heading_tip
from dashboard.plans import Standing

ZONE = "Asia/Shanghai"
FIRST = 6  # lines named in 先看这些
LEVELS = ("9", "1", "2")
LARGE = 120  # lines from which on only the first level is open


def head() -> Standing | None:
    """Plan and day, chosen in the link (?plan=, ?on=), and the line that says whose it is; None without any plan."""
    on = _day()
    found = plans.plans(on)
    if found.empty:
        return None
    gone = st.query_params.get("plan")
    ids = [str(p) for p in found["plan"]]
    if gone and gone not in ids:
        st.caption(t("plan.gone", plan=gone))
    names = {str(r.plan): _title(r) for r in found.itertuples()}
    with st.container(key="filters", horizontal=True, gap="small", vertical_alignment="center"):
        plan = choose(t("plan.choose"), "plan", ids, names, as_list=True)
        _day_input(on)
    row = next(r for r in found.itertuples() if r.plan == plan)
    standing = plans.standing(plan, on)
    st.html(f'<div id="plan-top">{_about(row, standing)}</div>')
    return standing


def empty() -> None:
    """No plan at all: which three to begin with."""
    st.html(f'<div class="db-empty"><b>{escape(t("plan.empty_title"))}</b><p>{escape(t("plan.empty"))}</p></div>')


def _day() -> date:
    try:
        return date.fromisoformat(st.query_params.get("on", ""))
    except ValueError:
        return data.yesterday()


def _day_input(on: date) -> None:
    def took() -> None:
        value = st.session_state["plan_on"]
        if value is None or value == data.yesterday():
            st.query_params.pop("on", None)
        else:
            st.query_params["on"] = value.isoformat()

    st.session_state["plan_on"] = on
    st.date_input(
        t("plan.day"), key="plan_on", format="YYYY-MM-DD", width=150, label_visibility="collapsed", help=t("plan.day_help"),
        on_change=took,
    )  # fmt: skip


def _title(row: Any) -> str:
    return f"{row.title or row.plan}{' · ' + t('plan.running') if row.runs else ''}"


def _about(row: Any, found: Standing) -> str:
    """State, period, shop, owner, version, and the age of the oldest actual."""
    state = str(row.state or "draft")
    tone, tip = " good" if state == "issued" else "", escape(t(f"plan.state_tip_{state}"))
    chip = f'<em class="db-chip{tone}" title="{tip}">{escape(t(f"plan.state_{state}"))}</em>'
    parts = [_period(row, found.day)]
    if not is_missing(row.shop) and row.shop:
        parts.append(shop_names().get(str(row.shop), str(row.shop)))
    if not is_missing(row.owner) and row.owner:
        parts.append(t("plan.head_owner", who=row.owner))
    parts.append(
        t(
            "plan.head_version",
            n=int(row.versions),
            at=local_time(str(row.version)),
            zone=zone_label(ZONE),
            who=row.author,
        )
    )
    parts.append(_as_of(found))
    return f'<div class="db-asof">{chip} {escape(" · ".join(parts))}</div>'


def _period(row: Any, day: date) -> str:
    if is_missing(row.day) or is_missing(row.day_to):
        return t("plan.period_none")
    return range_label(pd.Timestamp(row.day).date(), pd.Timestamp(row.day_to).date(), lang(), day.year)


def local_time(version: str) -> str:
    """A moment of saving (UTC) as the clock on the wall."""
    try:
        at = datetime.fromisoformat(version).replace(tzinfo=UTC)
    except ValueError:
        return version
    return f"{at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}"


def _as_of(found: Standing) -> str:
    known = [p.as_of for p in found.progress.values() if p.as_of is not None and not is_missing(p.as_of)]
    return t("plan.as_of", at=f"{min(known):%Y-%m-%d %H:%M}") if known else t("plan.as_of_none")


def summary(found: Standing) -> str:
    """How many lines are good, not good, due, without a number; as buttons that list those lines. Returns the choice."""
    counts = dict.fromkeys(plan_words.GROUPS, 0)
    for p in found.progress.values():
        counts[plan_words.group(p)] += 1
    names = {"all": t("plan.group_all", n=len(found.nodes))}
    names |= {name: t(f"plan.group_{name}", n=n) for name, n in counts.items()}
    options = ["all", *(name for name, n in counts.items() if n)]
    return choose(t("plan.tree"), "show", options, names, tip=t("plan.group_tip"))


def first(found: Standing) -> None:
    """What needs somebody: late, missed, behind, without a base; each opens its line."""
    lines = _attention(found)
    heading_tip(t("plan.first_title"), t("plan.first_note") if lines else "", t("plan.group_tip"))
    if not lines:
        st.html(f'<div class="db-note"><p>{escape(t("plan.first_none"))}</p></div>')
        return
    rows = "".join(_attention_row(found, name) for name in lines[:FIRST])
    st.html(f'<div class="db-first">{rows}</div>')


def _attention(found: Standing) -> list[str]:
    """Ids by urgency, then the larger sum of money that is missing, then the higher line."""
    urgent: list[tuple[int, Decimal, int, int, str]] = []
    for order, (node, depth) in enumerate(found.nodes):
        p = found.progress[node.id]
        rank = plan_words.urgency(node, p, found.day)
        if rank is None:
            continue
        gap = Decimal(0)
        if plans.unit_of(node)[0] == "money":
            due = p.expected if p.expected is not None else p.target
            gap = abs((due or Decimal(0)) - (p.actual or Decimal(0)))
        urgent.append((rank, -gap, depth, order, node.id))
    return [name for *_, name in sorted(urgent)]


def _attention_row(found: Standing, name: str) -> str:
    node, p = found.node(name), found.progress[name]
    assert node is not None
    step = plan_words.next_step(found, node)
    said = " · ".join(part for part in (step, t("plan.head_owner", who=node.owner) if node.owner else "") if part)
    return (
        f"<div>{plan_words.chip(node, p)}{plan_words.link(found.plan, name, plan_words.name_of(node))}"
        f"<span>{escape(said)}</span></div>"
    )


def tree(found: Standing, shown: str) -> None:
    """The tree of all lines, or the lines of one group as a flat list."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        panels.section(t("plan.tree"), t("plan.tree_note"))
        levels = _levels(len(found.nodes)) if shown == "all" else "9"
        export(lambda: plan_tree.frame(found), f"plan_{found.plan}_{found.day}", key="plan_tree")
    html, cut = data.kept(
        "plan/tree_html",
        lambda: plan_tree.html(found, shown, int(levels)),
        found.plan,
        found.day,
        shown,
        levels,
        lang(),
    )
    if cut:
        st.caption(t("plan.tree_more", n=cut, all=len(found.nodes)))
    st.html(html)


def _levels(lines: int) -> str:
    options = LEVELS if lines < LARGE else ("1", "2", "9")
    return choose(t("plan.levels"), "levels", options, {n: t(f"plan.levels_{n}") for n in LEVELS})
