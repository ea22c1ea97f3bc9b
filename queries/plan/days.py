"""Metrics by day for the nodes of a plan: a series is asked once and serves every node and date that wants it.

What adds up over shops is asked for all shops at once; everything else series by series. A forecast's preparation is
shared too: the quarter and its months see the same history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from queries.catalog import sql_of
from queries.measure import Asks, metric
from queries.metrics import METRICS
from queries.plan.anchors import Own
from queries.plan.cells import decimal_of
from queries.plan.nodes import Node
from queries.plan.progress import Fact
from queries.plan.series import AHEAD, Series

ZERO = Decimal(0)
HISTORY = 430  # days before a period that a forecast looks at: last year's campaigns and the weeks before them
WIDE = ("channel", "item", "campaign", "session")
Key = tuple[str, str, tuple[tuple[str, str], ...], str]


@dataclass(frozen=True)
class Row:
    """A figure of a day; several of one day are added."""

    day: date
    value: Decimal | None
    source: str
    basis: str
    as_of: Any


@dataclass
class Days:
    """Series of one plan up to `day`. earliest: the first day that any node of the plan looks back to; asked at once."""

    reader: Asks
    day: date
    earliest: date | None = None
    _rows: dict[Key, tuple[date, list[Row]]] = field(default_factory=dict)
    _by_shop: dict[str, tuple[date, pd.DataFrame]] = field(default_factory=dict)
    _series: dict[Any, Series] = field(default_factory=dict)

    def fact(self, node: Node, metric_id: str, shops: list[str] | None, first: date, last: date) -> Fact:
        """The metric in the node's scope over [first, last]; days without a figure are None or not there."""
        return _fact([row for row in self._of(node, metric_id, shops, first, last) if first <= row.day <= last])

    def series(self, node: Node, shops: list[str] | None, through: date, own: Own, last: date) -> Series:
        """The node's metric prepared for projections, with all that is known at the end of `through`."""
        rows = self._of(node, node.metric, shops, through, through)
        to = last if (last - through).days > AHEAD else None
        key = (_key(node, node.metric), through, to)
        if key not in self._series:
            self._series[key] = Series(_fact([row for row in rows if row.day <= through]).by_day, own, to=to)
        return self._series[key]

    def _of(self, node: Node, metric_id: str, shops: list[str] | None, first: date, last: date) -> list[Row]:
        key, end = _key(node, metric_id), max(self.day, last)
        kept = self._rows.get(key)
        if kept is None or first < kept[0] or last > self.day:
            begin = min(each for each in (first, self.earliest, kept[0] if kept else None) if each)
            kept = self._rows[key] = (begin, self._ask(node, metric_id, shops, begin, end))
        return kept[1]

    def _ask(self, node: Node, metric_id: str, shops: list[str] | None, first: date, last: date) -> list[Row]:
        wide = next((name for name in WIDE if node.scope.get(name)), None)
        if "purse" in node.scope:
            scenes = several(node.scope.get("scene", "")) or None
            given = {"metric": metric_id, "purses": several(node.scope["purse"]), "scenes": scenes, "shops": shops}
            rows = self.reader.query(sql_of("plan/purse_days"), {**given, "day_from": first, "day_to": last})
        elif wide:
            rows = metric(self.reader, metric_id, first, last, by=["day", wide], shops=shops)
            wanted = several(node.scope[wide])
            titles = rows["title"].isin(wanted) if "title" in rows else False
            rows = rows[rows[wide].isin(wanted) | titles]
        elif adds_over_shops(metric_id):
            rows = self._all_shops(metric_id, first, last)
            rows = rows if shops is None else rows[rows["shop"].isin(shops)]
        else:
            rows = metric(self.reader, metric_id, first, last, by="day", shops=shops)
        if METRICS[metric_id].unit == "money" and node.currency:
            rows = rows[rows["currency"].isin([node.currency]) | rows["currency"].isna()]
        return _rows(rows)

    def _all_shops(self, metric_id: str, first: date, last: date) -> pd.DataFrame:
        kept = self._by_shop.get(metric_id)
        if kept is None or first < kept[0] or last > self.day:
            rows = metric(self.reader, metric_id, first, last, by=["day", "shop"])
            kept = self._by_shop[metric_id] = (first, rows)
        return kept[1]


def adds_over_shops(metric_id: str) -> bool:
    """Is the metric of several shops the sum of theirs, day by day?"""
    found = METRICS[metric_id]
    return found.additivity == "A" and found.special is None and "shop" in found.dimensions


def several(text: str) -> list[str]:
    """The names of a scope as somebody typed them: a,b or a；b."""
    for mark in "，；;|":
        text = text.replace(mark, ",")
    return [part.strip() for part in text.split(",") if part.strip()]


def back_to(nodes: Sequence[Node]) -> date | None:
    """The first day that forecasts of these nodes look back to."""
    firsts = [node.first for node in nodes if node.first is not None and node.metric in METRICS]
    return min(firsts) - timedelta(days=HISTORY) if firsts else None


def _key(node: Node, metric_id: str) -> Key:
    return metric_id, node.shop, tuple(sorted(node.scope.items())), node.currency


def _rows(frame: pd.DataFrame) -> list[Row]:
    empty = [None] * len(frame)
    told = [frame[name].tolist() if name in frame else empty for name in ("source", "basis", "as_of")]
    days = [at.date() for at in pd.to_datetime(frame["day"])]
    return [
        Row(day, decimal_of(value), str(source or ""), str(basis or ""), as_of)
        for day, value, source, basis, as_of in zip(days, frame["value"].tolist(), *told, strict=True)
    ]


def _fact(rows: Sequence[Row]) -> Fact:
    """Rows added by day over what else they are split by."""
    by_day: dict[date, Decimal | None] = {}
    for row in rows:
        before = by_day.get(row.day)
        by_day[row.day] = row.value if before is None else before + (row.value or ZERO)
    known = [row for row in rows if row.value is not None]
    if not known:
        return Fact(None, why="no_figure", by_day=by_day)
    newest = max(row.day for row in known)
    latest = [row for row in known if row.day == newest]
    sources = sorted({each for row in latest for each in row.source.split("+") if each})
    ages = [row.as_of for row in known if row.as_of is not None and row.as_of == row.as_of]
    total = sum((row.value for row in known if row.value is not None), ZERO)
    return Fact(total, "+".join(sources), latest[-1].basis, "exact", min(ages, default=None), by_day)
