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
