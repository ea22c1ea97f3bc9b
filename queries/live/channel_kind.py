"""Natural or paid: which of a live session's channels were bought.

Reports name channels but do not say which are paid. Rule: a channel is paid when money is booked on it, or when its
name holds one of the ad products' names below; the row for the whole room (整体) is neither; the rest is natural.
Names from 罗盘's channel sheet and the platforms' own ad products; a name not listed counts as natural until it spends.
"""

from __future__ import annotations

import pandas as pd

PAID_WORDS = (
    "千川", "付费", "广告", "推广", "投放", "竞价", "随心推", "dou+", "直通车", "超级直播", "磁力", "加热",
    "paid", "ads", "promot", "gmv max",
)  # fmt: skip
WHOLE_ROOM = ("整体", "总计", "合计", "汇总", "全部", "total", "overall")


def channel_kind(channels: pd.DataFrame) -> pd.DataFrame:
    """The rows of live/channels with a column `paid`: 'paid', 'natural', 'video' (lead-in) or 'room' (the total)."""
    spends = pd.to_numeric(channels["ad_spend"], errors="coerce").fillna(0) > 0
    rows = zip(channels["kind"], channels["channel"], spends, strict=True)
    kinds = [_kind(str(kind), str(name), bool(spent)) for kind, name, spent in rows]
    return channels.assign(paid=pd.Series(kinds, index=channels.index, dtype="object"))


def _kind(kind: str, channel: str, spends: bool) -> str:
    name = channel.strip().lower()
    if kind == "video":
        return "video"
    if name in WHOLE_ROOM:
        return "room"
    return "paid" if spends or any(word in name for word in PAID_WORDS) else "natural"


def natural_paid(channels: pd.DataFrame) -> pd.DataFrame:
    """Two rows at most (natural, paid) and their shares: views, views_share, user_paid, user_paid_share, orders.

    channels: the answer of channel_kind. Views, orders and money add up over channels; viewers do not (a person may
    come twice) and are left out. A missing figure of one channel makes the group's figure missing.
    """
    parts = channels[channels["paid"].isin(["natural", "paid"])]
    numbers = parts[["views", "orders", "user_paid"]].apply(pd.to_numeric, errors="coerce")
    sums = numbers.groupby(parts["paid"]).agg(lambda column: column.sum(skipna=False))
    for name in ("views", "user_paid"):
        whole = sums[name].sum(skipna=False) if len(sums) else 0
        sums[f"{name}_share"] = sums[name] / whole if whole else float("nan")
    return sums.reset_index()


def kinds_beside(channels: pd.DataFrame) -> pd.DataFrame:
    """One row per kind (natural, paid): impressions, views, orders, user_paid, ad_spend; entry_rate, order_rate, avg_watch_s, gpm_views.

    channels: the answer of channel_kind. A rate stands only on channels that state both its parts, and a count is missing
    when one of the kind's channels does not state it. ad_spend counts what is stated: natural channels have none.
    """
    parts = channels[channels["paid"].isin(["natural", "paid"])]
    names = ["impressions", "views", "orders", "user_paid"]
    numbers = parts[[*names, "ad_spend", "avg_watch_s"]].apply(pd.to_numeric, errors="coerce").astype(float)
    numbers["watch_s"] = numbers["avg_watch_s"] * numbers["views"]
    groups = numbers.groupby(parts["paid"])
    found = groups[names].agg(lambda column: column.sum(skipna=False))
    found["ad_spend"] = groups["ad_spend"].sum(min_count=1)
    for rate, top, bottom, scale in (
        ("entry_rate", "views", "impressions", 1.0), ("order_rate", "orders", "views", 1.0),
        ("avg_watch_s", "watch_s", "views", 1.0), ("gpm_views", "user_paid", "views", 1000.0),
    ):  # fmt: skip
        both = numbers.dropna(subset=[top, bottom]).groupby(parts["paid"])
        below = both[bottom].sum()
        found[rate] = both[top].sum() / below.where(below > 0) * scale
    return found.reset_index()
