"""The run sheet of a live session (直播脚本): a workbook to fill in, the way back, and its rows as typed values.

A row is what is planned from a minute on: segment, item with its link number, host, action, offer and who does what. Columns are
found by their headings in Chinese or English, wherever they stand; everything is text but the minute.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.errors import ConnectorError
from connectors.plan.errors import PlanError
from connectors.plan.workbook.grid import Grid, open_grids

HEADS = {
    "minute": {"zh": "分钟", "en": "Minute"}, "segment": {"zh": "环节", "en": "Segment"}, "link_no": {"zh": "链接号", "en": "Link no."},
    "text": {"zh": "商品", "en": "Item"}, "item_id": {"zh": "商品ID", "en": "Item ID"}, "host": {"zh": "主播", "en": "Host"},
    "action": {"zh": "动作", "en": "Action"}, "offer": {"zh": "优惠/秒杀/赠品", "en": "Coupon / seckill / gift"}, "duty": {"zh": "分工", "en": "Duty"},
}  # fmt: skip
FIELDS = tuple(HEADS)
SHEET = {"zh": "直播脚本", "en": "Run sheet"}
HOW = {
    "zh": "分钟：开播后第几分钟开始（0 是开播），每行不同。主播填人名。链接号对照讲解记录，填了才能看晚没晚、讲没讲。",
    "en": "Minute: minutes after the start (0 is the start), different in every row. Host: a person. The link number is what reality is held against.",
}
WIDTHS = {"minute": 8, "segment": 16, "link_no": 9, "text": 28, "item_id": 22, "host": 12, "action": 30, "offer": 24, "duty": 22}
BLANK_ROWS, LAST_MINUTE, LONGEST, MOST = 60, 1439, 200, 500
Row = dict[str, Any]


@dataclass(frozen=True)
class SheetFault:
    """code: minute | twice | long | link | head | empty | many | file; where: cell or row number; value: what stands there."""

    code: str
    where: str
    value: str = ""


class SheetError(ConnectorError):
    """A run sheet cannot be taken; nothing was stored. `faults`: every one, with its place."""

    def __init__(self, faults: Sequence[SheetFault]) -> None:
        self.faults = tuple(faults)
        what = "; ".join(f"{fault.where}: {fault.code} {fault.value}".rstrip() for fault in self.faults)
        super().__init__(f"The run sheet was not stored. {what}. Mend these cells and bring it in again.")


def template(rows: Sequence[Mapping[str, Any]], lang: str = "zh") -> bytes:
    """An .xlsx with these rows and space for more; link numbers and ids are text, so that no digit is lost."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        page = book.add_worksheet(SHEET[lang])
        text, head, quiet = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bottom": 1}), book.add_format({"italic": True})
        page.write_string(0, 0, HOW[lang], quiet)
        for place, name in enumerate(FIELDS):
            page.write_string(1, place, HEADS[name][lang], head)
            page.set_column(place, place, WIDTHS[name], None if name == "minute" else text)
        for at, row in enumerate(rows, start=2):
            page.write_number(at, 0, int(row["minute"]))
            for place, name in enumerate(FIELDS[1:], start=1):
                if row.get(name):
                    page.write_string(at, place, str(row[name]), text)
        page.data_validation(2, 0, 1 + len(rows) + BLANK_ROWS, 0, {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": LAST_MINUTE})
        page.freeze_panes(2, 0)
    return out.getvalue()


def read(name: str, content: bytes) -> list[Row]:
    """The rows of a filled workbook, by minute. Raises SheetError with every fault and its cell."""
    try:
        grids = open_grids(content, name)
    except PlanError as error:
        raise SheetError([SheetFault("file", name, str(fault.what)) for fault in error.faults]) from error
    for grid in grids:
        for at in range(min(len(grid.rows), 20)):
            places = _places(grid, at)
            if "minute" in places and len(places) >= 2:
                return _rows(grid, at, places)
    raise SheetError([SheetFault("head", name)])


def _places(grid: Grid, at: int) -> dict[str, int]:
    """Column of every field that this row names."""
    known = {head.casefold(): name for name, heads in HEADS.items() for head in heads.values()}
    found: dict[str, int] = {}
    for column in range(len(grid.rows[at])):
        name = known.get(grid.text(at, column).strip().casefold())
        if name:
            found.setdefault(name, column)
    return found


def _rows(grid: Grid, head: int, places: Mapping[str, int]) -> list[Row]:
    rows: list[Row] = []
    where: list[str] = []
    bad = [SheetFault("link", grid.where(*cell), why) for cell, why in grid.bad.items() if cell[0] > head and cell[1] in places.values()]
    for at in range(head + 1, len(grid.rows)):
        cells = {name: grid.text(at, column).strip() for name, column in places.items()}
        if any(cells.values()):
            rows.append(cells)
            where.append(grid.where(at, places["minute"]))
    if bad:
        raise SheetError(bad)
    return checked(rows, where)


def checked(rows: Sequence[Mapping[str, Any]], where: Sequence[str] = ()) -> list[Row]:
    """The rows with every field, by minute; rows without anything in them left out. where: what to call each in a fault.

    Raises SheetError with every fault.
    """
    faults: list[SheetFault] = []
    good: dict[int, Row] = {}
    for place, raw in enumerate(rows):
        row = {name: _text(raw.get(name)) for name in FIELDS}
        if not any(row.values()):
            continue
        here = where[place] if place < len(where) else str(place + 1)
        minute = _minute(row["minute"])
        faults += [SheetFault("long", here, value[:20]) for value in row.values() if len(value) > LONGEST]
        faults += [SheetFault("link", here, row[name]) for name in ("link_no", "item_id") if "E+" in row[name].upper()]
        if minute is None:
            faults.append(SheetFault("minute", here, row["minute"]))
        elif minute in good:
            faults.append(SheetFault("twice", here, str(minute)))
        else:
            good[minute] = row | {"minute": minute}
    if not good and not faults:
        faults.append(SheetFault("empty", "1"))
    if len(good) > MOST:
        faults.append(SheetFault("many", str(MOST + 1), str(MOST)))
    if faults:
        raise SheetError(faults)
    return [good[minute] for minute in sorted(good)]


def _minute(text: str) -> int | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return int(value) if value.is_finite() and value == value.to_integral_value() and 0 <= value <= LAST_MINUTE else None


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()


def event_rows(shop: str, account: str, sheet_at: datetime, rows: Sequence[Row], before: Sequence[Row] = ()) -> list[Row]:
    """The rows of one session's sheet as typed values, and a removal of every stored row (`before`) that is no longer in it."""
    same = {"shop": shop, "account": account, "kind": "script", "sheet_at": sheet_at}

    def typed(row: Mapping[str, Any]) -> Row:
        cells = {name: row[name] for name in FIELDS if name != "minute"}
        return same | {"happened_at": sheet_at + timedelta(minutes=int(row["minute"]))} | cells

    kept = {(int(row["minute"]), row["item_id"]) for row in rows}
    gone = [typed(row) | {"is_removed": True} for row in before if (int(row["minute"]), row["item_id"]) not in kept]
    return [typed(row) for row in rows] + gone
