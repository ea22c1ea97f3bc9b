"""The overview's cards from their parts: frames in, cards out. Ratios divide last, missing is never zero.

A card adds the shops of one currency. Shops whose figure is not out yet are named, and a comparison is made only over
shops that have both sides, so a late shop never looks like a fall.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

Key = tuple[str, str]  # shop, currency


@dataclass(frozen=True)
class Formula:
    """A card's metric: `plus - minus`, or `plus / over` when `over` is given; all are daily base metrics."""

    plus: str
    over: str = ""
    minus: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """Base metrics that must all be there."""
        return tuple(p for p in (self.plus, self.over, self.minus) if p)


FORMULAS: dict[str, Formula] = {
    "sales": Formula("sales"),
    "visitors": Formula("visitors"),
    "conversion_rate": Formula("paying_buyers", over="visitors"),
    "sales_per_buyer": Formula("sales", over="paying_buyers"),
    "sales_per_order": Formula("sales", over="paid_orders"),
    "paid_orders": Formula("paid_orders"),
    "refunds": Formula("refunds"),
    "net_sales": Formula("sales", minus="refunds"),
    "spend": Formula("spend"),
    "mer": Formula("sales", over="spend"),
    "roas": Formula("attributed_sales", over="spend"),
    "ad_cost_ratio": Formula("spend", over="sales"),
    "live_sales": Formula("live_sales"),
}
BASE = tuple(sorted({part for formula in FORMULAS.values() for part in formula.parts}))
ASKED = {name: formula.parts for name, formula in FORMULAS.items()} | {part: (part,) for part in BASE}
PAIRS = tuple((name, part) for name, parts in sorted(ASKED.items()) for part in parts)  # what overview/figures is asked
MONEY = ("attributed_sales", "live_sales", "refunds", "sales", "spend")
PEOPLE = ("paying_buyers", "visitors")  # distinct: days added up are an upper bound


@dataclass(frozen=True)
class Change:
    """The same figure in another window, over the shops that have both; `rate` None when the base is missing or 0."""

    value: float | None
    rate: float | None
    is_all: bool


@dataclass(frozen=True)
class Plan:
    """A month's target: reached so far by the shops that have one, and the share of the month's days gone."""

    target: float
    reached: float | None
    share: float | None
    elapsed: float


@dataclass(frozen=True)
class Card:
    """One figure. state: ok, partial (days are missing), not_out (expected, not there yet)."""

    metric: str
    currency: str
    value: float | None
    state: str
    missing: tuple[str, ...]
    before: Change
    other: Change
    spark: tuple[float | None, ...]
    bound: str
    shops: tuple[str, ...]
    plan: Plan | None = None


def cards(
    metrics: Iterable[str],
    figures: pd.DataFrame,
    expected: pd.DataFrame,
    spark: pd.DataFrame,
    targets: pd.DataFrame,
    last: date,
) -> list[Card]:
    """Cards in the order of `metrics`, one per currency; a metric that no shop ever had gives none.

    figures, expected, spark, targets: rows of overview/figures, expected, spark, targets; last: the last day shown.
    """
    found = _Figures(figures)
    hoped = _expected(expected)
    curves = _curves(spark, last)
    currencies = sorted({c for _, c in [*hoped.get("sales", {}), *found.cells("sales", "now")]} or found.currencies())
    wanted = list(metrics)
    made = []
    for currency in currencies:
        for metric in wanted:
            card = _card(metric, currency, found, hoped, curves)
            if card is not None:
                made.append(_with_plan(card, targets, last))
    return made


Cell = tuple[dict[str, float], int, int]  # parts by name, days with all of them, days wanted


class _Figures:
    """Parts by (formula, window) and shop."""

    def __init__(self, figures: pd.DataFrame) -> None:
        self.rows: dict[tuple[str, str], dict[Key, Cell]] = {}
        for row in figures.itertuples():
            cells = self.rows.setdefault((str(row.formula), str(row.span)), {})
            cell = cells.setdefault((str(row.shop), str(row.currency)), ({}, int(row.days), int(row.wanted)))
            cell[0][str(row.part)] = float(row.value)

    def currencies(self) -> set[str]:
        return {currency for cells in self.rows.values() for _, currency in cells}

    def cells(self, metric: str, span: str) -> dict[Key, Cell]:
        return self.rows.get((metric, span), {})


def _expected(expected: pd.DataFrame) -> dict[str, dict[Key, str]]:
    found: dict[str, dict[Key, str]] = {}
    for row in expected.itertuples():
        found.setdefault(str(row.metric), {})[(str(row.shop), str(row.currency))] = str(row.name)
    return found


def value_of(formula: Formula, parts: Iterable[Mapping[str, float]]) -> float | None:
    """Add the parts over shops, then subtract or divide; None without shops or with nothing to divide by."""
    rows = list(parts)
    if not rows:
        return None
    total = {part: math.fsum(row[part] for row in rows) for part in formula.parts}
    if formula.over:
        return total[formula.plus] / total[formula.over] if total[formula.over] else None
    return total[formula.plus] - total.get(formula.minus, 0.0)


def _card(
    metric: str, currency: str, found: _Figures, hoped: dict[str, dict[Key, str]], curves: dict[str, _Curve]
) -> Card | None:
    formula = FORMULAS[metric]
    names = [hoped.get(part, {}) for part in formula.parts]
    shops = {key: name for key, name in names[0].items() if all(key in n for n in names) and key[1] == currency}
    there = {key: cell for key, cell in found.cells(metric, "now").items() if key[1] == currency}
    if not shops and not there:
        return None
    value = value_of(formula, (cell[0] for cell in there.values()))
    missing = tuple(sorted(name for key, name in shops.items() if key not in there))
    whole = all(cell[1] >= cell[2] for cell in there.values())
    state = "not_out" if not there else ("ok" if whole and not missing else "partial")
    return Card(
        metric, currency, value, state, missing,
        _change(formula, there, found.cells(metric, "before")), _change(formula, there, found.cells(metric, "other")),
        _spark(formula, curves, set(there) | set(shops)),
        "upper" if set(formula.parts) & set(PEOPLE) and any(cell[1] > 1 for cell in there.values()) else "exact",
        tuple(sorted(shop for shop, _ in there)),
    )


def _change(formula: Formula, there: Mapping[Key, Cell], then: Mapping[Key, Cell]) -> Change:
    """Over the shops whose windows are both complete, or miss equally many days."""
    both = {key: cell for key, cell in then.items() if key in there and _alike(cell, there[key])}
    old = value_of(formula, (cell[0] for cell in both.values()))
    new = value_of(formula, (there[key][0] for key in both))
    return Change(old, rate(new, old), len(both) == len(there))


def rate(new: float | None, old: float | None) -> float | None:
    """Relative change; None where a side is missing or the base is not above zero."""
    return new / old - 1 if old is not None and old > 0 and new is not None else None


def _alike(a: Cell, b: Cell) -> bool:
    return a[1] == b[1] or (a[1] >= a[2] and b[1] >= b[2])


def with_measured(card: Card, now: tuple[float | None, str], before: float | None, other: float | None) -> Card:
    """The card with figures that queries.metric gives (people counted once, paired reports): value and bound, and what
    it is compared with where that holds for all its shops."""
    value, bound = now
    changes = [
        replace(old, value=then, rate=rate(value, then)) if old.is_all else old
        for old, then in ((card.before, before), (card.other, other))
    ]
    return replace(card, value=value, bound=bound, before=changes[0], other=changes[1])


def so_far(card: Card, day: date, hour: int) -> Card:
    """The card of a day that is known up to and with `hour`: the month's pace counts those hours, not the whole day, and
    the curve ends the day before, since half a day would look like a fall."""
    plan = card.plan
    if plan is not None:
        gone = day.day - 1 + (hour + 1) / 24
        plan = replace(plan, elapsed=gone / calendar.monthrange(day.year, day.month)[1])
    return replace(card, plan=plan, spark=card.spark[:-1])


class _Curve:
    """One base metric by shop over the days of the small curve."""

    def __init__(self, days: list[date]) -> None:
        self.days = days
        self.values: dict[Key, dict[date, float]] = {}

    def at(self, key: Key, day: date) -> float | None:
        return self.values.get(key, {}).get(day)

    def first(self, key: Key) -> date | None:
        return min(self.values.get(key, {}), default=None)


def _curves(spark: pd.DataFrame, last: date) -> dict[str, _Curve]:
    days = [last - timedelta(days=back) for back in range(29, -1, -1)]
    found: dict[str, _Curve] = {}
    stamps = pd.to_datetime(spark["day"]).dt.date if len(spark) else []
    for row, day in zip(spark.itertuples(), stamps, strict=True):
        curve = found.setdefault(str(row.metric), _Curve(days))
        curve.values.setdefault((str(row.shop), str(row.currency)), {})[day] = float(row.value)
    return found


def _spark(formula: Formula, curves: dict[str, _Curve], keys: set[Key]) -> tuple[float | None, ...]:
    """A day is a gap unless every shop that had begun by then has all parts."""
    lines = {part: curves.get(part) for part in formula.parts}
    if any(line is None for line in lines.values()):
        return ()
    known = {part: line for part, line in lines.items() if line is not None}
    days = next(iter(known.values())).days
    points: list[float | None] = []
    for day in days:
        begun = [k for k in keys if all((f := c.first(k)) is not None and f <= day for c in known.values())]
        rows = [{part: line.at(key, day) for part, line in known.items()} for key in begun]
        if not rows or any(v is None for row in rows for v in row.values()):
            points.append(None)
        else:
            points.append(value_of(formula, [{p: float(v or 0.0) for p, v in row.items()} for row in rows]))
    return tuple(points)


def _with_plan(card: Card, targets: pd.DataFrame, last: date) -> Card:
    formula = FORMULAS[card.metric]
    if targets.empty or formula.over or formula.minus:
        return card
    rows = targets[(targets["metric"] == card.metric) & (targets["currency"] == card.currency)]
    if rows.empty or not float(rows["target"].sum()):
        return card
    target = float(rows["target"].sum())
    reached = None if rows["reached"].isna().all() else float(rows["reached"].sum())
    elapsed = last.day / calendar.monthrange(last.year, last.month)[1]
    share = None if reached is None else reached / target
    return replace(card, plan=Plan(target, reached, share, elapsed))
