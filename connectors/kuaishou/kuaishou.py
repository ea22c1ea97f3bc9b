"""Orders, refunds and live visitors of a Kuaishou shop (快手小店开放平台).

Source: crywolfx/kuaishou-merchant-open-api (client and API declarations) and public clients that quote open.kwaixiaodian.com, read 2026-11-20; not called live.
Grain:  one row per order (each holds one item), after-sales case, and reading of the live rooms' visitors.
Units:  times in Unix milliseconds, rows in Asia/Shanghai. Item prices are fen; the unit of an order's totalFee and of refundFee is not stated, so the
        account's option `money_unit` must say it (compare one order with the back office), or neither is read.
Orders and refunds are asked for by update time, at most 90 days back. totalFee is the platform's total of the goods, and is not stated to be the cash paid.
No total comes with orders, and codes of throttles and dead tokens are not published: an unknown code stops the endpoint and says so; tokens are renewed by
their stated life, whose 180 days count from the first consent.
Not given by the platform: shop visitors, a session's curve and sales, the live room of an order. 磁力金牛 answers in a shape and a money unit that are not
published: asked for, it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

import orjson

from connectors.api.config import Account
from connectors.api.connector import Auth, Call, Connector, turned, with_query
from connectors.api.endpoint import Answer, Endpoint, Envelope, Ping, Request
from connectors.api.line import Line
from connectors.api.oauth import Grant, TokenCall
from connectors.api.pacing import Pace
from connectors.api.paging import Ask, Cursor
from connectors.api.signing import kuaishou
from connectors.api.tokens import Token
from connectors.api.windows import Span, Whole, Window
from connectors.errors import ApiError, AuthExpired, BadRequest, NotSupported

SIGN_METHOD = "HMAC_SHA256"
DAY = timedelta(days=1)
CHANGES = Span("beginTime", "endTime", unit="ms", most=DAY, keeps=timedelta(days=90) - timedelta(hours=1))  # an hour for a sync that takes long
REFUSED = {
    "unit": "Kuaishou {0}: the unit of this money is not published. Compare one order with the back office and set money_unit = \"fen\" (or \"yuan\") below "
            "[account.options].",
    "ads": "磁力金牛 (Kuaishou ads): the shape of its answers and the unit of its money are not published, so it is not read. Import its export files, or type "
           "the spend.",
}  # fmt: skip


@dataclass(frozen=True)
class NumberedCursor(Cursor):
    """A token with the page's number beside it. What the first answer counts holds; what later ones count does not."""

    def pages(self, ask: Ask, count: Callable[[Any], int]) -> Iterator[Any]:
        number = 0

        def numbered(page: Mapping[str, Any]) -> Any:
            nonlocal number
            number += 1
            body = ask({**page, "currentPage": number})
            if number > 1 and isinstance(body.get("data"), dict):
                body["data"].pop("totalSize", None)
            return body

        yield from super().pages(numbered, count)


@dataclass(frozen=True)
class FirstGrant(Grant):
    """A refresh hands out a new pair, but the end of it all stays that of the first consent."""

    def token(self, body: Any, now: int, before: Token | None = None) -> Token:
        found = super().token(body, now, before)
        ends = [end for end in (found.refresh_expires_at, before.refresh_expires_at if before else None) if end is not None]
        return replace(found, refresh_expires_at=min(ends, default=None))


class Kuaishou(Connector):
    name = "kuaishou"
    platform = "kuaishou"
    label_zh, label_en = "快手小店", "Kuaishou shop"
    base_url = "https://openapi.kwaixiaodian.com"
    credentials = ("app_key", "app_secret", "sign_secret")
    options: ClassVar[Mapping[str, str]] = {
        "money_unit": "unit of an order's total and of a refund, as one order in the back office shows: fen or yuan",
        "magnetic": "true asks for 磁力金牛, which is refused until its answers are published",
    }
    pace = Pace(per_second=4.0, burst=4)
    grant = FirstGrant(
        exchange=TokenCall("/oauth2/access_token", {"app_id": "{app_key}", "app_secret": "{app_secret}", "grant_type": "code", "code": "{code}"}, "GET"),
        refresh=TokenCall("/oauth2/refresh_token", {"app_id": "{app_key}", "app_secret": "{app_secret}", "grant_type": "refresh_token",
                                                    "refresh_token": "{refresh}"}, sends="query"),
        consent="https://open.kwaixiaodian.com/oauth/authorize", asks={"app_id": "{app_key}", "redirect_uri": "{redirect_uri}", "state": "{state}",
                                                                       "scope": "merchant_order,merchant_refund", "response_type": "code"},
        data="", keeps=("open_id",),
    )  # fmt: skip
    envelope = Envelope(ok=("result", (1,)), codes=("sub_code", "code", "result"), message=("sub_msg", "error_msg", "error"))
    endpoints = (
        Endpoint(
            "orders", "/open/order/cursor/list", "data.orderList", ("order_head", "order_line"), "orders", "快手 订单 (接口)", "Kuaishou orders (API)",
            money="stated", key="orderBaseInfo.oid", params={"orderViewStatus": 1, "queryType": 2, "sort": 2, "cpsType": 0}, window=CHANGES,
            paging=Cursor("cursor", "data.cursor", "pageSize", 50, first=""), buyer=("orderBaseInfo.buyerOpenId",),
            personal=("orderAddress", "orderBaseInfo.buyerImage", "orderBaseInfo.remark", "orderNote"),
        ),
        Endpoint(
            "refunds", "/open/seller/order/refund/pcursor/list", "data.refundOrderInfoList", ("refund",), "refunds", "快手 售后 (接口)", "Kuaishou refunds (API)",
            money="stated", key="refundId", params={"type": 9, "queryType": 2, "sort": 2}, window=CHANGES, total="data.totalSize",
            paging=NumberedCursor("pcursor", "data.pcursor", "pageSize", 100, first=""), personal=("refundDesc",),
        ),
        Endpoint(
            "live_visitors", "/open/live/shop/seller/real/uv", "data", ("live_visitors",), "live_totals", "快手 直播实时观看人数 (接口)",
            "Kuaishou live visitors now (API)", money="none", window=Whole(1), optional=True,
        ),
        Endpoint("magnetic", "/rest/openapi/gw/esp/report/accountReport", "data", (), "ads", "磁力金牛 (未公开)", "Kuaishou ads (not published)", money="none",
                 base_url="https://ad.e.kuaishou.com", optional=True, every="1d"),
    )  # fmt: skip

    def endpoints_for(self, account: Account) -> tuple[Endpoint, ...]:
        return tuple(entry for entry in self.endpoints if entry.name != "magnetic" or account.options.get("magnetic"))

    def params(self, endpoint: Endpoint, account: Account, window: Window, zone: str) -> dict[str, Any]:
        """Raises NotSupported where a unit or an answer is not published."""
        if endpoint.name == "magnetic":
            raise NotSupported(REFUSED["ads"])
        if endpoint.money == "stated" and account.options.get("money_unit") not in ("fen", "yuan"):
            raise NotSupported(REFUSED["unit"].format(endpoint.name))
        return super().params(endpoint, account, window, zone)

    def build(self, call: Call, account: Account) -> Request:
        if call.is_token:
            return super().build(call, account)
        url = (account.base_url or self.base_url).rstrip("/") + call.path
        return Request("GET", url, {"param": orjson.dumps(dict(call.params), option=orjson.OPT_SORT_KEYS).decode()})

    def sign(self, request: Request, auth: Auth) -> Request:
        if "param" not in request.query:
            return request
        method = "open." + request.url.split("/open/", 1)[1].replace("/", ".")
        signed = {
            "access_token": auth.token, "appkey": auth.secrets["app_key"], "method": method, "param": request.query["param"],
            "timestamp": str(auth.now * 1000), "version": "1",
        }  # fmt: skip
        signature = kuaishou(auth.secrets["sign_secret"], signed, SIGN_METHOD)
        return with_query(request, **signed, signMethod=SIGN_METHOD, sign=signature)

    def refused(self, answer: Answer, body: Any, path: str) -> ApiError:
        error = super().refused(answer, body, path)
        if path.startswith("/oauth2/") and isinstance(error, BadRequest):  # no code is published; a refused refresh leaves only a new consent
            again = turned(error, AuthExpired)
            again.final = True
            return again
        return error

    def ping(self, line: Line) -> Ping:
        token = line.store.load()
        who = token.extra.get("open_id", "") if token else ""
        line.probe(self.endpoints[0])
        return Ping(who or line.account.name, line.account.id, line.zone, line.currency, note="订单可读")
