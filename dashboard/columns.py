"""What a table's column is: its heading, its unit and its currency, which may differ row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Col:
    """One table column: its heading, unit (text, day, money, count, person, rate, ratio, seconds, hours), currency.

    `currency` names another column that holds the row's currency, or is a code; unit "by:column" takes each row's unit
    from that column. A column `_head` of the frame marks rows drawn as headings. `bar` draws a bar behind the number.
    `tone` 'change' colours a signed rate by the reader's up/down colours; `good` says which way is better.
    `where`: all, wide (not on a phone), export (in the files only). `is_long`: a text that runs over several lines.
    """

    label: str
    unit: str = "text"
    currency: str | None = None
    bar: bool = False
    tone: str = ""
    good: str = "up"
    where: str = "all"
    is_long: bool = False

    def unit_of(self, record: Mapping[Any, Any]) -> str:
        """The unit of this column in one row."""
        return str(record[self.unit[3:]]) if self.unit.startswith("by:") else self.unit

    def currency_of(self, record: Mapping[Any, Any]) -> Any:
        """The currency of this column in one row."""
        return record.get(self.currency, self.currency) if self.currency else None
