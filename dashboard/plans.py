"""Plans for the pages: which there are, their nodes, where each stands on a day; worked out once per generation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard import data
from dashboard.format import DASH, fmt, is_missing
from dashboard.labels import lang
from queries import METRICS
from queries.plan.evaluate import evaluate
from queries.plan.nodes import Node, depth_first, read_nodes
from queries.plan.progress import Progress


@dataclass(frozen=True)
class Standing:
    """A plan on a day: nodes with their depth, parents first, and how each stands."""

    plan: str
    day: date
    nodes: tuple[tuple[Node, int], ...]
    progress: dict[str, Progress]

    def node(self, name: str) -> Node | None:
        """The node of that id, None when the plan has none."""
        return next((node for node, _ in self.nodes if node.id == name), None)

    def below(self, name: str) -> list[Node]:
        return [node for node, _ in self.nodes if node.parent == name]


def plans(day: date) -> pd.DataFrame:
    """Every plan, running ones first: plan, title, kind, state, owner, shop, day, day_to, nodes, versions, runs."""
    return data.ask("plan/plans", day=day)


def standing(plan: str, day: date) -> Standing:
    """Every node of the plan at the end of `day`; shared between sessions, never change it."""

    def make() -> Standing:
        nodes = read_nodes(data.ask("plan/nodes", plan=plan))
        return Standing(plan, day, tuple(depth_first(nodes)), evaluate(nodes, data.reader(), day))

    return data.kept("plan/standing", make, plan, day)


def as_typed(plan: str) -> dict[str, Any]:
    """The plan as somebody typed it, {"plan": …, "node": […]}: what editing starts from. {} when there is none."""
    header = data.ask("plan/header", plan=plan)
    if header.empty:
        return {}
    nodes = [json.loads(text) for text in data.ask("plan/nodes", plan=plan)["spec"]]
    return {
        "plan": json.loads(header["spec"].iloc[0]),
        "node": [{k: v for k, v in node.items() if k != "_"} for node in nodes],
    }


def unit_of(node: Node) -> tuple[str, str | None]:
    """(unit, currency) as format.fmt wants them: a metric's own, percent, money for 元 and 万, else a count."""
    found = METRICS.get(node.metric)
    if node.kind in ("coverage", "loop", "growth") or node.is_percent:
        return "rate", None
    if found is not None:
        return found.unit, node.currency if found.unit == "money" else None
    if node.unit in ("", "元") and node.kind in ("flow", "budget"):
        return "money", node.currency
    return ("ratio" if _is_fraction(node.target) else "count"), None


def _is_fraction(value: Decimal | None) -> bool:
    return value is not None and value != value.to_integral_value()


def words(node: Node, value: Decimal | None) -> str:
    """A figure of the node as people read it: 12.3万, 94.1%, 17 件; a dash when not known."""
    if value is None or is_missing(value):
        return DASH
    unit, currency = unit_of(node)
    said = fmt(value, unit, currency, lang())
    own = node.unit if node.unit not in ("元", "%", "‰", "") and unit in ("count", "ratio") else ""
    return f"{said} {own}".strip()


def target_words(node: Node) -> str:
    """The target as its author typed it, with the words around the number; a dash for a blank."""
    return node.text("target") or DASH
