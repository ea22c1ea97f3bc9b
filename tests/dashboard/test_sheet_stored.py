"""A run sheet and a flash report through the warehouse: handed in, committed, published, asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

import worker
from dashboard import data, submit, submit_script
from warehouse.book import Book

PLAN = datetime(2026, 11, 12, 23, 50)
SHOP = {"shop": "d", "name": "D", "platform": "douyin", "currency": "CNY", "zone": "Asia/Shanghai"}
FLASH = {"shop": "d", "account": "9", "account_name": "房间", "started_at": "2026-11-12 23:55", "ended_at": "2026-11-13 01:55", "duration_s": 7200, "currency": "CNY", "live_sales": "10000"}


@pytest.fixture
def mine(book: Book, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    """A book of one's own with a shop and a session typed when it ended."""
    monkeypatch.setenv("DAYBOOK_DATA", str(book.root))
    monkeypatch.setenv("DAYBOOK_TODAY", "2026-11-13T02:00:00")
    monkeypatch.setattr(submit, "nudge", lambda target: None)
    submit.save_shop(SHOP)
    submit.save_rows("live_session", [FLASH])
    written(book)
    yield book


def written(book: Book) -> None:
    worker.commit_all(book)
    worker.publish_if_needed(book)


def sheet() -> list[tuple[Any, ...]]:
    found = data.ask("live/script", session="20261112T235500-9", shops=None)
    return list(zip(found["minute"], found["segment"], found["link_no"], found["host"], strict=True))


def save(before: list[dict[str, Any]], *rows: dict[str, Any]) -> None:
    submit_script.save("d", "Asia/Shanghai", "房间", PLAN, rows, before)


def test_a_sheet_is_stored_changed_and_removed(mine: Book) -> None:
    """Over midnight too; a changed row stands in place of the old one, one left out is gone, and removing leaves nothing."""
    save([], {"minute": 30, "segment": "秒杀", "link_no": "5", "host": "小王"}, {"minute": 0, "segment": "开场"}, {"minute": 40, "segment": "返场", "item_id": "7"})
    written(mine)
    assert sheet() == [(0, "开场", "", ""), (30, "秒杀", "5", "小王"), (40, "返场", "", "")]
    stored = data.ask("live/sheets", shop="d", account="房间", sheet_at=PLAN)
    before = [{name: row[name] for name in submit_script.FIELDS} for row in stored.to_dict("records")]
    save(before, {"minute": 0, "segment": "暖场"}, {"minute": 30, "segment": "秒杀", "link_no": "6"})
    written(mine)
    assert sheet() == [(0, "暖场", "", ""), (30, "秒杀", "6", "")]
    assert data.ask("live/events", session="20261112T235500-9", shops=None).empty
    submit_script.remove("d", "Asia/Shanghai", "房间", PLAN, [row | {"item_id": ""} for row in before[:2]])
    written(mine)
    assert sheet() == []


def test_a_flash_report_typed_again_replaces_the_first(mine: Book) -> None:
    """One session with its figures on its start day; what was typed last stands."""
    submit.save_rows("live_session", [FLASH | {"live_sales": "12000", "avg_watch_s": 61}])
    written(mine)
    rows = data.ask("live/sessions", shops=None, day_from=date(2026, 11, 12), day_to=date(2026, 11, 13))
    assert [(row["session"], float(row["live_sales"])) for row in rows.to_dict("records")] == [("20261112T235500-9", 12000.0)]
    typed = data.ask("live/typed", session="20261112T235500-9", shops=None).iloc[0]
    assert (float(typed["live_sales"]), float(typed["avg_watch_s"])) == (12000.0, 61.0)


def test_a_sheet_with_a_fault_stores_nothing(mine: Book) -> None:
    """Neither does a flash report without a length."""
    with pytest.raises(submit_script.SheetError):
        save([], {"minute": 1.5, "segment": "x"})
    with pytest.raises(submit.FormError):
        submit.save_rows("live_session", [FLASH | {"duration_s": 0}])
    written(mine)
    assert sheet() == []
