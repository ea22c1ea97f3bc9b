"""Orders, order lines and refunds of a Medusa v2 shop (Admin API), on a server of its own.

Source: medusajs/medusa 2.21.2, `@medusajs/types` and `@medusajs/medusa` (admin orders route), read 2026-11-20.
Grain:  one row per order, line of an order, refund of a payment. Drafts are not in the list.
Units:  numbers in whole units of the order's currency (v1 had hundredths: not read). Times in UTC; days in the account's zone.
`updated_at` of an order stands still when its payment is captured or paid back, so it is no cursor. `created_at` never moves: lists are asked for by it, recent days
at every run, 45 days once a day for what became of them, 180 days for refunds (a later refund is not seen).
An order is paid on the day of its first capture, with all that was captured. Not given: visitors, traffic sources, advertising.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from connectors.api.connector import Auth, Connector, turned, with_headers
from connectors.api.endpoint import Answer, Endpoint, Envelope, Request
from connectors.api.pacing import Pace
from connectors.api.paging import Offset
from connectors.api.windows import Days, Span, Window
from connectors.errors import AccessDenied, ApiError

PATH = "/admin/orders"
CREATED = Span("created_at[$gte]", "created_at[$lt]", unit="iso")
PAID = "*payment_collections,*payment_collections.payments,*payment_collections.payments.captures,*payment_collections.payments.refunds"
ORDER = f"id,display_id,status,currency_code,customer_id,created_at,updated_at,canceled_at,total,shipping_total,discount_total,summary,*items,*items.tax_lines,*items.adjustments,{PAID}"
REFUND = f"id,currency_code,created_at,{PAID}"
LATER = ("payment_collections", "items")


@dataclass(frozen=True)
class Created(Days):
    """Whole days, asked for by the moments they begin and end."""

    def params(self, window: Window, zone: str) -> dict[str, Any]:
        return CREATED.params(window, zone)


def listed(name: str, loads: tuple[str, ...], kind: str, label_zh: str, label_en: str, fields: str, window: Days, **more: Any) -> Endpoint:
    """A list of orders, oldest id first so that what comes in meanwhile is appended; all its fields are named, for the server's own choice lacks most."""
    return Endpoint(
        name, PATH, "orders", loads, kind, label_zh, label_en, money="major", key="id", params={"fields": fields, "order": "id"},
        window=window, paging=Offset("offset", "limit", 100, "count"), total="count", **more,
    )  # fmt: skip


class Medusa(Connector):
    name = "medusa"
    platform = "medusa"
    label_zh, label_en = "Medusa 自建商城", "Medusa"
    self_hosted = True
    credentials = ("api_key",)  # a secret key, sk_…
    pace = Pace(per_second=4.0, burst=4)
    envelope = Envelope(codes=("type",), message=("message",))
    endpoints = (
        listed("orders", ("order_head", "order_line"), "orders", "Medusa 订单 (接口)", "Medusa orders (API)", ORDER, Created("from", "to", most=7, back=3), buyer=("customer_id",)),
        listed("orders_again", ("order_head", "order_line"), "orders", "Medusa 订单 (接口)", "Medusa orders (API)", ORDER, Created("from", "to", most=7, back=45, fills=False),
               buyer=("customer_id",), source="orders", every="1d"),
        listed("refunds", ("refund",), "refunds", "Medusa 退款 (接口)", "Medusa refunds (API)", REFUND, Created("from", "to", most=30, back=180), keeps_if="refunds", every="6h"),
    )  # fmt: skip

    def sign(self, request: Request, auth: Auth) -> Request:
        pair = base64.b64encode(f"{auth.secrets['api_key']}:".encode()).decode("ascii")
        return with_headers(request, Authorization=f"Basic {pair}")

    def refused(self, answer: Answer, body: Any, path: str) -> ApiError:
        error = super().refused(answer, body, path)
        if answer.status != 401:
            return error
        return turned(error, AccessDenied, ". The secret key is not known to this server or was revoked: see Settings > Secret API Keys in its back office.")

    def records(self, endpoint: Endpoint, body: Any) -> list[Any]:
        return [_flat(order, "refund" in endpoint.loads) for order in super().records(endpoint, body)]


def _flat(order: dict[str, Any], only_refunds: bool) -> dict[str, Any]:
    """The order with captures and refunds of all its payments as lists of its own, and the moment of its first capture."""
    payments = [payment for collection in order.get("payment_collections") or [] for payment in collection.get("payments") or []]
    refunds = [{**refund, "payment": payment.get("id")} for payment in payments for refund in payment.get("refunds") or []]
    if only_refunds:
        return {**{name: value for name, value in order.items() if name not in LATER}, "refunds": refunds}
    captures = [{"amount": capture.get("amount"), "created_at": capture.get("created_at")} for payment in payments for capture in payment.get("captures") or []]
    first = min((str(capture["created_at"]) for capture in captures), default=None)
    return {**{name: value for name, value in order.items() if name != "payment_collections"}, "captures": captures, "first_capture": first}
