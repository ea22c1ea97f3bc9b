"""Spend and credited sales of TikTok ad campaigns, GMV Max campaigns by day, and the ad cost of each LIVE.

Source: business-api.tiktok.com/portal/docs, pages 1740302848100353 (report), 1824721673497601 and 1824722485971009 (GMV Max), 1737172488964097 (codes);
        read 2026-11-20.
Grain:  one row per campaign and day; one per GMV Max campaign and day; one LIVE session with what ads for it cost.
Units:  decimal text in the account's currency, "-" for nothing; days of the account's zone. A report tells neither: the account states both.
Rows move for days and shift while pages are turned, so a list is held against its stated number. Deleted campaigns are left out unless asked for.
Which purchases count is the account's choice (option `purchases`): a website's and a TikTok Shop's are different metrics, and without it none are credited.
GMV Max credits paid and organic orders of the store; it is asked for when the option `store_id` names one. The ad's room and the shop's LIVE are brought together
by time, since no page says that their ids are the same. Not published: whether the campaign report holds GMV Max campaigns too, and attribution windows.
Not read: hours, ad groups and ads. The token is made in the developer's console and lasts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from connectors.api.config import Account
from connectors.api.connector import Auth, Call, Connector, with_headers
from connectors.api.endpoint import Answer, Endpoint, Envelope, Request, dig
from connectors.api.pacing import Pace
from connectors.api.paging import PageNumber
from connectors.api.windows import Days
from connectors.errors import AccessDenied, AuthExpired, BadRequest, Incomplete, PlatformDown, RateLimited
from warehouse.errors import ConfigError

METRICS = (
    "campaign_name", "spend", "impressions", "clicks", "reach", "conversion", "complete_payment", "total_purchase_value", "onsite_shopping",
    "total_onsite_shopping_value", "video_play_actions", "likes", "comments", "shares", "follows",
)  # fmt: skip
PURCHASES = ("", "website", "onsite")
COSTS = ("cost", "net_cost", "orders", "gross_revenue")
LIVE = ("live_views", "10_second_live_views", "live_follows")
ROOM = ("live_name", "live_status", "live_launched_time", "live_duration")  # given only for one campaign, and grouped by room alone
ALL = '["STATUS_ALL"]'
RANGE = Days("start_date", "end_date", most=30, back=7)
PAGES = PageNumber("page", "page_size", 1000, last="data.page_info.total_page")
TOTAL = "data.page_info.total_number"


class TikTokAds(Connector):
    name = "tiktok_ads"
    platform = "tiktok"
    label_zh, label_en = "TikTok 广告", "TikTok Ads"
    base_url = "https://business-api.tiktok.com/open_api/v1.3"
    zone = currency = ""
    needs = ("zone", "currency")
    credentials = ("access_token",)
    id_label = "advertiser_id"
    options = {  # noqa: RUF012
        "purchases": "website (complete_payment) or onsite (onsite_shopping): which purchases count as credited sales; none without it",
        "store_id": "TikTok Shop whose GMV Max campaigns are read; none without it",
    }
    defaults = {"purchases": "", "store_id": ""}  # noqa: RUF012
    pace = Pace(per_second=4.0, burst=4)
    throttle_s = 2.0
    envelope = Envelope(
        ok=("code", (0,)),
        rules={
            "20001": Incomplete, "40016": RateLimited, "40100": RateLimited, "40133": RateLimited, "40001": AccessDenied, "40002": BadRequest, "40102": AuthExpired,
            "40103": AuthExpired, "40104": AuthExpired, "40105": AuthExpired, "40107": AuthExpired, "5*": PlatformDown,
        },
    )  # fmt: skip
    endpoints = (
        Endpoint(
            "campaigns", "/report/integrated/get/", "data.list", ("campaign_day",), "ads", "TikTok 广告系列 (接口)", "TikTok campaigns (API)",
            money="major", purse="tiktok_ads", key=("dimensions.campaign_id", "dimensions.stat_time_day"), window=RANGE, paging=PAGES, total=TOTAL,
            params={"report_type": "BASIC", "data_level": "AUCTION_CAMPAIGN", "service_type": "AUCTION", "dimensions": ["campaign_id", "stat_time_day"], "metrics": METRICS,
                    "filtering": [{"field_name": "campaign_status", "filter_type": "IN", "filter_value": ALL}], "order_field": "spend", "order_type": "DESC"},
        ),
        Endpoint(
            "gmv_max", "/gmv_max/report/get/", "data.list", ("gmv_max_day",), "ads", "TikTok GMV Max (接口)", "TikTok GMV Max (API)",
            money="major", purse="tiktok_gmvmax", key=("dimensions.campaign_id", "dimensions.stat_time_day"), window=RANGE, paging=PAGES, total=TOTAL,
            params={"dimensions": ["campaign_id", "stat_time_day"], "sort_field": "cost", "sort_type": "DESC"}, among={"promotion": ("LIVE", "PRODUCT")}, optional=True,
        ),
        Endpoint(
            "live_rooms", "/gmv_max/report/get/", "data.list", ("live_session",), "session_detail", "TikTok GMV Max 直播花费 (接口)", "TikTok GMV Max LIVE cost (API)",
            money="major", key=("dimensions.room_id", "dimensions.stat_time_day"), window=RANGE, paging=PAGES, total=TOTAL,
            params={"dimensions": ["room_id", "stat_time_day"], "metrics": (*ROOM, *COSTS, *LIVE), "sort_field": "cost", "sort_type": "DESC"},
            each="gmv_max", each_key={"dimensions.campaign_id": "campaign_id"}, each_if="metrics.live_views", optional=True,
        ),
    )  # fmt: skip

    def endpoints_for(self, account: Account) -> tuple[Endpoint, ...]:
        found = super().endpoints_for(account)
        if (said := account.options.get("purchases", "")) not in PURCHASES:
            raise ConfigError(f"The account '{account.name}' says purchases = {said!r}. Write purchases = \"website\" or \"onsite\" below [account.options], or leave it out.")
        return found if account.options.get("store_id") else found[:1]

    def build(self, call: Call, account: Account) -> Request:
        """GMV Max wants its filter as an object: a kind of campaign with every status, or one campaign."""
        params = {"advertiser_id": account.id, **call.params}
        if call.path.startswith("/gmv_max/"):
            params["store_ids"] = [str(account.options["store_id"])]
            if promotion := params.pop("promotion", ""):
                params["metrics"] = ("campaign_name", *COSTS, *(LIVE if promotion == "LIVE" else ()))
                params["filtering"] = {"gmv_max_promotion_types": [promotion], "campaign_statuses": ["STATUS_ALL"]}
            else:
                params["filtering"] = {"campaign_ids": [params.pop("campaign_id")]}
        return super().build(replace(call, params=params), account)

    def sign(self, request: Request, auth: Auth) -> Request:
        return with_headers(request, Access_Token=auth.secrets["access_token"])

    def judge(self, call: Call, answer: Answer) -> Any:
        body = super().judge(call, answer)
        if said := answer.headers.get("x-tt-ads-throttle"):
            raise Incomplete(f"{self.label_en} cut the report short: {said[:120]}. The window will be asked for again.")
        return body

    def records(self, endpoint: Endpoint, body: Any) -> list[Any]:
        """An answer without rows has no list at all, and says so with a number of 0."""
        if dig(body, endpoint.items) is None and str(dig(body, TOTAL)) == "0":
            return []
        return super().records(endpoint, body)
