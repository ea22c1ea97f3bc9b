"""The run sheet under its session: what was planned against what happened, row by row, with minutes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import access, data, panels, panels_script_edit
from dashboard.charts_review import Mark
from dashboard.columns import Col
from dashboard.format import at_label, clock
from dashboard.labels import lang, t
from dashboard.parts import heading_tip, note
from dashboard.reviews import Review
from queries.live.against import TOLERANCE, against

ORDER = ("on_time", "late", "early", "swapped", "skipped", "not_reached", "unknown", "no_link", "extra")
OFF, MOST_OFF = ("late", "early", "swapped", "skipped"), 8  # rows told in words


def sheet_of(row: Any, shops: tuple[str, ...] | None) -> pd.DataFrame:
    """The rows of the session's run sheet; empty without one."""
    return data.ask("live/script", session=str(row["session"]), shops=shops)


def marks(row: Any, shops: tuple[str, ...] | None) -> list[Mark]:
    """Every planned row on the minute curve."""
    sheet = sheet_of(row, shops)
    return [Mark(int(r.minute), f"{clock(row['started_at'], int(r.minute))} {t('sheet.planned')} {_what(r._asdict())}") for r in sheet.itertuples()]


def show(row: Any, shops: tuple[str, ...] | None, found: Review) -> None:
    """Planned against real, the counts in words first; without a sheet, the way to make one."""
    sheet = sheet_of(row, shops)
    tip = t("sheet.rule", minutes=TOLERANCE)
    if sheet.empty:
        heading_tip(t("sheet.title"), "", tip)
        note(t("sheet.none"))
        _edit(row, None)
        return
    held = _held(row, shops, sheet, found)
    of, words = (str(row["session"]), shops), _words(row, shops, sheet, held)
    panels.table(lambda: _shown(row, held), sheet_columns(), f"live_script_{row['session']}", title=t("sheet.title"), note=words, height=420, of=of)
    panels.remark(tip + ("" if (held["word"] != "unknown").all() else " " + t("sheet.unknown_note")))
    _edit(row, sheet.iloc[0])


def _words(row: Any, shops: tuple[str, ...] | None, sheet: pd.DataFrame, held: pd.DataFrame) -> str:
    return data.kept("live/sheet_words", lambda: _counts(held) + _start(row, sheet), str(row["session"]), shops, lang())


def told(row: Any, shops: tuple[str, ...] | None, found: Review) -> list[str]:
    """The counts in words, then the rows that did not run as planned; nothing without a sheet."""
    sheet = sheet_of(row, shops)
    if sheet.empty:
        return []
    held = _held(row, shops, sheet, found)
    off = held[held["word"].isin(OFF)].to_dict("records")
    return [_words(row, shops, sheet, held), *(f"{clock(row['started_at'], each['minute'])} {_what(each)} {_word(each)}" for each in off[:MOST_OFF])]


def planned(row: Any, shops: tuple[str, ...] | None) -> list[tuple[int, str]]:
    """Minute and short name of every planned row, for a drawn curve."""
    return [(int(r.minute), t("review.link_short", n=r.link_no) if r.link_no else str(r.segment or r.action)[:4]) for r in sheet_of(row, shops).itertuples()]


def _held(row: Any, shops: tuple[str, ...] | None, sheet: pd.DataFrame, found: Review) -> pd.DataFrame:
    return data.kept("live/against", lambda: against(sheet, found.events, found.length), str(row["session"]), shops)


def held_frame(row: Any, shops: tuple[str, ...] | None, found: Review) -> pd.DataFrame:
    """The sheet held against what happened, in words; empty without a sheet."""
    sheet = sheet_of(row, shops)
    return sheet if sheet.empty else _shown(row, _held(row, shops, sheet, found))


def _edit(row: Any, first: Any) -> None:
    if access.on_phone():
        return
    at = first["sheet_at"] if first is not None else pd.Timestamp(row["started_at"]).floor("min")
    if st.button(t("sheet.change" if first is not None else "sheet.write"), icon=":material/edit_note:", key="sheet_change"):
        panels_script_edit.opened(str(row["shop"]), None if first is None else str(first["account"]), at.to_pydatetime())


def _counts(held: pd.DataFrame) -> str:
    """8 on time, 2 late (6 minutes at most), 1 skipped."""
    parts = []
    for word in ORDER:
        some = held[held["word"] == word]
        if len(some):
            most = t("sheet.at_most", n=int(pd.to_numeric(some["late"]).abs().max())) if word in ("late", "early") else ""
            parts.append(t("sheet.count", word=t(f"sheet.{word}"), n=len(some)) + most)
    return (" · " if lang() == "en" else "，").join(parts)


def _start(row: Any, sheet: pd.DataFrame) -> str:
    """How much later than planned the room opened, where it is a minute or more."""
    apart = round((pd.Timestamp(row["started_at"]) - sheet["sheet_at"].iloc[0]).total_seconds() / 60)
    return "" if not apart else " · " + t("sheet.start_late" if apart > 0 else "sheet.start_early", n=abs(apart), at=at_label(sheet["sheet_at"].iloc[0]))


def _shown(row: Any, held: pd.DataFrame) -> pd.DataFrame:
    lines = []
    for each in held.to_dict("records"):
        host = each["host"]
        if each["host_was"] and each["host_was"] != host:
            host = t("sheet.host_was", planned=host, was=each["host_was"]) if host else each["host_was"]
        offer = each["offer"]
        if offer and pd.notna(each["offer_at"]):
            offer += t("sheet.offer_at", at=clock(row["started_at"], int(each["offer_at"])))
        span = pd.notna(each["minute"]) and pd.notna(each["until"])
        lines.append(
            {
                "plan": clock(row["started_at"], each["minute"]), "minute": each["minute"], "what": _what(each), "word": _word(each),
                "real": clock(row["started_at"], each["actual"]), "late": each["late"], "host": host, "offer": offer, "action": each["action"],
                "duty": each["duty"], "planned_minutes": each["until"] - each["minute"] if span else None, "on_air": each["on_air"],
            }
        )  # fmt: skip
    return pd.DataFrame(lines)


def sheet_columns() -> dict[str, Col]:
    """Columns of the table and of its exports."""
    return {
        "minute": Col(t("sheet.minute"), "count"), "word": Col(t("sheet.word")), "what": Col(t("sheet.what"), is_long=True),
        "plan": Col(t("sheet.plan"), where="wide"), "real": Col(t("sheet.real")), "late": Col(t("sheet.late_minutes"), "count", where="export"),
        "planned_minutes": Col(t("sheet.planned_minutes"), "count", where="wide"), "on_air": Col(t("sheet.on_air"), "count"),
        "host": Col(t("sheet.host"), where="wide"), "offer": Col(t("sheet.offer"), where="wide", is_long=True),
        "action": Col(t("sheet.action"), where="wide", is_long=True), "duty": Col(t("sheet.duty"), where="wide"),
    }  # fmt: skip


def _word(each: dict[str, Any]) -> str:
    """Late by 6; swapped says by how much it moved."""
    word = t(f"sheet.{each['word']}")
    if each["word"] in ("late", "early", "swapped") and each["late"]:
        return t("sheet.by", word=word, n=abs(int(each["late"])))
    return word


def _what(each: dict[str, Any]) -> str:
    name = each.get("name") or each.get("text") or (each["title"] if pd.notna(each.get("title")) else "") or each["item_id"]
    link = t("review.link", n=each["link_no"]) if each["link_no"] else ""
    return " ".join(part for part in (each["segment"], link, name) if part) or each.get("action", "")
