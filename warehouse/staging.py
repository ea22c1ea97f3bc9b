"""From text parts to typed rows: views over a package's parts, then one staged table per fact table.

A mapping hands over an `Interpretation`; nothing here knows a platform. Used by commit (which merges
the staged rows) and by preview (which throws them away).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from warehouse.cells import bad_expression, typed_expression
from warehouse.errors import MissingColumn, PackageError
from warehouse.packages import Manifest, Part
from warehouse.tables import Table, tables

Connection = duckdb.DuckDBPyConnection
SUMMED = ("money", "count")


@dataclass(frozen=True)
class Column:
    """A typed column of a view. `header`: its name in the part (ndjson: a JSON path), None when the part has none."""

    name: str
    type: str = "text"
    header: str | None = None
    format: str | None = None


@dataclass(frozen=True)
class View:
    """Typed reading of one part. `drop` and `totals` are SQL predicates over the part's own text columns."""

    name: str
    part: str
    columns: tuple[Column, ...]
    drop: str = ""
    totals: str = ""
    pairs: bool = False


@dataclass(frozen=True)
class Load:
    """One SELECT over the views that gives rows of `table`; must output `_row`.

    `covers`: output column whose days the load answers for (default: the table's first day column);
    `edges_partial`: without a stated window the first and last day count as partly covered.
    """

    table: str
    sql: str
    covers: str | None = None
    edges_partial: bool = False


@dataclass(frozen=True)
class SourceInfo:
    """Who supplies the rows; `kind` and `rank` order it against others for a metric, `purse` names the money."""

    source: str
    kind: str
    rank: int = 100
    purse: str = ""
    platform: str = ""
    label_zh: str = ""
    label_en: str = ""


@dataclass(frozen=True)
class Interpretation:
    """How to read one package. `params` are bound by name in every load's SQL."""

    views: tuple[View, ...]
    loads: tuple[Load, ...]
    source: SourceInfo
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Staged:
    """A temp table or view `name` (columns of `table` plus `_row`), ready to merge."""

    load: Load
    table: Table
    name: str
    rows: int = 0
    is_view: bool = False


def stage(con: Connection, directory: Path, manifest: Manifest, plan: Interpretation) -> list[Staged]:
    """Read the package into temp tables; bad rows go to temp table `bad`, stated totals to `stated`.

    Raises MissingColumn or PackageError when the package does not fit the mapping; the book is untouched then.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE bad (part TEXT, target TEXT, row_no BIGINT, name TEXT, value TEXT, reason TEXT, raw TEXT)")
    con.execute("CREATE OR REPLACE TEMP TABLE stated (part TEXT, name TEXT, stated DECIMAL(18,4), summed DECIMAL(18,4), note TEXT)")
    con.execute("CREATE OR REPLACE TEMP TABLE dirty (target TEXT, account TEXT, day DATE)")
    for view in plan.views:
        _read_view(con, directory, manifest, plan, view)
    staged = [_stage_load(con, manifest, plan, load, number) for number, load in enumerate(plan.loads)]
    return staged


def _source_sql(path: Path, part: Part) -> str:
    quoted = str(path).replace("'", "''")
    if part.kind == "ndjson":
        return f"(SELECT json, row_number() OVER () - 1 + {part.first_row} AS _row FROM read_ndjson_objects('{quoted}'))"
    return f"(SELECT * EXCLUDE (file_row_number), file_row_number + {part.first_row} AS _row FROM read_parquet('{quoted}', file_row_number = true))"


def _cell_sql(column: Column, part: Part, pairs: bool) -> str:
    if column.header is None:
        return "NULL::TEXT"
    if part.kind == "ndjson":
        return f"json_extract_string(json, '{_quote(column.header)}')"
    if pairs:
        return f"max(col_2) FILTER (WHERE trim(col_1) = '{_quote(column.header)}')"
    return f'"{column.header.replace(chr(34), chr(34) * 2)}"'


def _quote(text: str) -> str:
    return text.replace("'", "''")


def _read_view(con: Connection, directory: Path, manifest: Manifest, plan: Interpretation, view: View) -> None:
    """Create temp table `typed_<view>` and a view of its good rows under the view's own name."""
    part = manifest.part_by_name.get(view.part)
    if part is None:
        raise PackageError(f"The package {manifest.id} has no part '{view.part}'. Import the original file again.")
    cells = [_cell_sql(column, part, view.pairs) for column in view.columns]
    origin = _source_sql(directory / part.file, part)
    keep = " AND ".join(f"NOT coalesce(({rule}), false)" for rule in (view.drop, view.totals) if rule) or "true"
    names = [column.name for column in view.columns]
    text = ", ".join(f'{cell} AS "{name}"' for cell, name in zip(cells, names, strict=True))
    head = "1 AS _row" if view.pairs else "_row"
    try:
        con.execute(f"CREATE OR REPLACE TEMP VIEW text_{view.name} AS SELECT {head}, {text} FROM {origin} WHERE {keep}")
        percent = _percent_columns(con, view)
        typed = [typed_expression(column.name, column.type, column.format, str(plan.params.get("zone") or ""), column.name in percent) for column in view.columns]
        values = ", ".join(f'{expression} AS "{name}·"' for expression, name in zip(typed, names, strict=True))
        wrong = " OR ".join(bad_expression(name, f"{name}·") for name in names)
        select = ", ".join(f'"{name}·" AS "{name}"' for name in names)
        con.execute(f"CREATE OR REPLACE TEMP TABLE parsed_{view.name} AS SELECT *, {values} FROM text_{view.name}")  # parsed once: planning both steps in one costs seconds
        con.execute(f"CREATE OR REPLACE TEMP TABLE typed_{view.name} AS SELECT _row, {select}, ({wrong}) AS _bad FROM parsed_{view.name}")
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise MissingColumn(
            f"{manifest.file_name or manifest.id}: the columns no longer fit the mapping of '{manifest.source}' ({str(error).splitlines()[0]}). "
            "Compare the file's headers with the layout and add the new name as an alias."
        ) from error
    _show_good(con, view)
    _collect_bad(con, plan, view)
    if view.totals:
        _collect_totals(con, view, part, origin, typed)


def _show_good(con: Connection, view: View, which: str = "NOT _bad") -> None:
    con.execute(f"CREATE OR REPLACE TEMP VIEW {view.name} AS SELECT * EXCLUDE (_bad) FROM typed_{view.name} WHERE {which}")


def _percent_columns(con: Connection, view: View) -> set[str]:
    """Rate columns in which any cell carries a percent sign: bare numbers there are percentages too."""
    rates = [column.name for column in view.columns if column.type == "rate"]
    if not rates:
        return set()
    flags = con.execute(f"SELECT {', '.join(f'coalesce(bool_or(contains({chr(34)}{name}{chr(34)}, {chr(39)}%{chr(39)})), false)' for name in rates)} FROM text_{view.name}").fetchone()
    return {name for name, flag in zip(rates, flags or (), strict=True) if flag}


def _collect_bad(con: Connection, plan: Interpretation, view: View) -> None:
    """Write every cell that did not parse to `bad`, with its raw row."""
    if not con.execute(f"SELECT count(*) FROM typed_{view.name} WHERE _bad").fetchone()[0]:  # type: ignore[index]
        return
    con.execute(f"CREATE OR REPLACE TEMP TABLE suspect AS SELECT * FROM parsed_{view.name} SEMI JOIN (FROM typed_{view.name} WHERE _bad) USING (_row)")
    names = [column.name for column in view.columns]
    target = next((load.table for load in plan.loads if reads(load.sql, view.name)), "")
    raw = "json_object(" + ", ".join(f"{_text(name)}, \"{name}\"" for name in names) + ")::TEXT"
    for column in view.columns:
        con.execute(
            f'INSERT INTO bad SELECT $part, $target, _row, $name, "{column.name}", $reason, {raw} FROM suspect WHERE {bad_expression(column.name, f"{column.name}·")}',
            {"part": view.part, "target": target, "name": column.name, "reason": f"not a {column.type}"},
        )


def _text(value: str) -> str:
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
        cell = _cell_sql(column, part, view.pairs)
        stated = f'(SELECT {cell} AS "{column.name}" FROM {origin} WHERE {view.totals})'
        con.execute(
            f'INSERT INTO stated SELECT $part, $name, stated, (SELECT coalesce(sum("{column.name}"), 0) FROM typed_{view.name}), NULL '
            f"FROM (SELECT DISTINCT {expression} AS stated FROM {stated}) WHERE stated IS NOT NULL",
            {"part": view.part, "name": column.name},
        )


def _stage_load(con: Connection, manifest: Manifest, plan: Interpretation, load: Load, number: int) -> Staged:
    table, name = tables()[load.table], f"stage_{number}"
    sql = bind(load.sql, plan.params)
    try:
        given = [column[0] for column in con.execute(f"SELECT * FROM ({sql}) LIMIT 0").description]
    except duckdb.Error as error:
        raise PackageError(f"The mapping of '{manifest.source}' to {load.table} does not run: {error}") from error
    strange = set(given) - set(table.columns) - {"_row"}
    if strange or "_row" not in given:
        raise PackageError(f"The mapping of '{manifest.source}' to {load.table} gives {sorted(strange) or 'no _row'}; the table has {sorted(table.columns)}.")
    fixed = {"shop": manifest.shop, "source": manifest.source, "package": manifest.id, "as_of": stamp(manifest)}
    columns = ", ".join(f'{_output(table, column, column in given, fixed)} AS "{column}"' for column in table.columns)
    cheap = table.merge == "upsert" and not re.search(r"\b(GROUP BY|OVER|DISTINCT|JOIN|QUALIFY|UNION|UNPIVOT)\b", sql, re.IGNORECASE)
    con.execute(f"CREATE OR REPLACE TEMP {'VIEW' if cheap else 'TABLE'} {name} AS SELECT {columns}, _row FROM ({sql})")
    staged = Staged(load, table, name, is_view=cheap)
    _reject_keyless(con, staged)
    _mark_dirty(con, plan, load, table)
    rows = con.execute(f"SELECT count(*) FROM {name}").fetchone()
    staged.rows = rows[0] if rows else 0
    return staged


def bind(sql: str, params: Mapping[str, object]) -> str:
    """Put the parameters into the SQL as quoted literals, so that it can stand in a view."""
    return re.sub(r"\$(\w+)", lambda match: literal(params[match.group(1)]) if match.group(1) in params else match.group(0), sql)


def literal(value: object) -> str:
    """A SQL literal; text is quoted."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, (bool, int, float)) else _text(str(value))


def _output(table: Table, column: str, given: bool, fixed: Mapping[str, str]) -> str:
    kind = table.columns[column]
    if column in fixed and not (given and column in ("shop", "source")):
        return f"{literal(fixed[column])}::{kind}"
    value = f'"{column}"::{kind}' if given else f"NULL::{kind}"
    if column in table.key and kind == "VARCHAR" and column not in table.required:
        return f"coalesce({value}, '')"
    if column == "hour" and column in table.key:
        return f"coalesce({value}, -1)"
    return value


def stamp(manifest: Manifest) -> str:
    """When the content was true: the export time, else the time it was sealed."""
    return (manifest.as_of or manifest.sealed_at.split("+")[0])[:26].replace("T", " ")


def _reject_keyless(con: Connection, staged: Staged) -> None:
    """Rows without a needed part of their key cannot be told apart: to quarantine."""
    table, name = staged.table, staged.name
    missing = " OR ".join(f'"{column}" IS NULL' for column in table.required)
    if not missing or con.execute(f"SELECT 1 FROM {name} WHERE {missing} LIMIT 1").fetchone() is None:
        return
    for column in table.required:
        con.execute(
            f"INSERT INTO bad SELECT 'raw', $target, _row, $name, NULL, 'missing', to_json(s)::TEXT FROM {name} s WHERE \"{column}\" IS NULL",
            {"target": table.name, "name": column},
        )
    con.execute(f"CREATE TEMP TABLE {name}_kept AS SELECT * FROM {name} WHERE NOT ({missing})")
    con.execute(f"DROP {'VIEW' if staged.is_view else 'TABLE'} {name}")
    con.execute(f"ALTER TABLE {name}_kept RENAME TO {name}")
    staged.is_view = False


def _mark_dirty(con: Connection, plan: Interpretation, load: Load, table: Table) -> None:
    """Which slices of a slice table lost rows to quarantine: map the bad rows alone and look where they would go."""
    views = [view for view in plan.views if reads(load.sql, view.name)]
    spoiled = [view for view in views if con.execute(f"SELECT bool_or(_bad) FROM typed_{view.name}").fetchone()[0]]  # type: ignore[index]
    if table.merge != "slice" or not spoiled:
        return
    for view in spoiled:
        _show_good(con, view, "_bad")
    try:
        account = "coalesce(account, '')" if re.search(r"\baccount\b", load.sql) else "''"
        con.execute(f"INSERT INTO dirty SELECT DISTINCT $_target, {account}, day FROM ({bind(load.sql, plan.params)})", {"_target": load.table})
    finally:
        for view in spoiled:
            _show_good(con, view)
