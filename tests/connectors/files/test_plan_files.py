"""The activity log and the typed actuals of a plan as files: known by their headers, read in both languages, updated and undone."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

import worker
from connectors import files
from connectors.files.layout import layouts
from connectors.files.reader import read, scratch
from connectors.files.recognise import fit
from connectors.forms import submit_rows
from warehouse.book import Book
from warehouse.packages import Manifest
from warehouse.undo import seal_deed

SAMPLES = Path(__file__).parents[2] / "fixtures" / "plans"
LOG, LOG_EN, VALUES = SAMPLES / "活动记录_b1.csv", SAMPLES / "activity_log_b12.csv", SAMPLES / "计划实际值.csv"
HEADER = LOG.read_text(encoding="utf-8").splitlines()[0]
EXAM = "SELECT done_at, result, note FROM fact.activity WHERE node = 'B1-11' ORDER BY done_at"
MEETINGS = "SELECT due, done_at FROM fact.activity WHERE node = 'B1-01' ORDER BY due"
MARCH, APRIL = (date(2026, 3, 31), datetime(2026, 3, 12, 15)), (date(2026, 4, 30), None)


def imported(book: Book, path: Path, shop: str = "s") -> Manifest:
    manifest = files.seal(book, path, shop=shop).manifest
    assert not worker.commit_all(book).failed
    return manifest


def undone(book: Book, manifest: Manifest) -> None:
    seal_deed(book, "undo", manifest.id)
    assert not worker.commit_all(book).failed


def facts(book: Book, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(book.warehouse), read_only=True) as con:
        return con.execute(sql).fetchall()


def log(tmp_path: Path, *lines: str) -> Path:
    """A log of the same headers with other lines."""
    path = tmp_path / "活动记录_下一版.csv"
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8-sig")
    return path


@pytest.mark.parametrize(("path", "layout"), [(LOG, "activity_log"), (LOG_EN, "activity_log"), (VALUES, "plan_values")])
def test_the_headers_alone_say_which_it_is(tmp_path: Path, path: Path, layout: str) -> None:
    """Chinese or English, the file fits one layout and no other."""
    known = frozenset().union(*(each.known for each in layouts().values()))
    with scratch(tmp_path) as folder:
        source = read(path, folder, known)
        assert [each.id for each in layouts().values() if fit(source, each)] == [layout]


def test_each_line_is_one_thing_done_or_due(book: Book) -> None:
    """Six of nine lines are read; days in any spelling; a failed and a passed attempt stand side by side."""
    manifest = imported(book, LOG)
    assert (manifest.source, manifest.unknown_columns, manifest.removed_columns) == ("activity_log", [], [])
    assert facts(book, MEETINGS) == [MARCH, APRIL]
    assert facts(book, EXAM) == [(datetime(2026, 5, 20), "fail", None), (datetime(2026, 6, 18), "pass", "补考")]
    assert facts(
        book,
        "SELECT unit, due, done_at, qty, result, owner FROM fact.activity WHERE node = 'B1-03-quarter' ORDER BY done_at",
    ) == [
        ("营业部", date(2026, 3, 31), datetime(2026, 3, 5), None, "", "李四"),
        ("东山支行", date(2026, 3, 31), datetime(2026, 3, 18, 9, 30), None, "", "李四"),
    ]
    first = "SELECT plan, shop, what, qty, evidence, is_removed, source FROM fact.activity WHERE due = '2026-03-31' AND node = 'B1-01'"
    assert facts(book, first) == [
        ("b1", "s", "业务经理例会", Decimal(1), "https://example.invalid/minutes/3", False, "activity_log")
    ]


def test_what_cannot_be_read_waits_in_quarantine_with_its_cell(book: Book) -> None:
    """An unknown result, a quantity in words and a line about nothing are named, not guessed."""
    imported(book, LOG)
    rows = facts(book, "SELECT row_no, name, value FROM fact.quarantine ORDER BY row_no")
    assert [row[1:] for row in rows] == [("结果", "待定"), ("数量", "若干"), ("activity", None)]
    assert len(facts(book, "SELECT 1 FROM fact.activity")) == 6


def test_equal_lines_count_one_by_one(book: Book) -> None:
    """Two posts of one minute are two; a quantity says how many a line stands for."""
    imported(book, LOG_EN)
    rows = facts(
        book,
        "SELECT node, unit, qty, result, count(DISTINCT activity), count(DISTINCT evidence) FROM fact.activity GROUP BY ALL ORDER BY node",
    )
    assert rows == [("B12-01", None, Decimal(1200), "pass", 1, 0), ("B12-10", "新浪微博", None, "", 2, 2)]


def test_a_log_handed_in_again_updates_its_lines(book: Book, tmp_path: Path) -> None:
    """The April meeting is done now: the same row, no second one; undo brings back what stood, then nothing."""
    before = imported(book, LOG)
    again = imported(book, log(tmp_path, "b1,B1-01,业务经理例会,,2026-04-30,2026-04-21 10:00,,,张三,,四月例会"))
    assert facts(book, MEETINGS) == [MARCH, (date(2026, 4, 30), datetime(2026, 4, 21, 10))]
    undone(book, again)
    assert facts(book, MEETINGS) == [MARCH, APRIL]
    undone(book, before)
    assert facts(book, "SELECT 1 FROM fact.activity") == []


def test_one_more_line_leaves_the_others_alone(book: Book, tmp_path: Path) -> None:
    """Read whole once more with a third attempt below, the first two keep their rows."""
    imported(book, LOG)
    ids = set(facts(book, "SELECT activity FROM fact.activity"))
    third = "b1,B1-11,反假货币考试,柜员甲,2026-06-30,2026-06-29,,合格,王五,,复核"
    imported(book, log(tmp_path, *LOG.read_text(encoding="utf-8").splitlines()[1:], third))
    assert ids < set(facts(book, "SELECT activity FROM fact.activity"))
    assert [row[1:] for row in facts(book, EXAM)] == [("fail", None), ("pass", "补考"), ("pass", "复核")]


def test_a_line_with_a_number_of_its_own_is_known_by_it(book: Book, tmp_path: Path) -> None:
    """编号 stays while everything else changes; and two shops' logs do not mix."""
    path = tmp_path / "活动记录.csv"
    for what, shop in (("周会", "s"), ("周例会", "s")):
        path.write_text(f"编号,计划,节点,事项,完成时间\nM-1,b6,B6-10,{what},2026-10-09\n", encoding="utf-8")
        imported(book, path, shop)
    assert facts(book, "SELECT activity, what FROM fact.activity") == [("M-1", "周例会")]
    imported(book, LOG, "s")
    imported(book, LOG, "t")
    assert facts(book, "SELECT shop, count(*) FROM fact.activity GROUP BY ALL ORDER BY 1") == [("s", 7), ("t", 6)]


def test_of_a_file_and_a_page_the_later_word_stands(book: Book) -> None:
    """A line taken away on the page stays away until a newer log says it again."""
    imported(book, LOG)
    ((activity,),) = facts(book, "SELECT activity FROM fact.activity WHERE due = '2026-04-30'")
    submit_rows(
        book,
        "activity",
        [{"shop": "s", "activity": activity, "plan": "b1", "node": "B1-01", "is_removed": "true"}],
        "me",
    )
    assert not worker.commit_all(book).failed
    assert facts(book, "SELECT is_removed, source FROM fact.activity WHERE activity = '" + activity + "'") == [
        (True, "typed")
    ]


def test_a_log_says_nothing_about_what_the_shop_is(book: Book, shared: Path) -> None:
    """The platform comes from the shop's own exports, whichever file came first."""
    imported(book, LOG)
    assert facts(book, "SELECT platform FROM fact.shop") == [("other",)]
    ads = next(path for path in sorted((shared / "apis/samples/exports").iterdir()) if path.name.startswith("京准通"))
    imported(book, ads)
    assert facts(book, "SELECT platform FROM fact.shop") == [("jd",)]


def test_typed_actuals_are_read_as_typed(book: Book) -> None:
    """10.8万 is 108,000 and 82.5% is 0.825; a blank is not zero; what is no number waits."""
    manifest = imported(book, VALUES)
    rows = "SELECT plan, node, unit, day, value, of_value, currency, note FROM fact.plan_value ORDER BY plan"
    assert facts(book, rows) == [
        ("a1", "A1-07", "", date(2026, 3, 31), Decimal(108000), None, "CNY", "三月工资"),
        ("b15", "B15-02", "一季度", date(2026, 3, 31), Decimal("0.825"), None, None, "问卷"),
        ("b6", "B6-06", "", date(2026, 10, 31), Decimal(45), Decimal(47), None, "回访成功"),
    ]
    assert facts(book, "SELECT name, value FROM fact.quarantine ORDER BY row_no") == [("plan", None), ("数值", "八成")]
    undone(book, manifest)
    assert facts(book, rows) == []
