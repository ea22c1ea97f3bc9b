"""Ad spend, credited sales and live sessions of a Qianchuan advertiser (巨量千川).

Source: official Go SDK oceanengine/ad_open_sdk_go (models and api of qianchuan) and bububa/oceanengine, read 2026-11-20; no official page was called live.
Grain:  plan, account and day; 全域 by advertiser, goal and day, by room and hour, by anchor and day; one row per live session, its channels, its items.
Units:  money in yuan (floats), times as text in GMT+8; rows carry CNY and Asia/Shanghai.
Plan and account reports leave 全域推广 and 托管 out, so spend is plans + 全域: they are parts of one source. Plans of which nothing is known are dropped by
the platform though it counts them, so that report cannot be held against its total; the account report (which may count FEED only) stands beside it.
Both report today's cost, which moves until tomorrow, and 7-day results, which move for a week: the last 15 days are asked for again.
Not given by the platform: shop visitors, orders, refunds by order, viewers as people, most people online. 随心推 orders of their own, all_promotion and
custom reports have no known answer and are left out; the sales by channel (AllEcomGmvSource) have no stated unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from connectors.api.config import Account
from connectors.api.connector import Auth, Call, Connector, turned, with_headers, with_query
from connectors.api.endpoint import Answer, Endpoint, Envelope, Ping, Request, dig
from connectors.api.line import Line
from connectors.api.oauth import Grant, TokenCall
from connectors.api.pacing import Pace
from connectors.api.paging import PageNumber, Paging, Single
from connectors.api.windows import Days, Window
from connectors.errors import (
    AccessDenied,
    ApiError,
    AuthExpired,
    BadRequest,
    NotSupported,
    PlatformDown,
    QuotaSpent,
    RateLimited,
    UnexpectedPayload,
)

V1 = "/open_api/v1.0/qianchuan"
OLD_HOST = "https://ad.oceanengine.com"
ADVERTISERS = "/open_api/oauth2/advertiser/get/"
KEEPS = 180  # days, as the plan report states; nothing is stated of the others
FINAL = ("40103", "40105", "40107", "40115", "40119")  # a refresh cannot help

REPORT = ["stat_cost", "show_cnt", "click_cnt", "pay_order_count", "pay_order_amount", "prepay_order_amount", "all_order_pay_count_7days",
          "all_order_pay_gmv_7days", "indirect_order_pay_gmv_7days", "dy_follow", "total_play"]  # fmt: skip
UNI = ["stat_cost", "total_pay_order_count_for_roi2", "total_pay_order_gmv_for_roi2", "total_pay_order_gmv_include_coupon_for_roi2",
       "total_pay_order_coupon_amount_for_roi2", "total_prepay_order_gmv_for_roi2"]  # fmt: skip
UNI_ROOM = ["stat_cost_for_roi2", "total_pay_order_gmv_for_roi2", "total_pay_order_count_for_roi2", "total_order_settle_amount_for_roi2_1h",
            "total_refund_order_count_for_roi2_1h", "total_refund_order_gmv_for_roi2_1h_all"]  # fmt: skip
UNI_ANCHOR = ["stat_cost_for_overall_roi2", "total_pay_order_gmv_for_roi2_fork", "total_pay_order_count_for_roi2_fork", "live_show_count_exclude_video_for_roi2"]
LIVE = ["stat_cost", "live_pay_order_gmv_alias", "live_pay_order_count_alias", "live_create_order_count_alias", "total_live_watch_cnt",
        "total_live_follow_cnt", "total_live_comment_cnt", "total_live_share_cnt", "live_click_product_count_alias"]  # fmt: skip
PRODUCT = ["live_pay_order_count_alias", "live_pay_order_gmv_alias"]

DAILY: Mapping[str, Any] = {
    "filtering.marketing_goal": "ALL", "filtering.order_platform": "ALL", "filtering.marketing_scene": "ALL", "fields": REPORT,
    "time_granularity": "TIME_GRANULARITY_DAILY", "order_field": "stat_cost", "order_type": "DESC",
}  # fmt: skip
DATES = Days("start_date", "end_date", most=30, keeps=KEEPS)
ONE_DATE = Days("start_date", "end_date", most=1, keeps=KEEPS)
TIMES = Days("start_time", "end_time", form="%Y-%m-%d 00:00:00", end_form="%Y-%m-%d 23:59:59", most=1, keeps=KEEPS)
LIVE_DAY = Days("date_time", back=4, keeps=KEEPS)
OF_ROOMS = replace(LIVE_DAY, start="_day")  # the rooms' own days; the calls take none


def _pages(size: int, total: str = "") -> dict[str, Any]:
    """Pages by number up to the last page stated; `total`: name of the stated number of records."""
    paging: Paging = PageNumber("page", "page_size", size, last="data.page_info.total_page")
    return {"paging": paging, "total": f"data.page_info.{total}" if total else ""}


def _uni(name: str, goal: str, part: str, source: str, rank: int) -> Endpoint:
    """A day of 全域推广 with one goal: a single object without a date."""
    return Endpoint(
        name, f"{V1}/report/uni_promotion/get/", "data", ("uni",), "ads", f"千川 {part} 按日 (接口)", f"Qianchuan {goal.split('_')[0].lower()} all-in-one (API)",
        money="yuan", params={"marketing_goal": goal, "order_platform": "ALL", "fields": UNI}, window=ONE_DATE, paging=Single(), purse="qianchuan",
        source=source, part=part, stamp=True, rank=rank, every="6h",
    )  # fmt: skip


def _of_room(name: str, path: str, items: str, load: str, kind: str, zh: str, en: str, **more: Any) -> Endpoint:
    """Asked for room by room, of the rooms that a day began."""
    return Endpoint(name, V1 + path, items, (load,), kind, zh, en, money="yuan", each="rooms", each_key={"room_id": "room_id"},
                    each_with=("start_time", "aweme_id"), stamp=True, every="6h", **more)  # fmt: skip


class Qianchuan(Connector):
    name = "qianchuan"
    platform = "douyin"
    label_zh, label_en = "巨量千川", "Qianchuan"
    base_url = "https://api.oceanengine.com"
    credentials = ("app_id", "secret")
    id_label = "advertiser_id"
    options: ClassVar[Mapping[str, str]] = {
        "aweme_ids": "抖音号 ids whose live sessions are read: [68000000001]", "report_host": '"ad" when plan reports answer on ad.oceanengine.com only',
        "uni_topic": "data_topic of a 全域 report by anchor, as its config lists it", "uni_order_type": "the number that order_by.type of that report wants",
    }  # fmt: skip
    sends = "json"
    pace = Pace(per_second=5.0, burst=5)
    grant = Grant(
        exchange=TokenCall("/open_api/oauth2/access_token/", {"app_id": "{app_id}", "secret": "{secret}", "auth_code": "{code}"}),
        refresh=TokenCall("/open_api/oauth2/refresh_token/", {"app_id": "{app_id}", "secret": "{secret}", "refresh_token": "{refresh}"}),
        consent="https://ad.oceanengine.com/openapi/audit/oauth.html",
        asks={"app_id": "{app_id}", "state": "{state}", "redirect_uri": "{redirect_uri}", "material_auth": "1"}, code_name="auth_code",
    )  # fmt: skip
    envelope = Envelope(
        ok=("code", (0,)),
        rules={
            "40000": BadRequest, "40001": BadRequest, "40002": AccessDenied, "40100": RateLimited, "40110": RateLimited, "40130": QuotaSpent,
            "40102": AuthExpired, **dict.fromkeys(FINAL, AuthExpired), "5*": PlatformDown,
        },
    )  # fmt: skip
    endpoints = (
        Endpoint(
            "plans", f"{V1}/report/ad/get/", "data.list", ("plan",), "ads", "千川 推广日报 (接口)", "Qianchuan ads by day (API)", money="yuan",
            key=("ad_id", "stat_datetime"), params=DAILY, window=DATES, **_pages(500), purse="qianchuan", source="ads",
        ),
        _uni("uni_live", "LIVE_PROM_GOODS", "全域推直播", "ads", 5),
        _uni("uni_items", "VIDEO_PROM_GOODS", "全域推商品", "ads", 5),
        Endpoint(
            "account", f"{V1}/report/advertiser/get/", "data.list", ("account",), "ads", "千川 账户日报 (接口)", "Qianchuan account (API)", money="yuan",
            key="stat_datetime", params=DAILY, window=DATES, **_pages(500, "total_number"), purse="qianchuan", rank=6, every="6h",
        ),
        _uni("account_uni_live", "LIVE_PROM_GOODS", "全域推直播", "account", 6),
        _uni("account_uni_items", "VIDEO_PROM_GOODS", "全域推商品", "account", 6),
        Endpoint(
            "uni_anchors", f"{V1}/report/uni_promotion/data/get/", "data.rows", ("uni_anchor",), "ad_items", "千川 全域 按主播 (接口)", "Qianchuan by anchor (API)",
            money="yuan", key=("dimensions.stat_time_day.ValueStr", "dimensions.anchor_id.ValueStr"), **_pages(100, "total_number"), purse="qianchuan",
            params={"dimensions": ["stat_time_day", "roi2_material_anchor_name", "anchor_id"], "metrics": UNI_ANCHOR, "filters": []}, optional=True, rank=16,
            window=replace(TIMES, most=7), every="6h",
        ),
        Endpoint(
            "rooms", f"{V1}/today_live/room/get/", "data.room_list", ("live_session",), "sessions", "千川 直播间 (接口)", "Qianchuan live rooms (API)",
            money="yuan", key="room_id", params={"room_status": "ALL", "ad_status": "ALL", "fields": LIVE}, window=LIVE_DAY, **_pages(100, "total_num"),
            over={"aweme_ids": "aweme_id"},
        ),
        Endpoint(
            "live_days", f"{V1}/report/live/get/", "data", ("live_day",), "live_totals", "千川 直播日报 (接口)", "Qianchuan live by day (API)", money="yuan",
            params={"fields": LIVE, "stats_authority": "CURRENT"}, over={"aweme_ids": "aweme_id"}, stamp=True, every="6h",
            window=replace(TIMES, back=4),
        ),
        _of_room("channels", "/today_live/room/flow_performance/get/", "data", "live_channel", "sessions", "千川 直播流量渠道 (接口)",
                 "Qianchuan live channels (API)", source="rooms", window=OF_ROOMS, params={"flow_source": "AllEcomFlowSource"}),
        _of_room("products", "/today_live/room/product_list/get/", "data.list", "live_item", "sessions", "千川 直播商品 (接口)", "Qianchuan live items (API)",
                 source="rooms", window=OF_ROOMS, params={"explain_status": "ALL", "fields": PRODUCT}, key="productId", **_pages(100, "total_num")),
        _of_room("uni_rooms", "/report/uni_promotion/dimension_data/room/get/", "data.list", "uni_room", "ad_items", "千川 全域 按直播间 (接口)",
                 "Qianchuan all-in-one by room (API)", purse="qianchuan", rank=15, optional=True, key=("room_id", "stat_datetime"), **_pages(100, "total_number"),
                 params={"dimension": "TIME_GRANULARITY_HOURLY", "metrics": UNI_ROOM, "order_field": "stat_cost_for_roi2", "order_type": "DESC"},
                 # a room goes on past midnight: two days are asked for
                 window=replace(TIMES, end_inclusive=False)),
    )  # fmt: skip

    def endpoints_for(self, account: Account) -> tuple[Endpoint, ...]:
        live = bool(account.options.get("aweme_ids"))
        chosen = (entry for entry in self.endpoints if live or not (entry.over or entry.each))
        return tuple(entry for entry in chosen if entry.name != "uni_anchors" or account.options.get("uni_topic"))

    def params(self, endpoint: Endpoint, account: Account, window: Window, zone: str) -> dict[str, Any]:
        params = {"advertiser_id": account.id, **super().params(endpoint, account, window, zone)}
        params.pop("_day", None)
        if endpoint.name == "uni_anchors":
            order = account.options.get("uni_order_type")
            if order is None:
                raise NotSupported("Qianchuan uni_anchors: order_by.type is a number whose meaning is not published. State it as the option uni_order_type.")
            params |= {"data_topic": account.options["uni_topic"], "order_by": [{"field": "stat_cost_for_overall_roi2", "type": int(order)}]}
        return params

    def build(self, call: Call, account: Account) -> Request:
        params = dict(call.params)
        if call.is_token and str(params["app_id"]).isdigit():
            params["app_id"] = int(params["app_id"])
        old = account.options.get("report_host") == "ad" and call.path in (f"{V1}/report/ad/get/", f"{V1}/report/advertiser/get/")
        return super().build(replace(call, params=params, base_url=OLD_HOST if old else call.base_url), account)

    def sign(self, request: Request, auth: Auth) -> Request:
        if request.url.endswith(ADVERTISERS):
            return with_query(request, access_token=auth.token)
        return with_headers(request, Access_Token=auth.token) if auth.token else request

    def refused(self, answer: Answer, body: Any, path: str) -> ApiError:
        error = super().refused(answer, body, path)
        if error.code == "40000" and "downstream" in str(error).lower():
            return turned(error, PlatformDown)
        if isinstance(error, AuthExpired) and error.code in FINAL:
            error.final = True
        if dimension := answer.headers.get("x-ratelimit-dimension"):
            error.args = (f"{error} (limit of {dimension[:40]})",)
        return error

    def ping(self, line: Line) -> Ping:
        listed = dig(line.call(Call(ADVERTISERS)), "data.list")
        if not isinstance(listed, list):
            raise UnexpectedPayload("Qianchuan: the answer about the token's advertisers has no list. Compare with the saved sample and update the connector.")
        line.probe(self.endpoints[0])  # that a token was given says nothing of this advertiser
        mine = [entry for entry in listed if line.account.id in (str(dig(entry, "account_id")), str(dig(entry, "advertiser_id")))]
        who = next((str(dig(entry, "account_name") or "") for entry in mine or listed), "")
        return Ping(who, line.account.id, line.zone, line.currency, note="计划报表可读" if mine else "账户在所授权的店铺或组织之下，计划报表可读")
