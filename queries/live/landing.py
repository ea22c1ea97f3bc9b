"""Where a running session will land, from its minutes so far and the account's own sessions before it. Pure.

Every past session is cut at the same minute: the minute now, stretched to that session's length (the share of the planned
time that is over). Its rate before and after the cut are a pair; over the pairs

    log(rate after) = mean + slope x (log(rate before) - mean)

with a slope drawn towards 1 ("a session that sells double goes on at double"). The landing is what was sold so far plus
that rate times the minutes left. The 80 % band is the prediction interval of the line (Student's t), with the
uncertainty of the end added: 5 minutes where it was stated, else the spread of the account's lengths.
At least 5 past sessions must state the figure, else there is no forecast ('few').
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.live.curve import step_of
from queries.student import Z80, student

FIGURES = ("live_sales", "orders", "enters")
NEEDED, LAST = 5, 20
FIRST = 10  # minutes before a forecast is made
KNOWN = 0.9  # share of the minutes that must state a figure
SLOPE, SLOPE_SD = 1.0, 0.3
END_SD = 5.0  # minutes around a stated end
COLUMNS = ("figure", "so_far", "middle", "low", "high", "straight", "sessions", "median_now", "best_now", "median_end", "word")

Floats = NDArray[np.float64]


def planned_length(past: pd.DataFrame, minute: int) -> int:
    """Minutes that the account's sessions last as a rule: their median, at least to the minute now; 0 when none is known."""
    lengths = past.groupby("session")["minute"].max() + 1 if len(past) else pd.Series(dtype=float)
    return max(round(float(lengths.median())), minute) if len(lengths) else 0


def landing(now: pd.DataFrame, past: pd.DataFrame, minute: int, end: int | None = None) -> pd.DataFrame:
    """COLUMNS, one row per figure that the session states.

    now, past: minute (since the start, from 0), FIGURES per minute; past also session; at most the LAST newest are wanted.
    minute: whole minutes that are over. end: planned length in minutes, None: as the account's sessions last.
    median_now, best_now: what past sessions had by this very minute, one that ended before it in all; median_end: what they came to;
    straight: the pace so far to the end; word: 'ok', 'early', 'few' or 'gaps' (no forecast: middle, low, high are NaN).
    """
    length = max(end or planned_length(past, minute), minute)
    rows = []
    for figure in FIGURES:
        mine = per_minute(now, figure, minute)
        if mine is not None:
            curves = [c for _, each in past.groupby("session", sort=False) if (c := per_minute(each, figure)) is not None]
            rows.append((figure, *_row(mine, curves[:LAST], length, end is not None)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def per_minute(frame: pd.DataFrame, figure: str, minutes: int | None = None) -> Floats | None:
    """The figure of minutes 0, 1, …; NaN where nobody reported; None when it is never stated.

    A row that stands for several minutes is spread evenly over them.
    """
    if frame.empty or figure not in frame or not frame[figure].notna().any():
        return None
    at = frame["minute"].astype(int).to_numpy()
    step = step_of(frame)
    values = np.full(max(int(at.max()) + step, minutes or 0), np.nan)
    told = pd.to_numeric(frame[figure]).to_numpy(dtype=np.float64) / step
    for shift in range(step):
        inside = at + shift >= 0
        values[at[inside] + shift] = told[inside]
    return values if minutes is None else values[:minutes]


def _row(mine: Floats, curves: list[Floats], length: int, is_stated: bool) -> tuple[object, ...]:
    minute = len(mine)
    curves = [c for c in curves if np.isfinite(c).mean() >= KNOWN]
    so_far = float(np.nansum(mine))
    same = [float(np.nansum(c[:minute])) for c in curves]
    median_now, best_now = (float(np.median(same)), max(same)) if same else (math.nan, math.nan)
    ends = float(np.median([np.nansum(c) for c in curves])) if curves else math.nan
    straight = so_far / minute * length if minute else math.nan
    word = "gaps" if minute and np.isfinite(mine).mean() < KNOWN else "early" if minute < FIRST else "few" if len(curves) < NEEDED else "ok"
    middle, low, high = forecast(_filled(mine), [_filled(c) for c in curves], length, is_stated) if word == "ok" else (math.nan,) * 3
    return so_far, middle, low, high, straight, len(curves), median_now, best_now, ends, word


def forecast(mine: Floats, curves: list[Floats], length: int, is_stated: bool) -> tuple[float, float, float]:
    """Middle and the ends of the 80 % band of the whole session; at least NEEDED curves without gaps."""
    minute = len(mine)
    left = max(length - minute, 1)
    share = minute / (minute + left)
    cut = np.array([_cut(curve, share) for curve in curves])
    floor = 0.02 * float(np.mean([c.mean() for c in curves])) + 1e-9  # keeps a silent half from being minus infinity
    before, after = np.log(cut[:, 0] + floor), np.log(cut[:, 1] + floor)
    at = math.log(float(mine.mean()) + floor)
    middle, variance, degrees = _line(before, after, at)
    spread = END_SD if is_stated else max(float(np.std([len(c) for c in curves])), END_SD)
    reach = student(Z80, degrees) * math.sqrt(variance + min(spread / left, 1.0) ** 2)
    so_far = float(mine.sum())
    low, mid, high = (so_far + left * max(math.exp(middle + d) - floor, 0.0) for d in (-reach, 0.0, reach))
    return mid, low, high


def _cut(curve: Floats, share: float) -> tuple[float, float]:
    """Rate per minute before and after the cut at this share of the curve's length."""
    place = share * len(curve)
    total = np.concatenate([[0.0], np.cumsum(curve)])
    first = float(np.interp(place, np.arange(len(total)), total))
    return first / place, (float(total[-1]) - first) / max(len(curve) - place, 1e-9)


def _line(before: Floats, after: Floats, at: float) -> tuple[float, float, float]:
    """Value at `at`, variance of a new observation there, degrees of freedom; a slope with a prior SLOPE +- SLOPE_SD."""
    size = len(before)
    x, y = before - before.mean(), after - after.mean()
    spread = float(x @ x)
    rest = float(((y - SLOPE * x) ** 2).sum()) / (size - 1)
    weight = rest / SLOPE_SD**2
    slope = (float(x @ y) + weight * SLOPE) / (spread + weight) if spread + weight > 0 else SLOPE
    used = spread / (spread + weight) if spread + weight > 0 else 0.0
    degrees = size - 1 - used
    variance = float(((y - slope * x) ** 2).sum()) / degrees
    far = at - float(before.mean())
    extra = far * far / (spread + weight) if spread + weight > 0 else 0.0
    return float(after.mean()) + slope * far, variance * (1 + 1 / size + extra), degrees


def _filled(values: Floats) -> Floats:
    """Minutes that nobody reported, filled in between their neighbours."""
    known = np.isfinite(values)
    if known.all():
        return values
    places = np.arange(len(values))
    filled: Floats = np.interp(places, places[known], values[known])
    return filled


def needed(goal: float, so_far: float, left: int) -> float:
    """What each minute left must bring for the goal; 0 when it is reached, NaN without time left."""
    if goal <= so_far:
        return 0.0
    return (goal - so_far) / left if left > 0 else math.nan
