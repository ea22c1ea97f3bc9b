"""Why sales differ from their plan: the gap split exactly into visitors, conversion and value per buyer.

The split itself is the one of queries/overview/moved.py (Shapley, to the cent), with the plan as "before".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from queries.overview.moved import CENT, chain_split

FACTORS = {3: ("visitors", "conversion_rate", "sales_per_buyer"), 2: ("visitors", "sales_per_visitor")}
WHOLE = "sales"
PLAN = "plan"  # what the plan's own factors leave open of its target


@dataclass(frozen=True)
class Effect:
    """What one factor brought to the gap, in money; planned and actual are the factor's own values."""

    factor: str
    planned: Decimal | None
    actual: Decimal | None
    effect: Decimal


def planned_chain(
    target: Decimal, visitors: Decimal | None = None, conversion: Decimal | None = None, value: Decimal | None = None
) -> tuple[Decimal, ...] | None:  # fmt: skip
    """Visitors, buyers and sales of the plan to the same day as `target`, from the factors that are typed.

    Two of three give the third from the target; all three may miss it (`gap_split` shows by how much); visitors alone
    give (visitors, sales). None when nothing can be divided: no visitors and not both other factors, or a factor of 0.
    """
    if visitors is not None and not visitors:
        return None
    if visitors is None:
        if not conversion or not value:
            return None
        visitors = target / (conversion * value)
    if conversion is not None and value is not None:
        return visitors, visitors * conversion, visitors * conversion * value
    if conversion is not None:
        return visitors, visitors * conversion, target
    if value:
        return visitors, target / value, target
    return visitors, target


def gap_split(expected: Decimal, planned: Sequence[Decimal], actual: Sequence[Decimal]) -> list[Effect]:
    """Effects that add up exactly to `actual sales - expected`, both rounded to the cent.

    planned, actual: (visitors, buyers, sales), or (visitors, sales) when the plan has no more; actual may be the longer
    one. What the planned factors leave open of `expected` stands last, as factor `plan`. When one side has sales
    without buyers, or buyers without visitors, nothing can be divided: one effect, `sales`, is the whole gap.
    """
    now = tuple(actual) if len(actual) == len(planned) else (actual[0], actual[-1])
    before = (*planned[:-1], planned[-1].quantize(CENT))
    after = (*now[:-1], now[-1].quantize(CENT))
    if any(not a and b for chain in (before, after) for a, b in pairwise(chain)):
        planned_sales, sales = expected.quantize(CENT), after[-1]
        return [Effect(WHOLE, planned_sales, sales, sales - planned_sales)]
    old, new, effects = chain_split(before, after)
    names = FACTORS[len(before)]
    found = [Effect(*each) for each in zip(names, old, new, effects, strict=True)]
    open_ = before[-1] - expected.quantize(CENT)
    return [*found, Effect(PLAN, None, None, open_)] if open_ else found
