"""A plan with its actuals to take along: a workbook of exact numbers, and a page to print (plan_print.py)."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard import data, panels_plan_board, plan_print, plan_words, plans
from dashboard.labels import all_labels, lang, pick, t
from dashboard.plans import Standing
from dashboard.workbooks import FORMATS, XLSX, Cell, Sheet, workbook
from queries import METRICS
from queries.plan.actuals import read_book
from queries.plan.days import back_to
from queries.plan.nodes import Node, children
from queries.plan.progress import WORDS, Progress
from queries.plan.series_of import series_of


def draw(found: Standing) -> None:
    """The two buttons: the workbook and the page to print, made when pressed."""
    name = f"{found.plan}_{found.day}"
    with st.container(horizontal=True, key="plan_take"):
        st.download_button(
            t("plan_here.xlsx"), lambda: xlsx_bytes(found), f"{name}.xlsx", XLSX, key="plan_xlsx", on_click="ignore",
            icon=":material/table_view:", type="tertiary", help=t("plan_here.xlsx_help"),
        )  # fmt: skip
        st.download_button(
            t("plan_here.print"), lambda: plan_print.document(found).encode(), f"{name}.html", "text/html", key="plan_print",
            on_click="ignore", icon=":material/print:", type="tertiary", help=t("plan_here.print_help"),
        )  # fmt: skip


def xlsx_bytes(found: Standing) -> bytes:
    """Sheets 计划执行, 里程碑, 按日, 说明; numbers as numbers in their own unit, what is missing blank, text never a formula."""
    return workbook(_sheets(found))


def _sheets(found: Standing) -> Iterator[Sheet]:
    heads = ["name", "kind", "status", "target", "target_number", "unit", "actual", "expected", "rate", "low", "mid", "high", "needed",
             "per_day", "days_left", "from", "due", "owner", "basis", "source", "as_of", "why", "note"]  # fmt: skip
    rows = [_line(found, node, depth) for node, depth in found.nodes]
    yield Sheet(_sheet("tree"), [_head(name) for name in heads], rows, [depth for _, depth in found.nodes])
    heads = ["name", "board", "status", "from", "due", "done_on", "actual", "target_number", "owner", "note"]
    yield Sheet(_sheet("board"), [_head(name) for name in heads], list(_duties(found)))
    heads = ["name", "unit", "day", "actual_day", "so_far", "planned_so_far", "low", "mid", "high"]
    yield Sheet(_sheet("days"), [_head(name) for name in heads], list(_days(found)))
    yield Sheet(_sheet("notes"), [_head("about"), _head("said")], [[(a, ""), (b, "")] for a, b in _notes(found)])


def _sheet(name: str) -> str:
    return t(f"plan_here.sheet_{name}")


def _head(name: str) -> str:
    key = f"plan_here.col_{name}"
    return t(key) if key in all_labels() else t(f"plan.col_{name}")


def _line(found: Standing, node: Node, depth: int) -> list[Cell]:
    p, form = found.progress[node.id], _form(node)
    left = "whole" if node.kind in plan_words.COUNTED else form
    typed = "" if node.target is None and node.low is None and node.high is None else plans.target_words(node)
    return [
        (plan_words.name_of(node), f"in{min(depth, 15)}"), (t(f"plan.kind_{node.kind}"), ""), (plan_words.status_word(node, p), ""),
        (typed, ""), (node.target if p.target is None else p.target, left if node.kind != "coverage" else form), (unit_word(node), ""),
        (p.actual, form), (p.expected, form), (p.rate, "rate"), (p.low, form), (p.mid, form), (p.high, form),
        (p.needed, left), (None if p.actual is None else p.per_day, left), (p.days_left, "whole"), (node.first, "day"),
        (plan_words.due_day(node, p), "day"), (node.owner, ""), *_origin(p),
        (plan_words.why(p), ""), (node.note, ""),
    ]  # fmt: skip


def _form(node: Node) -> str:
    unit = plans.unit_of(node)[0]
    return unit if unit in FORMATS and unit != "count" else "count" if unit != "person" else "whole"


def unit_word(node: Node) -> str:
    """What the line's numbers are in: a currency, %, 场; never 万, cells hold the whole number."""
    unit, currency = plans.unit_of(node)
    return "%" if unit == "rate" else currency or "" if unit == "money" else plans.suffix(node)


def _origin(p: Progress) -> list[Cell]:
    """Basis, source and age of the actual; blank where there is none."""
    if p.actual is None:
        return [("", "")] * 3
    key = f"plan.source_{p.source}"
    return [(p.basis, ""), (t(key) if p.source and key in all_labels() else p.source, ""), (p.as_of, "at")]


def _duties(found: Standing) -> Iterator[list[Cell]]:
    for column, listed in panels_plan_board.duties(found).items():
        for duty in listed:
            p = found.progress[duty.node.id]
            name = plan_words.name_of(duty.node) + (f" {t('plan.board_window', n=duty.number)}" if duty.number else "")
            done = p.details.get("done_on") if not duty.number else None
            yield [
                (name, ""), (t(f"plan.board_{column}"), ""), (_word(duty.word), ""), (duty.first, "day"), (duty.last, "day"), (done, "day"),
                (p.actual if not duty.number else None, _form(duty.node)), (p.target if not duty.number else None, _form(duty.node)),
                (duty.node.owner, ""), (duty.node.note, ""),
            ]  # fmt: skip


def _word(status: str) -> str:
    return t(f"plan.status_{status}")


def _days(found: Standing) -> Iterator[list[Cell]]:
    """Sums day by day: the day's own, what had come by then, what should have, where it goes from here."""
    nodes = [node for node, _ in found.nodes]
    book, below = read_book(data.reader(), found.plan, found.day), children(nodes)
    book.days.earliest = back_to(nodes)
    for node in nodes:
        form = _form(node)
        for row in series_of(node, below, book, found.progress[node.id]).itertuples():
            yield [
                (plan_words.name_of(node), ""), (unit_word(node), ""), (row.day, "day"), (row.actual, form), (row.so_far, form),
                (row.expected, form), (row.low, form), (row.mid, form), (row.high, form),
            ]  # fmt: skip


def _notes(found: Standing) -> Iterator[tuple[str, str]]:
    """Which plan and version, as of which day; what the columns and words mean; on what basis its metrics stand."""
    yield from plan_print.about(found).items()
    for name in ("target", "actual", "expected", "rate", "landing", "per_day", "due", "status"):
        yield t(f"plan.col_{name}"), t(f"plan.tip_{name}")
    yield t("plan_here.blank"), t("plan_here.blank_means")
    used = {found.progress[node.id].status for node, _ in found.nodes}
    for word in (word for word in WORDS if word in used):
        yield _word(word), t("plan.tip_due_word") if word == "due" else t(f"plan.tip_{word}")
    for metric in dict.fromkeys(node.metric for node, _ in found.nodes if node.metric in METRICS):
        yield pick(METRICS[metric].label), f"{pick(METRICS[metric].tooltip)} ({METRICS[metric].basis[lang()]})"

