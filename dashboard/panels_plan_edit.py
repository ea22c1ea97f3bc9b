"""Editing a plan as a table: change, add or drop nodes; sums can follow an edit to the cent; every save is a version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, panels, plans, submit_plan
from dashboard.labels import lang, t
from dashboard.panels_typed import metric_label, save
from dashboard.plans import Standing
from queries import METRICS
from queries.plan.errors import PlanError as CannotSplit
from queries.plan.respread import Line, respread

FIELDS = ("id", "name", "kind", "parent", "target", "metric", "direction", "period", "start", "end", "due", "owner", "state", "note")
SUMS = ("flow", "budget", "count")


def editor(plan: str, found: Standing) -> None:
    """The nodes as a table one can type in; numbers stay as typed (60万, 2-5万, ××)."""
    raw = plans.as_typed(plan)
    panels.section(t("plan_in.edit"), t("plan_in.edit_note"))
    before = table(raw)
    edited = st.data_editor(
        before, hide_index=True, num_rows="dynamic", key=f"plan_edit_{plan}_{data.generation()}", placeholder="—", column_config=_columns(),
        height=min(600, 38 + 35 * (len(before) + 2)),

    )
    left, right = st.columns([2, 1])
    author = right.text_input(t("plan_in.author"), key="plan_author")
    comment = left.text_input(t("plan_in.comment"), key="plan_comment", placeholder=t("plan_in.comment_hint"))
    follow = st.checkbox(t("plan_in.follow"), value=True, key="plan_follow", help=t("plan_in.follow_help"))
    if st.button(t("plan_in.save"), type="primary", key="plan_save"):
        _save(raw, before, edited, found, author, comment, follow)


def _columns() -> dict[str, Any]:
    """Headings; kinds and metrics are chosen from a list by their names."""
    config: dict[str, Any] = {name: st.column_config.TextColumn(t(f"plan_in.col_{name}"), pinned=name in ("id", "name")) for name in FIELDS}
    for name, codes in (("kind", submit_plan.KINDS), ("direction", submit_plan.DIRECTIONS), ("period", submit_plan.PERIODS), ("state", ("", *submit_plan.STATES))):
        config[name] = st.column_config.SelectboxColumn(t(f"plan_in.col_{name}"), options=list(codes), format_func=partial(_word, name))
    metrics = ["", *METRICS]
    config["metric"] = st.column_config.SelectboxColumn(t("plan_in.col_metric"), options=metrics, format_func=lambda code: metric_label(str(code)))
    return config


def _word(group: str, code: object) -> str:
    return submit_plan.word(group, str(code), lang())


def _save(raw: dict[str, Any], before: pd.DataFrame, edited: pd.DataFrame, found: Standing, author: str, comment: str, follow: bool) -> None:
    after = merged(raw, edited)
    if after == raw:
        st.info(t("forms.nothing_changed"))
        return
    try:
        plan = submit_plan.plan_of(after, str(raw["plan"]["id"]))
        if follow:
            moved = followed(found, {node.id: node.target.value for node in plan.nodes}, _changed_targets(before, edited))
            for node in after["node"]:
                if node["id"] in moved:
                    node["target"] = moved[node["id"]]
            plan = submit_plan.plan_of(after, str(raw["plan"]["id"]))
    except submit_plan.PlanError as error:
        for fault in error.faults:
            st.error(str(fault), icon=":material/error:")
        return
    except CannotSplit as error:
        st.error(str(error), icon=":material/error:")
        return
    save(lambda: submit_plan.save_plan(plan, author, comment))


def table(raw: Mapping[str, Any]) -> pd.DataFrame:
    """One line a node, its fields as text."""
    return pd.DataFrame([{name: str(node.get(name, "")) for name in FIELDS} for node in raw.get("node", [])], columns=list(FIELDS))


def merged(raw: Mapping[str, Any], edited: pd.DataFrame) -> dict[str, Any]:
    """The plan with the table's cells put in; fields that the table does not show stay as they were."""
    known = {node["id"]: node for node in raw["node"]}
    nodes = []
    for row in edited.to_dict("records"):
        cells = {str(name): "" if value is None or value != value else str(value).strip() for name, value in row.items()}
        if not any(cells.values()):
            continue
        kept = {name: value for name, value in known.get(cells["id"], {}).items() if name not in FIELDS}
        nodes.append({name: cells[name] for name in FIELDS if cells[name] or name in known.get(cells["id"], {})} | kept)
        for name in [name for name in FIELDS if name in nodes[-1] and not nodes[-1][name] and name != "target"]:
            del nodes[-1][name]
    order = {node["id"]: {name: place for place, name in enumerate(node)} for node in raw["node"]}
    nodes = [dict(sorted(node.items(), key=lambda pair: order.get(node.get("id", ""), {}).get(pair[0], 99))) for node in nodes]
    return {"plan": dict(raw["plan"]), "node": nodes}


def _changed_targets(before: pd.DataFrame, edited: pd.DataFrame) -> set[str]:
    stood = dict(zip(before["id"], before["target"], strict=True))
    return {str(row.id) for row in edited.itertuples() if row.id in stood and str(row.target or "") != stood[row.id]}


def followed(found: Standing, now: Mapping[str, Decimal | None], changed: set[str]) -> dict[str, str]:
    """Targets that move along with the changed ones, as text: only in trees of sums that added up before."""
    lines = [Line(node.id, node.parent, node.target) for node, _ in found.nodes if node.kind in SUMS and node.target is not None]
    moved: dict[str, str] = {}
    for tree in _whole_trees(lines):
        touched = {line.id: now.get(line.id) for line in tree if line.id in changed}
        if touched and len(tree) > 1:
            solved = respread(tree, touched)
            moved |= {line.id: _typed(solved[line.id]) for line in tree if line.id not in touched and solved[line.id] != line.amount}
    return moved


def _whole_trees(lines: list[Line]) -> list[list[Line]]:
    """Trees in which every total is the sum of its parts: only these can follow an edit without guessing."""
    below: dict[str, list[Line]] = {}
    known = {line.id for line in lines}
    for line in lines:
        below.setdefault(line.parent if line.parent in known else "", []).append(line)
    trees = []
    for root in below.get("", []):
        tree, adds_up = [root], True
        for line in tree:
            parts = below.get(line.id, [])
            adds_up &= not parts or sum((part.amount or Decimal(0) for part in parts), Decimal(0)) == line.amount
            tree += parts
        if adds_up:
            trees.append(tree)
    return trees


def _typed(value: Decimal | None) -> str:
    return "" if value is None else format(value.normalize(), "f")


def changed_fields(changes: pd.DataFrame) -> pd.DataFrame:
    """node, field, before, after of every field that a version changed."""
    rows = []
    for change in changes.itertuples():
        old, new = (json.loads(text) if isinstance(text, str) else {} for text in (change.before, change.after))
        names = [name for name in {**old, **new} if name != "_" and old.get(name) != new.get(name)]
        if not old or not new:
            names = ["target"]
        rows += [{"node": change.node, "field": _field(name, old, new), "before": _said(old.get(name)), "after": _said(new.get(name))} for name in names]
    return pd.DataFrame(rows, columns=["node", "field", "before", "after"])


def _field(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    if not old or not new:
        return t("plan_in.was_added") if new else t("plan_in.was_dropped")
    key = f"plan_in.col_{name}"
    return t(key) if name in FIELDS else name


def _said(value: object) -> str:
    if isinstance(value, dict):
        return "；".join(f"{key}={each}" for key, each in value.items())
    return "；".join(map(str, value)) if isinstance(value, list) else str(value or "")
