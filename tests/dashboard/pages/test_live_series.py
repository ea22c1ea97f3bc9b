"""Hosts held equal and the trend on 直播, on hand-made evenings of one room."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.dashboard.conftest import HandBook
from tests.dashboard.pages.opened import figures, opened, words

LAST = datetime(2026, 11, 12, 20, 0)
ROOM: dict[str, Any] = {"shop": "d", "platform": "douyin", "currency": "CNY", "account": "a1", "account_name": "示例店"}


@pytest.fixture
def evenings(handbook: HandBook) -> HandBook:
    """Eight evenings of two hours, one a week: 甲 sells item 1 at 30 a minute for an hour, 乙 the same at 10; each evening 200 more than the one before in all."""
    handbook.shop("d", "douyin")
    for week in range(8):
        start, session = LAST - timedelta(weeks=week), f"n{week}"
        same = {"shop": "d", "session": session, "day": start.date()}
        handbook.add("live_session", [{**same, "started_at": start, "ended_at": start + timedelta(hours=2), "duration_s": 7200, "live_sales": 3800 - 200 * week}], **ROOM)
        rows = [{"at": start + timedelta(minutes=m), "minute": m, "online": 100, "live_sales": 30 if m < 60 else 10} for m in range(120)]
        handbook.add("live_minute", rows, **same)
        events = [{"at": start + timedelta(minutes=m), "kind": kind, "item_id": item, "text": text} for m, kind, item, text in
                  ((0, "host", "", "甲"), (0, "explain", "1", ""), (30, "explain", "1", ""), (60, "host", "", "乙"), (60, "explain", "1", ""), (90, "explain", "1", ""))]  # fmt: skip
        handbook.add("live_event", events, **same, source="typed", account="a1")
    return handbook


def test_nothing_is_computed_until_it_is_asked_for(evenings: HandBook) -> None:
    """The choice stands there, no table under it."""
    page = words(opened("live"))
    assert "主播、时段与走势" in page and "商品拉平后" not in page


def test_hosts_with_the_same_items(evenings: HandBook) -> None:
    """甲 30 a minute, 乙 10, mean 20: +50 % and -50 % as they are; held equal 甲 is good and 乙 poor; the method is said."""
    table = words(opened("live", series="host")).split("主播：商品拉平后")[1].split("</table>")[0]
    first, second = table.split("<tr")[2:4]
    assert "甲" in first and "¥30.00" in first and "+50.0%" in first and "好" in first and ">480<" in first
    assert "乙" in second and "¥10.00" in second and "-50.0%" in second and "差" in second
    assert "方法：每段成交" in words(opened("live", series="host"))


def test_evenings_beside_each_other_by_what_was_explained(evenings: HandBook) -> None:
    """Item 1 filled both: 60 x 30 + 60 x 10 = 2,400 in 120 minutes, 20 a minute, of the usual (10 for half, 30 for half: 20) no more, no less."""
    at = opened("live", period="custom", **{"from": "2026-11-01", "to": "2026-11-12"})
    row = words(at).split("按讲解的商品对比")[1].split("<tr")[2]
    assert row.count("¥20.00") == 2 and row.count(">0.0%<") == 2


def test_one_host_alone_is_not_compared(evenings: HandBook) -> None:
    """Slots: 20 and 21 o'clock lie in one band, nothing to compare."""
    assert "没有可比的" in words(opened("live", series="slot"))


def test_the_trend_of_eight_evenings(evenings: HandBook) -> None:
    """200 more a week on a median of 3,100: +6.5 %, rising, with a chart of its own."""
    at = opened("live", series="trend")
    row = words(at).split("走势：一场接一场")[1].split("<tr")[2]
    assert "直播成交金额" in row and "¥3,100.00" in row and "+6.5%" in row and "升" in row
    assert any("走势线" in spec for spec in figures(at))
