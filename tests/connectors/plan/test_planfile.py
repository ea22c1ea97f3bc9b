"""Plan files: what is written is what is read, and what cannot be read says where."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.plan.build import build
from connectors.plan.errors import PlanError
from connectors.plan.model import DIRECTIONS, KINDS, PERIODS, Plan
from connectors.plan.planfile import parse_csv, parse_toml, read_plan, write_csv, write_toml

TYPED = st.sampled_from(["60万", "2-5万", "≥97%", "××", "XX多万", "20xx", "3～5小时", "1,234.50元", "-5%", "0", ""])
DUE = st.sampled_from(["1月下旬", "4月末至6月上旬", "open", "T-7", "T-3..T-1", "2026-02-28", "7-8月", "Q3", ""])
WORDS = st.text(max_size=12)
NAMES = st.text(min_size=1, max_size=6)
TABLE = st.dictionaries(NAMES, WORDS, max_size=3)
NODES = st.fixed_dictionaries(
    {"kind": st.sampled_from(sorted(KINDS))},
    optional={
        "name": WORDS.filter(lambda word: "刷单" not in word),
        "refs": st.lists(WORDS, max_size=3),
        "target": TYPED,
        "base": TYPED,
        "direction": st.sampled_from(DIRECTIONS),
        "period": st.sampled_from(PERIODS),
        "start": st.dates(date(2026, 1, 1), date(2026, 6, 30)),
        "end": st.dates(date(2026, 7, 1), date(2026, 12, 31)),
        "due": DUE,
        "windows": st.lists(DUE, max_size=3),
        "dims": TABLE,
        "scope": TABLE,
        "parts": st.dictionaries(NAMES, TYPED, max_size=3),
        "evidence": st.lists(WORDS, max_size=2),
        "note": WORDS,
        "text": WORDS,
    },
)
HEADS = st.fixed_dictionaries(
    {"id": st.just("p"), "start": st.just("2026-01-01")},
    optional={
        "title": WORDS,
        "note": WORDS,
        "missing": st.lists(WORDS, max_size=2),
        "axes": st.lists(WORDS, max_size=2),
        "text": WORDS,
        "edge_days": st.integers(1, 28),
        "events": st.dictionaries(
            st.from_regex(r"[^\s:]{1,6}", fullmatch=True), st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=2
        ),
    },
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan that a file can hold: a tree in which a node hangs under an earlier one."""
    nodes = draw(st.lists(NODES, max_size=5))
    for number, node in enumerate(nodes):
        node["id"] = f"n{number}"
        if number and draw(st.booleans()):
            node["parent"] = f"n{draw(st.integers(0, number - 1))}"
    return build({"plan": draw(HEADS), "node": nodes}, "drawn")


@given(plans())
def test_a_plan_written_as_toml_is_the_same_plan(plan: Plan) -> None:
    """No field and no blank is lost on the way to the file and back."""
    assert parse_toml(write_toml(plan), "drawn") == plan


@given(plans())
def test_a_plan_written_as_csv_is_the_same_plan(plan: Plan) -> None:
    """The same holds for the spreadsheet form, commas, quotes, line ends and semicolons included."""
    assert parse_csv(write_csv(plan), "drawn") == plan


@given(st.text(max_size=200))
def test_random_text_is_read_or_refused_with_a_place(text: str) -> None:
    """A file that is no plan ends in a PlanError that names faults, never in another error."""
    for parse in (parse_toml, parse_csv):
        with pytest.raises(PlanError) as refused:
            parse(text, "x")
        assert refused.value.faults


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "kind", "target", "due", "parts", "plan", "events", "formula"]) | st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
FIELDS = st.dictionaries(
    st.sampled_from(["id", "kind", "parent", "target", "due", "windows", "parts", "dims", "formula", "start", "refs", "edge_days", "events", "axes"]), JUNK
)  # fmt: skip


@given(
    st.one_of(
        JUNK.map(lambda junk: {"plan": junk}),
        st.fixed_dictionaries({"plan": FIELDS, "node": st.lists(FIELDS, max_size=3) | JUNK}),
    )
)
def test_values_of_any_shape_are_read_or_refused(raw: dict[str, object]) -> None:
    """A number where a table belongs, a list where a text belongs: a plan comes out, or PlanError."""
    try:
        plan = build(raw, "x")
    except PlanError as error:
        assert error.faults
    else:
        assert plan.id


def test_a_csv_file_reads_header_lines_and_dotted_columns() -> None:
    """`# key: value` lines fill the header, `parts.pay` a part; a spreadsheet's trailing commas say nothing."""
    plan = parse_csv(
        "# id: budget,,,\n# title: 预算，1月, 2月,,\n# start: 2026-01-01,,,\n"
        "id,kind,target,parts.pay,refs\nwages,budget,10.8万,1500,A1-07; A1-08\n",
        "b.csv",
    )
    assert (plan.id, plan.title, plan.start) == ("budget", "预算，1月, 2月", date(2026, 1, 1))
    [wages] = plan.nodes
    assert wages.target.value == Decimal(108_000)
    assert wages.parts["pay"].value == 1500
    assert wages.refs == ("A1-07", "A1-08")


def test_every_fault_is_named_with_its_line() -> None:
    """Three faults in two rows: three places, and nothing stored."""
    with pytest.raises(PlanError) as refused:
        parse_csv("# id: p\nid,kind,target,due\na,flow,about six,\nb,flux,5万,13月下旬\n", "p.csv")
    assert [fault.where for fault in refused.value.faults] == ["line 3, target", "line 4, kind", "line 4, due"]
    assert "The plan p.csv was not stored" in str(refused.value)


@pytest.mark.parametrize(
    ("nodes", "where", "says"),
    [
        ([{"id": "a", "kind": "flow"}, {"id": "a", "kind": "flow"}], "a.id", "used twice"),
        ([{"id": "a", "kind": "flow", "parent": "z"}], "a.parent", "no node 'z'"),
        ([{"id": "a", "kind": "flow", "parent": "b"}, {"id": "b", "kind": "flow", "parent": "a"}], "a.parent", "above itself"),
        ([{"id": "a", "kind": "flow", "formula": "{b} + 1"}, {"id": "b", "kind": "flow", "formula": "{a}"}], "a.formula", "comes back"),
        ([{"id": "a", "kind": "flow", "name": "稳定刷单"}], "a.kind", "never a target"),
        ([{"id": "a", "kind": "budget", "formula": "pay * heads", "parts": {"pay": "5"}}], "a.formula", "'heads'"),
        ([{"id": "a", "kind": "milestone", "start": "2026-03-01", "end": "2026-02-01"}], "a.end", "before the start"),
        ([{"id": "a", "kind": "flow", "wieght": "equal"}], "a.wieght", "no field 'wieght'"),
        ([{"kind": "flow"}], "node 1.id", "empty"),
        ([{"id": "a", "kind": "note", "dims": "sector"}], "a.dims", "not a table"),
    ],
)  # fmt: skip
def test_faults_of_the_tree(nodes: list[dict[str, object]], where: str, says: str) -> None:
    """Each rule of the tree is refused at its own place."""
    with pytest.raises(PlanError) as refused:
        build({"plan": {"id": "p"}, "node": nodes}, "x")
    assert any(fault.where == where and says in fault.what for fault in refused.value.faults), refused.value


def test_an_event_needs_a_name_that_a_due_date_can_say() -> None:
    """launch:T-7 could not name 'the launch'."""
    with pytest.raises(PlanError, match="no name of an event"):
        build({"plan": {"id": "p", "events": {"the launch": "2026-03-01"}}}, "x")


def test_files_that_cannot_be_opened_say_so(tmp_path: Path) -> None:
    """A missing file, and one that is not UTF-8."""
    with pytest.raises(PlanError, match="cannot be opened"):
        read_plan(tmp_path / "none.toml")
    (tmp_path / "gbk.csv").write_bytes("# id: 计划\n".encode("gbk"))
    with pytest.raises(PlanError, match="not UTF-8"):
        read_plan(tmp_path / "gbk.csv")
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbf" + b'[plan]\nid = "p"\n')
    assert read_plan(tmp_path / "bom.toml").id == "p"
