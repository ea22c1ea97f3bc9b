"""The wall and the comparison of sessions on 直播, on a hand-made book."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

import queries
from dashboard import wall_rows
from tests.dashboard.conftest import TODAY, HandBook
from tests.dashboard.pages.opened import figures, opened, words

NOW = datetime(2026, 11, 13, 21, 30)
START = datetime(2026, 11, 13, 20, 0)
ROOM: dict[str, Any] = {"shop": "d", "platform": "douyin", "currency": "CNY", "account": "a1", "account_name": "示例店"}


def minutes(book: HandBook, session: str, started: datetime, length: int, sales: float, clicks: float = 20) -> None:
    rows = [{"at": started + timedelta(minutes=m), "online": 100, "enters": 30, "product_click_users": clicks, "orders": sales / 50, "live_sales": sales}
            for m in range(length)]  # fmt: skip
    book.add("live_minute", rows, shop="d", session=session, day=started.date())


@pytest.fixture
def wall(handbook: HandBook, monkeypatch: pytest.MonkeyPatch) -> HandBook:
    """Six evenings of 200 minutes at 100 a minute; today's has sold 150 a minute for 80 minutes, it is 21:30 and data end at 21:20."""
    monkeypatch.setenv("DAYBOOK_TODAY", NOW.isoformat())
    handbook.shop("d", "douyin")
    for days in range(1, 7):
        started = START - timedelta(days=days)
        facts = {"session": f"p{days}", "day": started.date(), "started_at": started, "ended_at": started + timedelta(minutes=200), "duration_s": 12000, "live_sales": 20000}
        handbook.add("live_session", [facts], **ROOM)
        minutes(handbook, f"p{days}", started, 200, 100)
    handbook.add("live_session", [{"session": "now", "day": TODAY, "started_at": START}], **ROOM)
    minutes(handbook, "now", START, 80, 150)
    return handbook


def test_pace_landing_and_what_is_needed(wall: HandBook) -> None:
    """12,000 so far, half over usual; 120 minutes left at 150: lands at 30,000; for 36,000 each must bring 200, 1.33 times the pace."""
    page = words(opened("live", wall="1", goal="36000"))
    assert "db-error" not in page and "直播中" in page and "已播 1小时20分" in page and "数据到 21:20" in page
    assert "¥1.20万" in page and page.count('<span class="up">+50%</span>') >= 2
    assert "¥3.00万" in page and "¥200.00" in page and "1.33 倍" in page and "还剩 2小时00分" in page
    assert "已达成 33%" in page and '比应到进度</i> <span class="down">-17%</span>' in page


def test_the_goal_comes_from_an_issued_plan_until_one_is_typed(wall: HandBook) -> None:
    """36,000 of each session is asked: the same 200 a minute as typed; a goal in the link goes before it."""
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    head = {"plan": "p", "title": "p", "state": "issued", "version": "2026-11-01T00:00:00", "spec": "{}", "versions": 1}
    wall.add("plan", [head], day=first, day_to=last, nodes=1, currency="CNY")
    node = {"plan": "p", "node": "n", "seq": 1, "kind": "flow", "name": "每场成交", "metric": "live_sales", "state": "issued"}
    spec = json.dumps({"period": "session", "target": "36000"})
    wall.add("plan_node", [node], day=first, day_to=last, currency="CNY", target=36000, shop="d", period_kind="session", spec=spec)
    assert "¥200.00" in words(opened("live", wall="1")) and "¥100.00" in words(opened("live", wall="1", goal="24000"))


def test_the_public_mode_holds_no_amount(wall: HandBook) -> None:
    """Nothing on the screen, in a tooltip or in the chart is an amount or a count; the shares stay."""
    at = opened("live", wall="1", goal="36000", public="1")
    page, chart = words(at), "".join(figures(at))
    assert "¥" not in page and "万" not in page and "12,000" not in page and "36,000" not in page
    assert "¥" not in chart and "12000" not in chart and "30000" not in chart
    assert "×1.33" in page and "150%" in page and "+50%" in page and "•••" in page
    assert not at.get("number_input")


def test_a_planned_length_in_the_link_holds(wall: HandBook) -> None:
    """Two hours planned: 40 minutes left, the landing is 12,000 and 40 x 150."""
    page = words(opened("live", wall="1", hours="2"))
    assert "还剩 40分00秒" in page and "¥1.80万" in page and "填上目标" in page


def test_a_fading_part_is_called_out(handbook: HandBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clicks fall from 20 a minute to 5 in the newest five: said; one evening before is too few to forecast from."""
    monkeypatch.setenv("DAYBOOK_TODAY", NOW.isoformat())
    handbook.shop("d", "douyin")
    handbook.add("live_session", [{"session": "now", "day": TODAY, "started_at": START}], **ROOM)
    minutes(handbook, "now", START, 60, 0, 20)
    minutes(handbook, "now", START + timedelta(minutes=60), 5, 0, 5)
    page = words(opened("live", wall="1"))
    assert "这一段 在往下走：商品点击 -75%" in page and "样本不足" in page


def test_an_item_is_called_out_when_the_next_report_comes(wall: HandBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Item a sold 8 in the first 80 minutes and 12 more in the next 5: called out; with the first report alone nothing is."""
    same = {"shop": "d", "session": "now", "day": TODAY, "currency": "CNY", "item_id": "a", "title": "羊毛衫"}
    wall.add("live_item", [{"orders": 8}], **same)
    assert "突然好卖" not in words(opened("live", wall="1"))
    later = pd.DataFrame([{"item_id": "a", "title": "羊毛衫", "orders": 20, "buyers": None, "units": None}])
    monkeypatch.setattr(wall_rows.data, "generation", lambda: "next")
    monkeypatch.setattr(wall_rows.data, "ask", lambda name, **_: later)
    assert wall_rows._items("now", ("d",), 85)["item_id"].tolist() == ["a"]


def test_a_session_that_is_over_is_not_forecast(wall: HandBook) -> None:
    """Yesterday's session on the wall: its sum and how it stands, no landing and no pace."""
    page = words(opened("live", wall="1", session="p1"))
    assert "已下播" in page and "¥2.00万" in page and "预计落点" not in page.split("db-wall")[1] and "剩下每分钟要" not in page


def test_without_a_session_the_wall_says_what_brings_one(handbook: HandBook) -> None:
    """An empty book and a shop without live sessions: no error."""
    handbook.shop("d", "douyin")
    page = words(opened("live", wall="1"))
    assert "db-error" not in page and "还没有正在播的场次" in page


def test_the_english_wall_is_english(wall: HandBook) -> None:
    """No Chinese word but names."""
    page = words(opened("live", wall="1", goal="36000", lang="en"))
    assert "Landing" in page and "Needed per minute left" in page and not {"直播中", "预计", "目标"} & set(page.split())


def test_sessions_stand_beside_each_other(wall: HandBook) -> None:
    """By minute 80 the session had 12,000, the one before 8,000: a third less; in all 20,000."""
    at = opened("live", session="now", period="custom", **{"from": "2026-11-01", "to": "2026-11-13"})
    table = words(at).split("<b>场次对比</b>")[1]
    assert "到第 80 分钟" in table and "¥1.20万" in table and "¥8,000.00" in table and "-33.3%" in table and "¥2.00万" in table


def test_a_session_that_is_no_neighbour_can_stand_beside_too(wall: HandBook) -> None:
    """The eighth before it, outside the seven it is judged by: 9,000 in 90 minutes, 8,000 by minute 80."""
    started = START - timedelta(days=9)
    wall.add("live_session", [{"session": "old", "day": started.date(), "started_at": started, "duration_s": 5400, "live_sales": 9000}], **ROOM)
    minutes(wall, "old", started, 90, 100)
    for days in (7, 8):
        facts = {"session": f"p{days}", "day": TODAY - timedelta(days=days), "started_at": START - timedelta(days=days), "duration_s": 12000, "live_sales": 20000}
        wall.add("live_session", [facts], **ROOM)
    at = opened("live", session="now", period="custom", **{"from": "2026-11-01", "to": "2026-11-13", "with": "old"})
    table = words(at).split("<b>场次对比</b>")[1]
    assert "11-04" in table and "¥8,000.00" in table and "¥9,000.00" in table


def test_a_rerun_asks_nothing_again(wall: HandBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked of the book stays until the next generation, however many sessions stand in the list."""
    at = opened("live", session="now", period="custom", **{"from": "2026-11-01", "to": "2026-11-13"})
    asked: list[str] = []
    run = queries.run
    monkeypatch.setattr(queries, "run", lambda name, *rest, **more: asked.append(name) or run(name, *rest, **more))
    at.run()
    assert not at.exception and asked == []


def test_a_session_alone_has_nothing_to_stand_beside(handbook: HandBook) -> None:
    """One session in the book: the panel says so."""
    handbook.shop("d", "douyin")
    day = TODAY - timedelta(days=1)
    handbook.add("live_session", [{"session": "one", "day": day, "started_at": START - timedelta(days=1), "duration_s": 3600}], **ROOM)
    page = words(opened("live"))
    assert "再选一场就能对比" in page and "db-error" not in page
