"""What the wall and the comparison of sessions ask: minutes with sales, the running session's landing, goal and callouts."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from dashboard import data
from queries.live import callouts
from queries.live.curve import curve, step_of
from queries.live.landing import landing, planned_length
from queries.plan.covering import asked, covering
from queries.plan.nodes import read_nodes

SILENT = timedelta(minutes=60)  # without a new minute for so long a session is taken for over
METRIC = {"live_sales": "live_sales", "orders": "live_orders", "enters": "live_views"}
_LOCK = threading.Lock()
_READ: dict[tuple[str, str, str], list[tuple[str, int, pd.DataFrame]]] = {}


@dataclass(frozen=True)
class Running:
    """A session as far as its minutes go. minute: whole minutes that are over; length: planned, or as the account's last.

    `rows`: queries/live/landing.py; `call`: queries/live/callouts.py segment; `items`: items that suddenly sell.
    """

    row: Any
    is_running: bool
    at: datetime
    minute: int
    length: int
    frame: pd.DataFrame
    past: pd.DataFrame
    sales_from: str
    rows: pd.DataFrame
    call: tuple[str, str, float, str]
    items: pd.DataFrame


def minutes_of(session: str, shops: tuple[str, ...] | None) -> tuple[pd.DataFrame, str]:
    """The minutes of a session with sales, and where those come from: minutes, orders (推算) or none. Never change them."""

    def make() -> tuple[pd.DataFrame, str]:
        found = data.ask("live/minutes", session=session, shops=shops)
        return curve(found, data.ask("detail/live_orders", session=session, shops=shops), _last(found))

    return data.kept("live/minutes_of", make, session, shops)


def before(session: str, shops: tuple[str, ...] | None) -> pd.DataFrame:
    """Minutes of the account's sessions before this one, newest first; sales counted from orders where no report has them."""

    def make() -> pd.DataFrame:
        found = data.ask("live/minutes_before", session=session, shops=shops)
        parts = [_with_sales(str(name), one, shops) for name, one in found.groupby("session", sort=False)]
        return pd.concat(parts, ignore_index=True) if parts else found

    return data.kept("live/before", make, session, shops)


def _with_sales(session: str, minutes: pd.DataFrame, shops: tuple[str, ...] | None) -> pd.DataFrame:
    if minutes["live_sales"].notna().any():
        return minutes
    frame, _ = curve(minutes, data.ask("detail/live_orders", session=session, shops=shops), _last(minutes))
    return frame.assign(session=session)


def _last(minutes: pd.DataFrame) -> int:
    return int(minutes["minute"].max()) + step_of(minutes) if len(minutes) else 0


def running(row: Any, now: datetime, hours: float | None) -> Running | None:
    """The session `row` (of live/history) as it stands at `now`, shop-local; None before its first minute.

    hours: planned length, None where nobody said.
    """
    session, shops = str(row["session"]), (str(row["shop"]),)
    started = pd.Timestamp(row["started_at"]).to_pydatetime()
    whole, sales_from = minutes_of(session, shops)
    over = int((now - started).total_seconds() // 60)
    frame = whole[whole["minute"] < over] if len(whole) else whole
    if frame.empty:
        return None
    minute = min(_last(frame), max(over, 1))
    at = started.replace(second=0) + timedelta(minutes=minute)
    ended = row["ended_at"]
    is_running = (pd.isna(ended) or now < ended) and now - at <= SILENT
    past = before(session, shops)
    end = round(hours * 60) if hours else None
    length = max(end or planned_length(past, minute), minute) if is_running else minute
    events = data.ask("live/events", session=session, shops=shops)
    return Running(
        row, is_running, at, minute, length, frame, past, sales_from, landing(frame, past, minute, length if end or not is_running else None),
        callouts.segment(frame, events, minute) if is_running else ("", "", 1.0, ""), _items(session, shops, minute),
    )  # fmt: skip


def _items(session: str, shops: tuple[str, ...], minute: int) -> pd.DataFrame:
    """Items that suddenly sell: the newest report's counts against those of the report before, kept while the server runs."""
    found = data.ask("live/items", session=session, shops=shops)
    key, generation = (str(data.book().root), shops[0], session), data.generation()
    with _LOCK:
        seen = _READ.setdefault(key, [])
        if not seen or (seen[-1][0] != generation and seen[-1][1] < minute):
            seen.append((generation, minute, found))
            del seen[:-2]
        if len(seen) < 2:
            return callouts.items(found.head(0), found, 0, minute)
        (_, minute_was, was), (_, minute_now, now) = seen
    return callouts.items(was, now, minute_was, minute_now)


def goal(row: Any, figure: str) -> float | None:
    """What an issued plan asks of each session in this figure; None where none does."""
    day, shop = pd.Timestamp(row["day"]).date(), str(row["shop"])
    found = covering(data.ask("plan/covering", **asked("live", day, day)), data.shops(), (shop,), day.replace(day=1), ())
    for cover in found:
        if cover.metric == METRIC[figure]:
            nodes = read_nodes(data.ask("plan/nodes", plan=cover.plan))
            node = next((n for n in nodes if n.id == cover.node and n.period == "session" and n.target), None)
            if node is not None and node.target is not None:
                return float(node.target)
    return None
