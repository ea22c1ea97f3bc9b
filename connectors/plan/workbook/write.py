"""A form -> an .xlsx that people fill: the table, a page that says how with greyed examples, and a hidden sheet for the way back."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import xlsxwriter

from connectors.plan.build import plain
from connectors.plan.model import Plan
from connectors.plan.workbook.form import HEAD, Ask, Column, Form, fitting
from connectors.plan.workbook.grid import letters, number
from connectors.plan.workbook.words import word, words

MACHINE, MARK, SCHEMA = "_daybook", "daybook.plan", 1
SHEETS = {"zh": ("填写", "说明"), "en": ("Fill in", "How to")}
CHUNK = 30_000
HEADER_ROW = 3
SPARE_ROWS = 200  # rows below the last one that still have their lists
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "hint": {"font_color": "#6B7280", "italic": True},
    "label": {"bold": True, "align": "right"},
    "head": {"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "text_wrap": True, "valign": "top"},
    "example": {"font_color": "#9CA3AF"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "total": {"bold": True, "bg_color": "#F6F6F4"},
    "text": {"num_format": "@"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
}


def write(form: Form, ask: Ask, base: Plan, says: Mapping[str, Any]) -> bytes:
    """The workbook's bytes; the same plan and question give the same cells. `says`: the template's own texts."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": datetime(2020, 1, 1), "title": base.title})
        styles = {name: book.add_format(each) for name, each in _STYLES.items()}
        sheet, how = (book.add_worksheet(name) for name in SHEETS[ask.lang])
        machine = book.add_worksheet(MACHINE)
        _head(sheet, base, ask, says, styles)
        _table(sheet, form, styles)
        _lists(sheet, machine, form)
        _how_to(how, form, ask, says, styles)
        _machine(machine, ask, base)
        machine.very_hidden()
        sheet.activate()
    return out.getvalue()


def _head(sheet: Any, base: Plan, ask: Ask, says: Mapping[str, Any], styles: Mapping[str, Any]) -> None:
    """Title, the plan's own fields as label and value, one line of advice."""
    sheet.write_string(0, 1, says["title"][ask.lang], styles["title"])
    place = 1
    for name in HEAD:
        sheet.write_string(1, place, word("column", name, ask.lang), styles["label"])
        sheet.write_string(1, place + 1, head_text(base, name, ask.lang), styles["text"])
        if name == "state":
            sheet.data_validation(
                1, place + 1, 1, place + 1, {"validate": "list", "source": list(words("state", ask.lang))}
            )
        place += 2
    sheet.write_string(2, 1, says["hint"][ask.lang], styles["hint"])


def head_text(plan: Plan, name: str, lang: str) -> str:
    """A field of the plan as it stands above the table."""
    value = str(getattr(plan, name))
    return word("state", value, lang) if name == "state" else fitting(value)


def _table(sheet: Any, form: Form, styles: Mapping[str, Any]) -> None:
    sheet.write_string(HEADER_ROW, 0, word("column", "key"), styles["head"])
    sheet.set_column(0, 0, 8, None, {"hidden": True})
    for place, column in enumerate(form.columns, 1):
        sheet.write_string(HEADER_ROW, place, column.headers[0], styles["head"])
        folded = {"level": 1, "hidden": True} if column.is_folded else {}
        sheet.set_column(place, place, column.width, styles["text"] if column.kind == "text" else None, folded)
        if column.note:
            sheet.write_comment(HEADER_ROW, place, column.note, {"x_scale": 2, "y_scale": 1.5})
    sheet.set_row(HEADER_ROW, 32)
    frozen = next((n for n, each in enumerate(form.columns, 1) if each.kind == "number"), 3)
    sheet.freeze_panes(HEADER_ROW + 1, min(frozen, 6))
    for line, row in enumerate(form.rows, HEADER_ROW + 1):
        sheet.write_string(line, 0, row.key)
        for place, column in enumerate(form.columns, 1):
            cell(
                sheet,
                line,
                place,
                column,
                row.cells.get(column.name, ""),
                styles,
                styles["total"] if row.is_total else None,
            )


def cell(
    sheet: Any, line: int, place: int, column: Column, text: str, styles: Mapping[str, Any], style: Any = None
) -> None:
    """A number as a number and a day as a day where that loses nothing; everything else as the text it is."""
    text = fitting(text)
    if not text:
        if style is not None:
            sheet.write_blank(line, place, None, style)
    elif column.kind == "number" and re.fullmatch(r"-?\d{1,15}(\.\d+)?", text) and number(float(text)) == text:
        sheet.write_number(line, place, float(text), style)
    elif column.kind == "day" and re.fullmatch(r"(19|2\d)\d\d-\d\d-\d\d", text):
        day = date.fromisoformat(text)
        sheet.write_datetime(line, place, datetime(day.year, day.month, day.day), styles["day"])
    else:
        sheet.write_string(line, place, text, style or styles["text"])


def _lists(sheet: Any, machine: Any, form: Form) -> None:
    """Drop-down lists; long ones stand in the hidden sheet, which a list may point to."""
    first, last = HEADER_ROW + 1, HEADER_ROW + len(form.rows) + SPARE_ROWS
    for place, column in enumerate(form.columns, 1):
        if not column.choices:
            continue
        at = place + 2
        for line, choice in enumerate(column.choices):
            machine.write_string(line, at, choice)
        name = letters(at)
        sheet.data_validation(
            first, place, last, place,
            {"validate": "list", "source": f"={MACHINE}!${name}$1:${name}${len(column.choices)}", "error_type": "stop" if column.is_strict else "information"},
        )  # fmt: skip


def _how_to(sheet: Any, form: Form, ask: Ask, says: Mapping[str, Any], styles: Mapping[str, Any]) -> None:
    """What to do, then the columns with their notes, then greyed examples."""
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, len(form.columns) + 1, 18)
    sheet.write_string(0, 0, says["title"][ask.lang], styles["title"])
    line = 1
    for step in says["steps"][ask.lang]:
        sheet.write_string(line, 0, step)
        line += 1
    line += 1
    for column in form.columns:
        if column.note:
            sheet.write_string(line, 0, column.headers[0], styles["label"])
            sheet.write_string(line, 1, column.note)
            line += 1
    line += 1
    sheet.write_string(line, 0, says["example_title"][ask.lang], styles["hint"])
    names = [name for name in says["example_columns"] if any(each.name == name for each in form.columns)]
    _examples(
        sheet,
        line + 1,
        names,
        {each.name: each.headers[0] for each in form.columns},
        says["examples"][ask.lang],
        says["example_columns"],
        styles,
    )


def _examples(
    sheet: Any,
    line: int,
    names: Sequence[str],
    headers: Mapping[str, str],
    rows: Sequence[Sequence[str]],
    order: Sequence[str],
    styles: Mapping[str, Any],
) -> None:
    for place, name in enumerate(names):
        sheet.write_string(line, place, headers[name], styles["head"])
        for below, row in enumerate(rows, 1):
            sheet.write_string(line + below, place, row[list(order).index(name)], styles["example"])


def _machine(sheet: Any, ask: Ask, base: Plan) -> None:
    """Schema, the question and the plan as it was, so that a saved copy is known whatever its name."""
    sheet.write_string(0, 0, MARK)
    sheet.write_string(0, 1, str(SCHEMA))
    asked = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(ask).items()}
    sheet.write_string(1, 0, "ask")
    sheet.write_string(1, 1, json.dumps(asked, ensure_ascii=False))
    text = json.dumps(plain(base), ensure_ascii=True)
    for line, at in enumerate(range(0, len(text), CHUNK), 2):
        sheet.write_string(line, 0, "plan")
        sheet.write_string(line, 1, text[at : at + CHUNK])
