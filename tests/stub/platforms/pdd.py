"""拼多多 played strictly: one router, every field signed, 24 hours by trade, 30 minutes by change that ended three minutes ago, 厘 for ads."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from connectors.api.config import Account
from connectors.api.tokens import Token
from tests.stub.played import Expiring, Setup, changed, digits, need, one_twice, only, page_of, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import Order, Refund, World

CLIENT, SECRET = "pdd-client-0001", "canary-pdd-secret"
ZONE = ZoneInfo("Asia/Shanghai")
SYSTEM = ("type", "client_id", "access_token", "timestamp", "data_type", "version", "sign")
SENT = {"paid": 1, "shipped": 2, "done": 3}
LISTS = {"order_list_get_response": "order_list", "order_sn_increment_get_response": "order_sn_list", "refund_increment_get_response": "refund_list", "goods_list_get_response": "goods_list"}
DAY_S = 86_400


def said(instant: int | None) -> str:
    return datetime.fromtimestamp(instant, ZONE).strftime("%Y-%m-%d %H:%M:%S") if instant is not None else ""


def yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"


def order_sn(order: Order) -> str:
    return f"{datetime.fromtimestamp(order.created_at, ZONE):%y%m%d}-{digits(order.order_id)}"


class Pdd(Expiring):
    """The shop's platform. Lists are half-open at their end: the harder reading of a border that nobody published."""

    def endpoint(self, call: Call) -> str:
        return call.form().get("type", "")

    def answer(self, call: Call) -> Reply:
        need(call.method == "POST" and call.path == "/api/router" and not call.query, "a POST to the router, nothing in the query")
        need(call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"), "form body")
        form = call.form()
        self._signed(form)
        body = {name: value for name, value in form.items() if name not in SYSTEM}
        if form["type"].startswith("pdd.pop.auth.token."):
            return self._token(call, form["type"], body)
        if not self.holds(form.get("access_token", "")):
            return self.expired_reply()
        routes = {
            "pdd.order.list.get": self._traded, "pdd.order.number.list.increment.get": self._changed, "pdd.refund.list.increment.get": self._refunds,
            "pdd.goods.list.get": self._goods, "pdd.ad.api.report.daily.report.query": self._ads,
        }  # fmt: skip
        need(form["type"] in routes, f"no such type {form['type']}")
        return Reply(200, routes[form["type"]](call, body))

    def _signed(self, form: dict[str, str]) -> None:
        need(form.get("client_id") == CLIENT and form.get("data_type") == "JSON" and form.get("version") == "V1", "client_id, data_type, version")
        need(len(form.get("timestamp", "")) == 10 and abs(int(form["timestamp"]) - self.now()) <= 600, "timestamp in seconds, ten minutes off at most")
        text = SECRET + "".join(f"{name}{form[name]}" for name in sorted(form) if name != "sign") + SECRET
        need(hashlib.md5(text.encode()).hexdigest().upper() == form.get("sign"), "signature", self.error(20004, "签名错误"))

    def _token(self, call: Call, kind: str, body: dict[str, str]) -> Reply:
        if kind.endswith("refresh"):
            only(body, ("refresh_token",), call)
            if not self.use_refresh(body.get("refresh_token", "")):
                return self.error(10036, "refresh_token invalid")
        else:
            only(body, ("code",), call)
            need(kind.endswith("create") and body.get("code") == "good-code", "code")
        access, refresh = self.issue(DAY_S)
        return Reply(200, {kind.removeprefix("pdd.").replace(".", "_") + "_response": {
            "access_token": access, "expires_in": DAY_S, "expires_at": self.now() + DAY_S, "refresh_token": refresh, "refresh_token_expires_in": 30 * DAY_S,
            "refresh_token_expires_at": self.now() + 30 * DAY_S, "owner_id": "900001", "owner_name": "示例拼多多店", "scope": ["pdd.order.list.get"]}})  # fmt: skip

    def _window(self, body: dict[str, str], low: str, high: str, most: int) -> tuple[int, int]:
        start, end = int(body[low]), int(body[high])
        need(0 < end - start <= most, f"a window of at most {most} seconds")
        return start, end

    def _page(self, body: dict[str, str]) -> tuple[int, int]:
        page, size = int(body["page"]), int(body["page_size"])
        need(page >= 1 and 1 <= size <= 100, "page from 1, page_size at most 100")
        return page, size

    def _traded(self, call: Call, body: dict[str, str]) -> dict[str, Any]:
        only(body, ("order_status", "refund_status", "start_confirm_at", "end_confirm_at", "page", "page_size", "trade_type", "use_has_next"), call)
        need(body.get("order_status") == "5" and body.get("refund_status") == "5" and "trade_type" not in body, "every status and type")
        low, high = self._window(body, "start_confirm_at", "end_confirm_at", DAY_S)
        need(low >= self.now() - 90 * DAY_S - 600, "90 days back at most")
        found = sorted((order for order in self.view().orders if order.paid_at is not None and low <= order.paid_at < high), key=lambda order: (order.paid_at or 0, order.order_id))
        return {"order_list_get_response": self._listed("order_list", [self._order(order) for order in found], body)}

    def _changed(self, call: Call, body: dict[str, str]) -> dict[str, Any]:
        only(body, ("order_status", "refund_status", "is_lucky_flag", "start_updated_at", "end_updated_at", "page", "page_size", "trade_type", "use_has_next"), call)
        need((body.get("order_status"), body.get("refund_status"), body.get("is_lucky_flag")) == ("5", "5", "0"), "every status, every flag")
        low, high = self._window(body, "start_updated_at", "end_updated_at", 1800)
        need(high <= self.now() - 180, "the end lies three minutes back at least")
        found = sorted((order for order in self.view().orders if order.paid_at is not None and low <= order.updated_at < high), key=lambda order: (order.updated_at, order.order_id))
        return {"order_sn_increment_get_response": self._listed("order_sn_list", [self._order(order) for order in found], body)}

    def _listed(self, name: str, rows: list[dict[str, Any]], body: dict[str, str]) -> dict[str, Any]:
        """With use_has_next there is no count, without there is no flag."""
        page, size = self._page(body)
        end = {"has_next": page * size < len(rows)} if body.get("use_has_next") == "true" else {"total_count": len(rows)}
        return {**end, name: page_of(rows, page, size)}

    def _order(self, order: Order) -> dict[str, Any]:
        refunded = any(refund.done_at is not None for refund in order.refunds)
        return {
            "order_sn": order_sn(order), "order_status": SENT[order.status], "refund_status": 4 if refunded else 1, "after_sales_status": 10 if refunded else 0,
            "confirm_status": 1, "group_status": 1, "trade_type": 0, "created_time": said(order.created_at), "confirm_time": said(order.paid_at),
            "pay_time": said(order.paid_at), "updated_at": said(order.updated_at), "shipping_time": said(order.shipped_at), "receive_time": said(order.finished_at),
            "goods_amount": yuan(order.amount + order.discount), "discount_amount": yuan(order.discount), "platform_discount": "0.00",
            "seller_discount": yuan(order.discount), "capital_free_discount": "0.00", "order_change_amount": "0.00", "postage": "0.00", "pay_amount": yuan(order.amount),
            "pay_type": "WEIXIN", "is_lucky_flag": 1, "is_pre_sale": 0, "cat_id_1": 1, "cat_id_2": 2, "cat_id_3": 3, "cat_id_4": 0, "step_order_info": None,
            "receiver_name": "canary-person", "receiver_phone": "1380000****", "address": "canary-person", "receiver_address": "canary-person", "province": "canary-person",
            "city": "canary-person", "town": "canary-person", "buyer_memo": "canary-person", "tracking_number": "SF0001", "logistics_id": 1, "pay_no": "canary-person",
            "remark": "", "last_ship_time": said(order.created_at + 2 * DAY_S),
            "item_list": [
                {"goods_id": int(line.item.item_id), "sku_id": int(line.item.sku_id), "goods_name": line.item.title, "goods_spec": "默认", "goods_price": yuan(line.item.price),
                 "goods_count": line.units, "outer_goods_id": "", "outer_id": "", "goods_img": ""} for line in order.lines],
        }  # fmt: skip

    def _refunds(self, call: Call, body: dict[str, str]) -> dict[str, Any]:
        only(body, ("after_sales_status", "after_sales_type", "start_updated_at", "end_updated_at", "page", "page_size"), call)
        need((body.get("after_sales_status"), body.get("after_sales_type")) == ("1", "1"), "every status and type")
        low, high = self._window(body, "start_updated_at", "end_updated_at", 1800)
        page, size = self._page(body)
        found = sorted((pair for pair in self.view().refunds if low <= pair[1].updated_at < high), key=lambda pair: (pair[1].updated_at, pair[1].refund_id))
        return {"refund_increment_get_response": {"total_count": len(found), "refund_list": [self._refund(*pair) for pair in page_of(found, page, size)]}}

    def _refund(self, order: Order, refund: Refund) -> dict[str, Any]:
        line = next(line for line in order.lines if line.line_id == refund.line_id)
        return {
            "id": int(refund.refund_id), "order_sn": order_sn(order), "after_sales_type": 2, "after_sales_status": {"done": 10, "withdrawn": 11, "applied": 2}[refund.status],
            "after_sale_reason": "不想要了", "goods_id": int(line.item.item_id), "sku_id": line.item.sku_id, "goods_name": line.item.title, "goods_number": str(line.units),
            "goods_price": yuan(line.item.price), "order_amount": yuan(order.amount), "discount_amount": yuan(order.discount), "refund_amount": yuan(refund.amount),
            "created_time": said(refund.applied_at), "confirm_time": said(order.paid_at), "updated_time": said(refund.updated_at), "outer_id": "", "tracking_number": "SF0002",
        }  # fmt: skip

    def _goods(self, call: Call, body: dict[str, str]) -> dict[str, Any]:
        only(body, ("page", "page_size"), call)
        page, size = self._page(body)
        rows = [
            {"goods_id": int(item.item_id), "goods_name": item.title, "thumb_url": "", "image_url": "", "is_more_sku": 0, "goods_quantity": 5, "is_onsale": 1,
             "goods_reserve_quantity": 0, "sku_list": [{"spec": "默认", "sku_id": int(item.sku_id), "sku_quantity": 5, "outer_id": "", "outer_goods_id": "OUT", "is_sku_onsale": 1,
                                                        "reserve_quantity": 0}]}
            for item in self.view().items
        ]  # fmt: skip
        return {"goods_list_get_response": {"total_count": len(rows), "goods_list": page_of(rows, page, size)}}

    def _ads(self, call: Call, body: dict[str, str]) -> dict[str, Any]:
        only(body, ("queryDimensionType", "scenesType", "startDateString", "endDateString"), call)
        need(body.get("queryDimensionType") == "0" and body.get("scenesType") in ("0", "1", "2"), "dimension and scene")
        first, last = date.fromisoformat(body["startDateString"]), date.fromisoformat(body["endDateString"])
        today = datetime.fromtimestamp(self.now(), ZONE).date()
        need(first <= last <= today and first >= today - timedelta(days=90), "90 days back at most")
        need(last < today or first == today, "today cannot be mixed with history")
        sums: defaultdict[date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("impression", "click", "spend", "orderNum", "gmv"), 0))
        for row in self.view().ads:
            if first <= row.day <= last and str(int(row.campaign_id) % 3) == body["scenesType"]:
                for name, value in (("impression", row.impressions), ("click", row.clicks), ("spend", row.spend), ("orderNum", row.orders), ("gmv", row.sales)):
                    sums[row.day][name] += value
        days = [self._day(found) | {"date": day.isoformat()} for day, found in sorted(sums.items())]
        whole = {name: sum(day[name] for day in days) for name in ("impression", "click", "spend", "orderNum", "gmv")}
        return {"response": {"success": True, "errorCode": 0, "errorMsg": "", "result": {"dailyReportList": days, "sumReport": self._day(whole)}}}

    def _day(self, sums: dict[str, int]) -> dict[str, Any]:
        rates = dict.fromkeys(("ctr", "cpc", "cpm", "roi", "cvr", "avgPayAmount", "transactionCost"), "0.01")
        return {**sums, **rates, "goodsFavNum": 1, "mallFavNum": 1}

    def error(self, code: int, text: str) -> Reply:
        return Reply(200, {"error_response": {"error_code": code, "error_msg": text, "sub_code": "", "sub_msg": "", "request_id": "synthetic"}})

    def expired_reply(self) -> Reply:
        return self.error(10019, "access_token已过期")

    def short_page(self, reply: Reply) -> Reply | None:
        return self._rows(reply, without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return self._rows(reply, one_twice)

    def _rows(self, reply: Reply, change: Callable[[list[Any]], list[Any]]) -> Reply | None:
        key = next(iter(reply.data()))
        return changed(reply, f"{key}.{LISTS.get(key, 'result.dailyReportList')}", change)

    def spared(self, call: Call) -> tuple[str, ...]:
        """A refresh that is lost kills the only pair there is: the one fault nobody can heal."""
        return ("after", "expired") if "auth.token" in self.endpoint(call) else ()


def setup(world: World, clock: Callable[[], float]) -> Setup:
    platform = Pdd(world, clock)
    access, refresh = platform.issue(DAY_S)
    return Setup(
        platform, lambda url: Account("pdd", "pdd", "shoppdd", id="900001", since=world.days()[0].isoformat(), base_url=url),
        {"client_id": CLIENT, "client_secret": SECRET}, ("paid", "sales", "refunds", "spend", "attributed"),
        Token(access, platform.now() + DAY_S, refresh, platform.now() + 30 * DAY_S), orders="pdd.orders", refunds="pdd.refunds", ads="pdd.ads",
    )  # fmt: skip
