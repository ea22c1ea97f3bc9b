"""What a row of a month table is about: the fields that all its nodes share, the total they count in, and how they add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.plan.aliases import Row as Alias
from connectors.plan.aliases import metric_label, metric_of, question, resolve, tool_of
from connectors.plan.build import plain_node
from connectors.plan.workbook.form import Ask, Draft, Typed, unit_of
from connectors.plan.workbook.lines import Line, group_of, spans_of

SCALED = ("万元", "万", "千元", "亿元", "亿", "百万")  # units that stand behind the number itself
SHARED = (
    "kind",
    "name",
    "metric",
    "basis",
    "scope",
    "dims",
    "direction",
    "total",
    "unit",
    "source",
    "shop",
    "owner",
    "note",
)
BUDGET = {"kind": "budget", "direction": "at_most", "total": "sum"}


def about_row(row: Typed, line: Line | None, draft: Draft, ask: Ask, aliases: Sequence[Alias]) -> dict[str, Any] | None:
    """{"fields", "group", "total"}; None when the row says nothing or cannot be read (the draft then has the fault).

    A row that was there keeps what its nodes say; only what was typed anew is read from its words.
    """
    label = "channel" if ask.kind == "month_budget" else "metric"
    if line is not None and not row.is_changed(label):
        return _kept(row, line, ask)
    text = row.says(label)
    if not text:
        if any(row.says(name) for name in (*spans_of(ask), "low", "high")):
            draft.fault(row.where(label), "it is empty, but the row has numbers. Write what they are for.")
        return None
    common = {name: row.says(name) for name in ("shop", "owner", "note")}
    return _cost(row, text, common, draft, ask, aliases) if label == "channel" else _metric(row, text, common)


def _kept(row: Typed, line: Line, ask: Ask) -> dict[str, Any]:
    raw = plain_node(line.like)
    fields = {name: raw[name] for name in SHARED if name in raw} | (BUDGET if line.like.kind == "band" else {})
    fields |= {
        name: row.says(name)
        for name in ("shop", "owner", "note", "unit")
        if row.is_changed(name) and row.says(name) not in SCALED
    }
    for column, table, key in (("part", "dims", "part"), ("person", "dims", "person"), ("item", "scope", "item")):
        if row.is_changed(column):
            fields[table] = {
                name: text for name, text in {**fields.get(table, {}), key: row.says(column)}.items() if text
            }
    word = metric_of(line.like.metric) if line.like.metric else None
    added = "sum" if ask.kind == "month_budget" else (word.total if word and word.kind == "flow" else line.like.total)
    return {"fields": fields, "group": group_of(line.like, ask) or f"typed:{line.like.name}", "total": added}


def _cost(
    row: Typed, text: str, common: Mapping[str, str], draft: Draft, ask: Ask, aliases: Sequence[Alias]
) -> dict[str, Any] | None:
    found = resolve(text, aliases)
    if found.is_ambiguous:
        draft.fault(row.where("channel"), question(text, found.candidates))
        return None
    name = found.name or text
    tool = tool_of(name)
    part = row.says("part") or (tool.part if tool else "")
    dims = {key: value for key, value in (("part", part), ("channel", "" if tool else name)) if value}
    fields = {
        **common, **BUDGET, "name": name, "metric": tool.metric if tool else "", "scope": dict(tool.scope) if tool else {}, "dims": dims,
        "unit": unit_of(ask.currency, "zh"), "source": "metric" if tool and tool.metric else "cost",
    }  # fmt: skip
    return {"fields": fields, "group": "budget", "total": "sum"}


def _metric(row: Typed, text: str, common: Mapping[str, str]) -> dict[str, Any]:
    """A metric of the book, or a figure that only people type."""
    word = metric_of(text)
    item, person, unit = row.says("item"), row.says("person"), row.says("unit")
    kind, total = (word.kind, word.total) if word else ("flow", "sum")
    fields = {
        **common, "kind": kind, "name": metric_label(word.id) if word else text, "metric": word.id if word else "", "total": total,
        "unit": "" if unit in SCALED else unit, "scope": {"item": item} if item else {}, "dims": {"person": person} if person else {},
        "source": "metric" if word and not person else "typed",
    }  # fmt: skip
    return {"fields": fields, "group": word.id if word else f"typed:{text}", "total": total if kind == "flow" else ""}
