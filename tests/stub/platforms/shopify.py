"""Shopify played strictly: errors under HTTP 200, a bucket of cost, short inner lists, bulk operations whose file holds lines before and after their order."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.api.config import Account
from tests.stub import graphql
from tests.stub.graphql import Field
from tests.stub.played import Expiring, Setup, changed, need, one_twice, only, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import Order, World

CLIENT, SECRET = "canary-client-id", "canary-shopify-secret"
ZONE = "America/New_York"
API, TOKENS = "/admin/api/2026-10/graphql.json", "/admin/oauth/access_token"
CHANGED = re.compile(r"updated_at:>='(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)' AND updated_at:<'(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)'")
QL = re.compile(
    r"FROM sessions SHOW ([a-z_]+(?:, [a-z_]+)*) WHERE human_or_bot_session = 'human' GROUP BY (day(?:, referrer_source)?) "
    r"SINCE (\d{4}-\d\d-\d\d) UNTIL (\d{4}-\d\d-\d\d) ORDER BY (day(?:, referrer_source)?) LIMIT (\d{1,4})(?: OFFSET ([1-9]\d*))?"
)
SHOWN = {"sessions": 1, "online_store_visitors": 2, "pageviews": 9, "sessions_with_cart_additions": 3, "sessions_that_reached_checkout": 4,
         "sessions_that_completed_checkout": 5}  # fmt: skip
SOURCES = ("direct", "social", None)
RUNS_S = 3  # a bulk operation takes so long


def iso(instant: int | None) -> str | None:
    return None if instant is None else datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def gid(kind: str, number: str) -> str:
    return f"gid://shopify/{kind}/{number}"


class Shopify(Expiring):
    """The shop's platform. `lines_shown`: the most lines an order shows at once, whatever is asked for."""

    most_cost, bucket, rate, lines_shown = 1000.0, 2000.0, 100.0, 2
    too_costly = 0

    def __init__(self, world: World, clock: Callable[[], float], custom_token: str = "", all_orders: bool = False) -> None:
        super().__init__(world, clock)
        self.custom_token, self.all_orders = custom_token, all_orders
        self.left, self.filled_at = self.bucket, float(self.clock())
        self.operations: dict[str, dict[str, Any]] = {}
        self.outcome: dict[str, Any] = {}  # what a test wants of the next bulk operations' status

    def answer(self, call: Call) -> Reply:
        if call.path.startswith("/bulk/"):
            return self._file(call)
        need(call.method == "POST" and call.headers.get("content-type") == "application/json", f"POST of JSON, not {call.method} {call.path}")
        if call.path == TOKENS:
            body = call.json()
            need(body == {"client_id": CLIENT, "client_secret": SECRET, "grant_type": "client_credentials"}, "client credentials")
            return Reply(200, {"access_token": self.issue(86_400)[0], "scope": "read_orders,read_reports"})
        need(call.path == API and not call.query, f"no such address {call.path}")
        token = call.headers.get("x-shopify-access-token", "")
        if not (self.holds(token) or (self.custom_token and token == self.custom_token)):
            return self.expired_reply()
        return self._graphql(call)

    def _graphql(self, call: Call) -> Reply:
        body = call.json()
        only(body, ("query", "variables"), call)
        asked = graphql.operation(body["query"], body.get("variables") or {})
        cost = sum(self._cost(each) for each in asked.fields)
        self._refill()
        if cost > self.most_cost:
            self.too_costly += 1
            return self.error("MAX_COST_EXCEEDED", cost)
        if cost > self.left:
            return self.error("THROTTLED", cost)
        self.left -= cost
        routes = {"shop": self._shop, "currentAppInstallation": self._installation, "ordersCount": self._count, "orders": self._orders, "order": self._order_of,
                  "bulkOperationRunQuery": lambda each: self._run(each, call.base), "bulkOperation": self._status, "shopifyqlQuery": self._ql}  # fmt: skip
        need(all(each.name in routes for each in asked.fields), f"no such fields {[each.name for each in asked.fields]}")
        need((asked.kind == "mutation") == (asked.fields[0].name == "bulkOperationRunQuery"), "what changes something is a mutation")
        return Reply(200, {"data": graphql.answer(asked.fields, lambda each: routes[each.name](each)), "extensions": {"cost": self._bill(cost, cost)}})

    def _cost(self, asked: Field) -> float:
        """Of a list by what it may give, of anything else by its fields."""
        inner = sum(self._cost(each) for each in asked.fields if each.fields)
        return asked.args["first"] * (1 + inner / 10) if "first" in asked.args else 1 + inner / 10

    def _refill(self) -> None:
        now = float(self.clock())
        self.left, self.filled_at = min(self.bucket, self.left + (now - self.filled_at) * self.rate), now

    def _bill(self, requested: float, actual: float | None) -> dict[str, Any]:
        return {"requestedQueryCost": requested, "actualQueryCost": actual,
                "throttleStatus": {"maximumAvailable": self.bucket, "currentlyAvailable": self.left, "restoreRate": self.rate}}  # fmt: skip

    def _shop(self, _: Field) -> dict[str, Any]:
        return {"myshopifyDomain": "demo.myshopify.com", "ianaTimezone": ZONE, "currencyCode": self.world.currency}

    def _installation(self, _: Field) -> dict[str, Any]:
        scopes = ["read_orders", "read_reports", *(["read_all_orders"] if self.all_orders else [])]
        return {"accessScopes": [{"handle": scope} for scope in scopes]}

    def _found(self, search: str) -> list[Order]:
        """Orders changed in a time; without the scope for all, those of the last 60 days, and no word of it."""
        match = CHANGED.fullmatch(search)
        need(match, f"search {search!r}")
        assert match is not None
        low, high = (int(datetime.fromisoformat(text).timestamp()) for text in match.groups())
        oldest = 0 if self.all_orders else self.now() - 60 * 86_400
        found = [order for order in self.view().orders if low <= order.updated_at < high and order.created_at >= oldest]
        return sorted(found, key=lambda order: (order.updated_at, order.order_id))

    def _count(self, asked: Field) -> dict[str, Any]:
        need("limit" in asked.args and asked.args["limit"] is None, "a count without `limit: null` ends at 10,000")
        return {"count": len(self._found(asked.args["query"])), "precision": "EXACT"}

    def _orders(self, asked: Field) -> dict[str, Any]:
        args = asked.args
        only(args, ("query", "sortKey", "first", "after"), Call("POST", "orders", {}, "", {}, b""))
        need(args.get("sortKey") == "UPDATED_AT", "sorted by what the cursor is on")
        need(1 <= args.get("first", 0) <= 250, "first is 1 to 250")
        found = self._found(args["query"])
        if args.get("after"):
            seen = tuple(json.loads(base64.b64decode(args["after"])))
            found = [order for order in found if (order.updated_at, order.order_id) > seen]
        page = found[: args["first"]]
        cursor = base64.b64encode(json.dumps((page[-1].updated_at, page[-1].order_id)).encode()).decode() if page else None
        inner = next((each for each in asked.fields if each.name == "nodes"), asked)
        lines = next(each for each in inner.fields if each.name == "lineItems")
        need(1 <= lines.args.get("first", 0) <= 250, "a list inside needs its own first")
        return {"nodes": [self._order(order, self._lines(order, lines)) for order in page],
                "pageInfo": {"hasNextPage": len(found) > len(page), "endCursor": cursor}}  # fmt: skip

    def _order_of(self, asked: Field) -> dict[str, Any] | None:
        order = next((order for order in self.view().orders if gid("Order", order.order_id) == asked.args["id"]), None)
        need(order, "no such order")
        assert order is not None
        return self._order(order, self._lines(order, next(each for each in asked.fields if each.name == "lineItems")))

    def _lines(self, order: Order, asked: Field) -> dict[str, Any]:
        start = int(asked.args.get("after") or 0)
        end = start + min(asked.args["first"], self.lines_shown)
        return {"nodes": self._all_lines(order)[start:end], "pageInfo": {"hasNextPage": end < len(order.lines), "endCursor": str(end)}}

    def _all_lines(self, order: Order) -> list[dict[str, Any]]:
        return [
            {"id": gid("LineItem", line.line_id), "sku": line.item.sku_id, "title": line.item.title, "variantTitle": None, "quantity": line.units,
             "originalUnitPriceSet": self._money(line.item.price), "discountedTotalSet": self._money(line.amount)}
            for line in order.lines
        ]  # fmt: skip

    def _money(self, cents: int) -> dict[str, Any]:
        return {"shopMoney": {"amount": f"{cents // 100}.{cents % 100:02d}", "currencyCode": self.world.currency}}

    def _order(self, order: Order, lines: dict[str, Any]) -> dict[str, Any]:
        received = order.amount if order.paid_at else 0
        financial = "PENDING" if not order.paid_at else "PAID" if not order.refunded else "REFUNDED" if order.refunded == received else "PARTIALLY_REFUNDED"
        payment = {"kind": "SALE", "status": "SUCCESS", "createdAt": iso(order.paid_at), "processedAt": iso(order.paid_at)}
        failed = {"kind": "SALE", "status": "FAILURE", "createdAt": iso(order.created_at), "processedAt": iso(order.created_at)}
        return {
            "id": gid("Order", order.order_id), "createdAt": iso(order.created_at), "processedAt": iso(order.created_at), "updatedAt": iso(order.updated_at),
            "cancelledAt": iso(order.cancelled_at), "test": False, "displayFinancialStatus": "VOIDED" if order.cancelled_at else financial,
            "displayFulfillmentStatus": "FULFILLED" if order.shipped_at else "UNFULFILLED",
            "totalPriceSet": self._money(order.amount), "totalReceivedSet": self._money(received), "totalDiscountsSet": self._money(order.discount),
            "totalShippingPriceSet": self._money(0), "customer": {"id": gid("Customer", order.buyer_id)}, "lineItems": lines,
            "refunds": [
                {"id": gid("Refund", refund.refund_id), "createdAt": iso(refund.done_at), "processedAt": iso(refund.done_at), "updatedAt": iso(refund.done_at),
                 "totalRefundedSet": self._money(refund.amount)}
                for refund in order.refunds if refund.done_at
            ],
            "transactions": [failed, payment] if order.paid_at else [failed],
        }  # fmt: skip

    def _run(self, asked: Field, base: str) -> dict[str, Any]:
        need(asked.args.get("groupObjects") is False, "grouping is said")
        now = self.now()
        if sum(each["ends"] > now for each in self.operations.values()) >= 5:
            wrong = {"code": "OPERATION_IN_PROGRESS", "field": None, "message": "A bulk query operation for this app and shop is already in progress"}
            return {"bulkOperation": None, "userErrors": [wrong]}
        inner = graphql.operation(asked.args["query"], {})
        need(len(inner.fields) == 1 and inner.fields[0].name == "orders" and set(inner.fields[0].args) == {"query"}, "orders, and no variables in bulk")
        number = str(9001 + len(self.operations))
        rows = list(self._objects(inner.fields[0]))
        self.operations[gid("BulkOperation", number)] = {"ends": now + RUNS_S, "rows": rows, "url": f"{base}/bulk/{number}.jsonl", **self.outcome}
        return {"bulkOperation": {"id": gid("BulkOperation", number), "status": "CREATED"}, "userErrors": []}

    def _objects(self, asked: Field) -> Iterator[dict[str, Any]]:
        """Objects of the file, only fields asked for; every second order's lines stand before it."""
        node = next(each for each in asked.fields if each.name == "edges").fields[0]
        lines = next(each for each in node.fields if each.name == "lineItems")
        line_node = next(each for each in lines.fields if each.name == "edges").fields[0]
        plain = Field("node", "node", {}, tuple(each for each in node.fields if each.name != "lineItems"))
        for number, order in enumerate(self._found(asked.args["query"])):
            head = graphql.cut(plain, self._order(order, {}))
            mine = [graphql.cut(line_node, line) | {"__parentId": head["id"]} for line in self._all_lines(order)]
            yield from ([*mine, head] if number % 2 else [head, *mine])

    def _status(self, asked: Field) -> dict[str, Any]:
        known = self.operations.get(asked.args["id"])
        need(known, "no such operation")
        assert known is not None
        done = known["ends"] <= self.now()
        rows = known["rows"] if done else []
        status = {
            "id": asked.args["id"], "status": "COMPLETED" if done else "RUNNING", "errorCode": None, "partialDataUrl": None,
            "objectCount": str(len(rows)), "rootObjectCount": str(sum("__parentId" not in row for row in rows)),
            "fileSize": str(len(self._text(rows))) if rows else None, "url": known["url"] if rows else None,
        }  # fmt: skip
        return status | known.get("status", {}) if done else status

    def _file(self, call: Call) -> Reply:
        need(call.method == "GET" and "x-shopify-access-token" not in call.headers, "the file is on another host, which must see no token")
        known = self.operations.get(gid("BulkOperation", call.path.split("/")[-1].removesuffix(".jsonl")))
        need(known and known["ends"] <= self.now(), "no such file")
        assert known is not None
        return Reply(200, self._text(known["rows"]), {"Content-Type": "application/jsonl"})

    def _text(self, rows: list[dict[str, Any]]) -> bytes:
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()

    def _ql(self, asked: Field) -> dict[str, Any]:
        match = QL.fullmatch(asked.args["query"])
        if match is None:
            return {"parseErrors": [f"Cannot read {asked.args['query'][:40]}"], "tableData": None}
        shown, by, since, until, order, limit, offset = match.groups()
        wrong = [name for name in shown.split(", ") if name not in SHOWN]
        if wrong:
            return {"parseErrors": [f"Column '{wrong[0]}' not found"], "tableData": None}
        need(order == by and 1 <= int(limit) <= 1000, "ordered by what it is grouped by, 1,000 rows at most")
        rows = [row for day in self._days(since, until) for row in self._rows(day, by, shown.split(", "))]
        start = int(offset or 0)
        columns = [{"name": name, "dataType": "STRING", "displayName": name} for name in (*by.split(", "), *shown.split(", "))]
        return {"parseErrors": [], "tableData": {"columns": columns, "rows": rows[start : start + int(limit)]}}

    def _days(self, since: str, until: str) -> list[date]:
        first, last = date.fromisoformat(since), date.fromisoformat(until)
        today = datetime.fromtimestamp(self.now(), ZoneInfo(ZONE)).date()
        need(first <= last <= today, "days in order, none to come")
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def _rows(self, day: date, by: str, shown: list[str]) -> list[dict[str, str | None]]:
        """Figures that anybody can work out: of the store day-of-month x column, of a source a third of it."""
        if by == "day":
            return [{"day": day.isoformat(), **{name: str(day.day * 30 * SHOWN[name]) for name in shown}}]
        return [{"day": day.isoformat(), "referrer_source": source, **{name: str(day.day * 10 * SHOWN[name]) for name in shown}} for source in SOURCES]

    def error(self, code: str, cost: float = 412) -> Reply:
        body = {"errors": [{"message": code.capitalize(), "extensions": {"code": code}}], "extensions": {"cost": self._bill(cost, None)}}
        return Reply(200, body)

    def expired_reply(self) -> Reply:
        return Reply(401, {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"})

    def throttled(self) -> Reply:
        reply = self.error("THROTTLED")
        reply.body["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"] = 12.0  # type: ignore[call-overload,index]
        return reply

    def server_error(self) -> Reply:
        return Reply(200, {"errors": [{"message": "Internal error", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]})

    def short_page(self, reply: Reply) -> Reply | None:
        return self._file_changed(reply, without_one) or changed(reply, "data.orders.nodes", without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return self._file_changed(reply, one_twice) or changed(reply, "data.orders.nodes", one_twice)

    def _file_changed(self, reply: Reply, change: Callable[[list[Any]], list[Any]]) -> Reply | None:
        if "jsonl" not in reply.headers.get("Content-Type", ""):
            return None
        return Reply(200, b"".join(line + b"\n" for line in change(reply.raw().splitlines())), reply.headers)

    def spared(self, call: Call) -> tuple[str, ...]:
        """A call for a token, and one for a file, cannot meet a dead token."""
        return ("expired",) if call.path == TOKENS or call.path.startswith("/bulk/") else ()


def setup(world: World, clock: Callable[[], float]) -> Setup:
    return Setup(
        Shopify(world, clock), lambda url: Account("store", "shopify", "shopus", id="demo", since=world.days()[0].isoformat(), base_url=url),
        {"client_id": CLIENT, "client_secret": SECRET}, ("placed", "paid", "sales", "refunds"), orders="shopify.orders", refunds="shopify.orders",
    )  # fmt: skip
