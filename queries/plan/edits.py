"""Edits of a split plan as a list that can be replayed: who, when, what. The same list gives the same plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from queries.plan.errors import PlanError
from queries.plan.split import Node, Nodes, by_parent, solve


@dataclass(frozen=True)
class Edit:
    """One change. kind, and what it needs beside `node`:

    set (cents: the node keeps them)    unlock (the node follows its parent again, blank or not)    blank
    weigh (weight)    add (parent, weight; at the end of its siblings)    remove (with all below it)
    """

    author: str
    at: datetime
    kind: str
    node: str
    cents: int | None = None
    weight: int | None = None
    parent: str | None = None


@dataclass(frozen=True)
class Draft:
    """A plan being edited: what it started from and every edit since. `nodes` and `amounts` follow from them."""

    start: Nodes
    edits: tuple[Edit, ...]
    nodes: Nodes
    amounts: Mapping[str, int | None]

    def do(self, edit: Edit) -> Draft:
        """The plan after one more edit. Raises PlanError and changes nothing when the edit does not fit."""
        nodes = apply(self.nodes, edit)
        return Draft(self.start, (*self.edits, edit), nodes, solve(nodes))

    def undo(self) -> Draft:
        """The plan without its last edit; unchanged when there is none."""
        return replay(self.start, self.edits[:-1])


def replay(start: Nodes, edits: Iterable[Edit] = ()) -> Draft:
    """The plan after these edits, in this order. Raises PlanError at the first that does not fit."""
    nodes, done = start, tuple(edits)
    for edit in done:
        nodes = apply(nodes, edit)
        solve(nodes)
    return Draft(start, done, nodes, solve(nodes))


def apply(nodes: Nodes, edit: Edit) -> Nodes:
    """The nodes after an edit, whether or not they can be solved; the given ones are not changed."""
    if edit.kind == "add":
        return _added(nodes, edit)
    if edit.node not in nodes:
        raise PlanError(f"'{edit.node}' is not in the plan. Known: {', '.join(list(nodes)[:8])} … Check the id.")
    if edit.kind == "remove":
        gone = _below(nodes, edit.node)
        return {name: node for name, node in nodes.items() if name not in gone}
    return {**nodes, edit.node: _changed(nodes[edit.node], edit)}


def _changed(node: Node, edit: Edit) -> Node:
    if edit.kind == "set":
        return replace(node, typed=_whole(edit, "cents"), blank=False)
    if edit.kind == "unlock":
        return replace(node, typed=None, blank=False)
    if edit.kind == "blank":
        return replace(node, typed=None, blank=True)
    if edit.kind == "weigh":
        return replace(node, weight=_whole(edit, "weight"))
    raise PlanError(f"An edit of kind '{edit.kind}' is not known. Use set, unlock, blank, weigh, add or remove.")


def _whole(edit: Edit, field: str) -> int:
    value = getattr(edit, field)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise PlanError(f"'{edit.node}': {field} must be a whole number, 0 or more, not {value!r}. Type another value.")
    return value


def _added(nodes: Nodes, edit: Edit) -> Nodes:
    if edit.node in nodes:
        raise PlanError(f"'{edit.node}' is in the plan already. Choose another id.")
    if edit.parent is not None and edit.parent not in nodes:
        raise PlanError(f"'{edit.node}' cannot stand under '{edit.parent}', which is not in the plan. Add it first.")
    weight = 1 if edit.weight is None else _whole(edit, "weight")
    return {**nodes, edit.node: Node(edit.node, edit.parent, weight)}


def _below(nodes: Nodes, name: str) -> set[str]:
    children, order = by_parent(nodes), [name]
    for each in order:
        order.extend(children.get(each, ()))
    return set(order)


def to_record(edit: Edit) -> dict[str, Any]:
    """The edit as plain values for a file; fields that say nothing are left out."""
    fields = {"kind": edit.kind, "node": edit.node, "cents": edit.cents, "weight": edit.weight, "parent": edit.parent}
    named = {name: value for name, value in fields.items() if value is not None}
    return {"author": edit.author, "at": edit.at.isoformat(), **named}


def from_record(record: Mapping[str, Any]) -> Edit:
    """The edit that `to_record` wrote. Raises PlanError naming a field that is missing or unknown."""
    try:
        return Edit(**{**record, "at": datetime.fromisoformat(record["at"])})
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(
            f"An edit in the plan's history cannot be read ({error}). Restore the file from a backup."
        ) from error
