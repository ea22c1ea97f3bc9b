"""Tmall's trade, advertising and affiliate exports: order list, after-sales, 阿里妈妈 plan report, 淘宝联盟 settlement."""

from __future__ import annotations

import numpy as np
import pandas as pd

from connectors.demo.catalogue import TMALL
from connectors.demo.orders import DAY, NEVER, History, with_orders
from connectors.demo.outbox import Outbox, Span
from connectors.demo.tmall import Tmall
from connectors.demo.writers import (
    csv_lines,
    days_text,
    header,
    ratio,
    rows_of,
    stamps,
    write_csv,
    write_xlsx,
    yuan,
)

PLACES = ("浙江省 杭州市", "广东省 广州市", "江苏省 南京市", "上海 上海市", "四川省 成都市", "河南省 郑州市", "湖北省 武汉市", "山东省 济南市")
REASONS = ("不想要了", "质量问题", "尺寸与描述不符", "未按约定时间发货", "多拍错拍")
BRUSH_NOTE = "S补-已核"


def write_orders(out: Outbox, shop: Tmall, spans: list[Span]) -> None:
    """ExportOrderList, GB18030, every cell quoted, ids wrapped in `="…"`; 实付 is net of refunds."""
    history = shop.history
    names = header("taobao_orders")
    lines = history.lines
    titles = np.array(history.goods.titles, dtype=object)[lines["item"].to_numpy()]
    joined = pd.Series(titles).groupby(lines["order"].to_numpy()).agg(" , ".join)
    orders = _stated(history).assign(title=joined.to_numpy(), kinds=lines.groupby("order").size().to_numpy())
    for span in spans:
        first, last = span.numbers
        part = orders[orders["day"].between(first, last)]
        rows = csv_lines(names, _order_columns(part), default='""')
        path = out.place(TMALL.id, f"orders {span.first}", f"ExportOrderList_{TMALL.name}_{span.text}.csv")
        write_csv(path, names, rows, encoding="gb18030")


def _stated(history: History) -> pd.DataFrame:
    """Orders with what the order list says about them at the horizon."""
    orders, now = history.orders, history.horizon
    paid = orders["paid"] != NEVER
    back = np.where(orders["done"] != NEVER, orders["refund"], 0)
    received = np.where(paid & (orders["paid"] + orders["confirm_after"] < now), orders["paid"] + orders["confirm_after"], NEVER)
    sent = np.where(paid & (orders["paid"] + DAY < now), orders["paid"] + DAY * 4 // 5, NEVER)
    whole = paid & (back == orders["amount"])
    status = np.select(
        [~paid & (orders["created"] + DAY > now), ~paid | whole, received != NEVER, sent != NEVER],
        ["等待买家付款", "交易关闭", "交易成功", "卖家已发货，等待买家确认"],
        "买家已付款，等待卖家发货",
    )
    reason = np.select([whole, ~paid & (orders["created"] + DAY <= now)], ["退款", "买家未付款"], "")
    net = np.where(paid, orders["amount"] - back, 0)
    return orders.assign(back=back, received=np.where(whole, NEVER, received), sent=sent, status=status, reason=reason, net=net)


def _quoted(values: list[str]) -> list[str]:
    return [f'"{v}"' for v in values]


def _order_columns(part: pd.DataFrame) -> dict[str, str | list[str]]:
    ids = [f'="{v}"' for v in part["id"].tolist()]
    money = yuan(part["amount"])
    sequence = part["id"].tolist()
    return {
        "订单编号": ids, "主订单编号": ids,
        "买家会员名": [f'"买***{v % 10}"' for v in part["buyer"].tolist()],
        "支付单号": ["\"'" + f'2026{v}"' if p != NEVER else '""' for v, p in zip(sequence, part["paid"].tolist(), strict=True)],
        "买家应付货款": _quoted(money), "买家应付邮费": '"0.00"', "总金额": _quoted(money),
        "买家实际支付金额": _quoted(yuan(part["net"])), "退款金额": _quoted(yuan(part["back"])),
        "订单状态": _quoted(part["status"].tolist()), "订单关闭原因": _quoted(part["reason"].tolist()),
        "收货人姓名": '"***"', "收货地址": [f'"{PLACES[v % len(PLACES)]} ***"' for v in part["buyer"].tolist()],
        "运送方式": '"快递"', "联系手机": "\"'1**********\"",
        "订单创建时间": _quoted(stamps(part["created"])), "订单付款时间": _quoted(stamps(part["paid"])),
        "发货时间": _quoted(stamps(part["sent"])), "确认收货时间": _quoted(stamps(part["received"])),
        "宝贝标题": _quoted(part["title"].tolist()), "宝贝种类": _quoted([str(v) for v in part["kinds"].tolist()]),
        "宝贝总数量": _quoted([str(v) for v in part["units"].tolist()]),
        "店铺Id": '"0"', "店铺名称": f'"{TMALL.name}"',
        "是否手机订单": ['"手机订单"' if v % 9 else '""' for v in sequence],
        "商家备忘": [f'"{BRUSH_NOTE}"' if v else '""' for v in part["brushed"].tolist()],
    }  # fmt: skip


def refunds(history: History) -> pd.DataFrame:
    """After-sales cases: one a refunded order, on its first line."""
    lines = with_orders(history).drop_duplicates("order")
    cases = lines[lines["applied"] != NEVER].sort_values(["applied", "id"]).reset_index(drop=True)
    cases["case"] = cases["id"] * 2 - 4_100_000_000_000_000_000
    cases["applied_day"] = cases["applied"] // DAY
    return cases


def write_refunds(out: Outbox, shop: Tmall, spans: list[Span]) -> None:
    """当日售后退货表: cases by the day they were applied for, finished or waiting."""
    names, goods = header("after_sales"), shop.history.goods
    cases = refunds(shop.history)
    for span in spans:
        first, last = span.numbers
        part = cases[cases["applied_day"].between(first, last)]
        done, whole = part["done"] != NEVER, part["refund_share"] == 1
        sent = part["paid"] + DAY < part["applied"]
        back = (np.where(done, part["refund"], 0) / 100).tolist()
        columns = {
            "订单编号": [str(v) for v in part["id"]], "退款编号": [str(v) for v in part["case"]],
            "订单付款时间": stamps(part["paid"]), "退款完结时间": stamps(part["done"]), "退款申请时间": stamps(part["applied"]),
            "超时时间": stamps(part["applied"] + 3 * DAY),
            "买家实际支付金额": (part["amount_o"] / 100).tolist(), "退款总额": (part["refund"] / 100).tolist(),
            "退给买家金额": back, "退给平台金额": 0.0,
            "宝贝标题": [goods.titles[i] for i in part["item"]], "商品id": [goods.ids[i] for i in part["item"]],
            "商家编码": [goods.codes[i] for i in part["item"]],
            "退款状态": np.where(done, "退款成功", "买家已经申请退款，等待卖家同意").tolist(),
            "货物状态": np.where(sent, "买家已收到货", "买家未收到货").tolist(), "客服介入状态": "无客服介入",
            "买家退款原因": [REASONS[v % len(REASONS)] for v in part["buyer"]],
            "售中或售后": np.where(sent, "售后", "售中").tolist(),
            "部分退款/全额退款": np.where(whole, "全额退款", "部分退款").tolist(),
            "售后类型": np.where(sent, "退货退款", "仅退款").tolist(),
        }  # fmt: skip
        path = out.place(TMALL.id, f"refunds {span.first}", f"当日售后退货表_{span.text}.xlsx")
        write_xlsx(path, {"export": [names, *rows_of(names, columns, len(part))]})


def write_ads(out: Outbox, shop: Tmall, spans: list[Span]) -> None:
    """计划报表, GB18030, rates as fractions, one blank line at the end; the name carries the export time."""
    names, ads = header("alimama_plan"), shop.ads
    for span in spans:
        first, last = span.numbers
        part = ads[ads["day"].between(first, last)]
        sales, spend = part["sales"].to_numpy(), part["spend"].to_numpy()
        orders = np.maximum(1, sales // 10900)
        direct, clicks, shown = (sales * 62 // 100), part["clicks"].to_numpy(), part["impressions"].to_numpy()
        columns = {
            "日期": days_text(part["day"]), "场景ID": part["scene"].tolist(), "场景名字": part["scene_name"].tolist(), "原二级场景名字": "",
            "计划ID": part["campaign"].tolist(), "计划名字": part["campaign_name"].tolist(),
            "展现量": shown.tolist(), "点击量": clicks.tolist(), "花费": yuan(spend),
            "点击率": ratio(clicks, shown).round(4).tolist(), "平均点击花费": ratio(spend / 100, clicks).round(2).tolist(),
            "千次展现花费": ratio(spend * 10, shown).round(2).tolist(),
            "直接成交金额": yuan(direct), "间接成交金额": yuan(sales - direct), "总成交金额": yuan(sales),
            "总成交笔数": orders.tolist(), "直接成交笔数": (orders * 62 // 100).tolist(), "间接成交笔数": (orders - orders * 62 // 100).tolist(),
            "点击转化率": ratio(orders, clicks).round(4).tolist(), "投入产出比": ratio(sales, spend).round(2).tolist(),
            "含预售投产比": ratio(sales, spend).round(2).tolist(), "总成交成本": ratio(spend / 100, orders).round(2).tolist(),
            "总购物车数": (clicks * 8 // 100).tolist(), "引导访问量": (clicks * 11 // 10).tolist(), "引导访问人数": (clicks * 9 // 10).tolist(),
            "引导访问潜客数": (clicks * 7 // 10).tolist(), "成交新客数": (orders * 7 // 10).tolist(), "成交人数": orders.tolist(),
            "自然流量转化金额": yuan(sales * 3 // 10),
        }  # fmt: skip
        path = out.place(TMALL.id, f"ads {span.first}", f"计划报表_{span.exported:%Y%m%d}_02{span.place // 60:02d}{span.place % 60:02d}.csv")
        write_csv(path, names, csv_lines(names, columns, default="0"), encoding="gb18030", tail="\r\n")


def write_commission(out: Outbox, shop: Tmall, spans: list[Span]) -> None:
    """淘宝联盟 settlement: affiliate order lines by the day they were settled."""
    names, goods = header("taobaoke"), shop.history.goods
    due = shop.commission.assign(settled_day=shop.commission["settled"] // DAY)
    for span in spans:
        first, last = span.numbers
        part = due[due["settled_day"].between(first, last)].sort_values(["settled", "id", "item"])
        ids = [str(v) for v in part["id"]]
        twice = part.groupby("order").cumcount()
        columns = {
            "确认收货时间": stamps(part["received"]), "账户支出时间": stamps(part["settled"]), "淘客结算时间": stamps(part["settled"]),
            "创建时间": stamps(part["created"]), "计划名称": "通用计划",
            "商品id": [goods.ids[i] for i in part["item"]], "商品名称": [goods.titles[i] for i in part["item"]],
            "实际成交价格": yuan(part["amount"]), "成交商品数": part["quantity"].astype(float).tolist(),
            "佣金比例": [f"{v:.2f}%" for v in part["rate"]], "佣金": yuan(part["commission"]),
            "服务费率": "10.00%", "服务费金额": yuan(part["fee"]),
            "淘宝父订单编号": ids, "淘宝子订单编号": [str(v + n) for v, n in zip(part["id"], twice, strict=True)],
            "来源或淘客昵称": "淘客***", "团长名称": "-", "是否预售未付尾款订单": "否",
        }  # fmt: skip
        path = out.place(TMALL.id, f"commission {span.first}", f"淘宝联盟_成交订单_订单结算_{span.text}.xlsx")
        write_xlsx(path, {"sheet1": [names, *rows_of(names, columns, len(part))]})
