"""People over several days: the platform's own figure for the period, else an exact count, else the sum stays as it is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from queries.catalog import sql_of
from queries.metrics import METRICS, Metric

KEYS = ["day", "shop", "platform", "currency"]
PERIOD = {"zh": "平台周期数", "en": "the platform's period figure"}
MASKED = {"zh": "有买家脱敏", "en": "masked buyers"}
EXACT = {"zh": "期内去重", "en": "distinct over the period"}


def people_over_days(
    reader: Any, found: Metric, people: list[str], rows: pd.DataFrame, params: dict[str, Any], lang: str
) -> pd.DataFrame:
    """Replace sums of daily people by a better figure where there is one.

    rows: as measure/shop_day gives them, with value, bound and basis. people: the parts that count people.
    """
    rows = _from_buyers(reader, found, people, rows, params, lang)
    return rows if params["by_day"] else _from_period(reader, found, people, rows, params, lang)


def _value(found: Metric, up: float | None, down: float | None) -> float | None:
    if up is None or not found.downs:
        return up
    return up / down * found.scale if down else float("nan")


def _from_buyers(
    reader: Any, found: Metric, people: list[str], rows: pd.DataFrame, params: dict[str, Any], lang: str
) -> pd.DataFrame:
    if people != ["paying_buyers"] or (params["by_day"] and not (rows["cells"] > 1).any()):
        return rows
    answers = {_key(r): r for r in reader.query(sql_of("measure/buyer_days"), params).itertuples()}
    keys = [_key(row) for row in rows.itertuples()]
    clear = pd.Series([k in answers and bool(answers[k].is_exact) for k in keys], index=rows.index, dtype=bool)
    counted = clear & (rows["cells"] > 1) & (rows["cells"] == rows["seen"])
    buyers = _count(reader, params, rows[counted]) if counted.any() else {}
    for at, key, row in zip(rows.index, keys, rows.itertuples(), strict=True):
        if key in answers and answers[key].has_unknown and found.id == "paying_buyers":
            # the rest of the days is not the number of buyers
            rows.loc[at, "value"], rows.loc[at, "basis"] = float("nan"), f"{found.basis[lang]} · {MASKED[lang]}"
        elif counted[at]:
            up = buyers.get(key, 0.0) if "paying_buyers" in found.ups else float(row.up)
            down = buyers.get(key, 0.0) if "paying_buyers" in found.downs else None
            rows.loc[at, "value"] = _value(found, up, down)
            rows.loc[at, "bound"], rows.loc[at, "basis"] = "exact", f"{found.basis[lang]} · {EXACT[lang]}"
    return rows


def _count(reader: Any, params: dict[str, Any], rows: pd.DataFrame) -> dict[tuple[Any, ...], float]:
    if params["by_day"] or params["by_shop"] or params["by_platform"]:
        return {_key(r): float(r.buyers) for r in reader.query(sql_of("measure/buyers"), params).itertuples()}
    total = sql_of("measure/buyers_total")
    return {
        _key(r): float(reader.query(total, {**params, "currency": r.currency}).buyers[0]) for r in rows.itertuples()
    }


def _key(row: Any) -> tuple[Any, ...]:
    return tuple(None if pd.isna(getattr(row, k)) else getattr(row, k) for k in KEYS)


def _from_period(
    reader: Any, found: Metric, people: list[str], rows: pd.DataFrame, params: dict[str, Any], lang: str
) -> pd.DataFrame:
    """The platform's figure stands for one shop; several shops have no common one."""
    if params["day_from"] == params["day_to"]:
        return rows
    figures = reader.query(sql_of("measure/period"), {**params, "parts": list(found.parts)})
    for (shop, currency), given in figures.groupby(["shop", "currency"]):
        stated = {r.metric: r for r in given.itertuples()}
        alone = params["by_shop"] or figures["shop"].nunique() == 1
        if not alone or not all(p in stated for p in people):
            continue
        match = rows[(rows["currency"] == currency) & (rows["shops"] == 1) & (rows["one_shop"] == shop)]
        if len(rows) and not len(match) and not params["by_shop"]:
            continue  # the total is of more shops than this one
        if len(match):
            at, summed = match.index[0], match.iloc[0]
        else:
            at, summed = len(rows), None
            platform = given["platform"].iloc[0] if params["by_platform"] else None
            rows.loc[at, [*KEYS, "cells", "seen", "days", "shops", "one_shop", "is_ok"]] = [
                None, shop if params["by_shop"] else None, platform, currency, 0, 0, 0, 1, shop, True]  # fmt: skip
        up, down = (
            _side(weights, stated, summed, side) for weights, side in ((found.ups, "up"), (found.downs, "down"))
        )
        value = _value(found, up, down)
        if value is None or pd.isna(value):
            if summed is None:
                rows = rows.drop(index=at)
            continue
        days = (params["day_to"] - params["day_from"]).days + 1
        rows.loc[at, ["value", "bound", "unit", "basis"]] = [
            value,
            "exact",
            found.unit,
            f"{found.basis[lang]} · {PERIOD[lang]}",
        ]
        rows.loc[at, "source"] = "+".join(sorted({str(r.source) for r in stated.values()}))
        rows.loc[at, "as_of"] = min(r.as_of for r in stated.values())
        if all(p in stated for p in found.parts):
            rows.loc[at, ["days", "cells", "is_ok"]] = [days, days, True]
    return rows


def _side(weights: Any, stated: dict[str, Any], summed: Any, side: str) -> float | None:
    """One side of the line: period figures for every part, or for the people alone when the other side is a sum of days."""
    if not weights:
        return None
    if all(p in stated for p in weights):
        return float(sum(w * float(stated[p].value) for p, w in weights.items()))
    if summed is None or any(METRICS[p].additivity == "D" for p in weights):
        return None
    return float(summed[side])
