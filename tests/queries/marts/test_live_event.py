"""What happened on air stands under the session it happened in."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.queries.facts import Facts

D1, D2 = "2026-11-11", "2026-11-12"


def room(account: str, start: str, end: str | None, **more: Any) -> dict[str, Any]:
    return {"source": "rooms", "account": account, "started_at": start, "ended_at": end, "currency": "CNY"} | more


def event(at: str, kind: str = "explain", **more: Any) -> dict[str, Any]:
    return {"source": "plays", "happened_at": at, "kind": kind} | more


def placed(facts: Facts) -> list[tuple[Any, ...]]:
    return facts.rows('SELECT session, CAST(day AS TEXT), "at" FROM live_event ORDER BY "at", session')


def test_an_event_after_midnight_belongs_to_the_session_of_the_evening() -> None:
    """The session started on the 11th: what happened at 00:30 stands on the 11th, and a window of a file keeps its own end."""
    facts = Facts().add("live_session", room("1", f"{D1} 20:00:00", f"{D2} 01:00:00"))
    facts.add("live_event", event(f"{D2} 00:30:00", until=f"{D2} 00:40:00"), event(f"{D2} 00:45:00", until=f"{D2} 01:20:00")).build()
    assert placed(facts) == [("20261111T200000-1", D1, f"{D2} 00:30:00"), ("20261111T200000-1", D1, f"{D2} 00:45:00")]
    assert facts.rows('SELECT until FROM live_event ORDER BY "at"') == [(f"{D2} 00:40:00",), (f"{D2} 01:00:00",)]


def test_of_two_rooms_at_once_only_a_named_account_tells() -> None:
    """An event that could be either room's is neither's; one that names the account (or its name) is that room's."""
    facts = Facts().add(
        "live_session", room("1", f"{D1} 20:00:00", f"{D1} 22:00:00"),
        room("2", f"{D1} 20:30:00", f"{D1} 22:30:00", account_name="主播乙"),
    )  # fmt: skip
    facts.add("live_event", event(f"{D1} 21:00:00"), event(f"{D1} 21:00:01", account="2"), event(f"{D1} 21:00:02", account="主播乙"),
              event(f"{D1} 20:10:00"), event(f"{D1} 21:00:03", account="someone else"))  # fmt: skip
    facts.build()
    assert [(session[-1], at[11:]) for session, _, at in placed(facts)] == [("1", "20:10:00"), ("2", "21:00:01"), ("2", "21:00:02")]


def test_half_an_hour_before_the_start_counts() -> None:
    """Ads may be raised before the room opens; an hour before is nobody's."""
    facts = Facts().add("live_session", room("1", f"{D1} 20:00:00", f"{D1} 22:00:00"))
    facts.add("live_event", event(f"{D1} 19:45:00", "boost"), event(f"{D1} 18:59:00", "boost"), event(f"{D1} 22:00:00", "boost"))
    assert placed(facts.build()) == [("20261111T200000-1", D1, f"{D1} 19:45:00")]


def test_an_event_that_comes_later_than_its_session_finds_it() -> None:
    """Only the event's day is touched then, with its neighbours, as publishing does."""
    facts = Facts().add("live_session", room("1", f"{D1} 20:00:00", f"{D2} 01:00:00")).build()
    facts.add("live_event", event(f"{D2} 00:30:00"))
    facts.touch("a", date(2026, 11, 11), date(2026, 11, 13))
    assert placed(facts.build()) == [("20261111T200000-1", D1, f"{D2} 00:30:00")]


def test_what_was_planned_did_not_happen() -> None:
    """Rows of a run sheet stand in their own mart, on the planned day of its start, and in neither list of what happened."""
    facts = Facts().add("live_session", room("1", f"{D1} 23:50:00", f"{D2} 01:00:00"))
    same = {"source": "typed", "kind": "script", "account": "", "sheet_at": f"{D1} 23:50:00"}
    facts.add("live_event", same | {"happened_at": f"{D2} 00:20:00", "segment": "秒杀", "link_no": "3"}, same | {"happened_at": f"{D1} 23:50:00", "is_removed": True})
    facts.build()
    assert placed(facts) == [] and facts.rows("SELECT * FROM live_log") == []
    assert facts.rows("SELECT CAST(day AS TEXT), minute, segment, link_no FROM live_script") == [(D1, 30, "秒杀", "3")]


def test_a_sheet_changed_after_midnight_is_made_anew_as_a_whole() -> None:
    """Only a row of the next day came later: its sheet's day is touched with it."""
    same = {"source": "typed", "kind": "script", "account": "", "sheet_at": f"{D1} 23:50:00"}
    facts = Facts().add("live_event", same | {"happened_at": f"{D1} 23:55:00"}).build()
    facts.add("live_event", same | {"happened_at": f"{D2} 00:20:00"}).build()
    assert facts.rows("SELECT minute FROM live_script ORDER BY minute") == [(5,), (30,)]
