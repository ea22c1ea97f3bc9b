"""What each item sold per minute on air, from explain windows. Pure."""

from __future__ import annotations

import pandas as pd

COLUMNS = ("key", "item_id", "link_no", "name", "windows", "minutes", "window_sales", "window_per_minute", "item_sales", "item_per_minute", "events")


def on_air(parts: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """COLUMNS, one row per item (or link number) that was explained, most sales per minute first.

    parts: the judged segments. window_sales: what the room sold in its windows, of whatever item; item_sales: what the item
    sold in the whole session as the report states it (items: rows of live/items), over the minutes it was explained. events:
    orders in its windows, or as many as are usual in so long.
    """
    shown = parts[(parts["origin"] == "stated") & ((parts["item_id"] != "") | (parts["link_no"] != "") | (parts["name"] != ""))]
    if shown.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    key = shown["item_id"].where(shown["item_id"] != "", "#" + shown["link_no"]).where(shown["item_id"] + shown["link_no"] != "", shown["name"])
    length = shown["last"] - shown["first"] + 1
    frame = shown.assign(key=key, minutes=length, known=shown["sales_minutes"], sold=shown["sales_total"].where(shown["sales_minutes"] > 0))
    found = frame.groupby("key", sort=False).agg(
        item_id=("item_id", "first"), link_no=("link_no", "first"), name=("name", "first"), windows=("first", "size"),
        minutes=("minutes", "sum"), events=("sales_events", "sum"), known=("known", "sum"), window_sales=("sold", lambda column: column.sum(min_count=1)),
    ).reset_index()  # fmt: skip
    found["window_per_minute"] = found["window_sales"] / found["known"].where(found["known"] > 0)
    if len(items):
        sold = items.set_index("item_id")[["live_sales", "user_paid"]].apply(pd.to_numeric).astype(float)
        found["item_sales"] = found["item_id"].map(sold["live_sales"].fillna(sold["user_paid"]))
    else:
        found["item_sales"] = float("nan")
    found["item_per_minute"] = found["item_sales"] / found["minutes"]
    order = found["item_per_minute"].fillna(found["window_per_minute"]).sort_values(ascending=False, na_position="last").index
    return found.loc[order, list(COLUMNS)].reset_index(drop=True)
