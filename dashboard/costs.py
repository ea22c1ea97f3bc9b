"""The cost table as people type it (one line per shop, item and day) against the rows that are stored (one per kind)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

KINDS = ("margin_rate", "fee_rate", "freight_per_order")
RATES = ("margin_rate", "fee_rate")


def typed(stored: pd.DataFrame) -> pd.DataFrame:
    """The answer of ads/costs as the editor shows it: rates in percent, numbers as float."""
    frame = stored[["shop", "item_id", "day", *KINDS]].copy()
    frame["day"] = pd.to_datetime(frame["day"]).dt.date if len(frame) else pd.Series(dtype="object")
    for kind in KINDS:
        frame[kind] = pd.to_numeric(frame[kind]).astype(float) * (100 if kind in RATES else 1)
    return frame.reset_index(drop=True)


def changes(before: pd.DataFrame, after: pd.DataFrame, currencies: dict[str, str]) -> list[dict[str, Any]]:
    """What to store: one row per kind whose value differs; a line that is gone, or a cell made empty, is removed.

    before, after: frames as of `typed`. currencies: shop -> currency, kept with freight. Lines without shop or day are
    left to the check that names them: they come with empty cells.
    """
    old, new = _cells(before), _cells(after)
    rows = []
    for key in sorted({*old, *new}, key=str):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        shop, item, day, kind = key
        rows.append(
            {
                "shop": shop, "item_id": item, "kind": kind, "day": day, "value": now,
                "currency": currencies.get(shop, "") if kind == "freight_per_order" else "",
                "is_removed": now is None,
            }
        )  # fmt: skip
    return rows


def _cells(frame: pd.DataFrame) -> dict[tuple[str, str, date | None, str], float]:
    """(shop, item, day, kind) -> value as stored (rates as fractions); empty cells are absent."""
    cells = {}
    for line in frame.to_dict("records"):
        for kind in KINDS:
            value = line.get(kind)
            if value is None or pd.isna(value):
                continue
            scaled = round(float(value) / 100, 6) if kind in RATES else round(float(value), 4)
            cells[(_text(line.get("shop")), _text(line.get("item_id")), _day(line.get("day")), kind)] = scaled
    return cells


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()
