"""The demo's own list of what happened: orders, their lines and their refunds, before any platform writes them down.

Money is whole fen, instants are shop-local seconds since 1970 (-1: never happened).
Every day is drawn from (seed, shop, day) alone, so the same day is the same in every demo that holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from connectors.demo.catalogue import Catalogue, Shop
from connectors.demo.seasons import demand, discount, epoch_seconds, hour_share

NEVER = -1
DAY = 86400
LATE = 2 * 3600     # the exports are taken at two in the morning, when the last session has ended
Ints = NDArray[np.int64]
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Habits:
    """How buyers of a shop behave; shares of orders."""

    unpaid: float = 0.07
    slow: float = 0.04          # paid half an hour or more after ordering
    refunded: float = 0.09
    partial: float = 0.25
    refunded_within_1h: float = 0.0
    brushed: float = 0.0
    buyers: int = 90_000


@dataclass
class History:
    """One shop's events up to `horizon`, in the small hours of the last of `days`. orders: one row an order; lines: one row an order and item (`order` = row of orders)."""

    shop: Shop
    days: list[date]
    goods: Catalogue
    orders: pd.DataFrame
    lines: pd.DataFrame
    horizon: int
    volume: float = 1.0


def generator(seed: int, shop: Shop, day: date, stream: int = 0) -> np.random.Generator:
    """The source of chance of one shop's day."""
    return np.random.default_rng([seed, shop.number, day.toordinal(), stream])


def order_count(rng: np.random.Generator, shop: Shop, day: date, volume: float) -> int:
    """How many orders an ordinary channel brings on a day."""
    mean = shop.orders * volume * demand(day, shop.weekday, shop.power) * float(rng.lognormal(0.0, 0.07))
    return int(rng.poisson(mean))


def horizon_of(days: list[date]) -> int:
    """The instant the exports are taken: nothing after it has happened."""
    return epoch_seconds(days[-1]) + LATE


def creation_times(rng: np.random.Generator, day: date, count: int) -> Ints:
    """Sorted instants spread over a day as its hours go."""
    hours = rng.choice(24, size=count, p=hour_share(day))
    times: Ints = np.sort(epoch_seconds(day) + hours * 3600 + rng.integers(0, 3600, count)).astype(np.int64)
    return times


def draw_orders(rng: np.random.Generator, created: Ints, day: date, habits: Habits) -> Columns:
    """Orders for given creation times: who, when paid, what becomes of them. Amounts come from the lines."""
    n = len(created)
    speed = rng.random(n)
    wait = np.where(speed < 0.8, rng.integers(8, 90, n), np.where(speed < 1 - habits.slow, rng.integers(90, 1500, n), rng.integers(1500, 36000, n)))
    brushed = rng.random(n) < habits.brushed
    paid = np.where((rng.random(n) < habits.unpaid) & ~brushed, NEVER, created + wait)
    likely = habits.refunded * (1.45 if discount(day) > 0.1 else 1.0)
    fast = rng.random(n) < habits.refunded_within_1h
    refunded = (fast | (rng.random(n) < likely)) & (paid != NEVER) & ~brushed
    applied = paid + np.where(fast, rng.integers(120, 3000, n), rng.integers(DAY // 6, 9 * DAY, n))
    done = applied + np.where(fast, rng.integers(30, 300, n), rng.integers(DAY // 4, 4 * DAY, n))
    share = np.where(rng.random(n) < habits.partial, rng.uniform(0.2, 0.6, n), 1.0)
    return {
        "created": created, "paid": paid,
        "buyer": (habits.buyers * rng.random(n) ** 2).astype(np.int64),
        "brushed": brushed,
        "applied": np.where(refunded, applied, NEVER), "done": np.where(refunded, done, NEVER),
        "refund_share": np.where(refunded, share, 0.0),
        "confirm_after": rng.integers(5 * DAY, 13 * DAY, n),
    }  # fmt: skip


def draw_lines(
    rng: np.random.Generator, count: int, goods: Catalogue, row: int, off: float, several: float = 0.16, lead: Ints | None = None, led: float = 0.0
) -> Columns:  # fmt: skip
    """Lines of `count` orders of one day; `row` is the day's row in the catalogue, `off` the share taken off prices.

    lead: the item each order's buyer heard of (-1: none); a share `led` of them bought it.
    """
    per_order = 1 + (rng.random(count) < several) + (rng.random(count) < several / 5)
    order = np.repeat(np.arange(count), per_order)
    item = rng.choice(len(goods.ids), size=len(order), p=goods.weight[row])
    if lead is not None:
        heard = np.where(np.diff(order, prepend=-1) > 0, lead[order], -1)
        item = np.where((heard >= 0) & (rng.random(len(item)) < led), heard, item)
    price = np.maximum(10, (goods.prices[item] * (1 - off) / 10).round().astype(np.int64) * 10)
    quantity = 1 + (rng.random(len(order)) < 0.08) + (rng.random(len(order)) < 0.015)
    return {"order": order, "item": item, "quantity": quantity.astype(np.int64), "price": price}


def collect(
    shop: Shop, days: list[date], goods: Catalogue, parts: list[tuple[Columns, Columns]], horizon: int, volume: float = 1.0
) -> History:
    """Put the days together; adds `amount` to lines and orders, `refund` (fen) and `number` to orders."""
    parts = [_happened(orders, lines, horizon) for orders, lines in parts]
    offsets = np.cumsum([0, *(len(part[0]["created"]) for part in parts)])
    orders = pd.DataFrame({k: np.concatenate([p[0][k] for p in parts]) for k in parts[0][0]})
    lines = pd.DataFrame({k: np.concatenate([p[1][k] for p in parts]) for k in parts[0][1]})
    lines["order"] = np.concatenate([p[1]["order"] + offset for p, offset in zip(parts, offsets, strict=False)])
    lines["amount"] = lines["price"] * lines["quantity"]
    index = lines["order"].to_numpy()
    orders["amount"] = np.bincount(index, weights=lines["amount"], minlength=len(orders)).astype(np.int64)
    orders["units"] = np.bincount(index, weights=lines["quantity"], minlength=len(orders)).astype(np.int64)
    orders["refund"] = (orders["amount"] * orders["refund_share"]).round().astype(np.int64)
    for column in ("paid", "applied", "done"):
        orders.loc[orders[column] >= horizon, column] = NEVER
    orders.loc[orders["paid"] == NEVER, ["applied", "done"]] = NEVER
    orders["day"] = orders["created"] // DAY
    orders["paid_day"] = np.where(orders["paid"] == NEVER, NEVER, orders["paid"] // DAY)
    orders["done_day"] = np.where(orders["done"] == NEVER, NEVER, orders["done"] // DAY)
    orders["number"] = orders.groupby("day").cumcount()
    return History(shop, days, goods, orders, lines, horizon, volume)


def _happened(orders: Columns, lines: Columns, horizon: int) -> tuple[Columns, Columns]:
    """The orders created before the horizon: a day is always drawn whole, so its morning is the same tomorrow."""
    keep = orders["created"] < horizon
    if keep.all():
        return orders, lines
    place, kept = np.cumsum(keep) - 1, keep[lines["order"]]
    return {k: v[keep] for k, v in orders.items()}, {k: v[kept] for k, v in lines.items()} | {"order": place[lines["order"][kept]]}


def on_sale(history: History) -> pd.MultiIndex:
    """(day since 1970, item) of everything that could be bought: a report has a row for it even when nobody did."""
    rows, items = np.nonzero(history.goods.weight > 0)
    return pd.MultiIndex.from_arrays([rows + epoch_seconds(history.days[0]) // DAY, items], names=["on", "item"])


def with_orders(history: History) -> pd.DataFrame:
    """Lines with the columns of their order (suffix `_o` where both have one)."""
    orders = history.orders
    joined = orders.iloc[history.lines["order"].to_numpy()].reset_index(drop=True)
    both = {name: f"{name}_o" for name in history.lines.columns if name in joined.columns}
    return history.lines.reset_index(drop=True).join(joined.rename(columns=both))
