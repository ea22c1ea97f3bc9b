"""Why a sales line differs from what it should be by now: visitors, conversion and value per buyer, from the plan itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from queries.plan.actuals import Book
from queries.plan.curves import rounded
from queries.plan.decompose import Effect, gap_split, planned_chain
from queries.plan.flows import known_through, spread_of
from queries.plan.nodes import Node
from queries.plan.progress import Progress
from queries.plan.series_of import by_day

FACTORS = ("visitors", "conversion_rate", "sales_per_buyer")


@dataclass(frozen=True)
class Gap:
    """effects add up to sales so far - expected by now. why, when there are none: not_sales, no_expected, no_factors,
    or factor_days (visitors or buyers are missing on days that have sales). lines: nodes whose targets were used.
    """

    effects: list[Effect] = field(default_factory=list)
    expected: Decimal | None = None
    actual: Decimal | None = None
    why: str = ""
    lines: tuple[str, ...] = ()


def sales_gap(node: Node, nodes: Sequence[Node], found: Progress, book: Book) -> Gap:
    """The gap of a `sales` flow at the end of its last known day.

    Planned factors are the targets of lines beside or beneath it with the same shop, scope and period; planned visitors
    count by the curve's share that is over. Visitors and buyers are daily counts added up, as sales are.
    """
    if node.metric != "sales" or node.kind != "flow" or node.first is None or node.last is None:
        return Gap(why="not_sales")
    if found.expected is None or found.actual is None:
        return Gap(why="no_expected")
    lines = _factors(node, nodes)
    sales = by_day(node, {}, book)
    through = known_through(sales, node.first, min(book.day, node.last))
    planned = _planned(found.expected, lines, spread_of(node, sales).upto(through))
    if planned is None:
        return Gap([], found.expected, found.actual, "no_factors")
    known = {at for at, value in sales.items() if value is not None and node.first <= at <= through}
    counts = []
    for metric in ("visitors", "paying_buyers")[: len(planned) - 1]:
        people = book.daily(node, metric, node.first, through).by_day
        values = [people.get(at) for at in known]
        if None in values:
            return Gap([], found.expected, found.actual, "factor_days")
        counts.append(sum((value for value in values if value is not None), Decimal(0)))
    effects = gap_split(found.expected, planned, (*counts, found.actual))
    return Gap(effects, found.expected, found.actual, lines=tuple(line.id for line in lines.values()))


def _planned(expected: Decimal, lines: Mapping[str, Node], share: Fraction) -> tuple[Decimal, ...] | None:
    targets = {name: line.target for name, line in lines.items() if line.target is not None}
    if not targets:
        return None
    visitors = targets.get("visitors")
    by_now = None if visitors is None else rounded(Fraction(visitors) * share)
    return planned_chain(expected, by_now, targets.get("conversion_rate"), targets.get("sales_per_buyer"))


def _factors(node: Node, nodes: Sequence[Node]) -> dict[str, Node]:
    """Lines of the same shop, scope and period that state a factor, those beneath before those beside."""
    same = [
        each
        for each in nodes
        if each.metric in FACTORS
        and each.kind in ("flow", "ratio")
        and (each.shop, dict(each.scope), each.first, each.last) == (node.shop, dict(node.scope), node.first, node.last)
        and each.parent in (node.id, node.parent)
    ]
    found: dict[str, Node] = {}
    for each in sorted(same, key=lambda line: line.parent != node.id):
        found.setdefault(each.metric, each)
    return found
