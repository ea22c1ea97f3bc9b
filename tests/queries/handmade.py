"""Marts typed by hand in memory: a query is tested on rows one can add up on paper.

Columns are those the mart files give; a column a test does not name is NULL.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

QUERIES = Path(__file__).resolve().parents[2] / "queries"
_KEYS = "shop TEXT, platform TEXT, currency TEXT, day DATE"
_TABLES = {
    "shop": "shop TEXT, name TEXT, platform TEXT, currency TEXT, zone TEXT",
    "source": "source TEXT, kind TEXT, rank INTEGER, purse TEXT, platform TEXT, label_zh TEXT, label_en TEXT",
    "shop_day": f"{_KEYS}, metric TEXT, source TEXT, value DECIMAL(18,4), state TEXT, as_of TIMESTAMP",
    "check_day": "shop TEXT, currency TEXT, day DATE, metric TEXT, source TEXT, value DECIMAL(18,4), is_chosen BOOLEAN,"
    " chosen_value DECIMAL(18,4), difference DECIMAL(18,4)",
    "shop_hour": "shop TEXT, currency TEXT, day DATE, hour SMALLINT, metric TEXT, source TEXT, value DECIMAL(18,4)",
    "item_day": f"{_KEYS}, item_id TEXT, title TEXT, source TEXT, #visitors page_views cart_users cart_units fav_users"
    " placed_amount placed_buyers sales paying_buyers paid_orders units refunds",
    "source_day": f"{_KEYS}, source TEXT, carrier TEXT, level1 TEXT, level2 TEXT, level3 TEXT, level4 TEXT,"
    " depth INTEGER, is_paid BOOLEAN, is_subtotal BOOLEAN, #visitors new_visitors page_views cart_users fav_users"
    " placed_buyers placed_amount paying_buyers sales",
    "campaign_day": f"{_KEYS}, purse TEXT, source TEXT, account TEXT, scene TEXT, campaign_id TEXT, campaign TEXT,"
    " ad_group_id TEXT, ad_group TEXT, attribution TEXT, is_chosen BOOLEAN, #spend impressions clicks"
    " attributed_sales direct_sales indirect_sales attributed_orders net_attributed_sales refund_1h coupon_amount"
    " cart_adds new_buyers",
    "purse_day": f"{_KEYS}, purse TEXT, source TEXT, is_chosen BOOLEAN, as_of TIMESTAMP, #spend impressions clicks"
    " attributed_sales attributed_orders",
    "target": "shop TEXT, metric TEXT, month DATE, value DECIMAL(18,4), currency TEXT",
    "cost": "shop TEXT, item_id TEXT, kind TEXT, day DATE, value DECIMAL(18,6), currency TEXT",
    "live_session": f"{_KEYS}, as_of TIMESTAMP, session TEXT, account TEXT, account_name TEXT, title TEXT, started_at TIMESTAMP,"
    " ended_at TIMESTAMP, sources TEXT, #duration_s room_impression_users room_impressions viewers views watch_s"
    " pcu acu comments likes shares new_followers unfollows items product_impression_users product_impressions"
    " product_click_users product_clicks buyers orders placed_orders units live_sales user_paid refunds refund_orders"
    " refund_1h refund_1h_orders net_live_sales net_orders ad_spend commission coupon_cost",
    "live_minute": 'shop TEXT, session TEXT, day DATE, "at" TIMESTAMP, minute INTEGER, source TEXT, #enters leaves'
    " online comments likes new_followers product_impression_users product_click_users orders live_sales",
    "live_item": "shop TEXT, session TEXT, item_id TEXT, title TEXT, currency TEXT, #product_impression_users"
    " product_click_users buyers orders units live_sales user_paid",
    "live_event": 'shop TEXT, day DATE, session TEXT, "at" TIMESTAMP, until TIMESTAMP, kind TEXT, item_id TEXT,'
    " link_no TEXT, text TEXT, source TEXT, account TEXT",
    "live_script": "shop TEXT, day DATE, account TEXT, sheet_at TIMESTAMP, minute INTEGER, item_id TEXT, link_no TEXT, text TEXT,"
    " segment TEXT, host TEXT, action TEXT, offer TEXT, duty TEXT",
    "live_typed": "shop TEXT, day DATE, session TEXT, started_at TIMESTAMP, #viewers pcu live_sales orders new_followers ad_spend"
    " duration_s avg_watch_s",
    "live_channel": "shop TEXT, session TEXT, kind TEXT, channel TEXT, currency TEXT, #viewers views watch_s orders"
    " user_paid ad_spend impressions",
}


def _columns(spec: str) -> str:
    """The text before # as it stands, every name after it a number."""
    named, _, numbers = spec.partition("#")
    return named + ", ".join(f"{name} DECIMAL(18,4)" for name in numbers.split())


class Marts:
    """A schema `mart` with every table, empty; `add` puts rows in, `ask` runs a query file over them."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute("CREATE SCHEMA mart; SET search_path = 'mart'")
        for name, spec in _TABLES.items():
            self.con.execute(f"CREATE TABLE mart.{name} ({_columns(spec)})")

    def add(self, table: str, rows: Iterable[dict[str, Any]], **same: Any) -> None:
        """Insert rows; `same` holds the columns that all of them share."""
        for row in rows:
            full = {**same, **row}
            names = ", ".join(f'"{name}"' for name in full)
            marks = ", ".join(f"${name}" for name in full)
            self.con.execute(f"INSERT INTO mart.{table} ({names}) VALUES ({marks})", full)

    def ask(self, name: str, **params: Any) -> pd.DataFrame:
        """The answer of queries/<name>.sql."""
        return self.con.execute((QUERIES / f"{name}.sql").read_text(encoding="utf-8"), params).df()
