"""Nodes that are a figure rather than a sum: rates, levels at a date, growth against a base. Divided last, judged at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from queries.metrics import METRICS
from queries.plan import curves
from queries.plan.actuals import Book, summed
from queries.plan.flows import curve, direction
from queries.plan.nodes import Node
from queries.plan.pace import band
from queries.plan.progress import Fact, Progress


def ratio(node: Node, book: Book) -> Progress:
    """A rate or ratio to date, divided last; typed parts or a metric."""
    if node.metric in METRICS and node.first is not None:
        last = min(book.day, node.last or book.day)
        fact = book.total(node, node.metric, node.first, last) if last >= node.first else Fact(None, why="not_begun")
    else:
        fact = book.typed_ratio(node)
    return _against(node, fact, book.day)


def level(node: Node, book: Book) -> Progress:
    """A level at a date: the latest typed one, or an opening value and what came since."""
    opening = node.number("opening")
    if node.metric in METRICS and node.first is not None:
        if opening is None:
            return Progress(node.id, "no_base", target=node.target, why="no_opening")
        fact = book.daily(node, node.metric, node.first, min(book.day, node.last or book.day))
        came, missing = summed(fact.by_day, node.first, min(book.day, node.last or book.day))
        value = None if came is None else opening + came
        details = {"opening": opening, "came": came} | ({"missing_days": Decimal(missing)} if missing else {})
        return _against(node, Fact(value, fact.source, fact.basis, as_of=fact.as_of, why=fact.why), book.day, details)
    return _against(node, book.typed_level(node), book.day, {"opening": opening} if opening is not None else {})


def _against(node: Node, fact: Fact, day: date, details: Mapping[str, Any] | None = None) -> Progress:
    """A figure that is not paced: reached or not, judged as missed only when the period is over."""
    wanted, way = node.target, direction(node)
    more = dict(details or {})
    if node.low is not None or node.high is not None:
        more |= {"band_low": node.low, "band_high": node.high}
        return Progress(
            node.id,
            band(fact.value, node.low, node.high),
            actual=fact.value,
            source=fact.source,
            basis=fact.basis,
            as_of=fact.as_of,
            why=fact.why,
            details=more,
        )
    if wanted is None:
        word = "no_plan"
    elif fact.value is None:
        word = "not_started" if node.first and day < node.first else "no_actual"
    elif (fact.value >= wanted) if way == "up" else (fact.value <= wanted):
        word = "done" if node.last and day >= node.last else "on_track"
    else:
        word = "missed" if node.last and day >= node.last else "behind"
    return Progress(
        node.id,
        word,
        actual=fact.value,
        target=wanted,
        source=fact.source,
        basis=fact.basis,
        bound=fact.bound,
        as_of=fact.as_of,
        why=fact.why,
        details=more,
    )


def growth(node: Node, book: Book, value: Callable[[], Decimal | None]) -> Progress:
    """Change against a typed base, to date against the base's share of the period; never coloured without a base.

    A fall that is wanted (成本 -5%) is a growth of at most -5 %. details: base_to_date, and joint figures of the page.
    """
    base = node.number("base")
    if base is None or not base:
        return Progress(node.id, "no_base", target=node.target, why="no_base")
    if node.target is None or node.first is None or node.last is None:
        return Progress(node.id, "no_plan", why="blank" if node.target is None else "no_dates")
    actual = value()
    if actual is None:
        return Progress(
            node.id,
            "not_started" if book.day < node.first else "no_actual",
            target=node.target,
            why="no_figure",
            details={"base": base},
        )
    spread = curve(node, {}, node.first, node.last)
    share = spread.upto(min(book.day, node.last))
    before = curves.rounded(Fraction(base) * share)
    if not before:
        return Progress(node.id, "not_started", target=node.target, details={"base": base})
    change = actual / before - 1
    kept = change <= node.target if node.target < 0 else change >= node.target
    word = ("done" if kept else "missed") if book.day >= node.last else ("on_track" if kept else "behind")
    return Progress(
        node.id, word, actual=change, target=node.target, share_over=float(share), curve=spread.basis,
        details={"base": base, "base_to_date": before, "amount": actual, "amount_wanted": before * (1 + node.target)},
    )  # fmt: skip
