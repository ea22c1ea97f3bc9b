"""Small parts that the traffic, ads and live pages share: metric words, remarks, cards, the table whose rows open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard import cards, data, panels
from dashboard.columns import Col
from dashboard.format import change, is_missing
from dashboard.labels import lang, pick, t
from dashboard.periods import View
from dashboard.tree import Node, rows, tree_html
from queries import METRICS

_CSS = Path(__file__).with_name("parts.css")
SPARK_DAYS = 14


def style() -> None:
    """The style sheet of these parts; once per run of a page that uses them."""
    st.html(_CSS)


def label(metric: str) -> str:
    """The metric's name in the reader's language; an id that is no metric stays as it is."""
    return pick(METRICS[metric].label, metric) if metric in METRICS else metric


def tips(names: Iterable[str]) -> dict[str, str]:
    """Tooltips of those `names` that are metrics: what it means and on what basis."""
    return {name: pick(METRICS[name].tooltip) for name in names if name in METRICS}


def note(message: str) -> None:
    """A quiet, greyed remark where a panel has nothing to show: what is missing and which file brings it."""
    st.html(f'<div class="db-note db-off"><p>{escape(message)}</p></div>')


def heading_tip(title: str, remark: str = "", tip: str = "") -> None:
    """A panel's heading whose explanation opens on hover."""
    panels.section(title, remark, tip)


def tree(
    nodes: Sequence[Node], columns: Mapping[str, Col], *, head: str, tip: Mapping[str, str], name: str, title: str,
    remark: str = "",
) -> None:
    """A table whose rows open, with heading and export; the export has a column `path` and every row once."""
    flat = pd.DataFrame(rows(nodes), columns=["path", "level", *columns])
    panels.titled(title, remark, flat.rename(columns={"path": head} | {c: col.label for c, col in columns.items()}), name)
    st.html(tree_html(nodes, columns, head, tip, lang()))


def figures(metrics: Sequence[str], shown: View) -> None:
    """KPI cards of `metrics` over the view, with the change against the compared days and the last 14 days as a line.

    今日 so far has no change: figures here have no hours, and a whole day would be no fair measure.
    """
    first = min(shown.day_from, shown.day_to - timedelta(days=SPARK_DAYS - 1))

    def written() -> str:
        return cards.html([kpi for metric in metrics if metric in METRICS for kpi in _kpis(metric, first, shown)])

    st.html(data.kept("figures", written, tuple(metrics), shown, lang()))


def _kpis(metric: str, first: date, shown: View) -> list[cards.Kpi]:
    """One card per currency; a metric without a figure keeps one card that says so."""
    facts = METRICS[metric]
    now = data.measure(metric, shown.day_from, shown.day_to, None, shown.shops)
    before = data.measure(metric, shown.compare_from, shown.compare_to, None, shown.shops)
    daily = data.measure(metric, first, shown.day_to, "day", shown.shops)
    currencies = list(dict.fromkeys(now["currency"])) or [None]
    found = []
    for currency in currencies:
        value, row = _one(now, currency), now[now["currency"] == currency]
        was = _one(before, currency)
        upper = bool(len(row)) and str(row["bound"].iloc[0]) == "upper" and facts.unit == "person" and shown.days > 1
        days = daily[daily["currency"] == currency] if len(daily) else daily
        spark = _by_day(days, first, shown.day_to)
        found.append(
            cards.Kpi(
                label(metric), value, facts.unit, currency if facts.unit == "money" else None, facts.good,
                pick(facts.tooltip), t("common.daily_sum") if upper else (currency or "") if len(currencies) > 1 else "",
                off="" if any(v is not None for v in spark) else t("common.no_data"),
                deltas=[] if shown.hour_to is not None else [cards.Delta(t(f"filter.{shown.compare}"), change(value, was), was)],
                spark=spark,
            )
        )  # fmt: skip
    return found


def _one(frame: pd.DataFrame, currency: str | None) -> float | None:
    values = frame[frame["currency"] == currency]["value"].dropna() if len(frame) else frame
    return float(values.iloc[0]) if len(values) else None


def _by_day(frame: pd.DataFrame, first: date, last: date) -> list[float | None]:
    """A value for every day from `first` to `last`; a day without a figure is None."""
    known = {pd.Timestamp(d).date(): v for d, v in zip(frame["day"], frame["value"], strict=True)} if len(frame) else {}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [None if is_missing(known.get(d)) else float(known[d]) for d in days]
