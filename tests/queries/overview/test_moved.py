"""What moved sales is split exactly, and the parts are those one finds by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from queries.overview import moved


def figures(*rows: tuple[str, str, str, float, float, str]) -> pd.DataFrame:
    """(shop, platform, metric, before, now, currency) -> rows of overview/figures, one day each."""
    out = []
    for shop, platform, metric, before, now, currency in rows:
        for span, value in (("before", before), ("now", now)):
            out.append(
                {"shop": shop, "name": shop.upper(), "platform": platform, "currency": currency, "formula": metric, "part": metric,
                 "span": span, "value": value, "days": 1, "wanted": 1, "partial_days": 0}
            )  # fmt: skip
    return pd.DataFrame(out)


def test_three_factors_by_hand() -> None:
    """100 x 5% x 20 becomes 120 x 5% x 25: visitors 20 x 5% x 22.5 = +22.50, value 5 x 5% x 110 = +27.50."""
    frame = figures(
        ("t", "tmall", "visitors", 100, 120, "CNY"), ("t", "tmall", "paying_buyers", 5, 6, "CNY"),
        ("t", "tmall", "sales", 100, 150, "CNY"),
    )  # fmt: skip
    got = moved.what_moved(frame).set_index("factor")
    assert got["effect"].to_dict() == {
        "visitors": Decimal("22.50"), "conversion_rate": Decimal("0.00"), "sales_per_buyer": Decimal("27.50")
    }  # fmt: skip
    assert got.loc["conversion_rate", "now"] == Decimal("0.05")
    assert got.loc["sales_per_buyer", "now"] == Decimal("25")


def test_orders_where_the_platform_gives_no_visitors() -> None:
    """10 orders x 30 = 300 becomes 8 x 40 = 320: orders -2 x 35 = -70, value +10 x 9 = +90."""
    frame = figures(("d", "douyin", "paid_orders", 10, 8, "CNY"), ("d", "douyin", "sales", 300, 320, "CNY"))
    got = moved.what_moved(frame)
    assert list(got["way"]) == ["orders", "orders"]
    assert list(got["effect"]) == [Decimal("-70.00"), Decimal("90.00")]


def test_a_day_without_sales_still_splits() -> None:
    """From nothing to something no ratio exists before; the whole change belongs to the visitors and adds up."""
    frame = figures(
        ("t", "tmall", "visitors", 0, 50, "CNY"), ("t", "tmall", "paying_buyers", 0, 2, "CNY"),
        ("t", "tmall", "sales", 0, 99.99, "CNY"),
    )  # fmt: skip
    got = moved.what_moved(frame)
    assert list(got["effect"]) == [Decimal("99.99"), Decimal("0.00"), Decimal("0.00")]


def test_sales_without_visitors_are_not_explained_by_visitors() -> None:
    """A source that says 0 visitors and 10 yuan cannot be split by visitors; orders speak instead."""
    frame = figures(
        ("t", "tmall", "visitors", 0, 0, "CNY"), ("t", "tmall", "paying_buyers", 0, 1, "CNY"),
        ("t", "tmall", "sales", 5, 10, "CNY"), ("t", "tmall", "paid_orders", 1, 1, "CNY"),
    )  # fmt: skip
    assert set(moved.what_moved(frame)["way"]) == {"orders"}


def test_a_late_shop_is_left_out() -> None:
    """Sales that are not out yet are not a fall to zero."""
    frame = figures(("a", "jd", "sales", 100, 1, "CNY"), ("b", "jd", "sales", 100, 90, "CNY"))
    frame = frame[~((frame["shop"] == "a") & (frame["span"] == "now"))]
    got = moved.what_moved(frame)
    assert list(got["shop"]) == ["b"]
    assert list(got["effect"]) == [Decimal("-10")]


def test_channels_add_up_to_the_shop() -> None:
    """自播 +40, 达播 -25 and a rest of +5 that no channel explains make the shop's +20."""
    whole = moved.what_moved(
        figures(("d", "douyin", "paid_orders", 10, 12, "CNY"), ("d", "douyin", "sales", 200, 220, "CNY"))
    )
    told = pd.DataFrame(
        [("d", "D", "douyin", "CNY", "live_own", 140.0, 100.0), ("d", "D", "douyin", "CNY", "live_host", 45.0, 70.0)],
        columns=["shop", "name", "platform", "currency", "channel", "sales", "before"],
    )
    got = moved.by_channel(told, whole)
    assert dict(zip(got["channel"], got["effect"], strict=True)) == {
        "live_own": Decimal("40"), "live_host": Decimal("-25"), "": Decimal("5")
    }  # fmt: skip
    top = moved.reasons(whole, got)
    assert list(top["kind"]) == ["channel"] * 3
    assert list(top["what"]) == ["live_own", "live_host", ""]


def test_reasons_rank_shops_without_mixing_currencies() -> None:
    """-50 of 100 dollars is a larger reason than -60 of 1000 yuan."""
    frame = figures(
        ("c", "jd", "sales", 1000, 940, "CNY"), ("c", "jd", "paid_orders", 10, 10, "CNY"),
        ("u", "shopify", "sales", 100, 50, "USD"), ("u", "shopify", "paid_orders", 10, 5, "USD"),
    )  # fmt: skip
    whole = moved.what_moved(frame)
    none = moved.by_channel(pd.DataFrame(columns=["shop", "currency", "channel", "sales", "before"]), whole)
    got = moved.reasons(whole, none)
    assert list(zip(got["shop"], got["what"], got["effect"], strict=True)) == [
        ("u", "paid_orders", Decimal("-50.00")), ("c", "sales_per_order", Decimal("-60.00"))
    ]  # fmt: skip


_COUNT = st.integers(0, 10**6)


@given(_COUNT, _COUNT, st.integers(0, 10**10), _COUNT, _COUNT, st.integers(0, 10**10))
def test_parts_always_add_up_to_the_cent(v0: int, b0: int, s0: int, v1: int, b1: int, s1: int) -> None:
    """Whatever the figures, the effects add to the change of sales exactly."""
    before = [Decimal(v0), Decimal(b0 if v0 else 0), Decimal(s0 if v0 and b0 else 0) / 100]
    now = [Decimal(v1), Decimal(b1 if v1 else 0), Decimal(s1 if v1 and b1 else 0) / 100]
    _, _, effects = moved.chain_split(before, now)
    assert sum(effects) == now[2] - before[2]


@given(st.lists(st.fractions(min_value=0, max_value=1000), min_size=2, max_size=3), st.data())
def test_shapley_adds_to_the_change_of_the_product(old: list[Fraction], data: st.DataObject) -> None:
    """No remainder is left over for anybody to explain."""
    new = data.draw(st.lists(st.fractions(min_value=0, max_value=1000), min_size=len(old), max_size=len(old)))
    total_old = total_new = Fraction(1)
    for a, b in zip(old, new, strict=True):
        total_old, total_new = total_old * a, total_new * b
    assert sum(moved.shapley(old, new)) == total_new - total_old
