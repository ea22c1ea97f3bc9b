"""Parts that hold one JSON record a line: every declared field is read in one pass over the text, lists become rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from warehouse.interpretation import Column, View

NEVER = {
    "unix_s": ("0",), "unix_ms": ("0",), "at": ("0001-01-01 00:00:00", "0000-00-00 00:00:00", "1970-01-01 08:00:00"), "instant": ("0001-01-01T00:00:00Z",),
    "utc_s": ("0",), "utc_ms": ("0",), "utc": ("0001-01-01T00:00:00Z",),
}  # fmt: skip


def records_sql(path: Path, view: View) -> str:
    """FROM clause with `rec` (and `entry` when the view has `each`) and `_row`, the number of the record.

    A field of another shape than declared reads as NULL, so `[]` for an empty object does no harm.
    """
    quoted = str(path).replace("'", "''")
    schema = json.dumps(_schema(view), ensure_ascii=False).replace("'", "''")
    records = f"SELECT json_transform(json, '{schema}') AS rec, row_number() OVER () AS _row FROM read_ndjson_objects('{quoted}', maximum_object_size = 268435456)"
    if not view.each:
        return f"({records})"
    return f"(SELECT rec, unnest({_path('rec', view.each)}) AS entry, _row FROM ({records}))"


def record_cell(column: Column, view: View) -> str:
    """SQL text of one field; moments that platforms write for "never" are NULL."""
    path = str(column.header)
    cell = _path("rec", path[1:]) if path.startswith("^") else _path("entry" if view.each else "rec", path)
    for never in NEVER.get(column.type, ()):
        cell = f"nullif({cell}, '{never}')"
    return cell


def _path(root: str, dotted: str) -> str:
    return ".".join([root, *('"' + step.replace('"', '""') + '"' for step in dotted.split("."))])


def _schema(view: View) -> dict[str, Any]:
    """The structure json_transform reads: objects as far as needed, text at the ends, the list of `each` as a list."""
    root: dict[str, Any] = {}
    entry: dict[str, Any] = {}
    for column in view.columns:
        if column.header is None:
            continue
        above = column.header.startswith("^") or not view.each
        _grow(root if above else entry, column.header.lstrip("^"))
    if view.each:
        _grow(root, view.each, [entry])
    return root


def _grow(node: dict[str, Any], dotted: str, end: Any = "VARCHAR") -> None:
    *above, last = dotted.split(".")
    for step in above:
        node = node.setdefault(step, {})
    node[last] = end
