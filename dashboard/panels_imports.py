"""What the import page shows of the book: coverage, gaps, quarantine, history, differences between sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts_sources, data, panels, submit
from dashboard.columns import Col
from dashboard.format import is_missing, plain, range_label
from dashboard.labels import lang, t
from dashboard.panels_checklist import label_of
from dashboard.panels_typed import metric_label, shop_names, targets_editor, wait_and_show
from warehouse.errors import OpsError

__all__ = ["coverage", "differences", "history", "quarantine", "targets_editor"]

STRIP_DAYS = 42
HISTORY_ROWS = 300
DEEDS = ("undo", "accept")  # packages about another package
QUARANTINE_ROWS = 500


def coverage(chosen: tuple[str, ...] | None) -> None:
    """A strip of days per source (there, partly there, not there), and the gaps behind it."""
    today = data.today(chosen)
    first, last = today - timedelta(days=STRIP_DAYS), today - timedelta(days=1)
    days = data.ask("sources/freshness", shops=chosen, day_from=first, day_to=last)
    panels.section(t("imports.coverage"), f"{range_label(first, last, lang())} · {t('imports.coverage_key')}")
    if days.empty:
        panels.empty(t("imports.coverage_empty"))
        return
    names = shop_names()
    rows = [f"{names.get(str(r.shop), str(r.shop))} · {label_of(r)}" for r in days.itertuples()]
    words = {"full": t("imports.day_full"), "partial": t("imports.day_partial"), "none": t("imports.day_none")}
    strip = charts_sources.coverage_strip(days.assign(row=rows), first, last, words)
    panels.chart(strip, t("imports.coverage_alt", n=len(set(rows))), "coverage")
    _gaps(chosen, first, last, names)


def _gaps(chosen: tuple[str, ...] | None, first: date, last: date, names: Mapping[str, str]) -> None:
    gaps = data.ask("sources/gaps", shops=chosen, day_from=first, day_to=last)
    files = submit.expected_files().set_index("source")
    daily = [source in files.index and files.at[source, "cadence"] == "daily" for source in gaps["source"]]
    gaps = gaps[daily]
    if gaps.empty:
        st.caption(t("imports.gaps_none"))
        return
    shown = gaps.assign(
        name=[names.get(str(s), str(s)) for s in gaps["shop"]], file=[label_of(r) for r in gaps.itertuples()],
        where=[files.at[s, f"where_{lang()}"] for s in gaps["source"]],
    )  # fmt: skip
    columns = {
        "name": Col(t("common.shop")), "file": Col(t("imports.file")), "gap_from": Col(t("imports.gap_from"), "day"),
        "gap_to": Col(t("imports.gap_to"), "day"), "days": Col(t("imports.days"), "count"), "where": Col(t("imports.where")),
    }  # fmt: skip
    panels.grid(shown, columns, "gaps", title=t("imports.gaps"), height=320)


def quarantine(chosen: tuple[str, ...] | None) -> None:
    """Rows that could not be read, with the reason; read again after a repair, or accept the file without them."""
    waiting = data.ask("sources/quarantine_packages", shops=chosen)
    panels.section(t("imports.quarantine"))
    if waiting.empty:
        st.success(t("imports.quarantine_none"), icon=":material/task_alt:")
        return
    st.caption(t("imports.quarantine_help"))
    titles = {str(row.package): f"{row.file_name or row.package} · {int(row.rows_waiting)}" for row in waiting.itertuples()}
    package = st.selectbox(t("imports.quarantine_pick"), list(titles), format_func=lambda p: titles[p], key="q_package")
    rows = data.ask("sources/quarantine", shops=chosen, package=package, max_rows=QUARANTINE_ROWS)
    reasons = [reason_label(str(r.reason)) for r in rows.itertuples()]
    columns = {
        "row_no": Col(t("imports.row_no"), "count"), "name": Col(t("imports.column")), "value": Col(t("imports.value")),
        "why": Col(t("imports.reason")), "raw": Col(t("imports.raw_row")),
    }  # fmt: skip
    panels.grid(rows.assign(why=reasons), columns, "quarantine", height=320)
    with st.container(horizontal=True):
        if st.button(t("imports.retry"), icon=":material/refresh:", help=t("imports.retry_help"), key="q_retry"):
            follow(lambda: submit.retry_package(package), "imports.retried")
        with st.popover(t("imports.accept"), icon=":material/rule:"):
            st.write(t("imports.accept_sure", n=int(waiting.set_index("package").at[package, "rows_waiting"])))
            if st.button(t("imports.accept_yes"), type="primary", key="q_accept"):
                follow(lambda: submit.accept_package(package), "imports.accepted")


def reason_label(reason: str) -> str:
    """A quarantine reason in the reader's words; unknown reasons as they are."""
    known = {
        "missing": "why_missing", "not a money": "why_number", "not a count": "why_number", "not a number": "why_number",
        "not a rate": "why_rate", "not a day": "why_day", "not a at": "why_at", "not a id": "why_id", "not a flag": "why_flag",
        "the same key twice with different values": "why_twice",
    }  # fmt: skip
    return t(f"imports.{known[reason]}") if reason in known else reason


def history(chosen: tuple[str, ...] | None) -> None:
    """Everything that entered the book, newest first; one can be undone."""
    packages = data.ask("sources/package_history", shops=chosen, max_rows=HISTORY_ROWS)
    if packages.empty:
        panels.empty(t("imports.history_empty"))
        return
    names, known = shop_names(), {str(r.package): r for r in packages.itertuples()}
    shown = packages.assign(
        at=[local_time(r.sealed_at) for r in packages.itertuples()],
        name=[names.get(str(s), str(s)) for s in packages["shop"]],
        what=[_what(r, known) for r in packages.itertuples()],
        source_name=["" if r.kind in DEEDS else label_of(r) for r in packages.itertuples()],
        how=[t(f"imports.kind_{kind}") for kind in packages["kind"]],
        now=[t(f"imports.package_{state}") for state in packages["state"]],
    )
    columns = {
        "at": Col(t("imports.arrived_at")), "name": Col(t("common.shop")), "what": Col(t("imports.file")),
        "source_name": Col(t("imports.source")), "how": Col(t("imports.how")), "day_from": Col(t("imports.day_from"), "day"),
        "day_to": Col(t("imports.day_to"), "day"), "rows_stored": Col(t("imports.rows_stored"), "count"),
        "rows_quarantined": Col(t("imports.rows_waiting"), "count"), "now": Col(t("imports.state")),
    }  # fmt: skip
    panels.grid(shown, columns, "packages", title=t("imports.history"), height=420)
    _undo(shown[(shown["state"] == "committed") & shown["kind"].isin(["file", "form", "api"])])


def _what(row: Any, known: Mapping[str, Any]) -> str:
    """The file of a package; of an undo or an acceptance the file that it is about."""
    about = known.get(str(row.refers)) if row.kind in DEEDS else row
    return "" if about is None else str(about.file_name or label_of(about))


def _undo(packages: pd.DataFrame) -> None:
    """Choose a package, see what it is, undo it after a second look."""
    if packages.empty:
        return
    titles = {str(r.package): f"{r.at} · {r.name} · {r.what}" for r in packages.itertuples()}
    picked = st.selectbox(
        t("imports.undo_pick"), list(titles), index=None, format_func=lambda p: titles[p], key="undo_package",
        placeholder=t("imports.undo_choose"),
    )  # fmt: skip
    if picked is None:
        return
    row = packages.set_index("package").loc[picked]
    st.warning(t("imports.undo_sure", what=plain(row["what"]), shop=plain(row["name"]), n=int(row["rows_stored"] or 0)))
    if st.button(t("imports.undo_yes"), type="primary", icon=":material/undo:", key="undo_yes"):
        follow(lambda: submit.undo_package(picked), "imports.undone")


def differences(chosen: tuple[str, ...] | None, day_from: date, day_to: date) -> None:
    """核对: two sources that disagree about one metric, and files whose own totals are not the sum of their rows."""
    checks = data.ask("sources/reconciliation", shops=chosen, day_from=day_from, day_to=day_to)
    names = shop_names()
    panels.section(t("imports.check"), range_label(day_from, day_to, lang()))
    st.caption(t("imports.check_help"))
    if checks.empty:
        st.info(t("imports.check_empty"), icon=":material/balance:")
    else:
        shown = checks.assign(
            name=[names.get(str(s), str(s)) for s in checks["shop"]],
            metric_name=[metric_label(str(m)) for m in checks["metric"]],
            used=[label_of(r, "chosen_label") for r in checks.itertuples()],
            other=[label_of(r) for r in checks.itertuples()],
        )
        columns = {
            "name": Col(t("common.shop")), "metric_name": Col(t("imports.metric")), "used": Col(t("imports.used_source")),
            "other": Col(t("imports.other_source")), "days_compared": Col(t("imports.days_compared"), "count"),
            "days_different": Col(t("imports.days_different"), "count"), "largest_day": Col(t("imports.largest_day"), "day"),
            "largest_chosen_value": Col(t("imports.used_value"), "ratio"), "largest_value": Col(t("imports.other_value"), "ratio"),
            "largest_difference": Col(t("imports.difference"), "ratio"),
        }  # fmt: skip
        panels.grid(shown, columns, "check", height=420)
    _stated_totals(chosen, names)


def _stated_totals(chosen: tuple[str, ...] | None, names: Mapping[str, str]) -> None:
    totals = data.ask("sources/stated_totals", shops=chosen, package=None)
    if totals.empty:
        return
    columns = {
        "shop_name": Col(t("common.shop")), "file_name": Col(t("imports.file")), "name": Col(t("imports.column")),
        "stated": Col(t("imports.stated"), "ratio"), "summed": Col(t("imports.summed"), "ratio"),
        "difference": Col(t("imports.difference"), "ratio"),
    }  # fmt: skip
    shown = totals.assign(shop_name=[names.get(str(s), str(s)) for s in totals["shop"]])
    panels.grid(shown, columns, "totals", title=t("imports.totals"), height=320)


def local_time(at: Any) -> str:
    """A UTC instant of the package history in the clock of the first shop."""
    zones = [str(zone) for zone in data.shops()["zone"] if zone] or ["Asia/Shanghai"]
    return "" if is_missing(at) else f"{pd.Timestamp(at).tz_localize('UTC').tz_convert(zones[0]):%Y-%m-%d %H:%M}"


def follow(deed: Callable[[], list[str]], done: str) -> None:
    """Do the deed, wait for the writer, show the page anew."""
    try:
        with st.spinner(t("imports.writing")):
            packages = deed()
    except OpsError as error:
        st.error(t("imports.refused", why=str(error)), icon=":material/error:")
        return
    wait_and_show(packages, done)
