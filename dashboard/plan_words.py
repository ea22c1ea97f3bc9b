"""How a line of a plan stands, in words: the chip, the reason, what comes next. Text and HTML, nothing is drawn here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from html import escape
from urllib.parse import urlencode

from dashboard.format import DASH, day_label, fmt
from dashboard.labels import all_labels, lang, t
from dashboard.plans import Standing, amount, counted, words
from queries.plan.flows import direction
from queries.plan.nodes import Node
from queries.plan.progress import BAD, GOOD, Progress

GROUPS = ("good", "bad", "due", "blank", "none")
_BLANK, _NONE = ("no_plan", "no_base", "no_actual"), ("not_judged",)
_CAPPED = ("ahead", "behind", "missed", "done")
COUNTED = ("coverage", "loop", "backlog", "count", "milestone", "quota")  # their `needed` are whole units
URGENT = ("late", "missed", "behind", "above", "below", "no_base")


def group(found: Progress) -> str:
    """Which of GROUPS a line belongs to."""
    if found.is_good is not None:
        return "good" if found.is_good else "bad"
    return "blank" if found.status in _BLANK else "none" if found.status in _NONE else "due"


def urgency(node: Node, found: Progress, day: date) -> int | None:
    """Where a line stands among what needs somebody, the most urgent 0; None when nothing is the matter.

    What was missed in a period that is over comes after what can still be mended.
    """
    if found.status not in URGENT:
        return None
    is_past = found.status == "missed" and node.last is not None and node.last <= day
    return len(URGENT) - 1 if is_past else URGENT.index(found.status) + (found.status == "no_base")


def is_capped(node: Node, found: Progress) -> bool:
    """Is it a ceiling (a budget, a refund rate), where less is better?"""
    return node.kind in ("budget", "flow", "ratio") and found.status in _CAPPED and direction(node) == "down"


def status_word(node: Node, found: Progress) -> str:
    """The word for the line's state; a ceiling has its own."""
    return t(f"plan.status_{'cap_' if is_capped(node, found) else ''}{found.status}")


def tip(node: Node, found: Progress) -> str:
    """What the state means, and the reason when a figure is missing."""
    name = f"{'cap_' if is_capped(node, found) else ''}{found.status}"
    means = t("plan.tip_due_word") if name == "due" else t(f"plan.tip_{name}")
    return (
        f"{means}。{why(found)}".strip("。")
        if found.why and lang() == "zh"
        else f"{means}. {why(found)}"
        if found.why
        else means
    )


def chip(node: Node, found: Progress) -> str:
    """The state as a coloured word: blue for good, amber for not good, grey for neither."""
    return word_chip(found.status, status_word(node, found), tip(node, found))


def word_chip(status: str, said: str = "", hover: str = "") -> str:
    """The chip of a plain state word, such as that of one week of a band."""
    tone = "good" if status in GOOD else "poor" if status in (*BAD, "done_late") else ""
    said = said or t(f"plan.status_{status}")
    return f'<em class="db-chip {tone}" title="{escape(hover or said)}">{escape(said)}</em>'


def why(found: Progress) -> str:
    """Why there is no figure, with what to do about it; '' when there is one."""
    key = f"plan.why_{found.why}"
    return t(key) if found.why and key in all_labels() else t("plan.why_none") if found.why else ""


def link(plan: str, node: str, said: str, day: date | None = None) -> str:
    """A link that opens the node's card: a click is taken by dashboard/go.py, without it the address does the same."""
    query = urlencode({"plan": plan, "node": node} | ({"on": day.isoformat()} if day else {}))
    return f'<a class="db-go" href="?{escape(query)}" data-node="{escape(node)}">{escape(said)}</a>'


def name_of(node: Node) -> str:
    return node.name or node.id


def day_words(day: date) -> str:
    return day_label(day, lang(), weekday=False)


def due_day(node: Node, found: Progress) -> date | None:
    """The day it must be done by: its own due day, that of a window still open, else the end of its period."""
    windows = [
        last for _, last, word in found.details.get("windows", []) if last and word in ("late", "due", "upcoming")
    ]
    return min(windows, default=None) or node.due[1] or (None if node.kind == "milestone" else node.last)


def due_words(node: Node, found: Progress, day: date) -> str:
    """11-30, with the days left or gone."""
    last = due_day(node, found)
    if last is None:
        return t("plan.status_open") if node.kind == "milestone" and node.period != "session" else DASH
    return day_words(last) if last.year == day.year else last.isoformat()


def days_words(last: date, day: date) -> str:
    """Today, in 5 days, 3 days late."""
    left = (last - day).days
    return (
        t("plan.today_is") if left == 0 else t("plan.in_days", n=left) if left > 0 else t("plan.days_late_n", n=-left)
    )


def next_step(found: Standing, node: Node) -> str:
    """The next due thing of a line: each day still needs so much, one case is left, it waits for another; '' if nothing."""
    p = found.progress[node.id]
    if p.status in ("not_judged", "done") and not p.details.get("windows"):
        return ""
    if p.why and p.status in ("no_actual", "no_base", "no_plan"):
        return "" if p.why in ("blank", "not_begun") else why(p)
    waits = p.details.get("waits_for")
    if waits:
        names = [name_of(other) if (other := found.node(name)) else str(name) for name in waits]
        return t("plan.next_waits", names=t("plan.comma").join(names))
    left = p.details.get("units_left")
    if left and node.kind in ("coverage", "loop"):
        return t(
            "plan.next_units",
            n=len(left),
            names=t("plan.comma").join(map(str, left[:6])) + ("…" if len(left) > 6 else ""),
        )
    if node.kind == "milestone" and node.period != "session":
        return _milestone_step(node, p, found.day)
    if node.kind in COUNTED and node.period == "session":
        undone = [at for at, _, word in p.details.get("sessions_list", []) if word in ("missed", "due")]
        return t("plan.next_session", day=day_words(undone[-1])) if undone else ""
    if p.status in ("below", "above"):
        return _band_step(node, p)
    if node.kind in COUNTED and p.needed:
        return _count_step(node, p, found.day)
    if p.status == "behind" and node.kind in ("growth", "ratio", "stock", "headcount"):
        return _level_step(node, p)
    return _pace_step(node, p)


def _pace_step(node: Node, p: Progress) -> str:
    if p.status == "missed" and p.target is not None and p.actual is not None:
        over = p.actual - p.target
        return t("plan.next_over" if over > 0 else "plan.next_short", amount=words(node, abs(over)))
    if (
        p.per_day is None
        or p.actual is None
        or not p.days_left
        or p.needed is None
        or p.status in ("done", "not_started")
    ):
        return ""
    if is_down(node) and p.needed < 0:
        return t("plan.next_over", amount=words(node, -p.needed))
    return t(
        "plan.next_spend" if is_down(node) else "plan.next_per_day", amount=words(node, p.per_day), days=p.days_left
    )


def _milestone_step(node: Node, p: Progress, day: date) -> str:
    last = due_day(node, p)
    if last is None:
        return t("plan.next_open")
    key = "next_late" if p.status == "late" else "next_due"
    return t(f"plan.{key}", day=day_words(last), left=days_words(last, day))


def _level_step(node: Node, p: Progress) -> str:
    """A rate, a level or a growth that is short: by how much."""
    wanted, came = p.details.get("amount_wanted"), p.details.get("amount")
    if wanted is not None and came is not None:
        return t("plan.next_amount", wanted=amount(node, wanted), gap=amount(node, abs(wanted - came)))
    if p.actual is None or p.target is None:
        return ""
    return t("plan.next_from_to", now=words(node, p.actual), target=words(node, p.target))


def is_down(node: Node) -> bool:
    return direction(node) == "down"


def _band_step(node: Node, p: Progress) -> str:
    if node.text("hours"):
        return t("plan.next_hours", hours=node.text("hours"))
    low, high = p.details.get("band_low"), p.details.get("band_high")
    if low is None and high is None:
        return ""
    return t("plan.next_band", low=words(node, low), high=words(node, high))


def _count_step(node: Node, p: Progress, day: date) -> str:
    last = due_day(node, p)
    if last is not None and last < day:
        return t("plan.next_left_late", amount=counted(node, p.needed), day=day_words(last), n=(day - last).days)
    said = t("plan.next_left", amount=counted(node, p.needed))
    return said + (t("plan.sep") + t("plan.next_due", day=day_words(last), left=days_words(last, day)) if last else "")


_COUNTS = ("kept", "periods", "whole_periods", "passed", "attempts", "most_attempts", "missing_days", "days_late", "without_date",
           "distinct_units")  # fmt: skip
_UNITS = (
    "units_done",
    "units_all",
    "units_needed",
    "opening",
    "new",
    "cleared",
    "left",
    "to_clear",
    "may_be_left",
    "wanted_each",
)
_AMOUNTS = ("base", "base_to_date", "amount", "amount_wanted")


def detail(node: Node, key: str, value: object) -> str:
    """A figure of Progress.details as people read it; '' for what has its own drawing (lists of periods, sessions, windows)."""
    if value is None:
        return DASH
    if isinstance(value, date):
        return day_words(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, list | tuple):
        return "" if value and isinstance(value[0], tuple) else t("plan.comma").join(_item(each) for each in value)
    if isinstance(value, str):
        return t(f"plan.landing_{value}") if key == "landing" else value
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if key == "rate":
        return fmt(number, "rate")
    if key in _AMOUNTS:
        return amount(node, number)
    if key in _COUNTS:
        return fmt(number, "count", None, lang())
    return counted(node, number) if key in _UNITS else words(node, number)


def _item(value: object) -> str:
    return day_words(value.date() if isinstance(value, datetime) else value) if isinstance(value, date) else str(value)


def facts(pairs: Mapping[str, str], tips: Mapping[str, str] | None = None) -> str:
    """Small named figures in a row, empty ones left out."""
    return "".join(
        f'<span title="{escape((tips or {}).get(name, ""))}">{escape(name)} <b>{escape(said)}</b></span>'
        for name, said in pairs.items()
        if said
    )
