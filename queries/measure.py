"""Answer one metric over days and shops: parts are summed first, divided last, people are never added silently.

Rules (people over several days or shops), in order: the platform's own figure for exactly the period; an exact count of
distinct buyers from unmasked order lists; else the sum of days, an upper bound labelled 按日累计. A ratio takes both its
people from the same kind of figure, so exact buyers never stand over summed visitors.
A shop's day counts only when every part is known there; `state` is partial when days are missing or not complete yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

import numpy as np
import pandas as pd

from queries.catalog import sql_of
from queries.margin import SPECIAL
from queries.metrics import SHOP_DIMENSIONS, WIDE_DIMENSIONS, Metric, check_dimensions, find
from queries.values import valued

ANSWER = ["currency", "value", "unit", "basis", "source", "bound", "as_of", "state", "days"]


class Asks(Protocol):
    """What answers SQL: warehouse.reader.Reader or anything like it."""

    def query(self, sql: str, params: dict[str, Any]) -> pd.DataFrame: ...


def metric(
    reader: Asks,
    id: str,  # noqa: A002  (what the command line calls it)
    day_from: date,
    day_to: date,
    by: str | Sequence[str] | None = None,
    shops: Sequence[str] | None = None,
    lang: str = "zh",
) -> pd.DataFrame:
    """One row per grouping and currency.

    Columns: the groupings (and `title` beside item, campaign, session), currency, value (float, NaN when not known), unit,
    basis, source (joined by +), bound (exact | upper: a part is a sum of daily counts of people), as_of (oldest input),
    state (ok | partial | missing), days (days that count). By day every day of the range has a row.
    Raises UnknownMetric, UnknownDimension.
    """
    found = find(id)
    groups = (by,) if isinstance(by, str) else tuple(by or ())
    check_dimensions(found, groups)
    params = _params(day_from, day_to, groups, shops)
    special = SPECIAL.get(found.special or "")
    rows = special(reader, found, params, lang) if special else valued(reader, found, groups, params, lang)
    rows = _with_gaps(reader, found, rows, groups, params, lang)
    days = (day_to - day_from).days + 1
    rows["state"] = _states(found, rows, days, groups)
    titles = ["title"] if "title" in rows and any(d in ("item", "campaign", "session") for d in groups) else []
    answer = rows[[*groups, *titles, *ANSWER]]
    if len(answer) < 2:  # sorting costs a millisecond even then
        return answer.reset_index(drop=True)
    return answer.sort_values([*groups, "currency"], kind="stable", ignore_index=True)


def _params(day_from: date, day_to: date, groups: tuple[str, ...], shops: Sequence[str] | None) -> dict[str, Any]:
    flags = {f"by_{d}": d in groups for d in (*SHOP_DIMENSIONS, *WIDE_DIMENSIONS)}
    return {"day_from": day_from, "day_to": day_to, "shops": None if shops is None else list(shops), **flags}


def _with_gaps(
    reader: Asks, found: Metric, rows: pd.DataFrame, groups: tuple[str, ...], params: dict[str, Any], lang: str
) -> pd.DataFrame:
    """Add the groupings that have no figure: every day of the range, every shop asked for, or the total itself."""
    if groups not in ((), ("day",), ("shop",)) or (not groups and len(rows)):
        return rows
    if groups == ("day",) and len(rows):
        frame = rows[["currency"]].drop_duplicates()
        if len(rows) == len(frame) * ((params["day_to"] - params["day_from"]).days + 1):
            return rows  # every day is there
    else:
        shops = reader.query(sql_of("measure/shops"), params)
        frame = shops[["shop", "currency"]] if groups == ("shop",) else shops[["currency"]].drop_duplicates()
    if groups == ("shop",):
        frame = frame[~frame["shop"].isin(rows["shop"])]
        if not len(frame):
            return rows
    if groups == ("day",):
        calendar = pd.DataFrame({"day": pd.date_range(params["day_from"], params["day_to"]).astype("datetime64[us]")})
        frame = calendar.merge(frame, how="cross")
        rows["day"] = pd.to_datetime(rows["day"]).astype("datetime64[us]")
    keys = [*groups, "currency"]
    missing = (
        frame.merge(rows[keys], on=keys, how="left", indicator="found") if len(frame) else frame.assign(found="both")
    )
    missing = missing[missing["found"] == "left_only"].drop(columns="found")
    missing = missing.assign(
        value=float("nan"), unit=found.unit, basis=found.basis[lang], source=None, bound="exact", as_of=pd.NaT, days=0
    )
    if not len(missing):
        return rows
    return missing if not len(rows) else pd.concat([rows, missing], ignore_index=True)


def _states(found: Metric, rows: pd.DataFrame, days: int, groups: tuple[str, ...]) -> list[str]:
    """ok | partial | missing of every row."""
    if not len(rows):
        return []
    ok = [value is True or value == 1 for value in rows["is_ok"].tolist()] if "is_ok" in rows else [False] * len(rows)
    count = {name: _counts(rows, name) for name in ("days", "cells", "seen", "shops")}
    wanted = 1 if "day" in groups or "session" in groups else days
    if any(d in ("item", "campaign", "channel", "session") for d in groups):  # rows come only where something happened
        whole = np.asarray(ok)
    elif "session" in found.dimensions:  # a day without a session has no figure to miss
        whole = np.asarray(ok) & (count["cells"] == count["seen"])
    else:
        whole = np.asarray(ok) & (count["days"] >= wanted) & (count["cells"] >= wanted * np.maximum(count["shops"], 1))
    missing = rows["value"].isna().to_numpy() & (count["days"] == 0)
    return list(np.where(missing, "missing", np.where(whole, "ok", "partial")))


def _counts(rows: pd.DataFrame, name: str) -> np.ndarray[Any, Any]:
    column = rows[name] if name in rows else pd.Series(np.nan, index=rows.index)
    return np.asarray(pd.to_numeric(column).fillna(0), dtype=float)
