"""下一块钱投哪里: what the next yuan of each purse brings, as a range, and another split of the same money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pandas as pd
import streamlit as st

from dashboard import data, panels, promotions
from dashboard.columns import Col
from dashboard.format import DASH, day_label, fmt
from dashboard.labels import lang, t
from dashboard.panels_ads import purse_name
from dashboard.panels_plan_here import as_of
from dashboard.panels_typed import shop_names
from dashboard.parts import heading_tip, note
from dashboard.periods import View
from dashboard.promotions import Book
from queries.promotion.account import rates_of
from queries.promotion.judge import total
from queries.promotion.response import LEAST_DAYS, RECENT, Response, fit
from queries.promotion.split import KEEP, Split, kept_of, split, word_of


@dataclass(frozen=True)
class Found:
    """Purses of one currency, each of one shop: `shop`, newline, purse; kept: by shop, what a yuan of sales leaves, None without a margin rate."""

    currency: str
    purses: list[Response]
    split: Split | None
    kept: dict[str, float | None]


def show(shown: View) -> None:
    """One table per currency that has ad spend."""
    day = as_of(shown)
    found = data.kept("promotion/responses", lambda: _found(shown), day, shown.shops)
    title, tip = t("next.title"), t("next.title_tip")
    if not found:
        heading_tip(title, "", tip)
        note(t("next.none"))
        return
    for one in found:
        _table(one, f"{title} · {one.currency}" if len(found) > 1 else title, t("next.note", day=day_label(day, lang(), weekday=False), days=RECENT))


def _found(shown: View) -> list[Found]:
    made = [_of(book, shown) for book in promotions.books(shown, as_of(shown))]
    return [one for one in made if one.purses]


def _of(book: Book, shown: View) -> Found:
    """Every purse against the sales of its own shop."""
    purses: list[Response] = []
    kept: dict[str, float | None] = {}
    for shop in sorted(s for s in book.rows["shop"].unique() if shown.shops is None or s in shown.shops):
        rows = book.rows[book.rows["shop"] == shop]
        spend = {f"{shop}\n{purse}": by_day for purse, by_day in promotions.ad_spend(book, (shop,)).items()}
        if spend:
            first = max(by_day.first_valid_index() for by_day in spend.values())
            purses += fit(total(rows, book.quiet)[first:], {key: by_day[first:] for key, by_day in spend.items()}, book.quiet[first:])
            kept[shop] = kept_of(rates_of(rows[rows["day"] > book.day - timedelta(days=RECENT)]))
    return Found(book.currency, sorted(purses, key=lambda one: -one.now), split(purses), kept)


def _table(found: Found, title: str, remark: str) -> None:
    money = found.currency
    out = pd.DataFrame([_row(one, found) for one in found.purses])
    columns = {
        "name": Col(t("promo.purse")), "word": Col(t("live.verdict")), "now": Col(t("next.now"), "money", money), "brings": Col(t("next.brings"), "ratio"),
        "low": Col(t("next.low"), "ratio"), "high": Col(t("next.high"), "ratio"), "earns": Col(t("next.earns"), "ratio"),
        "stays": Col(t("next.stays")), "half": Col(t("next.half")), "suggested": Col(t("next.suggested"), "money", money),
    }  # fmt: skip
    panels.table(out, columns, f"next_yuan_{money}", title=title, note=remark)
    st.caption(_said(found))
    with st.expander(t("next.how"), icon=":material/info:"):
        st.markdown(t("next.how_said", least=LEAST_DAYS, keep=f"{KEEP:.0%}"))


def _row(one: Response, found: Found) -> dict[str, object]:
    is_known = one.word == "ok"
    mid, low, high = one.next_yuan
    kept = found.kept[one.purse.split("\n")[0]]
    word = word_of(one, kept)
    suggested = None if found.split is None else found.split.amounts.get(one.purse)
    return {
        "name": _name(one.purse, len(found.kept) > 1), "word": f"{t('live.few')} · {t(f'next.why_{one.why}')}" if word == "few" else t(f"live.{word}") if word else "",
        "now": one.now, "brings": mid if is_known else None, "low": low if is_known else None, "high": high if is_known else None,
        "earns": mid * kept - 1 if is_known and kept is not None else None,
        "stays": f"{one.stays[1]:.0%} ～ {one.stays[2]:.0%}" if is_known else DASH,
        "half": f"{_money(one.half[1], found)} ～ {_money(one.half[2], found)}" if is_known else DASH,
        "suggested": None if suggested is None else float(suggested),
    }  # fmt: skip


def _said(found: Found) -> str:
    """What another split would change, and what is missing for more."""
    said = [t("next.caution"), *([t("next.no_margin")] if None in found.kept.values() else [])]
    if found.split is None:
        return " ".join([t("next.no_split"), *said])
    mid, low, high = found.split.change
    key = "next.change" if low > 0 else "next.change_unsure"
    return " ".join([t(key, mid=_signed(mid, found), low=_signed(low, found), high=_signed(high, found)), *said])


def _money(value: float, found: Found) -> str:
    return fmt(value, "money", found.currency, lang())


def _signed(value: float, found: Found) -> str:
    return fmt(value, "money", found.currency, lang(), signed=True)


def _name(key: str, has_shops: bool) -> str:
    shop, purse = key.split("\n", 1)
    name = purse_name(purse)
    return f"{name} · {shop_names().get(shop, shop)}" if has_shops else name
