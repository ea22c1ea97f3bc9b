"""What the plan leaves open: blanks, missing parts, bases, directions; one thing with two values; a plan written twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from connectors.plan.check.finding import Finding, found, label, percent
from connectors.plan.check.values import Values
from connectors.plan.model import Node, Plan
from connectors.plan.quantity import shown

DAYS = {"day": 1, "week": 7, "ten_days": 10, "month": 30, "quarter": 91, "half": 182, "year": 365}
NAMED_ALIKE, ALIKE, FEWEST = 0.3, 0.6, 5  # names of two lines; lines of two plans; lines that a comparison needs


def blanks(values: Values) -> Iterator[Finding]:
    """Nodes without the number they need, values typed as ××, and headings with nothing below: the plan stays a draft."""
    plan = values.plan
    open_ = {node.id: fields for node in plan.nodes if (fields := _blank_fields(node))}
    severity = "warning" if plan.state in ("draft", "submitted") else "error"
    if open_:
        first, *rest = (plan.node(id) for id in open_)  # noqa: A001
        told = ", ".join(f"{id} ({', '.join(fields)})" for id, fields in open_.items())  # noqa: A001
        yield found(
            "blank",
            "blank" if severity == "warning" else "blank_issued",
            severity,
            first,
            *rest,
            count=len(open_),
            list=told,
            state=plan.state,
        )
    if plan.missing:
        yield Finding(
            "blank",
            "missing",
            severity,
            (),
            facts={"count": str(len(plan.missing)), "list": "; ".join(plan.missing), "name": plan.title or plan.id},
        )


def _blank_fields(node: Node) -> list[str]:
    """Fields that stand empty: the target a judged node needs, and whatever was typed as ××."""
    typed = {"target": node.target, "base": node.base, "opening": node.opening, **node.parts, **node.weights}
    fields = [name for name, one in typed.items() if one.text and one.is_blank]
    return ["target", *fields] if node.is_blank and "target" not in fields else fields


def bases(values: Values) -> Iterator[Finding]:
    """A growth without its base, a percentage of nobody knows what, a number without a direction: ask before judging."""
    for node in values.plan.nodes:
        if node.kind == "growth" and node.base.value is None:
            yield found("base", "base_missing", "warning", node, target=node.target.text)
        elif node.kind == "backlog" and node.target.unit == "%" and not _opened(values, node):
            yield found("base", "opening_missing", "warning", node, target=node.target.text)
        elif node.kind == "ratio" and not node.metric and any(p.text and p.is_blank for p in node.parts.values()):
            yield found("base", "below_missing", "warning", node, target=node.target.text)
        judged = node.kind in ("flow", "stock", "ratio", "growth") and not node.target.is_blank
        if judged and not node.direction and not node.target.side:
            yield found("base", "direction_missing", "warning", node, target=node.target.text)


def _opened(values: Values, node: Node) -> bool:
    return node.opening.value is not None or any(_opened(values, child) for child in values.added(node))


def joint(values: Values) -> Iterator[Finding]:
    """Sales up and cost down together: what becomes of cost for each yuan of sales."""
    grown = [n for n in values.plan.nodes if n.kind == "growth" and n.target.value is not None]
    up = [n for n in grown if n.metric in ("sales", "net_sales") and n.direction == "at_least"]
    down = [n for n in grown if n.source == "cost" and n.direction == "at_most"]
    for sales in up:
        for cost in down:
            share = (1 + (cost.target.value or Decimal(0))) / (1 + (sales.target.value or Decimal(0)))
            yield found(
                "base",
                "joint_growth",
                "info",
                cost,
                sales,
                computed=share,
                sales=sales.target.text,
                cost=cost.target.text,
                share=percent(share),
            )


def same(values: Values) -> Iterator[Finding]:
    """Two lines that state the same thing: equal, or different and on which basis."""
    for node in values.plan.nodes:
        other = values.nodes.get(node.same_as)
        if other is None or (mine := node.target.value) is None or (theirs := other.target.value) is None:
            continue
        told: dict[str, Any] = {
            "other": label(other),
            "first": other.target.text,
            "second": node.target.text,
            "basis": node.basis or "?",
            "other_basis": other.basis or "?",
        }
        if node.period != other.period and {node.period, other.period} <= DAYS.keys():
            yield _two_periods(node, other, mine, theirs, told)
        elif mine == theirs:
            yield found("same", "same_agree", "ok", node, other, stated=mine, computed=theirs, **told)
        else:
            yield found("same", "same_differ", "warning", node, other, stated=mine, computed=theirs, **told)


def _two_periods(node: Node, other: Node, mine: Decimal, theirs: Decimal, told: dict[str, Any]) -> Finding:
    """300 people a day against 4747 a month: a contradiction if visits are counted, none if each person counts once."""
    long, short = (node, other) if DAYS[node.period] > DAYS[other.period] else (other, node)
    days = DAYS[long.period] // DAYS[short.period]
    whole, part = (mine, theirs) if long is node else (theirs, mine)
    facts: dict[str, Any] = told | {"long": long.target.text, "short": short.target.text, "days": str(days), "long_period": long.period, "short_period": short.period,
                    "summed": shown(part * days, short.target), "ratio": f"{part * days / whole:.1f}" if whole else "—"}  # fmt: skip
    return found("same", "same_periods", "warning", long, short, stated=whole, computed=part * days, **facts)


def duplicates(values: Values, others: Iterable[Plan]) -> Iterator[Finding]:
    """Another plan with the same lines in other words, for days that meet this one's."""
    plan = values.plan
    for other in others:
        apart = (
            plan.start and plan.end and other.start and other.end and (plan.end < other.start or other.end < plan.start)
        )
        if other == plan or apart or (alike := likeness(plan, other)) < ALIKE:
            continue
        yield Finding("duplicate", "duplicate", "warning", (), facts={"name": plan.title or plan.id, "plan": plan.id, "other": other.title or other.id,
                      "other_plan": other.id, "share": percent(Decimal(str(round(alike, 3))))})  # fmt: skip


def likeness(one: Plan, two: Plan) -> float:
    """Share of the shorter plan's lines that the other has too: same kind and figures, names alike. 0..1."""
    first, second = ([n for n in plan.nodes if n.kind != "note"] for plan in (one, two))
    if min(len(first), len(second)) < FEWEST:
        return 0.0
    waiting: dict[tuple[object, ...], list[Counter[str]]] = {}
    for node in second:
        waiting.setdefault(_figures(node), []).append(pairs(node.name))
    met = 0
    for node in first:
        names, mine = waiting.get(_figures(node), []), pairs(node.name)
        best = max(names, key=lambda name: alike(mine, name), default=None)
        if best is not None and alike(mine, best) >= NAMED_ALIKE:
            names.remove(best)
            met += 1
    return met / min(len(first), len(second))


def _figures(node: Node) -> tuple[object, ...]:
    return node.kind, node.period, node.target.low, node.target.high, node.target.unit


def pairs(name: str) -> Counter[str]:
    """A name's neighbouring letters: enough to see a sentence again after its words were moved."""
    return Counter(name[place : place + 2] for place in range(max(len(name) - 1, 1)))


def alike(one: Counter[str], two: Counter[str]) -> float:
    return 2 * sum((one & two).values()) / (sum(one.values()) + sum(two.values()))
