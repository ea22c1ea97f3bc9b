"""The GA4 Data API played strictly: reports by name, an order of their own, the offset never said back, flags and quota beside the rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.api.config import Account
from tests.stub.played import Expiring, Setup, changed, digits, need, one_twice, only, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import World

PROPERTY = "345678901"
SECRETS = {"client_id": "canary-client", "client_secret": "canary-google-secret", "refresh_token": "canary-google-refresh"}
HOUR_S = 3599
ZONE = "Asia/Shanghai"
CHANNELS = ("(other)", "Direct", "Organic Search", "Paid Social")
METRICS = {"sessions": "TYPE_INTEGER", "totalUsers": "TYPE_INTEGER", "ecommercePurchases": "TYPE_INTEGER", "purchaseRevenue": "TYPE_CURRENCY"}


def traffic(day: date, channel: str, now: int) -> dict[str, int]:
    """A channel's day as it stands at a moment: while it runs and a day after, a tenth is still missing."""
    final = digits(f"{day}{channel}", 2)
    settled = now >= datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE)).timestamp() + 2 * 86_400
    sessions = final * 10 if settled else final * 9
    return {"sessions": sessions, "totalUsers": sessions * 4 // 5, "ecommercePurchases": final // 10, "purchaseRevenue": final * 25}


class Ga4(Expiring):
    """One property."""

    def answer(self, call: Call) -> Reply:
        need(call.method == "POST" and not call.query, "POST, no query")
        if call.path == "/token":
            return self._token(call)
        need(call.path == f"/properties/{PROPERTY}:runReport", f"no such path {call.path}")
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        need(scheme == "Bearer" and call.headers.get("content-type") == "application/json", "Bearer, JSON")
        if not self.holds(token):
            return self.expired_reply()
        return self._report(call, call.json())

    def _token(self, call: Call) -> Reply:
        need(call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"), "a form")
        form = call.form()
        need(form == {"grant_type": "refresh_token", **SECRETS}, "who asks")
        access, _ = self.issue(HOUR_S)
        return Reply(200, {"access_token": access, "expires_in": HOUR_S, "token_type": "Bearer"})

    def _report(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("dimensions", "metrics", "dateRanges", "offset", "limit", "keepEmptyRows", "returnPropertyQuota", "orderBys"), call)
        need(1 <= int(body["limit"]) <= 250_000 and int(body["offset"]) >= 0, "limit and offset are said")
        dimensions, metrics = [each["name"] for each in body["dimensions"]], [each["name"] for each in body["metrics"]]
        need(dimensions in (["date"], ["date", "sessionDefaultChannelGroup"]) and set(metrics) <= set(METRICS), "names")
        need([each["dimension"]["dimensionName"] for each in body["orderBys"]] == dimensions, "an order that holds over pages")
        need(len(body["dateRanges"]) == 1 and set(body["dateRanges"][0]) == {"startDate", "endDate"}, "one range of days")
        first, last = (date.fromisoformat(body["dateRanges"][0][end]) for end in ("startDate", "endDate"))
        need(first <= last, "the range runs forward")
        rows = self._rows(first, last, dimensions, metrics)
        found = rows[int(body["offset"]) : int(body["offset"]) + int(body["limit"])]
        by_channel = len(dimensions) > 1
        answer: dict[str, Any] = {
            "dimensionHeaders": [{"name": name} for name in dimensions], "metricHeaders": [{"name": name, "type": METRICS[name]} for name in metrics],
            "metadata": {"currencyCode": "CNY", "timeZone": ZONE, "dataLossFromOtherRow": by_channel, "subjectToThresholding": False},
            "kind": "analyticsData#runReport",
        }  # fmt: skip
        if rows:
            answer |= {"rows": found, "rowCount": len(rows)}
        if body.get("returnPropertyQuota"):
            answer["propertyQuota"] = {"tokensPerHour": {"consumed": 3, "remaining": 39_000}, "tokensPerProjectPerHour": {"consumed": 3, "remaining": 13_000}}
        return Reply(200, answer)

    def _rows(self, first: date, last: date, dimensions: list[str], metrics: list[str]) -> list[dict[str, Any]]:
        opened, closed = self.world.days()
        today = datetime.fromtimestamp(self.now(), ZoneInfo(ZONE)).date()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        rows = []
        for day in (day for day in days if opened <= day <= min(closed, today)):
            by = [(channel, traffic(day, channel, self.now())) for channel in CHANNELS]
            if len(dimensions) == 1:
                by = [("", {name: sum(said[name] for _, said in by) - (7 if name == "totalUsers" else 0) for name in METRICS})]  # seven came twice
            for channel, said in by:
                values = [day.strftime("%Y%m%d"), channel][: len(dimensions)]
                rows.append({"dimensionValues": [{"value": value} for value in values], "metricValues": [{"value": self._said(name, said[name])} for name in metrics]})
        return rows

    def _said(self, name: str, value: int) -> str:
        return f"{value / 100:g}" if name == "purchaseRevenue" else str(value)

    def error(self, status: int, name: str) -> Reply:
        return Reply(status, {"error": {"code": status, "message": name.lower(), "status": name}})

    def expired_reply(self) -> Reply:
        return self.error(401, "UNAUTHENTICATED")

    def throttled(self) -> Reply:
        return self.error(429, "RESOURCE_EXHAUSTED")

    def server_error(self) -> Reply:
        return self.error(500, "INTERNAL")

    def short_page(self, reply: Reply) -> Reply | None:
        return changed(reply, "rows", without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return changed(reply, "rows", one_twice)

    def spared(self, call: Call) -> tuple[str, ...]:
        return ("expired",) if call.path == "/token" else ()


def setup(world: World, clock: Callable[[], float]) -> Setup:
    return Setup(
        Ga4(world, clock),
        lambda url: Account("ga", "ga4", "shopga", id=f"properties/{PROPERTY}", zone=ZONE, currency="CNY", since=world.days()[0].isoformat(), base_url=url),
        SECRETS, (),
    )  # fmt: skip
