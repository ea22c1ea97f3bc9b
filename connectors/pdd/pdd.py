"""Orders, refunds, products and 多多推广 spend of a Pinduoduo shop (拼多多开放平台).

Source: open.pinduoduo.com idStr 8EC06C399636041E (signature) and the SDK lywzx/pdd-node-sdk (packages/pdd-origin-api, 2023-05), read 2026-11-20.
Grain:  one row per order, SKU of an order, after-sales case, product, advertising scene and day.
Units:  orders and refunds in yuan text, ad money in 厘 (1/1000 yuan); times go out as Unix seconds and come as text in Asia/Shanghai.
Orders: history by the time of trade (成交时间: paid, and the group formed), 24 hours at once, 90 days back; changes in windows of 30 minutes
        that end three minutes ago, read from the last page to the first. An order nobody paid, or whose group failed, is never listed as traded.
Refunds: no time of the money itself is given. A case of status 10 counts on its updated_time, the last change; confirm_time is the group's.
Ads:    the whole shop's day in each scene; campaigns would take a call for each. 全站推广 may be missing: nobody published where it counts.
        How orders are credited is not stated. The unit of cpm and transactionCost is not published, so they are not read.
The code of a throttle is not published: one that comes under HTTP 200 stops the endpoint with the platform's own words.
Not given by the platform: visitors, live sessions, reviews, buyers' ids. Visitors come from export files.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from connectors.api.config import Account
from connectors.api.connector import Auth, Call, Connector, form, text, turned
from connectors.api.endpoint import Answer, Endpoint, Envelope, Ping, Request, dig
from connectors.api.line import Line
from connectors.api.oauth import Grant, TokenCall
from connectors.api.pacing import Pace
from connectors.api.paging import PageNumber, Reverse, number
from connectors.api.signing import pdd
from connectors.api.windows import Days, Span, Whole
from connectors.errors import AccessDenied, AuthExpired, BadRequest, Incomplete, UnexpectedPayload

TRADED, CHANGED = "pdd.order.list.get", "pdd.order.number.list.increment.get"
REFUNDS, GOODS, ADS = "pdd.refund.list.increment.get", "pdd.goods.list.get", "pdd.ad.api.report.daily.report.query"
LOGIN, REFRESH = "pdd.pop.auth.token.create", "pdd.pop.auth.token.refresh"
KEYS = {  # method -> key of its answer, which does not follow from the method
    TRADED: "order_list_get_response", CHANGED: "order_sn_increment_get_response", REFUNDS: "refund_increment_get_response",
    GOODS: "goods_list_get_response", ADS: "response", LOGIN: "pop_auth_token_create_response", REFRESH: "pop_auth_token_refresh_response",
}  # fmt: skip
BUYERS = ("province", "city", "town", "country", "province_id", "city_id", "town_id", "country_id", "pay_no", "inner_transaction_id", "card_info_list")
ORDERS = ("order_head", "order_line")
HALF_HOUR = Span("start_updated_at", "end_updated_at", most=timedelta(minutes=30), overlap=timedelta(minutes=30), lag=timedelta(minutes=3))


def _ads(name: str, window: Days) -> Endpoint:
    return Endpoint(
        name, ADS, "response.result.dailyReportList", ("ad_day",), "ads", "拼多多 推广 (接口)", "Pinduoduo ads (API)", money="li", purse="pdd_ads", key="date",
        method="POST", source="ads", params={"queryDimensionType": 0}, among={"scenesType": (0, 1, 2)}, window=window, optional=True,
    )  # fmt: skip


class Pdd(Connector):
    name = "pdd"
    platform = "pdd"
    label_zh, label_en = "拼多多", "Pinduoduo"
    base_url = "https://gw-api.pinduoduo.com"
    credentials = ("client_id", "client_secret")
    id_label = "owner_id"
    pace = Pace(per_second=8.0, burst=8)  # the narrowest of its lists allows 100 in 10 seconds
    grant = Grant(
        exchange=TokenCall(LOGIN, {"code": "{code}"}), refresh=TokenCall(REFRESH, {"refresh_token": "{refresh}"}), data="",
        consent="https://fuwu.pinduoduo.com/service-market/auth", keeps=("owner_id", "owner_name"),
        asks={"response_type": "code", "client_id": "{client_id}", "redirect_uri": "{redirect_uri}", "state": "{state}"},
    )  # fmt: skip
    envelope = Envelope(
        ok=("error_response", ()), absent_ok=True, codes=("error_response.error_code", "error_response.sub_code"), message=("error_response.sub_msg", "error_response.error_msg"),
        rules={"10019": AuthExpired, "20004": BadRequest, "20005": AccessDenied, "20031": AccessDenied},
    )  # fmt: skip
    endpoints = (
        Endpoint(
            "orders_history", TRADED, f"{KEYS[TRADED]}.order_list", ORDERS, "orders", "拼多多 订单 (接口)", "Pinduoduo orders (API)", money="yuan", key="order_sn",
            method="POST", source="orders", history=True, params={"order_status": 5, "refund_status": 5, "use_has_next": False},
            window=Span("start_confirm_at", "end_confirm_at", overlap=timedelta(0), keeps=timedelta(days=90)),
            paging=PageNumber("page", "page_size", 100, total=f"{KEYS[TRADED]}.total_count"), total=f"{KEYS[TRADED]}.total_count", personal=BUYERS,
        ),
        Endpoint(
            "orders", CHANGED, f"{KEYS[CHANGED]}.order_sn_list", ORDERS, "orders", "拼多多 订单 (接口)", "Pinduoduo orders (API)", money="yuan", key="order_sn",
            method="POST", source="orders", tail=True, params={"order_status": 5, "refund_status": 5, "is_lucky_flag": 0}, window=HALF_HOUR,
            paging=Reverse("page", "page_size", 100, f"{KEYS[CHANGED]}.total_count", {"use_has_next": False}, {"use_has_next": True}),
            total=f"{KEYS[CHANGED]}.total_count", personal=BUYERS, every="30m",
        ),
        Endpoint(
            "refunds", REFUNDS, f"{KEYS[REFUNDS]}.refund_list", ("refund",), "refunds", "拼多多 售后 (接口)", "Pinduoduo after-sales (API)", money="yuan", key="id",
            method="POST", params={"after_sales_status": 1, "after_sales_type": 1}, window=HALF_HOUR,
            paging=Reverse("page", "page_size", 100, f"{KEYS[REFUNDS]}.total_count", {}, {}), total=f"{KEYS[REFUNDS]}.total_count",
        ),
        Endpoint(
            "items", GOODS, f"{KEYS[GOODS]}.goods_list", ("item",), "items", "拼多多 商品 (接口)", "Pinduoduo products (API)", money="none", key="goods_id",
            method="POST", window=Whole(24), every="1d", optional=True,
            paging=PageNumber("page", "page_size", 100, total=f"{KEYS[GOODS]}.total_count"), total=f"{KEYS[GOODS]}.total_count",
        ),
        _ads("ads", Days("startDateString", "endDateString", today=False, keeps=90)),
        _ads("ads_today", Days("startDateString", "endDateString", back=1, keeps=1)),  # today and history are never asked for together
    )  # fmt: skip

    def build(self, call: Call, account: Account) -> Request:
        root = (account.base_url or call.base_url or self.base_url).rstrip("/")
        return Request("POST", root + "/api/router", query={"type": call.path, **{name: text(value) for name, value in call.params.items() if value is not None}})

    def sign(self, request: Request, auth: Auth) -> Request:
        """The form that is sent; every field of it is signed as it stands."""
        token = {"access_token": auth.token} if auth.token else {}
        sent = {**request.query, "client_id": auth.secrets["client_id"], "timestamp": str(auth.now), "data_type": "JSON", "version": "V1", **token}
        return form(request.url, {**sent, "sign": pdd(auth.secrets["client_secret"], sent)})

    def judge(self, call: Call, answer: Answer) -> Any:
        try:
            body = super().judge(call, answer)
        except BadRequest as error:
            raise (turned(error, AuthExpired) if call.is_token else error) from None
        inner = body.get(KEYS[call.path])
        if not isinstance(inner, Mapping):
            raise UnexpectedPayload(f"Pinduoduo {call.path}: the answer has no '{KEYS[call.path]}'. Compare with the saved sample and update the connector.")
        if call.path == ADS:
            _check_report(inner)
        return inner if call.is_token else body

    def ping(self, line: Line) -> Ping:
        line.probe(next(endpoint for endpoint in self.endpoints if endpoint.name == "orders"))
        token = line.store.load()
        said = token.extra if token else {}
        return Ping(said.get("owner_name", ""), said.get("owner_id", ""), line.zone, line.currency, note="订单可读")


def _check_report(inner: Mapping[str, Any]) -> None:
    """A report says yes by itself, and its days must reach the sum stated beside them. Raises BadRequest, UnexpectedPayload, Incomplete."""
    if inner.get("success") is not True:
        if "success" not in inner:
            raise UnexpectedPayload("Pinduoduo ads: the answer has no 'success'. Compare with the saved sample and update the connector.")
        raise BadRequest(f"Pinduoduo {ADS} answered {inner.get('errorCode')}: {str(inner.get('errorMsg', ''))[:200]}")
    stated, days = dig(inner, "result.sumReport.spend"), dig(inner, "result.dailyReportList")
    if stated is not None and isinstance(days, list) and sum(number(day.get("spend", 0), "spend") for day in days) < number(stated, "sumReport.spend"):
        raise Incomplete("Pinduoduo ads: the days add up to less than the stated sum. They will be asked for again.")
