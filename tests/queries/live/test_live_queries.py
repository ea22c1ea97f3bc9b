"""Live queries on hand-made marts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from tests.queries.handmade import Marts

DAY = date(2026, 11, 11)
START = datetime(2026, 11, 11, 20, 3, 11)
SAME = {"shop": "s1", "platform": "douyin", "currency": "CNY", "account": "a1"}


def _session(place: int, sales: float | None, **more: object) -> dict:
    """The session `place` days before the asked one."""
    at = START - timedelta(days=place)
    return {"session": f"n{place}", "started_at": at, "day": at.date(), "live_sales": sales, **SAME, **more}


@pytest.fixture
def marts() -> Marts:
    """Ten sessions of one account, one a day; one of another account and one of another shop in between."""
    m = Marts()
    m.add("live_session", [_session(n, 100 * (n + 1)) for n in range(10)])
    m.add("live_session", [_session(1, 9999, session="other", account="a2")])
    m.add("live_session", [_session(1, 9999, session="elsewhere", shop="s2")])
    return m


def test_history_is_the_session_and_seven_of_its_own_account_before_it(marts: Marts) -> None:
    """Sessions of another account or shop never enter the median; the eighth before is too old."""
    history = marts.ask("live/history", session="n0", shops=None)
    assert history["session"].tolist() == [f"n{n}" for n in range(8)]
    assert history["place"].tolist() == list(range(8))
    later = marts.ask("live/history", session="n3", shops=["s1"])
    assert later["session"].tolist()[:2] == ["n3", "n4"]


def test_history_of_a_shop_out_of_scope_is_empty(marts: Marts) -> None:
    """A session id from a link opens nothing outside the chosen shops."""
    assert marts.ask("live/history", session="n0", shops=["s2"]).empty


def test_list_holds_the_median_of_the_seven_before(marts: Marts) -> None:
    """Sales 200..800 stood before n0: their median is 500; n9 has none before it."""
    listed = marts.ask("live/sessions", shops=["s1"], day_from=DAY - timedelta(days=20), day_to=DAY)
    listed = listed.set_index("session")
    assert (listed.loc["n0", "median_sales"], listed.loc["n0", "sessions_before"]) == (500, 7)
    assert (listed.loc["n8", "median_sales"], listed.loc["n8", "sessions_before"]) == (1000, 1)
    assert pd.isna(listed.loc["n9", "median_sales"])
    short = marts.ask("live/sessions", shops=["s1"], day_from=DAY, day_to=DAY)
    assert short["session"].tolist() == ["n0"]
    assert short["median_sales"].tolist() == [500]


def test_a_session_over_midnight_belongs_to_its_start_day_and_says_so() -> None:
    """Started 20:03 on the 11th, ended 01:03 on the 12th: listed on the 11th only."""
    m = Marts()
    m.add("live_session", [_session(0, 1, ended_at=datetime(2026, 11, 12, 1, 3, 42), duration_s=18031, views=10)])
    listed = m.ask("live/sessions", shops=None, day_from=DAY, day_to=DAY)
    assert listed["is_past_midnight"].tolist() == [True]
    assert listed["gpm_views"].tolist() == [100]
    next_day = DAY + timedelta(days=1)
    assert m.ask("live/sessions", shops=None, day_from=next_day, day_to=next_day).empty


def test_calendar_keeps_unknown_sales_apart() -> None:
    """Two sessions a day, one without sales: 50, and one unknown; nothing is filled with zero."""
    m = Marts()
    m.add("live_session", [_session(0, 50, duration_s=3600), _session(0, None, session="x", duration_s=1800)])
    row = m.ask("live/calendar", shops=None, day_from=DAY, day_to=DAY).iloc[0]
    assert (row["sessions"], row["live_sales"], row["unknown_sales"], row["hours"]) == (2, 50, 1, 1.5)


def test_minutes_count_from_the_start_past_midnight_and_keep_gaps() -> None:
    """20:03 is minute 0, 00:10 the next day is minute 247; nothing stands between minute 1 and 247."""
    m = Marts()
    m.add("live_session", [_session(0, 1)])
    times = [datetime(2026, 11, 11, 20, 3), datetime(2026, 11, 11, 20, 4), datetime(2026, 11, 12, 0, 10)]
    m.add(
        "live_minute",
        [{"at": at, "enters": 10, "online": 5, "orders": 1, "live_sales": 20} for at in times],
        shop="s1", session="n0", day=DAY,
    )  # fmt: skip
    minutes = m.ask("live/minutes", session="n0", shops=None)
    assert minutes["minute"].tolist() == [0, 1, 247]
    days = m.ask("live/session_days", session="n0", shops=None)
    assert [(r.day.date(), r.minutes, r.orders, r.live_sales) for r in days.itertuples()] == [
        (date(2026, 11, 11), 2, 2, 40),
        (date(2026, 11, 12), 1, 1, 20),
    ]


def test_a_very_long_session_is_drawn_with_at_most_2000_points() -> None:
    """4,500 minutes become steps of 3: entries are added, people online averaged."""
    m = Marts()
    m.add("live_session", [_session(0, 1)])
    m.con.execute(
        """INSERT INTO mart.live_minute (shop, session, day, "at", enters, online)
        SELECT 's1', 'n0', DATE '2026-11-11', TIMESTAMP '2026-11-11 20:03:00' + to_minutes(i), 2, i
        FROM range(4500) t(i)"""
    )
    minutes = m.ask("live/minutes", session="n0", shops=None)
    assert len(minutes) == 1500
    assert minutes["enters"].sum() == 9000
    assert minutes["online"].iloc[0] == 1
    assert minutes["minute"].tolist()[:3] == [0, 3, 6]


def test_items_divide_their_own_people() -> None:
    """420 of 900 saw and clicked, 63 of 420 bought; an item without clicks has no rate."""
    m = Marts()
    parts = ("product_impression_users", "product_click_users", "buyers", "live_sales")
    m.add(
        "live_item",
        [
            {"item_id": "i1", **dict(zip(parts, (900, 420, 63, 30), strict=True))},
            {"item_id": "i2", **dict(zip(parts, (10, 0, 0, 10), strict=True))},
        ],
        shop="s1", session="n0", currency="CNY",
    )  # fmt: skip
    items = m.ask("live/items", session="n0", shops=None).set_index("item_id")
    assert items.loc["i1", "product_click_rate"] == pytest.approx(420 / 900)
    assert items.loc["i1", "click_to_pay_rate"] == pytest.approx(0.15)
    assert items.loc["i1", "share"] == 0.75
    assert pd.isna(items.loc["i2", "click_to_pay_rate"])


def test_channels_stand_as_the_report_states_them() -> None:
    """Average watch time is seconds over views: 300 s / 20 views = 15 s."""
    m = Marts()
    m.add(
        "live_channel",
        [{"kind": "channel", "channel": "推荐feed", "viewers": 18, "views": 20, "watch_s": 300, "orders": 2}],
        shop="s1", session="n0", currency="CNY",
    )  # fmt: skip
    row = m.ask("live/channels", session="n0", shops=None).iloc[0]
    assert (row["avg_watch_s"], row["watch_to_order_rate"]) == (15, 0.1)


def test_sessions_without_an_account_id_are_told_apart_by_name() -> None:
    """Reports that give only the host's name still find their own earlier sessions."""
    m = Marts()
    named = [_session(n, 10, account=None, account_name="主播甲") for n in range(3)]
    m.add("live_session", [*named, _session(1, 10, session="x", account=None, account_name="主播乙")])
    assert m.ask("live/history", session="n0", shops=None)["session"].tolist() == ["n0", "n1", "n2"]
    listed = m.ask("live/sessions", shops=None, day_from=DAY, day_to=DAY)
    assert listed["sessions_before"].tolist() == [2]


def test_an_id_that_two_shops_share_opens_one_of_them() -> None:
    """Sessions of two shops are never mixed into one median."""
    m = Marts()
    m.add("live_session", [_session(0, 10), _session(0, 20, shop="s2"), _session(1, 30, shop="s2", session="b")])
    assert m.ask("live/history", session="n0", shops=None)["live_sales"].tolist() == [10]
    assert m.ask("live/history", session="n0", shops=["s2"])["live_sales"].tolist() == [20, 30]
