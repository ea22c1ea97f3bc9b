"""Which export files are due today, shop by shop: frames in, frame out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import pandas as pd

STOPPED_AFTER = 30  # days without a file after which a source no longer counts as in use
ORDER = ("missing", "partial", "waiting", "session", "arrived", "stopped", "never")
COLUMNS = (
    "shop", "name", "platform", "source", "kind", "label_zh", "label_en", "where_zh", "where_en", "files", "cadence",
    "state", "wanted_from", "wanted_to", "missing_from", "due_at", "last_day", "days_missing", "last_file",
)  # fmt: skip


def due(
    shops: pd.DataFrame, expected: pd.DataFrame, usage: pd.DataFrame, clocks: Mapping[str, datetime]
) -> pd.DataFrame:
    """One row per shop and export file it can have, the most urgent first.

    shops: shop, name, platform.  expected: source, platform, kind, label_*, where_*, files, cadence, ready ("HH:MM").
    usage: rows of sources/checklist.  clocks: local time per shop.
    state: arrived; partial (the day is there but its export was made before it ended); missing; waiting (not out yet);
    session (comes with each live session); stopped (nothing for 30 days); never (not used so far).
    """
    seen = {(row.shop, row.source): row for row in usage.itertuples()}
    rows = []
    for shop in shops.itertuples():
        platform = "tmall" if shop.platform == "taobao" else shop.platform  # one back office, the same exports
        for file in expected.itertuples():
            use = seen.get((shop.shop, file.source))
            if use is None and file.platform != platform:  # a file in use is due wherever it comes from
                continue
            rows.append(_row(shop, file, use, clocks[str(shop.shop)]))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    rank = frame["state"].map({state: place for place, state in enumerate(ORDER)})
    order = ["_rank", "shop", "kind", "source"]
    return frame.assign(_rank=rank).sort_values(order, kind="stable").drop(columns="_rank")


def window(cadence: str, today: date) -> tuple[date, date] | None:
    """The last period that a file of this cadence should hold: yesterday, last week (Monday on), last month."""
    if cadence == "daily":
        return today - timedelta(days=1), today - timedelta(days=1)
    if cadence == "weekly":
        monday = today - timedelta(days=today.weekday())
        return monday - timedelta(days=7), monday - timedelta(days=1)
    if cadence == "monthly":
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    return None


def _row(shop: object, file: object, use: object | None, now: datetime) -> dict[str, object]:
    facts = {name: getattr(file, name) for name in COLUMNS if hasattr(file, name)}
    facts |= {"shop": shop.shop, "name": shop.name, "platform": shop.platform}  # type: ignore[attr-defined]
    span = window(str(facts["cadence"]), now.date())
    last, full = _day(use, "last_day"), _day(use, "last_full_day")
    facts |= {"last_day": last, "last_file": getattr(use, "last_file", None), "state": "session"}
    if use is None:
        return facts | {"state": "never"}
    if span is None:
        return facts
    hour = time.fromisoformat(str(getattr(file, "ready", "") or "00:00"))
    due_at = datetime.combine(span[1] + timedelta(days=1), hour)
    missing = (span[1] - (full or last or span[0] - timedelta(days=1))).days
    state = "arrived" if full and full >= span[1] else "partial" if last and last >= span[1] else "missing"
    if missing > max(STOPPED_AFTER, 2 * ((span[1] - span[0]).days + 1)):
        state = "stopped"
    elif state == "missing" and now < due_at:
        state = "waiting"
    first = span[0] if full is None or full < span[0] - timedelta(days=STOPPED_AFTER) else min(full + timedelta(days=1), span[0])
    return facts | {
        "missing_from": first if state in ("missing", "waiting") else span[0], "state": state, "wanted_from": span[0], "wanted_to": span[1], "due_at": due_at, "days_missing": max(missing, 0),
    }  # fmt: skip


def _day(use: object | None, name: str) -> date | None:
    value = getattr(use, name, None)
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()
