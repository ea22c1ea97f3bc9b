"""Plan workbooks: a template that people fill in Excel or WPS, prefilled from a plan, and the way back with every fault's cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from connectors.plan.aliases import Row as Alias
from connectors.plan.errors import Fault, PlanError
from connectors.plan.model import Plan
from connectors.plan.workbook import cells, live, nodes, targets
from connectors.plan.workbook.form import KINDS, Ask, Draft, Form
from connectors.plan.workbook.grid import open_grids
from connectors.plan.workbook.read import origin, read_rows
from connectors.plan.workbook.words import LANGS, texts_of
from connectors.plan.workbook.write import SHEETS, write

SPLITS = ("month", "day", "item", "person")
MAX_COLUMNS = {"day": 366, "month": 120}


def template(
    kind: str, start: date, end: date, *, shops: Sequence[str] = (), channels: Sequence[str] = (), metrics: Sequence[str] = (),
    prefill: Plan | None = None, lang: str = "zh", split: str = "month", id: str = "", title: str = "", currency: str = "CNY",  # noqa: A002
) -> bytes:  # fmt: skip
    """An .xlsx for one kind of plan and period: month_budget, sales_target, live_schedule or other.

    shops: ids, '' or none is the plan as a whole; channels: names as in reports (budget rows; `tm|京准通` for one shop's); metrics: ids (sales rows);
    split: month, day, item or person; prefill: its rows and numbers stand in the cells, what the sheet does not show is kept.
    Raises PlanError when the question makes no sense.
    """
    faults = [
        Fault(name, f"'{value}' is not known. Valid: {', '.join(valid)}.")
        for name, value, valid in (("kind", kind, KINDS), ("lang", lang, LANGS), ("split", split, SPLITS))
        if value not in valid
    ]
    if end < start:
        faults.append(Fault("end", f"{end} is before the start {start}. Swap them or correct one."))
    elif split == "day" and kind != "other" and (end - start).days >= MAX_COLUMNS["day"]:
        faults.append(Fault("end", "a column for each day fits one year at most. Choose a shorter period, or months."))
    elif (end.year - start.year) * 12 + end.month - start.month >= MAX_COLUMNS["month"]:
        faults.append(Fault("end", "the period is longer than ten years. Choose a shorter one."))
    if faults:
        raise PlanError(kind, faults)
    money = prefill.currency if prefill else currency
    ask = Ask(kind, start, end, tuple(shops), tuple(channels), tuple(metrics), split, lang, money)
    says = texts_of(kind)
    base = prefill or Plan(
        id=id or f"{kind}-{start:%Y-%m}", title=title or f"{says['title'][lang]} {start:%Y-%m}", kind=kind, start=start, end=end, currency=money,
        shop=shops[0] if len(shops) == 1 else "",
    )  # fmt: skip
    return write(_form(base, ask, says), ask, base, says)


def read_workbook(source: Path | bytes, *, name: str = "", aliases: Iterable[Alias] = ()) -> Plan:
    """The plan in a filled template, whatever its file name and wherever its columns went.

    aliases: the user's own (alias, name, platform) rows. Nodes that the sheet does not show stay as they were exported.
    Raises PlanError with every fault, each with its cell such as 填写!C7; a workbook of another kind says what to do instead.
    """
    title = name or (source.name if isinstance(source, Path) else "plan.xlsx")
    grids = open_grids(source, title)
    made_from = origin(grids, title)
    ask, base = made_from.ask, made_from.base
    shown = _form(base, ask, texts_of(ask.kind))
    draft = Draft(base, base.source or title, SHEETS[ask.lang][0])
    sheet, rows, gone = read_rows(grids, shown, draft, _module(ask.kind).LABELS)
    draft.sheet = sheet
    if ask.kind in ("month_budget", "sales_target"):
        cells.take(rows, gone, shown, draft, ask, base, tuple(aliases))
    elif ask.kind == "live_schedule":
        live.take(rows, gone, draft, ask, base)
    else:
        nodes.take(rows, gone, shown, draft)
    return draft.plan()


def _form(base: Plan, ask: Ask, says: dict[str, Any]) -> Form:
    form: Form = _module(ask.kind).form(base, ask, says["notes"][ask.lang])
    return form


def _module(kind: str) -> Any:
    return {"live_schedule": live, "other": nodes}.get(kind, targets)
