"""What is left of a limit, cut into the days to come: by the curve, around the days that a person fixed, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from queries.plan.curves import Curve
from queries.plan.errors import PlanError
from queries.plan.split import Bound, money, spread


def left_by_day(
    limit: Decimal, spent: Decimal, curve: Curve, through: date, fixed: Mapping[date, Decimal] | None = None
) -> dict[date, Decimal]:
    """Amounts of the days after `through`, in order; they add up to limit - spent (0 when it is passed) exactly.

    A fixed day keeps its amount, the others share the rest in proportion to the curve (equally where it gives them nothing).
    Raises PlanError when fixed days are more than what is left, or all days are fixed and it is not used up.
    """
    days = [day for day in curve.days if day > through]
    typed = {day: _cents(amount) for day, amount in (fixed or {}).items() if day in set(days)}
    if not days:
        return {}
    if any(cents < 0 for cents in typed.values()):
        raise PlanError("A day's budget is below 0. Type 0 or more.")
    left = max(_cents(limit) - _cents(spent), 0)
    held = sum(typed.values())
    if held > left or (len(typed) == len(days) and held != left):
        raise PlanError(f"The fixed days add up to {money(held)}, {money(left)} is left. Change one of them or free one.")
    bounds: list[Bound] = [(typed[day], typed[day]) if day in typed else (0, None) for day in days]
    amounts = spread(left, curve.weights[-len(days) :], bounds)
    return {day: Decimal(cents) / 100 for day, cents in zip(days, amounts, strict=True)}


def _cents(amount: Decimal) -> int:
    return int((amount * 100).to_integral_value())
