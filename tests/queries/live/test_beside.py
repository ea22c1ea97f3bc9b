"""Sessions beside each other by item, added up by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd

from queries.live.beside import beside


def parts(*rows: tuple[str, float, float, float], origin: str = "stated") -> pd.DataFrame:
    """(name, minutes, sales, what is usual for them)."""
    table: list[dict[str, Any]] = [
        {"name": name, "item_id": "", "link_no": "", "origin": origin, "sales_minutes": minutes, "sales_total": total, "sales_expected": usual}
        for name, minutes, total, usual in rows
    ]
    return pd.DataFrame(table)


def test_an_item_explained_twice_is_one_row() -> None:
    """Cup: 10 + 20 minutes and 100 + 500 sold is 20 a minute, of a usual 400: +50 %; in the other session 5 a minute, half of the usual 100."""
    found = beside([parts(("杯", 10, 100, 100), ("壶", 5, 50, 50), ("杯", 20, 500, 300)), parts(("杯", 10, 50, 100))])
    assert found.to_dict("records") == [{"name": "杯", "rate_0": 20.0, "lift_0": 0.5, "rate_1": 5.0, "lift_1": -0.5}]


def test_what_only_one_session_had_and_inferred_parts_are_left_out() -> None:
    """The pot was in one session; a session whose segments are inferred names nothing; minutes nobody reported give no figure."""
    assert beside([parts(("杯", 10, 1, 1)), parts(("壶", 10, 1, 1))]).empty
    assert beside([parts(("杯", 10, 1, 1)), parts(("杯", 10, 1, 1), origin="inferred")]).empty
    assert beside([parts(("杯", 10, 1, 1)), parts(("杯", 0, 0, 0)), pd.DataFrame()]).empty
