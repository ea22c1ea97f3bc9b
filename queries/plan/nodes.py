"""A node of a plan as the questions need it: numbers as Decimals, days as dates, the tree walked once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from queries.plan.cells import decimal_of, text_of

Span = tuple[date | None, date | None]
UNJUDGED = frozenset({"practice", "series", "exclude", "evidence", "risk", "note"})


@dataclass(frozen=True)
class Node:
    """One row of mart.plan_node. `target` is None for a band and for a blank; `raw` is the node as it was typed."""

    plan: str
    id: str
    parent: str
    kind: str
    name: str
    metric: str
    shop: str
    currency: str
    first: date | None
    last: date | None
    target: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    direction: str
    period: str
    state: str
    owner: str
    note: str
    scope: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def solved(self) -> Mapping[str, Any]:
        """Numbers and days of the typed texts, as connectors/plan/seal.py resolved them."""
        found: Mapping[str, Any] = self.raw.get("_", {})
        return found

    def number(self, name: str) -> Decimal | None:
        """`base`, `opening` or `announced`; None when blank or a band."""
        value = self.solved.get(name)
        return Decimal(value) if isinstance(value, str) else None

    def numbers(self, name: str) -> dict[str, Decimal | None]:
        """`parts` or `weights` by name."""
        return {
            key: Decimal(value) if isinstance(value, str) else None for key, value in self.solved.get(name, {}).items()
        }

    @property
    def due(self) -> Span:
        return span(self.solved.get("due"))

    @property
    def windows(self) -> list[Span]:
        return [span(each) for each in self.solved.get("windows", [])]

    def words(self, name: str) -> tuple[str, ...]:
        """`per`, `units`, `after`, `evidence`, `refs`."""
        return tuple(self.raw.get(name, ()))

    def text(self, name: str) -> str:
        return str(self.raw.get(name, ""))

    @property
    def is_percent(self) -> bool:
        return self.unit in ("%", "‰", "个百分点")


def span(value: Any) -> Span:
    if not value:
        return None, None
    return tuple(date.fromisoformat(each) if each else None for each in value)  # type: ignore[return-value]


def read_nodes(rows: pd.DataFrame) -> list[Node]:
    """Nodes of mart.plan_node rows, in their order."""
    return [_node(row) for row in rows.to_dict("records")]


def _node(row: Mapping[Any, Any]) -> Node:
    raw = json.loads(text_of(row["spec"]) or "{}")
    return Node(
        plan=text_of(row["plan"]), id=text_of(row["node"]), parent=text_of(row["parent"]), kind=text_of(row["kind"]), name=text_of(row["name"]),
        metric=text_of(row["metric"]), shop=text_of(row["shop"]), currency=text_of(row["currency"]), first=_day(row["day"]), last=_day(row["day_to"]),
        target=_number(row["target"]), low=_number(row["target_min"]), high=_number(row["target_max"]), unit=text_of(row["unit"]),
        direction=text_of(row["direction"]), period=text_of(row["period_kind"]), state=text_of(row["state"]), owner=text_of(row["owner"]),
        note=text_of(row["note"]), scope=json.loads(text_of(row["scope"]) or "{}"), raw=raw,
    )  # fmt: skip


def _day(value: Any) -> date | None:
    return None if value is None or value != value else pd.Timestamp(value).date()


def _number(value: Any) -> Decimal | None:
    """A stored number without the zeros that its column pads it with."""
    found = decimal_of(value)
    return None if found is None else found.normalize() + 0


def children(nodes: Iterable[Node]) -> dict[str, list[Node]]:
    """Nodes by the id of the one above; '' holds the roots."""
    found: dict[str, list[Node]] = {}
    for node in nodes:
        found.setdefault(node.parent, []).append(node)
    return found


def depth_first(nodes: Iterable[Node]) -> list[tuple[Node, int]]:
    """Every node with its depth, parents before their children, in the order they were written."""
    below, out = children(nodes), []
    stack = [(node, 0) for node in reversed(below.get("", []))]
    while stack:
        node, depth = stack.pop()
        out.append((node, depth))
        stack += [(child, depth + 1) for child in reversed(below.get(node.id, []))]
    return out
