"""TikTok Shop played strictly: signed path, query and body; opaque page tokens; the shop's cipher where it belongs and nowhere else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.api.config import Account
from connectors.api.tokens import Token
from tests.stub.facts import Order, Refund, Session
from tests.stub.played import Expiring, Setup, changed_in, digits, need, one_twice, only, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import World, midnight

KEY, SECRET, CIPHER, SHOP = "app-key-tts", "canary-tts-secret", "ROW_cipher_of_7000", "7000714532876273420"
SYSTEM = ("app_key", "timestamp", "sign", "shop_cipher")
STATUS = {"unpaid": "UNPAID", "paid": "AWAITING_SHIPMENT", "shipped": "IN_TRANSIT", "done": "COMPLETED", "cancelled": "CANCELLED"}
RETURN = {"done": "RETURN_OR_REFUND_REQUEST_COMPLETE", "withdrawn": "RETURN_OR_REFUND_REQUEST_CANCEL", "applied": "RETURN_OR_REFUND_REQUEST_PENDING"}
SORTS = ("gmv", "products_added", "different_products_sold", "sku_orders", "items_sold", "customers", "24h_live_gmv")
WEEK_S, MINUTES_A_PAGE = 604_800, 50


def major(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


class TikTokShop(Expiring):
    """The shop's platform. `lag`: how many days ago the last day of the analytics is; `silent`: LIVEs without minutes."""

    lag = 1
    silent: frozenset[str] = frozenset()

    def answer(self, call: Call) -> Reply:
        if call.path.startswith("/api/v2/token/"):
            return self._token(call)
        self._signed(call)
        if not self.holds(call.headers.get("x-tts-access-token", "")):
            return self.expired_reply()
        body = call.json() if call.method == "POST" else {}
        for path, method, answer in (
            ("/authorization/202309/shops", "GET", self._shops), ("/order/202309/orders/search", "POST", self._orders),
            ("/return_refund/202309/returns/search", "POST", self._returns), ("/analytics/202509/shop_lives/performance", "GET", self._sessions),
            (r"/analytics/202510/shop_lives/(\d+)/performance_per_minutes", "GET", self._minutes),
            (r"/analytics/202512/shop/(\d+)/products_performance", "GET", self._items), ("/analytics/202509/shop/performance", "GET", self._days),
            (r"/analytics/202510/shop/performance/(\d{4}-\d\d-\d\d)/performance_per_hour", "GET", self._hours),
        ):  # fmt: skip
            match = re.fullmatch(path, call.path)
            if match:
                need(call.method == method, f"{call.path}: only {method}")
                return answer(call, body, *match.groups())
        need(False, f"no such path {call.path}")
        raise AssertionError

    def _signed(self, call: Call) -> None:
        query = call.query
        need(call.headers.get("content-type") == "application/json", "Content-Type: application/json")
        need(query.get("app_key") == KEY and re.fullmatch(r"\d{10}", query.get("timestamp", "")), "app_key and a timestamp of ten digits")
        need(-300 <= int(query["timestamp"]) - self.now() <= 30, "timestamp", self.error(36009004, "Invalid timestamp"))
        wanted = CIPHER if "/authorization/" not in call.path else None
        need(query.get("shop_cipher") == wanted, "shop_cipher", self.error(36009004, "Unexpected identifier"))
        need(call.method == "POST" or not call.body, "a GET has no body")
        text = call.path + "".join(name + query[name] for name in sorted(query) if name not in ("sign", "access_token")) + call.body.decode()
        need(hmac.new(SECRET.encode(), f"{SECRET}{text}{SECRET}".encode(), hashlib.sha256).hexdigest() == query.get("sign"), "signature")

    def _token(self, call: Call) -> Reply:
        need(call.method == "GET" and not call.body, "tokens are asked for with GET")
        kind, given = ("authorized_code", "auth_code") if call.path.endswith("/get") else ("refresh_token", "refresh_token")
        only(call.query, ("app_key", "app_secret", "grant_type", given), call)
        need(call.query.get("app_key") == KEY and call.query.get("app_secret") == SECRET and call.query.get("grant_type") == kind, "credentials and grant_type")
        if not (self.use_refresh(call.query.get(given, "")) if kind == "refresh_token" else call.query.get(given) == "good-code"):
            return self.error(36004004, "invalid")
        access, refresh = self.issue(WEEK_S)
        return self.ok({"access_token": access, "access_token_expire_in": self.now() + WEEK_S, "refresh_token": refresh, "refresh_token_expire_in": self.now() + 365 * 86_400,
                        "open_id": "7010736057180325637", "seller_name": "Demo Shop", "seller_base_region": "MY", "user_type": 0, "granted_scopes": []})  # fmt: skip

    def _shops(self, call: Call, body: Any) -> Reply:
        only(call.query, ("app_key", "timestamp", "sign"), call)
        other = {"cipher": "ROW_other", "code": "B", "id": "7000714532876273421", "name": "Other", "region": "SG", "seller_type": "LOCAL"}
        return self.ok({"shops": [other, {"cipher": CIPHER, "code": "A", "id": SHOP, "name": "Demo Shop MY", "region": "MY", "seller_type": "LOCAL"}]})

    def _orders(self, call: Call, body: Any) -> Reply:
        only(body, ("create_time_ge", "create_time_lt", "update_time_ge", "update_time_lt", "order_status"), call)
        status = body.get("order_status")
        need(status is None or status in STATUS.values(), "order_status")
        found = [order for order in self.view().orders if status in (None, STATUS[order.status])]
        return self._changed(call, body, found, "orders", 1, 100, self._order, lambda order: (order.updated_at, order.order_id))

    def _returns(self, call: Call, body: Any) -> Reply:
        only(body, ("create_time_ge", "create_time_lt", "update_time_ge", "update_time_lt", "return_status", "return_types"), call)
        return self._changed(call, body, self.view().refunds, "return_orders", 10, 50, self._return, lambda pair: (pair[1].updated_at, pair[1].refund_id))

    def _changed(self, call: Call, body: Any, rows: Sequence[Any], name: str, least: int, most: int, shown: Callable[[Any], Any], order: Callable[[Any], Any]) -> Reply:
        """A page of what changed in a range; the list is made anew for every page, so rows that change meanwhile shift it."""
        only(call.query, (*SYSTEM, "page_size", "page_token", "sort_field", "sort_order"), call)
        need(least <= int(call.query.get("page_size", 0)) <= most, "page_size")
        need(call.query.get("sort_field") == "update_time" and call.query.get("sort_order") == "ASC", "sorted by what the range is on")
        low, high = body["update_time_ge"], body["update_time_lt"]
        need(isinstance(low, int) and isinstance(high, int) and low < high, "a range of whole seconds")
        found = sorted((row for row in rows if low <= order(row)[0] < high), key=order)
        return self._page(call, body, found, int(call.query["page_size"]), name, shown)

    def _page(self, call: Call, body: Any, rows: Sequence[Any], size: int, name: str, shown: Callable[[Any], Any], **more: Any) -> Reply:
        asked = {key: value for key, value in call.query.items() if key not in (*SYSTEM, "page_token")}
        mark = hashlib.sha256(json.dumps([call.path, asked, body], sort_keys=True).encode()).hexdigest()[:12]
        start = 0
        if "page_token" in call.query:
            given, start = json.loads(base64.b64decode(call.query["page_token"]))
            need(given == mark, "a page token belongs to the request that gave it")
        token = base64.b64encode(json.dumps([mark, start + size]).encode()).decode() if start + size < len(rows) else ""
        return self.ok({"next_page_token": token, "total_count": len(rows), name: [shown(row) for row in rows[start : start + size]], **more})

    def _money(self, fen: int) -> dict[str, str]:
        return {"amount": major(fen), "currency": self.world.currency}

    def _order(self, order: Order) -> dict[str, Any]:
        units = []
        for line in order.lines:
            for n in range(line.units):
                price = line.amount // line.units + (1 if n < line.amount % line.units else 0)
                units.append({"id": str(digits(f"{line.line_id}/{n}")), "product_id": line.item.item_id, "sku_id": line.item.sku_id, "seller_sku": "", "product_name": line.item.title,
                              "sku_name": "Default", "currency": self.world.currency, "original_price": major(line.item.price), "sale_price": major(price), "platform_discount": "0",
                              "seller_discount": major(line.item.price - price), "display_status": STATUS[order.status], "is_gift": False, "tracking_number": "canary-person-parcel",
                              "package_id": "", "package_status": "TO_FULFILL"})  # fmt: skip
        cancel = {"cancel_time": order.cancelled_at, "cancel_reason": "Pricing error", "cancellation_initiator": "SELLER"} if order.cancelled_at else {}
        return {
            "id": order.order_id, "status": STATUS[order.status], "order_type": "NORMAL", "create_time": order.created_at, "update_time": order.updated_at,
            "paid_time": order.paid_at or 0, "user_id": order.buyer_id, "buyer_email": "canary-person@example.com", "fulfillment_type": "FULFILLMENT_BY_SELLER",
            "recipient_address": {"name": "canary-person", "phone_number": "13800000000"}, "shipping_type": "TIKTOK", "payment_method_name": "CCDC",
            "is_cod": False, "is_sample_order": False, "is_replacement_order": False, "line_items": units, **cancel,
            "payment": {"currency": self.world.currency, "total_amount": major(order.amount), "sub_total": major(order.amount),
                        "original_total_product_price": major(order.amount + order.discount), "platform_discount": "0", "seller_discount": major(order.discount),
                        "shipping_fee": "0", "original_shipping_fee": "0", "shipping_fee_platform_discount": "0", "shipping_fee_seller_discount": "0", "tax": "0"},
        }  # fmt: skip

    def _return(self, pair: tuple[Order, Refund]) -> dict[str, Any]:
        order, refund = pair
        amount = {"currency": self.world.currency, "refund_total": major(refund.amount), "refund_subtotal": major(refund.amount), "refund_shipping_fee": "0", "refund_tax": "0"}
        line = {"return_line_item_id": "1", "order_line_item_id": str(digits(f"{refund.line_id}/0")), "sku_id": "1", "seller_sku": "", "refund_amount": amount}
        return {"return_id": refund.refund_id, "order_id": order.order_id, "return_type": "REFUND", "return_status": RETURN[refund.status], "return_reason_text": "Wrong item",
                "role": "BUYER", "create_time": refund.applied_at, "update_time": refund.updated_at, "refund_amount": amount, "return_line_items": [line]}  # fmt: skip

    def _day(self, instant: int) -> date:
        return datetime.fromtimestamp(instant, ZoneInfo(self.world.zone)).date()

    def _last_day(self) -> date:
        return self._day(self.now()) - timedelta(days=self.lag)

    def _range(self, call: Call) -> tuple[date, date]:
        """First day and the day after the last one."""
        low, high = (date.fromisoformat(call.query[name]) for name in ("start_date_ge", "end_date_lt"))
        fits = low < high and (self._day(self.now()) - low).days <= 180
        need(fits, "days asked for", self.error(28001022, "start_date_ge must be earlier than end_date_lt"))
        need((high - low).days <= 30 and call.query.get("currency") in ("USD", "LOCAL"), "30 days at most, in a currency")
        return low, high

    def _live(self) -> list[Session]:
        return [session for session in self.view().sessions if session.end_at is not None and self._day(session.start_at) <= self._last_day()]

    def _own(self, live_id: str, call: Call) -> Session:
        session = next((each for each in self._live() if each.room_id == live_id), None)
        need(session and session.host != "Lin", f"{live_id}: no ended LIVE of an own account")
        need(call.query.get("currency") in ("USD", "LOCAL"), "currency")
        assert session is not None
        return session

    def _sessions(self, call: Call, body: Any) -> Reply:
        only(call.query, (*SYSTEM, "start_date_ge", "end_date_lt", "page_size", "page_token", "sort_field", "sort_order", "currency", "account_type"), call)
        low, high = self._range(call)
        need(1 <= int(call.query.get("page_size", 0)) <= 100 and call.query.get("sort_field") in SORTS and call.query.get("sort_order") in ("ASC", "DESC"), "page and order")
        need(call.query.get("account_type") == "ALL", "without ALL a kind of account is missing")
        found = sorted((s for s in self._live() if low <= self._day(s.start_at) < high), key=lambda s: (-s.sales, s.room_id))
        return self._page(call, body, found, min(2, int(call.query["page_size"])), "live_stream_sessions", self._session, latest_available_date=self._last_day().isoformat())

    def _session(self, session: Session) -> dict[str, Any]:
        units = sum(item.units for item in session.items)
        sales = {"gmv": self._money(session.sales), "24h_live_gmv": self._money(session.sales * 2), "avg_price": self._money(1), "products_added": len(session.items) + 1,
                 "different_products_sold": len(session.items), "created_sku_orders": session.orders + 2, "sku_orders": session.orders, "items_sold": units,
                 "customers": session.orders, "click_to_order_rate": "5.00%"}  # fmt: skip
        seen = {"acu": 85, "pcu": session.pcu, "viewers": session.viewers, "views": session.viewers + 9, "avg_viewing_duration": "46", "comments": 5, "shares": 1, "likes": 7,
                "new_followers": 3, "product_impressions": 100, "product_clicks": 10, "click_through_rate": "6.12%"}  # fmt: skip
        own = {} if session.host == "Lin" else {"interaction_performance": seen}
        return {"id": session.room_id, "title": session.title, "username": session.host, "start_time": str(session.start_at), "end_time": str(session.end_at),
                "sales_performance": sales, **own}  # fmt: skip

    def _minutes(self, call: Call, body: Any, live_id: str) -> Reply:
        only(call.query, (*SYSTEM, "page_token", "currency"), call)
        session = self._own(live_id, call)
        if live_id in self.silent:
            return Reply(500, {"code": 98001001, "message": "internal error", "request_id": "x"})
        rows = [
            {"start_time": minute.at, "end_time": minute.at + 60, "sales": {"gmv": self._money(minute.sales), "items_sold": minute.orders, "customers": minute.orders,
             "sku_orders": minute.orders, "main_orders": minute.orders}, "traffic": {"impressions": 700, "views": minute.entered, "viewers": minute.entered, "ctr": "0.3264"},
             "interactions": {"comments": 9, "likes": 30, "shares": 1, "new_followers": 0}, "conversion": {"gpm": {"show_gpm": "20.75"}}}
            for minute in session.minutes
        ]  # fmt: skip
        data = self._page(call, body, rows, MINUTES_A_PAGE, "intervals", lambda row: row).data()["data"]
        told = {"overall": {"live_title": session.title, "start_time": session.start_at}, "intervals": data.pop("intervals")}
        return self.ok({**data, "performance": told})

    def _items(self, call: Call, body: Any, live_id: str) -> Reply:
        only(call.query, (*SYSTEM, "sort_field", "sort_order", "currency"), call)
        rows = [{"id": item.item.item_id, "name": item.item.title, "sales": {"direct_gmv": self._money(item.amount), "items_sold": item.units, "customers": item.orders,
                 "created_sku_orders": item.orders, "sku_orders": item.orders, "main_orders": item.orders}, "traffic": {"produt_clicks": item.clicks, "add_to_cart_count": 1}}
                for item in self._own(live_id, call).items]  # fmt: skip
        return self.ok({"products": rows})

    def _paid(self, low: int, high: int) -> tuple[int, list[Order]]:
        found = [order for order in self.view().orders if order.paid_at is not None and low <= order.paid_at < high]
        return sum(order.amount for order in found), found

    def _days(self, call: Call, body: Any) -> Reply:
        only(call.query, (*SYSTEM, "start_date_ge", "end_date_lt", "granularity", "currency"), call)
        low, high = self._range(call)
        need(call.query.get("granularity") == "1D", "without 1D all days are one")
        days = [low + timedelta(days=n) for n in range((high - low).days)]
        intervals = [self._figures(day, known=day <= self._last_day()) for day in days]
        return self.ok({"latest_available_date": self._last_day().isoformat(), "performance": {"intervals": intervals}})

    def _figures(self, day: date, known: bool) -> dict[str, Any]:
        """A day's figures; of a day that is not known yet all are 0, as if nothing had been sold."""
        amount, orders = self._paid(midnight(day, self.world.zone), midnight(day + timedelta(days=1), self.world.zone)) if known else (0, [])
        live = sum(order.amount for order in orders if order.room_id)
        parts = [{"type": "LIVE", "gmv": self._money(live)}, {"type": "VIDEO", "gmv": self._money(0)}, {"type": "PRODUCT_CARD", "gmv": self._money(amount - live)}]
        sales = {"gmv": {"overall": self._money(amount), "breakdowns": parts}, "gross_revenue": {"overall": self._money(amount), "breakdowns": []}, "orders_count": len(orders),
                 "sku_orders_count": len(orders), "items_sold": sum(line.units for order in orders for line in order.lines),
                 "avg_customers_count": len({order.buyer_id for order in orders}), "refunds": self._money(0)}  # fmt: skip
        traffic = {"avg_page_views": 5600 * known, "avg_visitors": 3400 * known, "avg_conversation_rate": "0.0194"}
        return {"start_date": day.isoformat(), "end_date": (day + timedelta(days=1)).isoformat(), "sales": sales, "traffic": traffic}

    def _hours(self, call: Call, body: Any, day: str) -> Reply:
        only(call.query, (*SYSTEM, "currency"), call)
        start, now = midnight(date.fromisoformat(day), self.world.zone), self.now()
        need(0 <= (self._day(now) - date.fromisoformat(day)).days < 30, "an hour is given for 30 days, never ahead")
        rows = []
        for hour in range(24):
            amount, orders = self._paid(start + hour * 3600, start + hour * 3600 + 3600)
            rows.append({"index": hour, "gmv": self._money(amount), "items_sold": sum(line.units for order in orders for line in order.lines),
                         "customers": len({order.buyer_id for order in orders}), "visitors": 9})  # fmt: skip
        return self.ok({"performance": {"latest_available_timestamp": min(now // 3600 * 3600, start + 86_400), "overall": {"gmv": self._money(0)}, "intervals": rows}})

    def ok(self, data: Any) -> Reply:
        return Reply(200, {"code": 0, "message": "Success", "request_id": "x", "data": data})

    def error(self, code: int, text: str) -> Reply:
        return Reply(200, {"code": code, "message": text, "request_id": "x"})

    def throttled(self) -> Reply:
        return self.error(36009002, "too many requests")

    def expired_reply(self) -> Reply:
        return self.error(105002, "access token is expired, please refresh it")

    def server_error(self) -> Reply:
        return self.error(36009003, "internal error")

    def short_page(self, reply: Reply) -> Reply | None:
        return self._rows(reply, without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return self._rows(reply, one_twice)

    def _rows(self, reply: Reply, change: Callable[[list[Any]], list[Any]]) -> Reply | None:
        """Only lists that state how many there are: elsewhere nobody could tell."""
        if "total_count" not in (reply.data().get("data") or {}):
            return None
        return changed_in(reply, ("data.orders", "data.return_orders", "data.live_stream_sessions", "data.performance.intervals"), change)

    def spared(self, call: Call) -> tuple[str, ...]:
        """A refresh that is lost kills the only pair there is: the one fault nobody can heal."""
        return ("after", "expired") if "/token/" in call.path else ()


def setup(world: World, clock: Callable[[], float]) -> Setup:
    platform = TikTokShop(world, clock)
    access, refresh = platform.issue(86_400)
    return Setup(
        platform,
        lambda url: Account("tts", "tiktok_shop", "shoptts", id=SHOP, zone=world.zone, currency=world.currency, since=world.days()[0].isoformat(), base_url=url),
        {"app_key": KEY, "app_secret": SECRET}, ("placed", "paid", "sales", "refunds", "sessions", "session_orders", "session_sales"),
        Token(access, platform.now() + 86_400, refresh), orders="tiktok_shop.orders", refunds="tiktok_shop.refunds", sessions="tiktok_shop.sessions",
    )  # fmt: skip
