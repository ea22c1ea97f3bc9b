"""淘宝/天猫: saved answers become hand-worked rows, refusals the right errors, and the gateway's traps are stepped around."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import duckdb
import pytest

from connectors.api.config import Account
from connectors.api.connector import Auth, Call
from connectors.api.endpoint import Answer, Endpoint, Request
from connectors.api.settings import credentials
from connectors.api.windows import Window
from connectors.errors import (
    AccessDenied,
    ApiError,
    AuthExpired,
    BadRequest,
    NotSupported,
    PlatformDown,
    RateLimited,
    TooMuch,
    UnexpectedPayload,
)
from connectors.taobao.taobao import Taobao
from tests.connectors.api.book import bench, moments_of
from tests.connectors.api.canned import Played
from tests.stub.facts import Item, Line, Order
from tests.stub.world import World

SAMPLES = Path(__file__).parents[2] / "fixtures" / "api" / "taobao"
NOW = 1_795_140_000  # 2026-11-20 10:00 at GMT+8
CREATED, MODIFIED, REFUNDS = "taobao.trades.sold.get", "taobao.trades.sold.increment.get", "taobao.refunds.receive.get"
CAMPAIGNS, ACCOUNTS = "taobao.universalbp.report.query.campaign", "taobao.universalbp.report.query.account"
REPORTS = {"biz_codes": ["onebpSearch"], "money_unit": "yuan"}  # zhai, 15 days: the default
SECRETS = {"app_key": "12345678", "app_secret": "canary-secret", "session": "canary-session"}
TOP = Taobao()
Form = dict[str, str]


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def endpoint(name: str) -> Endpoint:
    return next(entry for entry in TOP.endpoints if entry.name == name)


def judged(method: str, body: Any, status: int = 200) -> Any:
    return TOP.judge(Call(method, method="POST"), Answer(status, {}, json.dumps(body).encode()))


class Shop(Played):
    """An account whose gateway answers what a test says, by method; `asked` keeps every form."""

    def __init__(self, root: Path, answers: Mapping[str, Callable[[Form], Any]], **options: Any) -> None:
        super().__init__(root, Account("tb", "taobao", "shoptb", since="2026-11-11", options=options), SECRETS, self, NOW)
        self.answers, self.asked = answers, list[Form]()

    def send(self, request: Request) -> Answer:
        form = dict(parse_qsl((request.body or b"").decode()))
        self.asked.append(form)
        return Answer(200, {}, json.dumps(self.answers[form["method"]](form)).encode())


def trades(method: str) -> Callable[[Form], Any]:
    """The saved trades as the probe sees them, with their total."""
    key = method.removeprefix("taobao.").replace(".", "_") + "_response"
    return lambda form: {key: sample("trades_sold_get")["trades_sold_get_response"]}


def refunds(**later: Any) -> Callable[[Form], Any]:
    """The saved refund, with what changed later; the probe states that it is the only one."""
    body = sample("refunds_receive_get")["refunds_receive_get_response"]
    body["refunds"]["refund"][0] |= later
    del body["has_next"]
    return lambda form: {"refunds_receive_get_response": {"total_results": 1, **body}}


def report(rows: list[dict[str, Any]], level: str = "account", count: int | None = None) -> Callable[[Form], Any]:
    """A report that gives its rows of the days asked for."""

    def answer(form: Form) -> Any:
        query = json.loads(form[f"top_{level}_report_query_v_o"])
        inside = [row for row in rows if query["start_time"] <= row["thedate"] <= query["end_time"]]
        page = inside[query["offset"] : query["offset"] + query["page_size"]]
        bulk: dict[str, Any] = {"count": len(inside) if count is None or not inside else count}
        if page:
            bulk["top_report_v_o_list"] = {"top_report_vo": page}
        return {f"universalbp_report_query_{level}_response": {"result": {"info": {"ok": True}, "top_report_v_o_top_bulk_data": bulk}}}

    return answer


def saved_report() -> dict[str, Any]:
    body = sample("universalbp_report_query_account")["universalbp_report_query_account_response"]
    row: dict[str, Any] = body["result"]["top_report_v_o_top_bulk_data"]["top_report_v_o_list"]["top_report_vo"][0]
    return row


HEADS = "SELECT order_id, status, created_at, paid_at, done_at, placed_amount, paid_amount, freight, units, is_presale, updated_at FROM fact.order_head ORDER BY 1"
HAND_HEADS = [
    ("2980000000000000111", "shipped", datetime(2026, 11, 11, 0, 0, 12), datetime(2026, 11, 11, 0, 0, 45), None, Decimal(218), Decimal(218), Decimal(0), Decimal(2),
     False, datetime(2026, 11, 11, 18, 22, 9)),
    ("2980000000000000222", "closed", datetime(2026, 11, 10, 21, 8), datetime(2026, 11, 10, 21, 8, 31), None, Decimal(59), Decimal(59), Decimal(0), Decimal(1),
     False, datetime(2026, 11, 11, 18, 20)),
]  # fmt: skip


@pytest.mark.parametrize("name, method", [("orders_history", CREATED), ("orders", MODIFIED)])
def test_saved_trades_become_orders(tmp_path: Path, name: str, method: str) -> None:
    """Both order calls give the same two orders, under one source; the buyer's id becomes a pseudonym."""
    shop = Shop(tmp_path, {method: trades(method)})
    assert [run.error for run in shop.sync(name)] == [None]
    assert shop.rows(HEADS) == HAND_HEADS
    assert shop.rows("SELECT DISTINCT source, account, currency, length(buyer), buyer LIKE '%synthetic%' FROM fact.order_head") == [("taobao.orders", "tb", "CNY", 16, False)]


def test_saved_trades_become_order_lines(tmp_path: Path) -> None:
    """Sub-orders with their product, SKU and divide_order_fee; all 19 digits of an id stay."""
    shop = Shop(tmp_path, {MODIFIED: trades(MODIFIED)})
    shop.sync("orders")
    lines = shop.rows("SELECT order_id, line_id, item_id, sku_id, title, status, units, list_price, placed_amount, paid_amount, refund_amount FROM fact.order_line ORDER BY 1")
    assert lines == [
        ("2980000000000000111", "2980000000000000111", "700000000001", "5100000000001", "示例保湿面霜50g", "shipped", Decimal(2), Decimal(129), Decimal(218), Decimal(218), None),
        ("2980000000000000222", "2980000000000000222", "700000000002", "5100000000002", "示例洁面乳120ml", "closed", Decimal(1), Decimal(59), Decimal(59), Decimal(59), None),
    ]  # fmt: skip


def test_a_restated_payment_is_no_sale(tmp_path: Path) -> None:
    """The closed trade's payment went to 0.00 with its refund; the sale of its paid day stays 59 (218 + 59 in all)."""
    assert sample("trades_sold_get")["trades_sold_get_response"]["trades"]["trade"][1]["payment"] == "0.00"
    shop = Shop(tmp_path, {MODIFIED: trades(MODIFIED)})
    shop.sync("orders")
    assert shop.rows("SELECT paid_at::DATE, sum(paid_amount) FROM fact.order_head GROUP BY 1 ORDER BY 1") == [(date(2026, 11, 10), Decimal(59)), (date(2026, 11, 11), Decimal(218))]


def test_a_deposit_is_no_sale_yet(tmp_path: Path) -> None:
    """A trade still waiting for the buyer's balance is placed and unpaid, though the deposit has a pay time; it is marked as presale."""
    made = trades(MODIFIED)

    def answer(form: Form) -> Any:
        body = made(form)
        for trade in body["trades_sold_increment_get_response"]["trades"]["trade"]:
            trade |= {"status": "WAIT_BUYER_PAY", "step_trade_status": "FRONT_PAID_FINAL_NOPAID", "step_paid_fee": "20.00"}
        return body

    shop = Shop(tmp_path, {MODIFIED: answer})
    shop.sync("orders")
    assert shop.rows("SELECT status, paid_at, placed_amount, paid_amount, is_presale FROM fact.order_head ORDER BY order_id") == [
        ("unpaid", None, Decimal(218), None, True), ("unpaid", None, Decimal(59), None, True),
    ]  # fmt: skip
    assert shop.rows("SELECT count(*), count(paid_at), count(paid_amount) FROM fact.order_line") == [(2, 0, 0)]


def test_the_saved_refund_counts_on_the_day_it_succeeded(tmp_path: Path) -> None:
    """SUCCESS: 59 yuan went back on 11-11 at 18:20, without goods sent back."""
    shop = Shop(tmp_path, {REFUNDS: refunds()})
    shop.sync("refunds")
    assert shop.rows("SELECT refund_id, order_id, line_id, applied_at, done_at, applied_amount, amount, is_done, kind, reason, status_raw FROM fact.refund") == [
        ("98000000000000222", "2980000000000000222", "2980000000000000222", datetime(2026, 11, 11, 9, 2), datetime(2026, 11, 11, 18, 20), Decimal(59), Decimal(59),
         True, "仅退款", "不想要了", "SUCCESS"),
    ]  # fmt: skip


def test_a_finished_refund_touched_later_keeps_its_day(tmp_path: Path) -> None:
    """There is no time of completion but `modified`: of two SUCCESS versions the earlier one tells the day, an open version gives way to either."""
    shop = Shop(tmp_path, {REFUNDS: refunds(status="WAIT_SELLER_AGREE", modified="2026-11-11 09:02:00")})
    said: list[tuple[Any, ...]] = []
    for later in ({}, {"status": "SUCCESS"}, {"status": "SUCCESS", "modified": "2026-11-13 08:00:00"}):
        shop.answers = {REFUNDS: refunds(**later)} if later else shop.answers
        shop.sync("refunds")
        said += shop.rows("SELECT is_done, done_at, amount FROM fact.refund")
        shop.clock.value += 3600
    day = datetime(2026, 11, 11, 18, 20)
    assert said == [(False, None, None), (True, day, Decimal(59)), (True, day, Decimal(59))]


@pytest.mark.parametrize("unit, spend, sales", [("yuan", "1203.55", "5120"), ("fen", "12.0355", "51.2"), ("li", "1.2036", "5.12")])
def test_the_saved_report_in_the_stated_unit(tmp_path: Path, unit: str, spend: str, sales: str) -> None:
    """The account says what unit the report's money is in; scene, attribution and its days are part of the row."""
    shop = Shop(tmp_path, {ACCOUNTS: report([saved_report()])}, **{**REPORTS, "money_unit": unit})
    assert [run.error for run in shop.sync("ad_accounts")] == [None]
    assert shop.rows(
        "SELECT campaign_id, day, hour, attribution, attribution_days, scene, spend, impressions, clicks, attributed_sales, attributed_orders, cart_adds, favourites, new_buyers "
        "FROM fact.ad_day"
    ) == [("onebpSearch", date(2026, 11, 11), -1, "zhai 15", 15, "关键词推广", Decimal(spend), Decimal(60211), Decimal(1507), Decimal(sales), Decimal(39), Decimal(201),
           Decimal(88), Decimal(21))]  # fmt: skip
    assert shop.rows("SELECT purse, kind, platform FROM fact.source WHERE source = 'taobao.ad_accounts'") == [("alimama", "ads", "tmall")]


@pytest.mark.parametrize("name, value", [("money_unit", ""), ("money_unit", "cent"), ("unify_type", "last"), ("effect_equal", "14")])
def test_a_report_in_an_unknown_unit_or_attribution_is_refused(tmp_path: Path, name: str, value: str) -> None:
    """Nothing is guessed and nothing asked: the option to set is named."""
    shop = Shop(tmp_path, {}, **{**REPORTS, name: value})
    with pytest.raises(NotSupported, match=name):
        TOP.params(endpoint("ad_campaigns"), shop.account, Window(NOW - 86_400, NOW), TOP.zone)
    runs = shop.sync("ad_campaigns", "ad_accounts")
    assert all(name in (str(run.error) if run.error else run.skipped) for run in runs) and shop.asked == []


def test_without_scenes_there_are_no_reports() -> None:
    """An account that names no scene is asked for orders and refunds only."""
    plain = Account("tb", "taobao", "shoptb")
    assert [entry.name for entry in TOP.endpoints_for(plain)] == ["orders", "orders_history", "refunds"]
    assert len(TOP.endpoints_for(replace(plain, options=REPORTS))) == 5


@pytest.mark.parametrize("body, kind", [
    (sample("error_session_invalid"), AuthExpired), (sample("error_throttled"), RateLimited),
    ({"error_response": {"code": 26, "msg": "Missing session"}}, AuthExpired), ({"error_response": {"code": 25, "msg": "Invalid signature"}}, BadRequest),
    ({"error_response": {"code": 11, "sub_code": "isv.permission-api-package-limit"}}, AccessDenied),
    ({"error_response": {"code": 15, "sub_code": "isp.top-remote-service-unavailable-tmall"}}, PlatformDown), ({"error_response": {"code": 15, "msg": "Remote service error"}}, PlatformDown),
    ({"error_response": {"code": 15, "sub_code": "isp.call-limited"}}, RateLimited), ({"error_response": {"code": 15, "sub_code": "isv.trade-not-exist"}}, BadRequest),
    ({"error_response": {"code": 40, "sub_code": "isv.missing-parameter"}}, BadRequest), ({}, UnexpectedPayload), ([], UnexpectedPayload),
    ({"trades_sold_increment_get_response": {"total_results": 0}}, UnexpectedPayload),
])  # fmt: skip
def test_refusals(body: Any, kind: type[ApiError]) -> None:
    """All of them come with HTTP 200; an answer under another method's key, or under none, is no answer."""
    with pytest.raises(ApiError) as caught:
        judged(CREATED, body)
    assert type(caught.value) is kind


def test_a_report_must_say_ok_inside() -> None:
    """The envelope is fine and the report is not: info.ok decides."""
    inner = {"info": {"ok": False, "message": "no right", "error_code": "E1"}, "top_report_v_o_top_bulk_data": {"count": 0}}
    with pytest.raises(BadRequest, match="E1: no right"):
        judged(ACCOUNTS, {"universalbp_report_query_account_response": {"result": inner}})
    with pytest.raises(UnexpectedPayload):
        judged(ACCOUNTS, {"universalbp_report_query_account_response": {"result": {**inner, "info": {}}}})


def test_the_promoters_list_is_read_and_not_booked() -> None:
    """The saved 淘宝客 answer is well-formed, but it is the promoter's income: no endpoint books it as the shop's commission."""
    held = judged("taobao.tbk.sc.order.details.get", sample("tbk_sc_order_details_get"))
    assert held["data"]["results"]["publisher_order_dto"][0]["pub_share_pre_fee"] == "10.90"
    assert not [entry for entry in TOP.endpoints if ".tbk." in entry.path]


@pytest.mark.parametrize("body, rows", [
    ({"total_results": 0}, 0), ({"has_next": False}, 0), (sample("trades_sold_increment_get_empty")["trades_sold_increment_get_response"], 0), ({"total_results": 0, "trades": {}}, 0),
    ({"total_results": 2}, None), ({"total_results": 2, "has_next": False}, None), ({"has_next": True}, None), ({}, None), ({"trades": []}, None),
])  # fmt: skip
def test_an_absent_list_is_empty_only_where_the_answer_says_so(body: Any, rows: int | None) -> None:
    """A stated total of 0, or no next page on the way back; anything else without its list is an error, never no sales."""
    if rows is None:
        with pytest.raises(UnexpectedPayload, match="no list"):
            TOP.records(endpoint("orders"), body)
    else:
        assert TOP.records(endpoint("orders"), body) == []


@pytest.mark.parametrize("name, saved, key, ids", [
    ("orders", "trades_sold_increment_get_has_next", "tid", [2980000000000000111, 2980000000000000222]), ("refunds", "refunds_receive_get", "refund_id", ["98000000000000222"]),
])  # fmt: skip
def test_a_page_on_the_way_back_has_its_rows_and_no_total(name: str, saved: str, key: str, ids: list[Any]) -> None:
    """With use_has_next the saved answers state no total: their rows are found two levels below the method's own key."""
    held = judged(endpoint(name).path, sample(saved))
    assert "total_results" not in held and [row[key] for row in TOP.records(endpoint(name), held)] == ids


def test_a_window_without_a_stated_total_is_not_read(tmp_path: Path) -> None:
    """The probe must tell the total: without it nobody knows which page is the last."""
    shop = Shop(tmp_path, {MODIFIED: lambda form: sample("trades_sold_increment_get_empty")})
    assert isinstance(shop.sync("orders")[0].error, UnexpectedPayload)


@pytest.mark.parametrize("method", ["md5", "hmac", "hmac-sha256"])
def test_what_is_signed_is_what_is_sent(tmp_path: Path, method: str) -> None:
    """Every field of the form but sign, sorted, as decoded from the very bytes; the time is GMT+8 whatever the host's zone."""
    shop = Shop(tmp_path, {})
    account = replace(shop.account, options={"sign_method": method} if method != "md5" else {})
    auth = Auth(credentials(shop.book, "tb", TOP.credentials), "", NOW, "", account)
    request = TOP.sign(TOP.build(Call(MODIFIED, {"fields": "tid,orders", "start_modified": "2026-11-20 09:00:00", "use_has_next": False}, "POST"), account), auth)
    form = dict(parse_qsl((request.body or b"").decode(), keep_blank_values=True))
    text = "".join(name + form[name] for name in sorted(form) if name != "sign").encode()
    key = SECRETS["app_secret"].encode()
    expected = {"md5": hashlib.md5(key + text + key, usedforsecurity=False).hexdigest(), "hmac": hmac.new(key, text, hashlib.md5).hexdigest(),
                "hmac-sha256": hmac.new(key, text, hashlib.sha256).hexdigest()}  # fmt: skip
    assert form["sign"] == expected[method].upper() and form["sign_method"] == method
    assert (request.url, form["timestamp"], form["use_has_next"], form["format"]) == ("https://eco.taobao.com/router/rest", "2026-11-20 10:00:00", "false", "json")


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_windows_and_clock_are_gmt8_anywhere(far_away: None, tmp_path: Path) -> None:
    """On a host in Los Angeles the newest half hour still ends at 10:00, and every trade type, page size and way of paging is named."""
    shop = Shop(tmp_path, {MODIFIED: trades(MODIFIED)})
    shop.sync("orders")
    last = max(shop.asked, key=lambda form: form["end_modified"])  # windows are asked for at once, in no order
    assert (last["start_modified"], last["end_modified"]) == ("2026-11-20 09:30:00", "2026-11-20 10:00:00")
    assert last["timestamp"].startswith("2026-11-20 10:00:")
    assert {"guarantee_trade", "step", "tmall_i18n", "eticket"} <= set(last["type"].split(",")) and last["page_size"] == "50"
    assert {form["use_has_next"] for form in shop.asked} == {"false"}  # of a single page the probe has all


def test_a_list_that_moves_under_the_walk_loses_nothing(tmp_path: Path) -> None:
    """120 orders (0 to 119), newest first, pages of 50. Before page 2 is read order 10 changes and leaves the window, so 11 to 119 move up by one.

    Read 3, 2, 1 the walk has every order; read 1, 2, 3 it would have lost order 50, which moved from page 2 to page 1.
    """
    body = sample("trades_sold_get")["trades_sold_get_response"]["trades"]["trade"][0]
    there = [{**body, "tid": 5_000_000_000_000_000_000 - n, "orders": {"order": [{**body["orders"]["order"][0], "oid": 5_000_000_000_000_000_000 - n}]}} for n in range(120)]
    walked: list[int] = []

    def answer(form: Form) -> Any:
        if not form["end_modified"].endswith("10:00:00"):
            return {"trades_sold_increment_get_response": {"total_results": 0}}
        page, probe = int(form["page_no"]), form["use_has_next"] == "false"
        if not probe:
            walked.append(page)
            if page == 2 and len(there) == 120:
                there.pop(10)
        rows = there[(page - 1) * 50 : page * 50]
        said = {"total_results": len(there)} if probe else {"has_next": page * 50 < len(there)}
        return {"trades_sold_increment_get_response": {**said, "trades": {"trade": rows}}}

    shop = Shop(tmp_path, {MODIFIED: answer})
    run = shop.sync("orders")[0]
    assert (run.error, walked) == (None, [3, 2, 1])
    assert shop.rows("SELECT count(DISTINCT order_id) FROM fact.order_head") == [(120,)]


def test_an_order_that_shows_up_ten_minutes_late_is_found() -> None:
    """Around a big promotion the list runs ten minutes behind: an order of 14:55 is not in the sync of 15:00, yet in that of 15:15."""
    paid = 1_793_516_100  # 2026-11-01 14:55 at GMT+8
    item = Item("700000000001", "5100000000001", "杯", 5900)
    early = Order("6910000000000000001", "buyer1", (Line("6920000000000000001", item, 1),), paid - 7200, paid - 7100)
    late = Order("6910000000000000002", "buyer2", (Line("6920000000000000002", item, 2),), paid - 30, paid)
    world = World.of(orders=[early, late])
    with bench("taobao", world, paid - 3600) as at:
        at.setup.platform.late_s = 600
        found = []
        for moment in (paid - 3600, paid + 300, paid + 1200):
            at.clock.value = moment
            assert not [run.error for run in at.sync() if run.error]
            at.commit()
            found.append(at.figures(date(2026, 11, 1), date(2026, 11, 1))[date(2026, 11, 1)]["sales"])
        assert found == [5900, 5900, 17700] and at.stub.violations == []


def test_account_and_campaign_reports_hold_the_same_money() -> None:
    """Two reports of one purse: their spend of every day is equal, so that counting one of them is right."""
    world = World(seed=3, days=4, orders_per_day=9)
    with bench("taobao", world, moments_of(world)[2]) as at:
        assert not [run.error for run in at.sync(only=["ad_campaigns", "ad_accounts"]) if run.error]
        at.commit()
        with at.book.lock(), duckdb.connect(str(at.book.warehouse), read_only=True) as con:
            days = con.execute("SELECT day, source, sum(spend), sum(attributed_sales) FROM fact.ad_day GROUP BY ALL ORDER BY 1, 2").fetchall()
        accounts, campaigns = ([(row[0], *row[2:]) for row in days if row[1] == f"taobao.ad_{level}s"] for level in ("account", "campaign"))
        assert accounts == campaigns and len(accounts) == 4


def test_a_full_page_that_counts_only_itself_is_asked_for_in_fewer_days(tmp_path: Path) -> None:
    """count may be the page's own: 100 of 100 rows could be cut, so the window is halved until pages are not full (3 days of 50 rows)."""
    row = {**saved_report(), "biz_code": "onebpSearch"}
    rows = [{**row, "campaign_id": str(9_000_000_000_000_000_000 + n), "campaign_name": "计划", "thedate": f"2026-11-1{day}"} for day in (1, 2, 3) for n in range(50)]

    def own_count(form: Form) -> Any:
        body = report(rows, "campaign")(form)
        bulk = body["universalbp_report_query_campaign_response"]["result"]["top_report_v_o_top_bulk_data"]
        bulk["count"] = len(bulk.get("top_report_v_o_list", {}).get("top_report_vo", []))
        return body

    shop = Shop(tmp_path, {CAMPAIGNS: own_count}, **REPORTS)
    assert shop.sync("ad_campaigns")[0].error is None
    assert shop.rows("SELECT day, count(*) FROM fact.ad_day GROUP BY 1 ORDER BY 1") == [(date(2026, 11, day), 50) for day in (11, 12, 13)]
    with pytest.raises(TooMuch):
        TOP.records(endpoint("ad_campaigns"), judged(CAMPAIGNS, report(rows[:100], "campaign")({"top_campaign_report_query_v_o": json.dumps(
            {"start_time": "2026-11-11", "end_time": "2026-11-12", "offset": 0, "page_size": 100})})))  # fmt: skip


def test_a_long_report_is_read_to_its_stated_count(tmp_path: Path) -> None:
    """150 campaigns of a day: offsets 0 and 100, page size and scene named in both places."""
    row = {**saved_report(), "biz_code": "onebpSearch"}
    rows = [{**row, "campaign_id": str(9_000_000_000_000_000_000 + n), "campaign_name": "计划"} for n in range(150)]
    shop = Shop(tmp_path, {CAMPAIGNS: report(rows, "campaign")}, **REPORTS)
    shop.sync("ad_campaigns")
    assert shop.rows("SELECT count(*), sum(spend) FROM fact.ad_day") == [(150, Decimal("180532.50"))]
    queries = [json.loads(form["top_campaign_report_query_v_o"]) for form in shop.asked]
    assert [query["offset"] for query in queries if query["start_time"] == "2026-11-11"] == [0, 100]
    assert json.loads(shop.asked[0]["top_service_context"]) == {"biz_code": "onebpSearch"} and queries[0]["biz_code_in_list"] == ["onebpSearch"]
    assert (queries[0]["unify_type"], queries[0]["effect_equal"], queries[0]["by_page"], queries[0]["page_size"]) == ("zhai", 15, True, 100)


def test_a_right_that_is_not_granted_is_said_and_skipped(tmp_path: Path) -> None:
    """Order packs are for some apps only: the refusal skips the endpoint and the others go on."""
    shop = Shop(tmp_path, {
        MODIFIED: lambda form: {"error_response": {"code": 11, "msg": "Insufficient isv permissions", "sub_code": "isv.permission-api-package-limit"}},
        REFUNDS: refunds(),
    })  # fmt: skip
    orders, back = shop.sync("orders", "refunds")
    assert "isv.permission-api-package-limit" in orders.skipped and orders.error is None and back.rows
