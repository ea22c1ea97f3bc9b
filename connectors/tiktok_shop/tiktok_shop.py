"""Orders, refunds, LIVE sessions, their minutes and items, and the shop's days and hours of TikTok Shop.

Source: TikTok Shop's own OpenAPI snapshot (package @tts-open-toolkit/cli 0.1.7), partner.tiktokshop.com docv2 (signing, tokens), EcomPHP/tiktokshop-php
        (token calls, consent page); read 2026-11-20. Error codes as public clients list them: 36009004 stands for many causes.
Grain:  one row per order, unit of an order, return or cancelled order, LIVE session, minute of one, item of one, shop day, shop hour.
Units:  decimal text with its currency beside it; times in Unix seconds, days in the shop's zone. The API tells neither zone nor currency of a shop:
        the account states them.
The day money went back is not stated: a return counts on the day it last changed once it is complete, a cancelled paid order on the day it was cancelled;
an order cancelled in part shows only as its lines do. A day after `latest_available_date` is unknown, and asked for again.
Not given: ad cost (see TikTok Ads), people online during a LIVE (a creator's token is needed), the LIVE an order came from (outside the US). Statements, coupons
and videos are not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from connectors.api.config import Account
from connectors.api.connector import Auth, Call, Connector, text, turned, with_headers, with_query
from connectors.api.endpoint import Answer, Endpoint, Envelope, Ping, Request, dig
from connectors.api.line import Line
from connectors.api.oauth import Grant, TokenCall
from connectors.api.pacing import Pace
from connectors.api.paging import Cursor
from connectors.api.signing import tiktok_shop
from connectors.api.windows import Days, Span, Window
from connectors.errors import AccessDenied, ApiError, AuthExpired, BadRequest, NotThere, PlatformDown, RateLimited

SHOPS = "/authorization/202309/shops"
MINUTES = "/analytics/202510/shop_lives/{live_id}/performance_per_minutes"
TOKENS = "https://auth.tiktok-shops.com"
PAGED = ("page_size", "page_token", "sort_field", "sort_order")  # of a POST: in the query, everything else in the body
APP = {"app_key": "{app_key}", "app_secret": "{app_secret}"}
CHANGED = Span("update_time_ge", "update_time_lt", most=timedelta(days=1), overlap=timedelta(hours=1))
BY_CHANGE = {"sort_field": "update_time", "sort_order": "ASC"}
SESSION_DAYS = Days("start_date_ge", "end_date_lt", most=30, back=3, keeps=180, today=False, end_inclusive=False)


def _pages(size: int) -> Cursor:
    return Cursor("page_token", "data.next_page_token", "page_size" if size else "", size)


class TikTokShop(Connector):
    name = "tiktok_shop"
    platform = "tiktok"
    label_zh, label_en = "TikTok Shop", "TikTok Shop"
    base_url = "https://open-api.tiktokglobalshop.com"
    zone = currency = ""
    needs = ("zone", "currency")
    credentials = ("app_key", "app_secret")
    id_label = "shop_id"
    sends = "json"
    pace = Pace(per_second=1.0, burst=4)
    parallel = 2
    throttle_s = 2.0
    grant = Grant(
        exchange=TokenCall("/api/v2/token/get", {**APP, "auth_code": "{code}", "grant_type": "authorized_code"}, "GET", TOKENS),
        refresh=TokenCall("/api/v2/token/refresh", {**APP, "refresh_token": "{refresh}", "grant_type": "refresh_token"}, "GET", TOKENS),
        consent=f"{TOKENS}/oauth/authorize", asks={"app_key": "{app_key}", "state": "{state}"},
        expires_in="access_token_expire_in", refresh_expires_in="refresh_token_expire_in", keeps=("open_id", "seller_name", "seller_base_region"), margin_s=3600,
    )  # fmt: skip
    envelope = Envelope(
        ok=("code", (0,)),
        rules={
            "105001": AuthExpired, "105002": AuthExpired, "105005": AccessDenied, "101000": AccessDenied, "36009002": RateLimited, "105050": RateLimited,
            "105051": RateLimited, "429000": RateLimited, "36009003": PlatformDown, "98001001": PlatformDown, "36009004": BadRequest, "28001022": BadRequest,
            "106013": BadRequest,
        },
    )  # fmt: skip
    endpoints = (
        Endpoint(
            "orders", "/order/202309/orders/search", "data.orders", ("order_head", "order_line"), "orders", "TikTok Shop 订单 (接口)", "TikTok Shop orders (API)",
            money="major", key="id", method="POST", params=BY_CHANGE, window=CHANGED, paging=_pages(100), total="data.total_count",
            buyer=("user_id",), personal=("cpf", "cpf_name"), every="15m",
        ),
        Endpoint(
            "returns", "/return_refund/202309/returns/search", "data.return_orders", ("refund",), "refunds", "TikTok Shop 退货退款 (接口)", "TikTok Shop returns (API)",
            money="major", key="return_id", method="POST", params=BY_CHANGE, window=CHANGED, paging=_pages(50), total="data.total_count", source="refunds",
        ),
        Endpoint(
            "cancelled", "/order/202309/orders/search", "data.orders", ("cancelled",), "refunds", "TikTok Shop 取消订单 (接口)", "TikTok Shop cancelled orders (API)",
            money="major", key="id", method="POST", params={**BY_CHANGE, "order_status": "CANCELLED"}, window=CHANGED, paging=_pages(100),
            total="data.total_count", source="refunds", buyer=("user_id",), personal=("cpf", "cpf_name"),
        ),
        Endpoint(
            "sessions", "/analytics/202509/shop_lives/performance", "data.live_stream_sessions", ("live_session",), "sessions",
            "TikTok Shop 直播场次 (接口)", "TikTok Shop LIVE sessions (API)", money="major", key="id", window=SESSION_DAYS, paging=_pages(100), total="data.total_count",
            params={"sort_field": "gmv", "sort_order": "DESC", "currency": "LOCAL", "account_type": "ALL"}, until="data.latest_available_date", optional=True,
        ),
        Endpoint(
            "minutes", MINUTES, "data.performance.intervals", ("live_minute",), "live_minutes", "TikTok Shop 直播分钟 (接口)", "TikTok Shop LIVE minutes (API)",
            money="major", key="start_time", params={"currency": "LOCAL"}, window=SESSION_DAYS, paging=_pages(0), total="data.total_count",
            each="sessions", each_key={"id": "live_id"}, each_with=("username",), each_if="interaction_performance", optional=True, every="6h",
        ),
        Endpoint(
            "live_items", "/analytics/202512/shop/{live_id}/products_performance", "data.products", ("live_item",), "sessions",
            "TikTok Shop 直播商品 (接口)", "TikTok Shop LIVE items (API)", money="major", key="id", window=SESSION_DAYS, source="sessions",
            params={"sort_field": "direct_gmv", "sort_order": "DESC", "currency": "LOCAL"},
            each="sessions", each_key={"id": "live_id"}, each_with=("username", "start_time"), each_if="interaction_performance", optional=True, every="6h",
        ),
        Endpoint(
            "shop_days", "/analytics/202509/shop/performance", "data.performance.intervals", ("shop_day",), "shop", "TikTok Shop 店铺每日 (接口)", "TikTok Shop days (API)",
            money="major", key="start_date", window=SESSION_DAYS, params={"granularity": "1D", "currency": "LOCAL"}, until="data.latest_available_date", optional=True,
        ),
        Endpoint(
            "shop_hours", "/analytics/202510/shop/performance/{date}/performance_per_hour", "data.performance.intervals", ("shop_hour",), "shop",
            "TikTok Shop 店铺分时 (接口)", "TikTok Shop hours (API)", money="major", key="index", params={"currency": "LOCAL"},
            window=Days("date", back=2, keeps=30), stamp=True, optional=True,
        ),
    )  # fmt: skip

    def learn(self, line: Line) -> Mapping[str, str]:
        """The cipher of the account's shop. Raises AccessDenied naming the shops that the login may read."""
        shops = dig(line.call(Call(SHOPS)), "data.shops") or []
        for shop in shops:
            if str(shop.get("id")) == line.account.id:
                return {name: str(shop.get(name, "")) for name in ("cipher", "name", "region", "seller_type")}
        said = ", ".join(f"{shop.get('id')} ({shop.get('name')})" for shop in shops) or "none"
        raise AccessDenied(f"The login of '{line.account.name}' may not read shop {line.account.id}. It may read: {said}. Correct the account's id, or authorise that shop.")

    def params(self, endpoint: Endpoint, account: Account, window: Window, zone: str) -> dict[str, Any]:
        """What is asked for one LIVE takes no days."""
        return dict(endpoint.params) if endpoint.each else super().params(endpoint, account, window, zone)

    def build(self, call: Call, account: Account) -> Request:
        if call.method == "GET":
            request = super().build(call, account)
            return request if call.is_token else with_headers(request, Content_Type="application/json")
        query = {name: text(value) for name, value in call.params.items() if name in PAGED}
        body = {name: value for name, value in call.params.items() if name not in PAGED}
        return replace(super().build(replace(call, params=body), account), query=query)

    def sign(self, request: Request, auth: Auth) -> Request:
        if not auth.token:
            return request
        path = request.url.removeprefix((auth.account.base_url or self.base_url).rstrip("/"))
        cipher = {"shop_cipher": auth.known["cipher"]} if path != SHOPS else {}  # where it is not declared it is refused
        request = with_query(request, app_key=auth.secrets["app_key"], timestamp=str(auth.now), **cipher)
        signed = with_query(request, sign=tiktok_shop(auth.secrets["app_secret"], path, request.query, request.body or b""))
        return with_headers(signed, x_tts_access_token=auth.token)

    def records(self, endpoint: Endpoint, body: Any) -> list[Any]:
        """Days after the last one known are left out; hours carry the moment until which they are known."""
        found = super().records(endpoint, body)
        if endpoint.name == "shop_days":
            return [day for day in found if str(day.get("start_date")) <= str(dig(body, endpoint.until) or "9999")]
        if endpoint.name == "shop_hours":
            return [{**hour, "known_until": dig(body, "data.performance.latest_available_timestamp")} for hour in found]
        return found

    def refused(self, answer: Answer, body: Any, path: str) -> ApiError:
        error = super().refused(answer, body, path)
        if path == MINUTES and error.code == "98001001":
            return turned(error, NotThere, ". The platform gives no minutes of this LIVE; its totals stand.")
        if error.code == "28001022":
            return turned(error, BadRequest, ". The platform means that it keeps no figures from so long ago: set a later 'since'.")
        if path.startswith("/api/v2/token/") and isinstance(error, BadRequest):
            return turned(error, AuthExpired)
        return error

    def ping(self, line: Line) -> Ping:
        known, token = self.learn(line), line.store.load()
        seller = token.extra.get("seller_name", "") if token else ""
        note = " · ".join(part for part in (seller, known["region"], known["seller_type"]) if part)
        return Ping(known["name"], line.account.id, line.account.zone, line.account.currency, note=note)
