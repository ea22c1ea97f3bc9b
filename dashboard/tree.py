"""A table whose rows open: traffic sources, account > campaign > ad group. Opening a row needs no rerun.

A node carries its own figures; nothing here adds children up. HTML only, every text that comes from data is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from dashboard.columns import Col
from dashboard.format import DASH, exact, fmt, is_missing, pct


@dataclass(frozen=True)
class Node:
    """One row: its name, its values by column, a quiet remark, rows beneath it.

    `about` holds columns whose value is a bound or an estimate: {column: mark}, e.g. {"visitors": "≤"}.
    """

    name: str
    values: Mapping[str, Any]
    note: str = ""
    tip: str = ""
    children: tuple[Node, ...] = ()
    is_open: bool = False
    about: Mapping[str, str] = field(default_factory=dict)


def tree_html(nodes: Sequence[Node], columns: Mapping[str, Col], head: str, tips: Mapping[str, str], lang: str) -> str:
    """The whole table. columns: {value name: Col}; `head` names the first column; tips: {value name: tooltip}."""
    heads = "".join(
        f'<span class="r" title="{escape(tips.get(name, ""))}">{escape(col.label)}</span>' for name, col in columns.items()
    )
    body = "".join(_node(node, columns, lang, 0) for node in nodes)
    return (
        f'<div class="db-scroll"><div class="db-tree" style="--n:{len(columns)}">'
        f'<div class="row head"><span class="l">{escape(head)}</span>{heads}</div>{body}</div></div>'
    )


def rows(nodes: Sequence[Node], above: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The tree flattened for an export: path ("a > b"), level, and the values."""
    flat: list[dict[str, Any]] = []
    for node in nodes:
        path = (*above, node.name)
        flat.append({"path": " > ".join(path), "level": len(path), **node.values})
        flat.extend(rows(node.children, path))
    return flat


def _node(node: Node, columns: Mapping[str, Col], lang: str, depth: int) -> str:
    cells = "".join(_cell(node, name, col, lang) for name, col in columns.items())
    note = f"<small>{escape(node.note)}</small>" if node.note else ""
    tip = escape(node.tip or node.name)
    name = f'<span class="l" style="--d:{depth}" title="{tip}"><b>{escape(node.name)}</b>{note}</span>'
    if not node.children:
        return f'<div class="row leaf">{name}{cells}</div>'
    inner = "".join(_node(child, columns, lang, depth + 1) for child in node.children)
    opened = " open" if node.is_open else ""
    return f'<details{opened}><summary class="row">{name}{cells}</summary>{inner}</details>'


def _cell(node: Node, name: str, col: Col, lang: str) -> str:
    value = node.values.get(name)
    if col.unit == "text":
        words = "" if is_missing(value) else str(value)
        return f'<span class="r t" title="{escape(words)}">{escape(words)}</span>'
    currency = node.values.get(col.currency, col.currency) if col.currency else None
    words = pct(value) if col.tone else fmt(value, col.unit, currency, lang)
    mark = node.about.get(name, "")
    shown = words if words == DASH else mark + words
    number = None if value is None or is_missing(value) else float(value)
    tone = (" db-up" if number > 0 else " db-down") if col.tone and number else ""
    return f'<span class="r{tone}" title="{escape(mark + exact(value, col.unit, currency))}">{escape(shown)}</span>'
