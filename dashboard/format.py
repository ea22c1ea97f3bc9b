"""Numbers as people read them: 12.3万 in Chinese, 123K in English; the exact value stays for hover and exports.

Units are those of `queries/metrics.toml`: money, count, person, rate, ratio, seconds, hours. A missing value
(None, NaN, NaT) reads as a dash and never as 0.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

DASH = "—"
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$", "KRW": "₩", "THB": "฿"}
_ZH_STEPS = ((1e8, "亿"), (1e4, "万"))
_EN_STEPS = ((1e9, "B"), (1e6, "M"), (1e4, "K"))


def is_missing(value: Any) -> bool:
    """True for None, NaN and NaT."""
    if value is None:
        return True
    try:
        return bool(value != value)  # only NaN-like values differ from themselves
    except TypeError:
        return True


def plain(text: object) -> str:
    """Text from data without the signs that Markdown would read as form."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()#+-.!|<>$~:" else sign for sign in str(text))


def symbol(currency: str | None) -> str:
    """The sign in front of an amount; an unknown currency keeps its code."""
    if not currency:
        return ""
    return SYMBOLS.get(currency, f"{currency} ")


def fmt(value: Any, unit: str = "count", currency: str | None = None, lang: str = "zh", signed: bool = False) -> str:
    """Short form for cards, tables and axis ticks. `signed` puts + in front of gains."""
    if is_missing(value):
        return DASH
    number = float(value)
    if math.isinf(number):
        return DASH
    sign = "-" if number < 0 else ("+" if signed and number > 0 else "")
    body = _body(abs(number), unit, lang)
    if not body.strip("0.,%xX ") and sign == "-":
        sign = ""  # -0.00 is nothing
    return f"{sign}{symbol(currency) if unit == 'money' else ''}{body}"


def exact(value: Any, unit: str = "count", currency: str | None = None) -> str:
    """Every digit that is stored, with thousands separators: for hover."""
    if is_missing(value):
        return DASH
    if unit == "rate":
        return f"{float(value) * 100:.4f}".rstrip("0").rstrip(".") + "%"
    number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    places = 2 if unit == "money" else 4
    text = f"{round(number, places):,}"
    if unit == "money":
        return ("-" if round(number, 2) < 0 else "") + symbol(currency) + f"{abs(round(number, 2)):,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def divide(top: Any, bottom: Any) -> float | None:
    """top / bottom; None when either is missing or the bottom is zero."""
    return None if is_missing(top) or is_missing(bottom) or float(bottom) == 0 else float(top) / float(bottom)


def change(now: Any, before: Any) -> float | None:
    """Relative change; None where a base is missing or zero (an undefined change is shown as a dash)."""
    if is_missing(now) or is_missing(before) or float(before) == 0:
        return None
    return float(now) / float(before) - 1


def pct(value: float | None, signed: bool = True) -> str:
    """A relative change: +12.3 %; above 1000 % as a multiple."""
    if value is None or is_missing(value):
        return DASH
    if abs(value) >= 10:
        return f"{value + 1:,.1f}×"
    text = f"{value * 100:+.1f}%" if signed else f"{value * 100:.1f}%"
    return "0.0%" if text in ("+0.0%", "-0.0%") else text


def day_label(day: date, lang: str = "zh", weekday: bool = True) -> str:
    """11-22 周日 / Nov 22 Sun."""
    if lang == "zh":
        return f"{day:%m-%d}" + (f" 周{'一二三四五六日'[day.weekday()]}" if weekday else "")
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return f"{MONTHS[day.month - 1]} {day.day}" + (f" {names[day.weekday()]}" if weekday else "")


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def range_label(day_from: date, day_to: date, lang: str = "zh", year: int | None = None) -> str:
    """One day, or first to last day. Days outside `year` (the reader's) say theirs: 2025-11-01 ~ 11-23."""
    words = day_label(day_from, lang)
    if day_from != day_to:
        words = f"{day_label(day_from, lang, False)} ~ {day_label(day_to, lang, False)}"
    if year is None or day_from.year == day_to.year == year:
        return words
    if day_from.year == day_to.year:
        return f"{day_from.year}-{words}" if lang == "zh" else f"{words}, {day_from.year}"
    first, last = (
        f"{d:%Y-%m-%d}" if lang == "zh" else f"{day_label(d, lang, False)}, {d.year}" for d in (day_from, day_to)
    )
    return f"{first} ~ {last}"


def at_label(at: datetime | None) -> str:
    """A minute in the shop's own zone."""
    return DASH if at is None or is_missing(at) else f"{at:%m-%d %H:%M}"


def clock(started_at: datetime, minute: Any) -> str:
    """The wall clock in a minute counted from a start: 20:41; '' when the minute is missing."""
    return "" if is_missing(minute) else f"{started_at + timedelta(minutes=int(minute)):%H:%M}"


def duration(seconds: Any, lang: str = "zh") -> str:
    """3小时05分 / 3h 05m, 1分05秒 / 1m 05s."""
    if is_missing(seconds):
        return DASH
    total = round(float(seconds))
    hours, rest = divmod(total, 3600)
    minutes, secs = divmod(rest, 60)
    if hours:
        return f"{hours}小时{minutes:02d}分" if lang == "zh" else f"{hours}h {minutes:02d}m"
    if minutes:
        return f"{minutes}分{secs:02d}秒" if lang == "zh" else f"{minutes}m {secs:02d}s"
    return f"{secs}秒" if lang == "zh" else f"{secs}s"


def _body(number: float, unit: str, lang: str) -> str:
    if unit == "rate":
        return f"{number * 100:.2f}%"
    if unit == "ratio":
        return f"{number:,.2f}"
    if unit == "seconds":
        return duration(number, lang)
    if unit == "hours":
        return f"{number:,.1f}" + ("小时" if lang == "zh" else "h")
    for step, mark in _ZH_STEPS if lang == "zh" else _EN_STEPS:
        # 9,999.6 shown without decimals would read 10,000: such values already belong to the next step
        if number >= step - (0.005 if unit == "money" else 0.5) * (1 if step == 1e4 else step / 1e4):
            base = 1e3 if mark == "K" else step
            scaled = number / base
            return f"{scaled:,.2f}{mark}" if scaled < 10 and mark not in "K" else f"{scaled:,.1f}{mark}"
    if unit == "money":
        return f"{number:,.2f}"
    return f"{number:,.0f}" if abs(number - round(number)) < 1e-9 else f"{number:,.1f}"
