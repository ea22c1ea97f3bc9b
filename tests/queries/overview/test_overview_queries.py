"""Overview queries on hand-filled marts, and the cards beside queries.metric: one figure, one value."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import queries
from queries.overview import cards
from tests.dashboard.conftest import TODAY, YESTERDAY, HandBook
from warehouse.reader import Reader

ALL: dict[str, Any] = {"shops": None}


@pytest.fixture
def hand(tmp_path: Path) -> HandBook:
    """Three shops over eight days; b lacks visitors, c is a dollar shop without yesterday."""
    made = HandBook(tmp_path / "hand")
    made.shop("a")
    made.shop("b", "douyin")
    made.shop("c", "shopify", "USD", "America/New_York")
    for back in range(1, 9):
        day = TODAY - timedelta(days=back)
        made.day("a", day, sales=100 + back, visitors=200, paying_buyers=4, paid_orders=5, refunds=back, spend=20)
        made.day("b", day, "douyin", sales=50, paid_orders=2, refunds=0, spend=5, live_sales=30)
        if back > 1:
            made.day("c", day, "shopify", "USD", sales=7, paid_orders=1)
    return made


def ask(hand: HandBook, name: str, **params: Any) -> pd.DataFrame:
    return queries.run(f"overview/{name}", Reader(hand.book), **params)


def figures(hand: HandBook, day_from: date, day_to: date) -> pd.DataFrame:
    spans = {f"{w}_{end}": day for w in ("before", "other") for end, day in (("from", day_from), ("to", day_to))}
    return ask(
        hand, "figures", shops=None, formulas=[n for n, _ in cards.PAIRS], parts=[p for _, p in cards.PAIRS],
        money=list(cards.MONEY), display=None, day_from=day_from, day_to=day_to, **spans,
    )  # fmt: skip


@pytest.mark.parametrize("days", [1, 3])
@pytest.mark.parametrize("metric", ["sales", "refunds", "net_sales", "paid_orders", "sales_per_order", "mer",
                                    "ad_cost_ratio", "conversion_rate", "visitors", "live_sales", "spend"])  # fmt: skip
def test_a_card_is_what_the_command_line_says(hand: HandBook, metric: str, days: int) -> None:
    """The quick way of the page and `python -m queries metric` must never differ."""
    first = TODAY - timedelta(days=days)
    base = list(cards.BASE)
    made = cards.cards(
        [metric], figures(hand, first, YESTERDAY),
        ask(hand, "expected", shops=None, metrics=base, day_to=YESTERDAY, display=None),
        ask(hand, "spark", shops=None, metrics=base, money=list(cards.MONEY), display=None, first=first, last=YESTERDAY),
        ask(hand, "targets", shops=None, month=YESTERDAY.replace(day=1), day_to=YESTERDAY), YESTERDAY,
    )  # fmt: skip
    stated = queries.metric(Reader(hand.book), metric, first, YESTERDAY)
    told = {row.currency: row.value for row in stated.itertuples() if row.value == row.value}
    assert {c.currency: c.value for c in made if c.value is not None} == pytest.approx(told)
    assert told, metric


def test_a_ratio_counts_only_days_that_have_both_parts(hand: HandBook) -> None:
    """A day with spend but no sales yet stays out of 投产比: (101+102) / (20+20), the third day's 99 of spend not."""
    hand.add("shop_day", [{"day": TODAY, "metric": "spend", "value": 99}], shop="a", platform="tmall", currency="CNY",
             source="hand", state="ok")  # fmt: skip
    frame = figures(hand, TODAY - timedelta(days=2), TODAY)
    mine = frame[(frame["formula"] == "mer") & (frame["shop"] == "a") & (frame["span"] == "now")].set_index("part")
    assert mine.loc["sales", "value"] == 203
    assert mine.loc["spend", "value"] == 40
    assert list(mine["days"]) == [2, 2]
    assert list(mine["wanted"]) == [3, 3]


def test_as_of_names_every_shop(hand: HandBook) -> None:
    """c ends a day earlier; a shop without any figure is listed with nothing."""
    hand.shop("d")
    got = ask(hand, "as_of", day_to=YESTERDAY, shops=None).set_index("shop")
    assert got.loc["a", "last_day"].date() == YESTERDAY
    assert got.loc["c", "last_day"].date() == YESTERDAY - timedelta(days=1)
    assert pd.isna(got.loc["d", "last_day"])
    assert f"{got.loc['a', 'as_of']:%m-%d %H:%M}" == "11-13 09:00"


def test_expected_forgets_after_four_weeks(hand: HandBook) -> None:
    """A figure last seen 30 days ago is no longer called 未出数."""
    hand.day("a", YESTERDAY - timedelta(days=30), live_sales=5)
    got = ask(hand, "expected", shops=["a"], metrics=["live_sales", "sales"], day_to=YESTERDAY, display=None)
    assert list(got["metric"]) == ["sales"]


def test_targets_beside_what_is_reached(hand: HandBook) -> None:
    """a reached 8 days of 100 + back = 836 by yesterday; another month's target is not this month's."""
    month = YESTERDAY.replace(day=1)
    hand.add("target", [{"month": month, "value": 2000}, {"month": date(2026, 10, 1), "value": 1}], shop="a",
             metric="sales", currency="CNY")  # fmt: skip
    got = ask(hand, "targets", shops=None, month=month, day_to=YESTERDAY)
    assert got[["shop", "target", "reached", "days"]].to_dict("records") == [
        {"shop": "a", "target": 2000.0, "reached": 836.0, "days": 8}
    ]


def test_channels_and_whole_shops(hand: HandBook) -> None:
    """b's orders carry channels: two rows; a's do not: one row for the shop; both against the day before."""
    rows = [
        {"day": YESTERDAY, "channel": "live_own", "sales": 30, "paid_orders": 1},
        {"day": YESTERDAY, "channel": "card", "sales": 20, "paid_orders": 1},
        {"day": YESTERDAY - timedelta(days=1), "channel": "card", "sales": 50, "paid_orders": 2},
    ]  # fmt: skip
    hand.add("channel_day", rows, shop="b", platform="douyin", currency="CNY")
    day = YESTERDAY - timedelta(days=1)
    got = ask(hand, "channels", shops=["a", "b"], day_from=YESTERDAY, day_to=YESTERDAY, before_from=day, before_to=day)
    found = [(r.shop, r.channel, r.sales, r.before) for r in got.astype(object).where(got.notna(), None).itertuples()]
    assert found == [("a", "", 101.0, 102.0), ("b", "live_own", 30.0, None), ("b", "card", 20.0, 50.0)]


def test_top_items_by_sales(hand: HandBook) -> None:
    """The best first, with the latest title; an item without sales is not a top item."""
    before = YESTERDAY - timedelta(days=1)
    rows = [
        {"item_id": "1", "title": "old name", "day": before, "sales": 10}, {"item_id": "1", "title": "枕", "day": YESTERDAY, "sales": 5},
        {"item_id": "2", "title": "", "day": YESTERDAY, "sales": 8}, {"item_id": "3", "title": "c", "day": YESTERDAY, "sales": 0},
    ]  # fmt: skip
    hand.add("item_day", rows, shop="a", platform="tmall", currency="CNY", source="hand")
    got = ask(hand, "top_items", shops=None, day_from=YESTERDAY, day_to=YESTERDAY, before_from=before, before_to=before, top=10)
    assert [(r.item_id, r.title, r.sales) for r in got.itertuples()] == [("2", "2", 8.0), ("1", "枕", 5.0)]
    assert got.loc[1, "before"] == 10
    wide = ask(hand, "top_items", shops=None, day_from=before, day_to=YESTERDAY, before_from=before - timedelta(days=2),
               before_to=before - timedelta(days=1), top=10)  # fmt: skip
    assert wide["before"].isna().all(), "two known days beside none are no comparison"
