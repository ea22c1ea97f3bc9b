"""Vendure: the saved answer becomes hand-worked rows, refusals the right errors, and an order's still `updatedAt` loses nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.api.config import Account
from connectors.api.endpoint import Answer
from connectors.catalog import connector
from connectors.errors import AccessDenied, ApiError, BadRequest, NotSupported, PlatformDown, UnexpectedPayload
from tests.connectors.api.canned import Desk, desk, said, sample

NOON = 1795147200  # 2026-11-20 12:00 in Shanghai
DAY_S = 86_400
KEY = "1:canary-vendure-key"
ACCOUNT = Account("vd", "vendure", "shopvd", since="2026-11-18", base_url="https://shop.example")
AT_NINE = datetime(2026, 11, 18, 9)


def changed(change: Callable[[dict[str, Any]], Any]) -> Answer:
    """The saved answer with its placed order changed, the basket gone."""
    body = json.loads(sample("vendure", "admin_orders").body)
    listed = body["data"]["orders"]
    listed["items"], listed["totalItems"] = listed["items"][:1], 1
    change(listed["items"][0])
    return Answer(200, {}, json.dumps(body).encode())


def options(at: Desk, number: int) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(at.transport.asked[number].body or b"")["variables"]["options"]
    return told


def heads(at: Desk) -> list[tuple[Any, ...]]:
    return at.rows("SELECT order_id, status, created_at, paid_at, placed_amount, paid_amount FROM fact.order_head ORDER BY order_id")


def test_the_sample_becomes_an_order_its_line_and_its_refund() -> None:
    """190.80 paid on the 18th stays a sale; 50.00 went back on the 20th; the basket is no order; prices hold tax."""
    with desk(ACCOUNT, {"api_key": KEY}, {"/admin-api": [sample("vendure", "admin_orders")]}, NOON) as at:
        at.sync()
        assert heads(at) == [("5", "paid", AT_NINE, AT_NINE, Decimal("190.80"), Decimal("190.80"))]
        assert at.rows("SELECT source, account, currency, freight, seller_discount, units, buyer, status_raw, updated_at, status_rank FROM fact.order_head") == [
            ("vendure.orders", "vd", "CNY", 0, Decimal("21.20"), 2, None, "PaymentSettled", datetime(2026, 11, 18, 1, 0, 2), 20)
        ]
        assert at.rows("SELECT order_id, line_id, item_id, sku_code, units, list_price, placed_amount, paid_amount FROM fact.order_line") == [
            ("5", "9", "TEA-1", "TEA-1", 2, Decimal("106.00"), Decimal("190.80"), Decimal("190.80"))
        ]
        assert at.rows("SELECT source, refund_id, order_id, applied_at, paid_at, done_at, amount, applied_amount, is_done, status_raw FROM fact.refund") == [
            ("vendure.refunds", "1", "5", datetime(2026, 11, 20, 9), AT_NINE, datetime(2026, 11, 20, 9), Decimal("50.00"), Decimal("50.00"), True, "Settled")
        ]


@pytest.mark.parametrize(
    ("name", "kind"), [("error_forbidden", AccessDenied), ("error_take", BadRequest), ("error_unknown_field", BadRequest)]
)
def test_refusals_are_errors_though_the_status_is_200(name: str, kind: type[ApiError]) -> None:
    """A GraphQL error is never an empty list; a key that is not known says what to look at."""
    with pytest.raises(kind) as caught:
        said(connector("vendure"), sample("vendure", name))
    assert type(caught.value) is kind
    assert kind is not AccessDenied or "API keys" in str(caught.value)


def test_an_answer_without_orders_is_no_empty_shop() -> None:
    """`data: null` without errors, a web page, and an internal error of the server each stop the window."""
    made = connector("vendure")
    with pytest.raises(UnexpectedPayload):
        made.records(made.endpoints[0], said(made, Answer(200, {}, b'{"data": null}')))
    with pytest.raises(PlatformDown):
        said(made, Answer(200, {}, b"<html>"))
    with pytest.raises(PlatformDown):
        said(made, Answer(200, {}, b'{"errors": [{"message": "x", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}], "data": null}'))


def test_a_server_with_another_precision_of_money_is_refused() -> None:
    """Amounts in thousandths would be ten times too much."""
    made = connector("vendure")
    body = json.loads(sample("vendure", "admin_orders").body)
    body["data"]["globalSettings"] = {"serverConfig": {"moneyStrategyPrecision": 3}}
    with pytest.raises(NotSupported, match="3 decimals"):
        made.records(made.endpoints[0], body)


def test_a_cancelled_order_stays_a_sale_and_its_money_back_is_a_refund() -> None:
    """After a cancellation every total is 0 and a shipping discount appears; what was paid and placed is still told by payments and placed quantities."""

    def cancel(order: dict[str, Any]) -> None:
        order |= {"state": "Cancelled", "updatedAt": "2026-11-19T02:00:00.000Z", "subTotalWithTax": 0, "totalWithTax": 0, "shippingWithTax": 0, "totalQuantity": 0}
        order["discounts"] = [{"type": "OTHER", "description": "shipping cancellation", "amountWithTax": -800, "adjustmentSource": "CANCEL_ORDER"}]
        order["lines"][0] |= {"quantity": 0, "proratedLinePriceWithTax": 0, "proratedUnitPriceWithTax": 10600}
        order["payments"][0]["refunds"][0] |= {"total": 19080, "createdAt": "2026-11-19T01:59:00.000Z", "updatedAt": "2026-11-19T02:00:00.000Z"}

    with desk(ACCOUNT, {"api_key": KEY}, {"/admin-api": [changed(cancel)]}, NOON) as at:
        at.sync()
        assert heads(at) == [("5", "closed", AT_NINE, AT_NINE, Decimal("190.80"), Decimal("190.80"))]
        assert at.rows("SELECT freight, seller_discount, units FROM fact.order_head") == [(None, None, 2)]
        assert at.rows("SELECT status, units, paid_amount FROM fact.order_line") == [("closed", 2, Decimal("212.00"))]
        assert at.rows("SELECT done_at, amount FROM fact.refund") == [(datetime(2026, 11, 19, 10), Decimal("190.80"))]


def test_a_pending_refund_counts_from_the_day_it_is_settled() -> None:
    """Asked for on the 20th, settled on the 22nd: 0 given back until then, and one row in the end."""

    def pending(order: dict[str, Any]) -> None:
        order["payments"][0]["refunds"][0] |= {"state": "Pending", "updatedAt": "2026-11-20T01:00:00.000Z"}

    def settled(order: dict[str, Any]) -> None:
        order["payments"][0]["refunds"][0] |= {"updatedAt": "2026-11-22T03:00:00.000Z"}

    with desk(ACCOUNT, {"api_key": KEY}, {"/admin-api": [changed(pending), changed(settled)]}, NOON) as at:
        at.sync("refunds")
        assert at.rows("SELECT done_at, amount, applied_amount, is_done FROM fact.refund") == [(None, None, Decimal("50.00"), False)]
        at.clock.value += 3 * DAY_S
        at.sync("refunds")
        assert at.rows("SELECT applied_at, done_at, amount FROM fact.refund") == [(datetime(2026, 11, 20, 9), datetime(2026, 11, 22, 11), Decimal("50.00"))]


def test_a_payment_captured_later_is_a_sale_of_the_day_the_order_was_placed() -> None:
    """Authorised on the 18th, captured ten days later: `updatedAt` has not moved, the daily look at older orders finds it."""

    def authorised(order: dict[str, Any]) -> None:
        order["state"] = order["payments"][0]["state"] = "PaymentAuthorized"
        order["payments"][0]["state"] = "Authorized"

    with desk(ACCOUNT, {"api_key": KEY}, {"/admin-api": [changed(authorised), changed(lambda order: order)]}, NOON) as at:
        at.sync("orders")
        assert heads(at) == [("5", "unpaid", AT_NINE, None, Decimal("190.80"), None)]
        at.clock.value += 10 * DAY_S
        at.sync("orders_again")
        assert heads(at) == [("5", "paid", AT_NINE, AT_NINE, Decimal("190.80"), Decimal("190.80"))]


def test_lists_are_asked_for_by_the_day_of_placing() -> None:
    """`updatedAt` stands still when an order is paid, shipped or paid back: nothing is asked or ordered by it. Sellers' parts stay out."""
    with desk(ACCOUNT, {"api_key": KEY}, {"/admin-api": [sample("vendure", "admin_orders")]}, NOON) as at:
        at.sync()
        assert options(at, 0) == {
            "take": 100, "skip": 0, "sort": {"orderPlacedAt": "ASC", "id": "ASC"},
            "filter": {"orderPlacedAt": {"between": {"start": "2026-11-17T16:00:00Z", "end": "2026-11-20T16:00:00Z"}}, "type": {"in": ["Regular", "Aggregate"]}},
        }  # fmt: skip
        assert at.transport.asked[0].headers == {"Content-Type": "application/json", "vendure-api-key": KEY}
        at.clock.value += 100 * DAY_S
        at.sync("refunds")
        later = range(3, len(at.transport.asked))  # windows are asked for at once, in no order
        assert min(options(at, number)["filter"]["orderPlacedAt"]["between"]["start"] for number in later) == "2026-11-17T16:00:00Z"


def test_a_channel_and_a_session_token_travel_in_their_headers() -> None:
    """In a seller's channel his own parts are what he sold; a session token is sent as bearer; an address may name the API's path."""
    account = Account("vd", "vendure", "shopvd", since="2026-11-18", base_url="https://shop.example/admin-api", options={"channel": "seller-7", "key_kind": "session"})
    with desk(account, {"api_key": "canary-session"}, {"/admin-api": [sample("vendure", "admin_orders")]}, NOON) as at:
        at.sync("orders")
        asked = at.transport.asked[0]
        assert asked.url == "https://shop.example/admin-api" and "type" not in options(at, 0)["filter"]
        assert asked.headers == {"Content-Type": "application/json", "Authorization": "Bearer canary-session", "vendure-token": "seller-7"}
