"""Orders, order lines and refunds of a Vendure shop (Admin API, GraphQL), on a server of its own.

Source: vendure-ecommerce/vendure 3.7.3, schema of the Admin API and `@vendure/common`, read 2026-11-20; checked against a running 3.7.3.
Grain:  one row per placed order, line of a placed order, refund.
Units:  whole numbers of hundredths, tax included; a server with another money precision is refused. Times in UTC; days in the account's zone.
`updatedAt` of an order stands still when it is paid, shipped or paid back, so it is no cursor. `orderPlacedAt` never moves: lists are asked for by it, recent days
at every run, 45 days once a day for what became of them, 180 days for refunds (a later refund is not seen). Baskets (never placed) are not asked for.
An order is paid by the day it was placed. Not given: visitors, traffic sources, advertising.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from connectors.api.config import Account
from connectors.api.connector import Auth, Call, Connector, with_headers
from connectors.api.endpoint import Answer, Endpoint, Envelope, Ping, Request, dig
from connectors.api.line import Line
from connectors.api.pacing import Pace
from connectors.api.paging import Offset
from connectors.api.windows import Days, Span, Window
from connectors.errors import AccessDenied, ApiError, NotSupported, PlatformDown

PATH = "/admin-api"
FILTER = "variables.options.filter"
PLACED = Span(f"{FILTER}.orderPlacedAt.between.start", f"{FILTER}.orderPlacedAt.between.end", unit="iso")  # both ends belong to it
LIST = "query ($options: OrderListOptions) {{ orders(options: $options) {{ totalItems items {{ {fields} }} }} globalSettings {{ serverConfig {{ moneyStrategyPrecision }} }} }}"
ORDER = """id code type state orderPlacedAt updatedAt currencyCode totalWithTax shippingWithTax
    customer { id } discounts { type amountWithTax } payments { id state amount }
    lines { id quantity orderPlacedQuantity unitPriceWithTax proratedUnitPriceWithTax proratedLinePriceWithTax productVariant { id productId sku name } }"""
REFUND = "id orderPlacedAt currencyCode payments { id refunds { id state total reason createdAt updatedAt } }"
WHOLE = ["Regular", "Aggregate"]  # sellers' parts of an aggregate order would count it twice


def listed(name: str, loads: tuple[str, ...], kind: str, label_zh: str, label_en: str, fields: str, window: Days, size: int, **more: Any) -> Endpoint:
    """A list of orders of every state, oldest first, so that what comes in meanwhile is appended."""
    asked = {"query": LIST.format(fields=" ".join(fields.split())), "variables.options.sort": {"orderPlacedAt": "ASC", "id": "ASC"}}
    return Endpoint(
        name, PATH, "data.orders.items", loads, kind, label_zh, label_en, money="minor", key="id", method="POST", params=asked, window=window,
        paging=Offset("variables.options.skip", "variables.options.take", size, "data.orders.totalItems"), total="data.orders.totalItems", **more,
    )  # fmt: skip


class Vendure(Connector):
    name = "vendure"
    platform = "vendure"
    label_zh, label_en = "Vendure 自建商城", "Vendure"
    self_hosted = True
    credentials = ("api_key",)
    options: ClassVar[Mapping[str, str]] = {
        "channel": "token of one channel (vendure-token); without it the default channel",
        "key_kind": "session: api_key holds a session token (vendure-auth-token), for servers before 3.6",
    }
    sends = "json"
    pace = Pace(per_second=4.0, burst=4)
    envelope = Envelope(
        ok=("errors", (None,)), absent_ok=True, codes=("errors.0.extensions.code",), message=("errors.0.message",),
        rules={"FORBIDDEN": AccessDenied, "INTERNAL_SERVER_ERROR": PlatformDown},
    )  # fmt: skip
    endpoints = (
        listed("orders", ("order_head", "order_line"), "orders", "Vendure 订单 (接口)", "Vendure orders (API)", ORDER, Days("from", "to", most=7, back=3), 100, buyer=("customer.id",)),
        listed("orders_again", ("order_head", "order_line"), "orders", "Vendure 订单 (接口)", "Vendure orders (API)", ORDER, Days("from", "to", most=7, back=45, fills=False), 100,
               buyer=("customer.id",), source="orders", every="1d"),
        listed("refunds", ("refund",), "refunds", "Vendure 退款 (接口)", "Vendure refunds (API)", REFUND, Days("from", "to", most=30, back=180), 250, keeps_if="refunds", every="6h"),
    )  # fmt: skip

    def params(self, endpoint: Endpoint, account: Account, window: Window, zone: str) -> dict[str, Any]:
        whole = {} if account.options.get("channel") else {f"{FILTER}.type.in": WHOLE}
        return {**endpoint.params, **PLACED.params(window, zone), **whole}

    def build(self, call: Call, account: Account) -> Request:
        return super().build(call, replace(account, base_url=account.base_url.rstrip("/").removesuffix(PATH)))

    def sign(self, request: Request, auth: Auth) -> Request:
        key, channel = auth.secrets["api_key"], auth.account.options.get("channel")
        session = auth.account.options.get("key_kind") == "session"
        own = {"Authorization": f"Bearer {key}"} if session else {"vendure_api_key": key}
        return with_headers(request, **own, **({"vendure_token": str(channel)} if channel else {}))

    def refused(self, answer: Answer, body: Any, path: str) -> ApiError:
        error = super().refused(answer, body, path)
        if isinstance(error, AccessDenied):
            error.args = (f"{error}. The key is not known to this server, or its role may not read orders: see Settings > API keys in its back office.",)
        return error

    def records(self, endpoint: Endpoint, body: Any) -> list[Any]:
        places = dig(body, "data.globalSettings.serverConfig.moneyStrategyPrecision")
        if places not in (None, 2):
            raise NotSupported(f"{self.label_en} {endpoint.name}: this server counts money with {places} decimals; only 2 is known how to read. Nothing was stored.")
        listed = super().records(endpoint, body)
        return [_with_refunds(order) for order in listed] if "refund" in endpoint.loads else listed

    def ping(self, line: Line) -> Ping:
        said = line.call(Call(PATH, {"query": "query { activeChannel { code defaultCurrencyCode } }"}, "POST"))
        line.probe(self.endpoints[0])
        channel = dig(said, "data.activeChannel") or {}
        return Ping(str(channel.get("code", "")), zone=line.zone, currency=str(channel.get("defaultCurrencyCode", "")), note="订单可读")


def _with_refunds(order: dict[str, Any]) -> dict[str, Any]:
    """The order with the refunds of all its payments in one list, each with its payment's id."""
    payments = order.get("payments") or []
    refunds = [{**refund, "payment": payment.get("id")} for payment in payments for refund in payment.get("refunds") or []]
    return {**{name: value for name, value in order.items() if name != "payments"}, "refunds": refunds}
