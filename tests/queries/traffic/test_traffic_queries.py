"""Traffic queries on hand-made marts: every expected figure is added up in the test."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.queries.handmade import Marts

D1, D2, D3 = date(2026, 11, 10), date(2026, 11, 11), date(2026, 11, 12)


def _path(day: date, *levels: str, visitors: float | None = None, sales: float | None = None, **more: object) -> dict:
    four = (*levels, "", "", "", "")[:4]
    return {
        "day": day, "level1": four[0], "level2": four[1], "level3": four[2], "level4": four[3],
        "depth": len(levels), "visitors": visitors, "sales": sales, **more,
    }  # fmt: skip


@pytest.fixture
def marts() -> Marts:
    """Three days of one shop's sources, the second with a paid branch; another shop beside it."""
    m = Marts()
    same = {"shop": "s1", "currency": "CNY", "source": "a", "carrier": "全店流量", "is_paid": False}
    m.add(
        "source_day",
        [
            _path(D1, visitors=80, sales=500, is_subtotal=True),
            _path(D2, visitors=100, sales=1000, is_subtotal=True),
            _path(D2, "付费推广", visitors=60, sales=400, is_subtotal=True, is_paid=True),
            _path(D2, "付费推广", "关键词推广", visitors=40, sales=300, is_paid=True),
            _path(D2, "付费推广", "人群推广", visitors=30, sales=100, is_paid=True),
            _path(D3, "付费推广", visitors=20, sales=50, is_subtotal=True, is_paid=True),
            _path(D3, "搜索", visitors=7, sales=None),
        ],
        **same,
    )
    m.add("source_day", [_path(D2, "付费推广", visitors=5, sales=5)], **{**same, "shop": "s2"})
    return m


def test_source_rows_stay_what_the_platform_states(marts: Marts) -> None:
    """A subtotal keeps its own figure: 60 visitors, not 60 + 40 + 30, and no other shop joins in."""
    tree = marts.ask("traffic/source_tree", shop="s1", day_from=D2, day_to=D2)
    by_path = {(r.level1, r.level2): (r.visitors, r.sales) for r in tree.itertuples()}
    assert by_path == {
        ("", ""): (100, 1000),
        ("付费推广", ""): (60, 400),
        ("付费推广", "关键词推广"): (40, 300),
        ("付费推广", "人群推广"): (30, 100),
    }
    assert set(tree["days"]) == {1}


def test_source_rows_over_days_are_daily_sums_and_say_how_many_days(marts: Marts) -> None:
    """60 on the 11th and 20 on the 12th are 80, over two days; a source without sales has none rather than 0."""
    tree = marts.ask("traffic/source_tree", shop="s1", day_from=D2, day_to=D3)
    tree = tree.set_index(["level1", "level2"])
    assert tree.loc[("付费推广", ""), "visitors"] == 80
    assert pd.isna(tree.loc[("搜索", ""), "sales"])
    assert set(tree["days"]) == {2}


def test_shop_visitors_stand_beside_only_when_every_day_is_known(marts: Marts) -> None:
    """100 of the 11th alone; with the 12th unknown there is no whole to take a share of."""
    marts.add("shop_day", [{"shop": "s1", "day": D2, "metric": "visitors", "value": 100}])
    one = marts.ask("traffic/source_tree", shop="s1", day_from=D2, day_to=D2)
    assert set(one["shop_visitors"]) == {100}
    two = marts.ask("traffic/source_tree", shop="s1", day_from=D2, day_to=D3)
    assert two["shop_visitors"].isna().all()


def test_funnel_takes_every_step_from_one_source() -> None:
    """Buyers of the order list never stand under visitors of the platform: the platform's own 8 do."""
    m = Marts()
    same = {"shop": "s1", "currency": "CNY", "day": D1}
    m.add(
        "shop_day",
        [
            {"metric": "visitors", "source": "sycm", "value": 200},
            {"metric": "cart_users", "source": "sycm", "value": 20},
            {"metric": "paying_buyers", "source": "orders", "value": 11},
        ],
        **same,
    )
    m.add(
        "check_day",
        [
            {"metric": "paying_buyers", "source": "orders", "value": 11, "is_chosen": True},
            {"metric": "paying_buyers", "source": "sycm", "value": 8, "is_chosen": False},
        ],
        **same,
    )
    funnel = m.ask("traffic/funnel", shop="s1", day_from=D1, day_to=D1)
    assert funnel["source"].tolist() == ["sycm"]
    row = funnel.iloc[0]
    assert (row["visitors"], row["cart_users"], row["paying_buyers"]) == (200, 20, 8)
    assert pd.isna(row["placed_buyers"])


def test_funnel_leaves_out_a_step_that_a_day_lacks() -> None:
    """Two days of visitors over one day of cart users would be a wrong rate, so the step is blank."""
    m = Marts()
    m.add(
        "shop_day",
        [
            {"day": D1, "metric": "visitors", "value": 100},
            {"day": D2, "metric": "visitors", "value": 50},
            {"day": D1, "metric": "cart_users", "value": 9},
            {"day": D1, "metric": "paying_buyers", "value": 3},
            {"day": D2, "metric": "paying_buyers", "value": 2},
        ],
        shop="s1", currency="CNY", source="sycm",
    )  # fmt: skip
    row = m.ask("traffic/funnel", shop="s1", day_from=D1, day_to=D2).iloc[0]
    assert (row["days"], row["visitors"], row["paying_buyers"]) == (2, 150, 5)
    assert pd.isna(row["cart_users"])


def test_items_divide_last_and_only_days_that_state_both_parts() -> None:
    """5 buyers / 100 visitors = 5 %: the day without visitors adds sales but no conversion."""
    m = Marts()
    m.add(
        "item_day",
        [
            {"day": D1, "item_id": "i1", "title": "cup", "visitors": 100, "paying_buyers": 5, "sales": 300},
            {"day": D2, "item_id": "i1", "title": "cup", "visitors": None, "paying_buyers": 4, "sales": 100},
            {"day": D2, "item_id": "i2", "title": "other", "visitors": 10, "paying_buyers": 0, "sales": 0},
            {"day": D3, "item_id": "i1", "title": "cup", "visitors": 1, "paying_buyers": 1, "sales": 1},
        ],
        shop="s1", currency="CNY",
    )  # fmt: skip
    items = m.ask("traffic/items", shop="s1", day_from=D1, day_to=D2, top=10).set_index("item_id")
    assert items.loc["i1", "title"] == "cup"
    assert items.loc["i1", "sales"] == 400
    assert items.loc["i1", "conversion_rate"] == pytest.approx(0.05)
    assert items.loc["i1", "visitor_value"] == pytest.approx(3.0)
    assert (items.loc["i1", "share"], items.loc["i2", "share"]) == (1.0, 0.0)
    assert m.ask("traffic/items", shop="s1", day_from=D2, day_to=D2, top=1)["item_id"].tolist() == ["i1"]


def test_hours_are_those_of_the_two_days_only() -> None:
    """An hour nobody reported has no row: it is unknown, not zero."""
    m = Marts()
    rows = [(D1, 0, 5), (D1, 2, 7), (D2, 0, 9), (D3, 0, 99)]
    m.add(
        "shop_hour",
        [{"day": d, "hour": h, "value": v} for d, h, v in rows],
        shop="s1", currency="CNY", metric="sales", source="orders",
    )  # fmt: skip
    hours = m.ask("traffic/hours", shop="s1", day=D2, day_before=D1)
    assert [(r.hour, r.value) for r in hours.itertuples()] == [(0, 5), (2, 7), (0, 9)]


def test_an_order_list_has_zero_hours_where_it_covers() -> None:
    """A covered day has 24 hours; today's list reaches its last payment at 2 o'clock, after which nothing is known."""
    m = Marts()
    m.add("source", [{"source": "orders", "kind": "orders", "rank": 10}])
    m.add("shop_day", [{"day": D1, "state": "ok"}, {"day": D2, "state": "partial"}],
          shop="s1", currency="CNY", metric="sales", source="orders")  # fmt: skip
    m.add("shop_hour", [{"day": D1, "hour": 5, "value": 7}, {"day": D2, "hour": 2, "value": 9}],
          shop="s1", currency="CNY", metric="sales", source="orders")  # fmt: skip
    hours = m.ask("traffic/hours", shop="s1", day=D2, day_before=D1)
    before, now = (hours[hours["day"] == str(d)] for d in (D1, D2))
    assert before["value"].tolist() == [0] * 5 + [7] + [0] * 18
    assert now["value"].tolist() == [0, 0, 9]


def test_a_month_target_is_spread_over_its_days() -> None:
    """3,000 visitors in November are 100 a day; a conversion target holds for every day; December has none."""
    m = Marts()
    november = date(2026, 11, 1)
    m.add(
        "target",
        [{"metric": "visitors", "value": 3000}, {"metric": "conversion_rate", "value": 0.04}],
        shop="s1", month=november, currency="CNY",
    )  # fmt: skip
    targets = m.ask("traffic/targets", shop="s1", day_from=date(2026, 11, 30), day_to=date(2026, 12, 1))
    assert [(r.metric, float(r.target)) for r in targets.itertuples()] == [("conversion_rate", 0.04), ("visitors", 100)]


def test_shops_stand_in_order_of_sales() -> None:
    """The page opens on the biggest shop; a shop without figures comes last and is still there."""
    m = Marts()
    m.add("shop", [{"shop": "s1"}, {"shop": "s2"}, {"shop": "s3"}])
    m.add(
        "shop_day",
        [{"shop": "s1", "value": 5}, {"shop": "s2", "value": 9}],
        day=D1, metric="sales", currency="CNY",
    )  # fmt: skip
    assert m.ask("traffic/shops", shops=None, day_from=D1, day_to=D1)["shop"].tolist() == ["s2", "s1", "s3"]
    assert m.ask("traffic/shops", shops=["s1", "s3"], day_from=D1, day_to=D1)["shop"].tolist() == ["s1", "s3"]
