"""The pages' only way to data: `ask` a query, `measure` a metric, `now` for the clock.

Answers are kept per (question, parameters, scope, generation) and never by time: a new generation is a new key,
so a page cannot show a stale figure. Frames are shared between sessions: treat them as read-only (adding a column
to what you get is safe, `ask` hands out a shallow copy).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pandas as pd

import queries
from dashboard.kept import Kept
from warehouse.book import Book
from warehouse.reader import Reader
from warehouse.shown import is_demo as made_by_simulator
from warehouse.shown import shown

_ANSWERS, _READERS = Kept(600), Kept(32)
Answer = TypeVar("Answer")


def book() -> Book:
    """The data directory this server shows: the one named, or the demo inside it for as long as that one is empty."""
    return shown()


def is_demo() -> bool:
    """Whether the simulator made what is shown."""
    return made_by_simulator(book())


def scope() -> tuple[str, ...] | None:
    """Shops this session may see; None is all of them. DAYBOOK_SHOPS=a,b restricts the whole server."""
    names = tuple(sorted(s.strip() for s in os.environ.get("DAYBOOK_SHOPS", "").split(",") if s.strip()))
    return names or None


def reader() -> Reader:
    """One reader per book and scope in this process."""
    shown_book, shops_in_scope = book(), scope()
    found: Reader = _READERS.get((str(shown_book.root), shops_in_scope), lambda: Reader(shown_book, shops_in_scope))
    return found


def generation() -> str:
    """Name of the published generation in use. Raises NoBook when nothing was ever published."""
    return str(reader().generation)


def ask(name: str, /, **params: Any) -> pd.DataFrame:
    """The answer of query `name` ("overview/figures") for the current generation.

    Params: dates, strings, numbers, None, or lists/tuples of them. Raises OpsError (no book yet, unknown query).
    """
    source = reader()
    key = (name, _key(params), str(source.book.root), source.shops, source.generation)
    frame: pd.DataFrame = _ANSWERS.get(key, lambda: queries.run(name, source, **params))
    return frame.copy(deep=False)


def measure(
    metric_id: str, day_from: date, day_to: date, by: str | None = None, shops: tuple[str, ...] | None = None
) -> pd.DataFrame:
    """queries.metric for the current generation: columns <by>, currency, value, unit, basis, source, bound, as_of."""
    source = reader()
    chosen = None if shops is None else tuple(shops)
    key = (metric_id, day_from, day_to, by, chosen, str(source.book.root), source.shops, source.generation)
    frame: pd.DataFrame = _ANSWERS.get(
        key, lambda: queries.metric(source, metric_id, day_from, day_to, by=by, shops=chosen)
    )
    return frame.copy(deep=False)


def kept(what: str, make: Callable[[], Answer], *key: Hashable) -> Answer:
    """What `make` computes from the current generation, kept under (what, key): for joins and splits of answers.

    The result is shared between sessions: never change it.
    """
    source = reader()
    answer: Answer = _ANSWERS.get((what, key, str(source.book.root), source.shops, source.generation), make)
    return answer


def shops() -> pd.DataFrame:
    """Shops in scope: shop, name, platform, currency, zone (name falls back to the id)."""
    return ask("overview/shops")


def zone(shop: str) -> str:
    """The zone of a shop; China's where nobody set one."""
    known = dict(zip(shops()["shop"], shops()["zone"], strict=True))
    return str(known.get(shop) or "Asia/Shanghai")


def rooms() -> pd.DataFrame:
    """Live rooms of the last 60 days, the latest on air first: shop, account_name, account, last_at."""
    return ask("live/rooms", day_from=today() - timedelta(days=60))


def now(zone: str = "Asia/Shanghai") -> datetime:
    """The one clock: local time in `zone`, or DAYBOOK_TODAY (a day, read as noon, or a day with a time)."""
    fixed = os.environ.get("DAYBOOK_TODAY", "").strip()
    if fixed:
        at = datetime.fromisoformat(fixed)
        return datetime.combine(at.date(), time(12)) if len(fixed) <= 10 else at.replace(tzinfo=None)
    return datetime.now(ZoneInfo(zone or "Asia/Shanghai")).replace(tzinfo=None)


def today(chosen: tuple[str, ...] | None = None) -> date:
    """Today where it is earliest among the chosen shops, so that 昨日 has ended for all of them."""
    frame = shops()
    if chosen is not None:
        frame = frame[frame["shop"].isin(chosen)]
    zones = {str(z) for z in frame["zone"] if z} or {"Asia/Shanghai"}
    return min(now(zone).date() for zone in zones)


def yesterday(chosen: tuple[str, ...] | None = None) -> date:
    """The last day that has ended."""
    return today(chosen) - timedelta(days=1)


def _key(params: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((k, tuple(v) if isinstance(v, list | tuple) else v) for k, v in sorted(params.items()))
