"""Ad queries on hand-made marts: money once, credited sales only beside the spend that earned them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.queries.handmade import Marts

D1, D2 = date(2026, 11, 10), date(2026, 11, 11)
SAME = {"shop": "s1", "platform": "tmall", "currency": "CNY", "purse": "alimama", "account": "acc"}
ONE_DAY = {"shops": None, "day_from": D2, "day_to": D2}


def _ad(
    day: date, campaign: str, spend: float | None, sales: float | None, chosen: bool = True, **more: object
) -> dict:
    source = "plan" if chosen else "item"
    return {
        **SAME, "day": day, "campaign_id": campaign, "campaign": campaign, "ad_group_id": "", "spend": spend,
        "attributed_sales": sales, "is_chosen": chosen, "source": source, "attribution": "15天", **more,
    }  # fmt: skip


@pytest.fixture
def marts() -> Marts:
    """Two campaigns over two days, the second day once more in an item report that is not counted."""
    m = Marts()
    m.add("source", [{"source": "plan", "label_zh": "计划报表"}, {"source": "item", "label_zh": "商品报表"}])
    for row in (
        _ad(D1, "c1", 50, 100),
        _ad(D2, "c1", 100, 400),
        _ad(D2, "c2", 20, None),
        _ad(D2, "i1", 118, 390, chosen=False),
        _ad(D2, "c9", 5, 10, currency="USD", shop="s2", purse="meta"),
    ):
        m.add("campaign_day", [row])
    return m


def test_the_same_money_is_counted_once(marts: Marts) -> None:
    """120 of the plan report; the item report's 118 is beside it, 2 less."""
    drill = marts.ask("ads/drill", **ONE_DAY)
    assert drill[drill["currency"] == "CNY"]["spend"].sum() == 120
    checks = marts.ask("ads/checks", **ONE_DAY)
    assert len(checks) == 1
    row = checks.iloc[0]
    assert (row["other_zh"], row["counted_zh"], row["days"]) == ("商品报表", "计划报表", 1)
    assert (row["other_spend"], row["counted_spend"], row["difference"]) == (118, 120, -2)


def test_two_attributions_of_a_group_are_both_named(marts: Marts) -> None:
    """A campaign credited under 15天 one day and 30天 the next says both."""
    marts.add("campaign_day", [_ad(D2, "c1", 1, 1, ad_group_id="", attribution="30天")])
    row = marts.ask("ads/drill", **ONE_DAY).set_index("campaign_id").loc["c1"]
    assert (row["attribution"], row["attribution_to"], row["spend"]) == ("15天", "30天", 101)


def test_roas_divides_by_the_spend_that_states_sales(marts: Marts) -> None:
    """400 / 100: c2 spent 20 and states no sales, so its 20 is not under the line."""
    daily = marts.ask("ads/daily", **ONE_DAY).set_index("purse")
    assert (daily.loc["alimama", "spend"], daily.loc["alimama", "roas"]) == (120, 4)
    drill = marts.ask("ads/drill", **ONE_DAY).set_index("campaign_id")
    assert drill.loc["c1", "spend_with_sales"] == 100
    assert pd.isna(drill.loc["c2", "spend_with_sales"])


def test_currencies_and_purses_stay_apart(marts: Marts) -> None:
    """5 USD of Meta is never added to 120 CNY."""
    daily = marts.ask("ads/daily", **ONE_DAY)
    assert sorted(zip(daily["currency"], daily["spend"], strict=True)) == [("CNY", 120), ("USD", 5)]
    only = marts.ask("ads/daily", shops=["s2"], day_from=D2, day_to=D2)
    assert only["purse"].tolist() == ["meta"]


def test_costs_stand_one_row_per_shop_item_and_day() -> None:
    """Three kinds typed on one day are one row; a fee typed later is its own row without a margin."""
    m = Marts()
    rows = [(D1, "margin_rate", 0.4), (D1, "fee_rate", 0.05), (D1, "freight_per_order", 3), (D2, "fee_rate", 0.06)]
    m.add(
        "cost",
        [{"day": d, "kind": k, "value": v} for d, k, v in rows],
        shop="s1", item_id="", currency="CNY",
    )  # fmt: skip
    costs = m.ask("ads/costs", shops=None)
    assert [float(v) for v in costs["fee_rate"]] == [0.06, 0.05]
    assert pd.isna(costs["margin_rate"].iloc[0])
    assert float(costs["freight_per_order"].iloc[1]) == 3
