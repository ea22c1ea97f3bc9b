"""A plan with its actuals as one page to print, A4 upright: a whole HTML document that needs nothing from outside."""

from __future__ import annotations

from datetime import date
from html import escape
from pathlib import Path

import pandas as pd

from dashboard import panels_plan_board, plan_words, plans
from dashboard.format import DASH, fmt, is_missing, pct, range_label
from dashboard.labels import lang, t, zone_label
from dashboard.panels_plan import ZONE, local_time
from dashboard.panels_typed import shop_names
from dashboard.plans import Standing
from queries.plan.nodes import Node
from queries.plan.progress import Progress

_CSS = Path(__file__).with_name("plan_print.css")


def document(found: Standing) -> str:
    """The document; every text of the plan escaped, no script, nothing loaded."""
    facts = about(found)
    title = next(iter(facts.values()))
    head = "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in list(facts.items())[1:] if said)
    counts = _counts(found)
    body = (
        f"<h1>{escape(title)}</h1><dl>{head}</dl><p>{escape(counts)}</p>{_purses(found)}{_tree(found)}{_board(found)}"
    )
    return (
        f'<!DOCTYPE html><html lang="{"zh-CN" if lang() == "zh" else "en"}"><head><meta charset="utf-8">'
        f"<title>{escape(title)} {found.day}</title><style>{_CSS.read_text(encoding='utf-8')}</style></head><body>{body}</body></html>"
    )


def about(found: Standing) -> dict[str, str]:
    """Which plan and version this is, as of which day, by label; the title first."""
    listed = plans.plans(found.day)
    row = next((row for row in listed.to_dict("records") if row["plan"] == found.plan), {"plan": found.plan})

    def said(name: str) -> str:
        value = row.get(name)
        return "" if value is None or is_missing(value) else str(value)

    shop = said("shop")
    period = ""
    if said("day") and said("day_to"):
        period = range_label(
            pd.Timestamp(row["day"]).date(), pd.Timestamp(row["day_to"]).date(), lang(), found.day.year
        )
    version = (
        f"{int(row['versions'])} · {local_time(said('version'))} ({zone_label(ZONE)})"
        if said("versions") and said("version")
        else ""
    )
    ages = [p.as_of for p in found.progress.values() if p.as_of is not None and not is_missing(p.as_of)]
    return {
        t("plan_here.about_title"): said("title") or found.plan,
        t("plan.day"): found.day.isoformat(),
        t("plan.about_period"): period,
        t("plan_here.about_version"): version,
        t("plan_here.about_author"): said("author"),
        t("plan.col_owner"): said("owner"),
        t("plan_here.about_state"): t(f"plan.state_{said('state') or 'draft'}"),
        t("plan_here.about_shop"): shop_names().get(shop, shop) or t("filter.all_shops"),
        t("plan_here.about_as_of"): f"{min(ages):%Y-%m-%d %H:%M}" if ages else t("plan.as_of_none"),
        t("plan_here.about_id"): found.plan,
    }


def _counts(found: Standing) -> str:
    counts = dict.fromkeys(plan_words.GROUPS, 0)
    for p in found.progress.values():
        counts[plan_words.group(p)] += 1
    said = [t("plan.group_all", n=len(found.nodes)), *(t(f"plan.group_{name}", n=n) for name, n in counts.items() if n)]
    return " · ".join(said)


def _purses(found: Standing) -> str:
    """Budgets that run on the day: used, a mark where today should be, where they land."""
    bars = [_purse(node, found.progress[node.id], found.day) for node, _ in found.nodes]
    made = "".join(bars)
    return f"<h2>{escape(t('plan.purse'))}</h2>{made}" if made else ""


def _purse(node: Node, p: Progress, day: date) -> str:
    runs = node.first is not None and node.last is not None and node.first <= day <= node.last
    if node.kind != "budget" or not runs or not p.target or p.actual is None or p.expected is None:
        return ""
    known = [float(value) for value in (p.target, p.actual, p.mid) if value is not None]

    def at(value: object) -> str:
        return f"{min(max(float(value) / max(known), 0.0), 1.0) * 100:.2f}%"  # type: ignore[arg-type]

    pale = f'<u style="width:{at(p.mid)}"></u>' if p.mid is not None else ""
    over = ' class="over"' if p.actual > p.target else ""
    said = [t("plan.purse_used", amount=plans.words(node, p.actual)), t("plan.purse_target", amount=plans.words(node, p.target)),
            t("plan.purse_today", amount=plans.words(node, p.expected))]  # fmt: skip
    if p.mid is not None:
        said.append(t("plan.purse_landing", amount=plans.words(node, p.mid)))
    return (
        f'<div class="purse"><p><b>{escape(plan_words.name_of(node))}</b> {escape(plan_words.status_word(node, p))}</p>'
        f'<div class="bar">{pale}<b{over} style="width:{at(p.actual)}"></b><i class="due" style="left:{at(p.expected)}"></i>'
        f'<i style="left:{at(p.target)}"></i></div><p>{escape(" · ".join(said))}</p></div>'
    )


_TREE = ("name", "status", "target", "actual", "expected", "rate", "landing", "per_day", "due", "owner")
_RIGHT = ("target", "actual", "expected", "rate", "landing", "per_day", "due")


def _tree(found: Standing) -> str:
    heads = "".join(f"<th{_side(name)}>{escape(t(f'plan.col_{name}'))}</th>" for name in _TREE)
    rows = "".join(_row(found, node, depth) for node, depth in found.nodes)
    return f"<h2>{escape(t('plan.tree'))}</h2><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _side(name: str) -> str:
    return ' class="n"' if name in _RIGHT else ""


def _row(found: Standing, node: Node, depth: int) -> str:
    p = found.progress[node.id]
    blank = node.target is None and node.low is None and node.high is None
    landing = escape(plans.words(node, p.mid)) if p.details.get("landing") != "over" else DASH
    if p.low is not None and p.high is not None and p.details.get("landing") != "over":
        landing += f"<small>{escape(plans.words(node, p.low))} – {escape(plans.words(node, p.high))}</small>"
    runs = (
        p.per_day is not None
        and p.days_left
        and p.actual is not None
        and p.status not in ("done", "missed", "not_started")
    )
    cells = {
        "target": escape(DASH if blank else _typed(node)), "actual": escape(plans.words(node, p.actual)),
        "expected": escape(DASH if p.status == "not_started" else plans.words(node, p.expected)), "rate": escape(pct(float(p.rate), signed=False) if p.rate is not None else DASH),
        "landing": landing, "per_day": escape(plans.words(node, p.per_day) if runs else DASH),
        "due": escape(plan_words.due_words(node, p, found.day)), "owner": escape(node.owner or DASH),
    }  # fmt: skip
    body = "".join(f"<td{_side(name)}>{said}</td>" for name, said in cells.items())
    top = ' class="top"' if not depth and found.below(node.id) else ""
    return f'<tr{top}><td style="padding-left:{1 + 3 * min(depth, 8)}mm">{escape(plan_words.name_of(node))}</td>{_word(p, plan_words.status_word(node, p))}{body}</tr>'


def _typed(node: Node) -> str:
    """The target as its author typed it; a bare number with its thousands apart."""
    said = plans.target_words(node)
    return f"{int(said):,}" if said.isascii() and said.isdigit() else said


def _word(p: Progress, said: str) -> str:
    return f'<td class="w"><i class="{plan_words.group(p)}">{escape(said)}</i></td>'


def _board(found: Standing) -> str:
    """Milestones, counts and quotas on a page of their own, what is late first."""
    rows = ""
    for column, listed in panels_plan_board.duties(found).items():
        for duty in listed:
            p = found.progress[duty.node.id]
            done = p.details.get("done_on") if not duty.number else None
            name = plan_words.name_of(duty.node) + (f" {t('plan.board_window', n=duty.number)}" if duty.number else "")
            tone = "bad" if column == "late" else "good" if column == "done" else ""
            rows += (
                f'<tr><td class="w"><i class="{tone}">{escape(t(f"plan.board_{column}"))}</i></td><td>{escape(name)}</td>'
                f'<td class="n">{duty.last.isoformat() if duty.last else DASH}</td><td class="n">{done if done else DASH}</td>'
                f'<td class="n">{escape(_kept(p))}</td><td>{escape(duty.node.owner or DASH)}</td></tr>'
            )
    if not rows:
        return ""
    names = [
        t("plan.col_status"),
        t("plan.col_name"),
        t("plan.col_due"),
        t("plan_here.col_done_on"),
        t("plan.col_actual"),
        t("plan.col_owner"),
    ]
    heads = "".join(f"<th{_side('due' if 2 <= n <= 4 else '')}>{escape(said)}</th>" for n, said in enumerate(names))
    return f'<h2 class="page">{escape(t("plan.board"))}</h2><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _kept(p: Progress) -> str:
    """How much of it is done: 36/38 kept; a dash where that says nothing."""
    kept, of = p.details.get("kept"), p.details.get("periods")
    if kept is not None and of is not None:
        return t("plan.board_kept", kept=fmt(kept, "count"), all=fmt(of, "count"))
    done, whole = p.details.get("units_done", p.details.get("passed")), p.details.get("units_all")
    return f"{fmt(done, 'count')} / {fmt(whole, 'count')}" if whole and done is not None else DASH
