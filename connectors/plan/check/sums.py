"""Do the parts make the whole? Children and axes against their parent, lists against announced numbers, heads."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from connectors.plan.check.finding import Finding, found, label, span
from connectors.plan.check.values import OUTSIDE, Values, bounds
from connectors.plan.model import Node
from connectors.plan.quantity import shown

SUMMED = ("flow", "budget", "headcount")
FINER = {"year": ("half", "quarter", "month", "week", "day", "hour"), "quarter": ("month", "week", "day", "hour"), "month": ("week", "day", "hour")}  # fmt: skip
HEADS = ("heads", "人数")
Span = tuple[Decimal, Decimal]


def children(values: Values) -> Iterator[Finding]:
    """A typed parent against the sum of its children of the same kind."""
    for parent in values.plan.nodes:
        parts = values.added(parent)
        if parent.kind not in SUMMED or not parts:
            continue
        if any(_each(part, parent) for part in parts):
            continue
        known = [one for part in parts if (one := worth(values, part)) is not None]
        if known and (finding := _against(values, parent, parts, known)):
            yield finding


def _each(part: Node, parent: Node) -> bool:
    """A target for each month under a target for the year is no part of it."""
    return part.period in FINER.get(parent.period, ()) and not (part.start or part.due.last or part.formula)


def worth(values: Values, node: Node) -> Span | None:
    """What the node brings, least and most; a parent without a number brings its children's."""
    if (typed := bounds(node.target)) is not None:
        return typed
    if (value := values.counted(node)) is not None:
        return value, value
    inside = [one for child in values.added(node) if (one := worth(values, child)) is not None]
    return _sum(inside) if inside else None


def _sum(spans: list[Span]) -> Span:
    return sum((low for low, _ in spans), Decimal(0)), sum((high for _, high in spans), Decimal(0))


def _against(values: Values, parent: Node, parts: list[Node], known: list[Span]) -> Finding | None:
    low, high = _sum(known)
    whole = bounds(parent.target)
    listed = ", ".join(f"{label(part)} {part.target.text or '—'}" for part in parts)
    if whole is None:
        outside = [worth(values, child) for child in values.children(parent) if child.kind == "exclude"]
        if parent.kind != "headcount":
            return None
        extra = _sum([one for one in outside if one is not None])
        return found("children", "heads_total" if not extra[1] else "heads_total_excluded", "info", parent, *parts, total=span(low, high),
                     parts=listed, with_excluded=span(low + extra[0], high + extra[1]), computed=low if low == high else None)  # fmt: skip
    exact: dict[str, Any] = {"stated": parent.target.value, "computed": low} if low == high else {}
    facts: dict[str, Any] = {
        "parts": listed,
        "sum": shown(low, parent.target) if low == high else span(low, high),
        "whole": parent.target.text,
    }
    if len(known) < len(parts):
        code, severity = ("children_exceed", "error") if low > whole[1] else ("children_partial", "info")
    elif low <= whole[1] and whole[0] <= high:
        code, severity = "children_agree", "ok"
    else:
        beyond = low > whole[1] if parent.direction == "at_least" else high < whole[0] and parent.direction == "at_most"
        code, severity = "children_differ", "warning" if beyond else "error"
    return found("children", code, severity, parent, *parts, **exact, **facts)


def axes(values: Values) -> Iterator[Finding]:
    """Along each of the plan's axes the leaves make the same whole; a stated total of one row agrees with its leaves."""
    for root in [*values.top("flow"), *values.top("budget")]:
        whole = root.target.value
        leaves = [n for n in values.below(root) if n.kind == root.kind and not values.added(n)]
        if whole is None or not leaves or any(values.counted(leaf) is None for leaf in leaves):
            continue
        for axis in values.plan.axes:
            groups: dict[str, Decimal] = {}
            for leaf in leaves:
                row = leaf.dims.get(axis, "—")
                groups[row] = groups.get(row, Decimal(0)) + (values.counted(leaf) or 0)
            if set(groups) == {"—"}:
                continue
            total = sum(groups.values(), Decimal(0))
            told = ", ".join(f"{row} {shown(value, root.target)}" for row, value in groups.items())
            agrees = ("axis_agree", "ok") if total == whole else ("axis_differ", "error")
            yield found("children", *agrees, root, stated=whole, computed=total, axis=axis, groups=told)
            yield from _margins(values, root, axis, groups)


def _margins(values: Values, root: Node, axis: str, groups: dict[str, Decimal]) -> Iterator[Finding]:
    """Totals of one row of an axis that the plan states beside the tree."""
    inside = {root.id, *(node.id for node in values.below(root))}
    for node in values.plan.nodes:
        row = node.dims.get(axis, "")
        if node.kind == root.kind and node.id not in inside and set(node.dims) == {axis} and row in groups:
            stated = node.target.value
            if stated is not None:
                agrees = ("axis_agree", "ok") if stated == groups[row] else ("axis_differ", "error")
                yield found("children", *agrees, node, root, stated=stated, computed=groups[row], axis=axis, groups=row)


def listed(values: Values) -> Iterator[Finding]:
    """How many are listed under a node against the number that its text announces."""
    for node in values.plan.nodes:
        number = bounds(node.announced) or (bounds(node.target) if node.kind == "count" else None)
        if number is None:
            continue
        spans = _pieces(values, node, node.announced.is_blank)
        if spans is None:
            continue
        low, high = _sum(spans)
        if low == high == number[0] == number[1]:
            code, severity = "listed_agree", "ok"
        elif low <= number[1] and number[0] <= high:
            code, severity = "listed_unclear", "warning"
        else:
            code, severity = "listed_differ", "warning"
        exact: dict[str, Any] = {"stated": number[0], "computed": low} if low == high and number[0] == number[1] else {}
        yield found("listed", code, severity, node, **exact, announced=span(*number), listed=span(low, high))


def _pieces(values: Values, node: Node, weighed: bool) -> list[Span] | None:
    """What each child or window counts for; None when nothing is listed, or a child's own number is blank."""
    one = (Decimal(1), Decimal(1))
    if node.windows:
        return [one] * len(node.windows)
    below = values.children(node)
    if not weighed:
        return [one] * len(below) or None
    spans = []
    for child in below:
        if child.kind in OUTSIDE:
            spans.append(one)
            continue
        if child.kind == "count" and child.target.is_blank:
            return None
        spans.append(bounds(child.target) or one)
    return spans or None


def dated(values: Values) -> Iterator[Finding]:
    """How many of the planned activities have a date."""
    for top in values.top("count"):
        leaves = [
            n for n in [top, *values.below(top)] if n.kind in ("count", "milestone", "loop") and not values.children(n)
        ]
        total, done = [], []
        for leaf in leaves:
            whole = bounds(leaf.target) or (
                None if leaf.kind == "count" and not leaf.windows else (Decimal(1), Decimal(1))
            )
            if leaf.windows:
                fixed = Decimal(sum(not window.is_open for window in leaf.windows))
                total.append(whole or (Decimal(len(leaf.windows)),) * 2)
                done.append((fixed, fixed))
            elif whole is not None:
                total.append(whole)
                done.append(whole if leaf.due.last else (Decimal(0), Decimal(0)))
        if not any(most for _, most in total):
            continue
        all_of, with_date = _sum(total), _sum(done)
        if with_date == all_of:
            code, severity = "dated_all", "ok"
        else:
            code, severity = ("dated_some", "warning") if with_date[1] or len(total) > 1 else ("dated_none", "info")
        exact: dict[str, Any] = (
            {"stated": all_of[0], "computed": with_date[0]}
            if all_of[0] == all_of[1] and with_date[0] == with_date[1]
            else {}
        )
        open_ = span(all_of[0] - with_date[0], all_of[1] - with_date[1])
        yield found("dated", code, severity, top, **exact, dated=span(*with_date), total=span(*all_of), open=open_)


def heads(values: Values) -> Iterator[Finding]:
    """The same people, counted in the posts and on the pay lines (lines and posts that stand at the same place)."""
    for posts in values.top("headcount"):
        total = worth(values, posts)
        lines = [
            (n, n.parts[key])
            for n in values.plan.nodes
            for key in HEADS
            if n.kind == "budget" and key in n.parts and dict(n.dims) == dict(posts.dims)
        ]
        if total is None or not lines:
            continue
        counts = {total, *(one for _, part in lines if (one := bounds(part)) is not None)}
        told = ", ".join([f"{label(posts)} {span(*total)}", *(f"{label(node)} {part.text}" for node, part in lines)])
        agrees = ("heads_agree", "ok") if len(counts) == 1 else ("heads_differ", "warning")
        yield found(
            "heads",
            *agrees,
            posts,
            *(node for node, _ in lines),
            counts=told,
            all=" / ".join([span(*total), *(part.text for _, part in lines)]),
        )
