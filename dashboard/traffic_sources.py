"""The rows of traffic/source_tree as a tree: paid and free on top, every row with the figure the platform states.

A parent row keeps the platform's own figure; where the platform gives none, the parent has none and its children stand
as they are. Only the two groups on top (which no report states) are sums of their sources, marked ≤: one visitor can
come through several sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.format import change, is_missing
from dashboard.tree import Node

LEVELS = ("level1", "level2", "level3", "level4")
SUMS = ("visitors", "cart_users", "paying_buyers", "sales")
SUMMED = ("visitors", "share", "cart_users", "paying_buyers", "sales")
GROUPS = ("paid", "free", "unsaid")


def whole(df: pd.DataFrame) -> float | None:
    """Visitors that shares are taken of: the report's own row for the whole carrier, else the shop's; None if neither."""
    own = df[(df[list(LEVELS)] == "").all(axis=1)]["visitors"]
    for value in (*own.head(1), *df["shop_visitors"].head(1)):
        if not is_missing(value):
            return float(value) or None
    return None


def source_nodes(df: pd.DataFrame, words: Mapping[str, str]) -> list[Node]:
    """Nodes of one carrier and currency, greatest visitors first. words: paid, free, unsaid, sum_note.

    df: rows of traffic/source_tree of one carrier; values are visitors, share, visitors_change, cart_users,
    paying_buyers, conversion_rate, sales, visitor_value (missing where the report is silent).
    """
    total = whole(df)
    groups: dict[str, list[str]] = {name: [] for name in GROUPS}
    stated = {tuple(r[level] for level in LEVELS if r[level]): r for r in df.to_dict("records")}
    compares = bool(len(df)) and df["days"].iloc[0] == df["days_before"].iloc[0]
    for name in _children(stated, ()):
        paid = _is_paid((name,), stated)
        groups["unsaid" if paid is None else "paid" if paid else "free"].append(name)
    nodes = []
    for group, names in groups.items():
        if names:
            children = tuple(_node((name,), stated, total, compares) for name in names)
            values, is_sum = _sum_of(names, stated, total, compares)
            about = dict.fromkeys(SUMMED, "≤") if is_sum else {}
            note = words["sum_note"] if is_sum else ""
            nodes.append(Node(words[group], values, note, words[group], children, True, about))
    return nodes


def _children(stated: Mapping[tuple[str, ...], Any], path: tuple[str, ...]) -> list[str]:
    """Names one level below `path`, greatest visitors first; a level without a row of its own counts its best child."""
    found: dict[str, float] = {}
    for other, row in stated.items():
        if len(other) > len(path) and other[: len(path)] == path:
            visitors = 0.0 if is_missing(row["visitors"]) else float(row["visitors"])
            found[other[len(path)]] = max(found.get(other[len(path)], -1.0), visitors)
    return sorted(found, key=lambda name: (-found[name], name))


def _node(path: tuple[str, ...], stated: Mapping[tuple[str, ...], Any], total: float | None, compares: bool) -> Node:
    below = _children(stated, path)
    if path not in stated and len(below) == 1:  # the level says nothing of its own: one row for both
        child = _node((*path, below[0]), stated, total, compares)
        return Node(f"{path[-1]} › {child.name}", child.values, child.note, child.tip, child.children)
    children = tuple(_node((*path, name), stated, total, compares) for name in below)
    values = _values(stated[path], total, compares) if path in stated else {}
    return Node(path[-1], values, tip=" › ".join(path), children=children)


def _values(row: Mapping[Any, Any], total: float | None, compares: bool) -> dict[str, Any]:
    visitors, sales = row.get("visitors"), row.get("sales")
    return {
        "visitors": visitors,
        "share": _divide(visitors, total),
        "visitors_change": change(visitors, row.get("visitors_before")) if compares else None,
        "cart_users": row.get("cart_users"),
        "paying_buyers": row.get("paying_buyers"),
        "conversion_rate": _divide(row.get("paying_buyers"), visitors),
        "sales": sales,
        "visitor_value": _divide(sales, visitors),
        "currency": row.get("currency"),
    }


def _sum_of(
    names: Sequence[str], stated: Mapping[tuple[str, ...], Any], total: float | None, compares: bool
) -> tuple[dict[str, Any], bool]:
    """A group's values from the topmost stated row of each branch, and whether they are a sum of several."""
    rows = [
        row for path, row in stated.items()
        if path and path[0] in names and not any(path[:depth] in stated for depth in range(1, len(path)))
    ]  # fmt: skip
    sums: dict[str, Any] = {column: _total([row[column] for row in rows]) for column in SUMS}
    sums["visitors_before"] = sum(0.0 if is_missing(r["visitors_before"]) else float(r["visitors_before"]) for r in rows)
    sums["currency"] = rows[0]["currency"]
    return _values(sums, total, compares), len(rows) > 1


def _is_paid(path: tuple[str, ...], stated: Mapping[tuple[str, ...], Any]) -> bool | None:
    """What the rows at or below `path` say; None when they say nothing or both."""
    said = {
        bool(row["is_paid"]) for other, row in stated.items()
        if other[: len(path)] == path and not is_missing(row["is_paid"])
    }  # fmt: skip
    return said.pop() if len(said) == 1 else None


def _total(values: Sequence[Any]) -> float | None:
    known = [float(v) for v in values if not is_missing(v)]
    return sum(known) if known and len(known) == len(values) else None


def _divide(top: Any, bottom: Any) -> float | None:
    return None if is_missing(top) or is_missing(bottom) or float(bottom) == 0 else float(top) / float(bottom)
