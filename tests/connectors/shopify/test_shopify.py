"""Shopify: saved answers to rows worked by hand, errors under HTTP 200, bulk operations, and the traps of cost, zones and cut lists."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from connectors.api.account import Account
from connectors.api.connector import Auth, Call
from connectors.api.endpoint import Answer, Endpoint, Request, dig, put
from connectors.api.settings import Credentials
from connectors.api.windows import Reach, Window, midnight
from connectors.errors import (
    AccessDenied,
    ApiError,
    AuthExpired,
    BadRequest,
    Incomplete,
    PlatformDown,
    RateLimited,
    TooMuch,
    UnexpectedPayload,
)
from connectors.shopify import bulk
from connectors.shopify.shopify import Shopify, document
from tests.connectors.api.book import bench, moments_of
from tests.connectors.api.canned import SAMPLES, desk, said, sample
from tests.stub.world import World
from warehouse.errors import ConfigError

SHOPIFY = Shopify()
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC).timestamp()  # ten in the morning in New York
ACCOUNT = Account("s", "shopify", "shop", id="demo", since="2026-11-17")
TOKEN = {"access_token": "shpat_canary"}
GRAPHQL = "/graphql.json"
FILE = "bulk_orders_ungrouped"


def named(name: str) -> Endpoint:
    return next(endpoint for endpoint in SHOPIFY.endpoints if endpoint.name == name)


def answered(*names: str) -> dict[str, list[Answer]]:
    return {GRAPHQL: [sample("shopify", name) for name in names]}


def altered(name: str, changes: Mapping[str, Any], at: str = "") -> Answer:
    """A saved answer with other values at dotted paths; `at`: below which object."""
    body = json.loads(sample("shopify", name).body)
    holder = dig(body, at)
    for path, value in changes.items():
        put(holder, path, value)
    return Answer(200, {}, json.dumps(body).encode())


def jsonl(name: str = FILE) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLES / "shopify" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def heads(answers: dict[str, list[Answer]], sql: str, **options: Any) -> list[tuple[Any, ...]]:
    with desk(replace(ACCOUNT, options=options), TOKEN, answers, NOW) as at:
        at.sync("orders")
        return at.rows(sql)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_two_pages_of_orders_become_rows_in_the_shops_own_days() -> None:
    """UTC on the wire, New York here (five hours less); what was received counts, in the shop's currency; a test order is marked, not dropped; versions are told apart in UTC."""
    found = heads(
        answered("orders_page1", "orders_page2"),
        "SELECT order_id, status, status_raw, created_at, paid_at, currency, placed_amount, paid_amount, seller_discount, units, is_test, updated_at FROM fact.order_head ORDER BY 1",
    )
    assert found == [
        ("7001001", "paid", "paid/unfulfilled", local("2026-11-17 18:40:11"), local("2026-11-17 18:40:11"), "USD", 50, 50, 0, 2, False, local("2026-11-18 02:01:00")),
        ("7001002", "paid", "partially_refunded/unfulfilled", local("2026-11-17 20:05:00"), local("2026-11-17 20:05:00"), "USD", 40, 40, 0, 2, False, local("2026-11-20 08:00:00")),
        ("7001003", "paid", "paid/unfulfilled", local("2026-11-18 04:30:00"), local("2026-11-18 04:30:00"), "USD", 27, 27, 3, 1, False, local("2026-11-18 09:30:02")),
        ("7001004", "paid", "paid/unfulfilled", local("2026-11-18 05:00:00"), local("2026-11-18 05:00:00"), "USD", 1, 1, 0, 1, True, local("2026-11-18 10:00:05")),
    ]  # fmt: skip


def test_lines_count_the_units_that_were_ordered() -> None:
    """A line that went back keeps its unit and its amount: quantity, not currentQuantity."""
    found = heads(answered("orders_page1", "orders_page2"), "SELECT line_id, order_id, item_id, title, units, list_price, placed_amount, paid_amount FROM fact.order_line ORDER BY 1")
    assert found == [
        ("81", "7001001", "SKU-A", "Scarf", 2, 25, 50, 50), ("82", "7001002", "SKU-A", "Scarf", 1, 25, 25, 25), ("83", "7001002", "SKU-B", "Hat", 1, 15, 15, 15),
        ("84", "7001003", "SKU-C", "Mug", 1, 27, 27, 27), ("85", "7001004", "SKU-A", "Scarf", 1, 1, 1, 1),
    ]  # fmt: skip


def test_a_refund_stands_on_its_own_day() -> None:
    """Trap: an order that was changed later brings its refund, dated by the refund and not by the order."""
    found = heads(answered("orders_page1", "orders_page2"), "SELECT refund_id, order_id, applied_at, done_at, currency, amount, is_done FROM fact.refund")
    assert found == [("5001", "7001002", local("2026-11-20 02:59:30"), local("2026-11-20 02:59:30"), "USD", 25, True)]


PAYMENTS = [
    {"kind": "AUTHORIZATION", "status": "SUCCESS", "createdAt": "2026-11-17T23:40:11Z", "processedAt": "2026-11-17T23:40:11Z"},
    {"kind": "CAPTURE", "status": "FAILURE", "createdAt": "2026-11-18T12:00:00Z", "processedAt": "2026-11-18T12:00:00Z"},
    {"kind": "CAPTURE", "status": "SUCCESS", "createdAt": "2026-11-19T12:00:00Z", "processedAt": "2026-11-19T12:00:00Z"},
]


@pytest.mark.parametrize(
    ("changes", "status", "paid_at", "paid"),
    [
        ({"transactions": PAYMENTS}, "paid", "2026-11-19 07:00:00", 50),
        ({"transactions": PAYMENTS[:1], "displayFinancialStatus": "AUTHORIZED"}, "unpaid", None, None),
        ({"transactions": PAYMENTS, "displayFinancialStatus": "PARTIALLY_PAID", "totalReceivedSet.shopMoney.amount": "20.00"}, "paid", "2026-11-19 07:00:00", 20),
        ({"transactions": PAYMENTS, "displayFinancialStatus": "REFUNDED", "cancelledAt": "2026-11-20T00:00:00Z"}, "closed", "2026-11-19 07:00:00", 50),
        ({"transactions": [], "displayFinancialStatus": "VOIDED", "totalReceivedSet.shopMoney.amount": "0.00"}, "closed", None, None),
        ({"displayFulfillmentStatus": "FULFILLED"}, "shipped", "2026-11-17 18:40:11", 50),
    ],
)  # fmt: skip
def test_a_sale_is_what_was_received_on_the_day_it_came(changes: dict[str, Any], status: str, paid_at: str | None, paid: int | None) -> None:
    """An authorisation or a failed capture is no payment; an order that was paid stays a sale of that day when it is cancelled and paid back."""
    answers = {GRAPHQL: [altered("orders_page1", changes, "data.orders.nodes.0"), sample("shopify", "orders_page2")]}
    head = heads(answers, "SELECT status, paid_at, paid_amount FROM fact.order_head WHERE order_id = '7001001'")
    line = heads(answers, "SELECT status, paid_at, paid_amount FROM fact.order_line WHERE order_id = '7001001'")
    moment = local(paid_at) if paid_at else None
    assert head == [(status, moment, paid if paid is None else Decimal(paid))]
    assert line == [(status, moment, None if paid is None else Decimal(50))]


def test_rest_answers_are_not_taken() -> None:
    """The legacy list has another shape: it is refused, not read as no orders."""
    body = json.loads(sample("shopify", "rest_orders_legacy_page1").body)
    with pytest.raises(UnexpectedPayload):
        SHOPIFY.records(named("orders"), body)


def test_a_throttle_waits_exactly_as_long_as_the_bucket_needs() -> None:
    """412 points wanted, 12 there, 100 a second: four seconds, though the status is 200."""
    with pytest.raises(RateLimited) as caught:
        said(SHOPIFY, sample("shopify", "throttled"))
    assert caught.value.retry_after_s == 4.0
    with desk(ACCOUNT, TOKEN, answered("throttled", "orders_page2"), NOW) as at:
        at.sync("orders")
        assert at.clock() == NOW + 4.0


@pytest.mark.parametrize(
    ("code", "kind"), [("INTERNAL_SERVER_ERROR", PlatformDown), ("MAX_COST_EXCEEDED", TooMuch), ("ACCESS_DENIED", AccessDenied), ("undefinedField", BadRequest)],
)  # fmt: skip
def test_errors_under_http_200_are_errors(code: str, kind: type[ApiError]) -> None:
    """Trap: an answer with `errors` is never an empty list, whatever stands in `data`."""
    body = {"data": {"orders": None}, "errors": [{"message": "x", "extensions": {"code": code}}]}
    with pytest.raises(kind):
        said(SHOPIFY, Answer(200, {}, json.dumps(body).encode()))


def test_saved_errors_say_what_to_do() -> None:
    """An internal error is tried again, a query that cannot be parsed is a fault of ours, a busy bulk queue is waited for, a dead token is refreshed."""
    with pytest.raises(PlatformDown):
        said(SHOPIFY, sample("shopify", "internal_error_http200"))
    with pytest.raises(BadRequest, match="Column 'sesions' not found"):
        said(SHOPIFY, sample("shopify", "shopifyql_parse_error"))
    with pytest.raises(RateLimited) as caught:
        said(SHOPIFY, sample("shopify", "bulk_run_query_busy"))
    assert caught.value.retry_after_s == bulk.BUSY_S
    with pytest.raises(AuthExpired):
        said(SHOPIFY, Answer(401, {}, b'{"errors":"[API] Invalid API key or access token"}'))


def test_a_page_that_costs_too_much_is_asked_for_smaller() -> None:
    """MAX_COST_EXCEEDED cannot be waited out: the same place of the list comes in pages of half the size, and every order is there."""
    world = World(seed=3, days=4, orders_per_day=20)
    times = moments_of(world)
    with bench("shopify", world, times[0]) as at:
        at.sync()
        platform = at.setup.platform
        platform.most_cost, platform.lines_shown = 15.0, 250
        at.clock.value = times[2]
        assert not [run.error for run in at.sync() if run.error]
        assert platform.too_costly > 0
        at.commit()
        first, last = world.days()
        assert at.figures(first, last) == at.truth(first, last)


def test_lines_beyond_the_first_page_of_an_order_are_fetched() -> None:
    """Trap: an order shows its first lines only; with one line at a time the lines of every order still add up to it."""
    world = World(seed=5, days=3, orders_per_day=12)
    times = moments_of(world)
    with bench("shopify", world, times[0]) as at:
        at.setup.platform.lines_shown = 1
        for moment in times:
            at.clock.value = max(at.clock.value, moment)
            assert not [run.error for run in at.sync() if run.error]
        at.commit()
        assert at.stub.violations == []
        with at.book.lock(), duckdb.connect(str(at.book.warehouse), read_only=True) as con:
            sums = con.execute("SELECT count(*), count(*) FILTER (WHERE h.placed_amount <> l.amount OR l.lines < 1), max(l.lines) FROM fact.order_head h LEFT JOIN "
                               "(SELECT order_id, sum(placed_amount) AS amount, count(*) AS lines FROM fact.order_line GROUP BY 1) l USING (order_id)").fetchone()  # fmt: skip
        assert sums is not None and sums[0] == len(world.orders) - old(world) and sums[1:] == (0, 3)


def old(world: World) -> int:
    """Orders that last changed before the account's first day in New York: never asked for."""
    since = midnight(world.days()[0], "America/New_York")
    return sum(order.updated_at < since for order in world.orders)


def test_a_list_inside_that_goes_round_is_refused() -> None:
    """An order whose lines never go on, though it says so, stops the window."""
    stuck = {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "a"}}
    first = altered("orders_page2", {"lineItems.pageInfo": {"hasNextPage": True, "endCursor": "a"}}, "data.orders.nodes.0")
    answers = {GRAPHQL: [first, Answer(200, {}, json.dumps({"data": {"order": {"lineItems": stuck}}}).encode())]}
    with desk(ACCOUNT, TOKEN, answers, NOW) as at, pytest.raises(UnexpectedPayload, match="do not go on"):
        at.sync("orders")


def test_lines_of_a_bulk_file_find_their_order_wherever_they_stand() -> None:
    """82 stands before 81, 83 after both: each belongs to the order it names; 3 orders, 4 lines, 7 objects as stated."""
    stated = json.loads(sample("shopify", "bulk_status_completed").body)["data"]["node"]
    orders = bulk.joined(jsonl(), stated)
    assert [(order["name"], [line["id"].split("/")[-1] for line in order["lineItems"]["nodes"]]) for order in orders] == [("#1001", ["81"]), ("#1002", ["82", "83"]), ("#1003", ["84"])]
    assert "__parentId" not in orders[0]["lineItems"]["nodes"][0]


@pytest.mark.parametrize("gone", [0, 2, 6])
def test_a_bulk_file_with_less_than_was_counted_is_not_taken(gone: int) -> None:
    """Trap: a tail or a row that was never read fails the window: an order, a line, the last line."""
    stated = json.loads(sample("shopify", "bulk_status_completed").body)["data"]["node"]
    objects = jsonl()
    with pytest.raises(Incomplete):
        bulk.joined(objects[:gone] + objects[gone + 1 :], stated)


def test_lists_inside_an_order_may_be_counted_or_not() -> None:
    """Whether refunds and payments are objects of their own in the count is not published: 7 objects are whole for a stated 7 and for a stated 8."""
    objects = jsonl()
    objects[0]["refunds"] = [{"id": "gid://shopify/Refund/1"}]
    for count in ("7", "8"):
        assert len(bulk.joined(objects, {"objectCount": count, "rootObjectCount": "3"})) == 3
    with pytest.raises(Incomplete):
        bulk.joined(objects, {"objectCount": "9", "rootObjectCount": "3"})


def history(*names: str, status: Answer | None = None) -> dict[str, list[Answer]]:
    """A bulk operation's answers: run, then its status, then its file."""
    file = Answer(200, {}, (SAMPLES / "shopify" / f"{FILE}.jsonl").read_bytes())
    return {GRAPHQL: [sample("shopify", "bulk_run_query"), *([status] if status else []), *(sample("shopify", name) for name in names)], ".jsonl": [file]}


def test_a_completed_bulk_operation_without_a_file_has_no_rows() -> None:
    """Trap: `url` null is zero rows, not a failure."""
    with desk(ACCOUNT, TOKEN, history("bulk_status_completed_empty"), NOW) as at:
        (run,) = at.sync("orders_history")
        assert (run.rows, run.windows) == (0, 1)


def test_a_failed_bulk_operation_is_an_error_and_its_partial_file_is_left_alone() -> None:
    """Trap: part of a history is not the history: the window stays to be asked, and nobody opens the partial file."""
    with desk(ACCOUNT, TOKEN, history("bulk_status_failed_partial"), NOW) as at:
        with pytest.raises(PlatformDown, match="FAILED INTERNAL_SERVER_ERROR"):
            at.sync("orders_history")
        assert not [request for request in at.transport.asked if request.method == "GET"]
        assert at.line.ledger.done("s", "orders_history") == []


@pytest.mark.parametrize(("code", "status", "kind"), [("ACCESS_DENIED", "FAILED", AccessDenied), ("TIMEOUT", "FAILED", TooMuch), ("", "EXPIRED", PlatformDown), ("", "CANCELED", PlatformDown)])
def test_the_end_of_a_bulk_operation_says_what_to_do(code: str, status: str, kind: type[ApiError]) -> None:
    """No permission, too long a time, gone: each its own error."""
    ended = altered("bulk_status_failed_partial", {"status": status, "errorCode": code or None}, "data.node")
    params = {**named("orders_history").params}
    with desk(ACCOUNT, TOKEN, history(status=ended), NOW) as at, pytest.raises(kind):
        list(bulk.pages(at.line, named("orders_history"), params))


def test_a_file_is_fetched_without_the_token_and_only_over_https() -> None:
    """The file lies on another host: the token goes to the shop's own address alone, and an address in clear is refused."""
    auth = Auth(Credentials("s", TOKEN), "", int(NOW), "", ACCOUNT)
    assert SHOPIFY.sign(Request("GET", "https://storage.example.test/bulk-9001.jsonl"), auth).headers == {}
    assert SHOPIFY.sign(Request("POST", "https://demo.myshopify.com/admin/api/2026-10/graphql.json"), auth).headers == {"X-Shopify-Access-Token": "shpat_canary"}
    with desk(ACCOUNT, TOKEN, history(), NOW) as at:
        assert len(bulk.fetch(at.line, "https://storage.example.test/bulk-9001.jsonl")) == 7
        with pytest.raises(UnexpectedPayload, match="https"):
            bulk.fetch(at.line, "http://storage.example.test/bulk-9001.jsonl")


@pytest.mark.parametrize("body", [b"", b'{"id":"gid://shopify/Order/1"}\n{"id":"gid:', b"<html>gone</html>", b'{"errors":"x"}'])
def test_a_file_that_is_no_list_of_objects_is_asked_for_again(body: bytes) -> None:
    """Nothing, half a line, a web page or an error is no file."""
    with pytest.raises(PlatformDown):
        said_file(Answer(200, {}, body))


def said_file(answer: Answer) -> Any:
    return SHOPIFY.judge(Call("", base_url="https://storage.example.test/x.jsonl"), answer)


def test_sessions_of_a_day_are_figures_of_the_whole_store() -> None:
    """Every value is text; sessions are visits, never visitors; sessions with a cart are no people; the rate is left to its parts."""
    with desk(ACCOUNT, TOKEN, answered("shopifyql_sessions_daily"), NOW) as at:
        at.sync("sessions")
        found = at.rows("SELECT day, metric, scope, period_kind, value FROM fact.observation ORDER BY ALL")
    values = {
        date(2026, 11, 17): {"cart_visits": 30, "checkout_visits": 12, "order_visits": 6, "visitors": 280, "visits": 300},
        date(2026, 11, 18): {"cart_visits": 44, "checkout_visits": 20, "order_visits": 9, "visitors": 371, "visits": 410},
    }
    assert found == [(day, metric, "", "day", value) for day, figures in values.items() for metric, value in figures.items()]


def test_sessions_without_a_source_are_not_the_store() -> None:
    """Trap: a dimension's value can be null; '' would be read as the whole store, so it is '(none)'."""
    with desk(ACCOUNT, TOKEN, answered("shopifyql_sessions_by_source"), NOW) as at:
        at.sync("traffic")
        assert at.rows("SELECT day, level1, level2, visitors FROM fact.source_day ORDER BY level1") == [(date(2026, 11, 18), name, "", None) for name in ("(none)", "direct", "social")]
        assert at.rows("SELECT metric, scope, value FROM fact.observation ORDER BY scope") == [
            ("visits", "channel:(none)", 50), ("visits", "channel:direct", 150), ("visits", "channel:social", 210)]  # fmt: skip


def test_a_table_of_sessions_is_asked_for_with_its_limit_and_to_its_end() -> None:
    """Trap: without a limit the table is cut silently, and robots count: 1,000 rows are a full page, so the next is asked for."""
    row = {"day": "2026-11-18", "sessions": "1"}
    pages = [{"data": {"shopifyqlQuery": {"parseErrors": [], "tableData": {"rows": [row | {"referrer_source": f"s{start + n}"} for n in range(size)]}}}} for start, size in ((0, 1000), (1000, 2))]
    with desk(ACCOUNT, TOKEN, {GRAPHQL: [Answer(200, {}, json.dumps(page).encode()) for page in pages]}, NOW) as at:
        at.sync("traffic")
        texts = [json.loads(request.body or b"")["variables"]["query"] for request in at.transport.asked]
        assert at.rows("SELECT count(*) FROM fact.source_day") == [(1002,)]
    said_first = ("FROM sessions SHOW sessions, online_store_visitors WHERE human_or_bot_session = 'human' GROUP BY day, referrer_source "
                  "SINCE 2026-11-17 UNTIL 2026-11-20 ORDER BY day, referrer_source LIMIT 1000")  # fmt: skip
    assert texts == [said_first, said_first + " OFFSET 1000"]


def test_orders_are_asked_for_by_the_time_their_order_is_sorted_by() -> None:
    """Half open, in UTC, sorted by change; no filter of status, so closed and cancelled orders come too."""
    params = SHOPIFY.params(named("orders"), ACCOUNT, Window(1_795_000_000, 1_795_086_400), "America/New_York")
    assert params["variables.query"] == "updated_at:>='2026-11-18T11:06:40Z' AND updated_at:<'2026-11-19T11:06:40Z'"
    assert "sortKey: UPDATED_AT" in params["query"]


def test_days_of_another_zone_are_refused() -> None:
    """A shop that counts its days elsewhere than the account says stops with what to write."""
    answer = altered("orders_page2", {"shop": {"ianaTimezone": "Europe/Berlin"}}, "data")
    with desk(ACCOUNT, TOKEN, {GRAPHQL: [answer]}, NOW) as at, pytest.raises(BadRequest, match='Write zone = "Europe/Berlin"'):
        at.sync("orders")


def test_orders_that_are_not_shown_are_not_covered() -> None:
    """Trap: without the scope for all orders older ones are missing without a word, so the last 60 days only are asked for."""
    now = int(NOW)
    reach = Reach(now, now - 200 * 86_400, now, "America/New_York")
    short = SHOPIFY.endpoints_for(ACCOUNT)[0].window.plan(reach, [])
    whole = SHOPIFY.endpoints_for(replace(ACCOUNT, options={"all_orders": True}))[0].window.plan(reach, [])
    assert (short[0].start, whole[0].start) == (now - 60 * 86_400, now - 200 * 86_400)
    assert all(window.end - window.start <= timedelta(days=31).total_seconds() for window in whole)


@pytest.mark.parametrize("may", [True, False])
def test_buyers_are_asked_for_where_the_app_may_read_them(may: bool) -> None:
    """With the option a buyer is a pseudonym; without, the field is not even asked for, since it would refuse the whole query."""
    answer = altered("orders_page2", {"customer": {"id": "gid://shopify/Customer/77"}}, "data.orders.nodes.0")
    with desk(replace(ACCOUNT, options={"customers": may}), TOKEN, {GRAPHQL: [answer]}, NOW) as at:
        at.sync("orders")
        text = json.loads(at.transport.asked[0].body or b"")["query"]
        buyer = at.rows("SELECT buyer FROM fact.order_head WHERE order_id = '7001003'")[0][0]
    assert ("customer { id }" in text) is may
    assert len(buyer) == 16 and buyer != "77"
    assert "customer { id }" in document("bulk_orders")


def test_a_token_is_a_setting_or_got_for_the_apps_own_secret() -> None:
    """A custom app's token is used as it is; an app of one's own asks for one; with neither nothing is asked, and it is said what is missing."""
    assert SHOPIFY.grant_for(Credentials("s", TOKEN)) is None
    assert SHOPIFY.grant_for(Credentials("s", {"client_id": "a", "client_secret": "b"})) is SHOPIFY.grant
    with pytest.raises(ConfigError, match=r"'access_token'.*'client_id'"):
        SHOPIFY.grant_for(Credentials("s", {"client_id": "a"}))


def test_a_custom_apps_token_reaches_the_shop() -> None:
    """The whole way with a lasting token: no call for a token, no refresh."""
    world = World(seed=1, days=2, orders_per_day=3)
    with bench("shopify", world, moments_of(world)[2]) as at:
        at.setup.platform.custom_token = "shpat_canary_custom"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DAYBOOK_STORE_ACCESS_TOKEN", "shpat_canary_custom")
            assert not [run.error for run in at.sync() if run.error]
        assert at.setup.platform.issued == 0 and at.stub.violations == []


def test_ping_says_whose_shop_it_is() -> None:
    """Domain, zone and currency of the shop, and what the app may not see."""
    with desk(ACCOUNT, TOKEN, answered("shop"), NOW) as at:
        found = SHOPIFY.ping(at.line)
    assert (found.who, found.account_id, found.zone, found.currency) == ("demo.myshopify.com", "demo", "America/New_York", "USD")
    assert "60 days" in found.note


def test_the_shops_address_comes_of_its_name() -> None:
    """The name before .myshopify.com, or the whole domain; the version is an option."""
    call = Call("/admin/api/{api_version}/graphql.json", {"query": "{}"}, "POST")
    for name in ("demo", "demo.myshopify.com"):
        assert SHOPIFY.build(call, replace(ACCOUNT, id=name)).url == "https://demo.myshopify.com/admin/api/2026-10/graphql.json"
    assert "/2027-01/" in SHOPIFY.build(call, replace(ACCOUNT, options={"api_version": "2027-01"})).url


def test_a_version_that_fell_forward_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """A retired version is answered by a later one without a word: which one answers is in the log, once."""
    made = Shopify()
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            made.judge(Call("/x"), Answer(200, {"x-shopify-api-version": "2027-01"}, sample("shopify", "shop").body))
    assert [record.message for record in caplog.records] == ["Shopify answers by version 2027-01 of its Admin API"]
