"""快手小店 played strictly: GET with one JSON text, signed with the signSecret, cursors that end with "nomore", a total that holds on the first page only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any

from connectors.api.config import Account
from connectors.api.tokens import Token
from tests.stub.played import Played, Setup, changed, digits, need, one_twice, only, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import Order, Refund, World

KEY, SECRET, SIGN = "ks700000000000000001", "canary-kuaishou-secret", "canary-kuaishou-sign"
STATUS = {"unpaid": 10, "paid": 30, "shipped": 40, "done": 70, "cancelled": 80}
REFUND_STATUS = {"applied": 50, "done": 60, "withdrawn": 70}
LIVES_S, REFRESH_LIVES_S = 172_800, 15_552_000
DAY_MS = 86_400_000


class Kuaishou(Played):
    """One shop. Each order holds one item: the first of the world's order, with the whole order's money."""

    def answer(self, call: Call) -> Reply:
        if call.path.startswith("/oauth2/"):
            return self._token(call)
        need(call.method == "GET" and not call.body, "only GET")
        param = self._signed(call)
        need(self.holds(call.query["access_token"]), "a token past its life; its code is not published, so it must not be sent")
        routes = {
            "/open/order/cursor/list": self._orders, "/open/seller/order/refund/pcursor/list": self._refunds,
            "/open/live/shop/seller/real/uv": self._visitors,
        }  # fmt: skip
        need(call.path in routes, f"no such path {call.path}")
        return routes[call.path](call, param)

    def _token(self, call: Call) -> Reply:
        need(not call.body, "token parameters stand in the query")
        query = call.query
        need(query.get("app_id") == KEY and query.get("app_secret") == SECRET, "app_id and app_secret")
        if call.path == "/oauth2/refresh_token":
            only(query, ("app_id", "app_secret", "grant_type", "refresh_token"), call)
            need(call.method == "POST" and query.get("grant_type") == "refresh_token", "POST, grant_type refresh_token")
            if not self.use_refresh(query.get("refresh_token", "")):
                return self.error(100200101)
        else:
            only(query, ("app_id", "app_secret", "grant_type", "code"), call)
            need(call.path == "/oauth2/access_token" and call.method == "GET" and query.get("grant_type") == "code", "GET, grant_type code")
            need(query.get("code") == "good-code", "code")
        access, refresh = self.issue(LIVES_S)
        return Reply(200, {"result": 1, "access_token": access, "expires_in": LIVES_S, "refresh_token": refresh, "refresh_token_expires_in": REFRESH_LIVES_S,
                           "token_type": "bearer", "open_id": "shop-open-id", "scopes": ["merchant_order", "merchant_refund"]})  # fmt: skip

    def _signed(self, call: Call) -> dict[str, Any]:
        query = call.query
        only(query, ("appkey", "method", "version", "access_token", "timestamp", "signMethod", "param", "sign"), call)
        need(query.get("appkey") == KEY and query.get("version") == "1" and query.get("signMethod") in ("MD5", "HMAC_SHA256"), "system parameters")
        need(query["method"] == call.path.lstrip("/").replace("/", "."), "method is the path with dots")
        need(len(query["timestamp"]) == 13 and abs(int(query["timestamp"]) // 1000 - self.now()) <= 600, "timestamp in ms, of now")
        names = ("access_token", "appkey", "method", "param", "signMethod", "timestamp", "version")
        text = "&".join(f"{name}={query[name]}" for name in names) + f"&signSecret={SIGN}"
        signed = {
            "MD5": hashlib.md5(text.encode()).hexdigest(),
            "HMAC_SHA256": base64.b64encode(hmac.new(SIGN.encode(), text.encode(), hashlib.sha256).digest()).decode(),
        }
        need(query["sign"] == signed[query["signMethod"]], "signature")
        param: dict[str, Any] = json.loads(query["param"])
        return param

    def _window(self, param: dict[str, Any], days: int) -> tuple[int, int]:
        begin, end = param["beginTime"], param["endTime"]
        need(isinstance(begin, int) and begin < end and end - begin <= days * DAY_MS, f"at most {days} days")
        need(begin >= (self.now() - 90 * 86_400) * 1000, "at most 90 days back")
        return begin, end

    def _page(self, found: Sequence[tuple[int, str, Any]], token: str, size: int) -> tuple[list[Any], str]:
        """Rows after the token, which tells the last one given; a full page has a token though nothing may follow."""
        moment, _, key = token.partition("|")
        after = (int(moment), key) if token else (-1, "")
        rows = [entry for entry in found if (entry[0], entry[1]) > after][:size]
        return [entry[2] for entry in rows], f"{rows[-1][0]}|{rows[-1][1]}" if len(rows) == size else "nomore"

    def _orders(self, call: Call, param: dict[str, Any]) -> Reply:
        only(param, ("orderViewStatus", "pageSize", "sort", "queryType", "beginTime", "endTime", "cpsType", "cursor"), call)
        need(param["orderViewStatus"] == 1 and param["cpsType"] == 0 and param["queryType"] == 2 and param["sort"] == 2, "all orders, by change, oldest first")
        need(1 <= param["pageSize"] <= 50, "pageSize is 1 to 50")
        begin, end = self._window(param, 7)
        found = sorted((order.updated_at, order.order_id, order) for order in self.view().orders if begin <= order.updated_at * 1000 < end)
        rows, cursor = self._page(found, param["cursor"], param["pageSize"])
        return self.ok({"cursor": cursor, "orderList": [self._order(order) for order in rows]})

    def _order(self, order: Order) -> dict[str, Any]:
        line = order.lines[0]
        return {
            "orderBaseInfo": {
                "oid": int(order.order_id), "status": STATUS[order.status], "createTime": order.created_at * 1000, "payTime": (order.paid_at or 0) * 1000,
                "updateTime": order.updated_at * 1000, "totalFee": order.amount, "discountFee": order.discount, "expressFee": 0,
                "cpsType": 2 if order.host else 1, "sellerOpenId": "shop-open-id", "buyerOpenId": order.buyer_id, "buyerNick": "canary-person",
            },
            "orderItemInfo": {"itemId": int(line.item.item_id), "skuId": int(line.item.sku_id), "itemTitle": line.item.title, "num": line.units,
                              "price": line.item.price, "originalPrice": line.item.price, "discountFee": line.discount},
            "orderRefundList": [{"refundId": int(refund.refund_id), "refundStatus": 1} for refund in order.refunds],
            "orderCpsInfo": {"distributorId": digits(order.host, 7) if order.host else 0, "distributorName": order.host},
            "orderAddress": {"encryptedMobile": "canary-person", "province": "x"},
        }  # fmt: skip

    def _refunds(self, call: Call, param: dict[str, Any]) -> Reply:
        only(param, ("beginTime", "endTime", "type", "queryType", "sort", "pageSize", "currentPage", "pcursor"), call)
        need(param["type"] == 9 and param["queryType"] == 2 and param["sort"] == 2, "all cases, by change, oldest first")
        need(1 <= param["pageSize"] <= 100, "pageSize is 1 to 100")
        begin, end = self._window(param, 1)
        need(param["currentPage"] >= 1 and (param["currentPage"] == 1) == (param["pcursor"] == ""), "page number and cursor go together")
        found = sorted((refund.updated_at, refund.refund_id, (order, refund)) for order, refund in self.view().refunds if begin <= refund.updated_at * 1000 < end)
        rows, cursor = self._page(found, param["pcursor"], param["pageSize"])
        total = len(found) if param["currentPage"] == 1 else 987_654
        return self.ok({"totalSize": total, "pcursor": cursor, "refundOrderInfoList": [self._refund(*pair) for pair in rows]})

    def _refund(self, order: Order, refund: Refund) -> dict[str, Any]:
        line = next(line for line in order.lines if line.line_id == refund.line_id)
        return {
            "refundId": int(refund.refund_id), "oid": int(order.order_id), "handlingWay": 10, "status": REFUND_STATUS[refund.status], "refundFee": refund.amount,
            "createTime": refund.applied_at * 1000, "submitTime": refund.applied_at * 1000, "updateTime": refund.updated_at * 1000,
            "endTime": (refund.done_at or refund.closed_at or 0) * 1000, "skuId": int(line.item.sku_id), "itemId": int(line.item.item_id),
        }  # fmt: skip

    def _visitors(self, call: Call, param: dict[str, Any]) -> Reply:
        need(param == {}, "no parameters")
        return self.ok({"realWatchUv": sum(session.viewers for session in self.view().sessions if session.end_at is None)})

    def ok(self, data: Any) -> Reply:
        return Reply(200, {"result": 1, "error_msg": "", "data": data})

    def error(self, code: int) -> Reply:
        return Reply(200, {"result": code, "error_msg": "text varies"})

    def short_page(self, reply: Reply) -> Reply | None:
        """Of refunds alone, and of one page: orders state no total, so nobody could see it."""
        return changed(reply, "data.refundOrderInfoList", without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return changed(reply, "data.orderList", one_twice) or changed(reply, "data.refundOrderInfoList", one_twice)

    def spared(self, call: Call) -> tuple[str, ...]:
        """A refresh that is lost kills the only pair there is: the one fault nobody can heal."""
        return ("after",) if call.path.startswith("/oauth2/") else ()


def setup(world: World, clock: Callable[[], float]) -> Setup:
    platform = Kuaishou(world, clock)
    access, refresh = platform.issue(3600 * 24)
    return Setup(
        platform, lambda url: Account("ks", "kuaishou", "shopks", since=world.days()[0].isoformat(), base_url=url, options={"money_unit": "fen"}),
        {"app_key": KEY, "app_secret": SECRET, "sign_secret": SIGN}, ("placed", "paid", "sales", "refunds"),
        Token(access, platform.now() + 3600 * 24, refresh), orders="kuaishou.orders", refunds="kuaishou.refunds",
    )  # fmt: skip
