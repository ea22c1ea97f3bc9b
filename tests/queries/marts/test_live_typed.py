"""A session typed when it ended is a session at once; files replace its figures later and what was typed stays to compare."""

from __future__ import annotations

from typing import Any

from tests.queries.facts import Facts

D1, D2 = "2026-11-11", "2026-11-12"
TYPED = {"source": "typed", "account": "9", "account_name": "房间", "started_at": f"{D1} 20:00:00", "ended_at": f"{D2} 00:00:00", "duration_s": 14400,
         "currency": "CNY", "viewers": 800, "live_sales": 10000, "orders": 100}  # fmt: skip
FILE = {"source": "rooms", "account": "9", "started_at": f"{D1} 20:03:11", "ended_at": f"{D2} 00:05:00", "duration_s": 14509, "currency": "CNY", "live_sales": 10500}


def sessions(facts: Facts) -> list[tuple[Any, ...]]:
    return facts.rows("SELECT session, sources, CAST(live_sales AS INTEGER), CAST(viewers AS INTEGER), CAST(orders AS INTEGER) FROM live_session")


def test_a_typed_session_is_there_at_once_on_its_start_day() -> None:
    """Without any file: the page's row and the day's figures."""
    facts = Facts().add("live_session", TYPED).build()
    assert sessions(facts) == [("20261111T200000-9", "typed", 10000, 800, 100)]
    assert facts.rows("SELECT CAST(day AS TEXT), CAST(live_sales AS INTEGER) FROM live_day") == [(D1, 10000)]


def test_a_file_replaces_what_it_states_and_leaves_the_rest() -> None:
    """The file begins three minutes later and says 10,500; viewers and orders it does not say stay as typed; one session."""
    facts = Facts().add("live_session", TYPED).build()
    facts.add("live_session", FILE).build()
    assert sessions(facts) == [("20261111T200311-9", "rooms+typed", 10500, 800, 100)]
    assert facts.rows("SELECT session, CAST(live_sales AS INTEGER) FROM live_typed") == [("20261111T200311-9", 10000)]
