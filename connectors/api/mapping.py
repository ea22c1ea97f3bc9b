"""The SQL file of a table: its header says which fields of a record it reads and how, its SELECT gives the rows.

-- table:   order_line
-- each:    sku_order_list                 one row per entry of that list; `^path` then is a field of the record itself
-- columns: order_id id!, pay_amount fen, item.name text AS title, ^create_time unix_s! AS created
-- ignored: shop_name, promotion_*
-- covers:  created_at                     the days it answers for are those of this column (default: the table's first); `nothing`: for none
SELECT _row, order_id, … FROM raw

A type is one of warehouse/cells.py; `!` means that at least one record must have the field, or the contract has changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from connectors.errors import LayoutError
from warehouse.cells import TYPES
from warehouse.tables import tables

HEAD = re.compile(r"^--\s*(\w+):\s*(.*)$")
COLUMN = re.compile(r"^(\^?[\w$@.\-]+)\s+(\w+)(!?)(?:\s+AS\s+(\w+))?$")


@dataclass(frozen=True)
class Field:
    """One field read: `path` in the entry, or in the record itself when `above`."""

    path: str
    type: str
    name: str
    needed: bool
    above: bool


@dataclass(frozen=True)
class Mapping:
    """One SQL file: which table it fills, from what, and the texts of its header (source, grain, units)."""

    stem: str
    table: str
    each: str
    fields: tuple[Field, ...]
    ignored: tuple[str, ...]
    covers: str | None
    sql: str
    head: dict[str, str]

    @property
    def view(self) -> str:
        return f"raw_{self.stem}"

    def full(self, field: Field) -> str:
        """The field's path from the record down."""
        return field.path if field.above or not self.each else f"{self.each}.{field.path}"

    @property
    def declared(self) -> tuple[str, ...]:
        return tuple(self.full(field) for field in self.fields)

    @property
    def needed(self) -> tuple[str, ...]:
        return tuple(self.full(field) for field in self.fields if field.needed)


@cache
def read_mapping(path: Path) -> Mapping:
    """Raises LayoutError naming the line that cannot be read."""
    text = path.read_text(encoding="utf-8")
    head = _head(text)
    if head.get("table") not in tables():
        raise LayoutError(f"{path.name}: '-- table:' names {head.get('table')!r}, which is no fact table.")
    fields = tuple(_field(path, piece) for piece in _pieces(head.get("columns", "")))
    if not fields or "FROM raw" not in text:
        raise LayoutError(f"{path.name}: it needs '-- columns:' and a SELECT … FROM raw.")
    sql = re.sub(r"\braw\b", f"raw_{path.stem}", "\n".join(line for line in text.splitlines() if not line.startswith("--")))
    return Mapping(path.stem, head["table"], head.get("each", ""), fields, tuple(_pieces(head.get("ignored", ""))), head.get("covers"), sql, head)


def _head(text: str) -> dict[str, str]:
    """Words of the header; a comment line without a word of its own continues the one above."""
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        match = HEAD.match(line)
        if match:
            name = match.group(1).lower()
            found[name] = match.group(2).strip()
        elif name:
            found[name] += " " + line[2:].strip()
    return found


def _pieces(text: str) -> list[str]:
    return [piece for piece in (part.strip() for part in text.split(",")) if piece]


def _field(path: Path, piece: str) -> Field:
    match = COLUMN.match(piece)
    if match is None or match.group(2) not in TYPES:
        raise LayoutError(f"{path.name}: '{piece}' is no column. Write: path type[!] [AS name], with a type of {', '.join(TYPES)}.")
    where, kind, needed, name = match.groups()
    bare = where.lstrip("^")
    return Field(bare, kind, name or bare.split(".")[-1], bool(needed), where.startswith("^"))
