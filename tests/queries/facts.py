"""A warehouse typed by hand: facts go in, the real mart files run over them, metrics are asked as from a published book."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

import queries
from warehouse.marts import build, load_marts

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    "sycm": ("shop", 10, ""), "hand": ("typed", 10, ""), "list": ("orders", 10, ""), "list2": ("orders", 20, ""),
    "lines": ("order_lines", 10, ""), "goods": ("items", 10, ""), "after": ("refunds", 10, ""), "plan": ("ads", 10, "alimama"),
    "product": ("ad_items", 10, "alimama"), "wxt": ("ads", 20, "wanxiangtai"), "qc": ("ads", 10, "qianchuan"),
    "tbk": ("commission", 10, "taobaoke"), "rooms": ("sessions", 10, ""), "detail": ("session_detail", 10, ""),
    "trend": ("live_minutes", 10, ""), "flow": ("traffic", 10, ""), "log": ("events", 10, ""),
}  # fmt: skip
KEYS = {
    "account": "",
    "campaign_id": "",
    "ad_group_id": "",
    "ad_id": "",
    "item_id": "",
    "hour": -1,
    "attribution": "",
    "scope": "",
    "line_id": "1",
}


class Facts:
    """Hand-made facts. `add` inserts rows and touches their days, `build` makes the marts, `query` reads them like a reader."""

    def __init__(self, *shops: tuple[str, str, str]) -> None:
        self.con = duckdb.connect()
        self.con.execute("CREATE SCHEMA fact")
        self.con.execute((ROOT / "warehouse" / "schema.sql").read_text(encoding="utf-8"))
        self.con.execute("ATTACH ':memory:' AS gen")
        self.con.execute(
            "CREATE TEMP TABLE touched (shop TEXT, day DATE); CREATE TEMP TABLE metric_source (metric TEXT, kind TEXT, rank INTEGER)"
        )
        self.con.executemany(
            "INSERT INTO metric_source VALUES (?, ?, ?)", [list(row) for row in queries.metric_sources()]
        )
        for shop, platform, currency in shops or (("a", "tmall", "CNY"),):
            self.con.execute(
                "INSERT INTO fact.shop BY NAME SELECT $1 AS shop, $1 AS name, $2 AS platform, $3 AS currency",
                [shop, platform, currency],
            )
        for source, (kind, rank, purse) in SOURCES.items():
            self.con.execute(
                "INSERT INTO fact.source VALUES (?, ?, ?, ?, 'tmall', ?, ?)",
                [source, kind, rank, purse, source, source],
            )

    def add(self, table: str, *rows: Mapping[str, Any], **same: Any) -> Facts:
        """Insert rows; text keys that are not given are '', the shop is 'a'."""
        columns = [
            row[0]
            for row in self.con.execute(
                "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'fact' AND table_name = ?", [table]
            ).fetchall()
        ]
        for row in rows:
            full = {k: v for k, v in KEYS.items() if k in columns} | {"shop": "a"} | same | dict(row)
            names, marks = ", ".join(f'"{k}"' for k in full), ", ".join(f"${k}" for k in full)
            self.con.execute(f"INSERT INTO fact.{table} ({names}) VALUES ({marks})", full)
            days = {_day(value) for key, value in full.items() if key == "day" or key.endswith("_at")}
            self.touch(full["shop"], *[day for day in days if day])
        return self

    def cover(
        self,
        table: str,
        source: str,
        first: str,
        last: str,
        shop: str = "a",
        is_partial: bool = False,
        account: str = "",
    ) -> Facts:
        """The source answers for these days."""
        low, high = date.fromisoformat(first), date.fromisoformat(last)
        for n in range((high - low).days + 1):
            day = low + timedelta(days=n)
            self.con.execute(
                "INSERT INTO fact.coverage VALUES (?, ?, ?, ?, ?, 'p', ?, '2026-11-20')",
                [table, shop, source, account, day, is_partial],
            )
            self.touch(shop, day)
        return self

    def touch(self, shop: str, *days: date) -> None:
        for day in days:
            self.con.execute(
                "INSERT INTO touched SELECT $1, $2 WHERE NOT EXISTS (FROM touched WHERE shop = $1 AND day = $2)",
                [shop, day],
            )

    def build(self) -> Facts:
        """Run every mart over the touched days, as publishing does, and forget them."""
        build(self.con, load_marts(ROOT / "queries" / "marts"))
        self.con.execute("DELETE FROM touched")
        return self

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> pd.DataFrame:
        used = {k: v for k, v in (params or {}).items() if re.search(rf"\${k}\b", sql)}
        self.con.execute("SET search_path = 'gen.mart'")
        try:
            return self.con.execute(sql, used).df()
        finally:
            self.con.execute("RESET search_path")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query over the marts, decimals as floats."""
        frame = self.query(sql)
        return [tuple(_plain(v) for v in row) for row in frame.itertuples(index=False)]

    def value(self, metric: str, day: str, shop: str = "a") -> tuple[Any, ...] | None:
        """(value, source, state) of a shop's day, None without a row."""
        found = self.rows(
            f"SELECT CAST(value AS DOUBLE), source, state FROM shop_day WHERE metric = '{metric}' AND day = '{day}' AND shop = '{shop}'"
        )
        assert len(found) <= 1, found
        return found[0] if found else None

    def metric(
        self, name: str, first: str, last: str, by: Any = None, shops: Iterable[str] | None = None
    ) -> pd.DataFrame:
        return queries.metric(
            self,
            name,
            date.fromisoformat(first),
            date.fromisoformat(last),
            by=by,
            shops=None if shops is None else list(shops),
        )


def _day(value: Any) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else None


def _plain(value: Any) -> Any:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return str(value)
    return value.item() if hasattr(value, "item") else value
