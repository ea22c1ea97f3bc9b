"""A period cut into quarters, months, weeks, days and items or persons, ready to be split (queries/plan/split.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from queries.plan.curves import Curve
from queries.plan.errors import PlanError
from queries.plan.split import Node

_LABELS: Mapping[str, Callable[[date], str]] = {
    "year": lambda d: f"{d.year}",
    "quarter": lambda d: f"{d.year}-Q{(d.month - 1) // 3 + 1}",
    "month": lambda d: f"{d:%Y-%m}",
    "week": lambda d: f"W{d - timedelta(days=d.weekday())}",  # by its Monday
    "day": lambda d: d.isoformat(),
}
LEVELS = tuple(_LABELS)


def time_tree(
    root: str, cents: int | None, curve: Curve, levels: Sequence[str] = ("quarter", "month", "day"),
    items: Mapping[str, int] | None = None,
) -> dict[str, Node]:  # fmt: skip
    """Nodes by id: `root` with its amount (None: blank), below it the levels in this order, below the last one the items.

    A node weighs what the curve gives its days; items (or persons) share by their own whole-number weights. Ids are paths:
    root/2026-Q4/2026-11/2026-11-11/item. A week that lies in two months is two nodes, one in each.
    Raises PlanError for an unknown level, or one that is not finer than the level before it.
    """
    ranks = [LEVELS.index(level) if level in LEVELS else -1 for level in levels]
    if -1 in ranks or ranks != sorted(set(ranks)):
        raise PlanError(
            f"Levels {', '.join(levels)} cannot be split one into the next. Use some of {', '.join(LEVELS)}, in this order."
        )
    nodes = {root: Node(root, None, 1, cents)}
    weights: dict[str, int] = {}
    parents: dict[str, str] = {}
    for day, weight in zip(curve.days, curve.weights, strict=True):
        above = root
        for level in levels:
            name = f"{above}/{_LABELS[level](day)}"
            weights[name] = weights.get(name, 0) + weight
            parents[name], above = above, name
    nodes |= {name: Node(name, parents[name], weight) for name, weight in weights.items()}
    lowest = [name for name in weights if name.count("/") == root.count("/") + len(levels)] or [root]
    for name in lowest:
        nodes |= {f"{name}/{item}": Node(f"{name}/{item}", name, weight) for item, weight in (items or {}).items()}
    return nodes
