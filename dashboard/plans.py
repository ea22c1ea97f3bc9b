"""Plans for the pages: which there are, their nodes, where each stands on a day; worked out once per generation."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard import data
from dashboard.format import DASH, fmt, is_missing
from dashboard.labels import lang
from queries import METRICS
from queries.plan.actuals import read_book
from queries.plan.evaluate import evaluate
from queries.plan.gap import Gap, sales_gap
from queries.plan.nodes import Node, children, depth_first, read_nodes
from queries.plan.progress import Progress
from queries.plan.series_of import series_of


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


def days_of(found: Standing, node: Node) -> pd.DataFrame:
    """The node day by day (queries/plan/series_of.py); no row when it is no sum of days. Shared, never change it."""

    def make() -> pd.DataFrame:
        below = children(each for each, _ in found.nodes)
        book = read_book(data.reader(), found.plan, found.day)
        return series_of(node, below, book, found.progress[node.id])

    return data.kept("plan/days", make, found.plan, node.id, found.day)


def gap_of(found: Standing, node: Node) -> Gap:
    """Why a sales line differs from its plan (queries/plan/gap.py)."""

    def make() -> Gap:
        book = read_book(data.reader(), found.plan, found.day)
        return sales_gap(node, [each for each, _ in found.nodes], found.progress[node.id], book)

    return data.kept("plan/gap", make, found.plan, node.id, found.day)


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
    if node.kind == "backlog":  # its target is a share, what is left of it are whole cases
        return "count", None
    if node.kind in ("coverage", "loop", "growth") or node.is_percent or (node.kind == "band" and node.text("hours")):
        return "rate", None
    if found is not None:
        return found.unit, node.currency if found.unit == "money" else None
    if node.unit == "元" or (not node.unit and node.kind in ("flow", "budget")):
        return "money", node.currency
    return ("ratio" if _is_fraction(node.target) else "count"), None


def _is_fraction(value: Decimal | None) -> bool:
    return value is not None and value != value.to_integral_value()


def words(node: Node, value: Decimal | None) -> str:
    """A figure of the node as people read it: 12.3万, 94.1%, 17 件; a dash when not known."""
    if value is None or is_missing(value):
        return DASH
    unit, currency = unit_of(node)
    return f"{fmt(value, unit, currency, lang())} {suffix(node) if unit in ('count', 'ratio') else ''}".strip()


def suffix(node: Node) -> str:
    """The word behind the node's counts, as its author wrote it: 份, 次, 人; '' for money and shares."""
    if node.kind == "backlog":
        return re.sub(r"^[\d.,×xX\s]*", "", node.text("opening"))
    return "" if node.is_percent or node.unit == "元" else node.unit


def counted(node: Node, value: Decimal | None) -> str:
    """A number of whole units of the node (17 件), whatever its target is written in."""
    return DASH if value is None or is_missing(value) else f"{fmt(value, 'count', None, lang())} {suffix(node)}".strip()


def amount(node: Node, value: Decimal | None) -> str:
    """What a growth compares: the figure itself, in its metric's unit."""
    found = METRICS.get(node.metric)
    if value is None or is_missing(value):
        return DASH
    return fmt(
        value, found.unit if found else "ratio", node.currency if found and found.unit == "money" else None, lang()
    )


def target_words(node: Node) -> str:
    """The target as its author typed it, with the words around the number; a band of hours is its hours; a dash for a blank."""
    return node.text("target") or (node.text("hours") if node.kind == "band" else "") or DASH


def is_blank(node: Node) -> bool:
    """Does the plan state no number: nothing typed, or ××?"""
    return (
        node.target is None
        and node.low is None
        and node.high is None
        and not (node.kind == "band" and node.text("hours"))
    )
