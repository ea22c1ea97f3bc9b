"""生意参谋 exports: 宏观监控 by month, 店铺来源 and 商品_全部 by day (as .xlsx; the header layout is the same)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pandas as pd

from connectors.demo.catalogue import TMALL
from connectors.demo.orders import DAY, NEVER
from connectors.demo.outbox import Outbox, Span
from connectors.demo.seasons import epoch_seconds
from connectors.demo.tmall import SOURCES, Tmall
from connectors.demo.writers import Cell, commas, counts, days_text, header, rate, rates, ratio, rows_of, write_xlsx

SUM = "汇总"
CARRIERS = (("商品", 0.82), ("短视频", 0.11), ("直播", 0.07))


def _mixed(values: Iterable[int]) -> list[Cell]:
    """Small counts are number cells, large ones text with commas, as in the real file."""
    return [int(v) if v < 1000 else f"{int(v):,}" for v in values]


def write_macro(out: Outbox, shop: Tmall, spans: list[Span]) -> None:
    """宏观监控(日): one row a day for the whole shop."""
    names = header("sycm_macro")
    per_day = shop.items.assign(sold=shop.items["sales"] > 0).groupby("on").agg(sold=("sold", "sum"), seen=("item", "size"))
    for span in spans:
        first, last = span.numbers
        part = shop.day_facts.loc[first:last].join(per_day)
        people, buyers = part["visitors"], part["buyers"]
        columns: dict[str, Cell | Sequence[Cell]] = {
            "统计日期": days_text(part.index), "成功退货退款金额": commas(part["refunds"]), "支付金额": commas(part["sales"]),
            "分期支付金额": 0, "支付件数": _mixed(part["units"]), "商品加购人数": counts(part["cart_users"]),
            "商品加购件数": counts(part["cart_units"]), "商品浏览量": counts(part["page_views"]), "商品访客数": counts(people),
            "商品微详情访客数": counts(people // 4), "商品收藏人数": _mixed(part["fav_users"]), "商品平均停留时长": part["stay"].tolist(),
            "下单买家数": _mixed(part["placed_buyers"]), "支付买家数": _mixed(buyers), "下单转化率": rates(part["placed_buyers"], people),
            "商品详情页跳出率": [f"{v / 100:.2f}%" for v in part["bounce"]], "下单金额": commas(part["placed_amount"]),
            "访问收藏转化率": rates(part["fav_users"], people), "访问加购转化率": rates(part["cart_users"], people),
            "支付老买家数": _mixed(part["old_buyers"]), "老买家支付金额": (part["old_sales"] / 100).tolist(),
            "支付转化率": rates(buyers, people), "支付新买家数": _mixed(buyers - part["old_buyers"]),
            "有支付商品数": _mixed(part["sold"]), "下单件数": _mixed(part["placed_units"]), "有访问商品数": _mixed(part["seen"]),
            "客单价": [f"{s / 100 / b:,.2f}" if b else "-" for s, b in zip(part["sales"], buyers, strict=True)],
        }  # fmt: skip
        path = out.place(TMALL.id, f"macro {span.first}", f"生意参谋_宏观监控_日_{span.text}.xlsx")
        write_xlsx(path, {"sheet1": [names, *rows_of(names, columns, len(part))]})


def write_items(out: Outbox, shop: Tmall, days: list[date]) -> None:
    """商品_全部: four rows above the header, every number as text; one file a day."""
    names, goods = header("sycm_items"), shop.history.goods
    items = shop.items
    for day in days:
        number = epoch_seconds(day) // DAY
        so_far = items[items["on"].between(epoch_seconds(day.replace(month=1, day=1)) // DAY, number)]
        month = so_far[so_far["on"] >= epoch_seconds(day.replace(day=1)) // DAY].groupby("item")[["sales", "units"]].sum()
        year = so_far.groupby("item")["sales"].sum()
        part = items[items["on"] == number]
        ids, people, buyers = [goods.ids[i] for i in part["item"]], part["visitors"], part["buyers"]
        old = buyers * 3 // 10
        search = people * 36 // 100
        columns: dict[str, Cell | Sequence[Cell]] = {
            "统计日期": day.isoformat(), "商品ID": ids, "商品名称": [goods.titles[i] for i in part["item"]], "主商品ID": ids,
            "商品类型": "普通商品", "货号": [goods.codes[i] for i in part["item"]], "商品状态": "当前在线",
            "商品访客数": counts(people), "商品浏览量": counts(people * 22 // 10),
            "平均停留时长": [f"{12 + v % 9}.{v % 97:02d}" for v in people], "商品详情页跳出率": [f"{58 + v % 17}.{v % 89:02d}%" for v in people],
            "商品收藏人数": counts(people * 25 // 1000), "商品加购件数": counts(people * 95 // 1000), "商品加购人数": counts(people * 8 // 100),
            "下单买家数": counts(part["placed_buyers"]), "下单件数": counts(part["placed_units"]), "下单金额": commas(part["placed_sales"]),
            "下单转化率": rates(part["placed_buyers"], people), "支付买家数": counts(buyers), "支付件数": counts(part["units"]),
            "支付金额": commas(part["sales"]), "商品支付转化率": rates(buyers, people),
            "支付新买家数": counts(buyers - old), "支付老买家数": counts(old), "老买家支付金额": commas(part["sales"] * 3 // 10),
            "聚划算支付金额": "0.00", "访客平均价值": [f"{v:.2f}" for v in ratio(part["sales"].to_numpy() / 100, people.to_numpy())],
            "成功退款金额": commas(part["refunds"]), "竞争力评分": [f"{60 + v % 37}.{v % 83:02d}" for v in people],
            "年累计支付金额": commas(part["item"].map(year).fillna(0)), "月累计支付金额": commas(part["item"].map(month["sales"]).fillna(0)),
            "月累计支付件数": counts(part["item"].map(month["units"]).fillna(0)),
            "搜索引导访客数": counts(search), "搜索引导支付买家数": counts(buyers * 36 // 100), "搜索引导支付转化率": rates(buyers * 36 // 100, search),
        }  # fmt: skip
        title: list[list[Cell]] = [["生意参谋平台 商品排行（演示数据）"], [""], [""], [""]]
        path = out.place(TMALL.id, f"items {day}", f"【生意参谋平台】商品_全部_{day}_{day}.xlsx")
        write_xlsx(path, {"【生意参谋平台】1": [*title, names, *rows_of(names, columns, len(part), default="-")]})


def write_sources(out: Outbox, shop: Tmall, days: list[date]) -> None:
    """店铺来源: the tree with 汇总 rows at every level, and the same by carrier; the name alone carries the day."""
    names = header("sycm_source")
    for day in days:
        today, before = source_tree(shop, day), source_tree(shop, day - timedelta(days=1))
        whole = [(("全店流量", *path), cells, before.get(path)) for path, cells in today.items()]
        leaves = [p for p in today if p[1] != SUM]
        split = [
            ((carrier, *path), {k: v * share for k, v in today[path].items()}, None)
            for path in leaves
            for carrier, share in CARRIERS
        ]
        path = out.place(TMALL.id, f"sources {day}", f"生意参谋_店铺来源_{day}.xlsx")
        write_xlsx(path, {"全店流量来源": [names, *map(_source_row, whole)], "分载体流量来源": [names, *map(_source_row, split)]})


Figures = dict[str, float]


def source_tree(shop: Tmall, day: date) -> dict[tuple[str, str, str, str], Figures]:
    """Path -> figures of a day; people of a level overlap, so they stay below the sum of what is under it."""
    number = epoch_seconds(day) // DAY
    if number not in shop.day_facts.index:
        return {}
    facts, table = shop.day_facts.loc[number], shop.sources
    table = table[table["day"] == number].set_index("source")
    orders = shop.history.orders
    group = pd.Series([s[0] for s in SOURCES])
    paid = orders[(orders["paid"] != NEVER) & (orders["paid_day"] == number)]
    laid = orders[orders["day"] == number]
    tree = {(SUM, SUM, SUM, SUM): _figures(facts, int(facts["visitors"]))}
    buyers = paid.groupby(group.reindex(paid["source"]).to_numpy())["buyer"].nunique()
    placed = laid.groupby(group.reindex(laid["source"]).to_numpy())["buyer"].nunique()
    for level1 in dict.fromkeys(group):
        rows = table[(group == level1).to_numpy()]
        total = rows.sum()
        total["buyers"], total["placed_buyers"] = buyers.get(level1, 0), placed.get(level1, 0)
        if len(rows) > 1:
            people = min(int(facts["visitors"]), max(int(rows["visitors"].max()), int(total["visitors"] * 0.93)))
            tree[(level1, SUM, SUM, SUM)] = _figures(total, people)
        for source, row in rows.iterrows():
            tree[(level1, SOURCES[int(str(source))][1], SUM, SUM)] = _figures(row, int(row["visitors"]))
    return tree


def _figures(row: pd.Series, visitors: int) -> Figures:
    names = ("sales", "buyers", "placed_buyers", "placed_amount")
    return {"visitors": float(visitors), **{n: float(row[n]) for n in names}}


def _source_row(entry: tuple[tuple[str, ...], Figures, Figures | None]) -> list[Cell]:
    path, now, before = entry
    cells: list[Cell] = list(path)
    past = _stated(before) if before else None
    for name, (value, text) in _stated(now).items():
        cells += [text, f"{value / past[name][0] - 1:.2%}" if past and past[name][0] else "-"]
    return cells


def _stated(f: Figures) -> dict[str, tuple[float, str]]:
    """Every metric of the sheet: value and how it is written."""
    people, buyers, placed = int(f["visitors"]), int(f["buyers"]), int(f["placed_buyers"])
    whole = {
        "访客数": people, "新访客": people * 66 // 100, "3s查看人数": people * 7 // 10, "商品点击人数": people * 45 // 100,
        "加购人数": people * 8 // 100, "商品收藏人数": people * 2 // 100, "加购件数": people * 95 // 1000, "关注店铺人数": people // 250,
        "支付买家数": buyers, "下单买家数": placed,
    }  # fmt: skip
    money = {"支付金额": f["sales"] / 100, "下单金额": f["placed_amount"] / 100}
    money["客单价"] = money["支付金额"] / buyers if buyers else 0.0
    money["UV价值"] = money["支付金额"] / people if people else 0.0
    shown = {k: (float(v), f"{v:,}") for k, v in whole.items()} | {k: (v, f"{v:,.2f}") for k, v in money.items()}
    shown["平均停留时长"] = (15 + people % 9, f"{15 + people % 9}.{people % 91:02d}")
    shown["支付转化率"] = (buyers / people if people else 0.0, rate(buyers, people))
    shown["下单转化率"] = (placed / people if people else 0.0, rate(placed, people))
    return {name: shown[name] for name in header("sycm_source")[5::2]}
