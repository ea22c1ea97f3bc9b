"""The JD shop: orders of one or more SKUs, SKU figures by day, and 京准通 campaigns."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from connectors.demo.catalogue import JD, catalogue
from connectors.demo.orders import (
    DAY,
    NEVER,
    Habits,
    History,
    collect,
    creation_times,
    draw_lines,
    draw_orders,
    generator,
    horizon_of,
    on_sale,
    order_count,
    with_orders,
)
from connectors.demo.outbox import Outbox, Span
from connectors.demo.seasons import discount, epoch_seconds, phase_of
from connectors.demo.writers import (
    Cell,
    csv_lines,
    days_text,
    header,
    rates,
    ratio,
    rows_of,
    stamps,
    write_csv,
    write_xlsx,
    yuan,
)

HABITS = Habits(unpaid=0.06, refunded=0.065, partial=0.0, brushed=0.004, buyers=60_000)
BRUSH_NOTE = "G-补单"
# product line, plan id, plan, SKU it follows (rank in the catalogue), share of sales credited, ordinary ROAS
PLANS = (
    ("京东快车", "77000", "快车_保温杯", 0, 0.09, 4.2),
    ("京东快车", "77001", "快车_水杯", 2, 0.06, 3.1),
    ("购物触点", "77002", "触点_人群拉新", 3, 0.05, 2.0),
)


@dataclass
class Jd:
    """What happened in the shop. items: a row a day and SKU; ads: a row a day and plan; money in fen."""

    history: History
    items: pd.DataFrame
    ads: pd.DataFrame


def simulate(seed: int, days: list[date], volume: float) -> Jd:
    """Draw the shop's whole period; the last day has only begun."""
    goods = catalogue(JD, days)
    parts = []
    for row, day in enumerate(days):
        rng = generator(seed, JD, day)
        created = creation_times(rng, day, order_count(rng, JD, day, volume))
        orders = draw_orders(rng, created, day, HABITS)
        parts.append((orders, draw_lines(rng, len(created), goods, row, discount(day), several=0.22)))
    history = collect(JD, days, goods, parts, horizon_of(days), volume)
    _merge_lines(history)
    history.orders["id"] = 300_000_000_000 + (history.orders["day"] - 18_000) * 20_000 + history.orders["number"]
    return Jd(history, _items(seed, history), _ads(seed, history))


def _merge_lines(history: History) -> None:
    """One row per order and SKU, as JD writes them."""
    grouped = history.lines.groupby(["order", "item", "price"], as_index=False)
    history.lines = grouped[["quantity", "amount"]].sum()


def _items(seed: int, history: History) -> pd.DataFrame:
    lines = with_orders(history)
    named = {"sales": ("amount", "sum"), "units": ("quantity", "sum"), "orders": ("order", "nunique"), "buyers": ("buyer", "nunique")}
    kinds = {k: pd.NamedAgg(*v) for k, v in named.items()}
    paid, done = lines[lines["paid"] != NEVER], lines[lines["done"] != NEVER]
    table = pd.concat(
        [
            paid.groupby(["paid_day", "item"]).agg(**kinds),
            lines.groupby(["day", "item"]).agg(**kinds).add_prefix("placed_"),
            done.groupby(["done_day", "item"]).agg(**kinds).add_prefix("back_"),
        ],
        axis=1,
    )
    table.index.names = ["on", "item"]
    table = table.reindex(on_sale(history).union(table.index)).fillna(0).astype(np.int64).reset_index()
    chance = np.random.default_rng([seed, JD.number, 3]).lognormal(0, 0.1, len(history.goods.ids))
    table["visitors"] = ((table["placed_buyers"] + 1.2) / 0.05 * chance[table["item"]]).astype(np.int64)
    return table


def _ads(seed: int, history: History) -> pd.DataFrame:
    orders = history.orders[(history.orders["paid"] != NEVER) & ~history.orders["brushed"]]
    sold = orders.groupby("paid_day")["amount"].sum()
    rows = []
    for day in history.days:
        rng, number, phase = generator(seed, JD, day, 4), epoch_seconds(day) // DAY, phase_of(day)
        for line, plan, title, item, share, roas in PLANS:
            credited = int(sold.get(number, 0) * share * rng.lognormal(0, 0.1))
            spend = int(credited / (roas * rng.lognormal(0, 0.12) * (0.85 if phase and phase.lift < 1 else 1.0)))
            clicks = int(spend / 100 / rng.uniform(0.8, 1.4))
            rows.append((number, line, plan, title, item, spend, clicks, int(clicks / rng.uniform(0.025, 0.045)), credited))
    names = ["day", "line", "plan", "title", "item", "spend", "clicks", "impressions", "sales"]
    return pd.DataFrame(rows, columns=names)


def write_orders(out: Outbox, shop: Jd, spans: list[Span]) -> None:
    """京东_订单导出, GB18030: a row an order and SKU, 订单金额 repeated on each; account names are opaque codes."""
    names, history = header("jd_orders"), shop.history
    lines = with_orders(history)
    now = history.horizon
    paid = lines["paid"] != NEVER
    lines["finished"] = np.where(paid & (lines["paid"] + lines["confirm_after"] < now), lines["paid"] + lines["confirm_after"], NEVER)
    lines["status"] = np.select(
        [~paid & (lines["created"] + DAY > now), ~paid, lines["finished"] != NEVER, lines["paid"] + DAY < now],
        ["等待付款", "(删除)等待付款", "完成", "等待确认收货"],
        "等待出库",
    )
    for span in spans:
        first, last = span.numbers
        part = lines[lines["day"].between(first, last)]
        items, total = part["item"].tolist(), yuan(part["amount_o"])
        columns: dict[str, str | list[str]] = {
            "订单号": [str(v) for v in part["id"].tolist()], "商品ID": [history.goods.ids[i] for i in items],
            "商品名称": [history.goods.titles[i] for i in items], "货号": [history.goods.codes[i] for i in items],
            "订购数量": [str(v) for v in part["quantity"].tolist()], "支付方式": "在线支付",
            "下单时间": stamps(part["created"]), "付款确认时间": stamps(part["paid"]), "订单完成时间": stamps(part["finished"]),
            "京东价": yuan(part["price"]), "订单金额": total, "结算金额": total, "余额支付": "0.00", "应付金额": total, "运费金额": "0.00",
            "订单状态": part["status"].tolist(), "订单类型": "SOP", "订单来源": "APP",
            "下单帐号": [_account(v) for v in part["buyer"].tolist()], "客户姓名": "***", "客户地址": "***", "联系电话": "1******6198",
            "商家备注": [BRUSH_NOTE if v else "" for v in part["brushed"].tolist()],
        }  # fmt: skip
        write_csv(out.place(JD.id, f"orders {span.first}", f"京东_订单导出_{span.text}.csv"), names, csv_lines(names, columns), encoding="gb18030")


def _account(buyer: int) -> str:
    """An account code that says nothing about anybody."""
    return "jd_" + hashlib.blake2b(str(buyer).encode(), digest_size=6).hexdigest()


def write_items(out: Outbox, shop: Jd, spans: list[Span]) -> None:
    """京东商智 商品明细 SKU: counts as floats, rates with %, `--` where there is nothing to divide by."""
    names, goods = header("jd_items"), shop.history.goods
    for span in spans:
        first, last = span.numbers
        part = shop.items[shop.items["on"].between(first, last)]
        people, buyers, sales = part["visitors"], part["buyers"], part["sales"] / 100
        carts = people * 6 // 100
        columns: dict[str, Cell | Sequence[Cell]] = {
            "时间": days_text(part["on"]), "SKU": [goods.ids[i] for i in part["item"]], "SKU名称": [goods.titles[i] for i in part["item"]],
            "一级类目": "家居日用", "二级类目": "水具酒具", "三级类目": "杯壶", "货号": [goods.codes[i] for i in part["item"]],
            "成交金额": sales.tolist(), "成交商品件数": _floats(part["units"]), "成交单量": _floats(part["orders"]), "成交客户数": _floats(buyers),
            "成交转化率": rates(buyers, people, "--"), "客单价": _quotients(sales, buyers), "件单价": _quotients(sales, part["units"]),
            "UV价值": _quotients(sales, people), "商品浏览量": _floats(people * 19 // 10), "商品访客数": _floats(people),
            "商品人均浏览量": 1.9, "加购商品件数": _floats(carts + 1), "加购客户数": _floats(carts), "加购商品件数（正向）": _floats(carts + 2),
            "加购商品件数（负向）": 1.0, "加购转化率": rates(carts, people, "--"), "加购金额": (carts * 89.9).round(2).tolist(),
            "搜索曝光次数": _floats(people * 9), "搜索点击次数": _floats(people * 21 // 100), "搜索点击率": rates(people * 21 // 100, people * 9, "--"),
            "商详平均停留时长": _floats(5 + people % 7), "下单金额": (part["placed_sales"] / 100).tolist(),
            "下单商品件数": _floats(part["placed_units"]), "下单单量": _floats(part["placed_orders"]), "下单客户数": _floats(part["placed_buyers"]),
            "下单转化率": rates(part["placed_buyers"], people, "--"), "下单成交转化率": rates(buyers, part["placed_buyers"], "--"),
            "取消及售后退款金额": (part["back_sales"] / 100).tolist(), "取消及售后退款商品件数": _floats(part["back_units"]),
            "取消及售后退款单量": _floats(part["back_orders"]),
        }  # fmt: skip
        path = out.place(JD.id, f"items {span.first}", f"京东商智_商品明细_SKU_{span.text}.xlsx")
        write_xlsx(path, {"sheet1": [names, *rows_of(names, columns, len(part))]})


def _floats(values: pd.Series) -> list[Cell]:
    return [float(v) for v in values]


def _quotients(top: pd.Series, bottom: pd.Series) -> list[Cell]:
    return [round(float(t) / float(b), 4) if b else "--" for t, b in zip(top, bottom, strict=True)]


def write_ads(out: Outbox, shop: Jd, spans: list[Span]) -> None:
    """京准通, GB18030, days as 20261101."""
    names, goods = header("jzt"), shop.history.goods
    for span in spans:
        first, last = span.numbers
        part = shop.ads[shop.ads["day"].between(first, last)]
        direct = part["sales"] * 7 // 10
        lines = (part["sales"] // 9900).clip(lower=1)
        ahead = lines * 7 // 10
        columns = {
            "日期": [d.replace("-", "") for d in days_text(part["day"])], "账户名称": JD.name, "产品线": part["line"].tolist(),
            "计划类型": "普通推广", "计划ID": part["plan"].tolist(), "推广计划": part["title"].tolist(),
            "跟单SKU ID": [goods.ids[i] for i in part["item"]], "展现数": part["impressions"].tolist(), "点击数": part["clicks"].tolist(),
            "总费用": yuan(part["spend"]), "直接订单行": ahead.tolist(), "直接订单金额": yuan(direct), "间接订单行": (lines - ahead).tolist(),
            "间接订单金额": yuan(part["sales"] - direct), "总订单行": lines.tolist(), "总订单金额": yuan(part["sales"]),
            "直接购物车数": (part["clicks"] * 5 // 100).tolist(), "总购物车数": (part["clicks"] * 7 // 100).tolist(),
            "下单新客数": (lines * 6 // 10).tolist(), "互动率": [f"{v:.4f}" for v in ratio(lines.to_numpy(), part["clicks"].to_numpy())],
        }  # fmt: skip
        write_csv(out.place(JD.id, f"ads {span.first}", f"京准通_推广报表_{span.text}.csv"), names, csv_lines(names, columns, default="0"), encoding="gb18030")
