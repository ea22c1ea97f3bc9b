"""抖店 played strictly: signature over the very body, pages from 0, Unix seconds, at most 100 rows and 10,000 in reach."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from connectors.api.config import Account
from connectors.api.tokens import Token
from tests.stub.played import Expiring, Setup, changed, need, one_twice, only, page_of, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import Order, Refund, World

KEY, SECRET = "7000000000000000001", "canary-doudian-secret"
STATUS = {"unpaid": 1, "paid": 2, "shipped": 3, "done": 5, "cancelled": 4}
WEEK_S = 604_800


class Doudian(Expiring):
    """The shop's platform."""

    def answer(self, call: Call) -> Reply:
        need(call.method == "POST", "only POST")
        body = call.json()
        self._signed(call)
        if call.path.startswith("/token/"):
            return self._token(call, body)
        if not self.holds(call.query.get("access_token", "")):
            return self.expired_reply()
        routes = {"/order/searchList": self._orders, "/afterSale/List": self._refunds, "/afterSale/Detail": self._detail, "/product/listV2": self._items}
        need(call.path in routes, f"no such path {call.path}")
        return routes[call.path](call, body)

    def _signed(self, call: Call) -> None:
        query = call.query
        only(query, ("app_key", "method", "access_token", "timestamp", "v", "sign", "sign_method"), call)
        need(query.get("app_key") == KEY and query.get("v") == "2" and query.get("sign_method") == "hmac-sha256", "system parameters")
        need(query.get("method") == call.path.lstrip("/").replace("/", "."), "method is the path with dots")
        need(abs(int(query["timestamp"]) - self.now()) <= 600, "timestamp more than ten minutes off")
        need(json.dumps(call.json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == call.body, "param_json: keys sorted, compact")
        text = SECRET + "".join(f"{name}{value}" for name, value in (("app_key", KEY), ("method", query["method"]), ("param_json", call.body.decode()),
                                                                     ("timestamp", query["timestamp"]), ("v", "2"))) + SECRET  # fmt: skip
        need(hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest() == query.get("sign"), "signature")

    def _token(self, call: Call, body: dict[str, Any]) -> Reply:
        if call.path == "/token/refresh":
            need(body.get("grant_type") == "refresh_token", "grant_type")
            if not self.use_refresh(body.get("refresh_token", "")):
                return self.error(50001, "dop.token-generate-failed:refresh", "refresh token void")
        else:
            need(call.path == "/token/create" and body.get("code") == "good-code", "code")
        access, refresh = self.issue(WEEK_S)
        return self.ok({"access_token": access, "expires_in": WEEK_S, "refresh_token": refresh, "scope": "SCOPE", "shop_id": 4000001, "shop_name": "示例旗舰店"})

    def _orders(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("update_time_start", "update_time_end", "create_time_start", "create_time_end", "order_by", "order_asc", "page", "size"), call)
        low, high = body["update_time_start"], body["update_time_end"]
        self._pages(body)
        found = [order for order in self.view().orders if low <= order.updated_at < high and order.created_at >= self.now() - 90 * 86_400]
        found.sort(key=lambda order: (order.updated_at, order.order_id))
        rows = [self._order(order) for order in page_of(found, body["page"], body["size"], first=0)]
        return self.ok({"page": body["page"], "size": body["size"], "total": len(found), "shop_order_list": rows})

    def _pages(self, body: dict[str, Any]) -> None:
        need(1 <= body.get("size", 0) <= 100, "size is 1 to 100")
        need(body.get("page", -1) >= 0 and (body["page"] + 1) * body["size"] <= 10_000, "page x size within 10,000")

    def _order(self, order: Order) -> dict[str, Any]:
        status = STATUS[order.status]
        shared = {"order_status": status, "main_status": status, "create_time": order.created_at, "pay_time": order.paid_at or 0, "update_time": order.updated_at,
                  "finish_time": order.finished_at or 0}  # fmt: skip
        refunded = {refund.line_id for refund in order.refunds if refund.done_at}
        lines = [
            {**shared, "order_id": line.line_id, "parent_order_id": order.order_id, "order_status_desc": order.status, "pay_amount": line.amount,
             "origin_amount": line.item.price, "sum_amount": line.item.price * line.units, "item_num": line.units, "product_id": int(line.item.item_id),
             "product_id_str": line.item.item_id, "product_name": line.item.title, "sku_id": int(line.item.sku_id), "out_product_id": "",
             "theme_type": "1" if order.room_id else "0", "c_biz": 2 if order.host else 8, "author_id": 0, "author_name": order.host,
             "room_id": int(order.room_id or 0), "room_id_str": order.room_id or "0", "given_product_type": "",
             "after_sale_info": {"after_sale_status": 0, "after_sale_type": 0, "refund_status": 3 if line.line_id in refunded else 0}}
            for line in order.lines
        ]  # fmt: skip
        return {**shared, "order_id": order.order_id, "shop_id": 4000001, "shop_name": "示例旗舰店", "order_amount": order.amount, "pay_amount": order.amount,
                "post_amount": 0, "shop_cost_amount": order.discount, "platform_cost_amount": 0, "doudian_open_id": order.buyer_id,
                "post_tel": "13800000000", "encrypt_post_receiver": "##canary-person##", "sku_order_list": lines}  # fmt: skip

    def _refunds(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("update_start_time", "update_end_time", "start_time", "end_time", "order_by", "page", "size"), call)
        need(body.get("order_by") == ["update_time asc"], "an update window needs order_by update_time asc")
        need(1 <= body["size"] <= 100 and (body["page"] + 1) * body["size"] <= 50_000, "page")
        low, high = body["update_start_time"], body["update_end_time"]
        found = [(order, refund) for order, refund in self.view().refunds if low <= refund.updated_at < high]
        found.sort(key=lambda pair: (pair[1].updated_at, pair[1].refund_id))
        rows = [self._refund(*pair) for pair in page_of(found, body["page"], body["size"], first=0)]
        more = (body["page"] + 1) * body["size"] < len(found)
        return self.ok({"items": rows, "has_more": more, "total": len(found), "page": body["page"], "size": body["size"]})

    def _refund(self, order: Order, refund: Refund) -> dict[str, Any]:
        line = next(line for line in order.lines if line.line_id == refund.line_id)
        status = {"done": 12, "withdrawn": 28, "applied": 6}[refund.status]
        return {
            "aftersale_info": {"aftersale_id": refund.refund_id, "aftersale_type": 1, "aftersale_status": status, "related_id": refund.line_id,
                               "apply_time": refund.applied_at, "update_time": refund.updated_at, "refund_amount": refund.amount + 1,
                               "refund_status": 3 if refund.done_at else 1},
            "order_info": {"shop_order_id": order.order_id, "related_order_info": [
                {"sku_order_id": line.line_id, "pay_amount": line.amount, "product_id": int(line.item.item_id), "item_num": line.units}]},
        }  # fmt: skip

    def _detail(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("after_sale_id",), call)
        refund = next((refund for _, refund in self.view().refunds if refund.refund_id == body["after_sale_id"]), None)
        need(refund, "no such case")
        assert refund is not None
        done = refund.done_at is not None
        info = {"refund_status": 3 if done else 1, "real_refund_amount": refund.amount if done else 0, "refund_time": refund.done_at or 0}
        return self.ok({"process_info": {"after_sale_info": info}})

    def _items(self, call: Call, body: dict[str, Any]) -> Reply:
        only(body, ("page", "size"), call)
        need(body["page"] >= 1 and 1 <= body["size"] <= 100, "products are paged from 1")
        rows = [{"product_id": int(item.item_id), "name": item.title, "status": 0, "outer_product_id": "", "create_time": 1, "update_time": 1785549600}
                for item in self.view().items]  # fmt: skip
        return self.ok({"data": page_of(rows, body["page"], body["size"]), "total": len(rows), "page": body["page"], "size": body["size"]})

    def ok(self, data: Any) -> Reply:
        return Reply(200, {"code": 10000, "msg": "success", "sub_code": "", "sub_msg": "", "data": data, "log_id": "x"})

    def error(self, code: int, sub_code: str, text: str) -> Reply:
        return Reply(200, {"code": code, "msg": text, "sub_code": sub_code, "sub_msg": text, "data": None, "log_id": "x"})

    def expired_reply(self) -> Reply:
        return self.error(40003, "isv.access-token-expired", "expired")

    def throttled(self) -> Reply:
        return self.error(60000, "isp.busy", "slow down")

    def server_error(self) -> Reply:
        return self.error(20000, "", "service error")

    def short_page(self, reply: Reply) -> Reply | None:
        return changed(reply, "data.shop_order_list", without_one) or changed(reply, "data.items", without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return changed(reply, "data.shop_order_list", one_twice)

    def spared(self, call: Call) -> tuple[str, ...]:
        """A refresh that is lost kills the only pair there is: the one fault nobody can heal."""
        return ("after", "expired") if call.path.startswith("/token/") else ()


def setup(world: World, clock: Callable[[], float]) -> Setup:
    platform = Doudian(world, clock)
    access, refresh = platform.issue(3600 * 24)
    return Setup(
        platform, lambda url: Account("dd", "doudian", "shopdd", id="4000001", since=world.days()[0].isoformat(), base_url=url),
        {"app_key": KEY, "app_secret": SECRET}, ("placed", "paid", "sales", "refunds"),
        Token(access, platform.now() + 3600 * 24, refresh), orders="doudian.orders", refunds="doudian.refunds",
    )  # fmt: skip
