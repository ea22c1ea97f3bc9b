"""上播记录 on hand-made books."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import submit
from tests.dashboard.conftest import HandBook
from tests.dashboard.pages.opened import opened, words

NOW = datetime(2026, 11, 13, 12)


@pytest.fixture
def handed(handbook: HandBook, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A shop with two rooms, one without; what is handed in is only listened to."""
    handbook.shop("d", "douyin")
    handbook.shop("t", "tmall")
    at = NOW - timedelta(days=1)
    rows = [{"session": f"n{n}", "account": f"a{n}", "account_name": f"房间{n}", "started_at": at + timedelta(hours=n)} for n in (1, 2)]
    handbook.add("live_session", rows, shop="d", platform="douyin", currency="CNY", day=at.date())
    taken: list[dict[str, Any]] = []
    monkeypatch.setattr(submit, "hand_in", lambda table, given, zone, author: taken.extend({"table": table, **row} for row in given))
    return taken


def test_a_press_says_what_when_and_where(handed: list[dict[str, Any]]) -> None:
    """The number of a link, the room chosen, the time of the shop; it stands in the list at once."""
    at = opened("onair")
    assert not at.exception
    _submit(at, "7")
    assert handed == [{"table": "live_event", "shop": "d", "account": "房间2", "happened_at": NOW, "kind": "explain", "link_no": "7", "text": ""}]
    assert "讲解7号链接" in at.markdown[-1].value and "撤销：12:00 讲解7号链接" in [each.label for each in at.button]


def test_a_note_needs_words_and_they_go_with_it(handed: list[dict[str, Any]]) -> None:
    """Without words nothing is logged and the page says why; with them the field is empty again."""
    at = opened("onair")
    _submit(at, "备注")
    assert handed == [] and "先写文字" in words(at)
    at.text_input(key="onair_text").set_value("麦克风没声音")
    _submit(at, "备注")
    assert [(row["kind"], row["text"]) for row in handed] == [("note", "麦克风没声音")] and "先写文字" not in words(at)


def test_the_last_press_is_taken_back_by_its_own_key(handed: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """福袋, then 3: taking back removes 3, the next one 福袋, and nothing is left to take back."""
    at = opened("onair")
    _submit(at, "福袋")
    monkeypatch.setenv("DAYBOOK_TODAY", f"{NOW + timedelta(seconds=5)}")
    _submit(at, "3")
    for kind in ("explain", "lucky_bag"):
        at.button(key="onair_undo").click().run()
        gone, made = handed[-1], next(row for row in handed if row["kind"] == kind)
        assert gone == made | {"is_removed": True}
    assert "onair_undo" not in [each.key for each in at.button]


def test_what_others_logged_is_listed_and_can_be_taken_back(handbook: HandBook, handed: list[dict[str, Any]]) -> None:
    """A page opened anew knows the log from the figures: newest first, the last twelve hours."""
    rows = [
        {"at": NOW - timedelta(hours=13), "kind": "lucky_bag"}, {"at": NOW - timedelta(minutes=9), "kind": "explain", "link_no": "12"},
        {"at": NOW - timedelta(minutes=5), "kind": "host", "text": "小李*"},
    ]  # fmt: skip
    handbook.add("live_log", rows, shop="d", account="", day=date(2026, 11, 13))
    at = opened("onair")
    lines = at.markdown[-1].value.splitlines()
    assert [line.strip().split("` ")[1] for line in lines] == ["换主播 小李\\*", "讲解12号链接"]
    at.button(key="onair_undo").click().run()
    assert (handed[-1]["kind"], handed[-1]["happened_at"], handed[-1]["is_removed"]) == ("host", NOW - timedelta(minutes=5), True)


def test_without_a_shop_it_says_what_to_do(handbook: HandBook) -> None:
    """An empty book takes no press: there is nothing it could belong to."""
    at = opened("onair")
    assert not at.exception and "还没有店铺" in words(at) and not at.button


def test_the_log_stands_under_its_session(handbook: HandBook) -> None:
    """The live page lists what happened in the opened session."""
    handbook.shop("d", "douyin")
    start = datetime(2026, 11, 12, 20)
    handbook.add("live_session", [{"session": "n0", "account": "a1", "day": start.date(), "started_at": start, "ended_at": start + timedelta(hours=2), "duration_s": 7200, "live_sales": 5}],
                 shop="d", platform="douyin", currency="CNY")  # fmt: skip
    rows = [{"at": start + timedelta(minutes=3), "kind": "explain", "link_no": "3", "until": start + timedelta(minutes=9)}, {"at": start + timedelta(minutes=5), "kind": "boost", "text": "500"}]
    handbook.add("live_event", rows, shop="d", session="n0", day=start.date(), source="typed", account="", item_id="")
    at = opened("live")
    table = words(at).split("<b>上播记录</b>")[1].split("</table>")[0]
    assert not at.exception and "讲解3号链接" in table and "加投 500" in table


def _submit(at: AppTest, label: str) -> None:
    """Press a button of the form by what it says."""
    next(each for each in at.button if each.label == label).click().run()
