"""Spend and credited sales of a Tencent Ads account (腾讯广告 Marketing API v3) by ad and day, with the account's own total beside them.

Source: developers.e.qq.com v3.0 pages (daily_reports, hourly_reports, oauth, errors, notice of 2024-09-27) and the official Go SDK, read 2026-11-20.
Grain:  one row per ad (adgroup) and day; v3 has no campaigns above it. And one per account and day.
Units:  money is a whole number whose unit no page states: the account's option `money_unit` must say it (hold one day against the console), or nothing is read.
        Days are Asia/Shanghai. Results of a day still move: the last 15 days are asked again.
Credited orders are booked by `time_line`: since 2024-10-10 the platform's own default is the day they were reported, before it was the day of the ad.
So it is always asked for by name, and is part of a row's key. Windows of 24 hours or 7 days after the click come without orders of their own and are not read.
A report says how many rows it has; by what it is sorted is not published, so a count that is not met is read again.
Not asked for, as their answers are not published well enough: reports by hour, creative and product.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from connectors.api.config import Account
from connectors.api.connector import Auth, Connector, with_query
from connectors.api.endpoint import Endpoint, Envelope, Request
from connectors.api.oauth import Grant, TokenCall
from connectors.api.pacing import Pace
from connectors.api.paging import PageNumber
from connectors.api.windows import Days, Window
from connectors.errors import AccessDenied, AuthExpired, NotSupported, QuotaSpent, RateLimited
from warehouse.errors import ConfigError

UNITS = ("fen", "yuan")
TIME_LINES = ("REPORTING_TIME", "REQUEST_TIME", "ACTIVE_TIME")
FIELDS = ["date", "account_id", "view_count", "valid_click_count", "cost", "order_pv", "order_uv", "order_amount", "live_stream_exp_uv"]
DAYS = Days("date_range.start_date", "date_range.end_date", most=30, back=15, keeps=365)
PAGES = PageNumber("page", "page_size", 100, last="data.page_info.total_page")
APP = {"client_id": "{client_id}", "client_secret": "{client_secret}"}


class TencentAds(Connector):
    name = "tencent_ads"
    platform = "wechat"
    label_zh, label_en = "腾讯广告", "Tencent Ads"
    base_url = "https://api.e.qq.com"
    credentials = ("client_id", "client_secret")
    id_label = "广告主帐号 account_id"
    options: ClassVar[Mapping[str, str]] = {
        "!money_unit": "unit of cost and order_amount, as one day in the console shows: fen or yuan",
        "time_line": f"by which day results are booked: {', '.join(TIME_LINES)}; blank: REPORTING_TIME, the day they were reported",
    }
    defaults: ClassVar[Mapping[str, Any]] = {"time_line": TIME_LINES[0]}
    pace = Pace(per_second=2.0, burst=2)
    parallel = 2
    throttle_s = 60.0
    grant = Grant(
        exchange=TokenCall("/oauth/token", {**APP, "grant_type": "authorization_code", "authorization_code": "{code}", "redirect_uri": "{redirect_uri}"}, "GET"),
        refresh=TokenCall("/oauth/token", {**APP, "grant_type": "refresh_token", "refresh_token": "{refresh}"}, "GET"),
        consent="https://developers.e.qq.com/oauth/authorize",
        asks={"client_id": "{client_id}", "redirect_uri": "{redirect_uri}", "state": "{state}", "scope": "ads_insights"},
        code_name="authorization_code", expires_in="access_token_expires_in",
    )  # fmt: skip
    envelope = Envelope(
        ok=("code", (0,)), message=("message_cn", "message"),
        rules={
            "11000": AuthExpired, "11002": AuthExpired, "11012": AuthExpired, "11013": AuthExpired, "11014": AccessDenied, "11018": QuotaSpent,
            **dict.fromkeys(("11008", "11016", "11017", "11019", "30104"), RateLimited),
        },
    )  # fmt: skip
    endpoints = (
        Endpoint(
            "ads", "/v3.0/daily_reports/get", "data.list", ("ad_day",), "ads", "腾讯广告 广告日报 (接口)", "Tencent Ads by ad and day (API)", money="stated",
            key=("adgroup_id", "date"), window=DAYS, paging=PAGES, total="data.page_info.total_number", purse="tencent_ads",
            params={"level": "REPORT_LEVEL_ADGROUP", "group_by": ["date", "adgroup_id"], "fields": [*FIELDS, "adgroup_id", "adgroup_name"]},
        ),
        Endpoint(
            "account", "/v3.0/daily_reports/get", "data.list", ("account_day",), "ads", "腾讯广告 账户日报 (接口)", "Tencent Ads account totals by day (API)",
            money="stated", key="date", window=DAYS, paging=PAGES, total="data.page_info.total_number", purse="tencent_ads", rank=20,
            params={"level": "REPORT_LEVEL_ADVERTISER", "group_by": ["date"], "fields": FIELDS},
        ),
    )  # fmt: skip

    def endpoints_for(self, account: Account) -> tuple[Endpoint, ...]:
        line = account.options.get("time_line") or TIME_LINES[0]
        if line not in TIME_LINES:
            raise ConfigError(f"The account '{account.name}' has the time_line '{line}'. Write one of {', '.join(TIME_LINES)} below [account.options].")
        return super().endpoints_for(account)

    def params(self, endpoint: Endpoint, account: Account, window: Window, zone: str) -> dict[str, Any]:
        """Raises NotSupported as long as nobody has said what unit the money is in."""
        if account.options.get("money_unit") not in UNITS:
            raise NotSupported(
                "Tencent Ads: the unit of cost and order_amount is not published. Compare one day with the console and set money_unit = \"fen\" (or \"yuan\") "
                "below [account.options]."
            )
        return {"account_id": self._slot("id", {}, account), "time_line": account.options["time_line"], **super().params(endpoint, account, window, zone)}

    def sign(self, request: Request, auth: Auth) -> Request:
        """Calls for a token carry none of these; the nonce must never come twice, the timestamp is held to five minutes."""
        return with_query(request, access_token=auth.token, timestamp=str(auth.now), nonce=auth.nonce) if auth.token else request
