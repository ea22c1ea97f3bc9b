"""One line of a plan opened: its figures, its course, what its kind asks for, why it differs, what comes next."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

import streamlit as st

from dashboard import data, panels, plan_words, plans, submit
from dashboard import panels_plan_parts as parts
from dashboard.format import DASH, fmt, is_missing
from dashboard.labels import all_labels, lang, pick, t
from dashboard.panels_typed import shop_names
from dashboard.parts import label
from dashboard.plan_words import detail, facts, name_of
from dashboard.plans import Standing
from queries import METRICS
from queries.plan.anchors import events
from queries.plan.nodes import Node
from queries.plan.progress import Progress

DRAWN = ("windows", "periods_list", "sessions_list", "landing", "past_midnight")  # drawn below, not among the facts
ROWS = 40


def card(found: Standing) -> None:
    """The chosen line (?node=); nothing when none is chosen."""
    is_other = st.session_state.get("plan_shown", found.plan) != found.plan
    st.session_state["plan_shown"] = found.plan
    chosen = st.query_params.get("node")
    if not chosen:
        return
    node = found.node(chosen)
    if node is None and is_other:  # the line of the plan that was shown before
        st.query_params.pop("node", None)
        return
    if node is None:
        panels.note(t("plan.node_gone", node=chosen))
        return
    p = found.progress[node.id]
    with st.container(key="plan_card", border=True):
        _head(found, node, p)
        draws: tuple[Callable[[], None], ...] = (
            lambda: parts.purse(node, p), lambda: parts.course(found, node, p), lambda: parts.periods(found, node, p),
            lambda: parts.sessions(node, p), lambda: parts.windows(p), lambda: parts.gap(found, node, p),
        )  # fmt: skip
        for draw in draws:
            with panels.guard():
                draw()
        _grounds(found, node)


def _head(found: Standing, node: Node, p: Progress) -> None:
    """Name, word, kind, owner; the big figures; the next step; the small figures of its kind."""
    close = f'<a class="db-go close" href="?plan={escape(found.plan)}" data-node="">{escape(t("plan.close"))}</a>'
    owner = t("plan.head_owner", who=node.owner) if node.owner else t("plan.about_owner_none")
    small = " · ".join((t(f"plan.kind_{node.kind}"), owner, plan_words.due_words(node, p, found.day)))
    head = f'<div class="db-nodehead"><b>{escape(name_of(node))}</b>{plan_words.chip(node, p)}<span>{escape(small)}</span>{close}</div>'
    tiles = "".join(_tile(*each) for each in _figures(node, p))
    step = plan_words.next_step(found, node)
    said = f'<div class="db-next"><b>{escape(t("plan.next_title"))}</b> {escape(step)}</div>' if step else ""
    more = facts(_details(found, node, p))
    box = f'<div class="db-facts">{more}</div>' if more else ""
    st.html(f'{head}<div class="db-cards db-plantiles">{tiles}</div>{said}{box}')


def _tile(name: str, value: str, note: str, tip: str) -> str:
    off = " off" if value == DASH else ""
    return (
        f'<div class="db-card"><div class="k" title="{escape(tip)}"><span>{escape(name)}</span></div>'
        f'<div class="v{off}" title="{escape(tip)}">{escape(value)}</div><div class="n" title="{escape(note)}">{escape(note)}</div></div>'
    )


def _figures(node: Node, p: Progress) -> list[tuple[str, str, str, str]]:
    """Name, value, small words and tooltip of the big figures; what a kind does not have is left out."""
    blank = plans.is_blank(node) and p.target is None
    target = plans.target_words(node)
    if target == DASH and p.target is not None:
        target = plans.words(node, p.target)
    out = [
        (t("plan.col_target"), DASH if blank else target, t("plan.fig_blank") if blank else "", t("plan.tip_target"))
    ]
    if node.kind == "milestone" and node.period != "session":
        return out if node.text("target") else []
    actual_note = plan_words.why(p) if p.actual is None else _origin(node, p)
    name = t("plan.detail_left") if node.kind == "backlog" else t("plan.col_actual")
    out.append((name, plans.words(node, p.actual), actual_note, t("plan.tip_actual")))
    if p.rate is not None and p.expected is not None:
        out.append((t("plan.col_rate"), fmt(p.rate, "rate"), _left(node, p), t("plan.tip_rate")))
    if p.expected is not None:
        out.append((t("plan.col_expected"), plans.words(node, p.expected), _against(node, p), t("plan.tip_expected")))
    if p.mid is not None:
        out.append((t("plan.col_landing"), plans.words(node, p.mid), _range(node, p), t("plan.tip_landing")))
    if (
        p.per_day is not None
        and p.actual is not None
        and p.days_left
        and p.status not in ("done", "missed")
        and (p.needed or 0) > 0
    ):
        out.append(
            (
                t("plan.col_may_per_day" if plan_words.is_down(node) else "plan.col_per_day"),
                plans.words(node, p.per_day),
                t("plan.days_left", n=p.days_left),
                t("plan.tip_per_day"),
            )
        )
    return out


def _basis(node: Node, stored: str) -> str:
    """On what basis a figure is counted: the metric's own words in the reader's language, else those of the data."""
    return pick(METRICS[node.metric].basis, stored) if node.metric in METRICS else stored


def _origin(node: Node, p: Progress) -> str:
    """Where the actual comes from, on what basis, how old."""
    parts = [
        _source(p.source),
        _basis(node, p.basis) if p.basis else "",
        "" if is_missing(p.as_of) else f"{p.as_of:%m-%d %H:%M}",
    ]
    return " · ".join(part for part in parts if part)


def _source(source: str) -> str:
    """A source by its name: typed, the log, or the reports it was read from."""
    key = f"plan.source_{source}"
    if key in all_labels():
        return t(key)
    files = data.kept(
        "plan/sources", lambda: submit.expected_files().set_index("source")[f"label_{lang()}"].to_dict(), lang()
    )
    names = dict.fromkeys(str(files.get(name, name)) for name in source.split("+") if name)
    return t("plan.comma").join(names)


def _left(node: Node, p: Progress) -> str:
    if p.needed is None:
        return ""
    key = "fig_over" if p.needed < 0 else "fig_may" if plan_words.is_down(node) else "fig_left"
    return t(f"plan.{key}", amount=plans.words(node, abs(p.needed)))


def _against(node: Node, p: Progress) -> str:
    """How far the actual is from what is due by now, and along which curve."""
    basis, _, note = p.curve.partition(":")
    said = t(f"plan.curve_{basis}") + (t("plan.comma") + t(f"plan.curve_note_{note}") if note else "")
    if p.actual is None or p.expected is None:
        return said
    gap = p.actual - p.expected
    return t("plan.fig_ahead" if gap >= 0 else "plan.fig_behind", amount=plans.words(node, abs(gap))) + " · " + said


def _range(node: Node, p: Progress) -> str:
    if p.low is None or p.high is None:
        return t(f"plan.landing_{p.details['landing']}") if "landing" in p.details else ""
    said = t("plan.fig_range", low=plans.words(node, p.low), high=plans.words(node, p.high))
    return said + (" · " + t("plan.fig_share", share=fmt(p.mid / p.target, "rate")) if p.mid and p.target else "")


def _details(found: Standing, node: Node, p: Progress) -> dict[str, str]:
    """The figures of the node's kind by name; lists that are drawn and empty ones are left out."""
    shown = {}
    for key, value in p.details.items():
        if key in DRAWN or value is None or value in ([], "") or (key == "periods" and "kept" in p.details):
            continue
        if key == "kept":
            shown[t("plan.detail_kept")] = f"{value} / {p.details['periods']}"
            continue
        if key == "due_from" and value == p.details.get("due_to"):
            continue
        if key == "sum_of_days_basis":
            value = _basis(node, str(value))
        if key == "waits_for":
            value = [name_of(other) if (other := found.node(str(name))) else name for name in value]
        if key == "landing_without":
            value = [pick(events()[name].label, name) if name in events() else name for name in value]
        name = "units_missed" if key == "units_left" and node.kind == "quota" else key
        shown[t(f"plan.detail_{name}")] = detail(node, key, value)
    if p.details.get("landing") in ("no_range", "not_enough_history"):
        shown[t("plan.detail_landing")] = detail(node, "landing", p.details["landing"])
    past = p.details.get("past_midnight")
    if past:
        shown[t("plan.detail_past_midnight")] = fmt(len(past), "count")
    return shown


def _grounds(found: Standing, node: Node) -> None:
    """Period, scope, formula, note, original wording, evidence, the lines beneath."""
    span = " ~ ".join(each.isoformat() for each in (node.first, node.last) if each)
    scope = [
        shop_names().get(node.shop, node.shop),
        *(platform_word(value) if key == "platform" else value for key, value in node.scope.items()),
        *dict(node.raw.get("dims", {})).values(),
    ]
    pairs = {
        "about_period": span, "about_metric": label(node.metric) if node.metric in METRICS else node.metric,
        "about_scope": " · ".join(str(each) for each in scope if each), "about_formula": _formula(found, node),
        "about_note": node.note, "about_text": node.text("text"), "about_evidence": t("plan.comma").join(node.words("evidence")),
    }  # fmt: skip
    body = "".join(f"<dt>{escape(t(f'plan.{key}'))}</dt><dd>{escape(said)}</dd>" for key, said in pairs.items() if said)
    below = found.below(node.id)
    if below:
        links = t("plan.comma").join(plan_words.link(found.plan, each.id, name_of(each)) for each in below[:ROWS])
        body += f"<dt>{escape(t('plan.parts_below'))}</dt><dd>{links}</dd>"
    st.html(f'<details class="db-grounds" open><summary>{escape(t("plan.about"))}</summary><dl>{body}</dl></details>')


def platform_word(code: str) -> str:
    """A platform's name in the reader's language; what is no platform of ours stays as it was typed."""
    key = f"platform.{code}"
    return t(key) if key in all_labels() else code


def _formula(found: Standing, node: Node) -> str:
    """The formula as typed, its nodes by name, its own numbers beside it: 年度营业收入 * rate（rate 15%）."""

    def named(match: re.Match[str]) -> str:
        other = found.node(match.group(1))
        return name_of(other) if other else match.group(0)

    said = re.sub(r"\{([^}]+)\}", named, node.text("formula"))
    own = t("plan.comma").join(f"{name} {value}" for name, value in dict(node.raw.get("parts", {})).items())
    return t("plan.formula_with", formula=said, own=own) if said and own else said
