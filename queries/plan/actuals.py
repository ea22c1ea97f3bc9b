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
from queries.plan.bands import Session
from queries.plan.nodes import Node
from queries.plan.progress import Fact

ZERO = Decimal(0)
HISTORY = 430  # days before a period that a forecast looks at: last year's campaigns and the weeks before them
SESSION_FIGURES = ("live_start", "live_days")
WIDE = ("channel", "item", "campaign", "session")
ByDay = dict[date, Decimal | None]


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
    _asked: dict[Any, Any] = field(default_factory=dict)

    def daily(self, node: Node, metric_id: str, first: date, last: date) -> Fact:
        """A metric by day in the node's scope; days without a figure are None."""
        key = (metric_id, node.shop, tuple(sorted(node.scope.items())), first, last, node.currency)
        if key not in self._asked:
            self._asked[key] = self._daily(node, metric_id, first, last)
        found: Fact = self._asked[key]
        return found

    def _daily(self, node: Node, metric_id: str, first: date, last: date) -> Fact:
        shops, wide = self.shops_of(node), next((name for name in WIDE if node.scope.get(name)), None)
        if "purse" in node.scope:
            asked = {"metric": metric_id, "purses": _several(node.scope["purse"]), "scenes": _several(node.scope.get("scene", "")) or None}
            rows = self.reader.query(sql_of("plan/purse_days"), {**asked, "day_from": first, "day_to": last, "shops": shops})
        elif wide:
            rows = metric(self.reader, metric_id, first, last, by=["day", wide], shops=shops)
            wanted = _several(node.scope[wide])
            titles = rows["title"].isin(wanted) if "title" in rows else False
            rows = rows[rows[wide].isin(wanted) | titles]
        else:
            rows = metric(self.reader, metric_id, first, last, by="day", shops=shops)
        return _fact(rows, METRICS[metric_id].unit == "money", node.currency)

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
            _decimal(row["value"]), str(row["source"] or ""), str(row["basis"]), str(row["bound"]), row["as_of"]
        )

    def shops_of(self, node: Node) -> list[str] | None:
        """Shops the node covers: its own, those of its platform, or all."""
        if node.shop:
            return [node.shop]
        if "platform" in node.scope:
            return sorted(self.shops.loc[self.shops["platform"].isin(_several(node.scope["platform"])), "shop"])
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
        return [(pd.Timestamp(row.day).date(), str(row.session), _decimal(row.value)) for row in rows.itertuples()]

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
                _text(row.unit),
                pd.Timestamp(row.day).date(),
                _decimal(row.value) or ZERO,
                _decimal(row.of_value),
                row.as_of,
            )
        )
    for row in reader.query(sql_of("plan/activities"), {"plan": plan}).itertuples():
        done = None if pd.isna(row.done_at) else pd.Timestamp(row.done_at).to_pydatetime()
        due = None if pd.isna(row.due) else pd.Timestamp(row.due).date()
        book.deeds.setdefault(str(row.node), []).append(
            Deed(
                str(row.node),
                _text(row.unit),
                due,
                done,
                _decimal(row.qty),
                _text(row.result),
                _text(row.owner),
                _text(row.evidence),
            )
        )
    return book


def _fact(rows: pd.DataFrame, is_money: bool, currency: str) -> Fact:
    """Rows of one metric by day, added over what else they are split by; several currencies are never added."""
    if is_money and currency:
        rows = rows[rows["currency"].isin([currency]) | rows["currency"].isna()]
    by_day: ByDay = {}
    for day, value in zip(rows["day"], rows["value"], strict=True):
        at = pd.Timestamp(day).date()
        known = _decimal(value)
        by_day[at] = known if by_day.get(at) is None else (by_day[at] or ZERO) + (known or ZERO)
    known_days = [value for value in by_day.values() if value is not None]
    if not known_days:
        return Fact(None, why="no_figure", by_day=by_day)
    row = rows[rows["value"].notna()].iloc[-1]
    oldest = rows.loc[rows["value"].notna(), "as_of"].min() if "as_of" in rows else None
    return Fact(
        sum(known_days, ZERO), str(row.get("source") or ""), str(row.get("basis") or ""), "exact", oldest, by_day
    )


def _several(text: str) -> list[str]:
    return [
        part.strip()
        for part in text.replace("，", ",").replace("；", ",").replace(";", ",").replace("|", ",").split(",")
        if part.strip()
    ]


def _latest(rows: Sequence[Typed]) -> Any:
    return max((row.as_of for row in rows if row.as_of is not None), default=None)


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)


def _decimal(value: Any) -> Decimal | None:
    if value is None or value != value:
        return None
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def summed(by_day: Mapping[date, Decimal | None], first: date, last: date) -> tuple[Decimal | None, int]:
    """Sum of the known days of a span, and how many of its days are not known."""
    days = [by_day.get(first + timedelta(days=n)) for n in range(max((last - first).days + 1, 0))]
    known = [value for value in days if value is not None]
    return (sum(known, ZERO) if known else None), len(days) - len(known)
