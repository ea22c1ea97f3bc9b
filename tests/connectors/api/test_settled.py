"""Days that still moved when they were last asked for are asked again, however long the pause was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from connectors.api.ledger import Ledger
from connectors.api.windows import Days, Reach, Window, midnight
from warehouse.book import Book

ZONE = "Asia/Shanghai"


def at(day: int, hour: int = 0) -> int:
    return midnight(date(2026, 11, day), ZONE) + hour * 3600


def days_of(windows: list[Window]) -> list[tuple[str, str]]:
    return [(first.isoformat()[8:], last.isoformat()[8:]) for first, last in (window.days(ZONE) for window in windows)]


def test_what_was_asked_stands_for_good_only_before_its_last_days() -> None:
    """Asked on the 10th with three days back: the 8th still moved. Where today is not given, the 7th is the first that did."""
    assert Days("a", "b", back=3).settled(at(10, 15), ZONE) == at(8)
    assert Days("a", "b", back=3, today=False).settled(at(10, 15), ZONE) == at(7)
    assert Days("a", "b", back=0).settled(at(10, 15), ZONE) == at(10, 15)


def test_a_long_pause_leaves_no_day_half_told(tmp_path: Path) -> None:
    """Asked on the 10th, then not before the 20th: the 8th and 9th are asked again with what came since, the 7th and before are not."""
    ledger, kind = Ledger(Book(tmp_path).ensure()), Days("a", "b", back=3)
    ledger.note("ga", "property_day", [Window(at(1), at(11))], at=at(10, 15), rows=10, pages=1)
    done = ledger.done("ga", "property_day", lambda moment: kind.settled(moment, ZONE))
    assert done == [Window(at(1), at(8))]
    assert days_of(kind.plan(Reach(at(20, 9), at(1), at(1), ZONE), done)) == [("08", "20")]


def test_without_a_pause_a_day_is_asked_once_more_when_it_stands(tmp_path: Path) -> None:
    """Asked on the 10th and 11th; on the 12th first the 9th to the 12th, for the 9th still moved on the 11th; after that the last three only."""
    ledger, kind = Ledger(Book(tmp_path).ensure()), Days("a", "b", back=3)
    ledger.note("ga", "property_day", [Window(at(1), at(11))], at=at(10, 15), rows=10, pages=1)
    ledger.note("ga", "property_day", [Window(at(8), at(12))], at=at(11, 15), rows=4, pages=1)

    def planned(hour: int) -> list[Window]:
        return kind.plan(Reach(at(12, hour), at(1), at(1), ZONE), ledger.done("ga", "property_day", lambda moment: kind.settled(moment, ZONE)))

    assert days_of(planned(15)) == [("09", "12")]
    ledger.note("ga", "property_day", planned(15), at=at(12, 15), rows=4, pages=1)
    assert days_of(planned(16)) == [("10", "12")]
