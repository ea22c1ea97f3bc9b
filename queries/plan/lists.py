"""Nodes about a list of units: coverage as a union of ids, loops until passed, backlogs in whole units. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from queries.plan.activity import ZERO, Deed, done_in, still_open
from queries.plan.nodes import Node
from queries.plan.progress import Progress


def coverage(node: Node, deeds: Sequence[Deed], day: date) -> Progress:
    """Distinct units done, of a list or a typed number of units. A share of each quarter is judged by itself, the year as a union."""
    found = {deed.unit for deed in done_in(deeds, node.first, node.last, day) if deed.unit}
    listed = node.words("units")
    known = found & set(listed) if listed else found
    whole = (
        Decimal(len(listed))
        if listed
        else next(
            (value for name, value in node.numbers("parts").items() if name in ("units", "total") and value), None
        )
    )
    details: dict[str, Any] = {
        "units_done": Decimal(len(known)),
        "units_all": whole,
        "units_left": [unit for unit in listed if unit not in known],
    }
    if found - set(listed) and listed:
        details["units_unknown"] = sorted(found - set(listed))
    if not whole:
        return Progress(node.id, "no_base", source="activity", why="no_units", details=details)
    actual, target = Decimal(len(known)) / whole, node.target if node.target is not None else None
    if target is None:
        return Progress(node.id, "no_plan", actual=actual, source="activity", why="blank", details=details)
    need = whole_units(target, whole)
    details["units_needed"] = need
    status = "done" if len(known) >= need else still_open(node, day, False)
    return Progress(
        node.id,
        status,
        actual=actual,
        target=target,
        needed=max(need - len(known), ZERO),
        source="activity",
        details=details,
    )


def whole_units(share: Decimal, of: Decimal) -> Decimal:
    """How many whole units a share of a small count means: 95 % of 17 is 17, of 188 is 179."""
    return (share * of).to_integral_value(ROUND_CEILING)


def backlog(
    node: Node, deeds: Sequence[Deed], new: Decimal, day: date, opening_below: Decimal | None = None
) -> Progress:
    """opening + new - cleared = left; the target says which share to clear, or (at_most) how many may be left."""
    opening = node.number("opening")
    opening = opening_below if opening is None else opening
    cleared = sum((deed.amount for deed in done_in(deeds, None, None, day)), ZERO)
    if opening is None:
        return Progress(
            node.id, "no_base", actual=None, source="activity", why="no_opening", details={"cleared": cleared}
        )
    whole = opening + new
    left = whole - cleared
    details: dict[str, Any] = {"opening": opening, "new": new, "cleared": cleared, "left": left}
    if node.target is None:
        return Progress(node.id, "no_plan", actual=left, source="activity", why="blank", details=details)
    need = (
        whole_units(node.target, whole)
        if node.is_percent or (node.direction != "at_most" and node.target <= 1)
        else whole - node.target
    )
    details |= {"to_clear": need, "may_be_left": whole - need}
    details["rate"] = cleared / whole if whole else None
    status = "done" if cleared >= need else still_open(node, day, False)
    return Progress(
        node.id,
        status,
        actual=left,
        target=whole - need,
        needed=max(need - cleared, ZERO),
        source="activity",
        details=details,
    )


def loop(node: Node, deeds: Sequence[Deed], day: date) -> Progress:
    """Everybody of the list tried until passed: the latest result counts, failed people stay open, attempts are kept."""
    tries = sorted(
        (deed for deed in done_in(deeds, node.first, None, day) if deed.unit),
        key=lambda deed: deed.done or datetime.min,
    )
    latest = {deed.unit: deed.result for deed in tries}
    people = list(node.words("units")) or sorted(latest)
    passed = [unit for unit in people if latest.get(unit) == "pass"]
    left = [unit for unit in people if unit not in passed]
    attempts = Counter(deed.unit for deed in tries)
    details: dict[str, Any] = {
        "passed": Decimal(len(passed)), "units_all": Decimal(len(people)), "units_left": left, "attempts": Decimal(sum(attempts.values())),
        "most_attempts": Decimal(max(attempts.values(), default=0)),
    }  # fmt: skip
    if not people:
        return Progress(node.id, "no_base", source="activity", why="no_units", details=details)
    share, target = Decimal(len(passed)) / len(people), node.target or Decimal(1)
    status = "done" if len(passed) >= whole_units(target, Decimal(len(people))) else still_open(node, day, False)
    return Progress(
        node.id, status, actual=share, target=target, needed=Decimal(len(left)), source="activity", details=details
    )
