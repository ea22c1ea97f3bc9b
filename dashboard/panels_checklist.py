"""Today's checklist: per shop which export files are missing, where to download each, when it is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, panels, submit
from dashboard.columns import Col
from dashboard.format import day_label, is_missing, plain, range_label
from dashboard.labels import lang, t
from dashboard.panels_typed import shop_names
from queries.sources.due import due

URGENT = ("missing", "partial", "waiting")
BADGES = {"missing": "red", "partial": "orange", "waiting": "gray", "arrived": "green", "session": "blue"}


def label_of(row: Any, stem: str = "label") -> str:
    """The row's own name in the reader's language, else its source id."""
    value = getattr(row, f"{stem}_{lang()}", None)
    return str(getattr(row, "source", "")) if is_missing(value) or not value else str(value)


def checklist(chosen: tuple[str, ...] | None) -> None:
    """Per shop: which of today's files are missing, where to download each, when it is due; what has arrived below."""
    shops = data.shops()
    shops = shops if chosen is None else shops[shops["shop"].isin(chosen)]
    clocks = {str(shop): data.now(zone or "Asia/Shanghai") for shop, zone in zip(shops["shop"], shops["zone"], strict=True)}
    today = data.today(chosen)
    usage = data.ask("sources/checklist", shops=chosen, day_from=today - timedelta(days=30), day_to=today)
    files = due(shops, submit.expected_files(), usage, clocks)
    used = files[files["state"].isin([*URGENT, "arrived"])]
    missing = int(used["state"].isin(["missing", "partial"]).sum())
    panels.section(t("imports.checklist"), t("imports.checklist_note", day=day_label(today, lang())))
    pulled = int(usage["source"].astype(str).str.contains(".", regex=False).sum())  # `platform.list`: from a platform's API
    if used.empty:
        st.info(t("imports.checklist_pulled", n=pulled) if pulled else t("imports.checklist_empty"), icon=":material/checklist:")
    elif missing:
        st.warning(t("imports.checklist_missing", n=missing), icon=":material/pending_actions:")
    else:
        st.success(t("imports.checklist_done"), icon=":material/task_alt:")
    for shop in shops.itertuples():
        _shop_checklist(str(shop.name), used[used["shop"] == shop.shop])
    _others(files[files["state"].isin(["session", "never", "stopped"])])


def first_steps() -> None:
    """Before the first import: what each platform offers and where it is downloaded."""
    panels.section(t("imports.checklist"))
    st.info(t("imports.checklist_empty"), icon=":material/checklist:")
    files = submit.expected_files()
    files = files[files["cadence"] == "daily"]
    shown = pd.DataFrame(
        {
            "platform": [t(f"platform.{p}") for p in files["platform"]], "file": [label_of(row) for row in files.itertuples()],
            "where": list(files[f"where_{lang()}"]), "files": list(files["files"]),
        }
    )  # fmt: skip
    columns = {
        "platform": Col(t("common.platform")), "file": Col(t("imports.file")), "where": Col(t("imports.where")),
        "files": Col(t("imports.file_name")),
    }  # fmt: skip
    panels.grid(shown, columns, "first_files", height=420)


def _shop_checklist(name: str, files: pd.DataFrame) -> None:
    if files.empty:
        return
    here = int((files["state"] == "arrived").sum())
    with st.container(border=True, gap="small"):
        st.markdown(f"**{plain(name)}**　:gray[{t('imports.arrived_of', n=here, of=len(files))}]")
        for row in files[files["state"].isin(URGENT)].itertuples():
            days = range_label(row.missing_from, row.wanted_to, lang())
            st.markdown(f"{_badge(row)} **{plain(label_of(row))}** · {days}  \n:gray[{plain(_where(row))}]")
        arrived = files[files["state"] == "arrived"]
        if len(arrived):
            names = t("imports.comma").join(plain(label_of(row)) for row in arrived.itertuples())
            st.markdown(f":green-badge[{t('imports.state_arrived')}] :gray[{names}]")


def _badge(row: Any) -> str:
    if row.state == "waiting":
        words = t("imports.state_waiting", at=f"{row.due_at:%H:%M}")
    elif row.state == "missing" and row.days_missing > 1 and row.cadence == "daily":
        words = t("imports.state_missing_days", n=int(row.days_missing))
    else:
        words = t(f"imports.state_{row.state}")
    return f":{BADGES[row.state]}-badge[{words}]"


def _where(row: Any) -> str:
    where = str(getattr(row, f"where_{lang()}") or "")
    names = f"（{row.files}）" if row.files else ""
    partial = t("imports.partial_why") + " " if row.state == "partial" else ""
    return partial + (t("imports.download_at", where=where) + names if where else names)


def _others(files: pd.DataFrame) -> None:
    """Files that come with a session, that stopped, or that were never used: where they would be found."""
    if files.empty:
        return
    with st.expander(t("imports.more_files", n=len(files))):
        names = shop_names()
        shown = pd.DataFrame(
            {
                "shop": [names.get(str(s), str(s)) for s in files["shop"]],
                "file": [label_of(row) for row in files.itertuples()],
                "state": [t(f"imports.state_{state}") for state in files["state"]],
                "where": list(files[f"where_{lang()}"]),
                "last_day": list(files["last_day"]),
            }
        )
        columns = {
            "shop": Col(t("common.shop")), "file": Col(t("imports.file")), "state": Col(t("imports.state")),
            "where": Col(t("imports.where")), "last_day": Col(t("imports.last_day"), "day"),
        }  # fmt: skip
        panels.grid(shown, columns, "files", height=320)
