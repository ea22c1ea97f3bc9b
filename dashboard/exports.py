"""Tables as files: CSV that Excel opens in Chinese, and XLSX; exact numbers, ids as text."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t")
_PLACES = 8  # what a sum of binary fractions adds beyond is noise: 21647.199999999997
_SHEET_ROWS = 1_048_575


def csv_bytes(df: pd.DataFrame) -> bytes:
    """UTF-8 with a mark so that Excel reads Chinese; text that would start a formula is made harmless."""
    text: str = df.map(_safe).to_csv(None, index=False, lineterminator="\r\n")
    return b"\xef\xbb\xbf" + text.encode()


def xlsx_bytes(df: pd.DataFrame, sheet: str = "Daybook") -> bytes:
    """One sheet with a header row; numbers as numbers, days as dates, everything else as text, missing as blank."""
    import xlsxwriter

    if len(df) > _SHEET_ROWS:
        raise ValueError(f"{len(df)} rows do not fit one sheet; download the CSV instead")
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": False}) as workbook:
        page = workbook.add_worksheet(sheet[:31])
        formats = {
            "head": workbook.add_format({"bold": True, "bottom": 1}),
            "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "at": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        page.freeze_panes(1, 0)
        for place, column in enumerate(df.columns):
            page.write_string(0, place, str(column), formats["head"])
            widest = max([len(str(column)) * 2, *(len(str(v)) for v in df[column].head(200))], default=8)
            page.set_column(place, place, min(max(widest + 2, 9), 46))
            for row, value in enumerate(df[column].tolist(), start=1):
                _write(page, row, place, value, formats)
    return out.getvalue()


def _write(page: Any, row: int, place: int, value: Any, formats: dict[str, Any]) -> None:
    if value is None or value is pd.NaT or value != value:
        return
    if isinstance(value, bool):
        page.write_boolean(row, place, value)
    elif isinstance(value, Decimal | int | float):
        page.write_number(row, place, round(float(value), _PLACES))
    elif isinstance(value, datetime):
        at = value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
        midnight = (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0)
        page.write_datetime(row, place, at.replace(tzinfo=None), formats["day" if midnight else "at"])
    elif isinstance(value, date):
        page.write_datetime(row, place, datetime(value.year, value.month, value.day), formats["day"])
    else:
        page.write_string(row, place, str(value))


def _safe(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _PLACES)
    if isinstance(value, pd.Timestamp):
        return value.date() if value == value.normalize() else value
    if isinstance(value, str) and value.startswith(_FORMULA) and not _is_number(value):
        return "'" + value
    return value


def _is_number(value: str) -> bool:
    try:
        float(value.replace(",", "").rstrip("%"))
    except ValueError:
        return False
    return True
