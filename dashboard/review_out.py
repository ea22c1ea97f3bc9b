"""A session's review to take along: one long picture for the group chat, a page to print, a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import access, data, panels, panels_flash, panels_script
from dashboard.flash_report import TYPED, flash_report
from dashboard.format import DASH, at_label, clock, is_missing
from dashboard.labels import lang, t
from dashboard.panels_goals import goal_lines
from dashboard.panels_live import rule, session_name
from dashboard.panels_report import handed_out
from dashboard.panels_review import marks, segments_rule
from dashboard.panels_typed import shop_names
from dashboard.picture import NoFont
from dashboard.preferences import red_up
from dashboard.review_frames import Table, advice_lines, minute_names, said, tables
from dashboard.review_picture import Told, picture
from dashboard.reviews import Review
from dashboard.workbooks import FORMATS, XLSX, Cell, Sheet, workbook
from queries import METRICS

_CSS = Path(__file__).with_name("plan_print.css")
WIDE, HIGH = 720, 190  # of the curve on paper, in its own units
PAPER = {
    "segments": ("begins", "ends", "segment", "said", "sales_per_minute", "sales_lift", "clicks_per_minute", "clicks_lift"),
    "script": ("minute", "word", "what", "plan", "real", "planned_minutes", "on_air", "host"),
}  # fmt: skip


def draw(row: Any, rows: pd.DataFrame, found: Review) -> DeltaGenerator:
    """The buttons, one row on a phone where they fit; everything is made when pressed. Not on a phone that was let in: it reads only.

    Returns the row, for the menu of the review's tables.
    """
    buttons = st.container(horizontal=True, key="review_take")
    if not access.on_phone():
        with buttons, panels.guard():
            _take(row, rows, found)
    return buttons


def _take(row: Any, rows: pd.DataFrame, found: Review) -> None:
    name = f"daybook-live-{row['started_at']:%Y-%m-%d-%H%M}"
    panels_flash.picture_button(rows, (str(row["shop"]),))
    if st.button(t("review.picture"), icon=":material/image:", type="tertiary", key="review_picture", help=t("review.picture_help")):
        _shown(row, rows, found, name)
    st.download_button(
        t("review.xlsx"), lambda: xlsx_bytes(row, rows, found), f"{name}.xlsx", XLSX, key="review_xlsx", on_click="ignore",
        icon=":material/table_view:", type="tertiary", help=t("review.xlsx_help"),
    )  # fmt: skip
    st.download_button(
        t("review.print"), lambda: document(row, rows, found).encode(), f"{name}.html", "text/html", key="review_print", on_click="ignore",
        icon=":material/print:", type="tertiary", help=t("review.print_help"),
    )  # fmt: skip


def _shown(row: Any, rows: pd.DataFrame, found: Review, name: str) -> None:
    @st.dialog(t("review.picture"), width="large")
    def body() -> None:
        hides = st.toggle(t("review.picture_hides"), key="review_hides", help=t("review.picture_hides_help"))
        try:
            handed_out(picture(told(row, rows, found, hides), red_up()), f"{name}.png")
        except NoFont as error:
            panels.failed(error)

    body()


def told(row: Any, rows: pd.DataFrame, found: Review, hides: bool = False) -> Told:
    """What the picture says: the eight figures of a flash report first, then the tables."""
    typed = panels_flash.typed_of(rows, (str(row["shop"]),))
    title = t("review.picture_title", day=f"{row['started_at']:%Y-%m-%d}")
    shop = shop_names().get(str(row["shop"]), str(row["shop"]))
    report = flash_report(rows, typed, session_name(next(rows.itertuples())), shop, METRICS, lang(), title)
    lines = {t(f"review.{action}"): [f"{what} {words}" for what, words in advice_lines(row, found, action)] for action in ("repeat", "drop")}
    lines = {t("sheet.title"): panels_script.told(row, (str(row["shop"]),), found)} | lines
    lines[t("review.goals")] = [f"{goal} · {mark}" for goal, mark, _ in goal_lines(row, not hides)]
    bands = [(int(p.first), int(p.last), str(p.word)) for p in found.parts.itertuples()]
    if not is_missing(row["as_of"]):
        report = replace(report, as_of=f"{report.as_of} · {t('review.about_as_of')} {row['as_of']:%Y-%m-%d %H:%M}")
    money = str(row["currency"]) if hides else None
    return Told(report, tables(row, rows, found), lines, found.curve, bands, row["started_at"], found.sales_from == "orders", money,
                panels_script.planned(row, (str(row["shop"]),)), [mark.minute for mark in marks(found, row["started_at"]) if mark.minute >= 0])  # fmt: skip


def xlsx_bytes(row: Any, rows: pd.DataFrame, found: Review) -> bytes:
    """A sheet a table, and what they stand on; numbers in their unit, what is missing blank, text never a formula."""
    return workbook(_sheets(row, rows, found))


def _sheets(row: Any, rows: pd.DataFrame, found: Review) -> Iterator[Sheet]:
    for table in tables(row, rows, found):
        yield Sheet(table.title.split("：")[0].split(":")[0], [col.label for col in table.shown.values()], [_cells(record, table) for record in table.frame.to_dict("records")])
    for head, action in ((t("review.repeat"), "repeat"), (t("review.drop"), "drop")):
        lines = [[(what, ""), (words, "")] for what, words in advice_lines(row, found, action)]
        if lines:
            yield Sheet(head, [t("review.about"), t("review.said")], lines)
    goals = [[(goal, ""), (mark, "")] for goal, mark, _ in goal_lines(row)]
    if goals:
        yield Sheet(t("review.goals"), [t("review.about"), t("review.word")], goals)
    yield Sheet(t("review.sheet_notes"), [t("review.about"), t("review.said")], [[(name, ""), (words, "")] for name, words in about(row, found)])


def _cells(record: dict[Any, Any], table: Table) -> list[Cell]:
    return [(record[name], form if (form := col.unit_of(record)) in FORMATS else "whole" if form == "person" else "") for name, col in table.shown.items()]


def about(row: Any, found: Review) -> Iterator[tuple[str, str]]:
    """Which session, from which reports, as of when, and how it is judged."""
    end = DASH if is_missing(row["ended_at"]) else at_label(row["ended_at"])
    yield t("review.about_session"), f"{at_label(row['started_at'])} – {end}"
    yield t("review.about_account"), " · ".join(str(v) for v in (shop_names().get(str(row["shop"]), row["shop"]), row["account_name"]) if not is_missing(v) and v)
    yield t("review.about_sources"), t("review.listed").join(_named(str(row["sources"]).split("+")))
    yield t("review.about_as_of"), DASH if is_missing(row["as_of"]) else at_label(row["as_of"])
    yield t("review.about_made"), at_label(data.now(data.zone(str(row["shop"]))))
    yield t("review.about_currency"), str(row["currency"])
    yield t("review.about_sales"), t(f"review.sales_from_{found.sales_from}")
    yield t("review.about_verdict"), rule()
    yield t("review.about_segments"), segments_rule()
    yield t("review.cost"), t("review.cost_note")
    yield t("review.blank"), t("review.blank_means")


def _named(sources: list[str]) -> list[str]:
    """What the reports are called, the typed one too."""
    known = {r.source: (r.label_zh if lang() == "zh" else r.label_en) for r in data.ask("sources/names").itertuples()}
    return [t("flash.title") if source == TYPED else str(known.get(source) or source) for source in sources]


def document(row: Any, rows: pd.DataFrame, found: Review) -> str:
    """The page to print, A4 upright: a whole document, every text escaped, no script, nothing loaded."""
    title = t("review.picture_title", day=f"{row['started_at']:%Y-%m-%d}")
    head = "".join(f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in list(about(row, found))[:7])
    parts = [f"<h1>{escape(title)}</h1><dl>{head}</dl>", _curve(row, found)]
    for table in tables(row, rows, found):
        if table.key != "minutes":
            said_first = panels_script.told(row, (str(row["shop"]),), found)[0] if table.key == "script" else ""
            parts.append(f"<h2>{escape(table.title)}</h2>{f'<p>{escape(said_first)}</p>' if said_first else ''}{_table(table)}")
    for action in ("repeat", "drop"):
        lines = "".join(f"<li><b>{escape(what)}</b> {escape(words)}</li>" for what, words in advice_lines(row, found, action))
        parts.append(f"<h2>{escape(t(f'review.{action}'))}</h2>" + (f"<ul>{lines}</ul>" if lines else f'<p class="none">{escape(t("review.nothing"))}</p>'))
    goals = "".join(f"<li>{escape(goal)} · <b>{escape(mark)}</b></li>" for goal, mark, _ in goal_lines(row))
    parts.append(f"<h2>{escape(t('review.goals'))}</h2><ul>{goals}</ul>" if goals else "")
    language = "zh-CN" if lang() == "zh" else "en"
    style = _CSS.read_text(encoding="utf-8")
    return f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{style}</style></head><body>{"".join(parts)}</body></html>'


def _table(table: Table) -> str:
    """The columns that fit on paper; the workbook has them all."""
    shown = {name: col for name, col in table.shown.items() if name in PAPER.get(table.key, (name,)) and col.where != "export"}
    heads = "".join(f'<th class="{"" if col.unit == "text" else "n"}">{escape(col.label)}</th>' for col in shown.values())
    rows = []
    for record in table.frame.to_dict("records"):
        cells = (f'<td class="{"" if col.unit == "text" else "n"}">{escape(said(record, name, col, lang()))}</td>' for name, col in shown.items())
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _curve(row: Any, found: Review) -> str:
    """People online as a line and sales by the minute as bars, as one drawing."""
    frame = found.curve
    if frame.empty:
        return ""
    last = max(int(frame["minute"].max()), 1)
    at = [round(WIDE * minute / last, 1) for minute in frame["minute"]]
    sales, online = (pd.to_numeric(frame[name]).astype(float) for name in ("live_sales", "online"))
    bars = "".join(f"M{x} {HIGH}v{-HIGH * 0.45 * v / sales.max():.1f}" for x, v in zip(at, sales, strict=True) if v > 0)
    pen, line = "M", ""
    for x, v in zip(at, online, strict=True):
        line += f"{pen}{x} {HIGH - HIGH * 0.95 * v / online.max():.1f}" if v == v else ""
        pen = "L" if v == v else "M"
    ticks = "".join(f'<text x="{WIDE * m / last:.0f}" y="{HIGH + 14}" font-size="10" fill="#6b7480">{clock(row["started_at"], m)}</text>' for m in range(0, last, 60))
    planned = [WIDE * minute / last for minute, _ in panels_script.planned(row, (str(row["shop"]),)) if minute <= last]
    named = [(f"— {t('live.minute_online')}", "#3b78e7"), (f"▪ {minute_names(found)['live_sales']}", "#d99a2b")] + [(f"┆ {t('sheet.planned')}", "#6b7480")] * bool(planned)
    words = "".join(f'<tspan fill="{ink}" dx="{14 * (place > 0)}">{escape(name)}</tspan>' for place, (name, ink) in enumerate(named))
    rows = "".join(f"M{at:.1f} 0V{HIGH}" for at in planned)
    return (
        f'<h2>{escape(t("live.minutes"))}</h2><svg viewBox="0 -16 {WIDE} {HIGH + 34}" style="width:100%">'
        f'<path d="{rows}" stroke="#9aa3ad" stroke-width="0.8" stroke-dasharray="3 3"/><path d="{bars}" stroke="#d99a2b" stroke-width="1.6" fill="none"/>'
        f'<path d="{line}" stroke="#3b78e7" stroke-width="1.6" fill="none"/><path d="M0 {HIGH}H{WIDE}" stroke="#9aa3ad"/>{ticks}<text x="0" y="-5" font-size="10">{words}</text></svg>'
    )
