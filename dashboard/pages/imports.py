"""数据导入: what is missing today, files in, and everything about where the numbers come from."""

from __future__ import annotations

import streamlit as st

from dashboard import (
    filters,
    panels,
    panels_accounts,
    panels_checklist,
    panels_imports,
    panels_phone,
    panels_typed,
    panels_upload,
    submit,
)
from dashboard.labels import t
from dashboard.periods import View
from warehouse.errors import NoBook

TABS = ("coverage", "accounts", "quarantine", "history", "check", "targets", "typed", "settings")


def render() -> None:
    """The checklist first, the place to drop files beside it, then the chosen tab."""
    try:
        shown = filters.view(compare=False, note=False)
    except NoBook:
        shown = None
    message = st.session_state.pop("imports_message", None)
    if message:
        st.toast(message, icon=":material/task_alt:")
    if submit.shows_demo():
        st.info(t("imports.demo_banner"), icon=":material/science:")
    left, right = st.columns([3, 2], gap="medium")
    with left, panels.guard():
        panels_checklist.checklist(shown.shops) if shown else panels_checklist.first_steps()
    with right, panels.guard():
        panels_upload.drop_zone()
    with panels.guard():
        panels_upload.upload_list()
    with panels.guard():
        _tab(shown)


def _tab(shown: View | None) -> None:
    """Only the chosen tab computes."""
    tabs = TABS if shown else ("accounts", "settings")
    st.session_state.setdefault("imports_tab", tabs[0])
    if st.session_state["imports_tab"] not in tabs:
        st.session_state["imports_tab"] = tabs[0]
    tab = st.segmented_control(
        t("imports.tab"), tabs, key="imports_tab", required=True, format_func=lambda name: t(f"imports.tab_{name}"),
        label_visibility="collapsed",
    )  # fmt: skip
    if tab == "settings":
        panels_typed.shop_settings()
        panels_phone.section()
        if shown:
            panels_typed.rates_editor()
    elif tab == "accounts":
        panels_accounts.accounts()
    elif shown and tab == "coverage":
        panels_imports.coverage(shown.shops)
    elif shown and tab == "quarantine":
        panels_imports.quarantine(shown.shops)
    elif shown and tab == "history":
        panels_imports.history(shown.shops)
    elif shown and tab == "check":
        panels_imports.differences(shown.shops, shown.day_from, shown.day_to)
    elif shown and tab == "targets":
        panels_typed.targets_editor(shown.shops)
    elif shown and tab == "typed":
        panels_typed.figures_editor()
