"""TikTok Ads played strictly: JSON texts in the query, hidden filters on unless lifted, rows that shift while pages are turned."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.api.config import Account
from tests.stub.facts import Session
from tests.stub.played import Played, Setup, changed, digits, need, one_twice, only, page_of, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import World

ADVERTISER, STORE, TOKEN = "1730000000000001", "7490000000000000001", "canary-ads-token"
COMMON = ("advertiser_id", "start_date", "end_date", "dimensions", "metrics", "filtering", "page", "page_size")
BASIC = {"spend", "impressions", "clicks", "reach", "conversion", "complete_payment", "total_purchase_value", "onsite_shopping", "total_onsite_shopping_value",
         "video_play_actions", "likes", "comments", "shares", "follows", "campaign_name"}  # fmt: skip
COSTS = {"cost", "net_cost", "orders", "cost_per_order", "gross_revenue", "roi"}
LIVE = {"live_views", "10_second_live_views", "live_follows", "cost_per_live_view", "cost_per_10_second_live_view"}
ROOM = {"live_name", "live_status", "live_launched_time", "live_duration"}
STATUS_ALL = [{"field_name": "campaign_status", "filter_type": "IN", "filter_value": '["STATUS_ALL"]'}]
A_PAGE = 7  # rows a page really holds, so that there are pages to turn


def major(thousandths: int) -> str:
    return f"{thousandths // 1000}.{thousandths % 1000 // 10:02d}"


class TikTokAds(Played):
    """The advertiser's reports; a campaign promotes the LIVEs of one host."""

    def answer(self, call: Call) -> Reply:
        need(call.method == "GET" and not call.body, "reports are asked for with GET")
        need(call.path.endswith("/"), "the slash at the end of a path belongs to it")
        token = call.headers.get("access-token", "")
        if token != TOKEN:
            return self.error(40105, "Access token is incorrect or has been revoked.") if token else self.error(40104, "Access token is null.")
        routes = {"/report/integrated/get/": self._integrated, "/gmv_max/report/get/": self._gmv_max}
        need(call.path in routes, f"no such path {call.path}")
        return routes[call.path](call)

    def _asked(self, call: Call, *more: str) -> tuple[list[str], set[str], Any, date, date]:
        """Dimensions, metrics, filter and days, with what all reports have in common held to the contract."""
        only(call.query, (*COMMON, *more), call)
        need(call.query.get("advertiser_id") == ADVERTISER, "advertiser_id")
        low, high = date.fromisoformat(call.query["start_date"]), date.fromisoformat(call.query["end_date"])
        need(low <= high and (high - low).days < 30, "both days included, 30 at most")
        need(1 <= int(call.query.get("page_size", "0")) <= 1000 and int(call.query.get("page", "0")) >= 1, "page and page_size")
        return json.loads(call.query["dimensions"]), set(json.loads(call.query["metrics"])), json.loads(call.query.get("filtering", "null")), low, high

    def _integrated(self, call: Call) -> Reply:
        dimensions, metrics, filtering, low, high = self._asked(call, "report_type", "data_level", "service_type", "order_field", "order_type")
        need((call.query.get("report_type"), call.query.get("data_level"), call.query.get("service_type")) == ("BASIC", "AUCTION_CAMPAIGN", "AUCTION"), "kind of report")
        need(dimensions == ["campaign_id", "stat_time_day"] and metrics <= BASIC, f"dimensions or metrics {metrics - BASIC}")
        need(filtering == STATUS_ALL, "without STATUS_ALL deleted campaigns take their spend with them")
        need(call.query.get("order_field") in metrics and call.query.get("order_type") in ("ASC", "DESC"), "order")
        rows = [
            {"dimensions": {"campaign_id": row.campaign_id, "stat_time_day": f"{row.day} 00:00:00"},
             "metrics": {name: value for name, value in {
                 "campaign_name": row.campaign, "spend": major(row.spend), "impressions": str(row.impressions), "clicks": str(row.clicks), "reach": str(row.impressions // 2),
                 "conversion": str(row.orders), "complete_payment": "0", "total_purchase_value": "-", "onsite_shopping": str(row.orders),
                 "total_onsite_shopping_value": major(row.sales), "video_play_actions": str(row.clicks * 2), "likes": "1", "comments": "0", "shares": "0", "follows": "0",
             }.items() if name in metrics}}
            for row in sorted(self.view().ads, key=lambda row: (-row.spend, row.campaign_id, row.day)) if low <= row.day <= high and row.account == ADVERTISER
        ]  # fmt: skip
        return self._page(call, rows)

    def _gmv_max(self, call: Call) -> Reply:
        dimensions, metrics, filtering, low, high = self._asked(call, "store_ids", "sort_field", "sort_type")
        need(json.loads(call.query["store_ids"]) == [STORE], "one store")
        need(isinstance(filtering, dict), "the filter is an object here")
        if dimensions == ["campaign_id", "stat_time_day"]:
            kinds = filtering.get("gmv_max_promotion_types")
            need(kinds in (["LIVE"], ["PRODUCT"]) and filtering.get("campaign_statuses") == ["STATUS_ALL"], "one kind of campaign, every status")
            need(metrics <= COSTS | {"campaign_name"} | (LIVE if kinds == ["LIVE"] else set()), "metrics of that kind of campaign")
            return self._page(call, self._campaigns(kinds[0], metrics, low, high))
        need(dimensions == ["room_id", "stat_time_day"] and metrics <= COSTS | LIVE | ROOM, "dimensions of rooms")
        need(set(filtering) == {"campaign_ids"} and len(filtering["campaign_ids"]) == 1, "names of rooms come for one campaign only")
        return self._page(call, self._rooms(filtering["campaign_ids"][0], metrics, low, high))

    def _campaign(self, host: str) -> str:
        return str(digits(f"gmv/{host}"))

    def _spent(self, session: Session) -> list[tuple[date, int]]:
        """A LIVE's ad cost by day: what goes over midnight is split by its minutes, in whole cents."""
        first = self._clock(session.start_at).date()
        late = [minute for minute in session.minutes if self._clock(minute.at).date() > first]
        after = session.spend * len(late) // max(1, len(session.minutes)) // 10 * 10
        return [(first, session.spend - after), *([(first + timedelta(days=1), after)] if late else [])]

    def _clock(self, instant: int) -> datetime:
        return datetime.fromtimestamp(instant, ZoneInfo(self.world.zone)).replace(tzinfo=None)

    def _campaigns(self, kind: str, metrics: set[str], low: date, high: date) -> list[dict[str, Any]]:
        if kind == "PRODUCT":
            day = self.world.days()[0]
            return [self._row({"campaign_id": "1790000000000000777", "stat_time_day": f"{day} 00:00:00"}, {"campaign_name": "Cards"}, 12_340, 2, metrics)] if low <= day <= high else []
        costs: dict[tuple[str, date], list[int]] = {}
        for session in self.view().sessions:
            for day, cost in self._spent(session):
                if low <= day <= high:
                    costs.setdefault((session.host, day), []).append(cost)
        return [self._row({"campaign_id": self._campaign(host), "stat_time_day": f"{day} 00:00:00"}, {"campaign_name": f"LIVE {host}"}, sum(cost), len(cost), metrics)
                for (host, day), cost in sorted(costs.items())]  # fmt: skip

    def _rooms(self, campaign: str, metrics: set[str], low: date, high: date) -> list[dict[str, Any]]:
        rows = []
        for session in self.view().sessions:
            length = (session.end_at or self.now()) - session.start_at
            said = {"live_name": session.title, "live_status": "END" if session.end_at else "ONGOING", "live_duration": f"{length // 3600}h {length % 3600 // 60}m",
                    "live_launched_time": self._clock(session.start_at).strftime("%Y-%m-%d %H:%M:%S")}  # fmt: skip
            for day, cost in self._spent(session):
                if self._campaign(session.host) == campaign and low <= day <= high:
                    rows.append(self._row({"room_id": session.room_id, "stat_time_day": f"{day} 00:00:00"}, said, cost, 1, metrics))
        return rows

    def _row(self, dimensions: dict[str, str], said: dict[str, str], cost: int, orders: int, metrics: set[str]) -> dict[str, Any]:
        all_of = {**said, "cost": major(cost), "net_cost": major(cost), "orders": str(orders), "gross_revenue": major(cost * 6), "live_views": "98", "10_second_live_views": "40",
                  "live_follows": "4"}  # fmt: skip
        return {"dimensions": dimensions, "metrics": {name: value for name, value in all_of.items() if name in metrics}}

    def _page(self, call: Call, rows: list[dict[str, Any]]) -> Reply:
        page, size = int(call.query["page"]), min(A_PAGE, int(call.query["page_size"]))
        info = {"page": page, "page_size": size, "total_number": len(rows), "total_page": max(1, -(-len(rows) // size))}
        data: dict[str, Any] = {"page_info": info}
        if rows:  # without rows there is no list at all
            data["list"] = page_of(rows, page, size)
        return Reply(200, {"code": 0, "message": "OK", "request_id": "x", "data": data})

    def error(self, code: int, text: str) -> Reply:
        return Reply(200, {"code": code, "message": text, "request_id": "x", "data": {}})

    def throttled(self) -> Reply:
        return self.error(40100, "Due to too many requests, requests from App are temporarily restricted.")

    def server_error(self) -> Reply:
        return self.error(51010, "service error")

    def short_page(self, reply: Reply) -> Reply | None:
        return changed(reply, "data.list", without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return changed(reply, "data.list", one_twice)

    def same(self, call: Call) -> str:
        return re.sub(r"access_token=[^&]*", "", f"{call.path}?{call.raw_query}")


def setup(world: World, clock: Callable[[], float]) -> Setup:
    return Setup(
        TikTokAds(world, clock),
        lambda url: Account("tta", "tiktok_ads", "shoptta", id=ADVERTISER, zone=world.zone, currency=world.currency, since=world.days()[0].isoformat(), base_url=url,
                            options={"purchases": "onsite", "store_id": STORE}),
        {"access_token": TOKEN}, ("spend", "attributed"), ads="tiktok_ads.campaigns",
    )  # fmt: skip
