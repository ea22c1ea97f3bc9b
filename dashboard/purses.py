"""The purses of a month for the ads page: asked, paced and kept once per generation; text and figures are made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard import data
from dashboard.periods import View
from queries.ads import maturity
from queries.ads.limits import ALL, NO_LIMIT, OTHER, Limit, bands_of, limit_of, money_lines
from queries.ads.maturity import Moving
from queries.ads.pacing import ByDay, Paced, added, pace, together
from queries.plan.cells import decimal_of
from queries.plan.covering import asked
from queries.plan.curves import Curve
from queries.plan.days import HISTORY
from queries.plan.flows import spread_of
from queries.plan.nodes import Node, read_nodes

RECENT = 62  # a purse without a figure for two months is not shown
ADS = "ads"


@dataclass(frozen=True)
class Purse:
    """A purse of a currency in the month, ALL for the sum of what counts; basis as in ads/purses, and only ads count as ad spend."""

    purse: str
    currency: str
    basis: str
    shops: tuple[str, ...]
    paced: Paced
    moving: Moving

    @property
    def counts(self) -> bool:
        return self.basis == ADS


@dataclass(frozen=True)
class _Inputs:
    lines: Sequence[Node]
    targets: Mapping[str, Decimal]
    statements: pd.DataFrame
    first: date
    last: date
    day: date
    all_shops: bool


def month_of(shown: View) -> tuple[date, date]:
    """First and last day of the month that the view ends in."""
    first = shown.day_to.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def of_month(shown: View, day: date) -> list[Purse]:
    """Every purse of the view's month at the end of `day`: per currency the sum first, then by spend. Shared, never change it."""
    first, last = month_of(shown)
    return data.kept("ads/purses_of_month", lambda: _make(shown, first, last, day), first, day, shown.shops)


def _make(shown: View, first: date, last: date, day: date) -> list[Purse]:
    rows = data.ask("ads/purses", shops=shown.shops, day_from=first - timedelta(days=HISTORY), day_to=min(day, last))
    if rows.empty:
        return []
    rows = rows.assign(day=pd.to_datetime(rows["day"]).dt.date)
    given = _Inputs(
        money_lines(_nodes(first, last)), _targets(shown, first),
        data.ask("ads/statements", shops=shown.shops, day_from=day - timedelta(days=HISTORY), day_to=day), first, last, day,
        shown.shops is None,
    )  # fmt: skip
    found: list[Purse] = []
    for currency, part in rows.groupby("currency", sort=True):
        recent = part[part["day"] >= min(day, last) - timedelta(days=RECENT)]
        purses = [
            _purse(str(purse), str(currency), part[part["purse"] == purse], recent, given) for purse in recent["purse"].unique()
        ]
        purses.sort(key=lambda p: (not p.counts, -(p.paced.progress.actual or 0)))
        ads = [purse for purse in purses if purse.counts]
        found += ([_sum(ads, part, given)] if len(ads) > 1 else []) + purses
    return found


def _nodes(first: date, last: date) -> list[Node]:
    """Every node of the plans that have a line about a purse in these days."""
    about = asked("ads", first, last)
    plans = dict.fromkeys(data.ask("plan/covering", **{**about, "metrics": ["spend", *OTHER]})["plan"])
    return [node for plan in plans for node in read_nodes(data.ask("plan/nodes", plan=plan))]


def _targets(shown: View, first: date) -> dict[str, Decimal]:
    rows = data.ask("sources/targets", shops=shown.shops, day_from=first, day_to=first)
    rows = rows[rows["metric"] == "spend"]
    return {str(row.shop): value for row in rows.itertuples() if (value := decimal_of(row.value)) is not None}


def _purse(purse: str, currency: str, part: pd.DataFrame, recent: pd.DataFrame, given: _Inputs) -> Purse:
    mine = part[part["purse"] == purse]
    basis, shops = str(mine["basis"].iloc[-1]), tuple(sorted(mine["shop"].unique()))
    by_day = added([_by_day(rows) for _, rows in mine.groupby("shop")], given.day)
    alone = {
        shop: given.targets[shop] for shop in shops
        if shop in given.targets and set(recent[(recent["shop"] == shop) & (recent["basis"] == ADS)]["purse"]) == {purse}
    }  # fmt: skip
    limit = _limit(purse, shops, currency, by_day, given, alone)
    statements = given.statements[given.statements["purse"] == purse]
    return _paced(purse, currency, basis, shops, by_day, limit, given, _moving(mine, statements, given))


def _sum(ads: Sequence[Purse], part: pd.DataFrame, given: _Inputs) -> Purse:
    """All ad money of a currency: its own limit, else the sum of its purses' when each has one."""
    rows = part[part["basis"] == ADS]
    currency, shops = ads[0].currency, tuple(sorted(rows["shop"].unique()))
    by_day = added([_by_day(one) for _, one in rows.groupby(["shop", "purse"])], given.day)
    limit = _limit(ALL, shops, currency, by_day, given, given.targets)
    amounts = [purse.paced.limit.amount for purse in ads]
    if limit.amount is None and None not in amounts:
        limit = Limit(sum((amount for amount in amounts if amount is not None), Decimal(0)), "sum")
    days = frozenset(day for purse in ads for day in purse.moving.days)
    moving = Moving(min(days, default=None), days, None, None, sum(purse.moving.reported_twice for purse in ads))
    return _paced(ALL, currency, ADS, shops, by_day, limit, given, moving, together([purse.paced for purse in ads]))


def _limit(purse: str, shops: Sequence[str], currency: str, by_day: ByDay, given: _Inputs, targets: Mapping[str, Decimal]) -> Limit:
    return limit_of(
        given.lines, purse, shops, currency, given.first, given.last, curve=lambda node: spread_of(node, by_day),
        targets=targets, all_shops=given.all_shops,
    ) if shops else NO_LIMIT  # fmt: skip


def _paced(
    purse: str, currency: str, basis: str, shops: tuple[str, ...], by_day: ByDay, limit: Limit, given: _Inputs, moving: Moving,
    spread: Curve | None = None,
) -> Purse:  # fmt: skip
    phases = bands_of(given.lines, purse, shops, currency, given.first, given.last, all_shops=given.all_shops)
    paced = pace(by_day, limit, given.first, given.last, given.day, china=currency == "CNY", phases=phases, spread=spread)
    return Purse(purse, currency, basis, shops, paced, moving)


def _by_day(rows: pd.DataFrame) -> dict[date, Decimal | None]:
    return {day: decimal_of(value) for day, value in zip(rows["day"], rows["spend"], strict=True)}


def _moving(rows: pd.DataFrame, statements: pd.DataFrame, given: _Inputs) -> Moving:
    """Days of the month whose report is young; commission by payment moves until every line is settled."""
    month = rows[(rows["day"] >= given.first) & (rows["day"] <= given.last) & (rows["basis"] == ADS)]
    reported: dict[date, datetime | None] = {day: _at(part["as_of"].min()) for day, part in month.groupby("day")}
    amounts = {
        figure: {day: float(pd.to_numeric(part[figure]).astype(float).sum()) for day, part in month.groupby("day")}
        for figure in maturity.FIGURES
    }
    return maturity.moving(maturity.curve(statements), reported, amounts, statements)


def _at(value: Any) -> datetime | None:
    return None if pd.isna(value) else pd.Timestamp(value).to_pydatetime()
