"""Percent targets: whole units of small counts, and coverages that only add up when no unit is met twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any

from connectors.plan.check.finding import Finding, found, label, percent
from connectors.plan.check.text import NAMED_ALIKE, alike, pairs
from connectors.plan.check.values import Values
from connectors.plan.model import Node

PERIODS = {("year", "half"): 2, ("year", "quarter"): 4, ("year", "month"): 12, ("half", "quarter"): 2, ("half", "month"): 6, ("quarter", "month"): 3}  # fmt: skip


def whole_units(values: Values) -> Iterator[Finding]:
    """How many whole cases a percent target means, and how many may be left: 95 % of 17 is all 17."""
    for node in values.plan.nodes:
        target, count = node.target.value, how_many(values, node)
        if node.kind not in ("backlog", "ratio", "coverage") or node.target.unit != "%" or target is None:
            continue
        if not count or not 0 < target < 1:
            continue
        need = (count * target).to_integral_value(ROUND_CEILING)
        code = "whole_units_all" if need == count else "whole_units"
        yield found("whole_units", code, "info", node, stated=target, computed=need / count, target=node.target.text, count=f"{count.normalize():f}", need=f"{need:f}",
                    left=f"{count - need:f}", less=f"{need - 1:f}", less_share=percent((need - 1) / count))  # fmt: skip


def how_many(values: Values, node: Node) -> Decimal | None:
    """The cases that the percent is taken of: the opening, its children's openings, or the list."""
    if node.opening.value is not None:
        return node.opening.value
    if node.units:
        return Decimal(len(node.units))
    inside = [how_many(values, child) for child in values.added(node)]
    known = [one for one in inside if one is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(inside) else None


def coverage(values: Values) -> Iterator[Finding]:
    """Shares that make the whole only if nobody is counted twice: 50 % + 50 %, four quarters of 25 %."""
    shares = [
        (node, node.target.value)
        for node in values.plan.nodes
        if node.kind == "coverage" and node.target.unit == "%" and node.target.value
    ]
    for whole, target in shares:
        parts = [part for part, share in shares if part.parent == whole.id and share < target]
        if len(parts) > 1 and not any(_times(whole, part) > 1 for part in parts):
            yield _halves(whole, target, parts)
    names = {node.id: pairs(node.name) for node, _ in shares}
    for part, share in shares:
        best = max(
            ((_together(whole, part, names), target, whole) for whole, target in shares if _times(whole, part) > 1),
            key=lambda one: one[0],
            default=None,
        )
        if best is not None and best[0] >= NAMED_ALIKE:
            yield _each_period(best[2], best[1], part, share)


def _together(whole: Node, part: Node, names: Mapping[str, Counter[str]]) -> float:
    """Are they the same units in a shorter period? 1 for a child, else how alike a neighbour's name is."""
    if part.parent == whole.id:
        return 1.0
    return alike(names[part.id], names[whole.id]) if part.parent == whole.parent else 0.0


def _times(whole: Node, part: Node) -> int:
    return PERIODS.get((whole.period, part.period), 1)


def _halves(whole: Node, target: Decimal, parts: list[Node]) -> Finding:
    sum_ = sum((part.target.value or Decimal(0) for part in parts), Decimal(0))
    facts: dict[str, Any] = {
        "parts": " + ".join(part.target.text for part in parts),
        "sum": percent(sum_),
        "names": ", ".join(map(label, parts)),
    }
    if sum_ < target:
        return found("coverage", "cover_short", "error", whole, *parts, stated=target, computed=sum_, **facts)
    if not all(part.units for part in parts):
        return found("coverage", "cover_if_disjoint", "warning", whole, *parts, stated=target, computed=sum_, **facts)
    met = set().union(*(part.units for part in parts))
    listed = set(whole.units) or met
    share = Decimal(len(met & listed)) / len(listed)
    twice = sum(len(set(part.units)) for part in parts) - len(met)
    code, severity = ("cover_lists", "ok") if share >= target else ("cover_overlap", "error")
    return found(
        "coverage",
        code,
        severity,
        whole,
        *parts,
        stated=target,
        computed=share,
        met=len(met),
        of=len(listed),
        twice=twice,
        **facts,
    )


def _each_period(whole: Node, target: Decimal, part: Node, share: Decimal) -> Finding:
    times = _times(whole, part)
    facts: dict[str, Any] = {
        "parts": f"{times} × {part.target.text}",
        "sum": percent(times * share),
        "names": label(part),
    }
    code, severity = (
        ("cover_short", "error")
        if times * share < target and part.direction != "at_least"
        else ("cover_if_disjoint", "warning")
    )
    if code == "cover_if_disjoint" and times * share < target:
        code = "cover_at_least_short"
    return found("coverage", code, severity, whole, part, stated=target, computed=times * share, **facts)
