"""Campaigns for the ads page: what can be judged, against which control, asked and judged once per generation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from dashboard import data
from dashboard.periods import View
from queries.promotion.judge import STOPPED, Judged, judge, total
from queries.promotion.runs import Run, quiet_days, runs

HISTORY = 800  # days: the event of a year ago with its own time before
NONE, SHOPS, ITEMS = "none", "shops", "items"
ADS = "ads"


@dataclass(frozen=True)
class Book:
    """What one currency holds: its campaigns, newest first, and the days they are judged by. rows: promotion/days of every shop in scope."""

    currency: str
    rows: pd.DataFrame
    found: tuple[Run, ...]
    quiet: pd.Series
    day: date

    @property
    def first(self) -> date:
        first: date = self.quiet.index[0]
        return first

    def shops(self, run: Run, shown: View) -> tuple[str, ...]:
        """Shops judged: those chosen on the page that take part."""
        known = self.rows["shop"].unique()
        return tuple(sorted(s for s in known if (shown.shops is None or s in shown.shops) and (not run.shops or s in run.shops)))

    def other_shops(self, run: Run) -> tuple[str, ...]:
        """Shops that do not take part: a control; none when the campaign is everyone's."""
        return tuple(sorted(set(self.rows["shop"]) - run.shops)) if run.shops else ()


def books(shown: View, day: date) -> list[Book]:
    """One per currency of the shops on the page, the most sold first. Shared, never change them."""
    return data.kept("promotion/books", lambda: _books(shown, day), day, shown.shops)


def _books(shown: View, day: date) -> list[Book]:
    rows = _dated(data.ask("promotion/days", shops=None, day_from=day - timedelta(days=HISTORY), day_to=day))
    typed = data.ask("promotion/phases")
    chosen = rows if shown.shops is None else rows[rows["shop"].isin(shown.shops)]
    sold = chosen.groupby("currency")["sales"].sum().sort_values(ascending=False)
    return [_book(str(currency), rows[rows["currency"] == currency], typed, day, shown) for currency in sold.index]


def _book(currency: str, rows: pd.DataFrame, typed: pd.DataFrame, day: date, shown: View) -> Book:
    chosen = rows if shown.shops is None else rows[rows["shop"].isin(shown.shops)]
    first: date = min(chosen["day"])
    begun = runs(typed, first, day, china=currency == "CNY")
    quiet = quiet_days(first, day, [run for run in begun if not run.is_calendar], china=currency == "CNY")
    known = set(chosen["shop"])
    found = tuple(run for run in begun if not run.shops or run.shops & known)
    return Book(currency, rows[rows["day"] >= first], found, quiet, day)


def items(book: Book, run: Run, shops: Sequence[str]) -> dict[str, str]:
    """Items that sold before the event: key shop/item -> title."""
    about = {"shops": tuple(shops), "currency": book.currency, "day_from": run.first - timedelta(days=90), "day_to": run.first - timedelta(days=1)}
    rows = data.ask("promotion/items", **about)
    return {f"{r.shop}\n{r.item_id}": str(r.title or r.item_id) for r in rows.itertuples()}


def judged(book: Book, run: Run, shown: View, control: str = NONE, chosen: Sequence[str] = ()) -> Judged:
    """The campaign of the shops on the page. control: NONE, SHOPS (those that do not take part) or ITEMS (`chosen`: keys of `items`)."""
    key = (book.currency, book.day, run.id, shown.shops, control, tuple(sorted(chosen)))
    return data.kept("promotion/judged", lambda: _judged(book, run, shown, control, chosen), *key)


def _judged(book: Book, run: Run, shown: View, control: str, chosen: Sequence[str]) -> Judged:
    shops = book.shops(run, shown)
    rows = book.rows[book.rows["shop"].isin(shops)]
    purses = _dated(data.ask("ads/purses", shops=shops, day_from=book.first, day_to=book.day))
    purses = purses[purses["currency"] == book.currency]
    return judge(run, book.found, rows, book.quiet, purses, _control(book, run, control, chosen))


def ad_spend(book: Book, shops: Sequence[str]) -> dict[str, pd.Series]:
    """What each ad purse that still runs spent by day; a day is known when every shop of the purse is."""
    rows = _dated(data.ask("ads/purses", shops=tuple(shops), day_from=book.first, day_to=book.day))
    rows = rows[(rows["currency"] == book.currency) & (rows["basis"] == ADS)].assign(sales=lambda frame: frame["spend"].astype(float))
    recent = rows[rows["day"] > book.day - timedelta(days=STOPPED)]
    running = recent[recent["sales"] > 0]["purse"].unique()
    return {str(purse): total(rows[rows["purse"] == purse], book.quiet) for purse in running}


def _control(book: Book, run: Run, control: str, chosen: Sequence[str]) -> pd.Series | None:
    if control == SHOPS and (others := book.other_shops(run)):
        return total(book.rows[book.rows["shop"].isin(others)], book.quiet)
    if control == ITEMS and chosen:
        pairs = [key.split("\n", 1) for key in chosen]
        about = {"currency": book.currency, "day_from": book.first, "day_to": book.day}
        parts = [
            data.ask("promotion/item_days", shops=(shop,), items=tuple(item for at, item in pairs if at == shop), **about)
            for shop in sorted({shop for shop, _ in pairs})
        ]
        return total(_dated(pd.concat(parts)), book.quiet)
    return None


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(day=pd.to_datetime(rows["day"]).dt.date)
