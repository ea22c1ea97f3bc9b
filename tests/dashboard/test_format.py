"""Numbers read as people in the trade write them, and never lose a digit on hover."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dashboard.format import change, day_label, duration, exact, fmt, pct, range_label


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (0, "count", "0", "0"),
        (9999, "count", "9,999", "9,999"),
        (9999.6, "count", "1.00万", "10.0K"),
        (10000, "count", "1.00万", "10.0K"),
        (123456, "count", "12.3万", "123.5K"),
        (1234567, "count", "123.5万", "1.23M"),
        (123456789, "count", "1.23亿", "123.5M"),
        (1.5, "count", "1.5", "1.5"),
        (3875.8, "money", "¥3,875.80", "¥3,875.80"),
        (9999.996, "money", "¥1.00万", "¥10.0K"),
        (2474823.07, "money", "¥247.5万", "¥2.47M"),
        (-32100, "money", "-¥3.21万", "-¥32.1K"),
        (0.0723, "rate", "7.23%", "7.23%"),
        (4, "ratio", "4.00", "4.00"),
        (3665, "seconds", "1小时01分", "1h 01m"),
        (None, "money", "—", "—"),
        (float("nan"), "count", "—", "—"),
        (-0.001, "money", "¥0.00", "¥0.00"),
    ],
)
def test_short_form(value: float | None, unit: str, zh: str, en: str) -> None:
    """From 1万 on Chinese counts in 万 and 亿, English in K and M; missing is a dash and never 0."""
    assert fmt(value, unit, "CNY", "zh") == zh
    assert fmt(value, unit, "CNY", "en") == en


def test_exact_keeps_every_digit() -> None:
    """Hover shows what is stored."""
    assert exact(2474823.07, "money", "CNY") == "¥2,474,823.07"
    assert exact(Decimal("123456.5"), "count") == "123,456.5"
    assert exact(1000, "count") == "1,000"
    assert exact(0.12345, "rate") == "12.345%"
    assert exact(None, "money", "CNY") == "—"


def test_currencies_keep_their_sign_or_code() -> None:
    """Yen and yuan must not look alike, an unknown currency keeps its code."""
    assert fmt(5, "money", "USD") == "$5.00"
    assert fmt(5, "money", "JPY") == "JP¥5.00"
    assert fmt(5, "money", "BRL") == "BRL 5.00"


def test_change_is_undefined_on_nothing() -> None:
    """A growth from zero is a dash, not infinity."""
    assert change(5, 0) is None
    assert change(None, 5) is None
    assert change(6, 5) == pytest.approx(0.2)
    assert pct(None) == "—"
    assert pct(0.2) == "+20.0%"
    assert pct(-0.0001) == "0.0%"
    assert pct(24) == "25.0×"


def test_days() -> None:
    """Days carry their weekday; ranges do not repeat it."""
    assert day_label(date(2026, 11, 22)) == "11-22 周日"
    assert day_label(date(2026, 11, 22), "en") == "Nov 22 Sun"
    assert range_label(date(2026, 11, 1), date(2026, 11, 22)) == "11-01 ~ 11-22"
    assert duration(65) == "1分05秒"


def test_a_range_of_another_year_says_so() -> None:
    """去年 beside this year must not read as the same days."""
    this, last = (date(2026, 11, 1), date(2026, 11, 23)), (date(2025, 11, 1), date(2025, 11, 23))
    assert range_label(*this, "zh", 2026) == "11-01 ~ 11-23"
    assert range_label(*last, "zh", 2026) == "2025-11-01 ~ 11-23"
    assert range_label(*last, "en", 2026) == "Nov 1 ~ Nov 23, 2025"
    assert range_label(date(2025, 12, 27), date(2026, 1, 5), "zh", 2026) == "2025-12-27 ~ 2026-01-05"
    assert range_label(date(2025, 11, 23), date(2025, 11, 23), "zh", 2026) == "2025-11-23 周日"
