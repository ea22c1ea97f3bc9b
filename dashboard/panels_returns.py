"""What a yuan of ads brought this month, five ways side by side: the platform's ROI, net ROI, MER, cost ratio, break-even."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import ads_rows, data, panels, purse_words, purses
from dashboard.columns import Col
from dashboard.format import day_label, divide, is_missing
from dashboard.labels import lang, t
from dashboard.panels_plan_here import as_of
from dashboard.parts import label, tips
from dashboard.periods import View
from dashboard.purses import Purse
from queries.ads.limits import ALL

KINDS = ("roas", "net_roas", "mer", "ad_cost_ratio", "break_even_roas")


def show(shown: View) -> None:
    """One line per purse and one for all, from the month's first day to the last whole day; nothing without ad spend."""
    first, _ = purses.month_of(shown)
    day = as_of(shown)
    found = [one for one in purses.of_month(shown, day) if one.counts]
    if not found or day < first:
        return
    rows = data.kept("ads/returns", lambda: _rows(shown, found, first, day), first, day, shown.shops, lang())
    columns = {
        "name": Col(t("ads.purse")),
        "verdict": Col(t("live.verdict")),
        "spend": Col(label("spend"), "money", "currency"),
        "attributed_sales": Col(label("attributed_sales"), "money", "currency"),
        **{kind: Col(label(kind), "rate" if kind == "ad_cost_ratio" else "ratio") for kind in KINDS},
        "attribution": Col(t("ads.attribution")),
        "moving": Col(t("purse.moving_days"), "count"),
    }
    title = t("purse.returns", month=f"{first:%Y-%m}")
    panels.table(rows, columns, f"returns_{first:%Y-%m}", title=title, note=t("purse.returns_note", day=day_label(day, lang(), weekday=False)))
    with st.expander(t("purse.returns_what"), icon=":material/info:"):
        said = [f"**{label(kind)}**　{tips([kind])[kind]}" for kind in KINDS]
        st.markdown("\n\n".join([*said, t("purse.returns_rule"), t("ads.attribution_help")]))


def _rows(shown: View, found: Sequence[Purse], first: date, day: date) -> pd.DataFrame:
    drilled = data.ask("ads/drill", shops=shown.shops, day_from=first, day_to=day)
    credited = ads_rows.purses(drilled.assign(spend_before=None)) if len(drilled) else pd.DataFrame(columns=["currency", "purse"])
    sales = data.measure("sales", first, day, "shop", shown.shops)
    return pd.DataFrame([_row(one, credited, sales, first, day) for one in found])


def _row(one: Purse, credited: pd.DataFrame, sales: pd.DataFrame, first: date, day: date) -> dict[str, Any]:
    """The sum has no credited sales: two platforms may claim the same order; it is judged by MER, a purse by its own ROI."""
    mine = credited[(credited["purse"] == one.purse) & (credited["currency"] == one.currency)]
    said = mine.iloc[0].to_dict() if len(mine) else {}
    shops = sales[sales["shop"].isin(one.shops) & (sales["currency"] == one.currency)]["value"].dropna()
    sold = float(shops.sum()) if len(shops) else None
    spend, mer, even = one.paced.progress.actual, _measure("mer", one, first, day), _measure("break_even_roas", one, first, day)
    is_sum = one.purse == ALL
    return {
        "name": purse_words.name(one), "currency": one.currency, "spend": spend, "attributed_sales": said.get("attributed_sales"),
        "roas": said.get("roas"), "net_roas": said.get("net_roas"), "mer": mer,
        "ad_cost_ratio": _measure("ad_cost_ratio", one, first, day) if is_sum else divide(spend, sold), "break_even_roas": even,
        "verdict": _verdict(mer if is_sum else said.get("roas"), even), "moving": len(one.moving.days),
        "attribution": "" if is_sum else said.get("attribution") or t("ads.attribution_unsaid"),
    }  # fmt: skip


def _measure(metric: str, one: Purse, first: date, day: date) -> float | None:
    rows = data.measure(metric, first, day, None, one.shops)
    values = rows[rows["currency"] == one.currency]["value"].dropna() if len(rows) else rows
    return float(values.iloc[0]) if len(values) else None


def _verdict(value: Any, even: float | None) -> str:
    """好 at break-even or over it, 差 under it; without a margin nothing is said."""
    if is_missing(value) or even is None:
        return ""
    return t("live.good" if float(value) >= even else "live.poor")
