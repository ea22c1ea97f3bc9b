"""What the live page shows: figures, the month, the list of sessions, and which session is opened."""

from __future__ import annotations

import calendar as months
from collections.abc import Hashable
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, panels
from dashboard.choice import choose, put
from dashboard.columns import Col
from dashboard.format import DASH, duration, exact, fmt, is_missing, symbol
from dashboard.labels import lang, t
from dashboard.panels_typed import shop_names
from dashboard.parts import figures as metric_cards
from dashboard.parts import heading_tip, label, note
from dashboard.periods import View
from queries.live.verdict import LAST, MARGIN, NEEDED, judge

FIGURES = ("live_sales", "live_sessions", "live_hours", "live_viewers", "gpm_views", "new_followers")


def figures(shown: View) -> None:
    """Figures of the sessions that start in the view."""
    metric_cards(FIGURES, shown)


def rule() -> str:
    """How 好 / 一般 / 差 is decided, in words."""
    return t("live.rule", last=LAST, needed=NEEDED, margin=f"{MARGIN:.0%}")


def calendar(shown: View) -> None:
    """The month that the view ends in: sessions, hours and sales per start day."""
    first = shown.day_to.replace(day=1)
    last = first.replace(day=months.monthrange(first.year, first.month)[1])
    found = data.ask("live/calendar", day_from=first, day_to=last, shops=shown.shops)
    title = t("live.calendar", month=f"{first:%Y-%m}")
    if found.empty:
        heading_tip(title)
        note(t("live.calendar_none", month=f"{first:%Y-%m}"))
        return
    names = {
        "day": t("common.day"), "currency": t("live.currency"), "sessions": label("live_sessions"),
        "hours": label("live_hours"), "live_sales": label("live_sales"), "unknown_sales": t("live.unknown_sales"),
    }  # fmt: skip
    panels.titled(title, t("live.calendar_note"), lambda: found[list(names)].rename(columns=names), f"live_calendar_{first:%Y-%m}")
    st.html(data.kept("live/month", lambda: month_html(found, first, last, shown.today), first, shown.today, shown.shops, lang()))


def month_html(found: pd.DataFrame, first: date, last: date, today: date) -> str:
    """The month as a grid of days from Monday on, darker where more was sold; currencies stand below each other."""
    words = t("live.weekdays").split()
    cells = "".join(f'<div class="w">{escape(w)}</div>' for w in words)
    cells += '<div class="c out"></div>' * first.weekday()
    most = {c: float(v) for c, v in found.groupby("currency")["live_sales"].max().items() if not is_missing(v) and v > 0}
    by_day: dict[date, list[dict[str, Any]]] = {}
    for row in found.to_dict("records"):
        by_day.setdefault(pd.Timestamp(row["day"]).date(), []).append(row)
    for number in range(1, last.day + 1):
        day = first.replace(day=number)
        cells += _day_cell(day, by_day.get(day, []), most, day > today)
    return f'<div class="db-month">{cells}</div>'


def _day_cell(day: date, rows: list[dict[str, Any]], most: dict[Any, float], is_later: bool) -> str:
    if not rows:
        return f'<div class="c{" out" if is_later else ""}"><i>{day.day}</i></div>'
    share = max((float(r["live_sales"]) / most[r["currency"]] for r in rows
                 if not is_missing(r["live_sales"]) and r["currency"] in most), default=0.0)  # fmt: skip
    amounts = "".join(f"<b>{escape(_whole(r['live_sales'], str(r['currency'])))}</b>" for r in rows)
    sessions = sum(int(r["sessions"]) for r in rows)
    known = [float(r["hours"]) for r in rows if not is_missing(r["hours"])]
    hours = t("live.calendar_hours", hours=fmt(sum(known), "count", None, lang())) if known else ""
    small = t("live.calendar_cell", n=sessions) + hours
    hover = " · ".join(exact(r["live_sales"], "money", r["currency"]) for r in rows)
    unknown = sum(int(r["unknown_sales"]) for r in rows)
    if unknown:
        hover += " · " + t("live.unknown_n", n=unknown)
    return (
        f'<div class="c" style="--a:{0.06 + 0.34 * share:.2f}" title="{escape(f"{day} · {hover}")}">'
        f"<i>{day.day}</i>{amounts}<small>{escape(small)}</small></div>"
    )


def _whole(amount: Any, currency: str) -> str:
    """An amount without its cents, for a cell too small for them: ¥9,360 or ¥1.54万."""
    if is_missing(amount):
        return DASH
    return fmt(amount, "money", currency, lang()) if amount >= 10_000 else f"{symbol(currency)}{round(amount):,}"


def sessions(shown: View) -> pd.DataFrame:
    """The list of sessions with the verdict on sales; a click on a row opens that session. Returns the rows."""
    params = shown.params()
    found = data.kept("live/list", lambda: _listed(data.ask("live/sessions", **params)), *params.values(), lang())
    if found.empty:
        return found
    columns = {
        "name": Col(t("live.session")), "verdict": Col(t("live.verdict")),
        "shop_name": Col(t("common.shop"), where="all" if found["shop"].nunique() > 1 else "export"),
        "live_sales": Col(label("live_sales"), "money", "currency"), "hours": Col(label("live_hours"), "hours"),
        "live_sales_per_hour": Col(label("live_sales_per_hour"), "money", "currency"),
        "viewers": Col(label("live_viewers"), "person"), "acu": Col(label("acu"), "count"),
        "pcu": Col(label("pcu"), "count"), "avg_watch_s": Col(label("avg_watch_s"), "seconds"),
        "gpm_views": Col(label("gpm_views"), "money", "currency"),
        "click_to_pay_rate": Col(label("click_to_pay_rate"), "rate"),
        "new_followers": Col(label("new_followers"), "count"),
        "refunds": Col(label("live_refunds"), "money", "currency"), "ad_spend": Col(label("live_ad_spend"), "money", "currency"),
        "currency": Col(t("live.currency"), where="export"),
    }  # fmt: skip
    panels.heading(t("live.sessions"), found, columns, f"live_sessions_{shown.day_to}", t("live.sessions_note"))
    _pick_table(found, columns, tuple(params.values()))
    panels.remark(rule())
    return found


def _listed(found: pd.DataFrame) -> pd.DataFrame:
    """The sessions with their name, verdict and hours."""
    if found.empty:
        return found
    return found.assign(
        name=[session_name(r) for r in found.itertuples()],
        shop_name=found["shop"].map(shop_names()),
        verdict=[
            t(f"live.{judge(v, m, int(n))}")
            for v, m, n in zip(found["live_sales"], found["median_sales"], found["sessions_before"], strict=True)
        ],
        hours=pd.to_numeric(found["duration_s"]).astype(float) / 3600,
    )


def _pick_table(found: pd.DataFrame, columns: dict[str, Col], of: Hashable) -> None:
    shown, config, _ = panels.kept_grid(found, columns, "live_list", of, is_short=True)
    ids = [str(s) for s in found["session"]]
    key = f"live_list_{data.generation()}_{len(ids)}"

    def took() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows:
            put("session", ids[rows[0]])

    st.dataframe(
        shown, hide_index=True, key=key, on_select=took, selection_mode="single-row",
        height=min(38 + 35 * max(len(found), 1), 330), column_config=config, placeholder=DASH,
    )  # fmt: skip


def session_name(row: Any) -> str:
    """11-11 20:03 示例旗舰店 (to 01:03 the next day)."""
    until = ""
    if not is_missing(row.ended_at):
        until = f"–{row.ended_at:%H:%M}"
        days = (row.ended_at.date() - row.started_at.date()).days
        until += t("live.next_day", n=days) if days else ""
    who = next((str(w) for w in (row.account_name, row.title, row.account) if not is_missing(w) and w), "")
    return f"{row.started_at:%m-%d %H:%M}{until} {who}".strip()


def chosen(found: pd.DataFrame, shops: tuple[str, ...] | None) -> str | None:
    """The session to open: the one in the link (also when it lies outside the view), else the newest."""
    ids = [str(s) for s in found["session"]] if len(found) else []
    names = dict(zip(ids, found["name"], strict=True)) if ids else {}
    link = st.query_params.get("session")
    if link and link not in ids:
        known = data.ask("live/history", session=link, shops=shops)
        if len(known):
            ids = [*ids, link]
            names[link] = session_name(next(known.itertuples()))
    if not ids:
        return None
    heading_tip(t("live.one"))
    return choose(t("live.session"), "session", ids, names, as_list=True)


def lasts(seconds: Any) -> str:
    """A duration in words, a dash when unknown."""
    return DASH if is_missing(seconds) else duration(seconds, lang())
