"""A line that adds up, day by day: what came, what had come by then, what should have, where it will land."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd

from queries.metrics import METRICS
from queries.plan.actuals import Book
from queries.plan.curves import Curve, expected_to_date
from queries.plan.days import HISTORY
from queries.plan.flows import known_through, paced_target, spread_of
from queries.plan.nodes import Node
from queries.plan.progress import Progress

COLUMNS = ("day", "actual", "so_far", "expected", "low", "mid", "high")
ADDED = ("flow", "budget", "count", "headcount")  # what a sum above adds, as in evaluate.py
ByDay = Mapping[date, Decimal | None]


def series_of(node: Node, below: Mapping[str, Sequence[Node]], book: Book, found: Progress) -> pd.DataFrame:
    """One row per day of the node's period, COLUMNS; no row when it is no sum of days or has neither plan nor actual.

    actual: the day's own, None when not known. so_far: the known days up to it, None on a day that is not known and
    after the last one. expected: what should be there by the end of the day; None without a target. low, mid, high: from
    the last known day on, the range to the landing of `found` along the curve.
    """
    if node.first is None or node.last is None or (found.target is None and found.actual is None):
        return pd.DataFrame(columns=list(COLUMNS))
    days = by_day(node, below, book)
    target = paced_target(node)
    if not _adds(node) or (not days and target is None):
        return pd.DataFrame(columns=list(COLUMNS))
    spread = spread_of(node, days if node.metric in METRICS else {})
    return course(days, spread, target, found, book.day, is_typed=node.metric not in METRICS)


def course(
    days: ByDay, spread: Curve, target: Decimal | None, found: Progress, day: date, *, is_typed: bool = False
) -> pd.DataFrame:
    """`series_of` of amounts by day whose curve is known: COLUMNS, one row per day of the curve, as seen at the end of `day`."""
    through = known_through(days, spread.first, min(day, spread.last))
    frame = pd.DataFrame({"day": spread.days})
    frame["actual"] = [_float(days.get(at)) if at <= through else None for at in spread.days]
    frame["so_far"] = _so_far(days, spread.days, through, is_typed=is_typed)
    frame["expected"] = [None if target is None else float(expected_to_date(target, spread, at)) for at in spread.days]
    for name, end in (("low", found.low), ("mid", found.mid), ("high", found.high)):
        frame[name] = _towards(found.actual, end, spread, through)
    return frame.astype(dict.fromkeys(COLUMNS[1:], float))


def by_day(node: Node, below: Mapping[str, Sequence[Node]], book: Book) -> dict[date, Decimal | None]:
    """A node's amounts by day: its metric (with the days before its period), typed amounts, or those of what is below.

    A day of a sum is what its known parts brought; parts without a figure are named by evaluate.py.
    """
    if node.first is None or node.last is None:
        return {}
    if node.metric in METRICS:
        start = node.first - timedelta(days=HISTORY)
        return dict(book.daily(node, node.metric, start, max(min(book.day, node.last), start)).by_day)
    typed = book.typed_flow(node)
    if typed.value is not None:
        return dict(typed.by_day)
    days: dict[date, Decimal | None] = {}
    for part in below.get(node.id, ()):
        if part.kind in ADDED:
            for at, value in by_day(part, below, book).items():
                if value is not None and node.first <= at <= min(book.day, node.last):
                    days[at] = (days.get(at) or Decimal(0)) + value
    return days


def _adds(node: Node) -> bool:
    """A flow or a budget over several days; people of several days are never added."""
    found = METRICS.get(node.metric)
    return (
        node.kind in ("flow", "budget", "count")
        and node.first != node.last
        and node.period != "session"
        and not (found is not None and found.additivity == "D")
        and not (found is None and "formula" in node.solved)
        and (node.kind != "count" or found is not None)
    )


def _so_far(days: ByDay, period: Sequence[date], through: date, *, is_typed: bool) -> list[float | None]:
    """Running sum. Typed amounts stand until the next one; a report's missing day is a gap."""
    out: list[float | None] = []
    total, begun = Decimal(0), False
    for at in period:
        value = days.get(at)
        total += value or Decimal(0)
        begun = begun or value is not None
        is_known = at <= through and begun and (is_typed or value is not None)
        out.append(float(total) if is_known else None)
    return out


def _towards(actual: Decimal | None, end: Decimal | None, spread: Curve, through: date) -> list[float | None]:
    """From what is there on the last known day to `end` on the last day, along the curve."""
    rest = spread.between(through + timedelta(days=1), spread.last)
    if actual is None or end is None or not rest:
        return [None] * len(spread.days)
    return [
        None if at < through else float(actual) + float(end - actual) * float(spread.between(through + timedelta(days=1), at) / rest)
        for at in spread.days
    ]  # fmt: skip


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
