"""Hosts and time slots with the item mix held equal: who sells more of the same items to as many people. Pure.

Model: what a segment sold = people online x minutes x host x item x slot, a quasi-Poisson fit with a log link (McCullagh and
Nelder 1989, ch. 9): items that one host always gets are credited to the item, not to the host, as far as others explained them
too. Effects are drawn a little towards none (a normal prior of SPREAD on the log scale), so that a rare item moves little. An
effect is read against the mean of its kind, weighted by people and minutes. Interval: sessions drawn again with replacement,
DRAWS times, the 10th and 90th percentile; the same rows always give the same interval (seeded).
Words: 'few' under LEAST_SESSIONS sessions or LEAST_MINUTES minutes, or for a host none of whose items anybody else explained;
'good' when the whole interval lies above 0 and the effect is at least MARGIN; 'poor' the other way round; else 'fair'.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DRAWS, STEPS, LOW, HIGH = 200, 8, 10.0, 90.0
SPREAD = 0.5
MARGIN, LEAST_SESSIONS, LEAST_MINUTES = 0.05, 3, 60.0
FACTORS = ("host", "item", "slot")
COLUMNS = ("level", "sessions", "minutes", "rate", "naive", "effect", "low", "high", "word")


def effects(rows: pd.DataFrame, of: str) -> pd.DataFrame:
    """COLUMNS per host or slot, the best first; empty with fewer than two of them.

    rows: a segment each: session, host, item, slot (texts, '' not known), minutes, exposure (people online x minutes, or
    minutes), sales. Rows without the factor asked for, or without exposure, are left out. rate: sales per minute as they
    were; naive: that against the mean of all; effect, low, high: shares over or under the mean with items held equal.
    """
    known = rows[(rows[of] != "") & (rows["exposure"] > 0) & rows["sales"].notna()]
    levels = sorted(known[of].unique())
    if len(levels) < 2:
        return pd.DataFrame(columns=list(COLUMNS))
    design, places = _design(known)
    exposure, sales = _numbers(known["exposure"]), _numbers(known["sales"])
    mine = places[of]
    share = np.array([exposure[(known[of] == level).to_numpy()].sum() for level in levels])
    share = share / share.sum()
    codes, names = pd.factorize(known["session"])
    whole = _fit(design, sales, exposure, np.ones(len(known)), np.zeros(design.shape[1]))
    found, rng, drawn = _relative(whole, mine, share), np.random.default_rng(20261111), []
    for _ in range(DRAWS):
        weights = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))[codes].astype(np.float64)
        if all(weights[(known[of] == level).to_numpy()].sum() for level in levels):
            drawn.append(_relative(_fit(design, sales, exposure, weights, whole), mine, share))
    low, high = np.percentile(np.array(drawn), [LOW, HIGH], axis=0) if len(drawn) >= DRAWS / 4 else (np.full(len(levels), np.nan),) * 2
    mean = sales.sum() / _numbers(known["minutes"]).sum()
    out = []
    for place, level in enumerate(levels):
        own = known[known[of] == level]
        minutes = float(own["minutes"].sum())
        rate = float(own["sales"].sum()) / minutes if minutes else np.nan
        count = own["session"].nunique()
        word = _word(found[place], low[place], high[place], count, minutes, of == "host" and not _shares(known, level))
        out.append((level, count, minutes, rate, rate / mean - 1 if mean else np.nan, found[place], low[place], high[place], word))
    return pd.DataFrame(out, columns=list(COLUMNS)).sort_values("effect", ascending=False, ignore_index=True)


def _design(known: pd.DataFrame) -> tuple[Floats, dict[str, list[int]]]:
    """One column for the mean and one a level of each factor (the prior makes that solvable); where the columns of a factor are."""
    columns, places, at = [np.ones(len(known))], {}, 1
    for factor in FACTORS:
        levels = sorted(known[factor].unique())
        columns += [(known[factor] == level).to_numpy(dtype=np.float64) for level in levels]
        places[factor] = list(range(at, at + len(levels)))
        at += len(levels)
    return np.column_stack(columns), places


def _fit(design: Floats, sales: Floats, exposure: Floats, weights: Floats, start: Floats) -> Floats:
    """Coefficients by Fisher scoring; the dispersion that weighs data against the prior is Pearson's, of the step before."""
    beta, offset = start.copy(), np.log(exposure)
    if not beta.any():
        beta[0] = np.log(max(sales.sum(), 1e-9) / exposure.sum())
    prior = np.eye(design.shape[1]) / SPREAD**2
    prior[0, 0] = 0.0
    for _ in range(STEPS):
        mean = np.exp(np.clip(design @ beta + offset, -30, 30))
        free = max(weights.sum() - np.count_nonzero(beta), 1.0)
        dispersion = max(float((weights * (sales - mean) ** 2 / mean).sum()) / free, 1e-9)
        weighed = design * (weights * mean / dispersion)[:, None]
        slope = design.T @ (weights * (sales - mean) / dispersion) - prior @ beta
        step = np.linalg.solve(design.T @ weighed + prior, slope)
        beta = beta + np.clip(step, -2.0, 2.0)
    return beta


def _relative(beta: Floats, places: Sequence[int], share: Floats) -> Floats:
    own = beta[list(places)]
    return np.exp(own - float(own @ share)) - 1


def _shares(known: pd.DataFrame, host: str) -> bool:
    """Whether another host explained one of this host's items."""
    items = set(known.loc[(known["host"] == host) & (known["item"] != ""), "item"])
    return bool(items & set(known.loc[known["host"] != host, "item"]))


def _word(effect: float, low: float, high: float, sessions: int, minutes: float, is_apart: bool) -> str:
    if sessions < LEAST_SESSIONS or minutes < LEAST_MINUTES or is_apart or np.isnan(low):
        return "few"
    if low > 0 and effect >= MARGIN:
        return "good"
    return "poor" if high < 0 and effect <= -MARGIN else "fair"


def _numbers(column: pd.Series) -> Floats:
    values: Floats = pd.to_numeric(column).to_numpy(dtype=np.float64)
    return values
