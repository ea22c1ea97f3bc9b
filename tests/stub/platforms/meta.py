"""Meta's Graph API played strictly: insights asked for by name and day, pages that end without `next`, reports that are made first."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from connectors.api.config import Account
from tests.stub.played import Played, Setup, changed, compact, need, one_twice, only
from tests.stub.wire import Call, Reply
from tests.stub.world import AdRow, World

ACCOUNT, TOKEN, SECRET = "1730000000000001", "canary-meta-token", "canary-meta-app-secret"
REPORTED = {"fields", "level", "time_range", "time_increment", "action_attribution_windows", "action_report_time", "filtering"}
FIELDS = {"account_id", "account_currency", "campaign_id", "campaign_name", "date_start", "date_stop", "spend", "impressions", "inline_link_clicks",
          "reach", "actions", "action_values"}  # fmt: skip
WINDOWS = {"1d_click", "7d_click", "28d_click", "1d_view", "1d_ev"}
STATUSES = {"ACTIVE", "ARCHIVED", "DELETED", "IN_PROCESS", "PAUSED", "WITH_ISSUES"}
STATES = (("Job Not Started", 0), ("Job Running", 40), ("Job Running", 100))  # all is computed long before the job is done
MOST_AT_ONCE = 40  # days


class Meta(Played):
    """One ad account. `usage`: headers of every answer; `fails`: reports of more days than this fail."""

    usage = {"x-business-use-case-usage": compact({ACCOUNT: [{"call_count": 3, "total_cputime": 2, "total_time": 2, "estimated_time_to_regain_access": 0}]})}
    fails = 1000

    def __init__(self, world: World, clock: Callable[[], float]) -> None:
        super().__init__(world, clock)
        self.reports: dict[str, tuple[int, dict[str, Any]]] = {}  # report -> times its state was asked for, what was ordered

    def answer(self, call: Call) -> Reply:
        proof = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
        need(call.query.get("appsecret_proof") == proof, "appsecret_proof is the HMAC-SHA256 of the token")
        if call.query.get("access_token") != TOKEN:
            return self.expired()
        query = {name: value for name, value in call.query.items() if name not in ("access_token", "appsecret_proof")}
        first, _, edge = call.path.lstrip("/").partition("/")
        if first == f"act_{ACCOUNT}":
            return self._account(call, edge, query)
        need(first in self.reports and call.method == "GET", f"no such node {call.path}")
        return self._report(call, first, edge, query)

    def _account(self, call: Call, edge: str, query: dict[str, str]) -> Reply:
        if not edge:
            need(call.method == "GET" and set(query["fields"].split(",")) <= {"account_id", "name", "currency", "timezone_name"}, "fields of an account")
            return self.ok({"account_id": ACCOUNT, "name": "示例账户", "currency": "CNY", "timezone_name": "Asia/Shanghai", "id": f"act_{ACCOUNT}"})
        need(edge == "insights", f"no such edge {edge}")
        if call.method == "GET":
            only(query, REPORTED | {"limit", "after"}, call)
            asked = self._asked(query)
            return self._too_much() if (asked["until"] - asked["since"]).days >= MOST_AT_ONCE else self._page(call, self._rows(asked), query)
        need(call.method == "POST" and not query, "a report is ordered with a form")
        form = call.form()
        only(form, REPORTED, call)
        self.reports[run := str(6023920149050 + len(self.reports))] = 0, self._asked(form)
        return self.ok({"report_run_id": run})

    def _asked(self, given: dict[str, str]) -> dict[str, Any]:
        need(set(given["fields"].split(",")) <= FIELDS and given["level"] in ("campaign", "account"), "fields and level")
        need(given.get("time_increment") == "1" and given.get("action_report_time") == "impression", "a row a day, results on the day of the impression")
        named = json.loads(given["action_attribution_windows"])
        need(named and set(named) <= WINDOWS, "windows are named, and are still counted")
        days = json.loads(given["time_range"])
        need(set(days) == {"since", "until"}, "since and until")
        filters = json.loads(given.get("filtering", "[]"))
        need(all(each["field"] == "campaign.effective_status" and each["operator"] == "IN" for each in filters), "filter")
        statuses = {status for each in filters for status in each["value"]}
        need(statuses <= STATUSES, f"unknown statuses {statuses - STATUSES}")
        since, until = date.fromisoformat(days["since"]), date.fromisoformat(days["until"])
        need(since <= until and since >= date.fromtimestamp(self.now()) - timedelta(days=1126), "within 37 months")
        return {"since": since, "until": until, "level": given["level"], "fields": given["fields"].split(","), "windows": named, "statuses": statuses}

    def _report(self, call: Call, run: str, edge: str, query: dict[str, str]) -> Reply:
        times, asked = self.reports[run]
        state, percent = STATES[times] if times < len(STATES) else ("Job Completed", 100)
        if (asked["until"] - asked["since"]).days + 1 > self.fails and times:
            state = "Job Failed"
        if not edge:
            only(query, (), call)
            self.reports[run] = times + 1, asked
            return self.ok({"id": run, "account_id": ACCOUNT, "async_status": state, "async_percent_completion": percent})
        need(edge == "insights" and state == "Job Completed", "a report is read when it is completed")
        only(query, ("limit", "after"), call)
        return self._page(call, self._rows(asked), query)

    def _rows(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        gone = {each.campaign_id for each in self.view().campaigns if each.deleted_at is not None}
        ads = [row for row in self.view().ads if asked["since"] <= row.day <= asked["until"]]
        if asked["level"] == "account":
            groups = [[row for row in ads if row.day == day] for day in sorted({row.day for row in ads})]
        else:
            groups = [[row] for row in ads if row.campaign_id not in gone or "DELETED" in asked["statuses"]]
        return [{name: value for name, value in self._row(group, asked).items() if name in asked["fields"]} for group in groups]

    def _row(self, ads: list[AdRow], asked: dict[str, Any]) -> dict[str, Any]:
        clicks, orders, sales = sum(row.clicks for row in ads), sum(row.orders for row in ads), sum(row.sales for row in ads)
        lists: dict[str, Any] = {}
        if clicks:
            bought = [(name, str(orders)) for name in ("purchase", "omni_purchase", "offsite_conversion.fb_pixel_purchase")] if orders else []
            lists["actions"] = [self._action(name, value, asked) for name, value in [("link_click", str(clicks)), *bought]]
        if orders:
            lists["action_values"] = [self._action(name, f"{sales / 1000:.2f}", asked) for name in ("omni_purchase", "purchase")]
        day = ads[0].day.isoformat()
        return {
            "account_id": ACCOUNT, "account_currency": "CNY", "campaign_id": ads[0].campaign_id, "campaign_name": ads[0].campaign, "date_start": day, "date_stop": day,
            "spend": f"{sum(row.spend for row in ads) / 1000:.2f}", "impressions": str(sum(row.impressions for row in ads)),
            "inline_link_clicks": str(clicks), "reach": str(sum(row.impressions for row in ads) // 2), **lists,
        }  # fmt: skip

    def _action(self, name: str, value: str, asked: dict[str, Any]) -> dict[str, str]:
        return {"action_type": name, "value": value, **{window: value if window.endswith("click") else "0" for window in asked["windows"]}}

    def _page(self, call: Call, rows: list[dict[str, Any]], query: dict[str, str]) -> Reply:
        need(1 <= int(query["limit"]) <= 500, "the size of a page is said")
        size = min(int(query["limit"]), 7)  # fewer than asked for is no sign of the end
        start = int(query.get("after", "c0")[1:])
        paging: dict[str, Any] = {"cursors": {"before": f"c{start}", "after": f"c{start + size}"}}
        if start + size < len(rows):
            paging["next"] = f"{call.base}{call.path}?{urlencode({**call.query, 'after': f'c{start + size}'})}"
        return self.ok({"data": rows[start : start + size], **({"paging": paging} if rows else {})})

    def ok(self, body: dict[str, Any]) -> Reply:
        return Reply(200, body, self.usage)

    def error(self, code: int, text: str, subcode: int = 0, transient: bool = False, status: int = 400) -> Reply:
        return Reply(status, {"error": {"message": text, "type": "OAuthException", "code": code, "error_subcode": subcode, "is_transient": transient}}, self.usage)

    def _too_much(self) -> Reply:
        return self.error(100, "Please reduce the amount of data you're asking for, then retry your request", 1487534)

    def throttled(self) -> Reply:
        return self.error(17, "User request limit reached", 2446079)

    def expired(self) -> Reply:
        return self.error(190, "Error validating access token: Session has expired", 463)

    def server_error(self) -> Reply:
        return self.error(2, "Service temporarily unavailable", transient=True, status=500)

    def doubled(self, reply: Reply) -> Reply | None:
        return changed(reply, "data", one_twice)

    def same(self, call: Call) -> str:
        """A report that is ordered anew has another id: its state and its rows are asked for under whatever id it has."""
        report = call.path.lstrip("/").split("/")[0] in self.reports
        query = sorted((name, value) for name, value in call.query.items() if name != "access_token")
        return compact([call.method, "/report" + call.path[14:] if report else call.path, query, call.body.decode()])


def setup(world: World, clock: Callable[[], float]) -> Setup:
    since = (world.days()[0] - timedelta(days=45)).isoformat()
    return Setup(
        Meta(world, clock),
        lambda url: Account("meta", "meta", "shopmeta", id=f"act_{ACCOUNT}", zone="Asia/Shanghai", currency="CNY", since=since, base_url=url,
                            options={"action_type": "purchase"}),
        {"access_token": TOKEN, "app_secret": SECRET}, ("spend", "attributed"), ads="meta.campaign_day",
    )  # fmt: skip
