"""Visitors and sessions of a Google Analytics property by day, and by channel (GA4 Data API, runReport).

Source: googleapis discovery document analyticsdata.v1beta rev 20261006, google-auth (refresh grant), airbyte source-google-analytics-data-api
        2.8.2, support.google.com/analytics/answer/11198161 on freshness; read 2026-11-20.
Grain:  one row per day; one row per day and default channel group of the session.
Units:  people and sessions as text; revenue in whole units of the property's currency; days of the property's zone. The last 3 days still move.
Visitors of days or channels never add up to those of a month or of the whole. What Google held back (thresholds, "(other)", samples) is said
beside the figures. Purchases and revenue are what the page's script saw, less refunds where the shop sends them: they stand with the channels
and never count as the shop's orders. Not given: who declined to be counted, and any order one could look up. A service account is not supported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from connectors.api.account import Account
from connectors.api.connector import Auth, Call, Connector, same_zone, with_headers
from connectors.api.endpoint import Answer, Endpoint, Envelope, Ping, Request, dig
from connectors.api.line import Line
from connectors.api.pacing import Pace
from connectors.api.paging import Offset
from connectors.api.windows import Days, Window
from connectors.errors import AuthExpired, RateLimited, UnexpectedPayload
from connectors.google_ads.google_ads import LOGIN

REPORT = "/properties/{id}:runReport"
DAYS = Days("startDate", "endDate", most=90, back=3)
PAGES = Offset("offset", "limit", 10_000, "rowCount")
FLAGS = ("currencyCode", "timeZone", "dataLossFromOtherRow", "subjectToThresholding", "samplingMetadatas")
HOURLY = ("tokensPerHour", "tokensPerProjectPerHour")


def asked(dimensions: tuple[str, ...], metrics: tuple[str, ...]) -> dict[str, Any]:
    """A report by these dimensions, sorted by them: without an order pages may overlap."""
    return {
        "dimensions": [{"name": name} for name in dimensions], "metrics": [{"name": name} for name in metrics],
        "orderBys": [{"dimension": {"dimensionName": name}} for name in dimensions], "keepEmptyRows": False, "returnPropertyQuota": True,
    }  # fmt: skip


class Ga4(Connector):
    name = "ga4"
    platform = "ga4"
    label_zh, label_en = "Google Analytics 4", "Google Analytics 4"
    base_url = "https://analyticsdata.googleapis.com/v1beta"
    zone, currency = "America/New_York", "USD"
    credentials = ("client_id", "client_secret", "refresh_token")
    id_label = "property id"
    sends = "json"
    pace = Pace(per_second=2.0, burst=2)
    parallel = 2  # ten at once are allowed
    attempts = 4  # ten server errors an hour are allowed
    throttle_s = 30.0
    grant = LOGIN
    envelope = Envelope(
        codes=("error.status", "error"), message=("error.message", "error_description"),
        rules={"RESOURCE_EXHAUSTED": RateLimited, "UNAUTHENTICATED": AuthExpired, "invalid_grant": AuthExpired, "invalid_client": AuthExpired},
    )
    endpoints = (
        Endpoint(
            "property_day", REPORT, "rows", ("property_day",), "shop", "GA4 访客与会话 (接口)", "GA4 visitors and sessions (API)",
            money="none", key="date", method="POST", params=asked(("date",), ("totalUsers", "sessions")), window=DAYS, paging=PAGES, total="rowCount",
        ),
        Endpoint(
            "channel_day", REPORT, "rows", ("channel_day", "channel_visits", "channel_flags"), "traffic", "GA4 渠道来源 (接口)", "GA4 channels (API)",
            money="major", key=("date", "sessionDefaultChannelGroup"), method="POST", window=DAYS, paging=PAGES, total="rowCount",
            params=asked(("date", "sessionDefaultChannelGroup"), ("sessions", "totalUsers", "ecommercePurchases", "purchaseRevenue")),
        ),
    )  # fmt: skip

    def params(self, endpoint: Endpoint, account: Account, window: Window, zone: str) -> dict[str, Any]:  # noqa: ARG002 - the property is in the path
        return {**endpoint.params, "dateRanges": [endpoint.window.params(window, zone)]}

    def build(self, call: Call, account: Account) -> Request:
        return super().build(call, replace(account, id=account.id.removeprefix("properties/")))

    def sign(self, request: Request, auth: Auth) -> Request:
        return with_headers(request, Authorization=f"Bearer {auth.token}") if auth.token else request

    def pages(self, line: Line, endpoint: Endpoint, params: Mapping[str, Any]) -> Iterator[Any]:
        for body in super().pages(line, endpoint, params):
            if theirs := dig(body, "metadata.timeZone"):
                same_zone(line, theirs, f"The property {line.account.id}")
            yield body

    def records(self, endpoint: Endpoint, body: Any) -> list[Any]:
        """Rows under the names of their headers, each with the flags of its answer. Raises UnexpectedPayload where the two do not fit."""
        rows = dig(body, "rows") or []
        names = [[str(dig(header, "name")) for header in dig(body, f"{kind}Headers") or []] for kind in ("dimension", "metric")]
        wanted = [[each["name"] for each in endpoint.params[kind]] for kind in ("dimensions", "metrics")]
        if names != wanted or (rows and dig(body, "rowCount") is None):
            raise UnexpectedPayload(f"{endpoint.name}: headers are {names} and not {wanted}, or rows came without a 'rowCount'. Compare with the saved sample.")
        flags = {flag: value for flag in FLAGS if (value := dig(body, f"metadata.{flag}")) is not None}
        return [self._record(endpoint, names, row) | {"metadata": dict(flags)} for row in rows]

    def _record(self, endpoint: Endpoint, names: list[list[str]], row: Any) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for kind, headers in zip(("dimensionValues", "metricValues"), names, strict=True):
            values = dig(row, kind) or []
            if len(values) != len(headers):
                raise UnexpectedPayload(f"{endpoint.name}: a row has {len(values)} of {len(headers)} {kind}. Compare with the saved sample and update the connector.")
            record |= {name: dig(value, "value") for name, value in zip(headers, values, strict=True)}
        return record

    def rest(self, answer: Answer, body: Any) -> float:  # noqa: ARG002 - the quota stands in the body
        """Two minutes of silence when the hour has not enough tokens left for one more such report."""
        left = [(dig(body, f"propertyQuota.{name}.remaining"), dig(body, f"propertyQuota.{name}.consumed")) for name in HOURLY]
        return 120.0 if any(remaining is not None and remaining < (consumed or 1) for remaining, consumed in left) else 0.0

    def ping(self, line: Line) -> Ping:
        said = line.probe(self.endpoints[0])
        name = f"properties/{line.account.id.removeprefix('properties/')}"
        return Ping(name, line.account.id, str(dig(said, "metadata.timeZone") or ""), str(dig(said, "metadata.currencyCode") or ""))
