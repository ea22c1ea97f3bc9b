"""Where a session's selling changes: borders found on its minute counts. Pure.

Model: a minute's clicks are spread around rate x people online, its orders around rate x clicks (each around a rate alone
where the other is not known), and rates are constant between two borders. Cost of a stretch: the Poisson likelihood of each
series, divided by how much wider than Poisson its minutes spread (from neighbouring minutes, at least 1). The borders are
those of least total cost plus log(minutes) per border, exactly (optimal partitioning: Jackson et al. 2005,
arxiv.org/abs/math/0309285). Neighbours that differ by less than ALIKE in every series are one stretch.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Series = tuple[Floats, Floats]  # counts, and what they are counts of (over 0), per minute

SHORTEST = 4  # minutes of a stretch
ALIKE = 0.20  # neighbours whose rates differ by less are not told apart
MEDIAN_CHI = 0.4549  # median of chi-square with one degree of freedom
MOST = 1440  # points; longer sessions are read in steps of several minutes


def borders(series: Sequence[Series]) -> list[int]:
    """Positions where a new stretch starts, ascending, without 0. All series have one value per minute, none missing."""
    live = [(counts, base) for counts, base in series if counts.sum() > 0]
    size = len(live[0][0]) if live else 0
    if size < 2 * SHORTEST:
        return []
    step = -(-size // MOST)
    if step > 1:
        starts = np.arange(0, size, step)
        return [at * step for at in borders([(np.add.reduceat(c, starts), np.add.reduceat(b, starts)) for c, b in live])]
    counts, bases = np.stack([c for c, _ in live]), np.stack([b for _, b in live])
    return _merged(counts, bases, _partition(counts, bases, np.array([spread(c, b) for c, b in live])))


def spread(row: Floats, base: Floats) -> float:
    """Variance over what Poisson counts would have, from differences of neighbouring minutes; at least 1."""
    if len(row) < 2 or row.sum() <= 0:
        return 1.0
    rate = row / base
    level = np.maximum(_level(row, base), row.sum() / base.sum() / 4)
    expected = (level[1:] + level[:-1]) / 2 * (1 / base[1:] + 1 / base[:-1])
    squares = np.diff(rate) ** 2 / expected
    # a median stands borders well, but is 0 where most minutes are empty: there the mean without its top twentieth
    cut = squares[squares <= np.quantile(squares, 0.95)]
    return float(max(1.0, np.median(squares) / MEDIAN_CHI, cut.mean() if np.median(squares) == 0 else 0.0))


def _level(row: Floats, base: Floats, half: int = 3) -> Floats:
    """The rate around each minute: counts over base of the minutes up to `half` away."""
    kernel = np.ones(2 * half + 1)
    top, bottom = np.convolve(row, kernel, "same"), np.convolve(base, kernel, "same")
    level: Floats = top / bottom
    return level


def _partition(counts: Floats, bases: Floats, wide: Floats) -> list[int]:
    size = counts.shape[1]
    penalty = np.log(size)
    zero = np.zeros((len(counts), 1))
    sums, seen = np.hstack([zero, counts.cumsum(axis=1)]), np.hstack([zero, bases.cumsum(axis=1)])
    best = np.full(size + 1, np.inf)
    best[0] = 0.0
    back = np.zeros(size + 1, dtype=np.int64)
    for end in range(SHORTEST, size + 1):
        starts = np.arange(0, end - SHORTEST + 1)
        many = sums[:, end, None] - sums[:, starts]
        rate = many / (seen[:, end, None] - seen[:, starts])
        total = best[starts] - (many * np.log(np.where(many > 0, rate, 1.0)) / wide[:, None]).sum(axis=0) + penalty
        back[end] = int(total.argmin())
        best[end] = total[back[end]]
    found = []
    at = int(back[size])
    while at > 0:
        found.append(at)
        at = int(back[at])
    return found[::-1]


def _merged(counts: Floats, bases: Floats, found: list[int]) -> list[int]:
    """Without the borders whose two sides are alike, the most alike first."""
    kept = list(found)
    while kept:
        edges = [0, *kept]
        rates = np.add.reduceat(counts, edges, axis=1) / np.add.reduceat(bases, edges, axis=1)
        high, low = np.maximum(rates[:, 1:], rates[:, :-1]), np.minimum(rates[:, 1:], rates[:, :-1])
        apart = np.where(high > 0, 1 - low / np.where(high > 0, high, 1.0), 0.0).max(axis=0)
        place = int(apart.argmin())
        if apart[place] >= ALIKE:
            break
        del kept[place]
    return kept
