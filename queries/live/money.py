"""What a session cost and what it left. Pure.

Profit: (sales - refunds) x margin x (1 - fee) - ad spend - commission. Refunds: the greater of what the session's report and
what its orders say by now. What is not known is left out and named, and without a margin there is no profit. Coupons of the
shop are already off what buyers paid; they are shown and not taken off twice, unless the report itself states them as cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

LATER = ((0, 0), (1, 1), (2, 3), (4, 7), (8, 15), (16, 10_000))  # days after the session's start day


@dataclass(frozen=True)
class Money:
    """Amounts in the session's currency; None is not known. `missing`: parts of the profit that are not in it."""

    sales: float | None
    refunds: float | None
    ad_spend: float | None
    commission: float | None
    coupon_cost: float | None
    shop_coupons: float | None
    margin: float | None
    fee: float | None
    profit: float | None
    missing: tuple[str, ...]

    @property
    def keeps(self) -> float | None:
        """What is left of one unit of net sales after margin and fee."""
        return None if self.margin is None else self.margin * (1 - (self.fee or 0.0))


def money(row: Mapping[str, Any], orders: pd.DataFrame, rates: pd.DataFrame) -> Money:
    """row: the session (live/history); orders: detail/live_orders; rates: live/rates."""
    stated, seen = _known(row["refunds"]), _sum(orders, "refunded")
    back = max((v for v in (stated, seen) if v is not None), default=None)
    margin, fee = (_known(rates[name].iloc[0]) if len(rates) else None for name in ("margin_rate", "fee_rate"))
    sales = _known(row["live_sales"])
    costs = {name: _known(row[name]) for name in ("ad_spend", "commission", "coupon_cost")}
    absent = [name for name, value in {"refunds": back, "fee": fee, "ad_spend": costs["ad_spend"], "commission": costs["commission"]}.items() if value is None]
    profit = None
    if sales is not None and margin is not None:
        profit = (sales - (back or 0.0)) * margin * (1 - (fee or 0.0)) - sum(value or 0.0 for value in costs.values())
    return Money(sales, back, **costs, shop_coupons=_sum(orders, "seller_discount"), margin=margin, fee=fee, profit=profit, missing=tuple(absent))


def later(orders: pd.DataFrame, started_on: Any) -> pd.DataFrame:
    """Refunds of the session's orders by how many days after its start day the money went back: after, until, orders, amount, share.

    share: of what the orders paid. Refunds without a date stand in a last row (after None). Empty when no list states refunds.
    """
    columns = ["after", "until", "orders", "amount", "share"]
    known = orders[orders["refunded"].notna()]
    if known.empty:
        return pd.DataFrame(columns=columns)
    amounts, paid = pd.to_numeric(known["refunded"]).astype(float), float(pd.to_numeric(orders["paid_amount"]).astype(float).sum())
    days = (pd.to_datetime(known["refund_at"]).dt.normalize() - pd.Timestamp(started_on).normalize()).dt.days
    rows: list[tuple[Any, ...]] = []
    for low, high in LATER:
        part = amounts[(amounts > 0) & days.between(low, high)]
        rows.append((low, high, len(part), float(part.sum()), float(part.sum()) / paid if paid else None))
    undated = amounts[(amounts > 0) & days.isna()]
    if len(undated):
        rows.append((None, None, len(undated), float(undated.sum()), float(undated.sum()) / paid if paid else None))
    return pd.DataFrame([row for row in rows if row[2]], columns=columns)


def _known(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _sum(orders: pd.DataFrame, column: str) -> float | None:
    values = pd.to_numeric(orders[column]).astype(float).dropna()
    return float(values.sum()) if len(values) else None
