"""Orders, refunds and store sessions of a Shopify shop (Admin GraphQL).

Source: Shopify's own Admin schema of 2026-10, which every document beside this module is validated against (`make check-schemas`), and shopify.dev pages on
        throttling, bulk operations and ShopifyQL, read 2026-11-20.
Grain:  one row per order, order line, refund; one figure a day of the store's sessions, and one row a day and referrer source.
Units:  money as decimal text with its currency, shop money only (not what the buyer saw); instants in UTC; rows carry the shop's zone and its currency.
Orders are asked for by update time, every status and test orders included; history is read by bulk operations. Without the scope read_all_orders only the last 60
days of orders are shown, and no error says so: nothing older is asked for unless the account's option `all_orders` says that the app holds it.
Session days are days of the shop's zone. Bounce rate and average session duration are left out: their units are not stated.
Not given by the platform: ad cost, live sessions, orders that were deleted. A refund's lines are not read: their sum is not what was paid back.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from connectors.api.config import Account
from connectors.api.connector import Auth, Call, Connector, same_zone, with_headers
from connectors.api.endpoint import Answer, Endpoint, Envelope, Ping, Request, dig
from connectors.api.line import Line
from connectors.api.oauth import Grant, TokenCall
from connectors.api.pacing import Pace
from connectors.api.paging import Cursor, Offset, truth
from connectors.api.settings import Credentials
from connectors.api.windows import Days, Span, Window
from connectors.errors import AccessDenied, ApiError, BadRequest, PlatformDown, RateLimited, TooMuch, UnexpectedPayload
from connectors.shopify import bulk
from warehouse.errors import ConfigError

LOG = logging.getLogger(__name__)
GRAPHQL = "/admin/api/{api_version}/graphql.json"
VISIBLE = timedelta(days=60)
BUYER = "customer { id }"
CHANGED = "updated_at:>='{since}' AND updated_at:<'{until}'"
DAILY = "sessions, online_store_visitors, pageviews, sessions_with_cart_additions, sessions_that_reached_checkout, sessions_that_completed_checkout"
HUMANS = "FROM sessions SHOW {shown} WHERE human_or_bot_session = 'human' GROUP BY {by} SINCE {{since}} UNTIL {{until}} ORDER BY {by}"


def document(name: str) -> str:
    """The text of a GraphQL document beside this module."""
    return (Path(__file__).parent / f"{name}.graphql").read_text(encoding="utf-8")


def report(name: str, loads: tuple[str, ...], kind: str, label_zh: str, label_en: str, shown: str, by: str) -> Endpoint:
    """A ShopifyQL table by day, of human sessions only, with its limit sent: without one a table of two dimensions is cut silently."""
    return Endpoint(
        name, GRAPHQL, "data.shopifyqlQuery.tableData.rows", loads, kind, label_zh, label_en, money="none", method="POST",
        key=tuple(by.split(", ")), params={"query": document("sessions"), "variables.query": HUMANS.format(shown=shown, by=by)},
        window=Days("since", "until", most=31, back=3), paging=Offset("skip", "limit", 1000), optional=True, every="6h",
    )  # fmt: skip


class Shopify(Connector):
    name = "shopify"
    platform = "shopify"
    label_zh, label_en = "Shopify 独立站", "Shopify"
    base_url = "https://{id}.myshopify.com"
    zone, currency = "America/New_York", "USD"
    optional_credentials = ("access_token", "client_id", "client_secret")
    id_label = "shop's name before .myshopify.com"
    options: ClassVar[Mapping[str, str]] = {
        "all_orders": "true when the app holds the scope read_all_orders",
        "customers": "true when the app may read customers: buyers are then told apart",
        "api_version": "version of the Admin API, such as 2026-10",
    }
    api_version = "2026-10"
    served = ""
    sends = "json"
    pace = Pace(per_second=4.0, burst=4)
    parallel, attempts = 2, 8  # one bucket of cost for all calls of the app
    grant = Grant(
        exchange=TokenCall("/admin/oauth/access_token", {"client_id": "{client_id}", "client_secret": "{client_secret}", "grant_type": "client_credentials"}),
        data="",
    )  # fmt: skip
    envelope = Envelope(
        ok=("errors", (None, [])), absent_ok=True, codes=("errors.0.extensions.code", "errors.1.extensions.code"), message=("errors.0.message", "errors"),
        rules={"THROTTLED": RateLimited, "INTERNAL_SERVER_ERROR": PlatformDown, "MAX_COST_EXCEEDED": TooMuch, "ACCESS_DENIED": AccessDenied},
    )  # fmt: skip
    endpoints = (
        Endpoint(
            "orders_history", GRAPHQL, "orders", ("order_head", "order_line", "refund"), "orders", "Shopify 订单 (接口)", "Shopify orders (API)",
            money="major", key="id", method="POST", params={"query": document("bulk_run"), "variables.query": document("bulk_orders")},
            window=Span("since", "until", "iso", most=timedelta(days=31), overlap=timedelta(0)), total="count",
            history=True, source="orders", buyer=("customer.id",),
        ),
        Endpoint(
            "orders", GRAPHQL, "data.orders.nodes", ("order_head", "order_line", "refund"), "orders", "Shopify 订单 (接口)", "Shopify orders (API)",
            money="major", key="id", method="POST", params={"query": document("orders"), "variables.query": CHANGED},
            window=Span("since", "until", "iso", most=timedelta(days=1), overlap=timedelta(hours=1)), total="data.ordersCount.count",
            paging=Cursor("variables.after", "data.orders.pageInfo.endCursor", "variables.first", 25, more="data.orders.pageInfo.hasNextPage", smallest=1),
            tail=True, buyer=("customer.id",),
        ),
        report("sessions", ("visits",), "shop", "Shopify 会话 (接口)", "Shopify sessions (API)", DAILY, "day"),
        report("traffic", ("source_day", "source_visits"), "traffic", "Shopify 流量来源 (接口)", "Shopify traffic sources (API)",
               "sessions, online_store_visitors", "day, referrer_source"),
    )  # fmt: skip

    def endpoints_for(self, account: Account) -> tuple[Endpoint, ...]:
        if truth(account.options.get("all_orders")):
            return self.endpoints
        return tuple(replace(each, window=replace(each.window, keeps=VISIBLE)) if isinstance(each.window, Span) else each for each in self.endpoints)

    def params(self, endpoint: Endpoint, account: Account, window: Window, zone: str) -> dict[str, Any]:
        params = super().params(endpoint, account, window, zone)
        since, until = params.pop("since"), params.pop("until")
        for name in ("query", "variables.query"):
            text = params[name].replace("{since}", since).replace("{until}", until)
            params[name] = text if truth(account.options.get("customers")) else text.replace(BUYER, "")
        return params

    def build(self, call: Call, account: Account) -> Request:
        if call.base_url:  # a file, wherever it lies
            return Request("GET", call.base_url)
        params = dict(call.params)
        limit, skip = params.pop("limit", None), params.pop("skip", 0)
        if limit is not None:
            params["variables.query"] += f" LIMIT {limit}" + (f" OFFSET {skip}" if skip else "")
        request = super().build(replace(call, params=params), account)
        return replace(request, url=request.url.replace(".myshopify.com.myshopify.com/", ".myshopify.com/"))

    def grant_for(self, secrets: Credentials) -> Grant | None:
        if "access_token" in secrets:
            return None
        if "client_id" in secrets and "client_secret" in secrets:
            return self.grant
        raise ConfigError(
            f"'{secrets.login}' has neither an 'access_token' (of a custom app made in the shop's admin) nor 'client_id' with 'client_secret' (of an app of your own). "
            "Run: python -m connectors init"
        )

    def sign(self, request: Request, auth: Auth) -> Request:
        """The token goes to the shop's GraphQL address only: a bulk operation's file lies on another host."""
        if not request.url.endswith("/graphql.json"):
            return request
        return with_headers(request, X_Shopify_Access_Token=auth.secrets.get("access_token") or auth.token)

    def judge(self, call: Call, answer: Answer) -> Any:
        if call.base_url:
            return bulk.lines(answer)
        body = super().judge(call, answer)
        wrong = dig(body, "data.shopifyqlQuery.parseErrors")
        if wrong:
            raise BadRequest(f"Shopify does not understand the ShopifyQL query: {wrong[0]}. Correct shopify.py.")
        bulk.check_started(body)
        served = answer.headers.get("x-shopify-api-version", self.served)
        if served != self.served:  # a version that was retired is answered by a later one, silently
            self.served = served
            LOG.info("Shopify answers by version %s of its Admin API", served)
        return body

    def refused(self, answer: Answer, body: Any, path: str) -> ApiError:
        """A throttle says by its cost figures when the bucket will hold enough."""
        error, cost = super().refused(answer, body, path), dig(body, "extensions.cost")
        rate, left = dig(cost, "throttleStatus.restoreRate"), dig(cost, "throttleStatus.currentlyAvailable")
        if isinstance(error, RateLimited) and rate and left is not None:
            error.retry_after_s = max(0.0, (cost["requestedQueryCost"] - left) / rate)
        return error

    def pages(self, line: Line, endpoint: Endpoint, params: Mapping[str, Any]) -> Iterator[Any]:
        for body in bulk.pages(line, endpoint, params) if endpoint.history else super().pages(line, endpoint, params):
            if zone := dig(body, "data.shop.ianaTimezone"):
                same_zone(line, zone, "The shop")
            for order in dig(body, "data.orders.nodes") or ():
                self._all_lines(line, order)
            yield body

    def _all_lines(self, line: Line, order: dict[str, Any]) -> None:
        """An order shows its first lines only; the rest is asked for until its own list says that it ends."""
        while truth(dig(order, "lineItems.pageInfo.hasNextPage")):
            after = dig(order, "lineItems.pageInfo.endCursor")
            asked = {"query": document("order_lines"), "variables.id": order["id"], "variables.first": 100, "variables.after": after}
            more = dig(line.call(Call(GRAPHQL, asked, "POST")), "data.order.lineItems")
            if not more or not more["nodes"] or dig(more, "pageInfo.endCursor") == after:
                raise UnexpectedPayload(f"Shopify orders: the lines of {order['id']} do not go on where the list says so. Nothing was stored of this window; try again.")
            order["lineItems"] = {"nodes": [*order["lineItems"]["nodes"], *more["nodes"]], "pageInfo": more["pageInfo"]}

    def ping(self, line: Line) -> Ping:
        data = dig(line.call(Call(GRAPHQL, {"query": document("shop")}, "POST")), "data")
        scopes = tuple(str(dig(scope, "handle")) for scope in dig(data, "currentAppInstallation.accessScopes") or ())
        shop = dig(data, "shop.myshopifyDomain") or ""
        note = "" if "read_all_orders" in scopes else "only the last 60 days of orders are shown (no scope read_all_orders)"
        return Ping(shop, shop.removesuffix(".myshopify.com"), dig(data, "shop.ianaTimezone") or "", dig(data, "shop.currencyCode") or "", scopes, note)
