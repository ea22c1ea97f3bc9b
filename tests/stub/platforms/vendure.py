"""Vendure played strictly: a GraphQL schema of its own part, options as typed, at most 1000 rows, both ends of `between` in it.

As on the real server an order's updatedAt stands still when it is paid, shipped or paid back. Every fifth order is an aggregate, whose
seller's part is listed beside it unless the type is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from connectors.api.config import Account
from tests.stub import graphql
from tests.stub.played import Played, Setup, changed, need, one_twice, only, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import Order, World

KEY = "1:canary-vendure-key-0123456789"
STATE = {"unpaid": "ArrangingPayment", "cancelled": "Cancelled", "paid": "PaymentSettled", "shipped": "Shipped", "done": "Delivered"}
SCHEMA: dict[str, dict[str, str]] = {
    "Query": {"orders": "OrderList", "globalSettings": "GlobalSettings", "activeChannel": "Channel"},
    "Channel": dict.fromkeys(("id", "code", "token", "defaultCurrencyCode"), ""),
    "GlobalSettings": {"serverConfig": "ServerConfig"}, "ServerConfig": {"moneyStrategyPrecision": ""},
    "OrderList": {"totalItems": "", "items": "Order"},
    "Order": dict.fromkeys(
        ("id", "code", "type", "state", "active", "orderPlacedAt", "createdAt", "updatedAt", "currencyCode", "subTotal", "subTotalWithTax", "shipping", "shippingWithTax",
         "total", "totalWithTax", "totalQuantity", "couponCodes"), "") | {"customer": "Customer", "discounts": "Discount", "payments": "Payment", "lines": "OrderLine"},
    "Customer": dict.fromkeys(("id", "firstName", "lastName", "emailAddress"), ""),
    "Discount": dict.fromkeys(("type", "description", "amount", "amountWithTax", "adjustmentSource"), ""),
    "Payment": dict.fromkeys(("id", "createdAt", "updatedAt", "state", "amount", "method", "transactionId", "errorMessage", "metadata"), "") | {"refunds": "Refund"},
    "Refund": dict.fromkeys(("id", "createdAt", "updatedAt", "state", "total", "items", "shipping", "adjustment", "reason", "method", "transactionId", "paymentId"), ""),
    "OrderLine": dict.fromkeys(("id", "quantity", "orderPlacedQuantity", "unitPriceWithTax", "proratedUnitPriceWithTax", "proratedLinePriceWithTax"), "")
    | {"productVariant": "ProductVariant"},
    "ProductVariant": dict.fromkeys(("id", "productId", "sku", "name"), ""),
}  # fmt: skip


def iso(instant: int | None) -> str | None:
    return None if instant is None else datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def seconds(text: Any) -> float:
    need(isinstance(text, str) and text.endswith("Z"), f"{text} is no DateTime in UTC")
    return datetime.fromisoformat(text).timestamp()


class Vendure(Played):
    """The shop's server."""

    def answer(self, call: Call) -> Reply:
        need(call.method == "POST" and call.path == "/admin-api" and not call.query, "POST /admin-api")
        need(call.headers.get("content-type", "").startswith("application/json"), "application/json", Reply(400, {"errors": [{"message": "CSRF"}]}))
        body = call.json()
        only(body, ("query", "variables", "operationName"), call)
        if call.headers.get("vendure-api-key") != KEY:
            return self.error("FORBIDDEN", "You are not currently authorized to perform this action")
        variables = body.get("variables") or {}
        wanted = graphql.selection(body["query"], variables)
        unknown = next(unknown_fields(wanted, "Query"), "")
        need(not unknown, unknown, Reply(400, {"errors": [{"message": unknown, "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}]}))
        data: dict[str, Any] = {"globalSettings": {"serverConfig": {"moneyStrategyPrecision": 2}}}
        data["activeChannel"] = {"id": "1", "code": "__default_channel__", "token": "t", "defaultCurrencyCode": "CNY"}
        if "orders" in wanted:
            data["orders"] = self._orders(variables.get("options") or {}, call)
        return Reply(200, {"data": graphql.picked(data, wanted)})

    def _orders(self, options: dict[str, Any], call: Call) -> dict[str, Any]:
        only(options, ("skip", "take", "sort", "filter", "filterOperator"), call)
        take, skip, rules = options.get("take"), options.get("skip"), options.get("filter") or {}
        need(isinstance(take, int) and isinstance(skip, int) and take >= 1 and skip >= 0, "take and skip are asked for as numbers")
        assert isinstance(take, int) and isinstance(skip, int)
        need(take <= 1000, "take", self.error("USER_INPUT_ERROR", "Cannot take more than 1000 results from a list query"))
        need(list((options.get("sort") or {}).items()) == [("orderPlacedAt", "ASC"), ("id", "ASC")], "sort by what never moves")
        only(rules, ("orderPlacedAt", "type"), call)
        between = rules["orderPlacedAt"]["between"]
        low, high = seconds(between["start"]), seconds(between["end"])
        need(low < high, "a range")
        found = [order for order in self._listed() if order["orderPlacedAt"] and low <= seconds(order["orderPlacedAt"]) <= high]
        if "type" in rules:
            only(rules["type"], ("in",), call)
            found = [order for order in found if order["type"] in rules["type"]["in"]]
        found.sort(key=lambda order: (order["orderPlacedAt"], order["id"]))
        return {"totalItems": len(found), "items": found[skip : skip + take]}

    def _listed(self) -> Iterator[dict[str, Any]]:
        for number, order in enumerate(self.view().orders):
            made = self._order(order)
            yield made | {"type": "Regular" if number % 5 else "Aggregate"}
            if not number % 5:
                yield made | {"type": "Seller", "id": made["id"] + "1"}

    def _order(self, order: Order) -> dict[str, Any]:
        refunds = [
            {"id": each.refund_id, "createdAt": iso(each.applied_at), "updatedAt": iso(each.updated_at), "total": each.amount, "items": each.amount, "shipping": 0,
             "adjustment": 0, "state": {"done": "Settled", "withdrawn": "Failed", "applied": "Pending"}[each.status], "reason": "", "paymentId": order.order_id}
            for each in order.refunds
        ]  # fmt: skip
        paid = iso(order.paid_at)
        payments = [
            {"id": f"{order.order_id}0", "createdAt": iso(order.created_at), "updatedAt": iso(order.created_at), "state": "Declined", "amount": order.amount, "refunds": []},
            {"id": order.order_id, "createdAt": paid, "updatedAt": paid, "state": "Settled", "amount": order.amount, "method": "wallet", "refunds": refunds},
        ]  # fmt: skip
        lines = [
            {"id": line.line_id, "quantity": line.units, "orderPlacedQuantity": line.units, "unitPriceWithTax": line.item.price,
             "proratedUnitPriceWithTax": line.amount // line.units, "proratedLinePriceWithTax": line.amount,
             "productVariant": {"id": line.item.sku_id, "productId": line.item.item_id, "sku": f"SKU-{line.item.sku_id[-4:]}", "name": line.item.title}}
            for line in order.lines
        ]  # fmt: skip
        return {
            "id": order.order_id, "code": f"C{order.order_id[-8:]}", "state": STATE[order.status], "active": order.status == "unpaid", "orderPlacedAt": paid,
            "createdAt": iso(order.created_at), "updatedAt": iso(order.cancelled_at or order.created_at), "currencyCode": "CNY", "totalWithTax": order.amount,
            "shippingWithTax": 0, "customer": {"id": order.buyer_id, "lastName": "canary-person", "emailAddress": "canary@example.com"}, "couponCodes": [],
            "discounts": [{"type": "PROMOTION", "description": "", "amountWithTax": -order.discount}], "payments": payments if paid else [], "lines": lines,
        }  # fmt: skip

    def error(self, code: str, text: str) -> Reply:
        return Reply(200, {"errors": [{"message": text, "path": ["orders"], "extensions": {"code": code}}], "data": None})

    def server_error(self) -> Reply:
        return self.error("INTERNAL_SERVER_ERROR", "Internal server error")

    def short_page(self, reply: Reply) -> Reply | None:
        return changed(reply, "data.orders.items", without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return changed(reply, "data.orders.items", one_twice)


def unknown_fields(wanted: dict[str, Any], kind: str) -> Iterator[str]:
    for name, inner in wanted.items():
        known = SCHEMA.get(kind, {})
        if name not in known:
            yield f'Cannot query field "{name}" on type "{kind}".'
        elif bool(known[name]) != bool(inner):
            yield f'Field "{name}" of type "{kind}" must {"" if known[name] else "not "}have a selection of subfields.'
        else:
            yield from unknown_fields(inner, known[name])


def setup(world: World, clock: Callable[[], float]) -> Setup:
    return Setup(
        Vendure(world, clock), lambda url: Account("vd", "vendure", "shopvd", since=world.days()[0].isoformat(), base_url=url),
        {"api_key": KEY}, ("paid", "sales", "refunds"), orders="vendure.orders", refunds="vendure.refunds",
    )  # fmt: skip
