"""Bands: between a least and a most, on each period or on the mean of periods; and what a live schedule asks of sessions.

A month over the top is a warning, the mean of the whole months is the verdict when the plan says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from queries.plan.nodes import Node
from queries.plan.pace import band
from queries.plan.progress import Progress
from queries.plan.quota import bucket_end

ZERO = Decimal(0)


@dataclass(frozen=True)
class Session:
    """A live session on its start day, whatever day it ended on."""

    day: date
    started: datetime
    ended: datetime | None = None
    hours: Decimal | None = None


def limits(node: Node) -> tuple[Decimal | None, Decimal | None]:
    """Least and most; a single number is one of the two by its direction."""
    if node.low is not None or node.high is not None:
        return node.low, node.high
    return (
        (None, node.target)
        if node.direction == "at_most"
        else (node.target, None if node.direction == "at_least" else node.target)
    )


def periods(by_day: Mapping[date, Decimal | None], first: date, last: date, period: str) -> dict[date, Decimal | None]:
    """Sums by period, named by its first day. A period with a day that is not known is not known."""
    sums: dict[date, Decimal | None] = {}
    at = first
    while at <= last:
        end = min(bucket_end(at, period), last)
        values = [by_day.get(at + timedelta(days=n)) for n in range((end - at).days + 1)]
        sums[at] = (
            None
            if any(value is None for value in values)
            else sum((value for value in values if value is not None), ZERO)
        )
        at = end + timedelta(days=1)
    return sums


def over_periods(node: Node, by_day: Mapping[date, Decimal | None], day: date) -> Progress:
    """A band on sums of weeks or months: whole periods are judged, the running one is shown beside them."""
    low, high = limits(node)
    if node.first is None:
        return Progress(node.id, "no_plan", why="no_dates")
    last = min(day, node.last or day)
    sums = periods(by_day, node.first, last, node.period or "month") if node.first <= last else {}
    whole = {
        at: value
        for at, value in sums.items()
        if min(bucket_end(at, node.period or "month"), node.last or date.max) <= day
    }
    known = [value for value in whole.values() if value is not None]
    mean = sum(known, ZERO) / len(known) if known else None
    words = {at: band(value, low, high) for at, value in whole.items()}
    details: dict[str, Any] = {
        "periods_list": [(at, value, words.get(at, "running")) for at, value in sums.items()], "mean": mean, "whole_periods": Decimal(len(known)),
        "band_low": low, "band_high": high,
    }  # fmt: skip
    running = next((value for at, value in sums.items() if at not in whole), None)
    if running is not None:
        details["running"] = running
    if low is None and high is None:
        return Progress(node.id, "no_plan", actual=mean, why="blank", details=details)
    if node.text("judged") != "each":
        over = [at for at, word in words.items() if word == "above"]
        details["warnings"] = [at.isoformat()[:7] if node.period in ("", "month") else at.isoformat() for at in over]
        return Progress(
            node.id, band(mean, low, high) if mean is not None else "no_actual", actual=mean, details=details
        )
    return _each(node, list(words.values()), known[-1] if known else None, details)


def _each(node: Node, words: Sequence[str], actual: Decimal | None, details: Mapping[str, Any]) -> Progress:
    """The latest period or session says the word; how many of all kept the band stands beside it."""
    judged = [word for word in words if word != "no_actual"]
    counts = {"kept": Decimal(judged.count("inside")), "periods": Decimal(len(judged))}
    return Progress(node.id, judged[-1] if judged else "no_actual", actual=actual, details={**details, **counts})


def of_sessions(node: Node, sessions: Sequence[Session], day: date) -> Progress:
    """What a schedule asks of sessions: distinct live days a week, hours of each, or the window they start in."""
    held = [
        each
        for each in sessions
        if each.day <= day and (not node.first or each.day >= node.first) and (not node.last or each.day <= node.last)
    ]
    if node.metric == "live_start" or node.text("hours"):
        return _starts(node, held)
    if node.metric in ("live_days", "live_sessions"):
        days: dict[date, Decimal | None] = defaultdict(lambda: ZERO)
        for at in {each.day for each in held}:
            days[at] = Decimal(1)
        if node.first is None:
            return Progress(node.id, "no_plan", why="no_dates")
        return over_periods(node, {at: days[at] for at in _days(node.first, day)}, day)
    low, high = limits(node)
    hours = [(each, each.hours) for each in held]
    words = [band(value, low, high) for _, value in hours]
    listed = [(each.started, value, word) for (each, value), word in zip(hours, words, strict=True)]
    past = [each.day for each in held if each.ended and each.ended.date() > each.started.date()]
    details: dict[str, Any] = {"sessions_list": listed, "band_low": low, "band_high": high, "past_midnight": past}
    known = [value for _, value in hours if value is not None]
    return _each(node, words, sum(known, ZERO) / len(known) if known else None, details)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(max((last - first).days + 1, 0))]


def _starts(node: Node, held: Sequence[Session]) -> Progress:
    """Share of sessions that start in the window, both ends belong to it; a window may run past midnight."""
    ends = window(node.text("hours"))
    if ends is None:
        return Progress(node.id, "no_plan", why="no_hours")
    first, last = ends
    inside = [_within(each.started.time(), first, last) for each in held]
    details = {
        "kept": Decimal(sum(inside)),
        "periods": Decimal(len(inside)),
        "sessions_list": [
            (each.started, None, "inside" if ok else "below") for each, ok in zip(held, inside, strict=True)
        ],
    }
    if not held:
        return Progress(node.id, "no_actual", why="no_sessions", details=details)
    wanted = node.target if node.target is not None and node.target <= 1 else Decimal(1)
    share = Decimal(sum(inside)) / len(inside)
    return Progress(node.id, "inside" if share >= wanted else "below", actual=share, target=wanted, details=details)


def window(text: str) -> tuple[time, time] | None:
    """(18:00, 23:00) of `18:00-23:00`; None when it is no window."""
    parts = text.replace("—", "-").replace("~", "-").replace("：", ":").split("-")
    try:
        first, last = (time(int(part.split(":")[0]) % 24, int([*part.split(":"), "0"][1])) for part in parts)
    except ValueError:
        return None
    return first, last


def _within(at: time, first: time, last: time) -> bool:
    moment = at.replace(second=0, microsecond=0)
    return first <= moment <= last if first <= last else moment >= first or moment <= last
