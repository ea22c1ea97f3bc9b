"""One live session: what it was, how it did against its own last seven, the five counts, minutes, channels, items."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts_live, charts_review, curves_live, data, panels, panels_review, panels_script
from dashboard import review_frames as frames
from dashboard.axes import Finished
from dashboard.charts_review import Mark
from dashboard.choice import choose
from dashboard.columns import Col
from dashboard.format import DASH, at_label, day_label, divide, exact, fmt, is_missing
from dashboard.labels import lang, t
from dashboard.panels_live import lasts, rule
from dashboard.parts import heading_tip, label, note, tips
from dashboard.reviews import Review
from queries import METRICS
from queries.live.channel_kind import channel_kind, natural_paid
from queries.live.curve import by_day
from queries.live.verdict import FIGURES, verdict

PEOPLE = ("room_impression_users", "viewers", "product_impression_users", "product_click_users", "buyers")
TIMES = ("room_impressions", "views", "product_impressions", "product_clicks", "orders")
RATES = ("live_entry_rate", "product_exposure_rate", "product_click_rate", "click_to_pay_rate")
MOST_ITEMS = 100  # above it the list is one that sorts and searches, which takes a browser longer


def history(session: str, shops: tuple[str, ...] | None) -> pd.DataFrame:
    """The session at place 0 and up to seven of its account before it; empty for an unknown id."""
    return data.ask("live/history", session=session, shops=shops)


def head(row: Any) -> None:
    """Start, end, length, which reports it comes from; money, refunds and ad spend."""
    start, end = at_label(row["started_at"]), at_label(row["ended_at"])
    is_open = is_missing(row["ended_at"])
    line = t("live.span_open", start=start) if is_open else t("live.span", start=start, end=end, length=lasts(row["duration_s"]))
    money = str(row["currency"])
    facts = [
        (label("live_sales"), row["live_sales"]), (label("live_user_paid"), row["user_paid"]),
        (label("live_refunds"), row["refunds"]), (label("live_refund_1h"), row["refund_1h"]),
        (t("live.net_sales"), row["net_live_sales"]), (label("live_ad_spend"), row["ad_spend"]),
        (t("live.commission"), row["commission"]),
    ]  # fmt: skip
    words = [
        f'<span title="{escape(exact(v, "money", money))}">{escape(k)} <b>{escape(fmt(v, "money", money, lang()))}</b></span>'
        for k, v in facts if not is_missing(v)
    ]
    rates = [
        (label("live_refund_rate"), divide(row["refunds"], row["live_sales"]), "rate"),
        (t("live.sales_per_spend"), divide(row["live_sales"], row["ad_spend"]), "ratio"),
    ]
    words += [f"<span>{escape(k)} <b>{escape(fmt(v, unit))}</b></span>" for k, v, unit in rates if v is not None]
    st.html(f'<div class="db-facts"><p>{escape(line)}</p>{"".join(words)}</div>')
    silent = [k for k, v in facts if is_missing(v)]
    panels.remark(t("live.refund_note") + (" " + t("live.facts_none", names=_join(silent)) if silent else ""))


def marks(rows: pd.DataFrame) -> None:
    """好 / 一般 / 差 per figure against the median of the account's last seven sessions."""
    session, shop = str(rows["session"].iloc[0]), str(rows["shop"].iloc[0])
    judged = data.kept("live/verdict", lambda: verdict(rows), session, shop)

    def out() -> pd.DataFrame:
        columns = frames.marks_columns("")
        return frames.marks_frame(rows)[list(columns)].rename(columns={name: col.label for name, col in columns.items()})

    panels.titled(t("live.marks"), t("live.marks_note", n=len(rows) - 1), out, f"live_verdict_{session}", rule())
    cells, unknown = data.kept("live/marks", lambda: _cells(judged, str(rows["currency"].iloc[0])), session, shop, lang())
    st.html(f'<div class="db-marks">{cells}</div>')
    if unknown:
        panels.remark(t("live.marks_unknown", names=_join(unknown)))


def _cells(judged: pd.DataFrame, money: str) -> tuple[str, list[str]]:
    """The marks as HTML, and the figures that the reports do not hold."""
    known = [r for r in judged.itertuples() if not is_missing(r.value)]
    return "".join(_mark(r, money) for r in known), [label(r.metric) for r in judged.itertuples() if is_missing(r.value)]


def _mark(row: Any, money: str) -> str:
    unit = METRICS[row.metric].unit
    usual = t("live.usual", value=fmt(row.median, unit, money, lang()), n=int(row.sessions))
    share = "" if is_missing(row.share) else f" · {row.share - 1:+.0%}"
    hover = tips([row.metric]).get(row.metric, label(row.metric))
    return (
        f'<div class="{row.verdict}" title="{escape(hover)}"><div class="k"><span>{escape(label(row.metric))}</span>'
        f"<em>{escape(t(f'live.{row.verdict}'))}</em></div>"
        f'<div class="v" title="{escape(exact(row.value, unit, money))}">{escape(fmt(row.value, unit, money, lang()))}</div>'
        f'<div class="m">{escape(usual + share if row.sessions else t("live.no_usual"))}</div></div>'
    )


def five_counts(row: Any) -> None:
    """Seen > entered > saw a product > clicked > paid, with four rates, people over people (times only where told)."""
    people = sum(not is_missing(row[c]) for c in PEOPLE)
    times = sum(not is_missing(row[c]) for c in TIMES)
    columns, basis = (PEOPLE, "people") if people >= 2 or people >= times else (TIMES, "times")
    if people < 2 and times < 2:
        heading_tip(t("live.five"))
        note(t("live.five_none"))
        return
    cells, table = [], []
    for place, column in enumerate(columns):
        rate = divide(row[column], row[columns[place - 1]]) if place else None
        name = t(f"live.step_{place}")
        q = "" if not place else f"<u>{escape(label(RATES[place - 1]))}</u> {escape(fmt(rate, 'rate'))}"
        unit = "person" if basis == "people" else "count"
        cells.append(
            f'<div><div class="k">{escape(name)}</div><div class="v" title="{escape(exact(row[column], unit))}">'
            f'{escape(fmt(row[column], unit, None, lang()))}</div><div class="q">{q}</div></div>'
        )
        table.append({"step": name, "count": row[column], "rate": rate})
    names = {"step": t("live.step"), "count": t(f"live.basis_{basis}"), "rate": t("live.step_rate")}
    panels.titled(t("live.five"), t(f"live.basis_{basis}"), pd.DataFrame(table).rename(columns=names),
           f"live_funnel_{row['session']}", t("live.five_help"))  # fmt: skip
    st.html(f'<div class="db-steps">{"".join(cells)}</div>')


def minutes(row: Any, shops: tuple[str, ...] | None, reviewed: Review) -> None:
    """The minute curve with what happened on air and, past midnight, both the start day's and each day's own figures."""
    found = reviewed.curve
    if found.empty:
        heading_tip(t("live.minutes"))
        note(t("live.minutes_none"))
    else:
        names = frames.minute_names(reviewed)
        heads = {"minute": t("live.minute"), "at": t("live.at")} | names
        panels.titled(t("live.minutes"), t("live.minutes_note"), lambda: found[list(heads)].rename(columns=heads),
               f"live_minutes_{row['session']}")  # fmt: skip
        _curve_choice()
        words = {"minute": t("live.minute_tick"), "next_day": t("live.next_day"), "midnight": t("live.midnight")}

        of = (str(row["session"]), shops, lang())
        alt = t("live.minutes_alt", n=len(found))
        same = {"started_at": row["started_at"], "names": names, "words": words, "currency": str(row["currency"]), "lang": lang()}

        def happened() -> list[Mark]:
            return panels_review.marks(reviewed, row["started_at"]) + panels_script.marks(row, shops)

        def drawn() -> Finished:
            fig = charts_live.minute_curve(found, **same)
            return Finished(charts_review.drawn_on(fig, panels_review.bands(reviewed), happened(), t("review.marks")))

        if interactive():
            panels.chart(data.kept("live/minute_curve", drawn, *of), alt, "live_minutes")
        else:
            st.html(data.kept("live/minute_svg", lambda: curves_live.minute_curve(found, panels_review.bands(reviewed), happened(), **same, alt=alt), *of))
        told = data.ask("live/minutes", session=str(row["session"]), shops=shops)
        if told.empty:
            panels.remark(t("review.no_minutes"))
        gaps = len(charts_live.every_minute(told)) - len(told)
        if gaps > 0:
            panels.remark(t("live.minutes_gaps", n=gaps))
        if reviewed.sales_from == "orders":
            panels.remark(t("review.counted_note", n=reviewed.orders))
    if bool(row["is_past_midnight"]):
        _both_days(row, shops, reviewed)


def interactive() -> bool:
    """Whether the reader wants charts to zoom into; a choice above the curve, kept in the link."""
    return st.query_params.get("curve") == "plot"


def _curve_choice() -> None:
    choose(t("live.curve"), "curve", ("fast", "plot"), {name: t(f"live.curve_{name}") for name in ("fast", "plot")}, tip=t("live.curve_tip"))


def _both_days(row: Any, shops: tuple[str, ...] | None, reviewed: Review) -> None:
    """The session past midnight: whole on its start day, and split by calendar day from its minutes, their sales from orders where the report has none."""
    found = data.ask("live/session_days", session=str(row["session"]), shops=shops).assign(day=lambda f: pd.to_datetime(f["day"]).dt.date)
    is_counted = reviewed.sales_from == "orders"
    if is_counted:
        found = found.drop(columns=["orders", "live_sales"]).merge(by_day(reviewed.curve, row["started_at"]), on="day", how="outer").sort_values("day")
    whole = {"day": t("live.whole_on", day=day_label(row["started_at"].date(), lang())), "minutes": None, "enters": None,
             "orders": row["orders"], "live_sales": row["live_sales"]}  # fmt: skip
    lines = [whole]
    for part in found.to_dict("records"):
        lines.append({"day": t("live.part_on", day=day_label(part["day"], lang())), **{c: part[c] for c in ("minutes", "enters", "orders", "live_sales")}})
    columns = {
        "day": Col(t("live.counted")), "minutes": Col(t("live.minutes_with"), "count"),
        "enters": Col(t("live.minute_enters"), "count"),
        "orders": Col(label("live_orders"), "count"),
        "live_sales": Col(label("live_sales"), "money", str(row["currency"])),
    }  # fmt: skip
    sold = len(found) > 0 and bool(found["live_sales"].notna().any() or found["orders"].notna().any())
    kind = "counted" if is_counted else "note" if sold else "enters" if len(found) else "none"
    panels.table(pd.DataFrame(lines), columns, f"live_days_{row['session']}", title=t("live.both_days"), note=t(f"live.both_days_{kind}"))


def channels(row: Any, shops: tuple[str, ...] | None) -> None:
    """Natural and paid, then every channel and lead-in video."""
    found = data.ask("live/channels", session=str(row["session"]), shops=shops)
    if found.empty:
        heading_tip(t("live.channels"))
        note(t("live.channels_none"))
        return
    split = data.kept("live/split", lambda: natural_paid(channel_kind(found)), str(row["session"]), shops)
    words = [
        t("live.split", kind=t(f"live.{r.paid}"), share=fmt(r.views_share, "rate") if r.views_share == r.views_share else DASH,
          views=fmt(r.views, "count", None, lang()))
        for r in split.itertuples()
    ]  # fmt: skip
    panels.table(
        lambda: frames.channel_frame(str(row["session"]), shops).head(50), frames.channel_columns(str(row["currency"])), f"live_channels_{row['session']}",
        title=t("live.channels"), note=" · ".join(words) or t("live.channels_note"), of=(str(row["session"]), shops),
    )  # fmt: skip
    panels.remark(t("live.channels_help"))


def items(row: Any, shops: tuple[str, ...] | None) -> None:
    """Items of the session with clicks, buyers, sales and share."""
    found = data.ask("live/items", session=str(row["session"]), shops=shops)
    if found.empty:
        heading_tip(t("live.items"))
        note(t("live.items_none"))
        return
    columns = frames.item_columns(str(row["currency"]))
    kept = {name: col for name, col in columns.items() if name == "title" or found[name].notna().any()}
    draw = panels.table if len(found) <= MOST_ITEMS else panels.grid
    draw(found, kept, f"live_items_{row['session']}", title=t("live.items"), height=360, of=(str(row["session"]), shops))


def _join(names: list[str]) -> str:
    return "、".join(names) if lang() == "zh" else ", ".join(names)


__all__ = ["FIGURES", "channels", "five_counts", "head", "history", "items", "marks", "minutes"]
