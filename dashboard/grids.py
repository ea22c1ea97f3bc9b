"""How a scrolling table writes its cells: numbers as people read them, changes in the reader's colours; it still sorts
by the exact value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pandas as pd
from pandas.io.formats.style import Styler

from dashboard.format import DASH, exact, fmt, is_missing, pct
from dashboard.labels import lang
from dashboard.preferences import red_up

MOST_ROWS = 200  # above it the browser writes plain numbers, since every cell written here is sent as text too, in every run
RED, GREEN = "#d9363e", "#1a9d5a"


def styled(raw: pd.DataFrame, shown: pd.DataFrame, columns: Mapping[str, Any], *, is_short: bool) -> Styler:
    """`shown` (what sorts) with every number written from `raw`; `is_short`: 12.3万, else every digit.

    What Streamlit asks of a Styler is laid out here once and kept in it: working it out takes pandas longer than all else
    on a page, and would be done again at every rerun. The result may be shared between sessions.
    """
    plain = shown.reset_index(drop=True)
    cells: list[list[str]] = []
    colours: dict[str, list[str]] = {}
    for place, name in enumerate(plain.columns):
        col = columns[name]
        if col.unit in ("text", "day"):
            cells.append(_texts(plain[name]) if col.unit == "day" or plain[name].isna().any() else [])
            continue
        money = raw[col.currency].tolist() if col.currency in raw else [col.currency] * len(raw)
        cells.append([_words(value, col, code, is_short) for value, code in zip(raw[name].tolist(), money, strict=True)])
        if col.tone:
            for row, colour in enumerate(_colours(plain[name])):
                colours.setdefault(colour, []).append(f"row{row}_col{place}")
    laid = {
        "body": [[{"id": f"row{row}_col{place}", "display_value": words[row]} for place, words in enumerate(cells) if words] for row in range(len(plain))],
        "cellstyle": [{"props": [("color", colour)], "selectors": places} for colour, places in colours.items() if colour],
    }
    style = plain.style.set_uuid(uuid4().hex[:8])
    style._compute = lambda: style
    style._translate = lambda *_args, **_more: laid
    return style


def _texts(column: pd.Series) -> list[str]:
    """Days as 2026-11-11, texts as they are, nothing where there is nothing."""
    return ["" if is_missing(v) else f"{v:%Y-%m-%d}" if isinstance(v, date) else str(v) for v in column]


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
    return ["" if is_missing(v) or not v else up if v > 0 else down for v in column]
