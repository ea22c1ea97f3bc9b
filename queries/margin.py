"""Metrics that need typed costs: gross profit, contribution, break-even. Without a margin rate they are not known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from queries.catalog import sql_of
from queries.metrics import METRICS, Metric
from queries.values import valued

NO_REFUNDS = {"zh": "未含退款", "en": "refunds not known"}
NO_FEE = {"zh": "未含扣点", "en": "no fee rate typed"}


def _rated(reader: Any, found: Metric, params: dict[str, Any], lang: str) -> pd.DataFrame:
    """One row per grouping with sales, net_sales, profit, kept and spend as floats; basis says what is not in."""
    rows = reader.query(sql_of("measure/margin"), params)
    for column in ("sales", "net_sales", "profit", "kept", "spend"):
        rows[column] = pd.to_numeric(rows[column]).astype(float)
    notes = [
        [found.basis[lang], *([NO_REFUNDS[lang]] if r.no_refunds else []), *([NO_FEE[lang]] if r.no_fee else [])]
        for r in rows.itertuples()
    ]
    rows["basis"] = pd.Series([" · ".join(note) for note in notes], index=rows.index, dtype="object")
    return rows.assign(unit=found.unit, bound="exact", cells=rows["days"], seen=rows["days"], shops=1)


def _gross_profit(reader: Any, found: Metric, params: dict[str, Any], lang: str) -> pd.DataFrame:
    rows = _rated(reader, found, params, lang)
    return rows.assign(value=rows["profit"].where(rows["no_refunds"] == 0))


def _gross_margin_rate(reader: Any, found: Metric, params: dict[str, Any], lang: str) -> pd.DataFrame:
    rows = _rated(reader, found, params, lang)
    return rows.assign(value=rows["profit"] / rows["net_sales"].where(rows["net_sales"] != 0))


def _contribution(reader: Any, found: Metric, params: dict[str, Any], lang: str) -> pd.DataFrame:
    rows = _rated(reader, found, params, lang)
    known = (rows["no_refunds"] == 0) & (rows["no_spend"] == 0)
    return rows.assign(value=(rows["kept"] - rows["spend"]).where(known))


def _break_even(reader: Any, found: Metric, params: dict[str, Any], lang: str) -> pd.DataFrame:
    rows = _rated(reader, found, params, lang)
    return rows.assign(value=rows["sales"] / rows["kept"].where(rows["kept"] > 0))


def _headroom(reader: Any, found: Metric, params: dict[str, Any], lang: str) -> pd.DataFrame:
    rows = _break_even(reader, found, params, lang)
    groups = tuple(d for d in ("day", "shop", "platform") if params[f"by_{d}"])
    roas = valued(reader, METRICS["roas"], groups, params, lang)[["day", "shop", "platform", "currency", "value"]]
    both = rows.merge(roas.rename(columns={"value": "roas"}), on=["day", "shop", "platform", "currency"], how="left")
    return both.assign(value=both["roas"] - both["value"])


SPECIAL: dict[str, Callable[[Any, Metric, dict[str, Any], str], pd.DataFrame]] = {
    "gross_profit": _gross_profit,
    "gross_margin_rate": _gross_margin_rate,
    "contribution": _contribution,
    "break_even_roas": _break_even,
    "roas_headroom": _headroom,
}
