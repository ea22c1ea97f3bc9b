"""What an event sold over what the shop would have sold without it, with an 80 % range. Pure.

Baseline of a window: each day is the mean of its weekday over the latest BASE_DAYS quiet days (no event near) of the REACH
days before the event. Two corrections, both learnt from quiet windows of the shop's own past (windows of the same length at
the same distance, with no event in them, held against their own baseline): the mean miss of such windows (drift), and the
control's own rise over its baseline, taken in the share by which shop and control moved together there (0 to 1).
Range: how far those quiet windows still lay from their baselines (log scale), by Student's t; windows that overlap count
once. So trend, noise and an unsteady control are in the range as they were, not as a model has them.
Words, by a 95 % range, so that "no effect" is right in 19 of 20: 'up', 'down', 'none'; 'few' when the baseline or the quiet
windows do not suffice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.student import Z80, Z95, student

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BASE_DAYS, REACH = 42, 140
LEAST_DAYS = 28  # quiet days of a baseline, with every weekday among them
LEAST_WINDOWS = 5.0
SHORT = 10  # days of the quiet windows when there are too few of the window's own length: they stand at its middle
QUIET_SHARE = 0.7  # of a quiet window's days


@dataclass(frozen=True)
class Window:
    """Days judged together, inclusive; `start` is the event's first day: baselines end the day before it."""

    start: date
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Uplift:
    """One window. actual, baseline: sums over the `days` known days (`missing` are not); low, high: the 80 % range of the uplift.

    control: by what the control moved the baseline (1: not at all), share: the part of its rise that was taken, None without
    a control; drift: the mean miss taken off; windows: how many separate quiet windows stand behind the range;
    is_short: they are SHORT days long, because the past holds too few as long as the window itself.
    """

    window: Window
    days: int
    missing: int
    actual: float
    baseline: float
    low: float
    high: float
    word: str
    control: float = 1.0
    share: float | None = None
    drift: float = 1.0
    windows: float = 0.0
    is_short: bool = False

    @property
    def uplift(self) -> float:
        return self.actual - self.baseline

    @property
    def burst(self) -> float:
        """Burst factor: actual over baseline, NaN without one."""
        return self.actual / self.baseline if self.baseline > 0 else math.nan


class History:
    """A shop's days with the baselines of every possible start. sales, control: one value per day, NaN where not known.

    quiet: days that no event touches; index: consecutive days, as dates.
    """

    def __init__(self, sales: pd.Series, quiet: pd.Series, control: pd.Series | None = None) -> None:
        self.first: date = sales.index[0]
        self.sales = sales.to_numpy(dtype=np.float64)
        self.quiet = quiet.to_numpy(dtype=bool) & np.isfinite(self.sales)
        self.control = None if control is None else control.reindex(sales.index).to_numpy(dtype=np.float64)
        if self.control is not None:
            self.quiet &= np.isfinite(self.control)
        self.weekday = (np.arange(len(self.sales)) + self.first.weekday()) % 7
        self.means = _baselines(self.sales, self.quiet, self.weekday)
        self.control_means = None if self.control is None else _baselines(self.control, self.quiet, self.weekday)

    def at(self, day: date) -> int:
        return (day - self.first).days

    def is_known(self, at: int) -> bool:
        return bool(np.isfinite(self.sales[at]) and (self.control is None or np.isfinite(self.control[at])))

    def expected(self, window: Window) -> pd.Series:
        """The plain weekday baseline of each day of the window, NaN without one."""
        start, days = self.at(window.start), [window.first + timedelta(days=n) for n in range(window.days)]
        known = 0 <= start < len(self.means)
        return pd.Series([self.means[start, day.weekday()] if known else math.nan for day in days], index=days, dtype=float)


def measure(history: History, window: Window) -> Uplift:
    """The uplift of one window; its days outside the history or without a figure are missing."""
    start, gap, length = history.at(window.start), (window.first - window.start).days, window.days
    spots = [at for at in range(start + gap, start + gap + length) if 0 <= at < len(history.sales) and history.is_known(at)]
    actual = float(history.sales[spots].sum())
    bare = Uplift(window, len(spots), length - len(spots), actual, math.nan, math.nan, math.nan, "few")
    if not spots or not 0 <= start < len(history.means):
        return bare
    plain = _sum(history.means, start, history.weekday, spots)
    if not plain > 0:
        return bare
    own, other, count = _quiet_misses(history, start, gap, length)
    if count < LEAST_WINDOWS and length > SHORT:  # noise of so few days is more, never less, than that of the whole window
        own, other, count = _quiet_misses(history, start, gap + (length - SHORT) // 2, SHORT)
        bare = replace(bare, is_short=True)
    moved = _control_rise(history, start, spots)
    return _judged(bare, plain, own, other, moved, count)


def _judged(bare: Uplift, plain: float, own: Floats, other: Floats | None, moved: float, count: float) -> Uplift:
    """The corrected baseline and the range around it; without enough quiet windows the plain baseline and no range."""
    freedom = count - 1 - (other is not None)
    if count < LEAST_WINDOWS:
        return replace(bare, baseline=plain, windows=count)
    share = None if other is None else _share(own, other)
    left = own if other is None or share is None else own - share * other
    drift = float(left.mean())
    spread = math.sqrt(float(((left - drift) ** 2).mean()) * count / freedom * (1 + 1 / count))
    control = math.exp((share or 0.0) * moved)
    baseline = plain * math.exp(drift) * control
    ends = [baseline * math.exp(side * student(z, freedom) * spread) for z in (Z80, Z95) for side in (1, -1)]
    sure_low, sure_high = bare.actual - ends[2], bare.actual - ends[3]
    word = "up" if sure_low > 0 else "down" if sure_high < 0 else "none"
    return replace(
        bare, baseline=baseline, low=bare.actual - ends[0], high=bare.actual - ends[1], word=word, control=control, share=share,
        drift=math.exp(drift), windows=count,
    )  # fmt: skip


def _share(own: Floats, other: Floats) -> float:
    spread = float(((other - other.mean()) ** 2).mean())
    together = float(((own - own.mean()) * (other - other.mean())).mean())
    return min(max(together / spread, 0.0), 1.0) if spread > 0 else 0.0


def _baselines(values: Floats, quiet: Bools, weekday: NDArray[np.int64]) -> Floats:
    """(start, weekday) -> mean of the latest quiet days before the start; NaN rows where they do not suffice.

    One start more than there are days: an event may begin the day after the last one.
    """
    spots = np.flatnonzero(quiet)
    means = np.full((len(values) + 1, 7), np.nan)
    for start in range(len(values) + 1):
        low, high = np.searchsorted(spots, [start - REACH, start])
        chosen = spots[max(low, high - BASE_DAYS) : high]
        if len(chosen) < LEAST_DAYS:
            continue
        counts = np.bincount(weekday[chosen], minlength=7)
        if counts.all():
            means[start] = np.bincount(weekday[chosen], values[chosen], minlength=7) / counts
    return means


def _sum(means: Floats, start: int, weekday: NDArray[np.int64], spots: Sequence[int] | NDArray[np.int64]) -> float:
    return float(means[start, weekday[spots]].sum())


def _control_rise(history: History, start: int, spots: Sequence[int] | NDArray[np.int64]) -> float:
    """log(actual / baseline) of the control; 0 without one."""
    if history.control is None or history.control_means is None:
        return 0.0
    return _log(float(history.control[spots].sum()), _sum(history.control_means, start, history.weekday, spots))


def _quiet_misses(history: History, event: int, gap: int, length: int) -> tuple[Floats, Floats | None, float]:
    """log(actual / baseline) of the shop's and the control's quiet windows before the event, and how many are separate."""
    own, other = [], []
    for start in range(event - gap - length + 1):
        spots = np.flatnonzero(history.quiet[start + gap : start + gap + length]) + start + gap
        if len(spots) < QUIET_SHARE * length or np.isnan(history.means[start, 0]):
            continue
        mine = _log(float(history.sales[spots].sum()), _sum(history.means, start, history.weekday, spots))
        theirs = _control_rise(history, start, spots)
        if math.isfinite(mine) and math.isfinite(theirs):
            own.append(mine)
            other.append(theirs)
    return np.array(own), None if history.control is None else np.array(other), len(own) / length


def _log(actual: float, expected: float) -> float:
    return math.log(actual / expected) if actual > 0 and expected > 0 else math.nan
