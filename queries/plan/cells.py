"""A cell of an answer as text or as an exact number; what is missing (NULL, NaN, NaT) is '' or None."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def text_of(value: object) -> str:
    """The cell's text; '' for a missing one."""
    return "" if value is None or value != value else str(value)


def decimal_of(value: Any) -> Decimal | None:
    """A figure as a Decimal of what is written; None for a missing one."""
    if value is None or value != value:
        return None
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))
