"""The cards of 经营总览 and the one answer that page and 日报 both stand on."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboard import cards as kpi
from dashboard import data, panels, periods
from dashboard.format import fmt, pct
from dashboard.labels import lang, pick, t
from dashboard.periods import View
from queries import METRICS
from queries.overview import cards as figures
from queries.overview import moved

SHOWN = (
    "sales", "visitors", "conversion_rate", "sales_per_buyer", "sales_per_order", "paid_orders", "net_sales", "refunds",
    "spend", "mer", "ad_cost_ratio", "live_sales",
)  # fmt: skip


COUNTED = ("visitors", "conversion_rate", "sales_per_buyer")  # stand on people, whom not every shop's reports state


@dataclass(frozen=True)
class Answer:
    """What the page and the 日报 both stand on: cards, the split of sales, its channels, the second window's name."""

    cards: list[figures.Card]
    moved: pd.DataFrame
    by_channel: pd.DataFrame
    names: tuple[str, str]


def answer(shown: View) -> Answer:
    """Everything the cards and the reasons need, computed once per generation; never change it."""
    return data.kept("overview/answer", lambda: _answer(shown), shown, lang())


def _answer(shown: View) -> Answer:
    other, names = second_window(shown)
    spans = {
        "day_from": shown.day_from, "day_to": shown.day_to, "before_from": shown.compare_from,
        "before_to": shown.compare_to, "other_from": other[0], "other_to": other[1],
    }  # fmt: skip
    hourly = shown.hour_to is not None
    pairs = [p for p in figures.PAIRS if not (hourly and {*figures.ASKED[p[0]]} & {*figures.PEOPLE})]
    asked = {"shops": shown.shops, "formulas": [name for name, _ in pairs], "parts": [part for _, part in pairs]}
    money = {"money": figures.MONEY, "display": shown.display}
    if hourly:
        days = {k: v for k, v in spans.items() if k.endswith("_from")}
        rows = data.ask("overview/hour_figures", **asked, hour_to=shown.hour_to, **days)
    else:
        rows = data.ask("overview/figures", **asked, **money, **spans)
    first = shown.day_to - timedelta(days=29)
    base = {"shops": shown.shops, "metrics": figures.BASE}
    made = figures.cards(
        _metrics(shown),
        rows,
        data.ask("overview/expected", **base, day_to=shown.day_to, display=shown.display),
        data.ask("overview/spark", **base, **money, first=first, last=shown.day_to),
        data.ask("overview/targets", shops=shown.shops, month=shown.day_to.replace(day=1), day_to=shown.day_to),
        shown.day_to,
    )
    hour = shown.hour_to
    made = [_measured(c, shown, other) if hour is None else figures.so_far(c, shown.day_to, hour) for c in made]
    split = moved.what_moved(rows)
    channels = data.ask("overview/channels", **both(shown))
    if hourly:  # channels have no hours: a whole day beside half a day would explain nothing
        channels = channels.head(0)
    return Answer(made, split, moved.by_channel(channels, split), names)


def second_window(shown: View) -> tuple[tuple[date, date], tuple[str, str]]:
    """A second comparison beside the chosen one: the same weekday, or the days before when that is the first."""
    second = "prev" if shown.compare == "weekday" else "weekday"
    if second == "weekday" and shown.compare == "prev" and shown.days % 7 == 0:
        second = "year"
    beside = periods.before(shown.period, second, shown.day_from, shown.day_to)
    return beside, (_compare_name(shown, shown.compare), _compare_name(shown, second))


def _measured(card: figures.Card, shown: View, other: tuple[date, date]) -> figures.Card:
    """People over several days, and reports that must be paired, come from queries.metric."""
    people = card.bound == "upper" and card.metric in ("visitors", "conversion_rate", "sales_per_buyer")
    if not card.shops or not (people or card.metric == "roas") or shown.display:
        return card
    spans = ((shown.day_from, shown.day_to), (shown.compare_from, shown.compare_to), other)
    found = [_one(data.measure(card.metric, *span, shops=card.shops), card.currency) for span in spans]
    return card if found[0][0] is None else figures.with_measured(card, found[0], found[1][0], found[2][0])


def _one(frame: pd.DataFrame, currency: str) -> tuple[float | None, str]:
    mine = frame[(frame["currency"] == currency) & frame["value"].notna()]
    return (float(mine["value"].iloc[0]), str(mine["bound"].iloc[0])) if len(mine) else (None, "exact")


def _compare_name(shown: View, compare: str) -> str:
    if shown.is_one_day and compare in ("prev", "weekday"):
        return t("overview.day_over_day" if compare == "prev" else "overview.week_over_week")
    return t(f"filter.{compare}")


def _metrics(shown: View) -> Sequence[str]:
    """Attributed ROAS only inside one platform: platforms may claim the same order twice."""
    frame = data.shops()
    chosen = frame if shown.shops is None else frame[frame["shop"].isin(shown.shops)]
    if shown.hour_to is not None:  # hours of people cannot be added, so 今日 has no card for them
        return tuple(m for m in SHOWN if not {*figures.ASKED[m]} & {*figures.PEOPLE})
    if chosen["platform"].nunique() == 1:
        place = SHOWN.index("mer") + 1
        return (*SHOWN[:place], "roas", *SHOWN[place:])
    return SHOWN


def both(shown: View) -> dict[str, object]:
    return shown.params() | {"before_from": shown.compare_from, "before_to": shown.compare_to}


def show_cards(found: Answer, shown: View) -> None:
    """The cards, one grid per currency; people's averages give way to 笔单价 where buyers are not known."""
    for title, grid in data.kept("overview/grids", lambda: _grids(found), shown, lang()):
        if title:
            panels.section(title)
        st.html(grid)


def _grids(found: Answer) -> list[tuple[str, str]]:
    """(heading, HTML of the cards) per currency; a single currency has no heading."""
    made = []
    currencies = list(dict.fromkeys(card.currency for card in found.cards))
    for currency in currencies:
        title = t("overview.cards_currency", currency=currency) if len(currencies) > 1 else ""
        mine = [card for card in found.cards if card.currency == currency]
        sellers = {s for card in mine if card.metric == "sales" for s in card.shops}
        made.append((title, kpi.html([_kpi(card, found.names, sellers) for card in without_twins(mine)])))
    return made


def without_twins(cards: Sequence[figures.Card], metrics: Sequence[str] = ()) -> list[figures.Card]:
    """Leave out 笔单价 where 客单价 is known for every shop of its currency; keep only `metrics` when given."""
    sellers = {(c.currency, s) for c in cards if c.metric == "sales" for s in c.shops}
    buyers = [c for c in cards if c.metric == "sales_per_buyer" and c.value is not None and not c.missing]
    known = {c.currency for c in buyers if not {s for code, s in sellers if code == c.currency} - {*c.shops}}
    kept = [c for c in cards if not (c.metric == "sales_per_order" and c.currency in known)]
    return [c for c in kept if not metrics or c.metric in (*metrics, "sales_per_order")]


def only(card: figures.Card, sellers: Set[str]) -> str:
    """Whose people a card counts, where some shops that sold state none; '' where it counts all."""
    if card.metric not in COUNTED or card.value is None or card.missing or not sellers - {*card.shops}:
        return ""
    frame = data.shops()
    names = [str(n) for s, n in zip(frame["shop"], frame["name"], strict=True) if s in card.shops]
    return t("overview.only", shops=("、" if lang() == "zh" else ", ").join(names))


def _kpi(card: figures.Card, names: tuple[str, str], sellers: Set[str]) -> kpi.Kpi:
    metric = METRICS[card.metric]
    deltas = [
        kpi.Delta(name, change_.rate, change_.value, "" if change_.is_all else t("overview.like_for_like"))
        for name, change_ in zip(names, (card.before, card.other), strict=True)
    ]
    note = only(card, sellers)
    if card.missing and card.value is not None:
        note = t("overview.missing", shops="、".join(card.missing))
    elif card.state == "partial":
        note = note or t("overview.days_missing")
    return kpi.Kpi(
        pick(metric.label, card.metric), card.value, metric.unit, card.currency, metric.good, pick(metric.tooltip),
        t("common.daily_sum") if card.bound == "upper" else "", "", deltas, card.spark, _rail(card), note,
    )


def _rail(card: figures.Card) -> kpi.Rail | None:
    plan, unit = card.plan, METRICS[card.metric].unit
    if plan is None:
        return None
    target = fmt(plan.target, unit, card.currency, lang())
    reached = t("common.not_out") if plan.reached is None else fmt(plan.reached, unit, card.currency, lang())
    words = t("overview.month_plan", reached=reached, target=target, share=pct(plan.share, signed=False))
    gap = None if plan.share is None else plan.share - plan.elapsed
    pace = t("overview.pace", elapsed=pct(plan.elapsed, signed=False))
    if gap is not None and abs(gap) >= 0.0005:
        pace = t("overview.pace_ahead" if gap > 0 else "overview.pace_behind", gap=pct(abs(gap), signed=False))
    return kpi.Rail(plan.share, plan.elapsed, f"{words} · {pace}")
