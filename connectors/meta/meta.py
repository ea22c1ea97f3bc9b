"""Ad spend of a Meta ad account by campaign and day, with the account's own total beside it (Marketing API, insights).

Source: facebook-python-business-sdk 26.0.3 (AdsInsights, AdAccount, AdReportRun, session.py), airbyte source-facebook-marketing 6.1.9 and
        developers.facebook.com on insights, read 2026-11-20. The statuses asked for are Campaign.EffectiveStatus of that SDK.
Grain:  one row per campaign (or per account), day and attribution window.
Units:  decimal text in the account's currency, which every row names; days of the ad account's zone. The last 28 days still move.
Purchases are counted under several action types that overlap: an account says which one counts (`action_type`), and they are never added.
The windows are named in the request and are part of a row's key; 7- and 28-day view windows ended on 2026-01-12.
The total of the account holds the spend of deleted campaigns too, which a list of campaigns may lack; it is kept as a report of its own.
Not given: orders, reach that can be added over days or campaigns.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from connectors.api.account import Account
from connectors.api.connector import Auth, Call, Connector, same_zone, turned, with_query
from connectors.api.endpoint import Answer, Endpoint, Envelope, Ping, Request, dig
from connectors.api.line import Line
from connectors.api.pacing import Pace
from connectors.api.paging import Cursor
from connectors.api.windows import Days, Window
from connectors.errors import (
    ApiError,
    AuthExpired,
    NotSupported,
    PlatformDown,
    RateLimited,
    TooMuch,
    UnexpectedPayload,
)
from warehouse.errors import ConfigError

WINDOWS = ("1d_click", "7d_click", "28d_click", "1d_view", "1d_ev")
STATUSES = ["ACTIVE", "ARCHIVED", "DELETED", "IN_PROCESS", "PAUSED", "WITH_ISSUES"]
FIELDS = "account_id,account_currency,date_start,date_stop,spend,impressions,inline_link_clicks,reach,actions,action_values"
AT_ONCE = 31  # days; a longer range is made as a report and fetched when it is done
POLLS, FIRST_POLL_S, LONGEST_POLL_S = 60, 5.0, 30.0
WAITS = ("Job Not Started", "Job Started", "Job Running")
DAYS = Days("time_range.since", "time_range.until", most=90, back=28, keeps=1110)
PAGES = Cursor("after", "paging.cursors.after", "limit", 200, next_url="paging.next", smallest=25)
FIXED = {"time_increment": 1, "action_report_time": "impression"}
ALL = [{"field": "campaign.effective_status", "operator": "IN", "value": STATUSES}]


class Meta(Connector):
    name = "meta"
    platform = "meta"
    label_zh, label_en = "Meta 广告", "Meta ads"
    base_url = "https://graph.facebook.com/v26.0"
    zone, currency = "America/New_York", "USD"
    credentials = ("access_token",)
    optional_credentials = ("app_secret",)
    id_label = "ad account id (act_…)"
    options: ClassVar[Mapping[str, str]] = {
        "!action_type": "which action counts as a purchase: purchase, omni_purchase, offsite_conversion.fb_pixel_purchase …",
        "attribution": f"attribution windows, separated by commas, of {', '.join(WINDOWS)}; blank: 7d_click",
    }  # fmt: skip
    defaults: ClassVar[Mapping[str, Any]] = {"attribution": "7d_click"}
    sends = "form"
    pace = Pace(per_second=2.0, burst=2)
    parallel = 2
    throttle_s = 60.0
    envelope = Envelope(
        codes=("error.error_subcode", "error.code"), message=("error.message",),
        rules={
            "1487534": TooMuch, "190": AuthExpired, **dict.fromkeys(("2", "99", "104", "960"), PlatformDown),
            **dict.fromkeys(("4", "17", "32", "613", *(str(code) for code in range(80000, 80007)), "80008"), RateLimited),
        },
    )  # fmt: skip
    endpoints = (
        Endpoint(
            "campaign_day", "/act_{id}/insights", "data", ("campaign_day",), "ads", "Meta 广告系列 日报 (接口)", "Meta campaigns by day (API)",
            money="major", key=("campaign_id", "date_start"), window=DAYS, paging=PAGES, purse="meta",
            params={**FIXED, "level": "campaign", "fields": f"campaign_id,campaign_name,{FIELDS}", "filtering": ALL},
        ),
        Endpoint(
            "account_day", "/act_{id}/insights", "data", ("account_day",), "ads", "Meta 账户合计 日报 (接口)", "Meta account totals by day (API)",
            money="major", key="date_start", window=DAYS, paging=PAGES, purse="meta", rank=20, params={**FIXED, "level": "account", "fields": FIELDS},
        ),
    )  # fmt: skip

    def params(self, endpoint: Endpoint, account: Account, window: Window, zone: str) -> dict[str, Any]:
        said = account.options.get("attribution", "")
        named = said if isinstance(said, list) else [part.strip() for part in str(said).split(",")]
        if wrong := [each for each in named if each not in WINDOWS]:
            raise NotSupported(f"'{wrong[0]}' is no attribution window that Meta counts. Write attribution = \"7d_click\", or several of {', '.join(WINDOWS)}.")
        if not account.options.get("action_type"):
            raise ConfigError(f"The account '{account.name}' does not say which action is a purchase. Write action_type = \"purchase\" below [account.options].")
        return {**super().params(endpoint, account, window, zone), "action_attribution_windows": named}

    def build(self, call: Call, account: Account) -> Request:
        return super().build(call, replace(account, id=account.id.removeprefix("act_")))

    def sign(self, request: Request, auth: Auth) -> Request:
        token, secret = auth.secrets["access_token"], auth.secrets.get("app_secret", "")
        proof = {"appsecret_proof": hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()} if secret else {}
        return with_query(request, access_token=token, **proof)

    def pages(self, line: Line, endpoint: Endpoint, params: Mapping[str, Any]) -> Iterator[Any]:
        """A long range is made as a report first: then its pages are those of the report."""
        first, last = (date.fromisoformat(params[f"time_range.{end}"]) for end in ("since", "until"))
        if (last - first).days < AT_ONCE:
            return super().pages(line, endpoint, params)
        return super().pages(line, replace(endpoint, path=f"/{self._made(line, endpoint, params)}/insights"), {})

    def _made(self, line: Line, endpoint: Endpoint, params: Mapping[str, Any]) -> str:
        """The id of a report that is done: only its status says so, not its percentage. Raises TooMuch when Meta gives it up, so that it is split."""
        run = dig(line.call(Call(endpoint.path, params, "POST")), "report_run_id")
        if not run:
            raise UnexpectedPayload(f"{endpoint.name}: a report was ordered and has no 'report_run_id'. Compare with the saved sample and update the connector.")
        for poll in range(POLLS):
            state = dig(line.call(Call(f"/{run}")), "async_status")
            if state == "Job Completed":
                return str(run)
            if state in ("Job Failed", "Job Skipped"):
                raise TooMuch(f"{endpoint.name}: Meta gave the report up ({state}). It is asked for in shorter ranges.")
            if state not in WAITS:
                raise UnexpectedPayload(f"{endpoint.name}: a report is '{state}', which is no known state. Compare with the saved sample and update the connector.")
            line.around.sleep(min(FIRST_POLL_S * (poll + 1), LONGEST_POLL_S))
        raise PlatformDown(f"{endpoint.name}: Meta did not finish the report in half an hour. It is ordered again at the next run.")

    def records(self, endpoint: Endpoint, body: Any) -> list[Any]:
        """Rows of a single day each: a row over several days is what comes when the step of a day was not understood."""
        rows = super().records(endpoint, body)
        if any(dig(row, "date_start") != dig(row, "date_stop") for row in rows):
            raise UnexpectedPayload(f"{endpoint.name}: a row covers more than its day. Nothing was stored of this window; compare with the saved sample.")
        return rows

    def rest(self, answer: Answer, body: Any) -> float:  # noqa: ARG002 - the limits stand in the headers
        """Two minutes from 85 % of any limit, ten from 95 % or as long as Meta says it takes."""
        used, regain_s = usage(answer.headers)
        return 0.0 if used < 85 else 120.0 if used < 95 else max(600.0, regain_s)

    def refused(self, answer: Answer, body: Any, path: str) -> ApiError:
        error = super().refused(answer, body, path)
        if isinstance(error, RateLimited):
            error.retry_after_s = error.retry_after_s or usage(answer.headers)[1] or None
            return error
        text = str(dig(body, "error.message") or "").lower()
        kind = TooMuch if "reduce the amount of data" in text else PlatformDown if dig(body, "error.is_transient") is True else None
        return error if kind is None or isinstance(error, AuthExpired) else turned(error, kind)

    def learn(self, line: Line) -> Mapping[str, str]:
        """The account's own node, asked once a run. Raises BadRequest when its days are not those of our account."""
        said = line.call(Call("/act_{id}", {"fields": "account_id,name,currency,timezone_name"}))
        same_zone(line, dig(said, "timezone_name"), f"Meta's account {line.account.id}")
        return {name: str(dig(said, name) or "") for name in ("account_id", "name", "currency", "timezone_name")}

    def ping(self, line: Line) -> Ping:
        said = self.learn(line)
        return Ping(said["name"], said["account_id"], said["timezone_name"], said["currency"])


def usage(headers: Mapping[str, str]) -> tuple[float, float]:
    """The fullest limit in percent, and the seconds until Meta answers again where it says so; headers hold JSON text."""
    found: list[tuple[str, float]] = []
    for name in ("x-business-use-case-usage", "x-app-usage", "x-ad-account-usage", "x-fb-ads-insights-throttle"):
        with suppress(ValueError):
            _numbers(json.loads(headers.get(name, "null")), found)
    shares = [value for name, value in found if name in ("call_count", "total_cputime", "total_time") or name.endswith("_util_pct")]
    return max(shares, default=0.0), 60 * max((value for name, value in found if name == "estimated_time_to_regain_access"), default=0.0)


def _numbers(value: Any, found: list[tuple[str, float]]) -> None:
    for name, each in value.items() if isinstance(value, dict) else (("", each) for each in value) if isinstance(value, list) else ():
        if isinstance(each, (int, float)) and not isinstance(each, bool):
            found.append((name, float(each)))
        else:
            _numbers(each, found)
