"""The 19 example plans lose nothing: every checklist id stands in its file, every number of its row in the nodes that name it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from connectors.plan.formula import references
from connectors.plan.model import Node, Plan
from connectors.plan.planfile import parse_toml, read_plan, write_toml

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted((ROOT / "plans" / "examples").glob("*.toml"))
PLANS = [*(f"a{k}" for k in range(1, 5)), *(f"b{k}" for k in range(1, 16))]

_ROW = re.compile(r"\|\s*([AB]\d{1,2}-\d{2})\s*\|(.*)")
_READ_CELLS = ("item", "target", "due")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NOT_A_VALUE = (
    re.compile(r"\([^()]*\)\s*\[calc\]|[^;|]*\[(?:calc|infer)\]"),  # own arithmetic or reading, back to the semicolon
    re.compile(r"\b[tsalcup]\d\d\b|\bH[12]\b|\bm2\b"),  # metric ids, half years, square metres
    re.compile(r"\b\d\d-\d\d\b$"),  # ids of other rows: "roll-up of 02-05"
    re.compile(r"\d+x+\b"),  # a masked year: 20xx
)
# Digits of a row that are no value of the document.
NO_VALUE: dict[str, str] = {
    "A1-34": "4",  # number of a heading
    "A2-17": "1 1 2 2",  # which check: 第一次, 第二次
    "B3-04": "6 7",  # the checklist's own sum without the post that is left out
    "B6-05": "64",  # the checklist's own sum, 47 + 6 + 11
    "B12-10": "24",  # a question of the checklist: all day or working hours
}
# Typed numbers whose row says them in words or in another row.
SAID_ELSEWHERE: dict[str, str] = {
    "A2-19": "7",  # early March to end of September
    "B15-09": "10 80 5",  # the three targets again
    "B5": "3",  # 三点做法; three-level
    "B6-05": "95",  # of B6-07, whose cases these are
}
ONE_NONE_ALL = {Decimal(1), Decimal(0), Decimal(100)}  # 1次 of a named thing, 0起 of a forbidden one, 100% of a list
TIMES_A_YEAR = {"month": 12, "quarter": 4}


class Row(NamedTuple):
    """A line of the checklist: its id, its cells by heading."""

    id: str
    cells: dict[str, str]

    @property
    def plan(self) -> str:
        return self.id.split("-")[0].lower()

    @property
    def stated(self) -> list[Decimal]:
        """Numbers that the document itself gives, as far as the row says."""
        found = [
            each for head, cell in self.cells.items() if head.startswith(_READ_CELLS) for each in numbers(bare(cell))
        ]
        return [each for each in found if each not in numbers(NO_VALUE.get(self.id, ""))]


def bare(cell: str) -> str:
    for pattern in _NOT_A_VALUE:
        cell = pattern.sub(" ", cell)
    return cell


def numbers(text: str) -> list[Decimal]:
    return [Decimal(each.replace(",", "")) for each in _NUMBER.findall(text)]


def rows(checklist: str) -> Iterator[Row]:
    heads: list[str] = []
    for line in checklist.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if line.startswith("| id |"):
            heads = cells[1:]
        elif _ROW.match(line):
            yield Row(cells[0], dict(zip(heads, cells[1:], strict=False)))


def carried(plan: Plan, nodes: list[Node]) -> set[Decimal]:
    """Numbers that a row's nodes carry: as typed or worded, how many they are, and what a list or a quota's year comes to."""
    ids, by_role = {node.id for node in nodes}, defaultdict[str, Decimal](Decimal)
    found = {Decimal(len(nodes)), Decimal(sum(node.parent in ids for node in nodes))}
    for node in nodes:
        of_formula = (plan.node(each).target for each in references(node.formula))
        typed = (
            node.target,
            node.base,
            node.opening,
            node.announced,
            *node.parts.values(),
            *node.weights.values(),
            *of_formula,
        )
        words = (node.name, node.note, node.text, node.due.text, node.formula)
        for text in (*(quantity.text for quantity in typed), *words, *(window.text for window in node.windows)):
            found.update(numbers(text))
        found.update(Decimal(len(each)) for each in (node.units, node.per, node.windows) if each)
        if node.kind in ("quota", "coverage") and node.period in TIMES_A_YEAR:
            times = TIMES_A_YEAR[node.period]
            found.add(times * ((node.kind == "quota" and node.target.value) or Decimal(1)))
        if node.kind == "note":
            found.add(Decimal(len(plan.missing)))
        for each in node.dims.values():
            by_role[each] += node.target.value or 0
    return found | set(by_role.values())


def has_blank(node: Node) -> bool:
    typed = (node.base, node.opening, *node.parts.values())
    return (
        node.target.is_blank
        or node.due.text == "open"
        or any(quantity.text and quantity.is_blank for quantity in typed)
    )


def plan_of(file: Path) -> str:
    return file.name.split("-")[0]


@pytest.fixture(scope="module")
def checklist(shared: Path) -> list[Row]:
    return list(rows((shared / "plans" / "origin-plans.md").read_text(encoding="utf-8")))


@pytest.fixture(scope="module", params=FILES, ids=plan_of)
def file(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture(scope="module")
def plan(file: Path) -> Plan:
    return read_plan(file)


def test_every_origin_plan_has_one_file() -> None:
    assert sorted(map(plan_of, FILES)) == sorted(PLANS)


def test_the_checklist_is_read_whole(checklist: list[Row]) -> None:
    """A1-01 … B15-10: 232 rows; B10 restates B1 and has none of its own."""
    assert (checklist[0].id, checklist[-1].id, len(checklist)) == ("A1-01", "B15-10", 232)
    assert {row.plan for row in checklist} == {each for each in PLANS if each != "b10"}
    per_month = next(row for row in checklist if row.id == "B3-11")
    assert per_month.stated == [2, 5, 2, 5]  # 24-60 a year and 667-1667 a day are own arithmetic


def test_the_file_is_a_plan_of_its_own_year_and_name(file: Path, plan: Plan) -> None:
    """The year is typed, never read from a document that masks it; and what is written again reads the same."""
    assert (plan.id, plan.end) == (plan_of(file), date(2026, 12, 31))
    assert "填表人" in plan.note
    assert parse_toml(write_toml(plan), plan.source) == plan


def test_every_checklist_id_is_named_and_no_other(file: Path, plan: Plan, checklist: list[Row]) -> None:
    named = {each for node in plan.nodes for each in node.refs}
    assert named == {row.id for row in checklist if row.plan == plan_of(file)}


def test_no_number_of_the_checklist_is_lost(file: Path, plan: Plan, checklist: list[Row]) -> None:
    lost = {}
    for row in checklist:
        if row.plan == plan_of(file):
            nodes = [node for node in plan.nodes if row.id in node.refs]
            lost[row.id] = [str(each) for each in row.stated if each not in carried(plan, nodes)]
    assert {row: each for row, each in lost.items() if each} == {}


def test_no_number_is_made_up(file: Path, plan: Plan, checklist: list[Row]) -> None:
    """A typed number stands in a row that the node names (b10 has no rows: it is held against b1 below)."""
    cells = {row.id: [each for cell in row.cells.values() for each in numbers(cell)] for row in checklist}
    strange = []
    for node in plan.nodes if plan.id != "b10" else ():
        said = {each for ref in node.refs for each in cells[ref]} | ONE_NONE_ALL
        said.update(
            each
            for key, text in SAID_ELSEWHERE.items()
            if key in (*node.refs, plan.id.upper())
            for each in numbers(text)
        )
        typed = (node.target, node.base, node.opening, node.announced, *node.parts.values(), *node.weights.values())
        strange += [(node.id, quantity.text) for quantity in typed if not said.issuperset(numbers(quantity.text))]
    assert strange == []


def test_blanks_stay_blank(file: Path, plan: Plan, checklist: list[Row]) -> None:
    """Where the checklist says blank or ××, a node of the row has no number where one belongs."""
    filled = []
    for row in checklist:
        says = " ".join(cell for head, cell in row.cells.items() if head.startswith(_READ_CELLS))
        if row.plan == plan_of(file) and re.search(r"\bblank\b|××", bare(says)):
            nodes = [node for node in plan.nodes if row.id in node.refs]
            if not any(map(has_blank, nodes)):
                filled.append(row.id)
    assert filled == []


def test_b10_is_b1_in_other_words() -> None:
    """Same lines, kinds and figures, so an import can warn of the near-duplicate."""
    first, again = (read_plan(next(each for each in FILES if plan_of(each) == name)) for name in ("b1", "b10"))

    def figures(plan: Plan) -> list[tuple[str, str, str, str]]:
        return [(node.kind, node.target.text, node.direction, node.period) for node in plan.nodes]

    assert figures(first) == figures(again)
    assert [node.target.text for node in again.nodes if node.kind == "coverage"] == [
        "25%",
        "100%",
        "100%",
        "100%",
        "50%",
        "50%",
    ]


def test_b2_counts_formats_by_station() -> None:
    """Three formats at eight stations are 24 cells."""
    plan = read_plan(next(each for each in FILES if plan_of(each) == "b2"))
    cells = {(node.dims["format"], unit) for node in plan.children("B2-18") for unit in node.units}
    assert len(cells) == 24
