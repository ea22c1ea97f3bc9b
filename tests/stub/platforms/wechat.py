"""微信小店 and 视频号助手 played strictly: token in the query, JSON posts, ids in lists and a call for each, seven texts of JSON inside the JSON."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.api.config import Account
from tests.stub.played import Expiring, Setup, changed, changed_in, compact, need, one_twice, only, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import Order, Refund, Session, World

APPS = {"wx0000000000000001": ("shop", "canary-wechat-secret"), "wx0000000000000002": ("channels", "canary-channels-secret")}
FINDER = "sphcanary01"
STATUS = {"unpaid": 10, "paid": 20, "shipped": 30, "done": 100, "cancelled": 250}
SERVED = 7  # fewer than asked for: only has_more tells the end
LASTS_S = 7200


class WeChat(Expiring):
    """Both kinds of account; a token opens its own kind's calls alone."""

    def __init__(self, world: World, clock: Callable[[], float]) -> None:
        super().__init__(world, clock)
        self.roles: dict[str, str] = {}  # access token -> role

    def answer(self, call: Call) -> Reply:
        need(call.method == "POST", "only POST", self.error(43002, "require POST method"))
        need(call.headers.get("content-type", "").startswith("application/json"), "the body is JSON", self.error(47001, "data format error"))
        body = call.json()
        if call.path == "/cgi-bin/stable_token":
            return self._token(call, body)
        only(call.query, ("access_token",), call)
        token = call.query.get("access_token", "")
        if not self.holds(token):
            return self.expired_reply()
        routes = {
            "shop": {
                "/channels/ec/order/list/get": self._orders, "/channels/ec/order/get": self._order, "/channels/ec/aftersale/getaftersalelist": self._refunds,
                "/channels/ec/aftersale/getaftersaleorder": self._refund, "/channels/ec/product/list/get": self._items, "/channels/ec/product/get": self._item,
                "/channels/ec/compass/shop/overall/get": self._compass, "/channels/ec/compass/shop/live/list/get": self._compass_live,
            },
            "channels": {"/channels/livedashboard/getlivelist": self._rooms, "/channels/livedashboard/getlivedata": self._room},
        }[self.roles[token]]  # fmt: skip
        need(call.path in routes, f"{call.path} is not this account's", self.error(48001, "api unauthorized"))
        return routes[call.path](call, body)

    def _token(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("grant_type", "appid", "secret", "force_refresh"), call)
        only(call.query, (), call)
        role, secret = APPS.get(body.get("appid", ""), ("", ""))
        need(body.get("grant_type") == "client_credential" and role and body.get("secret") == secret, "credentials", self.error(40013, "invalid appid"))
        need(body.get("force_refresh", False) is False, "force_refresh voids what others hold")
        held = next((token for token, its in self.roles.items() if its == role and self.holds(token)), "")
        if not held:
            held, _ = self.issue(LASTS_S)
            self.roles[held] = role
        return Reply(200, {"access_token": held, "expires_in": int(self.tokens[held] - self.now())})

    def _orders(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("create_time_range", "update_time_range", "status", "openid", "next_key", "page_size"), call)
        need(1 <= body.get("page_size", 0) <= 100, "page_size is 1 to 100")
        span = body.get("update_time_range") or {}
        low, high = self._span(span, "start_time", "end_time", 7 * 86_400)
        found = sorted((order.updated_at, order.order_id) for order in self.view().orders if low <= order.updated_at <= high)
        return self._listed("order_id_list", found, body, min(SERVED, body["page_size"]))

    def _span(self, said: dict[str, Any], start: str, end: str, most: int) -> tuple[int, int]:
        low, high = (value if type(value := said.get(name)) is int else -1 for name in (start, end))
        need(0 <= low <= high, f"{start} and {end} are Unix seconds")
        need(high - low <= most, f"no more than {most} s")
        return low, high

    def _listed(self, name: str, found: Sequence[tuple[int, str]], body: dict[str, Any], size: int) -> Reply:
        """Ids after the cursor, which remembers what it was given for."""
        filters = hashlib.sha256(compact({key: value for key, value in body.items() if key != "next_key"}).encode()).hexdigest()[:8]
        after = (0, "")
        if key := body.get("next_key"):
            mark, moment, last = key.split("|")
            need(mark == filters, "other filters than those of the page before", self.error(606006, "filter changed"))
            after = (int(moment), last)
        rest = [pair for pair in found if pair > after]
        page = rest[:size]
        more = len(rest) > size
        return self.ok({name: [pair[1] for pair in page], "next_key": f"{filters}|{page[-1][0]}|{page[-1][1]}" if more else "", "has_more": more})

    def _order(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("order_id",), call)
        order = next((order for order in self.view().orders if order.order_id == body.get("order_id")), None)
        assert order is not None, "no such order"
        return self.ok({"order": self._whole(order)})

    def _whole(self, order: Order) -> dict[str, Any]:
        back = {refund.line_id for refund in order.refunds if refund.done_at}
        lines = [
            {"product_id": line.item.item_id, "sku_id": line.item.sku_id, "title": line.item.title, "sku_cnt": line.units, "sale_price": line.item.price,
             "market_price": line.item.price, "real_price": line.amount, "on_aftersale_sku_cnt": 0, "sku_code": "", "out_product_id": "",
             "finish_aftersale_sku_cnt": line.units if line.line_id in back else 0}
            for line in order.lines
        ]  # fmt: skip
        scene = {"finder_id": FINDER, "live_id": order.room_id, "order_scene": 2} if order.room_id else {"order_scene": 1}
        price = {"product_price": order.amount + order.discount, "order_price": order.amount, "freight": 0, "discounted_price": order.discount, "is_discounted": order.discount > 0,
                 "original_order_price": order.amount + order.discount, "merchant_receieve_price": order.amount, "finder_discounted_price": 0}  # fmt: skip
        pay = {"prepay_time": order.created_at, "pay_time": order.paid_at, "payment_method": 1, "transaction_id": "42000"} if order.paid_at else {}
        earns = [{"sku_id": line["sku_id"], "type": 0, "status": 1, "amount": 100, "finder_id": FINDER} for line in lines] if order.room_id else []
        return {
            "order_id": order.order_id, "status": STATUS[order.status], "openid": order.buyer_id, "unionid": "canary-person", "create_time": order.created_at,
            "update_time": order.updated_at, "aftersale_detail": {},
            "order_detail": {"product_infos": lines, "price_info": price, "pay_info": pay, "ext_info": scene, "commission_infos": earns,
                             "delivery_info": {"address_info": {"user_name": "canary-person", "tel_number": "13800000000"}}},
        }  # fmt: skip

    def _refunds(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("begin_create_time", "end_create_time", "begin_update_time", "end_update_time", "next_key"), call)
        low, high = self._span(body, "begin_update_time", "end_update_time", 86_400)
        found = sorted((refund.updated_at, refund.refund_id) for _, refund in self.view().refunds if low <= refund.updated_at <= high)
        return self._listed("after_sale_order_id_list", found, body, SERVED)

    def _refund(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("after_sale_order_id",), call)
        order, refund = next((order, refund) for order, refund in self.view().refunds if refund.refund_id == body.get("after_sale_order_id"))
        return self.ok({"after_sale_order": self._case(order, refund)})

    def _case(self, order: Order, refund: Refund) -> dict[str, Any]:
        line = next(line for line in order.lines if line.line_id == refund.line_id)
        kind = "RETURN" if order.shipped_at else "REFUND"
        status = {"done": f"MERCHANT_{kind}_SUCCESS", "withdrawn": "USER_CANCELD", "applied": "MERCHANT_PROCESSING"}[refund.status]
        return {
            "after_sale_order_id": refund.refund_id, "status": status, "type": kind, "order_id": order.order_id, "openid": order.buyer_id,
            "product_info": {"product_id": line.item.item_id, "sku_id": line.item.sku_id, "count": line.units}, "details": {"tel_number": "13800000000"},
            "refund_info": {"amount": refund.amount, "refund_reason": 1}, "reason_text": "不想要了", "create_time": refund.applied_at, "update_time": refund.updated_at,
        }  # fmt: skip

    def _items(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("status", "page_size", "next_key"), call)
        need(1 <= body.get("page_size", 0) <= 30, "page_size is 1 to 30")
        items, start = self.view().items, int(body.get("next_key") or 0)
        page = items[start : start + 3]
        return self.ok({"product_ids": [item.item_id for item in page], "next_key": str(start + len(page)), "total_num": len(items)})  # a key to the very end

    def _item(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("product_id", "data_type"), call)
        need(body.get("data_type") == 1, "data_type 1: what is on sale")
        item = next(item for item in self.view().items if item.item_id == body.get("product_id"))
        return self.ok({"product": {"product_id": item.item_id, "title": item.title, "spu_code": "", "out_product_id": "", "status": 5, "min_price": item.price}})

    def _day(self, ds: Any) -> Any:
        need(isinstance(ds, str) and re.fullmatch(r"\d{8}", ds), "ds is text, YYYYMMDD", self.error(10021069, "date format"))
        day = datetime.strptime(ds, "%Y%m%d").date()
        need(day < datetime.fromtimestamp(self.now(), ZoneInfo(self.world.zone)).date(), "a day is there when it is over")
        return day

    def _compass(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("ds",), call)
        day = self._day(body.get("ds"))
        said = self.world.truth(day, day, self.now())[day]
        figures = {"pay_gmv": said.sales, "pay_uv": said.paid, "pay_order_cnt": said.paid, "pay_refund_gmv": said.refunds, "live_pay_gmv": said.session_sales,
                   "feed_pay_gmv": 0, "product_click_uv": said.paid * 9}  # fmt: skip
        return self.ok({"data": {name: str(value) for name, value in figures.items()}})

    def _compass_live(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("ds", "finder_id"), call)
        need(body.get("finder_id") == FINDER, "finder_id")
        rows = [
            {"live_id": session.room_id, "live_title": session.title, "live_time": str(session.start_at), "live_duration": str((session.end_at or self.now()) - session.start_at),
             "live_cover_img_url": "https://example.invalid/c.jpg"}
            for session in self._sessions(self._day(body.get("ds")))
        ]  # fmt: skip
        return self.ok({"live_list": rows})

    def _sessions(self, day: Any) -> list[Session]:
        zone = ZoneInfo(self.world.zone)
        return [session for session in self.view().sessions if datetime.fromtimestamp(session.start_at, zone).date() == day]

    def _rooms(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("ds",), call)
        ds = value if type(value := body.get("ds")) is int else 0
        need(10**7 < ds < 10**8, "ds is a number", self.error(1, "bad param"))
        need(ds >= 20240101, "ds before 2024", self.error(5, "too early"))
        day = datetime.strptime(str(ds), "%Y%m%d").date()
        need(day <= datetime.fromtimestamp(self.now(), ZoneInfo(self.world.zone)).date() + timedelta(days=1), "a day to come")
        rooms = [{"export_id": f"export/{session.room_id}", "create_time": session.start_at} for session in self._sessions(day)]
        return self.ok({"live_items": rooms, "has_more": False, "trace_id": "x"})

    def _room(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("export_id",), call)
        session = next(session for session in self.view().sessions if f"export/{session.room_id}" == body.get("export_id"))
        return self.ok({"trace_id": "x", **{name: compact(part) for name, part in self._dashboard(session).items()}})

    def _dashboard(self, session: Session) -> dict[str, Any]:
        end = session.end_at or self.now()
        points = [{"ts": minute.at, "value": minute.online} for minute in session.minutes]
        curve = {"points": points, "dimensions": [], "step": 60, "begin_ts": session.start_at, "end_ts": end}
        summary = {"new_watch_uv": session.viewers, "max_online_watch_uv": session.pcu, "impression_uv": session.viewers * 8, "average_watch_seconds_per_audience": 90,
                   "new_follow_uv": 3, "comment_uv": 20}  # fmt: skip
        base = {"summary": summary, "source": {"new_watch_uv": []}, "portrait": {"online_watch_uv": [curve], "new_watch_uv": []}}
        sold = {"total_gmv": session.sales, "total_pay_pv": session.orders, "total_pay_uv": session.orders, "total_create_pv": session.orders + 1, "total_clk_pv": 50,
                "total_clk_uv": 40, "total_exp_pv": 500, "total_exp_uv": 400, "new_follow_count": 3, "new_comment_count": 60, "refund_pv": 0, "refund_amount": 0}  # fmt: skip
        products = [
            {"base_data": {"src_spu_id": each.item.item_id, "spu_id": each.item.item_id, "spu_name": each.item.title, "price": each.item.price, "stock": 9}, "exp_uv": each.clicks * 4,
             "clk_uv": each.clicks, "create_uv": each.orders, "pay_uv": each.orders, "pay_pv": each.orders, "gmv": each.amount, "refund_amount": 0, "explanation_count": 1}
            for each in session.items
        ]  # fmt: skip
        paid = session.sales // 3
        return {
            "live_dashboard_data": {"live_dashboard_data": base, "live_duration": end - session.start_at, "start_time": session.start_at},
            "live_comparison_index": {"is_living": session.end_at is None}, "live_ec_data_summary": sold, "live_ec_conversion_metric": {}, "live_ec_profile": {},
            "live_distribution_channel": {"audience_count": session.viewers, "total_joinlive_count": session.viewers + 9, "live_dist_channel_source_stats": [
                {"live_dst_channel_type": 1, "gmv": session.sales - paid, "uv": session.viewers - 5, "pv": session.viewers},
                {"live_dst_channel_type": 3, "gmv": paid, "uv": 5, "pv": 9}]},
            "single_live_ec_spu_data_page_v2": {"total_cnt": len(products), "spu_data_list": products},
        }  # fmt: skip

    def ok(self, data: dict[str, Any]) -> Reply:
        return Reply(200, {"errcode": 0, "errmsg": "ok", **data})

    def error(self, code: int, text: str) -> Reply:
        return Reply(200, {"errcode": code, "errmsg": text})

    def expired_reply(self) -> Reply:
        return self.error(42001, "access_token expired")

    def throttled(self) -> Reply:
        return self.error(45011, "api minute-quota reach limit")

    def server_error(self) -> Reply:
        return self.error(-1, "system error")

    def short_page(self, reply: Reply) -> Reply | None:
        """Only the product list states how many there are."""
        return changed(reply, "product_ids", without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return changed_in(reply, ("order_id_list", "after_sale_order_id_list", "live_items"), one_twice)

    def spared(self, call: Call) -> tuple[str, ...]:
        return ("expired",) if call.path.startswith("/cgi-bin/") else ()


def _setup(world: World, clock: Callable[[], float], role: str, gives: tuple[str, ...], options: dict[str, Any], id_: str) -> Setup:
    appid, (_, secret) = next(pair for pair in APPS.items() if pair[1][0] == role)
    return Setup(
        WeChat(world, clock), lambda url: Account("wx", "wechat", "shopwx", id=id_, since=world.days()[0].isoformat(), base_url=url, options=options),
        {"appid": appid, "secret": secret}, gives, orders="wechat.orders", refunds="wechat.refunds", sessions="wechat.live",
    )  # fmt: skip


def setup(world: World, clock: Callable[[], float]) -> Setup:
    """The shop's account."""
    return _setup(world, clock, "shop", ("placed", "paid", "sales", "refunds"), {"finder_ids": [FINDER]}, "wx0000000000000001")


def setup_channels(world: World, clock: Callable[[], float]) -> Setup:
    """The 视频号助手 account."""
    return _setup(world, clock, "channels", ("sessions", "session_orders", "session_sales"), {"role": "channels"}, FINDER)
