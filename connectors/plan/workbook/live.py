"""直播排期 as a table: one row a session. The session is a node, its goals and cost parts stand below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.plan.model import Node, Plan
from connectors.plan.seal import period_of
from connectors.plan.workbook.form import Ask, Draft, Form, Row, Typed, column, fresh, unit_of

LABELS = ("day", "at")
GOALS = {"planned_hours": ("live_hours", "计划时长", "小时", ""), "live_viewers": ("live_viewers", "观看人数", "人", ""),
         "live_sales": ("live_sales", "成交金额", "元", "sum"), "new_followers": ("new_followers", "新增粉丝", "人", "sum")}  # fmt: skip
COSTS = {
    "coupon": ("", "优惠券"),
    "seckill": ("", "秒杀"),
    "gift": ("", "赠品"),
    "live_ad_spend": ("live_ad_spend", "直播投放"),
}
ROOT = "live"
_ROOT_NODE = {"kind": "flow", "name": "直播场次", "metric": "live_sessions", "total": "sum", "source": "metric"}
_SESSION = {"kind": "flow", "metric": "live_sessions", "parent": ROOT, "period": "session", "target": "1场", "total": "sum",
            "direction": "at_least", "source": "metric"}  # fmt: skip
_PLACES = {
    "": "day",
    "start": "day",
    "end": "day",
    "hours": "at",
    "dims": "host",
    "name": "theme",
    "shop": "shop",
    "owner": "owner",
    "note": "note",
}


def form(base: Plan, ask: Ask, notes: Mapping[str, str]) -> Form:
    """Sessions of the plan in the order of their days; a new template has its rows blank."""
    widths = {"theme": 24, "note": 24}
    kinds = {"day": "day", "at": "time", **dict.fromkeys((*GOALS, *COSTS), "number")}
    order = ("day", "at", "planned_hours", "host", "theme", "shop", *list(GOALS)[1:], *COSTS, "owner", "note")
    columns = [
        column(
            name,
            ask.lang,
            notes.get(name, ""),
            kind=kinds.get(name, "text"),
            width=widths.get(name, 13),
            choices=ask.shops if name == "shop" else (),
        )
        for name in order
    ]
    return Form(columns, [_row(node, base, ask) for node in sessions(base, ask)])


def sessions(plan: Plan, ask: Ask) -> list[Node]:
    """Nodes that are one session on one day."""
    found = [
        node
        for node in plan.nodes
        if node.metric == "live_sessions" and node.period == "session" and node.start and node.start == node.end
    ]
    return sorted(
        (node for node in found if node.start and ask.start <= node.start <= ask.end),
        key=lambda node: (node.start or ask.start, node.hours),
    )


def parts_of(session: Node, plan: Plan) -> dict[str, Node]:
    """Goals and costs below a session, by column: by their metric, costs without one by name."""
    found: dict[str, Node] = {}
    for node in plan.children(session.id):
        for name, (metric, *_) in GOALS.items():
            if node.kind != "budget" and node.metric == metric:
                found.setdefault(name, node)
        for name, (metric, label) in COSTS.items():
            if node.kind == "budget" and (node.metric == metric if metric else node.name == label):
                found.setdefault(name, node)
    return found


def _row(node: Node, plan: Plan, ask: Ask) -> Row:
    first = period_of(plan, node)[0] or ask.start
    cells = {"day": first.isoformat(), "at": node.hours, "host": node.dims.get("host", ""), "theme": node.dims.get("theme", ""), "shop": node.shop,
             "owner": node.owner, "note": node.note}  # fmt: skip
    return Row(node.id, {**cells, **{name: part.target.text for name, part in parts_of(node, plan).items()}})


def take(rows: Sequence[Typed], gone: set[str], draft: Draft, ask: Ask, base: Plan) -> None:
    """Rows into sessions; one that is gone takes its goals with it."""
    known = {node.id: node for node in sessions(base, ask)}
    for key in gone & set(known):
        for node in (*base.below(key), known[key]):
            draft.remove(node.id)
    taken = set(draft.nodes)
    for row in rows:
        key = row.key or fresh(taken, "s")
        taken.add(key)
        session = known.get(key)
        if session is None and not _is_session(row, draft, ask):
            continue
        _take_session(row, key, session, draft, ask)
        parts = parts_of(session, base) if session else {}
        for name in (*GOALS, *COSTS):
            _take_part(row, key, name, parts.get(name), draft, ask)


def _is_session(row: Typed, draft: Draft, ask: Ask) -> bool:
    day = row.says("day")
    if not day:
        draft.fault(row.where("day"), "the day is empty. Write the day of the session, such as 2026-11-05.")
    elif len(day) == 10 and day[4] == "-" and not ask.start.isoformat() <= day <= ask.end.isoformat():
        draft.fault(
            row.where("day"),
            f"{day} is outside {ask.start} to {ask.end}. Correct the day, or download the template for its month.",
        )
        return False
    return bool(day)


def _take_session(row: Typed, key: str, session: Node | None, draft: Draft, ask: Ask) -> None:
    values: dict[str, Any] = {}
    if session is None:
        if ROOT not in draft.nodes:
            draft.put(ROOT, {**_ROOT_NODE, "start": ask.start.isoformat(), "end": ask.end.isoformat()}, {})
        values = dict(_SESSION)
    if row.is_changed("day"):
        values |= {"start": row.says("day"), "end": row.says("day")}
    if row.is_changed("at"):
        values["hours"] = row.says("at")
        if row.says("at") and not _is_clock(row.says("at")):
            draft.fault(row.where("at"), f"'{row.says('at')}' is no time of day. Write it as 20:00.")
    values |= {name: row.says(name) for name in ("shop", "owner", "note") if row.is_changed(name)}
    if row.is_changed("host") or row.is_changed("theme"):
        dims = dict(draft.nodes.get(key, {}).get("dims", {}))
        dims |= {name: row.says(name) for name in ("host", "theme") if row.is_changed(name)}
        values["dims"] = {name: text for name, text in dims.items() if text}
    if session is None or row.is_changed("theme"):
        values["name"] = row.says("theme") or (session.name if session else f"直播 {row.says('day')}")
    draft.put(key, values, {field: row.where(name) for field, name in _PLACES.items()})


def _is_clock(text: str) -> bool:
    """20:00, also 26:00 for two o'clock of the next day, and a window 19:30-20:30."""
    ends = text.replace("：", ":").split("-")
    return all(
        (hour := end.strip().partition(":"))[0].isdecimal()
        and int(hour[0]) < 30
        and hour[2].isdecimal()
        and int(hour[2]) < 60
        for end in ends
    )


def _take_part(row: Typed, key: str, name: str, part: Node | None, draft: Draft, ask: Ask) -> None:
    """A goal or cost below its session; a session that moved takes them along."""
    days = {"start": row.says("day"), "end": row.says("day")}
    places = {"": row.where(name), "target": row.where(name), "start": row.where("day"), "end": row.where("day")}
    if part is None and row.says(name):
        common = {"parent": key, "period": "session", "shop": row.says("shop"), "target": row.says(name), **days}
        draft.put(f"{key}/{name}", {**_new_part(name, ask), **common}, places)
    elif part is not None:
        values = {"target": row.says(name)} if row.is_changed(name) else {}
        values |= days if row.is_changed("day") and part.start else {}
        values |= {"shop": row.says("shop")} if row.is_changed("shop") else {}
        draft.put(part.id, values, places)


def _new_part(name: str, ask: Ask) -> dict[str, str]:
    money = unit_of(ask.currency, "zh")
    if name in GOALS:
        metric, label, unit, total = GOALS[name]
        return {"kind": "flow", "name": label, "metric": metric, "unit": money if unit == "元" else unit, "total": total,
                "direction": "at_least", "source": "metric"}  # fmt: skip
    metric, label = COSTS[name]
    return {"kind": "budget", "name": label, "metric": metric, "unit": money, "total": "sum", "direction": "at_most",
            "source": "metric" if metric else "cost"}  # fmt: skip
