"""The purses of the month on the ads page: where each stands, where it ends, when the money runs out, what days to come may cost."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard import access, charts_plan, data, panels, purse_words, purses, submit
from dashboard.axes import Finished
from dashboard.columns import Col
from dashboard.format import day_label, exact, fmt
from dashboard.labels import lang, t
from dashboard.panels_plan_here import as_of, bar
from dashboard.panels_typed import save
from dashboard.parts import heading_tip, note
from dashboard.periods import View
from dashboard.purses import Purse
from queries.ads.day_split import left_by_day
from queries.plan.errors import PlanError

_CSS = Path(__file__).with_name("plan_here.css")


def show(shown: View) -> None:
    """Cards of all purses, then the chosen one: its course, its ladder, the days to come."""
    first, _ = purses.month_of(shown)
    day = as_of(shown)
    found = purses.of_month(shown, day)
    title = t("purse.title", month=f"{first:%Y-%m}")
    if not found:
        heading_tip(title, "", t("purse.title_tip"))
        note(t("purse.none"))
        return
    st.html(_CSS)
    panels.titled(title, t("purse.note", day=day_label(day, lang(), weekday=False)), purse_words.table(found), f"purses_{first:%Y-%m}", t("purse.title_tip"))
    st.html(f'<div class="db-here db-purses">{"".join(_card(one) for one in found)}</div>')
    if all(one.paced.limit.amount is None for one in found if one.counts):
        panels.remark(t("purse.no_limits"))
    one = _chosen(found)
    with panels.guard():
        _course(one, day, (first, shown.shops))
    left, right = st.columns(2)
    with left, panels.guard():
        _ladder(one)
    with right, panels.guard():
        _days_to_come(one, ",".join(sorted(shown.shops or ())))


def _card(one: Purse) -> str:
    """One purse: word, spent of limit, a bar with a mark where today should be, what follows from it."""
    p, money = one.paced.progress, one.currency
    name = escape(purse_words.name(one))
    off = "" if one.counts else f'<em class="db-chip" title="{escape(t("purse.not_counted_tip"))}">{escape(t("purse.not_counted"))}</em>'
    limit = t("purse.no_limit") if p.target is None else t("purse.of_limit", amount=fmt(p.target, "money", money, lang()))
    spent = f'<b title="{escape(exact(p.actual, "money", money))}">{escape(fmt(p.actual, "money", money, lang()))}</b>'
    facts = "".join(f'<span title="{escape(tip)}">{escape(said)}</span>' for said, tip in purse_words.facts(one))
    return (
        f'<div class="one"><p class="h">{purse_words.chip(one)}<b>{name}</b>{off}</p><p class="v">{spent}<span>{escape(limit)}</span></p>'
        f'{bar(p)}<p class="f">{facts}</p><p class="q" title="{escape(purse_words.grounds(one))}">{escape(purse_words.grounds(one))}</p></div>'
    )


def _chosen(found: Sequence[Purse]) -> Purse:
    names = [f"{purse_words.name(one)} {one.currency}" if len({each.currency for each in found}) > 1 else purse_words.name(one) for one in found]
    if len(found) == 1:
        return found[0]
    at = st.segmented_control(t("purse.choose"), names, default=names[0], key="purse_chosen", label_visibility="collapsed")
    return found[names.index(at)] if at in names else found[0]


def _course(one: Purse, day: date, of: Hashable) -> None:
    """Spent to date against the curve, with the range to the month's end. of: which month's purses, of which shops."""
    paced, money = one.paced, one.currency
    days = paced.days
    if days.empty:
        note(t("purse.no_course"))
        return
    names = {
        "day": t("common.day"), "actual": t("purse.spent_day"), "so_far": t("purse.spent"), "expected": t("purse.expected"),
        "low": t("purse.low"), "mid": t("purse.landing"), "high": t("purse.high"),
    }  # fmt: skip
    out = days[list(names)].rename(columns=names)
    out[t("purse.state")] = [t("purse.moving_day") if at in one.moving.days else "" for at in days["day"]]
    panels.titled(purse_words.name(one), purse_words.curve(one), out, f"purse_{one.purse or 'all'}_{money}_{paced.curve.first:%Y-%m}", t("purse.curve_tip"))
    fig = data.kept("purse/course", lambda: _drawn(one, day), of, one.purse, money, day, lang())
    panels.chart(fig, t("purse.alt"), f"purse_{one.purse or 'all'}_{money}")
    for said in purse_words.remarks(one):
        st.caption(said)


def _drawn(one: Purse, day: date) -> Finished:
    words = {key: t(f"purse.{key}") for key in ("expected", "range", "today")} | {"so_far": t("purse.spent"), "mid": t("purse.landing"), "target": t("purse.limit")}
    target = None if one.paced.limit.amount is None else float(one.paced.limit.amount)
    fig = charts_plan.course(one.paced.days, today=day, names=words, unit="money", currency=one.currency, lang=lang(), target=target, height=270)
    if one.moving.first is not None:
        charts_plan.moving(fig, one.moving.first, max(one.moving.days), t("purse.moving_day"))
    return Finished(fig)


def _ladder(one: Purse) -> None:
    """50, 75, 90, 100 %: reached on, planned for, expected on."""
    if not one.paced.ladder:
        heading_tip(t("purse.ladder"), "", t("purse.ladder_tip"))
        note(t("purse.ladder_none"))
        return
    rows = [
        {"share": f"{float(r.share):.0%}", "amount": float(r.amount), "planned": _short(r.planned), "reached": _short(r.reached), "expected": purse_words.expected(r)}
        for r in one.paced.ladder
    ]
    columns = {
        "share": Col(t("purse.share")), "amount": Col(t("purse.amount"), "money", one.currency), "planned": Col(t("purse.planned_on")),
        "reached": Col(t("purse.reached_on")), "expected": Col(t("purse.expected_on")),
    }  # fmt: skip
    panels.table(pd.DataFrame(rows), columns, f"ladder_{one.purse or 'all'}_{one.currency}", title=t("purse.ladder"), note=t("purse.ladder_note"))


def _short(day: date | None) -> str:
    return "" if day is None else day_label(day, lang(), weekday=False)


def _days_to_come(one: Purse, scope: str) -> None:
    """What is left by day; a day that is fixed keeps its amount, the others make room. scope: the shops looked at, by comma."""
    paced, p = one.paced, one.paced.progress
    title, tip = t("purse.days"), t("purse.days_tip")
    if paced.limit.amount is None or p.actual is None or not p.days_left:
        heading_tip(title, "", tip)
        note(t("purse.days_none"))
        return
    suggested = left_by_day(paced.limit.amount, p.actual, paced.curve, paced.through)
    above = st.container()
    stored = {day: amount for day, amount in _stored(one, scope, list(suggested)).items() if day in suggested}
    fixed = _typed(one, list(suggested), stored)
    amounts, limit, spent = suggested, paced.limit.amount, p.actual
    try:
        amounts = left_by_day(limit, spent, paced.curve, paced.through, fixed)
    except PlanError:
        st.warning(t("purse.days_wrong", left=exact(max(p.needed or Decimal(0), Decimal(0)), "money", one.currency)))
    else:
        _save_button(one, scope, fixed, stored)
    rows = pd.DataFrame(
        {"day": [day_label(d, lang()) for d in amounts], "suggested": [float(suggested[d]) for d in amounts], "amount": [float(v) for v in amounts.values()]}
    )
    columns = {"day": Col(t("common.day")), "suggested": Col(t("purse.by_curve"), "money", one.currency), "amount": Col(t("purse.per_day"), "money", one.currency, bar=True)}
    words = t("purse.days_note", total=exact(sum(amounts.values(), Decimal(0)), "money", one.currency))
    if stored:
        words += " · " + t("purse.fix_saved", n=len(stored))
    with above:
        panels.table(rows, columns, f"days_{one.purse or 'all'}_{one.currency}", title=title, note=words)


def _stored(one: Purse, scope: str, days: list[date]) -> dict[date, Decimal]:
    """The days that somebody fixed and saved."""
    found = data.ask("ads/fixed_days", scope=scope, purse=one.purse, currency=one.currency, day_from=days[0], day_to=days[-1])
    return {pd.Timestamp(row.day).date(): Decimal(str(row.amount)) for row in found.itertuples()}


def _typed(one: Purse, days: list[date], stored: Mapping[date, Decimal]) -> dict[date, Decimal]:
    """Days that the reader fixes, in a fold: shown at once, kept when saved; the plan stays as it is."""
    with st.expander(t("purse.fix"), icon=":material/tune:", expanded=bool(stored)):
        st.caption(t("purse.fix_help"))
        frame = pd.DataFrame({"day": days, "fixed": pd.Series([float(stored[d]) if d in stored else None for d in days], dtype="float64")})
        edited = st.data_editor(
            frame, key=f"purse_fix_{one.purse}_{one.currency}_{days[0]}_{data.generation()}", hide_index=True, placeholder="",
            column_config={
                "day": st.column_config.DateColumn(t("common.day"), format="MM-DD", disabled=True),
                "fixed": st.column_config.NumberColumn(t("purse.fixed"), min_value=0.0, step=0.01, format="%.2f"),
            },
        )  # fmt: skip
    return {day: Decimal(f"{value:.2f}") for day, value in zip(days, edited["fixed"], strict=True) if pd.notna(value)}


def _save_button(one: Purse, scope: str, fixed: Mapping[date, Decimal], stored: Mapping[date, Decimal]) -> None:
    """There while what is typed differs from what is kept."""
    if access.on_phone() or fixed == stored or not st.button(t("purse.fix_save"), key="purse_fix_save", type="primary"):
        return
    same = {"shops": scope, "purse": one.purse, "currency": one.currency}
    rows = [{**same, "day": day, "amount": fixed.get(day), "is_removed": day not in fixed} for day in sorted({*fixed, *stored})]
    save(lambda: submit.save_rows("budget_day", rows))
