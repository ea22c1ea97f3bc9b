"""Raw tables of text (from TOML, a workbook, a page) -> a checked Plan, and back to plain values.

Faults are collected, all of them, each with its place; a plan with a fault is not built.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import MISSING, fields
from datetime import date, datetime
from typing import Any

from connectors.plan.errors import Fault, PlanError
from connectors.plan.formula import FormulaError, evaluate, references
from connectors.plan.model import (
    DIRECTIONS,
    KINDS,
    NODE_FIELDS,
    PERIODS,
    PLAN_FIELDS,
    SOURCES,
    STATES,
    TOTALS,
    WEIGHTS,
    Node,
    Plan,
)
from connectors.plan.quantity import NotAQuantity, Quantity, quantity
from connectors.plan.when import NotAWindow, Window, window

WORDS = {"kind": tuple(KINDS), "direction": DIRECTIONS, "total": TOTALS, "period": PERIODS, "source": SOURCES, "state": ("", *STATES), "weight": WEIGHTS,
         "judged": ("", "each", "mean")}  # fmt: skip
QUANTITIES = ("target", "base", "opening", "announced")
TUPLES = ("refs", "per", "units", "after", "evidence", "missing", "axes")
TEXT_MAPS, QUANTITY_MAPS, DAYS = ("dims", "scope"), ("parts", "weights"), ("start", "end")
Place = Callable[[str, str], str]  # node id and field -> where that stands in the file


def build(raw: Mapping[str, Any], source: str, place: Place = lambda node, name: f"{node}.{name}".strip(".")) -> Plan:
    """A Plan of {"plan": {...}, "node": [{...}]} with text or plain values. Raises PlanError with every fault."""
    faults: list[Fault] = []
    head, given = raw.get("plan", {}), raw.get("node", [])
    if (
        not isinstance(head, Mapping)
        or not isinstance(given, list)
        or not all(isinstance(one, Mapping) for one in given)
    ):
        raise PlanError(source, [Fault(place("", "plan"), "a plan file holds one [plan] and any number of [[node]].")])
    header = _header(head, faults, place)
    strange = sorted(set(raw) - {"plan", "node"})
    faults += [Fault(place("", name), f"'{name}' is not a part of a plan file. Valid: plan, node.") for name in strange]
    nodes = [_node(one, number, header, faults, place) for number, one in enumerate(given, 1)]
    built = [node for node in nodes if node is not None]
    _check_tree(built, faults, place)
    if not header.get("id"):
        faults.append(Fault(place("", "id"), "the plan has no id. Give it a short name such as budget-2026-11."))
    if faults:
        raise PlanError(source, faults)
    return Plan(**{**header, "source": header.get("source") or source, "nodes": tuple(built)})


def _header(head: Mapping[str, Any], faults: list[Fault], place: Place) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in head.items():
        if name not in PLAN_FIELDS:
            faults.append(Fault(place("", name), f"a plan has no field '{name}'. Valid: {', '.join(PLAN_FIELDS)}."))
        elif name == "events":
            made[name] = {
                key: day
                for key, text in _map(value, place("", name), faults).items()
                if _named(key, place("", f"events.{key}"), faults)
                and (day := _day(text, place("", f"events.{key}"), faults))
            }
        elif name in DAYS:
            made[name] = _day(value, place("", name), faults)
        elif name in TUPLES:
            made[name] = texts(value)
        elif name == "edge_days":
            made[name] = _edge(value, place("", name), faults)
        else:
            made[name] = _word("state" if name == "state" else "", str(value).strip(), place("", name), faults)
    return made


def _node(
    raw: Mapping[str, Any], number: int, header: Mapping[str, Any], faults: list[Fault], place: Place
) -> Node | None:
    """One node, or None when something of it cannot be read (the faults then say what)."""
    key, before = str(raw.get("id", "")).strip() or f"node {number}", len(faults)
    made: dict[str, Any] = {}
    for name, value in raw.items():
        if name not in NODE_FIELDS:
            faults.append(Fault(place(key, name), f"a node has no field '{name}'. Valid: {', '.join(NODE_FIELDS)}."))
            continue
        made[name] = _field(name, value, header, place(key, name), faults)
    for name in ("id", "kind"):
        if not made.get(name):
            faults.append(Fault(place(key, name), f"'{name}' is empty. Fill it."))
    _check_node(key, made, faults, place)
    return Node(**made) if len(faults) == before else None


def _field(name: str, value: Any, header: Mapping[str, Any], where: str, faults: list[Fault]) -> Any:
    start = header.get("start")
    year, events, edge = (start.year if start else None), header.get("events", {}), header.get("edge_days", 10)
    try:
        if name in QUANTITIES:
            return quantity(value)
        if name in QUANTITY_MAPS:
            return {key: quantity(text) for key, text in _map(value, where, faults).items()}
        if name in TEXT_MAPS:
            return {key: str(text).strip() for key, text in _map(value, where, faults).items()}
        if name in TUPLES:
            return texts(value)
        if name == "due":
            return window(value, year, events, edge)
        if name == "windows":
            return tuple(window(text, year, events, edge) for text in texts(value))
    except (NotAQuantity, NotAWindow) as error:
        faults.append(Fault(where, str(error)))
        return None
    if name in DAYS:
        return _day(value, where, faults)
    return _word(name, str(value).strip(), where, faults)


def _check_node(key: str, made: Mapping[str, Any], faults: list[Fault], place: Place) -> None:
    """Rules inside one node: a formula that can be read, dates in order, no brushing as a target."""
    if made.get("formula"):
        try:
            evaluate(made["formula"], lambda _: None, {**dict.fromkeys(made.get("parts") or {}), "children": None})
        except FormulaError as error:
            faults.append(Fault(place(key, "formula"), str(error)))
    start, end = made.get("start"), made.get("end")
    if start and end and end < start:
        faults.append(Fault(place(key, "end"), f"{end} is before the start {start}. Swap them or correct one."))
    words = f"{made.get('name', '')} {made.get('metric', '')}"
    if made.get("kind") not in ("exclude", "headcount", "note", "practice", "risk", None) and any(
        word in words for word in ("刷单", "补单", "brush")
    ):
        faults.append(
            Fault(
                place(key, "kind"),
                "brushing (刷单) is never a target: brushed orders stay out of every figure. Write the line with kind = 'exclude'.",
            )
        )


def _check_tree(nodes: Sequence[Node], faults: list[Fault], place: Place) -> None:
    """Ids once; parents, dependencies and references known; no node above itself."""
    known: dict[str, Node] = {}
    for node in nodes:
        if node.id in known:
            faults.append(Fault(place(node.id, "id"), f"the id '{node.id}' is used twice. Give each node its own."))
        known[node.id] = node
    circling = _circling(known)
    for node in nodes:
        named = [
            ("parent", node.parent),
            ("same_as", node.same_as),
            *(("after", one) for one in node.after),
            *(("formula", one) for one in references(node.formula)),
        ]
        faults += [
            Fault(place(node.id, name), f"there is no node '{other}'.")
            for name, other in named
            if other and other not in known
        ]
        if node.id in circling and node.id in _used_by(node.id, known):
            faults.append(
                Fault(place(node.id, "formula"), f"the formula of '{node.id}' comes back to itself. Correct it.")
            )
        seen, above = {node.id}, node.parent
        while above in known:
            if above in seen:
                faults.append(
                    Fault(
                        place(node.id, "parent"),
                        f"'{node.id}' stands above itself (through '{above}'). Choose another parent.",
                    )
                )
                break
            seen.add(above)
            above = known[above].parent


def _circling(known: Mapping[str, Node]) -> set[str]:
    """Nodes whose formula cannot be worked out from lines without one: a circle, and what hangs on it."""
    needs = {id: {one for one in references(node.formula) if one in known} for id, node in known.items()}  # noqa: A001
    users: dict[str, list[str]] = {}
    for id, ones in needs.items():  # noqa: A001
        for one in ones:
            users.setdefault(one, []).append(id)
    ready = [id for id, ones in needs.items() if not ones]  # noqa: A001
    while ready:
        done = ready.pop()
        needs.pop(done)
        for user in users.get(done, ()):
            needs[user].discard(done)
            if not needs[user]:
                ready.append(user)
    return set(needs)


def _used_by(id: str, known: Mapping[str, Node]) -> set[str]:  # noqa: A002
    """Every node that the formula of `id` needs, through other formulas too."""
    found: set[str] = set()
    waiting = [id]
    while waiting:
        node = known.get(waiting.pop())
        fresh = [one for one in references(node.formula) if one not in found] if node else []
        found.update(fresh)
        waiting += fresh
    return found


def _map(value: Any, where: str, faults: list[Fault]) -> dict[str, Any]:
    """A table of names; what says nothing is left out (a blank is typed as ××)."""
    if not isinstance(value, Mapping):
        faults.append(Fault(where, f"'{value}' is not a table of names and values. Write {{ name = \"value\" }}."))
        return {}
    return {name: text for key, text in value.items() if (name := str(key).strip()) and str(text).strip()}


def _named(event: str, where: str, faults: list[Fault]) -> bool:
    """May an event be called that? Due dates name it before a colon: 双十一:T-7."""
    if re.search(r"[\s:]", event):
        faults.append(Fault(where, f"'{event}' is no name of an event. Leave out blanks and colons, as in 双十一."))
        return False
    return True


def _edge(value: Any, where: str, faults: list[Fault]) -> int:
    """Days of 月初 and 月末: 1 to 28."""
    if not str(value).strip().isdecimal() or not 1 <= int(value) <= 28:
        faults.append(Fault(where, f"'{value}' is no number of days. Write 1 to 28; ten is usual."))
        return 10
    return int(value)


def _word(name: str, text: str, where: str, faults: list[Fault]) -> str:
    if name in WORDS and text not in WORDS[name]:
        faults.append(Fault(where, f"'{text}' is not known. Valid: {', '.join(filter(None, WORDS[name]))}."))
    return text


def _day(value: object, where: str, faults: list[Fault]) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value in (None, ""):
        return value or None  # type: ignore[return-value]
    try:
        return date.fromisoformat(str(value).strip().replace("/", "-")[:10])
    except ValueError:
        faults.append(Fault(where, f"'{value}' is not a day. Write it as 2026-11-30."))
        return None


def texts(value: object) -> tuple[str, ...]:
    """Several short texts: a list, or one text split by `;`."""
    if isinstance(value, str) and value.startswith('["'):  # as a CSV cell holds texts with a ; of their own
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, str):
        value = re.split("[;；]", value)
    if value is None or isinstance(value, list | tuple):
        return tuple(text for one in value or () if (text := str(one).strip()))
    return (str(value).strip(),)


def plain(plan: Plan) -> dict[str, Any]:
    """The plan as plain values: what `build` reads, fields that say nothing left out. build(plain(p)) == p."""
    head = {name: _plain(getattr(plan, name)) for name in PLAN_FIELDS if _says(plan, name)}
    return {"plan": head, "node": [plain_node(node) for node in plan.nodes]}


def plain_node(node: Node) -> dict[str, Any]:
    return {name: _plain(getattr(node, name)) for name in NODE_FIELDS if _says(node, name)}


def _says(of: Plan | Node, name: str) -> bool:
    """Is the field something other than its default? A blank that was typed (××) says something."""
    spec = next(each for each in fields(of) if each.name == name)
    default = spec.default_factory() if spec.default_factory is not MISSING else spec.default
    return bool(getattr(of, name) != default)


def _plain(value: Any) -> Any:
    if isinstance(value, Quantity | Window):
        return value.text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return value
