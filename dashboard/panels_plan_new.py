"""A new plan: the template to download, the place to bring it back, a table to paste; looked at before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, panels, panels_plan_in, panels_upload, plans, submit_plan
from dashboard.format import plain
from dashboard.labels import lang, t
from dashboard.panels_typed import save
from warehouse.errors import NoBook

KINDS = ("month_budget", "sales_target", "live_schedule", "other")
TYPES = ["xlsx", "xls", "ods", "toml", "csv", "tsv", "txt"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def bring() -> None:
    """Template, upload and paste; what was read stands below until it is kept or replaced."""
    panels.section(t("plan_in.new"), t("plan_in.new_note"))
    left, right = st.columns(2, gap="medium")
    with left:
        template()
    with right:
        upload()
    with st.expander(t("plan_in.paste"), icon=":material/content_paste:"):
        paste()
    with st.expander(t("plan_in.aliases"), icon=":material/translate:"):
        words()
    with panels.guard():
        look()


def words() -> None:
    """What people call tools in their plans; their own rows stand above the ones the product knows."""
    st.caption(t("plan_in.aliases_note"))
    own = aliases()
    table = pd.DataFrame(own, columns=["alias", "name", "platform"])
    columns = {name: st.column_config.TextColumn(t(f"plan_in.alias_{name}")) for name in table}
    edited = st.data_editor(table, num_rows="dynamic", hide_index=True, column_config=columns, key=f"plan_alias_{len(own)}")
    if st.button(t("forms.save"), key="plan_alias_save"):
        now = [tuple("" if cell is None or cell != cell else str(cell).strip() for cell in row) for row in edited.itertuples(index=False)]
        kept = [row for row in now if row[0] and row[1]]
        gone = [row for row in own if (row[0], row[2]) not in {(each[0], each[2]) for each in kept}]
        changed = [(row, False) for row in kept if row not in own] + [(row, True) for row in gone]
        rows = [{"alias": a, "name": n, "platform": p, "is_removed": removed} for (a, n, p), removed in changed]
        save(lambda: submit_plan.save_aliases(rows), bool(rows))
    known = pd.DataFrame(submit_plan.default_aliases(), columns=["alias", "name", "platform"])
    st.dataframe(known, hide_index=True, height=220, column_config=columns)


def aliases() -> list[tuple[str, str, str]]:
    """The rows that somebody taught the book."""
    if not _has_book():
        return []
    return [(str(r.alias), str(r.name), str(r.platform or "")) for r in data.ask("plan/aliases").itertuples(index=False)]


def template() -> None:
    """Choose kind and months, download the workbook."""
    with st.container(border=True):
        kind = st.segmented_control(t("plan_in.kind"), KINDS, default=KINDS[0], required=True, format_func=lambda code: t(f"plan_in.kind_{code}"), key="plan_kind")
        months = _months(_today())
        one, two = st.columns(2)
        first = one.selectbox(t("plan_in.from"), months, index=1, format_func=lambda day: f"{day:%Y-%m}", key="plan_from")
        later = [day for day in months if day >= first]
        last = two.selectbox(t("plan_in.to"), later, index=0, format_func=lambda day: f"{day:%Y-%m}", key="plan_to")
        end = (last + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        shops, language = _shops(), lang()
        st.download_button(
            t("plan_in.template"), lambda: submit_plan.template(str(kind), first, end, shops, language), f"{t(f'plan_in.kind_{kind}')}_{first:%Y-%m}.xlsx", XLSX,
            icon=":material/download:", help=t("plan_in.template_help"), on_click="ignore", key="plan_template",
        )  # fmt: skip


def _today() -> date:
    try:
        return data.today()
    except NoBook:
        return data.now().date()


def _months(today: date) -> list[date]:
    """The month before this one and the fourteen after it."""
    months = [(today.replace(day=1) - timedelta(days=1)).replace(day=1)]
    while len(months) < 16:
        months.append((months[-1] + timedelta(days=32)).replace(day=1))
    return months


def _shops() -> list[dict[str, str]]:
    try:
        frame = data.shops()
    except NoBook:
        return []
    return [{"shop": str(r.shop), "name": str(r.name), "platform": str(r.platform), "currency": str(r.currency)} for r in frame.itertuples()]


def upload() -> None:
    """A file back: read at once, kept only when the reader says so."""
    with st.container(border=True):
        round_ = st.session_state.setdefault("plan_round", 0)
        panels_upload.own_words(TYPES)
        file = st.file_uploader(t("plan_in.upload"), type=TYPES, key=f"plan_file_{round_}", help=t("plan_in.upload_help"))
        if file is not None:
            st.session_state.pop("plan_answers", None)
            _take(file.name, file.getvalue())
            st.session_state["plan_round"] = round_ + 1
            st.rerun()


def paste() -> None:
    """A table copied from a document."""
    words = st.text_area(t("plan_in.paste"), key="plan_paste", height=160, label_visibility="collapsed", help=t("plan_in.paste_help"))
    if st.button(t("plan_in.paste_read"), key="plan_paste_read", disabled=not words.strip()):
        _take("", words.encode())
        st.rerun()


def _take(name: str, content: bytes, answers: submit_plan.Answers | None = None) -> None:
    """Read a file (or pasted text, without a name) and remember what came of it."""
    try:
        plan = submit_plan.read(name, content, aliases(), answers or submit_plan.Answers())
    except submit_plan.PlanError as error:
        st.session_state["plan_read"] = (name, content, None, error.faults)
        return
    st.session_state["plan_read"] = (name, content, plan, ())


def ask(name: str, content: bytes, faults: Sequence[submit_plan.Fault]) -> None:
    """A month table of one's own leaves something open: what is asked stands beside what it says."""
    asked = {fault.where: fault.what for fault in faults}
    st.info(t("plan_in.matrix"), icon=":material/help:")
    with st.form("plan_answers", border=True):
        given: dict[str, Any] = {}
        for where, what in asked.items():
            st.caption(plain(what))
            if where == "year":
                given[where] = int(st.number_input(t("plan_in.ask_year"), value=_today().year, step=1))
            elif where == "kind":
                given[where] = st.selectbox(t("plan_in.ask_kind"), ["budget", "flow"], format_func=lambda code: submit_plan.word("kind", code, lang()))
            else:
                given[where] = st.text_input(t(f"plan_in.ask_{where}"))
        before = st.session_state.get("plan_answers", {})
        if st.form_submit_button(t("plan_in.ask_again"), type="primary"):
            st.session_state["plan_answers"] = {**before, **given}
            _take(name, content, submit_plan.Answers(**st.session_state["plan_answers"]))
            st.rerun()


def look() -> None:
    """What was read: its nodes, what the checker says, and the button that keeps it."""
    name, content, plan, faults = st.session_state.get("plan_read", ("", b"", None, ()))
    if faults and all(fault.where in submit_plan.QUESTIONS for fault in faults):
        ask(name, content, faults)
        return
    if faults:
        st.error(t("plan_in.bad", count=len(faults)), icon=":material/error:")
        for fault in faults:
            st.markdown(f"- {plain(str(fault))}")
        return
    if plan is None:
        return
    blanks = sum(1 for node in plan.nodes if node.is_blank)
    st.success(t("plan_in.read", title=plain(plan.title or plan.id), nodes=len(plan.nodes), blanks=blanks), icon=":material/task_alt:")
    if plans.as_typed(plan.id) if _has_book() else {}:
        st.info(t("plan_in.replaces", plan=plain(plan.id)))
    panels_plan_in.findings_table(submit_plan.findings(plan, [], lang()))
    issue = st.checkbox(t("plan_in.issue"), value=True, key="plan_issue", help=t("plan_in.issue_help"))
    author = st.text_input(t("plan_in.author"), key="plan_new_author")
    if st.button(t("plan_in.keep"), type="primary", key="plan_keep"):
        kept = replace(plan, state="issued" if issue else plan.state)
        st.session_state.pop("plan_read")
        save(lambda: submit_plan.save_plan(kept, author, original=(name or "pasted.txt", content)))


def _has_book() -> bool:
    try:
        return bool(data.generation())
    except NoBook:
        return False
