"""What every report said of an ad day is kept, also after a later report replaced its rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.build import interpret, seal, spent
from warehouse.book import Book
from warehouse.commit import commit, open_warehouse


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book").ensure()


def test_a_replaced_report_leaves_what_it_said(book: Book) -> None:
    """30 + 20 on the day after, 30 + 25 a week later: both sums stand in the ledger, the later one is current."""
    early = seal(book, "ads", [spent("2026-11-01", "c1", "30"), spent("2026-11-01", "c2", "20")], as_of="2026-11-02T09:00:00")
    late = seal(book, "ads", [spent("2026-11-01", "c1", "30"), spent("2026-11-01", "c2", "25")], as_of="2026-11-08T09:00:00")
    with open_warehouse(book) as con:
        for manifest in (late, early):  # in either order
            commit(con, book, manifest, interpret(manifest))
        rows = con.execute("SELECT as_of::DATE::TEXT, spend::DOUBLE, attributed_sales, is_current FROM fact.slice ORDER BY as_of").fetchall()
    assert rows == [("2026-11-02", 50.0, None, False), ("2026-11-08", 55.0, None, True)]
