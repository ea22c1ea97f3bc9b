"""Small packages for the warehouse tests: an order list (upsert) and an ad report (slices)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from warehouse.book import Book
from warehouse.interpretation import Column, Interpretation, Load, SourceInfo, View
from warehouse.packages import Manifest, PackageWriter

ORDERS = Interpretation(
    (View("raw", "raw", (Column("id", "id", "id"), Column("created", "at", "created"), Column("paid", "at", "paid"), Column("amount", "money", "amount")),
          totals="id = '合计'"),),
    (Load("order_head", "SELECT _row, id AS order_id, created AS created_at, paid AS paid_at, amount AS placed_amount, "
          "CASE WHEN paid IS NOT NULL THEN amount END AS paid_amount, $currency AS currency FROM raw", edges_partial=True),),
    SourceInfo("orders", "orders", 10), {"currency": "CNY", "zone": "Asia/Shanghai"},
)  # fmt: skip
ADS = Interpretation(
    (View("raw", "raw", (Column("day", "day", "day"), Column("campaign", "id", "campaign"), Column("spend", "money", "spend"))),),
    (Load("ad_day", "SELECT _row, day, campaign AS campaign_id, spend, 'CNY' AS currency FROM raw"),),
    SourceInfo("ads", "ads", 10, "alimama"),
)  # fmt: skip
MARTS = (
    "-- mart: shop\n-- replace: all\nSELECT shop, platform FROM shop",
    "-- mart: sale\n-- replace: touched\nSELECT o.shop, t.day, sum(paid_amount) AS sales, count(*) AS orders FROM order_head o "
    "JOIN touched t ON t.shop = o.shop AND t.day = o.paid_at::DATE GROUP BY ALL",
    "-- mart: spend\n-- replace: touched\nSELECT a.shop, a.day, sum(spend) AS spend FROM ad_day a JOIN touched t ON t.shop = a.shop AND t.day = a.day GROUP BY ALL",
)
PRECEDENCE = [("sales", "orders", 1)]


def interpret(manifest: Manifest) -> Interpretation:
    """What the worker does for real packages."""
    return {"orders": ORDERS, "ads": ADS}[manifest.source]


def seal(book: Book, source: str, rows: Sequence[dict[str, str]], shop: str = "s", **fields: Any) -> Manifest:
    """Seal rows of text as a file package."""
    columns = {"orders": ("id", "created", "paid", "amount"), "ads": ("day", "campaign", "spend")}[source]
    with PackageWriter(book, source=source, kind="file", shop=shop) as writer:
        path = writer.path("raw", "parquet")
        con = duckdb.connect()
        con.execute(f"CREATE TABLE t ({', '.join(f'{name} TEXT' for name in columns)})")
        if rows:
            con.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(columns))})", [[row.get(name, "") for name in columns] for row in rows])
        con.execute(f"COPY t TO '{path}' (FORMAT parquet)")
        writer.add_file("raw", "parquet", path, len(rows), first_row=2)
        return writer.seal(platform="tmall", currency="CNY", zone="Asia/Shanghai", file_name=f"{source}.csv", **fields)


def order(number: str, created: str, amount: str, paid: str = "") -> dict[str, str]:
    return {"id": number, "created": created, "paid": paid, "amount": amount}


def spent(day: str, campaign: str, spend: str) -> dict[str, str]:
    return {"day": day, "campaign": campaign, "spend": spend}
