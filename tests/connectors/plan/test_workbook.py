"""A template goes out, is filled with another program, and comes back as the plan that was typed; a wrong cell is named."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from connectors.plan.errors import PlanError
from connectors.plan.model import Node, Plan
from connectors.plan.workbook import read_workbook, template

OCT, DEC = date(2026, 10, 1), date(2026, 12, 31)
ROOT = Path(__file__).parents[3]


def filled(content: bytes, fill: Callable[[Worksheet], None]) -> bytes:
    """The workbook after somebody filled it and saved it with openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    fill(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def at(sheet: Worksheet, key: str, header: str) -> str:
    """The address of a row's cell by its hidden key and its column's header."""
    row = next(cells[0].row for cells in sheet.iter_rows(min_row=4) if cells[0].value == key)
    column = next(cell.column_letter for cell in sheet[4] if str(cell.value or "").startswith(header))
    return f"{column}{row}"


def put(values: dict[tuple[str, str], object]) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for (key, header), value in values.items():
            sheet[at(sheet, key, header)] = value

    return fill


def budget(values: dict[tuple[str, str], object], **ask: object) -> Plan:
    """Rows of the fresh template: r1 关键词推广, r2 精准人群推广, r3 货品全站推广, r4 淘宝客, r5 优惠券, r6 赠品, r7 平台费."""
    return read_workbook(filled(template("month_budget", OCT, DEC, shops=["tm"], **ask), put(values)))


def faults(content: bytes) -> dict[str, str]:
    with pytest.raises(PlanError) as caught:
        read_workbook(content, name="预算.xlsx")
    return {fault.where: fault.what for fault in caught.value.faults}


def test_a_cell_becomes_a_budget_node_under_its_month_and_the_whole() -> None:
    """3万 for October in one cell: 30,000 under 2026-10 under the root; the purse is one that a query finds."""
    plan = budget({("r1", "2026-10"): "3万", ("r5", "2026-10"): 2000})
    cell = plan.node("r1@2026-10")
    assert (cell.kind, cell.metric, cell.target.value, cell.target.text) == ("budget", "spend", Decimal(30_000), "3万")
    assert (cell.start, cell.end, cell.period, cell.shop) == (OCT, date(2026, 10, 31), "month", "tm")
    assert dict(cell.scope) == {"purse": "alimama", "scene": "关键词推广"}
    assert (cell.parent, plan.node(cell.parent).parent, plan.node("budget").parent) == ("budget@2026-10", "budget", "")
    coupon = plan.node("r5@2026-10")
    assert (coupon.metric, coupon.target.value, coupon.dims["part"]) == ("coupon_cost", Decimal(2000), "优惠券")
    assert [node.id for node in plan.leaves("budget")] == ["r1@2026-10", "r5@2026-10"]
    assert (plan.start, plan.end, plan.kind, plan.state) == (OCT, DEC, "month_budget", "draft")


def test_blank_is_not_zero_and_a_mark_is_kept() -> None:
    """An empty cell makes no node, 0 is a budget of nothing, ×× is a number still to come."""
    plan = budget({("r1", "2026-10"): 0, ("r2", "2026-10"): "××"})
    assert plan.node("r1@2026-10").target.value == Decimal(0)
    assert plan.node("r2@2026-10").target.is_blank and plan.node("r2@2026-10").is_blank
    assert "r1@2026-11" not in plan.by_id


def test_band_columns_and_a_band_in_a_cell() -> None:
    """每月下限 2万 and 每月上限 50000 are one band of 20,000 to 50,000; a cell may be a band itself."""
    plan = budget(
        {("r1", "每月下限"): "2万", ("r1", "每月上限"): 50_000, ("r2", "2026-11"): "2-5万", ("r3", "每月上限"): "3万"}
    )
    band, cell, most = plan.node("r1@band"), plan.node("r2@2026-11"), plan.node("r3@band")
    assert (band.kind, band.target.low, band.target.high, band.period) == (
        "band",
        Decimal(20_000),
        Decimal(50_000),
        "month",
    )
    assert (cell.target.low, cell.target.high) == (Decimal(20_000), Decimal(50_000))
    assert (most.target.side, most.target.value) == ("at_most", Decimal(30_000))


def test_every_wrong_cell_is_named_at_once() -> None:
    """Sheet and cell, what is there, what to write: all of them, not the first."""
    content = filled(
        template("month_budget", OCT, DEC, shops=["tm"]),
        put(
            {
                ("r1", "2026-10"): "三万多",
                ("r2", "费用项目"): "钻展",
                ("r2", "2026-10"): 5,
                ("r3", "每月下限"): 9,
                ("r3", "每月上限"): 3,
                ("r4", "2026-12"): "2-1万",
            }
        ),
    )
    found = faults(content)
    assert set(found) == {"填写!I6", "填写!D7", "填写!F8", "填写!K9"}
    assert "'三万多' is not a number" in found["填写!I6"] and "精准人群推广 or 引力魔方" in found["填写!D7"]
    assert "9, is more than the most, 3" in found["填写!F8"]


def test_a_band_that_became_a_date_is_asked_about() -> None:
    """Excel turns a typed 2-5 into the 5th of February."""
    found = faults(filled(template("month_budget", OCT, DEC), put({("r1", "2026-10"): datetime(2026, 2, 5)})))
    assert "2~5" in found["填写!I6"]
    assert budget({("r1", "2026-10"): "2~5"}).node("r1@2026-10").target.high == Decimal(5)


def test_old_names_are_resolved_and_the_users_rows_settle_two_heirs() -> None:
    """直通车 in the sheet is 关键词推广 in the plan; 钻展 is what the user's own row says."""
    content = filled(
        template("month_budget", OCT, DEC, shops=["tm"]),
        put(
            {
                ("r1", "费用项目"): "直通车",
                ("r1", "2026-10"): 1,
                ("r2", "费用项目"): "钻展",
                ("r2", "2026-10"): 2,
                ("r3", "费用项目"): "小红书",
                ("r3", "2026-10"): 3,
            }
        ),
    )
    plan = read_workbook(content, aliases=[("钻展", "引力魔方", "tmall")])
    assert [plan.node(f"r{n}@2026-10").name for n in (1, 2, 3)] == ["关键词推广", "引力魔方", "小红书"]
    own = plan.node("r3@2026-10")
    assert (own.metric, own.source, own.dims["channel"], dict(own.scope)) == ("", "cost", "小红书", {})


def test_a_typed_total_is_kept_beside_its_lines() -> None:
    """The month's stated total stands at its node; nothing is corrected: 10万 stated, lines come to 8万."""
    plan = budget({("=budget", "2026-10"): "10万", ("r1", "2026-10"): "5万", ("r2", "2026-10"): "3万"})
    total = plan.node("budget@2026-10")
    assert total.target.value == Decimal(100_000)
    assert sum(node.target.value or 0 for node in plan.children(total.id)) == Decimal(80_000)


def test_the_whole_period_or_its_parts() -> None:
    """A line may have one number for the whole; with months beside it both must say the same money."""
    plan = budget({("r1", "全期"): "9万", ("r2", "全期"): 30, ("r2", "2026-10"): 10, ("r2", "2026-11"): 20})
    assert (plan.node("r1@whole").target.value, plan.node("r1@whole").parent) == (Decimal(90_000), "budget")
    assert "r2@whole" not in plan.by_id and plan.node("r2@2026-11").target.value == Decimal(20)
    content = filled(
        template("month_budget", OCT, DEC), put({("r1", "全期"): 31, ("r1", "2026-10"): 10, ("r1", "2026-11"): 20})
    )
    assert faults(content) == {
        "填写!H6": "the whole period says 31, its parts come to 30. Leave one of them empty, or correct it."
    }


def test_a_row_of_ones_own_a_moved_and_an_extra_column() -> None:
    """Columns are found by their headers, rows without a key are new, a strange column is left alone."""

    def rearrange(sheet: Worksheet) -> None:
        sheet.insert_cols(5, 2)
        sheet["E4"], sheet["E6"] = "领导批注", "同意"
        row = sheet.max_row + 1
        sheet[f"D{row}"] = "聚光"
        sheet[f"{openpyxl.utils.get_column_letter(11)}{row}"] = 1200
        sheet["C4"], sheet["B4"] = sheet["B4"].value, sheet["C4"].value
        for each in range(5, row):
            sheet[f"B{each}"].value, sheet[f"C{each}"].value = sheet[f"C{each}"].value, sheet[f"B{each}"].value

    plan = read_workbook(filled(template("month_budget", OCT, DEC, shops=["tm"]), rearrange))
    assert [(node.id, node.name, node.target.value, node.shop) for node in plan.leaves("budget")] == [
        ("r8@2026-10", "聚光", Decimal(1200), "")
    ]


def test_numbers_as_text_and_dates_of_headers() -> None:
    """1,200 typed as text, a full-width number, a header that became a date, blanks around it."""

    def fill(sheet: Worksheet) -> None:
        sheet[at(sheet, "r1", "2026-10")] = " 1,200 "
        sheet[at(sheet, "r2", "2026-10")] = "１２００"
        sheet[at(sheet, "r3", "2026-11")] = "1.2万"
        sheet["I4"], sheet["J4"] = datetime(2026, 10, 1), "11月"

    plan = read_workbook(filled(template("month_budget", OCT, DEC), fill))
    assert [plan.node(name).target.value for name in ("r1@2026-10", "r2@2026-10", "r3@2026-11")] == [
        Decimal(1200),
        Decimal(1200),
        Decimal(12_000),
    ]


def test_merged_labels_hold_for_all_their_rows_a_merged_number_is_asked_about() -> None:
    def labels(sheet: Worksheet) -> None:
        sheet["B6"] = "jd"
        sheet.merge_cells("B6:B7")
        sheet["I6"], sheet["I7"] = 1, 2

    plan = read_workbook(filled(template("month_budget", OCT, DEC, shops=["tm"]), labels))
    assert [plan.node(name).shop for name in ("r1@2026-10", "r2@2026-10")] == ["jd", "jd"]

    def numbers(sheet: Worksheet) -> None:
        sheet["I6"] = 900
        sheet.merge_cells("I6:K6")

    assert list(faults(filled(template("month_budget", OCT, DEC), numbers))) == ["填写!I6"]


def test_an_error_or_a_formula_nobody_worked_out_is_not_blank() -> None:
    """openpyxl stores a formula without its value; a reader would see an empty cell."""
    content = filled(template("month_budget", OCT, DEC), put({("r1", "2026-10"): "=1+1", ("r2", "2026-10"): "#REF!"}))
    found = faults(content)
    assert "never worked out" in found["填写!I6"] and "#REF!" in found["填写!I7"]


def test_the_plans_own_fields_stand_above_the_table() -> None:
    def head(sheet: Worksheet) -> None:
        sheet["C2"], sheet["E2"], sheet["G2"] = "双十一预算", "王敏", "已下发"
        sheet["I6"] = 1

    plan = read_workbook(filled(template("month_budget", OCT, DEC), head))
    assert (plan.title, plan.owner, plan.state) == ("双十一预算", "王敏", "issued")

    def wrong(sheet: Worksheet) -> None:
        sheet["G2"] = "同意"

    assert list(faults(filled(template("month_budget", OCT, DEC), wrong))) == ["填写!G2"]


def test_a_copy_under_another_name_is_known_and_a_strange_workbook_is_told_what_to_do(tmp_path: Path) -> None:
    content = filled(template("month_budget", OCT, DEC), put({("r1", "2026-10"): 7}))
    path = tmp_path / "副本 (2).xlsx"
    path.write_bytes(content)
    assert read_workbook(path).node("r1@2026-10").target.value == Decimal(7)
    strange = tmp_path / "other.xlsx"
    with xlsxwriter.Workbook(str(strange)) as book:
        book.add_worksheet().write_row(0, 0, ["日期", "花费"])
    assert "mapping page" in faults(strange.read_bytes())["预算.xlsx"]
    assert "cut off" in faults(content[: len(content) // 2])["预算.xlsx"]
    assert faults(b"no workbook at all")


def test_a_newer_or_edited_machine_sheet_is_refused() -> None:
    content = template("other", OCT, DEC)

    def spoil(cell: str, value: str) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(content))
        book["_daybook"][cell] = value
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    assert "newer Daybook" in next(iter(faults(spoil("B1", "2")).values()))
    assert "was changed" in faults(spoil("B3", "{"))["_daybook!A1"]


def test_sales_by_shop_people_are_not_added() -> None:
    """Sales of two shops stand under one month total; visitors stand by themselves, 5 under % is 5 %."""
    content = template("sales_target", OCT, DEC, shops=["tm", "jd"])
    plan = read_workbook(
        filled(
            content,
            put(
                {
                    ("r1", "2026-11"): "300万",
                    ("r5", "2026-11"): "100万",
                    ("r2", "2026-11"): 80_000,
                    ("r3", "2026-11"): "3.2%",
                    ("r7", "2026-11"): 5,
                }
            ),
        )
    )
    assert [(n.id, n.shop, n.target.value) for n in plan.children("sales@2026-11")] == [
        ("r1@2026-11", "tm", Decimal(3_000_000)),
        ("r5@2026-11", "jd", Decimal(1_000_000)),
    ]
    assert (plan.node("sales@2026-11").metric, plan.node("sales@2026-11").source) == ("", "children")
    visitors, rate = plan.node("r2@2026-11"), plan.node("r3@2026-11")
    assert (visitors.metric, visitors.parent, visitors.total) == ("visitors", "", "")
    assert (rate.kind, rate.metric, rate.target.value, plan.node("r7@2026-11").target.value) == (
        "ratio",
        "conversion_rate",
        Decimal("0.032"),
        Decimal("0.05"),
    )


def test_a_small_bare_number_under_percent_is_asked_about() -> None:
    """0.05 may be 5 % that a spreadsheet shows as such, or 0.05 %."""
    found = faults(filled(template("sales_target", OCT, DEC), put({("r3", "2026-11"): 0.05})))
    assert "0.05% or 5%" in next(iter(found.values()))


def test_sales_by_day_item_and_person() -> None:
    """A day stands under its month; an item is scope, a person a dimension; one shop's total has the metric itself."""
    days = template("sales_target", date(2026, 11, 1), date(2026, 12, 1), shops=["tm"], split="day")
    plan = read_workbook(filled(days, put({("r1", "2026-11-11"): "50万"})))
    assert [
        plan.node("r1@2026-11-11").parent,
        plan.node("sales@2026-11-11").parent,
        plan.node("sales@2026-11").parent,
    ] == ["sales@2026-11-11", "sales@2026-11", "sales"]
    assert (plan.node("sales").metric, plan.node("sales").shop) == ("sales", "tm")
    items = template("sales_target", OCT, DEC, shops=["tm"], split="item")
    plan = read_workbook(
        filled(
            items, put({("r1", "商品"): "6001", ("r1", "人员"): "陈晨", ("r1", "单位"): "万元", ("r1", "2026-11"): 3.2})
        )
    )
    cell = plan.node("r1@2026-11")
    assert (dict(cell.scope), dict(cell.dims), cell.target.value) == (
        {"item": "6001"},
        {"person": "陈晨"},
        Decimal(32_000),
    )


def test_one_month_has_no_level_too_many() -> None:
    """A month's plan by month: the month is the whole, so a line stands right under it."""
    content = template("month_budget", date(2026, 11, 1), date(2026, 11, 30))
    plan = read_workbook(filled(content, put({("r1", "2026-11"): 5})))
    assert [(node.id, node.parent) for node in plan.nodes] == [("budget", ""), ("r1@2026-11", "budget")]


def test_live_rows_are_sessions_with_goals_and_costs() -> None:
    """A session over midnight on the day it starts; a day as a serial, a time as a part of a day."""

    def fill(sheet: Worksheet) -> None:
        sheet["B5"], sheet["C5"], sheet["D5"], sheet["E5"], sheet["F5"] = (
            datetime(2026, 11, 10),
            time(22, 0),
            4,
            "小雨",
            "爆发",
        )
        sheet["H5"], sheet["I5"], sheet["K5"] = "2万", 200_000, 8000
        sheet["B6"], sheet["C6"] = 46_331, 20 / 24
        sheet["B6"].number_format = sheet["C6"].number_format = "General"

    plan = read_workbook(filled(template("live_schedule", OCT, DEC, shops=["dy"]), fill))
    first, second = plan.node("s1"), plan.node("s2")
    assert (first.start, first.end, first.hours, dict(first.dims), first.name, first.period) == (
        date(2026, 11, 10),
        date(2026, 11, 10),
        "22:00",
        {"host": "小雨", "theme": "爆发"},
        "爆发",
        "session",
    )
    assert (second.start, second.hours) == (date(2026, 11, 5), "20:00")
    goals = {node.metric or node.name: (node.kind, node.target.value) for node in plan.children("s1")}
    assert goals == {
        "live_hours": ("flow", Decimal(4)),
        "live_viewers": ("flow", Decimal(20_000)),
        "live_sales": ("flow", Decimal(200_000)),
        "优惠券": ("budget", Decimal(8000)),
    }
    assert plan.children("s2") == []


def test_live_faults_have_cells() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["E5"] = "小雨"
        sheet["B6"] = "2027-01-05"
        sheet["B7"], sheet["C7"] = "2026-11-05", "八点"
        sheet["B8"], sheet["H8"] = "周三", "很多"

    found = faults(filled(template("live_schedule", OCT, DEC), fill))
    assert set(found) == {"填写!B5", "填写!B6", "填写!C7", "填写!B8", "填写!H8"}


def test_the_general_plan_takes_words_and_names() -> None:
    def fill(sheet: Worksheet) -> None:
        names = {str(cell.value): cell.column_letter for cell in sheet[4]}
        rows = [
            {
                "编号": "q4",
                "类型": "累计目标",
                "名称": "四季度销售额",
                "指标": "销售额",
                "目标": "300万",
                "方向": "不低于",
                "开始日期": datetime(2026, 10, 1),
                "结束日期": "2026/12/31",
            },
            {
                "上级编号": "四季度销售额",
                "类型": "milestone",
                "名称": "首页改版",
                "完成时间": "11月下旬",
                "明细数": "pay=2023; heads=3",
            },
        ]
        for line, row in enumerate(rows, 5):
            for name, value in row.items():
                sheet[f"{names[name]}{line}"] = value

    plan = read_workbook(filled(template("other", OCT, DEC), fill))
    sales, page = plan.node("q4"), plan.node("n1")
    assert (sales.kind, sales.metric, sales.direction, sales.start, sales.end, sales.target.value) == (
        "flow",
        "sales",
        "at_least",
        OCT,
        DEC,
        Decimal(3_000_000),
    )
    assert (page.parent, page.kind, page.due.first, page.parts["pay"].value) == (
        "q4",
        "milestone",
        date(2026, 11, 21),
        Decimal(2023),
    )


def test_general_faults_have_cells() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["B5"], sheet["D5"], sheet["C5"] = "a", "目标值啊", "nobody"
        sheet["B6"], sheet["D6"], sheet["G6"] = "b", "累计目标", "很多"
        sheet["B7"], sheet["D7"] = "b", "预算"

    found = faults(filled(template("other", OCT, DEC), fill))
    assert set(found) == {"填写!D5", "填写!G6", "填写!B7"}
    assert "used twice" in found["填写!B7"] and "Choose from the list" in found["填写!D5"]


def test_the_next_month_is_asked_for_with_the_same_lines() -> None:
    """The rows of the old months stand ready and blank; new numbers come beside the old ones, under a whole of their own."""
    plan = budget({("r1", "2026-10"): 1, ("r2", "2026-11"): 2})
    content = template("month_budget", date(2027, 1, 1), date(2027, 1, 31), prefill=plan)
    assert read_workbook(content) == plan
    again = read_workbook(filled(content, put({("r2", "2027-01"): 30})))
    assert [node.id for node in again.nodes][: len(plan.nodes)] == [node.id for node in plan.nodes]
    fresh, whole = again.node("r2@2027-01"), again.node("budget@2027-01-01..2027-01-31")
    assert (fresh.target.value, fresh.parent, fresh.name, fresh.shop) == (Decimal(30), whole.id, "精准人群推广", "tm")
    assert (whole.parent, whole.start, again.start, again.end) == ("", date(2027, 1, 1), OCT, date(2027, 1, 31))
    assert again.node("budget").end == DEC


def test_a_removed_row_takes_its_nodes_away_and_what_is_not_shown_stays() -> None:
    plan = budget({("r1", "2026-10"): 1, ("r2", "2026-10"): 2})
    plan = replace(plan, nodes=(*plan.nodes, Node("rule", "practice", "每周复盘")))

    def remove(sheet: Worksheet) -> None:
        sheet.delete_rows(6)
        put({("r2", "2026-10"): 5})(sheet)

    again = read_workbook(filled(template("month_budget", date(2026, 10, 1), date(2026, 10, 31), prefill=plan), remove))
    assert [node.id for node in again.nodes] == ["budget", "budget@2026-10", "r2@2026-10", "rule"]
    assert again.node("r2@2026-10").target.value == Decimal(5)


@pytest.mark.parametrize(
    ("ask", "where"),
    [
        ({"kind": "x"}, "kind"),
        ({"end": date(2025, 1, 1)}, "end"),
        ({"split": "hour"}, "split"),
        ({"split": "day", "end": date(2028, 1, 1)}, "end"),
    ],
)
def test_a_question_that_makes_no_sense(ask: dict[str, object], where: str) -> None:
    with pytest.raises(PlanError) as caught:
        template(**{"kind": "month_budget", "start": OCT, "end": DEC, **ask})
    assert [fault.where for fault in caught.value.faults] == [where]


def test_the_template_helps_to_fill() -> None:
    """Frozen header, lists, comments, a page that says how, and a machine sheet nobody sees; examples are never read."""
    book = openpyxl.load_workbook(io.BytesIO(template("month_budget", OCT, DEC, shops=["tm", "jd"])))
    sheet = book["填写"]
    assert (book.sheetnames, book["_daybook"].sheet_state) == (["填写", "说明", "_daybook"], "veryHidden")
    assert (sheet.freeze_panes, sheet.column_dimensions["A"].hidden) == ("F5", True)
    lists = {str(each.sqref).split(":")[0] for each in sheet.data_validations.dataValidation}
    assert {"B5", "C5", "D5", "G2"} <= lists
    assert sheet["I4"].value == "2026-10（元）" and "2.5万" in sheet["I4"].comment.text
    assert any("直通车" in str(cell.value) for row in book["说明"].iter_rows() for cell in row)
    assert read_workbook(template("month_budget", OCT, DEC)).nodes == ()


def test_english_and_another_currency() -> None:
    content = template("month_budget", OCT, DEC, channels=["Meta 广告"], currency="EUR", lang="en")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Fill in"]
    assert (sheet["I4"].value, sheet["D6"].value) == ("2026-10 (EUR)", "Meta 广告")
    plan = read_workbook(filled(content, put({("r1", "2026-10"): 250})))
    cell = plan.node("r1@2026-10")
    assert (plan.currency, cell.unit, cell.metric, dict(cell.scope)) == ("EUR", "EUR", "spend", {"purse": "meta"})


def test_a_template_is_the_same_bytes_each_time() -> None:
    """So that a download can be compared; the archive's own dates are fixed."""
    first, second = (template("live_schedule", OCT, DEC) for _ in range(2))
    parts = [
        {name: archive.read(name) for name in archive.namelist()}
        for archive in map(zipfile.ZipFile, map(io.BytesIO, (first, second)))
    ]
    assert parts[0] == parts[1]


def test_damaged_bytes_are_refused_in_words() -> None:
    """Whatever happened to the file, the answer is a plan or a fault, never a crash."""
    content = template("month_budget", OCT, DEC)
    rng, refused = random.Random(7), 0
    for _ in range(60):
        broken = bytearray(content)
        for _ in range(rng.randint(1, 6)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        try:
            read_workbook(bytes(broken))
        except PlanError as error:
            assert error.faults
            refused += 1
    assert refused


def test_a_shop_has_the_rows_of_its_own_tools() -> None:
    """京准通 stands under the JD shop only, 优惠券 under both; what is filled in comes back under its shop."""
    content = template("month_budget", date(2026, 11, 1), date(2026, 11, 30), shops=["tm", "jd"], channels=["jd|京准通", "优惠券"])
    rows = python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_name("填写").to_python()
    assert [(row[1], row[3]) for row in rows if str(row[0]).startswith("r")] == [("tm", "优惠券"), ("jd", "京准通"), ("jd", "优惠券")]
