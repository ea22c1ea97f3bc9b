"""Recurring quotas: so many in every hour, day, week, month or quarter, for each person or account. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from queries.plan.activity import ZERO, Deed, done_in, is_over
from queries.plan.nodes import Node
from queries.plan.progress import Progress


def quota(node: Node, deeds: Sequence[Deed], day: date) -> Progress:
    """So many in every hour, day, week, month or quarter, for each person or account: how many of the periods so far were kept."""
    hours = working_hours(node.text("hours")) if node.period == "hour" else None
    if node.period == "hour" and hours is None:
        return Progress(node.id, "no_base", source="activity", why="no_hours")
    spans = list(buckets(node, day))
    names = node.words("per") or ("",)
    found = done_in(deeds, node.first, node.last, day)
    actual = sum((deed.amount for deed in found), ZERO)
    if node.target is None:
        return Progress(node.id, "no_plan", actual=actual, source="activity", why="blank")
    wanted = node.target * (hours or 1)
    kept = {
        (name, first): _kept(found, name, first, last, wanted, node.direction)
        for name in names
        for first, last in spans
    }
    ends = dict(spans)
    over = [key for key in kept if ends[key[1]] <= day or kept[key]]
    details: dict[str, Any] = {
        "kept": Decimal(sum(kept.values())),
        "periods": Decimal(len(over)),
        "wanted_each": wanted,
    }
    missed = [key for key in over if not kept[key]]
    if missed:
        details["last_missed"] = max(first for _, first in missed)
    behind = Counter(name for name, _ in missed if name)
    if behind:
        details["units_left"] = [f"{name} {n}" for name, n in behind.most_common()]
    whole = wanted * len(spans) * len(names)
    status = _word(bool(spans), bool(missed), is_over(node, day))
    return Progress(
        node.id,
        status,
        actual=actual,
        target=whole,
        needed=max(whole - actual, ZERO),
        source="activity",
        details=details,
    )


def _word(begun: bool, missed: bool, over: bool) -> str:
    if not begun:
        return "not_started"
    if missed:
        return "missed" if over else "behind"
    return "done" if over else "on_track"


def _kept(found: Sequence[Deed], name: str, first: date, last: date, wanted: Decimal, direction: str) -> bool:
    amount = sum(
        (
            deed.amount
            for deed in found
            if deed.done and first <= deed.done.date() <= last and (not name or name in (deed.unit, deed.owner))
        ),
        ZERO,
    )
    return amount <= wanted if direction == "at_most" else amount >= wanted


def buckets(node: Node, day: date) -> Iterator[tuple[date, date]]:
    """The quota's periods that have begun by `day`, first to last; an hourly quota is counted by the day."""
    if node.first is None or node.first > day:
        return
    end, at = min(node.last or day, day), node.first
    while at <= end:
        last = bucket_end(at, node.period)
        yield at, min(last, node.last or last)
        at = last + timedelta(days=1)


def bucket_end(day: date, period: str) -> date:
    """Last day of the day, week (Sunday), month, quarter, half or year that `day` lies in."""
    if period == "week":
        return day + timedelta(days=6 - day.weekday())
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(period)
    if months is None:
        return day
    last = (day.month - 1) // months * months + months
    return date(day.year + last // 12, last % 12 + 1, 1) - timedelta(days=1)


def working_hours(text: str) -> int | None:
    """Whole hours of `09:00-18:00` or `8`; None when nothing was typed."""
    if text.strip().isdigit():
        return int(text)
    ends = [part.strip().split(":") for part in text.replace("—", "-").replace("~", "-").split("-")]
    if len(ends) != 2 or not all(part[0].isdigit() for part in ends):
        return None
    first, last = (int(part[0]) for part in ends)
    return (last - first) % 24 or 24
