"""Which days a source answers for: covered without rows is 0, not covered is unknown."""

from __future__ import annotations

import duckdb

from warehouse.packages import Manifest
from warehouse.staging import Staged, stamp

Connection = duckdb.DuckDBPyConnection
NOTHING = "nothing"  # what a load covers whose rows say nothing of the days that have none


def partial_days(manifest: Manifest) -> list[str]:
    """Days that the package itself calls partly known: still running when it was pulled, or asked for in part."""
    return manifest.facts.get("partial_days", "").split()


def cover(con: Connection, staged: Staged, manifest: Manifest) -> None:
    """Note the days that an upsert load covers, by account, and touch those that were not covered as well before.

    The stated window, else first to last day with the edges partial where the load says so.
    """
    axis = staged.load.covers or (staged.table.days[0] if staged.table.days else None)
    if axis in (None, NOTHING) or "source" not in staged.table.key or manifest.kind == "form":
        return
    stated = manifest.day_from is not None and manifest.day_to is not None
    has_account = "account" in staged.table.columns
    account = "coalesce(account, '')" if has_account else "''"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE seen AS SELECT shop, source, {account} AS account, min(\"{axis}\"::DATE) AS low, max(\"{axis}\"::DATE) AS high "
        f'FROM {staged.name} WHERE "{axis}" IS NOT NULL GROUP BY ALL'
    )
    con.execute(
        "INSERT INTO seen SELECT $shop, $source, $account, NULL, NULL WHERE NOT EXISTS (FROM seen)",
        {"shop": manifest.shop, "source": manifest.source, "account": manifest.account if has_account else ""},
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE covered AS SELECT $target AS target, shop, source, account, day::DATE AS day, $package AS package, "
        "($edges AND day::DATE IN (low, high)) OR NOT $complete OR list_contains($partial, day::DATE::TEXT) AS is_partial, $as_of::TIMESTAMP AS as_of "
        "FROM (SELECT *, unnest(generate_series(low, high, INTERVAL 1 DAY)) AS day "
        "FROM (SELECT * REPLACE (coalesce($from::DATE, low) AS low, coalesce($to::DATE, high) AS high) FROM seen))",
        {"package": manifest.id, "target": staged.table.name, "edges": staged.load.edges_partial and not stated, "as_of": stamp(manifest), "from": manifest.day_from, "to": manifest.day_to,
         "complete": manifest.complete, "partial": partial_days(manifest)},
    )
    con.execute(
        "INSERT INTO touched_now SELECT DISTINCT shop, day FROM covered c WHERE NOT EXISTS (FROM fact.coverage o WHERE o.target = c.target "
        "AND o.shop = c.shop AND o.source = c.source AND o.account = c.account AND o.day = c.day AND o.is_partial <= c.is_partial)"
    )
    con.execute("INSERT INTO fact.coverage SELECT * FROM covered")


