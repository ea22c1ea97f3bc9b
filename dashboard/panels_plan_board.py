"""The board: milestones, counts with their windows, quotas and session duties by state, with due days and owners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from dashboard import panels, plan_words
from dashboard.format import DASH, fmt
from dashboard.labels import lang, t
from dashboard.plans import Standing, counted
from queries.plan.evaluate import LOGGED
from queries.plan.nodes import Node
from queries.plan.progress import Progress

COLUMNS = ("late", "due", "upcoming", "open", "done")
MOST = 30  # cards of a column
_PLACE = {
    "late": "late", "missed": "late", "behind": "late", "due": "due", "upcoming": "upcoming", "not_started": "upcoming", "on_track": "upcoming",
    "open": "open", "no_plan": "open", "no_base": "open", "no_actual": "open", "done": "done", "done_late": "done", "ahead": "done",
}  # fmt: skip


@dataclass(frozen=True)
class Duty:
    """One thing to do: a line of the plan, or one planned window of a count. number: which window, 0 for a whole line."""

    node: Node
    word: str
    first: date | None = None
    last: date | None = None
    number: int = 0


def duties(found: Standing) -> dict[str, list[Duty]]:
    """Everything to do by column, the nearest due day first, what has no day last."""
    out: dict[str, list[Duty]] = {name: [] for name in COLUMNS}
    for node, _ in found.nodes:
        if node.kind not in LOGGED:
            continue
        for duty in _duties_of(node, found.progress[node.id]):
            out[_PLACE.get(duty.word, "open")].append(duty)
    for listed in out.values():
        listed.sort(key=lambda duty: duty.last or date.max)
    return out


def _duties_of(node: Node, p: Progress) -> list[Duty]:
    windows = p.details.get("windows", [])
    if windows:
        return [Duty(node, word, first, last, n) for n, (first, last, word) in enumerate(windows, start=1)]
    return [Duty(node, p.status, node.due[0], plan_words.due_day(node, p))]


def board(found: Standing) -> None:
    """Five columns on a desk, one list on a phone."""
    by_column = duties(found)
    total = sum(map(len, by_column.values()))
    if not total:
        panels.note(t("plan.board_none"))
        return
    panels.titled(
        t("plan.board"), t("plan.board_note", n=total), _frame(found, by_column), f"plan_board_{found.plan}_{found.day}"
    )
    st.html(
        f'<div class="db-board">{"".join(_column(found, name, listed) for name, listed in by_column.items())}</div>'
    )


def _column(found: Standing, name: str, listed: list[Duty]) -> str:
    cards = "".join(_card(found, duty) for duty in listed[:MOST])
    if not listed:
        cards = f'<p class="off">{escape(t("plan.board_column_none"))}</p>'
    if len(listed) > MOST:
        cards += f"<p>{escape(t('plan.board_more', n=len(listed) - MOST))}</p>"
    tip = escape(t(f"plan.board_tip_{name}"))
    return f'<section class="{name}"><h6 title="{tip}">{escape(t(f"plan.board_{name}"))} <i>{len(listed)}</i></h6>{cards}</section>'


def _card(found: Standing, duty: Duty) -> str:
    node, p = duty.node, found.progress[duty.node.id]
    name = plan_words.name_of(node) + (f" · {t('plan.board_window', n=duty.number)}" if duty.number else "")
    said = [text for text in (_due(found, duty), _amount(duty, p), node.owner) if text]
    is_held = (p.details.get("waits_for") or p.why or node.period == "session") and duty.word != "done"
    held = plan_words.next_step(found, node) if is_held else ""
    small = f"<small>{escape(held)}</small>" if held else ""
    chip = plan_words.word_chip(duty.word) if duty.number else plan_words.chip(node, p)
    return f"<div>{plan_words.link(found.plan, node.id, name)}<p>{chip}<span>{escape(' · '.join(said))}</span></p>{small}</div>"


def _due(found: Standing, duty: Duty) -> str:
    done = found.progress[duty.node.id].details.get("done_on")
    if done is not None:
        late = found.progress[duty.node.id].details.get("days_late")
        said = t("plan.done_on", day=plan_words.day_words(done))
        return said + (f" {t('plan.days_late_n', n=late)}" if late else "")
    if duty.last is None:
        return ""
    day = plan_words.day_words(duty.last) if duty.last.year == found.day.year else duty.last.isoformat()
    is_open = duty.word in ("late", "due", "upcoming")
    return f"{day} {plan_words.days_words(duty.last, found.day)}" if is_open else day


def _amount(duty: Duty, p: Progress) -> str:
    """How much of it is done, in its own unit: 1/2 次, 2/6 kept."""
    if duty.number:
        return ""
    if "kept" in p.details and "periods" in p.details:
        return t("plan.board_kept", kept=fmt(p.details["kept"], "count"), all=fmt(p.details["periods"], "count"))
    node = duty.node
    if node.kind == "backlog" and "cleared" in p.details and "to_clear" in p.details:
        return f"{fmt(p.details['cleared'], 'count', None, lang())} / {counted(node, p.details['to_clear'])}"
    if node.kind in ("coverage", "loop"):
        done, whole = p.details.get("units_done", p.details.get("passed")), p.details.get("units_all")
        return f"{fmt(done, 'count')} / {fmt(whole, 'count')}" if whole else ""
    if p.actual is None or p.target is None or (node.kind == "milestone" and p.target == 1):
        return ""
    return f"{fmt(p.actual, 'count', None, lang())} / {counted(node, p.target)}"


def _frame(found: Standing, by_column: dict[str, list[Duty]]) -> pd.DataFrame:
    """The board as rows for the export."""
    heads = [t(f"plan.col_{name}") for name in ("name", "status", "from", "due", "owner", "actual", "target")]
    rows = [
        (plan_words.name_of(d.node), t(f"plan.board_{column}"), d.first, d.last, d.node.owner or DASH,
         found.progress[d.node.id].actual, found.progress[d.node.id].target)
        for column, listed in by_column.items() for d in listed
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=heads)
