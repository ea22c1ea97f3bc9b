"""Month tables as planners draw them: what can be read in one way is read, what can be read in two is asked."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from connectors.plan.errors import PlanError
from connectors.plan.matrix import read_matrix, read_with
from connectors.plan.matrix.guess import guess_matrix
from connectors.plan.matrix.reading import dump_reading, load_reading
from connectors.plan.model import Plan
from connectors.plan.workbook import read_workbook, template

REAL = Path(__file__).parents[4] / "shared/data/plan_media_investment"
MONTHS = [f"{n}月" for n in range(1, 13)]
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the data sets lie beside the project")


def book(rows: Sequence[Sequence[object]], merge: Sequence[str] = (), sheet: str = "预算") -> bytes:
    made = openpyxl.Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(list(row))
    for block in merge:
        made.active.merge_cells(block)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def asked(content: bytes, **said: object) -> dict[str, str]:
    with pytest.raises(PlanError) as caught:
        read_matrix(content, **said)
    return {fault.where: fault.what for fault in caught.value.faults}


def value(plan: Plan, node: str) -> Decimal | None:
    return plan.node(node).target.value


PLAIN = [
    ["2026年推广预算（单位：万元）"],
    ["类别", "渠道", "1月", "2月", "3月", "一季度", "负责人"],
    ["站内", "直通车", 3, 2.5, 4, 9.5, "李"],
    [None, "淘宝客", 1, None, "2-5", None, "李"],
    ["站外", "小红书", 2, 2, 2, 6, "王"],
    ["合计", None, 6, 4.5, 9, 21.5, None],
]


def test_months_across_with_the_unit_in_the_title() -> None:
    """3 under 万元 is 30,000; a blank makes no node; a group's name holds for the rows below; sums stand as stated."""
    plan = read_matrix(book(PLAIN, ["A1:G1", "A3:A4"]))
    assert (value(plan, "r1@2026-01"), value(plan, "r1@2026-02"), "r2@2026-02" in plan.by_id) == (
        Decimal(30_000),
        Decimal(25_000),
        False,
    )
    assert (plan.node("r2@2026-03").target.low, plan.node("r2@2026-03").target.high) == (
        Decimal(20_000),
        Decimal(50_000),
    )
    first = plan.node("r1@2026-01")
    assert (first.name, dict(first.scope), first.metric, first.owner, first.target.text) == (
        "关键词推广",
        {"purse": "alimama", "scene": "关键词推广"},
        "spend",
        "李",
        "3万元",
    )
    assert [plan.node(name).dims.get("part") for name in ("r1@2026-01", "r2@2026-01", "r3@2026-01")] == [
        "站内",
        "站内",
        "站外",
    ]
    assert [(n.id, n.parent) for n in plan.children("budget@2026-01")] == [
        ("g1@2026-01", "budget@2026-01"),
        ("g2@2026-01", "budget@2026-01"),
    ]
    assert [value(plan, f"budget@2026-0{n}") for n in (1, 2, 3)] == [Decimal(60_000), Decimal(45_000), Decimal(90_000)]
    quarter = plan.node("r1@一季度")
    assert (quarter.kind, quarter.target.value, quarter.note) == ("series", Decimal(95_000), "")
    assert (plan.start, plan.end, plan.kind) == (date(2026, 1, 1), date(2026, 3, 31), "month_budget")


def test_a_stated_sum_that_differs_is_kept_and_named() -> None:
    """The line says 10 for the quarter, its months come to 9.5: both stand, neither is corrected."""
    rows = [row[:] for row in PLAIN]
    rows[2][5] = 10
    plan = read_matrix(book(rows, ["A3:A4"]))
    assert plan.node("r1@一季度").note == "stated 100000, the months shown come to 95000"


def test_subtotals_close_their_lines() -> None:
    """小计 rows are sums of what stands above them, not lines; the last sum is that of all."""
    rows = [
        ["2026 推广费用 万元"],
        ["项目", *MONTHS[:3]],
        ["a", 1, 1, 1],
        ["b", 2, 2, 2],
        ["站内小计", 3, 3, 3],
        ["c", 4, 4, 4],
        ["站外合计", 4, 4, 4],
        ["总计", 7, 7, 8],
    ]
    plan = read_matrix(book(rows))
    assert [
        (n.name, n.target.value, [c.name for c in plan.children(n.id)]) for n in plan.children("budget@2026-03")
    ] == [
        ("站内 2026-03", Decimal(30_000), ["a", "b"]),
        ("站外 2026-03", Decimal(40_000), ["c"]),
    ]
    assert (value(plan, "budget@2026-03"), len(plan.leaves("budget"))) == (Decimal(80_000), 9)


def test_a_sum_in_the_middle_that_fits_nothing_is_asked_about() -> None:
    rows = [
        ["2026 推广费用 万元"],
        ["项目", *MONTHS[:3]],
        ["a", 1, 1, 1],
        ["b", 2, 2, 2],
        ["合计", 9, 9, 9],
        ["c", 4, 4, 4],
    ]
    assert "neither the sum of the lines above" in asked(book(rows))["预算!B5"]


def test_a_year_over_merged_months_and_one_that_changes() -> None:
    """The year stands in a merged block above its months."""
    rows = [
        ["推广预算 元"],
        [None, "2025年", None, None, "2026年", None, None],
        ["渠道", "10月", "11月", "12月", "1月", "2月", "3月"],
        ["小红书", 1, 2, 3, 4, 5, 6],
    ]
    plan = read_matrix(book(rows, ["B2:D2", "E2:G2"]))
    assert [node.id for node in plan.leaves("budget")] == [
        "r1@2025-10",
        "r1@2025-11",
        "r1@2025-12",
        "r1@2026-01",
        "r1@2026-02",
        "r1@2026-03",
    ]
    assert value(plan, "r1@2026-03") == Decimal(6)


def test_a_total_that_looks_like_a_date_counts_a_line_does_not() -> None:
    """42,005 formatted as a date shows 2015-01-01: as a stated sum it is its number, in a line it is asked about."""
    rows: list[list[object]] = [
        ["2026 推广预算 元"],
        ["渠道", *MONTHS[:3]],
        ["小红书", 42_005, 10, 10],
        ["合计", datetime(2015, 1, 1), 10, 10],
    ]
    assert value(read_matrix(book(rows)), "budget@2026-01") == Decimal(42_005)
    rows[2][2] = datetime(2015, 1, 1)
    assert "shows the date 2015-01-01. If the number 42005 is meant" in asked(book(rows))["预算!C3"]


def test_months_that_became_dates_and_english_ones() -> None:
    rows: list[list[object]] = [
        ["media budget, USD k"],
        ["channel", datetime(2026, 1, 1), 46054, "Mar'26", "Sept 2026"],
        ["tv", 1.5, 2, 3, 4],
    ]
    plan = read_matrix(book(rows))
    assert [node.id for node in plan.leaves("budget")] == ["r1@2026-01", "r1@2026-02", "r1@2026-03", "r1@2026-09"]
    assert (plan.currency, value(plan, "r1@2026-01"), plan.node("r1@2026-01").text) == (
        "USD",
        Decimal(1500),
        "1.5 USD k",
    )


def test_what_is_not_said_is_asked_together() -> None:
    """No year, no unit, no kind: three questions at once; answers make the plan."""
    content = book([["某表"], ["项目", *MONTHS[:4]], ["小红书", 1, 2, 3, 4]], sheet="Sheet1")
    assert set(asked(content)) == {"year", "unit", "kind"}
    plan = read_matrix(content, year=2026, unit="万元", kind="budget")
    assert value(plan, "r1@2026-04") == Decimal(40_000)


def test_months_over_a_years_end_with_one_year_are_asked_about() -> None:
    """FY2026 from July: the first month is of 2025 or of 2026."""
    rows = [["2026财年推广预算 元"], ["渠道", "7月", "8月", "12月", "1月", "6月"], ["小红书", 1, 2, 3, 4, 5]]
    assert "Say the year of the first month" in asked(book(rows))["year"]
    assert [n.id for n in read_matrix(book(rows), year=2025).leaves("budget")] == [
        "r1@2025-07",
        "r1@2025-08",
        "r1@2025-12",
        "r1@2026-01",
        "r1@2026-06",
    ]
    both = [["2025-2026财年推广预算 元"], *rows[1:]]
    assert read_matrix(book(both)).leaves("budget")[0].id == "r1@2025-07"


def test_two_units_two_tables_and_plan_beside_actual_are_asked_about() -> None:
    rows = [["2026推广预算"], ["渠道", *MONTHS[:3]], ["a（元）", 1, 2, 3], ["b（万元）", 1, 2, 3]]
    assert "several units" in asked(book(rows))["unit"]
    rows = [["2026推广预算 元"], ["渠道", *MONTHS[:3]], ["a", 1, 2, 3], [], ["渠道", *MONTHS[:3]], ["b", 1, 2, 3]]
    assert "row 2, row 5" in asked(book(rows))["header"]
    rows = [["2026推广预算 元"], ["渠道", "1月", "2月", "3月", "1月", "2月", "3月"], ["a", 1, 2, 3, 4, 5, 6]]
    assert "more than once" in asked(book(rows))["header"]


def test_wrong_cells_and_ambiguous_names_have_addresses() -> None:
    rows = [
        ["2026推广预算 元"],
        ["渠道", *MONTHS[:3]],
        ["钻展", 1, 2, 3],
        ["小红书", "很多", "=1+1", 3],
        ["抖音", 5, None, 6],
    ]
    found = asked(book(rows, ["B5:C5"]))
    assert set(found) == {"预算!A3", "预算!B4", "预算!C4", "预算!B5"}
    assert read_matrix(book(rows[:3]), aliases=[("钻展", "引力魔方", "")]).leaves("budget")[0].name == "引力魔方"


def test_targets_by_metric_and_by_shop() -> None:
    """Lines that are metrics stand by themselves; lines of one metric add up."""
    rows = [
        ["2026年目标"],
        ["指标", "单位", *MONTHS[:3]],
        ["支付金额", "万元", 100, 120, 150],
        ["访客数", "人", 8000, 9000, 9500],
        ["转化率", "%", 3, 3.2, 3.5],
    ]
    plan = read_matrix(book(rows, sheet="目标"))
    assert [
        (plan.node(f"r{n}@2026-02").metric, value(plan, f"r{n}@2026-02"), plan.node(f"r{n}@2026-02").parent)
        for n in (1, 2, 3)
    ] == [
        ("sales", Decimal(1_200_000), ""),
        ("visitors", Decimal(9000), ""),
        ("conversion_rate", Decimal("0.032"), ""),
    ]
    rows = [["2026年销售额目标 万元"], ["店铺名", *MONTHS[:3]], ["天猫店", 100, 120, 150], ["京东店", 10, 12, 15]]
    plan = read_matrix(book(rows, sheet="目标"))
    assert (plan.node("r2@2026-01").parent, plan.node("r2@2026-01").metric, plan.node("r2@2026-01").dims["line"]) == (
        "sales@2026-01",
        "sales",
        "京东店",
    )


def test_a_reading_is_kept_and_used_again() -> None:
    """The next file of the same shape, with one more line, is read without asking."""
    content = book([["某表"], ["项目", *MONTHS[:4]], ["小红书", 1, 2, 3, 4]], sheet="Sheet1")
    reading = guess_matrix(content, year=2026, unit="万元", kind="budget")
    assert load_reading(dump_reading(reading)) == reading
    longer = book([["某表"], ["项目", *MONTHS[:4]], ["小红书", 1, 2, 3, 4], ["抖音", 5, 6, 7, 8]], sheet="Sheet1")
    assert value(read_with(longer, load_reading(dump_reading(reading))), "r2@2026-04") == Decimal(80_000)
    with pytest.raises(PlanError, match="no sheet 'Sheet1'"):
        read_with(book([["x"]], sheet="other"), reading)


def test_a_matrix_fills_our_own_template() -> None:
    """What came in as somebody's table goes out in the budget template and comes back the same."""
    plan = read_matrix(book(PLAIN, ["A3:A4"]))
    assert read_workbook(template("month_budget", date(2026, 1, 1), date(2026, 3, 31), prefill=plan)) == plan


def test_nothing_like_a_month_table() -> None:
    assert "no table with at least three months" in next(iter(asked(book([["a", "b"], [1, 2]])).values()))


@needs_real
def test_the_real_media_plan_matches_its_truth() -> None:
    """Months down, channels across, crores in the title: every channel, month, the total and the June gap of 0.18."""
    file = next(REAL.glob("*.xlsx"))
    truth = json.loads((REAL / "truth.json").read_text(encoding="utf-8"))
    assert "Media Investment" in asked(file.read_bytes())["sheet"]
    plan = read_matrix(file, "Media Investment")
    crore = Decimal(10_000_000)
    lines = [node for node in plan.nodes if node.parent.startswith("budget@")]
    by_channel: dict[str, Decimal] = {}
    for node in lines:
        by_channel[node.name] = by_channel.get(node.name, Decimal(0)) + (node.target.value or 0)
    assert {name: round(total / crore, 6) for name, total in by_channel.items()} == {
        name: round(Decimal(str(v)), 6) for name, v in truth["by_channel"].items()
    }
    assert list(by_channel) == truth["channels"]
    for month in truth["by_month"]:
        node = plan.node(f"budget@{month['month']}")
        children = sum((child.target.value or Decimal(0) for child in plan.children(node.id)), Decimal(0))
        assert node.target.value is not None
        assert abs(node.target.value / crore - Decimal(str(month["total"]))) < Decimal("0.000001")
        assert abs(children / crore - Decimal(str(month["sum_of_channels"]))) < Decimal("0.000001")
        assert abs((node.target.value - children) / crore - Decimal(str(month["gap"]))) < Decimal("0.000001")
    assert len({node.start for node in lines}) == truth["months"] and plan.currency == "INR"
    assert sum(1 for node in lines if node.name in ("Radio", "Other")) == 6  # blank for nine months: no node, not zero
    assert "18.549" in plan.note and plan.note.count("Media Investment!") == 1
