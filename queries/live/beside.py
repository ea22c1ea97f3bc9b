"""Sessions beside each other by what was explained: one row an item or link, one pair of figures a session. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd


def beside(sessions: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """name, rate_N and lift_N of session N; in the order of the first session, then of the next.

    sessions: judged segments (queries/live/segments.py) of each; only stated ones name something. An item explained several
    times is one row: sales and minutes are added before they are divided, and so are what its people would usually have
    bought. Rows that fewer than two sessions have are left out; a session without the item has no figure, not 0.
    """
    found: dict[str, dict[str, Any]] = {}
    for place, parts in enumerate(sessions):
        if parts.empty or (parts["origin"] != "stated").any():
            continue
        named = parts.assign(key=[_key(part) for part in parts.itertuples()])
        for key, rows in named[named["key"] != ""].groupby("key", sort=False):
            minutes, sold, usual = (float(rows[f"sales_{name}"].sum()) for name in ("minutes", "total", "expected"))
            if minutes:
                found.setdefault(str(key), {"name": key})[f"rate_{place}"] = sold / minutes
                found[str(key)][f"lift_{place}"] = sold / usual - 1 if usual else None
    shared = [row for row in found.values() if sum(name.startswith("rate_") for name in row) > 1]
    return pd.DataFrame(shared)


def _key(part: Any) -> str:
    return str(part.name or part.item_id or "")
