"""The second half of a session's page: its segments, time on air per item, what to repeat and to drop, money, later refunds."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, panels
from dashboard import review_frames as frames
from dashboard.charts_review import Band, Mark
from dashboard.columns import Col
from dashboard.format import DASH, clock, exact, fmt, is_missing, pct
from dashboard.labels import all_labels, lang, t
from dashboard.parts import heading_tip, label, note
from dashboard.review_frames import segment_name
from dashboard.reviews import Review
from queries.live import advice, lift
from queries.live.channel_kind import channel_kind, kinds_beside
from queries.live.verdict import judge

FEW = 100  # clicks or orders in the whole session: with fewer even a doubling would hardly show
LONGEST = 80  # segments shown; the export has them all


def bands(found: Review) -> list[Band]:
    """The segments as the curve draws them."""
    return [Band(int(p.first), int(p.last), str(p.word), _short(p), p.origin == "inferred") for p in found.parts.itertuples()]


def marks(found: Review, started_at: datetime) -> list[Mark]:
    """Everything that happened on air but explaining, with its clock."""
    rows = found.events[found.events["kind"] != "explain"] if len(found.events) else found.events
    return [Mark(int(r.minute), f"{clock(started_at, int(r.minute))} {_event(r)}") for r in rows.itertuples()]


def _event(row: Any) -> str:
    key = f"review.kind_{row.kind}"
    what = [t(key) if key in all_labels() else str(row.kind), t("review.link", n=row.link_no) if row.link_no else "", str(row.text)]
    return " ".join(word for word in what if word)


def _short(part: Any) -> str:
    return t("review.link_short", n=part.link_no) if part.link_no else str(part.name)[:6]


def segments_rule() -> str:
    """How segments are judged, in words."""
    return t("review.segments_rule", low=f"{lift.HIGH - lift.LOW:.0f}%", margin=f"{lift.MARGIN:.0%}", minutes=lift.LEAST_MINUTES, events=f"{lift.LEAST_EVENTS:.0f}")


def segments(row: Any, found: Review) -> None:
    """Every segment against the session's own usual minute; the interval on hover."""
    title, rule = t("review.segments"), segments_rule()
    if found.parts.empty:
        heading_tip(title, tip=rule)
        note(t(f"review.segments_{_why_none(found)}"))
        return
    is_inferred = bool((found.parts["origin"] == "inferred").all())
    basis = t(f"review.basis_{found.parts['basis'].iloc[0]}")
    panels.titled(title, t("review.inferred_note" if is_inferred else "review.stated_note") + " · " + basis, lambda: _exported(row, found),
           f"live_segments_{row['session']}", rule)  # fmt: skip
    st.html(data.kept("live/segments", lambda: _lines(row, found), str(row["session"]), str(row["shop"]), lang()))
    _folded(rule)


def _lines(row: Any, found: Review) -> str:
    """The segments as a table."""
    heads = ("span", "word", "segment", "sales_per_minute", "sales_lift", "clicks_per_minute", "clicks_lift")
    sales = t("review.sales_per_minute") + (t("review.counted") if found.sales_from == "orders" else "")
    names = {name: t(f"review.{name}") for name in heads} | {"sales_per_minute": sales}
    head = "".join(f'<th class="{"l" if n in heads[:3] else "r"}">{escape(names[n])}</th>' for n in heads)
    parts = enumerate(found.parts.head(LONGEST).itertuples(), start=1)
    body = "".join(_line(row["started_at"], place, part, str(row["currency"])) for place, part in parts)
    return f'<div class="db-scroll"><table class="db-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _folded(rule: str) -> None:
    """A rule in full, opened on a click."""
    st.html(f'<details class="db-grounds"><summary>{escape(t("review.rule"))}</summary><p>{escape(rule)}</p></details>')


def _why_none(found: Review) -> str:
    """Why there are no segments: none (nothing counted by the minute), few (too little of it) or same (no change)."""
    counts = found.curve[["product_click_users", "orders"]].apply(pd.to_numeric).sum(min_count=1)
    return "none" if counts.isna().all() else "few" if counts.max() < FEW else "same"


def _line(started_at: datetime, place: int, part: Any, money: str) -> str:
    first, last = int(part.first), int(part.last)
    span = f"{clock(started_at, first)}–{clock(started_at, last + 1)}"
    by = t("review.by_clicks") if part.by == "clicks" else t("review.by_sales")
    mark = f'<em class="db-chip {part.word}" title="{escape(by)}">{escape(t(f"live.{part.word}"))}</em>'
    mark += f" <small>{escape(t('review.clicks_only'))}</small>" if part.by == "clicks" else ""
    kind = f' <small>{escape(t("review.inferred"))}</small>' if part.origin == "inferred" else ""
    named = segment_name(place, part)
    minutes = escape(t("review.minutes_n", first=first, last=last + 1, n=last + 1 - first))
    return (
        f'<tr><td class="l" title="{minutes}">{escape(span)}</td><td class="l">{mark}</td>'
        f'<td class="l name" title="{escape(named)}">{escape(named)}{kind}</td>{_cell(part.sales_per_minute, "money", money)}{_lift(part, "sales")}'
        f'{_cell(part.clicks_per_minute, "count", None)}{_lift(part, "clicks")}</tr>'
    )


def _cell(value: Any, unit: str, money: str | None) -> str:
    return f'<td class="r" title="{escape(exact(value, unit, money))}">{escape(fmt(value, unit, money, lang()))}</td>'


def _lift(part: Any, of: str) -> str:
    value, low, high = (getattr(part, f"{of}_{name}") for name in ("lift", "low", "high"))
    if is_missing(value):
        return f'<td class="r">{DASH}</td>'
    if getattr(part, f"{of}_word") == "few":
        return f'<td class="r" title="{escape(t("live.few"))}">{escape(t("live.few"))}</td>'
    hover = t("review.interval", low=pct(low), high=pct(high), n=int(getattr(part, f"{of}_minutes")))
    return f'<td class="r" title="{escape(hover)}">{escape(pct(value))}</td>'


def _exported(row: Any, found: Review) -> pd.DataFrame:
    """Every segment with all its figures under headings people read."""
    columns = frames.segment_columns(str(row["currency"]))
    return frames.segment_frame(row, found)[list(columns)].rename(columns={name: col.label for name, col in columns.items()})


def on_air(row: Any, found: Review) -> None:
    """Minutes on air and sales per minute of them, per item that was explained; nothing where nobody recorded windows."""
    if found.on_air.empty:
        return
    columns = frames.on_air_columns(str(row["currency"]))
    kept = {name: col for name, col in columns.items() if name == "title" or found.on_air[name].notna().any()}
    panels.table(lambda: frames.on_air_frame(found).head(50), kept, f"live_on_air_{row['session']}", title=t("review.on_air"),
                 note=t("review.on_air_note"), of=(str(row["session"]), str(row["shop"])))  # fmt: skip


def repeat_or_drop(row: Any, found: Review) -> None:
    """Two lists: what to do again, what to leave out, each line with the numbers its rule looked at."""
    rules = t("review.rules", on_air=advice.ON_AIR, orders=advice.ORDERS, items=advice.ITEMS, much=advice.MUCH, little=advice.LITTLE, clicks=advice.CLICKS)
    heading_tip(t("review.advice"), t("review.advice_note"), rules)
    cells = []
    for action in ("repeat", "drop"):
        lines = [f"<p><b>{escape(what)}</b> {escape(words)}</p>" for what, words in frames.advice_lines(row, found, action)]
        body = "".join(lines) or f'<p class="db-off">{escape(t("review.nothing"))}</p>'
        cells.append(f'<div class="{"good" if action == "repeat" else "poor"}"><div class="k"><b>{escape(t(f"review.{action}"))}</b></div>{body}</div>')
    st.html(f'<div class="db-marks db-advice">{"".join(cells)}</div>')
    _folded(rules)


def cost(row: Any, rows: pd.DataFrame, found: Review) -> None:
    """What the session cost and what it left; beside it the refunds that came after it."""
    left, right = st.columns(2)
    with left:
        _cost(row, rows, found)
    with right:
        _later(row, found)


def _cost(row: Any, rows: pd.DataFrame, found: Review) -> None:
    sums, money = found.money, str(row["currency"])
    panels.table(frames.cost_frame(found), frames.cost_columns(money), f"live_cost_{row['session']}", title=t("review.cost"), note=t("review.cost_note"))
    missing = (t("review.listed")).join(t(f"review.cost_{name}") for name in sums.missing)
    if sums.profit is None:
        note(t("review.cost_no_margin") if sums.margin is None else t("review.cost_no_sales"))
    elif missing:
        panels.remark(t("review.cost_missing", names=missing))
    if len(rows) > 1 and sums.ad_spend is not None:
        _usual_cost(rows)


def _usual_cost(rows: pd.DataFrame) -> None:
    """Ad spend per 100 of sales beside the median of the sessions before."""
    spend, sales = (pd.to_numeric(rows[name]).astype(float) for name in ("ad_spend", "live_sales"))
    share = spend / sales.where(sales > 0)
    before = share.iloc[1:].dropna()
    word = judge(share.iloc[0], before.median() if len(before) else None, len(before), "down")
    panels.remark(t("review.spend_share", share=fmt(share.iloc[0], "rate"), usual=fmt(before.median() if len(before) else None, "rate"),
                 n=len(before), word=t(f"live.{word}")))  # fmt: skip


def _later(row: Any, found: Review) -> None:
    if not found.orders or found.later.empty:
        heading_tip(t("review.later"))
        note(t("review.later_none", n=found.orders) if found.orders else t("review.later_no_orders"))
        return
    columns = frames.later_columns(str(row["currency"]))
    panels.table(frames.later_frame(found), columns, f"live_refunds_{row['session']}", title=t("review.later"), note=t("review.later_note", n=found.orders))


def natural_paid(row: Any, shops: tuple[str, ...] | None) -> None:
    """Counts and rates of natural against paid channels; nothing where the report gives no channels."""
    found = data.ask("live/channels", session=str(row["session"]), shops=shops)
    beside = data.kept("live/beside", lambda: kinds_beside(channel_kind(found)) if len(found) else found, str(row["session"]), shops)
    if beside.empty:
        return
    names = {
        "impressions": (t("live.step_0"), "count"), "views": (label("live_views"), "count"), "entry_rate": (label("live_entry_rate"), "rate"),
        "avg_watch_s": (label("avg_watch_s"), "seconds"), "orders": (label("live_orders"), "count"), "order_rate": (t("review.order_rate"), "rate"),
        "user_paid": (label("live_user_paid"), "money"), "gpm_views": (t("review.paid_per_1000"), "money"),
        "ad_spend": (label("live_ad_spend"), "money"), "per_spend": (t("live.sales_per_spend"), "ratio"),
    }  # fmt: skip

    def frame() -> pd.DataFrame:
        table = beside.assign(per_spend=beside["user_paid"] / beside["ad_spend"]).set_index("paid").T
        kept = [name for name in names if table.loc[name].notna().any()]
        return table.loc[kept].assign(what=[names[name][0] for name in kept], unit=[names[name][1] for name in kept])

    columns = {"what": Col(t("live.figure"))} | {kind: Col(t(f"live.{kind}"), "by:unit", str(row["currency"])) for kind in beside["paid"]}
    of = (str(row["session"]), shops)
    panels.table(frame, columns, f"live_natural_paid_{row['session']}", title=t("review.beside"), note=t("review.beside_note"), of=of)
