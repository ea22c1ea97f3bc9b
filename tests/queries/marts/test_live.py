"""Marts of live rooms: several reports of one session are one session; it belongs to its start day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.queries.facts import Facts

D1, D2 = "2026-11-11", "2026-11-12"


def room(source: str, start: str, end: str | None, **more: Any) -> dict[str, Any]:
    return {
        "source": source,
        "account": "",
        "started_at": start,
        "ended_at": end,
        "currency": "CNY",
        "as_of": "2026-11-20 09:00:00",
    } | more


def minutes(start: str, online: list[int], account: str = "", step_s: int = 60) -> list[dict[str, Any]]:
    first = datetime.fromisoformat(start)
    return [
        {
            "source": "trend",
            "account": account,
            "happened_at": str(first + timedelta(seconds=step_s * n)),
            "step_s": step_s,
            "online": value,
            "enters": 2,
        }
        for n, value in enumerate(online)
    ]


def test_three_reports_of_one_session_are_one_over_midnight() -> None:
    """List, workbook and minute file: one row on the start day, each figure from the best report that has it."""
    facts = Facts().add("live_session", room("rooms", f"{D1} 20:03:42", f"{D2} 01:03:42", account="123", account_name="店播", viewers=500, live_sales=9000),
                        room("detail", f"{D1} 20:03:00", f"{D2} 01:03:00", account_name="店播", viewers=480, views=700, watch_s=7000))  # fmt: skip
    facts.add("live_minute", *minutes(f"{D1} 23:58:00", [10, 20, 30, 40]))
    facts.build()
    rows = facts.rows(
        "SELECT CAST(day AS TEXT), account, CAST(viewers AS DOUBLE), CAST(views AS DOUBLE), CAST(live_sales AS DOUBLE), "
        "CAST(pcu AS DOUBLE), CAST(acu AS DOUBLE), CAST(duration_s AS DOUBLE), sources FROM live_session"
    )
    assert rows == [(D1, "123", 500, 700, 9000, 40, 25, 18000, "detail+rooms+trend")]
    assert facts.value("live_sessions", D1) == (1, "detail+rooms+trend", "ok")
    assert facts.value("live_hours", D1)[0] == 5  # type: ignore[index]
    assert facts.value("live_sessions", D2) is None
    curve = facts.rows('SELECT CAST(day AS TEXT), "at", minute, CAST(online AS DOUBLE) FROM live_minute ORDER BY "at"')
    assert curve[0] == (D1, f"{D1} 23:58:00", 234, 10)
    assert curve[-1] == (D1, f"{D2} 00:01:00", 237, 40)


def test_two_rooms_at_once_stay_two_and_unnamed_minutes_wait() -> None:
    """A minute file that could be either room's belongs to neither, and makes no third session."""
    facts = Facts().add(
        "live_session",
        room("rooms", f"{D1} 20:00:00", f"{D1} 22:00:00", account="1"),
        room("rooms", f"{D1} 20:30:00", f"{D1} 22:30:00", account="2"),
    )
    facts.add("live_minute", *minutes(f"{D1} 21:00:00", [5, 6])).build()
    assert facts.rows("SELECT account, sources, pcu FROM live_session ORDER BY account") == [
        ("1", "rooms", None),
        ("2", "rooms", None),
    ]
    assert facts.rows("SELECT count(*) FROM live_minute") == [(0,)]
    assert facts.rows("SELECT count(*) FROM live_member WHERE session IS NULL") == [(1,)]


def test_minutes_that_name_their_room_find_it() -> None:
    facts = Facts().add(
        "live_session",
        room("rooms", f"{D1} 20:00:00", f"{D1} 22:00:00", account="1"),
        room("rooms", f"{D1} 20:30:00", f"{D1} 22:30:00", account="2"),
    )
    facts.add("live_minute", *minutes(f"{D1} 21:00:00", [5, 6], account="2")).build()
    assert facts.rows("SELECT account, CAST(pcu AS DOUBLE) FROM live_session ORDER BY account") == [
        ("1", None),
        ("2", 6),
    ]


def test_another_account_is_another_session_even_at_the_same_time() -> None:
    facts = (
        Facts()
        .add(
            "live_session",
            room("rooms", f"{D1} 20:00:00", f"{D1} 22:00:00", account="1"),
            room("detail", f"{D1} 20:00:00", f"{D1} 22:00:00", account="2"),
        )
        .build()
    )
    assert facts.rows("SELECT count(*) FROM live_session") == [(2,)]


def test_minutes_alone_make_a_session() -> None:
    """A silence of more than half an hour ends it."""
    facts = Facts().add("live_minute", *minutes(f"{D1} 20:00:00", [10, 30]), *minutes(f"{D1} 22:00:00", [7])).build()
    assert facts.rows("SELECT started_at, ended_at, CAST(pcu AS DOUBLE), CAST(acu AS DOUBLE) FROM live_session ORDER BY started_at") == [
        (f"{D1} 20:00:00", f"{D1} 20:02:00", 30, 20), (f"{D1} 22:00:00", f"{D1} 22:01:00", 7, 7)]  # fmt: skip


def test_a_report_that_comes_later_joins_the_session_of_the_day_before() -> None:
    """The workbook of a session told with a start after midnight joins yesterday's session when both days are touched."""
    facts = (
        Facts().add("live_session", room("rooms", f"{D1} 23:55:00", f"{D2} 02:00:00", account="1", viewers=5)).build()
    )
    facts.add("live_session", room("detail", f"{D2} 00:01:00", f"{D2} 02:00:00", account="1", views=9))
    facts.touch("a", date(2026, 11, 11))
    facts.build()
    assert facts.rows("SELECT CAST(day AS TEXT), CAST(viewers AS DOUBLE), CAST(views AS DOUBLE) FROM live_session") == [
        (D1, 5, 9)
    ]


def test_items_and_channels_follow_their_session() -> None:
    facts = Facts().add(
        "live_session",
        room("rooms", f"{D1} 20:00:00", f"{D1} 22:00:00", account="1"),
        room("detail", f"{D1} 20:00:30", f"{D1} 22:00:00", account="1"),
    )
    facts.add(
        "live_item",
        {
            "source": "detail",
            "account": "1",
            "started_at": f"{D1} 20:00:30",
            "item_id": "i",
            "title": "杯子",
            "live_sales": 50,
        },
    )
    facts.add(
        "live_channel",
        {
            "source": "detail",
            "account": "1",
            "started_at": f"{D1} 20:00:30",
            "kind": "channel",
            "channel": "推荐",
            "viewers": 9,
        },
    ).build()
    session = facts.rows("SELECT session FROM live_session")
    assert session == [("20261111T200000-1",)]
    assert facts.rows("SELECT session, title, CAST(live_sales AS DOUBLE), currency FROM live_item") == [
        (*session[0], "杯子", 50, "CNY")
    ]
    assert facts.rows("SELECT session, channel, CAST(viewers AS DOUBLE) FROM live_channel") == [
        (*session[0], "推荐", 9)
    ]


def test_live_ratios_weigh_by_their_parts() -> None:
    """ACU by time on air, watch time by views, the peak is the highest."""
    facts = Facts().add("live_session", room("rooms", f"{D1} 10:00:00", f"{D1} 11:00:00", account="1", acu=100, pcu=300, views=10, watch_s=600, live_sales=50),
                        room("rooms", f"{D1} 12:00:00", f"{D1} 15:00:00", account="1", acu=20, pcu=90, views=30, watch_s=600, live_sales=50)).build()  # fmt: skip
    assert facts.metric("acu", D1, D1).value[0] == 40  # (100 x 1 h + 20 x 3 h) / 4 h
    assert facts.metric("pcu", D1, D1).value[0] == 300
    assert facts.metric("avg_watch_s", D1, D1).value[0] == 30
    assert facts.metric("gpm_views", D1, D1).value[0] == 2500
    split = facts.metric("gpm_views", D1, D1, by="session")
    assert list(split.value.round(2)) == [5000, 1666.67]
