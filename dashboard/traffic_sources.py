"""The rows of traffic/source_tree as a tree: paid and free on top, every row with the figure the platform states.

A parent row keeps the platform's own figure; where the platform gives none, the parent has none and its children stand
as they are. Only the two groups on top (which no report states) are sums of their sources, marked ≤: one visitor can
come through several sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.format import change, divide, is_missing
from dashboard.tree import Node

LEVELS = ("level1", "level2", "level3", "level4")
SUMS = ("visitors", "cart_users", "paying_buyers", "sales")
SUMMED = ("visitors", "share", "cart_users", "paying_buyers", "sales")
GROUPS = ("paid", "free", "unsaid")
Path = tuple[str, ...]
Rows = Mapping[Path, Mapping[Any, Any]]


def whole(df: pd.DataFrame) -> float | None:
    """Visitors that shares are taken of: the report's own row for the whole carrier, else the shop's; None if neither."""
    own = df[(df[list(LEVELS)] == "").all(axis=1)]["visitors"]
    for value in (*own.head(1), *df["shop_visitors"].head(1)):
        if not is_missing(value):
            return float(value) or None
    return None


def source_nodes(df: pd.DataFrame, before: pd.DataFrame, words: Mapping[str, str]) -> list[Node]:
    """Nodes of one carrier and currency, greatest visitors first. words: paid, free, unsaid, sum_note.

    df, before: rows of traffic/source_tree of that carrier, for the days shown and those compared with. Values are
    visitors, share, visitors_change, cart_users, paying_buyers, conversion_rate, sales, visitor_value (missing where the
    report is silent; no change unless both periods have equally many days with sources).
    """
    tree = _Tree(df, before)
    return [tree.group(group, names, words) for group, names in tree.groups(tree.now).items() if names]


class _Tree:
    """The stated rows by path, now and before."""

    def __init__(self, df: pd.DataFrame, before: pd.DataFrame) -> None:
        self.now, self.before = _by_path(df), _by_path(before)
        self.total = whole(df)
        self.compares = len(df) > 0 and len(before) > 0 and df["days"].iloc[0] == before["days"].iloc[0]

    def groups(self, stated: Rows) -> dict[str, list[str]]:
        """First levels by paid, free and unsaid."""
        found: dict[str, list[str]] = {name: [] for name in GROUPS}
        for name in _children(stated, ()):
            paid = _is_paid(name, stated)
            found["unsaid" if paid is None else "paid" if paid else "free"].append(name)
        return found

    def group(self, group: str, names: Sequence[str], words: Mapping[str, str]) -> Node:
        """Paid or free on top: the figures of its only branch, or a sum of several, marked as an upper bound."""
        rows = _topmost(self.now, names)
        row: dict[str, Any] = {column: _total([r[column] for r in rows]) for column in SUMS}
        row["currency"] = rows[0]["currency"]
        earlier = _topmost(self.before, self.groups(self.before)[group])
        was = _total([r["visitors"] for r in earlier])
        several = len(rows) > 1
        return Node(
            words[group], self.values(row, was), words["sum_note"] if several else "", words[group],
            tuple(self.node((name,)) for name in names), True, dict.fromkeys(SUMMED, "≤") if several else {},
        )

    def node(self, path: Path) -> Node:
        """A row with what the platform states for it, and the rows beneath."""
        below = _children(self.now, path)
        if path not in self.now and len(below) == 1:  # the level says nothing of its own: one row for both
            child = self.node((*path, below[0]))
            return Node(f"{path[-1]} › {child.name}", child.values, child.note, child.tip, child.children)
        children = tuple(self.node((*path, name)) for name in below)
        was = self.before.get(path, {}).get("visitors")
        values = self.values(self.now[path], was) if path in self.now else {}
        return Node(path[-1], values, tip=" › ".join(path), children=children)

    def values(self, row: Mapping[Any, Any], was: Any) -> dict[str, Any]:
        """What a row shows; ratios are divided here."""
        visitors, sales = row.get("visitors"), row.get("sales")
        return {
            "visitors": visitors,
            "share": divide(visitors, self.total),
            "visitors_change": change(visitors, was) if self.compares else None,
            "cart_users": row.get("cart_users"),
            "paying_buyers": row.get("paying_buyers"),
            "conversion_rate": divide(row.get("paying_buyers"), visitors),
            "sales": sales,
            "visitor_value": divide(sales, visitors),
            "currency": row.get("currency"),
        }


def _by_path(df: pd.DataFrame) -> Rows:
    return {tuple(str(r[level]) for level in LEVELS if r[level]): r for r in df.to_dict("records")}


def _children(stated: Rows, path: Path) -> list[str]:
    """Names one level below `path`, greatest visitors first; a level without a row of its own counts its best child."""
    found: dict[str, float] = {}
    for other, row in stated.items():
        if len(other) > len(path) and other[: len(path)] == path:
            visitors = 0.0 if is_missing(row["visitors"]) else float(row["visitors"])
            found[other[len(path)]] = max(found.get(other[len(path)], -1.0), visitors)
    return sorted(found, key=lambda name: (-found[name], name))


def _topmost(stated: Rows, names: Sequence[str]) -> list[Mapping[Any, Any]]:
    """The highest stated row of every branch under the first levels `names`: none of them holds another."""
    return [
        row for path, row in stated.items()
        if path and path[0] in names and not any(path[:depth] in stated for depth in range(1, len(path)))
    ]  # fmt: skip


def _is_paid(name: str, stated: Rows) -> bool | None:
    """What the rows at or below a first level say; None when they say nothing or both."""
    said = {bool(r["is_paid"]) for path, r in stated.items() if path[:1] == (name,) and not is_missing(r["is_paid"])}
    return said.pop() if len(said) == 1 else None


def _total(values: Sequence[Any]) -> float | None:
    known = [float(v) for v in values if not is_missing(v)]
    return sum(known) if known and len(known) == len(values) else None
