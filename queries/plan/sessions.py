"""What every live session is held against: a goal for each, and what must be logged before or after it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from queries.plan.activity import Deed
from queries.plan.bands import Session, limits
from queries.plan.flows import direction
from queries.plan.nodes import Node
from queries.plan.progress import Progress

NOTICE = (-7, 0)  # days before a session in which a notice counts, unless the plan says when


def each(node: Node, values: Sequence[tuple[date, str, Decimal | None]], day: date) -> Progress:
    """A goal for each session: how many kept it; the actual is the latest session's."""
    known = [(at, name, value) for at, name, value in values if value is not None]
    actual = known[-1][2] if known else None
    listed = [(at, value, _word(node, value)) for at, _, value in values]
    details: dict[str, Any] = {"sessions_list": listed}
    if node.target is None and node.low is None and node.high is None:
        return Progress(node.id, "no_plan", actual=actual, source="metric", why="blank", details=details)
    kept = sum(1 for *_, word in listed if word == "inside")
    details |= {"kept": Decimal(kept), "periods": Decimal(len(known))}
    if not known:
        word = "not_started" if node.first and day < node.first else "no_actual"
        return Progress(node.id, word, target=node.target, why="no_sessions", details=details)
    return Progress(node.id, _word(node, actual), actual=actual, target=node.target, source="metric", details=details)


def _word(node: Node, value: Decimal | None) -> str:
    if value is None:
        return "no_actual"
    low, high = limits(node)
    if node.low is None and node.high is None:
        low, high = (node.target, None) if direction(node) == "up" else (None, node.target)
    if low is not None and value < low:
        return "below"
    return "above" if high is not None and value > high else "inside"


def noticed(node: Node, held: Sequence[Session], deeds: Sequence[Deed], day: date) -> Progress:
    """Something to do around each session (a notice a week ahead, a review the same day): for how many it was logged.

    A row counts for the session whose window holds its day, and for one session only.
    """
    low, high = node.solved.get("offsets") or NOTICE
    wanted = int(node.target or 1)
    free = sorted(deed.done.date() for deed in deeds if deed.done and deed.done.date() <= day)
    listed: list[tuple[date, Decimal, str]] = []
    for session in held:
        first, last = session.day + timedelta(days=low), session.day + timedelta(days=high)
        hits = [at for at in free if first <= at <= last][:wanted]
        for at in hits:
            free.remove(at)
        word = "done" if len(hits) >= wanted else "due" if day <= last else "missed"
        listed.append((session.day, Decimal(len(hits)), word))
    if not listed:
        return Progress(node.id, "upcoming", why="no_sessions", source="activity")
    words = [word for *_, word in listed]
    status = "missed" if words[-1] == "missed" else "due" if words[-1] == "due" else "done"
    kept = Decimal(words.count("done"))
    details = {
        "kept": kept,
        "periods": Decimal(len([word for word in words if word != "due"])),
        "sessions_list": listed,
    }
    return Progress(node.id, status, actual=kept, target=Decimal(len(words)), source="activity", details=details)
