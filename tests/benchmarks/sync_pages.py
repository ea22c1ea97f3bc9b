"""Prepared pages of a Doudian shop, served as fast as a loopback stub can: what remains is the connector's own work."""

from __future__ import annotations

import json
from typing import Any

from tests.stub.server import Stub
from tests.stub.wire import Call, Reply

START, DAY, SIZE = 1_793_462_400, 86_400, 100  # 1 November 2026 in Shanghai


def order(number: int, at: int) -> dict[str, Any]:
    """An order with one line, as the platform sends it."""
    shared = {"order_status": 3, "main_status": 3, "create_time": at, "pay_time": at + 20, "update_time": at + 40, "finish_time": 0}
    line = {
        **shared, "order_id": str(6920000000000000001 + 10 * number), "parent_order_id": str(6920000000000000000 + 10 * number), "pay_amount": 5900 + number % 700,
        "origin_amount": 5900, "sum_amount": 5900, "item_num": 1, "product_id": 3601234567890123000 + number % 300, "product_id_str": str(3601234567890123000 + number % 300),
        "product_name": "示例保湿面霜50g", "sku_id": 1700000000000000 + number % 300, "theme_type": "1" if number % 3 else "0", "c_biz": 8, "author_name": "示例官方号",
        "room_id_str": "7571234567890123456", "given_product_type": "", "after_sale_info": {"refund_status": 0},
    }  # fmt: skip
    return {
        **shared, "order_id": str(6920000000000000000 + 10 * number), "shop_id": 4000001, "order_amount": 5900 + number % 700, "pay_amount": 5900 + number % 700,
        "post_amount": 0, "shop_cost_amount": 0, "platform_cost_amount": 0, "doudian_open_id": f"1@#{number % 90_000}", "post_tel": "13800000000", "sku_order_list": [line],
    }  # fmt: skip


class Pages:
    """Every answer is made beforehand; a call only finds it."""

    def __init__(self, orders: int, days: int) -> None:
        self.pages: dict[tuple[int, int], bytes] = {}
        self.per_day = orders // days
        for day in range(days):
            first = START + day * DAY
            whole = [order(day * self.per_day + n, first + n * (DAY - 100) // self.per_day) for n in range(self.per_day)]
            for page in range(-(-self.per_day // SIZE)):
                self.pages[first, page] = self._said(whole[page * SIZE : (page + 1) * SIZE], page, self.per_day)

    def _said(self, rows: list[dict[str, Any]], page: int, total: int) -> bytes:
        body = {"code": 10000, "msg": "success", "sub_code": "", "sub_msg": "", "data": {"page": page, "size": SIZE, "total": total, "shop_order_list": rows}}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    def answer(self, call: Call) -> Reply:
        asked = json.loads(call.body)
        found = self.pages.get((asked.get("update_time_start", 0), asked.get("page", 0)))
        return Reply(200, found if found is not None else self._said([], 0, 0))


def mount(stub: Stub, orders: int, days: int) -> None:
    stub.mount("doudian", Pages(orders, days))
