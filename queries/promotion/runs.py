"""Campaigns that can be judged: as typed, else by the campaign calendar; their T-day, the days after them, last year's run. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from queries.plan import anchors

AFTER_DAYS = 10
CAMPAIGNS = ("nianhuo", "women", "618", "818", "99", "double11", "double12")
ABROAD = ("black_friday", "cyber_monday")
_HOLIDAYS_ABROAD = ("new_year", "thanksgiving", *ABROAD)
_ALSO = {"双十一": "double11", "双十二": "double12", "三八": "women"}
_ONE = timedelta(days=1)


@dataclass(frozen=True)
class Phase:
    name: str
    first: date
    last: date


@dataclass(frozen=True)
class Run:
    """One campaign of one year. key: its event of the calendar, '' for an own one; label by language; shops empty: all."""

    key: str
    label: Mapping[str, str]
    year: int
    first: date
    last: date
    t_day: date
    phases: tuple[Phase, ...] = ()
    shops: frozenset[str] = frozenset()
    is_calendar: bool = False

    @property
    def id(self) -> str:
        return f"{self.key or self.label['zh']}-{self.year}"


def runs(typed: pd.DataFrame, first: date, day: date, *, china: bool = True) -> list[Run]:
    """Campaigns that begin from `first` to `day`, newest first; a calendar one only where none of its own is typed.

    typed: rows of promotion/phases.
    """
    found = _typed(typed, china)
    known = {(run.key, run.year) for run in found}
    for key in CAMPAIGNS if china else ABROAD:
        for year in range(max(first.year, anchors.FIRST), min(day.year + 1, anchors.LAST) + 1):
            if (key, year) not in known:
                found.append(_calendar(key, year))
    return sorted((run for run in found if first <= run.first <= day), key=lambda run: (run.first, run.id), reverse=True)


def event_key(name: str, *, china: bool = True) -> str:
    """The calendar's event that a typed name means, '' for none: 双11大促 is 双11."""
    words = dict(_ALSO)
    words |= {text: key for key in (*CAMPAIGNS, *ABROAD) for text in anchors.events()[key].label.values()}
    if not china:
        words = {text: key for text, key in words.items() if key in ABROAD}
    fitting = [text for text in words if re.search(rf"(?<!\d){re.escape(text)}(?!\d)", name, re.IGNORECASE)]
    return words[max(fitting, key=len)] if fitting else ""


def _typed(rows: pd.DataFrame, china: bool) -> list[Run]:
    if rows.empty:
        return []
    days = rows.assign(day=pd.to_datetime(rows["day"]).dt.date, day_to=pd.to_datetime(rows["day_to"]).dt.date)
    days = days.assign(key=[event_key(str(name), china=china) for name in days["name"]])
    days = days.assign(year=[_year(key, day) for key, day in zip(days["key"], days["day"], strict=True)])
    return [_run(str(name), int(year), part) for (name, year), part in days.groupby(["name", "year"], sort=False)]


def _run(name: str, year: int, part: pd.DataFrame) -> Run:
    lines = dict.fromkeys(Phase(str(r.phase), r.day, r.day_to) for r in part.sort_values(["day", "day_to"]).itertuples())
    shops = frozenset() if (part["shop"] == "").any() else frozenset(map(str, part["shop"]))
    key, first = str(part["key"].iloc[0]), min(part["day"])
    t_day = anchors.anchor(key, year) if key and anchors.has_anchor(key, year) else first
    return Run(key, {"zh": name, "en": name}, year, first, max(part["day_to"]), t_day, tuple(lines), shops)


def _year(key: str, day: date) -> int:
    return anchors.nearest_year(day, key) if key and anchors.has_anchor(key, day.year) else day.year


def _calendar(key: str, year: int) -> Run:
    """The event's own window; days long after T-day are the time after it, not the event."""
    event, (first, last) = anchors.events()[key], anchors.window(key, year)
    t_day = anchors.anchor(key, year)
    return Run(key, event.label, year, first, last if event.after <= 2 else t_day, t_day, is_calendar=True)


def after(run: Run, others: Sequence[Run], day: date) -> tuple[date, date] | None:
    """The AFTER_DAYS days after the event, up to the next event and to `day`; None when there is none yet."""
    begins = [other.first for other in others if other.first > run.last and other.id != run.id]
    last = min([run.last + timedelta(days=AFTER_DAYS), day, *(begin - _ONE for begin in begins)])
    return (run.last + _ONE, last) if last > run.last else None


def year_before(run: Run, others: Sequence[Run]) -> date | None:
    """T-day of the same event a year earlier: as typed, else by the calendar; None when nobody typed an own event's."""
    same = [other for other in others if other.year == run.year - 1 and (other.key == run.key if run.key else other.label == run.label)]
    if same:
        return same[0].t_day
    return anchors.anchor(run.key, run.year - 1) if run.key and anchors.has_anchor(run.key, run.year - 1) else None


def quiet_days(first: date, last: date, typed: Collection[Run], *, china: bool = True) -> pd.Series:
    """Which days no event touches: outside every typed campaign and its AFTER_DAYS, and outside the calendar's windows."""
    named = anchors.event_days(first, last)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    taken = {day for day, (key, _) in named.items() if china or key in _HOLIDAYS_ABROAD}
    for run in typed:
        span = (run.last - run.first).days + 1 + AFTER_DAYS
        taken |= {run.first + timedelta(days=n) for n in range(span)}
    return pd.Series([day not in taken for day in days], index=days, dtype=bool)
