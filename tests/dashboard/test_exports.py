"""Exports carry exact numbers, keep ids whole and start no formula."""

from __future__ import annotations

import csv
import io
from datetime import date

import pandas as pd
from python_calamine import CalamineWorkbook

from dashboard.exports import csv_bytes, xlsx_bytes

FRAME = pd.DataFrame(
    {
        "日期": [date(2026, 11, 11), date(2026, 11, 12)],
        "订单号": ["3870000000000000123", "=cmd|' /C calc'!A0"],
        "金额": [2474823.07, None],
        "件数": [12, 3],
        "刷单": [True, False],
    }
)


def test_csv_opens_in_excel_and_starts_no_formula() -> None:
    """A mark for Excel, full numbers, and text that would be run is made text."""
    raw = csv_bytes(FRAME)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[0] == list(FRAME.columns)
    assert rows[1] == ["2026-11-11", "3870000000000000123", "2474823.07", "12", "True"]
    assert rows[2][1].startswith("'=")
    assert rows[2][2] == ""


def test_negative_numbers_as_text_stay_numbers() -> None:
    """-12.5% is a value, not a formula."""
    assert b"\r\n-12.5%\r\n" in csv_bytes(pd.DataFrame({"x": ["-12.5%"]}))


def test_xlsx_keeps_types() -> None:
    """Amounts are numbers, ids are text with all digits, days are dates, missing is blank."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(FRAME))).get_sheet_by_index(0).to_python()
    assert sheet[0] == list(FRAME.columns)
    assert sheet[1] == [date(2026, 11, 11), "3870000000000000123", 2474823.07, 12.0, True]
    assert sheet[2][1] == "=cmd|' /C calc'!A0"
    assert sheet[2][2] == ""


def test_no_binary_noise() -> None:
    """0.1 + 0.2 is 0.3 in a file; eight places stay."""
    noisy = pd.DataFrame({"x": [0.1 + 0.2, 21647.199999999997, 0.12345678]})
    assert csv_bytes(noisy).decode("utf-8-sig").split() == ["x", "0.3", "21647.2", "0.12345678"]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(noisy))).get_sheet_by_index(0).to_python()
    assert sheet[1:] == [[0.3], [21647.2], [0.12345678]]
