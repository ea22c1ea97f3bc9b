"""The minutes of a session with sales in them: the report's own, else counted from orders (推算). Pure."""

from __future__ import annotations

from datetime import datetime

import pandas as pd


def curve(minutes: pd.DataFrame, orders: pd.DataFrame, length: int) -> tuple[pd.DataFrame, str]:
    """Rows of live/minutes and where their sales come from: 'minutes' (the report), 'orders' (推算) or 'none'.

    orders: rows of detail/live_orders, by the minute of payment; they fill sales, and the number of orders where the report
    has none. A minute of the session without an order then sold 0; people and clicks of a minute nobody reported stay
    missing. length: minutes of the session.
    """
    if len(minutes) and minutes["live_sales"].notna().any():
        return minutes, "minutes"
    if orders.empty or length < 1:
        return minutes, "none"
    step = step_of(minutes)
    place = orders["minute"].astype(int) // step * step
    sums = pd.to_numeric(orders["paid_amount"]).astype(float).groupby(place).agg(["sum", "size"])
    rows = minutes.assign(minute=minutes["minute"].astype(int)).set_index("minute")
    every = rows.index.union(pd.RangeIndex(0, length, step)).union(sums.index).rename("minute")
    frame, sold = rows.reindex(every), sums.reindex(every).fillna(0.0)
    frame["live_sales"] = sold["sum"]
    if not frame["orders"].notna().any():
        frame["orders"] = sold["size"]
    return frame.reset_index(), "orders"


def by_day(frame: pd.DataFrame, started_at: datetime) -> pd.DataFrame:
    """Orders and sales of a curve's minutes by the calendar day they lie in: day, orders, live_sales; missing stays missing."""
    first = pd.Timestamp(started_at).floor("min")
    day = (first + pd.to_timedelta(frame["minute"].astype(int), unit="min")).dt.date.rename("day")
    sums = frame[["orders", "live_sales"]].apply(pd.to_numeric).groupby(day).sum(min_count=1)
    return sums.reset_index()


def step_of(minutes: pd.DataFrame) -> int:
    """Minutes in one row: the smallest distance between two rows."""
    return max(int(minutes["minute"].astype(int).sort_values().diff().dropna().min()), 1) if len(minutes) > 1 else 1
