"""Whether a live session went well, against the sessions of its own account before it.

Rule: a figure is held against the median of the account's last 7 sessions before this one (same currency, this one
not included). At least 5 of them must state the figure, else 'few' (样本不足). At or beyond 10 % on the better side
of the median is 'good' (好), at or beyond 10 % on the worse side 'poor' (差), between them 'fair' (一般).
Ratios are divided here, per session, from their parts; a median of ratios is never a ratio of sums.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

LAST = 7
NEEDED = 5
MARGIN = 0.10


@dataclass(frozen=True)
class Figure:
    """A metric of one session: column over column, times `scale`; `good` is the better direction."""

    metric: str
    top: str
    bottom: str | None = None
    scale: float = 1.0
    good: str = "up"


FIGURES = (
    Figure("live_sales", "live_sales"),
    Figure("live_sales_per_hour", "live_sales", "duration_s", 3600.0),
    Figure("live_viewers", "viewers"),
    Figure("acu", "acu"),
    Figure("avg_watch_s", "watch_s", "views"),
    Figure("gpm_views", "live_sales", "views", 1000.0),
    Figure("live_entry_rate", "viewers", "room_impression_users"),
    Figure("product_click_rate", "product_click_users", "product_impression_users"),
    Figure("click_to_pay_rate", "buyers", "product_click_users"),
    Figure("new_followers", "new_followers"),
    Figure("live_refund_rate", "refunds", "live_sales", 1.0, "down"),
)


def judge(value: Any, median: Any, sessions: int, good: str = "up") -> str:
    """'good', 'fair', 'poor', 'few' (fewer than 5 sessions to compare with) or 'unknown' (no value)."""
    if _missing(value):
        return "unknown"
    if sessions < NEEDED or _missing(median):
        return "few"
    now, usual = float(value), float(median)
    step = abs(usual) * MARGIN
    better, worse = now >= usual + step, now <= usual - step
    if now == usual or not (better or worse):
        return "fair"
    return "good" if better == (good == "up") else "poor"


def verdict(history: pd.DataFrame) -> pd.DataFrame:
    """One row per figure: metric, value, median, sessions, share (of the median), good, verdict.

    history: rows of live/history, the judged session at place 0 and up to 7 before it.
    """
    now = history[history["place"] == 0]
    before = history[(history["place"] > 0) & (history["place"] <= LAST)]
    return pd.DataFrame(
        [_row(figure, now, before) for figure in FIGURES],
        columns=["metric", "value", "median", "sessions", "share", "good", "verdict"],
    )


def _row(figure: Figure, now: pd.DataFrame, before: pd.DataFrame) -> tuple[object, ...]:
    values = _values(figure, before).dropna()
    current = _values(figure, now)
    value = float(current.iloc[0]) if len(current) else math.nan
    median = float(values.median()) if len(values) else math.nan
    share = value / median if median else math.nan
    mark = judge(value, median, len(values), figure.good)
    return figure.metric, value, median, len(values), share, figure.good, mark


def _values(figure: Figure, frame: pd.DataFrame) -> pd.Series:
    top = pd.to_numeric(frame[figure.top], errors="coerce").astype(float)
    if figure.bottom is None:
        return top
    bottom = pd.to_numeric(frame[figure.bottom], errors="coerce").astype(float)
    return top / bottom.where(bottom > 0) * figure.scale


def _missing(value: Any) -> bool:
    return value is None or bool(pd.isna(value))
