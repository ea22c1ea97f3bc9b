"""What the next yuan of a purse brings: sales against its spend, with carry-over and saturation, and how sure that is. Pure.

Model of a quiet day: weekday, a slow drift, and per purse most x p / (p + half), where p is spend with carry-over (a share
`stays` of each day's pressure lives on to the next; scaled so that steady spend has the same pressure). Every pair of a grid
of `stays` and `half` is fitted by least squares, the other purses held at their own best; each pair weighs by how well it
fits, days that resemble the day before counting as fewer (first-order autocorrelation); ranges are the 10th and 90th
percentile of DRAWS drawn (seeded). `most` is never below 0.
Not enough data ('few'): under LEAST_DAYS quiet days, spend that hardly varies, or a range of the next yuan so wide that its
upper end is over WIDEST times its lower; or a purse that would move sales by over STEEP % for each 1 % of spend: advertising
moves them by 0.1 to 0.25 % (Sethuraman, Tellis, Briesch 2011), so there spend follows sales. It is what went together, not an experiment: where spend follows demand it is too high.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

STAYS = np.arange(0.0, 0.91, 0.1)
HALVES = np.array([0.25, 0.5, 1.0, 2.0, 4.0, 8.0])  # of the usual pressure
LEAST_DAYS, DRIFT_DAYS, RECENT = 90, 60, 28
LEAST_VARIES, WIDEST, STEEP = 0.15, 5.0, 0.4
DRAWS, _BACK = 2000, 60
LOW, HIGH = 10.0, 90.0
Range = tuple[float, float, float]


@dataclass(frozen=True)
class Response:
    """One purse; each range is (median, low, high). now: spend a day over the last RECENT days.

    next_yuan: sales that one more unit of spend a day brings at `now`; stays, half, most as in the model; word: 'ok' or 'few'
    and why: '', days, steady, wide, follows. draws: (most, half) of every draw, for splits.
    """

    purse: str
    word: str
    why: str
    now: float
    days: int
    next_yuan: Range
    stays: Range
    half: Range
    most: Range
    draws: Floats


@dataclass(frozen=True)
class _Shop:
    """What every fit looks at, by day: sales, weekdays with drift, the days used, and per purse its pressure at each of STAYS."""

    y: Floats
    base: Floats
    use: Bools
    pressed: Mapping[str, list[Floats]]


Pair = tuple[int, int]  # places in STAYS and HALVES


def fit(sales: pd.Series, spend: Mapping[str, pd.Series], quiet: pd.Series) -> list[Response]:
    """One Response per purse, the largest spend first. All series have the same consecutive days; NaN is not known (spend
    not known counts as none for the days after it, and its day is left out)."""
    y = sales.to_numpy(dtype=np.float64)
    given = {purse: by_day.to_numpy(dtype=np.float64) for purse, by_day in spend.items()}
    use = quiet.to_numpy(dtype=bool) & np.isfinite(y)
    for values in given.values():
        use &= np.isfinite(values)
    names = sorted(given, key=lambda purse: -float(np.nansum(given[purse])))
    now = {purse: float(np.nanmean(given[purse][-RECENT:])) if np.isfinite(given[purse][-RECENT:]).any() else 0.0 for purse in names}
    fitted = [purse for purse in names if use.sum() >= LEAST_DAYS and _varies(given[purse][use])]
    pressed = {purse: [_pressure(np.nan_to_num(given[purse]), stays) for stays in STAYS] for purse in fitted}
    shop = _Shop(y, _base(len(y), sales.index[0].weekday()), use, pressed)
    best: dict[str, Pair] = dict.fromkeys(fitted, (2, 2))
    for _ in range(2):
        for purse in fitted:
            best[purse] = _best(shop, best, purse)
    count = _separate(shop, best) if fitted else 0.0
    freedom = max(count - shop.base.shape[1] - len(pressed) - 1, 5.0)
    found = []
    for purse in names:
        if purse not in fitted:
            why = "days" if use.sum() < LEAST_DAYS else "steady"
            found.append(_none(purse, why, now[purse], int(use.sum())))
        else:
            found.append(_drawn(shop, best, purse, now[purse], freedom))
    return found


def _varies(values: Floats) -> bool:
    mean = float(values.mean())
    return mean > 0 and float(values.std()) / mean >= LEAST_VARIES


def _none(purse: str, why: str, now: float, days: int) -> Response:
    gone = (math.nan, math.nan, math.nan)
    return Response(purse, "few", why, now, days, gone, gone, gone, gone, np.empty((0, 2)))


def _pressure(spend: Floats, stays: float) -> Floats:
    weights = stays ** np.arange(_BACK)
    return np.convolve(spend, weights / weights.sum())[: len(spend)]


def _base(count: int, first: int) -> Floats:
    """Weekdays, and a drift that bends every DRIFT_DAYS days."""
    at = np.arange(count)
    weekday = np.eye(7)[(at + first) % 7]
    bends = [np.clip(at - knot, 0, None) / count for knot in range(0, max(count - DRIFT_DAYS // 2, 1), DRIFT_DAYS)]
    return np.column_stack([weekday, *bends])


def _half(pressure: Floats, use: Bools, at: int) -> float:
    return float(HALVES[at] * max(pressure[use].mean(), 1e-12))


def _column(shop: _Shop, purse: str, pair: Pair) -> Floats:
    pressure = shop.pressed[purse][pair[0]]
    return pressure / (pressure + _half(pressure, shop.use, pair[1]))


def _others(shop: _Shop, best: Mapping[str, Pair], purse: str) -> Floats:
    """An orthonormal base of everything but the purse, on the days used."""
    columns = [shop.base, *(_column(shop, other, best[other])[:, None] for other in shop.pressed if other != purse)]
    left, size, _ = np.linalg.svd(np.column_stack(columns)[shop.use], full_matrices=False)
    return np.asarray(left[:, size > size[0] * 1e-10])


def _grid(shop: _Shop, best: Mapping[str, Pair], purse: str) -> tuple[list[Pair], Floats, Floats, Floats]:
    """Pairs, what is left of squares, the slope and its sum of squares, for every pair of the grid."""
    others, y = _others(shop, best, purse), shop.y[shop.use]
    rest = y - others @ (others.T @ y)
    pairs, left, slopes, sizes = [], [], [], []
    for pair in [(s, h) for s in range(len(STAYS)) for h in range(len(HALVES))]:
        x = _column(shop, purse, pair)[shop.use]
        x = x - others @ (others.T @ x)
        size = float(x @ x)
        slope = float(x @ rest) / size if size > 1e-12 else 0.0
        slope = max(slope, 0.0)
        pairs.append(pair)
        slopes.append(slope)
        sizes.append(size)
        left.append(float(((rest - slope * x) ** 2).sum()))
    return pairs, np.array(left), np.array(slopes), np.array(sizes)


def _best(shop: _Shop, best: Mapping[str, Pair], purse: str) -> Pair:
    pairs, left, _, _ = _grid(shop, best, purse)
    return pairs[int(np.argmin(left))]


def _drawn(shop: _Shop, best: Mapping[str, Pair], purse: str, now: float, freedom: float) -> Response:
    pairs, left, slopes, sizes = _grid(shop, best, purse)
    days = int(shop.use.sum())
    weight = np.exp(-freedom / 2 * np.log(left / left.min()))
    rng = np.random.default_rng(7)
    at = rng.choice(len(pairs), DRAWS, p=weight / weight.sum())
    variance = left[at] / freedom
    spread = np.sqrt(variance / np.maximum(sizes[at], 1e-12))
    most = np.abs(slopes[at] + spread * rng.standard_t(freedom, DRAWS))
    halves = np.array([_half(shop.pressed[purse][s], shop.use, h) for s, h in pairs])[at] * np.exp(rng.uniform(-0.5, 0.5, DRAWS) * math.log(2))
    stays = np.clip(STAYS[[pairs[k][0] for k in at]] + rng.uniform(-0.05, 0.05, DRAWS), 0, 1)
    next_yuan = most * halves / (now + halves) ** 2
    _, low, high = brings = range_of(next_yuan)
    sold = float(np.mean(shop.y[shop.use][-RECENT:]))
    why = "wide" if not low > 0 or high > WIDEST * low else "follows" if brings[0] * now > STEEP * sold else ""
    return Response(purse, "few" if why else "ok", why, now, days, brings, range_of(stays), range_of(halves), range_of(most), np.column_stack([most, halves]))


def _separate(shop: _Shop, best: Mapping[str, Pair]) -> float:
    """How many days count: fewer, when what the fit leaves lives on from day to day."""
    whole, y = _others(shop, best, ""), shop.y[shop.use]
    rest = np.full(len(shop.y), np.nan)
    rest[shop.use] = y - whole @ (whole.T @ y)
    pairs = np.isfinite(rest[1:]) & np.isfinite(rest[:-1])
    alike = float((rest[1:] * rest[:-1])[pairs].mean() / np.nanvar(rest)) if pairs.sum() > 10 else 0.0
    alike = min(max(alike, 0.0), 0.9)
    return float(shop.use.sum()) * (1 - alike) / (1 + alike)


def range_of(values: Floats) -> Range:
    """(median, low, high) of draws."""
    low, mid, high = np.percentile(values, [LOW, 50, HIGH])
    return float(mid), float(low), float(high)
