"""Weight curves: which share of a target each day of its period carries. Whole-number weights, so shares add up to 1.

equal days | the shop's weekday pattern | working days | campaign phases | a typed season. `basis` says which it is,
`note` what the reader must know (a pattern that could not be learned, days that are assumed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import accumulate
from math import lcm
from statistics import median

from queries.plan.errors import PlanError
from queries.plan.weekdays import EQUAL, Pattern, Value, weekday_pattern
from queries.plan.workdays import is_workday

Number = Decimal | int | float | str | Fraction
CENT = Decimal("0.01")


class Curve:
    """Weights of the days from `first` on; `share`, `upto` and `between` give exact fractions of the whole period.

    basis: equal, weekday, workday, phase or season. note: '' or too_short (equal days instead of a pattern), assumed
    (working days not announced yet), no_workday (a period without any: equal days).
    """

    def __init__(self, first: date, weights: Sequence[int], basis: str, note: str = "") -> None:
        if not weights or min(weights) < 0 or not sum(weights):
            raise PlanError(
                f"The curve of the period from {first} has no weight. Give at least one day a weight over 0."
            )
        self.first, self.weights, self.basis, self.note = first, tuple(weights), basis, note
        self._sums = (0, *accumulate(weights))

    @property
    def last(self) -> date:
        return self.first + timedelta(days=len(self.weights) - 1)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(len(self.weights))]

    def share(self, day: date) -> Fraction:
        """The day's share; 0 outside the period."""
        return self.between(day, day)

    def upto(self, day: date) -> Fraction:
        """Share of the period up to and including `day`."""
        return self.between(self.first, day)

    def between(self, day_from: date, day_to: date) -> Fraction:
        """Share of the days from day_from to day_to, both inclusive; days outside the period count nothing."""
        low = min(max((day_from - self.first).days, 0), len(self.weights))
        high = min(max((day_to - self.first).days + 1, low), len(self.weights))
        return Fraction(self._sums[high] - self._sums[low], self._sums[-1])


@dataclass(frozen=True)
class Phase:
    """One phase (蓄水, 预热, 爆发, 返场 …), days inclusive. weight: its share of the whole period, 0.6 or 60 %."""

    name: str
    first: date
    last: date
    weight: Fraction


def equal(first: date, last: date) -> Curve:
    """Every day the same."""
    return Curve(first, [1] * _length(first, last), "equal")


def weekday(first: date, last: date, history: Mapping[date, Value]) -> Curve:
    """The shop's weekday pattern before the period; equal days (note too_short) with fewer than 4 whole weeks."""
    pattern = weekday_pattern(history, first)
    weights = [pattern.of(first + timedelta(days=n)) for n in range(_length(first, last))]
    if not pattern.learned or not sum(weights):
        return Curve(first, [1] * len(weights), "equal", "too_short")
    return Curve(first, weights, "weekday")


def workdays(first: date, last: date) -> Curve:
    """Working days equally, other days nothing."""
    found = [is_workday(first + timedelta(days=n)) for n in range(_length(first, last))]
    if not any(day.works for day in found):
        return Curve(first, [1] * len(found), "equal", "no_workday")
    return Curve(first, [int(d.works) for d in found], "workday", "assumed" if any(d.assumed for d in found) else "")


def phases(first: date, last: date, given: Sequence[Phase], within: Pattern = EQUAL) -> Curve:
    """Each phase has its weight, days outside every phase share what is left; inside, days go by `within`.

    Raises PlanError when phases overlap, leave the period, weigh more than the whole, or leave weight without a day.
    """
    length = _length(first, last)
    owner: list[int | None] = [None] * length
    for number, phase in enumerate(given):
        if phase.first < first or phase.last > last or phase.last < phase.first:
            raise PlanError(
                f"Phase '{phase.name}' ({phase.first} to {phase.last}) leaves {first} to {last}. Change its days."
            )
        for at in range((phase.first - first).days, (phase.last - first).days + 1):
            taken = owner[at]
            if taken is not None:
                raise PlanError(
                    f"Phases '{given[taken].name}' and '{phase.name}' share {first + timedelta(days=at)}. Part them."
                )
            owner[at] = number
    rest = 1 - sum((phase.weight for phase in given), Fraction(0))
    if rest < 0 or any(phase.weight < 0 for phase in given):
        raise PlanError(
            f"The phases weigh {percent(1 - rest)} together. Weights are 0 or more and add up to 100 % at most."
        )
    if rest and None not in owner:
        raise PlanError(f"The phases take every day but weigh {percent(1 - rest)}. Make them add up to 100 %.")
    blocks: dict[object, Fraction] = {number: phase.weight for number, phase in enumerate(given)}
    blocks[None] = rest
    return Curve(first, _fill(first, owner, blocks, within), "phase")


def season(
    first: date, last: date, given: Sequence[Number] | Mapping[tuple[int, int], Number], within: Pattern = EQUAL
) -> Curve:
    """A typed season: 12 months from January, 4 quarters, or shares by (year, month); inside, days go by `within`.

    Only their proportion counts. A month that lies partly in the period brings its days' part of its weight.
    Raises PlanError for another count, a month without a share, or a share below 0.
    """
    months = [(d.year, d.month) for d in (first + timedelta(days=n) for n in range(_length(first, last)))]
    blocks: dict[object, Fraction] = {}
    for year, month in dict.fromkeys(months):
        weight, start, end = _month_weight(given, year, month)
        whole = sum(within.of(start + timedelta(days=n)) for n in range((end - start).days))
        inside = sum(within.of(first + timedelta(days=at)) for at, m in enumerate(months) if m == (year, month))
        blocks[year, month] = weight * Fraction(inside, whole) if whole else Fraction(0)
    return Curve(first, _fill(first, months, blocks, within), "season")


def expected_to_date(
    target: Decimal, curve: Curve, day: date, part: Fraction = Fraction(1), step: Decimal = CENT
) -> Decimal:  # fmt: skip
    """What should be there by the end of `day`: 0 before the period, the target itself from its last day on.

    part: how much of `day` itself is over (`weekdays.share_until` at the hour both sides are cut at); step: what the
    result is rounded to.
    """
    before = curve.upto(day - timedelta(days=1))
    return rounded(Fraction(target) * (before + curve.share(day) * part), step)


def lifts(curve: Curve) -> dict[date, float]:
    """How many ordinary days each day of a typed curve is worth: its share over the median share; for `forecast`.

    Empty when the median day has no share.
    """
    ordinary = median(curve.weights)
    return {day: weight / ordinary for day, weight in zip(curve.days, curve.weights, strict=True)} if ordinary else {}


def rounded(value: Fraction, step: Decimal = CENT) -> Decimal:
    """An exact fraction as a Decimal, half up to `step`."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(step, ROUND_HALF_UP)


def percent(share: Fraction) -> str:
    return f"{float(share * 100):g} %"


def exact(value: Number) -> Fraction:
    """A typed number as an exact fraction; a float counts as it is written (0.1 is a tenth)."""
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _fill(first: date, owner: Sequence[object], blocks: Mapping[object, Fraction], within: Pattern) -> list[int]:
    """Whole-number weights: each block's weight over its days by the pattern (equal days where the pattern has none)."""
    share: list[Fraction] = [Fraction(0)] * len(owner)
    for key, weight in blocks.items():
        days = [at for at, name in enumerate(owner) if name == key]
        parts = [within.of(first + timedelta(days=at)) for at in days]
        if not sum(parts):
            parts = [1] * len(days)
        for at, part in zip(days, parts, strict=True):
            share[at] = weight * Fraction(part, sum(parts))
    scale = lcm(*(s.denominator for s in share))
    return [int(s * scale) for s in share]


def _month_weight(
    given: Sequence[Number] | Mapping[tuple[int, int], Number], year: int, month: int
) -> tuple[Fraction, date, date]:
    """The weight of the month's block (its quarter, when four are given), the block's first day and the day after it."""
    span = 1
    if isinstance(given, Mapping):
        if (year, month) not in given:
            raise PlanError(f"The season has no share for {year}-{month:02d}. Type one (0 if nothing is planned).")
        weight = exact(given[year, month])
    elif len(given) == 12:
        weight = exact(given[month - 1])
    elif len(given) == 4:
        weight, span = exact(given[(month - 1) // 3]), 3
    else:
        raise PlanError(f"A season needs 12 months or 4 quarters, not {len(given)} numbers. Type the missing ones.")
    if weight < 0:
        raise PlanError(f"The season's share of {year}-{month:02d} is below 0. Type 0 or more.")
    start = (month - 1) // span * span + 1
    return weight, date(year, start, 1), date(year + (start + span > 12), (start + span - 1) % 12 + 1, 1)


def _length(first: date, last: date) -> int:
    if last < first:
        raise PlanError(f"The period ends on {last}, before it begins on {first}. Change one of the two days.")
    return (last - first).days + 1
