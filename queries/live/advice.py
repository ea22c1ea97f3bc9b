"""What to repeat next time and what to drop, by stated rules, each with its numbers. Pure.

segment  a segment judged 好 / 差 (queries/live/segments.py): what it sold over or under the baseline; one judged by clicks
         only where its sales do not point the other way
on_air   an item explained for at least ON_AIR minutes with at least ORDERS orders there or usual, among at least ITEMS such: its sales per minute on air at least MUCH
         times / at most LITTLE times the median item's
item     an item with at least CLICKS people clicking: the 80 % interval (Wilson 1927) of its click-to-pay rate lies wholly
         above / below the rate of the session's other items
channel  a channel money was spent on: what its sales leave after margin and fee, over the spend, at least / under 1
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

ON_AIR, ORDERS, ITEMS, MUCH, LITTLE = 8, 10, 4, 1.5, 0.5
CLICKS = 50
Z = 1.2816  # 80 % of a normal distribution lie within
MOST = 4  # of one rule and direction, those that moved most
COLUMNS = ("action", "rule", "name", "first", "last", "value", "low", "high", "usual", "effect", "link_no")


def advice(judged: pd.DataFrame, shown: pd.DataFrame, items: pd.DataFrame, channels: pd.DataFrame, keeps: float | None) -> pd.DataFrame:
    """COLUMNS: action 'repeat' or 'drop', rule, and the figures the rule looked at; strongest first within rule and action.

    judged, shown: answers of segments.judged and onair.on_air; items, channels: rows of live/items and live/channels;
    keeps: what is left of one unit of sales after margin and fee, None when not typed. effect: money (segments), the same
    in minutes x money (on air), buyers (items), money (channels) more or less than usual; it only ranks. link_no: of what was explained, else ''.
    """
    rows = [*_segments(judged), *_on_air(shown), *_items(items), *_channels(channels, keeps)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    strongest = frame.assign(size=frame["effect"].abs()).sort_values("size", ascending=False, kind="stable")
    kept = strongest.groupby(["action", "rule"], sort=False).head(MOST)
    return kept.drop(columns="size").reset_index(drop=True)


def _segments(judged: pd.DataFrame) -> list[tuple[Any, ...]]:
    rows = []
    for part in judged.itertuples():
        against = part.by == "clicks" and part.sales_lift * part.clicks_lift < 0
        if part.word not in ("good", "poor") or against:
            continue
        of = "sales" if part.by == "sales" else "clicks"
        value, low, high = (float(getattr(part, f"{of}_{name}")) for name in ("lift", "low", "high"))
        extra = float(getattr(part, f"{of}_total")) - float(getattr(part, f"{of}_expected"))
        action = "repeat" if part.word == "good" else "drop"
        rows.append((action, f"segment_{of}", part.name, part.first, part.last, value, low, high, 0.0, extra, part.link_no))
    return rows


def _on_air(shown: pd.DataFrame) -> list[tuple[Any, ...]]:
    rates = shown["item_per_minute"].astype(float).fillna(shown["window_per_minute"].astype(float)) if len(shown) else pd.Series(dtype=float)
    long = shown[(shown["minutes"] >= ON_AIR) & (shown["events"] >= ORDERS) & rates.notna()] if len(shown) else shown
    if len(long) < ITEMS:
        return []
    usual = float(rates[long.index].median())
    rows = []
    for item, rate in zip(long.itertuples(), rates[long.index], strict=True):
        action = "repeat" if rate >= MUCH * usual else "drop" if rate <= LITTLE * usual else ""
        if action and usual > 0:
            name = item.name or ("" if item.link_no else item.item_id)
            rows.append((action, "on_air", name, None, None, rate, None, None, usual, (rate - usual) * float(item.minutes), item.link_no))
    return rows


def _items(items: pd.DataFrame) -> list[tuple[Any, ...]]:
    if items.empty:
        return []
    counts = items[["product_click_users", "buyers"]].apply(pd.to_numeric).astype(float)
    known = counts.dropna().query("product_click_users > 0 and buyers <= product_click_users")
    clicks, buyers = known.sum()
    rows = []
    for at, mine in known.iterrows():
        others = clicks - mine["product_click_users"]
        if mine["product_click_users"] < CLICKS or others < CLICKS:
            continue
        usual = (buyers - mine["buyers"]) / others
        low, high = wilson(mine["buyers"], mine["product_click_users"])
        action = "repeat" if low > usual else "drop" if high < usual else ""
        if action:
            rate = mine["buyers"] / mine["product_click_users"]
            name = str(items.at[at, "title"] or items.at[at, "item_id"])
            rows.append((action, "item", name, None, None, rate, low, high, usual, mine["buyers"] - usual * mine["product_click_users"], ""))
    return rows


def wilson(hits: float, tries: float) -> tuple[float, float]:
    """The 80 % interval of a share."""
    share, weight = hits / tries, Z * Z / tries
    middle, half = share + weight / 2, Z * math.sqrt(share * (1 - share) / tries + weight / (4 * tries))
    return (middle - half) / (1 + weight), (middle + half) / (1 + weight)


def _channels(channels: pd.DataFrame, keeps: float | None) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    if keeps is None or channels.empty:
        return rows
    for line in channels.itertuples():
        if pd.isna(line.ad_spend) or pd.isna(line.user_paid) or float(line.ad_spend) <= 0:
            continue
        spend, left = float(line.ad_spend), float(line.user_paid) * keeps
        action = "repeat" if left >= spend else "drop"
        rows.append((action, "channel", str(line.channel), None, None, left / spend, None, None, 1.0, left - spend, ""))
    return rows
