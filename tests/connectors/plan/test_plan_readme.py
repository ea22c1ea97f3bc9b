"""plans/README.md shows what a plan file may hold; its examples are read as plans, in both languages alike."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from connectors.files.layout import layouts
from connectors.files.recognise import bind, signature_holds
from connectors.plan.build import plain_node
from connectors.plan.check import check
from connectors.plan.model import KINDS, NODE_FIELDS, PLAN_FIELDS, STATES, Plan
from connectors.plan.planfile import parse_toml
from connectors.plan.quantity import quantity
from connectors.plan.when import window

ROOT = Path(__file__).resolve().parents[3]
TEXTS = {name: (ROOT / "plans" / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")}
BOTH = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


def blocks(text: str) -> list[Plan]:
    return [parse_toml(block, "README") for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)]


def table_row(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"| {start} |"))


@BOTH
def test_each_kind_has_one_example(text: str) -> None:
    """In the order of the model, each with its word in the comment above; what is shown adds up."""
    plan = blocks(text)[1]
    assert [node.kind for node in plan.nodes] == list(dict.fromkeys(node.kind for node in plan.nodes))
    assert {node.kind for node in plan.nodes} == set(KINDS)
    assert re.findall(r"^  # (\w+)", text, re.MULTILINE) == [node.kind for node in plan.nodes]
    assert [finding.code for finding in check(plan) if finding.severity == "error"] == []


@BOTH
def test_its_metrics_are_in_the_catalogue(text: str) -> None:
    catalogue = tomllib.loads((ROOT / "queries" / "metrics.toml").read_text(encoding="utf-8"))
    named = {node.metric for plan in blocks(text) for node in plan.nodes if node.metric}
    assert named == named & set(catalogue) != set()


@BOTH
def test_every_field_is_named(text: str) -> None:
    """A field that nobody is told of is not used."""
    named = set(re.findall(r"`(\w+)`", text.split("## Fields" if "## Fields" in text else "## 字段")[1]))
    assert set(NODE_FIELDS) | set(PLAN_FIELDS) - {"nodes"} <= named
    assert all(state in text for state in STATES)


@BOTH
def test_the_ways_of_writing_a_value_are_read(text: str) -> None:
    """Numbers and days of the table, each as its cell shows it."""
    rows = [re.findall(r"`([^`]+)`", line.split("|")[2]) for line in text.splitlines() if line.startswith("| ")]
    numbers, blanks, dues, relatives = (
        next(row for row in rows if first in row) for first in ("10.8万", "××", "1月下旬", "T-7")
    )
    assert [quantity(each).is_blank for each in numbers] == [False] * len(numbers)
    assert [quantity(each).is_blank for each in blanks] == [True] * len(blanks)
    assert [window(each, 2026).is_open for each in dues] == [False] * len(dues)
    assert [window(each, 2026).relative for each in relatives] == [True] * len(relatives)


def test_both_languages_say_the_same() -> None:
    """Same nodes, kinds and figures; only the words differ."""
    told = [
        [{name: value for name, value in plain_node(node).items() if name in ("id", "kind", "target", "base", "opening", "period", "formula", "metric")} for node in plan.nodes]
        for plans in zip(*map(blocks, TEXTS.values()), strict=True)
        for plan in plans
    ]  # fmt: skip
    assert told[0::2] == told[1::2]


@pytest.mark.parametrize(
    ("name", "row", "layout"),
    [("README.md", "activity log", "activity_log"), ("README.zh-CN.md", "活动记录", "activity_log"),
     ("README.md", "typed actuals", "plan_values"), ("README.zh-CN.md", "计划实际值", "plan_values")],
)  # fmt: skip
def test_a_file_with_the_headers_it_names_is_known(name: str, row: str, layout: str) -> None:
    """Every header of the table fills a column of its own."""
    cell = re.sub(r"[（(][^（()）]*[)）]", "", table_row(TEXTS[name], row).split("|")[2])
    headers = [each.strip() for each in re.split("[,，]", re.split("[;；]", cell)[0])]
    (view,) = layouts()[layout].views
    assert signature_holds(headers, view)
    assert sorted(bind(headers, view).values()) == sorted(headers)
    assert len(headers) == len(view.fields) - (layout == "activity_log")  # 编号 is named behind the semicolon
