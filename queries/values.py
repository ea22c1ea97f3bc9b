"""The value of a metric per grouping: parts summed in SQL, divided here, once."""

from __future__ import annotations

from typing import Any

import pandas as pd

from queries.catalog import sql_of
from queries.metrics import METRICS, WIDE_DIMENSIONS, Metric
from queries.people import people_over_days

DAILY_SUM = {"zh": "按日累计", "en": "sum of days"}
SESSION_SUM = {"zh": "按场累计", "en": "sum of sessions"}


def valued(reader: Any, found: Metric, groups: tuple[str, ...], params: dict[str, Any], lang: str) -> pd.DataFrame:
    rows, is_wide = _parts(reader, found, groups, params)
    value = pd.to_numeric(rows["top"] if found.additivity == "X" else rows["up"]).astype(float)
    if found.downs:
        below = pd.to_numeric(rows["down"]).astype(float)
        value = value / below.where(below != 0) * found.scale
    rows["value"], rows["bound"], rows["basis"], rows["unit"] = value, "exact", found.basis[lang], found.unit
    people = [p for p in found.parts if METRICS[p].additivity == "D"]
    if not people:
        return rows
    summed = rows["cells"] > 1
    label = (SESSION_SUM if "session" in METRICS[people[0]].columns else DAILY_SUM)[lang]
    rows.loc[summed, "bound"] = "upper"
    rows.loc[summed, "basis"] = f"{found.basis[lang]} · {label}"
    return rows if is_wide else people_over_days(reader, found, people, rows, params, lang)


def _parts(reader: Any, found: Metric, groups: tuple[str, ...], params: dict[str, Any]) -> tuple[pd.DataFrame, bool]:
    """Summed parts, and whether they come from a table below the shop's day."""
    wide = next((d for d in groups if d in WIDE_DIMENSIONS), None)
    # both parts of an ad or live ratio must come from the same reports, so they are paired there even for totals
    paired = wide or next((d for d in ("campaign", "session") if found.downs and d in found.dimensions), None)
    if paired:
        top = found.numerator or found.id
        rows = reader.query(sql_of(f"measure/{paired}"), {**params, "numerator": top, "denominator": found.denominator})
        if wide or len(rows):
            return rows, wide is not None
    parts = list(found.parts)
    weights = {"ups": [found.ups.get(p, 0) for p in parts], "downs": [found.downs.get(p, 0) for p in parts]}
    return reader.query(sql_of("measure/shop_day"), {**params, "parts": parts, **weights}), False
