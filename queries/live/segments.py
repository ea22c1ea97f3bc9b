"""The segments of a session and how each sold: from explain windows where there are any, else inferred (推断). Pure.

Stated: every explain window is a segment up to the next one, and what lies between two windows is a segment without an item.
Inferred: borders where clicks per person online, or orders per click, change (queries/live/changes.py); no item is claimed.
Judged: sales and clicks per minute against the session's own baseline (queries/live/lift.py). Minutes without data are left
out, never taken as 0. The word is that of sales; where those are too few, that of clicks (`by` says which).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from queries.live import lift
from queries.live.changes import Floats, Series, borders

COLUMNS = ("first", "last", "origin", "item_id", "link_no", "name")
SEEN = 0.8  # share of minutes that must state the people online for figures per person


def segments(frame: pd.DataFrame, events: pd.DataFrame, length: int) -> pd.DataFrame:
    """COLUMNS, in order, without a hole from minute 0 to the last one; empty when nothing is known to divide by.

    frame: rows of the curve; events: rows of live/events; length: minutes of the session. first, last: minutes, inclusive.
    """
    windows = events[(events["kind"] == "explain") & (events["minute"] < length)] if len(events) else events
    rows = _stated(windows, length) if len(windows) else _inferred(frame, length)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _stated(windows: pd.DataFrame, length: int) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    free = 0  # first minute that no segment holds yet
    listed = windows.sort_values(["minute", "item_id"]).to_dict("records")
    for place, window in enumerate(listed):
        first = max(int(window["minute"]), 0)
        until = int(listed[place + 1]["minute"]) if place + 1 < len(listed) else length
        if pd.notna(window["minute_to"]):
            until = min(until, max(int(window["minute_to"]), first + 1))
        last = min(until, length) - 1
        if last < first:
            continue
        if first > free:
            rows.append((free, first - 1, "stated", "", "", ""))
        name = window["text"] or (window["title"] if pd.notna(window["title"]) else "")
        rows.append((first, last, "stated", window["item_id"], window["link_no"], name))
        free = last + 1
    if free < length:
        rows.append((free, length - 1, "stated", "", "", ""))
    return rows


def _inferred(frame: pd.DataFrame, length: int) -> list[tuple[Any, ...]]:
    known, series = _countable(frame)
    found = borders(series)
    if not found:
        return []
    minutes = known["minute"].astype(int).tolist()
    starts = [0, *(minutes[at] for at in found)]
    ends = [*(start - 1 for start in starts[1:]), max(length - 1, minutes[-1])]
    return [(first, last, "inferred", "", "", "") for first, last in zip(starts, ends, strict=True)]


def _countable(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Series]]:
    """The minutes whose counts are all known, and the counts over what they come from."""
    names = [name for name in ("product_click_users", "orders") if len(frame) and frame[name].notna().mean() >= 0.5]
    known = frame.dropna(subset=names) if names else frame.head(0)
    people, series = exposure(known)[0], list[Series]()
    for name in names:
        counts = _numbers(known[name])
        series.append((counts, people))
        people = np.maximum(counts, 0.5)  # orders come out of the clicks
    return known, series


def exposure(frame: pd.DataFrame) -> tuple[Floats, str]:
    """People online per row ('online'), or 1 each ('minute') where too few rows state them."""
    online = pd.to_numeric(frame["online"]).astype(float)
    if not len(frame) or (online > 0).mean() < SEEN:
        return np.ones(len(frame)), "minute"
    people: Floats = np.maximum(_numbers(online.interpolate(limit_direction="both")), 1.0)
    return people, "online"


def judged(frame: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """The segments with sales_* and clicks_* (lift.COLUMNS), basis ('online' or 'minute'), word and by ('sales', 'clicks')."""
    basis = exposure(frame)[1]
    sales = _lifts(frame, parts, "live_sales", "orders")
    clicks = _lifts(frame, parts, "product_click_users", "product_click_users")
    by_clicks = ((sales["word"] == "few") & (clicks["word"] != "few")).to_numpy()
    word = np.where(by_clicks, clicks["word"], sales["word"])
    tables = [parts.reset_index(drop=True), sales.add_prefix("sales_"), clicks.add_prefix("clicks_")]
    return pd.concat(tables, axis=1).assign(basis=basis, word=word, by=np.where(by_clicks, "clicks", "sales"))


def _lifts(frame: pd.DataFrame, parts: pd.DataFrame, amount: str, count: str) -> pd.DataFrame:
    known = frame[frame[amount].notna() & frame["minute"].between(0, parts["last"].max())]
    place = np.searchsorted(parts["first"].to_numpy(), known["minute"].astype(int).to_numpy(), side="right") - 1
    amounts = _numbers(known[amount])
    told = known[count].notna().all() if len(known) else False
    events = _numbers(known[count]) if told else (amounts > 0).astype(np.float64)
    return lift.lifts(amounts, events, exposure(known)[0], place.astype(np.int64), len(parts))


def _numbers(column: pd.Series) -> Floats:
    values: Floats = pd.to_numeric(column).to_numpy(dtype=np.float64)
    return values
