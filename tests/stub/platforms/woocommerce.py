"""WooCommerce played strictly: Basic keys, dates in GMT without a suffix, both ends of a range left out, counts in headers, pages that shift when rows leave."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.api.config import Account
from tests.stub.played import Played, Setup, digits, need, one_twice, only, page_of, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import Order, Refund, World

KEY, SECRET = "ck_canary0123456789", "cs_canary0123456789"
API = "/wp-json/wc/v3"
STATUS = {"unpaid": "pending", "paid": "processing", "shipped": "processing", "done": "completed", "cancelled": "cancelled"}
PLAIN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


class WooCommerce(Played):
    """The shop's site. `most_rows`: a page of more times out; `leaves`: called when a page was given, so that rows may leave the window."""

    most_rows = 100
    in_query = False
    leaves: Callable[[], None] | None = None

    def answer(self, call: Call) -> Reply:
        need(call.method == "GET" and not call.body, "GET only")
        query = dict(call.query)
        if not self._known(call, query):
            return Reply(401, {"code": "woocommerce_rest_authentication_error", "message": "Consumer key is invalid.", "data": {"status": 401}})
        of_order = re.fullmatch(rf"{API}/orders/(\d+)/refunds", call.path)
        if call.path != f"{API}/orders" and not of_order:
            return Reply(404, {"code": "rest_no_route", "message": "No route was found matching the URL and request method", "data": {"status": 404}})
        need(query.get("dp") == "4", "two decimals round some currencies")
        need(1 <= int(query.get("per_page", "0")) <= 100 and int(query.get("page", "0")) >= 1, "page and per_page, at most 100")
        if int(query["per_page"]) > self.most_rows:
            return Reply(504, "<html><body>504 Gateway Time-out</body></html>")
        return self._refunds(call, query, of_order.group(1)) if of_order else self._orders(call, query)

    def _known(self, call: Call, query: dict[str, str]) -> bool:
        """Takes the keys out of the query where they stand there."""
        given = query.pop("consumer_key", ""), query.pop("consumer_secret", "")
        header = call.headers.get("authorization", "")
        need(not (given[0] and header), "keys once, in the header or in the query")
        if self.in_query:  # the host strips the header
            return given == (KEY, SECRET)
        return header == "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()

    def _orders(self, call: Call, query: dict[str, str]) -> Reply:
        only(query, ("page", "per_page", "status", "orderby", "order", "dates_are_gmt", "dp", "modified_after", "modified_before"), call)
        need(query.get("status") == "any" and query.get("dates_are_gmt") == "true", "every status, GMT")
        need(query.get("orderby") == "id" and query.get("order") == "asc", "sorted by id: a sort by date repeats and loses rows")
        after, before = (self._instant(query.get(name, "")) for name in ("modified_after", "modified_before"))
        found = sorted((order for order in self.view().orders if after < order.updated_at < before), key=lambda order: int(order.order_id))
        return self._listed(call, query, found, self._order)

    def _instant(self, text: str) -> int:
        need(PLAIN.fullmatch(text), f"{text!r} is no date without a suffix")
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())

    def _refunds(self, call: Call, query: dict[str, str], order_id: str) -> Reply:
        only(query, ("page", "per_page", "dp"), call)
        order = next((order for order in self.view().orders if order.order_id == order_id), None)
        need(order, f"no order {order_id}")
        assert order is not None
        return self._listed(call, query, [refund for refund in order.refunds if refund.done_at], self._refund)

    def _listed(self, call: Call, query: dict[str, str], found: list[Any], shown: Callable[[Any], dict[str, Any]]) -> Reply:
        page, size = int(query["page"]), int(query["per_page"])
        pages = -(-len(found) // size)
        headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
        if page < pages:
            headers["Link"] = f'<{call.base}{call.path}?page={page + 1}>; rel="next"'
        reply = Reply(200, [shown(each) for each in page_of(found, page, size)], headers)
        if self.leaves:
            self.leaves()
        return reply

    def _dates(self, name: str, instant: int | None) -> dict[str, str | None]:
        """A date of the site and its twin in GMT, both without a suffix."""
        said = [None if instant is None else datetime.fromtimestamp(instant, zone).strftime("%Y-%m-%dT%H:%M:%S") for zone in (ZoneInfo(self.world.zone), UTC)]
        return {f"date_{name}": said[0], f"date_{name}_gmt": said[1]}

    def _order(self, order: Order) -> dict[str, Any]:
        back = [refund for refund in order.refunds if refund.done_at]
        return {
            "id": int(order.order_id), "parent_id": 0, "number": order.order_id, "order_key": "wc_order_canary", "created_via": "checkout", "version": "10.3.0",
            "status": "refunded" if order.paid_at and order.refunded == order.amount else STATUS[order.status], "currency": self.world.currency,
            **self._dates("created", order.created_at), **self._dates("modified", order.updated_at), **self._dates("paid", order.paid_at),
            **self._dates("completed", order.finished_at), "discount_total": money(order.discount), "discount_tax": money(0), "shipping_total": money(0),
            "shipping_tax": money(0), "cart_tax": money(0), "total": money(order.amount), "total_tax": money(0), "prices_include_tax": False,
            "customer_id": 0 if order.buyer_id.endswith("0") else digits(order.buyer_id), "customer_ip_address": "203.0.113.77", "customer_note": "canary-person",
            "billing": {"first_name": "canary-person", "email": "canary@example.test", "phone": "13800000000"}, "shipping": {"first_name": "canary-person", "city": "X"},
            "payment_method": "stripe", "payment_method_title": "Card", "transaction_id": "canary-transaction", "cart_hash": "x", "meta_data": [{"id": 1, "value": "canary-person"}],
            "line_items": [self._line(line) for line in order.lines], "tax_lines": [], "shipping_lines": [], "fee_lines": [], "coupon_lines": [],
            "refunds": [{"id": int(refund.refund_id), "reason": "", "total": "-" + money(refund.amount)} for refund in back],
        }  # fmt: skip

    def _line(self, line: Any) -> dict[str, Any]:
        return {"id": int(line.line_id), "name": line.item.title, "product_id": int(line.item.item_id), "variation_id": int(line.item.sku_id), "quantity": line.units,
                "tax_class": "", "subtotal": money(line.item.price * line.units), "subtotal_tax": money(0), "total": money(line.amount), "total_tax": money(0),
                "taxes": [], "meta_data": [], "sku": "", "price": line.amount / 100 / line.units}  # fmt: skip

    def _refund(self, refund: Refund) -> dict[str, Any]:
        return {"id": int(refund.refund_id), **self._dates("created", refund.done_at), "amount": money(refund.amount), "reason": "", "refunded_by": 1,
                "refunded_payment": False, "meta_data": [], "line_items": []}  # fmt: skip

    def throttled(self) -> Reply:
        return Reply(429, "<html><body>Too many requests</body></html>")

    def server_error(self) -> Reply:
        return Reply(500, {"code": "internal_server_error", "message": "<p>There has been a critical error on this website.</p>", "data": {"status": 500}})

    def short_page(self, reply: Reply) -> Reply | None:
        rows = reply.data()
        return Reply(200, without_one(rows), reply.headers) if isinstance(rows, list) and rows else None

    def doubled(self, reply: Reply) -> Reply | None:
        rows = reply.data()
        return Reply(200, one_twice(rows), reply.headers) if isinstance(rows, list) and rows else None


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}00"


def setup(world: World, clock: Callable[[], float]) -> Setup:
    return Setup(
        WooCommerce(world, clock),
        lambda url: Account("woo", "woocommerce", "shopwoo", zone=world.zone, currency=world.currency, since=world.days()[0].isoformat(), base_url=url),
        {"consumer_key": KEY, "consumer_secret": SECRET}, ("placed", "paid", "sales", "refunds"), orders="woocommerce.orders", refunds="woocommerce.refunds",
    )  # fmt: skip
