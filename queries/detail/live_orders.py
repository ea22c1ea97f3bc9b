# purpose: the orders a live session sold: paid while it was on air, through a live room; with what was given back since
# params:  session VARCHAR, shops VARCHAR[] (NULL = all)
# grain:   one row per order; empty when no order list answers for the session
# units:   minute since the session's start; money in currency; refunded: up to now, refund_at: the last time
# reads:   receipt, live_session, live_minute, order_source, source
"""Sales by the minute where the platform gives none, and refunds that came after the session.

A refund is what the after-sales list says of the order, else what the order list says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from queries.detail.orders import PAID_LATER

HERE = Path(__file__).parent
LONGEST = timedelta(days=2)
COLUMNS = ("order_id", "minute", "paid_at", "currency", "paid_amount", "seller_discount", "units", "refunded", "refund_at", "as_of")


def run(reader: Any, session: str, shops: Sequence[str] | None = None) -> pd.DataFrame:
    """COLUMNS, by time of payment. `reader`: warehouse.reader.Reader."""
    asked = {"session": session, "shops": None if shops is None else list(shops)}
    day = _day(reader, asked)
    files = [] if day is None else reader.receipts("order_head", asked["shops"], day - PAID_LATER, day + LONGEST)
    if day is None or not files:
        return pd.DataFrame(columns=list(COLUMNS))
    orders = reader.query((HERE / "live_orders.sql").read_text(encoding="utf-8"), {**asked, "files": files})
    files = reader.receipts("refund", asked["shops"], day, date.max)
    given = None
    if len(orders) and files:
        wanted = {**asked, "files": files, "orders": orders["order_id"].tolist()}
        given = reader.query((HERE / "live_refunds.sql").read_text(encoding="utf-8"), wanted)
    return _refunded(orders, given)[list(COLUMNS)]


def _day(reader: Any, asked: dict[str, Any]) -> date | None:
    sql = "SELECT min(day) AS day FROM live_session WHERE session = $session AND ($shops IS NULL OR list_contains($shops, shop))"
    found = reader.query(sql, asked)["day"].iloc[0]
    return None if pd.isna(found) else pd.Timestamp(found).date()


def _refunded(orders: pd.DataFrame, given: pd.DataFrame | None) -> pd.DataFrame:
    """With refunded and refund_at per order; None where neither list says."""
    listed = orders.rename(columns={"refund_amount": "refunded"})
    if given is None or given.empty:
        return listed
    sums = given.groupby("order_id").agg(refunded=("amount", "sum"), refund_at=("done_at", "max"), as_of=("as_of", "max"))
    told = listed["order_id"].isin(sums.index)
    ids = listed.loc[told, "order_id"]
    for column in ("refunded", "refund_at", "as_of"):
        listed.loc[told, column] = sums[column].reindex(ids).to_numpy()
    return listed
