"""Orders, refunds and 京准通 spend of a JD POP shop (京东开放平台).

Source: open.jd.com guide listId 2643 (signature), joshome.jd.com API pages 15660, 15040, 21380, 13151 and the Go SDK XiBao/jos (api/dsp/kc/report), read 2026-11-20.
Grain:  one row per order, SKU of an order, after-sales bill, cancellation request, campaign and day.
Units:  orders and actualRefundAmount in yuan text, applyRefundSum in fen; refoundAmount and the ad report's money are published without
        a unit: the first is read only with the option `refund_unit`, the second only with `money_unit`. Times are text in Asia/Shanghai.
Orders: history by creation (two years back), then changes (three months back). actualPay may lag, so the last minutes are left alone and
        an hour is read again; payType knows pay-later, so paid is not cash. orderPayment is dead since 2024-10 and is not asked for.
Refunds: no list by change or completion exists. After-sales are listed by application and the last 60 days are asked again; one that ends
        later is missed. Money given back for orders cancelled before shipping is published as a request only, never as paid.
Ads:    the campaign report of 快车. UniversalJosService (the reports of all of 京准通) is refused: its answer's shape is not published.
Unknown codes of expired tokens (19 is taken for one), missing permissions and quotas stop the endpoint with JD's own words.
Not given by the platform: visitors, page views, live sessions. Those come from 商智 files. Products are not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import orjson

from connectors.api.config import Account
from connectors.api.connector import Auth, Call, Connector, form
from connectors.api.endpoint import Answer, Detail, Endpoint, Envelope, Ping, Request, dig
from connectors.api.line import Line
from connectors.api.oauth import Grant, TokenCall
from connectors.api.pacing import Pace
from connectors.api.paging import PageNumber, Reverse, truth
from connectors.api.signing import jd
from connectors.api.windows import Days, Span, Window, local
from connectors.errors import AuthExpired, BadRequest, NotSupported, RateLimited, UnexpectedPayload
from warehouse.errors import ConfigError

ORDERS, AFTER_SALES = "jingdong.pop.order.enSearch", "jingdong.asc.serviceAndRefund.view"
PAID_BACK, CANCELLED = "jingdong.b2c.shop.aftersales.refund.get", "jingdong.pop.afs.soa.refundapply.queryPageList"
CAMPAIGNS, SHOP = "jingdong.dsp.report.queryCampDailySum", "jingdong.vender.shop.query"
SUCCESS = {  # method -> where it says yes, and the only code that goes with it
    ORDERS: ("searchorderinfo_result.apiResult", "success", "", ""), AFTER_SALES: ("pageResult", "success", "code", "00000"),
    PAID_BACK: ("result", "success", "errorCode", "200"), CANCELLED: ("queryResult", "success", "", ""),
    CAMPAIGNS: ("querycampdailysum_result", "success", "", ""),
}  # fmt: skip
FIELDS = (  # nothing is returned that is not listed
    "orderId,venderId,orderType,orderState,orderStartTime,paymentConfirmTime,orderEndTime,modified,orderTotalPrice,orderSellerPrice,actualPay,shouldPay,"
    "totalSellerDiscount,sellerDiscount,freightPrice,parentOrderId,directParentOrderId,itemInfoList,couponDetailList"
)
CHOICES = {
    "money_unit": ("", "yuan", "fen", "li"), "refund_unit": ("", "yuan", "fen"), "ads_basis": ("click", "order"), "ads_days": ("15", "0"),
    "ads_report": ("campaign", "universal"),
}  # fmt: skip
OAUTH = "https://open-oauth.jd.com"
APP = {"app_key": "{app_key}", "app_secret": "{app_secret}"}


def answer_of(method: str) -> str:
    """The key of a method's answer, misspelt as on the wire."""
    return method.replace(".", "_") + "_responce"


def _orders(name: str, by: str, window: Span, history: bool = False) -> Endpoint:
    found = f"{answer_of(ORDERS)}.searchorderinfo_result"
    return Endpoint(
        name, ORDERS, f"{found}.orderInfoList", ("order_head", "order_line"), "orders", "京东 订单 (接口)", "JD orders (API)", money="yuan", key="orderId",
        method="POST", source="orders", params={"order_state": "ALL", "optional_fields": FIELDS, "source_id": "JOS", "sortType": "1", "dateType": by},
        window=window, paging=Reverse("page", "page_size", 100, f"{found}.orderTotal", {}, {}, text=True), total=f"{found}.orderTotal", history=history, tail=not history,
    )  # fmt: skip


LISTED = Endpoint(
    "refunds_listed", AFTER_SALES, f"{answer_of(AFTER_SALES)}.pageResult.data", ("refund",), "refunds", "京东 售后退款 (接口)", "JD after-sales refunds (API)",
    money="stated", key=("sameOrderServiceBill.serviceId", "afsRefundId"), method="POST", source="refunds", optional=True, every="6h",
    window=Span("applyTimeBegin", "applyTimeEnd", "text", most=timedelta(days=7), overlap=timedelta(days=60)),
    paging=PageNumber("pageNumber", "pageSize", 50, total=f"{answer_of(AFTER_SALES)}.pageResult.totalCount"),
    total=f"{answer_of(AFTER_SALES)}.pageResult.totalCount", personal=tuple(f"sameOrderServiceBill.{name}" for name in ("customerPin", "approveName", "questionDesc", "approveNotes")),
)  # fmt: skip


class Jd(Connector):
    name = "jd"
    platform = "jd"
    label_zh, label_en = "京东", "JD"
    base_url = "https://api.jd.com"
    credentials = ("app_key", "app_secret")
    id_label = "vender_id"
    options: ClassVar = {
        "money_unit": "unit of the ad report's money: yuan, fen or li, as one known day in 京准通 shows; without it ads are not read",
        "refund_unit": "unit of refoundAmount: yuan or fen; without it the amount of every refund takes a call of its own",
        "ads_basis": "click (default) or order: which sales the ad report credits to a day",
        "ads_days": "15 (default) or 0: days of credit after the click, 0 for the same day",
        "ads_report": "campaign (default); universal is refused, its contract is unknown",
    }
    defaults: ClassVar = {"money_unit": "", "refund_unit": "", "ads_basis": "click", "ads_days": "15", "ads_report": "campaign"}
    pace = Pace(per_second=5.0, burst=5)
    throttle_s = 10.0
    grant = Grant(
        exchange=TokenCall("/oauth2/access_token", {**APP, "grant_type": "authorization_code", "code": "{code}"}, "GET", OAUTH),
        refresh=TokenCall("/oauth2/refresh_token", {**APP, "grant_type": "refresh_token", "refresh_token": "{refresh}"}, "GET", OAUTH),
        consent=f"{OAUTH}/oauth2/to_login", data="", margin_s=12 * 3600,  # it is taken in the last 24 hours only
        asks={"app_key": "{app_key}", "response_type": "code", "redirect_uri": "{redirect_uri}", "state": "{state}", "scope": "snsapi_base"},
        refresh_expires_in="expires_in",  # and never after the end of the access token
    )  # fmt: skip
    envelope = Envelope(
        ok=("error_response", ()), absent_ok=True, codes=("error_response.code",), message=("error_response.zh_desc", "error_response.en_desc"), rules={"2": RateLimited, "19": AuthExpired}
    )
    endpoints = (
        _orders("orders_history", "1", Span("start_date", "end_date", "text", overlap=timedelta(0), keeps=timedelta(days=730)), history=True),
        _orders("orders", "0", Span("start_date", "end_date", "text", overlap=timedelta(hours=1), lag=timedelta(minutes=3), keeps=timedelta(days=89))),
        replace(
            LISTED, name="refunds", money="yuan",
            detail=Detail(PAID_BACK, "sameOrderServiceBill.serviceId", "afsServiceId", f"{answer_of(PAID_BACK)}.result.data", joined="detail", only={"status": (13, "13")}),
        ),
        LISTED,
        Endpoint(
            "cancellations", CANCELLED, f"{answer_of(CANCELLED)}.queryResult.result", ("cancellation",), "refund_requests", "京东 取消申请 (接口)", "JD cancellation requests (API)",
            money="fen", key="id", method="POST", optional=True, every="6h", personal=("buyerId", "buyerName", "checkUserName", "checkRemark"),
            window=Span("applyTimeStart", "applyTimeEnd", "text", overlap=timedelta(days=10)),
            paging=PageNumber("pageIndex", "pageSize", 50, total=f"{answer_of(CANCELLED)}.queryResult.totalCount", cap=5_000),
            total=f"{answer_of(CANCELLED)}.queryResult.totalCount",
        ),
        Endpoint(
            "ads", CAMPAIGNS, f"{answer_of(CAMPAIGNS)}.querycampdailysum_result.value", ("ad_day",), "ads", "京准通 快车计划 (接口)", "JD Kuaiche campaigns (API)",
            money="stated", purse="jzt", key=("figureData.date", "figureData.CampaignId"), method="POST", optional=True, every="6h",
            params={"is_daily": True, "platform": "all"}, window=Days("start_day", "end_day", "%Y-%m-%d 00:00:00", "%Y-%m-%d 23:59:59"),
            paging=PageNumber("page_index", "page_size", 100, total=f"{answer_of(CAMPAIGNS)}.querycampdailysum_result.total"),
            total=f"{answer_of(CAMPAIGNS)}.querycampdailysum_result.total",
        ),
    )  # fmt: skip

    def endpoints_for(self, account: Account) -> tuple[Endpoint, ...]:
        """After-sales come with the amount's own call, or from the list alone where its unit is stated. Raises ConfigError for a wrong option."""
        for name, valid in CHOICES.items():
            said = str(account.options.get(name, self.defaults[name]))
            if said not in valid:
                raise ConfigError(f"The account '{account.name}' has {name} = \"{said[:40]}\". Valid: {', '.join(filter(None, valid))}. Correct it below [account.options].")
        other = "refunds" if account.options.get("refund_unit") else "refunds_listed"
        return tuple(endpoint for endpoint in super().endpoints_for(account) if endpoint.name != other)

    def params(self, endpoint: Endpoint, account: Account, window: Window, zone: str) -> dict[str, Any]:
        """Raises NotSupported where the money of the ad report has no stated unit, or the report's shape is unknown."""
        found = super().params(endpoint, account, window, zone)
        if endpoint.name != "ads":
            return found
        options = {**self.defaults, **account.options}
        if options["ads_report"] == "universal":
            raise NotSupported("The answer of JD's UniversalJosService is not published, so it is not read. Set ads_report = \"campaign\", or import 京准通 files.")
        if not options["money_unit"]:
            raise NotSupported("The unit of JD's ad report is not published. Compare one day with 京准通 and set money_unit = \"yuan\" (or fen, li) below [account.options].")
        return {**found, "is_order_or_click": options["ads_basis"] == "order", "is_today_or_15_days": str(options["ads_days"]) == "15"}

    def build(self, call: Call, account: Account) -> Request:
        root = (account.base_url or call.base_url or self.base_url).rstrip("/")
        if call.is_token:
            return Request(call.method, root + call.path, query={name: str(value) for name, value in call.params.items()})
        return Request("POST", root + "/routerjson", query={"method": call.path, "360buy_param_json": orjson.dumps(call.params).decode()})

    def sign(self, request: Request, auth: Auth) -> Request:
        """The form that is sent; every field of it is signed as it stands."""
        if "method" not in request.query:
            return request
        stamp = local(auth.now, "Asia/Shanghai").strftime("%Y-%m-%d %H:%M:%S")
        sent = {**request.query, "app_key": auth.secrets["app_key"], "access_token": auth.token, "timestamp": stamp, "v": "2.0"}
        return form(request.url, {**sent, "sign": jd(auth.secrets["app_secret"], sent)})

    def judge(self, call: Call, answer: Answer) -> Any:
        body = super().judge(call, answer)
        if call.is_token:
            if not dig(body, "access_token"):
                raise AuthExpired(f"JD {call.path} gave no token: {body.get('code', '')} {body.get('msg', '')}. It refreshes in the last 24 hours only.")
            return body
        inner = body.get(answer_of(call.path))
        if not isinstance(inner, Mapping):
            raise UnexpectedPayload(f"JD {call.path}: the answer has no '{answer_of(call.path)}'. Compare with the saved sample and update the connector.")
        if call.path in SUCCESS:
            _check(call.path, inner)
        return body

    def ping(self, line: Line) -> Ping:
        shop = dig(line.call(Call(SHOP, method="POST")), f"{answer_of(SHOP)}.shop_jos_result")
        if not dig(shop, "vender_id"):
            raise UnexpectedPayload("JD vender.shop.query names no shop. Compare with the saved sample and update the connector.")
        return Ping(str(shop.get("shop_name", "")), str(shop["vender_id"]), line.zone, line.currency, note=f"shop_id {shop.get('shop_id', '')}")


def _check(method: str, inner: Mapping[str, Any]) -> None:
    """Each method has its own success marker. Raises BadRequest for a no, UnexpectedPayload when there is neither."""
    where, marker, code, good = SUCCESS[method]
    said = dig(inner, where)
    if not isinstance(said, Mapping) or marker not in said:
        stated = inner.get("code", "0")
        if str(stated) == "0":
            raise UnexpectedPayload(f"JD {method}: the answer has no '{where}.{marker}'. Compare with the saved sample and update the connector.")
        said = inner
    if truth(said.get(marker)) and (not code or str(said.get(code)) == good):
        return
    shown = next((str(said[name]) for name in ("numberCode", "errorCode", "resultCode", "code") if said.get(name) not in (None, "")), "?")
    words = next((str(said[name]) for name in ("chineseErrCode", "errorMsg", "errorMessage", "msg", "zh_desc", "englishErrCode") if said.get(name)), "")
    error = BadRequest(f"JD {method} answered {shown}: {words[:200]}")
    error.code = shown
    raise error
