"""Merge staged rows into a fact table: upsert by key, or replace whole slices. Any order, any repetition, one state."""

from __future__ import annotations

import duckdb

from warehouse.packages import Manifest
from warehouse.staging import Staged, stamp
from warehouse.tables import Table

Connection = duckdb.DuckDBPyConnection
RANK = ("updated_at", "status_rank", "as_of")


def _list(columns: tuple[str, ...], alias: str = "") -> str:
    return ", ".join(f'{alias}"{column}"' for column in columns)


def _match(table: Table, left: str, right: str) -> str:
    return " AND ".join(f'{left}."{column}" = {right}."{column}"' for column in table.key)


def content_hash(table: Table, alias: str) -> str:
    """SQL for a hash of what a row says, without when and how it came."""
    return f"hash({_list(table.content, alias + '.')})"


def _order(alias: str) -> str:
    return ", ".join(f"{alias}.{column} DESC NULLS LAST" for column in RANK)


def one(con: Connection, sql: str, params: dict[str, object] | None = None) -> int:
    row = con.execute(sql, params or {}).fetchone()
    return int(row[0] or 0) if row else 0


def _drop_repeats(con: Connection, staged: Staged) -> None:
    """Leave one row per key in the stage; of slices a differing repeat is quarantined, since nothing says which is right."""
    table, name = staged.table, staged.name
    if one(con, f"SELECT count(*) = count(DISTINCT hash({_list(table.key)})) FROM {name}"):
        return  # two keys of one hash only cost the slower way
    order = f"{_order('s')}, {content_hash(table, 's')} DESC" if table.merge == "upsert" else f"as_of, {content_hash(table, 's')} DESC"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {name}_ranked AS SELECT s.*, row_number() OVER w AS _place, "
        f"{content_hash(table, 's')} <> first_value({content_hash(table, 's')}) OVER w AS _differs "
        f"FROM {name} s WINDOW w AS (PARTITION BY {_list(table.key)} ORDER BY {order})"
    )
    if table.merge == "slice":
        con.execute(
            f"INSERT INTO bad SELECT 'raw', $target, _row, 'key', NULL, 'the same key twice with different values', "
            f"to_json(r)::TEXT FROM {name}_ranked r WHERE _place > 1 AND _differs",
            {"target": table.name},
        )
        con.execute(f"INSERT INTO dirty SELECT DISTINCT $target, account, day FROM {name}_ranked WHERE _place > 1 AND _differs", {"target": table.name})
    con.execute(f"DROP {'VIEW' if staged.is_view else 'TABLE'} {name}")
    con.execute(f"CREATE TEMP TABLE {name} AS SELECT * EXCLUDE (_place, _differs) FROM {name}_ranked WHERE _place = 1")
    con.execute(f"DROP TABLE {name}_ranked")
    staged.is_view, staged.rows = False, one(con, f"SELECT count(*) FROM {name}")


def upsert(con: Connection, staged: Staged) -> int:
    """Insert new rows, replace rows that lose to the stage; returns rows written. Fills `touched_now`."""
    table, name = staged.table, staged.name
    _drop_repeats(con, staged)
    scope = " AND ".join(f't."{column}" IN (SELECT DISTINCT "{column}" FROM {name})' for column in table.key if column in ("shop", "source"))
    if not one(con, f"SELECT count(*) FROM (SELECT 1 FROM fact.{table.name} t {'WHERE ' + scope if scope else ''} LIMIT 1)"):
        _touch(con, table, name)
        con.execute(f"INSERT INTO fact.{table.name} SELECT * EXCLUDE (_row) FROM {name}")
        return staged.rows
    materialise(con, staged)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE verdict AS SELECT s.rowid AS fresh, t.rowid AS stood, {content_hash(table, 's')} = {content_hash(table, 't')} AS same, "
        f"coalesce(s.as_of > t.as_of, t.as_of IS NULL AND s.as_of IS NOT NULL) AS newer, {_beats('s', 't', table)} AS wins "
        f"FROM {name} s JOIN fact.{table.name} t ON {_match(table, 't', 's')} {'AND ' + scope if scope else ''}"
    )
    _confirm_same(con, table, name)
    con.execute(f"DELETE FROM {name} WHERE rowid IN (SELECT fresh FROM verdict WHERE same OR NOT wins)")
    _touch(con, table, f"(SELECT t.* FROM fact.{table.name} t WHERE rowid IN (SELECT stood FROM verdict WHERE wins AND NOT same))")
    con.execute(f"DELETE FROM fact.{table.name} WHERE rowid IN (SELECT stood FROM verdict WHERE wins AND NOT same)")
    _touch(con, table, name)
    con.execute(f"INSERT INTO fact.{table.name} SELECT * EXCLUDE (_row) FROM {name}")
    con.execute("DROP TABLE verdict")
    return one(con, f"SELECT count(*) FROM {name}")


def materialise(con: Connection, staged: Staged) -> None:
    """Turn a staged view into a table, where rows of it will be taken out."""
    if staged.is_view:
        con.execute(f"CREATE TEMP TABLE {staged.name}_kept AS SELECT * FROM {staged.name}")
        con.execute(f"DROP VIEW {staged.name}")
        con.execute(f"ALTER TABLE {staged.name}_kept RENAME TO {staged.name}")
        staged.is_view = False


def _confirm_same(con: Connection, table: Table, name: str) -> None:
    """Rows that say the same only move their as_of on: nothing is rewritten, no day is touched."""
    if one(con, "SELECT count(*) FROM verdict WHERE same AND newer"):
        con.execute(
            f"UPDATE fact.{table.name} SET as_of = s.as_of, package = s.package FROM (SELECT DISTINCT as_of, package FROM {name}) s "
            f"WHERE fact.{table.name}.rowid IN (SELECT stood FROM verdict WHERE same AND newer)"
        )


def _beats(new: str, old: str, table: Table) -> str:
    """New row wins: greatest by updated_at, status_rank, as_of, content hash; NULL lowest."""
    parts: list[str] = []
    equal: list[str] = []
    for column in RANK:
        low = "-1" if column == "status_rank" else "TIMESTAMP '0001-01-01'"
        left, right = f"coalesce({new}.{column}, {low})", f"coalesce({old}.{column}, {low})"
        parts.append(" AND ".join([*equal, f"{left} > {right}"]))
        equal.append(f"{left} = {right}")
    parts.append(" AND ".join([*equal, f"{content_hash(table, new)} > {content_hash(table, old)}"]))
    return "(" + " OR ".join(f"({part})" for part in parts) + ")"


def _touch(con: Connection, table: Table, rows: str) -> None:
    """Add the days these rows speak of to `touched_now(shop, day)`."""
    shop = "shop" if "shop" in table.columns else "NULL"
    for day in table.days:
        con.execute(f'INSERT INTO touched_now SELECT DISTINCT {shop}, "{day}"::DATE FROM {rows} WHERE "{day}" IS NOT NULL')


def replace_slices(con: Connection, staged: Staged, manifest: Manifest) -> int:
    """Enter the package's slices in the ledger, let the winners replace what stood; returns rows written.

    Of all packages that hold a slice the greatest (clean, as_of, content hash) is current, so an older export
    never replaces a newer one, and a slice with quarantined rows waits beside a clean one.
    """
    table, name = staged.table, staged.name
    _drop_repeats(con, staged)
    same = "l.shop = s.shop AND l.source = s.source AND l.account = s.account AND l.day = s.day"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT '{table.name}' AS target, shop, source, account, day, sum({content_hash(table, 's')}::HUGEINT) AS hash, "
        f"count(*) AS row_count FROM {name} s GROUP BY ALL"
    )
    _add_empty_slices(con, table, manifest)
    con.execute(f"CREATE OR REPLACE TEMP TABLE said AS {_said(staged)}")
    con.execute("DELETE FROM fact.slice WHERE package = $package AND target = $target", {"package": manifest.id, "target": table.name})
    con.execute(
        "INSERT INTO fact.slice SELECT f.target, f.shop, f.source, f.account, f.day, $package, "
        "NOT EXISTS (FROM dirty d WHERE d.target = f.target AND d.day = f.day AND d.account = f.account) "
        "OR EXISTS (FROM accepted a WHERE a.package = $package), $as_of::TIMESTAMP, f.hash, f.row_count, false, s.spend, s.attributed_sales "
        "FROM fresh f LEFT JOIN said s ON s.shop = f.shop AND s.source = f.source AND s.account = f.account AND s.day = f.day",
        {"package": manifest.id, "as_of": stamp(manifest)},
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE winner AS SELECT l.* FROM fact.slice l SEMI JOIN fresh s "
        f"ON l.target = s.target AND {same} QUALIFY row_number() OVER (PARTITION BY l.target, l.shop, l.source, l.account, l.day "
        "ORDER BY l.is_clean DESC, l.as_of DESC, l.hash DESC, l.package DESC) = 1"
    )
    con.execute("DELETE FROM winner WHERE package <> $package OR is_current", {"package": manifest.id})
    con.execute(f"DELETE FROM fact.{table.name} l USING winner s WHERE {same}")
    con.execute(f"INSERT INTO fact.{table.name} SELECT * EXCLUDE (_row) FROM {name} l SEMI JOIN winner s ON {same}")
    con.execute(f"UPDATE fact.slice l SET is_current = (l.package = s.package) FROM winner s WHERE l.target = s.target AND {same}")
    con.execute("INSERT INTO touched_now SELECT DISTINCT shop, day FROM winner")
    written = one(con, "SELECT sum(row_count) FROM winner")
    con.execute("DROP TABLE winner; DROP TABLE fresh; DROP TABLE said")
    return written


def _said(staged: Staged) -> str:
    """SELECT of what the staged ad days add up to by slice: whole-day rows before hours, the longest attribution window only.

    Of other tables nothing is kept.
    """
    keys = "shop, source, account, day"
    if staged.table.name != "ad_day":
        return f"SELECT {keys}, NULL::DECIMAL(18,4) AS spend, NULL::DECIMAL(18,4) AS attributed_sales FROM {staged.name} WHERE false"
    one_row = f"PARTITION BY {keys}, campaign_id, ad_group_id, ad_id, item_id"
    return (
        f"SELECT {keys}, sum(spend)::DECIMAL(18,4) AS spend, sum(attributed_sales)::DECIMAL(18,4) AS attributed_sales FROM ("
        f"SELECT *, bool_or(hour = -1) OVER ({one_row}, attribution) AS has_whole_day, "
        f"first_value(attribution) OVER ({one_row} ORDER BY coalesce(attribution_days, -1) DESC, attribution DESC) AS longest FROM {staged.name}) "
        f"WHERE attribution = longest AND (hour = -1 OR NOT has_whole_day) GROUP BY {keys}"
    )


def _add_empty_slices(con: Connection, table: Table, manifest: Manifest) -> None:
    """Days of the covered window without rows are slices too: the report says there was nothing.

    Not so for typed figures: a person who fills Monday and Friday says nothing about the days between.
    """
    if manifest.kind == "form":
        return
    account = manifest.account if manifest.kind == "api" else ""
    window = {"target": table.name, "account": account, "from": manifest.day_from, "to": manifest.day_to, "shop": manifest.shop, "source": manifest.source}
    con.execute(
        "INSERT INTO fresh SELECT $target, a.shop, a.source, a.account, d.day::DATE, 0, 0 "
        "FROM (SELECT DISTINCT shop, source, account FROM fresh UNION SELECT $shop, $source, $account WHERE $account <> '' OR NOT EXISTS (FROM fresh)) a, "
        "(SELECT unnest(generate_series(coalesce($from::DATE, (SELECT min(day) FROM fresh)), coalesce($to::DATE, (SELECT max(day) FROM fresh)), INTERVAL 1 DAY)) AS day) d "
        "WHERE NOT EXISTS (FROM fresh f WHERE f.shop = a.shop AND f.source = a.source AND f.account = a.account AND f.day = d.day::DATE)",
        window,
    )
