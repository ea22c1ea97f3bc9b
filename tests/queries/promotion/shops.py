"""Made-up shops whose days without the event are known: growth, weekdays, shocks shared with a control, noise that lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

FIRST = date(2025, 1, 1)


@dataclass(frozen=True)
class Shop:
    """Sales by day with the event in, `without` it, a control that the event leaves alone, days that no event touches."""

    sales: pd.Series
    without: pd.Series
    control: pd.Series
    quiet: pd.Series
    start: date
    last: date
    after: date

    def truth(self, first: date, last: date) -> float:
        """What the event really added from `first` to `last`."""
        return float((self.sales - self.without).loc[first:last].sum())


def shop_of(seed: int, times: float | None = None, length: int | None = None) -> Shop:
    """Four months to two years of history, then an event of `length` or 1 to 14 days and ten days in which buyers stay away.

    times: what the event multiplies sales by; None: something between 1.1 and 4; 1: it does nothing, before or after.
    """
    rng = np.random.default_rng(seed)
    before, drawn = int(rng.integers(130, 730)), int(rng.integers(1, 15))
    length = length or drawn
    n = before + length + 10
    at = np.arange(n)
    weekday = np.exp(rng.normal(0, 0.12, 7))[at % 7]
    level = rng.uniform(2e3, 2e5) * np.exp(rng.normal(0, 0.25) * at / 365) * np.exp(rng.uniform(0, 0.12) * np.sin(2 * np.pi * (at / 365 + rng.uniform())))
    shared = _lasting(rng, n, rng.uniform(0.0, 0.12), 0.85)
    own = _lasting(rng, n, rng.uniform(0.02, 0.10), rng.uniform(0, 0.7))
    without = level * weekday * np.exp(shared + own + rng.normal(0, rng.uniform(0.04, 0.15), n))
    control = level * 0.3 * weekday * np.exp(shared + rng.normal(0, rng.uniform(0.05, 0.2), n))
    lift = float(rng.uniform(1.1, 4)) if times is None else times
    factor = np.ones(n)
    factor[before : before + length] = lift * np.exp(rng.normal(0, 0.1, length)) if lift != 1 else 1
    factor[before + length :] = 1 - (rng.uniform(0, 0.35) if lift != 1 else 0)
    quiet = at < before
    for _ in range(before // 90):  # earlier events, marked as such
        first = int(rng.integers(0, before - 20))
        span = int(rng.integers(3, 12))
        factor[first : first + span] = rng.uniform(1.5, 3)
        quiet[first : first + span + 5] = False
    days = [FIRST + timedelta(days=int(d)) for d in at]
    made = [pd.Series(np.round(v, 2), index=days) for v in (without * factor, without, control)]
    return Shop(*made, pd.Series(quiet, index=days), days[before], days[before + length - 1], days[-1])


def _lasting(rng: np.random.Generator, n: int, size: float, keeps: float) -> np.ndarray:
    """Noise of standard deviation `size` whose share `keeps` lives on to the next day."""
    drawn = rng.normal(0, size * np.sqrt(1 - keeps**2), n)
    out = np.empty(n)
    out[0] = rng.normal(0, size)
    for k in range(1, n):
        out[k] = keeps * out[k - 1] + drawn[k]
    return out
