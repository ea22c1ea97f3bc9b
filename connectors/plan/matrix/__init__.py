"""A month table as planners draw it -> a plan: each line's months under the month's total and the whole.

Totals that the table states are kept as they stand, beside what its lines come to; nothing is corrected. What is blank makes
no node. A number that cannot belong to any line is named in the plan's note.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.plan.aliases import Row as Alias
from connectors.plan.aliases import metric_of, question, resolve, tool_of
from connectors.plan.errors import Fault, PlanError
from connectors.plan.matrix.find import turned
from connectors.plan.matrix.guess import guess_matrix
from connectors.plan.matrix.lines import Line, Lines
from connectors.plan.matrix.reading import MatrixReading, index_of
from connectors.plan.model import Plan, amount
from connectors.plan.quantity import NotAQuantity, Quantity, quantity
from connectors.plan.workbook.form import Draft
from connectors.plan.workbook.grid import Grid, Source, number, open_grids

BARE = re.compile(r"[+-]?[\d,.]+(?:\s*[-~～至]\s*[\d,.]+)?")  # a number, or a band, that takes the table's unit
EMPTY = re.compile(r"[-—–/]*")
ZERO = Decimal(0)
TYPED_UNITS = ("元", "万元", "千元", "百万元", "千万元", "亿元")  # a number with one of these behind it says it all


def read_matrix(
    source: Source, sheet: str = "", *, header: str = "", year: int | None = None, unit: str = "", kind: str = "", metric: str = "",
    name: str = "", id: str = "", aliases: Iterable[Alias] = (),  # noqa: A002 - the field's own word
) -> Plan:  # fmt: skip
    """The plan in a month table. Raises PlanError: faults name sheet, header, year, unit or kind where two readings are possible, else cells."""
    reading = guess_matrix(source, sheet, header=header, year=year, unit=unit, kind=kind, metric=metric, name=name)
    return read_with(source, reading, name=name, id=id, aliases=aliases)


def read_with(
    source: Source, reading: MatrixReading, *, name: str = "", id: str = "", aliases: Iterable[Alias] = ()  # noqa: A002
) -> Plan:  # fmt: skip
    """The plan in a table of a known shape. Raises PlanError with every fault and its cell."""
    title = name or (source.name if isinstance(source, Path) else "table.xlsx")
    grid = next((each for each in open_grids(source, title) if each.name == reading.sheet), None)
    if grid is None:
        raise PlanError(
            title, [Fault(title, f"there is no sheet '{reading.sheet}'. Guess again how the table is read.")]
        )
    return _Table(turned(grid) if reading.months == "down" else grid, reading, title, id, tuple(aliases)).plan()


class _Table:
    """One table under way: months are columns here, whichever way it was drawn."""

    def __init__(self, grid: Grid, reading: MatrixReading, title: str, id: str, aliases: Sequence[Alias]) -> None:  # noqa: A002
        self.grid, self.reading, self.aliases = grid, reading, aliases
        self.header = index_of(reading.header)
        self.columns = {index_of(place): month for place, month in reading.periods.items()}
        self.group = "budget" if reading.kind == "budget" else reading.metric
        months = sorted(self.columns.values())
        self.first, self.last = _month(months[0])[0], _month(months[-1])[1]
        base = Plan(
            id or f"{re.sub(r'[^0-9A-Za-z一-鿿]+', '-', reading.sheet).strip('-') or 'plan'}-{months[0]}", title=reading.title, source=title,
            kind="month_budget" if reading.kind == "budget" else "sales_target", start=self.first, end=self.last, currency=reading.currency,
        )  # fmt: skip
        self.draft = Draft(base, title, grid.name)
        self.left: list[str] = []

    def plan(self) -> Plan:
        """Raises PlanError."""
        found = Lines(self.grid, self.header, set(self.columns), self.draft)
        lines, totals_at, self.left = found.read(), found.totals, found.left
        if not any(line.kind == "line" for line in lines):
            self.draft.fault(self.grid.name, "no line has a number under a month. Guess again how the table is read.")
        stated = {
            (line.kind, line.group, month): self._cell(line, c)
            for line in lines
            if line.kind != "line"
            for c, month in self.columns.items()
        }
        groups = list(dict.fromkeys(line.group for line in lines if line.kind == "line"))
        grouped = any(line.kind == "part" for line in lines) or len(groups) > 1
        for line in lines:
            line.group = line.group if grouped else ""
        if self.group:
            self._totals(lines, stated, groups if grouped else [])
        for number_, line in enumerate((each for each in lines if each.kind == "line"), 1):
            self._line(line, f"r{number_}", groups.index(line.group) + 1 if grouped and line.group else 0)
            for column in totals_at:
                self._stated(line, f"r{number_}", column)
        if self.left:
            self.draft.head["note"] = "; ".join(["Not read, outside the table:", *self.left])
        return self.draft.plan()

    def _cell(self, line: Line, column: int) -> Quantity | None:
        """A number with the table's unit; None for a blank. A number shown as a date counts where a sum stands, and only if it is that sum."""
        where = self.grid.where(line.at, column)
        if why := self.grid.bad.get((line.at, column)):
            self.draft.fault(where, f"the cell {why}. Type the number itself.")
        first, last = self.grid.block(line.at, column)
        if first != last and self.grid.filled(line.at, column):
            if (line.at, column) == first:
                self.draft.fault(
                    where,
                    f"{self.grid.text(*first)} stands over several merged cells. Split the cells and write each its own number.",
                )
            return None
        value, text = self.grid.value(line.at, column), self.grid.text(line.at, column)
        if EMPTY.fullmatch(text):
            return None
        if isinstance(value, date | datetime):
            serial = number(
                (
                    (value if isinstance(value, datetime) else datetime(value.year, value.month, value.day))
                    - datetime(1899, 12, 30)
                )
                / timedelta(days=1)
            )
            if line.kind == "line":
                self.draft.fault(
                    where, f"it shows the date {text}. If the number {serial} is meant, format the cell as a number."
                )
                return None
            text = serial
        return self._quantity(text, line.about.get("unit", ""), where)

    def _quantity(self, text: str, unit: str, where: str) -> Quantity | None:
        try:
            found = quantity(text)
            if found.is_blank or not BARE.fullmatch(text):
                return found
            word = unit or self.reading.unit
            if word in TYPED_UNITS or unit:
                return quantity(f"{text}{word}")
            scale = Decimal(self.reading.scale)
            ends = [amount((end or ZERO) * scale) for end in (found.low, found.high)]
            return quantity(ends[0] if ends[0] == ends[1] else "-".join(ends))
        except NotAQuantity as error:
            self.draft.fault(where, str(error))
            return None

    def _totals(
        self, lines: Sequence[Line], stated: dict[tuple[str, str, str], Quantity | None], groups: Sequence[str]
    ) -> None:
        """The whole, its months and the groups within; a stated sum is the target of its node."""
        kind = {
            "kind": self.reading.kind,
            "metric": "" if self.group == "budget" else self.group,
            "total": "sum",
            "source": "children",
        }
        self.draft.put(
            self.group,
            {**kind, "name": self.reading.title, "start": self.first.isoformat(), "end": self.last.isoformat()},
            {},
        )
        at = {(line.kind, line.group): line.at for line in lines}
        for c, month in sorted(self.columns.items(), key=lambda each: each[1]):
            first, last = _month(month)
            days = {"period": "month", "start": first.isoformat(), "end": last.isoformat()}
            steps = [
                ("total", "", f"{self.group}@{month}", self.group),
                *(("part", name, f"g{n}@{month}", f"{self.group}@{month}") for n, name in enumerate(groups, 1) if name),
            ]
            for step, name, node, parent in steps:
                found = stated.get((step, name, month))
                where = self.grid.where(at[step, name], c) if (step, name) in at else self.grid.name
                self.draft.put(
                    node,
                    {
                        **kind,
                        **days,
                        "parent": parent,
                        "name": f"{name or self.reading.title} {month}",
                        "target": found.text if found else "",
                        "unit": self._unit(),
                    },
                    {"": where, "target": where},
                )

    def _unit(self) -> str:
        return "元" if self.reading.currency == "CNY" else self.reading.currency

    def _line(self, line: Line, key: str, group: int) -> None:
        about = self._about(line)
        for c, month in self.columns.items():
            found = self._cell(line, c)
            if found is None or about is None:
                continue
            first, last = _month(month)
            where = self.grid.where(line.at, c)
            parent = (f"g{group}@{month}" if group else f"{self.group}@{month}") if self.group else ""
            typed = (
                f"{self.grid.text(line.at, c)} {self.reading.unit}" if found.text != self.grid.text(line.at, c) else ""
            )
            values = {
                "parent": parent,
                "target": found.text,
                "period": "month",
                "start": first.isoformat(),
                "end": last.isoformat(),
                "text": typed,
            }
            self.draft.put(f"{key}@{month}", {**about, **values}, {"": where, "target": where})

    def _stated(self, line: Line, key: str, column: int) -> None:
        """The table's own sum of a line stands beside it, with what the months come to when that differs."""
        found = self._cell(Line(line.at, line.name, line.group, "total", line.about), column)
        if found is None:
            return
        head = self.grid.filled(self.header, column)
        cells = [self._cell(line, c) for c in self.columns]
        computed = sum((cell.value for cell in cells if cell and cell.value is not None), ZERO)
        note = (
            ""
            if found.value == computed
            else f"stated {amount(found.value)}, the months shown come to {amount(computed)}"
        )
        self.draft.put(
            f"{key}@{head}",
            {"kind": "series", "name": f"{line.name} {head}", "target": found.text, "note": note},
            {"": self.grid.where(line.at, column)},
        )

    def _about(self, line: Line) -> dict[str, Any] | None:
        """What the line's nodes share."""
        shared: dict[str, Any] = {name: line.about.get(name, "") for name in ("owner", "note", "shop")}
        if self.reading.kind != "budget":
            word = metric_of(self.reading.metric or line.name)
            kind, total = (word.kind, word.total) if word else ("flow", "sum")
            name = {} if word and not self.reading.metric else {"line": line.name}
            return {
                **shared,
                "kind": kind,
                "name": line.name,
                "metric": word.id if word else "",
                "total": total,
                "dims": name,
                "source": "metric" if word and not name else "typed",
            }
        found = resolve(line.name, self.aliases)
        if found.is_ambiguous:
            self.draft.fault(self.grid.where(line.at, min(self.columns) - 1), question(line.name, found.candidates))
            return None
        tool = tool_of(found.name or line.name)
        dims = {name: text for name, text in (("part", line.group), ("channel", "" if tool else line.name)) if text}
        return {
            **shared, "kind": "budget", "name": found.name or line.name, "metric": tool.metric if tool else "", "scope": dict(tool.scope) if tool else {}, "dims": dims,
            "direction": "at_most", "total": "sum", "unit": self._unit(), "source": "metric" if tool and tool.metric else "cost",
        }  # fmt: skip


def _month(month: str) -> tuple[date, date]:
    year, number_ = map(int, month.split("-"))
    return date(year, number_, 1), date(year, number_, calendar.monthrange(year, number_)[1])
