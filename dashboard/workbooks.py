"""Workbooks of several sheets: exact numbers in the format of their unit, text never a formula, what is missing blank."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard.format import is_missing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {"money": "#,##0.00", "rate": "0.00%", "ratio": "#,##0.00", "hours": "#,##0.0", "seconds": "#,##0", "day": "yyyy-mm-dd",
           "at": "yyyy-mm-dd hh:mm", "whole": "#,##0", "count": "#,##0.00"}  # fmt: skip
DEEPEST = 7  # levels that a sheet can fold
Cell = tuple[Any, str]  # value, name of its format ('' for none, in0 to in15 for an indent)


@dataclass(frozen=True)
class Sheet:
    """levels: how deep each row folds; () when it does not."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    levels: Sequence[int] = ()


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """An .xlsx as bytes."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        formats = {name: book.add_format({"num_format": form}) for name, form in FORMATS.items()}
        formats["head"] = book.add_format({"bold": True, "bottom": 1})
        formats |= {f"in{n}": book.add_format({"indent": n}) for n in range(16)}
        for sheet in sheets:
            page = book.add_worksheet(sheet.name[:31])
            _fill(page, sheet.heads, sheet.rows, formats)
            for number, level in enumerate(sheet.levels, start=1):
                page.set_row(number, None, None, {"level": min(level, DEEPEST)})
    return out.getvalue()


def _fill(page: Any, heads: Sequence[str], rows: Sequence[Sequence[Cell]], formats: dict[str, Any]) -> None:
    page.freeze_panes(1, 1)
    for place, said in enumerate(heads):
        page.write_string(0, place, said, formats["head"])
        widest = max(
            [
                _width(said),
                *(_width(str(row[place][0] or "")) for row in rows[:300] if row[place][1] in ("", "in0", "in1", "in2")),
            ]
        )
        page.set_column(place, place, min(max(widest + 2, 11), 60))
    if rows:
        page.autofilter(0, 0, len(rows), len(heads) - 1)
    for number, row in enumerate(rows, start=1):
        for place, (value, form) in enumerate(row):
            _write(page, number, place, value, formats.get(form))


def _width(said: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in said)


def _write(page: Any, row: int, place: int, value: Any, form: Any) -> None:
    if is_missing(value) or value == "":
        return
    if isinstance(value, date):
        at = (
            pd.Timestamp(value).to_pydatetime()
            if isinstance(value, datetime)
            else datetime(value.year, value.month, value.day)
        )
        page.write_datetime(row, place, at.replace(tzinfo=None), form)
    elif isinstance(value, Decimal | int | float):
        page.write_number(row, place, round(float(value), 8), form)
    else:
        page.write_string(row, place, str(value), form)
