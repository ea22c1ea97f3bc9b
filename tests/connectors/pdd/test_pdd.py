"""拼多多: saved answers become rows worked by hand, refusals the right errors, and the router's traps are stepped around."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.api.config import Account
from connectors.api.connector import Call
from connectors.api.endpoint import Answer
from connectors.api.tokens import Token
from connectors.errors import (
    AccessDenied,
    ApiError,
    AuthExpired,
    BadRequest,
    Incomplete,
    PlatformDown,
    UnexpectedPayload,
)
from connectors.pdd.pdd import ADS, CHANGED, GOODS, KEYS, LOGIN, REFRESH, REFUNDS, TRADED, Pdd
from tests.connectors.api.routed import NOW, Form, Routed

SAMPLES = Path(__file__).parents[2] / "fixtures" / "api" / "pdd"
SECRETS = {"client_id": "1", "client_secret": "testSecret"}
DAY_S = 86_400
PDD = Pdd()


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def judged(method: str, body: Any, status: int = 200) -> Any:
    return PDD.judge(Call(method, method="POST"), Answer(status, {}, json.dumps(body).encode()))


def shop(root: Path, answers: dict[str, Any], token: Token | None = None, since: str = "2026-11-20") -> Routed:
    account = Account("pdd", "pdd", "shoppdd", id="900001", since=since)
    return Routed(root, account, SECRETS, "type", answers, token or Token("tok_demo", NOW + 100 * DAY_S, "refresh-one", NOW + 100 * DAY_S))


def orders(**change: Any) -> Any:
    body = sample("order_list_get")
    body[KEYS[TRADED]]["order_list"][0].update(change)
    return body


def changed_orders(**change: Any) -> Any:
    """The increment's sample as it is answered with a count."""
    body = sample("order_number_list_increment_get")
    del body[KEYS[CHANGED]]["has_next"]
    body[KEYS[CHANGED]]["total_count"] = 1
    body[KEYS[CHANGED]]["order_sn_list"][0].update(change)
    return body


HEAD = "order_id, status, status_raw, created_at, paid_at, done_at, placed_amount, paid_amount, freight, seller_discount, platform_discount, units, is_gift, is_presale"
ROW = ("261111-100000000000001", "shipped", "1/1/2", datetime(2026, 11, 11, 20), datetime(2026, 11, 11, 20, 0, 30), None, 108, 108, 0, 5, 5, 2, False, False)


@pytest.mark.parametrize("endpoint, answers", [("orders_history", {TRADED: sample("order_list_get")}), ("orders", {CHANGED: changed_orders()})])
def test_the_samples_of_orders_become_the_same_row(tmp_path: Path, endpoint: str, answers: dict[str, Any]) -> None:
    """118.00 less 10.00 of discounts are 108.00 paid, traded half a minute after it was placed; history and tail share the row."""
    at = shop(tmp_path, answers)
    at.sync(endpoint)
    assert at.rows(HEAD + ", source", "order_head") == [(*ROW, "pdd.orders")]
    columns = "order_id, line_id, item_id, sku_id, sku_code, title, units, list_price, placed_amount, paid_amount, refund_amount"
    assert at.rows(columns, "order_line") == [
        ("261111-100000000000001", "600000000001", "500000000001", "600000000001", "CLN-120", "示例洁面乳120ml", 2, 59, 108, 108, 0)
    ]


@pytest.mark.parametrize(
    "change, row",
    [
        ({"group_status": 2, "confirm_status": 2}, ("closed", None, None, False)),  # the group failed: no sale
        ({"confirm_status": 2}, ("closed", datetime(2026, 11, 11, 20, 0, 30), 108, False)),  # cancelled after the trade: a refund, the sale stays
        ({"trade_type": 1, "step_order_info": {"step_trade_status": 1}}, ("unpaid", None, None, False)),  # only the deposit
        ({"trade_type": 1, "step_order_info": {"step_trade_status": 2}}, ("shipped", datetime(2026, 11, 11, 20, 0, 30), 108, False)),
        ({"is_lucky_flag": 2}, ("shipped", datetime(2026, 11, 11, 20, 0, 30), 108, True)),  # a lottery is flagged, and no metric counts what is
        ({"refund_status": 4}, ("shipped", datetime(2026, 11, 11, 20, 0, 30), 108, False)),  # sales are before refunds
    ],
)
def test_what_counts_as_a_sale(tmp_path: Path, change: dict[str, Any], row: tuple[Any, ...]) -> None:
    """A sale is what was traded: paid whole, its group formed; what happens later is a refund."""
    at = shop(tmp_path, {TRADED: orders(**change)})
    at.sync("orders_history")
    assert at.rows("status, paid_at, paid_amount, is_gift", "order_head") == [row]


def test_lines_of_an_order_add_up_to_it(tmp_path: Path) -> None:
    """100.00 over 2 x 10 and 1 x 10: the smaller gets 33.33, the first the rest; refunded means the whole line."""
    item = sample("order_list_get")[KEYS[TRADED]]["order_list"][0]["item_list"][0]
    items = [{**item, "sku_id": 8, "goods_price": "10.00", "goods_count": 1}, {**item, "sku_id": 7, "goods_price": "10.00", "goods_count": 2}]
    at = shop(tmp_path, {TRADED: orders(item_list=items, pay_amount="100.00", refund_status=4)})
    at.sync("orders_history")
    assert at.rows("line_id, paid_amount, refund_amount", "order_line") == [("7", Decimal("66.67"), Decimal("66.67")), ("8", Decimal("33.33"), Decimal("33.33"))]


def test_history_is_asked_by_trade_a_day_at_once(tmp_path: Path) -> None:
    """All statuses in so many words, 24 hours at most, counted pages: 2026-11-19 00:00 is 1795017600."""
    at = shop(tmp_path, {TRADED: sample("order_list_get")}, since="2026-11-19")
    at.sync("orders_history")
    first = min(at.asked, key=lambda form: form["start_confirm_at"])
    assert (first["start_confirm_at"], first["end_confirm_at"]) == ("1795017600", "1795104000")
    assert [first[name] for name in ("order_status", "refund_status", "use_has_next", "page", "page_size")] == ["5", "5", "false", "1", "100"]
    assert len(at.asked) == 2


def test_the_tail_is_asked_in_half_hours_that_ended_three_minutes_ago(tmp_path: Path) -> None:
    """From an hour before the first sync until 180 s before now, 1800 s at once; lottery orders are asked for too."""
    at = shop(tmp_path, {CHANGED: changed_orders()})
    at.sync("orders")
    spans = sorted((int(form["start_updated_at"]), int(form["end_updated_at"])) for form in at.asked)
    assert spans == [(NOW - 3600, NOW - 1800), (NOW - 1800, spans[1][1])] and NOW - 180 <= spans[1][1] <= NOW - 178
    assert all((form["order_status"], form["refund_status"], form["is_lucky_flag"]) == ("5", "5", "0") for form in at.asked)


def test_changes_are_read_from_the_last_page_while_rows_leave(tmp_path: Path) -> None:
    """250 orders; after the probe one of page 1 changes and leaves the window, so that all behind it move up. Read backwards none is lost."""
    one = sample("order_number_list_increment_get")[KEYS[CHANGED]]["order_sn_list"][0]
    known = [{**one, "order_sn": f"261120-{n:015d}"} for n in range(250)]
    asked: list[tuple[str, str]] = []

    def page(form: Form) -> Any:
        if int(form["end_updated_at"]) != NOW - 1800:
            return {KEYS[CHANGED]: {"total_count": 0, "order_sn_list": []}}
        asked.append((form["page"], form["use_has_next"]))
        there = known if form["use_has_next"] == "false" else [entry for entry in known if entry is not known[5]]
        number = int(form["page"])
        rows = there[(number - 1) * 100 : number * 100]
        return {KEYS[CHANGED]: {"total_count": len(there), "order_sn_list": rows} if form["use_has_next"] == "false" else {"has_next": number * 100 < len(there), "order_sn_list": rows}}

    at = shop(tmp_path, {CHANGED: page})
    at.sync("orders")
    assert asked == [("1", "false"), ("3", "true"), ("2", "true"), ("1", "true")]
    assert [order for (order,) in at.rows("order_id", "order_head")] == [entry["order_sn"] for entry in known]


def test_the_sample_of_refunds_becomes_a_case(tmp_path: Path) -> None:
    """59.00 back on the day of the last change; the group's time of the evening before is no day of a refund."""
    at = shop(tmp_path, {REFUNDS: sample("refund_list_increment_get")})
    at.sync("refunds")
    assert at.rows("refund_id, order_id, item_id, line_id, applied_at, done_at, amount, applied_amount, is_done, kind, reason, status_raw", "refund") == [
        ("700000000001", "261110-100000000000009", "500000000001", "600000000001", datetime(2026, 11, 11, 9), datetime(2026, 11, 11, 18, 5), 59, 59, True, "仅退款", "不想要了", "10")
    ]
    form = at.asked[0]
    assert (form["after_sales_status"], form["after_sales_type"], form["page_size"]) == ("1", "1", "100") and "use_has_next" not in form


@pytest.mark.parametrize("state, rank", [(2, 10), (5, 10), (11, 30)])
def test_a_case_that_is_not_paid_back_is_no_money(tmp_path: Path, state: int, rank: int) -> None:
    """Asked for, agreed, withdrawn: applied only; status 5 is agreed and not yet paid."""
    body = sample("refund_list_increment_get")
    body[KEYS[REFUNDS]]["refund_list"][0]["after_sales_status"] = state
    at = shop(tmp_path, {REFUNDS: body})
    at.sync("refunds")
    assert at.rows("is_done, done_at, amount, applied_amount, status_rank", "refund") == [(False, None, None, 59, rank)]


def test_products_are_named(tmp_path: Path) -> None:
    """The product's own code is its SKUs' outer_goods_id."""
    goods = [{"goods_id": 500000000001, "goods_name": "示例洁面乳120ml", "is_onsale": 0, "sku_list": [{"sku_id": 1, "outer_id": "CLN-120", "outer_goods_id": "CLN"}]}]
    at = shop(tmp_path, {GOODS: {KEYS[GOODS]: {"total_count": 1, "goods_list": goods}}})
    at.sync("items")
    assert at.rows("item_id, title, code", "item") == [("500000000001", "示例洁面乳120ml", "CLN")]


def report(form: Form, scene: str = "0") -> Any:
    """The sample in one scene, nothing in the others."""
    body = sample("ad_api_report_daily_report_query")
    if form["scenesType"] != scene:
        body["response"]["result"] = {"dailyReportList": [], "sumReport": {"spend": 0}}
    return body


def test_the_sample_of_ads_is_in_li(tmp_path: Path) -> None:
    """352000 厘 are 352.00 yuan, 1512000 are 1512.00; a scene is a row of its own, and none overwrites another."""
    at = shop(tmp_path, {ADS: lambda form: sample("ad_api_report_daily_report_query") if form["scenesType"] != "1" else report(form)}, since="2026-11-11")
    at.sync("ads")
    columns = "campaign_id, scene, day, hour, attribution, spend, attributed_sales, attributed_orders, impressions, clicks, favourites, follows"
    assert at.rows(columns, "ad_day") == [
        (scene, scene, date(2026, 11, 11), -1, "", 352, 1512, 14, 22011, 640, 20, 6) for scene in ("场景展示", "搜索推广")
    ]  # fmt: skip


def test_a_tenth_of_a_fen_is_kept(tmp_path: Path) -> None:
    """352001 厘 are 352.001 yuan: whole fen would round it."""
    body = sample("ad_api_report_daily_report_query")
    for part in (body["response"]["result"]["dailyReportList"][0], body["response"]["result"]["sumReport"]):
        part["spend"] = 352001
    at = shop(tmp_path, {ADS: lambda form: body if form["scenesType"] == "0" else report(form)}, since="2026-11-11")
    at.sync("ads")
    assert at.rows("spend", "ad_day") == [(Decimal("352.001"),)]


def test_today_is_never_asked_for_with_history(tmp_path: Path) -> None:
    """History ends yesterday, today stands alone; each in every scene, for the whole shop."""
    at = shop(tmp_path, {ADS: lambda form: report(form, "none")}, since="2026-11-11")
    at.sync("ads", "ads_today")
    asked = sorted((form["startDateString"], form["endDateString"], form["scenesType"], form["queryDimensionType"]) for form in at.asked)
    assert asked == [(*days, scene, "0") for days in (("2026-11-11", "2026-11-19"), ("2026-11-20", "2026-11-20")) for scene in "012"]


def test_days_must_reach_the_stated_sum() -> None:
    """A report whose days lack some of the spend beside them was cut: asked for again, not stored."""
    body = sample("ad_api_report_daily_report_query")
    body["response"]["result"]["dailyReportList"] = []
    with pytest.raises(Incomplete):
        judged(ADS, body)


@pytest.mark.parametrize("code, kind", [(10019, AuthExpired), (20004, BadRequest), (20005, AccessDenied), (20031, AccessDenied), (50000, BadRequest)])
def test_router_codes(code: int, kind: type[ApiError]) -> None:
    """HTTP 200 says nothing: error_response decides; an unknown code is never taken for a throttle."""
    body = sample("error_token_expired")
    body["error_response"]["error_code"] = code
    with pytest.raises(kind, match=f"answered {code}"):
        judged(TRADED, body)


def test_a_report_says_no_by_itself() -> None:
    """success false under HTTP 200 is an error; without the word it is another contract."""
    body = sample("ad_api_report_daily_report_query")
    body["response"].update(success=False, errorCode=1001, errorMsg="无权限")
    with pytest.raises(BadRequest, match="1001: 无权限"):
        judged(ADS, body)
    del body["response"]["success"]
    with pytest.raises(UnexpectedPayload):
        judged(ADS, body)


def test_the_key_of_an_answer_does_not_follow_from_the_method() -> None:
    """order.number.list.increment.get answers order_sn_increment_get_response; another key is refused, never read as nothing."""
    good = sample("order_number_list_increment_get")
    assert judged(CHANGED, deepcopy(good)) == good
    with pytest.raises(UnexpectedPayload, match="order_sn_increment_get_response"):
        judged(CHANGED, {"order_number_list_increment_get_response": good[KEYS[CHANGED]]})


def test_a_web_page_is_no_answer() -> None:
    """A proxy's page under status 200 is tried again."""
    with pytest.raises(PlatformDown):
        PDD.judge(Call(TRADED), Answer(200, {}, b"<html>busy</html>"))


def test_the_form_is_signed_as_it_is_sent(tmp_path: Path) -> None:
    """The signature, worked out here from the form that left; a flag is signed as the text sent, the clock in seconds."""
    at = shop(tmp_path, {TRADED: sample("order_list_get")})
    at.sync("orders_history")
    form = at.asked[0]
    said = "".join(f"{name}{form[name]}" for name in sorted(form) if name not in ("", "sign"))
    assert form["sign"] == hashlib.md5(f"testSecret{said}testSecret".encode()).hexdigest().upper()
    assert (form["timestamp"], form["data_type"], form["version"], form["use_has_next"], form[""]) == (str(NOW), "JSON", "V1", "false", "/api/router")


def test_an_ended_token_is_refreshed_and_the_owner_kept(tmp_path: Path) -> None:
    """The refresh's answer has a key of its own; the new pair is stored, and whose it is stays known."""
    made = sample("pop_auth_token_create")["pop_auth_token_create_response"]
    at = shop(tmp_path, {REFRESH: {KEYS[REFRESH]: {**made, "access_token": "tok_two"}}, CHANGED: changed_orders()}, Token("tok_demo", NOW, "refresh-one", NOW + DAY_S))
    ping = PDD.ping(at.line)
    assert [form["type"] for form in at.asked] == [REFRESH, CHANGED]
    assert at.asked[0]["refresh_token"] == "refresh-one" and "access_token" not in at.asked[0] and at.asked[1]["access_token"] == "tok_two"
    assert (ping.who, ping.account_id) == ("示例拼多多店", "synthetic")


def test_the_sample_of_a_login_becomes_a_token(tmp_path: Path) -> None:
    """86400 s of access, 2592000 s of refresh, for the code alone."""
    at = shop(tmp_path, {LOGIN: sample("pop_auth_token_create")})
    token = at.line.exchange("the-code")
    assert (token.access, token.expires_at, token.refresh_expires_at, token.extra["owner_name"]) == ("synthetic", NOW + 86_400, NOW + 2_592_000, "示例拼多多店")
    assert at.asked[0]["code"] == "the-code"


def test_a_refused_refresh_needs_a_person(tmp_path: Path) -> None:
    """A new authorisation kills old pairs: whatever code says so, a person must log in."""
    body = sample("error_token_expired")
    body["error_response"]["error_code"] = 99999
    at = shop(tmp_path, {REFRESH: body}, Token("tok_demo", NOW, "refresh-one", NOW + DAY_S))
    with pytest.raises(AuthExpired, match="login pdd") as caught:
        PDD.ping(at.line)
    assert caught.value.final


def test_people_are_not_kept(tmp_path: Path) -> None:
    """Receiver, address parts, payment number and the buyer's words are dropped before anything is written."""
    names = ("receiver_name", "receiver_phone", "address", "receiver_address", "province", "city", "town", "country", "buyer_memo", "pay_no", "inner_transaction_id", "tracking_number")
    person = dict.fromkeys(names, "canary-person")
    at = shop(tmp_path, {TRADED: orders(**person, card_info_list=[{"card_no": "canary-person"}])})
    at.sync("orders_history")
    kept = [path.read_text(encoding="utf-8") for path in at.book.root.rglob("*.ndjson")]
    assert any("261111-100000000000001" in records for records in kept) and not any("canary-person" in records for records in kept)
