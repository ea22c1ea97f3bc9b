"""The parts of a session's review, on rows one can add up on paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from queries.live.advice import advice, wilson
from queries.live.changes import borders
from queries.live.channel_kind import channel_kind, kinds_beside
from queries.live.curve import curve
from queries.live.lift import lifts
from queries.live.money import later, money
from queries.live.onair import on_air
from queries.live.segments import judged, segments

START = datetime(2026, 11, 11, 20, 3, 11)
COUNTS = ("enters", "leaves", "online", "comments", "new_followers", "product_click_users", "orders", "live_sales")
NO_EVENTS = pd.DataFrame(columns=["minute", "minute_to", "kind", "item_id", "link_no", "text", "title"])
NO_ITEMS = pd.DataFrame(columns=["item_id", "title", "product_click_users", "buyers", "live_sales", "user_paid"])
NO_CHANNELS = pd.DataFrame(columns=["channel", "ad_spend", "user_paid"])


def minutes(*at: int, **columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"minute": at, **dict.fromkeys(COUNTS), **columns})


def orders(*rows: tuple[int, float], **more: list[Any]) -> pd.DataFrame:
    """(minute of payment, amount)."""
    blank = {"refunded": None, "refund_at": None, "seller_discount": None}
    return pd.DataFrame({"minute": [m for m, _ in rows], "paid_amount": [a for _, a in rows], **blank, **more})


def explain(minute: int, minute_to: int | None, item: str = "", **more: str) -> dict[str, Any]:
    return {"minute": minute, "minute_to": minute_to, "kind": "explain", "item_id": item, "link_no": "", "text": "", "title": None} | more


def test_sales_of_the_minute_report_stand() -> None:
    """Orders are not asked where the report states sales itself."""
    stated = minutes(0, 1, live_sales=[10.0, 0.0])
    frame, source = curve(stated, orders((0, 99.0)), 2)
    assert source == "minutes" and frame["live_sales"].tolist() == [10.0, 0.0]


def test_sales_counted_from_orders_fill_the_session_and_leave_gaps_in_people() -> None:
    """Minute 2 was not reported: its people stay unknown, its sales are known to be 30; minute 3 sold nothing."""
    frame, source = curve(minutes(0, 1, 3, online=[5, 6, 7]), orders((0, 10.0), (0, 5.0), (2, 30.0)), 4)
    assert source == "orders" and frame["minute"].tolist() == [0, 1, 2, 3]
    assert frame["live_sales"].tolist() == [15.0, 0.0, 30.0, 0.0] and frame["orders"].tolist() == [2, 0, 1, 0]
    assert frame["online"].isna().tolist() == [False, False, True, False]


def test_neither_sales_nor_orders_gives_none() -> None:
    """Nothing is filled with 0 where nobody knows."""
    frame, source = curve(minutes(0, 1, online=[5, 6]), orders(), 2)
    assert source == "none" and frame["live_sales"].isna().all()


def test_one_change_is_found_where_it_is() -> None:
    """Ten clicks a minute, from minute 20 on twenty: one border, at 20; a steady minute count has none."""
    ones = np.ones(40)
    assert borders([(np.r_[np.full(20, 10.0), np.full(20, 20.0)], ones)]) == [20]
    assert borders([(np.full(40, 10.0), ones)]) == []


def test_twice_the_people_is_no_change_of_the_rate() -> None:
    """Clicks double because the room does: nothing changed."""
    people = np.r_[np.full(20, 100.0), np.full(20, 200.0)]
    assert borders([(people / 10, people)]) == []


def test_explain_windows_are_the_segments_where_there_are_any() -> None:
    """5 to 10 and 10 to the end: two items and the five minutes before; an item explained until after the next one starts ends there."""
    found = segments(minutes(*range(20)), pd.DataFrame([explain(5, 12, "a"), explain(10, None, "b")]), 20)
    assert found[["first", "last", "item_id"]].values.tolist() == [[0, 4, ""], [5, 9, "a"], [10, 19, "b"]]
    assert set(found["origin"]) == {"stated"}


def test_lift_is_held_against_the_median_minute() -> None:
    """10, 20 and 40 a minute for ten minutes each: usual is 20, so −50 %, 0 and +100 %, and steady minutes leave no doubt."""
    amounts = np.repeat([10.0, 20.0, 40.0], 10)
    found = lifts(amounts, amounts, np.ones(30), np.repeat([0, 1, 2], 10), 3)
    assert found["lift"].tolist() == [-0.5, 0.0, 1.0]
    assert found["word"].tolist() == ["poor", "fair", "good"]
    assert (found["low"] == found["lift"]).all() and found["expected"].tolist() == [200.0, 200.0, 200.0]


def test_lift_per_person_online() -> None:
    """Twice the sales from twice the people is no lift."""
    people = np.repeat([100.0, 200.0], 10)
    found = lifts(people / 10, people, people, np.repeat([0, 1], 10), 2)
    assert found["lift"].tolist() == [0.0, 0.0] and found["word"].tolist() == ["fair", "fair"]


def test_few_minutes_or_few_orders_are_too_few() -> None:
    """Four minutes are too few; so are 3 orders where 3 were usual. No order where ten were usual is poor."""
    amounts = np.r_[np.full(20, 50.0), np.full(4, 500.0)]
    assert lifts(amounts, amounts, np.ones(24), np.r_[np.zeros(20, int), np.ones(4, int)], 2)["word"].tolist() == ["fair", "few"]
    sparse = np.tile([0.0, 0.0, 0.0, 80.0], 12)
    few = lifts(sparse, (sparse > 0) * 1.0, np.ones(48), np.repeat([0, 1, 2, 3], 12), 4)
    assert few["word"].tolist() == ["few"] * 4
    none = np.r_[np.full(30, 10.0), np.zeros(10)]
    assert lifts(none, none / 10, np.ones(40), np.repeat([0, 1], [30, 10]), 2)["word"].tolist() == ["fair", "poor"]


def test_no_event_at_all_is_not_sure_to_be_none() -> None:
    """Ten minutes at a usual order every two: five are to be expected; where 2.303 are, one time in ten none is seen: at most 2.303/5 - 1."""
    orders_seen = np.r_[np.tile([1.0, 0.0], 15), np.zeros(10)]
    found = lifts(orders_seen * 10, orders_seen, np.ones(40), np.repeat([0, 1], [30, 10]), 2).iloc[1]
    assert found["lift"] == -1 and found["low"] == -1 and found["high"] == pytest.approx(-0.5395, abs=1e-4)


def test_minutes_without_data_are_left_out_not_zero() -> None:
    """Segment b has two unreported minutes among ten: its sales a minute are 40 over 8, not over 10."""
    frame = minutes(*range(18), live_sales=[5.0] * 18, orders=[1] * 18)
    found = judged(frame, segments(frame, pd.DataFrame([explain(0, 10, "a"), explain(10, 20, "b")]), 20))
    assert found["sales_minutes"].tolist() == [10, 8] and found["sales_per_minute"].tolist() == [5.0, 5.0]


def test_clicks_decide_where_sales_are_too_few() -> None:
    """One order in all tells nothing; 20 clicks a minute after 10 do."""
    frame = minutes(*range(40), live_sales=[100.0] + [0.0] * 39, orders=[1] + [0] * 39, product_click_users=[10] * 25 + [20] * 15)
    found = judged(frame, segments(frame, NO_EVENTS, 40))
    assert found["first"].tolist() == [0, 25] and set(found["origin"]) == {"inferred"}
    assert found["by"].tolist() == ["clicks", "clicks"] and found["word"].tolist() == ["fair", "good"]


def test_sales_per_minute_on_air_per_item() -> None:
    """a: 5 + 5 minutes in two windows, 600 in the session, so 60 a minute; the room sold 10 a minute in them."""
    frame = minutes(*range(20), live_sales=[10.0] * 20, orders=[1] * 20)
    parts = judged(frame, segments(frame, pd.DataFrame([explain(0, 5, "a"), explain(5, 10, "b"), explain(10, 15, "a")]), 20))
    found = on_air(parts, pd.DataFrame({"item_id": ["a"], "live_sales": [600.0], "user_paid": [None]})).set_index("key")
    assert found.loc["a", ["windows", "minutes", "item_per_minute", "window_per_minute"]].tolist() == [2, 10, 60.0, 10.0]
    assert pd.isna(found.loc["b", "item_per_minute"]) and found.loc["b", "window_sales"] == 50.0


def test_wilson_at_80_percent() -> None:
    """50 of 100: (0.5 + z²/200 ± z·√(0.25/100 + z²/40000)) / (1 + z²/100) with z = 1.2816: 0.4364 to 0.5636."""
    assert wilson(50, 100) == pytest.approx((0.4364, 0.5636), abs=0.0001)


def test_items_are_held_against_the_other_items() -> None:
    """30 of 100 clicks bought, the others 20 of 200: repeat; 40 clicks are too few to say anything of."""
    items = pd.DataFrame({"item_id": list("abc"), "title": ["甲", "乙", "丙"], "product_click_users": [100, 160, 40], "buyers": [30, 20, 0]})
    found = advice(pd.DataFrame(), pd.DataFrame(), items, NO_CHANNELS, None).set_index("name")
    assert found["action"].to_dict() == {"甲": "repeat", "乙": "drop"}
    assert (found.loc["甲", "value"], found.loc["甲", "usual"]) == (0.30, 0.10)


def test_a_channel_is_dropped_when_it_does_not_earn_its_spend() -> None:
    """1,000 sold leave 400 at a margin of 40 %: 0.8 of a spend of 500, 2 of one of 200; without a margin nothing is said."""
    channels = pd.DataFrame({"channel": ["千川", "随心推", "推荐"], "ad_spend": [500, 200, None], "user_paid": [1000, 1000, 9]})
    found = advice(pd.DataFrame(), pd.DataFrame(), NO_ITEMS, channels, 0.4)
    assert found[["action", "name", "value", "effect"]].values.tolist() == [["repeat", "随心推", 2.0, 200.0], ["drop", "千川", 0.8, -100.0]]
    assert advice(pd.DataFrame(), pd.DataFrame(), NO_ITEMS, channels, None).empty


def test_items_on_air_long_enough_are_held_against_the_median_item() -> None:
    """Four items of ten minutes at 10, 20, 20 and 60 a minute: the median is 20; 60 is repeated, 10 shortened."""
    shown = pd.DataFrame({"name": list("abcd"), "link_no": "", "item_id": list("abcd"), "minutes": 10, "events": 10, "window_per_minute": 1.0,
                          "item_per_minute": [10.0, 20.0, 20.0, 60.0]})  # fmt: skip
    found = advice(pd.DataFrame(), shown, NO_ITEMS, NO_CHANNELS, None)
    assert found[["action", "name", "effect"]].values.tolist() == [["repeat", "d", 400.0], ["drop", "a", -100.0]]
    assert advice(pd.DataFrame(), shown.assign(events=9), NO_ITEMS, NO_CHANNELS, None).empty


def test_clicks_alone_give_no_advice_against_sales() -> None:
    """Fewer clicks but, as far as few orders tell, more sales: nothing to drop."""
    part = {"name": "", "link_no": "1", "first": 0, "last": 9, "word": "poor", "by": "clicks", "clicks_lift": -0.3, "clicks_low": -0.4,
            "clicks_high": -0.2, "clicks_total": 70.0, "clicks_expected": 100.0}  # fmt: skip
    for lift, expected in ((0.5, []), (-0.1, ["drop"])):
        found = advice(pd.DataFrame([part | {"sales_lift": lift}]), pd.DataFrame(), NO_ITEMS, NO_CHANNELS, None)
        assert found["action"].tolist() == expected


ROW = {"live_sales": 1000, "refunds": 100, "ad_spend": 150, "commission": 20, "coupon_cost": None}


def test_profit_of_a_session() -> None:
    """(1000 − 100) × 40 % × (1 − 5 %) − 150 − 20 = 172; shop coupons are in the price already."""
    found = money(ROW, orders((0, 50.0), seller_discount=[5.0], refunded=[30.0]), pd.DataFrame({"margin_rate": [0.4], "fee_rate": [0.05]}))
    assert found.profit == pytest.approx(172) and (found.refunds, found.shop_coupons, found.missing) == (100, 5.0, ())


def test_refunds_that_orders_know_by_now_replace_older_ones_of_the_report() -> None:
    """The report said 100 when it was made; the orders say 160 by now."""
    found = money(ROW, orders((0, 500.0), refunded=[160.0]), pd.DataFrame({"margin_rate": [0.4], "fee_rate": [None]}))
    assert found.refunds == 160 and found.missing == ("fee",) and found.profit == pytest.approx(840 * 0.4 - 170)


def test_without_a_margin_there_is_no_profit() -> None:
    """Unknown is not zero."""
    found = money(ROW | {"commission": None}, orders(), pd.DataFrame({"margin_rate": [None], "fee_rate": [None]}))
    assert found.profit is None and found.keeps is None and found.missing == ("fee", "commission")


def test_refunds_by_the_day_they_came() -> None:
    """Of 400 paid: 40 came back on the session's own day, 60 three days on, 20 without a date."""
    day = [START + timedelta(hours=3), START + timedelta(days=3), None, None]
    sold = orders((0, 100.0), (1, 100.0), (2, 100.0), (3, 100.0), refunded=[40.0, 60.0, 20.0, 0.0], refund_at=day)
    found = later(sold, START)
    assert found["amount"].tolist() == [40.0, 60.0, 20.0] and found["share"].tolist() == [0.10, 0.15, 0.05]
    assert found["after"].tolist()[:2] == [0, 2] and pd.isna(found["after"].iloc[2])


def test_natural_beside_paid() -> None:
    """Natural: 300 views of 1,000 impressions and 6 orders; a channel without impressions leaves them out of the rate, not at 0."""
    rows = [("推荐feed", 200, 1000, 4, 400.0, None), ("关注", 100, None, 2, 200.0, None), ("千川PC版", 50, 500, 3, 150.0, 60.0)]
    frame = pd.DataFrame(rows, columns=["channel", "views", "impressions", "orders", "user_paid", "ad_spend"])
    found = kinds_beside(channel_kind(frame.assign(kind="channel", avg_watch_s=30.0))).set_index("paid")
    assert found.loc["natural", ["views", "orders", "entry_rate", "order_rate", "gpm_views"]].tolist() == [300, 6, 0.2, 0.02, 2000.0]
    assert pd.isna(found.loc["natural", "impressions"]) and pd.isna(found.loc["natural", "ad_spend"])
    assert found.loc["paid", ["entry_rate", "ad_spend", "avg_watch_s"]].tolist() == [0.1, 60.0, 30.0]
