"""Orders and refunds of a WooCommerce shop (REST v3), on a site of its own.

Source: woocommerce/woocommerce-rest-api-docs wp-api-v3, and what airbyte source-woocommerce 0.4.12 asks; read 2026-11-20.
Grain:  one row per order, order line, refund.
Units:  money as decimal text in the order's own currency, asked for with four decimals: the default of two would round a currency of three. Times in GMT without a
        suffix; rows carry the account's zone, which must be the site's.
Orders are asked for by modification time in GMT and sorted by id, never by date; every page is counted against X-WP-Total. An order lists its refunds without their
day, so refunds are asked for order by order. A busy or timed-out site is asked for half a page. Keys are sent over https only, in the Authorization header or, where a
host strips it, in the query (option `auth = "query"`). Trashed orders are not listed. Not given: visitors, traffic sources, ad cost.
"""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

from connectors.api.config import Account
from connectors.api.connector import Auth, Call, Connector, with_headers, with_query
from connectors.api.endpoint import Answer, Endpoint, Envelope, Request, dig
from connectors.api.pacing import Pace
from connectors.api.paging import Ask, number
from connectors.api.windows import Span, Window
from connectors.errors import AccessDenied, ApiError, PlatformDown, UnexpectedPayload

LOG = logging.getLogger(__name__)
API = "/wp-json/wc/v3"
DATES = ("date_created", "date_modified", "date_paid", "date_completed")
CHANGED = Span("modified_after", "modified_before", "iso_plain", most=timedelta(days=30), overlap=timedelta(hours=1))
KEPT_OUT = (  # people, addresses, and what opens an order's page to anybody
    "billing", "shipping", "customer_note", "customer_ip_address", "customer_user_agent", "order_key", "cart_hash", "payment_url", "transaction_id",
    "meta_data", "line_items.meta_data", "shipping_lines", "fee_lines", "tax_lines", "coupon_lines", "refunded_by",
)  # fmt: skip


@dataclass(frozen=True)
class Halving:
    """Pages by number up to X-WP-TotalPages; one that does not come is asked for in half the size, from the same row on."""

    size: int = 100
    smallest: int = 25

    def pages(self, ask: Ask, count: Callable[[Any], int]) -> Iterator[Any]:  # noqa: ARG002 - the header counts
        size, read = self.size, 0
        while True:
            try:
                body = ask({"page": read // size + 1, "per_page": size})
            except PlatformDown:
                if size // 2 < self.smallest:
                    raise
                size //= 2
                continue
            yield body
            read += size
            if read // size >= number(dig(body, "pages"), "X-WP-TotalPages"):
                return


class WooCommerce(Connector):
    name = "woocommerce"
    platform = "woocommerce"
    label_zh, label_en = "WooCommerce 自建商城", "WooCommerce"
    credentials = ("consumer_key", "consumer_secret")
    needs = ("zone", "currency")
    zone, currency = "", ""
    options: ClassVar[Mapping[str, str]] = {"auth": 'query: keys go into the address, for hosts that strip the Authorization header; blank: header'}
    pace = Pace(per_second=2.0, burst=1)
    parallel = 2
    envelope = Envelope(codes=("code",), message=("message",), rules={"woocommerce_rest_cannot_view": AccessDenied})
    endpoints = (
        Endpoint(
            "orders", f"{API}/orders", "rows", ("order_head", "order_line"), "orders", "WooCommerce 订单 (接口)", "WooCommerce orders (API)",
            money="major", key="id", params={"status": "any", "orderby": "id", "order": "asc", "dates_are_gmt": True, "dp": 4}, window=CHANGED,
            paging=Halving(), total="total", buyer=("customer_id",), personal=KEPT_OUT,
        ),
        Endpoint(
            "refunds", f"{API}/orders/{{order_id}}/refunds", "rows", ("refund",), "refunds", "WooCommerce 退款 (接口)", "WooCommerce refunds (API)",
            money="major", key="id", params={"dp": 4}, window=CHANGED, paging=Halving(), total="total",
            each="orders", each_key={"id": "order_id"}, each_with=("currency",), each_if="refunds.0", personal=KEPT_OUT,
        ),
    )  # fmt: skip

    def params(self, endpoint: Endpoint, account: Account, window: Window, zone: str) -> dict[str, Any]:
        """Whether `modified_after` takes its own second in is not published, so the second before is named: a row twice does no harm."""
        if endpoint.each:
            return dict(endpoint.params)
        return super().params(endpoint, account, replace(window, start=window.start - 1), zone)

    def build(self, call: Call, account: Account) -> Request:
        return super().build(call, replace(account, base_url=account.base_url.rstrip("/").removesuffix(API)))

    def sign(self, request: Request, auth: Auth) -> Request:
        key, secret = auth.secrets["consumer_key"], auth.secrets["consumer_secret"]
        if auth.account.options.get("auth") == "query":
            return with_query(request, consumer_key=key, consumer_secret=secret)
        return with_headers(request, Authorization="Basic " + b64encode(f"{key}:{secret}".encode()).decode())

    def decode(self, answer: Answer) -> Any:
        """A list with what its headers count. A list without them has no known end."""
        body = super().decode(answer)
        if not isinstance(body, list):
            return body
        total, pages = answer.headers.get("x-wp-total"), answer.headers.get("x-wp-totalpages")
        if total is None or pages is None:
            raise UnexpectedPayload("The site gives a list without X-WP-Total and X-WP-TotalPages, so its end is unknown. A cache or proxy before it takes headers away: let them through.")
        return {"rows": body, "total": total, "pages": pages}

    def judge(self, call: Call, answer: Answer) -> Any:
        """A web page in place of data is the doing of a security plugin or of a site in trouble, whatever its status: asked again."""
        if answer.status in (401, 403, 404):
            self.decode(answer)
        return super().judge(call, answer)

    def refused(self, answer: Answer, body: Any, path: str) -> ApiError:
        error = super().refused(answer, body, path)
        if error.code == "rest_no_route":
            error.args = (f"{error}. Turn on pretty permalinks (Settings > Permalinks) or let /wp-json through, and check base_url.",)
        return error

    def records(self, endpoint: Endpoint, body: Any) -> list[Any]:
        """A customer of 0 is a guest, and a date of zeros is none: said in the log, because the site's database is damaged there."""
        rows = super().records(endpoint, body)
        for row in rows:
            if isinstance(row, dict):
                if row.get("customer_id") == 0:
                    row["customer_id"] = None
                zeros = [name for date in DATES for name in (date, f"{date}_gmt") if str(row.get(name) or "").startswith("0000-")]
                row.update(dict.fromkeys(zeros))
                if zeros:
                    LOG.warning("WooCommerce %s: %s of %s is a date of zeros", endpoint.name, zeros[0], row.get("id"))
        return rows
