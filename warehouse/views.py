"""Typed reading of one part: each cell parsed once, rows with a bad cell set aside, stated totals held against the rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from warehouse.cells import bad_expression, typed_expression
from warehouse.errors import MissingColumn, PackageError
from warehouse.interpretation import Column, Interpretation, View
from warehouse.packages import Manifest, Part
from warehouse.records import record_cell, records_sql

Connection = duckdb.DuckDBPyConnection
SUMMED = ("money", "count")
PLAIN_BLANKS = "('', '-', '--')"


def read_view(con: Connection, directory: Path, manifest: Manifest, plan: Interpretation, view: View) -> None:
    """Create temp table `typed_<view>` (every kept row), `spoiled_<view>` (_row of bad ones) and a view of the good rows.

    Raises MissingColumn when the part lacks a column, PackageError when the package lacks the part.
    """
    part = manifest.part_by_name.get(view.part)
    if part is None:
        raise PackageError(f"The package {manifest.id} has no part '{view.part}'. Import the original file again.")
    origin = records_sql(directory / part.file, view) if view.records else _source_sql(directory / part.file, part)
    try:
        typed = _parse(con, plan, view, part, origin)
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise MissingColumn(
            f"{manifest.file_name or manifest.id}: the columns no longer fit the mapping of '{manifest.source}' ({str(error).splitlines()[0]}). "
            "Compare the file's headers with the layout and add the new name as an alias."
        ) from error
    rows = con.execute(f"SELECT count(*) FROM typed_{view.name}").fetchone() or (0,)
    whole = rows[0] == part.rows and not view.pairs and not view.each
    if whole:  # no row was dropped: later scans need not ask the rules again
        _text_view(con, view, part, origin, "true")
    _set_aside(con, plan, view, typed, rows[0])
    show(con, view, good=True)
    if view.totals and not whole:
        _collect_totals(con, view, part, origin, typed)


def show(con: Connection, view: View, good: bool) -> None:
    """Let the view's own name stand for its good rows, or for the spoiled ones alone."""
    some = con.execute(f"SELECT count(*) FROM spoiled_{view.name}").fetchone() or (0,)
    rule = f"WHERE _row {'NOT IN' if good else 'IN'} (SELECT _row FROM spoiled_{view.name})" if some[0] or not good else ""
    con.execute(f"CREATE OR REPLACE TEMP VIEW {view.name} AS SELECT * FROM typed_{view.name} {rule}")


def is_spoiled(con: Connection, view: View) -> bool:
    return con.execute(f"SELECT 1 FROM spoiled_{view.name} LIMIT 1").fetchone() is not None


def _parse(con: Connection, plan: Interpretation, view: View, part: Part, origin: str) -> list[str]:
    """Fill `typed_<view>`; returns the typed expression of each column (over `text_<view>`)."""
    _text_view(con, view, part, origin, " AND ".join(f"NOT coalesce(({rule}), false)" for rule in (view.drop, view.totals) if rule) or "true")
    percent = _percent_columns(con, view)
    zone = str(plan.params.get("zone") or "")
    typed = [typed_expression(column.name, column.type, column.format, zone, column.name in percent) for column in view.columns]
    values = ", ".join(f'{expression} AS "{column.name}"' for expression, column in zip(typed, view.columns, strict=True))
    con.execute(f"CREATE OR REPLACE TEMP TABLE typed_{view.name} AS SELECT _row, {values} FROM text_{view.name}")
    return typed


def _text_view(con: Connection, view: View, part: Part, origin: str, keep: str) -> None:
    cells = ", ".join(f'{_cell_sql(column, part, view)} AS "{column.name}"' for column in view.columns)
    con.execute(f"CREATE OR REPLACE TEMP VIEW text_{view.name} AS SELECT {'1 AS _row' if view.pairs else '_row'}, {cells} FROM {origin} WHERE {keep}")


def _source_sql(path: Path, part: Part) -> str:
    quoted = str(path).replace("'", "''")
    if part.kind == "ndjson":
        return f"(SELECT json, row_number() OVER () - 1 + {part.first_row} AS _row FROM read_ndjson_objects('{quoted}'))"
    return f"(SELECT * EXCLUDE (file_row_number), file_row_number + {part.first_row} AS _row FROM read_parquet('{quoted}', file_row_number = true))"


def _cell_sql(column: Column, part: Part, view: View) -> str:
    if column.header is None:
        return "NULL::TEXT"
    if view.records:
        return record_cell(column, view)
    if part.kind == "ndjson":
        return f"json_extract_string(json, '{_quote(column.header)}')"
    if view.pairs:
        return f"max(col_2) FILTER (WHERE trim(col_1) = '{_quote(column.header)}')"
    return f'"{column.header.replace(chr(34), chr(34) * 2)}"'


def _quote(text: str) -> str:
    return text.replace("'", "''")


def _percent_columns(con: Connection, view: View) -> set[str]:
    """Rate columns in which any cell carries a percent sign: bare numbers there are percentages too."""
    rates = [column.name for column in view.columns if column.type == "rate"]
    if not rates:
        return set()
    flags = con.execute(f"SELECT {', '.join(f'coalesce(bool_or(contains({chr(34)}{name}{chr(34)}, {chr(39)}%{chr(39)})), false)' for name in rates)} FROM text_{view.name}").fetchone()
    return {name for name, flag in zip(rates, flags or (), strict=True) if flag}


def _set_aside(con: Connection, plan: Interpretation, view: View, typed: Sequence[str], rows: int) -> None:
    """Note every cell that did not parse in `bad`, with its raw row, and the rows in `spoiled_<view>`."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE spoiled_{view.name} (_row BIGINT)")
    doubtful = _doubtful(con, view, typed, rows)
    if not doubtful:
        return
    values = ", ".join(f'{expression} AS "{column.name}·"' for column, expression in doubtful)
    rules = {column: bad_expression(column.name, f"{column.name}·") for column, _ in doubtful}
    con.execute(f"CREATE OR REPLACE TEMP TABLE suspect AS SELECT * FROM (SELECT *, {values} FROM text_{view.name}) WHERE {' OR '.join(rules.values())}")
    con.execute(f"INSERT INTO spoiled_{view.name} SELECT _row FROM suspect")
    target = next((load.table for load in plan.loads if reads(load.sql, view.name)), "")
    raw = "json_object(" + ", ".join(f'{text_literal(column.name)}, "{column.name}"' for column in view.columns) + ")::TEXT"
    for column, rule in rules.items():
        con.execute(
            f'INSERT INTO bad SELECT $part, $target, _row, $name, "{column.name}", $reason, {raw} FROM suspect WHERE {rule}',
            {"part": view.part, "target": target, "name": column.name, "reason": f"not a {column.type}"},
        )


def _doubtful(con: Connection, view: View, typed: Sequence[str], rows: int) -> list[tuple[Column, str]]:
    """Columns with cells that are neither a value nor plainly empty: only those are looked at cell by cell."""
    judged = [(column, expression) for column, expression in zip(view.columns, typed, strict=True) if column.type != "text"]
    if not judged or not rows:
        return []
    values = con.execute(f"SELECT {', '.join(f'count({chr(34)}{column.name}{chr(34)})' for column, _ in judged)} FROM typed_{view.name}").fetchone() or ()
    gaps = [(pair, value) for pair, value in zip(judged, values, strict=True) if value < rows]  # the text is read again for these columns alone
    if not gaps:
        return []
    empty = con.execute(
        f"SELECT {', '.join(f'count(*) FILTER ({chr(34)}{column.name}{chr(34)} IS NULL OR {chr(34)}{column.name}{chr(34)} IN {PLAIN_BLANKS})' for (column, _), _ in gaps)} "
        f"FROM text_{view.name}"
    ).fetchone() or ()  # fmt: skip
    return [pair for (pair, value), blank in zip(gaps, empty, strict=True) if value + blank < rows]


def text_literal(value: str) -> str:
    return f"'{_quote(value)}'"


def reads(sql: str, view: str) -> bool:
    """Does the SQL name the view?"""
    return re.search(rf"\b{re.escape(view)}\b", sql) is not None


def _collect_totals(con: Connection, view: View, part: Part, origin: str, typed: list[str]) -> None:
    """Hold each stated total against the sum of the rows that were kept."""
    if con.execute(f"SELECT 1 FROM {origin} WHERE {view.totals} LIMIT 1").fetchone() is None:
        return
    for column, expression in zip(view.columns, typed, strict=True):
        if column.type not in SUMMED or column.header is None:
            continue
        cell = _cell_sql(column, part, view)
        stated = f'(SELECT {cell} AS "{column.name}" FROM {origin} WHERE {view.totals})'
        con.execute(
            f'INSERT INTO stated SELECT $part, $name, stated, (SELECT coalesce(sum("{column.name}"), 0) FROM typed_{view.name}), NULL '
            f"FROM (SELECT DISTINCT {expression} AS stated FROM {stated}) WHERE stated IS NOT NULL",
            {"part": view.part, "name": column.name},
        )
