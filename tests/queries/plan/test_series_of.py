"""A line day by day and its gap in three, worked by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from queries.plan.actuals import read_book
from queries.plan.evaluate import evaluate
from queries.plan.gap import Gap, sales_gap
from queries.plan.nodes import children, read_nodes
from queries.plan.series_of import series_of
from tests.queries.plan.plan_book import PlanBook
from warehouse.book import Book
from warehouse.reader import Reader

HEAD = '[plan]\nid = "p"\nshop = "tm"\nstart = "2026-11-01"\nend = "2026-11-10"\n'
SALES = '[[node]]\nid = "sales"\nkind = "flow"\nmetric = "sales"\ntarget = "1万"\n'
FACTORS = """
[[node]]
id = "people"
kind = "flow"
parent = "sales"
metric = "visitors"
target = "1000人"
[[node]]
id = "conversion"
kind = "ratio"
metric = "conversion_rate"
target = "10%"
"""
FIRST = date(2026, 11, 1)


def five(values: Iterable[object]) -> list[tuple[date, object]]:
    return [(FIRST + timedelta(days=n), value) for n, value in enumerate(values) if value is not None]


def asked(plan: PlanBook, node: str, day: date) -> tuple[pd.DataFrame, Gap]:
    """The node's series and its gap at the end of the day."""
    progress = plan.at(day)
    reader: Any = Reader(plan.book)
    nodes = read_nodes(reader.query("SELECT * FROM plan_node WHERE plan = 'p' ORDER BY seq", {}))
    one = next(each for each in nodes if each.id == node)
    book = read_book(reader, "p", day)
    assert evaluate(nodes, reader, day)[node] == progress[node]
    return series_of(one, children(nodes), book, progress[node]), sales_gap(one, nodes, progress[node], book)


def test_a_missing_day_is_a_gap_in_the_line(book: Book) -> None:
    """100, nothing, 300: 100, a gap, 400; 1,000 a day should be there; nothing is known after the third."""
    plan = PlanBook(book, text=HEAD + SALES)
    plan.figures("tm", "sales", five([100, None, 300]))
    days, _ = asked(plan, "sales", date(2026, 11, 3))
    assert len(days) == 10
    assert days["so_far"].tolist()[:1] == [100] and pd.isna(days["so_far"][1]) and days["so_far"][2] == 400
    assert days["so_far"][3:].isna().all()
    assert days["expected"].tolist() == [1000.0 * n for n in range(1, 11)]


def test_typed_amounts_stand_until_the_next(book: Book) -> None:
    """50 on the 2nd and 70 on the 5th: 50 until the 4th, 120 on the 5th; a sum above adds its parts."""
    text = (
        HEAD
        + '[[node]]\nid = "all"\nkind = "budget"\ntarget = "500元"\n[[node]]\nid = "x"\nkind = "budget"\nparent = "all"\n'
    )
    plan = PlanBook(book, text=text)
    plan.typed("x", "2026-11-02", 50)
    plan.typed("x", "2026-11-05", 70)
    days, _ = asked(plan, "all", date(2026, 11, 6))
    assert days["so_far"].fillna(-1).tolist() == [-1, 50, 50, 50, 120, -1, -1, -1, -1, -1]
    assert days["expected"].iloc[-1] == 500


def test_the_gap_is_split_by_the_plans_own_factors(book: Book) -> None:
    """Half way: 500 visitors x 10 % x 100 = 5,000 planned, 600 x 7.5 % x 110 = 4,950 came: +916.67 - 1,445.83 + 479.17 = -50."""
    plan = PlanBook(book, text=HEAD + SALES + FACTORS)
    for metric, value in (("sales", 990), ("visitors", 120), ("paying_buyers", 9)):
        plan.figures("tm", metric, five([value] * 5))
    _, gap = asked(plan, "sales", date(2026, 11, 5))
    assert [each.factor for each in gap.effects] == ["visitors", "conversion_rate", "sales_per_buyer"]
    assert [float(each.effect) for each in gap.effects] == pytest.approx([916.67, -1445.83, 479.17], abs=0.011)
    assert sum(each.effect for each in gap.effects) == Decimal("-50.00")
    assert set(gap.lines) == {"people", "conversion"}


def test_without_factors_or_days_the_gap_says_why(book: Book) -> None:
    """No factor in the plan; then a day with sales but without visitors."""
    plan = PlanBook(book, text=HEAD + SALES)
    plan.figures("tm", "sales", five([990] * 5))
    assert asked(plan, "sales", date(2026, 11, 5))[1].why == "no_factors"


def test_a_day_without_visitors_leaves_the_gap_whole(book: Book) -> None:
    """Five days of sales and four of visitors are not compared."""
    plan = PlanBook(book, text=HEAD + SALES + FACTORS)
    plan.figures("tm", "sales", five([990] * 5))
    plan.figures("tm", "visitors", five([120] * 4))
    plan.figures("tm", "paying_buyers", five([9] * 5))
    gap = asked(plan, "sales", date(2026, 11, 5))[1]
    assert (gap.why, gap.effects) == ("factor_days", [])
