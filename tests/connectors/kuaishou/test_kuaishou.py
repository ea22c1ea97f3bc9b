"""快手小店: what each saved answer becomes, what each refusal means, and the traps of its contract."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.api.config import Account
from connectors.api.connector import Auth, Call
from connectors.api.endpoint import Answer
from connectors.api.settings import Credentials
from connectors.api.signing import kuaishou as signature
from connectors.api.tokens import Token
from connectors.catalog import connector
from connectors.errors import (
    ApiError,
    AuthExpired,
    BadRequest,
    NotSupported,
    PlatformDown,
    RateLimited,
    UnexpectedPayload,
)
from connectors.kuaishou.kuaishou import Kuaishou, NumberedCursor
from tests.connectors.api.book import bench, quiet
from tests.connectors.api.canned import Desk, desk, said, sample
from tests.stub.facts import Item, Line, Order, Refund
from tests.stub.world import World

EVENING = 1794484800  # 2026-11-12 20:00 in Shanghai
D = Decimal
VECTOR = (
    '{"beginTime":1795050000000,"cpsType":0,"cursor":"","endTime":1795136400000,"orderViewStatus":1,"pageSize":50,"queryType":1,"sort":1}'
)


@contextmanager
def shop(answers: Mapping[str, Sequence[Answer]], since: str = "2026-11-12", **options: Any) -> Iterator[Desk]:
    """A shop whose platform gives saved answers by the end of the path."""
    told = Account("ks", "kuaishou", "shopks", since=since, options=options)
    secrets = {"app_key": "ks01", "app_secret": "canary-secret", "sign_secret": "canary-sign"}
    with desk(told, secrets, answers, EVENING) as at:
        at.line.store.save(Token("synthetic-access", EVENING + 90_000, "synthetic-refresh", EVENING + 900_000, extra={"open_id": "synthetic_open_id"}), EVENING)
        yield at


def one(name: str) -> list[Answer]:
    return [sample("kuaishou", name)]


def answer(body: Any) -> Answer:
    return Answer(200, {}, json.dumps(body).encode())


def test_an_order_and_its_line() -> None:
    """Signed for (40 shipped), 218.00 in fen, sold by a distributor; buyer's id kept as a pseudonym only."""
    with shop({"order/cursor/list": one("open_order_cursor_list")}, money_unit="fen") as at:
        at.sync("orders")
        head = "order_id, status, status_raw, placed_amount, paid_amount, freight, units, channel, host, currency, created_at, paid_at, updated_at"
        assert at.rows(f"SELECT {head} FROM fact.order_head") == [
            ("2531500000001", "shipped", "40", D(218), D(218), D(0), 2, "", "示例主播", "CNY", datetime(2026, 11, 11, 20, 12), datetime(2026, 11, 11, 20, 12, 20),
             datetime(2026, 11, 12, 9, 0))
        ]  # fmt: skip
        [(buyer,)] = at.rows("SELECT buyer FROM fact.order_head")
        assert buyer and "synthetic" not in buyer
        line = "order_id, line_id, item_id, sku_id, title, units, list_price, paid_amount, host"
        assert at.rows(f"SELECT {line} FROM fact.order_line") == [
            ("2531500000001", "2531500000001", "20100000001", "20200000001", "示例保湿面霜50g", 2, D(129), D(218), "示例主播")
        ]


def test_a_refund_paid_back() -> None:
    """Status 60, refund only: 59.00 on the day it ended."""
    with shop({"refund/pcursor/list": one("open_seller_order_refund_pcursor_list")}, money_unit="fen") as at:
        at.sync("refunds")
        rows = at.rows("SELECT refund_id, order_id, line_id, item_id, kind, status_raw, applied_at, done_at, applied_amount, amount, is_done, status_rank FROM fact.refund")
        assert rows == [
            ("2531590000001", "2531500000002", "2531500000002", "20100000002", "仅退款", "60", datetime(2026, 11, 11, 22, 0), datetime(2026, 11, 12, 8, 0), D(59), D(59),
             True, 40)
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "is_done", "amount"),
    [({"status": 60, "handlingWay": 3}, False, None), ({"status": 50}, False, None), ({"status": 70}, False, None), ({"status": 60, "handlingWay": 1}, True, D(59))],
)
def test_only_money_that_went_back_is_a_refund(change: dict[str, int], is_done: bool, amount: Decimal | None) -> None:
    """An exchange, a case under way and a failed one give nothing back; return and refund does."""
    body = json.loads(one("open_seller_order_refund_pcursor_list")[0].body)
    body["data"]["refundOrderInfoList"][0] |= change
    with shop({"refund/pcursor/list": [answer(body)]}, money_unit="fen") as at:
        at.sync("refunds")
        assert at.rows("SELECT is_done, amount, done_at IS NOT NULL FROM fact.refund") == [(is_done, amount, is_done)]


def test_visitors_are_a_reading_of_the_moment() -> None:
    """The platform says neither since when it counts nor for which session: the day's newest reading, out of every shop total."""
    with shop({"real/uv": one("open_live_shop_seller_real_uv")}) as at:
        at.sync("live_visitors")
        assert at.rows("SELECT metric, scope, period_kind, day, value FROM fact.observation") == [
            ("live_watch_uv_now", "channel:直播间", "day", date(2026, 11, 12), 3021)
        ]


def test_a_closed_order_stays_a_sale_of_its_paid_day() -> None:
    """Status 80 after payment: the order is closed, its sale stays, the money back is a refund of its own; one never paid is none."""
    item = Item("3600000000000000001", "3700000000000000001", "手工陶杯", 12_900)
    paid = Order("1001", "b1", (Line("1", item, 1),), EVENING - 9000, EVENING - 8900, cancelled_at=EVENING - 4000)
    never = Order("1002", "b2", (Line("2", item, 1),), EVENING - 9000, cancelled_at=EVENING - 4000)
    with bench("kuaishou", World.of(orders=[paid, never]), EVENING) as at:
        assert not [run for run in at.sync() if run.error]
        at.commit()
        day = date(2026, 11, 12)
        assert at.figures(day, day)[day] == {"placed": 2, "paid": 1, "sales": 12_900, "refunds": 0}


@pytest.mark.parametrize("option", [{}, {"money_unit": "cents"}])
def test_money_of_unknown_unit_is_not_read(option: dict[str, str]) -> None:
    """totalFee and refundFee have no published unit: nothing is asked unless the account states it."""
    for name in ("orders", "refunds"):
        with shop({}, **option) as at, pytest.raises(NotSupported, match="money_unit"):
            at.sync(name)
        assert at.transport.asked == []


def test_a_stated_unit_is_used() -> None:
    """The same order with money_unit yuan is a hundred times as much; the item's price, which is stated as fen, stays."""
    with shop({"order/cursor/list": one("open_order_cursor_list")}, money_unit="yuan") as at:
        at.sync("orders")
        assert at.rows("SELECT h.paid_amount, l.list_price FROM fact.order_head h JOIN fact.order_line l USING (order_id)") == [(D(21800), D(129))]


def test_magnetic_ads_are_refused_not_guessed() -> None:
    """磁力金牛 is only called for when an account asks, then skipped and said; no request goes out."""
    made = connector("kuaishou")
    assert [entry.name for entry in made.endpoints_for(Account("a", "kuaishou", "s"))] == ["orders", "refunds", "live_visitors"]
    with shop({}, magnetic=True) as at:
        [run] = at.sync("magnetic")
        assert "磁力金牛" in run.skipped and at.transport.asked == []


def test_signature_vectors() -> None:
    """The published rule's vectors: raw values of a fixed list, then the signSecret (not the app secret)."""
    given = {"access_token": "tok_demo", "appkey": "ks000000000000000001", "method": "open.order.cursor.list", "param": VECTOR, "timestamp": "1795140000000", "version": "1"}
    assert signature("sign_secret_demo", given, "MD5") == "73f965137a13c05a9054f7a5a3c331fa"
    assert signature("sign_secret_demo", given, "HMAC_SHA256") == "c3Kx3w9fZOmwHGcb6IWtJThrwMvDGVyy3MnJfTtHy2w="


def test_what_is_signed_is_what_is_sent() -> None:
    """One JSON text, keys sorted, in the query as it was signed; timestamp in ms; the method is the path with dots."""
    made, told = Kuaishou(), Account("a", "kuaishou", "s")
    secrets = Credentials("a", {"app_key": "ks000000000000000001", "app_secret": "app-secret", "sign_secret": "sign_secret_demo"})
    asked = {"queryType": 1, "sort": 1, "cursor": "", "pageSize": 50, "orderViewStatus": 1, "cpsType": 0, "beginTime": 1795050000000, "endTime": 1795136400000}
    sent = made.sign(made.build(Call("/open/order/cursor/list", asked), told), Auth(secrets, "tok_demo", 1795140000, "", told))
    assert (sent.method, sent.url) == ("GET", "https://openapi.kwaixiaodian.com/open/order/cursor/list")
    assert sent.query["param"] == VECTOR and sent.query["timestamp"] == "1795140000000" and sent.query["method"] == "open.order.cursor.list"
    assert sent.query["sign"] == "c3Kx3w9fZOmwHGcb6IWtJThrwMvDGVyy3MnJfTtHy2w="


def test_a_refund_page_sends_number_and_cursor() -> None:
    """Both are wanted; the total holds on the first page only and is dropped from later ones."""
    asked: list[dict[str, Any]] = []

    def ask(page: Mapping[str, Any]) -> Any:
        asked.append(dict(page))
        return {"data": {"pcursor": "c2" if len(asked) == 1 else "nomore", "totalSize": 3 if len(asked) == 1 else 99}}

    pages = list(NumberedCursor("pcursor", "data.pcursor", "pageSize", 100, first="").pages(ask, lambda body: 0))
    assert asked == [{"pageSize": 100, "pcursor": "", "currentPage": 1}, {"pageSize": 100, "pcursor": "c2", "currentPage": 2}]
    assert [page["data"].get("totalSize") for page in pages] == [3, None]


def test_a_list_ends_at_nomore_only() -> None:
    """A page without orders but with a cursor is not the end: 120 cases and orders over several pages all come."""
    item = Item("3600000000000000001", "3700000000000000001", "手工陶杯", 12_900)
    orders = [
        Order(str(5000 + n), f"b{n}", (Line(str(n), item, 1),), EVENING - 9000, EVENING - 8900, refunds=(Refund(str(9000 + n), str(n), 100, EVENING - 8000, EVENING - 7000),))
        for n in range(200)
    ]
    world = World.of(orders=orders)
    with bench("kuaishou", world, quiet(world, EVENING)) as at:
        runs = {run.endpoint: run for run in at.sync()}
        at.commit()
        day = date(2026, 11, 12)
        assert (runs["orders"].pages, runs["refunds"].pages) == (5, 3)  # 4 x 50 and an empty one; 2 x 100 and an empty one
        assert at.figures(day, day)[day] == {"placed": 200, "paid": 200, "sales": 200 * 12_900, "refunds": 200 * 100}


def test_windows_keep_within_a_day_and_ninety() -> None:
    """Whole history: windows of a day at most, none older than 90 days, times in ms."""
    with shop({"refund/pcursor/list": one("open_seller_order_refund_pcursor_list")}, since="2026-01-01", money_unit="fen") as at:
        at.sync("refunds")
        asked = [json.loads(dict(request.query)["param"]) for request in at.transport.asked]
        assert len({each["beginTime"] for each in asked}) == 90
        assert all(0 < each["endTime"] - each["beginTime"] <= 86_400_000 for each in asked)
        assert min(each["beginTime"] for each in asked) >= (EVENING - 90 * 86_400) * 1000
        assert {(each["type"], each["queryType"], each["sort"], each["pageSize"]) for each in asked} == {(9, 2, 2, 100)}


def test_the_end_of_all_refreshing_is_the_first_consents() -> None:
    """180 days count from the first grant: a refresh 100 days later hands out a new pair and does not move the end."""
    made = Kuaishou()
    body = said(made, sample("kuaishou", "oauth2_access_token"), "/oauth2/access_token")
    first = made.grant.token(body, EVENING)
    later = made.grant.token(body, EVENING + 100 * 86_400, first)
    assert (first.access, first.extra, first.expires_at) == ("synthetic", {"open_id": "synthetic_open_id"}, EVENING + 172_800)
    assert first.refresh_expires_at == later.refresh_expires_at == EVENING + 15_552_000
    assert later.expires_at == EVENING + 100 * 86_400 + 172_800


def test_a_token_is_renewed_before_its_life_ends() -> None:
    """No code of a dead token is published, so none may ever be sent: the stub refuses every call with one."""
    world = World(seed=2, days=2, orders_per_day=9)
    with bench("kuaishou", world, quiet(world, EVENING)) as at:
        at.clock.value += 5 * 86_400
        assert not [run for run in at.sync() if run.error]
        assert at.stub.violations == [] and any(call.path == "/oauth2/refresh_token" for call in at.stub.calls)


def test_the_consent_page_shows_no_secret() -> None:
    """The address to agree at names app and scopes."""
    url = Kuaishou.grant.consent_url({"app_key": "ks01", "redirect_uri": "http://127.0.0.1:8765/", "state": "x1"})
    asked = parse_qs(urlsplit(url).query)
    assert url.startswith("https://open.kwaixiaodian.com/oauth/authorize?") and asked["app_id"] == ["ks01"] and asked["response_type"] == ["code"]


def test_no_personal_data_is_kept() -> None:
    """Names, addresses and remarks that the platform sends along are not in the package."""
    body = json.loads(one("open_order_cursor_list")[0].body)
    order = body["data"]["orderList"][0]
    order["orderBaseInfo"] |= {"buyerNick": "canary-person", "buyerImage": "https://canary-person", "remark": "canary-person"}
    order["orderAddress"] = {"encryptedMobile": "canary-person", "consignee": "canary-person"}
    with shop({"order/cursor/list": [answer(body)]}, money_unit="fen") as at:
        [run] = at.sync("orders")
        kept = b"".join(path.read_bytes() for path in Path(at.book.root).rglob("*") if path.is_file())
        assert b"canary-person" not in kept and b"synthetic_buyer" not in kept
        assert run.packages[0].unknown_columns == []


@pytest.mark.parametrize(
    ("got", "path", "kind"),
    [
        (answer({"result": 2001, "error_msg": "x"}), "/open/order/cursor/list", BadRequest), (Answer(429, {}, b"{}"), "/open/order/cursor/list", RateLimited),
        (Answer(502, {}, b"<html>"), "/open/order/cursor/list", PlatformDown), (answer({"data": {"orderList": []}}), "/open/order/cursor/list", UnexpectedPayload),
        (answer({"result": 100200101, "error_msg": "x"}), "/oauth2/refresh_token", AuthExpired),
    ],
)  # fmt: skip
def test_what_a_refusal_means(got: Answer, path: str, kind: type[ApiError]) -> None:
    """Unknown codes stop and are named; an answer without its marker is an error, never no rows; a refused refresh asks a person."""
    with pytest.raises(ApiError) as raised:
        said(Kuaishou(), got, path)
    assert type(raised.value) is kind and (kind is not AuthExpired or raised.value.final)  # type: ignore[attr-defined]


def test_ping_says_whose_shop_it_is() -> None:
    """The consent's open_id, and one page of orders as proof."""
    with shop({"order/cursor/list": one("open_order_cursor_list")}, money_unit="fen") as at:
        assert at.line.connector.ping(at.line).who == "synthetic_open_id"
        assert len(at.transport.asked) == 1
