"""What a file says about itself outside its rows: in its name and above its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from connectors.files.layout import Layout

DAY = r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?"
RANGE = re.compile(rf"{DAY}\s*(?:[~～至到—]|\s-\s|\bto\b)+\s*{DAY}")
ENGLISH = re.compile(r"([A-Z][a-z]{2,8}) (\d{1,2}), (\d{4})\s*[-–—]\s*([A-Z][a-z]{2,8}) (\d{1,2}), (\d{4})")
EXPORTED = re.compile(r"(?:导出|下载|生成|Export(?:ed)?|Downloaded)\s*(?:时间|日期|at|on|time)?\s*[:：]\s*([\d/\-年月日 :.]{8,22})", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """`as_of` shop-local ISO time of the export; `day_from`/`day_to` ISO days of the stated window; `named` groups of the name."""

    as_of: str | None = None
    day_from: str | None = None
    day_to: str | None = None
    named: dict[str, str] = field(default_factory=dict)


def said(layout: Layout, name: str, above: Sequence[Sequence[str]]) -> Said:
    """Facts of the file name first, then of the rows above the header."""
    named = {}
    for pattern in layout.name_facts:
        if match := re.search(pattern, name):
            named.update({key: value for key, value in match.groupdict().items() if value})
    title = " ".join(cell.strip() for row in above for cell in row if cell.strip())[:500]
    low, high = _window(named, title)
    as_of = _instant(named.get("exported", "")) or _from_epoch(named.get("epoch", ""), layout.zone)
    if not as_of and (match := EXPORTED.search(title)):
        as_of = _instant(match.group(1))
    return Said(as_of, low, high, named | ({"title": title} if title else {}))


def _window(named: dict[str, str], title: str) -> tuple[str | None, str | None]:
    low = _day(named.get("day_from") or named.get("day") or "")
    if low:
        return low, _day(named.get("day_to", "")) or low
    if match := RANGE.search(title):
        return _day("-".join(match.groups()[:3])), _day("-".join(match.groups()[3:]))
    if match := ENGLISH.search(title):
        first, second = _english(match.groups()[:3]), _english(match.groups()[3:])
        return (first, second) if first and second else (None, None)
    return None, None


def _english(words: Sequence[str]) -> str | None:
    for form in ("%B %d %Y", "%b %d %Y"):
        try:
            return datetime.strptime(" ".join(words), form).date().isoformat()
        except ValueError:
            continue
    return None


def _day(text: str) -> str | None:
    match = re.search(DAY, text)
    try:
        return date(*map(int, match.groups())).isoformat() if match else None
    except ValueError:
        return None


def _instant(text: str) -> str | None:
    """`20261116_110330`, `2025-09-09_15-40-44`, `20261112` -> ISO, shop-local."""
    flat = re.sub(r"\D", "", text)
    form = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(flat))
    try:
        return datetime.strptime(flat, form).isoformat() if form else None
    except ValueError:
        return None


def _from_epoch(text: str, zone: str) -> str | None:
    if not re.fullmatch(r"\d{10}|\d{13}", text):
        return None
    moment = datetime.fromtimestamp(int(text[:10]), UTC).astimezone(ZoneInfo(zone or "UTC"))
    return moment.replace(tzinfo=None).isoformat()
