"""The plan that the demo's manager wrote for the running quarter, and what the team logged for it so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from connectors.demo.catalogue import DOUYIN, JD, SHOPS, TMALL
from connectors.demo.live import goes_live
from connectors.demo.seasons import days_between, phases
from connectors.demo.typed import submissions
from connectors.plan.build import build
from connectors.plan.model import Plan
from connectors.plan.when import shifted

Raw = dict[str, Any]
PURSES = {TMALL.id: ("天猫 万相台", {"purse": "alimama"}), JD.id: ("京东 京准通", {"purse": "jzt"}), DOUYIN.id: ("抖音 千川", {"purse": "qianchuan"})}
PEOPLE = ("小周", "小吴", "小郑", "小冯", "小陈", "小楚")


def quarter_plan(first: date, yesterday: date, volume: float) -> Plan:
    """Sales by shop and month, ad budgets, the live schedule, campaign milestones; the months' sums are the typed targets."""
    start, end = quarter(yesterday)
    months = month_targets(first, yesterday, volume, start, end)
    sales, spend = [list(_split(months, metric)) for metric in ("sales", "spend")]
    nodes: list[Raw] = [
        {"id": "sales", "kind": "flow", "name": "三店支付金额", "metric": "sales", "target": _sum(sales), "direction": "at_least", "owner": "店长", "weight": "weekday"},
        *sales,
        {"id": "spend", "kind": "budget", "name": "推广花费", "metric": "spend", "target": _sum(spend), "owner": "推广"},
        *spend,
        *_live(start), *_campaigns(start, end), *_team(),
    ]  # fmt: skip
    number = (start.month - 1) // 3
    head = {
        "id": f"quarter-{start:%Y}q{number + 1}", "title": f"{start:%Y} 年{'一二三四'[number]}季度运营计划", "kind": "sales_target", "state": "issued",
        "owner": "店长", "start": start, "end": end, "currency": "CNY", "events": _events(start, end), "note": "演示数据：示例家居三家店",
    }  # fmt: skip
    return build({"plan": head, "node": nodes}, "demo")


def quarter(day: date) -> tuple[date, date]:
    """First and last day of the quarter that the day lies in."""
    start = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return start, shifted(start, 3, "m") - timedelta(days=1)


def month_targets(first: date, yesterday: date, volume: float, start: date, end: date) -> list[Mapping[str, Any]]:
    """The typed month targets of the quarter; a month before the demo begins has none."""
    return [row for table, rows in submissions(first, max(yesterday, end), volume) if table == "plan_node" for row in rows if start <= row["day"] <= end]


def _split(months: list[Mapping[str, Any]], metric: str) -> Iterator[Raw]:
    """A node for each shop under the whole, a node for each of its months under that."""
    for shop in SHOPS:
        own = [row for row in months if row["shop"] == shop.id and row["metric"] == metric]
        name, scope = (shop.name, {}) if metric == "sales" else PURSES[shop.id]
        is_sales = metric == "sales"
        common = {"metric": metric, "shop": shop.id, "kind": "flow" if is_sales else "budget", "owner": "店长" if is_sales else "推广"}
        common["direction"] = "at_least" if is_sales else "at_most"
        yield {**common, "id": f"{metric}-{shop.id}", "parent": metric, "name": name, "target": _wan(sum(row["target"] for row in own)), "scope": scope}
        for row in own:
            yield {
                **common, "id": f"{metric}-{shop.id}-{row['day']:%m}", "parent": f"{metric}-{shop.id}", "name": f"{name} {row['day'].month} 月",
                "target": _wan(row["target"]), "period": "month", "start": row["day"], "end": row["day_to"], "scope": {},
            }  # fmt: skip


def _sum(nodes: list[Raw]) -> str:
    return _wan(sum(int(Decimal(node["target"].rstrip("万")) * 10_000) for node in nodes if node["parent"] in ("sales", "spend")))


def _wan(value: int) -> str:
    """As people write it: 49.7万."""
    return f"{Decimal(value) / 10_000:f}万"


def _live(start: date) -> Iterator[Raw]:
    common = {"shop": DOUYIN.id, "owner": "直播组", "judged": "each", "direction": "inside"}
    monday = start + timedelta(days=-start.weekday() % 7)
    days = {"metric": "live_sessions", "total": "distinct", "period": "week", "target": "3-5天", "start": monday}
    yield {**common, **days, "id": "live-days", "kind": "band", "name": "每周直播天数"}
    yield {**common, "id": "live-hours", "kind": "band", "name": "每场时长", "metric": "live_hours", "period": "session", "target": "3-5小时"}
    yield {**common, "id": "live-start", "kind": "band", "name": "开播时间", "period": "session", "hours": "18:00-23:00"}
    yield {"id": "live-review", "kind": "milestone", "name": "播后当天复盘", "shop": DOUYIN.id, "owner": "直播组", "period": "session", "due": "场次:T..T+1"}


def _events(start: date, end: date) -> dict[str, date]:
    """The quarter's campaigns by the last day of their main phase."""
    return {phase.name: phase.last for phase in phases(start.year) if phase.phase == "爆发" and start <= phase.last <= end}


def _campaigns(start: date, end: date) -> Iterator[Raw]:
    steps = (("报名和选品", "T-30"), ("预热素材上线", "T-14"), ("库存和客服排班确认", "T-7"), ("复盘", "T+7"))
    for number, (name, _) in enumerate(_events(start, end).items()):
        before = ""
        for step, (title, due) in enumerate(steps):
            node = f"event-{number}-{step}"
            yield {"id": node, "kind": "milestone", "name": f"{name} {title}", "due": f"{name}:{due}", "owner": "店长"} | ({"after": [before]} if before else {})
            before = node


def _team() -> Iterator[Raw]:
    yield {"id": "posts", "kind": "quota", "name": "站外内容每周三篇", "target": "3篇", "period": "week", "owner": "内容", "direction": "at_least"}
    yield {"id": "training", "kind": "coverage", "name": "客服大促培训", "target": "100%", "units": list(PEOPLE), "owner": "客服主管"}
    yield {"id": "repeat", "kind": "direction", "name": "复购率", "direction": "at_least", "note": "基数还没有统计，先不定目标"}
    yield {"id": "growth", "kind": "growth", "name": "销售额同比", "metric": "sales", "target": "20%以上", "base": "××", "direction": "at_least", "owner": "店长", "state": "draft"}


def log(plan: Plan, after: date, yesterday: date) -> list[Raw]:
    """What was logged later than `after`, up to yesterday; some of it late, some never."""
    start, rows = plan.start or yesterday, []
    for node in plan.nodes:
        if node.kind == "milestone" and node.due.last:
            late = 2 if node.id.endswith("-1") else -1
            rows.append(_row(plan, node.id, node.due.last + timedelta(days=late), owner=node.owner))
    for day in days_between(start, yesterday):
        if goes_live(day) and day.toordinal() % 11:
            rows.append(_row(plan, "live-review", day, owner="直播组"))
        if day.weekday() in (0, 2, 4) and day.toordinal() % 13:
            rows.append(_row(plan, "posts", day, owner="内容"))
    rows += [_row(plan, "training", start + timedelta(days=9 + n), unit=name, owner="客服主管") for n, name in enumerate(PEOPLE[:4])]
    return [row for row in rows if after < row["done_at"] <= yesterday]


def _row(plan: Plan, node: str, day: date, unit: str = "", owner: str = "") -> Raw:
    return {"activity": f"{plan.id}-{node}-{day:%m%d}-{unit}", "plan": plan.id, "node": node, "unit": unit, "done_at": day, "owner": owner}
