"""What really happened, added up from the events one by one, so that imports can be held against it.

Money in yuan with two decimals. Per shop and day:
  sales              paid orders of the day without flagged ones; `flagged_amount`, `flagged_orders`: those left out
  paid_orders, units, paying_buyers (different people), placed_amount, placed_orders: without flagged orders too
  stated_sales, stated_buyers    with flagged ones: what the platform itself states
  refunds            by the day the refund was done; Douyin: by the day the order was paid, as its list has no other
  visitors           Tmall only; spend: money for advertising; commission, service_fee: by the day they were settled
Douyin leaves orders given back before they were sent out of sales: its list calls them closed.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from connectors.demo.douyin import NAMES, Douyin
from connectors.demo.jd import Jd
from connectors.demo.orders import DAY, NEVER
from connectors.demo.tmall import Tmall
from connectors.demo.writers import stamps

Days = dict[str, dict[str, float]]


def truth(tmall: Tmall, jd: Jd, douyin: Douyin) -> dict[str, Any]:
    """The truth of every whole day, by shop; Douyin's sessions with it."""
    closed = tmall.history.days[:-1]
    shops = {"tmall-demo": _tmall(tmall, closed), "jd-demo": _jd(jd, closed), "douyin-demo": _douyin(douyin, closed)}
    return {
        "shops": {shop: {"days": days} for shop, days in shops.items()},
        "sessions": [_session(douyin, at) for at in range(len(douyin.sessions))],
    }


def _empty(days: list[date], names: tuple[str, ...]) -> Days:
    return {day.isoformat(): dict.fromkeys(names, 0) for day in days}


@cache
def _name(number: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=int(number))).isoformat()


_ORDER_FACTS = (
    "sales", "flagged_amount", "flagged_orders", "paid_orders", "units", "paying_buyers", "placed_amount", "placed_orders",
    "stated_sales", "stated_buyers", "refunds", "spend",
)  # fmt: skip


def _add(days: Days, number: int, name: str, value: float) -> None:
    found = days.get(_name(number))
    if found is not None:
        found[name] = round(found.get(name, 0) + value, 2)


def _orders(days: Days, orders: pd.DataFrame, amount: pd.Series, flagged: pd.Series) -> None:
    """Add what the orders alone say; `amount` in fen."""
    buyers: dict[str, dict[int, set[int]]] = {"paying_buyers": {}, "stated_buyers": {}}
    columns = zip(orders["created"], orders["paid"], amount, orders["units"], flagged, orders["buyer"], strict=True)
    for created, paid, fen, units, left_out, buyer in columns:
        if not left_out:
            _add(days, created // DAY, "placed_amount", fen / 100)
            _add(days, created // DAY, "placed_orders", 1)
        if paid == NEVER:
            continue
        on = paid // DAY
        buyers["stated_buyers"].setdefault(on, set()).add(buyer)
        _add(days, on, "stated_sales", fen / 100)
        if left_out:
            _add(days, on, "flagged_amount", fen / 100)
            _add(days, on, "flagged_orders", 1)
        else:
            _add(days, on, "sales", fen / 100)
            _add(days, on, "paid_orders", 1)
            _add(days, on, "units", units)
            buyers["paying_buyers"].setdefault(on, set()).add(buyer)
    for name, seen in buyers.items():
        for on, people in seen.items():
            _add(days, on, name, len(people))


def _tmall(shop: Tmall, closed: list[date]) -> Days:
    days = _empty(closed, (*_ORDER_FACTS, "visitors", "commission", "service_fee"))
    orders = shop.history.orders
    _orders(days, orders, orders["amount"], orders["brushed"])
    for done, refund in zip(orders["done"], orders["refund"], strict=True):
        if done != NEVER:
            _add(days, done // DAY, "refunds", refund / 100)
    for number, visitors in shop.day_facts["visitors"].items():
        _add(days, int(str(number)), "visitors", int(visitors))
    for number, spend in zip(shop.ads["day"], shop.ads["spend"], strict=True):
        _add(days, number, "spend", spend / 100)
    due = shop.commission
    for settled, fen, fee in zip(due["settled"], due["commission"], due["fee"], strict=True):
        _add(days, settled // DAY, "commission", fen / 100)
        _add(days, settled // DAY, "service_fee", fee / 100)
    return days


def _jd(shop: Jd, closed: list[date]) -> Days:
    days = _empty(closed, (*_ORDER_FACTS, "item_visitors"))
    orders = shop.history.orders
    _orders(days, orders, orders["amount"], orders["brushed"])
    for done, refund in zip(orders["done"], orders["refund"], strict=True):
        if done != NEVER:
            _add(days, done // DAY, "refunds", refund / 100)
    for number, visitors in zip(shop.items["on"], shop.items["visitors"], strict=True):
        _add(days, number, "item_visitors", visitors)
    for number, spend in zip(shop.ads["day"], shop.ads["spend"], strict=True):
        _add(days, number, "spend", spend / 100)
    return days


def _douyin(shop: Douyin, closed: list[date]) -> Days:
    days = _empty(closed, (*_ORDER_FACTS, *NAMES))
    orders = shop.history.orders.assign(paid=np.where(shop.history.orders["closed"], NEVER, shop.history.orders["paid"]))
    payable = orders["amount"] - orders["platform"]
    flagged = orders["brushed"] | orders["tested"]
    _orders(days, orders, payable, flagged)
    for paid, done, fen, left_out, channel in zip(orders["paid"], orders["done"], payable, flagged, orders["channel"], strict=True):
        if paid == NEVER or left_out:
            continue
        _add(days, paid // DAY, NAMES[channel], fen / 100)
        if done != NEVER:
            _add(days, paid // DAY, "refunds", fen / 100)
    for hour, spend in zip(shop.hours["hour"], shop.hours["spend"], strict=True):
        _add(days, hour // 24, "spend", spend / 100)
    return days


def _session(shop: Douyin, at: int) -> dict[str, Any]:
    one, orders = shop.sessions[at], shop.history.orders
    sold = orders[(orders["session"] == at) & (orders["paid"] != NEVER)]
    return {
        "started_at": stamps([one.started])[0], "ended_at": stamps([one.ended])[0], "minutes": one.minutes,
        "views": int(sum(one.enters.tolist())), "viewers": one.viewers, "pcu": max(one.online.tolist()),
        "new_followers": int(sum(one.followers.tolist())), "orders": len(sold), "buyers": len(set(sold["buyer"])),
        "live_sales": round(sum(sold["amount"]) / 100, 2), "user_paid": round(sum(sold["amount"] - sold["platform"]) / 100, 2),
        "spend": round(sum(shop.hours.loc[shop.hours["session"] == at, "spend"]) / 100, 2),
    }  # fmt: skip
