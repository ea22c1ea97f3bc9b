"""抖店 order export and 千川 全域推直播 by the hour."""

from __future__ import annotations

import numpy as np
import pandas as pd

from connectors.demo.catalogue import DOUYIN
from connectors.demo.douyin import BRUSH_NOTE, CHANNELS, NAMES, SENT_AFTER, TEST_NOTE, Douyin
from connectors.demo.orders import DAY, LATE, NEVER, with_orders
from connectors.demo.outbox import Outbox, Span
from connectors.demo.seasons import epoch_seconds
from connectors.demo.writers import Cell, csv_lines, days_text, header, rows_of, stamps, write_csv, write_xlsx, yuan

PROVINCES = (("浙江省", "杭州市"), ("广东省", "广州市"), ("江苏省", "南京市"), ("四川省", "成都市"), ("河南省", "郑州市"), ("湖北省", "武汉市"))
CHINA = 8 * 3600    # ahead of UTC
HOSTS = ("主播A", "主播B", "主播C")


def _lines(shop: Douyin) -> pd.DataFrame:
    """Sub-orders with what 抖店 says about them at the horizon; a lone sub-order has its order's id."""
    lines, now = with_orders(shop.history), shop.history.horizon
    place = lines.groupby("order").cumcount()
    alone = lines.groupby("order")["item"].transform("size") == 1
    paid, done = lines["paid"] != NEVER, lines["done"] != NEVER
    sent = np.where(paid & ~lines["closed"] & (lines["paid"] + SENT_AFTER < now), lines["paid"] + SENT_AFTER, NEVER)
    received = np.where(paid & (lines["paid"] + lines["confirm_after"] < now), lines["paid"] + lines["confirm_after"], NEVER)
    status = np.select(
        [~paid & (lines["created"] + DAY > now), ~paid | lines["closed"], received != NEVER, sent != NEVER],
        ["待支付", "已关闭", "已完成", "已发货"],
        "待发货",
    )
    return lines.assign(
        sub=np.where(alone, lines["id"], lines["id"] + 1 + place), status=status,
        received=np.where(done, NEVER, received), sent=sent,
        after=np.where(done, "退款成功", "-"),
    )  # fmt: skip


def write_orders(out: Outbox, shop: Douyin, spans: list[Span]) -> None:
    """UTF-8 with BOM, ids and texts as `"<TAB>…"`, `-` for empty; the name begins with the export's epoch second."""
    names, lines = header("doudian_orders"), _lines(shop)
    for span in spans:
        first, last = span.numbers
        part = lines[lines["day"].between(first, last)]
        moment = epoch_seconds(span.exported) - CHINA + LATE + span.place
        path = out.place(DOUYIN.id, f"orders {span.first}", f"{moment}_抖店订单导出.csv")
        write_csv(path, names, csv_lines(names, _columns(shop, part), default="-"), encoding="utf-8-sig")


def _tabbed(values: list[str]) -> list[str]:
    return [f'"\t{v}"' for v in values]


def _columns(shop: Douyin, part: pd.DataFrame) -> dict[str, str | list[str]]:
    goods, items = shop.history.goods, part["item"].tolist()
    listed = goods.prices[part["item"].to_numpy()] * part["quantity"]
    merchant = listed - part["amount"]
    hosted = [CHANNELS[NAMES[c]][1] for c in part["channel"].tolist()]
    places = [PROVINCES[v % len(PROVINCES)] for v in part["buyer"].tolist()]
    notes = np.select([part["brushed"], part["tested"]], [BRUSH_NOTE, TEST_NOTE], "-").tolist()
    people = [HOSTS[v % len(HOSTS)] for v in part["id"].tolist()]
    return {
        "主订单编号": _tabbed([str(v) for v in part["id"].tolist()]), "子订单编号": _tabbed([str(v) for v in part["sub"].tolist()]),
        "选购商品": _tabbed([goods.titles[i] for i in items]), "商品规格": '"\t默认"', "商品数量": [str(v) for v in part["quantity"].tolist()],
        "商品ID": _tabbed([goods.ids[i] for i in items]), "商家编码": _tabbed([goods.codes[i] for i in items]),
        "商品单价": yuan(goods.prices[part["item"].to_numpy()]), "订单应付金额": yuan(part["amount"] - part["platform"]), "运费": "0.00",
        "优惠总金额": yuan(merchant + part["platform"]), "平台优惠": yuan(part["platform"]), "商家优惠": yuan(merchant), "达人优惠": "0.00",
        "平台实际承担优惠金额": yuan(part["platform"]), "商家实际承担优惠金额": yuan(merchant), "达人实际承担优惠金额": "0.00",
        "支付方式": "抖音支付", "收件人": "##密文", "收件人手机号": "$$密文", "详细地址": "##密文",
        "省": [p[0] for p in places], "市": [p[1] for p in places],
        "订单提交时间": stamps(part["created"]), "支付完成时间": stamps(part["paid"], blank="-"),
        "订单完成时间": stamps(part["received"], blank="-"), "发货时间": stamps(part["sent"], blank="-"),
        "订单状态": part["status"].tolist(), "售后状态": part["after"].tolist(), "商家备注": notes,
        "达人ID": [f"{77700000000 + v % 3}" if h else "0" for v, h in zip(part["id"].tolist(), hosted, strict=True)],
        "达人昵称": [p if h else "-" for p, h in zip(people, hosted, strict=True)],
        "流量体裁": [CHANNELS[NAMES[c]][0] for c in part["channel"].tolist()],
    }  # fmt: skip


def write_hours(out: Outbox, shop: Douyin, spans: list[Span]) -> None:
    """全域推直播_分小时: a row a session hour, text numbers, a 汇总 row at the end."""
    names = header("qianchuan_hours")
    hours = shop.hours.assign(day=shop.hours["hour"] // 24)
    for span in spans:
        first, last = span.numbers
        part = hours[hours["day"].between(first, last)].sort_values("hour")
        rows = [_hour_row(names, row) for row in part.to_dict("records")]
        spend, sales = part["spend"].sum() / 100, part["sales"].sum() / 100
        total: dict[str, Cell] = {"日期": "汇总", "整体消耗": f"{spend:,.2f}", "整体成交金额": f"{sales:,.2f}"}
        total["整体支付ROI"] = f"{sales / spend:.2f}" if spend else "-"
        rows += rows_of(names, total, 1, default="-")
        path = out.place(DOUYIN.id, f"hours {span.first}", f"全域推直播_分小时_{span.first}_{span.last}.xlsx")
        write_xlsx(path, {"Sheet1": [names, *rows]})


def _hour_row(names: tuple[str, ...], row: dict[str, int]) -> tuple[Cell, ...]:
    spend, sales, back = row["spend"] / 100, row["sales"] / 100, row["back"] / 100
    paid, net, clock = (row["sales"] - row["platform"]) / 100, (row["sales"] - row["back"]) / 100, row["hour"] % 24
    orders, left = row["orders"], row["orders"] - row["back_orders"]
    cells: dict[str, Cell] = {
        "日期": days_text([row["day"]])[0], "时间-小时": f"{clock:02d}:00 - {clock + 1:02d}:00", "账号名称": DOUYIN.name,
        "整体消耗": f"{spend:,.2f}", "整体支付ROI": f"{sales / spend:.2f}" if spend else "-", "整体成交金额": f"{sales:,.2f}",
        "整体成交订单数": f"{orders:,}", "整体成交订单成本": f"{spend / orders:,.2f}" if orders else "-",
        "用户实际支付金额": f"{paid:,.2f}", "整体成交智能优惠券金额": f"{row['platform'] / 100:,.2f}",
        "净成交ROI": f"{net / spend:.2f}" if spend else "-", "净成交金额": f"{net:,.2f}", "净成交订单数": f"{left:,}",
        "1小时内退款订单数": f"{row['back_orders']:,}", "1小时内退款金额": f"{back:,.2f}", "1小时内退款率": f"{back / sales:.2%}" if sales else "-",
    }  # fmt: skip
    return rows_of(names, cells, 1)[0]
