"""How each segment of a session sold against the session's own usual minute, with an 80 % interval. Pure.

Baseline: the rate of the session's median minute, when every minute is given the rate of its segment; so half of the
session sold at least so well and one burst does not move it. Rate: amount per minute, or per person online and minute
where the people online are known: then lift = what was sold over what the same people would have bought at the baseline.
Interval: block bootstrap (Kunsch 1989): minutes are drawn again within their segment, in blocks of up to 3 minutes, DRAWS
times, baseline included; the 10th and 90th percentile. The same session always gives the same interval (seeded). Drawing
again from minutes without any event knows no spread: there the upper end is what one in ten would still see nothing of.
Words: 'few' under LEAST_MINUTES minutes or when fewer than LEAST_EVENTS orders (clicks) were there or to be expected;
'good' when the whole interval lies above 0 and the lift is at least MARGIN; 'poor' the other way round; else 'fair'.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRAWS = 400
BLOCK = 3
LOW, HIGH = 10.0, 90.0
MARGIN = 0.10
LEAST_MINUTES = 5
LEAST_EVENTS = 5.0
UNSEEN = float(-np.log(LOW / 100))  # events expected when seeing none has a chance of 10 % (Poisson)
COLUMNS = ("minutes", "total", "per_minute", "expected", "lift", "low", "high", "word", "events")


def lifts(amounts: Floats, events: Floats, exposure: Floats, segment: NDArray[np.int64], size: int) -> pd.DataFrame:
    """One row per segment 0..size-1: COLUMNS; events: how many there were, or are usual if that is more. A segment without a known minute is 'few'.

    amounts: what is judged (sales, clicks) per minute; events: how many purchases or clicks that was; exposure: people
    online or 1; segment: which segment each minute belongs to. All four hold known minutes only, in order of time.
    """
    minutes = np.bincount(segment, minlength=size).astype(np.float64)
    totals, seen = _sums(amounts, segment, size), _sums(exposure, segment, size)
    rates = np.divide(totals, seen, out=np.full(size, np.nan), where=seen > 0)
    base = float(_median(rates[None, :], minutes)[0])
    drawn = _drawn(amounts, exposure, segment, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = drawn / _median(drawn, minutes)[:, None] - 1
        lift = rates / base - 1
    event_rates = np.divide(_sums(events, segment, size), seen, out=np.full(size, np.nan), where=seen > 0)
    usual = float(_median(event_rates[None, :], minutes)[0]) * seen
    counted = _sums(events, segment, size)
    many = np.fmax(counted, np.nan_to_num(usual))
    rows = []
    for n in range(size):
        known = spread[:, n][np.isfinite(spread[:, n])]
        low, high = np.percentile(known, [LOW, HIGH]) if len(known) else (np.nan, np.nan)
        if counted[n] == 0 and usual[n] > 0:
            high = max(high, UNSEEN / usual[n] - 1)
        per_minute = totals[n] / minutes[n] if minutes[n] else np.nan
        found = float(lift[n]) if np.isfinite(lift[n]) else np.nan
        word = _word(found, float(low), float(high), minutes[n], many[n])
        rows.append((minutes[n], totals[n], per_minute, base * seen[n], found, float(low), float(high), word, many[n]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _word(lift: float, low: float, high: float, minutes: float, events: float) -> str:
    if minutes < LEAST_MINUTES or events < LEAST_EVENTS or np.isnan(lift) or np.isnan(low):
        return "few"
    if low > 0 and lift >= MARGIN:
        return "good"
    return "poor" if high < 0 and lift <= -MARGIN else "fair"


def _sums(values: Floats, segment: NDArray[np.int64], size: int) -> Floats:
    return np.bincount(segment, weights=values, minlength=size).astype(np.float64)


def _median(rates: Floats, minutes: Floats) -> Floats:
    """Per row of `rates` (one column per segment): the median over minutes; between two segments their mean."""
    known = np.where(np.isnan(rates), np.inf, rates)
    order = known.argsort(axis=1)
    ranked = np.take_along_axis(known, order, axis=1)
    weights = np.where(np.isinf(ranked), 0.0, minutes[order])
    reached, half = weights.cumsum(axis=1), weights.sum(axis=1, keepdims=True) / 2
    lower = np.take_along_axis(ranked, (reached >= half - 1e-9).argmax(axis=1)[:, None], axis=1)
    upper = np.take_along_axis(ranked, (reached > half + 1e-9).argmax(axis=1)[:, None], axis=1)
    middle: Floats = ((lower + upper) / 2)[:, 0]
    return np.where(np.isinf(middle), np.nan, middle)


def _drawn(amounts: Floats, exposure: Floats, segment: NDArray[np.int64], size: int) -> Floats:
    """Rates of every segment in DRAWS redrawn sessions."""
    rng = np.random.default_rng(20261111)
    rates = np.full((DRAWS, size), np.nan)
    for n in range(size):
        places = np.flatnonzero(segment == n)
        count = len(places)
        if not count:
            continue
        block = max(1, min(BLOCK, count // 4))
        starts = rng.integers(0, count, (DRAWS, -(-count // block)))
        picked = ((starts[:, :, None] + np.arange(block)) % count).reshape(DRAWS, -1)[:, :count]
        seen = exposure[places][picked].sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = amounts[places][picked].sum(axis=1) / seen
            whole = amounts[places].sum() / exposure[places].sum()
        rates[:, n] = np.maximum(whole + (rate - whole) * _widened(count / block), 0.0)
    return rates


def _widened(blocks: float) -> float:
    """Drawing from few blocks spreads too little: by (n - 1) / n of the variance, and by what Student's t is wider at 80 %."""
    free = max(blocks - 1, 1.0)
    return float(np.sqrt((free + 1) / free) * (1 + 0.66 / free))
