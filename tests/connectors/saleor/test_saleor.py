"""Saleor: the saved page becomes hand-worked rows; money is exact, sales are what was charged, refunds stand on their own day."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.api.config import Account
from connectors.api.connector import Call
from connectors.api.endpoint import Answer, Request
from connectors.errors import AccessDenied, ApiError, AuthExpired, BadRequest, PlatformDown, TooMuch, UnexpectedPayload
from connectors.saleor.saleor import Saleor
from tests.connectors.api.canned import Played

SAMPLE = Path(__file__).parents[2] / "fixtures" / "api" / "saleor" / "orders_page.json"
NOW = 1_795_140_000  # 2026-11-20 10:00 in Shanghai
MADE = Saleor()


def node() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))["data"]["orders"]["edges"][0]["node"]
    return found


def money(fraction: int, digits: int = 2, currency: str = "CNY") -> dict[str, Any]:
    return {"amount": fraction / 10**digits, "currency": currency, "fractionalAmount": fraction, "fractionDigits": digits}


def event(number: int, kind: str, at: str, fraction: int) -> dict[str, Any]:
    return {"id": f"event{number}", "type": kind, "createdAt": at, "amount": money(fraction)}


def page(nodes: list[dict[str, Any]], cursor: str | None = None, total: int | None = None) -> dict[str, Any]:
    edges = [{"cursor": "c", "node": each} for each in copy.deepcopy(nodes)]
    return {"data": {"orders": {"totalCount": total if total is not None else len(nodes), "pageInfo": {"hasNextPage": cursor is not None, "endCursor": cursor}, "edges": edges}}}


class Shop(Played):
    """A server that answers what a test says about the variables; `asked` keeps them."""

    def __init__(self, root: Path, answer: Callable[[dict[str, Any]], Any]) -> None:
        account = Account("sl", "saleor", "shopsl", since="2026-11-15", base_url="http://shop.test/graphql/")
        super().__init__(root, account, {"token": "canary-token"}, self, NOW)
        self.answer, self.asked, self.urls = answer, list[dict[str, Any]](), set[str]()

    def send(self, request: Request) -> Answer:
        assert request.headers["Authorization"] == "Bearer canary-token"
        self.urls.add(request.url)
        sent = json.loads(request.body or b"")
        self.asked.append(sent["variables"])
        said = self.answer(sent["variables"])
        if "totalCharged" not in sent["query"] and "errors" not in said:  # refunds: a server gives only what is asked for
            for edge in said["data"]["orders"]["edges"]:
                edge["node"] = {name: value for name, value in edge["node"].items() if name in ("id", "created", "updatedAt", "transactions", "payments")}
        return Answer(200, {}, json.dumps(said).encode())


def test_the_saved_page_becomes_an_order_and_its_line(tmp_path: Path) -> None:
    """106 gross of 116.60 before discount, two teas; no charge is listed, so it is a sale of the day it was placed, 09:00 in Shanghai.

    The page states two orders and has one: the list ends only where the server says so, and the second page brings the other.
    """
    first = json.loads(SAMPLE.read_text(encoding="utf-8"))
    second = page([{**node(), "id": "T3JkZXI6Mg==", "status": "DRAFT"}], total=2)
    shop = Shop(tmp_path, lambda asked: second if asked.get("after") == "WyIxIl0=" else first)
    assert [run.error for run in shop.sync("orders")] == [None]
    assert [asked.get("after") for asked in shop.asked] == [None, "WyIxIl0="] and shop.urls == {"http://shop.test/graphql/"}
    assert shop.rows("SELECT order_id, status, status_raw, created_at, paid_at, currency, placed_amount, paid_amount, freight, seller_discount, units, updated_at FROM fact.order_head") == [
        ("T3JkZXI6MQ==", "shipped", "FULFILLED/FULL", datetime(2026, 11, 18, 9), datetime(2026, 11, 18, 9), "CNY", Decimal(106), Decimal(106), Decimal(0), Decimal("10.6"),
         Decimal(2), datetime(2026, 11, 18, 5)),
    ]  # fmt: skip
    assert shop.rows("SELECT order_id, line_id, item_id, sku_code, title, units, placed_amount, paid_amount, paid_at FROM fact.order_line") == [
        ("T3JkZXI6MQ==", "T3JkZXJMaW5lOjE=", "TEA-1", "TEA-1", "Tea", Decimal(2), Decimal(106), Decimal(106), datetime(2026, 11, 18, 9)),
    ]  # fmt: skip


def test_every_window_names_range_order_and_page(tmp_path: Path) -> None:
    """UTC instants, at most a week, a hundred a page; a list without orders is empty only with its edges there."""
    shop = Shop(tmp_path, lambda asked: page([]))
    shop.sync("orders")
    assert shop.asked == [{"first": 100, "where": {"updatedAt": {"gte": "2026-11-14T16:00:00Z", "lte": "2026-11-20T02:00:00Z"}}}]


PAID = [
    event(1, "CHARGE_REQUEST", "2026-11-17T01:00:00+00:00", 10600), event(2, "CHARGE_SUCCESS", "2026-11-17T17:00:00+00:00", 10600),
    event(3, "REFUND_REQUEST", "2026-11-18T01:00:00+00:00", 4000), event(4, "REFUND_SUCCESS", "2026-11-18T18:00:00+00:00", 4000),
]  # fmt: skip


def test_a_refund_does_not_lower_the_sale(tmp_path: Path) -> None:
    """totalCharged fell to 66 with a refund of 40: the sale stays 106, on the day of the charge; the 40 went back on their own day, and requests count nowhere."""
    order = {**node(), "totalCharged": money(6600), "totalRefunded": money(4000), "transactions": [{"events": PAID}], "payments": []}
    shop = Shop(tmp_path, lambda asked: page([order]))
    shop.sync("orders", "refunds")
    assert shop.rows("SELECT paid_at, paid_amount FROM fact.order_head") == [(datetime(2026, 11, 18, 1), Decimal(106))]
    assert shop.rows("SELECT paid_amount FROM fact.order_line") == [(Decimal(106),)]
    assert shop.rows("SELECT refund_id, order_id, done_at, amount, is_done, status_raw FROM fact.refund") == [
        ("event4", "T3JkZXI6MQ==", datetime(2026, 11, 19, 2), Decimal(40), True, "REFUND_SUCCESS"),
    ]  # fmt: skip


def test_without_listed_charges_what_went_back_is_added_again(tmp_path: Path) -> None:
    """66 still charged and 40 refunded were 106 once."""
    order = {**node(), "totalCharged": money(6600), "totalRefunded": money(4000)}
    shop = Shop(tmp_path, lambda asked: page([order]))
    shop.sync("orders")
    assert shop.rows("SELECT paid_amount FROM fact.order_head") == [(Decimal(106),)]


def test_older_payments_count_when_they_succeeded(tmp_path: Path) -> None:
    """CAPTURE and EXTERNAL are charges, REFUND goes back, REFUND_REVERSED comes again; a failed one is nothing."""
    moves = [("CAPTURE", True, 5000, "2026-11-18T02:00:00+00:00"), ("CAPTURE", False, 9900, "2026-11-18T01:30:00+00:00"), ("EXTERNAL", True, 5600, "2026-11-18T03:00:00+00:00"),
             ("REFUND", True, 600, "2026-11-19T01:00:00+00:00"), ("REFUND_REVERSED", True, 600, "2026-11-19T02:00:00+00:00")]  # fmt: skip
    made = [{"id": f"t{n}", "kind": kind, "isSuccess": good, "created": at, "amount": money(fraction)} for n, (kind, good, fraction, at) in enumerate(moves)]
    shop = Shop(tmp_path, lambda asked: page([{**node(), "transactions": [], "payments": [{"transactions": made}]}]))
    shop.sync("orders", "refunds")
    assert shop.rows("SELECT paid_at, paid_amount FROM fact.order_head") == [(datetime(2026, 11, 18, 10), Decimal(106))]
    assert shop.rows("SELECT refund_id, amount FROM fact.refund ORDER BY 1") == [("t3", Decimal(6)), ("t4", Decimal(-6))]


@pytest.mark.parametrize("fraction, digits, currency, amount", [(10612, 2, "EUR", "106.12"), (106, 0, "JPY", "106"), (106123, 3, "KWD", "106.123")])
def test_money_is_the_whole_number_with_its_digits(tmp_path: Path, fraction: int, digits: int, currency: str, amount: str) -> None:
    """The float beside it is not looked at; yen have no hundredths, dinars thousandths."""
    total = {"gross": {**money(fraction, digits, currency), "amount": 0.1 + 0.2}}
    shop = Shop(tmp_path, lambda asked: page([{**node(), "total": total}]))
    shop.sync("orders")
    assert shop.rows("SELECT placed_amount, currency FROM fact.order_head") == [(Decimal(amount), currency)]


@pytest.mark.parametrize("status, charge, charged, words, paid", [
    ("UNCONFIRMED", "NONE", 0, "unpaid", False), ("EXPIRED", "NONE", 0, "closed", False), ("CANCELED", "FULL", 10600, "closed", True), ("UNFULFILLED", "FULL", 10600, "paid", True),
    ("PARTIALLY_FULFILLED", "FULL", 10600, "paid", True), ("RETURNED", "FULL", 10600, "shipped", True),
])  # fmt: skip
def test_states(tmp_path: Path, status: str, charge: str, charged: int, words: str, paid: bool) -> None:
    """Whether an order is a sale is said by its money alone: a cancelled one that was paid stays one."""
    shop = Shop(tmp_path, lambda asked: page([{**node(), "status": status, "isPaid": paid, "chargeStatus": charge, "totalCharged": money(charged)}]))
    shop.sync("orders")
    assert shop.rows("SELECT status, paid_at IS NOT NULL, paid_amount FROM fact.order_head") == [(words, paid, Decimal(106) if paid else None)]


def test_a_deposit_is_shared_by_the_lines(tmp_path: Path) -> None:
    """53 of 106 charged: the order's sale is 53, so is that of its only line."""
    shop = Shop(tmp_path, lambda asked: page([{**node(), "isPaid": False, "chargeStatus": "PARTIAL", "totalCharged": money(5300)}]))
    shop.sync("orders")
    assert shop.rows("SELECT h.paid_amount, l.paid_amount FROM fact.order_head h JOIN fact.order_line l USING (order_id)") == [(Decimal(53), Decimal(53))]


def failed(code: str, message: str = "no") -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"exception": {"code": code}}}], "data": {"orders": None}}


@pytest.mark.parametrize("body, kind", [
    (failed("PermissionDenied"), AccessDenied), (failed("ExpiredSignatureError"), AuthExpired), (failed("QueryCostError"), TooMuch), (failed("GraphQLError"), BadRequest),
    ({"errors": [{"message": "Cannot query field"}]}, UnexpectedPayload),
])  # fmt: skip
def test_refusals(body: Any, kind: type[ApiError]) -> None:
    """An error inside HTTP 200 is one, even beside data."""
    with pytest.raises(ApiError) as caught:
        MADE.judge(Call("/graphql/"), Answer(200, {}, json.dumps(body).encode()))
    assert type(caught.value) is kind


def test_a_page_of_html_is_no_answer() -> None:
    """A proxy's page is tried again, not read."""
    with pytest.raises(PlatformDown):
        MADE.judge(Call("/graphql/"), Answer(200, {}, b"<html>"))


def test_a_list_that_is_gone_is_no_empty_list() -> None:
    """Without edges there is no answer about orders."""
    with pytest.raises(UnexpectedPayload, match="no list"):
        MADE.records(MADE.endpoints[0], {"data": {"orders": None}})


def test_a_query_that_costs_too_much_is_asked_in_smaller_pages(tmp_path: Path) -> None:
    """The server refuses 100 and 50 orders at once and gives 25."""
    shop = Shop(tmp_path, lambda asked: page([node()]) if asked["first"] <= 25 else failed("QueryCostError"))
    assert shop.sync("orders")[0].error is None
    assert [asked["first"] for asked in shop.asked] == [100, 50, 25]


def test_the_address_may_hold_the_path_or_not() -> None:
    """People paste the API's address or the shop's."""
    account = Account("sl", "saleor", "shopsl", base_url="https://shop.example.com")
    urls = {MADE.build(Call("/graphql/", {}, "POST"), replace(account, base_url=account.base_url + end)).url for end in ("", "/", "/graphql", "/graphql/")}
    assert urls == {"https://shop.example.com/graphql/"}


def test_buyers_are_pseudonyms(tmp_path: Path) -> None:
    """The user's id is replaced on the way in; no address or mail is asked for."""
    shop = Shop(tmp_path, lambda asked: page([{**node(), "user": {"id": "VXNlcjo3"}}]))
    shop.sync("orders")
    ((buyer,),) = shop.rows("SELECT buyer FROM fact.order_head")
    assert len(buyer) == 16 and buyer != "VXNlcjo3"
    assert "email" not in str(MADE.endpoints[0].params).lower() and "address" not in str(MADE.endpoints[0].params).lower()
