"""What a person would have typed into the demo: shop settings, month targets, cost rates and the promotion calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from connectors.demo.catalogue import SHOPS, Shop
from connectors.demo.live import ORDERS, goes_live
from connectors.demo.outbox import months
from connectors.demo.seasons import days_between, demand, phases
from connectors.forms import target_row

Rows = list[Mapping[str, Any]]
BASKET = {"tmall-demo": 107, "jd-demo": 109, "douyin-demo": 98}       # yuan an order, roughly
SPEND_SHARE = {"tmall-demo": 0.135, "jd-demo": 0.07, "douyin-demo": 0.3}
STRETCH = 1.06      # targets are set a little above what an ordinary month would bring


def submissions(first: date, last: date, volume: float) -> Iterator[tuple[str, Rows]]:
    """(table, rows of one shop) in the order they were typed; targets reach into the month after the last day."""
    for shop in SHOPS:
        yield "shop", [{"shop": shop.id, "name": shop.name, "platform": shop.platform, "currency": "CNY", "zone": "Asia/Shanghai"}]
        yield "plan_node", _targets(shop, first, last, volume)
        yield "cost", _costs(shop, first)
    yield "promotion", [
        {"promotion": f"{p.promotion}-{p.first:%m%d}", "name": p.name, "phase": p.phase, "day": p.first, "day_to": p.last}
        for year in range(first.year, last.year + 1)
        for p in phases(year)
        if p.last >= first
    ]


def _targets(shop: Shop, first: date, last: date, volume: float) -> Rows:
    """Sales and spend of every month, from what the calendar promises, in round thousands."""
    rows: Rows = []
    for span in months(first.replace(day=1), last + timedelta(days=31), last):
        whole = (span.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        orders = sum(_expected(shop, day, volume) for day in days_between(span.first, whole))
        sales = orders * BASKET[shop.id] * STRETCH
        rows.append(target_row(shop.id, "sales", span.first, max(1, round(sales / 1000)) * 1000, "CNY"))
        rows.append(target_row(shop.id, "spend", span.first, max(1, round(sales * SPEND_SHARE[shop.id] / 1000)) * 1000, "CNY"))
    return rows


def _expected(shop: Shop, day: date, volume: float) -> float:
    """Orders that the calendar alone promises for a day."""
    lift = volume * demand(day, shop.weekday, shop.power)
    live = ORDERS * 1.08 if shop.platform == "douyin" and goes_live(day) else 0.0
    return lift * (shop.orders + live) * 0.93


def _costs(shop: Shop, first: date) -> Rows:
    typed = {"margin_rate": shop.margin, "fee_rate": shop.fee, "freight_per_order": 3.2}
    return [
        {"shop": shop.id, "item_id": "", "kind": kind, "day": first, "value": value, "currency": "CNY" if kind == "freight_per_order" else ""}
        for kind, value in typed.items()
    ]
