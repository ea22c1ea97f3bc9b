"""From text parts to typed rows: views over a package's parts, then one staged table per fact table.

A mapping hands over an `Interpretation`; nothing here knows a platform. Used by commit (which merges
the staged rows) and by preview (which throws them away).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from warehouse.errors import PackageError
from warehouse.interpretation import Interpretation, Load
from warehouse.packages import Manifest
from warehouse.tables import Table, tables
from warehouse.views import is_spoiled, read_view, reads, show, text_literal

Connection = duckdb.DuckDBPyConnection


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
        read_view(con, directory, manifest, plan, view)
    staged = [_stage_load(con, manifest, plan, load, number) for number, load in enumerate(plan.loads)]
    return staged


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
    return str(value) if isinstance(value, (bool, int, float)) else text_literal(str(value))


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
    """When the content was true, in the shop's own time: the export time, else the time it was sealed."""
    if manifest.as_of:
        return manifest.as_of[:26].replace("T", " ")
    try:
        zone = ZoneInfo(manifest.zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return str(datetime.fromisoformat(manifest.sealed_at).astimezone(zone).replace(tzinfo=None))


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
    spoiled = [view for view in views if is_spoiled(con, view)]
    if table.merge != "slice" or not spoiled:
        return
    for view in spoiled:
        show(con, view, good=False)
    try:
        account = "coalesce(account, '')" if re.search(r"\baccount\b", load.sql) else "''"
        con.execute(f"INSERT INTO dirty SELECT DISTINCT $_target, {account}, day FROM ({bind(load.sql, plan.params)})", {"_target": load.table})
    finally:
        for view in spoiled:
            show(con, view, good=True)
