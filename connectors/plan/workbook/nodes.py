"""The general plan as a table: one row a node, every field a column, in the words of the trade. Nothing of a plan is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.files.header import normal
from connectors.plan.aliases import metric_label, metric_of, metric_words
from connectors.plan.build import QUANTITY_MAPS, TEXT_MAPS, TUPLES, WORDS, plain_node
from connectors.plan.model import NODE_FIELDS, Plan
from connectors.plan.workbook.form import Ask, Column, Draft, Form, Row, Typed, column, fresh, listed
from connectors.plan.workbook.words import code, word, words

FIRST = (
    "id",
    "parent",
    "kind",
    "name",
    "metric",
    "target",
    "unit",
    "direction",
    "period",
    "start",
    "end",
    "due",
    "owner",
    "shop",
    "base",
    "note",
)
MAPS = (*QUANTITY_MAPS, *TEXT_MAPS)
LABELS = ("id",)
_WIDTH = {"name": 30, "note": 30, "text": 30, "kind": 12, "target": 14}


def form(base: Plan, ask: Ask, notes: Mapping[str, str]) -> Form:
    """Common fields first, the rest folded away to the right."""
    order = [*FIRST, *(name for name in NODE_FIELDS if name not in FIRST)]
    used = {name for node in base.nodes for name in plain_node(node)}
    return Form(
        [_column(name, ask.lang, notes.get(name, ""), name not in FIRST and name not in used) for name in order],
        [_row(raw, ask.lang) for raw in map(plain_node, base.nodes)],
    )


def _column(name: str, lang: str, note: str, is_folded: bool) -> Column:
    more: dict[str, Any] = {"width": _WIDTH.get(name, 12), "is_folded": is_folded}
    if name in WORDS:
        return listed(name, name, lang, note, **more)
    if name == "metric":
        labels = tuple(dict.fromkeys(metric_label(each.id, lang) for each in metric_words().values()))
        return column(name, lang, note, choices=labels, **more)
    kind = (
        "day"
        if name in ("start", "end")
        else "number"
        if name in ("target", "base", "opening", "announced")
        else "text"
    )
    return column(name, lang, note, kind=kind, **more)


def _row(raw: Mapping[str, Any], lang: str) -> Row:
    return Row(raw["id"], {name: text_of(name, value, lang) for name, value in raw.items()})


def text_of(name: str, value: Any, lang: str) -> str:
    """A field as the cell shows it: lists split by ;, tables as name=value, words for codes."""
    if name in WORDS:
        return word(name, value, lang)
    if name == "metric":
        return metric_label(value, lang)
    if isinstance(value, Mapping):
        plain = all(not re.search("[;；=＝{]", f"{key}{one}") for key, one in value.items())
        return (
            "; ".join(f"{key}={one}" for key, one in value.items()) if plain else json.dumps(value, ensure_ascii=False)
        )
    if isinstance(value, list):
        plain = all(not re.search("[;；]", one) for one in value) and not str(value[0]).startswith("[")
        return "; ".join(value) if plain else json.dumps(value, ensure_ascii=False)
    return str(value)


def take(rows: Sequence[Typed], gone: set[str], shown: Form, draft: Draft) -> None:
    """Rows into nodes; a row whose id is new is a new node, a shown row that is gone takes its node away."""
    for key in gone:
        draft.remove(key)
    kept: dict[str, dict[str, Any]] = {}
    ids = {row.says("id") for row in rows if row.says("id")}
    names = {normal(row.says("name")): row for row in rows if row.says("name")}
    for row in rows:
        node = row.says("id") or (row.key if "id" not in row.cells else "") or fresh(ids, "n")
        ids.add(node)
        entry = dict(draft.nodes.get(row.key, {})) if row.shown else {}
        for column_ in shown.columns:
            if row.is_changed(column_.name):
                _set(entry, column_.name, row, draft)
        entry["id"] = node
        _check_parent(entry, ids, names)
        if node in kept:
            draft.fault(row.where("id"), f"the id '{node}' is used twice. Give each row its own.")
            continue
        draft.put(
            node,
            {},
            {
                "": row.where("id"),
                **{each.name: row.where(each.name) for each in shown.columns if each.name in row.cells},
            },
        )
        kept[node] = entry
    draft.nodes = kept


def _check_parent(entry: dict[str, Any], ids: set[str], names: Mapping[str, Typed]) -> None:
    """A parent may be named instead of numbered, when that name is there once."""
    above = entry.get("parent", "")
    if above and above not in ids and normal(above) in names and names[normal(above)].says("id"):
        entry["parent"] = names[normal(above)].says("id")


def _set(entry: dict[str, Any], name: str, row: Typed, draft: Draft) -> None:
    text = row.says(name)
    if not text:
        entry.pop(name, None)
    elif name in WORDS:
        found = code(name, text)
        if found is None:
            draft.fault(row.where(name), f"'{text}' is not known. Choose from the list: {'、'.join(words(name))}.")
        else:
            entry[name] = found
    elif name == "metric":
        metric = metric_of(text)
        entry[name] = metric.id if metric else text
    elif name in MAPS:
        entry[name] = table(text, row.where(name), draft)
    elif name in (*TUPLES, "windows"):
        entry[name] = texts(text)
    else:
        entry[name] = text


def table(text: str, where: str, draft: Draft) -> dict[str, str]:
    """name=value; name=value."""
    if text.startswith("{"):
        try:
            found = json.loads(text)
            return {str(key): str(value) for key, value in found.items()}
        except (ValueError, AttributeError):
            draft.fault(where, f"'{text}' is not a table of names. Write it as name=value; name=value.")
            return {}
    made: dict[str, str] = {}
    for part in filter(None, (each.strip() for each in re.split("[;；\n]", text))):
        name, equals, value = part.replace("＝", "=").partition("=")
        if not equals or not name.strip():
            draft.fault(where, f"'{part}' is not name=value. Write it as pay=2023; months=12.")
        else:
            made[name.strip()] = value.strip()
    return made


def texts(text: str) -> list[str]:
    if text.startswith('["'):
        try:
            return [str(each) for each in json.loads(text)]
        except ValueError:
            pass
    return [each.strip() for each in re.split("[;；\n]", text) if each.strip()]
