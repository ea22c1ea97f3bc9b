"""Series of a plan: asked once, the same figures for whoever wants them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pandas as pd

from queries.plan.days import Days, adds_over_shops, several
from queries.plan.nodes import Node
from tests.queries.plan.plan_book import PlanBook
from warehouse.book import Book
from warehouse.reader import Reader

NOV1, NOV2, NOV3 = date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)


class Counting:
    """A reader that counts what it is asked."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.asked = reader, 0

    def query(self, sql: str, params: dict[str, Any]) -> pd.DataFrame:
        self.asked += 1
        return self.reader.query(sql, params)


def node(shop: str, first: date, last: date, **more: Any) -> Node:
    given: dict[str, Any] = dict.fromkeys(("parent", "unit", "direction", "period", "owner", "note"), "")
    given |= {"target": None, "low": None, "high": None, "currency": "CNY", "state": "issued"}
    return Node(plan="p", id=shop or "all", kind="flow", name="", metric="sales", shop=shop, first=first, last=last, **given, **more)  # fmt: skip


def test_shops_and_their_sum_come_from_one_question(book: Book) -> None:
    """a sold 100 and 50, b 30 on the second day: together 100 and 80, 180 in all; the third day is not known, not 0."""
    rows = PlanBook(
        book, text='[plan]\nid = "p"\ntitle = "p"\nkind = "sales_target"\nstart = 2026-11-01\nend = 2026-11-30\n'
    )
    rows.figures("a", "sales", [(NOV1, 100), (NOV2, 50)])
    rows.figures("b", "sales", [(NOV2, 30)])
    rows.at(NOV3)
    reader = Counting(Reader(book))
    days = Days(reader, NOV3, NOV1)
    shops = days.fact(node("a", NOV1, NOV3), "sales", ["a"], NOV1, NOV3)
    asked = reader.asked
    whole = days.fact(node("", NOV1, NOV3), "sales", None, NOV1, NOV3)
    second = days.fact(node("", NOV2, NOV2), "sales", None, NOV2, NOV2)
    assert shops.value == 150 and dict(shops.by_day) == {NOV1: D(100), NOV2: D(50)}
    assert whole.value == 180 and dict(whole.by_day) == {NOV1: D(100), NOV2: D(80)}
    assert second.value == 80 and NOV3 not in whole.by_day
    assert reader.asked == asked


def test_what_lies_before_the_kept_days_is_asked_again(book: Book) -> None:
    """A node that begins earlier than those seen so far loses no day."""
    rows = PlanBook(
        book, text='[plan]\nid = "p"\ntitle = "p"\nkind = "sales_target"\nstart = 2026-11-01\nend = 2026-11-30\n'
    )
    rows.figures("a", "sales", [(NOV1 - timedelta(days=1), 7), (NOV1, 100)])
    rows.at(NOV3)
    days = Days(Reader(book), NOV3)
    assert days.fact(node("a", NOV1, NOV3), "sales", ["a"], NOV1, NOV3).value == 100
    assert days.fact(node("a", NOV1, NOV3), "sales", ["a"], NOV1 - timedelta(days=1), NOV3).value == 107


def test_people_and_rates_are_not_added_over_shops() -> None:
    """Sales add up over shops; visitors, conversion and what has its own way of working out do not."""
    assert [adds_over_shops(m) for m in ("sales", "spend", "visitors", "conversion_rate")] == [True, True, False, False]
    assert several("a，b; c|d") == ["a", "b", "c", "d"]
