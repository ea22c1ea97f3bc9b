"""WooCommerce: saved answers to rows worked by hand, errors of a site, and the traps of dates, pages and currencies."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.api.account import Account
from connectors.api.connector import Auth, Call
from connectors.api.endpoint import Answer, Endpoint, Request
from connectors.api.settings import Credentials
from connectors.api.windows import Window
from connectors.errors import (
    AccessDenied,
    ApiError,
    AuthExpired,
    BadRequest,
    PlatformDown,
    RateLimited,
    UnexpectedPayload,
)
from connectors.woocommerce.woocommerce import WooCommerce
from tests.connectors.api.book import bench
from tests.connectors.api.canned import desk, said, sample
from tests.stub.world import Item, Line, Order, World, midnight
from warehouse.errors import ConfigError

WOO = WooCommerce()
NOW = datetime(2026, 11, 19, 10, tzinfo=UTC).timestamp()
ACCOUNT = Account("w", "woocommerce", "shop", zone="Asia/Shanghai", currency="CNY", since="2026-11-17", base_url="https://shop.example.test")
KEYS = {"consumer_key": "ck_canary", "consumer_secret": "cs_canary"}
COUNTED = {"x-wp-total": "1", "x-wp-totalpages": "1"}
HTML = b"<html><body>Just a moment...</body></html>"


def named(name: str) -> Endpoint:
    return next(endpoint for endpoint in WOO.endpoints if endpoint.name == name)


def answers(first: Answer | None = None) -> dict[str, list[Answer]]:
    refunds = replace(sample("woocommerce", "order_refunds"), headers=COUNTED)
    return {"/orders": [first, replace(first, body=b"[]")] if first else [sample("woocommerce", "orders_page1"), sample("woocommerce", "orders_page2")], "/refunds": [refunds]}


def altered(changes: Mapping[str, Any]) -> Answer:
    """One order, the first of the sample, with other values."""
    order = json.loads(sample("woocommerce", "orders_page1").body)[0]
    return Answer(200, COUNTED, json.dumps([{**order, **changes}]).encode())


def rows(sql: str, given: dict[str, list[Answer]] | None = None) -> list[tuple[Any, ...]]:
    with desk(ACCOUNT, KEYS, given or answers(), NOW) as at:
        at.sync()
        return at.rows(sql)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_two_pages_of_orders_become_rows_in_their_own_currency() -> None:
    """GMT on the wire and in updated_at, eight hours more elsewhere here; each order keeps its currency, so 35 euro are never 35 yuan; unpaid is no sale."""
    found = rows(
        "SELECT order_id, status, status_raw, created_at, paid_at, done_at, currency, placed_amount, paid_amount, freight, units, buyer, updated_at FROM fact.order_head ORDER BY 1"
    )
    assert found == [
        ("727", "paid", "processing", local("2026-11-18 07:30:00"), local("2026-11-18 07:30:00"), None, "CNY", 110, 110, 10, 2, None, local("2026-11-17 23:31:00")),
        ("728", "done", "completed", local("2026-11-18 12:00:00"), local("2026-11-18 12:00:00"), None, "CNY", 60, 60, 10, 1, None, local("2026-11-19 04:00:00")),
        ("729", "unpaid", "pending", local("2026-11-18 22:10:00"), None, None, "EUR", 35, None, 10, 1, None, local("2026-11-18 14:10:00")),
    ]  # fmt: skip


def test_lines_stand_with_their_product() -> None:
    """A line's amount is after discounts, its list price before; a product without a variation has no SKU id."""
    found = rows("SELECT line_id, order_id, item_id, sku_id, sku_code, title, units, list_price, placed_amount, paid_amount, currency FROM fact.order_line ORDER BY 1")
    assert found == [
        ("1", "727", "93", None, "TEA-1", "Tea", 2, 50, 100, 100, "CNY"), ("2", "728", "94", None, "CUP-1", "Cup", 1, 50, 50, 50, "CNY"),
        ("3", "729", "94", None, "CUP-1", "Cup", 1, 25, 25, None, "EUR"),
    ]  # fmt: skip


def test_a_refund_is_positive_and_on_its_own_day() -> None:
    """Trap: the order's list says -20.00 and no day; asked for by itself it is 20.00 on the 19th. Orders without refunds are not asked about."""
    with desk(ACCOUNT, KEYS, answers(), NOW) as at:
        at.sync()
        assert at.rows("SELECT refund_id, order_id, done_at, currency, amount, is_done, reason FROM fact.refund") == [
            ("801", "728", local("2026-11-19 12:00:00"), "CNY", 20, True, "broken")]  # fmt: skip
        assert [request.url for request in at.transport.asked if "refunds" in request.url] == ["https://shop.example.test/wp-json/wc/v3/orders/728/refunds"]


def test_tax_belongs_to_a_lines_amount() -> None:
    """Prices without tax: a line of 100.00 with 19.00 of tax is a sale of 119.00, as in the order's total; a variation is the SKU."""
    line = json.loads(sample("woocommerce", "orders_page1").body)[0]["line_items"][0] | {"total_tax": "19.0000", "variation_id": 7}
    assert rows("SELECT placed_amount, sku_id FROM fact.order_line", answers(altered({"line_items": [line]}))) == [(119, "7")]


def test_three_decimals_stay_whole() -> None:
    """Trap: two decimals would round a dinar; four are asked for, and 12.345 stays 12.345."""
    assert named("orders").params["dp"] == 4 and named("refunds").params["dp"] == 4
    assert rows("SELECT currency, paid_amount FROM fact.order_head", answers(altered({"total": "12.3450", "currency": "KWD"}))) == [("KWD", Decimal("12.345"))]


@pytest.mark.parametrize(
    ("word", "paid", "status"),
    [("pending", None, "unpaid"), ("on-hold", None, "unpaid"), ("failed", None, "unpaid"), ("processing", None, "paid"), ("completed", "2026-11-17T23:30:00", "done"),
     ("cancelled", "2026-11-17T23:30:00", "closed"), ("refunded", "2026-11-17T23:30:00", "closed"), ("wc-packed", "2026-11-17T23:30:00", "paid"), ("wc-quote", None, "unpaid")],
)  # fmt: skip
def test_every_status_has_its_place_and_a_paid_order_stays_a_sale(word: str, paid: str | None, status: str) -> None:
    """Cancelled or paid back later, the sale of the paid day stays; a plugin's own word counts by whether there is a day of payment."""
    answer = altered({"status": word, "date_paid_gmt": paid, "date_paid": None})
    assert rows("SELECT status, status_raw, paid_amount FROM fact.order_head", answers(answer)) == [(status, word, 110 if paid else None)]


def test_asked_for_in_gmt_by_modification_and_sorted_by_id() -> None:
    """Traps: local and GMT filters shift rows, a sort by date loses them, a hidden default hides them; the second before the window is named."""
    params = WOO.params(named("orders"), ACCOUNT, Window(1_795_000_000, 1_795_086_400), "Asia/Shanghai")
    assert params == {
        "status": "any", "orderby": "id", "order": "asc", "dates_are_gmt": True, "dp": 4,
        "modified_after": "2026-11-18T11:06:39", "modified_before": "2026-11-19T11:06:40",
    }  # fmt: skip


def test_a_second_on_the_edge_of_two_windows_is_not_lost() -> None:
    """Neither end of a range takes its own second in: an order changed in the very second where two windows meet is still found."""
    begin = midnight(date(2026, 9, 1), "Asia/Shanghai")
    world = World.of(orders=[order(1, begin + 30 * 86_400), order(2, begin + 60 * 86_400 - 1)])
    with bench("woocommerce", world, begin + 70 * 86_400) as at:
        at.sync(since="2026-09-01")
        at.commit()
        first, last = world.days()
        assert at.figures(first, last) == at.truth(first, last) and at.stub.violations == []


def order(number: int, created: int, finished: int | None = None) -> Order:
    item = Item("93", "94", "Tea", 5_000)
    return Order(str(1000 + number), f"buyer{number}", (Line(str(9000 + number), item, 1),), created, created, shipped_at=finished and finished - 1, finished_at=finished)


def test_rows_that_leave_while_pages_turn_are_not_lost() -> None:
    """Trap: an order of page 1 is changed after page 1 was read, so page 2 begins one later: the count shows it, the window is read again."""
    start = midnight(date(2026, 11, 2), "Asia/Shanghai")
    now = start + 40_000
    world = World.of(orders=[order(n, start + 100 * n, now + 300 if n == 1 else None) for n in range(1, 61)])
    with bench("woocommerce", world, now) as at:
        platform = at.setup.platform
        platform.most_rows = 25
        left: list[int] = []

        def leave() -> None:
            if not left:
                left.append(1)
                at.clock.value = max(at.clock.value, now + 305)

        platform.leaves = leave
        (orders, _) = at.sync()
        assert (orders.error, orders.rows) == (None, 60 - 1 + 59)  # 59 of 60 came, so it was read again: 59 of 59
        at.clock.value += 3600
        at.sync()
        at.commit()
        first, last = world.days()
        assert at.figures(first, last) == at.truth(first, last)


def test_a_page_that_times_out_is_asked_for_in_halves() -> None:
    """A weak site gives 25 rows at a time: 100, then 50, then 25 are asked for, from the same row on."""
    start = midnight(date(2026, 11, 2), "Asia/Shanghai")
    world = World.of(orders=[order(n, start + 100 * n) for n in range(1, 61)])
    with bench("woocommerce", world, start + 40_000) as at:
        at.setup.platform.most_rows = 25
        (orders, _) = at.sync()
        assert (orders.error, orders.rows, orders.pages) == (None, 60, 3)


def test_a_site_that_gives_nothing_stops_at_the_smallest_page() -> None:
    """Halving ends: a site that is down is down."""
    with desk(ACCOUNT, KEYS, {"/orders": [Answer(504, {}, HTML)]}, NOW) as at:
        with pytest.raises(PlatformDown):
            at.sync("orders")
        assert {request.query["per_page"] for request in at.transport.asked} == {"100", "50", "25"}


def test_a_list_without_its_count_has_no_known_end() -> None:
    """Trap: a default page taken for everything. Where a proxy takes the headers away, nothing is stored."""
    with pytest.raises(UnexpectedPayload, match="X-WP-Total"):
        said(WOO, replace(sample("woocommerce", "orders_page1"), headers={}))


@pytest.mark.parametrize("status", [200, 403, 404, 503])
def test_a_web_page_in_place_of_data_is_asked_for_again(status: int) -> None:
    """A security plugin's page is no refusal and no empty list; how it begins is kept for the reader."""
    with pytest.raises(PlatformDown, match="Just a moment"):
        said(WOO, Answer(status, {}, HTML))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [(401, "woocommerce_rest_cannot_view", AccessDenied), (401, "woocommerce_rest_authentication_error", AuthExpired), (429, "", RateLimited),
     (500, "internal_server_error", PlatformDown), (400, "rest_invalid_param", BadRequest)],
)  # fmt: skip
def test_errors_say_what_to_do(status: int, code: str, kind: type[ApiError]) -> None:
    """A key without the right to read is no dead key."""
    with pytest.raises(kind):
        said(WOO, Answer(status, {}, json.dumps({"code": code, "message": "x", "data": {"status": status}}).encode()))


def test_a_missing_route_says_which_setting() -> None:
    """rest_no_route is nearly always plain permalinks."""
    with pytest.raises(BadRequest, match="permalinks"):
        said(WOO, sample("woocommerce", "error"))


def test_dates_of_zeros_are_none_and_said(caplog: pytest.LogCaptureFixture) -> None:
    """Trap: a damaged date is never a day: the local twin stands in, a payment without either is none, and the log names the order."""
    changes = {"date_created_gmt": "0000-00-00T00:00:00", "date_paid": "0000-00-00T00:00:00", "date_paid_gmt": "0000-00-00T00:00:00"}
    with caplog.at_level(logging.WARNING):
        found = rows("SELECT created_at, paid_at FROM fact.order_head", answers(altered(changes)))
    assert found == [(local("2026-11-18 07:30:00"), None)]
    assert any("of 727 is a date of zeros" in record.message for record in caplog.records)


def test_guests_are_not_one_buyer() -> None:
    """customer_id 0 is everybody without an account; a real one becomes a pseudonym."""
    assert rows("SELECT buyer FROM fact.order_head", answers(altered({"customer_id": 0}))) == [(None,)]
    assert len(rows("SELECT buyer FROM fact.order_head", answers(altered({"customer_id": 77})))[0][0]) == 16


def test_nobody_is_kept() -> None:
    """Names, addresses, notes and the key of an order's page are in no package."""
    people = {"billing": {"first_name": "canary", "city": "canary"}, "shipping": {"company": "canary"}, "customer_note": "canary", "order_key": "canary",
              "meta_data": [{"key": "vat", "value": "canary"}], "payment_url": "canary", "customer_ip_address": "canary"}  # fmt: skip
    with desk(ACCOUNT, KEYS, answers(altered(people)), NOW) as at:
        at.sync()
        packages = [path.read_bytes() for path in at.book.root.rglob("*.ndjson*")]
        assert packages and not any(b"canary" in each for each in packages)


def test_keys_go_where_the_host_lets_them_through() -> None:
    """In the header, or in the query for hosts that strip it: never in both."""
    secrets = Credentials("w", KEYS)
    request = Request("GET", "https://shop.example.test/wp-json/wc/v3/orders", {"page": "1"})
    header = WOO.sign(request, Auth(secrets, "", int(NOW), "", ACCOUNT))
    query = WOO.sign(request, Auth(secrets, "", int(NOW), "", replace(ACCOUNT, options={"auth": "query"})))
    assert header.headers == {"Authorization": "Basic Y2tfY2FuYXJ5OmNzX2NhbmFyeQ=="} and header.query == {"page": "1"}
    assert query.headers == {} and query.query == {"page": "1", **KEYS}


def test_keys_in_the_query_reach_the_site() -> None:
    """The whole way with keys in the query."""
    start = midnight(date(2026, 11, 2), "Asia/Shanghai")
    with bench("woocommerce", World.of(orders=[order(1, start)]), start + 40_000) as at:
        at.setup.platform.in_query = True
        at.account = replace(at.account, options={"auth": "query"})
        assert [run.error for run in at.sync()] == [None, None]
        assert at.stub.violations == []


def test_an_account_must_say_whose_days_it_counts() -> None:
    """The site does not tell its zone; a site below a folder, or its API's own address, is an address too."""
    with pytest.raises(ConfigError, match="zone"):
        WOO.endpoints_for(replace(ACCOUNT, zone=""))
    call = Call("/wp-json/wc/v3/orders")
    for base in ("https://a.test/shop/", "https://a.test/shop/wp-json/wc/v3/"):
        assert WOO.build(call, replace(ACCOUNT, base_url=base)).url == "https://a.test/shop/wp-json/wc/v3/orders"
