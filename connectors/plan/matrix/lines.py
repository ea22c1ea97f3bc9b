"""Rows of a month table: what each is called, its group, and which rows are sums of others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.plan.quantity import NotAQuantity, quantity
from connectors.plan.workbook.form import Draft
from connectors.plan.workbook.grid import Grid

TOTAL = re.compile(r"合计|总计|总额|汇总|总预算|\b(?:grand\s+)?total\b|\bsum\b", re.IGNORECASE)
PART = re.compile(r"小计|\bsub-?\s*total\b", re.IGNORECASE)
COLUMNS = {
    "owner": ("负责人", "owner"),
    "note": ("备注", "说明", "note", "remarks"),
    "unit": ("单位", "unit"),
    "shop": ("店铺", "shop"),
    "number": ("序号", "no.", "#", "no"),
}
SPAN = re.compile(r"季度?$|q[1-4]|半年|年$|^20\d\d$")
KEPT = ("owner", "note", "unit", "shop")
ZERO = Decimal(0)


@dataclass
class Line:
    """A row of the table: its place, name and group; kind: line, part (a subtotal) or total."""

    at: int
    name: str
    group: str = ""
    kind: str = "line"
    about: dict[str, str] = field(default_factory=dict)


class Lines:
    """The rows below the header. totals: columns with the table's own sums; left: numbers that belong to no line."""

    def __init__(self, grid: Grid, header: int, columns: set[int], draft: Draft) -> None:
        self.grid, self.header, self.columns, self.draft = grid, header, columns, draft
        self.totals: list[int] = []
        self.left: list[str] = []

    def read(self) -> list[Line]:
        """Rows of the table in order, each with its group. Faults go to the draft."""
        places = self._sides()
        lines: list[Line] = []
        group = ""
        for r in range(self.header + 1, len(self.grid.rows)):
            text = {name: self.grid.filled(r, c) for name, c in places.items()}
            above, name = text.get("group", ""), text.get("name", "")
            whole = name or (above if TOTAL.search(above) or PART.search(above) else "")
            has = any(self.grid.text(r, c) or (r, c) in self.grid.bad for c in self.columns)
            self._stray(r, places, is_nameless=has and not whole)
            group = above or group
            if whole and has:
                own = "" if TOTAL.search(group) or PART.search(group) else group
                kind = "part" if PART.search(whole) else "total" if TOTAL.search(whole) else "line"
                lines.append(Line(r, whole, own, kind, {k: v for k, v in text.items() if k in KEPT}))
            elif whole and "group" not in places and not TOTAL.search(name):
                group = name  # a heading over its lines
        return self._grouped(lines)

    def _sides(self) -> dict[str, int]:
        """Columns beside the months: names, owner, note, unit; columns with the table's own sums are kept apart."""
        places: dict[str, int] = {}
        for c in range(self.grid.width):
            text = self.grid.filled(self.header, c).strip().casefold()
            word = next((name for name, spellings in COLUMNS.items() if text in spellings), "")
            if c in self.columns or not any(self.grid.text(r, c) for r in range(self.header + 1, len(self.grid.rows))):
                continue
            if word:
                places.setdefault(word, c)
            elif TOTAL.search(text) or PART.search(text) or (c > min(self.columns) and SPAN.search(text)):
                self.totals.append(c)
            elif c < min(self.columns):
                places |= {"group": places["name"]} if "name" in places and "group" not in places else {}
                places["name"] = c
        if "name" not in places:
            where = self.grid.where(self.header, 0)
            self.draft.fault(where, "no column with the lines' names stands before the months.")
        return places

    def _stray(self, row: int, places: dict[str, int], is_nameless: bool) -> None:
        """Numbers that belong to no line and month; the table's own sums are read elsewhere."""
        for c in range(self.grid.width):
            beside = c not in self.columns and c not in places.values() and c not in self.totals
            is_number = isinstance(self.grid.value(row, c), int | float)
            if is_number and ((is_nameless and c in self.columns) or (beside and not self.grid.text(self.header, c))):
                self.left.append(f"{self.grid.where(row, c)} {self.grid.text(row, c)}")

    def _grouped(self, lines: list[Line]) -> list[Line]:
        """A subtotal closes the lines above it: they are its group, when no column named one."""
        seen: list[Line] = []
        open_: list[Line] = []
        for place, line in enumerate(lines):
            if line.kind == "line":
                open_.append(line)
                seen.append(line)
                continue
            if line.kind == "total" and open_ and any(each.kind == "line" for each in lines[place + 1 :]):
                line.kind = self._what(line, open_, seen)
            elif line.kind == "total" and 0 < len(open_) < len(seen) and self._sum([line]) == self._sum(open_):
                line.kind = "part"
            if line.kind == "part":
                name = PART.sub("", TOTAL.sub("", line.name)).strip(" :：（）()-") or open_[0].group if open_ else ""
                line.group = next((each.group for each in open_ if each.group), "") or name or line.name
                for each in open_:
                    each.group = each.group or line.group
                open_ = []
            else:
                line.group = ""
        return lines

    def _what(self, line: Line, open_: list[Line], seen: list[Line]) -> str:
        """Is a sum in the middle that of the lines since the last one, or of all? Its own numbers must say."""
        stated = self._sum([line])
        is_part, is_total = stated == self._sum(open_), stated == self._sum(seen)
        if is_part != is_total or len(open_) == len(seen):
            return "part" if is_part else "total" if is_total else self._asked(line)
        return self._asked(line)

    def _asked(self, line: Line) -> str:
        where = self.grid.where(line.at, min(self.columns))
        self.draft.fault(
            where,
            f"'{line.name}' is neither the sum of the lines above it nor of its group. Name it 小计 for a group, 总计 for all, or correct it.",
        )
        return "part"

    def _sum(self, lines: list[Line]) -> Decimal:
        found = ZERO
        for line in lines:
            for c in self.columns:
                try:
                    found += quantity(self.grid.text(line.at, c)).value or ZERO
                except NotAQuantity:
                    continue  # the cell itself is the fault
        return found.quantize(Decimal("0.000001"))
