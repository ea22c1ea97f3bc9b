"""What happened, for a node: from metrics of any scope, typed values, sessions and the activity log.

People are never added: a day's visitors summed into a month stand beside it under their own name and are not judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from queries.catalog import sql_of
from queries.measure import Asks, metric
from queries.metrics import METRICS
from queries.plan.activity import Deed
from queries.plan.anchors import Own
from queries.plan.bands import Session
from queries.plan.cells import decimal_of, text_of
from queries.plan.days import WIDE, Days, several
from queries.plan.nodes import Node
from queries.plan.progress import Fact
from queries.plan.series import Series

ZERO = Decimal(0)
SESSION_FIGURES = ("live_start", "live_days")


@dataclass(frozen=True)
class Typed:
    """A row of the plan's typed actuals."""

    node: str
    unit: str
    day: date
    value: Decimal
    of: Decimal | None = None
    as_of: Any = None


@dataclass
class Book:
    """Everything a plan's actuals need, asked once: typed values, the log, shops; metrics are asked as nodes want them."""

    reader: Asks
    day: date
    typed: dict[str, list[Typed]] = field(default_factory=dict)
    deeds: dict[str, list[Deed]] = field(default_factory=dict)
    shops: pd.DataFrame = field(default_factory=pd.DataFrame)
    days: Days = field(init=False)

    def __post_init__(self) -> None:
        self.days = Days(self.reader, self.day)

    def daily(self, node: Node, metric_id: str, first: date, last: date) -> Fact:
        """A metric by day in the node's scope; days without a figure are None or not there."""
        return self.days.fact(node, metric_id, self.shops_of(node), first, last)

    def series(self, node: Node, through: date, last: date, own: Own) -> Series:
        """The node's metric prepared for a forecast up to `last` as seen at the end of `through`."""
        return self.days.series(node, self.shops_of(node), through, own, last)

    def total(self, node: Node, metric_id: str, first: date, last: date) -> Fact:
        """A metric over the whole span: ratios from their parts, people from the platform's figure of the very period."""
        if any(node.scope.get(name) for name in (*WIDE, "purse")):
            return Fact(None, why="scope_total")
        rows = metric(self.reader, metric_id, first, last, shops=self.shops_of(node))
        rows = rows[rows["value"].notna()]
        if METRICS[metric_id].unit == "money" and node.currency:
            rows = rows[rows["currency"].isin([node.currency]) | rows["currency"].isna()]
        if rows.empty:
            return Fact(None, why="no_figure")
        if len(rows) > 1:
            return Fact(None, why="currencies")
        row = rows.iloc[0]
        return Fact(
            decimal_of(row["value"]), str(row["source"] or ""), str(row["basis"]), str(row["bound"]), row["as_of"]
        )

    def shops_of(self, node: Node) -> list[str] | None:
        """Shops the node covers: its own, those of its platform, or all."""
        if node.shop:
            return [node.shop]
        if "platform" in node.scope:
            return sorted(self.shops.loc[self.shops["platform"].isin(several(node.scope["platform"])), "shop"])
        return None

    def sessions(self, node: Node) -> list[Session]:
        if node.first is None:
            return []
        rows = self.reader.query(
            sql_of("plan/sessions"),
            {"shops": self.shops_of(node), "day_from": node.first, "day_to": min(self.day, node.last or self.day)},
        )
        return [
            Session(pd.Timestamp(r.day).date(), pd.Timestamp(r.started_at).to_pydatetime(), None if pd.isna(r.ended_at) else pd.Timestamp(r.ended_at).to_pydatetime(),
                    None if pd.isna(r.duration_s) else Decimal(str(r.duration_s)) / 3600)
            for r in rows.itertuples()
        ]  # fmt: skip

    def by_session(self, node: Node) -> list[tuple[date, str, Decimal | None]]:
        """A metric of each session of the node's period, in order: day, session, value."""
        if node.first is None or node.first > self.day:
            return []
        last = min(self.day, node.last or self.day)
        rows = metric(self.reader, node.metric, node.first, last, by=["day", "session"], shops=self.shops_of(node))
        return [(pd.Timestamp(row.day).date(), str(row.session), decimal_of(row.value)) for row in rows.itertuples()]

    def typed_flow(self, node: Node) -> Fact:
        """Typed amounts of the node's period, summed."""
        rows = [
            row
            for row in self.typed.get(node.id, ())
            if row.day <= self.day
            and (not node.first or row.day >= node.first)
            and (not node.last or row.day <= node.last)
        ]
        if not rows:
            return Fact(None, why="not_typed")
        by_day: dict[date, Decimal | None] = defaultdict(lambda: ZERO)
        for row in rows:
            by_day[row.day] = (by_day[row.day] or ZERO) + row.value
        return Fact(sum((row.value for row in rows), ZERO), "typed", as_of=_latest(rows), by_day=dict(by_day))

    def typed_level(self, node: Node) -> Fact:
        """The latest typed level by unit (role, account), added up."""
        rows = sorted((row for row in self.typed.get(node.id, ()) if row.day <= self.day), key=lambda row: row.day)
        if not rows:
            return Fact(None, why="not_typed")
        latest = {row.unit: row for row in rows}
        by_day: dict[date, Decimal | None] = {}
        for row in rows if len(latest) == 1 else ():
            by_day[row.day] = row.value
        return Fact(sum((row.value for row in latest.values()), ZERO), "typed", as_of=_latest(rows), by_day=by_day)

    def typed_ratio(self, node: Node) -> Fact:
        """Above over below of all typed rows: weighted, divided last. A row without its lower part is a level."""
        rows = [
            row
            for row in self.typed.get(node.id, ())
            if row.day <= self.day and (not node.first or row.day >= node.first)
        ]
        both = [row for row in rows if row.of]
        if not both:
            return self.typed_level(node)
        below = sum((row.of for row in both if row.of), ZERO)
        return Fact(sum((row.value for row in both), ZERO) / below, "typed", as_of=_latest(both))


def read_book(reader: Asks, plan: str, day: date) -> Book:
    """Typed values, log and shops of a plan. Raises OpsError from the reader."""
    book = Book(reader, day, shops=reader.query("SELECT shop, platform, currency FROM shop", {}))
    for row in reader.query(sql_of("plan/values"), {"plan": plan}).itertuples():
        book.typed.setdefault(str(row.node), []).append(
            Typed(
                str(row.node),
                text_of(row.unit),
                pd.Timestamp(row.day).date(),
                decimal_of(row.value) or ZERO,
                decimal_of(row.of_value),
                row.as_of,
            )
        )
    for row in reader.query(sql_of("plan/activities"), {"plan": plan}).itertuples():
        done = None if pd.isna(row.done_at) else pd.Timestamp(row.done_at).to_pydatetime()
        due = None if pd.isna(row.due) else pd.Timestamp(row.due).date()
        book.deeds.setdefault(str(row.node), []).append(
            Deed(
                str(row.node),
                text_of(row.unit),
                due,
                done,
                decimal_of(row.qty),
                text_of(row.result),
                text_of(row.owner),
                text_of(row.evidence),
            )
        )
    return book


def _latest(rows: Sequence[Typed]) -> Any:
    return max((row.as_of for row in rows if row.as_of is not None), default=None)


def summed(by_day: Mapping[date, Decimal | None], first: date, last: date) -> tuple[Decimal | None, int]:
    """Sum of the known days of a span, and how many of its days are not known."""
    days = [by_day.get(first + timedelta(days=n)) for n in range(max((last - first).days + 1, 0))]
    known = [value for value in days if value is not None]
    return (sum(known, ZERO) if known else None), len(days) - len(known)
