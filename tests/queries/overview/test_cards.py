"""Cards from hand-made frames: ratios divide last, a late shop is named and never counts as a fall."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from queries.overview import cards

LAST = date(2026, 11, 12)
NO_TARGETS = pd.DataFrame(columns=["shop", "metric", "currency", "target", "reached", "days"])
Row = tuple[str, str, str, float]


def figures(*rows: Row, days: int = 1, wanted: int = 1, currency: str = "CNY") -> pd.DataFrame:
    """(shop, metric, window, value) -> what overview/figures answers: every formula that has all its parts."""
    values = {(shop, span): {} for shop, _, span, _ in rows}
    for shop, metric, span, value in rows:
        values[(shop, span)][metric] = value
    out = [
        {"formula": name, "part": part, "shop": shop, "name": shop.upper(), "platform": "tmall", "currency": currency,
         "span": span, "value": known[part], "days": days, "wanted": wanted}
        for (shop, span), known in values.items()
        for name, parts in cards.ASKED.items() if all(p in known for p in parts)
        for part in parts
    ]  # fmt: skip
    return pd.DataFrame(out)


def expected(*pairs: tuple[str, str], currency: str = "CNY") -> pd.DataFrame:
    rows = [{"shop": s, "name": s.upper(), "currency": currency, "metric": m} for s, m in pairs]
    return pd.DataFrame(rows, columns=["shop", "name", "currency", "metric"])


def spark(*rows: tuple[str, str, int, float]) -> pd.DataFrame:
    """(shop, metric, days back, value)."""
    out = [(s, m, LAST - timedelta(days=b), "CNY", v) for s, m, b, v in rows]
    return pd.DataFrame(out, columns=["shop", "metric", "day", "currency", "value"])


def one(metric: str, frame: pd.DataFrame, hoped: pd.DataFrame, curve: pd.DataFrame | None = None) -> cards.Card:
    made = cards.cards([metric], frame, hoped, spark() if curve is None else curve, NO_TARGETS, LAST)
    assert len(made) == 1
    return made[0]


def test_ratios_divide_last_and_leave_out_shops_without_visitors() -> None:
    """(4 + 6) buyers over (100 + 400) visitors is 2%; the third shop's 9 buyers have no visitors and stay out."""
    frame = figures(
        ("a", "visitors", "now", 100), ("a", "paying_buyers", "now", 4), ("b", "visitors", "now", 400),
        ("b", "paying_buyers", "now", 6), ("c", "paying_buyers", "now", 9),
    )  # fmt: skip
    hoped = expected(("a", "visitors"), ("a", "paying_buyers"), ("b", "visitors"), ("b", "paying_buyers"),
                     ("c", "paying_buyers"))  # fmt: skip
    card = one("conversion_rate", frame, hoped)
    assert card.value == pytest.approx(0.02)
    assert card.missing == ()
    assert card.state == "ok"


def test_a_late_shop_is_named_and_not_compared() -> None:
    """b sold 50 the day before and is not out: the card shows a's 110, compared with a's 100 only."""
    frame = figures(("a", "sales", "now", 110), ("a", "sales", "before", 100), ("b", "sales", "before", 50))
    card = one("sales", frame, expected(("a", "sales"), ("b", "sales")))
    assert (card.value, card.missing, card.state) == (110, ("B",), "partial")
    assert card.before.rate == pytest.approx(0.10)
    assert card.before.value == 100


def test_nothing_out_is_not_zero() -> None:
    """An expected figure that no shop has reads 未出数, which is no number at all."""
    card = one("sales", figures(("a", "sales", "before", 100)), expected(("a", "sales")))
    assert (card.value, card.state, card.before.rate) == (None, "not_out", None)


def test_a_metric_nobody_has_gives_no_card() -> None:
    """A shop that never goes live has no live card."""
    assert cards.cards(["live_sales"], figures(("a", "sales", "now", 1)), expected(("a", "sales")), spark(), NO_TARGETS,
                       LAST) == []  # fmt: skip


def test_net_sales_and_cost_ratio() -> None:
    """100 - 30 = 70 net; 20 spent over 100 sold is 20%, and 100 over 20 is 5."""
    frame = figures(("a", "sales", "now", 100), ("a", "refunds", "now", 30), ("a", "spend", "now", 20))
    hoped = expected(("a", "sales"), ("a", "refunds"), ("a", "spend"))
    assert one("net_sales", frame, hoped).value == 70
    assert one("ad_cost_ratio", frame, hoped).value == pytest.approx(0.2)
    assert one("mer", frame, hoped).value == 5


def test_nothing_to_divide_by_is_no_ratio() -> None:
    """Sales without spend have no 投产比, neither 0 nor infinity."""
    frame = figures(("a", "sales", "now", 100), ("a", "spend", "now", 0))
    assert one("mer", frame, expected(("a", "sales"), ("a", "spend"))).value is None


def test_currencies_stand_side_by_side() -> None:
    """Yuan and dollars are never added."""
    frame = pd.concat([figures(("a", "sales", "now", 100)), figures(("u", "sales", "now", 7), currency="USD")])
    hoped = pd.concat([expected(("a", "sales")), expected(("u", "sales"), currency="USD")])
    made = cards.cards(["sales"], frame, hoped, spark(), NO_TARGETS, LAST)
    assert [(c.currency, c.value) for c in made] == [("CNY", 100), ("USD", 7)]


def test_people_over_days_are_an_upper_bound() -> None:
    """Visitors of seven days added up count one person up to seven times."""
    card = one("visitors", figures(("a", "visitors", "now", 700), days=7, wanted=7), expected(("a", "visitors")))
    assert card.bound == "upper"
    card = one("sales", figures(("a", "sales", "now", 700), days=7, wanted=7), expected(("a", "sales")))
    assert card.bound == "exact"


def test_missing_days_make_a_figure_partial_and_incomparable() -> None:
    """Six of seven days against seven is no comparison."""
    now = figures(("a", "sales", "now", 600), days=6, wanted=7)
    before = figures(("a", "sales", "before", 700), days=7, wanted=7)
    card = one("sales", pd.concat([now, before]), expected(("a", "sales")))
    assert (card.state, card.before.rate, card.before.is_all) == ("partial", None, False)


def test_the_curve_has_gaps_where_a_shop_is_late() -> None:
    """Yesterday b is missing: a gap, not a's figure alone; before b began a stands alone."""
    curve = spark(("a", "sales", 2, 10), ("a", "sales", 1, 11), ("a", "sales", 0, 12), ("b", "sales", 1, 5))
    frame = figures(("a", "sales", "now", 12))
    card = one("sales", frame, expected(("a", "sales"), ("b", "sales")), curve)
    assert card.spark[-3:] == (10, 16, None)
    assert card.spark[0] is None


def test_plan_line_of_the_month() -> None:
    """360 of 900 by the 12th of 30 days: 40% reached, 40% of the time gone; b has no target and does not count."""
    targets = pd.DataFrame([("a", "sales", "CNY", 900.0, 360.0, 12)], columns=list(NO_TARGETS))
    frame = figures(("a", "sales", "now", 30), ("b", "sales", "now", 99))
    made = cards.cards(["sales"], frame, expected(("a", "sales"), ("b", "sales")), spark(), targets, LAST)
    plan = made[0].plan
    assert plan is not None
    assert (plan.target, plan.reached, plan.share, plan.elapsed) == (900, 360, 0.4, 0.4)


def test_a_target_without_figures_is_not_a_missed_one() -> None:
    """Nothing reached yet because nothing is out: the share is unknown."""
    targets = pd.DataFrame([("a", "sales", "CNY", 900.0, None, 0)], columns=list(NO_TARGETS))
    made = cards.cards(["sales"], figures(("a", "sales", "before", 1)), expected(("a", "sales")), spark(), targets, LAST)
    assert made[0].plan is not None
    assert made[0].plan.share is None


def test_a_day_that_is_not_over_counts_its_hours_only() -> None:
    """At 01:59 on the 12th of a 30-day month 11 days and 2 hours are gone; the curve ends the day before."""
    plan = cards.Plan(3000.0, 1100.0, 1100 / 3000, 12 / 30)
    none = cards.Change(None, None, True)
    card = cards.Card("sales", "CNY", 5.0, "ok", (), none, none, (1.0, 2.0, 0.1), "exact", ("a",), plan)
    now = cards.so_far(card, LAST, 1)
    assert now.plan is not None and now.plan.elapsed == pytest.approx((11 + 2 / 24) / 30)
    assert now.spark == (1.0, 2.0)
    assert cards.so_far(replace(card, plan=None), LAST, 1).plan is None
