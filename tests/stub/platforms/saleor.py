"""Saleor played strictly: its part of the schema, variables as typed, at most 100 orders, a cursor that holds a place and not a number.

Both ends of `where` belong to the list; totalCharged is net of refunds; a wrong token is an anonymous caller. Every fourth order is
paid by the older payments.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from connectors.api.config import Account
from tests.stub import graphql
from tests.stub.played import Played, Setup, changed, need, one_twice, only, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import Order, World

TOKEN = "canary-saleor-token"
STATUS = {"unpaid": "UNFULFILLED", "paid": "UNFULFILLED", "shipped": "PARTIALLY_FULFILLED", "done": "FULFILLED", "cancelled": "CANCELED"}
PRICE = dict.fromkeys(("amount", "currency", "fractionalAmount", "fractionDigits"))
TAXED = {"gross": PRICE, "net": PRICE, "tax": PRICE, "currency": None}
SCHEMA: dict[str, Any] = {"orders": {
    "totalCount": None, "pageInfo": dict.fromkeys(("hasNextPage", "endCursor", "hasPreviousPage", "startCursor")),
    "edges": {"cursor": None, "node": {
        **dict.fromkeys(("id", "number", "status", "created", "updatedAt", "isPaid", "chargeStatus", "userEmail")),
        "channel": {"id": None, "slug": None}, "user": {"id": None, "email": None}, "total": TAXED, "undiscountedTotal": TAXED, "subtotal": TAXED, "shippingPrice": TAXED,
        "totalCharged": PRICE, "totalRefunded": PRICE,
        "transactions": {"id": None, "events": {"id": None, "createdAt": None, "type": None, "amount": PRICE}},
        "payments": {"id": None, "transactions": {**dict.fromkeys(("id", "created", "kind", "isSuccess")), "amount": PRICE}},
        "lines": {**dict.fromkeys(("id", "productName", "productSku", "quantity")), "undiscountedUnitPrice": TAXED, "totalPrice": TAXED,
                  "variant": {"id": None, "product": {"id": None}}},
    }},
}}  # fmt: skip


def iso(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="microseconds")


def ident(kind: str, number: str) -> str:
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


def money(fen: int) -> dict[str, Any]:
    """The float is a little off, as floats are."""
    return {"amount": fen / 100 + 1e-9, "currency": "CNY", "fractionalAmount": fen, "fractionDigits": 2}


class Saleor(Played):
    """The shop's server."""

    def answer(self, call: Call) -> Reply:
        need(call.method == "POST" and call.path == "/graphql/" and not call.query, "POST /graphql/")
        need(call.headers.get("content-type", "").startswith("application/json"), "application/json")
        body = call.json()
        only(body, ("query", "variables", "operationName"), call)
        need("where: $where, sortBy: {field: LAST_MODIFIED_AT, direction: ASC}" in body["query"], "where, in the order of what the cursor is on")
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            return self.error("PermissionDenied", "To access this path, you need one of the following permissions: MANAGE_ORDERS")
        wanted = graphql.selection(body["query"], body["variables"])
        known(wanted, SCHEMA)
        return Reply(200, {"data": graphql.picked({"orders": self._orders(body["variables"], call)}, wanted), "extensions": {"cost": {"requestedQueryCost": 1}}})

    def _orders(self, given: dict[str, Any], call: Call) -> dict[str, Any]:
        only(given, ("first", "after", "where"), call)
        only(given["where"], ("updatedAt",), call)
        only(given["where"]["updatedAt"], ("gte", "lte"), call)
        low, high = (datetime.fromisoformat(given["where"]["updatedAt"][end]).timestamp() for end in ("gte", "lte"))
        need(low < high and 1 <= given["first"] <= 100, "a range, and first from 1 to 100")
        found = sorted((order.updated_at, order.order_id, order) for order in self.view().orders if low <= order.updated_at <= high)
        after = json.loads(base64.b64decode(given["after"])) if given.get("after") else [0, ""]
        rest = [entry for entry in found if [entry[0], entry[1]] > after]
        page = rest[: given["first"]]
        marks = [base64.b64encode(json.dumps(entry[:2]).encode()).decode() for entry in page]
        info = {"hasNextPage": len(rest) > len(page), "endCursor": marks[-1] if marks else None, "hasPreviousPage": False, "startCursor": marks[0] if marks else None}
        edges = [{"cursor": mark, "node": self._order(entry[2])} for mark, entry in zip(marks, page, strict=True)]
        return {"totalCount": len(found), "pageInfo": info, "edges": edges}

    def _order(self, order: Order) -> dict[str, Any]:
        older = int(order.order_id) % 4 == 0
        full = order.amount + order.discount
        lines = [
            {"id": ident("OrderLine", line.line_id), "productName": line.item.title, "productSku": f"SKU-{line.item.sku_id[-4:]}", "quantity": line.units,
             "undiscountedUnitPrice": {"gross": money(line.item.price)}, "totalPrice": {"gross": money(line.amount)},
             "variant": {"id": ident("ProductVariant", line.item.sku_id), "product": {"id": ident("Product", line.item.item_id)}}}
            for line in order.lines
        ]  # fmt: skip
        return {
            "id": ident("Order", order.order_id), "number": order.order_id[-6:], "status": STATUS[order.status], "created": iso(order.created_at),
            "updatedAt": iso(order.updated_at), "isPaid": order.paid_at is not None, "chargeStatus": "FULL" if order.paid_at else "NONE",
            "channel": {"slug": "default-channel"}, "user": {"id": ident("User", order.buyer_id), "email": "canary-person@example.com"}, "total": {"gross": money(order.amount)},
            "undiscountedTotal": {"gross": money(full)}, "shippingPrice": {"gross": money(0)}, "totalCharged": money(order.paid_amount - order.refunded),
            "totalRefunded": money(order.refunded), "lines": lines, "transactions": [] if older else self._transactions(order), "payments": self._payments(order) if older else [],
        }  # fmt: skip

    def _transactions(self, order: Order) -> list[dict[str, Any]]:
        events = [("CHARGE_REQUEST", order.created_at, order.amount, "0")]
        events += [("CHARGE_SUCCESS", order.paid_at, order.amount, "1")] if order.paid_at else []
        events += [("REFUND_REQUEST", refund.applied_at, refund.amount, refund.refund_id + "0") for refund in order.refunds]
        events += [("REFUND_SUCCESS", refund.done_at, refund.amount, refund.refund_id) for refund in order.refunds if refund.done_at]
        made = [{"id": ident("TransactionEvent", order.order_id + number), "type": kind, "createdAt": iso(at), "amount": money(fen)} for kind, at, fen, number in events]
        return [{"id": ident("TransactionItem", order.order_id), "events": made}]

    def _payments(self, order: Order) -> list[dict[str, Any]]:
        moves = [("CAPTURE", order.created_at, order.amount, "0", False)]
        moves += [("CAPTURE", order.paid_at, order.amount, "1", True)] if order.paid_at else []
        moves += [("REFUND", refund.done_at, refund.amount, refund.refund_id, True) for refund in order.refunds if refund.done_at]
        made = [{"id": ident("Transaction", order.order_id + number), "kind": kind, "created": iso(at), "isSuccess": good, "amount": money(fen)} for kind, at, fen, number, good in moves]
        return [{"id": ident("Payment", order.order_id), "transactions": made}]

    def error(self, code: str, words: str) -> Reply:
        return Reply(200, {"errors": [{"message": words, "locations": [], "path": ["orders"], "extensions": {"exception": {"code": code}}}], "data": {"orders": None}})

    def short_page(self, reply: Reply) -> Reply | None:
        return changed(reply, "data.orders.edges", without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return changed(reply, "data.orders.edges", one_twice)


def known(wanted: dict[str, Any], schema: dict[str, Any]) -> None:
    """Refuses a field that the schema does not know, or that is asked for too flat."""
    unknown = sorted(set(wanted) - set(schema)) + [name for name in wanted if name in schema and bool(schema[name]) != bool(wanted[name])]
    need(not unknown, f"Cannot query fields {unknown}")
    for name, inner in wanted.items():
        if inner:
            known(inner, schema[name])


def setup(world: World, clock: Callable[[], float]) -> Setup:
    return Setup(
        Saleor(world, clock), lambda url: Account("sl", "saleor", "shopsl", since=world.days()[0].isoformat(), base_url=url),
        {"token": TOKEN}, ("placed", "paid", "sales", "refunds"), orders="saleor.orders", refunds="saleor.refunds",
    )  # fmt: skip
