"""Nodes whose actual is what people did: counts with or without windows, and milestones. Pure: log rows in, progress out.

A missing row is not "not done" before it is due; an open date is never late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from queries.plan.nodes import Node, Span
from queries.plan.progress import Progress

ZERO = Decimal(0)


@dataclass(frozen=True)
class Deed:
    """A row of the activity log. done: None while it is only due. result: pass, fail or ''."""

    node: str
    unit: str = ""
    due: date | None = None
    done: datetime | None = None
    qty: Decimal | None = None
    result: str = ""
    owner: str = ""
    evidence: str = ""

    @property
    def amount(self) -> Decimal:
        """One, unless the row says how many."""
        return Decimal(1) if self.qty is None else self.qty


def done_in(deeds: Iterable[Deed], first: date | None, last: date | None, day: date) -> list[Deed]:
    """Rows done in the span, none after `day`."""
    return [
        deed
        for deed in deeds
        if deed.done
        and deed.done.date() <= day
        and (first is None or deed.done.date() >= first)
        and (last is None or deed.done.date() <= last)
    ]


def count(node: Node, deeds: Sequence[Deed], day: date) -> Progress:
    """So many of an activity; each planned window says whether it was used."""
    found = done_in(deeds, node.first, node.last, day)
    actual = sum((deed.amount for deed in found), ZERO)
    target = node.target if node.target is not None else (Decimal(len(node.windows)) if node.windows else None)
    states = window_states(node.windows, found, day)
    details: dict[str, Any] = {"windows": states} if states else {}
    dated = sum(1 for first, last in node.windows if last)
    if target is not None and node.windows and dated < target:
        details["without_date"] = target - dated
    details["distinct_units"] = (
        Decimal(len({deed.unit for deed in found if deed.unit})) if any(deed.unit for deed in found) else None
    )
    if target is None:
        return Progress(node.id, "no_plan", actual=actual, source="activity", why="blank", details=details)
    status = "done" if actual >= target else still_open(node, day, any(state == "late" for *_, state in states))
    if node.direction == "at_most":
        status = "missed" if actual > target else "done" if is_over(node, day) else "on_track"
    return Progress(
        node.id,
        status,
        actual=actual,
        target=target,
        needed=max(target - actual, ZERO),
        source="activity",
        details=details,
    )


def window_states(
    windows: Sequence[Span], done: Sequence[Deed], day: date
) -> list[tuple[date | None, date | None, str]]:
    """For each planned window: done, late (over and not done), due (running), upcoming or open (no date).

    Every activity serves one window: first those that hold its day, then, in order, windows that were over before it.
    """
    free = sorted(deed.done.date() for deed in done if deed.done)
    states: dict[int, str] = {}
    order = sorted(range(len(windows)), key=lambda n: (windows[n][1] or date.max, n))
    for number in order:
        first, last = windows[number]
        hit = next((at for at in free if last and (first or last) <= at <= last), None)
        if hit is not None:
            free.remove(hit)
            states[number] = "done"
    for number in order:
        last = windows[number][1]
        hit = next((at for at in free if last is None or at > last), None) if number not in states else None
        if hit is not None:
            free.remove(hit)
            states[number] = "done" if last is None else "done_late"
    return [(first, last, states.get(n) or _window_word(first, last, day)) for n, (first, last) in enumerate(windows)]


def _window_word(first: date | None, last: date | None, day: date) -> str:
    if last is None:
        return "open"
    if day > last:
        return "late"
    return "due" if first is None or day >= first else "upcoming"


def milestone(node: Node, deeds: Sequence[Deed], day: date, done_before: set[str]) -> Progress:
    """Done by its day or window; what it waits for is named; an open date is never late."""
    first, last = node.due if node.due[1] else (None, None)
    found = done_in(deeds, None, None, day)
    wanted = node.target or Decimal(1)
    actual = sum((deed.amount for deed in found), ZERO)
    waits = [name for name in node.words("after") if name not in done_before]
    details: dict[str, Any] = {"due_from": first, "due_to": last}
    if waits:
        details["waits_for"] = waits
    if actual >= wanted:
        finished = max(deed.done for deed in found if deed.done).date()
        details |= {"done_on": finished, "days_late": max((finished - last).days, 0) if last else 0}
        return Progress(node.id, "done", actual=actual, target=wanted, source="activity", details=details)
    word = _window_word(first, last, day)
    return Progress(
        node.id,
        word,
        actual=actual,
        target=wanted,
        needed=wanted - actual,
        days_left=(last - day).days if last else None,
        source="activity",
        details=details,
    )


def is_over(node: Node, day: date) -> bool:
    return node.last is not None and day >= node.last


def still_open(node: Node, day: date, late: bool) -> str:
    """Not there yet: missed when the period is over, else late, due or not started."""
    if is_over(node, day):
        return "missed"
    if late:
        return "late"
    return "not_started" if node.first and day < node.first else "due"
