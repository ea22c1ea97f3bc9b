"""Natural and paid channels of a live session."""

from __future__ import annotations

import math

import pandas as pd

from queries.live.channel_kind import channel_kind, natural_paid

CHANNELS = pd.DataFrame(
    [
        ("channel", "整体", 7169, 161, 11278.50, 4061.19),
        ("channel", "推荐feed", 3942, 80, 5639.25, None),
        ("channel", "千川PC版", 2150, 56, 3947.47, 4061.19),
        ("channel", "搜索", 1075, 24, 1691.77, None),
        ("channel", "某活动位", 2, 1, 0.01, 5.0),
        ("video", "双11预热视频1", 640, None, None, None),
    ],
    columns=["kind", "channel", "views", "orders", "user_paid", "ad_spend"],
)


def test_paid_by_name_or_by_money_spent() -> None:
    """千川 is paid by its name, an unknown place by the money on it; the room's total and videos are neither."""
    assert channel_kind(CHANNELS)["paid"].tolist() == ["room", "natural", "paid", "natural", "paid", "video"]


def test_shares_leave_the_total_row_out() -> None:
    """3942 + 1075 of 7169 views came by themselves; counting the total row would halve the share."""
    split = natural_paid(channel_kind(CHANNELS)).set_index("paid")
    assert split.loc["natural", "views"] == 5017
    assert split.loc["natural", "views_share"] == 5017 / 7169
    assert round(split.loc["paid", "user_paid"], 2) == 3947.48


def test_a_missing_part_makes_no_share() -> None:
    """A channel without views leaves the share unknown rather than too small."""
    part = channel_kind(CHANNELS).assign(views=[7169, None, 2150, 1075, 2, 640])
    assert math.isnan(natural_paid(part).set_index("paid").loc["paid", "views_share"])


def test_no_channels_no_rows() -> None:
    """A session without a channel sheet."""
    assert natural_paid(channel_kind(CHANNELS.iloc[:0])).empty
