"""An amount split down a tree (year > quarter > month > day > item or person), exact to the cent at every level.

What a person typed stands in the nodes; every other amount follows from it and is never stored. Children share their
parent's amount by weight, largest remainder first, earlier children first among equals. A typed child keeps its amount
and its siblings share the rest. A typed amount far down holds up the untyped nodes above it. Blank stays blank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from queries.plan.errors import PlanError


@dataclass(frozen=True)
class Node:
    """One node. weight: its part among its siblings, a whole number; typed: cents that a person gave it and that it
    keeps; blank: its amount is not known, it takes no part in its parent's split.
    """

    id: str
    parent: str | None
    weight: int = 1
    typed: int | None = None
    blank: bool = False


Nodes = Mapping[str, Node]  # by id; siblings in the order in which they stand here
Bound = tuple[int, int | None]  # least and most a node can hold; None: no most


def spread(cents: int, weights: Sequence[int], bounds: Sequence[Bound] | None = None) -> list[int]:
    """Parts of `cents` in proportion to the weights, each within its bounds; they add up to it exactly.

    Without any weight left the rest goes in equal parts. What is over when all stand at their most is left out (a blank
    sibling holds it); the caller sees to it that `cents` is not under the sum of the least.
    """
    limits = bounds or [(0, None)] * len(weights)
    parts, rest, free = [0] * len(weights), cents, list(range(len(weights)))
    shares = list(weights)
    while free:
        whole = sum(shares[i] for i in free)
        if not whole:
            for i in free:
                shares[i] = 1
            whole = len(free)
        held = _held(rest, whole, shares, limits, free)
        if not held:
            _round(rest, whole, shares, free, parts)
            break
        for i, amount in held:
            parts[i] = amount
            rest -= amount
        fixed = {i for i, _ in held}
        free = [i for i in free if i not in fixed]
    return parts


def _held(
    rest: int, whole: int, shares: Sequence[int], limits: Sequence[Bound], free: Sequence[int]
) -> list[tuple[int, int]]:
    """Those whose proportional part breaks the bound that weighs more: they stand at their bound."""
    low = [(i, limits[i][0]) for i in free if rest * shares[i] < limits[i][0] * whole]
    high = [(i, top) for i in free if (top := limits[i][1]) is not None and rest * shares[i] > top * whole]
    lack = sum(bound * whole - rest * shares[i] for i, bound in low)
    excess = sum(rest * shares[i] - bound * whole for i, bound in high)
    return low if lack >= excess else high


def _round(rest: int, whole: int, shares: Sequence[int], free: Sequence[int], parts: list[int]) -> None:
    left = rest
    remainders = []
    for i in free:
        parts[i], remainder = divmod(rest * shares[i], whole)
        left -= parts[i]
        remainders.append((-remainder, i))
    for _, i in sorted(remainders)[:left]:
        parts[i] += 1


def solve(nodes: Nodes) -> dict[str, int | None]:
    """Every node's amount in cents; None where it is blank, or where nothing above it has an amount.

    Raises PlanError, naming the node and both sums, when typed amounts contradict each other.
    """
    children = by_parent(nodes)
    order = _top_down(nodes, children)
    bounds: dict[str, Bound] = {}
    for name in reversed(order):
        bounds[name] = _bound(nodes[name], [nodes[c] for c in children.get(name, ())], bounds)
    amounts: dict[str, int | None] = {}
    for name in order:
        node = nodes[name]
        if node.parent is None or node.blank:
            amounts[name] = None if node.blank else node.typed
        _share_out(amounts[name], [nodes[c] for c in children.get(name, ())], bounds, amounts)
    return amounts


def unassigned(nodes: Nodes, amounts: Mapping[str, int | None]) -> dict[str, int]:
    """Cents of a parent that no child holds, by parent: what blank children leave open. Nothing else ever does."""
    left = {}
    for parent, names in by_parent(nodes).items():
        whole = amounts[parent]
        if whole is not None:
            held = sum(amounts[n] or 0 for n in names if not nodes[n].blank)
            if whole != held:
                left[parent] = whole - held
    return left


def by_parent(nodes: Nodes) -> dict[str, list[str]]:
    """Ids of the children of every node that has some, in order. Raises PlanError for an unknown parent."""
    found: dict[str, list[str]] = {}
    for node in nodes.values():
        if node.parent is not None:
            if node.parent not in nodes:
                raise PlanError(
                    f"Node '{node.id}' stands under '{node.parent}', which is not in the plan. Add it first."
                )
            found.setdefault(node.parent, []).append(node.id)
    return found


def _top_down(nodes: Nodes, children: Mapping[str, Sequence[str]]) -> list[str]:
    order = [name for name, node in nodes.items() if node.parent is None]
    for name in order:
        order.extend(children.get(name, ()))
    if len(order) < len(nodes):
        lost = next(name for name in nodes if name not in set(order))
        raise PlanError(f"Node '{lost}' stands under itself. Give it another parent.")
    return order


def _bound(node: Node, kids: Sequence[Node], bounds: Mapping[str, Bound]) -> Bound:
    sharing = [bounds[kid.id] for kid in kids if not kid.blank]
    tops = [top for _, top in sharing if top is not None]
    least = sum(low for low, _ in sharing)
    most = sum(tops) if sharing and len(tops) == len(kids) else None
    if node.typed is None:
        return least, most
    if node.typed < least:
        raise PlanError(
            f"'{node.id}' is set to {money(node.typed)}, but amounts set below it add up to {money(least)}. "
            "Raise it, lower one of them, or unlock one."
        )
    if most is not None and node.typed > most:
        raise PlanError(
            f"'{node.id}' is set to {money(node.typed)}, but everything below it is set and adds up to {money(most)}. "
            "Lower it, raise one of them, or unlock one."
        )
    return node.typed, node.typed


def _share_out(
    whole: int | None, kids: Sequence[Node], bounds: Mapping[str, Bound], amounts: dict[str, int | None]
) -> None:
    if whole is None:
        amounts.update({kid.id: kid.typed for kid in kids})
        return
    sharing = [kid for kid in kids if not kid.blank]
    amounts.update({kid.id: None for kid in kids if kid.blank})
    parts = spread(whole, [kid.weight for kid in sharing], [bounds[kid.id] for kid in sharing])
    amounts.update(zip((kid.id for kid in sharing), parts, strict=True))


def money(cents: int) -> str:
    """12345 -> '123.45'."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
