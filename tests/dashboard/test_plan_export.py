"""A plan to take along: the workbook read back cell by cell, and the page to print."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from dashboard import labels, plan_export, plan_print, plans
from tests.dashboard.conftest import YESTERDAY, HandBook

NOV1, NOV30 = date(2026, 11, 1), date(2026, 11, 30)
ALMOST = 1e-6


@pytest.fixture
def plan(handbook: HandBook, monkeypatch: pytest.MonkeyPatch) -> HandBook:
    """November of shop a: 30,000 of sales and 5,000 of ads, 12 days of 900 and 200; two milestones, one of them done."""
    monkeypatch.setattr(labels._RUN, "lang", "zh", raising=False)
    handbook.shop("a")
    for n in range(12):
        handbook.day("a", NOV1 + timedelta(days=n), sales=900, spend=200)
    head = {
        "plan": "p",
        "title": "=十一月&<b>计划</b>",
        "state": "issued",
        "author": "小王",
        "owner": "店长",
        "version": "2026-10-30T01:00:00",
        "versions": 3,
        "nodes": 5,
    }
    handbook.add("plan", [{**head, "spec": "{}", "day": NOV1, "day_to": NOV30, "currency": "CNY"}])
    nodes: list[dict[str, Any]] = [
        {"node": "all", "kind": "flow", "name": "=1+1 销售", "metric": "sales", "target": 30000, "spec": {"target": "3万"}},
        {"node": "ads", "parent": "all", "kind": "budget", "name": "推广", "metric": "spend", "shop": "a", "target": 5000, "spec": {"target": "5000"}},
        {"node": "blank", "kind": "flow", "name": "空着的", "spec": {"target": "××"}},
        {"node": "made", "kind": "milestone", "name": "<script>alert(1)</script>", "day": date(2026, 11, 5), "day_to": date(2026, 11, 5), "spec": {"_": {"due": ["2026-11-05", "2026-11-05"]}}},
        {"node": "open", "kind": "milestone", "name": "复盘", "owner": "小李", "day": date(2026, 11, 20), "day_to": date(2026, 11, 20), "spec": {"_": {"due": ["2026-11-20", "2026-11-20"]}}},
    ]  # fmt: skip
    for seq, node in enumerate(nodes):
        spec = json.dumps({"weight": "equal", **node.pop("spec")})
        handbook.add(
            "plan_node",
            [
                {
                    "plan": "p",
                    "seq": seq,
                    "state": "issued",
                    "currency": "CNY",
                    "day": NOV1,
                    "day_to": NOV30,
                    **node,
                    "spec": spec,
                }
            ],
        )
    handbook.add("activity", [{"activity": "1", "plan": "p", "node": "made", "done_at": "2026-11-04 10:00:00"}])
    return handbook


def sheets() -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(plan_export.xlsx_bytes(plans.standing("p", YESTERDAY))))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_lines_as_exact_numbers(plan: HandBook) -> None:
    """Sales: 10,800 of 30,000 is 36 %, 12,000 due, 19,200 left over 18 days. Ads: 2,400 of 5,000, 2,000 due, 2,600 left."""
    found = sheets()
    assert list(found) == ["计划执行", "里程碑", "按日", "说明"]
    head, *rows = found["计划执行"]
    lines = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    sales, ads = lines["=1+1 销售"], lines["推广"]
    assert [sales[name] for name in ("目标（照原样）", "目标数", "单位", "实际", "今天应到", "还差（预算是还能用）", "还剩天数", "状态")] == [
        "3万", 30000, "CNY", 10800, 12000, 19200, 18, "落后",
    ]  # fmt: skip
    assert abs(sales["完成率"] - 0.36) < ALMOST and abs(sales["每天还需"] - 1066.67) < ALMOST
    assert [ads[name] for name in ("目标数", "实际", "今天应到", "还差（预算是还能用）", "状态", "到期")] == [
        5000,
        2400,
        2000,
        2600,
        "超出进度",
        NOV30,
    ]


def test_what_is_missing_is_blank_and_not_zero(plan: HandBook) -> None:
    """A target left open has neither a number nor an actual; 12 days are too few for a landing."""
    head, *rows = sheets()["计划执行"]
    blank = next(dict(zip(head, row, strict=True)) for row in rows if row[0] == "空着的")
    assert [
        blank[name] for name in ("目标（照原样）", "目标数", "实际", "今天应到", "完成率", "每天还需", "数据时间")
    ] == [""] * 7
    sales = dict(zip(head, rows[0], strict=True))
    assert [sales[name] for name in ("落点下限", "预计落点", "落点上限")] == ["", "", ""]


def test_text_that_looks_like_a_formula_stays_text(plan: HandBook) -> None:
    """A name that begins with = is a text cell: nothing in the file is a formula."""
    import zipfile

    packed = zipfile.ZipFile(io.BytesIO(plan_export.xlsx_bytes(plans.standing("p", YESTERDAY))))
    parts = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(parts) == 4 and not any("<f>" in part for part in parts)
    assert "=1+1 销售" in packed.read("xl/sharedStrings.xml").decode()


def test_milestones_and_days(plan: HandBook) -> None:
    """The done one with its day, the open one with its owner; on the 12th 10,800 had come and 12,000 were due, on the 30th all."""
    found = sheets()
    duties = {row[0]: row for row in found["里程碑"][1:]}
    assert duties["<script>alert(1)</script>"][1] == "完成" and duties["<script>alert(1)</script>"][5] == date(
        2026, 11, 4
    )
    assert duties["复盘"][4] == date(2026, 11, 20) and duties["复盘"][5] == "" and duties["复盘"][8] == "小李"
    days = {(row[0], row[2]): row for row in found["按日"][1:]}
    assert days["=1+1 销售", YESTERDAY][3:6] == [900, 10800, 12000]
    assert days["=1+1 销售", NOV30][3:6] == ["", "", 30000]
    assert days["推广", NOV1][3:5] == [200, 200] and abs(days["推广", NOV1][5] - 166.67) < ALMOST  # 5,000 / 30
    assert len(found["按日"]) == 1 + 60


def test_the_notes_say_which_plan_and_day(plan: HandBook) -> None:
    """Version, author and day of the figures; the words used and the metrics' basis."""
    said = {row[0]: row[1] for row in sheets()["说明"]}
    assert (
        said["截至哪一天"] == "2026-11-12"
        and said["保存人"] == "小王"
        and said["版本"].startswith("3 · 2026-10-30 09:00")
    )
    assert said["空格"] == "没有这个数，不是 0" and "退款前" in said["支付金额"]


class Tags(HTMLParser):
    """Tags and text of a document, and whether it asks for anything from outside."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.outside: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.outside += [name for name, _ in attrs if name in ("src", "href") or name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(("language", "word"), [("zh", "落后"), ("en", "Behind")])
def test_the_page_to_print_stands_alone(
    plan: HandBook, monkeypatch: pytest.MonkeyPatch, language: str, word: str
) -> None:
    """Every line is there as text; no script, nothing loaded, nothing that runs; page rules for A4."""
    monkeypatch.setattr(labels._RUN, "lang", language, raising=False)
    html = plan_print.document(plans.standing("p", YESTERDAY))
    seen = Tags()
    seen.feed(html)
    assert (
        not {"script", "b>"} & set(seen.tags)
        and "link" not in seen.tags
        and "img" not in seen.tags
        and not seen.outside
    )
    for name in ("=1+1 销售", "推广", "空着的", "<script>alert(1)</script>", "复盘", "=十一月&<b>计划</b>", word):
        assert name in seen.text
    assert "<script" not in html and "<b>计划</b>" not in html and "url(" not in html and "@import" not in html
    assert "size: A4 portrait" in html and "@media print" in html and "break-before: page" in html
    assert 'style="width:48.00%"' in html  # 2,400 of the budget of 5,000, the mark at 2,000
    assert 'class="due" style="left:40.00%"' in html
