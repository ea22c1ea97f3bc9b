"""Which item stood behind a link number, as the run sheet tells it. Pure."""

from __future__ import annotations

import re

import pandas as pd


def with_items(events: pd.DataFrame, sheet: pd.DataFrame) -> pd.DataFrame:
    """The events, those with a link number alone given item_id and title of the sheet; a number planned for two items tells neither.

    events: rows of live/events; sheet: rows of live/script, empty without one.
    """
    if not len(events) or not len(sheet):
        return events
    planned = sheet.assign(number=sheet["link_no"].map(_number), name=sheet["text"].where(sheet["text"] != "", sheet["title"]))
    planned = planned[(planned["number"] != "") & ((planned["item_id"] != "") | planned["name"].notna())]
    told = planned.drop_duplicates(["number", "item_id", "name"]).drop_duplicates("number", keep=False).set_index("number")
    number = events["link_no"].map(_number)
    bare = (events["item_id"] == "") & number.isin(told.index)
    return events.assign(
        item_id=events["item_id"].where(~bare, number.map(told["item_id"])), title=events["title"].where(~bare, number.map(told["name"]))
    )


def _number(link: str) -> str:
    """`3号` and `3` are one link."""
    found = re.search(r"\d+", link)
    return str(int(found[0])) if found else ""
