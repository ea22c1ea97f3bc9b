"""Eight figures typed when a session ended, and what the platform's files made of them later. Pure."""

from __future__ import annotations

from typing import Any

import pandas as pd

COLUMNS = ("metric", "unit", "typed", "now", "difference", "share")
FIGURES = {  # column of what was typed: metric, unit
    "viewers": ("live_viewers", "person"), "pcu": ("pcu", "count"), "live_sales": ("live_sales", "money"), "orders": ("live_orders", "count"),
    "new_followers": ("new_followers", "count"), "ad_spend": ("live_ad_spend", "money"), "duration_s": ("live_hours", "seconds"),
    "avg_watch_s": ("avg_watch_s", "seconds"),
}  # fmt: skip


def figure(row: Any, column: str) -> float | None:
    """One of the eight of a session's row; the average stay from its parts (seconds watched over views)."""
    if column != "avg_watch_s":
        return _number(row[column])
    watched, views = _number(row["watch_s"]), _number(row["views"])
    return watched / views if watched is not None and views else None


def changed(typed: Any, row: Any) -> pd.DataFrame:
    """COLUMNS, one row per figure that was typed, in the order of FIGURES; now: what the page counts with.

    typed: a row of live/typed; row: the session's row of live/history. share: the difference over what was typed.
    """
    rows = []
    for column, (metric, unit) in FIGURES.items():
        said = _number(typed[column])
        if said is None:
            continue
        now = figure(row, column)
        difference = None if now is None else now - said
        share = difference / said if difference is not None and said else None
        rows.append((metric, unit, said, now, difference, share))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
