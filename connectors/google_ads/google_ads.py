"""Cost and conversions of a Google Ads customer by campaign and day, with the customer's own total beside it (Google Ads API, REST).

Source: googleads/google-ads-python 34.0.0 (protos v23 to v26), google-auth (refresh grant), airbyte source-google-ads 6.1.7 and
        developers.google.com/google-ads on REST and quotas, read 2026-11-20.
Grain:  one row per campaign (or per customer) and day. Campaigns, for Performance Max spends nothing that ads would show.
Units:  cost in micros as text, conversion value in whole units, both of the customer's currency; conversions may be fractions. Days of the
        customer's zone. The last days move as long as the longest conversion window lasts (`conversion_days`, 14 unless stated, at most 90).
A conversion lies on the day of its click. Its window is a setting at Google that no row names, so `attribution` stays empty as in the export.
A day on which nothing happened has no row. Not given: orders, conversions of the hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from connectors.api.account import Account
from connectors.api.connector import Auth, Call, Connector, same_zone, with_headers
from connectors.api.endpoint import Answer, Endpoint, Envelope, Ping, Request, dig
from connectors.api.line import Line
from connectors.api.oauth import Grant, TokenCall
from connectors.api.pacing import Pace
from connectors.api.windows import Days, Window
from connectors.errors import ApiError, AuthExpired, QuotaSpent, RateLimited, UnexpectedPayload
from warehouse.errors import ConfigError

LONGEST_DAYS = 90
DAYS = Days("from", "to", most=30, back=14, keeps=1110)
SEARCH = "/customers/{id}/googleAds:searchStream"
METRICS = "metrics.cost_micros, metrics.impressions, metrics.clicks, metrics.conversions, metrics.conversions_value, segments.date"
OF = "customer.currency_code, customer.time_zone"
BY_CAMPAIGN = (
    f"SELECT {OF}, campaign.id, campaign.name, campaign.advertising_channel_type, {METRICS} FROM campaign "
    "WHERE segments.date BETWEEN '{from}' AND '{to}' AND campaign.status IN ('ENABLED', 'PAUSED', 'REMOVED') ORDER BY segments.date, campaign.id"
)
BY_CUSTOMER = f"SELECT {OF}, {METRICS} FROM customer WHERE segments.date BETWEEN '{{from}}' AND '{{to}}' ORDER BY segments.date"
LOGIN = Grant(  # of every Google API: an access token for a refresh token that is a setting
    exchange=TokenCall(
        "/token", {"grant_type": "refresh_token", "client_id": "{client_id}", "client_secret": "{client_secret}", "refresh_token": "{refresh_token}"},
        base_url="https://oauth2.googleapis.com", sends="form",
    ),
    data="",
)  # fmt: skip


class GoogleAds(Connector):
    name = "google_ads"
    platform = "google"
    label_zh, label_en = "Google Ads", "Google Ads"
    base_url = "https://googleads.googleapis.com/v26"
    zone, currency = "America/New_York", "USD"
    credentials = ("developer_token", "client_id", "client_secret", "refresh_token")
    id_label = "customer id"
    options: ClassVar[Mapping[str, str]] = {
        "login_customer_id": "id of the manager account the login goes through; blank: none",
        "conversion_days": f"longest conversion window in days, at most {LONGEST_DAYS}; blank: 14",
    }  # fmt: skip
    sends = "json"
    pace = Pace(per_second=2.0, burst=2)
    parallel = 2
    throttle_s = 5.0
    grant = LOGIN
    envelope = Envelope(
        codes=("code", "status", "error"), message=("message", "error_description"),
        rules={
            "RESOURCE_TEMPORARILY_EXHAUSTED": RateLimited, "RESOURCE_EXHAUSTED": QuotaSpent, "UNAUTHENTICATED": AuthExpired,
            "invalid_grant": AuthExpired, "invalid_client": AuthExpired,
        },
    )  # fmt: skip
    endpoints = (
        Endpoint(
            "campaign_day", SEARCH, "", ("campaign_day",), "ads", "Google Ads 广告系列 日报 (接口)", "Google Ads campaigns by day (API)",
            money="micros", key=("campaign.id", "segments.date"), method="POST", params={"query": BY_CAMPAIGN}, window=DAYS, purse="google_ads",
        ),
        Endpoint(
            "customer_day", SEARCH, "", ("customer_day",), "ads", "Google Ads 账户合计 日报 (接口)", "Google Ads customer totals by day (API)",
            money="micros", key="segments.date", method="POST", params={"query": BY_CUSTOMER}, window=DAYS, purse="google_ads", rank=20,
        ),
    )  # fmt: skip

    def endpoints_for(self, account: Account) -> tuple[Endpoint, ...]:
        said = str(account.options.get("conversion_days") or DAYS.back)
        if not said.isdigit() or not 1 <= int(said) <= LONGEST_DAYS:
            raise ConfigError(f"The account '{account.name}': conversion_days is '{said}'. Write the longest conversion window of the customer: 1 to {LONGEST_DAYS}.")
        window = replace(DAYS, back=int(said))
        return tuple(replace(endpoint, window=window) for endpoint in super().endpoints_for(account))

    def params(self, endpoint: Endpoint, account: Account, window: Window, zone: str) -> dict[str, Any]:  # noqa: ARG002 - the account is in the path
        return {"query": endpoint.params["query"].format(**endpoint.window.params(window, zone))}

    def build(self, call: Call, account: Account) -> Request:
        return super().build(call, replace(account, id=_digits(account.id)))

    def sign(self, request: Request, auth: Auth) -> Request:
        if not auth.token:
            return request
        manager = _digits(str(auth.account.options.get("login_customer_id") or ""))
        named = with_headers(request, Authorization=f"Bearer {auth.token}", developer_token=auth.secrets["developer_token"])
        return with_headers(named, login_customer_id=manager) if manager else named

    def pages(self, line: Line, endpoint: Endpoint, params: Mapping[str, Any]) -> Iterator[Any]:
        for body in super().pages(line, endpoint, params):
            if theirs := next((dig(row, "customer.timeZone") for row in self.records(endpoint, body)), ""):
                same_zone(line, theirs, f"Google's customer {line.account.id}")
            yield body

    def records(self, endpoint: Endpoint, body: Any) -> list[Any]:
        """Rows of all chunks of the stream; a chunk may have none."""
        if not isinstance(body, list) or not all(isinstance(chunk, dict) for chunk in body):
            raise UnexpectedPayload(f"{endpoint.name}: the answer is no list of chunks. Compare with the saved sample and update the connector.")
        return [row for chunk in body for row in chunk.get("results", [])]

    def judge(self, call: Call, answer: Answer) -> Any:
        """A stream that breaks off ends with an error chunk, be the status what it may."""
        body = super().judge(call, answer)
        if _error(body) is not None:
            raise self.refused(answer, body, call.path)
        return body

    def refused(self, answer: Answer, body: Any, path: str) -> ApiError:
        error = _error(body)
        if error is None:
            return super().refused(answer, body, path)
        causes = [cause for detail in error.get("details") or [] for cause in detail.get("errors") or []]
        codes = [str(code) for cause in causes for code in (cause.get("errorCode") or {}).values()]
        said = next((cause["message"] for cause in causes if cause.get("message")), error.get("message"))
        stated = error.get("code")  # of a chunk within a stream the status of the answer says nothing
        answer = replace(answer, status=stated if isinstance(stated, int) else answer.status)
        return super().refused(answer, {"code": next(iter(codes), None), "status": error.get("status"), "message": said}, path)

    def ping(self, line: Line) -> Ping:
        query = "SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone FROM customer LIMIT 1"
        said = line.call(Call(SEARCH, {"query": query}, "POST"))
        who: Mapping[str, Any] = next((row["customer"] for row in self.records(self.endpoints[0], said)), {})
        return Ping(str(who.get("descriptiveName") or ""), str(who.get("id") or ""), str(who.get("timeZone") or ""), str(who.get("currencyCode") or ""))


def _digits(text: str) -> str:
    """123-456-7890, as the back office writes it, as the API wants it."""
    return text.replace("-", "").strip()


def _error(body: Any) -> dict[str, Any] | None:
    """The error that an answer, or one of its chunks, states."""
    for part in body if isinstance(body, list) else [body]:
        if isinstance(part, dict) and isinstance(part.get("error"), dict):
            found: dict[str, Any] = part["error"]
            return found
    return None
