"""The run sheet and the flash report on the live page, on hand-made books."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from connectors import runsheet
from dashboard import submit
from dashboard.flash_report import flash_report
from dashboard.picture import font_file, picture
from dashboard.report import report_text
from queries import METRICS
from tests.dashboard.conftest import HandBook
from tests.dashboard.pages.opened import opened, words

START = datetime(2026, 11, 12, 20, 3)
PLAN = datetime(2026, 11, 12, 20, 0)
SAME = {"shop": "d", "session": "n0", "day": START.date()}


@pytest.fixture
def live(handbook: HandBook, monkeypatch: pytest.MonkeyPatch) -> HandBook:
    """A two-hour session, 3 explained on time and 5 late by eight, 7 never; its sheet, and the one of the day before."""
    handbook.shop("d", "douyin")
    room = {"account": "a1", "account_name": "房间", "currency": "CNY", "platform": "douyin"}
    handbook.add("live_session", [SAME | room | {"started_at": START, "ended_at": START + timedelta(hours=2), "duration_s": 7200, "live_sales": 10500, "orders": 100, "sources": "rooms+typed"}])
    before = START - timedelta(days=1)
    handbook.add("live_session", [room | {"shop": "d", "session": "n1", "day": before.date(), "started_at": before, "live_sales": 10000, "duration_s": 7200, "sources": "rooms"}])
    rows = [(0, "开场", "3", "小王"), (30, "秒杀", "5", ""), (60, "返场", "7", "")]
    handbook.add("live_script", [{"minute": m, "segment": s, "link_no": n, "host": h} for m, s, n, h in rows], shop="d", day=PLAN.date(), account="", sheet_at=PLAN, item_id="")
    handbook.add("live_script", [{"minute": 5, "segment": "旧的"}], shop="d", day=before.date(), account="", sheet_at=PLAN - timedelta(days=1), item_id="")
    said = [{"at": START + timedelta(minutes=m), "kind": "explain", "link_no": n} for m, n in ((1, "3"), (38, "5"))]
    handbook.add("live_event", said, shop="d", session="n0", day=START.date(), source="typed", account="", item_id="")
    handbook.add("live_minute", [{"at": START + timedelta(minutes=m), "minute": m, "online": 50, "source": "trend"} for m in range(120)], **SAME)
    handbook.add("live_typed", [SAME | {"started_at": PLAN, "live_sales": 10000, "orders": 100, "viewers": 800, "duration_s": 7200}])
    return handbook


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is handed in is only listened to."""
    taken: list[dict[str, Any]] = []

    def listen(table: str, rows: Any, zone: str, author: str) -> list[str]:
        taken.extend({"table": table, **row} for row in rows)
        return []

    monkeypatch.setattr(submit, "hand_in", listen)
    monkeypatch.setattr(submit, "wait_published", lambda packages: True)
    return taken


def test_the_sheet_stands_under_its_session_with_what_became_of_it(live: HandBook) -> None:
    """In words and minutes, and on the minute curve."""
    at = opened("live", session="n0")
    assert not at.exception
    table = words(at).split("<b>直播脚本</b>")[1].split("</table>")[0]
    rows = [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in table.split("<tr")[2:]]
    said = [(row[1], row[2], row[4], row[6]) for row in rows]  # how it went, what, when, minutes on air
    assert said == [("准时", "开场 3号链接", "20:04", "37"), ("晚 8 分钟", "秒杀 5号链接", "20:41", "82"), ("没讲", "返场 7号链接", "", "—")]
    assert "准时 1，晚 1（最多 8 分钟），没讲 1" in words(at) and "开播比计划的" in words(at)
    assert '脚本 返场 7号链接"></u>' in words(at)


def test_a_session_without_a_sheet_says_how_to_get_one(live: HandBook) -> None:
    """The sheet of the day before was planned for n1; a session with none says so."""
    morning = {"session": "n9", "day": date(2026, 11, 12), "started_at": datetime(2026, 11, 12, 9), "account": "a1", "live_sales": 1, "sources": "rooms"}
    live.add("live_session", [morning], shop="d", currency="CNY", platform="douyin")
    at = opened("live", session="n9")
    assert not at.exception and "这场没有脚本" in words(at)
    assert not opened("live", "en", session="n0").exception


def test_a_sheet_is_copied_from_the_last_session_and_saved_in_place_of_the_stored_one(live: HandBook, handed: list[dict[str, Any]]) -> None:
    """The copied row stands, the three that stood are removed by their own keys."""
    at = _form("panels_script_edit.form('d', '', datetime(2026, 11, 12, 20))")
    at.segmented_control(key="sheet_from").set_value("copy").run()
    assert "内容来自 11-11 20:00" in words(at)
    at.button(key="sheet_save").click().run()
    assert not at.exception
    told = [(row["happened_at"], row["segment"], bool(row.get("is_removed"))) for row in handed]
    assert told == [(PLAN + timedelta(minutes=5), "旧的", False), *((PLAN + timedelta(minutes=m), s, True) for m, s in ((0, "开场"), (30, "秒杀"), (60, "返场")))]


def test_a_filled_workbook_becomes_the_sheet_of_a_session_to_come(live: HandBook, handed: list[dict[str, Any]]) -> None:
    """The head of the page opens it at the usual hour of the room, today at noon still to come."""
    assert opened("live").button(key="sheet_open").click().run().date_input(key="sheet_day").value == date(2026, 11, 13)
    at = _form("panels_script_edit.form('d', None, datetime(2026, 11, 13, 20))")
    content = runsheet.template([dict.fromkeys(runsheet.FIELDS, "") | {"minute": 15, "segment": "福袋", "link_no": "12"}], "zh")
    at.segmented_control(key="sheet_from").set_value("file").run()
    at.file_uploader(key="sheet_upload").set_value(("脚本.xlsx", content, "application/octet-stream")).run()
    at.button(key="sheet_save").click().run()
    assert not at.exception
    assert [(row["happened_at"], row["segment"], row["link_no"], row["sheet_at"]) for row in handed] == [(datetime(2026, 11, 13, 20, 15), "福袋", "12", datetime(2026, 11, 13, 20, 0))]


def test_an_empty_sheet_is_not_saved(live: HandBook, handed: list[dict[str, Any]]) -> None:
    """Said with what to do."""
    at = _form("panels_script_edit.form('d', None, datetime(2026, 11, 13, 20))")
    at.button(key="sheet_save").click().run()
    assert handed == [] and "脚本是空的" in words(at)


def test_eight_numbers_become_a_session(live: HandBook, handed: list[dict[str, Any]]) -> None:
    """Under the account that its room has in the files, with start and end of the shop's clock."""
    assert opened("live").button(key="flash_open").click().run().number_input(key="flash_hours").value is None
    at = _form("panels_flash.form(None)")
    at.button(key="flash_save").click().run()
    assert "至少填时长和一个数" in words(at) and handed == []
    for key, value in (("hours", 3), ("minutes", 30), ("viewers", 800), ("live_sales", 12345.6), ("avg_watch_s", 62)):
        at.number_input(key=f"flash_{key}").set_value(value)
    at.date_input(key="flash_day").set_value(date(2026, 11, 12))
    at.time_input(key="flash_time").set_value(datetime(2026, 11, 12, 22).time())
    at.button(key="flash_save").click().run()
    assert not at.exception and len(handed) == 1
    row = handed[0]
    assert (row["table"], row["shop"], row["account"], row["account_name"], row["currency"]) == ("live_session", "d", "a1", "房间", "CNY")
    assert (row["started_at"], row["ended_at"], row["duration_s"]) == (datetime(2026, 11, 12, 22), datetime(2026, 11, 13, 1, 30), 12600)
    assert (row["viewers"], row["live_sales"], row["avg_watch_s"], row["orders"]) == (800, 12345.6, 62, None)
    assert at.query_params["session"] in ("20261112T220000-a1", ["20261112T220000-a1"])


def test_the_page_shows_what_the_files_changed(live: HandBook) -> None:
    """Typed 10,000, now 10,500; orders the same; viewers are in no file of this session."""
    html = words(opened("live", session="n0"))
    assert "下播快报" in html and "+5.0%" in html and "一致" in html and "未出数" in html


def test_the_picture_says_the_eight_figures_beside_last_and_usual(live: HandBook) -> None:
    """10,500 against 10,000 last time; viewers only as typed; drawn where the machine has a Chinese font."""
    rows = pd.DataFrame([{"started_at": START, "currency": "CNY", "sources": "rooms+typed", "viewers": None, "pcu": None, "live_sales": s, "orders": None, "new_followers": None,
                          "ad_spend": None, "duration_s": 7200, "watch_s": None, "views": None} for s in (10500, 10000)])  # fmt: skip
    report = flash_report(rows, {"viewers": 800, "avg_watch_s": None}, "11-12 20:03 房间", "d 店", METRICS, "zh")
    by_name = {line.label: line for line in report.figures}
    assert len(report.figures) == 8 and by_name["直播时长"].value == "2小时00分" and by_name[METRICS["live_viewers"].label["zh"]].value == "800"
    sold = by_name[METRICS["live_sales"].label["zh"]]
    assert (sold.day, sold.week, sold.note) == ("+5.0%", "+5.0%", "")
    assert "上场 +5.0%" in report_text(report) and "日环比" not in report_text(report)
    if font_file():
        assert picture(report)[:4] == b"\x89PNG"


def _form(call: str) -> AppTest:
    """What a dialog holds, drawn by itself: a run of a dialog's own is a fragment's, which AppTest has not."""
    lines = f"from datetime import datetime\nfrom dashboard import panels_flash, panels_script_edit\n{call}\n"
    at = AppTest.from_string(lines, default_timeout=60)
    at.session_state["lang"] = "zh"
    at.run()
    assert not at.exception
    return at
