"""Books of a given size: facts written straight into the warehouse, for timing what comes after the commit.

Two years, 20 shops on 5 platforms, 5,000 items; two lines in three orders. Values come from hashes, so a size is always the same book.
"""

from __future__ import annotations

import duckdb

from warehouse.book import Book
from warehouse.commit import open_warehouse

FIRST, DAYS, SHOPS, ITEMS = "2024-11-01", 730, 20, 5000
PLATFORMS = ("tmall", "jd", "douyin", "pdd", "kuaishou")
AT = f"TIMESTAMP '{FIRST}' + to_seconds(((i / {{n}}) * {DAYS} * 86400)::BIGINT)"


def fill(book: Book, lines: int) -> None:
    """Write `lines` order lines, their orders, daily shop figures, items, sources, ads and live sessions."""
    with book.lock(), open_warehouse(book) as con:
        con.execute("SET memory_limit = '12GB'")
        _shops(con)
        _orders(con, lines)
        _days(con)
        con.execute("CHECKPOINT")


def _shops(con: duckdb.DuckDBPyConnection) -> None:
    names = "['" + "', '".join(PLATFORMS) + "']"
    con.execute(
        f"INSERT INTO fact.shop BY NAME SELECT 'shop' || i AS shop, 'Shop ' || i AS name, {names}[1 + i % 5] AS platform, 'CNY' AS currency, "
        f"'Asia/Shanghai' AS zone, 'bench' AS source FROM range({SHOPS}) t(i)"
    )
    con.execute(
        "INSERT INTO fact.source VALUES ('bench_orders', 'orders', 10, '', 'tmall', '订单', 'Orders'), ('bench_lines', 'order_lines', 10, '', 'tmall', '明细', 'Lines'), "
        "('bench_shop', 'shop', 10, '', 'tmall', '大盘', 'Shop'), ('bench_items', 'items', 10, '', 'tmall', '商品', 'Items'), "
        "('bench_ads', 'ads', 10, 'alimama', 'tmall', '推广', 'Ads'), ('bench_traffic', 'traffic', 10, '', 'tmall', '来源', 'Sources'), "
        "('bench_live', 'sessions', 10, '', 'douyin', '直播', 'Live')"
    )


def _orders(con: duckdb.DuckDBPyConnection, lines: int) -> None:
    orders = max(lines * 2 // 3, 1)
    at = AT.format(n=orders)
    amount = "(20 + hash(i, 1) % 20000 / 100)::DECIMAL(18,4)"
    con.execute(
        f"INSERT INTO fact.order_head BY NAME SELECT 'shop' || (hash(i) % {SHOPS}) AS shop, 'bench_orders' AS source, (4100000000000000000 + i)::TEXT AS order_id, '' AS account, "
        f"'b' || (hash(i, 2) % {max(orders // 3, 1)}) AS buyer, 'paid' AS status, {at} AS created_at, CASE WHEN hash(i, 3) % 10 > 0 THEN {at} + INTERVAL 1 MINUTE END AS paid_at, "
        f"'CNY' AS currency, {amount} AS placed_amount, CASE WHEN hash(i, 3) % 10 > 0 THEN {amount} END AS paid_amount, 2 AS units, "
        f"CASE WHEN hash(i, 4) % 20 = 0 THEN {amount} END AS refund_amount, 'p' AS package, TIMESTAMP '2026-11-01' AS as_of, 2 AS status_rank FROM range({orders}) t(i)"
    )
    con.execute(
        "INSERT INTO fact.order_line BY NAME SELECT shop, 'bench_lines' AS source, order_id, line_id, '' AS account, 'i' || (hash(order_id, line_id) % "
        f"{ITEMS}) AS item_id, 'Item' AS title, status, created_at, paid_at, currency, 1 AS units, (placed_amount / parts)::DECIMAL(18,4) AS placed_amount, "
        "(paid_amount / parts)::DECIMAL(18,4) AS paid_amount, package, as_of, status_rank FROM (SELECT *, 1 + (hash(order_id) % 2)::INT AS parts, "
        "unnest(range(1 + (hash(order_id) % 2)::INT))::TEXT AS line_id FROM fact.order_head)"
    )
    con.execute(
        "INSERT INTO fact.coverage SELECT target, 'shop' || s.i, source, '', DATE "
        f"'{FIRST}' + d.i::INT, 'p', false, TIMESTAMP '2026-11-01' "
        f"FROM (VALUES ('order_head', 'bench_orders'), ('order_line', 'bench_lines')) v(target, source), range({SHOPS}) s(i), range({DAYS}) d(i)"
    )


def _days(con: duckdb.DuckDBPyConnection) -> None:
    """One row a shop and day (and item, source, campaign, session) of what platforms state."""
    day = f"DATE '{FIRST}' + d.i::INT"
    shop_day = f"range({SHOPS}) s(i), range({DAYS}) d(i)"
    metrics = "['visitors', 'page_views', 'new_visitors', 'cart_users', 'fav_users', 'placed_buyers']"
    con.execute(
        "INSERT INTO fact.observation BY NAME SELECT 'shop' || s.i AS shop, 'bench_shop' AS source, '' AS account, m AS metric, '' AS scope, 'day' AS period_kind, "
        f"{day} AS day, {day} AS day_to, -1 AS hour, 'CNY' AS currency, (1000 + hash(s.i, d.i, m) % 9000) AS value, 'p' AS package, TIMESTAMP '2026-11-01' AS as_of "
        f"FROM {shop_day}, (SELECT unnest({metrics}) AS m)"
    )
    con.execute(
        "INSERT INTO fact.source_day BY NAME SELECT 'shop' || s.i AS shop, 'bench_traffic' AS source, '' AS account, '' AS carrier, 'L' || (x % 4) AS level1, "
        "'M' || x AS level2, '' AS level3, '' AS level4, "
        f"'' AS item_id, {day} AS day, false AS is_subtotal, x % 4 = 0 AS is_paid, 'CNY' AS currency, hash(s.i, d.i, x) % 500 AS visitors, "
        "hash(s.i, x) % 20 AS paying_buyers, 100 AS sales, 'p' AS package, "
        f"TIMESTAMP '2026-11-01' AS as_of FROM {shop_day}, range(12) l(x)"
    )
    con.execute(
        "INSERT INTO fact.ad_day BY NAME SELECT 'shop' || s.i AS shop, 'bench_ads' AS source, '' AS account, 'c' || x AS campaign_id, '' AS ad_group_id, '' AS ad_id, '' AS item_id, "
        f"{day} AS day, -1 AS hour, '' AS attribution, 'Campaign ' || x AS campaign, 'Search' AS scene, "
        "'CNY' AS currency, (hash(s.i, d.i, x) % 500)::DECIMAL(18,4) AS spend, 10000 AS impressions, 300 AS clicks, "
        f"1200 AS attributed_sales, 12 AS attributed_orders, 'p' AS package, TIMESTAMP '2026-11-01' AS as_of FROM {shop_day}, range(10) l(x)"
    )
    con.execute(
        "INSERT INTO fact.live_session BY NAME SELECT 'shop' || s.i AS shop, 'bench_live' AS source, 'a' AS account, (DATE '" + FIRST + "' + d.i::INT) + INTERVAL 20 HOUR AS started_at, "
        f"({day}) + INTERVAL 23 HOUR AS ended_at, 'Room' AS account_name, 'CNY' AS currency, 10800 AS duration_s, 5000 AS viewers, 7000 AS views, 300 AS pcu, 100 AS acu, 150 AS buyers, "
        f"160 AS orders, 12000 AS live_sales, 'p' AS package, TIMESTAMP '2026-11-01' AS as_of FROM range(0, {SHOPS}, 5) s(i), range(0, {DAYS}, 2) d(i)"
    )
    for target, source in (("observation", "bench_shop"), ("source_day", "bench_traffic"), ("ad_day", "bench_ads")):
        con.execute(f"INSERT INTO fact.coverage SELECT '{target}', 'shop' || s.i, '{source}', '', {day}, 'p', false, TIMESTAMP '2026-11-01' FROM {shop_day}")
