"""A table copied from a document becomes a draft; what cannot be read stays as a note with its words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.plan.errors import PlanError
from connectors.plan.model import Plan
from connectors.plan.paste import read_paste
from connectors.plan.paste_tables import read_tables
from connectors.plan.planfile import parse_toml, write_toml

YEAR = {"start": date(2026, 1, 1), "end": date(2026, 12, 31)}
TSV = (
    "2026年运营目标\n"
    "序号\t指标\t目标\t负责人\t完成时间\t预算（万元）\t备注\n"
    "1\t销售额\t300万\t王敏\t12月31日\t20\t\n"
    "2\t转化率\t3.2%以上\t李强\t6月下旬\t\t首页改版后看\n"
    "3\t客诉率\t低一点\t李强\t尽快\t\t\n"
    "4\t直播\t20场\t小雨\t每月\t\t\n"
)


def facts(plan: Plan) -> list[tuple[str, str, str, str, Decimal | None]]:
    return [(n.id, n.kind, n.name, n.metric, n.target.value) for n in plan.nodes]


def test_columns_are_known_by_their_words() -> None:
    """300万 of 销售额 is a flow of 3,000,000 with a budget of 20万 beside it; 低一点 is no number and stays a note."""
    plan = read_paste(TSV, **YEAR)
    assert facts(plan) == [
        ("t1", "note", "2026年运营目标", "", None),
        ("n1", "flow", "销售额", "sales", Decimal(3_000_000)),
        ("n1-budget", "budget", "销售额 预算", "", Decimal(200_000)),
        ("n2", "ratio", "转化率", "conversion_rate", Decimal("0.032")),
        ("n3", "note", "3 | 客诉率 | 低一点 | 李强 | 尽快", "", None),
        ("n4", "count", "直播", "", Decimal(20)),
    ]
    sales, rate, last = plan.node("n1"), plan.node("n2"), plan.node("n4")
    assert (sales.owner, sales.due.last, sales.refs, plan.node("n1-budget").parent) == (
        "王敏",
        date(2026, 12, 31),
        ("1",),
        "n1",
    )
    assert (rate.target.side, rate.due.first, rate.note) == ("at_least", date(2026, 6, 21), "首页改版后看")
    assert (last.period, plan.title, plan.state, plan.text) == ("month", "2026年运营目标", "draft", TSV.strip())
    assert "'低一点' is not a number" in plan.node("n3").note


MARKDOWN = """
| 事项 | 负责人 | 截止时间 | 备注 |
|------|:------:|---------|------|
| 首页改版 | 陈晨 | 1月下旬 | 含详情页 |
| 新品上市 | 王敏 | 尽快 | |
"""


def test_markdown_rows_with_a_day_are_milestones() -> None:
    plan = read_paste(MARKDOWN, **YEAR)
    assert [(n.kind, n.name, n.owner, n.due.last, n.note) for n in plan.nodes] == [
        ("milestone", "首页改版", "陈晨", date(2026, 1, 31), "含详情页"),
        ("milestone", "新品上市", "王敏", None, "尽快"),
    ]


def test_aligned_text() -> None:
    plan = read_paste(
        "渠道      预算      负责人\n直通车    3万       李强\n钻展      2-5万     李强\n小红书    ××        王敏\n"
    )
    first, second, third = plan.nodes
    assert (first.name, dict(first.scope), first.metric, first.target.value) == (
        "关键词推广",
        {"purse": "alimama", "scene": "关键词推广"},
        "spend",
        Decimal(30_000),
    )
    assert (second.name, second.note, second.target.low, second.target.high) == (
        "钻展",
        "精准人群推广 / 引力魔方?",
        Decimal(20_000),
        Decimal(50_000),
    )
    assert third.target.is_blank and third.is_blank and third.target.text == "××"


HTML = """<html><head><style>td{color:red}</style></head><body><!--StartFragment--><p>二季度重点</p><table>
<tr><th>板块</th><th>工作<br>内容</th><th>目标值</th><th>单位</th><th>去年同期</th></tr>
<tr><td rowspan="2">店铺</td><td>访客数</td><td>8</td><td>万人</td><td>6</td></tr>
<tr><td>销售额&nbsp;</td><td>增长10%</td><td>万元</td><td>250</td></tr>
<tr><td>直播</td><td><span>场均</span><span>成交</span></td><td>2-5</td><td>万元</td><td></td></tr>
</table><p>以上请各部门执行</p><!--EndFragment--></body></html>"""


def test_html_from_the_clipboard() -> None:
    """A label over two rows holds for both; the unit of the row scales a bare number; the lines around are kept."""
    plan = read_paste(HTML)
    assert facts(plan) == [
        ("t1", "note", "二季度重点", "", None),
        ("t2", "note", "以上请各部门执行", "", None),
        ("n1", "flow", "访客数", "visitors", Decimal(80_000)),
        ("n2", "growth", "销售额", "sales", Decimal("0.1")),
        ("n3", "band", "场均成交", "", None),
    ]
    assert [plan.node(f"n{n}").dims["part"] for n in (1, 2, 3)] == ["店铺", "店铺", "直播"]
    assert (plan.node("n2").direction, plan.node("n2").base.value, plan.node("n3").target.high) == (
        "at_least",
        Decimal(2_500_000),
        Decimal(50_000),
    )
    assert plan.node("n1").total == "" and "color" not in plan.text and "以上请各部门执行" in plan.text


def test_a_cost_that_shall_fall_has_its_sign() -> None:
    """减少5% is -5 %, to be reached or passed downwards."""
    node = read_paste("名称\t目标\n运营成本\t减少5%\n销售额\t提升10%以上\n").nodes
    assert [(n.kind, n.target.value, n.direction) for n in node] == [
        ("growth", Decimal("-0.05"), "at_most"),
        ("growth", Decimal("0.1"), "at_least"),
    ]


def test_brushing_is_left_out_of_targets() -> None:
    node = read_paste("项目\t目标\n稳定刷单\t50单\n").nodes[0]
    assert (node.kind, node.target.text, node.note) == ("exclude", "", "50单")


def test_a_pasted_month_table_is_read_as_one() -> None:
    """Months across: cells under their months; the title above says year and unit."""
    plan = read_paste("2026年推广预算（万元）\n渠道\t1月\t2月\t3月\n小红书\t1\t2\t3\n抖音投流\t\t2\t2-5\n")
    assert (plan.node("r1@2026-03").target.value, plan.node("r2@2026-03").target.high) == (
        Decimal(30_000),
        Decimal(50_000),
    )
    assert (
        "r2@2026-01" not in plan.by_id and plan.node("r2@2026-02").name == "巨量千川" and "2026年推广预算" in plan.text
    )
    with pytest.raises(PlanError) as caught:
        read_paste("渠道\t1月\t2月\t3月\n小红书\t1\t2\t3\n")
    assert {fault.where for fault in caught.value.faults} == {"year", "unit", "kind"}
    answered = read_paste("渠道\t1月\t2月\t3月\n小红书\t1\t2\t3\n", year=2026, unit="元", kind="budget")
    assert answered.node("r1@2026-02").target.value == Decimal(2)


def test_a_text_without_a_table_is_all_notes() -> None:
    plan = read_paste("一、提高转化率\n二、降低退款率\n")
    assert [(n.kind, n.text) for n in plan.nodes] == [("note", "一、提高转化率"), ("note", "二、降低退款率")]


def test_strange_columns_and_a_quoted_cell_are_kept() -> None:
    plan = read_paste('事项\t目标\t评分\n"上新\n(两批)"\t30款\tA\n')
    node = plan.nodes[0]
    assert (node.name, node.target.value, node.note) == ("上新\n(两批)", Decimal(30), "评分: A")


@pytest.mark.parametrize("text", ["", "  \n\t\n", "<table></table>"])
def test_nothing_pasted(text: str) -> None:
    with pytest.raises(PlanError, match="Copy the table"):
        read_paste(text)


CELL = st.sampled_from(
    [
        "目标",
        "指标",
        "负责人",
        "预算",
        "完成时间",
        "3万",
        "97%",
        "××",
        "很多",
        "王敏",
        "1月下旬",
        "",
        "2-1",
        "刷单",
        "a|b",
        '"',
        "<b>",
        "5%以上",
        "合计",
        "提升",
        "提升很多",
    ]
)


@given(st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=6), st.sampled_from(["\t", " | ", "   "]))
@settings(max_examples=150, deadline=None)
def test_nothing_is_lost_whatever_is_pasted(rows: list[list[str]], between: str) -> None:
    """Every cell's words are in some node of the draft, the header's aside, and the draft can be kept as a file."""
    text = "\n".join(between.join(row) for row in rows)
    try:
        plan = read_paste(text, **YEAR)
    except PlanError as error:
        assert not any(cell.strip(' |"') for row in rows for cell in row) or "nothing was pasted" not in str(error)
        return
    assert plan.text == text.strip()
    assert parse_toml(write_toml(plan), "paste").nodes == plan.nodes
    said = "\n".join(f"{n.text}\n{n.name}\n{n.note}" for n in plan.nodes)
    pasted = read_tables(text)
    for row in pasted.rows:
        if sum(cell in ("目标", "指标", "负责人", "预算", "完成时间") for cell in row) < 2:
            assert all(cell in said for cell in row if cell), row
    assert all(line in said for line in pasted.lines)
