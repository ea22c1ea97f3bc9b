"""Typed campaigns: what the table shows against what is stored."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.panels_campaigns import COLUMNS, changes, typed


def _frame(*lines: tuple[str, str, str, date | None, date | None, str]) -> pd.DataFrame:
    return pd.DataFrame(list(lines), columns=["promotion", *COLUMNS])


OLD = ("p1", "双11", "爆发", date(2026, 11, 10), date(2026, 11, 11), "")


def test_an_untouched_table_stores_nothing() -> None:
    """What was read is what is there."""
    before = typed(_frame(OLD))
    assert changes(before, before.copy()) == []


def test_a_changed_line_keeps_its_id() -> None:
    """The last day moves to the 14th under p1."""
    after = _frame((*OLD[:4], date(2026, 11, 14), ""))
    assert changes(_frame(OLD), after) == [{"promotion": "p1", "name": "双11", "phase": "爆发", "day": date(2026, 11, 10), "day_to": date(2026, 11, 14), "shop": ""}]


def test_new_lines_get_ids_of_their_own() -> None:
    """Two equal lines do not replace each other; without a last day a line lasts one day."""
    new = ("", "店庆", "", date(2026, 9, 20), None, "a")
    found = changes(_frame(OLD), _frame(OLD, new, new))
    assert [row["promotion"] for row in found] == ["店庆-2026-09-20-a", "店庆-2026-09-20-a-2"]
    assert found[0]["day_to"] == date(2026, 9, 20)


def test_the_newest_stand_first() -> None:
    """An empty book has an empty table."""
    older = ("p0", "618", "", date(2026, 6, 1), date(2026, 6, 18), "")
    assert list(typed(_frame(older, OLD))["promotion"]) == ["p1", "p0"]
    assert typed(_frame()).empty
