"""The Douyin shop: orders from its own room, from hosts, videos and product cards, and 千川 spend by the hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from connectors.demo.catalogue import DOUYIN, Catalogue, catalogue
from connectors.demo.live import Session, goes_live, session
from connectors.demo.orders import (
    DAY,
    NEVER,
    Columns,
    Habits,
    History,
    Ints,
    collect,
    creation_times,
    draw_lines,
    draw_orders,
    generator,
    horizon_of,
    order_count,
)
from connectors.demo.seasons import discount
from connectors.demo.show import LISTENED

SHELF = Habits(unpaid=0.06, slow=0.0, refunded=0.085, partial=0.0, brushed=0.004, buyers=70_000)
ROOM = Habits(unpaid=0.09, slow=0.0, refunded=0.10, partial=0.0, refunded_within_1h=0.085, brushed=0.0, buyers=70_000)
# channel -> 流量体裁, whether a host of another account sold it
CHANNELS = {"live_own": ("直播", False), "live_host": ("直播", True), "video": ("短视频", False), "card": ("商品卡", False)}
NAMES = tuple(CHANNELS)
SENT_AFTER = DAY * 4 // 5   # an order given back before it is sent is closed and no sale
LINKS = 12                  # items in the room
SHELF_SHARES = (0.20, 0.28, 0.52)
TEST_NOTE, BRUSH_NOTE = "G-测试订单", "V-补单"


@dataclass
class Douyin:
    """What happened in the shop. orders carry `channel` (index of NAMES), `session` (-1: none), `platform` (fen the
    platform bears), `tested` and `closed` (given back before it was sent); `amount` is what the shop earns, `amount - platform` what the buyer paid.
    hours: one row a session hour; `room`: one row a session; money in fen."""

    history: History
    sessions: list[Session]
    room: pd.DataFrame
    hours: pd.DataFrame


def simulate(seed: int, days: list[date], volume: float, extra: frozenset[date] = frozenset()) -> Douyin:
    """Draw the shop's whole period, the last day of which has only begun; `extra` are days that get a session whatever the weekday."""
    goods = catalogue(DOUYIN, days)
    sessions: list[Session] = []
    parts = []
    for row, day in enumerate(days):
        rng = generator(seed, DOUYIN, day)
        created = creation_times(rng, day, order_count(rng, DOUYIN, day, volume))
        channel = rng.choice((1, 2, 3), size=len(created), p=SHELF_SHARES)
        parts.append(_part(rng, created, day, SHELF, channel, -1, goods, row))
        if day < days[-1] and goes_live(day, extra):
            links = best(goods, row)
            evening = session(seed, day, volume, [_appeal(goods.ids[item]) for item in links])
            live = generator(seed, DOUYIN, day, 6)
            heard = evening.show.link(evening.minutes)[np.minimum((evening.orders - evening.started) // 60, evening.minutes - 1)]
            lead = np.where(heard > 0, links[heard - 1], -1)
            parts.append(_part(live, evening.orders, day, ROOM, np.zeros(len(evening.orders), dtype=int), len(sessions), goods, row, lead))
            sessions.append(evening)
    history = collect(DOUYIN, days, goods, parts, horizon_of(days), volume)
    orders, lines = history.orders, history.lines
    orders["id"] = 6_917_000_000_000_000_000 + (orders["day"] * 100_000 + orders["number"]) * 1_009
    orders["closed"] = (orders["done"] != NEVER) & (orders["applied"] < orders["paid"] + SENT_AFTER)
    orders["platform"] = np.bincount(lines["order"], weights=lines["platform"], minlength=len(orders)).astype(np.int64)
    hours = _hours(seed, sessions, orders)
    return Douyin(history, sessions, _rooms(sessions, orders, hours), hours)


def best(goods: Catalogue, row: int) -> Ints:
    """The items in the room on a day, as rows of the catalogue: link 1 first."""
    links: Ints = np.argsort(-goods.weight[row], kind="stable")[:LINKS]
    return links


def _appeal(item: str) -> float:
    """How well explaining an item sells: its own, the same every evening."""
    return float(np.random.default_rng(int(item)).lognormal(0, 0.35))


def _part(
    rng: np.random.Generator, created: Ints, day: date, habits: Habits, channel: Ints, session_at: int, goods: Catalogue, row: int,
    lead: Ints | None = None,
) -> tuple[Columns, Columns]:  # fmt: skip
    orders = draw_orders(rng, created, day, habits)
    orders["channel"] = channel.astype(np.int64)
    orders["session"] = np.full(len(created), session_at)
    orders["tested"] = (rng.random(len(created)) < 0.0015) & ~orders["brushed"]
    lines = draw_lines(rng, len(created), goods, row, min(0.25, discount(day) + (0.06 if session_at >= 0 else 0.0)), several=0.12, lead=lead, led=LISTENED)
    large = lines["price"].astype(np.int64) > 3000
    lines["platform"] = np.where(large & (rng.random(len(large)) < 0.25), 500, 0)
    return orders, lines


def within_an_hour(orders: pd.DataFrame) -> pd.Series:
    """Which orders were given back within one hour of payment."""
    return (orders["done"] != NEVER) & (orders["done"] <= orders["paid"] + 3600)


def _hours(seed: int, sessions: list[Session], orders: pd.DataFrame) -> pd.DataFrame:
    """One row a session and clock hour: what 千川 spent and what the whole room sold (organic included)."""
    live = orders[(orders["session"] >= 0) & (orders["paid"] != NEVER)].assign(hour=lambda f: f["created"] // 3600)
    live = live.assign(fast=within_an_hour(live))
    live["back"] = np.where(live["fast"], live["amount"], 0)
    keys = ["session", "hour"]
    figures = live.groupby(keys).agg(
        sales=("amount", "sum"), platform=("platform", "sum"), orders=("amount", "size"), back=("back", "sum"), back_orders=("fast", "sum")
    )
    rows = []
    for at, one in enumerate(sessions):
        rng = generator(seed, DOUYIN, one.day, 7)
        clock = (one.started + np.arange(one.minutes) * 60) // 3600
        entered = pd.Series(one.enters).groupby(clock).sum()
        whole = len(one.orders) * 9600 / (2.5 * rng.lognormal(0, 0.12))
        for hour, share in (entered / max(1, one.views)).items():
            rows.append((at, int(str(hour)), int(whole * share * rng.lognormal(0, 0.05))))
    table = pd.DataFrame(rows, columns=[*keys, "spend"]).set_index(keys).join(figures, how="outer").fillna(0).astype(np.int64)
    return table.reset_index()


def _rooms(sessions: list[Session], orders: pd.DataFrame, hours: pd.DataFrame) -> pd.DataFrame:
    """One row a session: what its orders come to at the horizon."""
    live = orders[(orders["session"] >= 0) & (orders["paid"] != NEVER)]
    live = live.assign(back=np.where(live["done"] != NEVER, live["amount"], 0), gone=live["done"] != NEVER, fast=within_an_hour(live))
    live["fast_back"] = np.where(live["fast"], live["amount"], 0)
    named = {
        "sales": ("amount", "sum"), "platform": ("platform", "sum"), "orders": ("amount", "size"), "units": ("units", "sum"),
        "buyers": ("buyer", "nunique"), "back": ("back", "sum"), "back_orders": ("gone", "sum"),
        "fast_back": ("fast_back", "sum"), "fast_orders": ("fast", "sum"),
    }  # fmt: skip
    table = live.groupby("session").agg(**{k: pd.NamedAgg(*v) for k, v in named.items()})
    table = table.reindex(range(len(sessions))).fillna(0).astype(np.int64)
    return table.assign(spend=hours.groupby("session")["spend"].sum())
