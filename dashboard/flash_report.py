"""The 下播快报: eight figures of one session beside its account's last session and its usual one, as the content of the picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.format import change, duration, fmt, pct
from dashboard.labels import text
from dashboard.report import Line, MetricWords, Report, sign
from queries.live.flash import FIGURES, figure
from queries.live.verdict import LAST, judge

TYPED = "typed"


def flash_report(
    rows: pd.DataFrame, typed: Mapping[str, Any], name: str, shop: str, metrics: Mapping[str, MetricWords], lang: str, title: str = ""
) -> Report:  # fmt: skip
    """rows: of live/history, the session first; typed: what was typed of it, {} where nothing was; name: of the session; title: else the flash report's."""
    row = rows.iloc[0]
    lines = tuple(_line(rows, typed, column, metrics, lang) for column in FIGURES)
    compared = (text(lang, "flash.last"), text(lang, "flash.usual"))
    heading = text(lang, "flash.heading", n=min(len(rows) - 1, LAST))
    sources = str(row["sources"]).split("+")
    foot = text(lang, "flash.foot_typed" if sources == [TYPED] else "flash.foot_both" if TYPED in sources else "flash.foot_files")
    title = title or text(lang, "flash.picture_title", day=f"{row['started_at']:%Y-%m-%d}")
    return Report(row["started_at"].date(), title, f"{shop} · {name}", heading, lines, (), (), (), (), foot, lang, compared)


def _line(rows: pd.DataFrame, typed: Mapping[str, Any], column: str, metrics: Mapping[str, MetricWords], lang: str) -> Line:
    unit = FIGURES[column][1]
    past = [figure(row, column) for row in rows.iloc[1:].to_dict("records")]
    value = figure(rows.iloc[0], column)
    if value is None and pd.notna(typed.get(column)):
        value = float(typed[column])
    known = [each for each in past if each is not None]
    median = float(pd.Series(known).median()) if known else None
    last, usual = change(value, past[0] if past else None), change(value, median)
    word = judge(value, median, len(known)) if column not in ("ad_spend", "duration_s") else "unknown"  # more is neither better nor worse
    note = text(lang, f"live.{word}") if word in ("good", "fair", "poor") else ""
    return Line(named(column, metrics, lang), said(value, unit, str(rows["currency"].iloc[0]), lang), note, pct(last), pct(usual), sign(last), sign(usual))


def named(column: str, metrics: Mapping[str, MetricWords], lang: str) -> str:
    """What a figure is called; the length of the session is no sum of hours."""
    return text(lang, "flash.duration") if column == "duration_s" else metrics[FIGURES[column][0]].label[lang]


def said(value: float | None, unit: str, currency: str, lang: str) -> str:
    """A figure in words, a dash when unknown."""
    if value is not None and unit == "seconds":
        return duration(value, lang)
    return fmt(value, unit, currency, lang)
