"""What a plan workbook shows: columns, rows and their texts. Writing a sheet and reading it back go by the same form."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from connectors.files.header import INVISIBLE
from connectors.plan.build import Place, build, plain
from connectors.plan.errors import Fault, PlanError
from connectors.plan.model import Plan
from connectors.plan.workbook.words import spellings, word, words

KINDS = ("month_budget", "sales_target", "live_schedule", "other")
MAX_TEXT = 32_000  # a cell holds 32,767 characters
HEAD = ("title", "owner", "state")  # fields of the plan that stand above the table


@dataclass(frozen=True)
class Ask:
    """What a template was asked for: kind, period, shops, channels or metrics, split (month, day, item, person), language."""

    kind: str
    start: date
    end: date
    shops: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    split: str = "month"
    lang: str = "zh"
    currency: str = "CNY"

    @property
    def by_day(self) -> bool:
        return self.split == "day"


@dataclass(frozen=True)
class Column:
    """name: stable; headers: every spelling; choices: a drop-down list, strict when nothing else may be typed; kind: text, number, day, time."""

    name: str
    headers: tuple[str, ...]
    note: str = ""
    choices: tuple[str, ...] = ()
    is_strict: bool = False
    kind: str = "text"
    width: int = 12
    is_folded: bool = False


@dataclass
class Row:
    """key: stable name of the row; cells: text by column name; is_total: a sum that may be typed."""

    key: str
    cells: dict[str, str] = field(default_factory=dict)
    is_total: bool = False


@dataclass
class Form:
    columns: list[Column]
    rows: list[Row]

    def row(self, key: str) -> Row | None:
        return next((row for row in self.rows if row.key == key), None)


@dataclass
class Typed:
    """A row as it came back. where: column name -> address; `shown`: the row of the form it belongs to, None for a new one."""

    key: str
    cells: dict[str, str]
    where: Callable[[str], str]
    shown: Row | None = None
    numeric: frozenset[str] = frozenset()  # columns whose cell holds a number rather than text

    def says(self, name: str) -> str:
        return self.cells.get(name, "")

    def is_changed(self, name: str) -> bool:
        """Is the text another than the one that was written? A column that is gone changes nothing."""
        if name not in self.cells:
            return False
        before = self.shown.cells.get(name, "") if self.shown else ""
        return self.cells[name] != fitting(before)


class Draft:
    """A plan under way from cells: the nodes as raw tables, and where each of their fields stands in the sheet."""

    def __init__(self, base: Plan, source: str, sheet: str) -> None:
        raw = plain(base)
        self.head: dict[str, Any] = raw["plan"]
        self.nodes: dict[str, dict[str, Any]] = {node["id"]: node for node in raw["node"]}
        self.faults: list[Fault] = []
        self.source, self.sheet = source, sheet
        self._places: dict[tuple[str, str], str] = {}

    def put(self, node: str, values: Mapping[str, Any], places: Mapping[str, str]) -> None:
        """Set fields of a node (made when new); None takes a field away."""
        entry = self.nodes.setdefault(node, {"id": node})
        for name, value in values.items():
            if value is None or value == "" or value == {}:
                entry.pop(name, None)
            else:
                entry[name] = value
        self._places |= {(node, name): place for name, place in places.items()}

    def fault(self, where: str, what: str) -> None:
        self.faults.append(Fault(where, what))

    def cover(self, first: date, last: date) -> None:
        """The plan's own period takes in days that it now has numbers for."""
        if self.head.get("start") and self.head.get("end"):
            self.head["start"] = min(str(self.head["start"]), first.isoformat())
            self.head["end"] = max(str(self.head["end"]), last.isoformat())

    def remove(self, node: str) -> None:
        self.nodes.pop(node, None)

    def place(self, node: str, name: str) -> str:
        """The cell of a node's field; of another cell of its row; else the sheet."""
        outer = name.split(".")[0]
        return (
            self._places.get((node, name))
            or self._places.get((node, outer))
            or self._places.get((node, ""))
            or f"{self.sheet}, {node} {name}".strip()
        )

    def plan(self) -> Plan:
        """Raises PlanError with the faults of the cells and of the plan they make, each once."""
        faults = list(self.faults)
        place: Place = self.place
        try:
            made = build({"plan": self.head, "node": list(self.nodes.values())}, self.source, place)
        except PlanError as error:
            known = {each.where for each in faults}
            raise PlanError(
                self.source, [*faults, *(each for each in error.faults if each.where not in known)]
            ) from error
        if faults:
            raise PlanError(self.source, faults)
        return made


def fitting(text: str) -> str:
    """A text as a cell can hold it: no control characters, no blanks around it, not longer than a cell."""
    plain_text = "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c >= " " or c in "\n\t")
    kept = "".join(c for c in plain_text if not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff")[:MAX_TEXT]
    while (less := kept.strip().strip(INVISIBLE)) != kept:
        kept = less
    return kept


def spelled(name: str, unit: str = "", lang: str = "zh") -> tuple[str, ...]:
    """Header spellings of a column, the one to write first; `unit` stands behind it."""
    found = [word("column", name, lang), *spellings("column", name)]
    return tuple(
        dict.fromkeys(
            [f"{found[0]}（{unit}）" if unit and lang == "zh" else f"{found[0]} ({unit})" if unit else found[0], *found]
        )
    )


def column(name: str, lang: str, note: str = "", **more: Any) -> Column:
    return Column(name, spelled(name, more.pop("unit", ""), lang), note, **more)


def listed(name: str, group: str, lang: str, note: str = "", **more: Any) -> Column:
    """A column whose cells are words of a group."""
    return column(name, lang, note, choices=words(group, lang), is_strict=True, **more)


def periods(start: date, end: date, by_day: bool) -> list[tuple[str, date, date]]:
    """Months (2026-11) or days (2026-11-05) of a span with their first and last day, cut at the span's ends."""
    if by_day:
        days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
        return [(day.isoformat(), day, day) for day in days]
    found, first = [], start
    while first <= end:
        last = min(first.replace(day=calendar.monthrange(first.year, first.month)[1]), end)
        found.append((f"{first:%Y-%m}", first, last))
        first = last + timedelta(days=1)
    return found


def fresh(taken: Sequence[str] | set[str], stem: str) -> str:
    """The first of r1, r2, … that nobody has."""
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def unit_of(currency: str, lang: str) -> str:
    return ("元" if lang == "zh" else "CNY") if currency == "CNY" else currency
