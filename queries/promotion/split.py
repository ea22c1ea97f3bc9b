"""The same money over the purses another way: what it would change, as a range; whether the next yuan pays. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

import numpy as np

from queries.plan.curves import CENT
from queries.promotion.account import Rates, left_of
from queries.promotion.response import Floats, Range, Response, range_of

KEEP = 0.2  # a purse moves by at most this share of what it spends now: further out nothing was ever seen
STEPS = 100


@dataclass(frozen=True)
class Split:
    """amounts: suggested spend a day per purse, to the cent, together what is spent now; change: sales a day, (median, low, high)."""

    amounts: dict[str, Decimal]
    change: Range


def kept_of(rates: Rates) -> float | None:
    """What a yuan of sales leaves after refunds, goods, fees and freight; None without a margin rate. Unknown others count as 0."""
    return None if rates.margin is None else left_of(1.0, 0.0, rates)


def word_of(one: Response, kept: float | None) -> str:
    """'good' when even the low end of the next yuan earns more than itself, 'poor' when not even the high end does; '' without kept."""
    if one.word == "few":
        return "few"
    if kept is None:
        return ""
    _, low, high = one.next_yuan
    return "good" if low * kept > 1 else "poor" if high * kept < 1 else "fair"


def split(found: Sequence[Response]) -> Split | None:
    """Moves step by step from the purse whose next yuan brings least to the one whose brings most. None with fewer than two
    purses that are known and spend."""
    known = [one for one in found if one.word == "ok" and one.now > 0]
    if len(known) < 2:
        return None
    amounts = np.array([one.now for one in known], dtype=np.float64)
    low, high = amounts * (1 - KEEP), amounts * (1 + KEEP)
    step = float(amounts.min()) * KEEP / STEPS * 4
    for _ in range(STEPS * len(known)):
        brings = np.array([_next(one, at) for one, at in zip(known, amounts, strict=True)])
        giving = np.where(amounts - step >= low - 1e-9, brings, math.inf)
        taking = np.where(amounts + step <= high + 1e-9, brings, -math.inf)
        source, goal = int(np.argmin(giving)), int(np.argmax(taking))
        if source == goal or not giving[source] < taking[goal]:
            break
        amounts[source] -= step
        amounts[goal] += step
    gains = sum((_sold(one, at) - _sold(one, one.now) for one, at in zip(known, amounts, strict=True)), np.zeros(len(known[0].draws)))
    return Split(_cents(known, amounts), range_of(gains))


def _next(one: Response, at: float) -> float:
    most, half = one.draws.T
    return float((most * half / (at + half) ** 2).mean())


def _sold(one: Response, at: float) -> Floats:
    most, half = one.draws.T
    return np.asarray(most * at / (at + half), dtype=np.float64)


def _cents(known: Sequence[Response], amounts: Floats) -> dict[str, Decimal]:
    """Rounded down; what is left of the whole goes to the largest."""
    whole = Decimal(repr(round(sum(one.now for one in known), 2)))
    out = {one.purse: Decimal(repr(float(at))).quantize(CENT, ROUND_DOWN) for one, at in zip(known, amounts, strict=True)}
    largest = max(out, key=lambda purse: out[purse])
    out[largest] += whole - sum(out.values(), Decimal(0))
    return out
