"""Where a node stands: needed per remaining day, and one word for its state.

Thresholds. A node is on track while its actual is within the tolerance of what is expected by now. A sum of few days
wobbles more than a sum of many, so the tolerance is 3 % divided by the square root of the share of the period that is
over, 15 % at most: 15 % until a twenty-fifth is over, 6 % at a quarter, 3 % at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from queries.plan.curves import CENT, Curve, rounded

AT_END, AT_MOST = 0.03, 0.15
WORDS = ("ahead", "on_track", "behind", "done", "missed", "not_started", "no_plan", "no_base", "no_actual")


@dataclass(frozen=True)
class Needed:
    """What must still come after a day. total: 0 when the target is reached; days: calendar days left; per_day: the
    plain mean, None on no day left; by_day: the same total by the curve's weights, empty when no weight is left.
    """

    total: Decimal
    days: int
    per_day: Decimal | None
    by_day: dict[date, Decimal]


def needed(target: Decimal, actual: Decimal, curve: Curve, day: date, step: Decimal = CENT) -> Needed:
    """Needed on each day after `day` (the last day that `actual` holds in full) to end on the target.

    by_day is exact on the sum: each day is the difference of two rounded cumulative amounts.
    """
    total = max(target - actual, Decimal(0))
    left = [d for d in curve.days if d > day]
    share = curve.between(day + timedelta(days=1), curve.last)
    by_day: dict[date, Decimal] = {}
    if share and left:
        sums = [rounded(Fraction(total) * curve.between(left[0], d) / share, step) for d in left]
        by_day = {d: now - before for d, now, before in zip(left, sums, [Decimal(0), *sums], strict=False)}
    per_day = rounded(Fraction(total) / len(left), step) if left else None
    return Needed(total, len(left), per_day, by_day)


def tolerance(share_over: Fraction | float) -> float:
    """How far actual may be from expected and still be on track, as a share of expected."""
    over = float(share_over)
    return AT_MOST if over <= 0 else min(AT_MOST, AT_END / sqrt(over))


def status(
    target: Decimal | None, actual: Decimal | None, expected: Decimal, curve: Curve, day: date, *,
    direction: str = "up", base_missing: bool = False,
) -> str:  # fmt: skip
    """One of WORDS at the end of `day`. expected: what should be there by then, in the unit of `actual`.

    direction: up (at least the target) or down (at most, such as a budget: less than expected is ahead).
    done: the target is reached (up) or kept when the period is over (down). missed: the period is over without it, or
    a "down" target is passed already. base_missing: a growth target whose base nobody typed is never judged.
    """
    if base_missing:
        return "no_base"
    if target is None:
        return "no_plan"
    if day < curve.first:
        return "not_started"
    if actual is None:
        return "no_actual"
    if direction == "up" and actual >= target:
        return "done"
    if direction == "down" and actual > target:
        return "missed"
    if day >= curve.last:
        return "done" if direction == "down" else "missed"
    room = abs(expected) * Decimal(repr(tolerance(curve.upto(day))))
    if abs(actual - expected) <= room:
        return "on_track"
    return "ahead" if (actual > expected) == (direction == "up") else "behind"


def band(value: Decimal | None, low: Decimal | None, high: Decimal | None) -> str:
    """below, inside or above a band whose ends belong to it; one end may be open; no_plan, no_actual."""
    if low is None and high is None:
        return "no_plan"
    if value is None:
        return "no_actual"
    if low is not None and value < low:
        return "below"
    return "above" if high is not None and value > high else "inside"
