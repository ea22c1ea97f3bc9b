"""What was pressed on air: kept by day at once, taken back by its own key, closed by the next press."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from tests.queries.facts import ROOT, Facts
from warehouse.book import Book
from warehouse.commit import open_warehouse
from warehouse.marts import load_marts
from warehouse.publish import publish
from warehouse.reader import Reader

D1, D2 = "2026-11-11", "2026-11-12"


def press(at: str, kind: str = "explain", **more: Any) -> dict[str, Any]:
    return {"source": "typed", "account": "", "happened_at": at, "kind": kind, "item_id": ""} | more


def test_a_press_is_there_before_any_report_of_its_session() -> None:
    """While on air no report says that there is a session: the log holds the press on its own day."""
    facts = Facts().add("live_event", press(f"{D1} 23:59:59", link_no="3"), press(f"{D2} 00:00:00", "note", text="卡顿"))
    facts.build()
    assert facts.rows('SELECT CAST(day AS TEXT), "at", kind, link_no, text FROM live_log ORDER BY "at"') == [
        (D1, f"{D1} 23:59:59", "explain", "3", None), (D2, f"{D2} 00:00:00", "note", None, "卡顿"),
    ]  # fmt: skip


def test_a_removed_press_is_in_neither_mart() -> None:
    """The row that takes a press back has the press's own key, so it stands in its place."""
    facts = Facts().add("live_session", {"source": "rooms", "account": "1", "started_at": f"{D1} 20:00:00", "ended_at": f"{D1} 22:00:00", "currency": "CNY"})
    facts.add("live_event", press(f"{D1} 20:10:00", is_removed=True), press(f"{D1} 20:11:00", "note", is_removed=False))
    facts.build()
    assert facts.rows("SELECT kind FROM live_log") == facts.rows("SELECT kind FROM live_event") == [("note",)]


def test_a_link_is_explained_until_the_next_one() -> None:
    """A press says when the explaining of a link begins; another press of explaining ends it, a coupon does not."""
    facts = Facts().add("live_session", {"source": "rooms", "account": "1", "started_at": f"{D1} 20:00:00", "ended_at": f"{D1} 22:00:00", "currency": "CNY"})
    facts.add("live_event", press(f"{D1} 20:10:30", link_no="3"), press(f"{D1} 20:12:00", "coupon"), press(f"{D1} 20:15:00", link_no="5"))
    facts.build()
    assert facts.rows('SELECT link_no, until FROM live_event ORDER BY "at"') == [("3", f"{D1} 20:15:00"), (None, None), ("5", None)]


def test_a_generation_made_anew_keeps_the_log(book: Book) -> None:
    """Days that hold nothing but presses are filled too when every mart is computed again."""
    with book.lock(), open_warehouse(book) as con:
        con.execute("INSERT INTO fact.live_event BY NAME SELECT 'a' AS shop, 'typed' AS source, '' AS account, TIMESTAMP '2026-11-11 20:10:00' AS happened_at, 'note' AS kind, '' AS item_id")
        con.execute("INSERT INTO fact.touched VALUES ('b', DATE '2026-01-01')")
        publish(book, con, [mart for mart in load_marts(ROOT / "queries" / "marts") if mart.name == "live_log"], [])
    with closing(Reader(book)) as reader:
        assert reader.query("SELECT kind FROM live_log")["kind"].tolist() == ["note"]
