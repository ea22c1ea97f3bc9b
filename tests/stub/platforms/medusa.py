"""Medusa v2 played strictly: Basic with the secret key alone, named fields only, a stated page, whole units of money.

As in the real server an order's updated_at stands still when its payment is captured or paid back.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from connectors.api.config import Account
from tests.stub.played import Played, Setup, changed, need, one_twice, only, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import Order, World

KEY = "sk_canary0123456789abcdef"
ALWAYS = ("id", "status", "version", "items", "payment_status", "fulfillment_status")
RELATIONS = ("items", "items.tax_lines", "items.adjustments", "payment_collections", "payment_collections.payments", "payment_collections.payments.captures",
             "payment_collections.payments.refunds", "fulfillments")  # fmt: skip


def iso(instant: int | None) -> str | None:
    return None if instant is None else datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def seconds(text: str) -> float:
    need(text.endswith("Z"), f"{text} is no moment in UTC")
    return datetime.fromisoformat(text).timestamp()


class Medusa(Played):
    """The shop's server."""

    def answer(self, call: Call) -> Reply:
        need(call.method == "GET" and call.path == "/admin/orders" and not call.body, "GET /admin/orders")
        if call.headers.get("authorization") != "Basic " + base64.b64encode(f"{KEY}:".encode()).decode():
            return Reply(401, {"message": "Unauthorized"})
        asked = call.query
        only(asked, ("fields", "limit", "offset", "order", "status", "created_at[$gte]", "created_at[$lt]"), call)
        need("limit" in asked and "offset" in asked and 1 <= int(asked["limit"]) <= 200, "the page size is asked for")
        need(asked.get("order") == "id" and "status" not in asked, "every status, by id")
        low, high = seconds(asked["created_at[$gte]"]), seconds(asked["created_at[$lt]"])
        found = sorted((order for order in self.view().orders if low <= order.created_at < high), key=lambda order: order.order_id)
        start, size = int(asked["offset"]), int(asked["limit"])
        rows = [self._picked(self._order(order), asked["fields"]) for order in found[start : start + size]]
        return Reply(200, {"orders": rows, "count": len(found), "offset": start, "limit": size})

    def _picked(self, order: dict[str, Any], fields: str) -> dict[str, Any]:
        names = fields.split(",")
        plain = [name for name in names if not name.startswith("*")]
        strange = [name for name in names if name.lstrip("*") not in (RELATIONS if name.startswith("*") else order)]
        need(plain and not strange, f"fields: {strange}")
        wanted = {*ALWAYS, *plain, *(name[1:].split(".")[0] for name in names if name.startswith("*"))}
        if "*payment_collections.payments" not in names:
            order.pop("payment_collections")
        return {name: value for name, value in order.items() if name in wanted}

    def _order(self, order: Order) -> dict[str, Any]:
        paid, total = order.paid_at, order.amount / 100
        payment = {
            "id": f"pay_{order.order_id}", "amount": total, "currency_code": "cny", "provider_id": "pp_system_default", "captured_at": iso(paid), "data": {"payer_email": "canary@example.com"},
            "captures": [{"id": f"capt_{order.order_id}", "amount": total, "created_at": iso(paid), "created_by": "user_1"}] if paid else [],
            "refunds": [{"id": f"ref_{each.refund_id}", "amount": each.amount / 100, "created_at": iso(each.done_at), "note": None} for each in order.refunds if each.done_at],
        }  # fmt: skip
        lines = [
            {"id": f"ordli_{line.line_id}", "title": line.item.title, "product_title": line.item.title, "product_id": f"prod_{line.item.item_id}", "quantity": line.units,
             "variant_id": f"variant_{line.item.sku_id}", "variant_sku": "", "unit_price": line.item.price / 100, "raw_unit_price": {"value": "1", "precision": 20},
             "discount_total": line.discount / 100, "total": line.amount / 100, "tax_lines": [], "adjustments": [], "metadata": {}}
            for line in order.lines
        ]  # fmt: skip
        shipped = {"shipped": "shipped", "done": "delivered"}.get(order.status, "not_fulfilled")
        return {
            "id": f"order_{order.order_id}", "display_id": 1, "status": "canceled" if order.cancelled_at else "pending", "version": 1, "email": "canary@example.com",
            "currency_code": "cny", "customer_id": f"cus_{order.buyer_id}", "created_at": iso(order.created_at), "updated_at": iso(order.cancelled_at or order.created_at),
            "canceled_at": iso(order.cancelled_at), "total": total, "shipping_total": 0, "discount_total": order.discount / 100, "payment_status": "captured" if paid else "authorized",
            "fulfillment_status": shipped, "items": lines, "payment_collections": [{"id": f"pay_col_{order.order_id}", "payments": [payment]}],
            "summary": {"current_order_total": total, "original_order_total": total, "paid_total": order.paid_amount / 100, "refunded_total": order.refunded / 100},
        }  # fmt: skip

    def throttled(self) -> Reply:
        return Reply(429, {"message": "Too many requests"}, {"Retry-After": "1"})

    def server_error(self) -> Reply:
        return Reply(500, {"code": "unknown_error", "type": "unknown_error", "message": "An unknown error occurred."})

    def short_page(self, reply: Reply) -> Reply | None:
        return changed(reply, "orders", without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return changed(reply, "orders", one_twice)


def setup(world: World, clock: Callable[[], float]) -> Setup:
    return Setup(
        Medusa(world, clock), lambda url: Account("md", "medusa", "shopmd", since=world.days()[0].isoformat(), base_url=url),
        {"api_key": KEY}, ("placed", "paid", "sales", "refunds"), orders="medusa.orders", refunds="medusa.refunds",
    )  # fmt: skip
