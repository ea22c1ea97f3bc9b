"""淘宝 TOP and 万相台无界 played strictly: a form signed whole, one key an answer, wrapped lists that are absent when empty, newest first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.api.config import Account
from tests.stub.played import Played, Setup, changed_in, need, one_twice, only, page_of, without_one
from tests.stub.wire import Call, Reply
from tests.stub.world import Order, Refund, View, World

KEY, SECRET, SESSION = "12345678", "canary-taobao-secret", "canary-taobao-session"
SYSTEM = ("method", "app_key", "session", "timestamp", "format", "v", "sign_method", "sign")
PAGED = ("fields", "type", "page_no", "page_size", "use_has_next")
SCENES = {"onebpSearch": "关键词推广", "onebpDisplay": "人群推广"}
TRADE_FIELDS = (
    "tid", "status", "type", "payment", "total_fee", "discount_fee", "adjust_fee", "post_fee", "received_payment", "num", "created", "pay_time", "modified",
    "end_time", "step_trade_status", "step_paid_fee", "buyer_open_uid", "orders",
)  # fmt: skip
REFUND_FIELDS = (
    "refund_id", "tid", "oid", "total_fee", "refund_fee", "payment", "status", "order_status", "good_status", "has_good_return", "reason", "num", "created",
    "modified", "refund_phase", "refund_version", "dispute_type", "outer_id",
)  # fmt: skip
TYPES = (
    "fixed", "auction", "guarantee_trade", "step", "independent_simple_trade", "independent_shop_trade", "auto_delivery", "ec", "cod", "game_equipment",
    "shopex_trade", "netcn_trade", "external_trade", "instant_trade", "b2c_cod", "hotel_trade", "super_market_trade", "super_market_cod_trade", "taohua",
    "waimai", "o2o_offlinetrade", "nopaid", "eticket", "tmall_i18n", "insurance_plus", "finance", "pre_auth_type", "lazada",
)  # fmt: skip
DEFAULT_TYPES = "guarantee_trade,auto_delivery,ec,cod,step"
METRICS = {"charge": "charge", "adPv": "ad_pv", "click": "click", "alipayInshopAmt": "alipay_inshop_amt", "alipayInshopNum": "alipay_inshop_num", "ctr": "ctr",
           "alipayDirAmt": "alipay_dir_amt", "alipayIndirAmt": "alipay_indir_amt", "cartInshopNum": "cart_inshop_num", "colNum": "col_num",
           "newAlipayInshopUv": "new_alipay_inshop_uv"}  # fmt: skip
LISTS = (
    "trades_sold_get_response.trades.trade", "trades_sold_increment_get_response.trades.trade", "refunds_receive_get_response.refunds.refund",
    *(f"universalbp_report_query_{level}_response.result.top_report_v_o_top_bulk_data.top_report_v_o_list.top_report_vo" for level in ("campaign", "account")),
)  # fmt: skip
STATUS = {"unpaid": "WAIT_BUYER_PAY", "paid": "WAIT_SELLER_SEND_GOODS", "shipped": "WAIT_BUYER_CONFIRM_GOODS", "done": "TRADE_FINISHED"}


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def text(instant: int) -> str:
    return (datetime.fromtimestamp(instant, UTC) + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")


def instant(said: str) -> int:
    return int((datetime.strptime(said, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) - timedelta(hours=8)).timestamp())


def type_of(order: Order) -> str:
    """What is asked for without a type gives two of these four."""
    return ("fixed", "step", "tmall_i18n", "eticket")[int(order.order_id) % 4]


def scene_of(campaign_id: str) -> str:
    return tuple(SCENES)[int(campaign_id) % 2]


class Taobao(Played):
    """The gateway. `late_s`: how far behind its lists are, as around a big promotion."""

    late_s = 0

    def view(self) -> View:
        return self.world.at(self.now() - self.late_s)

    def endpoint(self, call: Call) -> str:
        return call.form().get("method", "")

    def answer(self, call: Call) -> Reply:
        need(call.method == "POST" and call.path == "/router/rest" and not call.query, "one address, only POST, nothing in the query")
        need(call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"), "a form")
        form = call.form()
        self._signed(form)
        if form.get("session") != SESSION:
            return self.expired()
        given = {name: value for name, value in form.items() if name not in SYSTEM}
        method = form["method"].removeprefix("taobao.")
        routes: dict[str, Callable[[Call, dict[str, str]], Any]] = {
            "trades.sold.get": self._created, "trades.sold.increment.get": self._modified, "refunds.receive.get": self._refunds,
            "universalbp.report.query.campaign": self._campaigns, "universalbp.report.query.account": self._accounts,
        }  # fmt: skip
        need(form["method"].startswith("taobao.") and method in routes, f"no such method {method}")
        return Reply(200, {method.replace(".", "_") + "_response": {**routes[method](call, given), "request_id": "synthetic"}})

    def _signed(self, form: dict[str, str]) -> None:
        need(form.get("app_key") == KEY and form.get("v") == "2.0" and form.get("format") == "json" and form.get("sign_method") == "md5", "system parameters")
        need("" not in form.values(), "an empty parameter")
        need(abs(instant(form["timestamp"]) - self.now()) <= 600, "timestamp more than ten minutes off")
        said = SECRET + "".join(f"{name}{form[name]}" for name in sorted(form) if name != "sign") + SECRET
        need(hashlib.md5(said.encode(), usedforsecurity=False).hexdigest().upper() == form.get("sign"), "signature")

    def _created(self, call: Call, given: dict[str, str]) -> dict[str, Any]:
        only(given, (*PAGED, "start_created", "end_created", "status", "buyer_nick", "ext_type", "rate_status", "tag"), call)
        low, high = self._span(given, "created")
        need(low >= self.now() - 90 * 86_400, "created more than three months ago")
        return self._trades(given, [order for order in self.view().orders if low <= order.created_at <= high], lambda order: order.created_at)

    def _modified(self, call: Call, given: dict[str, str]) -> dict[str, Any]:
        only(given, (*PAGED, "start_modified", "end_modified", "status", "buyer_nick", "ext_type", "tag"), call)
        low, high = self._span(given, "modified")
        need(high - low <= 86_400, "modified: a day at most")
        return self._trades(given, [order for order in self.view().orders if low <= order.updated_at <= high], lambda order: order.updated_at)

    def _span(self, given: dict[str, str], which: str) -> tuple[int, int]:
        """The ends are asked for too: a list is cut by seconds, and the contract does not say that one is left out."""
        low, high = instant(given[f"start_{which}"]), instant(given[f"end_{which}"])
        need(low < high, "the end comes after the start")
        return low, high

    def _trades(self, given: dict[str, str], found: Sequence[Order], by: Callable[[Order], int]) -> dict[str, Any]:
        fields = given["fields"].split(",")
        need(set(fields) <= set(TRADE_FIELDS), "fields of a trade")
        ordered = sorted(self._of_type(given, found, lambda order: order), key=lambda order: (-by(order), order.order_id))
        return self._page(given, ordered, "trades", "trade", lambda order: {name: value for name, value in self._trade(order).items() if name in fields})

    def _of_type(self, given: dict[str, str], found: Sequence[Any], order_of: Callable[[Any], Order]) -> list[Any]:
        types = given.get("type", DEFAULT_TYPES).split(",")
        need(set(types) <= set(TYPES), "trade types")
        types += ["fixed", "auction"] if "guarantee_trade" in types else []
        return [entry for entry in found if type_of(order_of(entry)) in types]

    def _page(self, given: dict[str, str], found: Sequence[Any], outer: str, inner: str, row: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        page, size = int(given["page_no"]), int(given["page_size"])
        need(page >= 1 and 1 <= size <= 100 and given.get("use_has_next") in ("true", "false"), "page_no, page_size, use_has_next")
        rows = [row(entry) for entry in page_of(found, page, size)]
        said: dict[str, Any] = {"has_next": page * size < len(found)} if given["use_has_next"] == "true" else {"total_results": len(found)}
        return {**said, outer: {inner: rows}} if rows else said

    def _trade(self, order: Order) -> dict[str, Any]:
        closed = "TRADE_CLOSED" if order.paid_at else "TRADE_CLOSED_BY_TAOBAO"
        status = STATUS.get(order.status, closed)
        back = {line.line_id: sum(refund.amount for refund in order.refunds if refund.done_at and refund.line_id == line.line_id) for line in order.lines}
        lines = [
            {"oid": int(line.line_id), "num_iid": int(line.item.item_id), "sku_id": line.item.sku_id, "title": line.item.title, "price": yuan(line.item.price),
             "num": line.units, "payment": yuan(line.amount - back[line.line_id]), "total_fee": yuan(line.item.price * line.units), "part_mjz_discount": yuan(line.discount),
             "discount_fee": "0.00", "divide_order_fee": yuan(line.amount), "refund_status": "SUCCESS" if back[line.line_id] else "NO_REFUND", "status": status}
            for line in order.lines
        ]  # fmt: skip
        times = {"pay_time": order.paid_at, "end_time": order.finished_at or order.cancelled_at}
        step = {"step_trade_status": "FRONT_PAID_FINAL_PAID" if order.paid_at else "FRONT_NOPAID_FINAL_NOPAID", "step_paid_fee": "0.00"}
        return {
            "tid": int(order.order_id), "status": status, "type": type_of(order), "payment": yuan(order.amount - order.refunded), "total_fee": yuan(order.amount + order.discount),
            "discount_fee": yuan(order.discount), "adjust_fee": "0.00", "post_fee": "0.00", "received_payment": "0.00", "num": 0, "created": text(order.created_at),
            "modified": text(order.updated_at), **{name: text(at) for name, at in times.items() if at}, **(step if type_of(order) == "step" else {}),
            "buyer_open_uid": order.buyer_id, "orders": {"order": lines},
        }  # fmt: skip

    def _refunds(self, call: Call, given: dict[str, str]) -> dict[str, Any]:
        only(given, (*PAGED, "start_modified", "end_modified", "status", "buyer_nick"), call)
        low, high = self._span(given, "modified")
        fields = given["fields"].split(",")
        need(set(fields) <= set(REFUND_FIELDS), "fields of a refund")
        found = [pair for pair in self.view().refunds if low <= pair[1].updated_at <= high]
        ordered = sorted(self._of_type(given, found, lambda pair: pair[0]), key=lambda pair: (-pair[1].updated_at, pair[1].refund_id))
        return self._page(given, ordered, "refunds", "refund", lambda pair: {name: value for name, value in self._refund(*pair).items() if name in fields})

    def _refund(self, order: Order, refund: Refund) -> dict[str, Any]:
        status = {"done": "SUCCESS", "withdrawn": "CLOSED", "applied": "WAIT_SELLER_AGREE"}[refund.status]
        return {
            "refund_id": refund.refund_id, "tid": int(order.order_id), "oid": int(refund.line_id), "total_fee": yuan(order.amount), "refund_fee": yuan(refund.amount),
            "payment": "0.00", "status": status, "order_status": "TRADE_CLOSED", "good_status": "BUYER_NOT_RECEIVED", "has_good_return": False, "reason": "不想要了",
            "num": 1, "created": text(refund.applied_at), "modified": text(refund.updated_at), "refund_phase": "onsale", "refund_version": refund.applied_at * 1000,
        }  # fmt: skip

    def _query(self, call: Call, given: dict[str, str], name: str, domain: str) -> tuple[str, dict[str, Any]]:
        only(given, ("top_service_context", name), call)
        context, query = json.loads(given["top_service_context"]), json.loads(given[name])
        only(context, ("biz_code",), call)
        only(query, ("query_domains", "query_field_in_list", "biz_code_in_list", "split_type", "unify_type", "effect_equal", "start_time", "end_time", "by_page",
                     "offset", "page_size"), call)  # fmt: skip
        only(query["query_field_in_list"], METRICS, call)
        need(context["biz_code"] in SCENES and query["biz_code_in_list"] == [context["biz_code"]] and query["query_domains"] == ["date", domain], "scene and domains")
        need(query["split_type"] == "day" and query["unify_type"] in ("zhai", "mta") and query["effect_equal"] in (1, 3, 7, 15, 30), "attribution")
        need(query["by_page"] is True and query["offset"] >= 0 and 1 <= query["page_size"] <= 100, "page")
        first, last = (datetime.strptime(query[end], "%Y-%m-%d").date() for end in ("start_time", "end_time"))
        need(first <= last, "the end comes after the start")
        return context["biz_code"], query | {"first": first, "last": last}

    def _campaigns(self, call: Call, given: dict[str, str]) -> dict[str, Any]:
        scene, query = self._query(call, given, "top_campaign_report_query_v_o", "campaign")
        found = [row for row in self.view().ads if query["first"] <= row.day <= query["last"] and scene_of(row.campaign_id) == scene]
        return self._report(query, [
            {"biz_code": scene, "scene1_name": SCENES[scene], "campaign_id": row.campaign_id, "campaign_name": row.campaign, "thedate": row.day.isoformat(),
             "report_index": self._index(query, [row])} for row in found])  # fmt: skip

    def _accounts(self, call: Call, given: dict[str, str]) -> dict[str, Any]:
        scene, query = self._query(call, given, "top_account_report_query_v_o", "scene")
        found = [row for row in self.view().ads if query["first"] <= row.day <= query["last"] and scene_of(row.campaign_id) == scene]
        return self._report(query, [
            {"biz_code": scene, "scene1_name": SCENES[scene], "thedate": day.isoformat(), "report_index": self._index(query, [row for row in found if row.day == day])}
            for day in sorted({row.day for row in found})])  # fmt: skip

    def _index(self, query: dict[str, Any], rows: Sequence[Any]) -> dict[str, str]:
        """Metrics are asked for in camelCase and come in snake_case, all as text."""
        sums = {name: sum(getattr(row, name) for row in rows) for name in ("spend", "impressions", "clicks", "orders", "sales")}
        index = {"charge": yuan(sums["spend"] // 10), "ad_pv": str(sums["impressions"]), "click": str(sums["clicks"]), "alipay_inshop_num": str(sums["orders"]),
                 "alipay_inshop_amt": yuan(sums["sales"] // 10), "alipay_dir_amt": yuan(sums["sales"] // 10), "alipay_indir_amt": "0.00"}  # fmt: skip
        return {METRICS[name]: index.get(METRICS[name], "0") for name in query["query_field_in_list"]}

    def _report(self, query: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
        page = rows[query["offset"] : query["offset"] + query["page_size"]]
        listed = {"top_report_v_o_list": {"top_report_vo": page}} if page else {}
        return {"result": {"info": {"ok": True, "message": "", "error_code": ""}, "top_report_v_o_top_bulk_data": {"count": len(rows), **listed}}}

    def error(self, code: int, words: str, sub_code: str) -> Reply:
        return Reply(200, {"error_response": {"code": code, "msg": words, "sub_code": sub_code, "sub_msg": words, "request_id": "synthetic"}})

    def expired(self) -> Reply:
        """The session is refused; it is a setting, so nothing heals it but a later try."""
        return self.error(27, "Invalid session", "invalid-sessionkey")

    def throttled(self) -> Reply:
        return self.error(7, "App Call Limited", "accesscontrol.limited-by-api-access-count")

    def server_error(self) -> Reply:
        return self.error(15, "Remote service error", "isp.top-remote-service-unavailable")

    def short_page(self, reply: Reply) -> Reply | None:
        return changed_in(reply, LISTS, without_one)

    def doubled(self, reply: Reply) -> Reply | None:
        return changed_in(reply, LISTS, one_twice)


def setup(world: World, clock: Callable[[], float]) -> Setup:
    options = {"biz_codes": list(SCENES), "money_unit": "yuan"}
    return Setup(
        Taobao(world, clock), lambda url: Account("tb", "taobao", "shoptb", since=world.days()[0].isoformat(), base_url=url, options=options),
        {"app_key": KEY, "app_secret": SECRET, "session": SESSION}, ("placed", "paid", "sales", "refunds", "spend", "attributed"),
        orders="taobao.orders", refunds="taobao.refunds", ads="taobao.ad_campaigns",
    )  # fmt: skip
