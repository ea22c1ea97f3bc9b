"""Nodes that add up over time: sales, budgets, followers. Expected by now, landing, needed per day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from queries.metrics import METRICS
from queries.plan import curves
from queries.plan.actuals import Book, summed
from queries.plan.anchors import NO_OWN, Own
from queries.plan.curves import Curve, expected_to_date
from queries.plan.days import HISTORY
from queries.plan.errors import PlanError
from queries.plan.forecast import Forecast, from_series, over
from queries.plan.nodes import Node
from queries.plan.pace import needed, status
from queries.plan.progress import Fact, Progress

ZERO = Decimal(0)
MONTHS = {f"{n}": n for n in range(1, 13)} | {f"{n:02}": n for n in range(1, 13)} | {f"{n}月": n for n in range(1, 13)}
QUARTERS = {"q1": 0, "q2": 1, "q3": 2, "q4": 3}


def direction(node: Node) -> str:
    """up: the more the better; down: a ceiling, such as a budget or a refund rate."""
    if node.direction in ("at_least", "at_most"):
        return "up" if node.direction == "at_least" else "down"
    if node.kind == "budget" or node.metric == "spend":
        return "down"
    found = METRICS.get(node.metric)
    return "down" if found is not None and found.good == "down" else "up"


def curve(node: Node, history: Mapping[date, Decimal | None], first: date, last: date) -> Curve:
    """How the target spreads over the period: typed phases or season, working days, the shop's own weekdays, else equal days."""
    given = {name: value for name, value in node.numbers("weights").items() if value is not None}
    kind = node.text("weight") or (
        "season" if set(given) <= {*MONTHS, *QUARTERS} and given else "weekday" if any(history.values()) else "equal"
    )
    try:
        if kind == "season" and given:
            if set(given) <= set(QUARTERS):
                return curves.season(first, last, [given.get(name, ZERO) for name in QUARTERS])
            months = {MONTHS[name]: value for name, value in given.items() if name in MONTHS}
            return curves.season(first, last, [months.get(n, ZERO) for n in range(1, 13)])
        if kind == "phases" and given:
            return curves.phases(
                first,
                last,
                [
                    curves.Phase(name, *_phase_days(node, name, first, last), Fraction(value))
                    for name, value in given.items()
                ],
            )
    except PlanError:
        return Curve(first, [1] * ((last - first).days + 1), "equal", "bad_weights")
    if kind == "workdays":
        return curves.workdays(first, last)
    return curves.weekday(first, last, dict(history)) if kind == "weekday" else curves.equal(first, last)


def _phase_days(node: Node, name: str, first: date, last: date) -> tuple[date, date]:
    """Days of a phase: parts of the node named `<phase>_from` and `<phase>_to`, counted from the period's first day (1)."""
    parts = node.numbers("parts")
    low, high = parts.get(f"{name}_from"), parts.get(f"{name}_to")
    start = first + timedelta(days=int(low) - 1) if low is not None else first
    return start, first + timedelta(days=int(high) - 1) if high is not None else last


def spread_of(node: Node, history: Mapping[date, Decimal | None]) -> Curve:
    """The curve that a node with both its days is paced by, learned from the days before it."""
    assert node.first is not None
    assert node.last is not None
    return curve(node, {at: value for at, value in history.items() if at < (node.first or at)}, node.first, node.last)


def flow(node: Node, book: Book, own: Own = NO_OWN) -> Progress:
    """A sum over the node's period, from a metric or typed amounts."""
    if node.first is None or node.last is None:
        return Progress(node.id, "no_plan", target=node.target, why="no_dates")
    found = METRICS.get(node.metric)
    if found is not None and found.additivity == "D" and node.first != node.last:
        return people(node, book)
    if found is None:
        fact, history = book.typed_flow(node), {}
        actual, missing = fact.value, 0
    else:
        start = node.first - timedelta(days=HISTORY)
        fact = book.daily(node, node.metric, start, max(min(book.day, node.last), start))
        history = dict(fact.by_day)
        actual, missing = summed(history, node.first, min(book.day, node.last))

    def landing(through: date) -> Forecast:
        assert node.first is not None
        assert node.last is not None
        past = over(history, node.first, node.last, through)
        return past or from_series(book.series(node, through, node.last, own), node.first, node.last, through)

    return paced(node, fact, actual, missing, history, book.day, landing)


def paced(
    node: Node, fact: Fact, actual: Decimal | None, missing: int, history: Mapping[date, Decimal | None], day: date,
    project: Callable[[date], Forecast] | None = None, spread: Curve | None = None,
) -> Progress:  # fmt: skip
    """Expected by now, the word, the landing (`project` as seen at the end of a day) and what each remaining day needs.

    spread: how the target spreads over the days, the node's own curve by default.
    """
    assert node.first is not None
    assert node.last is not None
    spread, target, way = spread or spread_of(node, history), paced_target(node), direction(node)
    through = known_through(history, node.first, min(day, node.last)) if history else min(day, node.last)
    details: dict[str, Any] = {"missing_days": Decimal(missing)} if missing else {}
    if node.first <= day and through != min(day, node.last):
        details["through"] = through
    if node.low is not None or node.high is not None:
        details |= {"band_low": node.low, "band_high": node.high}
    expected = expected_to_date(target, spread, through) if target is not None else None
    landing = project(through) if project is not None and history and actual is not None and day >= node.first else None
    if landing is not None:
        details["landing"] = landing.state
        if landing.unknown:
            details["landing_without"] = list(landing.unknown)
    is_known = actual is not None or day < node.first  # what is not known is not zero
    rest = (
        needed(target, actual or ZERO, spread, max(through, node.first - timedelta(days=1)))
        if target is not None and way == "up" and is_known
        else None
    )
    left = (target - (actual or ZERO)) if target is not None and way == "down" and is_known else None
    days_left = max((node.last - max(through, node.first - timedelta(days=1))).days, 0)
    return Progress(
        node.id, status(target, actual, expected or ZERO, spread, through, direction=way),
        actual=actual, target=target, expected=expected, low=landing.low if landing else None, mid=landing.value if landing else None,
        high=landing.high if landing else None, straight=landing.straight if landing else None,
        needed=rest.total if rest else left, per_day=(rest.per_day if rest else (left / days_left).quantize(curves.CENT) if left is not None and days_left else None),
        days_left=days_left, share_over=float(spread.upto(through)), curve=f"{spread.basis}{':' + spread.note if spread.note else ''}",
        source=fact.source, basis=fact.basis, bound=fact.bound, as_of=fact.as_of, why=fact.why if actual is None else "", details=details,
    )  # fmt: skip


def paced_target(node: Node) -> Decimal | None:
    """The number a sum is paced against: of a band its upper end, which is what a budget may not pass."""
    return node.target if node.target is not None else node.high


def known_through(history: Mapping[date, Decimal | None], first: date, last: date) -> date:
    """The last day of the period that has a figure: a report that is late must not look like a fall."""
    known = [at for at, value in history.items() if value is not None and first <= at <= last]
    return max(known) if known else first - timedelta(days=1)


def people(node: Node, book: Book) -> Progress:
    """Distinct people over several days: the platform's own figure of the very period; never daily counts added up."""
    assert node.first is not None
    assert node.last is not None
    last = min(book.day, node.last)
    if last < node.first:
        return Progress(node.id, "not_started", target=node.target)
    fact = book.total(node, node.metric, node.first, last)
    if fact.bound == "exact" and fact.value is not None:
        word = "missed" if book.day >= node.last else "due"
        if node.target is None or fact.value >= node.target:
            word = "no_plan" if node.target is None else "done"
        return Progress(
            node.id, word, actual=fact.value, target=node.target, source=fact.source, basis=fact.basis, as_of=fact.as_of
        )
    return Progress(
        node.id, "no_plan" if node.target is None else "no_actual", target=node.target, why="people_not_added", source=fact.source,
        details={"sum_of_days": fact.value, "sum_of_days_basis": fact.basis} if fact.value is not None else {},
    )  # fmt: skip
