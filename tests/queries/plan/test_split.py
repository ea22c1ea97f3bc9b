"""A plan's amounts add up to the cent at every level, whatever was typed, locked or left blank."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.plan.edits import Draft, Edit, from_record, replay, to_record
from queries.plan.errors import PlanError
from queries.plan.split import Node, Nodes, by_parent, solve, spread, unassigned

START = datetime(2026, 11, 1, 9)


def tree(*rows: tuple[str, str | None, int, int | None]) -> Nodes:
    return {name: Node(name, parent, weight, typed) for name, parent, weight, typed in rows}


def edit(kind: str, node: str, **what: object) -> Edit:
    return Edit("lin", START, kind, node, **what)  # type: ignore[arg-type]


YEAR = tree(
    ("2026", None, 1, 100_00),
    *((f"q{n}", "2026", n, None) for n in (1, 2, 3, 4)),
    *((f"q1m{n}", "q1", 1, None) for n in (1, 2, 3)),
)


def test_largest_remainder_by_hand() -> None:
    """100.00 in three: the odd cent goes to the first. 10.00 as 3:3:1 = 428.57, 428.57, 142.86 cents: the last rounds up."""
    assert spread(10_000, [1, 1, 1]) == [3334, 3333, 3333]
    assert spread(1000, [3, 3, 1]) == [429, 428, 143]
    assert spread(5, [0, 0]) == [3, 2]
    assert spread(0, [1, 2]) == [0, 0]


def test_a_year_by_hand() -> None:
    """100 as 1:2:3:4 is 10, 20, 30, 40; 10 in three months is 3.34, 3.33, 3.33."""
    amounts = solve(YEAR)
    assert [amounts[f"q{n}"] for n in (1, 2, 3, 4)] == [1000, 2000, 3000, 4000]
    assert [amounts[f"q1m{n}"] for n in (1, 2, 3)] == [334, 333, 333]


def test_an_edited_child_keeps_its_amount_and_its_siblings_share_the_rest() -> None:
    """q2 set to 46: 54 is left for 1:3:4 = 6.75, 20.25, 27. Unlocked again it is 20."""
    draft = replay(YEAR, [edit("set", "q2", cents=4600)])
    assert [draft.amounts[f"q{n}"] for n in (1, 2, 3, 4)] == [675, 4600, 2025, 2700]
    assert [draft.amounts[f"q1m{n}"] for n in (1, 2, 3)] == [225, 225, 225]
    assert draft.do(edit("unlock", "q2")).amounts == solve(YEAR)
    assert draft.undo().amounts == solve(YEAR)


def test_editing_a_parent_rescales_what_is_not_set() -> None:
    """The year rises to 200: q2 stays 46, the others share 154 as 1:3:4 = 19.25, 57.75, 77."""
    draft = replay(YEAR, [edit("set", "q2", cents=4600), edit("set", "2026", cents=200_00)])
    assert [draft.amounts[f"q{n}"] for n in (1, 2, 3, 4)] == [1925, 4600, 5775, 7700]


def test_an_amount_set_far_down_holds_up_what_stands_above_it() -> None:
    """January alone is set to 40: q1 cannot be 10, it is 40; the other 60 go as 2:3:4 = 13.33, 20, 26.67."""
    draft = replay(YEAR, [edit("set", "q1m1", cents=4000)])
    assert [draft.amounts[f"q{n}"] for n in (1, 2, 3, 4)] == [4000, 1333, 2000, 2667]
    assert [draft.amounts[f"q1m{n}"] for n in (1, 2, 3)] == [4000, 0, 0]


def test_a_parent_whose_parts_are_all_set_takes_no_more() -> None:
    """All three months are set to 1: q1 is 3 though its weight would give it 10; 97 go as 2:3:4."""
    draft = replay(YEAR, [edit("set", f"q1m{n}", cents=100) for n in (1, 2, 3)])
    assert [draft.amounts[f"q{n}"] for n in (1, 2, 3, 4)] == [300, 2156, 3233, 4311]


def test_contradictions_are_refused_with_both_sums_and_change_nothing() -> None:
    """Set children of 120 under a set 100 are reported, never corrected."""
    draft = replay(YEAR, [edit("set", "q2", cents=60_00)])
    with pytest.raises(
        PlanError, match=r"'2026' is set to 100\.00, but amounts set below it add up to 120\.00.*unlock"
    ):
        draft.do(edit("set", "q3", cents=60_00))
    assert draft.amounts["q2"] == 6000 and len(draft.edits) == 1
    full = replay(YEAR, [edit("set", f"q{n}", cents=2500) for n in (1, 2, 3, 4)])
    with pytest.raises(PlanError, match=r"everything below it is set and adds up to 100\.00"):
        full.do(edit("set", "2026", cents=101_00))


def test_blank_stays_blank() -> None:
    """A blank quarter takes no part; when the others are all set, what is left stays open and is named."""
    draft = replay(YEAR, [edit("blank", "q4")])
    assert [draft.amounts[f"q{n}"] for n in (1, 2, 3, 4)] == [1667, 3333, 5000, None]
    for n in (1, 2, 3):
        draft = draft.do(edit("set", f"q{n}", cents=1000))
    assert draft.amounts["q4"] is None
    assert unassigned(draft.nodes, draft.amounts) == {"2026": 7000}


def test_a_plan_without_a_total_invents_none() -> None:
    """Nothing typed above: only what was typed has an amount, and its own parts."""
    nodes = {**YEAR, "2026": Node("2026", None), "q1": Node("q1", "2026", 1, 1000)}
    amounts = solve(nodes)
    assert amounts["2026"] is None and amounts["q2"] is None and amounts["q1"] == 1000 and amounts["q1m1"] == 334


def test_bad_edits_say_what_to_do() -> None:
    """Unknown ids, negative or broken amounts, a parent that is not there, a circle."""
    draft = replay(YEAR)
    for bad, words in (
        (edit("set", "q9", cents=1), "'q9' is not in the plan"),
        (edit("set", "q1", cents=-1), "whole number, 0 or more, not -1"),
        (edit("set", "q1"), "not None"),
        (edit("add", "q1", parent="2026"), "already"),
        (edit("add", "x", parent="nowhere"), "'nowhere', which is not in the plan"),
        (edit("paint", "q1"), "'paint' is not known"),
    ):
        with pytest.raises(PlanError, match=words):
            draft.do(bad)
    with pytest.raises(PlanError, match="stands under itself"):
        solve({"a": Node("a", "b"), "b": Node("b", "a")})


def test_an_edit_survives_its_file() -> None:
    """What is written to a version's file reads back as the same edit; a broken record is refused by name."""
    one = edit("add", "x", parent="q1", weight=3)
    assert from_record(json.loads(json.dumps(to_record(one)))) == one
    with pytest.raises(PlanError, match="cannot be read"):
        from_record({"author": "lin", "kind": "set", "node": "q1"})


KINDS = ("set", "set", "set", "unlock", "blank", "weigh", "add", "remove")
STEPS = st.tuples(st.sampled_from(KINDS), st.integers(0, 10_000), st.integers(0, 3_000_000))


def check(draft: Draft) -> None:
    """At every level: children plus what blanks leave open are the parent; typed is kept; nothing is negative."""
    left = unassigned(draft.nodes, draft.amounts)
    for name, node in draft.nodes.items():
        if node.typed is not None:
            assert draft.amounts[name] == node.typed
        assert (draft.amounts[name] or 0) >= 0
        assert not node.blank or draft.amounts[name] is None
    for parent, names in by_parent(draft.nodes).items():
        whole = draft.amounts[parent]
        if whole is None:
            continue
        assert sum(draft.amounts[n] or 0 for n in names if not draft.nodes[n].blank) + left.get(parent, 0) == whole
        open_ = left.get(parent, 0)
        assert open_ == 0 or (open_ > 0 and any(draft.nodes[n].blank for n in names))


@settings(max_examples=200)
@given(st.lists(STEPS, min_size=50, max_size=50), st.integers(0, 10**9))
def test_ten_thousand_random_edits(steps: list[tuple[str, int, int]], total: int) -> None:
    """200 plans x 50 edits: sums exact after every one, refused ones change nothing, the list replays to the same plan."""
    draft = replay({**YEAR, "2026": Node("2026", None, 1, total)})
    for number, (kind, pick, value) in enumerate(steps):
        names = list(draft.nodes)
        node = names[pick % len(names)]
        if kind == "remove" and node == "2026":
            continue
        at = START + timedelta(minutes=number)
        parent = node if kind == "add" else None
        fresh = f"n{number}" if kind == "add" else node
        try:
            after = draft.do(Edit("wu", at, kind, fresh, cents=value, weight=value % 7, parent=parent))
        except PlanError:
            assert draft.amounts == solve(draft.nodes)
            continue
        check(after)
        draft = after
    again = replay(draft.start, [from_record(json.loads(json.dumps(to_record(e)))) for e in draft.edits])
    assert again.amounts == draft.amounts and list(again.nodes.items()) == list(draft.nodes.items())


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_each_part_is_within_a_cent_of_its_share(cents: int, weights: list[int]) -> None:
    """Largest remainder: nobody is more than a cent away from the exact proportion."""
    parts, whole = spread(cents, weights), sum(weights)
    assert sum(parts) == cents
    if whole:
        assert all(abs(Fraction(cents * w, whole) - p) < 1 for p, w in zip(parts, weights, strict=True))
