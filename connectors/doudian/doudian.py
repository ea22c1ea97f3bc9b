"""Orders, refunds and products of a Douyin shop (抖店开放平台).

Source: op.jinritemai.com docs and the official Go SDK (copy of 2023-02), read 2026-11-20; error codes as public PHP clients list them.
Grain:  one row per order, order line, after-sales case, product.
Units:  money in fen, times in Unix seconds; rows carry CNY and Asia/Shanghai.
Orders are asked for by update time; only those created in the last 90 days are given. The amount of a refund and its time need a detail call.
Not given by the platform: visitors, traffic sources, live-session metrics. Those come from export files.
"""

from __future__ import annotations

from datetime import timedelta

from connectors.api.config import Account
from connectors.api.connector import Auth, Call, Connector, with_query
from connectors.api.endpoint import Detail, Endpoint, Envelope, Ping, Request
from connectors.api.line import Line
from connectors.api.oauth import Grant, TokenCall
from connectors.api.pacing import Pace
from connectors.api.paging import PageNumber
from connectors.api.signing import canonical_json, doudian
from connectors.api.windows import Span, Whole
from connectors.errors import AccessDenied, AuthExpired, BadRequest, PlatformDown, QuotaSpent, RateLimited

ROWS_CAP = 10_000  # two published limits disagree (10,000 and 50,000): the smaller one


class Doudian(Connector):
    name = "doudian"
    platform = "douyin"
    label_zh, label_en = "抖店", "Doudian"
    base_url = "https://openapi-fxg.jinritemai.com"
    credentials = ("app_key", "app_secret")
    id_label = "shop_id"
    sends = "json"
    pace = Pace(per_second=8.0, burst=8)
    grant = Grant(
        exchange=TokenCall("/token/create", {"code": "{code}", "grant_type": "authorization_code"}),
        refresh=TokenCall("/token/refresh", {"grant_type": "refresh_token", "refresh_token": "{refresh}"}),
        consent="https://fuwu.jinritemai.com/authorize", asks={"service_id": "{app_key}", "state": "{state}"},
        keeps=("shop_id", "shop_name"), margin_s=3000,  # only in the last hour a refresh gives a new pair
    )  # fmt: skip
    envelope = Envelope(
        ok=("code", (10000,)), codes=("sub_code", "code"), message=("sub_msg", "msg"),
        rules={
            "isv.access-token-expired": AuthExpired, "isv.access-token-invalid": AuthExpired, "isv.access-token-no-existed": AuthExpired,
            "dop.authorization-*": AccessDenied, "isv.app-permissions-insufficient": AccessDenied, "dop.token-generate-failed*": AuthExpired,
            "20000": PlatformDown, "20001": PlatformDown, "30001": AccessDenied, "30002": AccessDenied, "60000": RateLimited,
            "70000": BadRequest, "80000": AccessDenied, "90000": PlatformDown, "isv.day-limit*": QuotaSpent,
        },
    )  # fmt: skip
    endpoints = (
        Endpoint(
            "orders", "/order/searchList", "data.shop_order_list", ("order_head", "order_line"), "orders", "抖店 订单 (接口)", "Doudian orders (API)",
            money="fen", key="order_id", method="POST", params={"order_by": "update_time", "order_asc": True},
            window=Span("update_time_start", "update_time_end", most=timedelta(days=1), keeps=timedelta(days=90)),
            paging=PageNumber("page", "size", 100, first=0, total="data.total", cap=ROWS_CAP), total="data.total", buyer=("doudian_open_id",),
        ),
        Endpoint(
            "refunds", "/afterSale/List", "data.items", ("refund",), "refunds", "抖店 售后 (接口)", "Doudian after-sales (API)",
            money="fen", key="aftersale_info.aftersale_id", method="POST", params={"order_by": ["update_time asc"]},
            window=Span("update_start_time", "update_end_time", most=timedelta(days=1), keeps=timedelta(days=180)),
            paging=PageNumber("page", "size", 100, first=0, more="data.has_more"), total="data.total",
            detail=Detail("/afterSale/Detail", "aftersale_info.aftersale_id", "after_sale_id", "data", joined="detail"),
        ),
        Endpoint(
            "items", "/product/listV2", "data.data", ("item",), "items", "抖店 商品 (接口)", "Doudian products (API)",
            money="none", key="product_id", method="POST", window=Whole(24), every="1d",
            paging=PageNumber("page", "size", 100, total="data.total", cap=ROWS_CAP), total="data.total",
        ),
    )  # fmt: skip

    def build(self, call: Call, account: Account) -> Request:
        request = super().build(call, account)
        params = {name: value for name, value in call.params.items() if value is not None}
        return Request("POST", request.url, body=canonical_json(params), headers={"Content-Type": "application/json"})

    def sign(self, request: Request, auth: Auth) -> Request:
        method = "/".join(request.url.split("/")[-2:]).replace("/", ".")
        key, body = auth.secrets["app_key"], request.body or b"{}"
        signature = doudian(auth.secrets["app_secret"], key, method, body, auth.now)
        token = {"access_token": auth.token} if auth.token else {}
        return with_query(request, app_key=key, method=method, timestamp=str(auth.now), v="2", sign_method="hmac-sha256", sign=signature, **token)

    def ping(self, line: Line) -> Ping:
        token = line.store.load()
        said = token.extra if token else {}
        line.probe(self.endpoints[0])
        return Ping(said.get("shop_name", ""), said.get("shop_id", ""), line.zone, line.currency, note="订单可读")
