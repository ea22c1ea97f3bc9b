"""What each node of a plan is worth: as typed, and as its formula or its children give it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from types import MappingProxyType

from connectors.plan.formula import FormulaError, evaluate, references
from connectors.plan.model import Node, Plan
from connectors.plan.quantity import Quantity

OUTSIDE = frozenset({"exclude", "note", "practice", "risk", "evidence", "series", "direction"})  # never added up
NOTHING: Mapping[str, Decimal] = MappingProxyType({})


class Values:
    """The numbers of one plan. `given`: values put in place of what was typed (revenue of a break-even)."""

    def __init__(self, plan: Plan, given: Mapping[str, Decimal] = NOTHING) -> None:
        self.plan, self.given = plan, given
        self.nodes = plan.by_id
        self.kids: dict[str, list[Node]] = {}
        for node in plan.nodes:
            self.kids.setdefault(node.parent, []).append(node)
        self._counted: dict[str, Decimal | None] = {}
        self.circles: set[str] = set()  # nodes whose value would need itself

    def children(self, node: Node) -> list[Node]:
        return self.kids.get(node.id, [])

    def added(self, node: Node) -> list[Node]:
        """Children that add up to their parent: of its own kind, nothing that is left out of figures."""
        return [child for child in self.children(node) if child.kind == node.kind and child.kind not in OUTSIDE]

    def computed(self, node: Node) -> Decimal | None:
        """By the formula, else (source "children") the sum of the children that have a value."""
        if node.formula:
            with suppress(FormulaError):
                return evaluate(
                    node.formula,
                    lambda id: self.counted(self.nodes[id]),  # noqa: A006
                    {name: part.value for name, part in node.parts.items()},
                )
            return None
        if node.source == "children":
            values = [value for child in self.added(node) if (value := self.counted(child)) is not None]
            return sum(values, Decimal(0)) if values else None
        return None

    def counted(self, node: Node) -> Decimal | None:
        """What the node brings into other formulas: a cost line as typed, a total as its parts give it."""
        waiting, entered = [node], set()
        while waiting:
            at = waiting[-1]
            first = (
                [one for one in self.needed(at) if one.id not in self._counted] if at.id not in self._counted else []
            )
            if first and at.id not in entered:
                entered.add(at.id)
                waiting += first
                continue
            waiting.pop()
            if first:
                self.circles.add(at.id)
                self._counted[at.id] = at.target.value
            elif at.id not in self._counted:
                self._counted[at.id] = self._worth(at)
        return self._counted[node.id]

    def needed(self, node: Node) -> list[Node]:
        """Nodes that the value of `node` is made of, one step."""
        if node.formula:
            return [self.nodes[id] for id in references(node.formula)]  # noqa: A001
        return self.added(node) if node.source == "children" else []

    def _worth(self, node: Node) -> Decimal | None:
        """`counted` of a node whose parts are counted."""
        if node.id in self.given:
            return self.given[node.id]
        stated = node.target.value
        if node.kind == "budget" and stated is not None and not self.follows(node):
            return stated
        return stated if (made := self.computed(node)) is None else made

    def needs(self, node: Node) -> dict[str, Node]:
        """Every node that the value of `node` is made of, through formulas and sums."""
        seen: dict[str, Node] = {}
        waiting = [node]
        while waiting:
            below = self.needed(waiting.pop())
            waiting += [one for one in below if one.id not in seen]
            seen |= {one.id: one for one in below}
        return seen

    def follows(self, node: Node) -> bool:
        """Does the node's value move with one that was put in place?"""
        return bool(self.given) and not self.given.keys().isdisjoint(self.needs(node))

    def below(self, node: Node) -> list[Node]:
        """Every node under it, depth first, as written."""
        found, waiting = [], self.children(node)[::-1]
        while waiting:
            found.append(waiting.pop())
            waiting += self.children(found[-1])[::-1]
        return found

    def top(self, kind: str) -> list[Node]:
        """Nodes of a kind that stand under none of the same kind."""
        return [n for n in self.plan.nodes if n.kind == kind and (not n.parent or self.nodes[n.parent].kind != kind)]


def bounds(quantity: Quantity) -> tuple[Decimal, Decimal] | None:
    """Least and most; None for a blank."""
    return None if quantity.low is None or quantity.high is None else (quantity.low, quantity.high)


def rounding(quantity: Quantity) -> Decimal:
    """Half of the last digit that was typed: 55.8万亿 may stand for anything within 0.05万亿."""
    value = quantity.value
    digits = "".join(c for c in quantity.text.partition("-")[0] if c.isdigit() or c == ".") if value else ""
    if not value or not digits.strip("0."):
        return Decimal(0)
    typed = Decimal(digits)
    exponent = int(typed.as_tuple().exponent)
    return abs(value / typed) * Decimal(10) ** exponent / 2
