"""What every purse spent by day, from facts to the question: commission by payment while it is open, by settlement otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

from queries.catalog import sql_of
from tests.queries.facts import Facts


def _asked(facts: Facts, **more: Any) -> list[tuple[str, str, str, float]]:
    params = {"shops": None, "day_from": date(2026, 11, 1), "day_to": date(2026, 11, 30)} | more
    frame = facts.build().query(sql_of("ads/purses"), params)
    return [(r.purse, f"{r.day:%m-%d}", r.basis, float(r.spend)) for r in frame.itertuples()]


def _line(number: str, created: str, settled: str | None, commission: float, **more: Any) -> dict[str, Any]:
    return {"line_id": number, "created_at": created, "settled_at": settled, "commission": commission, "service_fee": 1, "source": "tbk", **more}


def test_commission_by_payment_while_lines_are_open() -> None:
    """Paid on the 1st: one line settled at 9, one open at 5, without the service fees: 14 on the day of payment, nothing on the 20th."""
    facts = Facts().add(
        "commission", _line("1", "2026-11-01 10:00", "2026-11-20 10:00", 9), _line("2", "2026-11-01 11:00", None, 5), currency="CNY"
    )
    assert _asked(facts) == [("taobaoke", "11-01", "commission_paid", 14.0)]


def test_commission_by_settlement_without_open_lines() -> None:
    """Only settled lines are in the book: 9 on the day of settlement, commission given back is taken off on its own."""
    facts = Facts().add(
        "commission", _line("1", "2026-11-01 10:00", "2026-11-20 10:00", 9),
        _line("r", None, "2026-11-25 10:00", -4, refunded_at="2026-11-25 10:00", service_fee=0), currency="CNY",
    )  # fmt: skip
    assert _asked(facts) == [("taobaoke", "11-20", "commission_settled", 9.0), ("taobaoke", "11-25", "commission_settled", -4.0)]


def test_ad_money_once_and_coupons_beside_it() -> None:
    """The plan report's 100 counts, the item report's 98 does not; coupons of paid orders are their own purse."""
    facts = Facts().add("ad_day", {"source": "plan", "campaign_id": "c", "spend": 100}, {"source": "product", "campaign_id": "i", "spend": 98}, day="2026-11-02", currency="CNY")
    facts.add("order_head", {
        "source": "list", "order_id": "o", "created_at": "2026-11-02 09:00", "paid_at": "2026-11-02 09:05", "paid_amount": 50, "placed_amount": 50,
        "seller_discount": 7, "currency": "CNY", "status": "paid",
    })  # fmt: skip
    facts.cover("order_head", "list", "2026-11-02", "2026-11-02")
    found = _asked(facts)
    assert ("alimama", "11-02", "ads", 100.0) in found and not [row for row in found if row[3] == 98]
    assert ("coupons", "11-02", "coupons", 7.0) in found


def test_fees_are_sales_times_the_rate_that_holds() -> None:
    """5 % from the 1st, 6 % from the 3rd: 100 sold on the 2nd costs 5, on the 3rd 6; before the first rate nothing is known."""
    facts = Facts().add("cost", {"day": "2026-11-01", "value": 0.05}, {"day": "2026-11-03", "value": 0.06}, kind="fee_rate", item_id="")
    for day in ("2026-10-31", "2026-11-02", "2026-11-03"):
        facts.add("observation", {"source": "hand", "metric": "sales", "value": 100, "day": day, "period_kind": "day", "scope": "", "currency": "CNY"})
        facts.cover("observation", "hand", day, day)
    assert _asked(facts, day_from=date(2026, 10, 1)) == [("fees", "11-02", "fees", 5.0), ("fees", "11-03", "fees", 6.0)]
