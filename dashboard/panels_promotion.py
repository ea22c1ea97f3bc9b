"""活动复盘 on the ads page: what a campaign added, what it pulled forward, what it earned and cost, and last year's by T-day."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from dashboard import charts_promotion, data, panels, promotions, purse_words
from dashboard.axes import Finished
from dashboard.columns import Col
from dashboard.format import DASH, day_label, exact, fmt, pct
from dashboard.labels import lang, t
from dashboard.panels_plan_here import as_of
from dashboard.parts import heading_tip, note
from dashboard.periods import View
from dashboard.promotions import ITEMS, NONE, SHOPS, Book
from queries.promotion.judge import Judged
from queries.promotion.runs import Run
from queries.promotion.uplift import BASE_DAYS, LEAST_DAYS, SHORT, Uplift


def show(shown: View) -> None:
    """Choose a campaign and a control; cards, days, windows, money, the year before."""
    day = as_of(shown)
    found = [book for book in promotions.books(shown, day) if book.found]
    if not found:
        heading_tip(t("promo.title"), "", t("promo.title_tip"))
        note(t("promo.none"))
        return
    head = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        book = _currency(found)
        run = _run(book)
        shops = book.shops(run, shown)
        control, chosen = _control(book, run, shops)
    one = promotions.judged(book, run, shown, control, chosen)
    of = (book.currency, day, run.id, shown.shops, control, chosen, lang())
    out = _windows(one)
    with head:
        heading_tip(f"{t('promo.title')} · {_name(run)}", t("promo.note", day=day_label(day, lang(), weekday=False)), t("promo.title_tip"))
    st.html(f'<div class="db-marks">{_cards(one, book.currency)}</div>')
    left, right = st.columns([6, 5], gap="medium")
    with left, panels.guard():
        _course(one, book.currency, of)
    with right, panels.guard():
        _years(one, book.currency, of)
    with panels.guard():
        _table(out, one, book.currency)
    with panels.guard():
        _money(one, book.currency)


def _currency(found: Sequence[Book]) -> Book:
    names = [book.currency for book in found]
    if len(names) == 1:
        return found[0]
    at = st.selectbox(t("promo.currency"), names, key="promo_currency", width=110)
    return found[names.index(at)] if at in names else found[0]


def _run(book: Book) -> Run:
    ids = [run.id for run in book.found]
    words = {run.id: f"{_name(run)}　{day_label(run.first, lang(), weekday=False)} ~ {day_label(run.last, lang(), weekday=False)}" for run in book.found}
    at = st.selectbox(t("promo.choose"), ids, format_func=lambda key: words.get(key, key), key=f"promo_run_{book.currency}", help=t("promo.choose_help"), width=330)
    return book.found[ids.index(at)] if at in ids else book.found[0]


def _name(run: Run) -> str:
    mark = t("promo.by_calendar") if run.is_calendar else ""
    return f"{run.label.get(lang(), run.label['zh'])} {run.year}{mark}"


def _control(book: Book, run: Run, shops: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Which control; other shops stand by themselves where the campaign is not everyone's."""
    kinds = [*([SHOPS] if book.other_shops(run) else []), NONE, ITEMS]
    kind = st.selectbox(t("promo.control"), kinds, format_func=lambda key: t(f"promo.control_{key}"), key=f"promo_control_{run.id}", help=t("promo.control_help"), width=220)
    if kind != ITEMS:
        return kind or NONE, ()
    known = promotions.items(book, run, shops)
    chosen = st.multiselect(t("promo.items"), list(known), format_func=lambda key: known.get(key, key), key=f"promo_items_{run.id}", placeholder=t("promo.items_hint"), width=360)
    return ITEMS, tuple(chosen)


def _cards(one: Judged, currency: str) -> str:
    cards = [
        _card(t("promo.uplift"), _money_word(one.event.uplift, currency), _span(one.event, currency), f"up_{one.event.word}", _tone(one.event.word), t("promo.uplift_tip")),
        _card(t("promo.burst"), f"{one.event.burst:.2f}" if one.event.baseline > 0 else DASH, t("promo.burst_is"), "", "", t("promo.burst_tip")),
    ]
    if one.after is not None:
        word = one.after.word
        cards.append(_card(t("promo.after"), _money_word(one.after.uplift, currency), _span(one.after, currency), f"after_{word}", _tone(word), t("promo.after_tip", n=one.after.window.days)))
        cards.append(_card(t("promo.net"), _money_word(one.net.uplift, currency), _span(one.net, currency), f"up_{one.net.word}", _tone(one.net.word), t("promo.net_tip")))
    found = one.account
    if found is None:
        cards.append(_card(t("promo.profit"), DASH, _why_no_account(one), "", "", t("promo.profit_tip")))
        return "".join(cards)
    mid, low, high = found.profit
    word = "good" if low > 0 else "poor" if high < 0 else "fair"
    cards.append(_card(t("promo.profit"), _money_word(mid, currency), _ends(low, high, currency), f"live.{word}", word, t("promo.profit_tip")))
    if found.roi is None:
        cards.append(_card(t("promo.roi"), DASH, t("promo.no_extra_cost"), "", "", t("promo.roi_tip")))
    else:
        cards.append(_card(t("promo.roi"), f"{found.roi[0]:.2f}", t("promo.range", low=f"{found.roi[1]:.2f}", high=f"{found.roi[2]:.2f}"), f"live.{word}", word, t("promo.roi_tip")))
    return "".join(cards)


def _card(head: str, value: str, more: str, word: str, tone: str, tip: str) -> str:
    said = f"<em>{escape(t(word if '.' in word else f'promo.{word}'))}</em>" if word else ""
    return (
        f'<div class="{tone}" title="{escape(f"{tip} {more}")}"><p class="k"><span>{escape(head)}</span>{said}</p>'
        f'<p class="v">{escape(value)}</p><p class="m">{escape(more)}</p></div>'
    )


def _tone(word: str) -> str:
    return {"up": "good", "down": "poor"}.get(word, "")


def _money_word(value: float, currency: str) -> str:
    return fmt(value, "money", currency, lang(), signed=True)


def _span(one: Uplift, currency: str) -> str:
    return t("promo.no_range") if one.word == "few" else _ends(one.low, one.high, currency)


def _ends(low: float, high: float, currency: str) -> str:
    return t("promo.range", low=_money_word(low, currency), high=_money_word(high, currency))


def _why_no_account(one: Judged) -> str:
    if one.rates.margin is None:
        return t("promo.no_margin")
    return t("promo.no_range") if one.net.word == "few" else t("promo.no_usual")


def _course(one: Judged, currency: str, of: Hashable) -> None:
    """The days against the baseline. of: all that decides what is judged."""
    names = {"sales": t("promo.sales"), "baseline": t("promo.baseline"), "event": t("promo.event")}
    columns = {"day": t("common.day"), "sales": names["sales"], "baseline": names["baseline"]}
    panels.titled(t("promo.course"), "", one.days[list(columns)].rename(columns=columns), f"promotion_days_{one.run.id}", t("promo.course_tip"))
    window = one.event.window
    fig = data.kept("promotion/course", lambda: Finished(
        charts_promotion.course(one.days, event=(window.first, window.last), names=names, currency=currency, lang=lang())
    ), of)  # fmt: skip
    panels.chart(fig, t("promo.course_alt"), f"promo_course_{one.run.id}")
    st.caption(_method(one))


def _method(one: Judged) -> str:
    """How this baseline came about, in numbers."""
    event = one.event
    said = [t("promo.how_base", days=BASE_DAYS)]
    if event.word == "few":
        return f"{said[0]} {t('promo.how_few', least=LEAST_DAYS)}"
    said.append(t("promo.how_drift", move=pct(event.drift - 1)))
    if event.share is not None:
        said.append(t("promo.how_control", share=f"{event.share:.0%}", move=pct(event.control - 1)))
    else:
        said.append(t("promo.how_alone"))
    said.append(t("promo.how_short" if event.is_short else "promo.how_range", n=f"{event.windows:.0f}", days=SHORT if event.is_short else event.window.days))
    if one.net.missing:
        said.append(t("promo.how_missing", n=one.net.missing))
    return " ".join(said)


def _years(one: Judged, currency: str, of: Hashable) -> None:
    """This year's days over last year's, T-day on T-day, and how far ahead the running sum is."""
    title, tip = t("promo.years"), t("promo.years_tip")
    if one.years.empty:
        heading_tip(title, "", tip)
        note(t("promo.years_none"))
        return
    both = one.years[one.years["sales"].notna() & one.years["sales_before"].notna()]
    names = {"t": t("promo.t_day"), "day": t("common.day"), "sales": t("promo.this_year"), "day_before": t("promo.day_before"), "sales_before": t("promo.last_year")}
    panels.titled(title, "", one.years[list(names)].rename(columns=names), f"promotion_years_{one.run.id}", tip)
    fig = data.kept("promotion/years", lambda: Finished(
        charts_promotion.years(one.years, names={"this": str(one.run.year), "before": str(one.run.year - 1)}, currency=currency, lang=lang())
    ), of)  # fmt: skip
    panels.chart(fig, t("promo.years_alt"), f"promo_years_{one.run.id}")
    if len(both):
        now, before = float(both["sales"].sum()), float(both["sales_before"].sum())
        change = pct(now / before - 1) if before > 0 else DASH
        st.caption(t("promo.years_said", n=len(both), t=f"T{both['t'].iloc[-1]:+d}", now=fmt(now, "money", currency, lang()), before=fmt(before, "money", currency, lang()), change=change))


def _windows(one: Judged) -> pd.DataFrame:
    """One line per phase, the event, the days after, and both."""
    several = [(name or t("promo.phase"), part, "up", False) for name, part in one.phases]
    lines = [*several, (t("promo.event"), one.event, "up", bool(several))]
    if one.after is not None:
        lines += [(t("promo.after"), one.after, "after", bool(several)), (t("promo.net"), one.net, "up", bool(several))]
    return pd.DataFrame([_line(name, part, kind, is_head) for name, part, kind, is_head in lines])


def _line(name: str, part: Uplift, kind: str, is_head: bool) -> dict[str, object]:
    has_base = part.baseline > 0
    return {
        "_head": is_head, "name": name, "days": f"{_day(part.window.first)} ~ {_day(part.window.last)}", "sales": part.actual,
        "baseline": part.baseline, "uplift": part.uplift, "low": part.low, "high": part.high,
        "share": part.uplift / part.baseline if has_base else None, "burst": part.burst, "word": t(f"promo.{kind}_{part.word}"),
    }  # fmt: skip


def _day(day: date) -> str:
    return day_label(day, lang(), weekday=False)


def _table(out: pd.DataFrame, one: Judged, currency: str) -> None:
    columns = {
        "name": Col(t("promo.window")), "days": Col(t("promo.days")), "word": Col(t("live.verdict")), "sales": Col(t("promo.sales"), "money", currency),
        "baseline": Col(t("promo.baseline"), "money", currency), "uplift": Col(t("promo.uplift"), "money", currency), "share": Col(t("promo.share"), "rate"),
        "low": Col(t("promo.low"), "money", currency), "high": Col(t("promo.high"), "money", currency), "burst": Col(t("promo.burst"), "ratio"),
    }  # fmt: skip
    panels.table(out, columns, f"promotion_windows_{one.run.id}", title=t("promo.windows"), note=t("promo.windows_note"))


def _money(one: Judged, currency: str) -> None:
    """Every purse over the days judged against ordinary days, then what the event earned beside it."""
    if not one.costs and one.account is None:
        heading_tip(t("promo.money"), "", t("promo.money_tip"))
        note(t("promo.money_none"))
        return
    rows = [{"_head": False, "name": purse_words.said_of(cost.purse), "actual": cost.actual, "usual": cost.usual, "extra": cost.extra, "missing": cost.missing} for cost in one.costs]
    known, found = {"actual": None, "usual": None, "missing": None}, one.account
    if found is not None:
        rows += [{"_head": True, "name": t(f"promo.{key}"), "extra": value, **known} for key, value in (("spent", found.spent), ("earned", found.earned[0]), ("profit", found.profit[0]))]
    columns = {
        "name": Col(t("promo.purse")), "actual": Col(t("promo.cost_then"), "money", currency), "usual": Col(t("promo.cost_usual"), "money", currency),
        "extra": Col(t("promo.cost_extra"), "money", currency), "missing": Col(t("promo.cost_missing"), "count"),
    }  # fmt: skip
    panels.table(pd.DataFrame(rows), columns, f"promotion_money_{one.run.id}", title=t("promo.money"), note=t("promo.money_note"))
    st.caption(_rates(one, currency))


def _rates(one: Judged, currency: str) -> str:
    rates = one.rates
    said = [t(f"promo.rate_{name}", value=t("promo.rate_unknown") if value is None else f"{value:.1%}") for name, value in (("margin", rates.margin), ("fee", rates.fee), ("refund", rates.refund))]
    said.append(t("promo.rate_freight", value=t("promo.rate_unknown") if rates.freight is None else exact(rates.freight, "money", currency)))
    return t("promo.rates", rates=t("promo.comma").join(said))
