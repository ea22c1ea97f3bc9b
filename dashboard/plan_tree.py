"""The tree of a plan as HTML: a table on a desk, cards on a phone (the same elements, laid out by parts.css)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from dashboard import plan_words, plans
from dashboard.format import DASH, exact, fmt, pct
from dashboard.labels import t
from dashboard.plans import Standing
from queries.plan.nodes import Node
from queries.plan.progress import Progress

EACH = ("hour", "day", "week", "month", "quarter", "year", "session")
MOST = 400  # lines sent to the browser at once
COLUMNS = ("status", "target", "actual", "expected", "rate", "landing", "per_day", "due", "owner")


def html(found: Standing, shown: str, levels: int) -> tuple[str, int]:
    """The table, and how many lines it was cut to (0: all are there). shown: all or one of plan_words.GROUPS."""
    if shown == "all":
        body, sent = _branches(found, levels)
    else:
        chosen = [node for node, _ in found.nodes if plan_words.group(found.progress[node.id]) == shown]
        sent = min(len(chosen), MOST)
        body = "".join(_row(found, node, 0, "leaf", _above(found, node)) for node in chosen[:MOST])
        return _table(body), MOST if len(chosen) > MOST else 0
    return _table(body), sent if sent < len(found.nodes) else 0


def _table(body: str) -> str:
    heads = "".join(
        f'<span class="c-{name}" title="{escape(t(f"plan.tip_{name}"))}">{escape(t(f"plan.col_{name}"))}</span>'
        for name in COLUMNS
    )
    head = f'<div class="row head"><span class="l">{escape(t("plan.col_name"))}</span>{heads}</div>'
    return f'<div class="db-scroll db-planbox"><div class="db-plan">{head}{body}</div></div>'


def _branches(found: Standing, levels: int) -> tuple[str, int]:
    """Nested rows, branches above `levels` open; and how many lines were written."""
    fits = len(found.nodes) <= MOST  # else what is deeper than asked for is not sent at all
    kept = [(node, depth) for node, depth in found.nodes if fits or depth < levels][:MOST]
    below: dict[str, list[Node]] = {}
    for node, _ in kept:
        below.setdefault(node.parent, []).append(node)

    def branch(node: Node, depth: int) -> str:
        under = below.get(node.id)
        if not under:
            return _row(found, node, depth, "leaf")
        inner = "".join(branch(child, depth + 1) for child in under)
        opened = " open" if depth + 1 < levels else ""
        return f"<details{opened}><summary>{_row(found, node, depth, 'top')}</summary>{inner}</details>"

    return "".join(branch(node, 0) for node in below.get("", [])), len(kept)


def _above(found: Standing, node: Node) -> str:
    """The name of the line above, for a row that stands by itself."""
    above = found.node(node.parent) if node.parent else None
    return plan_words.name_of(above) if above else ""


def _row(found: Standing, node: Node, depth: int, kind: str, above: str = "") -> str:
    p = found.progress[node.id]
    name = f'<span class="l" style="--d:{depth}">{plan_words.link(found.plan, node.id, plan_words.name_of(node))}{_small(above)}</span>'
    cells = {
        "status": plan_words.chip(node, p),
        "target": _target(node),
        "actual": _actual(node, p),
        "expected": _figure(node, None if p.status == "not_started" else p.expected, ""),
        "rate": _rate(p),
        "landing": _landing(node, p),
        "per_day": _text(*_per_day(node, p)),
        "due": _text(plan_words.due_words(node, p, found.day)),
        "owner": _text(node.owner or DASH),
    }
    body = "".join(
        f'<span class="c-{column}{" none" if f">{DASH}<" in cell and "<small" not in cell else ""}" data-label="{escape(t(f"plan.col_{column}"))}">{cell}</span>'
        for column, cell in cells.items()
    )
    quiet = " quiet" if p.status == "not_judged" else ""
    return f'<div class="row {kind}{quiet}">{name}{body}</div>'


def _target(node: Node) -> str:
    """The typed words, and for a quota or a band how often: each week, for 2 people."""
    if plans.is_blank(node):
        return _text(DASH, t("plan.why_blank"))
    often = [t(f"plan.each_{node.period}")] if node.kind in ("quota", "band") and node.period in EACH else []
    people = [t("plan.each_of", n=len(node.words("per")))] if node.words("per") else []
    return _text(plans.target_words(node)) + _small(" · ".join([*often, *people]))


def _actual(node: Node, p: Progress) -> str:
    """The figure, and in small what stands beside it: periods kept, cases cleared, the sum of days of people."""
    if node.kind == "milestone" and node.period != "session" and not node.text("target"):
        done = p.details.get("done_on")
        return _text(plan_words.day_words(done) if done else DASH, plan_words.tip(node, p))
    d, small = p.details, ""
    if "kept" in d and "periods" in d:
        small = t("plan.board_kept", kept=fmt(d["kept"], "count"), all=fmt(d["periods"], "count"))
    elif "to_clear" in d:
        small = t("plan.cleared_of", cleared=fmt(d["cleared"], "count"), all=fmt(d["to_clear"], "count"))
    elif "sum_of_days" in d:
        small = f"{t('common.daily_sum')} {plans.words(node, d['sum_of_days'])}"
    if node.kind == "backlog" and p.actual is not None:
        return _text(t("plan.left_amount", amount=plans.words(node, p.actual))) + _small(small)
    return _figure(node, p.actual, plan_words.why(p) or t("plan.why_none")) + _small(small)


def _small(said: str) -> str:
    return f'<small title="{escape(said)}">{escape(said)}</small>' if said else ""


def _text(words: str, hover: str = "") -> str:
    return f'<b title="{escape(hover or words)}">{escape(words)}</b>'


def _figure(node: Node, value: object, missing: str) -> str:
    if value is None:
        return _text(DASH, missing)
    unit, currency = plans.unit_of(node)
    return _text(plans.words(node, value), exact(value, unit, currency))  # type: ignore[arg-type]


def _rate(p: Progress) -> str:
    """Actual over target as a bar with a tick where today should be."""
    if p.rate is None or p.expected is None:
        return _text(fmt(p.rate, "rate") if p.rate is not None and p.mid is not None else DASH)
    share = min(max(float(p.rate), 0.0), 1.0) * 100
    due = min(max(float(p.expected / p.target), 0.0), 1.0) * 100 if p.target else 0.0
    bar = f'<i class="rail"><u style="width:{share:.1f}%"></u><s style="left:{due:.1f}%"></s></i>'
    return _text(pct(float(p.rate), signed=False), t("plan.rate_hover", due=f"{due:.1f}%")) + bar


def _landing(node: Node, p: Progress) -> str:
    if p.mid is None or p.details.get("landing") == "over":
        return _text(DASH)
    small = ""
    if p.low is not None and p.high is not None:
        small = f"<small>{escape(plans.words(node, p.low))} – {escape(plans.words(node, p.high))}</small>"
    return _text(plans.words(node, p.mid)) + small


def _per_day(node: Node, p: Progress) -> tuple[str, str]:
    if p.per_day is None or p.actual is None or not p.days_left or p.status in ("done", "missed"):
        return DASH, ""
    if p.needed is not None and p.needed < 0:
        return DASH, t("plan.next_over", amount=plans.words(node, -p.needed))
    return plans.words(node, p.per_day), t("plan.days_left", n=p.days_left)


def frame(found: Standing) -> pd.DataFrame:
    """Every line once, exact numbers, under the page's headings: what the export holds."""
    rows = [_record(found, node, depth) for node, depth in found.nodes]
    return pd.DataFrame(rows)


def _record(found: Standing, node: Node, depth: int) -> dict[str, object]:
    p = found.progress[node.id]
    named: Sequence[tuple[str, object]] = (
        ("name", plan_words.name_of(node)), ("level", depth + 1), ("kind", t(f"plan.kind_{node.kind}")),
        ("status", plan_words.status_word(node, p)), ("target", plans.target_words(node)), ("actual", p.actual),
        ("expected", p.expected), ("rate", p.rate), ("landing", p.mid), ("landing_low", p.low), ("landing_high", p.high),
        ("per_day", None if p.actual is None else p.per_day), ("due", plan_words.due_day(node, p)), ("owner", node.owner), ("why", plan_words.why(p)),
    )  # fmt: skip
    return {t(f"plan.col_{name}"): value for name, value in named}
