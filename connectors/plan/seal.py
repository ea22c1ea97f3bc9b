"""A plan -> one sealed package: the header, every node, and the file it came from. Each package is a version.

A plan is what its latest version says; undoing the package brings the version before back. Numbers, days and windows
are resolved here, once, and travel beside the text as typed (`spec`), so nothing downstream reads words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connectors.plan.build import plain, plain_node
from connectors.plan.formula import postfix
from connectors.plan.model import Node, Plan
from connectors.plan.quantity import Quantity
from connectors.plan.when import Window
from warehouse.book import Book
from warehouse.interpretation import Column, Interpretation, Load, SourceInfo, View
from warehouse.packages import Manifest, PackageWriter

SOURCE = "plan"
VERSION = {
    "plan": "VARCHAR", "version": "VARCHAR", "title": "VARCHAR", "kind": "VARCHAR", "author": "VARCHAR", "owner": "VARCHAR", "state": "VARCHAR",
    "shop": "VARCHAR", "day": "DATE", "day_to": "DATE", "currency": "VARCHAR", "nodes": "BIGINT", "comment": "VARCHAR", "spec": "VARCHAR",
    "is_removed": "BOOLEAN", "updated_at": "TIMESTAMP",
}  # fmt: skip
NODE = {
    "plan": "VARCHAR", "version": "VARCHAR", "node": "VARCHAR", "parent": "VARCHAR", "seq": "BIGINT", "kind": "VARCHAR", "name": "VARCHAR",
    "metric": "VARCHAR", "shop": "VARCHAR", "scope": "VARCHAR", "period_kind": "VARCHAR", "day": "DATE", "day_to": "DATE", "currency": "VARCHAR",
    "target": "DECIMAL(18,4)", "target_min": "DECIMAL(18,4)", "target_max": "DECIMAL(18,4)", "unit": "VARCHAR", "direction": "VARCHAR",
    "state": "VARCHAR", "owner": "VARCHAR", "note": "VARCHAR", "spec": "VARCHAR", "is_removed": "BOOLEAN", "updated_at": "TIMESTAMP",
}  # fmt: skip


def seal_plan(
    book: Book, plan: Plan, author: str, *, comment: str = "", original: Path | None = None, removed: bool = False,
    zone: str = "Asia/Shanghai", now: datetime | None = None,
) -> Manifest:  # fmt: skip
    """Seal a version of the plan; commit is the worker's. `original`: the file it was read from, kept byte for byte."""
    instant = now or datetime.now(UTC)
    stamp = instant.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    common = {"plan": plan.id, "version": stamp, "updated_at": stamp, "is_removed": str(removed).lower()}
    days = [each for each in (plan.start, plan.end) if each]
    with PackageWriter(
        book, source=SOURCE, kind="plan", shop=plan.shop, sha256=_digest(plan, stamp, removed), now=instant
    ) as writer:
        writer.add_records("version", [{**common, **_header(plan), "author": author, "comment": comment}])
        writer.add_records(
            "nodes",
            [] if removed else [{**common, **_node(plan, node, place)} for place, node in enumerate(plan.nodes, 1)],
        )
        if original is not None:
            kept = writer.dir / f"original{original.suffix.lower()}"
            kept.write_bytes(original.read_bytes())
            writer.add_file("original", "bytes", kept, rows=0)
        return writer.seal(
            as_of=instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="microseconds"), zone=zone, author=author,
            file_name=original.name if original else "", facts={"plan": plan.id, "title": plan.title, "comment": comment} | ({"original": _sha(original)} if original else {}),
            day_from=min(days).isoformat() if days else None, day_to=max(days).isoformat() if days else None,
        )  # fmt: skip


def _digest(plan: Plan, stamp: str, removed: bool) -> str:
    return hashlib.sha256(
        json.dumps([plain(plan), stamp, removed], ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _header(plan: Plan) -> dict[str, Any]:
    return {
        "title": plan.title, "kind": plan.kind, "owner": plan.owner, "state": plan.state, "shop": plan.shop, "day": plan.start, "day_to": plan.end,
        "currency": plan.currency, "nodes": len(plan.nodes), "spec": _json(plain(replace(plan, nodes=()))["plan"]),
    }  # fmt: skip


def _node(plan: Plan, node: Node, place: int) -> dict[str, Any]:
    """One row of fact.plan_node; what the node does not say itself it has from the plan."""
    start, end = period_of(plan, node)
    band = node.target.value is None
    return {
        "node": node.id, "parent": node.parent, "seq": place, "kind": node.kind, "name": node.name, "metric": node.metric,
        "shop": node.shop or plan.shop, "scope": _json(node.scope) if node.scope else "", "period_kind": node.period, "day": start, "day_to": end,
        "currency": plan.currency, "target": node.target.value, "target_min": node.target.low if band else None,
        "target_max": node.target.high if band else None, "unit": node.unit or node.target.unit, "direction": node.direction or node.target.side,
        "state": state_of(plan, node), "owner": node.owner or plan.owner, "note": node.note, "spec": _json({**plain_node(node), "_": resolved(node)}),
    }  # fmt: skip


def state_of(plan: Plan, node: Node) -> str:
    """A node with a blank where a number belongs stays a draft, whatever the plan says."""
    return "draft" if node.is_blank else node.state or plan.state


def period_of(plan: Plan, node: Node) -> tuple[date | None, date | None]:
    """First and last day the node is about: its own, else those of its due window, else its parent's, else the plan's."""
    if node.start or node.end:
        return node.start or plan.start, node.end or plan.end
    if node.due.last:
        return node.due.first, node.due.last
    above = plan.by_id.get(node.parent)
    return period_of(plan, above) if above else (plan.start, plan.end)


def resolved(node: Node) -> dict[str, Any]:
    """What the texts of a node say, as numbers and days: {"base": "100", "due": ["2026-01-21", "2026-01-31"], …}."""
    found: dict[str, Any] = {
        name: _number(getattr(node, name))
        for name in ("base", "opening", "announced", "target")
        if not getattr(node, name).is_blank
    }
    found |= {
        name: {key: _number(each) for key, each in getattr(node, name).items()}
        for name in ("parts", "weights")
        if getattr(node, name)
    }
    if node.formula:
        found["formula"] = postfix(node.formula)
    if node.due.text:
        found["due"] = _span(node.due)
        found |= {"offsets": list(node.due.offsets)} if node.due.offsets else {}
    if node.windows:
        found["windows"] = [_span(each) for each in node.windows]
    return found


def _number(value: Quantity) -> Any:
    if value.is_blank:
        return None
    return _text(value.low) if value.low == value.high else [_text(value.low), _text(value.high)]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _span(value: Window) -> list[str | None]:
    return [value.first.isoformat() if value.first else None, value.last.isoformat() if value.last else None]


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def interpretation(manifest: Manifest) -> Interpretation:
    """How the warehouse reads a plan package: canonical text cast to the tables' own types."""
    found = [("version", "plan_version", VERSION), ("nodes", "plan_node", NODE)]
    found = [each for each in found if manifest.part_by_name[each[0]].rows]  # a plan that was removed has no nodes
    return Interpretation(
        views=tuple(
            View(name=part, part=part, columns=tuple(Column(name, "text", name) for name in types))
            for part, _, types in found
        ),
        loads=tuple(Load(table=table, sql=_casts(types, part)) for part, table, types in found),
        source=SourceInfo(SOURCE, "typed", 10, "", "", "计划", "Plan"),
    )


def _casts(types: Mapping[str, str], view: str) -> str:
    columns = ", ".join(f'CAST(nullif("{name}", \'\') AS {kind}) AS "{name}"' for name, kind in types.items())
    return f"SELECT _row, {columns} FROM {view}"
