"""Medusa: the saved answer becomes hand-worked rows, a wrong key an error, and an order's still `updated_at` loses nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.api.config import Account
from connectors.api.endpoint import Answer
from connectors.api.redact import Redactor
from connectors.catalog import connector
from connectors.errors import AccessDenied, PlatformDown, UnexpectedPayload
from tests.connectors.api.canned import Desk, desk, said, sample

NOON = 1795147200  # 2026-11-20 12:00 in Shanghai
DAY_S = 86_400
KEY = "sk_canary0123456789"
ACCOUNT = Account("md", "medusa", "shopmd", since="2026-11-18", base_url="https://shop.example")
ORDERED = datetime(2026, 11, 18, 9)
PAYMENT = {"id": "pay_1", "captures": [], "refunds": []}


def changed(change: Callable[[dict[str, Any]], Any], count: int = 1) -> Answer:
    """The saved answer as the whole list, its order changed."""
    body = json.loads(sample("medusa", "admin_orders_page").body)
    body["count"] = count
    change(body["orders"][0])
    return Answer(200, {}, json.dumps(body).encode())


def paid(order: dict[str, Any], refunds: list[dict[str, Any]] | None = None) -> None:
    """Captured in two parts, the first on the 19th."""
    captures = [
        {"id": "capt_2", "amount": 99.5, "created_at": "2026-11-19T17:00:00.000Z"},
        {"id": "capt_1", "amount": 100, "created_at": "2026-11-19T03:00:00.000Z"},
    ]
    order["payment_collections"] = [{"id": "pay_col_1", "payments": [PAYMENT | {"captures": captures, "refunds": refunds or []}]}]


def heads(at: Desk) -> list[tuple[Any, ...]]:
    return at.rows("SELECT order_id, status, created_at, paid_at, placed_amount, paid_amount FROM fact.order_head")


def test_the_sample_becomes_an_order_and_its_line() -> None:
    """199.5 yuan are 199.50, not 1.995; money that came in without a listed capture counts on the day of the order; the e-mail is not kept."""
    with desk(ACCOUNT, {"api_key": KEY}, {"/admin/orders": [changed(lambda order: order)]}, NOON) as at:
        at.sync()
        assert heads(at) == [("order_01DEMO1", "paid", ORDERED, ORDERED, Decimal("199.50"), Decimal("199.50"))]
        assert at.rows("SELECT source, account, currency, freight, seller_discount, units, buyer, status_raw, updated_at, status_rank FROM fact.order_head") == [
            ("medusa.orders", "md", "CNY", 0, 20, 2, None, "pending/captured/not_fulfilled", datetime(2026, 11, 19, 1), 20)
        ]
        assert at.rows("SELECT order_id, line_id, item_id, sku_code, title, units, list_price, placed_amount, paid_amount FROM fact.order_line") == [
            ("order_01DEMO1", "ordli_01", "TEA-1", "TEA-1", "Tea", 2, Decimal("109.75"), Decimal("199.50"), Decimal("199.50"))
        ]
        assert at.rows("SELECT count(*) FROM fact.refund") == [(0,)]
        assert not [path for path in at.book.packages.rglob("*") if path.is_file() and b"example.test" in path.read_bytes()]


def test_captures_and_refunds_count_on_their_own_days() -> None:
    """Captured in two parts: the sale of the first one's day; 30.25 went back later and is a row of its own."""
    refund = {"id": "ref_1", "amount": 30.25, "created_at": "2026-11-19T20:00:00.000Z", "note": "x"}
    with desk(ACCOUNT, {"api_key": KEY}, {"/admin/orders": [changed(lambda order: paid(order, [refund]))]}, NOON) as at:
        at.sync()
        assert heads(at) == [("order_01DEMO1", "paid", ORDERED, datetime(2026, 11, 19, 11), Decimal("199.50"), Decimal("199.50"))]
        assert at.rows("SELECT source, refund_id, order_id, done_at, amount, currency, is_done FROM fact.refund") == [
            ("medusa.refunds", "ref_1", "order_01DEMO1", datetime(2026, 11, 20, 4), Decimal("30.25"), "CNY", True)
        ]


def test_a_cancelled_order_stays_the_sale_that_was_captured() -> None:
    """Credit lines bring the total of a cancelled order to 0; captures and the first version's total stand."""

    def cancelled(order: dict[str, Any]) -> None:
        paid(order)
        order |= {"status": "canceled", "total": 0, "discount_total": 0}
        order["summary"]["current_order_total"] = 0

    with desk(ACCOUNT, {"api_key": KEY}, {"/admin/orders": [changed(cancelled)]}, NOON) as at:
        at.sync()
        assert heads(at) == [("order_01DEMO1", "closed", ORDERED, datetime(2026, 11, 19, 11), Decimal("199.50"), Decimal("199.50"))]


def test_a_capture_that_leaves_updated_at_still_is_found() -> None:
    """Authorised only at first; captured ten days after the order, whose `updated_at` has not moved: the daily look at older orders finds it."""

    def authorised(order: dict[str, Any]) -> None:
        order["payment_collections"] = [{"id": "pay_col_1", "payments": [PAYMENT]}]
        order["payment_status"], order["summary"]["paid_total"] = "authorized", 0

    with desk(ACCOUNT, {"api_key": KEY}, {"/admin/orders": [changed(authorised), changed(paid)]}, NOON) as at:
        at.sync("orders")
        assert heads(at) == [("order_01DEMO1", "unpaid", ORDERED, None, Decimal("199.50"), None)]
        at.clock.value += 10 * DAY_S
        at.sync("orders_again")
        assert heads(at) == [("order_01DEMO1", "paid", ORDERED, datetime(2026, 11, 19, 11), Decimal("199.50"), Decimal("199.50"))]


def test_every_field_and_the_page_size_are_asked_for() -> None:
    """The server's own choice of fields lacks currency and lines, its own page is 15 long; no status is left out, nothing is asked by `updated_at`."""
    with desk(ACCOUNT, {"api_key": KEY}, {"/admin/orders": [changed(paid)]}, NOON) as at:
        at.sync("orders")
        asked = at.transport.asked[0]
        fields = asked.query["fields"].split(",")
        assert {"currency_code", "summary", "*items", "*payment_collections.payments.captures"} <= set(fields)
        assert {name: value for name, value in asked.query.items() if name != "fields"} == {
            "order": "id", "limit": "100", "offset": "0", "created_at[$gte]": "2026-11-17T16:00:00Z", "created_at[$lt]": "2026-11-20T16:00:00Z"
        }  # fmt: skip
        assert asked.headers["Authorization"] == "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()


def test_a_short_list_is_asked_again_and_said_to_be_incomplete() -> None:
    """The saved page states 41 orders and holds one: it is read again and never taken for all."""
    with desk(ACCOUNT, {"api_key": KEY}, {"/admin/orders": [changed(paid, 41)]}, NOON) as at:
        runs = at.sync("orders")
        assert [manifest.complete for manifest in runs[0].packages] == [False] and len(at.transport.asked) == 4


def test_a_wrong_key_and_a_broken_server_are_no_empty_shop() -> None:
    """401 says which key to look at; 500 is tried again; an answer without a list stops the window."""
    made = connector("medusa")
    with pytest.raises(AccessDenied, match="secret key"):
        said(made, sample("medusa", "error_unauthorized"))
    with pytest.raises(PlatformDown):
        said(made, Answer(500, {}, b'{"type": "unknown_error", "message": "x"}'))
    with pytest.raises(UnexpectedPayload):
        made.records(made.endpoints[0], said(made, Answer(200, {}, b"{}")))


def test_the_key_is_blanked_as_it_travels() -> None:
    """A key that is the user of Basic authorisation, with no password, is known in Base64 too."""
    sent = base64.b64encode(f"{KEY}:".encode()).decode()
    assert Redactor((KEY,)).text(f"Basic {sent} was refused") == "Basic *** was refused"
