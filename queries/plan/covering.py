"""Which lines of which plans stand beside what a page shows. The one matching rule.

A line covers a page's view when
  plan      it is issued (a draft never counts), as its latest version states it,
  metric    its metric belongs to the page's family below; on the live page also whatever each session is held to,
  period    its days touch the days shown,
  shops     it is about shops of the view (its own shop, or those of its platform), or about all shops.
Order: lines about exactly the shops shown, then about a part of them, then about more than is shown. Among those the
narrower first (fewer shops, then fewer days), then the later issued plan, then the order they were written in.
A month's target of one shop that the page draws already (`drawn`, from mart.target) is left out.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from queries.plan.actuals import SESSION_FIGURES
from queries.plan.cells import text_of
from queries.plan.days import several

EXACT, PART, WIDER = 0, 1, 2
FAMILIES = {
    "overview": (
        "sales", "placed_amount", "placed_orders", "paid_orders", "units", "paying_buyers", "placed_buyers", "net_sales",
        "refunds", "refund_orders", "cohort_refunds", "refund_rate", "cohort_refund_rate", "refund_order_rate", "coupon_cost",
        "sales_per_buyer", "sales_per_order", "sales_per_unit", "units_per_order", "gross_profit", "gross_margin_rate",
        "contribution", "affiliate_sales", "affiliate_commission", "affiliate_service_fee", "commission_rate",
    ),
    "traffic": (
        "visitors", "page_views", "visits", "new_visitors", "cart_users", "cart_units", "fav_users", "stay_s", "pages_per_visitor",
        "avg_stay_s", "cart_rate", "visitor_value", "conversion_rate", "order_conversion_rate", "payment_rate",
    ),
    "ads": (
        "spend", "impressions", "clicks", "attributed_sales", "direct_sales", "attributed_orders", "net_attributed_sales",
        "ad_refund_1h", "ad_coupon_amount", "ad_cart_adds", "ad_new_buyers", "ctr", "cpc", "cpm", "ad_conversion_rate", "roas",
        "direct_roas", "net_roas", "mer", "ad_cost_ratio", "net_ad_cost_ratio", "break_even_roas", "roas_headroom", "cost_per_order",
        "cac", "cost_per_cart",
    ),
    "live": (
        "live_sessions", "live_hours", "live_impression_users", "live_viewers", "live_views", "live_sales", "live_user_paid",
        "live_orders", "live_buyers", "live_units", "live_watch_s", "live_online_s", "pcu", "acu", "new_followers", "live_comments",
        "product_impression_users", "product_click_users", "live_refunds", "live_refund_1h", "live_ad_spend", "live_entry_rate",
        "avg_watch_s", "follow_rate", "product_exposure_rate", "product_click_rate", "click_to_pay_rate", "watch_to_pay_rate",
        "gpm_views", "opm_views", "live_visitor_value", "live_sales_per_hour", "live_refund_rate", "live_refund_1h_rate",
        *SESSION_FIGURES,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Cover:
    """A line that covers the view. fit: EXACT, PART or WIDER; issued: when its version was saved, UTC."""

    plan: str
    title: str
    node: str
    metric: str
    issued: str
    fit: int


def asked(page: str, day_from: date, day_to: date) -> dict[str, Any]:
    """Parameters of plan/covering for a page's family. Raises KeyError for a page without one."""
    return {
        "metrics": list(FAMILIES[page]),
        "sessions": page == "live",
        "day_from": day_from,
        "day_to": day_to,
    }


def covering(
    rows: pd.DataFrame, shops: pd.DataFrame, chosen: Iterable[str] | None, month: date, drawn: Collection[str] = ()
) -> list[Cover]:
    """The rows of plan/covering that cover the chosen shops (None: all), in the order of the rule above.

    shops: shop, platform of every shop there is; month: the first day of the month whose targets the page draws already
    for the metrics in `drawn`.
    """
    platforms = dict(zip(shops["shop"].astype(str), shops["platform"].astype(str), strict=True))
    wanted = set(platforms) if chosen is None else set(chosen)
    found: list[tuple[tuple[int, int, int, int], Cover]] = []
    for place, row in enumerate(rows.to_dict("records")):
        first = pd.Timestamp(row["day"]).date()
        if row["is_month"] and row["metric"] in drawn and first == month:
            continue
        about = _shops(row, platforms)
        fit = fit_of(about, wanted)
        if fit is not None:
            found.append(((fit, len(about), (_last(row) - first).days, place), _cover(row, fit)))
    return [cover for _, cover in sorted(found, key=lambda pair: pair[0])]


def fit_of(about: set[str], wanted: set[str]) -> int | None:
    """How a line about these shops fits the shops shown; None when it is about none of them."""
    if not about & wanted:
        return None
    return EXACT if about == wanted else PART if about < wanted else WIDER


def _shops(row: dict[Any, Any], platforms: dict[str, str]) -> set[str]:
    if text_of(row["shop"]):
        return {text_of(row["shop"])}
    platform = json.loads(text_of(row["scope"]) or "{}").get("platform", "")
    named: Sequence[str] = several(platform)
    return {shop for shop, mine in platforms.items() if mine in named} if named else set(platforms)


def _cover(row: dict[Any, Any], fit: int) -> Cover:
    plan, title, node, metric, issued = (text_of(row[name]) for name in ("plan", "title", "node", "metric", "issued"))
    return Cover(plan, title, node, metric, issued, fit)


def _last(row: dict[Any, Any]) -> date:
    return date(9999, 12, 31) if pd.isna(row["day_to"]) else pd.Timestamp(row["day_to"]).date()
