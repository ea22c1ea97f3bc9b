"""What `metric` answers over several days, shops and currencies: people are never added silently, ratios divide last."""

from __future__ import annotations

import math
from typing import Any

import pytest

from queries import UnknownDimension, UnknownMetric
from tests.queries.facts import Facts

D1, D2, D3 = "2026-11-02", "2026-11-03", "2026-11-04"


def paid(number: str, day: str, amount: float, buyer: str | None, **more: Any) -> dict[str, Any]:
    return {"source": "list", "order_id": number, "created_at": f"{day} 10:00:00", "paid_at": f"{day} 10:00:00", "currency": "CNY", "placed_amount": amount,
            "paid_amount": amount, "refund_amount": 0, "units": 1, "buyer": buyer, "as_of": "2026-11-20 09:00:00"} | more  # fmt: skip


def said(metric: str, day: str, value: float, **more: Any) -> dict[str, Any]:
    return {
        "source": "sycm",
        "metric": metric,
        "period_kind": "day",
        "day": day,
        "day_to": day,
        "value": value,
        "as_of": f"{day} 23:00:00",
    } | more


def one(facts: Facts, name: str, first: str, last: str, **more: Any) -> dict[str, Any]:
    found = facts.metric(name, first, last, **more)
    assert len(found) == 1, found
    return dict(found.iloc[0])


def test_buyers_over_days_are_counted_once() -> None:
    """x buys on two days: 2 + 2 daily buyers are 3 people, exactly."""
    facts = (
        Facts()
        .add(
            "order_head", paid("1", D1, 10, "x"), paid("2", D1, 10, "y"), paid("3", D2, 10, "x"), paid("4", D2, 30, "z")
        )
        .cover("order_head", "list", D1, D2)
        .build()
    )
    row = one(facts, "paying_buyers", D1, D2)
    assert (row["value"], row["bound"], row["state"]) == (3, "exact", "ok")
    assert one(facts, "sales_per_buyer", D1, D2)["value"] == 20
    assert list(facts.metric("paying_buyers", D1, D2, by="day").value) == [2, 2]


def test_buyers_of_several_shops_once_per_platform() -> None:
    facts = Facts(("a", "tmall", "CNY"), ("b", "tmall", "CNY"), ("c", "jd", "CNY"))
    for shop in "abc":
        facts.add("order_head", paid("1", D1, 10, "x", shop=shop)).cover("order_head", "list", D1, D1, shop=shop)
    facts.build()
    assert one(facts, "paying_buyers", D1, D1)["value"] == 2
    assert one(facts, "paying_buyers", D1, D1, shops=["a", "b"])["value"] == 1
    split = facts.metric("paying_buyers", D1, D1, by="platform")
    assert list(zip(split.platform, split.value, strict=True)) == [("jd", 1), ("tmall", 1)]


def test_a_masked_day_makes_buyers_a_sum_of_days() -> None:
    """With the platform's figure on a masked day nothing exact can be counted."""
    facts = (
        Facts()
        .add("order_head", paid("1", D1, 10, "x"), paid("2", D2, 10, None), paid("3", D3, 10, "x"))
        .cover("order_head", "list", D1, D3)
    )
    facts.add("observation", said("paying_buyers", D2, 1)).build()
    row = one(facts, "paying_buyers", D1, D3)
    assert (row["value"], row["bound"]) == (3, "upper")
    assert "按日累计" in row["basis"]
    assert row["source"] == "list+sycm"


def test_masked_days_without_a_figure_leave_the_range_unknown() -> None:
    """Two known buyers and a day of masked ones are not two buyers; an empty day is."""
    facts = (
        Facts()
        .add("order_head", paid("1", D1, 10, "x"), paid("2", D2, 10, None))
        .cover("order_head", "list", D1, D3)
        .build()
    )
    row = one(facts, "paying_buyers", D1, D3)
    assert math.isnan(row["value"])
    assert "脱敏" in row["basis"]
    assert one(facts, "sales_per_order", D1, D3)["value"] == 10
    assert (lambda r: (r["value"], r["state"]))(one(facts, "paying_buyers", D3, D3)) == (0, "ok")


def test_a_ratio_of_people_never_mixes_exact_buyers_with_summed_visitors() -> None:
    """Daily sums above and below: 4 / 200, although only 3 people bought."""
    facts = (
        Facts()
        .add(
            "order_head", paid("1", D1, 10, "x"), paid("2", D1, 10, "y"), paid("3", D2, 10, "x"), paid("4", D2, 30, "z")
        )
        .cover("order_head", "list", D1, D2)
    )
    facts.add("observation", said("visitors", D1, 120), said("visitors", D2, 80)).build()
    row = one(facts, "conversion_rate", D1, D2)
    assert (row["value"], row["bound"]) == (0.02, "upper")
    assert one(facts, "visitor_value", D1, D2)["value"] == 0.3


def test_the_platforms_own_week_comes_first() -> None:
    """Its period figures stand for exactly that period, above and below the line."""
    week = {"period_kind": "week", "day_to": "2026-11-08"}
    facts = Facts().add("observation", *[said("visitors", f"2026-11-0{d}", 100) for d in range(2, 9)], *[said("paying_buyers", f"2026-11-0{d}", 10) for d in range(2, 9)],
                        *[said("sales", f"2026-11-0{d}", 1000) for d in range(2, 9)], said("visitors", D1, 500, **week), said("paying_buyers", D1, 60, **week)).build()  # fmt: skip
    assert (lambda r: (r["value"], r["bound"]))(one(facts, "visitors", D1, "2026-11-08")) == (500, "exact")
    assert one(facts, "conversion_rate", D1, "2026-11-08")["value"] == 0.12
    assert one(facts, "visitor_value", D1, "2026-11-08")["value"] == 14
    shorter = one(facts, "visitors", D1, "2026-11-07")
    assert (shorter["value"], shorter["bound"]) == (600, "upper")
    assert list(facts.metric("visitors", D1, "2026-11-08", by="shop").value) == [500]


def test_a_week_without_days_is_still_known() -> None:
    facts = Facts().add("observation", said("visitors", D1, 500, period_kind="week", day_to="2026-11-08")).build()
    row = one(facts, "visitors", D1, "2026-11-08")
    assert (row["value"], row["bound"], row["source"], row["state"]) == (500, "exact", "sycm", "ok")


def test_a_week_of_one_shop_is_not_the_week_of_two() -> None:
    facts = Facts(("a", "tmall", "CNY"), ("b", "tmall", "CNY"))
    facts.add(
        "observation",
        said("visitors", D1, 10),
        said("visitors", D1, 20, shop="b"),
        said("visitors", D1, 25, period_kind="week", day_to="2026-11-08"),
    ).build()
    row = one(facts, "visitors", D1, "2026-11-08")
    assert (row["value"], row["bound"]) == (30, "upper")


def test_ratios_use_only_days_that_have_both_parts() -> None:
    """Visitors missing on the 2nd day: its sales stay out of the value per visitor, and the answer is partial."""
    facts = (
        Facts().add("observation", said("visitors", D1, 100), said("sales", D1, 500), said("sales", D2, 900)).build()
    )
    row = one(facts, "visitor_value", D1, D2)
    assert (row["value"], row["state"], row["days"]) == (5, "partial", 1)


def test_a_missing_day_is_a_gap_and_the_total_partial() -> None:
    facts = Facts().add("observation", said("sales", D1, 500), said("sales", D3, 100)).build()
    days = facts.metric("sales", D1, D3, by="day")
    assert [None if math.isnan(v) else v for v in days.value] == [500, None, 100]
    assert list(days.state) == ["ok", "missing", "ok"]
    assert one(facts, "sales", D1, D3)["state"] == "partial"
    assert one(facts, "sales", D1, D3)["value"] == 600


def test_nothing_at_all_is_null_not_zero() -> None:
    row = one(Facts().add("observation", said("sales", D1, 5)).build(), "visitors", D1, D3)
    assert math.isnan(row["value"])
    assert row["state"] == "missing"


def test_as_of_is_the_oldest_input() -> None:
    facts = (
        Facts()
        .add(
            "observation",
            said("sales", D1, 5, as_of="2026-11-05 09:00:00"),
            said("visitors", D1, 5, as_of="2026-11-03 08:00:00"),
        )
        .build()
    )
    assert str(one(facts, "visitor_value", D1, D1)["as_of"]) == "2026-11-03 08:00:00"


def test_currencies_are_never_added() -> None:
    facts = (
        Facts(("a", "tmall", "CNY"), ("u", "shopify", "USD"))
        .add("observation", said("sales", D1, 700), said("sales", D1, 100, shop="u"))
        .build()
    )
    found = facts.metric("sales", D1, D1)
    assert list(zip(found.currency, found.value, strict=True)) == [("CNY", 700), ("USD", 100)]
    assert len(facts.metric("sales", D1, D1, shops=["u"])) == 1


def test_break_even_needs_a_margin_and_uses_the_one_of_the_day() -> None:
    """Margin 0.5 on the 2nd, 0.4 from the 3rd on, fee 5 %, refunds 100 of 1,000 each day: 2000 / (900*0.5*0.95 + 900*0.4*0.95)."""
    facts = (
        Facts()
        .add("observation", *[said(m, d, v) for d in (D1, D2) for m, v in (("sales", 1000), ("refunds", 100))])
        .build()
    )
    assert math.isnan(one(facts, "break_even_roas", D1, D2)["value"])
    cost = {"item_id": "", "source": "hand"}
    facts.add(
        "cost",
        cost | {"kind": "margin_rate", "day": "2026-11-01", "value": 0.5},
        cost | {"kind": "margin_rate", "day": D2, "value": 0.4},
        cost | {"kind": "fee_rate", "day": "2026-11-01", "value": 0.05},
    ).build()
    assert one(facts, "break_even_roas", D1, D2)["value"] == pytest.approx(2000 / (900 * 0.5 * 0.95 + 900 * 0.4 * 0.95))
    assert one(facts, "gross_profit", D1, D2)["value"] == pytest.approx(810)


def test_break_even_says_what_it_could_not_take_off() -> None:
    facts = (
        Facts()
        .add("observation", said("sales", D1, 1000))
        .add("cost", {"item_id": "", "kind": "margin_rate", "day": "2026-11-01", "value": 0.5})
        .build()
    )
    row = one(facts, "break_even_roas", D1, D1)
    assert row["value"] == 2
    assert row["basis"].endswith("未含退款 · 未含扣点")


def test_items_split_sales_and_ratios() -> None:
    goods = {"source": "goods", "day": D1, "currency": "CNY"}
    facts = (
        Facts()
        .add(
            "item_day",
            goods | {"item_id": "1", "title": "杯", "sales": 90, "visitors": 30, "paying_buyers": 3},
            goods | {"item_id": "2", "title": "碗", "sales": 10, "visitors": 20},
        )
        .build()
    )
    found = facts.metric("visitor_value", D1, D1, by="item")
    assert list(zip(found.item, found.title, found.value, strict=True)) == [("1", "杯", 3.0), ("2", "碗", 0.5)]
    assert list(facts.metric("conversion_rate", D1, D1, by="item").value) == [0.1]


def test_channels_split_orders() -> None:
    facts = (
        Facts()
        .add("order_head", paid("1", D1, 10, "x", channel="live_own"), paid("2", D1, 30, "y", channel="card"))
        .build()
    )
    found = facts.metric("sales", D1, D1, by="channel")
    assert list(zip(found.channel, found.value, strict=True)) == [("card", 30), ("live_own", 10)]


def test_unknown_names_are_refused_with_the_valid_ones() -> None:
    facts = Facts().build()
    with pytest.raises(UnknownMetric, match="visitors"):
        facts.metric("gmv", D1, D1)
    with pytest.raises(UnknownDimension, match="day, shop, platform, item"):
        facts.metric("visitors", D1, D1, by="campaign")
    with pytest.raises(UnknownDimension):
        facts.metric("sales", D1, D1, by=["item", "channel"])
