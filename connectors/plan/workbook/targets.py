"""月度预算 and 销售目标 as tables: lines down, months or days across. Each cell is a node under its period's total and the whole.

What is blank makes no node; a number stands in 元 or in the unit of its row; 2.5万, 2-5万 and ×× may be typed.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.plan.aliases import metric_label, metric_of, metric_words, tool_of, tools
from connectors.plan.model import Plan, amount
from connectors.plan.workbook.form import Ask, Column, Form, Row, column, unit_of
from connectors.plan.workbook.lines import WHOLE, Line, Shape, group_of, shape, spans_of
from connectors.plan.workbook.totals import SUM

LABELS = ("shop", "channel", "metric", "item", "person")
CHANNELS = ("关键词推广", "精准人群推广", "货品全站推广", "淘宝客", "优惠券", "赠品", "平台费")
METRICS = ("sales", "visitors", "conversion_rate", "sales_per_buyer")


def form(base: Plan, ask: Ask, notes: Mapping[str, str]) -> Form:
    """Total rows first, then the plan's lines; without any, one row for each shop and channel or metric."""
    found = shape(base, ask)
    rows = [*_total_rows(ask, found), *(_line_row(line, ask) for line in found.lines)]
    if not found.lines:
        rows += _fresh_rows(ask)
    return Form(_columns(ask, notes), rows)


def _columns(ask: Ask, notes: Mapping[str, str]) -> list[Column]:
    money = unit_of(ask.currency, ask.lang)
    shop = column("shop", ask.lang, notes.get("shop", ""), choices=ask.shops, width=14)
    if ask.kind == "month_budget":
        parts = tuple(dict.fromkeys(tool.part for tool in tools().values()))
        found = [
            shop,
            column("part", ask.lang, notes.get("part", ""), choices=(*parts, "其他"), width=10),
            column(
                "channel",
                ask.lang,
                notes.get("channel", ""),
                choices=tuple(dict.fromkeys((*channels_of(ask), *(tool.name for tool in tools().values())))),
                width=18,
            ),
            column("owner", ask.lang, width=10),
            column("low", ask.lang, notes.get("low", ""), kind="number", unit=money),
            column("high", ask.lang, notes.get("high", ""), kind="number", unit=money),
        ]
    else:
        labels = tuple(dict.fromkeys(metric_label(each.id, ask.lang) for each in metric_words().values()))
        found = [
            shop,
            column("metric", ask.lang, notes.get("metric", ""), choices=labels, width=16),
            column("item", ask.lang, notes.get("item", ""), width=18, is_folded=ask.split != "item"),
            column("person", ask.lang, notes.get("person", ""), width=10, is_folded=ask.split != "person"),
            column("unit", ask.lang, notes.get("unit", ""), choices=("元", "万元", "人", "件", "单", "%"), width=8),
            column("owner", ask.lang, width=10),
        ]
    unit = money if ask.kind == "month_budget" else ""
    return [
        *found,
        *(_period_column(name, ask, unit, notes.get("period", "")) for name in spans_of(ask)),
        column("note", ask.lang, width=24),
    ]


def _period_column(name: str, ask: Ask, unit: str, note: str) -> Column:
    """2026-11（元）, also found as 2026年11月, 11月 and 2026-11."""
    if name == WHOLE:
        return column(WHOLE, ask.lang, kind="number", width=14, unit=unit)
    year, month, *day = name.split("-")
    spellings = [
        f"{year}年{int(month)}月" + (f"{int(day[0])}日" if day else ""),
        name.replace("-", "/"),
        f"{year}/{int(month)}" + (f"/{int(day[0])}" if day else ""),
    ]
    if ask.start.year == ask.end.year:
        spellings += [f"{int(month)}月{int(day[0])}日", f"{month}-{day[0]}"] if day else [f"{int(month)}月"]
    first = name if not unit else f"{name}（{unit}）" if ask.lang == "zh" else f"{name} ({unit})"
    return Column(name, (first, name, *spellings), note, kind="number", width=13)


def _total_rows(ask: Ask, found: Shape) -> list[Row]:
    """A sum may be typed over each period; blank is what the lines add up to."""
    groups = list(
        dict.fromkeys(
            [*(group for group, _ in found.totals), *(group_of(line.like, ask) for line in found.lines if line.nodes)]
        )
    )
    if ask.kind == "month_budget":
        groups = ["budget"]
    elif not groups and len(ask.shops) > 1:
        groups = [name for name in ask.metrics or METRICS if _is_added(name)]
    rows = []
    for group in groups:
        if group != "budget" and not _is_added(group):
            continue
        cells = {name: node.target.text for name in spans_of(ask) if (node := found.totals.get((group, name)))}
        label = (
            {"channel": SUM[ask.lang]}
            if group == "budget"
            else {"shop": SUM[ask.lang], "metric": metric_label(group, ask.lang)}
        )
        rows.append(Row(f"={group}", {**label, **cells}, is_total=True))
    return rows


def _is_added(metric: str) -> bool:
    word = metric_of(metric)
    return word is not None and word.kind == "flow" and word.total == "sum"


def _line_row(line: Line, ask: Ask) -> Row:
    like = line.like
    cells = {name: node.target.text for name, node in line.nodes.items()}
    if line.band:
        target = line.band.target
        cells |= {
            "low": amount(target.low) if target.side != "at_most" else "",
            "high": amount(target.high) if target.side != "at_least" else "",
        }
    cells |= {"shop": like.shop, "owner": like.owner, "note": like.note}
    if ask.kind == "month_budget":
        cells |= {"channel": like.name, "part": like.dims.get("part", "")}
    else:
        cells |= {
            "metric": metric_label(like.metric, ask.lang) if like.metric else like.name,
            "item": like.scope.get("item", ""),
            "person": like.dims.get("person", ""),
            "unit": like.unit,
        }
    return Row(line.key, cells)


def _fresh_rows(ask: Ask) -> list[Row]:
    rows = []
    for shop in ask.shops or ("",):
        if ask.kind == "month_budget":
            rows += [
                {"shop": shop, "channel": name, "part": tool.part if (tool := tool_of(name)) else ""}
                for name in channels_of(ask, shop)
            ]
        else:
            names = ask.metrics or (METRICS if ask.split in ("month", "day") else METRICS[:1])
            rows += [
                {"shop": shop, "metric": metric_label(name, ask.lang), "unit": _usual_unit(name, ask)} for name in names
            ]
    return [Row(f"r{number}", cells) for number, cells in enumerate(rows, 1)]


def channels_of(ask: Ask, shop: str | None = None) -> list[str]:
    """Names of the rows of a shop, or of all: `tm|京准通` stands in the rows of tm only."""
    named = [name.rpartition("|") for name in ask.channels or CHANNELS]
    return [name for own, _, name in named if shop is None or own in ("", shop)]


def _usual_unit(metric: str, ask: Ask) -> str:
    if metric.endswith("_rate") or metric == "ad_cost_ratio":
        return "%"
    people = (
        "visitors",
        "paying_buyers",
        "new_visitors",
        "cart_users",
        "fav_users",
        "new_followers",
        "live_viewers",
        "live_buyers",
    )
    money = (
        "sales",
        "net_sales",
        "spend",
        "refunds",
        "gross_profit",
        "sales_per_buyer",
        "sales_per_order",
        "live_sales",
        "coupon_cost",
    )
    return (
        ("人" if ask.lang == "zh" else "people")
        if metric in people
        else unit_of(ask.currency, ask.lang)
        if metric in money
        else ""
    )
