"""What an event earned and cost beyond ordinary days: extra margin against extra coupons, ads and commission. Pure.

Extra sales are the uplift (with its range), over the event and the days after it, so what was only pulled forward is not
counted twice. Refunds go off at the rate of these days. Goods are valued before coupons (the margin rate is that of ordinary
prices) and the coupons then count in full as a cost. Usual cost: the mean of the same weekdays on quiet days.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from queries.promotion.uplift import REACH, History, Uplift, Window

COUPONS, FEES = "coupons", "fees"


@dataclass(frozen=True)
class Rates:
    """Of the days judged: refunds over sales (None: not known), margin and fee as fractions, freight of an order, orders over sales."""

    refund: float | None
    margin: float | None
    fee: float | None
    freight: float | None
    orders: float | None


@dataclass(frozen=True)
class Cost:
    """One purse over the days judged. usual: what as many ordinary days cost, NaN where not known; missing: days without a figure."""

    purse: str
    basis: str
    actual: float
    usual: float
    missing: int

    @property
    def extra(self) -> float:
        return self.actual - self.usual


@dataclass(frozen=True)
class Account:
    """earned: margin on extra sales after refunds, fees and freight; spent: extra promotion cost; each (mid, low, high) by the
    uplift's range. roi = earned / spent, None unless something extra was spent.
    """

    earned: tuple[float, float, float]
    spent: float
    profit: tuple[float, float, float]
    roi: tuple[float, float, float] | None


def rates_of(rows: pd.DataFrame) -> Rates:
    """From rows of promotion/days over the days judged; shops weigh by their sales, one shop without a rate makes it unknown."""
    sales = float(rows["sales"].sum())
    if not sales > 0:
        return Rates(None, None, None, None, None)
    refunds, orders = rows["refunds"], rows["orders"]
    return Rates(
        None if refunds.isna().any() else float(refunds.sum()) / sales, _weighed(rows["margin"], rows["sales"]),
        _weighed(rows["fee"], rows["sales"]), _weighed(rows["freight"], orders), None if orders.isna().any() else float(orders.sum()) / sales,
    )  # fmt: skip


def _weighed(rates: pd.Series, weights: pd.Series) -> float | None:
    if rates.isna().any() or weights.isna().any() or not weights.sum() > 0:
        return None
    return float((rates * weights).sum() / weights.sum())


def costs_of(rows: pd.DataFrame, quiet: pd.Series, window: Window) -> list[Cost]:
    """Every purse of ads/purses (shop, purse, basis, day, spend), largest first; platform fees go by the rate instead."""
    found = []
    for (purse, basis), part in rows[rows["basis"] != FEES].groupby(["purse", "basis"], sort=True):
        by_day = part.groupby("day")["spend"].sum().reindex(quiet.index).astype(float)
        inside = by_day.loc[window.first : window.last]
        known = inside.dropna()
        if len(known):
            found.append(Cost(str(purse), str(basis), float(known.sum()), _usual(by_day, quiet, window, list(known.index)), window.days - len(known)))
    return sorted(found, key=lambda cost: -cost.actual)


def _usual(by_day: pd.Series, quiet: pd.Series, window: Window, days: Sequence[date]) -> float:
    before = by_day.loc[window.start - timedelta(days=REACH) : window.start - timedelta(days=1)]
    if len(before) and before.isna().all():
        return 0.0  # a purse that did not run before the event
    return float(History(by_day, quiet).expected(window)[list(days)].sum(skipna=False))


def account(net: Uplift, rates: Rates, costs: Sequence[Cost]) -> Account | None:
    """None without a margin rate, an uplift with its range, or a usual cost for every purse."""
    if rates.margin is None or math.isnan(net.low) or any(math.isnan(cost.extra) for cost in costs):
        return None
    spent = sum(cost.extra for cost in costs)
    coupons = sum(cost.extra for cost in costs if cost.basis == COUPONS)
    ends = (net.uplift, net.low, net.high)
    earned = tuple(left_of(extra, coupons, rates) for extra in ends)
    profit = tuple(each - spent for each in earned)
    roi = tuple(each / spent for each in earned) if spent > 0 else None
    return Account((earned[0], earned[1], earned[2]), spent, (profit[0], profit[1], profit[2]), None if roi is None else (roi[0], roi[1], roi[2]))


def left_of(extra: float, coupons: float, rates: Rates) -> float:
    """What sales leave after refunds, goods, fees and freight; coupons: what goods were sold below their ordinary price."""
    kept = extra * (1 - (rates.refund or 0.0))
    freight = extra * (rates.orders or 0.0) * (rates.freight or 0.0)
    return (kept + coupons) * (rates.margin or 0.0) - kept * (rates.fee or 0.0) - freight
