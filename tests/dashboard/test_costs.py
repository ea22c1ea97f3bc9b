"""The cost table: what was typed becomes dated rows, and nothing else."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.costs import changes, typed

D = date(2026, 11, 1)
STORED = pd.DataFrame(
    [("s1", "", pd.Timestamp(D), 0.425, 0.05, 3.0, "CNY"), ("s1", "i1", pd.Timestamp(D), 0.3, None, None, "CNY")],
    columns=["shop", "item_id", "day", "margin_rate", "fee_rate", "freight_per_order", "currency"],
)
MONEY = {"s1": "CNY", "s2": "USD"}


def test_rates_are_shown_in_percent() -> None:
    """0.425 stored is 42.5 in the cell; freight stays money."""
    shown = typed(STORED)
    assert (shown["margin_rate"][0], shown["fee_rate"][0], shown["freight_per_order"][0]) == (42.5, 5.0, 3.0)


def test_nothing_changed_stores_nothing() -> None:
    """Opening and saving the table must not write a package."""
    assert changes(typed(STORED), typed(STORED), MONEY) == []


def test_a_changed_cell_is_one_row_as_a_fraction() -> None:
    """42.5 % to 40 %: margin_rate 0.4 from the same day; the other cells stay."""
    after = typed(STORED)
    after.loc[0, "margin_rate"] = 40.0
    assert changes(typed(STORED), after, MONEY) == [
        {"shop": "s1", "item_id": "", "kind": "margin_rate", "day": D, "value": 0.4, "currency": "", "is_removed": False}
    ]


def test_a_new_line_and_an_emptied_cell() -> None:
    """A new shop's freight carries its currency; an emptied fee is taken back."""
    after = typed(STORED)
    after.loc[0, "fee_rate"] = None
    after.loc[2] = ["s2", None, D, None, None, 1.5]
    rows = {(r["shop"], r["kind"]): r for r in changes(typed(STORED), after, MONEY)}
    assert set(rows) == {("s1", "fee_rate"), ("s2", "freight_per_order")}
    assert rows["s1", "fee_rate"]["is_removed"] is True
    assert (rows["s2", "freight_per_order"]["value"], rows["s2", "freight_per_order"]["currency"]) == (1.5, "USD")


def test_a_deleted_line_takes_back_all_its_kinds() -> None:
    """The item's margin goes; the shop's stays."""
    rows = changes(typed(STORED), typed(STORED).iloc[:1], MONEY)
    assert [(r["item_id"], r["kind"], r["is_removed"]) for r in rows] == [("i1", "margin_rate", True)]


def test_the_first_line_of_an_empty_table() -> None:
    """An empty book's table takes a line."""
    empty = typed(STORED.iloc[:0])
    after = pd.DataFrame([{"shop": "s1", "item_id": "", "day": D, "margin_rate": 50.0, "fee_rate": None}])
    assert [(r["kind"], r["value"]) for r in changes(empty, after, MONEY)] == [("margin_rate", 0.5)]
