"""A plan that goes out in a workbook and comes back untouched is the same plan; what was typed is all that changes."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.plan.build import build
from connectors.plan.model import KINDS, PERIODS, STATES, Plan
from connectors.plan.planfile import read_plan
from connectors.plan.workbook import read_workbook, template

ROOT = Path(__file__).parents[3]
START = date(2026, 10, 1)
EXAMPLES = sorted((ROOT / "plans/examples").glob("*.toml"))
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12).map(str.strip)
NUMBER = st.one_of(
    st.sampled_from(
        ["", "××", "0", "2.5万", "2-5万", "97%", "≥3", "1,200", "30000.00", "12345678901234.56", "3～5小时"]
    ),
    st.decimals(0, 10**9, places=2).map(str),
    st.integers(-(10**17), 10**17).map(str),
)
DAY = st.integers(0, 91).map(lambda n: (START + timedelta(days=n)).isoformat())


@st.composite
def any_node(draw: st.DrawFn, ids: list[str]) -> dict[str, object]:
    node: dict[str, object] = {
        "kind": draw(st.sampled_from([kind for kind in KINDS if kind not in ("exclude",)])), "name": draw(TEXT), "metric": draw(st.sampled_from(["", "sales", "live_sales", "own"])),
        "target": draw(NUMBER), "base": draw(NUMBER), "note": draw(TEXT), "owner": draw(TEXT), "period": draw(st.sampled_from(PERIODS)), "state": draw(st.sampled_from(["", *STATES])),
        "units": draw(st.lists(TEXT.filter(bool), max_size=3)), "dims": draw(st.dictionaries(TEXT.filter(bool), TEXT.filter(bool), max_size=2)),
        "parts": draw(st.dictionaries(TEXT.filter(bool), NUMBER.filter(bool), max_size=2)), "due": draw(st.sampled_from(["", "1月下旬", "T-7", "2026-11-11"])),
        "start": draw(st.one_of(st.just(""), DAY)), "parent": draw(st.sampled_from(["", *ids])), "text": draw(TEXT),
    }  # fmt: skip
    return {name: value for name, value in node.items() if value not in ("", [], {})}


@st.composite
def any_plan(draw: st.DrawFn) -> Plan:
    ids = draw(
        st.lists(
            st.from_regex(r"[a-zA-Z0-9\u4e00-\u9fff][a-zA-Z0-9 .@/=\u4e00-\u9fff-]{0,9}", fullmatch=True).map(
                str.strip
            ),
            max_size=6,
            unique=True,
        )
    )
    nodes = [{"id": name, **draw(any_node(ids[:place]))} for place, name in enumerate(ids)]
    head = {
        "id": "p",
        "title": draw(TEXT),
        "owner": draw(TEXT),
        "note": draw(TEXT),
        "start": "2026-10-01",
        "end": "2026-12-31",
        "events": {"双十一": "2026-11-11"},
    }
    return build({"plan": {name: value for name, value in head.items() if value}, "node": nodes}, "p.toml")


@st.composite
def month_plan(draw: st.DrawFn) -> tuple[str, Plan]:
    """Lines of a month table under their totals, beside nodes that the table does not show."""
    kind = draw(st.sampled_from(["month_budget", "sales_target"]))
    what = {"kind": "budget", "metric": "spend"} if kind == "month_budget" else {"kind": "flow", "metric": "sales"}
    root = {
        "id": "root",
        "kind": what["kind"],
        "source": "children",
        "start": "2026-10-01",
        "end": "2026-12-31",
        "target": draw(NUMBER),
    }
    nodes = [root]
    for month, (first, last) in {
        "10": ("2026-10-01", "2026-10-31"),
        "11": ("2026-11-01", "2026-11-30"),
        "12": ("2026-12-01", "2026-12-31"),
    }.items():
        nodes.append(
            {
                **root,
                "id": f"m{month}",
                "parent": "root",
                "start": first,
                "end": last,
                "period": "month",
                "target": draw(NUMBER),
            }
        )
        for line in range(draw(st.integers(0, 4))):
            name = draw(st.sampled_from(["r", "线"])) + str(line)
            node = {
                "id": f"{name}@2026-{month}" if draw(st.booleans()) else f"x-{month}-{line}",
                "name": draw(st.sampled_from(["关键词推广", "钻展", "小红书"])),
                "shop": draw(st.sampled_from(["", "tm", "jd"])),
                "owner": draw(st.sampled_from(["", "李"])),
                "target": draw(NUMBER),
                "note": draw(TEXT),
            }
            nodes.append({**what, **node, "parent": f"m{month}", "start": first, "end": last, "period": "month"})
    nodes.append(
        {
            "id": "band",
            "kind": "band",
            "metric": "spend",
            "target": draw(st.sampled_from(["2-5万", "≥20000", "××"])),
            "period": "month",
        }
    )
    nodes += [
        {"id": "rest", "kind": "note", "note": draw(TEXT)},
        {"id": "live", "kind": "flow", "metric": "live_sales", "period": "session", "target": "3万"},
    ]
    clean = [{key: value for key, value in node.items() if value} for node in nodes]
    return kind, build({"plan": {"id": "p", "start": "2026-10-01", "end": "2026-12-31"}, "node": clean}, "p.toml")


@given(any_plan(), st.sampled_from(["zh", "en"]))
@QUICK
def test_the_general_plan_comes_back_whole(plan: Plan, lang: str) -> None:
    assert read_workbook(template("other", START, date(2026, 12, 31), prefill=plan, lang=lang)) == plan


@given(month_plan(), st.sampled_from(["zh", "en"]))
@QUICK
def test_a_month_table_comes_back_whole(given_plan: tuple[str, Plan], lang: str) -> None:
    kind, plan = given_plan
    assert read_workbook(template(kind, START, date(2026, 12, 31), prefill=plan, lang=lang)) == plan


@given(st.lists(st.tuples(DAY, st.sampled_from(["", "20:00", "26:00"]), NUMBER, NUMBER, TEXT), max_size=5))
@QUICK
def test_a_live_schedule_comes_back_whole(rows: list[tuple[str, str, str, str, str]]) -> None:
    nodes: list[dict[str, object]] = [{"id": "live", "kind": "flow", "metric": "live_sessions"}]
    for number, (day, at, goal, cost, theme) in enumerate(rows):
        session = {
            "id": f"s{number}",
            "parent": "live",
            "kind": "flow",
            "metric": "live_sessions",
            "period": "session",
            "start": day,
            "end": day,
            "hours": at,
            "name": theme,
        }
        below = {"parent": f"s{number}", "period": "session", "start": day, "end": day}
        nodes += [
            session,
            {"id": f"s{number}-v", "kind": "flow", "metric": "live_viewers", "target": goal, **below},
            {"id": f"s{number}-c", "kind": "budget", "name": "优惠券", "target": cost, **below},
        ]
    plan = build(
        {
            "plan": {"id": "p", "start": "2026-10-01", "end": "2026-12-31"},
            "node": [{k: v for k, v in node.items() if v} for node in nodes],
        },
        "p.toml",
    )
    assert read_workbook(template("live_schedule", START, date(2026, 12, 31), prefill=plan)) == plan


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_plans_survive_every_template(path: Path) -> None:
    """A whole plan goes through each workbook without losing what the sheet does not show, another program's saving included."""
    plan = read_plan(path)
    for kind in ("other", "month_budget", "sales_target", "live_schedule"):
        content = template(kind, plan.start or START, plan.end or date(2026, 12, 31), prefill=plan)
        assert read_workbook(content) == plan, kind
        out = io.BytesIO()
        openpyxl.load_workbook(io.BytesIO(content)).save(out)
        assert read_workbook(out.getvalue()) == plan, kind


def test_cells_alone_carry_the_general_plan() -> None:
    """The rows of one workbook copied into a fresh one are the same nodes: nothing hangs on the hidden sheet."""
    for path in EXAMPLES[:4]:
        plan = read_plan(path)
        source = openpyxl.load_workbook(io.BytesIO(template("other", START, date(2026, 12, 31), prefill=plan)))
        target = openpyxl.load_workbook(io.BytesIO(template("other", plan.start or START, plan.end or START)))
        places = {cell.value: cell.column for cell in target["填写"][4]}
        for row in source["填写"].iter_rows(min_row=5):
            for head, cell in zip(source["填写"][4], row, strict=False):
                if cell.column > 1 and cell.value is not None:
                    target["填写"].cell(cell.row, places[head.value], cell.value)
        out = io.BytesIO()
        target.save(out)
        again = read_workbook(out.getvalue())
        if not plan.events:  # T-dates need the plan's own events
            assert again.nodes == plan.nodes
        assert [(node.id, node.target, node.parts, node.formula) for node in again.nodes] == [
            (node.id, node.target, node.parts, node.formula) for node in plan.nodes
        ]
