"""Typed values: what is refused, what a package holds, how the warehouse reads it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors import forms
from connectors.forms import FormError, check_rows, submit_rows, target_row
from warehouse.book import Book
from warehouse.packages import iter_manifests, package_dir
from warehouse.tables import tables as fact_tables

NOON = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
MARGIN = {"shop": "tm", "item_id": "", "kind": "margin_rate", "day": date(2026, 11, 1), "value": "0.35"}


def refused(table: str, rows: list[dict[str, Any]]) -> str:
    with pytest.raises(FormError) as caught:
        check_rows(table, rows)
    return caught.value.code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": ""}, "empty"), ({"value": "abc"}, "not_a_number"), ({"value": "NaN"}, "not_a_number"),
        ({"value": "-1"}, "too_small"), ({"value": "35"}, "bad_rate"), ({"value": "1e30"}, "too_large"),
        ({"day": ""}, "empty"), ({"day": "2026-13-01"}, "not_a_day"), ({"kind": "margin"}, "not_allowed"),
        ({"shop": ""}, "empty"), ({"shop": "../etc"}, "bad_shop"), ({"colour": "red"}, "unknown_column"),
        ({"currency": "yuan"}, "bad_currency"), ({"is_removed": "perhaps"}, "not_a_flag"),
    ],
)  # fmt: skip
def test_a_wrong_cost_row_is_refused_with_its_reason(book: Book, change: dict[str, Any], code: str) -> None:
    """Each wrong cell has its own message, and nothing is written."""
    assert refused("cost", [MARGIN | change]) == code
    with pytest.raises(FormError):
        submit_rows(book, "cost", [MARGIN | change], "a")
    assert list(iter_manifests(book)) == []


def test_every_message_names_the_table_or_the_value_and_can_be_filled() -> None:
    """No message has a placeholder that its raiser does not know."""
    facts = dict.fromkeys(
        ("table", "row", "column", "value", "valid", "bound", "first", "key", "shops"), "x"
    )
    assert all("{" not in text.format(**facts) for text in forms.MESSAGES.values())


def test_two_rows_about_the_same_thing_are_refused() -> None:
    """Which of two margins of one day counts is the person's decision, not ours."""
    assert refused("cost", [MARGIN, MARGIN | {"value": "0.4"}]) == "twice"


def test_rows_of_two_shops_need_two_submissions() -> None:
    """A package belongs to one shop, or undoing it would touch another."""
    assert refused("cost", [MARGIN, MARGIN | {"shop": "jd"}]) == "many_shops"


def test_other_tables_refuse_what_makes_no_sense() -> None:
    """A rate into itself, a promotion that ends before it starts, an unknown zone, pattern or table, no rows."""
    rate = {"currency": "USD", "display": "CNY", "day": "2026-11-01", "rate": "7.1"}
    assert refused("fx_rate", [rate | {"display": "USD"}]) == "same_currency"
    assert refused("fx_rate", [rate | {"rate": "0"}]) == "not_above"
    promotion = {"promotion": "d11", "name": "双11", "day": "2026-11-11", "day_to": "2026-11-10"}
    assert refused("promotion", [promotion]) == "backwards"
    shop = {"shop": "tm", "name": "旗舰店", "platform": "tmall", "currency": "CNY", "zone": "Asia/Shanghai"}
    assert refused("shop", [shop | {"zone": "Mars/Olympus"}]) == "bad_zone"
    assert refused("shop", [shop | {"note_pattern": "("}]) == "bad_pattern"
    assert refused("shop", [shop | {"platform": "amazone"}]) == "not_allowed"
    assert refused("nothing", [{}]) == "unknown_table"
    assert refused("cost", []) == "no_rows"


def test_an_empty_target_removes_it_and_a_filled_one_names_its_month() -> None:
    """The node says shop, metric and month, so typing again replaces; empty is a removal, never a target of 0."""
    row = target_row("tm", "sales", date(2026, 2, 14), "120000", "CNY")
    assert (row["node"], row["day"], row["day_to"]) == ("tm|sales|2026-02", date(2026, 2, 1), date(2026, 2, 28))
    assert row["is_removed"] is False
    gone = check_rows("plan_node", [target_row("tm", "sales", date(2026, 2, 1), float("nan"))])[1][0]
    assert (gone["is_removed"], gone["target"]) == ("true", None)


def test_typed_figures_of_one_day_do_not_displace_each_other() -> None:
    """A day's slice is replaced as a whole: visitors typed at nine must outlive cart users typed at ten."""
    day = {"shop": "jd", "day": "2026-11-22", "value": "10"}
    rows = [day | {"metric": "visitors"}, day | {"metric": "cart_users"}]
    rows.append(day | {"metric": "visitors", "scope": "item:1"})
    accounts = [row["account"] for row in check_rows("observation", rows)[1]]
    assert len(set(accounts)) == 3
    assert accounts[0] == "visitors"


def test_a_submission_is_one_sealed_package_of_plain_text(book: Book) -> None:
    """What was typed stands in the part as text, with the instant (UTC) that lets the later edit win."""
    manifest = submit_rows(book, "cost", [MARGIN | {"value": "1.0e-1"}], "page", now=NOON)
    assert (manifest.kind, manifest.shop, manifest.source, manifest.author) == ("form", "tm", "typed", "page")
    assert manifest.as_of == "2026-11-23T12:30:00.000000"
    line = json.loads((package_dir(book, manifest.id) / "rows.ndjson").read_text(encoding="utf-8"))
    assert line == {
        "shop": "tm", "item_id": None, "kind": "margin_rate", "day": "2026-11-01", "value": "0.10", "currency": None,
        "is_removed": "false", "updated_at": "2026-11-23 04:30:00.000000",
    }  # fmt: skip


@pytest.mark.parametrize("table", sorted(forms.tables()))
def test_every_form_fits_its_table(table: str) -> None:
    """Each typed column exists in schema.sql, so an interpretation never stops at commit."""
    known = set(fact_tables()[table].columns)
    assert set(forms.tables()[table]["columns"]) <= known
