"""A run sheet that goes out in a workbook and comes back is the same sheet; what cannot be taken is named by its cell."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import forms
from connectors.runsheet import FIELDS, HEADS, SheetError, checked, event_rows, read, template

START = datetime(2026, 11, 11, 23, 50)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), max_size=20)
NUMBER = st.integers(0, 10**19).map(str)
CELLS = {"link_no": st.one_of(st.just(""), st.integers(0, 999).map(str), TEXT), "item_id": st.one_of(st.just(""), NUMBER)}
ROW = st.fixed_dictionaries({name: CELLS.get(name, TEXT) for name in FIELDS if name != "minute"})
SHEET = st.dictionaries(st.integers(0, 1439), ROW, min_size=1, max_size=12).map(lambda rows: [row | {"minute": at} for at, row in sorted(rows.items())])


def row(minute: Any, **cells: str) -> dict[str, Any]:
    return dict.fromkeys(FIELDS, "") | {"minute": minute} | cells


def faults(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    with pytest.raises(SheetError) as caught:
        checked(rows)
    return [(fault.code, fault.where) for fault in caught.value.faults]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHEET, st.sampled_from(["zh", "en"]))
def test_a_workbook_comes_back_as_it_went_out(sheet: list[dict[str, Any]], lang: str) -> None:
    """Every cell of every row, ids of 19 digits, text that looks like a formula or a number, in both languages."""
    assert read("x.xlsx", template(sheet, lang)) == sheet


def test_columns_are_found_wherever_they_went_and_numbers_typed_as_numbers_are_read() -> None:
    """Another program: columns in another order, one of its own, a link number typed as the number 3."""
    book = openpyxl.Workbook()
    page = book.active
    for at, cells in enumerate([["我们双十一的脚本"], [], ["链接号", "备注", "分钟", "主播"], [3, "x", 0, "小李"], [None, None, None, None], ["12", None, 30, None]], start=1):
        for column, value in enumerate(cells, start=1):
            page.cell(at, column, value)
    out = io.BytesIO()
    book.save(out)
    assert read("x.xlsx", out.getvalue()) == [row(0, link_no="3", host="小李"), row(30, link_no="12")]


def test_an_empty_template_holds_no_rows_and_says_so() -> None:
    """The template itself is not a sheet."""
    with pytest.raises(SheetError) as caught:
        read("x.xlsx", template([], "zh"))
    assert [fault.code for fault in caught.value.faults] == ["empty"]


def test_what_cannot_be_taken_is_named_with_its_cell() -> None:
    """A minute with a half, the same minute twice, none at all; and a file that is no workbook or no run sheet."""
    book = openpyxl.load_workbook(io.BytesIO(template([row(5, segment="a"), row(6, segment="b"), row(7, segment="c")], "zh")))
    page = book.active
    page["A3"], page["A5"], page["B6"] = 5.5, 6, "d"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(SheetError) as caught:
        read("x.xlsx", out.getvalue())
    assert [(f.code, f.where) for f in caught.value.faults] == [("minute", "直播脚本!A3"), ("twice", "直播脚本!A5"), ("minute", "直播脚本!A6")]
    for content, code in ((b"not a workbook", "file"), (_blank(), "head")):
        with pytest.raises(SheetError) as caught:
            read("x.xlsx", content)
        assert [fault.code for fault in caught.value.faults] == [code]


def test_rows_from_the_page_are_held_to_the_same_rules() -> None:
    """Blank rows are left out; NaN is blank; an id that lost its digits and a text too long are refused; rows go by minute."""
    assert checked([row(9, segment="b"), row(None), row(float("nan")), row(3, segment="a")]) == [row(3, segment="a"), row(9, segment="b")]
    assert faults([row(1440), row(-1), row("x")]) == [("minute", "1"), ("minute", "2"), ("minute", "3")]
    assert faults([row(1, item_id="6.9E+18"), row(2, text="长" * 201)]) == [("link", "1"), ("long", "2")]
    assert faults([]) == [("empty", "1")]


def test_a_sheet_replaces_the_one_before_it_row_by_row() -> None:
    """Minute 0 stays, 30 got another item, 40 is gone: two rows stand, two keys are removed; and the forms take them all."""
    before = [row(0, segment="开场"), row(30, item_id="7"), row(40, segment="福袋")]
    rows = event_rows("d", "a1", START, [row(0, segment="暖场"), row(30, item_id="8")], before)
    told = [(str(r["happened_at"])[11:16], r["item_id"], bool(r.get("is_removed"))) for r in rows]
    assert told == [("23:50", "", False), ("00:20", "8", False), ("00:20", "7", True), ("00:30", "", True)]
    assert {(r["kind"], r["sheet_at"], r["account"]) for r in rows} == {("script", START, "a1")}
    shop, typed = forms.check_rows("live_event", rows)
    assert shop == "d" and [r["segment"] for r in typed] == ["暖场", None, None, "福袋"]


def test_a_row_of_a_sheet_needs_its_sheet() -> None:
    """Without the planned start no session could claim it."""
    with pytest.raises(forms.FormError) as caught:
        forms.check_rows("live_event", [{"shop": "d", "kind": "script", "happened_at": START}])
    assert caught.value.facts["column"] == "sheet_at"


def test_every_heading_is_one_field_alone() -> None:
    """Two fields with one name could not be told apart on the way back."""
    heads = [head.casefold() for both in HEADS.values() for head in set(both.values())]
    assert len(set(heads)) == len(heads)


def _blank() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()
