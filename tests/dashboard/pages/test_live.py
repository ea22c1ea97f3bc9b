"""直播 on hand-made books."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from tests.dashboard.conftest import YESTERDAY, HandBook
from tests.dashboard.pages.opened import figures, opened, words

START = datetime(2026, 11, 12, 23, 50, 11)


def _session(back: int, sales: float, **more: Any) -> dict[str, Any]:
    at = START - timedelta(days=back)
    return {
        "session": f"n{back}", "account": "a1", "account_name": "示例店", "day": at.date(), "started_at": at,
        "ended_at": at + timedelta(minutes=30), "duration_s": 1800, "live_sales": sales, **more,
    }  # fmt: skip


@pytest.fixture
def live(handbook: HandBook) -> HandBook:
    """Yesterday's session sold 600 past midnight; six before it sold 500 each."""
    handbook.shop("d", "douyin")
    five = dict(zip(
        ("room_impression_users", "viewers", "product_impression_users", "product_click_users", "buyers"),
        (1000, 200, 100, 50, 10), strict=True,
    ))  # fmt: skip
    rows = [_session(0, 600, refunds=60, ad_spend=120, **five), *(_session(n, 500) for n in range(1, 7))]
    handbook.add("live_session", rows, shop="d", platform="douyin", currency="CNY")
    minutes = [{"at": START.replace(second=0) + timedelta(minutes=m), "online": 5, "orders": 1, "live_sales": 60}
               for m in (0, 1, 2, 11, 12)]  # fmt: skip
    handbook.add("live_minute", minutes, shop="d", session="n0", day=YESTERDAY)
    handbook.day("d", YESTERDAY, "douyin", live_sales=600, live_sessions=1)
    return handbook


def test_five_counts_four_rates(live: HandBook) -> None:
    """1000 > 200 > 100 > 50 > 10: 20 %, 50 %, 50 %, 20 %, people over people."""
    at = opened("live")
    page = words(at)
    assert not at.exception and "db-error" not in page
    steps = page.split('class="db-steps"')[1].split("db-section")[0]
    assert [steps.count(f"</u> {r}<") for r in ("20.00%", "50.00%")] == [2, 2]
    assert "人数" in page


def test_the_verdict_is_against_six_sessions_before(live: HandBook) -> None:
    """600 against a median of 500 is 20 % better: 好; the list says the same."""
    page = words(opened("live"))
    marks = page.split('class="db-marks"')[1]
    assert '<div class="good"' in marks and "中位数 ¥500.00（6 场） · +20%" in marks
    assert "样本不足 5 场" not in page and "不足 5 场为「样本不足」" in page


def test_past_midnight_shows_both_ways(live: HandBook) -> None:
    """All 600 on the 12th; by calendar day 180 on the 12th and 120 on the 13th, from the minutes."""
    page = words(opened("live"))
    assert "整场，归 11-12 周四" in page and "自然日 11-13 周五" in page
    assert ">¥180.00<" in page and ">¥120.00<" in page


def test_minutes_that_are_missing_are_gaps(live: HandBook) -> None:
    """Minutes 3 to 10 have no rows: eight gaps, said and drawn, in the interactive curve and in the light one."""
    assert "d=\"M0.5 0L1.5 0L2.5 0M11.5 0L12.5 0\"" in unquote(words(opened("live")))
    at = opened("live", curve="plot")
    assert "有 8 分钟没有数据" in words(at)
    online = next(t for f in figures(at) for t in json.loads(f)["data"] if t.get("name") == "在线人数")
    assert online["y"] == [5, 5, 5] + [None] * 8 + [5, 5]


def test_refunds_and_spend_stand_on_the_session(live: HandBook) -> None:
    """60 / 600 = 10 % refunded; 600 / 120 = 5 per yuan of ads."""
    facts = words(opened("live")).split('class="db-facts"')[1].split("</div>")[0]
    assert "10.00%" in facts and "5.00" in facts and "¥120.00" in facts


def test_a_session_of_the_link_outside_the_period(live: HandBook) -> None:
    """The link opens the session of the week before although the page shows yesterday; it has too few before it."""
    page = words(opened("live", session="n6"))
    assert "11-06 23:50 开播" in page and "没有可比的场次" in page


def test_an_unknown_session_opens_the_newest(live: HandBook) -> None:
    """A stale link is no error."""
    assert "11-12 23:50 开播" in words(opened("live", session="nothing"))


def test_a_day_without_sessions(live: HandBook) -> None:
    """The list says there was none and what to import; the month is still there."""
    page = words(opened("live", period="custom", **{"from": "2026-11-01", "to": "2026-11-01"}))
    assert "没有开播记录" in page and "db-month" in page and "db-error" not in page


def test_english(live: HandBook) -> None:
    """The English page is English."""
    page = words(opened("live", lang="en"))
    assert "Five counts, four rates" in page and ">Good<" in page
    assert "五维四率" not in page and "中位数" not in page
