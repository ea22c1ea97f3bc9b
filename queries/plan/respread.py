"""Editing an amount keeps the sums: what stands below a changed total is shared out again, a changed part stays put.

Pure: the plan's sum tree before and the amounts that were typed anew; gives every amount that follows. To the cent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from queries.plan.split import Node, solve


@dataclass(frozen=True)
class Line:
    """A node that adds up: its id, the one above ('' none) and its amount before; None where it was blank."""

    id: str
    parent: str
    amount: Decimal | None


def respread(lines: list[Line], typed: Mapping[str, Decimal | None]) -> dict[str, Decimal | None]:
    """Amounts after an edit, by id. `typed`: the amounts that were changed; None blanks a line.

    Below a changed total its parts keep their proportions; above a changed part the total stays and its other parts make
    room, in proportion. Raises PlanError naming the line when parts and total cannot agree.
    """
    known = {line.id for line in lines}
    before = {line.id: _cents(line.amount) for line in lines}
    nodes: dict[str, Node] = {}
    for line in lines:
        parent = line.parent if line.parent in known else None
        new = typed.get(line.id, line.amount) if line.id in typed else line.amount
        keeps = line.id in typed or parent is None
        nodes[line.id] = Node(line.id, parent, max(before[line.id] or 0, 0), _cents(new) if keeps else None, new is None)
    return {name: None if cents is None else Decimal(cents) / 100 for name, cents in solve(nodes).items()}


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int((amount * 100).to_integral_value())
