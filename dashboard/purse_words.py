"""How a purse stands, in words: its name, chip, facts with their intervals, remarks. Text only, nothing is drawn here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape

import pandas as pd

from dashboard.format import DASH, day_label, exact, fmt, range_label
from dashboard.labels import all_labels, lang, t
from dashboard.panels_ads import purse_name
from dashboard.panels_typed import shop_names
from dashboard.purses import Purse
from queries.ads.limits import ALL
from queries.ads.maturity import SETTLED, Change
from queries.ads.pacing import Rung
from queries.plan.nodes import Node
from queries.plan.progress import Progress

Said = tuple[str, str]  # words, and what the pointer shows
BAND = {"inside": "good", "above": "poor", "below": "fair"}


def name(one: Purse) -> str:
    """What people call the purse; the sum is 全部推广, with its currency where it is not the only one."""
    return t("purse.all") if one.purse == ALL else said_of(one.purse)


def said_of(purse: str) -> str:
    """What people call the money of `purse`, coupons and fees too."""
    return t(f"purse.{purse}") if purse in ("coupons", "fees") else purse_name(purse)


def chip(one: Purse) -> str:
    """好, 一般, 差, 样本不足 with the reason; the reason alone where nothing is judged."""
    said, hover = t(f"purse.why_{one.paced.why}"), t(f"purse.why_{one.paced.why}_tip")
    word = f"{t(f'live.{one.paced.word}')} · {said}" if one.paced.word else said
    word = t("live.few") if one.paced.word == "few" else word
    return f'<em class="db-chip {one.paced.word}" title="{escape(hover)}">{escape(word)}</em>'


def money(one: Purse, value: object) -> str:
    return fmt(value, "money", one.currency, lang())


def short(day: date | None) -> str:
    return DASH if day is None else day_label(day, lang(), weekday=False)


def facts(one: Purse) -> list[Said]:
    """Expected with its tolerance, the landing with its range, the day the money is gone, the days to come, alarm, phases, moving days."""
    paced, p = one.paced, one.paced.progress
    said: list[Said] = []
    if p.expected is not None and p.actual is not None:
        room = float(p.expected) * paced.room
        tip = t("purse.expected_tip", room=money(one, room), share=f"{paced.room:.0%}")
        said.append((t("purse.expected_by", amount=money(one, p.expected), day=short(paced.through), share=f"{paced.room:.0%}"), tip))
    if p.mid is not None and p.days_left:
        ends = t("purse.range_tip", low=exact(p.low, "money", one.currency), high=exact(p.high, "money", one.currency)) if p.low is not None else t("purse.no_range_tip")
        said.append((t("purse.lands", amount=money(one, p.mid)), ends))
    said += _gone(one)
    if p.target is not None and p.days_left and p.per_day is not None and p.per_day >= 0:
        said.append((t("purse.per_day_left", amount=money(one, p.per_day), n=p.days_left), t("purse.per_day_tip")))
    if paced.alarm is not None and paced.alarm.is_fast and paced.alarm.pace is not None:
        tip = t("purse.alarm_tip", wobble=f"{paced.wobble:.0%}", n=paced.wobble_months)
        said.append((t("purse.alarm", day=short(paced.alarm.since), times=f"{paced.alarm.pace:.2f}", amount=money(one, paced.alarm.landing)), tip))
    said += [_phase(one, node, found) for node, found in paced.phases]
    if one.moving.days:
        said.append((t("purse.moving", n=len(one.moving.days)), moved(one)))
    return said


def _gone(one: Purse) -> Iterable[Said]:
    if not one.paced.ladder or one.paced.progress.actual is None:
        return []
    last = one.paced.ladder[-1]
    if last.reached is not None:
        return [(t("purse.gone", day=short(last.reached)), t("purse.gone_tip"))]
    if not one.paced.progress.days_left or one.paced.progress.mid is None:
        return []
    said = t("purse.lasts") if last.expected is None else t("purse.goes", day=short(last.expected))
    return [(said, t("purse.goes_tip", early=short(last.early), late=short(last.late)))]


def _phase(one: Purse, node: Node, found: Progress) -> Said:
    """The phase's dates, the mean of its whole months, the band, the word."""
    low, high = found.details.get("band_low"), found.details.get("band_high")
    span = range_label(node.first, node.last, lang()) if node.first and node.last else ""
    word = t(f"live.{BAND.get(found.status, 'few')}")
    tip = t("purse.phase_tip", name=node.name or node.id, n=int(found.details.get("whole_periods", 0)))
    return t("purse.phase", span=span, mean=money(one, found.actual), low=money(one, low), high=money(one, high), word=word), tip


def expected(rung: Rung) -> str:
    """When a share of the limit is reached at the landing, with the ends of its range; '' when it is reached."""
    if rung.reached is not None:
        return ""
    if rung.expected is None:
        return t("purse.not_this_month")
    return t("purse.expected_range", day=short(rung.expected), early=short(rung.early), late=short(rung.late) if rung.late else t("purse.later"))


def curve(one: Purse) -> str:
    """By which curve the limit is spread."""
    found = one.paced.curve
    note = f"curve_note_{found.note}"
    base = t(f"purse.curve_{found.note}") if found.note in ("last_year", "purses") else t(f"plan.curve_{found.basis}")
    return f"{base}（{t(f'plan.{note}')}）" if found.note and f"plan.{note}" in all_labels() else base


def grounds(one: Purse) -> str:
    """Where limit and figures come from, and which shops lack a limit."""
    limit = one.paced.limit
    parts = [t(f"purse.basis_{one.basis}"), t(f"purse.limit_{limit.basis}") if limit.basis else "", curve(one) if limit.amount is not None else ""]
    if limit.lacking:
        names = shop_names()
        parts.append(t("purse.lacking", names=t("plan.comma").join(names.get(s, s) for s in limit.lacking)))
    return " · ".join(part for part in parts if part)


def remarks(one: Purse) -> list[str]:
    """Sentences under the chart: the last known day, days that are missing, days that still move."""
    said = []
    missing = one.paced.progress.details.get("missing_days")
    if missing:
        said.append(t("purse.missing", n=int(missing)))
    if one.moving.days and one.moving.first is not None:
        said.append(t("purse.moving_since", day=short(one.moving.first), n=len(one.moving.days), settled=SETTLED) + (moved(one) if one.purse != ALL else ""))
    return said


def moved(one: Purse) -> str:
    """How much such days moved before; says so when too few days have more than one report."""
    if one.purse == ALL:
        return t("purse.moved_by_purse")
    spend, sales = one.moving.spend, one.moving.sales
    if spend is None and sales is None:
        return t("purse.moved_few", n=one.moving.reported_twice)
    parts = [t("purse.moved_spend", change=_change(spend)) if spend else "", t("purse.moved_sales", change=_change(sales)) if sales else ""]
    return t("purse.moved", parts=t("plan.comma").join(part for part in parts if part), n=min(c.days for c in (spend, sales) if c))


def _change(change: Change) -> str:
    return t("purse.change", mid=f"{change.mid:+.1%}", low=f"{change.low:+.1%}", high=f"{change.high:+.1%}")


def table(found: list[Purse]) -> pd.DataFrame:
    """Every purse with its exact figures, for the export."""
    rows = []
    for one in found:
        p, ladder = one.paced.progress, one.paced.ladder
        rows.append({
            t("ads.purse"): name(one), t("live.currency"): one.currency, t("purse.counted"): t("purse.yes" if one.counts else "purse.no"),
            t("purse.through"): one.paced.through, t("purse.spent"): p.actual, t("purse.expected"): p.expected, t("purse.limit"): p.target,
            t("purse.landing"): p.mid, t("purse.low"): p.low, t("purse.high"): p.high, t("purse.out_on"): (ladder[-1].reached or ladder[-1].expected) if ladder else None,
            t("purse.per_day"): p.per_day, t("live.verdict"): t(f"live.{one.paced.word}") if one.paced.word else "", t("purse.reason"): t(f"purse.why_{one.paced.why}"),
            t("purse.grounds"): grounds(one),
        })  # fmt: skip
    return pd.DataFrame(rows)
