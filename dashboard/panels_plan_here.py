"""Plan beside actual on the other pages: the lines of issued plans that cover what the page shows.

Asked after everything else of a page, kept per generation; which lines cover a view is decided in queries/plan/covering.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html import escape
from itertools import groupby
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from dashboard import data, panels, parts, plan_words, plans
from dashboard.format import DASH, exact, range_label
from dashboard.labels import LANGS, lang, t
from dashboard.panels_cards import SHOWN
from dashboard.panels_typed import shop_names
from dashboard.periods import View
from dashboard.plans import Standing
from queries.plan.covering import WIDER, Cover, asked, covering
from queries.plan.evaluate import evaluate
from queries.plan.nodes import Node, read_nodes
from queries.plan.progress import Progress

MOST = 6  # lines beside a page's figures; the rest are counted
DRAWN = {"overview": SHOWN, "ads": ("spend",)}  # month targets of shops that cards and the budget chart hold already
_CSS = Path(__file__).with_name("plan_here.css")


def show(page: str, shown: View) -> None:
    """The covering lines as small bars with a mark where today should be; one quiet line where there is none."""
    if page == "overview":  # the other pages have it already
        parts.style()
    st.html(_CSS)
    day = as_of(shown)
    title, html = data.kept(
        "plan/here", lambda: _html(page, shown, day), page, shown.day_from, shown.day_to, shown.shops, day, lang()
    )
    if title:
        panels.section(t("plan_here.title"), title, t("plan_here.title_tip"))
    st.html(_in_language(html))


def _in_language(html: str) -> str:
    """Links to the plan page keep the language that this page's own link names."""
    chosen = st.query_params.get("lang")
    if chosen not in LANGS:
        return html
    return html.replace('href="plan?', f'href="plan?lang={chosen}&amp;').replace(
        'href="plan"', f'href="plan?lang={chosen}"'
    )


def as_of(shown: View) -> date:
    """The last whole day that the view holds: plans are judged on whole days."""
    return min(shown.day_to, data.yesterday(shown.shops))


def covers(page: str, shown: View) -> list[Cover]:
    """Lines that cover the page's view, in the order of the matching rule."""
    rows = data.ask("plan/covering", **asked(page, shown.day_from, shown.day_to))
    return covering(rows, data.shops(), shown.shops, shown.day_to.replace(day=1), DRAWN.get(page, ()))


def _html(page: str, shown: View, day: date) -> tuple[str, str]:
    """The remark beside the heading, '' without any line; and the lines."""
    found = covers(page, shown)
    if not found:
        return (
            "",
            f'<div class="db-asof db-noplan">{escape(t("plan_here.none"))} {_page_link(t("plan_here.make"))}</div>',
        )
    standings = {plan: standing(plan, [c.node for c in mine], day) for plan, mine in _by_plan(found[:MOST])}
    several = len({c.plan for c in found}) > 1
    first = sorted(
        found[:MOST], key=lambda c: standings[c.plan].progress[c.node].actual is None
    )  # blank ones stand last
    cards = "".join(_card(c, standings[c.plan], day, several=several) for c in first)
    more = f'<div class="db-asof">{escape(t("plan_here.more", n=len(found) - MOST))} {_page_link(t("plan_here.open"), found[0].plan)}</div>' if len(found) > MOST else ""  # fmt: skip
    return t("plan_here.note", day=plan_words.day_words(day)), f'<div class="db-here">{cards}</div>{more}'


def _by_plan(found: Sequence[Cover]) -> list[tuple[str, list[Cover]]]:
    ordered = sorted(found, key=lambda c: c.plan)
    return [(plan, list(mine)) for plan, mine in groupby(ordered, key=lambda c: c.plan)]


def standing(plan: str, names: Sequence[str], day: date) -> Standing:
    """These lines of the plan alone, worked out at the end of `day`."""

    def make() -> Standing:
        nodes = read_nodes(data.ask("plan/nodes", plan=plan))
        judged = evaluate(nodes, data.reader(), day, only=names)
        return Standing(plan, day, tuple((node, 0) for node in nodes if node.id in judged), judged)

    return data.kept("plan/here_standing", make, plan, tuple(names), day)


def _card(cover: Cover, found: Standing, day: date, *, several: bool) -> str:
    node, p = found.node(cover.node), found.progress[cover.node]
    assert node is not None
    head = f"{plan_words.chip(node, p)}{_link(cover, node, day)}"
    small = [
        said for said in (_period(node, day), _who(node, cover), cover.title if several else "", node.owner) if said
    ]
    return (
        f'<div class="one"><p class="h">{head}</p>{_figures(node, p)}{bar(p)}'
        f'<p class="f">{_facts(node, p, found, day)}</p><p class="q">{escape(" · ".join(small))}</p></div>'
    )


def _link(cover: Cover, node: Node, day: date) -> str:
    query = {"plan": cover.plan, "node": node.id} | ({} if day == data.yesterday() else {"on": day.isoformat()})
    name = plan_words.name_of(node)
    return f'<a href="plan?{escape(urlencode(query))}" target="_self" title="{escape(name)}">{escape(name)}</a>'


def _page_link(said: str, plan: str = "") -> str:
    return f'<a href="plan{"?" + escape(urlencode({"plan": plan})) if plan else ""}" target="_self">{escape(said)}</a>'


def _period(node: Node, day: date) -> str:
    return range_label(node.first, node.last, lang(), day.year) if node.first and node.last else ""


def _who(node: Node, cover: Cover) -> str:
    """Whose target it is, where that is more than the page shows."""
    if cover.fit != WIDER:
        return ""
    platform = node.scope.get("platform", "")
    who = shop_names().get(node.shop, node.shop) if node.shop else platform or t("filter.all_shops")
    return t("plan_here.wider", who=who)


def _figures(node: Node, p: Progress) -> str:
    """Actual of target: the figure large, the target beside it; why there is none where it is missing."""
    unit, currency = plans.unit_of(node)
    actual = DASH if p.actual is None else plans.words(node, p.actual)
    hover = plan_words.why(p) if p.actual is None else exact(p.actual, unit, currency)
    which = _which(node, p)
    small = f"<small>{escape(t(f'plan_here.of_{which}'))}</small>" if which and p.actual is not None else ""
    return f'<p class="v">{small}<b title="{escape(hover)}">{escape(actual)}</b><span>{escape(_target(node, p))}</span></p>'


def _which(node: Node, p: Progress) -> str:
    """Which of several periods or sessions the figure is: mean, the last whole week or month, the last session."""
    if "mean" in p.details:
        return "mean" if node.text("judged") != "each" else f"last_{'week' if node.period == 'week' else 'period'}"
    if "sessions_list" in p.details and node.metric:
        return "mean" if node.metric == "live_hours" else "last_session"
    return ""


def _target(node: Node, p: Progress) -> str:
    if node.text("hours"):
        return t("plan_here.hours", hours=node.text("hours"))
    low, high = limits(p)
    if low is not None or high is not None:
        if low is not None and high is not None:
            return t("plan_here.band", low=plans.words(node, low), high=plans.words(node, high))
        return t(
            "plan_here.least" if high is None else "plan_here.most",
            amount=plans.words(node, low if high is None else high),
        )
    if p.target is None:
        return t("plan_here.no_target")
    said = (
        plans.counted(node, p.target)
        if node.kind in plan_words.COUNTED and node.kind != "coverage"
        else plans.words(node, p.target)
    )
    return t("plan_here.target", amount=said)


def limits(p: Progress) -> tuple[Decimal | None, Decimal | None]:
    """Least and most of a band, (None, None) of anything else."""
    low, high = p.details.get("band_low"), p.details.get("band_high")
    return low, high


def bar(p: Progress) -> str:
    """The actual as a bar up to the target, with its marks; '' where nothing can be drawn to scale.

    A sum: a mark where today should be, a pale part up to the landing. A band: marks at least and most, the part between
    them shaded. Anything else: a mark at the target.
    """
    low, high = limits(p)
    marks = [(low, "end"), (high, "end")] if low is not None or high is not None else [(p.expected, "due")] if p.expected is not None else [(p.target, "end")]  # fmt: skip
    known = [float(v) for v in (p.actual, p.target, p.mid, low, high) if v is not None and v > 0]
    if not known or p.actual is None:
        return ""
    top = max(known) * (
        1.0 if p.target is not None and max(known) == float(p.target) and p.expected is not None else 1.12
    )

    def at(value: Decimal | None) -> float:
        return min(max(float(value or 0) / top, 0.0), 1.0) * 100

    zone = f'<s style="left:{at(low):.1f}%;width:{(at(high) if high is not None else 100) - at(low):.1f}%"></s>' if low is not None or high is not None else ""  # fmt: skip
    pale = f'<u style="width:{at(p.mid):.1f}%"></u>' if p.mid is not None else ""
    if p.expected is not None and p.target is not None and float(p.target) < top:
        marks.append((p.target, "end"))
    lines = "".join(
        f'<i class="{kind}" style="left:{at(value):.1f}%"></i>' for value, kind in marks if value is not None
    )
    tone = plan_words.group(p)
    return f'<div class="bar {tone}">{zone}{pale}<b style="width:{at(p.actual):.1f}%"></b>{lines}</div>'


def _facts(node: Node, p: Progress, found: Standing, day: date) -> str:
    """Where today should be, what each day needs, where it lands, how many periods kept it; each once."""
    said: list[str] = []
    if p.expected is not None and p.status != "not_started":
        name = "due" if day == data.yesterday() else "due_then"
        words = t(f"plan_here.{name}", amount=plans.words(node, p.expected), day=plan_words.day_words(day))
        said.append(f'<span class="mark">{escape(words)}</span>')
    kept, of = p.details.get("kept"), p.details.get("periods")
    if kept is not None and of is not None:
        unit = node.period if node.period in ("session", "week", "month") else "other"
        said.append(f"<span>{escape(t(f'plan_here.kept_{unit}', kept=int(kept), all=int(of)))}</span>")
    summed = p.details.get("sum_of_days")
    if summed is not None:
        said.append(f"<span>{escape(t('plan.detail_sum_of_days'))} {escape(plans.words(node, summed))}</span>")
    warned = p.details.get("warnings")
    if warned:
        said.append(f"<span>{escape(t('plan_here.over', names=t('plan.comma').join(map(str, warned))))}</span>")
    step = plan_words.next_step(found, node)
    if step:
        said.append(f"<span>{escape(step)}</span>")
    if p.low is not None and p.high is not None and p.details.get("landing") != "over":
        said.append(
            f"<span>{escape(t('plan_here.landing', low=plans.words(node, p.low), high=plans.words(node, p.high)))}</span>"
        )
    return "".join(said)
