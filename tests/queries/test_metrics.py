"""Every metric's worked example comes out of the book; definitions are complete."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import queries
from queries.metrics import METRICS, Metric
from tests.queries.facts import Facts

NEEDED = """
visitors page_views new_visitors cart_users conversion_rate placed_amount sales refunds net_sales paying_buyers paid_orders
units sales_per_buyer sales_per_order visitor_value spend impressions clicks ctr cpc cpm attributed_sales roas mer ad_cost_ratio
break_even_roas live_sessions live_hours live_viewers live_views live_sales gpm_views acu pcu avg_watch_s new_followers
live_entry_rate product_click_rate click_to_pay_rate refund_rate
"""
D1, D2 = "2026-11-01", "2026-11-02"
PEOPLE_OF_ITEMS = {"items", "ad_items", "order_lines"}


@pytest.fixture(scope="module")
def facts() -> Facts:
    """One shop per metric, holding the figures of its example."""
    book = Facts(*[(name, "tmall", "CNY") for name in METRICS])
    for metric in METRICS.values():
        figures = {k: [v] for k, v in metric.example.items() if k not in ("days", "value")} or {
            metric.id: metric.example["days"]
        }
        for kind in ("margin_rate", "fee_rate"):
            if kind in figures:
                book.add(
                    "cost",
                    {"item_id": "", "kind": kind, "day": "2026-01-01", "value": figures.pop(kind)[0]},
                    shop=metric.id,
                )
        for name, values in figures.items():
            for day, value in zip((D1, D2), values, strict=False):
                book.add(
                    "observation",
                    {"source": "hand", "metric": name, "period_kind": "day", "day": day, "value": value},
                    shop=metric.id,
                )
    # figures that may not be typed (ads, sessions) are let in here, to check the formula alone
    book.con.execute(
        "INSERT INTO metric_source SELECT metric, 'typed', 90 FROM metric_source GROUP BY metric HAVING NOT bool_or(kind = 'typed')"
    )
    return book.build()


def answered(facts: Facts, metric: Metric) -> pd.DataFrame:
    return facts.metric(metric.id, D1, D2 if "days" in metric.example else D1, shops=[metric.id])


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda m: m.id)
def test_worked_example(facts: Facts, metric: Metric) -> None:
    """Numbers worked by hand in metrics.toml."""
    found = answered(facts, metric)
    assert len(found) == 1
    assert found.value[0] == pytest.approx(metric.example["value"], rel=1e-4, abs=1e-6)
    assert found.unit[0] == metric.unit
    assert found.source[0]


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda m: m.id)
def test_two_days_of_people_are_an_upper_bound(facts: Facts, metric: Metric) -> None:
    if metric.additivity == "D" and "days" in metric.example:
        assert answered(facts, metric).bound[0] == "upper"
        assert "累计" in answered(facts, metric).basis[0]


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda m: m.id)
def test_definition_is_complete(metric: Metric) -> None:
    """Label, tooltip and basis in both languages, a direction, parts that exist, an example to check."""
    for text in (metric.label, metric.tooltip, metric.basis):
        assert set(text) == {"zh", "en"}
        assert all(text.values())
    assert metric.good in ("up", "down", "none")
    assert metric.is_base or metric.numerator or metric.special or len(metric.ups) > 1
    assert all(METRICS[part].is_base for part in metric.parts)
    assert metric.additivity != "R" or metric.downs or metric.special
    assert metric.dimensions[:3] == ("day", "shop", "platform")
    if metric.additivity == "D":
        assert not PEOPLE_OF_ITEMS & set(metric.sources) or metric.id == "ad_new_buyers"


def test_the_core_is_there() -> None:
    assert set(NEEDED.split()) <= set(METRICS)
    assert len(METRICS) >= 70


def test_precedence_is_handed_to_the_marts() -> None:
    ranks: dict[str, Any] = {kind: rank for metric, kind, rank in queries.metric_sources() if metric == "refunds"}
    assert ranks["shop"] < ranks["refunds"] < ranks["orders"] < ranks["items"]
