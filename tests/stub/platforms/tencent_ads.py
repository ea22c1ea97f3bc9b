"""腾讯广告 v3 played strictly: GET alone, JSON in the query, a nonce that never comes twice, a time line asked for by name, at most a year back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from connectors.api.config import Account
from connectors.api.tokens import Token
from tests.stub.played import Expiring, Setup, changed, digits, need, one_twice, only, page_of, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import AdRow, World

CLIENT, SECRET = "1112223334", "canary-tencent-secret"
DAY_S = 86_400
SERVED = 7  # rows a page at most: the pages there are stand in page_info
MEASURES = ("view_count", "valid_click_count", "cost", "order_pv", "order_uv", "order_amount", "live_stream_exp_uv", "ctr", "cpc", "thousand_display_price", "order_roi")
LEVELS = {"REPORT_LEVEL_ADVERTISER": {"date", "account_id"}, "REPORT_LEVEL_ADGROUP": {"date", "account_id", "adgroup_id", "adgroup_name"}}


class TencentAds(Expiring):
    """The advertiser's platform."""

    def __init__(self, world: World, clock: Callable[[], float]) -> None:
        super().__init__(world, clock)
        self.nonces: set[str] = set()

    def answer(self, call: Call) -> Reply:
        need(call.method == "GET" and not call.body, "only GET, without a body")
        if call.path == "/oauth/token":
            return self._token(call)
        query = call.query
        need(abs(int(query.get("timestamp", "0")) - self.now()) <= 300, "timestamp more than five minutes off")
        nonce = query.get("nonce", "")
        need(0 < len(nonce) <= 32 and nonce not in self.nonces, "a nonce of at most 32 characters that was never sent before")
        self.nonces.add(nonce)
        if not self.holds(query.get("access_token", "")):
            return self.expired_reply()
        need(call.path == "/v3.0/daily_reports/get", f"no such path {call.path}")
        return self._report(call, query)

    def _token(self, call: Call) -> Reply:
        query = call.query
        refreshes = query.get("grant_type") == "refresh_token"
        only(query, ("client_id", "client_secret", "grant_type", *(("refresh_token",) if refreshes else ("authorization_code", "redirect_uri"))), call)
        need(query.get("client_id") == CLIENT and query.get("client_secret") == SECRET, "client_id and client_secret")
        if refreshes:
            if not self.use_refresh(query.get("refresh_token", "")):
                return self.error(11012, "refresh token expired")
        else:
            need(query.get("grant_type") == "authorization_code" and query.get("redirect_uri"), "grant_type and redirect_uri")
            need(query.get("authorization_code") == "good-code", "code", self.error(11013, "authorization code used"))
        access, refresh = self.issue(DAY_S)
        return self.ok({"access_token": access, "refresh_token": refresh, "access_token_expires_in": DAY_S, "refresh_token_expires_in": 30 * DAY_S})

    def _report(self, call: Call, query: dict[str, str]) -> Reply:
        only(query, ("access_token", "timestamp", "nonce", "account_id", "level", "date_range", "group_by", "fields", "filtering", "order_by", "time_line", "page", "page_size"), call)
        need(query.get("time_line") in ("REQUEST_TIME", "REPORTING_TIME", "ACTIVE_TIME"), "time_line by name: the default changed once")
        level = query.get("level", "")
        need(level in LEVELS and query.get("account_id", "").isdigit(), "level and account_id")
        fields, group_by = json.loads(query["fields"]), json.loads(query["group_by"])
        need(fields and not set(fields) - LEVELS[level] - set(MEASURES), "fields of the level")
        need(group_by == (["date", "adgroup_id"] if level == "REPORT_LEVEL_ADGROUP" else ["date"]), "group_by of the level")
        first, last = self._range(json.loads(query["date_range"]))
        page, size = int(query.get("page", "0")), int(query.get("page_size", "0"))
        need(page >= 1 and 1 <= size <= 100, "page from 1, page_size 1 to 100")
        rows = [row for row in self.view().ads if first <= row.day <= last and row.account == query["account_id"]]
        whole = [self._row(list(group), level, fields) for _, group in groupby(rows, lambda row: row.day if level == "REPORT_LEVEL_ADVERTISER" else (row.day, row.campaign_id))]
        size = min(size, SERVED)
        info = {"page": page, "page_size": size, "total_number": len(whole), "total_page": -(-len(whole) // size)}
        return self.ok({"list": page_of(whole, page, size), "page_info": info})

    def _range(self, said: dict[str, str]) -> tuple[date, date]:
        need(set(said) == {"start_date", "end_date"}, "date_range has a start and an end")
        first, last = (date.fromisoformat(said[name]) for name in ("start_date", "end_date"))
        today = datetime.fromtimestamp(self.now(), ZoneInfo("Asia/Shanghai")).date()
        need(first <= last and first > today - timedelta(days=365), "start before end, at most 365 days back")
        return first, last

    def _row(self, rows: list[AdRow], level: str, fields: list[str]) -> dict[str, Any]:
        """Rows of one day added up; money in fen."""
        cost, clicks, orders = (sum(getattr(row, name) for row in rows) for name in ("spend", "clicks", "orders"))
        said = {
            "account_id": int(rows[0].account), "date": rows[0].day.isoformat(), "adgroup_id": digits(rows[0].campaign_id), "adgroup_name": rows[0].campaign,
            "view_count": sum(row.impressions for row in rows), "valid_click_count": clicks, "cost": cost // 10, "cpc": cost // 10 // clicks if clicks else 0,
            "order_pv": orders, "order_uv": orders, "order_amount": sum(row.sales for row in rows) // 10, "live_stream_exp_uv": clicks * 3,
            "ctr": 0.02, "thousand_display_price": 1, "order_roi": 1.5,
        }  # fmt: skip
        return {name: said[name] for name in fields}

    def ok(self, data: dict[str, Any]) -> Reply:
        return Reply(200, {"code": 0, "message": "", "message_cn": "", "data": data})

    def error(self, code: int, text: str) -> Reply:
        return Reply(200, {"code": code, "message": text, "message_cn": text})

    def expired_reply(self) -> Reply:
        return self.error(11000, "access token expired")

    def throttled(self) -> Reply:
        return self.error(30104, "Request limit reached. Please retry after one minute.")

    def short_page(self, reply: Reply) -> Reply | None:
        return changed(reply, "data.list", without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return changed(reply, "data.list", one_twice)

    def spared(self, call: Call) -> tuple[str, ...]:
        """A refresh that is lost kills the only pair there is: the one fault nobody can heal."""
        return ("after", "expired") if call.path == "/oauth/token" else ()


def setup(world: World, clock: Callable[[], float]) -> Setup:
    platform = TencentAds(world, clock)
    access, refresh = platform.issue(DAY_S)
    return Setup(
        platform,
        lambda url: Account("qq", "tencent_ads", "shopqq", id=world.ads[0].account, since=world.days()[0].isoformat(), base_url=url, options={"money_unit": "fen"}),
        {"client_id": CLIENT, "client_secret": SECRET}, ("spend", "attributed"), Token(access, platform.now() + DAY_S, refresh, platform.now() + 30 * DAY_S),
        ads="tencent_ads.ads",
    )  # fmt: skip
