"""Every node of a plan on one day. Kinds are judged by their own rules; sums above nodes come from what is below.

Formula lines flex: their allowance is the formula over what happened (15 % of the revenue that came), and stands beside
the number that was typed. A sum is only as known as its parts: a part without a figure is named, never taken as zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from queries.measure import Asks
from queries.metrics import METRICS
from queries.plan import activity, bands, flows, levels, lists, quota, sessions
from queries.plan.actuals import SESSION_FIGURES, Book, read_book
from queries.plan.anchors import NO_OWN, Own
from queries.plan.days import back_to
from queries.plan.formula import names_of, worked_out
from queries.plan.nodes import UNJUDGED, Node, children
from queries.plan.progress import Fact, Progress

ZERO = Decimal(0)
LOGGED = ("count", "quota", "milestone", "coverage", "loop", "backlog")


def evaluate(
    nodes: Sequence[Node], reader: Asks, day: date, own: Own = NO_OWN, only: Iterable[str] | None = None
) -> dict[str, Progress]:
    """Progress of every node (or of `only` these) at the end of `day`, by id. Raises OpsError from the reader."""
    if not nodes:
        return {}
    found = Evaluation(nodes, read_book(reader, nodes[0].plan, day), own)
    return found.all() if only is None else {name: found.of(name) for name in only}


class Evaluation:
    """One plan on one day; each node is worked out once, whatever asks for it first."""

    def __init__(self, nodes: Sequence[Node], book: Book, own: Own = NO_OWN) -> None:
        self.nodes, self.book, self.own = {node.id: node for node in nodes}, book, own
        self.below = children(nodes)
        book.days.earliest = back_to(nodes)
        self.done: dict[str, Progress] = {}
        self._busy: set[str] = set()

    def all(self) -> dict[str, Progress]:
        return {name: self.of(name) for name in self.nodes}

    def of(self, name: str) -> Progress:
        """One node's progress; a node that needs itself is not known."""
        if name not in self.done:
            if name in self._busy:
                return Progress(name, "no_actual", why="circle")
            self._busy.add(name)
            try:
                self.done[name] = self._judged(self.nodes[name])
            finally:
                self._busy.discard(name)
        return self.done[name]

    def _under(self, name: str) -> list[Node]:
        """Every node below, at any depth, that has none below itself."""
        found = self.below.get(name, [])
        return [leaf for child in found for leaf in (self._under(child.id) or [child])]

    def actual(self, name: str) -> Decimal | None:
        return self.of(name).actual if name in self.nodes else None

    def _judged(self, node: Node) -> Progress:
        book, day = self.book, self.book.day
        if node.kind in UNJUDGED:
            return Progress(node.id, "not_judged", target=node.target)
        if node.kind in LOGGED and node.metric not in METRICS and node.period != "session":
            return self._logged(node)
        if node.period == "session" or is_about_sessions(node):
            return self._of_sessions(node)
        if node.kind == "growth":
            return levels.growth(node, book, lambda: self._amount(node))
        if node.kind == "ratio":
            return levels.ratio(node, book)
        if node.kind in ("stock", "headcount"):
            return levels.level(node, book)
        if node.kind == "band":
            return bands.over_periods(node, self._by_day(node), day)
        if node.kind == "direction":
            return self._direction(node)
        return self._sum(node)

    def _logged(self, node: Node) -> Progress:
        deeds, day = self.book.deeds.get(node.id, []), self.book.day
        if node.kind == "milestone":
            finished = {name for name in node.words("after") if name in self.nodes and self.of(name).status == "done"}
            return activity.milestone(node, deeds, day, finished)
        if node.kind == "backlog":
            new = sum(
                (
                    row.value
                    for row in self.book.typed.get(node.id, ())
                    if row.unit in ("new", "新增") and row.day <= day
                ),
                ZERO,
            )
            parts = [each for each in self._under(node.id) if each.kind == "backlog"]
            deeds = [*deeds, *(deed for part in parts for deed in self.book.deeds.get(part.id, []))]
            openings = [part.number("opening") for part in parts]
            whole = (
                sum((each for each in openings if each is not None), ZERO)
                if openings and None not in openings
                else None
            )
            return lists.backlog(node, deeds, new, day, whole)
        if node.kind == "count":  # what was done for a part of it counts for the whole
            deeds = [*deeds, *(deed for part in self._under(node.id) for deed in self.book.deeds.get(part.id, []))]
        rules = {"count": activity.count, "quota": quota.quota, "coverage": lists.coverage, "loop": lists.loop}
        return rules[node.kind](node, deeds, day)

    def _of_sessions(self, node: Node) -> Progress:
        """What every live session, or the days of a week with one, is held against."""
        held = self.book.sessions(node)
        if node.kind in LOGGED:
            return sessions.noticed(node, held, self.book.deeds.get(node.id, []), self.book.day)
        if is_about_sessions(node):
            return bands.of_sessions(node, held, self.book.day)
        if node.metric in METRICS:
            return sessions.each(node, self.book.by_session(node), self.book.day)
        return levels.level(node, self.book) if node.kind == "headcount" else self._sum(node)

    def _sum(self, node: Node) -> Progress:
        """A sum: its own metric or typed amounts; else its formula over what happened; else what is below it."""
        typed = self.book.typed_flow(node) if node.metric not in METRICS else None
        is_formula = "formula" in node.solved
        if node.metric in METRICS or (
            typed is not None and typed.value is not None and not (is_formula and self._is_total(node))
        ):
            found = flows.flow(node, self.book, self.own)
            return _with(found, flexed=self._flexed(node)) if is_formula else found
        if is_formula:
            return self._computed(node)
        if self.below.get(node.id):
            return self._rolled_up(node)
        return flows.flow(node, self.book, self.own)

    def _is_total(self, node: Node) -> bool:
        """Is the formula made of several other nodes (profit = revenue - costs), rather than a rate on one?"""
        return len(names_of(node.solved["formula"])) > 1

    def _computed(self, node: Node) -> Progress:
        """A formula line: what it comes to over the actuals so far, beside the number that was typed."""
        value = self._flexed(node)
        targets = {name: other.target for name, other in self.nodes.items()}
        details: dict[str, Any] = {
            "flexed": value,
            "by_plan": worked_out(node.solved["formula"], targets.get, node.numbers("parts")),
        }
        why = "" if value is not None else "part_unknown"
        if node.kind == "budget" and not self._is_total(node):  # an allowance, not a cost that was paid
            return Progress(node.id, "no_actual", target=node.target, why="not_typed", details=details)
        if node.first is None or node.last is None:
            return Progress(
                node.id, "no_plan", actual=value, target=node.target, why=why or "no_dates", details=details
            )
        return _with(flows.paced(node, Fact(value, "formula", why=why), value, 0, {}, self.book.day), **details)

    def _flexed(self, node: Node) -> Decimal | None:
        return worked_out(node.solved["formula"], self.actual, node.numbers("parts"))

    def _rolled_up(self, node: Node) -> Progress:
        """What is below, added up: amounts of one unit only; parts without a figure are counted and named."""
        parts = [child for child in self.below[node.id] if child.kind not in UNJUDGED]
        known = [
            (child, self.of(child.id).actual)
            for child in parts
            if child.kind in ("flow", "budget", "count", "headcount")
        ]
        values = [value for _, value in known if value is not None]
        lacking = [child.name or child.id for child, value in known if value is None]
        value = sum(values, ZERO) if values else None
        fact = Fact(value, "children", why="" if values else "parts_unknown")
        if node.first is None or node.last is None:
            return Progress(node.id, "no_plan", actual=value, target=node.target, why="no_dates")
        found = flows.paced(node, fact, value, 0, {}, self.book.day)
        return _with(found, parts_missing=lacking) if lacking else found

    def _by_day(self, node: Node) -> Mapping[date, Decimal | None]:
        if node.first is None or node.first > self.book.day:
            return {}
        if node.metric in METRICS:
            return self.book.daily(node, node.metric, node.first, min(self.book.day, node.last or self.book.day)).by_day
        return self.book.typed_flow(node).by_day

    def _amount(self, node: Node) -> Decimal | None:
        """What a growth target compares: its metric or typed amounts of the period so far."""
        if node.metric in METRICS and node.first:
            return self.book.daily(node, node.metric, node.first, min(self.book.day, node.last or self.book.day)).value
        return self.book.typed_flow(node).value

    def _direction(self, node: Node) -> Progress:
        """Up or down without a number: the figure is shown, no word is said."""
        if node.metric in METRICS and node.first and node.first <= self.book.day:
            last = min(self.book.day, node.last or self.book.day)
            fact = self.book.total(node, node.metric, node.first, last)
        else:
            fact = self.book.typed_level(node)
        return Progress(
            node.id,
            "not_judged",
            actual=fact.value,
            source=fact.source,
            basis=fact.basis,
            bound=fact.bound,
            as_of=fact.as_of,
            why="direction_only",
        )


def is_about_sessions(node: Node) -> bool:
    """Distinct live days, hours of a session, or the window sessions start in."""
    days = node.metric == "live_sessions" and (node.text("basis") in ("days", "天") or node.text("total") == "distinct")
    hours = node.metric == "live_hours" and node.period == "session"
    return days or hours or node.metric in SESSION_FIGURES or (node.kind == "band" and bool(node.text("hours")))


def _with(found: Progress, **details: Any) -> Progress:
    return replace(found, details={**found.details, **details})
