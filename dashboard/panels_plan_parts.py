"""What the card of a plan's line draws beneath its figures: budget bar, course, periods, sessions, windows, the gap."""

from __future__ import annotations

from decimal import Decimal
from html import escape

import pandas as pd
import streamlit as st

from dashboard import charts, charts_plan, data, panels, plan_words, plans
from dashboard.axes import Finished
from dashboard.columns import Col
from dashboard.format import DASH, exact, fmt
from dashboard.labels import lang, t
from dashboard.parts import heading_tip, label
from dashboard.plan_words import name_of
from dashboard.plans import Standing
from dashboard.preferences import red_up
from queries import METRICS
from queries.plan.nodes import Node
from queries.plan.progress import Progress

ROWS = 40


def purse(node: Node, p: Progress) -> None:
    """A budget as a bar: used, where it will land, and a mark where today should be."""
    if node.kind != "budget" or p.target is None or not p.target or p.actual is None or p.expected is None:
        return
    heading_tip(t("plan.purse"), "", t("plan.tip_rate"))
    whole = max(p.target, p.actual, p.mid or Decimal(0))

    def place(value: Decimal) -> str:
        return f"{float(value / whole) * 100:.2f}%"

    marks = [("today", "purse_today", p.expected), ("target", "purse_target", p.target)]
    said = [t("plan.purse_used", amount=plans.words(node, p.actual))]
    if p.mid is not None:
        said.append(t("plan.purse_landing", amount=plans.words(node, p.mid)))
    ticks = "".join(
        f'<i class="{kind}" style="left:{place(value)}"></i><span class="{kind}" style="--x:{place(value)}">'
        f"{escape(t(f'plan.{key}', amount=plans.words(node, value)))}</span>"
        for kind, key, value in marks
    )
    ahead = f'<u style="width:{place(p.mid)}"></u>' if p.mid is not None else ""
    over = " over" if p.actual > p.target else ""
    st.html(
        f'<div class="db-purse"><div class="bar">{ahead}<b class="{over.strip()}" style="width:{place(p.actual)}"></b></div>'
        f"{ticks}<p>{escape(' · '.join(said))}</p></div>"
    )


def course(found: Standing, node: Node, p: Progress) -> None:
    """The cumulative line against the plan's, with the range to the landing."""
    if node.kind not in ("flow", "budget", "count") or node.period == "session":
        return
    days = plans.days_of(found, node)
    if days.empty or (days["so_far"].isna().all() and days["expected"].isna().all()):
        return
    unit, currency = plans.unit_of(node)
    basis, _, _ = p.curve.partition(":")
    curve = t(f"plan.curve_{basis}") if basis else ""
    heading_tip(
        t("plan.course"),
        t("plan.course_note", day=plan_words.day_words(found.day), curve=curve),
        t("plan.tip_expected"),
    )
    names = {
        name: t(f"plan.line_{key}")
        for name, key in (("so_far", "actual"), ("expected", "expected"), ("mid", "mid"), ("range", "range"))
    }
    names |= {
        "today": f"{t('plan.line_today')} {plan_words.day_words(found.day)}",
        "target": t("plan.line_target", amount=plans.words(node, p.target)),
    }
    fig = data.kept("plan/course", lambda: Finished(charts_plan.course(
        days, today=found.day, names=names, unit=unit, currency=currency, lang=lang(),
        target=None if p.target is None else float(p.target), is_typed=node.metric not in METRICS,
    )), found.plan, node.id, found.day, lang())  # fmt: skip
    panels.chart(fig, t("plan.course_alt", name=name_of(node)), f"plan_course_{found.plan}_{node.id}")


def periods(found: Standing, node: Node, p: Progress) -> None:
    """A band's periods as bars within it, with their mean."""
    listed = p.details.get("periods_list")
    if not listed:
        return
    heading_tip(t("plan.periods"), t("plan.judged_each") if node.text("judged") == "each" else t("plan.judged_mean"))
    unit, currency = plans.unit_of(node)
    monthly = node.period in ("", "month", "quarter", "half", "year")
    frame = pd.DataFrame(
        [(f"{at:%Y-%m}" if monthly else f"{at:%m-%d}", value, word) for at, value, word in listed[-60:]],
        columns=["label", "value", "word"],
    )
    low, high, mean = (_number(p.details.get(name)) for name in ("band_low", "band_high", "mean"))
    names = {
        "value": t("plan.period_value"), "band": f"{t('plan.band_range')} {plans.target_words(node)}",
        "mean": t("plan.band_mean", amount=plans.words(node, p.details.get("mean"))),
    }  # fmt: skip
    fig = data.kept("plan/band", lambda: Finished(charts_plan.band_bars(
        frame.astype({"value": float}), names=names, unit=unit, currency=currency, lang=lang(), low=low, high=high, mean=mean,
    )), found.plan, node.id, found.day, lang())  # fmt: skip
    panels.chart(fig, t("plan.periods_alt", name=name_of(node)), f"plan_band_{found.plan}_{node.id}")


def sessions(node: Node, p: Progress) -> None:
    """Every live session with its value and word, the newest first."""
    listed = p.details.get("sessions_list")
    if listed is None:
        return
    heading_tip(
        t("plan.sessions"),
        t("plan.board_kept", kept=p.details["kept"], all=p.details["periods"]) if "kept" in p.details else "",
    )
    if not listed:
        panels.note(t("plan.sessions_none"))
        return
    rows = [
        (
            f"{at:%m-%d %H:%M}" if hasattr(at, "hour") else f"{at:%m-%d}",
            plans.words(node, value) if value is not None else "",
            word,
        )
        for at, value, word in reversed(listed)
    ]
    _word_table((t("plan.col_session"), t("plan.col_value"), t("plan.col_verdict")), rows)


def windows(p: Progress) -> None:
    """Each planned window of a count and whether it was used."""
    listed = p.details.get("windows")
    if not listed:
        return
    heading_tip(t("plan.windows"))
    rows = [
        (first.isoformat() if first else DASH, last.isoformat() if last else DASH, word) for first, last, word in listed
    ]
    _word_table((t("plan.col_from"), t("plan.col_to"), t("plan.col_verdict")), rows)


def _word_table(heads: tuple[str, str, str], rows: list[tuple[str, str, str]]) -> None:
    """Three columns, the last a state word."""
    top = "".join(f'<th class="l">{escape(each)}</th>' for each in heads)
    body = "".join(
        f'<tr><td class="l">{escape(a)}</td><td class="l">{escape(b)}</td><td class="l">{plan_words.word_chip(word)}</td></tr>'
        for a, b, word in rows[:ROWS]
    )
    st.html(
        f'<div class="db-scroll"><table class="db-table"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def gap(found: Standing, node: Node, p: Progress) -> None:
    """A sales line's gap in visitors, conversion and value per buyer; what to add when the plan has no factors."""
    if node.metric != "sales" or node.kind != "flow" or p.expected is None or p.actual is None:
        return
    gap = plans.gap_of(found, node)
    if not gap.effects:
        heading_tip(t("plan.gap"))
        panels.note(t(f"plan.gap_{gap.why}"))
        return
    rows = [
        (label(e.factor) if e.factor in METRICS else t("plan.gap_plan"), _factor(e.factor, e.planned, node), _factor(e.factor, e.actual, node), e.effect)
        for e in gap.effects
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["factor", "planned", "was", "effect"])
    columns = {"factor": Col(t("plan.gap_factor")), "planned": Col(t("plan.gap_planned")), "was": Col(t("plan.gap_was")),
               "effect": Col(t("plan.gap_effect"), "money", node.currency, tone="change")}  # fmt: skip
    panels.table(frame, columns, f"plan_gap_{found.plan}_{node.id}", title=t("plan.gap"), note=t("plan.gap_note"))
    fig = charts.steps(
        frame, label="factor", value="effect", start=float(gap.expected or 0), unit="money", currency=node.currency,
        start_name=t("plan.gap_expected"), end_name=t("plan.gap_actual"), lang=lang(), red_up=red_up(),
    )  # fmt: skip
    ends = {
        name: exact(value, "money", node.currency)
        for name, value in (("expected", gap.expected), ("actual", gap.actual))
    }
    panels.chart(Finished(fig), t("plan.gap_alt", **ends), f"plan_gap_{found.plan}_{node.id}")


def _factor(name: str, value: Decimal | None, node: Node) -> str:
    if name not in METRICS:
        return ""
    unit = METRICS[name].unit
    return fmt(value, unit, node.currency if unit == "money" else None, lang())


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
