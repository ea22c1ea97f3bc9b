"""How a scrolling table writes its cells: numbers as people read them, changes in the reader's colours; it still sorts
by the exact value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from pandas.io.formats.style import Styler

from dashboard.format import DASH, exact, fmt, is_missing, pct
from dashboard.labels import lang
from dashboard.preferences import red_up

MOST_ROWS = 600  # above it the browser writes plain numbers, since every cell written here is sent as text too
RED, GREEN = "#d9363e", "#1a9d5a"


def styled(raw: pd.DataFrame, shown: pd.DataFrame, columns: Mapping[str, Any], *, is_short: bool) -> Styler:
    """`shown` (what sorts) with every number written from `raw`; `is_short`: 12.3万, else every digit."""
    style = shown.reset_index(drop=True).style
    for name, col in columns.items():
        if col.unit in ("text", "day"):
            continue
        money = raw[col.currency].tolist() if col.currency in raw else [col.currency] * len(raw)
        words = [_words(value, col, code, is_short) for value, code in zip(raw[name].tolist(), money, strict=True)]
        style = style.format(_each(words), subset=[name])
        if col.tone:
            style = style.apply(_colours, subset=[name])
    return style


def _each(words: list[str]) -> Callable[[Any], str]:
    """A formatter that hands out the words in the order in which the cells are asked for: down the column."""
    places = iter(words)
    return lambda _: next(places)


def _words(value: Any, col: Any, currency: Any, is_short: bool) -> str:
    if is_missing(value):
        return DASH
    if col.tone:
        return pct(float(value))
    code = None if is_missing(currency) else str(currency or "") or None
    if is_short or col.unit in ("rate", "ratio", "seconds", "hours"):
        return fmt(value, col.unit, code, lang())
    return exact(value, col.unit, code)


def _colours(column: pd.Series) -> list[str]:
    up, down = (RED, GREEN) if red_up() else (GREEN, RED)
    return ["" if is_missing(v) or not v else f"color: {up if v > 0 else down}" for v in column]
