"""What people put into a plan: what was done, what was measured, whole plans from files or text, the checker, versions."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, panels, panels_plan_edit, panels_plan_new, plans, submit, submit_plan
from dashboard.columns import Col
from dashboard.labels import lang, t
from dashboard.panels_typed import save, wait_and_show
from dashboard.plans import Standing
from queries.plan.nodes import UNJUDGED, Node
from warehouse.errors import OpsError

TABS = ("entry", "edit", "check", "versions", "new")
LOGGED = ("count", "quota", "milestone", "coverage", "loop", "backlog")
SHADES = {"error": "red", "warning": "orange", "info": "blue", "ok": "green"}


def draw(tab: str, plan: str, found: Standing) -> None:
    """One of TABS for the chosen plan; only the chosen one computes."""
    if tab != "new" and submit.shows_demo():
        st.info(t("plan_in.demo"), icon=":material/science:")
    with panels.guard():
        if tab == "entry":
            entry(found)
        elif tab == "edit":
            panels_plan_edit.editor(plan, found)
        elif tab == "check":
            checker(plan)
        elif tab == "versions":
            versions(plan)
        else:
            panels_plan_new.bring()


def entry(found: Standing, chosen: str = "") -> None:
    """Two small forms side by side: something done, and a figure that no report holds."""
    left, right = st.columns(2, gap="medium")
    with left:
        activity(found, chosen)
    with right:
        value(found, chosen)


def activity(found: Standing, chosen: str = "") -> None:
    """One row of the activity log, in as few touches as possible."""
    nodes = [node for node, _ in found.nodes if node.kind in LOGGED or node.text("source") == "activity"]
    panels.section(t("plan_in.activity"), t("plan_in.activity_note"))
    if not nodes:
        panels.note(t("plan_in.activity_none"))
        return
    node = _pick(nodes, chosen, "act_node")
    with st.form("plan_activity", border=True, clear_on_submit=True):
        unit = _unit(node)
        one, two = st.columns(2)
        done = one.date_input(t("plan_in.done_on"), data.today(), format="YYYY-MM-DD")
        qty = two.number_input(t("plan_in.qty"), value=1.0, min_value=0.0, step=1.0, help=t("plan_in.qty_help"))
        result = one.selectbox(t("plan_in.result"), ["", "pass", "fail"], format_func=lambda code: t(f"plan_in.result_{code or 'none'}"), help=t("plan_in.result_help"))
        owner = two.text_input(t("plan_in.owner"), node.owner)
        evidence = one.text_input(t("plan_in.evidence"), help=t("plan_in.evidence_help"))
        note = two.text_input(t("plan_in.note"))
        if st.form_submit_button(t("plan_in.log"), type="primary"):
            row = {
                "activity": uuid.uuid4().hex[:12], "shop": node.shop, "plan": node.plan, "node": node.id, "what": node.name, "unit": unit,
                "done_at": datetime.combine(done, time()), "qty": qty, "result": result, "owner": owner, "evidence": evidence, "note": note,
            }  # fmt: skip
            save(lambda: submit_plan.save_activity([row]))


def _unit(node: Node) -> str:
    """Whom or what it was done for: of the node's list when it has one."""
    listed = list(dict.fromkeys([*node.words("units"), *node.words("per")]))
    if listed:
        return str(st.selectbox(t("plan_in.unit"), ["", *listed], help=t("plan_in.unit_help")))
    return st.text_input(t("plan_in.unit"), help=t("plan_in.unit_help"))


def value(found: Standing, chosen: str = "") -> None:
    """A typed actual: an amount of a day, a level, or the two parts of a ratio."""
    nodes = [node for node, _ in found.nodes if node.kind not in (*UNJUDGED, *LOGGED) and not found.below(node.id)]
    panels.section(t("plan_in.value"), t("plan_in.value_note"))
    if not nodes:
        panels.note(t("plan_in.value_none"))
        return
    node = _pick(nodes, chosen, "val_node")
    if node.metric:
        panels.remark(t("plan_in.value_metric"))
    with st.form("plan_value", border=True, clear_on_submit=True):
        one, two = st.columns(2)
        day = one.date_input(t("common.day"), min(data.today(), node.last or data.today()), format="YYYY-MM-DD")
        amount = two.number_input(t("plan_in.amount"), value=None, help=t("plan_in.amount_help"))
        of = one.number_input(t("plan_in.of"), value=None, help=t("plan_in.of_help")) if node.kind == "ratio" else None
        unit = two.text_input(t("plan_in.role"), help=t("plan_in.role_help")) if node.kind in ("headcount", "stock", "ratio") else ""
        note = st.text_input(t("plan_in.note"))
        if st.form_submit_button(t("forms.save"), type="primary"):
            row = {
                "shop": node.shop, "plan": node.plan, "node": node.id, "unit": unit, "day": day, "value": amount, "of_value": of,
                "currency": node.currency if plans.unit_of(node)[0] == "money" else "", "note": note,
            }  # fmt: skip
            save(lambda: submit_plan.save_values([row]))


def _pick(nodes: list[Node], chosen: str, key: str) -> Node:
    names = {node.id: f"{node.name or node.id}（{node.id}）" if node.name else node.id for node in nodes}
    place = list(names).index(chosen) if chosen in names else 0
    picked = st.selectbox(t("plan_in.node"), list(names), index=place, format_func=names.__getitem__, key=key)
    return next(node for node in nodes if node.id == picked)


def checker(plan: str) -> None:
    """What does not add up: stated and computed side by side; nothing is ever corrected."""
    raw = plans.as_typed(plan)
    panels.section(t("plan_in.check"), t("plan_in.check_note"))
    found = data.kept("plan/findings", lambda: submit_plan.findings(submit_plan.plan_of(raw, plan), _others(plan), lang()), plan, lang())
    findings_table(found)


def _others(plan: str) -> list[dict[str, Any]]:
    """The book's other plans, against which a copy shows."""
    names = plans.plans(data.today())["plan"]
    return [plans.as_typed(str(name)) for name in names if name != plan]


def findings_table(found: pd.DataFrame) -> None:
    """Findings, what is wrong first."""
    wrong = found[found["severity"].isin(["error", "warning"])]
    st.markdown(" ".join(f":{SHADES[level]}-badge[{t(f'plan_in.level_{level}')} {int((found['severity'] == level).sum())}]" for level in SHADES))
    if wrong.empty:
        panels.remark(t("plan_in.check_fine"))
    if found.empty:
        return
    columns = {
        "word": Col(t("plan_in.level")), "message": Col(t("plan_in.finding"), is_long=True), "stated": Col(t("plan_in.stated"), "text"), "computed": Col(t("plan_in.computed"), "text"),
        "difference": Col(t("plan_in.difference"), "text"), "nodes": Col(t("plan_in.nodes"), "text", where="wide"),
    }  # fmt: skip
    shown = found.assign(word=[t(f"plan_in.level_{level}") for level in found["severity"]])
    panels.table(shown, columns, "plan_check")


def versions(plan: str) -> None:
    """Every save, who made it and what it changed; any can be taken back."""
    found = data.ask("plan/versions", plan=plan)
    panels.section(t("plan_in.versions"), t("plan_in.versions_note"))
    names = {
        "when": Col(t("plan_in.saved_at")), "author": Col(t("plan_in.author")), "comment": Col(t("plan_in.comment")), "nodes": Col(t("plan_in.nodes_n"), "count"),
        "added": Col(t("plan_in.added"), "count"), "changed": Col(t("plan_in.changed"), "count"), "dropped": Col(t("plan_in.dropped"), "count"),
    }  # fmt: skip
    authors = [t("plan_in.author_page") if who == "page" else str(who or "") for who in found["author"]]
    shown = found.assign(when=[str(text)[:19] for text in found["version"]], author=authors, comment=found["comment"].fillna(""))
    panels.table(shown, names, f"versions_{plan}")
    listed = list(found["version"])
    picked = st.selectbox(t("plan_in.version"), listed, format_func=lambda version: f"{version[:19]} UTC", key="plan_version")
    differences(plan, str(picked))
    if len(listed) > 1 and st.button(t("plan_in.undo"), key="plan_undo", icon=":material/undo:", help=t("plan_in.undo_help")):
        package = str(found.loc[found["version"] == picked, "package"].iloc[0])
        try:
            packages = submit.undo_package(package)
        except OpsError as error:
            st.error(str(error), icon=":material/error:")
            return
        wait_and_show(packages, "plan_in.undone")


def differences(plan: str, version: str) -> None:
    """Field by field, what a version changed."""
    rows = panels_plan_edit.changed_fields(data.ask("plan/changes", plan=plan, version=version))
    if rows.empty:
        panels.note(t("plan_in.no_changes"))
        return
    columns = {"node": Col(t("plan_in.node")), "field": Col(t("plan_in.field")), "before": Col(t("plan_in.before")), "after": Col(t("plan_in.after"))}
    panels.table(rows, columns, f"changes_{plan}")


