"""巨量千川 played strictly: GET with JSON text in the query, the token in a header, nothing given that is not named, three kinds of page totals."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.api.config import Account
from connectors.api.tokens import Token
from tests.stub.facts import AdRow, Session
from tests.stub.making import HOSTS
from tests.stub.played import Expiring, Setup, changed, digits, need, one_twice, only, page_of, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import World

APP, SECRET, ADVERTISER = "1700000000000001", "canary-qianchuan-secret", "1730000000000001"
AWEMES = {host: digits(host, 10) for host in HOSTS}
GOALS = {"全域推广": "LIVE_PROM_GOODS", "夏季清仓": "VIDEO_PROM_GOODS"}  # campaigns of the world that are 全域 here
GMT8 = ZoneInfo("Asia/Shanghai")
PLAN_FIELDS = ("stat_cost", "show_cnt", "click_cnt", "pay_order_count", "pay_order_amount", "prepay_order_amount", "all_order_pay_count_7days",
               "all_order_pay_gmv_7days", "indirect_order_pay_gmv_7days", "dy_follow", "total_play")  # fmt: skip
CHANNELS = ("homepage_hot", "live_merge", "general_search", "homepage_follow", "video_to_live", "others_homepage", "douyin_shopping_center", "live_pc_qian_chuan",
            "live_xiao_dian_qian_chuan", "ecom_ad_third_qc_brand", "ecom_other", "activity", "touxi_saas", "homepage_fresh", "other_recommend_live")  # fmt: skip


def _text(instant: int | None) -> str:
    return datetime.fromtimestamp(instant, GMT8).strftime("%Y-%m-%d %H:%M:%S") if instant else ""


def _hour(instant: int) -> str:
    return _text(instant)[:13] + ":00:00"


class Qianchuan(Expiring):
    """One advertiser. Ordinary plans and 全域 share the world's campaigns between them."""

    def answer(self, call: Call) -> Reply:
        if call.path.startswith("/open_api/oauth2/") and not call.path.endswith("/advertiser/get/"):
            return self._token(call)
        need(call.method == "GET" and not call.body, "reports are asked for by GET")
        token = call.query.get("access_token", "") if call.path == "/open_api/oauth2/advertiser/get/" else call.headers.get("access-token", "")
        if not self.holds(token):
            return self.expired_reply()
        if call.path == "/open_api/oauth2/advertiser/get/":
            only(call.query, ("access_token",), call)
            entry = {"account_id": int(ADVERTISER), "account_name": "示例旗舰店", "account_role": "x", "advertiser_id": int(ADVERTISER), "is_valid": True}
            return self.ok({"list": [entry]})
        routes = {
            "report/ad/get/": self._plans, "report/advertiser/get/": self._account, "report/uni_promotion/get/": self._uni,
            "report/uni_promotion/data/get/": self._anchors, "report/uni_promotion/dimension_data/room/get/": self._uni_rooms,
            "today_live/room/get/": self._rooms, "today_live/room/flow_performance/get/": self._flow, "today_live/room/product_list/get/": self._products,
            "report/live/get/": self._live,
        }  # fmt: skip
        path = call.path.removeprefix("/open_api/v1.0/qianchuan/")
        need(path in routes, f"no such path {call.path}")
        need(call.query.get("advertiser_id") == ADVERTISER, "advertiser_id")
        return routes[path](call, dict(call.query))

    def _token(self, call: Call) -> Reply:
        need(call.method == "POST" and call.headers.get("content-type") == "application/json", "tokens are asked for by POST of JSON")
        need("access-token" not in call.headers, "no token is sent for a token")
        body = call.json()
        need(body.get("app_id") == int(APP) and body.get("secret") == SECRET, "app_id is a number, with its secret")
        if call.path == "/open_api/oauth2/refresh_token/":
            only(body, ("app_id", "secret", "refresh_token"), call)
            if not self.use_refresh(body.get("refresh_token", "")):
                return self.error(40103)
        else:
            only(body, ("app_id", "secret", "auth_code"), call)
            need(call.path == "/open_api/oauth2/access_token/", "no such path")
            if body.get("auth_code") != "good-code":
                return self.error(40115)
        access, refresh = self.issue(86399)
        return self.ok({"access_token": access, "expires_in": 86399, "refresh_token": refresh, "refresh_token_expires_in": 2591999})

    # -- reports of ordinary plans

    def _report(self, call: Call, query: dict[str, str]) -> tuple[str, str, list[str]]:
        only(query, ("advertiser_id", "start_date", "end_date", "fields", "filtering", "time_granularity", "order_field", "order_type", "page", "page_size"), call)
        filtering, fields = json.loads(query["filtering"]), json.loads(query["fields"])
        only(filtering, ("marketing_goal", "order_platform", "marketing_scene"), call)
        need(all(filtering.get(name) == "ALL" for name in ("marketing_goal", "order_platform", "marketing_scene")), "no default filter may hide money")
        only(fields, PLAN_FIELDS, call)
        need(query["time_granularity"] == "TIME_GRANULARITY_DAILY" and query["order_field"] in fields and query["order_type"] in ("ASC", "DESC"), "order")
        self._dates(query["start_date"], query["end_date"], 30)
        self._page(query, 500)
        return query["start_date"], query["end_date"], fields

    def _dates(self, first: str, last: str, most: int) -> None:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        need(len(first) == 10 and start <= end and (end - start).days < most, f"at most {most} days")
        need((date.fromisoformat(_text(self.now())[:10]) - start).days < 180, "start is no older than 180 days")

    def _page(self, query: dict[str, str], most: int) -> None:
        need(int(query["page"]) >= 1 and 1 <= int(query["page_size"]) <= most, f"page_size is 1 to {most}")

    def _ads(self, first: str, last: str, goal: str = "") -> list[AdRow]:
        return [row for row in self.view().ads if first <= row.day.isoformat() <= last and GOALS.get(row.campaign, "") == goal]

    def _figures(self, rows: Iterable[AdRow], fields: list[str]) -> dict[str, Any]:
        """Only what was named."""
        rows = list(rows)
        spend, sales, orders = (sum(getattr(row, name) for row in rows) for name in ("spend", "sales", "orders"))
        known = {
            "stat_cost": spend / 1000, "show_cnt": sum(row.impressions for row in rows), "click_cnt": sum(row.clicks for row in rows), "pay_order_count": orders,
            "pay_order_amount": sales / 1000, "prepay_order_amount": 0.0, "all_order_pay_count_7days": orders, "all_order_pay_gmv_7days": sales / 1000,
            "indirect_order_pay_gmv_7days": 0.0, "dy_follow": 1, "total_play": 2,
        }  # fmt: skip
        return {name: known[name] for name in fields}

    def _plans(self, call: Call, query: dict[str, str]) -> Reply:
        first, last, fields = self._report(call, query)
        found = sorted(self._ads(first, last), key=lambda row: (row.spend, row.day, row.campaign_id), reverse=query["order_type"] == "DESC")
        rows = [{"advertiser_id": int(ADVERTISER), "ad_id": int(row.campaign_id), "stat_datetime": f"{row.day} 00:00:00", **self._figures([row], fields)}
                for row in found]  # fmt: skip
        return self._list(query, rows, "list", "total_number", stated=len(rows) + 1)  # a plan of which nothing is known is counted and not given

    def _account(self, call: Call, query: dict[str, str]) -> Reply:
        first, last, fields = self._report(call, query)
        found = self._ads(first, last)
        rows = [{"advertiser_id": int(ADVERTISER), "stat_datetime": f"{day} 00:00:00", **self._figures((row for row in found if row.day == day), fields)}
                for day in sorted({row.day for row in found})]  # fmt: skip
        return self._list(query, rows, "list", "total_number")

    # -- 全域

    def _uni(self, call: Call, query: dict[str, str]) -> Reply:
        only(query, ("advertiser_id", "start_date", "end_date", "fields", "marketing_goal", "order_platform"), call)
        need(query["marketing_goal"] in GOALS.values() and query["order_platform"] == "ALL", "marketing_goal, order_platform")
        self._dates(query["start_date"], query["end_date"], 30)
        rows = self._ads(query["start_date"], query["end_date"], query["marketing_goal"])
        spend, sales, orders = (sum(getattr(row, name) for row in rows) for name in ("spend", "sales", "orders"))
        coupon = sales // 10
        known = {
            "stat_cost": spend / 1000, "total_pay_order_count_for_roi2": orders, "total_pay_order_gmv_for_roi2": (sales - coupon) / 1000,
            "total_pay_order_gmv_include_coupon_for_roi2": sales / 1000, "total_pay_order_coupon_amount_for_roi2": coupon / 1000,
            "total_prepay_order_gmv_for_roi2": 0,
        }  # fmt: skip
        fields = json.loads(query["fields"])
        only(fields, known, call)
        return self.ok({name: known[name] for name in fields})

    def _range(self, query: dict[str, str], most: int) -> tuple[str, str]:
        start, end = query["start_time"], query["end_time"]
        need(len(start) == len(end) == 19 and start <= end, "yyyy-MM-dd HH:mm:ss")
        self._dates(start[:10], end[:10], most)
        return start, end

    def _anchors(self, call: Call, query: dict[str, str]) -> Reply:
        only(query, ("advertiser_id", "data_topic", "dimensions", "metrics", "filters", "start_time", "end_time", "order_by", "page", "page_size"), call)
        need(query["data_topic"] == "SITE_PROMOTION_POST_DATA_LIVE" and json.loads(query["filters"]) == [], "data_topic, filters")
        need(json.loads(query["dimensions"]) == ["stat_time_day", "roi2_material_anchor_name", "anchor_id"], "dimensions")
        need(query["page_size"] in ("10", "20", "50", "100", "200") and int(query["page"]) >= 1, "page_size is one of five")
        metrics = json.loads(query["metrics"])
        need([set(order) for order in json.loads(query["order_by"])] == [{"field", "type"}], "order_by")
        start, end = self._range(query, 30)
        spent: Counter[tuple[str, str]] = Counter()
        for session in self.view().sessions:
            if start <= _text(session.start_at) <= end:
                spent[_text(session.start_at)[:10], session.host] += session.spend
        rows = [self._anchor(day, host, value, metrics) for (day, host), value in sorted(spent.items())]
        return self._list(query, rows, "rows", "total_number")

    def _anchor(self, day: str, host: str, spend: int, metrics: list[str]) -> dict[str, Any]:
        known = {"stat_cost_for_overall_roi2": spend / 1000, "total_pay_order_gmv_for_roi2_fork": 1234.5, "total_pay_order_count_for_roi2_fork": 3,
                 "live_show_count_exclude_video_for_roi2": 25310}  # fmt: skip
        anchor = AWEMES[host]
        return {
            "dimensions": {"stat_time_day": {"Value": 0, "ValueStr": day}, "roi2_material_anchor_name": {"Value": 0, "ValueStr": host},
                           "anchor_id": {"Value": float(f"{anchor:.5g}"), "ValueStr": str(anchor)}},
            "metrics": {name: {"Value": known[name], "ValueStr": f"{known[name]:,}"} for name in metrics},
        }  # fmt: skip

    def _uni_rooms(self, call: Call, query: dict[str, str]) -> Reply:
        only(query, ("advertiser_id", "room_id", "start_time", "end_time", "dimension", "metrics", "order_field", "order_type", "page", "page_size"), call)
        start, end = self._range(query, 30)
        need(query["dimension"] == "TIME_GRANULARITY_HOURLY" and query["order_field"] in json.loads(query["metrics"]), "dimension, order")
        session, hours = self._room(query), Counter[str]()
        for minute in session.minutes:
            hours[_hour(minute.at)] += 1
        rows = [self._uni_hour(session, at, at == min(hours), json.loads(query["metrics"])) for at in sorted(hours) if start <= at <= end]
        return self._list(query, rows, "list", "total_number")

    def _uni_hour(self, session: Session, at: str, is_first: bool, metrics: list[str]) -> dict[str, Any]:
        minutes = [minute for minute in session.minutes if _hour(minute.at) == at]
        sales = sum(minute.sales for minute in minutes) / 100
        known = {"stat_cost_for_roi2": session.spend / 1000 if is_first else 0.0, "total_pay_order_gmv_for_roi2": sales,
                 "total_pay_order_count_for_roi2": sum(minute.orders for minute in minutes), "total_order_settle_amount_for_roi2_1h": sales,
                 "total_refund_order_count_for_roi2_1h": 0, "total_refund_order_gmv_for_roi2_1h_all": 0.0}  # fmt: skip
        return {"advertiser_id": int(ADVERTISER), "room_id": int(session.room_id), "stat_datetime": at, **{name: known[name] for name in metrics}}

    # -- live rooms

    def _began(self, query: dict[str, str], day: str) -> list[Session]:
        need(int(query["aweme_id"]) in AWEMES.values(), "aweme_id")
        return [session for session in self.view().sessions if AWEMES[session.host] == int(query["aweme_id"]) and _text(session.start_at)[:10] == day]

    def _room(self, query: dict[str, str]) -> Session:
        session = next((session for session in self.view().sessions if session.room_id == query.get("room_id")), None)
        need(session, "no such room")
        assert session is not None
        return session

    def _live_figures(self, sessions: Iterable[Session], fields: list[str]) -> dict[str, Any]:
        told = list(sessions)
        known = {
            "stat_cost": sum(session.spend for session in told) / 1000, "live_pay_order_gmv_alias": sum(session.sales for session in told) / 100,
            "live_pay_order_count_alias": sum(session.orders for session in told), "live_create_order_count_alias": sum(session.orders for session in told),
            "total_live_watch_cnt": sum(session.viewers for session in told), "total_live_follow_cnt": 3, "total_live_comment_cnt": 7,
            "total_live_share_cnt": 1, "live_click_product_count_alias": 9,
        }  # fmt: skip
        return {name: known[name] for name in fields}

    def _rooms(self, call: Call, query: dict[str, str]) -> Reply:
        only(query, ("advertiser_id", "aweme_id", "date_time", "fields", "room_status", "ad_status", "page", "page_size"), call)
        need(query["room_status"] == "ALL" and query["ad_status"] == "ALL", "no default filter may hide a room")
        self._dates(query["date_time"], query["date_time"], 1)
        self._page(query, 100)
        rows = [
            {"room_id": int(session.room_id), "room_title": session.title, "room_status": "FINISH" if session.end_at else "LIVING", "room_cover": [],
             "room_delivery": 0, "aweme_id": AWEMES[session.host], "aweme_name": session.host, "aweme_avatar": [], "start_time": _text(session.start_at),
             "end_time": _text(session.end_at), **self._live_figures([session], json.loads(query["fields"]))}
            for session in self._began(query, query["date_time"])
        ]  # fmt: skip
        return self._list(query, rows, "room_list", "total_num")

    def _live(self, call: Call, query: dict[str, str]) -> Reply:
        only(query, ("advertiser_id", "aweme_id", "start_time", "end_time", "fields", "stats_authority"), call)
        need(query["stats_authority"] in ("CURRENT", "QUALIFICATION"), "stats_authority")
        start, end = self._range(query, 1)
        need(start[:10] == end[:10], "start and end are of one day")
        return self.ok(self._live_figures(self._began(query, start[:10]), json.loads(query["fields"])))

    def _flow(self, call: Call, query: dict[str, str]) -> Reply:
        only(query, ("advertiser_id", "room_id", "flow_source"), call)
        need(query["flow_source"] in ("AllEcomFlowSource", "AllEcomGmvSource"), "flow_source")
        viewers, last = self._room(query).viewers, len(CHANNELS) - 1
        shares = {name: viewers // len(CHANNELS) for name in CHANNELS}
        return self.ok({**shares, CHANNELS[last]: viewers - last * (viewers // len(CHANNELS))})

    def _products(self, call: Call, query: dict[str, str]) -> Reply:
        only(query, ("advertiser_id", "room_id", "fields", "explain_status", "page", "page_size"), call)
        need(query["explain_status"] == "ALL", "explain_status")
        self._page(query, 100)
        rows = [{"productId": int(item.item.item_id), "title": item.item.title, "img_url": "", "live_product_Inventory": 5, "live_pay_order_count_alias": item.orders,
                 "live_pay_order_gmv_alias": item.amount / 100} for item in self._room(query).items]  # fmt: skip
        return self._list(query, rows, "list", "total_num")

    def _list(self, query: dict[str, str], rows: list[dict[str, Any]], name: str, total: str, stated: int | None = None) -> Reply:
        page, size = int(query["page"]), int(query["page_size"])
        info = {"page": page, "page_size": size, total: len(rows) if stated is None else stated, "total_page": -(-len(rows) // size)}
        return self.ok({name: page_of(rows, page, size), "page_info": info})

    def ok(self, data: Any) -> Reply:
        return Reply(200, {"code": 0, "message": "OK", "request_id": "20261112093012EXAMPLE0001", "data": data})

    def error(self, code: int) -> Reply:
        return Reply(200, {"code": code, "message": "text varies", "request_id": "20261112093012EXAMPLE0002", "data": {}}, {"X-RateLimit-Dimension": "developer"})

    def throttled(self) -> Reply:
        return self.error(40110)

    def expired_reply(self) -> Reply:
        return self.error(40102)

    def server_error(self) -> Reply:
        return self.error(50000)

    def short_page(self, reply: Reply) -> Reply | None:
        """Not of plans: their total holds for nothing, so nobody could see it."""
        rows = (reply.data().get("data") or {}).get("list") or [{}]
        return None if "ad_id" in rows[0] else changed(reply, "data.list", without_one) or changed(reply, "data.room_list", without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return changed(reply, "data.list", one_twice) or changed(reply, "data.room_list", one_twice)

    def spared(self, call: Call) -> tuple[str, ...]:
        """A refresh that is lost kills the only pair there is: the one fault nobody can heal."""
        return ("after", "expired") if call.path.endswith(("/access_token/", "/refresh_token/")) else ()


def setup(world: World, clock: Callable[[], float]) -> Setup:
    platform = Qianchuan(world, clock)
    access, refresh = platform.issue(3600 * 20)
    options = {"aweme_ids": list(AWEMES.values()), "uni_topic": "SITE_PROMOTION_POST_DATA_LIVE", "uni_order_type": 1}
    since = (world.days()[0] - timedelta(days=1)).isoformat()
    return Setup(
        platform, lambda url: Account("qc", "qianchuan", "shopdd", id=ADVERTISER, since=since, base_url=url, options=options),
        {"app_id": APP, "secret": SECRET}, ("spend", "attributed", "sessions", "session_orders", "session_sales"),
        Token(access, platform.now() + 3600 * 20, refresh), ads="qianchuan.ads", sessions="qianchuan.rooms",
    )  # fmt: skip
