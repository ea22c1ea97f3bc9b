"""京东: saved answers become rows worked by hand, refusals the right errors, and the gateway's traps are stepped around."""

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
from connectors.api.connector import Auth, Call
from connectors.api.endpoint import Answer, dig
from connectors.api.settings import credentials
from connectors.api.tokens import Token
from connectors.errors import ApiError, AuthExpired, BadRequest, PlatformDown, RateLimited, UnexpectedPayload
from connectors.jd.jd import AFTER_SALES, CAMPAIGNS, CANCELLED, ORDERS, PAID_BACK, SHOP, Jd, answer_of
from tests.connectors.api.routed import NOW, Form, Routed
from warehouse.errors import ConfigError

SAMPLES = Path(__file__).parents[2] / "fixtures" / "api" / "jd"
SECRETS = {"app_key": "yourappkey", "app_secret": "yourappSecret"}
HOUR = 3600
JD = Jd()


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def judged(method: str, body: Any, status: int = 200) -> Any:
    return JD.judge(Call(method, method="POST"), Answer(status, {}, json.dumps(body).encode()))


def shop(root: Path, answers: dict[str, Any], token: Token | None = None, **options: Any) -> Routed:
    account = Account("jd", "jd", "shopjd", id="800001", since="2026-11-11", options=options)
    return Routed(root, account, SECRETS, "method", answers, token or Token("yourtoken", NOW + 2400 * HOUR, "refresh-one", NOW + 2400 * HOUR))


def orders(*changed: dict[str, Any]) -> Any:
    """The sample's first order, with changes, once for each."""
    body = sample("pop_order_enSearch")
    result = body[answer_of(ORDERS)]["searchorderinfo_result"]
    result["orderInfoList"] = [{**deepcopy(result["orderInfoList"][0]), **change} for change in changed]
    result["orderTotal"] = str(len(changed))
    return body


def after_sales(**change: Any) -> Any:
    body = sample("asc_serviceAndRefund_view")
    body[answer_of(AFTER_SALES)]["pageResult"]["data"][0].update(change)
    return body


def detail(amount: float) -> Any:
    return {answer_of(PAID_BACK): {"result": {"success": True, "errorCode": 200, "data": {"orderId": 310000000003, "afsActualRefundDetail": {"actualRefundAmount": amount}}}}}


def param(form: Form) -> Any:
    return json.loads(form["360buy_param_json"])


def test_the_sample_of_orders_becomes_heads(tmp_path: Path) -> None:
    """A shipped order with its buyer's 208.00, and one that was never paid: year 0001 is no payment, its 59.00 are placed only."""
    at = shop(tmp_path, {ORDERS: sample("pop_order_enSearch")})
    at.sync("orders_history")
    columns = "order_id, status, status_raw, created_at, paid_at, placed_amount, paid_amount, freight, seller_discount, units, currency, account, source"
    assert at.rows(columns, "order_head") == [
        ("310000000001", "shipped", "WAIT_GOODS_RECEIVE_CONFIRM", datetime(2026, 11, 11, 20, 3, 11), datetime(2026, 11, 11, 20, 3, 40), 208, 208, 0, 40, 2, "CNY", "800001", "jd.orders"),
        ("310000000002", "closed", "TRADE_CANCELED", datetime(2026, 11, 11, 20, 10), None, 59, None, 0, 0, 1, "CNY", "800001", "jd.orders"),
    ]  # fmt: skip


def test_the_sample_of_orders_becomes_lines(tmp_path: Path) -> None:
    """One SKU an order: it takes the whole amount; list prices are those of one piece."""
    at = shop(tmp_path, {ORDERS: sample("pop_order_enSearch")})
    at.sync("orders_history")
    assert at.rows("order_id, line_id, sku_code, title, units, list_price, placed_amount, paid_amount", "order_line") == [
        ("310000000001", "10000000001", "CRM-50", "示例保湿面霜50g", 2, 129, 208, 208), ("310000000002", "10000000002", "CLN-120", "示例洁面乳120ml", 1, 59, 59, None),
    ]  # fmt: skip


def test_lines_of_an_order_add_up_to_it(tmp_path: Path) -> None:
    """100.00 over 2 x 10 and 1 x 10: the smaller gets 33.33, the first the rest; a SKU that stands twice is one line."""
    items = [{"skuId": sku, "skuName": sku, "jdPrice": "10.00", "itemTotal": "1"} for sku in ("7", "8", "7")]
    at = shop(tmp_path, {ORDERS: orders({"actualPay": "100.00", "shouldPay": "100.00", "itemInfoList": items})})
    at.sync("orders_history")
    assert at.rows("line_id, units, paid_amount", "order_line") == [("7", 2, Decimal("66.67")), ("8", 1, Decimal("33.33"))]


def test_a_paid_order_that_is_cancelled_stays_a_sale(tmp_path: Path) -> None:
    """Sales are before refunds: the cancellation closes the order and takes nothing from its paid day."""
    at = shop(tmp_path, {ORDERS: orders({"orderState": "TRADE_CANCELED"})})
    at.sync("orders_history")
    assert at.rows("status, paid_at, paid_amount", "order_head") == [("closed", datetime(2026, 11, 11, 20, 3, 40), 208)]


def test_cash_on_delivery_is_paid_when_it_is_finished(tmp_path: Path) -> None:
    """No confirmed payment, yet finished: paid at its end, as the export file counts it."""
    at = shop(tmp_path, {ORDERS: orders({"orderState": "FINISHED_L", "paymentConfirmTime": "0001-01-01 00:00:00", "orderEndTime": "2026-11-14 09:00:00"})})
    at.sync("orders_history")
    assert at.rows("status, paid_at, done_at, paid_amount", "order_head") == [("done", datetime(2026, 11, 14, 9), datetime(2026, 11, 14, 9), 208)]


def test_what_is_asked_of_orders(tmp_path: Path) -> None:
    """All states, descending, pages as text, no dead or personal field; history by creation, the tail by change from an hour before the first sync."""
    at = shop(tmp_path, {ORDERS: sample("pop_order_enSearch")})
    at.sync("orders_history", "orders")
    first, last = sorted(map(param, at.asked), key=lambda asked: asked["start_date"])[0], param(at.asked[-1])  # windows are read side by side
    assert (first["order_state"], first["sortType"], first["source_id"], first["page"], first["page_size"]) == ("ALL", "1", "JOS", "1", "100")
    assert (first["dateType"], first["start_date"], first["end_date"]) == ("1", "2026-11-11 00:00:00", "2026-11-12 00:00:00")
    assert (last["dateType"], last["start_date"], last["end_date"][:16]) == ("0", "2026-11-20 09:00:00", "2026-11-20 09:57")
    fields = first["optional_fields"].split(",")
    assert {"actualPay", "modified", "itemInfoList"} <= set(fields) and not {"orderPayment", "pin", "consigneeInfo", "venderRemark"} & set(fields)


def test_long_lists_are_read_from_their_last_page(tmp_path: Path) -> None:
    """150 orders are two pages: the probe, then 2, then 1 again; each order once in the end."""
    known = [{"orderId": str(6_910_000_000_000_000_000 + n)} for n in range(150)]

    def page(form: Form) -> Any:
        start = (int(param(form)["page"]) - 1) * 100
        body = orders(*known[start : start + 100])
        body[answer_of(ORDERS)]["searchorderinfo_result"]["orderTotal"] = 150
        return body

    at = shop(tmp_path, {ORDERS: page})
    at.sync("orders")
    assert [param(form)["page"] for form in at.asked] == ["1", "2", "1"]
    assert at.rows("order_id", "order_head") == [(entry["orderId"],) for entry in known]  # 19 digits, whole


def test_the_sample_of_after_sales_takes_its_amount_from_the_detail(tmp_path: Path) -> None:
    """The bill's refund of 58.50 yuan on completeTime; refoundAmount (59.0 of an unpublished unit) is not looked at."""
    at = shop(tmp_path, {AFTER_SALES: after_sales(), PAID_BACK: detail(58.5)})
    at.sync("refunds")
    columns = "refund_id, order_id, item_id, applied_at, done_at, amount, is_done, kind, reason, status_raw, source"
    assert at.rows(columns, "refund") == [
        ("6000000001", "310000000003", "10000000002", datetime(2026, 11, 11, 21), datetime(2026, 11, 12, 11), Decimal("58.5"), True, "售后", "不想要了", "13", "jd.refunds"),
    ]  # fmt: skip
    asked = next(form for form in at.asked if form["method"] == PAID_BACK)
    assert param(asked) == {"afsServiceId": 6000000001}


@pytest.mark.parametrize("unit, amount", [("yuan", Decimal("59")), ("fen", Decimal("0.59"))])
def test_a_stated_unit_saves_the_detail_calls(tmp_path: Path, unit: str, amount: Decimal) -> None:
    """With refund_unit the list's own amount counts, in that unit, and nothing else is asked; the bill keeps its id."""
    at = shop(tmp_path, {AFTER_SALES: after_sales()}, refund_unit=unit)
    at.sync("refunds_listed")
    assert at.rows("refund_id, amount", "refund") == [("6000000001", amount)]


def test_parts_of_one_bill_are_added_up(tmp_path: Path) -> None:
    """Two refunds of a bill, 20 and 39, are one row of 59, done with the later one; a part that came twice counts once."""
    body = after_sales()
    rows = body[answer_of(AFTER_SALES)]["pageResult"]["data"]
    rows[:] = [{**rows[0], "afsRefundId": 1, "refoundAmount": 20}, {**rows[0], "afsRefundId": 2, "refoundAmount": 39, "completeTime": "2026-11-13 08:00:00"},
               {**rows[0], "afsRefundId": 1, "refoundAmount": 20}]  # fmt: skip
    at = shop(tmp_path, {AFTER_SALES: body}, refund_unit="yuan")
    at.sync("refunds_listed")
    assert at.rows("refund_id, amount, done_at", "refund") == [("6000000001", 59, datetime(2026, 11, 13, 8))]


@pytest.mark.parametrize("state", [14, 10])
def test_a_refund_that_did_not_succeed_is_no_money(tmp_path: Path, state: int) -> None:
    """Failed (14) or under way: not done, no amount, no day, and no call for an amount."""
    at = shop(tmp_path, {AFTER_SALES: after_sales(status=state, completeTime=None)})
    at.sync("refunds")
    assert at.rows("is_done, done_at, amount", "refund") == [(False, None, None)]
    assert {form["method"] for form in at.asked} == {AFTER_SALES}


def test_after_sales_are_asked_for_again_for_sixty_days(tmp_path: Path) -> None:
    """Only the day of application can be asked for, seven days at once; what ends weeks later is met because those days are asked again."""
    body = {"now": after_sales(status=10, completeTime=None)}
    at = shop(tmp_path, {AFTER_SALES: lambda form: body["now"], PAID_BACK: detail(59)})
    at.sync("refunds")
    windows = sorted((param(form)["applyTimeBegin"], param(form)["applyTimeEnd"]) for form in at.asked)
    assert windows == [("2026-11-11 00:00:00", "2026-11-18 00:00:00"), ("2026-11-18 00:00:00", "2026-11-20 10:00:00")]
    at.clock.value += 30 * 86_400
    body["now"] = after_sales(completeTime="2026-12-19 12:00:00")
    at.sync("refunds")
    assert at.rows("is_done, done_at, amount", "refund") == [(True, datetime(2026, 12, 19, 12), 59)]


def test_cancellation_requests_are_never_money(tmp_path: Path) -> None:
    """5900 fen asked for are 59.00 applied; the finance department's yes (status 3) is not a payment, and people's names are dropped."""
    row = {"id": 8800000001, "orderId": "310000000005", "applyRefundSum": 5900, "applyTime": "2026-11-11 09:00:00", "checkTime": "2026-11-11 10:00:00", "status": 3,
           "reason": "拍错了", "buyerId": "canary-person", "buyerName": "canary-person", "checkUserName": "canary-person"}  # fmt: skip
    at = shop(tmp_path, {CANCELLED: {answer_of(CANCELLED): {"code": "0", "queryResult": {"success": True, "totalCount": 1, "result": [row]}}}})
    at.sync("cancellations")
    assert at.rows("refund_id, order_id, applied_at, applied_amount, amount, is_done, done_at, kind, source", "refund") == [
        ("8800000001", "310000000005", datetime(2026, 11, 11, 9), 59, None, False, None, "取消订单", "jd.cancellations"),
    ]  # fmt: skip
    kept = [path.read_text(encoding="utf-8") for path in at.book.root.rglob("*.ndjson")]
    assert any("8800000001" in records for records in kept) and not any("canary-person" in records for records in kept)


def test_the_sample_of_ads_becomes_a_day(tmp_path: Path) -> None:
    """302.15 spent for 1180.00 of sales, credited by click within 15 days; the settings are part of the row."""
    at = shop(tmp_path, {CAMPAIGNS: sample("dsp_report_queryCampDailySum")}, money_unit="yuan")
    at.sync("ads")
    columns = "campaign_id, campaign, day, hour, attribution, attribution_days, scene, spend, clicks, impressions, attributed_sales, attributed_orders, direct_sales"
    assert at.rows(columns, "ad_day") == [
        ("9000001", "快车-面霜", date(2026, 11, 11), -1, "点击口径", 15, "快车", Decimal("302.15"), 288, 10450, 1180, 9, None)
    ]
    asked = param(at.asked[0])
    assert (asked["is_daily"], asked["platform"], asked["is_order_or_click"], asked["is_today_or_15_days"]) == (True, "all", False, True)
    assert (asked["start_day"], asked["end_day"]) == ("2026-11-11 00:00:00", "2026-11-20 23:59:59")


def test_another_basis_is_another_row(tmp_path: Path) -> None:
    """By order on the same day, money in fen: asked for as such, kept under its own attribution."""
    at = shop(tmp_path, {CAMPAIGNS: sample("dsp_report_queryCampDailySum")}, money_unit="fen", ads_basis="order", ads_days="0")
    at.sync("ads")
    assert at.rows("attribution, attribution_days, spend, attributed_sales", "ad_day") == [("下单口径", 0, Decimal("3.0215"), Decimal("11.8"))]
    assert (param(at.asked[0])["is_order_or_click"], param(at.asked[0])["is_today_or_15_days"]) == (True, False)


@pytest.mark.parametrize("options, words", [({}, "money_unit"), ({"money_unit": "yuan", "ads_report": "universal"}, "UniversalJosService")])
def test_what_is_not_published_is_not_asked_for(tmp_path: Path, options: dict[str, Any], words: str) -> None:
    """Without a stated unit, and for the reports whose answer nobody published, nothing is sent and the endpoint says why."""
    at = shop(tmp_path, {}, **options)
    [run] = at.sync("ads")
    assert words in run.skipped and run.error is None and at.asked == []


def test_a_wrong_option_names_the_valid_ones(tmp_path: Path) -> None:
    """A unit that is none stops before anything is asked."""
    at = shop(tmp_path, {}, refund_unit="cent")
    with pytest.raises(ConfigError, match=r"refund_unit = \"cent\"\. Valid: yuan, fen"):
        at.sync()


@pytest.mark.parametrize("code, kind", [("12", BadRequest), ("2", RateLimited), ("19", AuthExpired), ("14", BadRequest)])
def test_gateway_codes(code: str, kind: type[ApiError]) -> None:
    """HTTP 200 says nothing: error_response decides. 2 is a throttle, 19 an ended token, a bad signature is our fault and says JD's words."""
    body = sample("error_invalid_signature")
    body["error_response"]["code"] = code
    with pytest.raises(kind, match=f"answered {code}: 无效签名"):
        judged(ORDERS, body)


def wrong(method: str, path: str, **change: Any) -> Any:
    """A good answer of the method with the object at `path` changed; a value of ... takes the name out."""
    bodies = {ORDERS: sample("pop_order_enSearch"), AFTER_SALES: after_sales(), CAMPAIGNS: sample("dsp_report_queryCampDailySum"), PAID_BACK: detail(1)}
    body = bodies[method]
    assert judged(method, deepcopy(body)) == body
    holder = dig(body, f"{answer_of(method)}.{path}")
    holder.update({name: value for name, value in change.items() if value is not ...})
    for name in [name for name, value in change.items() if value is ...]:
        del holder[name]
    return body


@pytest.mark.parametrize(
    "method, path, change, kind",
    [
        (ORDERS, "searchorderinfo_result.apiResult", {"success": False, "numberCode": 10400001, "chineseErrCode": "参数错误"}, BadRequest),
        (ORDERS, "searchorderinfo_result.apiResult", {"success": "false"}, BadRequest),
        (ORDERS, "searchorderinfo_result", {"apiResult": ...}, UnexpectedPayload),
        (AFTER_SALES, "pageResult", {"code": "10001"}, BadRequest),
        (PAID_BACK, "result", {"errorCode": 500}, BadRequest),
        (CAMPAIGNS, "querycampdailysum_result", {"success": False, "resultCode": "7", "errorMsg": "无权限"}, BadRequest),
        (CAMPAIGNS, "querycampdailysum_result", {"success": ...}, UnexpectedPayload),
    ],
)
def test_each_method_says_yes_in_its_own_way(method: str, path: str, change: dict[str, Any], kind: type[ApiError]) -> None:
    """An answer without its own success marker is an error, never a list of nothing."""
    with pytest.raises(kind):
        judged(method, wrong(method, path, **change))


def test_success_may_be_text() -> None:
    """JD's examples write true and "true"."""
    assert judged(ORDERS, wrong(ORDERS, "searchorderinfo_result.apiResult", success="true"))


def test_an_answer_of_another_method_is_refused() -> None:
    """The key is the method's with `_responce`, misspelt; `_response` is not it."""
    body = sample("pop_order_enSearch")
    with pytest.raises(UnexpectedPayload, match="_responce"):
        judged(ORDERS, {answer_of(ORDERS).replace("responce", "response"): body.popitem()[1]})


def test_a_web_page_is_no_answer() -> None:
    """A proxy's page under status 200 is tried again."""
    with pytest.raises(PlatformDown):
        JD.judge(Call(ORDERS), Answer(200, {}, b"<html>busy</html>"))


def test_the_form_is_signed_as_it_is_sent(tmp_path: Path) -> None:
    """The signature, worked out here from the form that left: JSON once, every field, a clock in GMT+8 whatever the account's zone."""
    at = shop(tmp_path, {ORDERS: sample("pop_order_enSearch")})
    at.sync("orders")
    form = at.asked[0]
    text = "".join(f"{name}{form[name]}" for name in sorted(form) if name not in ("", "sign"))
    assert form["sign"] == hashlib.md5(f"yourappSecret{text}yourappSecret".encode()).hexdigest().upper()
    assert (form["timestamp"], form["v"], form["access_token"], form[""]) == ("2026-11-20 10:00:00", "2.0", "yourtoken", "/routerjson")


def test_the_clock_of_a_signature_is_shanghais(tmp_path: Path) -> None:
    """An account that counts in another zone still signs 10:00, not 02:00."""
    account = Account("jd", "jd", "shopjd", zone="Europe/London")
    at = shop(tmp_path, {})
    auth = Auth(credentials(at.book, "jd", JD.credentials), "t", NOW, "", account)
    signed = JD.sign(JD.build(Call(SHOP, method="POST"), account), auth)
    assert b"timestamp=2026-11-20+10%3A00%3A00" in (signed.body or b"") and signed.query == {}


NEW = {"access_token": "token-two", "expires_in": 2_592_000, "refresh_token": "refresh-two", "uid": "2000001"}


@pytest.mark.parametrize("left, paths", [(13 * HOUR, ["/routerjson"]), (11 * HOUR, ["/oauth2/refresh_token", "/routerjson"])])
def test_a_token_is_refreshed_in_its_last_hours_only(tmp_path: Path, left: int, paths: list[str]) -> None:
    """JD takes a refresh in the last 24 hours alone, and counts them by the month: ours comes in the last twelve."""
    at = shop(tmp_path, {SHOP: sample("vender_shop_query"), "/oauth2/refresh_token": NEW}, Token("yourtoken", NOW + left, "refresh-one", NOW + left))
    JD.ping(at.line)
    assert [form[""] for form in at.asked] == paths
    token = at.line.store.load()
    assert token and token.refresh_expires_at == token.expires_at  # after its end none is taken


def test_an_ended_token_needs_a_person(tmp_path: Path) -> None:
    """After the end no refresh is tried: the message says so at once."""
    at = shop(tmp_path, {}, Token("yourtoken", NOW - 1, "refresh-one", NOW - 1))
    with pytest.raises(AuthExpired, match="login jd") as caught:
        JD.ping(at.line)
    assert caught.value.final and at.asked == []


def test_a_refused_refresh_needs_a_person(tmp_path: Path) -> None:
    """An answer without a token is no token: authorise again."""
    at = shop(tmp_path, {"/oauth2/refresh_token": {"code": "1001", "msg": "refresh token invalid"}}, Token("yourtoken", NOW + HOUR, "refresh-one", NOW + HOUR))
    with pytest.raises(AuthExpired, match="login jd"):
        JD.ping(at.line)


def test_ping_names_the_shop(tmp_path: Path) -> None:
    """vender_id is the account, shop_id stands beside it."""
    ping = JD.ping(shop(tmp_path, {SHOP: sample("vender_shop_query")}).line)
    assert (ping.who, ping.account_id, ping.note) == ("示例京东旗舰店", "800001", "shop_id 700001")
