"""Editing a plan as a table: what the table does not show stays, amounts follow to the cent where they added up."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal as D

import pandas as pd
import pytest

from dashboard import panels_plan_edit
from dashboard.plans import Standing
from queries.plan.nodes import Node, depth_first

RAW = {
    "plan": {"id": "b", "title": "预算"},
    "node": [
        {"id": "all", "kind": "budget", "target": "5万", "refs": ["B3-11"]},
        {"id": "a", "kind": "budget", "parent": "all", "target": "3万", "scope": {"purse": "alimama"}},
        {"id": "b", "kind": "budget", "parent": "all", "target": "2万", "owner": "李"},
    ],
}  # fmt: skip


def node(id: str, parent: str, target: object) -> Node:  # noqa: A002
    value = None if target is None else D(str(target))
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    return Node("b", id, parent, "budget", "", "", "", "CNY", first, last, value, None, None, "", "", "", "issued", "", "")


def standing(*nodes: Node) -> Standing:
    return Standing("b", date(2026, 11, 10), tuple(depth_first(nodes)), {})


def test_what_the_table_does_not_show_stays() -> None:
    """A new owner and a changed amount go in; scope and refs, which have no column, are still there."""
    edited = panels_plan_edit.table(RAW)
    edited.loc[1, "target"], edited.loc[2, "owner"] = "3.5万", ""
    after = panels_plan_edit.merged(RAW, edited)
    assert after["node"][1] == {"id": "a", "kind": "budget", "parent": "all", "target": "3.5万", "scope": {"purse": "alimama"}}
    assert after["node"][0] == RAW["node"][0]
    assert "owner" not in after["node"][2]


def test_an_untouched_table_changes_nothing() -> None:
    assert panels_plan_edit.merged(RAW, panels_plan_edit.table(RAW)) == RAW


def test_lines_are_added_and_dropped() -> None:
    edited = pd.concat([panels_plan_edit.table(RAW).iloc[:2], pd.DataFrame([{"id": "c", "kind": "note", "name": "新"}, {"id": None}])])
    after = panels_plan_edit.merged(RAW, edited)
    assert [each["id"] for each in after["node"]] == ["all", "a", "c"]
    assert after["node"][2] == {"id": "c", "name": "新", "kind": "note"}


@pytest.mark.parametrize(
    ("changed", "now", "want"),
    [
        ({"all"}, {"all": D(60000)}, {"a": "36000", "b": "24000"}),  # a total: the parts keep 3 to 2
        ({"a"}, {"a": D(35000)}, {"b": "15000"}),  # a part: the total stays, the other makes room
        ({"all", "a"}, {"all": D(60000), "a": D(20000)}, {"b": "40000"}),
    ],
)
def test_amounts_follow(changed: set[str], now: dict[str, D], want: dict[str, str]) -> None:
    found = standing(node("all", "", 50000), node("a", "all", 30000), node("b", "all", 20000))
    assert panels_plan_edit.followed(found, now, changed) == want


def test_a_total_that_never_added_up_is_left_alone() -> None:
    """25.8万 stated over 23.4万 of parts is the author's to mend."""
    found = standing(node("all", "", 258000), node("a", "all", 234000))
    assert panels_plan_edit.followed(found, {"a": D(240000)}, {"a"}) == {}


def test_changes_are_told_field_by_field() -> None:
    before, after = {"id": "a", "target": "3万", "_": {}}, {"id": "a", "target": "3.5万", "owner": "李", "_": {"x": 1}}
    changes = pd.DataFrame([{"node": "a", "before": json.dumps(before), "after": json.dumps(after)}, {"node": "c", "before": None, "after": json.dumps({"target": "1"})}])
    found = panels_plan_edit.changed_fields(changes)
    assert [(row.node, row.before, row.after) for row in found.itertuples()] == [("a", "3万", "3.5万"), ("a", "", "李"), ("c", "", "1")]
