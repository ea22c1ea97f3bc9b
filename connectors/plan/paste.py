"""A table pasted from Word, WPS or 飞书 -> a draft plan with the original text beside it.

Columns are known by their words. A row that cannot be read becomes a note with its text, and so does every line around the
table: nothing that was pasted is lost, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from connectors.files.header import normal
from connectors.plan.aliases import Row as Alias
from connectors.plan.aliases import metric_of, resolve, tool_of
from connectors.plan.build import build
from connectors.plan.errors import Fault, PlanError
from connectors.plan.matrix import read_matrix
from connectors.plan.matrix.find import find_tables
from connectors.plan.model import Plan
from connectors.plan.paste_tables import Pasted, read_tables
from connectors.plan.quantity import NotAQuantity, Quantity, quantity
from connectors.plan.when import NotAWindow, window
from connectors.plan.workbook.grid import Grid
from connectors.plan.workbook.words import code

WORDS = {
    "name": ("名称", "事项", "项目", "内容", "工作内容", "工作事项", "目标名称", "任务", "任务名称", "工作任务", "重点工作", "活动", "name", "item", "task", "what"),
    "metric": ("指标", "指标名称", "考核指标", "关键指标", "kpi", "metric"),
    "target": ("目标", "目标值", "指标值", "目标数", "计划", "计划值", "计划数", "任务量", "数量", "target", "goal"),
    "budget": ("预算", "预算金额", "费用", "费用预算", "投入", "金额", "budget", "cost"),
    "owner": ("负责人", "责任人", "执行人", "跟进人", "负责", "责任部门", "负责部门", "owner"),
    "due": ("完成时间", "截止时间", "截止日期", "完成日期", "时间节点", "时间", "时限", "日期", "due", "deadline", "date"),
    "unit": ("单位", "unit"), "base": ("基数", "去年同期", "上年", "去年", "上期", "base", "last year"), "shop": ("店铺", "shop"), "period": ("周期", "频率", "period"),
    "group": ("类别", "分类", "板块", "模块", "维度", "部门", "类型", "category"), "refs": ("序号", "编号", "no", "no.", "#", "id"),
    "note": ("备注", "说明", "措施", "具体措施", "要求", "note", "notes", "remarks"), "evidence": ("凭证", "链接", "附件", "link"), "channel": ("渠道", "推广渠道", "费用项目", "channel"),
}  # fmt: skip
HEADS = {normal(word): name for name, words in WORDS.items() for word in words}
TITLE = ("name", "metric", "channel", "group")
COUNTED = ("次", "场", "篇", "条", "个", "家", "场次", "期", "项", "款", "份")
_CHANGE = re.compile(r"(?:同比|环比)?(?P<way>增长|提升|提高|上升|增加|下降|降低|减少|缩减)\s*(?P<much>.+)")
_UNIT = re.compile(r"(?P<word>.*?)\s*[(（\[【/]\s*(?P<unit>[^)）\]】]+?)\s*[)）\]】]?")


def read_paste(
    text: str, *, id: str = "pasted", title: str = "", start: date | None = None, end: date | None = None, shop: str = "", aliases: Iterable[Alias] = (),  # noqa: A002
    year: int | None = None, unit: str = "", kind: str = "",
) -> Plan:  # fmt: skip
    """A draft plan of a pasted table; plan.text is what was pasted. start and end are the plan's own days: a year is never read from its text.

    A month table is read as one (year, unit and kind answer what it does not say). Raises PlanError when nothing was pasted, or for
    what a month table leaves open.
    """
    pasted = read_tables(text)
    if not pasted.rows and not pasted.lines:
        raise PlanError(
            "paste", [Fault("paste", "nothing was pasted. Copy the table with its header row and paste it here.")]
        )
    if find_tables(_grid(pasted.rows)):
        whole = _grid([*([each] for each in pasted.lines), *pasted.rows])
        first = year or (start.year if start else None)
        found = read_matrix([whole], year=first, unit=unit, kind=kind, name="paste", id=id, aliases=aliases)
        return replace(found, text=pasted.text, shop=shop, title=title or found.title)
    head, columns = _header(pasted.rows)
    plan = {
        "id": id,
        "title": title or (pasted.lines[0] if pasted.lines else ""),
        "kind": "other",
        "shop": shop,
        "text": pasted.text,
        "start": start,
        "end": end,
    }
    nodes = _nodes(pasted, head, columns, start, tuple(aliases))
    return build({"plan": {name: value for name, value in plan.items() if value}, "node": nodes}, "paste")


def _grid(rows: Sequence[list[str]]) -> Grid:
    return Grid("paste", [list(row) for row in rows], [list(row) for row in rows])


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[int, tuple[str, str]]]:
    """The row with the most known words: its place and, by column, what it is and its unit; -1 when no row has two."""
    best: tuple[int, dict[int, tuple[str, str]]] = (-1, {})
    for line, row in enumerate(rows[:20]):
        found: dict[int, tuple[str, str]] = {}
        for place, cell in enumerate(row):
            parts = _UNIT.fullmatch(cell.replace("\n", ""))
            word, unit = (parts["word"], parts["unit"]) if parts else (cell, "")
            name = HEADS.get(normal(cell)) or HEADS.get(normal(word))
            if name and name not in {each for each, _ in found.values()}:
                found[place] = (name, unit if HEADS.get(normal(cell)) is None or parts else "")
        if len(found) > max(1, len(best[1])):
            best = (line, found)
    return best


def _nodes(
    pasted: Pasted, head: int, columns: Mapping[int, tuple[str, str]], start: date | None, aliases: Sequence[Alias]
) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = [_note(f"t{n}", line, "") for n, line in enumerate(pasted.lines, 1)]
    group = ""
    for line, row in enumerate(pasted.rows):
        if line == head:
            continue
        key, whole = f"n{line - head if line > head else line + 1}", " | ".join(filter(None, row))
        if line < head or head < 0:
            nodes.append(_note(f"h{line + 1}", whole, ""))
            continue
        cells = {name: row[place].strip() for place, (name, _) in columns.items() if place < len(row)}
        units = {name: unit for name, unit in columns.values() if unit}
        group = cells.get("group", "") or group
        try:
            made = _row(key, cells, units, group, start, aliases)
        except NotAQuantity as error:
            made = [_note(key, whole, str(error))]
        heads = dict(enumerate(pasted.rows[head]))
        extra = [
            f"{heads.get(at, '')}: {cell}".lstrip(": ") for at, cell in enumerate(row) if cell and at not in columns
        ]
        if extra:
            made[0]["note"] = "; ".join(filter(None, [made[0].get("note", ""), *extra]))
        made[0]["text"] = whole
        nodes += made
    return nodes


def _note(key: str, text: str, why: str) -> dict[str, Any]:
    return {
        "id": key,
        "kind": "note",
        "name": text.replace("\n", " ")[:60],
        "text": text,
        **({"note": why} if why else {}),
    }


def _row(
    key: str,
    cells: Mapping[str, str],
    units: Mapping[str, str],
    group: str,
    start: date | None,
    aliases: Sequence[Alias],
) -> list[dict[str, Any]]:
    """The row's node, and one more for a budget beside a target. Raises NotAQuantity for a number that is none."""
    title = next((cells[name] for name in TITLE if cells.get(name)), "")
    said = {name: cells.get(name, "") for name in ("owner", "shop", "note", "refs", "evidence")}
    dims = {"part": group} if group and group != title else {}
    common: dict[str, Any] = {
        "name": title,
        **said,
        "dims": dims,
        **_due(cells.get("due", ""), start),
        **_period(cells.get("period", "")),
    }
    if cells.get("due") and "due" not in common:
        common["note"] = "; ".join(filter(None, [common["note"], cells["due"]]))
    target, budget = cells.get("target", ""), cells.get("budget", "")
    if any(word in title for word in ("刷单", "补单", "brush")):
        return [
            _clean(
                {
                    **common,
                    "id": key,
                    "kind": "exclude",
                    "note": "; ".join(filter(None, [common["note"], target, budget])),
                }
            )
        ]
    money = _budget(key, cells, units, common, aliases) if budget else None
    if money and not target:
        return [money]
    made = [_clean({**common, "id": key, **_target(title, cells, units)})]
    return [*made, {**money, "id": f"{key}-budget", "parent": key, "name": f"{title} 预算"}] if money else made


def _clean(node: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value not in ("", {}, [])}


def _target(title: str, cells: Mapping[str, str], units: Mapping[str, str]) -> dict[str, Any]:
    """Kind, metric and number of a row with a target, or of one with a day only."""
    text = cells.get("target", "")
    word = metric_of(cells.get("metric", "")) or metric_of(title)
    metric = {"metric": word.id, "source": "metric"} if word else {}
    if not text:
        return (
            {"kind": "milestone", "source": "activity"}
            if cells.get("due")
            else {"kind": "note"}
            if not cells.get("metric")
            else {"kind": "direction", **metric}
        )
    if change := _CHANGE.fullmatch(text):
        down = change["way"] in ("下降", "降低", "减少", "缩减")
        way, sign = ("at_most", "-") if down else ("at_least", "")
        plain = re.sub("(?:及)?以上|以下|以内|[≥≤]", "", change["much"]).strip()
        much = quantity(sign + _with_unit(plain, units.get("target", "") or cells.get("unit", "")).text)
        return {"kind": "growth", **metric, "target": much.text, "direction": way, "base": _base(cells, units)}
    found = _with_unit(text, units.get("target", "") or cells.get("unit", ""))
    kind = word.kind if word else "ratio" if found.unit == "%" else "count" if found.unit in COUNTED else "flow"
    if kind in ("flow", "ratio") and found.low != found.high:
        kind = "band"
    total = {"total": word.total} if word and kind in ("flow", "ratio") else {"total": "sum"} if kind == "flow" else {}
    source = {} if metric else {"source": "activity" if kind == "count" else "typed"}
    return {
        "kind": kind,
        **metric,
        **total,
        **source,
        "target": found.text,
        "unit": cells.get("unit", "") if not found.unit else "",
        "base": _base(cells, units),
    }


def _base(cells: Mapping[str, str], units: Mapping[str, str]) -> str:
    return _with_unit(cells["base"], units.get("base", "") or cells.get("unit", "")).text if cells.get("base") else ""


def _budget(
    key: str, cells: Mapping[str, str], units: Mapping[str, str], common: Mapping[str, Any], aliases: Sequence[Alias]
) -> dict[str, Any]:
    found = _with_unit(
        cells["budget"], units.get("budget", "") or ("" if cells.get("target") else cells.get("unit", ""))
    )
    name = resolve(cells.get("channel", "") or str(common["name"]), aliases)
    tool = tool_of(name.name) if name.name else None
    about = {"metric": tool.metric, "scope": dict(tool.scope), "name": tool.name} if tool else {}
    asked = "; ".join(
        filter(None, [str(common["note"]), f"{' / '.join(name.candidates)}?" if name.is_ambiguous else ""])
    )
    return _clean({**common, **about, "id": key, "kind": "budget", "target": found.text, "direction": "at_most", "total": "sum", "note": asked,
                   "source": "metric" if tool and tool.metric else "cost"})  # fmt: skip


def _with_unit(text: str, unit: str) -> Quantity:
    """The quantity; a bare number takes the unit of its header or row: 3 under 万元 is 3万元. Raises NotAQuantity."""
    found = quantity(text.replace("\n", ""))
    if unit and not found.is_blank and re.fullmatch(r"[+-]?[\d,.]+(\s*[-~～至]\s*[\d,.]+)?", text):
        return quantity(f"{text}{unit}")
    return found


def _due(text: str, start: date | None) -> dict[str, str]:
    """A due date that can be read; 3月底前 is due like 3月底."""
    plain = re.sub(r"(?:之)?前$|完成$", "", text.strip())
    if not plain:
        return {}
    for each in (plain, plain.replace(".", "-"), plain.replace("/", "-")):
        try:
            window(each, start.year if start else None)
            return {"due": each}
        except NotAWindow:
            continue
    return _period(text)


def _period(text: str) -> dict[str, str]:
    word = code("period", text) if text else None
    return {"period": word} if word else {}
