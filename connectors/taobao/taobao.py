"""Orders, refunds and ad reports of a Taobao or Tmall shop (淘宝开放平台 TOP, 阿里妈妈 万相台无界).

Source: open.taobao.com doc 101617 (signing) and the published API metadata as github.com/bububa/opentaobao copies it, read 2026-11-20.
Grain:  one row per order, order line, refund case; per scene and day, per campaign and day.
Units:  money of orders and refunds in yuan text; that of ad reports is not stated, so the account's option `money_unit` must say it.
        Times are text at GMT+8; rows keep that clock.
An account is one session token. Orders go three months back: by creation for what lies before the first sync, by change for the tail, whose
pages are read from the last to the first. Lists are asked for with every published trade type, because without it most
types are left out; without a status all of them come, and no two can be named.
Orders show up about ten minutes late around big promotions: the last hour is asked for again each time.
Not given by the platform: visitors, traffic sources, live sessions; how long a session token lasts and how it is refreshed; orders older than
three months; who bears discount_fee. 淘宝客 orders are the promoter's income, not the shop's commission: that comes from the 淘宝联盟 export.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from connectors.api.config import Account
from connectors.api.connector import Auth, Call, Connector, form, turned
from connectors.api.endpoint import Answer, Endpoint, Envelope, Request, dig
from connectors.api.pacing import Pace
from connectors.api.paging import Offset, Reverse, truth
from connectors.api.signing import top
from connectors.api.windows import Days, Span, Window, local
from connectors.errors import (
    AccessDenied,
    ApiError,
    AuthExpired,
    BadRequest,
    NotSupported,
    PlatformDown,
    RateLimited,
    TooMuch,
)

TYPES = (
    "fixed,auction,guarantee_trade,step,independent_simple_trade,independent_shop_trade,auto_delivery,ec,cod,game_equipment,shopex_trade,netcn_trade,"
    "external_trade,instant_trade,b2c_cod,hotel_trade,super_market_trade,super_market_cod_trade,taohua,waimai,o2o_offlinetrade,nopaid,eticket,tmall_i18n,"
    "insurance_plus,finance,pre_auth_type,lazada"
)
TRADE = (
    "tid,status,type,payment,total_fee,discount_fee,adjust_fee,post_fee,received_payment,num,created,pay_time,modified,end_time,step_trade_status,"
    "step_paid_fee,buyer_open_uid,orders"
)
REFUND = (
    "refund_id,tid,oid,total_fee,refund_fee,payment,status,order_status,good_status,has_good_return,reason,num,created,modified,refund_phase,refund_version,"
    "dispute_type,outer_id"
)
METRICS = ["charge", "adPv", "click", "alipayInshopAmt", "alipayInshopNum", "alipayDirAmt", "alipayIndirAmt", "cartInshopNum", "colNum", "newAlipayInshopUv"]
CHOICES = {"money_unit": ("yuan", "fen", "li"), "unify_type": ("zhai", "mta"), "effect_equal": ("1", "3", "7", "15", "30")}
KEPT = timedelta(days=89)  # "three months" at their shortest
DAY, HOUR, ADVISED = timedelta(days=1), timedelta(hours=1), timedelta(minutes=30)
BULK = "result.top_report_v_o_top_bulk_data"
ROWS = 100  # of a report's page


def _back(size: int) -> Reverse:
    """Last page to first; only the probe is told the total, which makes the others cheaper."""
    return Reverse("page_no", "page_size", size, "total_results", probe={"use_has_next": False}, walk={"use_has_next": True})


def _orders(name: str, method: str, window: Span, history: bool, label_zh: str, label_en: str) -> Endpoint:
    return Endpoint(
        name, method, "trades.trade", ("order_head", "order_line"), "orders", label_zh, label_en, money="yuan", key="tid", method="POST", source="orders",
        params={"fields": TRADE, "type": TYPES}, window=window, paging=_back(50), total="total_results",
        history=history, tail=not history, optional=True, buyer=("buyer_open_uid",),
    )  # fmt: skip


def _report(level: str, domain: str, key: tuple[str, ...], label_zh: str, label_en: str, rank: int) -> Endpoint:
    query = f"top_{level}_report_query_v_o"
    asked = {"query_domains": ["date", domain], "query_field_in_list": METRICS, "split_type": "day", "by_page": True}
    return Endpoint(
        f"ad_{level}s", f"taobao.universalbp.report.query.{level}", f"{BULK}.top_report_v_o_list.top_report_vo", (f"ad_{level}",), "ads", label_zh, label_en,
        money="stated", key=key, method="POST", params={f"{query}.{name}": value for name, value in asked.items()}, over={"biz_codes": "biz_code"},
        window=Days(f"{query}.start_time", f"{query}.end_time", most=7, back=30), paging=Offset(f"{query}.offset", f"{query}.page_size", ROWS, f"{BULK}.count"),
        total=f"{BULK}.count", purse="alimama", optional=True, rank=rank,
    )  # fmt: skip


class Taobao(Connector):
    name = "taobao"
    platform = "tmall"
    label_zh, label_en = "淘宝/天猫", "Taobao/Tmall"
    base_url = "https://eco.taobao.com"
    credentials = ("app_key", "app_secret", "session")
    options: ClassVar[Mapping[str, str]] = {
        "sign_method": "md5 (default), hmac or hmac-sha256",
        "biz_codes": "万相台无界 scenes to read, as universalbp.account.get.can.use.bizcode lists them; none: no ad reports",
        "money_unit": "unit of the ad reports' money, as one day in the console shows: yuan, fen or li",
        "unify_type": "attribution of the ad reports: zhai (last click, default) or mta", "effect_equal": "its days: 1, 3, 7, 15 (default) or 30",
    }  # fmt: skip
    defaults: ClassVar[Mapping[str, Any]] = {"sign_method": "md5", "unify_type": "zhai", "effect_equal": "15"}
    pace = Pace(per_second=8.0, burst=8)
    envelope = Envelope(
        codes=("error_response.sub_code", "error_response.code", "result.info.error_code"), message=("error_response.sub_msg", "error_response.msg", "result.info.message"),
        rules={
            "accesscontrol.limited-by-api-access-count": RateLimited, "isp.call-limited*": RateLimited, "isp.*": PlatformDown, "4": RateLimited, "5": RateLimited,
            "6": RateLimited, "7": RateLimited, "8": RateLimited, "10": PlatformDown, "15": PlatformDown, "11": AccessDenied, "12": AccessDenied,
            "13": AccessDenied, "25": BadRequest, "26": AuthExpired, "27": AuthExpired,
        },
    )  # fmt: skip
    endpoints = (
        _orders("orders", "taobao.trades.sold.increment.get", Span("start_modified", "end_modified", "text", ADVISED, HOUR, keeps=KEPT), False,
                "淘宝/天猫 订单变更 (接口)", "Taobao/Tmall changed orders (API)"),
        _orders("orders_history", "taobao.trades.sold.get", Span("start_created", "end_created", "text", DAY, keeps=KEPT), True,
                "淘宝/天猫 历史订单 (接口)", "Taobao/Tmall past orders (API)"),
        Endpoint(
            "refunds", "taobao.refunds.receive.get", "refunds.refund", ("refund",), "refunds", "淘宝/天猫 退款 (接口)", "Taobao/Tmall refunds (API)",
            money="yuan", key="refund_id", method="POST", params={"fields": REFUND, "type": TYPES},
            window=Span("start_modified", "end_modified", "text", DAY, HOUR, keeps=KEPT),
            paging=_back(100), total="total_results", optional=True,
        ),
        _report("campaign", "campaign", ("biz_code", "campaign_id", "thedate"), "万相台无界 计划报表 (接口)", "Alimama campaign report (API)", 5),
        _report("account", "scene", ("biz_code", "thedate"), "万相台无界 账户报表 (接口)", "Alimama account report (API)", 6),
    )  # fmt: skip

    def endpoints_for(self, account: Account) -> tuple[Endpoint, ...]:
        return tuple(endpoint for endpoint in self.endpoints if not endpoint.over or account.options.get("biz_codes"))

    def params(self, endpoint: Endpoint, account: Account, window: Window, zone: str) -> dict[str, Any]:
        """Raises NotSupported for a report whose money unit the account does not state, or whose attribution the platform does not know."""
        params = super().params(endpoint, account, window, zone)
        if not isinstance(endpoint.window, Days):
            return params
        said = {**self.defaults, **account.options}
        for name, valid in CHOICES.items():
            if str(said.get(name, "")) not in valid:
                raise NotSupported(f"{endpoint.label_en}: {name} is {said.get(name) or 'not published'}. Compare one day with the console and write {name} below "
                                   f"[account.options], one of: {', '.join(valid)}.")  # fmt: skip
        query = endpoint.window.start.split(".")[0]
        return {**params, f"{query}.unify_type": said["unify_type"], f"{query}.effect_equal": int(said["effect_equal"])}

    def build(self, call: Call, account: Account) -> Request:
        params = {**call.params, "method": call.path}
        biz_code = params.pop("biz_code", None)
        if biz_code is not None:
            params |= {"top_service_context.biz_code": biz_code, f"top_{call.path.split('.')[-1]}_report_query_v_o.biz_code_in_list": [biz_code]}
        return super().build(replace(call, path="/router/rest", params=params), account)

    def sign(self, request: Request, auth: Auth) -> Request:
        """Everything sent is signed; what is empty is not sent."""
        method = str(auth.account.options.get("sign_method") or self.defaults["sign_method"])
        sent = {name: value for name, value in request.query.items() if value}
        sent |= {"app_key": auth.secrets["app_key"], "session": auth.secrets["session"], "format": "json", "v": "2.0", "sign_method": method,
                 "timestamp": local(auth.now, "Asia/Shanghai").strftime("%Y-%m-%d %H:%M:%S")}  # fmt: skip
        return form(request.url, {**sent, "sign": top(auth.secrets["app_secret"], sent, method)})

    def judge(self, call: Call, answer: Answer) -> Any:
        """What stands under the key that is the method's own; a report must say yes once more inside."""
        body = super().judge(call, answer)
        held = dig(body, call.path.removeprefix("taobao.").replace(".", "_") + "_response")
        if not isinstance(held, Mapping):
            raise self.refused(answer, body, call.path)
        if ".universalbp." in call.path and not truth(dig(held, "result.info.ok")):
            raise self.refused(answer, held, call.path)
        return held

    def refused(self, answer: Answer, body: Any, path: str) -> ApiError:
        """A fault of the caller (isv.) stays one, though it may come under the code of a remote error."""
        error = super().refused(answer, body, path)
        if isinstance(error, PlatformDown) and error.code.startswith("isv."):
            return turned(error, BadRequest)
        return error

    def records(self, endpoint: Endpoint, body: Any) -> list[Any]:
        """An absent list is an empty one only where the count is stated as 0 (on the way back, where there is none, no next page). Raises TooMuch
        for a report whose count is that of one full page: it might be the page's own count."""
        stated = dig(body, endpoint.total)
        if dig(body, endpoint.items) is None and (str(stated) == "0" or (stated is None and dig(body, "has_next") is False)):
            return []
        found = super().records(endpoint, body)
        if endpoint.over and len(found) == ROWS and str(stated) == str(ROWS):
            raise TooMuch(f"{endpoint.label_en}: a full page of {ROWS} rows whose count is {ROWS}: more may follow. Ask for fewer days.")
        return found


