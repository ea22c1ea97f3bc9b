"""Can it be done in time? Sessions inside their start window, what follows after what, and the plan's own days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from connectors.plan.check.finding import Finding, found, label
from connectors.plan.check.values import Values
from connectors.plan.model import Node
from connectors.plan.when import Window

MINUTES = {"小时": 60, "h": 60, "hour": 60, "hours": 60, "分钟": 1, "min": 1, "minutes": 1}
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|–|~|至|到)\s*(\d{1,2}):(\d{2})")
DAY = 24 * 60


def hours(values: Values) -> Iterator[Finding]:
    """A session's length against the hours it should lie in: from when to when it can start."""
    bands = [
        n for n in values.plan.nodes if n.period == "session" and n.target.unit in MINUTES and n.target.high is not None
    ]
    for node in values.plan.nodes:
        read = _HOURS.fullmatch(node.hours.strip())
        if node.period != "session" or read is None:
            continue
        opens, closes = int(read[1]) * 60 + int(read[2]), int(read[3]) * 60 + int(read[4])
        closes += DAY if closes <= opens else 0
        for band in bands:
            yield _starts(node, band, opens, closes)


def _starts(node: Node, band: Node, opens: int, closes: int) -> Finding:
    factor = MINUTES[band.target.unit]
    short, long = (int((end or Decimal(0)) * factor) for end in (band.target.low, band.target.high))
    width = closes - opens
    if width < short:
        code, severity = "session_never", "error"
    elif width < long:
        code, severity = "session_too_long", "warning"
    elif width == long:
        code, severity = "session_one_start", "warning"
    else:
        code, severity = "session_starts", "info"
    return found("hours", code, severity, node, band, hours=node.hours, length=band.target.text, first=clock(opens), last_long=clock(closes - long),
                 last_short=clock(closes - short), short=_length(short), long=_length(long), past=clock(closes + long), width=_length(width))  # fmt: skip


def clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _length(minutes: int) -> str:
    return f"{round(Decimal(minutes) / 60, 2).normalize():f} h"


def order(values: Values) -> Iterator[Finding]:
    """What depends on something is not due before that begins."""
    for node in values.plan.nodes:
        for before in (values.nodes[id] for id in node.after):  # noqa: A001
            if node.due.last and before.due.first and node.due.last < before.due.first:
                yield found(
                    "order",
                    "order",
                    "error",
                    node,
                    before,
                    before=label(before),
                    due=node.due.text,
                    begins=before.due.text,
                )


def outside(values: Values) -> Iterator[Finding]:
    """A due date beside the plan's own days."""
    start, end = values.plan.start, values.plan.end
    for node in values.plan.nodes if start and end else ():
        for window in (node.due, *node.windows):
            if node.is_judged and not window.relative and window.last and _beside(window, start, end):
                yield found("order", "outside", "warning", node, due=window.text, start=start, end=end)


def _beside(window: Window, start: object, end: object) -> bool:
    return bool(window.last < start or (window.first and window.first > end))  # type: ignore[operator]
