# purpose: the orders behind a day's figures, newest first, from the files of order facts
# params:  shops VARCHAR[] (NULL = all), day_from DATE, day_to DATE, flagged BOOLEAN (NULL = all), max_rows BIGINT
# grain:   one row per order and source paid in the range (unpaid ones: created in it)
# units:   money in currency; times local to the shop; counts says whether the order is in the metrics
# reads:   receipt
"""The order list: the reader names the files that this scope may see, the SQL beside it reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

SQL = Path(__file__).with_suffix(".sql")
PAID_LATER = timedelta(days=62)  # files are by the day of ordering; a pre-sale is paid weeks later
COLUMNS = (
    "shop", "source", "order_id", "status", "created_at", "paid_at", "currency", "placed_amount", "paid_amount",
    "refund_amount", "refund_at", "units", "channel", "host", "flag", "counts", "package", "as_of",
)  # fmt: skip


def run(
    reader: Any,
    day_from: date,
    day_to: date,
    shops: Sequence[str] | None = None,
    flagged: bool | None = None,
    max_rows: int = 500,
) -> pd.DataFrame:
    """At most `max_rows` orders; empty when no file of these shops and days exists. `reader`: warehouse.reader.Reader."""
    files = reader.receipts("order_head", shops, day_from - PAID_LATER, day_to)
    if not files:
        return pd.DataFrame(columns=list(COLUMNS))
    params = {"files": files, "shops": None if shops is None else list(shops), "day_from": day_from, "day_to": day_to}
    answer = reader.query(SQL.read_text(encoding="utf-8"), {**params, "flagged": flagged, "max_rows": max_rows})
    return pd.DataFrame(answer)
