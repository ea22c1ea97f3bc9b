"""Which nodes of a plan a month table can show: lines across periods, and the totals above them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from connectors.plan.model import Node, Plan
from connectors.plan.seal import period_of
from connectors.plan.workbook.form import Ask, fresh, periods

WHOLE, BAND = "whole", "band"
KINDS_OF = {"month_budget": ("budget",), "sales_target": ("flow", "ratio", "stock")}


@dataclass
class Line:
    """A row: its key, the node in each period (by column), and one of them that stands for all."""

    key: str
    like: Node
    nodes: dict[str, Node] = field(default_factory=dict)
    band: Node | None = None


@dataclass
class Shape:
    """Lines of a plan, and its total nodes by group and column."""

    lines: list[Line]
    totals: dict[tuple[str, str], Node]


@lru_cache(maxsize=16)
def spans_of(ask: Ask) -> Mapping[str, tuple[date, date]]:
    """Every column's days: the periods, and the whole where it is something else."""
    found = {name: (first, last) for name, first, last in periods(ask.start, ask.end, ask.by_day)}
    return found if len(found) == 1 else {WHOLE: (ask.start, ask.end), **found}


@lru_cache(maxsize=4096)
def chain(ask: Ask, column: str) -> tuple[tuple[str, date, date], ...]:
    """The totals above a cell, from the whole period down to its own: name and days, equal spans once."""
    spans = spans_of(ask)
    steps = [(WHOLE, ask.start, ask.end)]
    if column != WHOLE:
        first, last = spans[column]
        steps += (
            [each for each in periods(ask.start, ask.end, False) if each[1] <= first and last <= each[2]]
            if ask.by_day
            else []
        )
        steps.append((column, first, last))
    seen: dict[tuple[date, date], tuple[str, date, date]] = {}
    for step in steps:
        seen.setdefault(step[1:], step)
    return tuple(seen.values())


def group_of(node: Node, ask: Ask) -> str:
    """Which total a node counts in: the budget, or its metric."""
    return "budget" if ask.kind == "month_budget" else node.metric


def shape(plan: Plan, ask: Ask) -> Shape:
    """Lines and totals that the table shows; everything else of the plan stays as it is."""
    days: dict[tuple[date | None, date | None], str] = {
        span: name for name, span in reversed(list(spans_of(ask).items()))
    }
    parents = {node.parent for node in plan.nodes}
    kinds = KINDS_OF[ask.kind]
    found = Shape([], {})
    by_key: dict[str, Line] = {}
    taken = {node.id.partition("@")[0] for node in plan.nodes}
    for node in plan.nodes:
        if node.kind == "band" and node.period == "month" and node.id not in parents and ask.kind == "month_budget":
            _line(found, by_key, node, taken, BAND)
            continue
        column = days.get(period_of(plan, node))
        if node.kind not in kinds or node.period in ("session", "hour", "week"):
            continue
        if column is None:  # of another period: the line is shown, ready for this one
            if node.period in ("month", "day") and node.id not in parents and node.source != "children":
                _line(found, by_key, node, taken, "")
            continue
        is_total = (
            node.id in parents
            or node.source == "children"
            or node.id in (f"{group_of(node, ask)}@{column}", group_of(node, ask))
        )
        if is_total:
            found.totals.setdefault((group_of(node, ask), column), node)
        else:
            _line(found, by_key, node, taken, column)
    return found


def _line(found: Shape, by_key: dict[str, Line], node: Node, taken: set[str], column: str) -> None:
    """Put a node into its row: by the id's stem (r1@2026-11), else by what it is about."""
    stem, at, _ = node.id.partition("@")
    mark = (
        stem
        if at
        else repr(
            (node.metric, node.name, node.shop, sorted(node.scope.items()), sorted(node.dims.items()), node.owner)
        )
    )
    line = by_key.get(mark)
    if line is None or column in line.nodes or (column == BAND and line.band):
        key = stem if at and line is None else fresh(taken, "r")
        taken.add(key)
        line = Line(key, node)
        found.lines.append(line)
        by_key[mark] = line
    if column == BAND:
        line.band = node
    elif column:
        line.nodes[column] = node


def node_id(key: str, column: str) -> str:
    return f"{key}@{column}"


def total_id(group: str, column: str) -> str:
    return group if column == WHOLE else f"{group}@{column}"


def known_total(totals: Mapping[tuple[str, str], Node], group: str, column: str) -> str | None:
    """The node that already stands for a total, whatever its id."""
    node = totals.get((group, column))
    return node.id if node else None


def free_id(wanted: str, taken: Collection[str], first: date, last: date) -> str:
    """The wanted id; when a node of other days has it, one that names its days."""
    return f"{wanted.partition('@')[0]}@{first}..{last}" if wanted in taken else wanted
