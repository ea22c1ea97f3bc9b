"""What the tables of a session's review hold, one frame each: for the page, the picture, the print page and the workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import charts_live, data
from dashboard.columns import Col
from dashboard.format import clock, exact, fmt, is_missing, pct
from dashboard.labels import lang, t, text
from dashboard.panels_script import held_frame, sheet_columns
from dashboard.parts import label
from dashboard.reviews import Review
from queries import METRICS
from queries.live.channel_kind import channel_kind
from queries.live.verdict import verdict


@dataclass(frozen=True)
class Table:
    """One table of the review. key: overview, segments, items, on_air, channels, script, cost, later or minutes; columns: as for panels.table."""

    key: str
    title: str
    frame: pd.DataFrame
    columns: dict[str, Col]

    @property
    def shown(self) -> dict[str, Col]:
        """The columns in which anything is known."""
        return {name: col for name, col in self.columns.items() if name in self.frame and self.frame[name].notna().any()}


def said(record: Mapping[Any, Any], name: str, col: Col, lang: str) -> str:
    """A cell in words: short numbers, money of the cost table to the cent; a lift from too little says so."""
    value, unit, code = record.get(name), col.unit_of(record), col.currency_of(record)
    if unit in ("text", "day"):
        return "" if is_missing(value) else str(value)
    if name.endswith("_lift"):
        return text(lang, "live.few") if record.get(f"{name[:-5]}_word") == "few" else pct(value)
    return exact(value, unit, code) if name == "value" and unit == "money" else fmt(value, unit, code, lang)


def tables(row: Any, rows: pd.DataFrame, found: Review) -> list[Table]:
    """Every table that has a row, in the order of the page. row, rows: the session and live/history, itself first."""
    shop, money = (str(row["shop"]),), str(row["currency"])
    made = (
        Table("overview", t("live.marks"), marks_frame(rows), marks_columns(money)),
        Table("segments", t("review.segments"), segment_frame(row, found), segment_columns(money)),
        Table("on_air", t("review.on_air"), on_air_frame(found), on_air_columns(money)),
        Table("items", t("live.items"), data.ask("live/items", session=str(row["session"]), shops=shop), item_columns(money)),
        Table("channels", t("live.channels"), channel_frame(str(row["session"]), shop), channel_columns(money)),
        Table("script", t("sheet.title"), held_frame(row, shop, found), sheet_columns()),
        Table("cost", t("review.cost"), cost_frame(found), cost_columns(money)),
        Table("later", t("review.later"), later_frame(found), later_columns(money)),
        Table("minutes", t("live.minutes"), found.curve, minute_columns(found, money)),
    )
    return [table for table in made if len(table.frame)]


def marks_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """Each figure of the session beside the median of those before: metric, value, median, sessions, verdict, unit."""
    judged = verdict(rows)
    units = [METRICS[str(name)].unit for name in judged["metric"]]
    return judged.assign(metric=judged["metric"].map(label), verdict=[t(f"live.{v}") for v in judged["verdict"]], unit=units)


def marks_columns(money: str) -> dict[str, Col]:
    return {
        "metric": Col(t("live.figure")), "value": Col(t("live.this"), "by:unit", money), "median": Col(t("live.median"), "by:unit", money),
        "sessions": Col(t("live.compared"), "count"), "verdict": Col(t("live.verdict")),
    }  # fmt: skip


def segment_name(place: int, part: Any) -> str:
    """3号链接 保温杯; 第 3 段 where it was inferred; 讲解之间 where nothing was explained."""
    if getattr(part, "origin", "stated") == "inferred":
        return t("review.nth", n=place)
    names = [t("review.link", n=part.link_no) if part.link_no else "", str(part.name or part.item_id)]
    return " ".join(name for name in names if name) or t("review.between")


def segment_frame(row: Any, found: Review) -> pd.DataFrame:
    """Every segment with all its figures and words."""
    if found.parts.empty:
        return found.parts
    parts = found.parts
    return parts.assign(
        begins=[clock(row["started_at"], int(m)) for m in parts["first"]], ends=[clock(row["started_at"], int(m) + 1) for m in parts["last"]],
        segment=[segment_name(n, p) for n, p in enumerate(parts.itertuples(), start=1)], origin=[t(f"review.origin_{o}") for o in parts["origin"]],
        said=[t(f"live.{w}") for w in parts["word"]],
    )  # fmt: skip


def segment_columns(money: str) -> dict[str, Col]:
    named = {
        "begins": Col(t("review.from")), "ends": Col(t("review.until")), "segment": Col(t("review.segment")), "origin": Col(t("review.origin")),
        "said": Col(t("review.word")),
    }  # fmt: skip
    for of, unit in (("sales", "money"), ("clicks", "count")):
        named |= {f"{of}_{name}": Col(t(f"review.{of}_{name}"), unit, money) for name in ("total", "per_minute")}
        named |= {f"{of}_{name}": Col(t(f"review.{of}_{name}"), "rate") for name in ("lift", "low", "high")}
    return named


def on_air_frame(found: Review) -> pd.DataFrame:
    """Items by time on air, with their name."""
    return found.on_air.assign(title=[segment_name(0, r) for r in found.on_air.itertuples()]) if len(found.on_air) else found.on_air


def on_air_columns(money: str) -> dict[str, Col]:
    return {
        "title": Col(t("live.item")), "minutes": Col(t("review.on_air_minutes"), "count", bar=True), "windows": Col(t("review.windows"), "count"),
        "item_per_minute": Col(t("review.item_per_minute"), "money", money), "item_sales": Col(t("review.item_sales"), "money", money),
        "window_per_minute": Col(t("review.window_per_minute"), "money", money),
    }  # fmt: skip


def item_columns(money: str) -> dict[str, Col]:
    return {
        "title": Col(t("live.item")), "item_id": Col(t("sheet.item_id"), where="export"), "product_impression_users": Col(t("live.step_2"), "person"),
        "product_click_users": Col(t("live.step_3"), "person"),
        "product_click_rate": Col(label("product_click_rate"), "rate"), "buyers": Col(t("live.step_4"), "person"),
        "click_to_pay_rate": Col(label("click_to_pay_rate"), "rate"), "units": Col(label("units"), "count"),
        "live_sales": Col(label("live_sales"), "money", money), "user_paid": Col(label("live_user_paid"), "money", money),
        "share": Col(t("live.share"), "rate"),
    }  # fmt: skip


def channel_frame(session: str, shops: tuple[str, ...] | None) -> pd.DataFrame:
    """Channels with natural or paid in words."""
    found = data.ask("live/channels", session=session, shops=shops)
    if found.empty:
        return found
    kinds = channel_kind(found)
    return kinds.assign(paid=[t(f"live.{k}") for k in kinds["paid"]])


def channel_columns(money: str) -> dict[str, Col]:
    return {
        "channel": Col(t("live.channel")), "paid": Col(t("live.kind")), "viewers": Col(label("live_viewers"), "person"),
        "views": Col(label("live_views"), "count", bar=True), "avg_watch_s": Col(label("avg_watch_s"), "seconds"),
        "orders": Col(label("live_orders"), "count"), "user_paid": Col(label("live_user_paid"), "money", money),
        "ad_spend": Col(label("live_ad_spend"), "money", money),
    }  # fmt: skip


def cost_frame(found: Review) -> pd.DataFrame:
    """What it cost and what it left: what, unit, value; unknown parts left out, the profit always there."""
    sums = found.money
    facts = [
        ("sales", sums.sales, "money"), ("refunds", sums.refunds, "money"), ("margin", sums.margin, "rate"), ("fee", sums.fee, "rate"),
        ("ad_spend", sums.ad_spend, "money"), ("commission", sums.commission, "money"), ("coupon_cost", sums.coupon_cost, "money"),
        ("shop_coupons", sums.shop_coupons, "money"), ("profit", sums.profit, "money"),
    ]  # fmt: skip
    return pd.DataFrame([{"what": t(f"review.cost_{k}"), "unit": unit, "value": v} for k, v, unit in facts if v is not None or k == "profit"])


def cost_columns(money: str) -> dict[str, Col]:
    return {"what": Col(t("review.cost_what")), "value": Col(t("review.cost_value"), "by:unit", money)}


def later_frame(found: Review) -> pd.DataFrame:
    """Refunds by the days after the session."""
    return found.later.assign(when=[_days(r.after, r.until) for r in found.later.itertuples()]) if len(found.later) else found.later


def later_columns(money: str) -> dict[str, Col]:
    return {
        "when": Col(t("review.later_when")), "orders": Col(t("review.later_orders"), "count"),
        "amount": Col(t("review.later_amount"), "money", money), "share": Col(t("review.later_share"), "rate"),
    }  # fmt: skip


def _days(after: Any, until: Any) -> str:
    if is_missing(after):
        return t("review.later_undated")
    if after == until:
        return t("review.later_same") if after == 0 else t("review.later_day", n=int(after))
    return t("review.later_over", n=int(after)) if until > 365 else t("review.later_days", a=int(after), b=int(until))


def minute_names(found: Review) -> dict[str, str]:
    """What the curves of a minute are called; sales say where they were counted from orders."""
    names = {c: t(f"live.minute_{c}") for c in (*charts_live.PEOPLE, *charts_live.COUNTS, "live_sales")}
    return names | ({"live_sales": names["live_sales"] + t("review.counted")} if found.sales_from == "orders" else {})


def minute_columns(found: Review, money: str) -> dict[str, Col]:
    named = {name: Col(said, "money" if name == "live_sales" else "count", money) for name, said in minute_names(found).items()}
    return {"minute": Col(t("live.minute"), "count"), "at": Col(t("live.at"), "at")} | named


def advice_lines(row: Any, found: Review, action: str) -> Iterator[tuple[str, str]]:
    """What to repeat, or to drop: what it is, and the numbers its rule looked at."""
    for line in found.advice[found.advice["action"] == action].itertuples():
        yield _advice(row, line)


def _advice(row: Any, line: Any) -> tuple[str, str]:
    money, link = str(row["currency"]), t("review.link", n=line.link_no) if line.link_no else ""
    name = f"{link} {line.name or ''}".strip()
    if line.rule.startswith("segment"):
        span = f"{clock(row['started_at'], int(line.first))}–{clock(row['started_at'], int(line.last) + 1)}"
        unit = "money" if line.rule == "segment_sales" else "count"
        extra = fmt(line.effect, unit, money, lang(), signed=True)
        return f"{span} {name}".strip(), t(f"review.{line.rule}", lift=pct(line.value), low=pct(line.low), high=pct(line.high), extra=extra)
    if line.rule == "on_air":
        return name, t("review.rule_on_air", rate=fmt(line.value, "money", money, lang()), usual=fmt(line.usual, "money", money, lang()))
    if line.rule == "item":
        span = f"{fmt(line.low, 'rate')}–{fmt(line.high, 'rate')}"
        return name, t("review.rule_item", rate=fmt(line.value, "rate"), span=span, usual=fmt(line.usual, "rate"))
    return name, t("review.rule_channel", ratio=fmt(line.value, "ratio"), effect=fmt(line.effect, "money", money, lang(), signed=True))
