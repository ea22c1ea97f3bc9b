"""Orders, refunds, products and compass days of a WeChat shop (微信小店), and the live dashboard of a 视频号 account.

Source: developers.weixin.qq.com store/shop and channels pages, and the WxJava channel SDK, read 2026-11-20.
Grain:  one row per order, SKU of an order, after-sales case, product, shop day; live session, its minutes, products and channels.
Units:  money in fen, times in Unix seconds; rows carry CNY and Asia/Shanghai.
An account is one of two roles, each with its own AppID and secret: the shop, or (role = "channels") the 视频号助手 account, which alone may read the dashboard.
The order list states no number of orders, so a list that comes short cannot be noticed. Of a live day with a further page, and of products beyond the
dashboard's first page, the contract names no way to ask: the first is refused, of the second only the number is known.
Not given: page visitors, traffic sources, when a refund was paid. Not asked for, as their answers are not published well enough: compass of products and hosts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, ClassVar

from connectors.api.config import Account
from connectors.api.connector import Auth, Connector, with_query
from connectors.api.endpoint import Answer, Detail, Endpoint, Envelope, Request
from connectors.api.http import decode_json
from connectors.api.oauth import Grant, TokenCall
from connectors.api.pacing import Pace
from connectors.api.paging import Cursor, truth
from connectors.api.windows import Days, Reach, Span, Whole, Window, midnight
from connectors.errors import (
    AccessDenied,
    AuthExpired,
    BadRequest,
    NotSupported,
    PlatformDown,
    QuotaSpent,
    RateLimited,
    TooMuch,
    UnexpectedPayload,
)
from warehouse.errors import ConfigError

ROLES = ("shop", "channels")
FIRST_LIVE_DAY = date(2024, 1, 1)
TEXTS = (  # members of the dashboard that are JSON text inside the JSON
    "live_dashboard_data", "live_comparison_index", "live_ec_data_summary", "live_ec_conversion_metric", "live_ec_profile", "live_distribution_channel",
    "single_live_ec_spu_data_page_v2",
)  # fmt: skip
PEOPLE = ("unionid", "present_giver_openid", "present_giver_unionid", "present_note")


@dataclass(frozen=True)
class LiveDays(Days):
    """Days of the dashboard: it refuses those before 2024."""

    def plan(self, reach: Reach, done: Sequence[Window]) -> list[Window]:
        return super().plan(replace(reach, since=max(reach.since, midnight(FIRST_LIVE_DAY, reach.zone))), done)


class WeChat(Connector):
    name = "wechat"
    platform = "wechat"
    label_zh, label_en = "微信小店 / 视频号", "WeChat shop and Channels"
    base_url = "https://api.weixin.qq.com"
    credentials = ("appid", "secret")
    id_label = "微信小店 AppID / 视频号 ID (sph…)"
    options: ClassVar[Mapping[str, str]] = {
        "role": "shop (default): AppID and secret of the 微信小店; channels: those of the 视频号助手 account, for the live dashboard",
        "finder_ids": "视频号 IDs (sph…) whose sessions the shop's compass lists",
    }
    sends = "json"
    pace = Pace(per_second=10.0, burst=10)
    throttle_s = 10.0  # the limit counts by the minute
    grant = Grant(
        exchange=TokenCall("/cgi-bin/stable_token", {"grant_type": "client_credential", "appid": "{appid}", "secret": "{secret}"}),
        data="", margin_s=5,  # asked again earlier, the same token comes back with what is left of it
    )  # fmt: skip
    envelope = Envelope(
        ok=("errcode", (0,)), absent_ok=True, codes=("errcode",), message=("errmsg",),
        rules={
            "-1": PlatformDown, "40001": AuthExpired, "40014": AuthExpired, "42001": AuthExpired, "45009": QuotaSpent, "45011": RateLimited,
            "45035": AccessDenied, "61004": AccessDenied, "48001": AccessDenied, "43001": BadRequest, "43002": BadRequest, "47001": BadRequest,
            "40097": BadRequest, "31042": TooMuch, "606006": BadRequest, "1": BadRequest, "5": BadRequest,
        },
    )  # fmt: skip
    endpoints = (
        Endpoint(
            "orders", "/channels/ec/order/list/get", "order_id_list", ("order_head", "order_line"), "orders", "微信小店 订单 (接口)", "WeChat shop orders (API)",
            money="fen", key="order_id", method="POST", window=Span("update_time_range.start_time", "update_time_range.end_time", most=timedelta(days=1)),
            paging=Cursor("next_key", "next_key", "page_size", 100, more="has_more"), detail=Detail("/channels/ec/order/get", "", "order_id", "order"),
            buyer=("openid",), personal=(*PEOPLE, "order_detail.delivery_info", "order_detail.sharer_info", "order_detail.sku_sharer_infos",
                                         "order_detail.ext_info.customer_notes", "order_detail.ext_info.merchant_notes"),
        ),
        Endpoint(
            "refunds", "/channels/ec/aftersale/getaftersalelist", "after_sale_order_id_list", ("refund",), "refunds",
            "微信小店 售后 (接口)", "WeChat shop after-sales (API)", money="fen", key="after_sale_order_id", method="POST",
            window=Span("begin_update_time", "end_update_time", most=timedelta(days=1)), paging=Cursor("next_key", "next_key", more="has_more"),
            detail=Detail("/channels/ec/aftersale/getaftersaleorder", "", "after_sale_order_id", "after_sale_order"),
            personal=(*PEOPLE, "openid", "details", "return_info", "merchant_upload_info"),
        ),
        Endpoint(
            "items", "/channels/ec/product/list/get", "product_ids", ("item",), "items", "微信小店 商品 (接口)", "WeChat shop products (API)",
            money="none", key="product_id", method="POST", window=Whole(24), every="1d",
            paging=Cursor("next_key", "next_key", "page_size", 30, total="total_num"), total="total_num",
            detail=Detail("/channels/ec/product/get", "", "product_id", "product", params={"data_type": 1}),
        ),
        Endpoint(
            "compass", "/channels/ec/compass/shop/overall/get", "data", ("compass",), "shop", "微信小店罗盘 店铺概览 (接口)", "WeChat shop compass, by day (API)",
            money="fen", method="POST", window=Days("ds", form="%Y%m%d", back=3, today=False), stamp=True, optional=True, every="6h",
        ),
        Endpoint(
            "compass_live", "/channels/ec/compass/shop/live/list/get", "live_list", ("compass_live",), "sessions",
            "微信小店罗盘 开播列表 (接口)", "WeChat shop compass, sessions (API)", money="none", key="live_id", method="POST",
            window=Days("ds", form="%Y%m%d", back=3, today=False), over={"finder_ids": "finder_id"}, optional=True, every="6h", rank=8,
        ),
        Endpoint(
            "live", "/channels/livedashboard/getlivelist", "live_items", ("live_session", "live_minute", "live_item", "live_channel"), "sessions",
            "视频号 直播大屏 (接口)", "WeChat Channels live dashboard (API)", money="fen", key="export_id", method="POST",
            window=LiveDays("ds", form="%Y%m%d", back=7, number=True), detail=Detail("/channels/livedashboard/getlivedata", "export_id", "export_id", "", joined="live"),
        ),
    )  # fmt: skip

    def endpoints_for(self, account: Account) -> tuple[Endpoint, ...]:
        role = account.options.get("role") or ROLES[0]
        if role not in ROLES:
            raise ConfigError(f"The account '{account.name}' has the role '{role}'. Write role = \"shop\" or role = \"channels\" below [account.options].")
        unasked = () if account.options.get("finder_ids") else ("compass_live",)
        return tuple(entry for entry in self.endpoints if (entry.name == "live") == (role == "channels") and entry.name not in unasked)

    def sign(self, request: Request, auth: Auth) -> Request:
        return with_query(request, access_token=auth.token) if auth.token else request

    def decode(self, answer: Answer) -> Any:
        """The answer, with the dashboard's members read a second time."""
        body = super().decode(answer)
        for name in TEXTS if isinstance(body, dict) else ():
            if isinstance(text := body.get(name), str):
                try:
                    body[name] = decode_json(Answer(answer.status, {}, text.encode())) if text else None
                except PlatformDown:
                    raise UnexpectedPayload(f"{self.label_en}: '{name}' is no JSON text. Compare with the saved sample and update the connector.") from None
        return body

    def records(self, endpoint: Endpoint, body: Any) -> list[Any]:
        found = super().records(endpoint, body)
        if endpoint.name == "live" and truth(body.get("has_more")):
            raise NotSupported(f"{self.label_en}: a day has more sessions than one answer lists ({len(found)}), and the published contract names no way to ask for the rest.")
        return found
