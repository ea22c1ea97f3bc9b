"""Rows of a month table back into nodes: what was typed anew changes its node, a new number makes one under its totals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.plan.aliases import Row as Alias
from connectors.plan.aliases import metric_of
from connectors.plan.model import Node, Plan, amount
from connectors.plan.quantity import NotAQuantity, quantity
from connectors.plan.workbook.about import SCALED, about_row
from connectors.plan.workbook.form import Ask, Draft, Form, Typed, fresh
from connectors.plan.workbook.lines import BAND, WHOLE, Line, free_id, node_id, shape, spans_of
from connectors.plan.workbook.totals import SUM, Totals, period_word


def take(
    rows: Sequence[Typed], gone: set[str], shown: Form, draft: Draft, ask: Ask, base: Plan, aliases: Sequence[Alias]
) -> None:
    """Rows into nodes. A shown row that is gone takes its nodes away; new cells come under their totals."""
    found = shape(base, ask)
    by_key = {line.key: line for line in found.lines}
    for key in gone & set(by_key):
        for node in _all(by_key[key]):
            draft.remove(node.id)
    shops = {row.says("shop") for row in rows if not _is_total(row)}
    totals = Totals(draft, ask, found.totals, shops)
    taken = {row.key for row in shown.rows} | {node.id.partition("@")[0] for node in base.nodes}
    for row in rows:
        if row.shown and not any(row.is_changed(name) for name in row.cells):
            continue
        if _is_total(row):
            _take_total(row, totals, ask, draft)
            continue
        key = row.key or fresh(taken, "r")
        taken.add(key)
        _take_line(row, key, by_key.get(key), totals, draft, ask, aliases)


def _is_total(row: Typed) -> bool:
    return row.key.startswith("=") or (
        not row.shown and any(row.says(name) in SUM.values() for name in ("shop", "channel"))
    )


def _all(line: Line) -> list[Node]:
    return [*line.nodes.values(), *([line.band] if line.band else [])]


def _take_total(row: Typed, totals: Totals, ask: Ask, draft: Draft) -> None:
    group = row.key.removeprefix("=") or "budget"
    if not row.key and ask.kind == "sales_target":
        word = metric_of(row.says("metric"))
        group = word.id if word else ""
    for name in spans_of(ask):
        if row.is_changed(name) and group:
            node = totals.of(group, name)
            draft.put(node, {"target": row.says(name)}, {"target": row.where(name)})


def _take_line(
    row: Typed, key: str, line: Line | None, totals: Totals, draft: Draft, ask: Ask, aliases: Sequence[Alias]
) -> None:
    about = about_row(row, line, draft, ask, aliases)
    said = [name for name in spans_of(ask) if row.says(name)]
    if about is None or (line is None and not said and not row.says("low") and not row.says("high")):
        return
    if WHOLE in said and len(said) > 1 and about["total"] == "sum" and not _agrees(row, said, draft):
        return
    for name, (first, last) in spans_of(ask).items():
        node = line.nodes.get(name) if line else None
        adds_up = name == WHOLE and len(said) > 1 and about["total"] == "sum"
        if adds_up and node is not None:
            draft.remove(node.id)
        elif node is not None:
            _change(draft, node.id, row, about, name)
        elif row.says(name) and not adds_up:
            period = period_word(name, first, last)
            parent = totals.of(about["group"], name) if about["total"] == "sum" else ""
            values = {
                **about["fields"],
                "parent": parent,
                "period": period,
                "start": first.isoformat(),
                "end": last.isoformat(),
                **_target(row, name, draft),
            }
            draft.put(free_id(node_id(key, name), draft.nodes, first, last), values, _places(row, name))
            draft.cover(first, last)
    _take_band(row, key, line, about, totals, draft)


def _places(row: Typed, name: str) -> dict[str, str]:
    where = {
        "": name,
        "target": name,
        "name": "channel",
        "kind": "channel",
        "scope": "channel",
        "metric": "metric",
        "shop": "shop",
        "owner": "owner",
        "note": "note",
    }
    return {each: row.where(at if at in row.cells else name) for each, at in where.items()}


def _change(draft: Draft, node: str, row: Typed, about: Mapping[str, Any], name: str) -> None:
    """Only what was typed anew goes into a node that was there."""
    sets = {"shop": ("shop",), "owner": ("owner",), "note": ("note",), "channel": ("name", "metric", "scope", "source"), "part": ("dims",),
            "metric": ("name", "metric", "kind", "total"), "item": ("scope",), "person": ("dims",), "unit": ("unit",)}  # fmt: skip
    fields = {each for at, names in sets.items() if row.is_changed(at) for each in names}
    values = {each: about["fields"].get(each) for each in fields}
    if row.is_changed(name) or (row.is_changed("unit") and row.says(name)):
        values |= _target(row, name, draft)
    draft.put(node, values, _places(row, name))


def _agrees(row: Typed, said: Sequence[str], draft: Draft) -> bool:
    """Months and the whole are both there: they must be the same money."""
    try:
        found = {name: quantity(row.says(name)).value for name in said}
    except NotAQuantity:
        return True  # the cell itself is the fault
    known = [value for name, value in found.items() if name != WHOLE and value is not None]
    whole = found[WHOLE]
    if len(known) == len(said) - 1 and whole is not None and sum(known) == whole:
        return True
    stated, computed = row.says(WHOLE), amount(sum(known)) if known else ""  # type: ignore[arg-type]
    draft.fault(
        row.where(WHOLE),
        f"the whole period says {stated}, its parts come to {computed}. Leave one of them empty, or correct it.",
    )
    return False


def _target(row: Typed, name: str, draft: Draft) -> dict[str, str]:
    """The cell's number with the row's unit: 3.2 under 万元 is 3.2万元, 5 under % is 5%."""
    text, unit = row.says(name), row.says("unit")
    is_bare = re.fullmatch(r"[+-]?\d[\d,]*(\.\d+)?", text) is not None
    if is_bare and unit in SCALED:
        return {"target": text + unit}
    if is_bare and unit == "%":
        if abs(float(text.replace(",", ""))) < 1 and float(text.replace(",", "")):
            draft.fault(
                row.where(name),
                f"'{text}' under % could be {text}% or {float(text) * 100:g}%. Write it with its sign: {float(text) * 100:g}%.",
            )
            return {}
        return {"target": f"{text}%"}
    return {"target": text}


def _take_band(row: Typed, key: str, line: Line | None, about: Mapping[str, Any], totals: Totals, draft: Draft) -> None:
    """每月下限 and 每月上限 of a line: a band, judged on each month."""
    node = line.band if line else None
    if not (row.is_changed("low") or row.is_changed("high")):
        if node:
            _change(draft, node.id, row, about, BAND)
        return
    low, target = row.says("low"), _band(row, draft)
    places = {"": row.where("low"), "target": row.where("low" if low else "high")}
    if node:
        draft.put(node.id, {"target": target}, places)
    elif target:
        fields = {
            **about["fields"],
            "kind": "band",
            "direction": "inside",
            "judged": "each",
            "period": "month",
            "total": None,
        }
        draft.put(node_id(key, BAND), {**fields, "parent": totals.of(about["group"], WHOLE), "target": target}, places)


def _band(row: Typed, draft: Draft) -> str:
    """20000-50000 of 2万 and 5万; ≥ or ≤ when one end alone was typed."""
    found = {}
    for name in ("low", "high"):
        try:
            found[name] = quantity(row.says(name)).value if row.says(name) else None
            if row.says(name) and found[name] is None:
                raise NotAQuantity(
                    f"'{row.says(name)}' is not one number. Write the {'least' if name == 'low' else 'most'} of a month, such as 20000 or 2万."
                )
        except NotAQuantity as error:
            draft.fault(row.where(name), str(error))
            return ""
    low, high = found["low"], found["high"]
    if low is not None and high is not None and low > high:
        draft.fault(
            row.where("low"),
            f"the least, {row.says('low')}, is more than the most, {row.says('high')}. Swap them or correct one.",
        )
        return ""
    if low is not None and high is not None:
        return f"{amount(low)}-{amount(high)}"
    return f"≥{row.says('low')}" if low is not None else f"≤{row.says('high')}" if high is not None else ""
