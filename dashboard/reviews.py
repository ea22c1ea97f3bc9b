"""One session reviewed: minutes with sales, events, segments and how they sold, what to repeat, money, later refunds."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard import data
from queries.live.advice import advice
from queries.live.curve import curve
from queries.live.links import with_items
from queries.live.money import Money, later, money
from queries.live.onair import on_air
from queries.live.segments import judged, segments


@dataclass(frozen=True)
class Review:
    """`sales_from`: minutes, orders (推算) or none; the frames are those of the modules in queries/live."""

    curve: pd.DataFrame
    sales_from: str
    length: int
    events: pd.DataFrame
    parts: pd.DataFrame
    on_air: pd.DataFrame
    advice: pd.DataFrame
    money: Money
    later: pd.DataFrame
    orders: int


def review(session: str, shops: tuple[str, ...] | None) -> Review:
    """The review of a known session, computed once per generation."""
    return data.kept("live/review", lambda: _review(session, shops), session, shops)


def _review(session: str, shops: tuple[str, ...] | None) -> Review:
    asked = {"session": session, "shops": shops}
    row = data.ask("live/history", **asked).iloc[0]
    minutes, orders = data.ask("live/minutes", **asked), data.ask("detail/live_orders", **asked)
    events, items = data.ask("live/events", **asked), data.ask("live/items", **asked)
    length = _length(row["duration_s"], minutes)
    frame, sales_from = curve(minutes, orders, length)
    found = segments(frame, with_items(events, data.ask("live/script", **asked)), length) if len(frame) else pd.DataFrame()
    parts = judged(frame, found) if len(found) else pd.DataFrame()
    shown = on_air(parts, items) if len(parts) else pd.DataFrame()
    sums = money(row.to_dict(), orders, data.ask("live/rates", **asked))
    rules = advice(parts, shown, items, data.ask("live/channels", **asked), sums.keeps)
    return Review(frame, sales_from, length, events, parts, shown, rules, sums, later(orders, row["started_at"]), len(orders))


def _length(duration_s: object, minutes: pd.DataFrame) -> int:
    """Minutes on air: as stated, at least to the last reported minute."""
    stated = 0 if pd.isna(duration_s) else round(float(str(duration_s)) / 60)
    return max(stated, int(minutes["minute"].max()) + 1 if len(minutes) else 0)
