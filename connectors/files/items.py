"""Which item ids a file holds, to notice a file of another shop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from connectors.files.layout import Layout
from connectors.files.recognise import bind
from warehouse.packages import Part
from warehouse.tables import macros_sql

LIMIT = 500


def item_columns(layout: Layout) -> set[str]:
    """Canonical columns that a layout's mapping SQL calls item_id."""
    return {name for load in layout.loads for name in re.findall(r'"([^"]+)"\s+AS\s+item_id\b', load.sql, re.IGNORECASE)}


def item_ids(con: duckdb.DuckDBPyConnection, directory: Path, parts: Sequence[Part], layout: Layout) -> list[str]:
    """Up to 500 different item ids of the parts, in order."""
    wanted, found = item_columns(layout), set()
    for part in parts if wanted else ():
        path = str(directory / part.file)
        headers = [row[0] for row in con.execute("SELECT name FROM parquet_schema(?) WHERE coalesce(num_children, 0) = 0", [path]).fetchall()]
        for view in layout.views:
            for name in wanted & set(bound := bind(headers, view)):
                con.execute(macros_sql())
                column = '"' + bound[name].replace('"', '""') + '"'
                rows = con.execute(f"SELECT DISTINCT parse_id({column}) AS item FROM read_parquet(?) ORDER BY item LIMIT {LIMIT}", [path]).fetchall()
                found |= {row[0] for row in rows if row[0]}
    return sorted(found)[:LIMIT]
