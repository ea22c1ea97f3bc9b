"""Run sheets: whose session they are, and what became of their rows, on rows worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from queries.live.against import against
from queries.live.flash import changed
from tests.queries.handmade import Marts

DAY = date(2026, 11, 11)
START = datetime(2026, 11, 11, 20, 3, 11)
PLAN = datetime(2026, 11, 11, 20, 0)
NO_EVENTS = pd.DataFrame(columns=["minute", "minute_to", "kind", "item_id", "link_no", "text", "title"])


def sheet(*rows: tuple[int, str], **more: Any) -> pd.DataFrame:
    """(minute, link number)."""
    frame = pd.DataFrame([{"minute": m, "link_no": n, "item_id": "", "text": "", "segment": "", "host": "", "action": "", "offer": "", "duty": "", "title": None} | more for m, n in rows])
    return frame.assign(until=frame["minute"].shift(-1))


def events(*rows: tuple[int, str, str]) -> pd.DataFrame:
    """(minute, kind, link number or text)."""
    return pd.DataFrame(
        [{"minute": m, "minute_to": None, "kind": k, "item_id": "", "link_no": w if k == "explain" else "", "text": "" if k == "explain" else w, "title": None} for m, k, w in rows]
    )


def told(found: pd.DataFrame) -> list[tuple[Any, ...]]:
    return [(None if pd.isna(r.minute) else int(r.minute), r.word, None if pd.isna(r.late) else int(r.late)) for r in found.itertuples()]


def explained(*rows: tuple[int, str]) -> pd.DataFrame:
    return events(*[(minute, "explain", link) for minute, link in rows])


def test_late_early_skipped_and_past_the_end() -> None:
    """3 began two minutes late (on time), 5 six late, 7 four early, 8 never, 9 was planned after the session's end."""
    found = against(sheet((0, "3"), (10, "5"), (30, "7"), (40, "8"), (70, "9")), explained((2, "3"), (16, "5"), (26, "7")), 60)
    assert told(found) == [(0, "on_time", 2), (10, "late", 6), (30, "early", -4), (40, "skipped", None), (70, "not_reached", None)]
    assert found["on_air"].tolist()[:3] == [14, 10, 34]


def test_one_item_moved_to_the_end_is_the_one_swapped() -> None:
    """A B C D went B C D A: three kept their order, A broke it; being ten minutes early is no fault of theirs, but said."""
    found = against(sheet((0, "1"), (10, "2"), (20, "3"), (30, "4")), explained((0, "2"), (10, "3"), (20, "4"), (30, "1")), 60)
    assert told(found) == [(0, "swapped", 30), (10, "early", -10), (20, "early", -10), (30, "early", -10)]


def test_of_two_that_changed_places_the_one_further_off_is_swapped() -> None:
    """1 planned at 0 began at 12, 2 planned at 10 began at 5: 1 is off by 12, 2 by 5."""
    assert told(against(sheet((0, "1"), (10, "2")), explained((5, "2"), (12, "1")), 60)) == [(0, "swapped", 12), (10, "early", -5)]


def test_a_link_explained_twice_goes_to_both_its_rows_and_a_third_time_is_unplanned() -> None:
    """Planned at 0 and 40, explained at 1, 20 and 41; 3号 and 03 are the link 3; 9 was never planned."""
    found = against(sheet((0, "3号"), (40, "03")), explained((1, "3"), (20, "3"), (41, "3"), (50, "9")), 60)
    assert told(found) == [(0, "on_time", 1), (40, "on_time", 1), (None, "extra", None), (None, "extra", None)]
    assert found["actual"].tolist() == [1, 41, 20, 50]


def test_an_item_is_known_by_its_id_too() -> None:
    """A file tells items, not link numbers."""
    window = pd.DataFrame([{"minute": 4, "minute_to": 9, "kind": "explain", "item_id": "77", "link_no": "", "text": "", "title": "外套"}])
    found = against(sheet((0, "3"), item_id="77"), window, 60)
    assert told(found) == [(0, "late", 4)] and found["on_air"].tolist() == [5]


def test_without_a_record_nothing_is_called_skipped() -> None:
    """Nobody logged: not recorded; a row without a link or item has nothing to be held against."""
    rows = pd.concat([sheet((0, "3")), sheet((5, ""))])
    assert told(against(rows, NO_EVENTS, 60)) == [(0, "unknown", None), (5, "no_link", None)]
    assert told(against(rows, pd.DataFrame(), 0)) == [(0, "unknown", None), (5, "no_link", None)]


def test_who_was_host_and_when_the_coupon_went_out() -> None:
    """小李 took over in minute 8, before 5 began at 10; a bag went out in minute 12, while it was on air."""
    happened = events((0, "explain", "3"), (8, "host", "小李"), (10, "explain", "5"), (12, "lucky_bag", ""), (30, "explain", "7"))
    found = against(sheet((0, "3"), (10, "5"), (30, "7"), host="小王", offer="福袋"), happened, 60)
    assert found["host_was"].tolist() == ["", "小李", "小李"]
    assert [None if pd.isna(v) else int(v) for v in found["offer_at"]] == [None, 12, None]


@pytest.fixture
def marts() -> Marts:
    """A session of 11-11 20:03 and one of 11-12 of room 1, one at the same hour of room 2."""
    m = Marts()
    for name, at, account in (("n1", START, "1"), ("n2", START + timedelta(days=1), "1"), ("other", START + timedelta(minutes=5), "2")):
        m.add("live_session", [{"shop": "d", "session": name, "account": account, "account_name": f"房间{account}", "started_at": at, "day": at.date()}])
    return m


def planned(m: Marts, at: datetime, account: str, *minutes: int) -> None:
    m.add("live_script", [{"minute": minute, "segment": f"{account or '?'}-{minute}"} for minute in minutes], shop="d", day=at.date(), account=account, sheet_at=at, item_id="")


def test_a_sheet_finds_the_session_of_its_room_within_three_hours(marts: Marts) -> None:
    """By name or id of the room; the other room's sheet and the next day's stay with theirs."""
    planned(marts, PLAN, "房间1", 0, 30)
    planned(marts, PLAN + timedelta(days=1), "1", 0)
    planned(marts, PLAN, "2", 5)
    found = {name: marts.ask("live/script", session=name, shops=None) for name in ("n1", "n2", "other")}
    assert [(f["segment"].tolist(), f["minute"].tolist()) for f in found.values()] == [(["房间1-0", "房间1-30"], [0, 30]), (["1-0"], [0]), (["2-5"], [5])]
    assert found["n1"]["until"].tolist()[0] == 30 and pd.isna(found["n1"]["until"].tolist()[1])
    assert marts.ask("live/script", session="n1", shops=["elsewhere"]).empty


def test_a_sheet_four_hours_off_or_nearer_to_another_session_is_not_taken(marts: Marts) -> None:
    """A sheet without a room goes to the nearest session alone."""
    planned(marts, START - timedelta(hours=4), "1", 0)
    planned(marts, START + timedelta(minutes=4), "", 7)
    assert marts.ask("live/script", session="n1", shops=None).empty
    assert marts.ask("live/script", session="other", shops=None)["minute"].tolist() == [7]


def test_the_sheet_to_copy_is_the_last_one_of_the_room(marts: Marts) -> None:
    """Of the same room where it has one, else of the shop; never a later one."""
    planned(marts, PLAN - timedelta(days=2), "1", 1)
    planned(marts, PLAN - timedelta(days=1), "2", 2)
    planned(marts, PLAN, "1", 3)
    planned(marts, PLAN + timedelta(days=1), "1", 4)
    own = marts.ask("live/sheets", shop="d", account="1", sheet_at=PLAN)
    assert list(zip(own["minute"], own["is_before"], strict=True)) == [(1, True), (3, False)]
    new = marts.ask("live/sheets", shop="d", account="3", sheet_at=PLAN)
    assert list(zip(new["minute"], new["is_before"], strict=True)) == [(2, True)]


def test_what_changed_since_the_flash_report() -> None:
    """Typed 10,000 and 100 orders; the file says 10,500, no orders; 64 s a view is 64,200 s over 1,000 views, as typed 60."""
    typed = dict.fromkeys(("viewers", "pcu", "new_followers", "ad_spend", "duration_s")) | {"live_sales": 10000, "orders": 100, "avg_watch_s": 60}
    row = dict.fromkeys(typed) | {"live_sales": 10500, "watch_s": 64200, "views": 1000}
    found = changed(typed, row)
    assert found["metric"].tolist() == ["live_sales", "live_orders", "avg_watch_s"]
    assert found["difference"].tolist()[0] == 500 and found["share"].tolist()[0] == 0.05
    assert pd.isna(found["now"].tolist()[1]) and found["now"].tolist()[2] == pytest.approx(64.2)


def test_what_was_typed_stays_beside_the_session(marts: Marts) -> None:
    """One row of the asked session and shops."""
    marts.add("live_typed", [{"viewers": 800, "started_at": PLAN}], shop="d", day=DAY, session="n1")
    assert marts.ask("live/typed", session="n1", shops=["d"])["viewers"].tolist() == [800]
    assert marts.ask("live/typed", session="n2", shops=None).empty
