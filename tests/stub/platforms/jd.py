"""京东 POP played strictly: signature over the whole form, text pages, only the fields asked for, descending lists, windows as published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from connectors.api.config import Account
from connectors.api.tokens import Token
from tests.stub.played import Expiring, Setup, changed_in, need, one_twice, only, page_of, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import Order, Refund, World

KEY, SECRET = "jd-app-key-0001", "canary-jd-secret"
ZONE = ZoneInfo("Asia/Shanghai")
MONTH_S, DAY_S = 30 * 86_400, 86_400
ORDERS, AFTER_SALES = "jingdong.pop.order.enSearch", "jingdong.asc.serviceAndRefund.view"
PAID_BACK, CANCELLED = "jingdong.b2c.shop.aftersales.refund.get", "jingdong.pop.afs.soa.refundapply.queryPageList"
CAMPAIGNS, SHOP = "jingdong.dsp.report.queryCampDailySum", "jingdong.vender.shop.query"
STATE = {"unpaid": "NOT_PAY", "paid": "WAIT_SELLER_STOCK_OUT", "shipped": "WAIT_GOODS_RECEIVE_CONFIRM", "done": "FINISHED_L", "cancelled": "TRADE_CANCELED"}
LISTS = ("searchorderinfo_result.orderInfoList", "pageResult.data", "queryResult.result", "querycampdailysum_result.value")


def said(instant: int | None) -> str:
    return datetime.fromtimestamp(instant, ZONE).strftime("%Y-%m-%d %H:%M:%S") if instant is not None else ""


def heard(text: Any) -> int:
    need(isinstance(text, str) and len(text) == 19, f"a time is yyyy-MM-dd HH:mm:ss, not {text!r}")
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZONE).timestamp())


def yuan(fen: int) -> str:
    return str(Decimal(fen) / 100)


class Jd(Expiring):
    """The shop's platform. Order lists are half-open at their end: the harder reading of a border that nobody published."""

    def __init__(self, world: World, clock: Callable[[], float]) -> None:
        super().__init__(world, clock)
        self.ends: dict[str, float] = {}  # refresh token -> end of the access token it came with

    def endpoint(self, call: Call) -> str:
        return str(call.form().get("method", call.path)) if call.method == "POST" else call.path

    def answer(self, call: Call) -> Reply:
        if call.path.startswith("/oauth2/"):
            return self._token(call)
        need(call.method == "POST" and call.path == "/routerjson" and not call.query, "a POST to routerjson, nothing in the query")
        need(call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"), "form body")
        form = call.form()
        self._signed(call, form)
        if not self.holds(form["access_token"]):
            return self.expired_reply()
        routes = {ORDERS: self._orders, AFTER_SALES: self._after_sales, PAID_BACK: self._paid_back, CANCELLED: self._cancelled, CAMPAIGNS: self._campaigns, SHOP: self._shop}
        method = form["method"]
        need(method in routes, f"no such method {method}", self.error("14", "无效method"))
        return Reply(200, {method.replace(".", "_") + "_responce": {"code": "0", **routes[method](call, json.loads(form["360buy_param_json"]))}})

    def _signed(self, call: Call, form: dict[str, str]) -> None:
        fields = ("method", "access_token", "app_key", "timestamp", "v", "360buy_param_json", "sign")
        only(form, fields, call)
        need(all(form.get(name) for name in fields), "every system parameter", self.error("11", "缺少签名"))
        need(form["app_key"] == KEY and form["v"] == "2.0", "app_key, v", self.error("5", "无效版本"))
        need(abs(heard(form["timestamp"]) - self.now()) <= 360, "timestamp more than six minutes off", self.error("8", "非法时间戳"))
        text = SECRET + "".join(f"{name}{form[name]}" for name in sorted(form) if name != "sign") + SECRET
        need(hashlib.md5(text.encode()).hexdigest().upper() == form["sign"], "signature", self.error("12", "无效签名"))

    def _token(self, call: Call) -> Reply:
        need(call.method == "GET", "tokens are got with GET")
        query = call.query
        need(query.get("app_key") == KEY and query.get("app_secret") == SECRET, "app_key, app_secret")
        if call.path == "/oauth2/refresh_token":
            only(query, ("app_key", "app_secret", "grant_type", "refresh_token"), call)
            need(query.get("grant_type") == "refresh_token", "grant_type")
            refresh = query.get("refresh_token", "")
            is_late = any(0 < end - self.now() <= DAY_S or end == 0 for end in self.tokens.values()) and self.ends.get(refresh, 0) > self.now()
            if not is_late or not self.use_refresh(refresh):
                return Reply(200, {"code": "1001", "msg": "refresh token invalid"})
        else:
            only(query, ("app_key", "app_secret", "grant_type", "code"), call)
            need(call.path == "/oauth2/access_token" and query.get("grant_type") == "authorization_code" and query.get("code") == "good-code", "code")
        access, refresh = self.issue(MONTH_S)
        return Reply(200, {"access_token": access, "expires_in": MONTH_S, "refresh_token": refresh, "scope": "snsapi_base", "uid": "2000001", "token_type": "bearer"})

    def issue(self, lasts_s: float) -> tuple[str, str]:
        access, refresh = super().issue(lasts_s)
        self.ends[refresh] = self.now() + lasts_s
        return access, refresh

    def _orders(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        only(body, ("start_date", "end_date", "order_state", "optional_fields", "source_id", "page", "page_size", "sortType", "dateType"), call)
        need(body.get("order_state") == "ALL" and body.get("source_id") == "JOS" and body.get("optional_fields"), "order_state, source_id, optional_fields")
        need(isinstance(body.get("page"), str) and isinstance(body.get("page_size"), str) and 1 <= int(body["page_size"]) <= 100, "page and page_size are text, at most 100")
        low, high, by_creation = heard(body["start_date"]), heard(body["end_date"]), body.get("dateType") == "1"
        need(0 < high - low <= MONTH_S and low >= self.now() - (730 if by_creation else 90) * DAY_S - 60, "window: a month at most, two years or three months back")
        found = [(order.created_at if by_creation else order.updated_at, order) for order in self.view().orders]
        need(body.get("sortType") == "1", "descending is the only published order")
        found = sorted((pair for pair in found if low <= pair[0] < high), key=lambda pair: (pair[0], pair[1].order_id), reverse=True)
        fields = body["optional_fields"].split(",")
        rows = [{name: value for name, value in self._order(order).items() if name in fields} for _, order in page_of(found, int(body["page"]), int(body["page_size"]))]
        total = len(found) if len(found) % 2 else str(len(found))  # a number or its text
        return {"searchorderinfo_result": {
            "apiResult": {"success": True if len(found) % 2 else "true", "numberCode": 0, "chineseErrCode": "", "englishErrCode": ""}, "orderTotal": total, "orderInfoList": rows}}  # fmt: skip

    def _order(self, order: Order) -> dict[str, Any]:
        worth = order.amount + order.discount
        return {
            "orderId": order.order_id, "venderId": "800001", "orderType": "22", "orderState": STATE[order.status], "orderStartTime": said(order.created_at),
            "paymentConfirmTime": said(order.paid_at) or "0001-01-01 00:00:00", "modified": said(order.updated_at), "orderEndTime": said(order.finished_at),
            "orderTotalPrice": yuan(worth), "orderSellerPrice": yuan(order.amount), "actualPay": yuan(order.paid_amount), "shouldPay": yuan(order.amount),
            "totalSellerDiscount": yuan(order.discount), "sellerDiscount": yuan(order.discount), "freightPrice": "0.00", "parentOrderId": "0",
            "orderPayment": "0.01", "pin": "canary-person", "consigneeInfo": {"fullname": "canary-person", "mobile": "13800000000"},
            "itemInfoList": [
                {"skuId": line.item.sku_id, "wareId": line.item.item_id, "skuName": line.item.title, "jdPrice": yuan(line.item.price), "itemTotal": str(line.units),
                 "outerSkuId": ""} for line in order.lines],
            "couponDetailList": [],
        }  # fmt: skip

    def _after_sales(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        only(body, ("applyTimeBegin", "applyTimeEnd", "pageNumber", "pageSize"), call)
        need(isinstance(body.get("pageNumber"), int) and 1 <= body.get("pageSize", 0) <= 50, "pageNumber from 1, pageSize 1 to 50")
        low, high = heard(body["applyTimeBegin"]), heard(body["applyTimeEnd"])
        need(0 < high - low <= 7 * DAY_S, "seven days of application at most")
        rows = [row for order, refund in self.view().refunds if low <= refund.applied_at < high for row in self._bill(order, refund)]
        return {"pageResult": {"success": True, "code": "00000", "msg": "", "pageNumber": body["pageNumber"], "pageSize": body["pageSize"], "totalCount": len(rows),
                               "data": page_of(rows, body["pageNumber"], body["pageSize"])}}  # fmt: skip

    def _bill(self, order: Order, refund: Refund) -> list[dict[str, Any]]:
        """A bill of an even number is paid back in two parts."""
        line = next(line for line in order.lines if line.line_id == refund.line_id)
        bill = {"serviceId": int(refund.refund_id), "afsApplyId": 1, "orderId": int(order.order_id), "wareId": int(line.item.sku_id), "wareName": line.item.title,
                "afsApplyTime": said(refund.applied_at), "applyReason": "不想要了", "customerPin": "canary-person", "approveName": "canary-person"}  # fmt: skip
        state = {"done": 13, "withdrawn": 14, "applied": 10}[refund.status]
        parts = [1, refund.amount - 1] if int(refund.refund_id) % 2 == 0 and refund.amount > 1 else [refund.amount]
        return [{"afsRefundId": int(refund.refund_id) * 10 + n, "refoundAmount": part, "completeTime": said(refund.done_at) or None, "status": state, "sameOrderServiceBill": bill}
                for n, part in enumerate(parts)]  # fmt: skip

    def _paid_back(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        only(body, ("afsServiceId", "skuNum"), call)
        need(isinstance(body.get("afsServiceId"), int), "afsServiceId is a number")
        order, refund = next(pair for pair in self.view().refunds if int(pair[1].refund_id) == body["afsServiceId"])
        branch: dict[str, Any] = {"afsEstimateRefundDetail": {"maxRefundAmount": 99999.0}}
        if refund.done_at is not None:
            branch = {"afsActualRefundDetail": {"actualRefundAmount": float(yuan(refund.amount))}}
        return {"result": {"success": True, "errorCode": 200, "data": {"orderId": int(order.order_id), **branch}}}

    def _cancelled(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        only(body, ("applyTimeStart", "applyTimeEnd", "pageIndex", "pageSize"), call)
        need(1 <= body.get("pageIndex", 0) <= 100 and 1 <= body.get("pageSize", 0) <= 50, "pageIndex 1 to 100, pageSize 1 to 50")
        low, high = heard(body["applyTimeStart"]), heard(body["applyTimeEnd"])
        found = [(order, refund) for order, refund in self.view().refunds
                 if low <= refund.applied_at < high and (order.shipped_at is None or refund.applied_at < order.shipped_at)]  # fmt: skip
        rows = [
            {"id": int(refund.refund_id) + 7, "orderId": order.order_id, "applyRefundSum": refund.amount, "applyTime": said(refund.applied_at), "buyerId": order.buyer_id,
             "buyerName": "canary-person", "checkTime": said(refund.done_at) or None, "checkUserName": "canary-person", "status": 3 if refund.done_at else 0, "reason": "拍错了"}
            for order, refund in found
        ]  # fmt: skip
        return {"queryResult": {"success": True, "totalCount": len(rows), "result": page_of(rows, body["pageIndex"], body["pageSize"])}}

    def _campaigns(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        only(body, ("is_daily", "start_day", "end_day", "is_order_or_click", "is_today_or_15_days", "platform", "page_index", "page_size"), call)
        need(body.get("is_daily") is True and body.get("platform") == "all" and isinstance(body.get("is_order_or_click"), bool), "is_daily, platform, basis")
        need(isinstance(body.get("is_today_or_15_days"), bool) and 1 <= body.get("page_size", 0) <= 100, "days of credit, page_size at most 100")
        first, last = heard(body["start_day"]), heard(body["end_day"])
        need(first < last and body["start_day"].endswith("00:00:00") and body["end_day"].endswith("23:59:59"), "whole days")
        days = {datetime.fromtimestamp(first, ZONE).date() + timedelta(days=n) for n in range((last - first) // DAY_S + 1)}
        found = [row for row in self.view().ads if row.day in days]
        rows = [
            {"id": 0, "pin": "synthetic_pin", "date": f"{row.day:%Y%m%d}", "figureData": {
                "date": f"{row.day:%Y%m%d}", "CampaignId": row.campaign_id, "CampaignName": row.campaign, "Cost": str(row.spend // 10), "Clicks": str(row.clicks),
                "Impressions": str(row.impressions), "CPC": "1.05", "CTR": "2.76", "TotalOrderSum": str(row.sales // 10), "TotalOrderCnt": str(row.orders), "TotalOrderROI": "3.91"}}
            for row in page_of(found, body["page_index"], body["page_size"])
        ]  # fmt: skip
        return {"querycampdailysum_result": {"success": True, "resultCode": "0", "errorMsg": "", "total": len(found), "page": body["page_index"], "value": rows}}

    def _shop(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        only(body, (), call)
        return {"shop_jos_result": {"shop_id": 700001, "vender_id": 800001, "shop_name": "示例京东旗舰店"}}

    def error(self, code: str, text: str) -> Reply:
        return Reply(200, {"error_response": {"code": code, "zh_desc": text, "en_desc": "refused"}})

    def expired_reply(self) -> Reply:
        return self.error("19", "无效access_token")

    def throttled(self) -> Reply:
        return self.error("2", "调用次数超限")

    def short_page(self, reply: Reply) -> Reply | None:
        return self._rows(reply, without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return self._rows(reply, one_twice)

    def _rows(self, reply: Reply, change: Callable[[list[Any]], list[Any]]) -> Reply | None:
        key = next(iter(reply.data()))
        return changed_in(reply, [f"{key}.{path}" for path in LISTS], change)

    def spared(self, call: Call) -> tuple[str, ...]:
        """A refresh that is lost kills the only pair there is: the one fault nobody can heal."""
        return ("after", "expired") if call.path.startswith("/oauth2/") else ()


def setup(world: World, clock: Callable[[], float]) -> Setup:
    platform = Jd(world, clock)
    access, refresh = platform.issue(44 * 3600)  # so that it comes into its last hours on the way
    return Setup(
        platform, lambda url: Account("jd", "jd", "shopjd", id="800001", since=world.days()[0].isoformat(), base_url=url, options={"money_unit": "fen"}),
        {"app_key": KEY, "app_secret": SECRET}, ("placed", "paid", "sales", "refunds", "spend", "attributed"),
        Token(access, platform.now() + 44 * 3600, refresh, platform.now() + 44 * 3600), orders="jd.orders", refunds="jd.refunds", ads="jd.ads",
    )  # fmt: skip
