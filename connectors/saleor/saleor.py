"""Orders, order lines and refunds of a Saleor shop (GraphQL API), on a server of its own; Saleor 3.22 or newer.

Source: saleor/saleor 3.24.0 schema and docs.saleor.io API reference (orders, payments, error handling), read 2026-11-20.
Grain:  one row per order, order line, amount that went back.
Units:  Money comes as a float and as a whole number with its digits (fractionalAmount, fractionDigits): the whole number is taken. Gross, tax included.
        Instants in UTC; days in the account's zone; each order has its channel's currency.
Orders are asked for by updatedAt, every status but drafts (which are no orders yet). totalCharged falls with every refund, so it is no sale: what was charged is the sum
of successful charges, on the day of the first; only a server that lists none is taken at totalCharged + totalRefunded, on the day of the order.
Not given by the platform: visitors, traffic sources, advertising.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from connectors.api.config import Account
from connectors.api.connector import Auth, Call, Connector, with_headers
from connectors.api.endpoint import Endpoint, Envelope, Request
from connectors.api.pacing import Pace
from connectors.api.paging import Cursor
from connectors.api.windows import Span
from connectors.errors import AccessDenied, AuthExpired, TooMuch

PATH = "/graphql/"
MONEY = "{ amount currency fractionalAmount fractionDigits }"
LIST = """query ($first: Int!, $after: String, $where: OrderWhereInput!) {
    orders(first: $first, after: $after, where: $where, sortBy: {field: LAST_MODIFIED_AT, direction: ASC}) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { FIELDS MOVES } } } }"""
MOVES = "transactions { events { id createdAt type amount MONEY } } payments { transactions { id created kind isSuccess amount MONEY } }"
ORDER = """id number status created updatedAt isPaid chargeStatus channel { slug } user { id } total { gross MONEY } undiscountedTotal { gross MONEY }
    shippingPrice { gross MONEY } totalCharged MONEY totalRefunded MONEY
    lines { id productName productSku quantity undiscountedUnitPrice { gross MONEY } totalPrice { gross MONEY } variant { id product { id } } }"""
CHARGED = ("CHARGE_SUCCESS", "CAPTURE", "EXTERNAL")  # EXTERNAL: marked as paid by hand
BACK = ("REFUND_SUCCESS", "REFUND", "CHARGE_BACK")
TAKEN_AGAIN = ("REFUND_REVERSE", "REFUND_REVERSED")  # a refund that came back: a negative one


def _orders(name: str, fields: str, loads: tuple[str, ...], label_zh: str, label_en: str, **more: Any) -> Endpoint:
    query = " ".join(LIST.replace("FIELDS", fields).replace("MOVES", MOVES).replace("MONEY", MONEY).split())
    return Endpoint(
        name, PATH, "data.orders.edges", loads, name, label_zh, label_en, money="major", key="id", method="POST", params={"query": query},
        window=Span("variables.where.updatedAt.gte", "variables.where.updatedAt.lte", unit="iso", most=timedelta(days=7)), total="data.orders.totalCount",
        paging=Cursor("variables.after", "data.orders.pageInfo.endCursor", "variables.first", 100, more="data.orders.pageInfo.hasNextPage", smallest=10), **more,
    )  # fmt: skip


class Saleor(Connector):
    name = "saleor"
    platform = "saleor"
    label_zh, label_en = "Saleor 自建商城", "Saleor"
    self_hosted = True
    credentials = ("token",)
    sends = "json"
    pace = Pace(per_second=4.0, burst=4)
    envelope = Envelope(
        ok=("errors", (None,)), absent_ok=True, codes=("errors.0.extensions.exception.code",), message=("errors.0.message",),
        rules={"PermissionDenied": AccessDenied, "ExpiredSignatureError": AuthExpired, "InvalidSignatureError": AuthExpired, "QueryCostError": TooMuch},
    )  # fmt: skip
    endpoints = (
        _orders("orders", ORDER, ("order_head", "order_line"), "Saleor 订单 (接口)", "Saleor orders (API)", buyer=("user.id",)),
        _orders("refunds", "id created updatedAt", ("refund",), "Saleor 退款 (接口)", "Saleor refunds (API)", keeps_if="refunds"),
    )  # fmt: skip

    def build(self, call: Call, account: Account) -> Request:
        return super().build(call, replace(account, base_url=account.base_url.rstrip("/").removesuffix(PATH.rstrip("/"))))

    def sign(self, request: Request, auth: Auth) -> Request:
        return with_headers(request, Authorization=f"Bearer {auth.secrets['token']}")

    def records(self, endpoint: Endpoint, body: Any) -> list[Any]:
        """Orders without the edges around them; money exact, payments read as `paid` (first instant, sum) and `refunds`."""
        return [_read(_exact(edge.get("node"))) for edge in super().records(endpoint, body)]


def _exact(value: Any) -> Any:
    """The same with every Money's amount as decimal text, from its whole number where that is given."""
    if isinstance(value, list):
        return [_exact(each) for each in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("fractionalAmount"), int) and isinstance(value.get("fractionDigits"), int):
        return {"amount": f"{Decimal(value['fractionalAmount']).scaleb(-value['fractionDigits']):f}", "currency": value.get("currency")}
    return {name: _exact(each) for name, each in value.items()}


def _read(order: Any) -> Any:
    if not isinstance(order, dict):
        return order
    moves = sorted(_moves(order), key=lambda move: (str(move["at"]), str(move["id"])))
    charged = [move for move in moves if move["type"] in CHARGED]
    read = {name: value for name, value in order.items() if name not in ("transactions", "payments")}
    if charged:
        read["paid"] = {"at": charged[0]["at"], "amount": str(sum(Decimal(str(move["amount"])) for move in charged))}
    sign = {**dict.fromkeys(BACK, ""), **dict.fromkeys(TAKEN_AGAIN, "-")}
    return {**read, "refunds": [{**move, "amount": f"{sign[move['type']]}{move['amount']}"} for move in moves if move["type"] in sign]}


def _moves(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Money that moved, from the transactions and from the older payments."""
    listed = [(event.get("type"), event.get("createdAt"), event) for each in order.get("transactions") or [] for event in each.get("events") or []]
    listed += [(each.get("kind"), each.get("created"), each) for payment in order.get("payments") or [] for each in payment.get("transactions") or [] if each.get("isSuccess")]
    for kind, at, entry in listed:
        money = entry.get("amount") or {}
        if kind in (*CHARGED, *BACK, *TAKEN_AGAIN) and money.get("amount") is not None:
            yield {"id": entry.get("id"), "type": kind, "at": at, "amount": money["amount"], "currency": money.get("currency")}
