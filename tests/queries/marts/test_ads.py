"""Marts of ads: the same money never twice, in no report, window or hour."""

from __future__ import annotations

from typing import Any

from tests.queries.facts import Facts

D1, D2 = "2026-11-01", "2026-11-02"


def ad(source: str, campaign: str, spend: float, **more: Any) -> dict[str, Any]:
    return {
        "source": source,
        "campaign_id": campaign,
        "campaign": f"plan {campaign}",
        "day": D1,
        "spend": spend,
        "currency": "CNY",
        "as_of": "2026-11-20 09:00:00",
    } | more


def test_one_report_per_purse_then_purses_are_added() -> None:
    """Plan and item report are the same purse: 100, not 195; Qianchuan's 30 is other money."""
    facts = Facts().add(
        "ad_day",
        ad("plan", "1", 60, clicks=6),
        ad("plan", "2", 40, clicks=4),
        ad("product", "1", 95, item_id="i", clicks=9),
        ad("qc", "9", 30, clicks=1),
    )
    for source in ("plan", "product", "qc"):
        facts.cover("ad_day", source, D1, D1)
    facts.build()
    assert facts.value("spend", D1) == (130, "plan+qc", "ok")
    assert facts.value("clicks", D1) == (11, "plan+qc", "ok")
    chosen = facts.rows(
        "SELECT source, sum(CAST(spend AS DOUBLE)), is_chosen FROM campaign_day GROUP BY source, is_chosen ORDER BY source"
    )
    assert chosen == [("plan", 100, True), ("product", 95, False), ("qc", 30, True)]
    assert facts.rows(
        "SELECT source, CAST(difference AS DOUBLE) FROM check_day WHERE metric = 'spend' AND NOT is_chosen"
    ) == [("product", -5)]


def test_only_the_longest_attribution_window_counts() -> None:
    """A report that lists the day once per window spent its money once."""
    windows = [("1天", 1, 100), ("15天", 15, 300)]
    facts = Facts()
    for words, days, sold in windows:
        facts.add("ad_day", ad("wxt", "", 50, attribution=words, attribution_days=days, attributed_sales=sold))
    facts.build()
    assert facts.value("spend", D1) == (50, "wxt", "partial")
    assert facts.value("attributed_sales", D1) == (300, "wxt", "partial")
    assert facts.rows("SELECT attribution, is_chosen FROM campaign_day ORDER BY is_chosen") == [
        ("1天", False), ("15天", True)]  # fmt: skip


def test_ad_groups_may_have_windows_of_their_own() -> None:
    """Another ad group's shorter window is other money and stays."""
    facts = (
        Facts()
        .add(
            "ad_day",
            ad("plan", "1", 50, ad_group_id="g1", attribution="7", attribution_days=7),
            ad("plan", "1", 20, ad_group_id="g2", attribution="1", attribution_days=1),
        )
        .build()
    )
    assert facts.value("spend", D1) == (70, "plan", "partial")


def test_hours_add_up_only_without_a_whole_day_row() -> None:
    facts = (
        Facts()
        .add(
            "ad_day",
            ad("qc", "1", 10, hour=20),
            ad("qc", "1", 15, hour=21),
            ad("plan", "2", 9, hour=-1),
            ad("plan", "2", 4, hour=8),
            ad("plan", "2", 5, hour=9),
        )
        .build()
    )
    assert facts.value("spend", D1) == (34, "plan+qc", "partial")
    assert facts.rows("SELECT hour, metric, CAST(value AS DOUBLE) FROM shop_hour ORDER BY metric, hour, value") == [
        (8, "spend", 4), (9, "spend", 5), (20, "spend", 10), (21, "spend", 15)]  # fmt: skip


def test_a_covered_day_without_ads_spent_nothing() -> None:
    facts = Facts().cover("ad_day", "plan", D1, D1).build()
    assert facts.value("spend", D1) == (0, "plan", "ok")
    assert facts.value("attributed_sales", D1) == (0, "plan", "ok")


def test_a_typed_spend_counts_only_without_ad_reports() -> None:
    typed = {"source": "hand", "metric": "spend", "period_kind": "day", "value": 77}
    facts = (
        Facts()
        .add("observation", typed | {"day": D1}, typed | {"day": D2})
        .add("ad_day", ad("plan", "1", 60))
        .cover("ad_day", "plan", D1, D1)
        .build()
    )
    assert facts.value("spend", D1) == (60, "plan", "ok")
    assert facts.value("spend", D2) == (77, "hand", "ok")


def test_a_purse_keeps_its_own_currency() -> None:
    facts = Facts().add("ad_day", ad("plan", "1", 60), ad("qc", "2", 8, currency="USD")).build()
    assert facts.rows(
        "SELECT currency, CAST(value AS DOUBLE) FROM shop_day WHERE metric = 'spend' ORDER BY currency"
    ) == [("CNY", 60), ("USD", 8)]


def test_ad_ratios_pair_their_parts_within_one_report() -> None:
    """A purse that states no impressions must not lift the click rate of the other."""
    facts = (
        Facts().add("ad_day", ad("plan", "1", 60, clicks=10, impressions=1000), ad("qc", "2", 40, clicks=90)).build()
    )
    assert facts.metric("ctr", D1, D1).value[0] == 0.01
    assert facts.metric("cpc", D1, D1).value[0] == 1.0
    split = facts.metric("cpc", D1, D1, by="campaign")
    assert list(zip(split.campaign, split.title, split.value.round(4), strict=True)) == [
        ("1", "plan 1", 6.0),
        ("2", "plan 2", 0.4444),
    ]


def test_commission_by_settlement_and_given_back_on_its_own_day() -> None:
    base = {"source": "tbk", "order_id": "o", "currency": "CNY"}
    facts = Facts().add("commission", base | {"line_id": "1", "created_at": "2026-10-20 10:00:00", "settled_at": f"{D1} 10:00:00", "commission": 12, "service_fee": 1, "paid_amount": 120},
                        base | {"line_id": "1-back", "settled_at": f"{D1} 10:00:00", "refunded_at": f"{D2} 10:00:00", "commission": -5, "service_fee": 0, "paid_amount": 50}).build()  # fmt: skip
    assert facts.value("affiliate_commission", D1) == (12, "tbk", "partial")
    assert facts.value("affiliate_commission", D2) == (-5, "tbk", "partial")
    assert facts.value("affiliate_sales", D1) == (120, "tbk", "partial")
    assert facts.value("spend", D1) is None  # commission is not ad spend
