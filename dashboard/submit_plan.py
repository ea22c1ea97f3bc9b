"""How pages hand in plans, what was done for them and what was measured: read, check, seal. Beside submit.py the only door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from connectors.forms import FormError
from connectors.plan import aliases, workbook
from connectors.plan.build import build
from connectors.plan.check import check
from connectors.plan.errors import Fault, PlanError
from connectors.plan.model import DIRECTIONS, KINDS, PERIODS, STATES, Plan, amount
from connectors.plan.reading import QUESTIONS, Answers, read_bytes
from connectors.plan.seal import seal_plan
from connectors.plan.workbook import words
from dashboard import submit
from dashboard.access import not_on_phone

__all__ = ["DIRECTIONS", "KINDS", "PERIODS", "QUESTIONS", "STATES", "Answers", "Fault", "FormError", "Plan", "PlanError", "plan_of", "save_activity", "save_plan", "save_values"]


def template(kind: str, start: date, end: date, shops: Sequence[Mapping[str, str]], lang: str) -> bytes:
    """The workbook to fill in, as bytes of an .xlsx file: the shops, and for a budget the tools of their platforms, stand in it."""
    known = aliases.tools().items()
    channels = [f"{shop['shop']}|{name}" for shop in shops for name, tool in known if tool.platform in ("", shop["platform"])]
    currency = shops[0]["currency"] if shops else "CNY"
    return workbook.template(kind, start, end, shops=[shop["shop"] for shop in shops], channels=channels, lang=lang, currency=currency)


def read(name: str, content: bytes, taught: Sequence[tuple[str, str, str]] = (), answers: Answers = Answers()) -> Plan:  # noqa: B008 - frozen
    """The plan in an uploaded file, or in pasted text when there is no name; `taught`: the user's own words for tools.

    Raises PlanError with every fault; one whose `where` is in QUESTIONS is answered with `answers`.
    """
    return read_bytes(name, content, taught, answers)


def word(group: str, code: str, lang: str) -> str:
    """The trade's word for a code of the plan model, such as kind or state."""
    return words.word(group, code, lang)


def findings(plan: Plan, others: Sequence[Mapping[str, Any]], lang: str) -> pd.DataFrame:
    """What the checker says: severity, message, stated, computed, difference (as text), nodes."""
    found = check(plan, [build(raw, "book") for raw in others])
    rows = [
        {
            "severity": each.severity, "message": each.message(lang), "stated": each.facts.get("stated", amount(each.stated)), "computed": each.facts.get("computed", amount(each.computed)),
            "difference": amount(each.difference), "nodes": ", ".join(each.nodes),
        }
        for each in found
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["severity", "message", "stated", "computed", "difference", "nodes"])


def plan_of(raw: Mapping[str, Any], source: str = "page") -> Plan:
    """A plan of plain values ({"plan": …, "node": […]}). Raises PlanError with every fault."""
    return build(raw, source)


@not_on_phone
def save_plan(plan: Plan, author: str, comment: str = "", original: tuple[str, bytes] | None = None, *, removed: bool = False) -> list[str]:
    """Seal the plan as its next version; `original`: name and bytes of the file it came from. Returns package ids.

    A plan of a file is one's own data and opens one's own book; what the demo shows cannot be changed: FormError.
    """
    if submit.shows_demo() and original is None:
        raise FormError("demo", table="plan_node")
    target = submit.book()
    with TemporaryDirectory() as folder:
        path = None
        if original is not None:
            path = Path(folder) / Path(original[0]).name
            path.write_bytes(original[1])
        sealed = seal_plan(target, plan, author or submit.AUTHOR, comment=comment, original=path, removed=removed)
    submit.nudge(target)
    return [sealed.id]


def save_activity(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Rows of the activity log: activity (its id), plan, node, what, unit, due, done_at, qty, result, owner, evidence, note, is_removed."""
    return submit.save_rows("activity", rows)


def save_values(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Typed actuals: plan, node, unit, day, value, of_value, currency, note, is_removed."""
    return submit.save_rows("plan_value", rows)


def save_aliases(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Words of plans and what reports call them: alias, name, platform ('' everywhere), is_removed."""
    return submit.save_rows("alias", rows)


def default_aliases() -> list[tuple[str, str, str]]:
    """What the product knows by itself: alias, name, platform."""
    return aliases.default_rows()
