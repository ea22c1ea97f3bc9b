"""微信小店 and 视频号: what each saved answer becomes, what each refusal means, and the traps of its contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.api.config import Account
from connectors.api.connector import Call
from connectors.api.endpoint import Answer, Request
from connectors.api.paging import Cursor
from connectors.catalog import connector
from connectors.errors import (
    AccessDenied,
    ApiError,
    AuthExpired,
    BadRequest,
    NotSupported,
    PlatformDown,
    QuotaSpent,
    RateLimited,
    TooMuch,
    UnexpectedPayload,
)
from tests.connectors.api import test_every_connector as suite
from tests.connectors.api.canned import Played
from tests.stub.platforms import wechat as stub
from tests.stub.world import World
from warehouse.errors import ConfigError

SAMPLES = Path(__file__).parents[2] / "fixtures" / "api" / "wechat"
EVENING = 1794402000  # 2026-11-11 21:00 in Shanghai
Change = Callable[[dict[str, Any]], Any]


def sample(name: str, change: Change | None = None) -> bytes:
    body = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    if change:
        change(body)
    return json.dumps(body).encode()


class Shop:
    """Plays saved answers by the end of the path; of several the last one stays. `asked`: path and body of every call."""

    def __init__(self, **answers: bytes | list[bytes]) -> None:
        self.answers = {name: answer if isinstance(answer, list) else [answer] for name, answer in answers.items()}
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def send(self, request: Request) -> Answer:
        path = request.url.removeprefix("https://api.weixin.qq.com/").replace("/", "_")
        body = json.loads(request.body or b"{}")
        self.asked.append((path, body))
        if path == "cgi-bin_stable_token":
            return Answer(200, {}, sample("stable_token"))
        assert request.query == {"access_token": "synthetic_access_token"}
        ready = next(answers for name, answers in self.answers.items() if path.endswith(name))
        return Answer(200, {}, ready.pop(0) if len(ready) > 1 else ready[0])


class Reading(Played):
    """One sync of one endpoint against saved answers."""

    def __init__(self, root: Path, played: Shop, only: str, since: str = "2026-11-11", now: int = EVENING, **options: Any) -> None:
        account = Account("wx", "wechat", "shopwx", id="wxshop", since=since, options=options)
        super().__init__(root, account, {"appid": "wx01", "secret": "canary-secret"}, played, now)
        self.runs = self.sync(only)

    @property
    def error(self) -> ApiError | None:
        return self.runs[0].error

    def facts(self, table: str, columns: str, more: str = "") -> list[tuple[Any, ...]]:
        assert self.error is None
        return self.rows(f"SELECT {columns} FROM fact.{table} {more} ORDER BY ALL")


def ids(name: str, *values: str, **more: Any) -> bytes:
    return json.dumps({"errcode": 0, "errmsg": "ok", name: list(values), "next_key": "", "has_more": False, **more}).encode()


def one_order(tmp_path: Path, change: Change | None = None) -> Reading:
    return Reading(tmp_path, Shop(order_list_get=ids("order_id_list", "3700000000000000001"), order_get=sample("order_get", change)), "orders")


def live(tmp_path: Path, change: Change | None = None) -> Reading:
    return Reading(tmp_path, Shop(getlivelist=sample("livedashboard_getlivelist"), getlivedata=sample("livedashboard_getlivedata", change)), "live", role="channels")


def inside(member: str, change: Change) -> Change:
    """Change what a member's JSON text says."""

    def to(body: dict[str, Any]) -> None:
        told = json.loads(body[member])
        change(told)
        body[member] = json.dumps(told)

    return to


def test_the_saved_order_is_one_sale_of_21800_fen(tmp_path: Path) -> None:
    """218.00 yuan paid at 20:31:20 in a room whose account earns a commission; 40.00 of it given by the seller; ids keep their 19 digits."""
    read = one_order(tmp_path)
    assert read.facts("order_head", "order_id, account, status, status_raw, created_at, paid_at, placed_amount, paid_amount, freight, seller_discount, host_discount, units, channel, host") == [
        ("3700000000000000001", "wxshop", "paid", "20", datetime(2026, 11, 11, 20, 31), datetime(2026, 11, 11, 20, 31, 20), Decimal(218), Decimal(218), 0, Decimal(40), 0, 2,
         "live_host", "sphsynthetic")]  # fmt: skip
    assert read.facts("order_line", "order_id, line_id, item_id, sku_id, sku_code, title, units, list_price, placed_amount, paid_amount, is_gift") == [
        ("3700000000000000001", "20000000000001", "10000000000001", "20000000000001", "CRM-50-1", "示例保湿面霜50g", 2, Decimal(129), Decimal(218), Decimal(218), False)]  # fmt: skip
    assert read.facts("order_head", "buyer")[0][0] not in (None, "osynthetic")


def test_a_list_is_read_until_it_says_so(tmp_path: Path) -> None:
    """The saved list has more: it is asked again with its key and the same filters, and every id has a call of its own."""
    played = Shop(
        order_list_get=[sample("order_list_get"), ids("order_id_list", "3700000000000000003")],
        order_get=[sample("order_get").replace(b"3700000000000000001", b"370000000000000000%d" % n) for n in (1, 2, 3)],
    )
    assert len(Reading(tmp_path, played, "orders").facts("order_head", "order_id")) == 3
    lists = [body for path, body in played.asked if path.endswith("list_get")]
    assert lists == [{"update_time_range": {"start_time": 1794326400, "end_time": EVENING}, "page_size": 100, **more} for more in ({}, {"next_key": "synthetic_next_key"})]
    assert [body for path, body in played.asked if path.endswith("order_get")] == [{"order_id": f"370000000000000000{n}"} for n in (1, 2, 3)]


def test_the_payment_stands_under_either_name(tmp_path: Path) -> None:
    """payment_info is read where pay_info is not there."""
    read = one_order(tmp_path, lambda body: body["order"]["order_detail"].update(payment_info=body["order"]["order_detail"].pop("pay_info")))
    assert read.facts("order_head", "paid_at, paid_amount") == [(datetime(2026, 11, 11, 20, 31, 20), Decimal(218))]


@pytest.mark.parametrize(("method", "paid", "gift"), [(1, 218, False), (2, 218, False), (3, 0, True), (4, 0, True)])
def test_lottery_and_points_pay_nothing(tmp_path: Path, method: int, paid: int, gift: bool) -> None:
    """Payment methods 3 and 4 are gifts without money; 2 (pay later) is a sale at its confirmation."""
    read = one_order(tmp_path, lambda body: body["order"]["order_detail"]["pay_info"].update(payment_method=method))
    assert read.facts("order_head", "paid_amount, is_gift") == read.facts("order_line", "paid_amount, is_gift") == [(paid, gift)]


@pytest.mark.parametrize(("status", "word"), [(10, "paid"), (12, "paid"), (13, "paid"), (21, "paid"), (30, "shipped"), (100, "done"), (190, "closed"), (200, "closed"), (250, "closed")])
def test_a_paid_order_stays_a_sale_whatever_becomes_of_it(tmp_path: Path, status: int, word: str) -> None:
    """218.00 stays on the paid day also when the order is closed; a status whose meaning is not published follows the payment."""
    read = one_order(tmp_path, lambda body: body["order"].update(status=status))
    assert read.facts("order_head", "status, paid_amount") == [("unpaid" if status == 10 else word, 218)]


@pytest.mark.parametrize(("scene", "commission", "channel"), [(2, False, "live_own"), (2, True, "live_host"), (3, False, "video"), (1, False, "other"), (5, False, "other")])
def test_the_scene_is_the_channel(tmp_path: Path, scene: int, commission: bool, channel: str) -> None:
    """A live order is the host's when the room's account earns a commission on it, else the shop's own."""

    def change(body: dict[str, Any]) -> None:
        body["order"]["order_detail"]["ext_info"]["order_scene"] = scene
        if not commission:
            body["order"]["order_detail"]["commission_infos"] = []

    assert one_order(tmp_path, change).facts("order_head", "channel") == [(channel,)]


def test_a_gift_beside_the_same_sku_is_a_line_of_its_own(tmp_path: Path) -> None:
    """Two bought lines of one SKU are one line of 4 units and 436.00; the gift stands beside them and counts no unit of the order."""

    def change(body: dict[str, Any]) -> None:
        lines = body["order"]["order_detail"]["product_infos"]
        body["order"]["order_detail"]["product_infos"] = [lines[0], lines[0], {**lines[0], "sku_cnt": 1, "real_price": 0, "is_free_gift": True}]

    read = one_order(tmp_path, change)
    assert read.facts("order_line", "line_id, units, placed_amount, is_gift") == [("20000000000001", 4, 436, False), ("20000000000001-gift", 1, 0, True)]
    assert read.facts("order_head", "units") == [(4,)]


def test_people_are_not_kept(tmp_path: Path) -> None:
    """Address, union id and notes leave the record before it is stored."""

    def change(body: dict[str, Any]) -> None:
        body["order"] |= {"unionid": "canary-person", "present_note": "canary-person"}
        body["order"]["order_detail"] |= {"delivery_info": {"address_info": {"user_name": "canary-person"}}}
        body["order"]["order_detail"]["ext_info"]["customer_notes"] = "canary-person"

    read = one_order(tmp_path, change)
    stored = [path.read_text() for path in read.book.root.rglob("records.ndjson")]
    assert len(stored) == 1 and "canary-person" not in stored[0] and "osynthetic" not in stored[0]


def one_case(tmp_path: Path, change: Change | None = None) -> Reading:
    played = Shop(getaftersalelist=sample("aftersale_getaftersalelist"), getaftersaleorder=sample("aftersale_getaftersaleorder", change))
    return Reading(tmp_path, played, "refunds", since="2026-11-12", now=1794459600)


def test_the_saved_case_is_a_refund_of_5900_fen(tmp_path: Path) -> None:
    """59.00 back on the day of its last change, 12 November 12:00: nearer the contract does not tell when it was paid."""
    assert one_case(tmp_path).facts("refund", "refund_id, order_id, line_id, item_id, applied_at, done_at, applied_amount, amount, is_done, kind, reason, status_raw") == [
        ("2000000000000001", "3700000000000000002", "20000000000002", "10000000000002", datetime(2026, 11, 12, 8), datetime(2026, 11, 12, 12), Decimal(59), Decimal(59), True,
         "仅退款", "不想要了", "MERCHANT_REFUND_SUCCESS")]  # fmt: skip


@pytest.mark.parametrize(("status", "is_done"), [("MERCHANT_RETURN_SUCCESS", True), ("MERCHANT_EXCHANGE_SUCCESS", False), ("MERCHANT_PROCESSING", False), ("USER_CANCELD", False)])
def test_only_money_that_went_back_is_a_refund(tmp_path: Path, status: str, is_done: bool) -> None:
    """A successful exchange, an open and a withdrawn case give nothing back and have no day."""
    read = one_case(tmp_path, lambda body: body["after_sale_order"].update(status=status))
    assert read.facts("refund", "is_done, amount, done_at IS NOT NULL") == [(is_done, 59 if is_done else None, is_done)]


def test_the_saved_product(tmp_path: Path) -> None:
    """One product with its title and code; the list ends at its total though it gives a key on."""
    played = Shop(product_list_get=sample("product_list_get"), product_get=sample("product_get"))
    assert Reading(tmp_path, played, "items").facts("item", "item_id, title, code") == [("10000000000001", "示例保湿面霜50g", "CRM-50")]
    assert [body for path, body in played.asked[1:]] == [{"page_size": 30}, {"data_type": 1, "product_id": "10000000000001"}]


def test_a_cursor_with_a_total_ends_there() -> None:
    """Three records in pages of two: two calls, though every page carries a token."""
    pages = [{"n": 3, "key": "a", "rows": [1, 2]}, {"n": 3, "key": "b", "rows": [3]}]
    asked: list[Any] = []

    def ask(params: Any) -> Any:
        asked.append(params)
        return pages[len(asked) - 1]

    assert [body["rows"] for body in Cursor("key", "key", total="n").pages(ask, lambda body: len(body["rows"]))] == [[1, 2], [3]]
    assert asked == [{}, {"key": "a"}]


def test_the_saved_compass_day(tmp_path: Path) -> None:
    """18,840.50 of sales, 131 buyers; what the pages contradict each other about keeps the platform's own name; today is not asked for."""
    played = Shop(overall_get=sample("compass_shop_overall_get"))
    read = Reading(tmp_path, played, "compass", now=EVENING + 86_400)
    day = date(2026, 11, 11)
    assert read.facts("observation", "metric, day, day_to, period_kind, value, currency") == [
        (name, day, day, "day", Decimal(value), "CNY")
        for name, value in (("feed_pay_gmv", "1500"), ("live_sales", "12030"), ("pay_order_cnt", "146"), ("pay_refund_gmv", "258"), ("paying_buyers", "131"),
                            ("product_click_uv", "2101"), ("sales", "18840.5"))
    ]  # fmt: skip
    assert [body for path, body in played.asked[1:]] == [{"ds": "20261111"}]


@pytest.mark.parametrize("began", ["2026-11-11 19:00:00", "1794394800"])
def test_the_saved_compass_session_in_either_form(tmp_path: Path, began: str) -> None:
    """19:00 for 12,600 s, whether the start is a text or Unix seconds; its account is the 视频号 that was asked for."""
    played = Shop(live_list_get=sample("compass_shop_live_list_get", lambda body: body["live_list"][0].update(live_time=began)))
    read = Reading(tmp_path, played, "compass_live", now=EVENING + 86_400, finder_ids=["sph1"])
    assert read.facts("live_session", "account, session_id, title, started_at, ended_at, duration_s, live_sales") == [
        ("sph1", "synthetic_live_id_1", "双11返场", datetime(2026, 11, 11, 19), datetime(2026, 11, 11, 22, 30), 12600, None)]  # fmt: skip
    assert [body for path, body in played.asked[1:]] == [{"ds": "20261111", "finder_id": "sph1"}]


def test_the_saved_dashboard(tmp_path: Path) -> None:
    """The texts inside the JSON are read a second time: a session of 12,030.00, three minutes, one product, two channels."""
    read = live(tmp_path)
    start = datetime(2026, 11, 11, 19)
    assert read.facts("live_session", "session_id, started_at, ended_at, duration_s, viewers, views, watch_s, pcu, room_impression_users, comments, new_followers, items") == [
        ("synthetic_export_id_1", start, datetime(2026, 11, 11, 22, 30), 12600, 5120, 6010, 96 * 5120, 402, 41200, 1900, 150, 1)]  # fmt: skip
    assert read.facts("live_session", "live_sales, orders, buyers, placed_orders, product_clicks, product_click_users, product_impressions, product_impression_users, refunds, refund_orders") == [
        (Decimal(12030), 92, 84, 110, 2900, 1330, 30110, 4700, Decimal(118), 2)]  # fmt: skip
    assert read.facts("live_minute", "happened_at, step_s, online") == [(start.replace(minute=n), 60, online) for n, online in enumerate((35, 88, 140))]
    assert read.facts("live_item", "started_at, item_id, title, product_impression_users, product_click_users, buyers, orders, live_sales") == [
        (start, "10000000000001", "示例保湿面霜50g", 3900, 980, 61, 64, Decimal(8256))]  # fmt: skip
    assert read.facts("live_channel", "kind, channel, viewers, views, user_paid") == [("channel", "广告流量", 820, 910, 1930), ("channel", "自然流量", 4300, 5100, 10100)]


def test_a_running_session_has_no_end(tmp_path: Path) -> None:
    """is_living: the duration so far is no end."""
    assert live(tmp_path, inside("live_comparison_index", lambda told: told.update(is_living=True))).facts("live_session", "ended_at, duration_s, status_rank") == [(None, 12600, 10)]


def test_parts_of_the_curve_are_not_the_curve(tmp_path: Path) -> None:
    """A curve with dimensions counts some of the people: only the one without is the room's."""

    def change(told: dict[str, Any]) -> None:
        curves = told["live_dashboard_data"]["portrait"]["online_watch_uv"]
        curves.append({**curves[0], "dimensions": [{"type": 1}], "points": [{"ts": 1794394800, "value": 7}]})

    assert [row[0] for row in live(tmp_path, inside("live_dashboard_data", change)).facts("live_minute", "online")] == [35, 88, 140]


def test_a_member_may_be_empty_and_must_be_json(tmp_path: Path) -> None:
    """An empty text is nothing; any other text that is no JSON is a changed contract."""
    assert live(tmp_path / "a", lambda body: body.update(live_ec_profile="", live_distribution_channel="")).facts("live_session", "views") == [(None,)]
    assert isinstance(live(tmp_path / "b", lambda body: body.update(live_ec_data_summary="{'a'")).error, UnexpectedPayload)


def test_a_day_with_more_sessions_is_refused(tmp_path: Path) -> None:
    """The list says it has more and the contract names no way to ask for it: nothing is passed off as the whole."""
    played = Shop(getlivelist=sample("livedashboard_getlivelist", lambda body: body.update(has_more=True)), getlivedata=sample("livedashboard_getlivedata"))
    assert isinstance(Reading(tmp_path, played, "live", role="channels").error, NotSupported)


def test_the_dashboard_is_asked_by_number_and_not_before_2024(tmp_path: Path) -> None:
    """ds is a number, the first one 20240101 whatever the account's since says."""
    played = Shop(getlivelist=json.dumps({"live_items": [], "has_more": False}).encode())
    Reading(tmp_path, played, "live", since="2023-12-30", now=1704171600, role="channels")  # 2024-01-02 13:00
    assert sorted(body["ds"] for path, body in played.asked[1:]) == [20240101, 20240102]


@pytest.mark.parametrize(("body", "kind"), [({"errcode": 0}, UnexpectedPayload), ({"errcode": 0, "order_id_list": None}, UnexpectedPayload), ({"errcode": 40003}, BadRequest)])
def test_no_list_is_an_error_and_not_zero_rows(tmp_path: Path, body: dict[str, Any], kind: type[ApiError]) -> None:
    """HTTP 200 says nothing: without its list an answer is a fault."""
    assert isinstance(Reading(tmp_path, Shop(order_list_get=json.dumps(body).encode()), "orders").error, kind)


CODES = {
    -1: PlatformDown, 40001: AuthExpired, 40014: AuthExpired, 42001: AuthExpired, 45009: QuotaSpent, 45011: RateLimited, 45035: AccessDenied, 61004: AccessDenied,
    48001: AccessDenied, 43001: BadRequest, 43002: BadRequest, 47001: BadRequest, 40097: BadRequest, 31042: TooMuch, 606006: BadRequest, 1: BadRequest, 5: BadRequest,
}  # fmt: skip


@pytest.mark.parametrize(("code", "kind"), CODES.items())
def test_each_code_says_what_must_happen_next(code: int, kind: type[ApiError]) -> None:
    """Codes of the published list, told by the body alone."""
    with pytest.raises(ApiError) as caught:
        connector("wechat").judge(Call("/channels/ec/order/get"), Answer(200, {}, json.dumps({"errcode": code, "errmsg": "x"}).encode()))
    assert type(caught.value) is kind and caught.value.code == str(code)


@pytest.mark.parametrize(("name", "kind"), [("error_access_token_expired", AuthExpired), ("error_minute_limit", RateLimited)])
def test_the_saved_refusals(name: str, kind: type[ApiError]) -> None:
    """An expired token is fetched anew, a minute's limit is waited for."""
    with pytest.raises(kind):
        connector("wechat").judge(Call("/channels/ec/order/get"), Answer(200, {}, sample(name)))


def test_a_forbidden_address_may_come_without_a_code() -> None:
    """HTTP 403 with a page instead of JSON: the IP address is not on the list."""
    with pytest.raises(AccessDenied):
        connector("wechat").judge(Call("/channels/ec/order/get"), Answer(403, {}, b"<html>forbidden</html>"))


def test_a_void_token_is_fetched_once_and_never_by_force(tmp_path: Path) -> None:
    """42001 leads to one more stable_token, without force_refresh; a second 42001 in a row is final."""
    expired = sample("error_access_token_expired")
    played = Shop(order_list_get=[expired, ids("order_id_list")])
    Reading(tmp_path / "a", played, "orders")
    assert [path for path, _ in played.asked].count("cgi-bin_stable_token") == 2
    assert played.asked[0][1] == {"grant_type": "client_credential", "appid": "wx01", "secret": "canary-secret"}
    error = Reading(tmp_path / "b", Shop(order_list_get=expired), "orders").error
    assert isinstance(error, AuthExpired) and error.final and "canary-secret" not in str(error)


def test_too_many_rows_halve_the_window(tmp_path: Path) -> None:
    """31042: the first half is asked for next."""
    played = Shop(order_list_get=[json.dumps({"errcode": 31042}).encode(), ids("order_id_list")])
    assert Reading(tmp_path, played, "orders").error is None
    spans = [tuple(body["update_time_range"].values()) for path, body in played.asked[1:]]
    assert spans == [(1794326400, EVENING), (1794326400, 1794364200), (1794364200, EVENING)]


def test_a_role_has_its_own_endpoints() -> None:
    """The shop's account never asks for the dashboard, the other never for the shop; an unknown role is named."""
    made = connector("wechat")

    def asked(**options: Any) -> list[str]:
        return [entry.name for entry in made.endpoints_for(Account("wx", "wechat", "s", options=options))]

    assert asked() == asked(role="shop") == ["orders", "refunds", "items", "compass"]
    assert asked(finder_ids=["sph1"]) == ["orders", "refunds", "items", "compass", "compass_live"]
    assert asked(role="channels") == ["live"]
    with pytest.raises(ConfigError, match="role 'host'"):
        asked(role="host")


def test_a_compass_without_permission_is_passed_over(tmp_path: Path) -> None:
    """48001 on an optional report is said and stops nothing."""
    read = Reading(tmp_path, Shop(overall_get=json.dumps({"errcode": 48001, "errmsg": "api unauthorized"}).encode()), "compass", now=EVENING + 86_400)
    assert read.error is None and "48001" in read.runs[0].skipped


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=7, days=6, orders_per_day=14)


def test_the_channels_account_keeps_the_same_promises(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite of every connector holds for the 视频号助手 account as well."""
    monkeypatch.setattr(stub, "setup", stub.setup_channels)
    suite.test_backfill_and_increments_equal_the_truth("wechat", world)
    suite.test_again_adds_nothing_and_order_does_not_matter("wechat", world)
    suite.test_faults_lose_nothing("wechat", 1, world)
