"""Today's checklist: what counts as arrived, due, not out yet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

from queries.sources.due import due, window

SHOPS = pd.DataFrame([{"shop": "tm", "name": "旗舰店", "platform": "tmall"}])
FILE = {
    "source": "alimama_plan", "platform": "tmall", "kind": "ads", "label_zh": "计划报表", "label_en": "Campaigns",
    "where_zh": "阿里妈妈", "where_en": "Alimama", "files": "计划报表_*.csv", "cadence": "daily", "ready": "09:00",
}  # fmt: skip


def state(now: str, last: str | None, full: str | None, used: bool = True, **file: Any) -> str:
    use = {"shop": "tm", "source": "alimama_plan", "last_day": last, "last_full_day": full, "last_file": "a.csv"}
    usage = pd.DataFrame([use] if used else [], columns=list(use))
    frame = due(SHOPS, pd.DataFrame([FILE | file]), usage, {"tm": datetime.fromisoformat(now)})
    return str(frame["state"].iloc[0])


@pytest.mark.parametrize(
    ("now", "last", "full", "expected"),
    [
        ("2026-11-23T09:30", "2026-11-22", "2026-11-22", "arrived"),
        ("2026-11-23T09:30", "2026-11-22", "2026-11-21", "partial"),
        ("2026-11-23T09:30", "2026-11-21", "2026-11-21", "missing"),
        ("2026-11-23T08:59", "2026-11-21", "2026-11-21", "waiting"),
        ("2026-11-23T09:30", "2026-09-01", "2026-09-01", "stopped"),
        ("2026-11-23T09:30", None, None, "missing"),
    ],
)
def test_a_daily_file_is_due_at_its_hour(now: str, last: str | None, full: str | None, expected: str) -> None:
    """A file exported before the day ended is there but not whole; before its hour nothing is late."""
    assert state(now, last, full) == expected


def test_a_source_never_used_is_offered_not_demanded() -> None:
    """A shop is not told that 20 possible exports are missing."""
    assert state("2026-11-23T09:30", None, None, used=False) == "never"


def test_a_session_file_has_no_due_day() -> None:
    """It comes when there was a session."""
    assert state("2026-11-23T09:30", "2026-11-10", "2026-11-10", cadence="session") == "session"


def test_other_platforms_files_are_not_listed() -> None:
    """A Tmall shop does not wait for a JD file."""
    usage = pd.DataFrame(columns=["shop", "source", "last_day", "last_full_day", "last_file"])
    frame = due(SHOPS, pd.DataFrame([FILE | {"platform": "jd"}]), usage, {"tm": datetime(2026, 11, 23, 10)})
    assert frame.empty


def test_a_file_in_use_is_due_wherever_it_comes_from() -> None:
    """A shop that once got another platform's file keeps its own on the list, and gets that one too."""
    assert state("2026-11-23T09:30", "2026-11-21", "2026-11-21", platform="jd") == "missing"


def test_windows_of_each_cadence() -> None:
    """2026-11-23 is a Monday: last week is 16 to 22, last month is October."""
    monday = date(2026, 11, 23)
    assert window("daily", monday) == (date(2026, 11, 22), date(2026, 11, 22))
    assert window("weekly", monday) == (date(2026, 11, 16), date(2026, 11, 22))
    assert window("weekly", date(2026, 11, 22)) == (date(2026, 11, 9), date(2026, 11, 15))
    assert window("monthly", monday) == (date(2026, 10, 1), date(2026, 10, 31))
    assert window("session", monday) is None
