"""The review of one session on 直播, on a hand-made book."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.dashboard.conftest import YESTERDAY, HandBook
from tests.dashboard.pages.opened import figures, opened, words

START = datetime(2026, 11, 12, 20, 0, 0)
SAME: dict[str, Any] = {"shop": "d", "session": "n0", "day": YESTERDAY}


def _rate(minute: int) -> int:
    """20 to 40 minutes in, twice as much is clicked, ordered and sold."""
    return 20 if 20 <= minute < 40 else 10


@pytest.fixture
def live(handbook: HandBook) -> HandBook:
    """An hour of 1,600 in sales; minutes 50 and 51 were not reported."""
    handbook.shop("d", "douyin")
    session = {"account": "a1", "account_name": "示例店", "started_at": START, "ended_at": START + timedelta(minutes=60), "duration_s": 3600,
               "live_sales": 1600, "refunds": 100, "ad_spend": 200, "commission": 50}  # fmt: skip
    handbook.add("live_session", [session], **SAME, platform="douyin", currency="CNY")
    rows = [{"at": START + timedelta(minutes=m), "online": 100, "product_click_users": _rate(m), "orders": _rate(m) / 5, "live_sales": _rate(m) * 2}
            for m in range(60) if m not in (50, 51)]  # fmt: skip
    handbook.add("live_minute", rows, **SAME)
    return handbook


def explain(book: HandBook) -> None:
    at = START + timedelta(minutes=20)
    events = [
        {"at": at, "until": at + timedelta(minutes=20), "kind": "explain", "link_no": "3", "item_id": "", "text": ""},
        {"at": at + timedelta(minutes=5), "kind": "coupon", "item_id": "", "text": "满200减20"},
    ]
    book.add("live_event", events, **SAME, source="typed", account="")


def part(page: str, title: str) -> str:
    """What stands under a heading, up to the next one."""
    return page.split(f"<b>{title}</b>")[1].split("db-section")[0]


def test_segments_without_explain_windows_are_inferred_and_say_so(live: HandBook) -> None:
    """The middle third sells twice the usual: +100 %, 好, 推断; the rest is the baseline."""
    page = words(opened("live"))
    table = part(page, "分段：哪一段卖得好")
    assert "db-error" not in page and table.count("推断") == 4 and "20:20–20:40" in table
    assert table.count(">+100.0%<") == 2 and table.count('class="db-chip good"') == 1 and table.count('class="db-chip fair"') == 2
    assert "80% 区间 +100.0% ~ +100.0%，20 分钟有数" in table
    assert "成交比基准 +100.0%" in part(page, "下次怎么做")


def test_segments_come_from_explain_windows_where_there_are_any(live: HandBook) -> None:
    """Link 3 was explained for 20 minutes and the room sold 40 a minute then; nothing is inferred."""
    explain(live)
    page = words(opened("live"))
    table = part(page, "分段：哪一段卖得好")
    assert "3号链接" in table and "讲解之间" in table and "推断" not in table.split("</table>")[0]
    on_air = part(page, "讲解每分钟卖多少")
    assert "3号链接" in on_air and "¥40.00" in on_air


def test_too_few_counts_are_not_called_even(handbook: HandBook) -> None:
    """Sixty clicks in an hour cannot show a change: 样本不足, not 差不多平; with 600 the session did sell evenly."""
    handbook.shop("d", "douyin")
    for session, clicks in (("few", 1), ("same", 10)):
        at = START if session == "few" else START + timedelta(hours=2)
        facts = {"shop": "d", "session": session, "day": YESTERDAY}
        row = {"started_at": at, "ended_at": at + timedelta(hours=1), "account": "a", "duration_s": 3600}
        handbook.add("live_session", [row], **facts, platform="douyin", currency="CNY")
        handbook.add("live_minute", [{"at": at + timedelta(minutes=m), "product_click_users": clicks} for m in range(60)], **facts)
    assert "看不出哪一段好（样本不足）" in words(opened("live", session="few"))
    assert "差不多平" in words(opened("live", session="same"))


def test_what_happened_on_air_is_drawn_on_the_curve(live: HandBook) -> None:
    """A band from minute 20 to 40, the coupon as a mark at minute 25, and a gap where minutes are missing."""
    explain(live)
    specs = [json.loads(f) for f in figures(opened("live", curve="plot"))]
    curve = next(f for f in specs if any(trace.get("name") == "在线人数" for trace in f["data"]))
    bands = [(s["x0"], s["x1"]) for s in curve["layout"]["shapes"] if s["type"] == "rect"]
    assert bands == [(19.5, 39.5)]
    marks = next(trace for trace in curve["data"] if trace.get("name") == "直播事件")
    assert marks["x"] == [25] and marks["customdata"] == ["20:25 优惠券 满200减20"]
    online = next(trace for trace in curve["data"] if trace.get("name") == "在线人数")
    assert online["y"][49:53] == [100, None, None, 100]


def test_profit_needs_a_margin(live: HandBook) -> None:
    """Without a margin there is no profit, and the page says where to type it."""
    page = words(opened("live"))
    assert "没填毛利率" in page and "本场利润" in page


def test_profit_with_a_margin(live: HandBook) -> None:
    """(1600 − 100) × 50 % − 200 − 50 = 500; the fee is not typed and named; no orders, so later refunds are not seen."""
    live.add("cost", [{"shop": "d", "item_id": "", "kind": "margin_rate", "day": YESTERDAY, "value": 0.5, "currency": "CNY"}])
    page = words(opened("live"))
    assert "¥500.00" in part(page, "这场赚没赚") and "利润里没有算进：平台扣点" in page and "没有这场的订单明细" in page


def test_goals_of_each_session_stand_beside_what_it_came_to(live: HandBook) -> None:
    """The issued plan asks 2,000 and half an hour to two of each session and got 1,600 in an hour; a draft asks nothing."""
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    for state in ("issued", "draft"):
        head = {"plan": state, "title": state, "state": state, "version": "2026-11-01T00:00:00", "spec": "{}", "versions": 1}
        live.add("plan", [head], day=first, day_to=last, nodes=1, currency="CNY")
        node = {"plan": state, "node": "n", "seq": 1, "kind": "flow", "name": f"每场成交{state}", "metric": "live_sales", "state": state}
        spec = json.dumps({"period": "session", "target": "2000"})
        live.add("plan_node", [node], day=first, day_to=last, currency="CNY", target=2000, shop="d", period_kind="session", spec=spec)
    hours = {"plan": "issued", "node": "h", "seq": 2, "kind": "band", "name": "每场时长", "metric": "live_hours", "state": "issued"}
    spec = json.dumps({"period": "session", "target": "0.5-2小时"})
    live.add("plan_node", [hours], day=first, day_to=last, target_min=0.5, target_max=2, shop="d", period_kind="session", spec=spec)
    goals = part(words(opened("live")), "本场目标")
    assert "每场时长：目标 0.5-2小时，本场 1.0小时" in goals and "达到" in goals
    assert "每场成交issued：目标 2000，本场 ¥1,600.00" in goals and "低于目标" in goals and "draft" not in goals


def test_natural_stands_beside_paid(live: HandBook) -> None:
    """Natural 20 of 1,000 views bought, paid 5 of 100, which sold 5 for each yuan spent."""
    channels = [
        {"channel": "推荐feed", "views": 1000, "orders": 20, "user_paid": 900},
        {"channel": "千川PC版", "views": 100, "orders": 5, "user_paid": 500, "ad_spend": 100},
    ]
    live.add("live_channel", channels, **SAME, kind="channel", currency="CNY")
    table = part(words(opened("live")), "自然与付费")
    assert ">2.00%<" in table and ">5.00%<" in table and ">5.00<" in table


def test_a_session_without_minutes_says_what_is_missing(handbook: HandBook) -> None:
    """Only a session list was imported: every panel says what would fill it, none fails."""
    handbook.shop("d", "douyin")
    row = {"started_at": START, "ended_at": START + timedelta(hours=1), "account_name": "示例店", "duration_s": 3600}
    handbook.add("live_session", [row], **SAME, platform="douyin", currency="CNY")
    page = words(opened("live"))
    assert "db-error" not in page and "分不了段" in page and "按规则没有够得上的" in page


def test_english(live: HandBook) -> None:
    """The English review is English."""
    explain(live)
    page = words(opened("live", lang="en"))
    assert "Sales per minute on air" in page and "Link 3" in page and "No margin typed" in page
    assert "推断" not in page and "讲解" not in page
