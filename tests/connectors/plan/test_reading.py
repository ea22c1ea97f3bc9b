"""A plan comes in from whatever holds one, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from connectors.__main__ import main
from connectors.files.inbox import scan_inbox
from connectors.plan.errors import PlanError
from connectors.plan.planfile import parse_toml, write_csv, write_toml
from connectors.plan.reading import QUESTIONS, Answers, is_plan, read_bytes, seal_file
from connectors.plan.workbook import template
from warehouse.book import Book
from warehouse.packages import iter_manifests

TEXT = '[plan]\nid = "p"\nstart = "2026-11-01"\nend = "2026-11-30"\n[[node]]\nid = "a"\nkind = "flow"\nname = "目标"\ntarget = "60万"\n'


def budget() -> bytes:
    return template("month_budget", date(2026, 11, 1), date(2026, 11, 30), shops=["tm"])


def test_plans_are_told_from_exports(tmp_path: Path, shared: Path) -> None:
    """By their insides: a plan file, a template under any name; none of the sample exports."""
    plan = parse_toml(TEXT, "p.toml")
    for name, content in (("a.toml", TEXT.encode()), ("b.csv", write_csv(plan).encode()), ("订单.xlsx", budget())):
        (tmp_path / name).write_bytes(content)
        assert is_plan(tmp_path / name), name
    for path in (shared / "apis" / "samples" / "exports").iterdir():
        assert not is_plan(path), path.name
    (tmp_path / "mapping.toml").write_text('source = "x"\n')
    assert not is_plan(tmp_path / "mapping.toml")


def test_every_form_gives_the_same_plan() -> None:
    plan = parse_toml(TEXT, "x")
    for name, text in (("p.toml", write_toml(plan)), ("p.csv", write_csv(plan))):
        assert read_bytes(name, text.encode("utf-8-sig")) == replace(plan, source="x")


def test_text_in_another_encoding_is_refused() -> None:
    with pytest.raises(PlanError, match="UTF-8"):
        read_bytes("p.toml", TEXT.encode("gb18030"))


def test_a_budget_of_totals_only_is_about_all_ad_spend() -> None:
    """30,000 in the total row and no line: held against spend, and said so. With a line the total is what is below."""
    book = openpyxl.load_workbook(BytesIO(budget()))
    sheet = book["填写"]
    head = next(row for row in sheet.iter_rows() if any(str(cell.value).startswith("2026-11（") for cell in row))
    column = next(cell.column for cell in head if str(cell.value).startswith("2026-11（"))
    sheet.cell(head[0].row + 1, column).value = 30000
    out = BytesIO()
    book.save(out)
    nodes = read_bytes("b.xlsx", out.getvalue()).nodes
    assert {(node.metric, node.note) for node in nodes} == {("spend", "只填了合计：按全部推广花费对照")}
    sheet.cell(head[0].row + 2, column).value = 20000
    out = BytesIO()
    book.save(out)
    nodes = read_bytes("b.xlsx", out.getvalue()).nodes
    assert [node.metric for node in nodes if node.source == "children"] == [""] * sum(node.source == "children" for node in nodes)


def test_the_same_file_again_is_no_new_version(book: Book, tmp_path: Path) -> None:
    """Twice the same bytes: one version; changed bytes: the next."""
    path = tmp_path / "p.toml"
    path.write_text(TEXT, encoding="utf-8")
    first, again = seal_file(book, path, "me"), seal_file(book, path, "me")
    assert (first.already, again.already, again.manifest.id) == (False, True, first.manifest.id)
    path.write_text(TEXT.replace("60万", "70万"), encoding="utf-8")
    assert not seal_file(book, path, "me").already
    assert len(list(iter_manifests(book))) == 2


def test_a_plan_in_the_inbox_comes_in_by_itself(book: Book) -> None:
    """Put into a shop's folder, it is taken like any file; a broken one stays with its reason beside it."""
    folder = book.inbox / "tm"
    folder.mkdir(parents=True)
    (folder / "p.toml").write_text(TEXT, encoding="utf-8")
    (folder / "bad.toml").write_text(TEXT.replace("60万", "六个多"), encoding="utf-8")
    waiting = scan_inbox(book)
    assert list(waiting) == ["tm/bad.toml"]
    assert "a.target" in waiting["tm/bad.toml"]
    assert [manifest.kind for manifest in iter_manifests(book)] == ["plan"]


def test_the_command_line_takes_plans(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`import` of a plan file: a version; again: nothing changed; a wrong one: its place, and exit code 1."""
    path = tmp_path / "p.toml"
    path.write_text(TEXT, encoding="utf-8")
    call = ["import", str(path), "--data", str(tmp_path / "book")]
    assert main(call) == 0
    assert main(call) == 0
    assert "nothing changed" in capsys.readouterr().out
    path.write_text(TEXT.replace('"flow"', '"flw"'), encoding="utf-8")
    assert main(call) == 1
    assert "a.kind" in capsys.readouterr().err


def test_a_planners_own_month_table_asks_for_what_it_does_not_say(shared: Path) -> None:
    """The public media plan: the sheet with the money is named; then its months and channels are there."""
    path = next((shared / "data" / "plan_media_investment").glob("*.xlsx"))
    content = path.read_bytes()
    with pytest.raises(PlanError) as asked:
        read_bytes(path.name, content)
    assert {fault.where for fault in asked.value.faults} <= set(QUESTIONS)
    plan = read_bytes(path.name, content, answers=Answers(sheet="Media Investment", kind="budget"))
    assert {node.kind for node in plan.nodes} == {"budget"}
    assert len([node for node in plan.nodes if node.target.value is not None]) > 12


def test_a_pasted_table_keeps_its_words() -> None:
    """Two lines copied from a document: a target and a task; the original text stays beside them."""
    text = "指标\t目标\t负责人\n支付金额\t60万\t王\n访客数\t3万\t李\n"
    plan = read_bytes("", text.encode())
    assert plan.text.strip() == text.strip()
    assert [(node.name, node.target.value) for node in plan.nodes] == [("支付金额", 600000), ("访客数", 30000)]
