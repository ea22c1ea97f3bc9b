"""计划 on a book with four origin plans and a month of sales and spend, what happened worked by hand."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from dashboard import labels, panels_plan_board, plan_tree
from dashboard import plans as dashboard_plans
from dashboard.labels import all_labels
from queries.plan.progress import WORDS
from tests.dashboard.conftest import HandBook
from tests.dashboard.pages.opened import figures, opened, words
from tests.queries.plan.plan_book import EXAMPLES, PlanBook
from warehouse.book import Book

DAY = date(2026, 11, 12)
NOV = """
[plan]
id = "nov"
title = "十一月"
state = "issued"
owner = "店长"
shop = "tm"
start = "2026-11-01"
end = "2026-11-30"
[[node]]
id = "sales"
kind = "flow"
name = "支付金额"
metric = "sales"
target = "30000元"
text = "冲三万"
[[node]]
id = "people"
kind = "flow"
name = "访客数"
parent = "sales"
metric = "visitors"
target = "3000人"
[[node]]
id = "conversion"
kind = "ratio"
parent = "sales"
metric = "conversion_rate"
target = "10%"
[[node]]
id = "spend"
kind = "budget"
name = "推广花费"
metric = "spend"
target = "3000元"
[[node]]
id = "growth"
kind = "growth"
metric = "sales"
target = "10%"
"""
SESSIONS = [
    ("2026-11-02 19:00", "2026-11-02 23:00", 900, 5000, 10), ("2026-11-03 14:00", "2026-11-03 16:00", 300, 1000, 5),
    ("2026-11-06 23:00", "2026-11-07 04:00", 700, 9000, 15),
]  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """a1: 11 of 60万 typed; b6: 16 of 17 risk cases; b3: spend of 1.5, 6 and 3万; b11: three sessions; nov: 12 days."""
    folder = tmp_path_factory.mktemp("plans")
    book = Book(folder / "book").ensure()
    a1 = PlanBook(book, "a1")
    a1.typed("A1-02-ads", "2026-06-30", Decimal(60_000))
    a1.typed("A1-02-events", "2026-06-30", Decimal(50_000))
    a1.at(DAY)
    b6 = PlanBook(book, "b6")
    b6.did("B6-08", "2026-10-20", qty=178)
    b6.did("B6-05-signature", "2026-10-20", qty=6)
    b6.did("B6-05-promise", "2026-10-25", qty=10)
    b6.did("B6-02-1", "2026-10-12")
    b6.did("B6-02-2", "2026-11-05")
    b6.at(DAY)
    b11 = PlanBook(book, "b11")
    b11.figures("dy", "visitors", [(date(2026, 11, 2), 1)], "douyin")
    b11.sessions("dy", folder, SESSIONS)
    b11.at(DAY)
    PlanBook(book, "b3")
    nov = PlanBook(book, text=NOV)
    months = {1: 15_000, 2: 60_000, 3: 30_000}
    nov.figures(
        "tm",
        "spend",
        [
            (
                date(2026, 1, 1) + timedelta(days=n),
                months[(date(2026, 1, 1) + timedelta(days=n)).month] if n in (4, 35, 63) else 0,
            )
            for n in range(90)
        ],
    )
    for metric, value in (("sales", 900), ("visitors", 90), ("paying_buyers", 9), ("spend", 120)):
        nov.figures("tm", metric, [(date(2026, 11, 1) + timedelta(days=n), value) for n in range(12)])
    nov.at(DAY)
    return book


@pytest.fixture
def plans(filled: Book, monkeypatch: pytest.MonkeyPatch) -> Book:
    """The book is shown at noon of the 13th: the page looks at the end of the 12th."""
    monkeypatch.setenv("DAYBOOK_DATA", str(filled.root))
    monkeypatch.setenv("DAYBOOK_TODAY", "2026-11-13")
    monkeypatch.delenv("DAYBOOK_SHOPS", raising=False)
    return filled


def page(**link: str) -> str:
    """What the page says with this link; it shows no error."""
    at = opened("plan", **link)
    said = words(at)
    assert not at.exception and "db-error" not in said
    return said


def row(said: str, node: str) -> str:
    """The tree's row of a node."""
    tree = said.split('class="db-plan"')[1]
    return tree.split(f'data-node="{node}"')[1].split('<div class="row')[0]


def test_the_head_says_whose_plan_it_is(plans: Book) -> None:
    """State, days, owner, version; the newest plan that runs comes first."""
    head = page().split('id="plan-top"')[1].split("</div>")[0]
    assert "已下发" in head and "11-01 ~ 11-30" in head and "负责人 店长" in head and "第 1 版" in head
    assert "草稿" in page(plan="a1").split('id="plan-top"')[1]


def test_counts_are_words_and_blanks_are_no_failures(plans: Book) -> None:
    """b6 on the 12th: 3 done, 6 late, missed or behind, 2 to do, 6 without a number, 4 practices: 21 lines."""
    at = opened("plan", plan="b6")
    shown = next(each for each in at.get("button_group") if each.key == "c_show")
    assert [option.content for option in shown.proto.options] == [
        "全部 21",
        "好 3",
        "差 6",
        "待完成 2",
        "没有数 6",
        "不评判 4",
    ]
    blank = row(words(at), "B6-06")
    assert 'class="db-chip "' in blank and "没有实际数" in blank and "还没有填实际数" in blank


def test_only_the_lines_of_a_group(plans: Book) -> None:
    """?show=due lists the two open lines, flat."""
    tree = page(plan="b6", show="due").split('class="db-plan"')[1]
    assert re.findall(r'data-node="([^"]+)"', tree) == ["B6-02", "B6-08"]


def test_a_row_carries_target_actual_expected_and_pace(plans: Book) -> None:
    """900 a day for 12 of 30 days: 10,800 of 30,000, 12,000 due on equal days, 19,200 left for 18 days are 1,066.67 a day."""
    sales = row(page(plan="nov"), "sales")
    for said in ("30000元", "¥1.08万", "¥1.20万", "36.0%", "¥1,066.67", "落后", "11-30", "店长"):
        assert said in sales, said
    assert "left:40.0%" in sales  # the tick where today should be: 12 of 30 days


def test_people_are_not_added_but_named(plans: Book) -> None:
    """12 days of 90 visitors are 1,080 by day; the month's people are not known."""
    people = row(page(plan="nov"), "people")
    assert "没有实际数" in people and "按日累计 1,080" in people and "人数不能按日相加" in people


def test_what_is_missing_is_not_zero(plans: Book) -> None:
    """10万 of events without a typed amount need nothing a day: nobody knows what is left."""
    events = row(page(plan="a1"), "A1-03-events")
    assert "没有实际数" in events and "¥" in events.split("c-expected")[1].split("c-rate")[0]
    assert "¥" not in events.split("c-per_day")[1]


def test_levels_fold(plans: Book) -> None:
    """All open unless one level is asked for; the same lines are there."""
    everything, one = page(plan="a1"), page(plan="a1", levels="1")
    assert "<details open>" in everything and "<details open>" not in one
    assert everything.count("data-node=") == one.count("data-node=")


def test_what_comes_first_is_late_then_missed(plans: Book) -> None:
    """b6: two late steps, then the weekly quota that still runs, then what was missed; each with its next step."""
    first = page(plan="b6").split('class="db-first"')[1].split('class="db-plan"')[0]
    assert re.findall(r'data-node="([^"]+)"', first)[:3] == ["B6-02-3", "B6-02-4", "B6-10"]
    assert "本应 10-31 做完，晚了 12 天" in first


def test_the_gap_of_sales_has_three_parts(plans: Book) -> None:
    """1,080 visitors of 1,200 planned, 10 % as planned, 100 each as planned: the whole -1,200 is visitors."""
    said = page(plan="nov", node="sales")
    gap = said.split("差额从哪里来")[1].split("db-grounds")[0]
    assert "-¥1,200.00" in gap and gap.count(">¥0.00<") == 2
    assert "每天还需 ¥1,066.67，共 18 天" in said and "冲三万" in said


def test_without_factors_the_card_says_what_to_add(plans: Book) -> None:
    """b3 has a sales line without a number: nothing to split and no colour."""
    said = page(plan="b3", node="sales")
    assert "差额从哪里来" not in said and "计划里留空" in said and "没有目标" in said


def test_the_course_ends_today(plans: Book) -> None:
    """30 days, 12 of them known, up to 10,800; the plan's line ends on 30,000."""
    traces = json.loads(figures(opened("plan", plan="nov", node="sales"))[0])["data"]
    course = {trace.get("name"): trace for trace in traces}
    so_far = course["累计实际"]["y"]
    assert len(so_far) == 30 and so_far[11] == 10_800 and so_far[12:] == [None] * 18
    assert course["计划累计"]["y"][-1] == 30_000


def test_a_budget_bar_marks_where_today_should_be(plans: Book) -> None:
    """1,440 of 3,000 used, 1,200 due after 12 of 30 days: the mark stands at 40 % of the bar or of the landing."""
    said = page(plan="nov", node="spend")
    purse = said.split('class="db-purse"')[1]
    assert "今天应到这里 ¥1,200.00" in purse and "已用 ¥1,440.00" in purse and "预算 ¥3,000.00" in purse
    bar = float(re.search(r'<b class="" style="width:([\d.]+)%', purse).group(1))  # type: ignore[union-attr]
    mark = float(re.search(r'<i class="today" style="left:([\d.]+)%', purse).group(1))  # type: ignore[union-attr]
    assert bar / mark == pytest.approx(1440 / 1200, rel=1e-3)
    assert "超出进度" in said and "每天最多还能用 ¥86.67，共 18 天" in said  # 1,560 for 18 days


def test_formula_lines_stand_beside_the_typed_number(plans: Book) -> None:
    """15 % of 60万 is 9万, of the 11万 that came 1.65万; the typed 9万 stays the target."""
    said = page(plan="a1", node="A1-08").split('class="db-nodehead"')[1]
    assert "年度营业收入 * rate（rate 15%" in said
    assert "按计划折算 <b>¥9.00万" in said and "按实际折算 <b>¥1.65万" in said and ">9万<" in said


def test_a_band_shows_its_months(plans: Book) -> None:
    """1.5 below, 6 above, 3 inside 2-5万; from April on nothing is known; the mean 3.5 is the verdict."""
    at = opened("plan", plan="b3", node="B3-11", on="2026-03-31")
    bars = json.loads(figures(at)[0])["data"][0]
    assert bars["y"] == [15_000, 60_000, 30_000] and bars["x"] == ["2026-01", "2026-02", "2026-03"]
    assert "单期超出 <b>2026-02" in words(at) and "整期平均 <b>¥3.50万" in words(at)


def test_a_backlog_counts_whole_cases(plans: Book) -> None:
    """95 % of 17 is 17: 16 cleared, 1 left, missed in October; 178 of 179 papers."""
    said = page(plan="b6", node="B6-07")
    assert "要清理 <b>17" in said and "已清理 <b>16" in said and "还剩 <b>1<" in said and "未达成" in said
    papers = row(said, "B6-08")
    assert (
        "已清 178 / 179" in papers
        and "10 份" in papers
        and "%" not in papers.split("c-actual")[1].split("c-expected")[0]
    )


def test_sessions_are_listed_with_their_words(plans: Book) -> None:
    """4, 2 and 5 hours against 3-5; one session runs past midnight."""
    said = page(plan="b11", node="B11-06")
    table = said.split("每一场")[1].split("db-grounds")[0]
    assert re.findall(r"(\d\.0)小时", table) == ["5.0", "2.0", "4.0"]
    assert table.count("在区间内") == 4 and table.count("低于区间") == 2  # the word and its hover
    assert "跨零点的场次 <b>1<" in said and "做到 <b>2 / 3" in said


def test_growth_without_a_base_has_no_colour(plans: Book) -> None:
    """A growth of 10 % against nothing is not judged."""
    growth = row(page(plan="nov"), "growth")
    assert "缺基数" in growth and "poor" not in growth and "good" not in growth


def test_the_board_puts_everything_by_its_state(plans: Book) -> None:
    """b6: six late, two due, five open, three done; what was done late says so."""
    board = page(plan="b6", view="board").split('class="db-board"')[1]
    assert re.findall(r"</?i>(\d+)</i>", board.replace("<i>", "</i>")) == ["6", "2", "0", "5", "3"]
    done = board.split('<section class="done">')[1]
    assert "11-05 做完 晚了 5 天" in done and "10-12 做完" in done


def test_exports_hold_every_line_exact(plans: Book) -> None:
    """The tree and the board as files: numbers exact, days as days, a missing figure blank."""
    found = dashboard_plans.standing("nov", DAY)
    labels._RUN.lang = "zh"
    try:
        rows = plan_tree.frame(found).set_index("项目")
        board = panels_plan_board._frame(found, panels_plan_board.duties(found))
    finally:
        labels._RUN.lang = None
    assert len(rows) == len(found.nodes) == 5
    sales = rows.loc["支付金额"]
    assert (sales["实际"], sales["今天应到"], sales["每天还需"], sales["到期"]) == (
        10_800,
        12_000,
        Decimal("1066.67"),
        date(2026, 11, 30),
    )
    assert pd.isna(rows.loc["访客数"]["实际"]) and "人数不能按日相加" in rows.loc["访客数"]["原因"]
    assert board.empty


def test_a_large_plan_sends_its_upper_levels(plans: Book) -> None:
    """480 roots with a line beneath each: 400 rows are sent, roots before anything beneath, and the page says so."""
    found = dashboard_plans.standing("nov", DAY)
    spend = found.node("spend")
    assert spend is not None
    pairs = [
        (replace(spend, id=f"{n}{part}", parent=f"{n}" if part else ""), int(bool(part)))
        for n in range(480)
        for part in ("", "x")
    ]
    many = replace(found, nodes=tuple(pairs), progress={node.id: found.progress["spend"] for node, _ in pairs})
    labels._RUN.lang = "zh"
    try:
        html, cut = plan_tree.html(many, "all", 1)
    finally:
        labels._RUN.lang = None
    assert cut == 400 and re.findall(r'data-node="([^"]+)"', html) == [str(n) for n in range(400)]


def test_english(plans: Book) -> None:
    """The English page is English."""
    said = page(plan="nov", node="spend", lang="en")
    assert "today should be here ¥1,200.00" in said and "Over pace" in said and "Needed a day" in said
    for chinese in ("今天", "落后", "每天", "完成", "预计", "没有"):
        assert chinese not in said, chinese


def test_links_that_lead_nowhere_say_so(plans: Book) -> None:
    """A line or a plan that is gone is named; the page still stands."""
    assert "没有「zz」这一行" in page(plan="nov", node="zz")
    assert "「zz」已经不在了" in page(plan="zz")


def test_another_plan_closes_the_line(plans: Book) -> None:
    """Choosing another plan leaves the line of the first one."""
    at = opened("plan", plan="nov", node="spend")
    at.selectbox(key="c_plan").set_value("b6").run()
    assert "node" not in at.query_params and "没有「spend」" not in words(at)
    assert not at.exception


def test_another_day_is_another_standing(plans: Book) -> None:
    """On the 6th 5,400 of 30,000 had come."""
    assert "¥5,400.00" in row(page(plan="nov", on="2026-11-06"), "sales")


def test_no_plan_says_what_to_do(handbook: HandBook) -> None:
    """An empty book names the three templates to begin with."""
    said = page()
    assert "还没有计划" in said and all(name in said for name in ("月度预算", "销售目标", "直播排期"))


def test_every_state_reason_and_detail_has_words() -> None:
    """Whatever evaluate can say has a label in both languages: states, reasons, figures of a kind."""
    known = all_labels()
    root = EXAMPLES.parents[1] / "queries" / "plan"
    for word in WORDS:
        assert f"plan.status_{word}" in known
        assert f"plan.tip_{'due_word' if word == 'due' else word}" in known
    assert all(f"plan.gap_{why}" in known for why in ("no_expected", "no_factors", "factor_days"))
    for file in sorted(set(root.glob("*.py")) - {root / "gap.py"}):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for kind, key in _said(node):
                assert f"plan.{kind}_{key}" in known, f"{file.name}: {kind}_{key}"


def _said(node: ast.AST) -> list[tuple[str, str]]:
    """Keys of dictionaries called details or more, and constant reasons."""
    found: list[tuple[str, str]] = []
    if (
        isinstance(node, ast.keyword)
        and node.arg == "why"
        and isinstance(node.value, ast.Constant)
        and node.value.value
    ):
        found.append(("why", str(node.value.value)))
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {each.id for each in targets if isinstance(each, ast.Name)}
        subs = [
            each for each in targets if isinstance(each, ast.Subscript) and getattr(each.value, "id", "") == "details"
        ]
        found += [("detail", str(each.slice.value)) for each in subs if isinstance(each.slice, ast.Constant)]
        if names & {"details", "more"} and node.value is not None:
            found += [("detail", key) for key in _keys(node.value)]
    if isinstance(node, ast.keyword) and node.arg == "details":
        found += [("detail", key) for key in _keys(node.value)]
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_with":
        found += [("detail", str(each.arg)) for each in node.keywords if each.arg]
    return found


def _keys(value: ast.AST) -> list[str]:
    dicts = [each for each in ast.walk(value) if isinstance(each, ast.Dict)]
    return [str(key.value) for each in dicts for key in each.keys if isinstance(key, ast.Constant)]


def test_every_example_opens_with_every_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All 19 origin plans in one book: each page shows each of its lines, in both languages, without an error."""
    book = Book(tmp_path / "book").ensure()
    for file in sorted(EXAMPLES.glob("*.toml")):
        plan = PlanBook(book, file.name.split("-")[0])
    plan.at(DAY)
    monkeypatch.setenv("DAYBOOK_DATA", str(book.root))
    monkeypatch.setenv("DAYBOOK_TODAY", "2026-11-13")
    for file in sorted(EXAMPLES.glob("*.toml")):
        name = file.name.split("-")[0]
        lines = len(re.findall(r"^\[\[node\]\]", file.read_text(encoding="utf-8"), re.MULTILINE))
        for lang in ("zh", "en"):
            tree = page(plan=name, lang=lang).split('class="db-plan"')[1]
            assert tree.count("data-node=") == lines, (name, lang)


def test_the_click_listener_writes_the_link(plans: Book) -> None:
    """Rows are links with the plan and the line in them, so that they also work opened in a new tab."""
    said = page(plan="nov")
    assert 'href="?plan=nov&amp;node=spend" data-node="spend"' in said
