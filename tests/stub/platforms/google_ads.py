"""Google Ads played strictly: GAQL read word by word, headers, bearer tokens for an hour, streams as arrays of chunks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from connectors.api.config import Account
from tests.stub.played import Expiring, Setup, need, only
from tests.stub.wire import Call, Reply
from tests.stub.world import AdRow, World

CUSTOMER, MANAGER = "1730000000000001", "9998887777"
SECRETS = {"developer_token": "canary-developer", "client_id": "canary-client", "client_secret": "canary-google-secret", "refresh_token": "canary-google-refresh"}
HOUR_S = 3599
GAQL = re.compile(r"SELECT ([\w., ]+) FROM (campaign|customer)(?: WHERE (.+?))?(?: ORDER BY ([\w., ]+))?(?: LIMIT (\d+))?")
BETWEEN = re.compile(r"segments\.date BETWEEN '(\d{4}-\d\d-\d\d)' AND '(\d{4}-\d\d-\d\d)'")
STATUS = re.compile(r"campaign\.status IN \(((?:'[A-Z]+'(?:, )?)+)\)")
KNOWN = {"customer.id", "customer.descriptive_name", "customer.currency_code", "customer.time_zone", "campaign.id", "campaign.name",
         "campaign.advertising_channel_type", "metrics.cost_micros", "metrics.impressions", "metrics.clicks", "metrics.conversions",
         "metrics.conversions_value", "segments.date"}  # fmt: skip
CHUNK = 5


class GoogleAds(Expiring):
    """One customer below a manager."""

    def answer(self, call: Call) -> Reply:
        need(call.method == "POST" and not call.query, "POST, no query")
        if call.path == "/token":
            return self._token(call)
        need(call.path == f"/customers/{CUSTOMER}/googleAds:searchStream", f"no such path {call.path}")
        need(call.headers.get("developer-token") == SECRETS["developer_token"], "developer-token")
        need(call.headers.get("login-customer-id") == MANAGER, "login-customer-id in digits")
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        need(scheme == "Bearer", "Bearer")
        need(call.headers.get("content-type") == "application/json", "JSON")
        if not self.holds(token):
            return self.expired_reply()
        body = call.json()
        only(body, ("query",), call)
        return Reply(200, self._stream(body["query"]))

    def _token(self, call: Call) -> Reply:
        need(call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"), "a form")
        form = call.form()
        only(form, ("grant_type", "client_id", "client_secret", "refresh_token"), call)
        need(form["grant_type"] == "refresh_token" and all(form[name] == SECRETS[name] for name in ("client_id", "client_secret")), "who asks")
        if form["refresh_token"] != SECRETS["refresh_token"]:
            return Reply(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
        access, _ = self.issue(HOUR_S)
        return Reply(200, {"access_token": access, "expires_in": HOUR_S, "scope": "https://www.googleapis.com/auth/adwords", "token_type": "Bearer"})

    def _stream(self, query: str) -> list[dict[str, Any]]:
        match = GAQL.fullmatch(query)
        need(match, f"no GAQL: {query}")
        assert match is not None
        fields = [field.strip() for field in match[1].split(",")]
        need(set(fields) <= KNOWN, f"unknown fields {set(fields) - KNOWN}")
        need(set((match[4] or fields[0]).replace(" ", "").split(",")) <= set(fields), "what is sorted by is selected")
        rows = self._rows(match[2], match[3] or "", fields)[: int(match[5] or 10**6)]
        mask = ",".join(_camel(field) for field in fields)
        chunks = [{"results": rows[start : start + CHUNK], "fieldMask": mask, "requestId": "req"} for start in range(0, len(rows), CHUNK)]
        return chunks or [{"fieldMask": mask, "requestId": "req"}]

    def _rows(self, source: str, where: str, fields: list[str]) -> list[dict[str, Any]]:
        if "segments.date" not in fields:
            return [_picked({"customer.id": CUSTOMER, "customer.descriptive_name": "示例客户", **self._of()}, fields)]
        days, status = BETWEEN.search(where), STATUS.search(where)
        need(days, "a range of days")
        assert days is not None
        need(BETWEEN.sub("", STATUS.sub("", where)).replace("AND", "").strip() == "", f"unknown conditions in {where}")
        first, last = date.fromisoformat(days[1]), date.fromisoformat(days[2])
        need(first <= last and first >= date.fromtimestamp(self.now()) - timedelta(days=1127), "within 37 months")
        ads = [row for row in self.view().ads if first <= row.day <= last]
        if source == "customer":
            groups = [[row for row in ads if row.day == day] for day in sorted({row.day for row in ads})]
        else:
            gone = {each.campaign_id for each in self.view().campaigns if each.deleted_at is not None}
            groups = [[row] for row in ads if row.campaign_id not in gone or (status and "REMOVED" in status[1])]
        return [_picked(self._row(group), fields) for group in groups if sum(row.impressions + row.spend for row in group)]

    def _of(self) -> dict[str, Any]:
        return {"customer.currency_code": "CNY", "customer.time_zone": "Asia/Shanghai"}

    def _row(self, ads: list[AdRow]) -> dict[str, Any]:
        return {
            **self._of(), "campaign.id": ads[0].campaign_id, "campaign.name": ads[0].campaign, "campaign.advertising_channel_type": "PERFORMANCE_MAX",
            "metrics.cost_micros": str(sum(row.spend for row in ads) * 1000), "metrics.impressions": str(sum(row.impressions for row in ads)),
            "metrics.clicks": str(sum(row.clicks for row in ads)), "metrics.conversions": sum(row.orders for row in ads) + 0.5,
            "metrics.conversions_value": sum(row.sales for row in ads) / 1000, "segments.date": ads[0].day.isoformat(),
        }  # fmt: skip

    def error(self, status: int, name: str, kind: str = "", code: str = "") -> Reply:
        error: dict[str, Any] = {"code": status, "message": name.lower(), "status": name}
        if kind:
            error["details"] = [{"errors": [{"errorCode": {kind: code}, "message": code.lower()}], "requestId": "req"}]
        return Reply(status, [{"error": error}])

    def expired_reply(self) -> Reply:
        return self.error(401, "UNAUTHENTICATED", "authenticationError", "OAUTH_TOKEN_EXPIRED")

    def throttled(self) -> Reply:
        return self.error(429, "RESOURCE_EXHAUSTED", "quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED")

    def server_error(self) -> Reply:
        return self.error(503, "UNAVAILABLE")

    def doubled(self, reply: Reply) -> Reply | None:
        body = reply.data()
        if not isinstance(body, list) or not body[0].get("results"):
            return None
        return Reply(200, [*body, {**body[0], "results": body[0]["results"][:1]}])

    def spared(self, call: Call) -> tuple[str, ...]:
        return ("expired",) if call.path == "/token" else ()


def _camel(field: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), field)


def _picked(row: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    """The selected fields as nested objects in camelCase, with the names of the resources."""
    found: dict[str, Any] = {"customer": {"resourceName": f"customers/{CUSTOMER}"}}
    for field in fields:
        above, name = _camel(field).split(".")
        found.setdefault(above, {})[name] = row[field]
    if "campaign" in found:
        found["campaign"]["resourceName"] = f"customers/{CUSTOMER}/campaigns/{found['campaign']['id']}"
    return found


def setup(world: World, clock: Callable[[], float]) -> Setup:
    return Setup(
        GoogleAds(world, clock),
        lambda url: Account("gads", "google_ads", "shopgoogle", id=CUSTOMER, zone="Asia/Shanghai", currency="CNY", since=world.days()[0].isoformat(), base_url=url,
                            options={"login_customer_id": "999-888-7777"}),
        SECRETS, ("spend", "attributed"), ads="google_ads.campaign_day",
    )  # fmt: skip
