"""How the command line says things: a table for people, JSON or CSV for scripts."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Rows = Sequence[Mapping[str, Any]]


def formatted(rows: Rows, form: str) -> str:
    """Rows as `table`, `json` (a list of objects) or `csv`."""
    if form == "json":
        return json.dumps([{key: plain(value) for key, value in row.items()} for row in rows], ensure_ascii=False, indent=1)
    names = list(rows[0]) if rows else []
    if form == "csv":
        sink = io.StringIO()
        writer = csv.writer(sink, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([text(row.get(name)) for name in names] for row in rows)
        return sink.getvalue().rstrip("\n")
    cells = [names, *([text(row.get(name)) for name in names] for row in rows)]
    widths = [max(_width(line[place]) for line in cells) for place in range(len(names))]
    return "\n".join("  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells)


def look_text(look: Mapping[str, Any]) -> str:
    """A preview as `name: value` lines, its lists as tables; what is empty is left out."""
    lines = []
    for name, value in look.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"{name}:", "  " + formatted(value, "table").replace("\n", "\n  ")]
        elif isinstance(value, dict):
            lines.append(f"{name}: {', '.join(f'{key} {text(entry)}' for key, entry in value.items())}")
        elif value not in ("", None, [], 0):
            lines.append(f"{name}: {text(value)}")
    return "\n".join(lines)


def plain(value: Any) -> Any:
    """A value as JSON knows it; amounts become numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if value is None or isinstance(value, str | int | bool):
        return value
    return None if value != value else float(value) if isinstance(value, float) else str(value)


def text(value: Any) -> str:
    """A value for people; missing is blank, never 0."""
    value = plain(value)
    if isinstance(value, list):
        return ", ".join(map(text, value))
    return "" if value is None else f"{value}"


def _width(word: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in word)
