"""A purse in a month: spent and expected to date, the word against its limit, where it ends, when the money runs out.

Built on the plan's own pieces (curves, forecast, flows, bands); what is a purse's own is the order of the words, the ladder
and the curve: last year's campaigns on their T-days over the purse's weekdays, a curve that the plan's line types before it.
Words: poor  over (the limit is passed), surely (even the low end of the landing is over), running (overspend.py; fair while
             the landing is within the limit)
       fair  likely (the landing is over), watched (overspend.py), fast, slow (off the expected by more than the tolerance)
       good  kept (the month has ended), ok           few  no landing yet: fewer than 28 days of history
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

import numpy as np
import pandas as pd

from queries.ads.limits import Limit
from queries.ads.overspend import Alarm, alarms, wobble_of
from queries.plan import bands, curves
from queries.plan.actuals import summed
from queries.plan.curves import Curve
from queries.plan.flows import known_through, paced, spread_of
from queries.plan.forecast import Forecast, from_series, over
from queries.plan.nodes import Node
from queries.plan.pace import tolerance
from queries.plan.progress import Fact, Progress
from queries.plan.series import FIRST_LEVEL, Series
from queries.plan.series_of import course
from queries.plan.weekdays import Value

RUNGS = (Fraction(1, 2), Fraction(3, 4), Fraction(9, 10), Fraction(1))
PAST_MONTHS = 6
RUNNING_DAYS = 35  # a purse or shop without a figure for that long has stopped and holds up no sum
_SCALE = 1_000_000
ByDay = Mapping[date, Decimal | None]
Amount = TypeVar("Amount", Decimal, float)


@dataclass(frozen=True)
class Rung:
    """A share of the limit. reached: the day it was passed, else planned: by the curve, and expected, early, late: by the
    landing and the ends of its range; None where the month ends before.
    """

    share: Fraction
    amount: Decimal
    reached: date | None
    planned: date | None
    expected: date | None
    early: date | None
    late: date | None


@dataclass(frozen=True)
class Paced:
    """One purse, one month. through: the last day with a figure. room: how far spent may be from expected, as a share.

    alarm: of the last known day, None without a limit or a figure and for a purse that stops and starts; days: queries/plan/series_of.py COLUMNS; phases: bands that touch
    the month, judged by the mean of their whole months.
    """

    progress: Progress
    limit: Limit
    curve: Curve
    through: date
    word: str
    why: str
    room: float
    alarm: Alarm | None
    wobble: float
    wobble_months: int
    days: pd.DataFrame
    ladder: tuple[Rung, ...]
    phases: tuple[tuple[Node, Progress], ...]


def pace(
    by_day: ByDay, limit: Limit, first: date, last: date, day: date, *, china: bool = True, phases: Sequence[Node] = (),
    spread: Curve | None = None,
) -> Paced:  # fmt: skip
    """The month from `first` to `last` as seen at the end of `day`. by_day: amounts, with a year and more before the month.

    spread: how the limit goes over the days when no line types it, what `curve_of` learns by default.
    """
    seen = {at: value for at, value in by_day.items() if at <= min(day, last)}
    series = Series(seen, china=china, to=last)
    before = {at: value for at, value in seen.items() if at < first}
    curve = typed_curve(limit, before) or spread or curve_of(series, before, first, last)
    through = known_through(seen, first, min(day, last))

    def landing(at: date) -> Forecast:
        return over(seen, first, last, at) or from_series(series, first, last, at)

    actual, missing = summed(seen, first, through)
    fact = Fact(actual, "", why="" if actual is not None else "no_figure")
    found = paced(_node(limit.amount, first, last), fact, actual, missing, seen, day, landing, curve)
    wobble, known = wobble_of(before, past_curves(series, before, first))
    told = alarms(seen, limit.amount, curve, wobble, through) if limit.amount and not stops(before, first) else []
    days = course(seen, curve, limit.amount, found, day)
    alarm = told[-1] if told else None
    word, why = judged(found, alarm)
    judged_phases = tuple((node, bands.over_periods(node, by_day, day)) for node in phases)
    return Paced(
        found, limit, curve, through, word, why, tolerance(curve.upto(through)), alarm, wobble, known, days,
        ladder(days, limit.amount, curve), judged_phases,
    )  # fmt: skip


def judged(found: Progress, alarm: Alarm | None) -> tuple[str, str]:
    """(word, why) of the month against its limit, as above; ('', reason) when there is nothing to judge."""
    limit, spent = found.target, found.actual
    if limit is None or spent is None:
        return "", "no_limit" if limit is None else "no_figure"
    if spent > limit:
        return "poor", "over"
    if found.days_left == 0:
        return "good", "kept"
    if found.low is not None and found.low > limit:
        return "poor", "surely"
    if alarm is not None and alarm.is_over:
        return ("poor" if found.mid is None or found.mid > limit else "fair"), "running"
    if found.mid is not None and found.mid > limit:
        return "fair", "likely"
    if alarm is not None and alarm.is_watched:
        return "fair", "watched"
    if found.status in ("behind", "ahead"):
        return "fair", "fast" if found.status == "behind" else "slow"
    return ("few", "few") if found.mid is None else ("good", "ok")


def typed_curve(limit: Limit, before: ByDay) -> Curve | None:
    """The curve that the month's own line types: weights, phases, working days; None when it types none."""
    line = limit.line
    if line is None or not (line.numbers("weights") or line.text("weight")):
        return None
    return spread_of(line, before)


def curve_of(series: Series, history: Mapping[date, Value], first: date, last: date) -> Curve:
    """Days by what was expected of them on the eve of the period, when last year's campaigns are known; else by weekdays.

    For a purse that stops and starts last year's single days say nothing: each day is the mean of the week around it.
    """
    cut = min(series.at(first), series.length) - 1
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    lifts = [series.lift(day, cut) for day in days]
    if cut + 1 >= FIRST_LEVEL and any(lift and lift.times is not None for lift in lifts):
        shares = np.array([series.project(cut, series.at(day)) for day in days])
        if stops(history, first):
            shares = np.array([shares[max(n - 3, 0) : n + 4].mean() for n in range(len(shares))])
        if np.isfinite(shares).all() and shares.sum() > 0:
            return Curve(first, [round(float(s) / float(shares.sum()) * _SCALE) for s in shares], "phase", "last_year")
    return curves.weekday(first, last, history)


def past_curves(series: Series, history: Mapping[date, Value], first: date) -> list[Curve]:
    """Of the months before `first` the curves as they were on their eves, the last one first."""
    found: list[Curve] = []
    while len(found) < PAST_MONTHS:
        last = first - timedelta(days=1)
        first = last.replace(day=1)
        if series.at(first) < FIRST_LEVEL:
            break
        found.append(curve_of(series, history, first, last))
    return found


def stops(history: Mapping[date, Value], first: date) -> bool:
    """Was nothing spent on more than a tenth of the known days of the eight weeks before `first`?"""
    known = [value for n in range(1, 57) if (value := history.get(first - timedelta(days=n))) is not None]
    return bool(known) and sum(not value for value in known) > len(known) / 10


def ladder(days: pd.DataFrame, limit: Decimal | None, curve: Curve) -> tuple[Rung, ...]:
    """When each share of the limit is reached. days: rows of `course`."""
    if not limit:
        return ()
    at = list(curve.days)

    def first_over(column: str, amount: Decimal) -> date | None:
        if days.empty:
            return None
        hits = np.flatnonzero(days[column].to_numpy(dtype=float) >= float(amount) - 0.005)
        return at[int(hits[0])] if len(hits) else None

    rungs = []
    for share in RUNGS:
        amount = curves.rounded(Fraction(limit) * share)
        planned = next((day for day in at if curve.upto(day) >= share), None)
        rungs.append(
            Rung(share, amount, first_over("so_far", amount), planned, *(first_over(c, amount) for c in ("mid", "high", "low")))
        )
    return tuple(rungs)


def together(parts: Sequence[Paced]) -> Curve | None:
    """The curve of a sum: its purses' curves, each weighing with its limit, or its spend where one has none; None without either."""
    limits = [part.limit.amount for part in parts]
    weights = [float(part.progress.actual or 0) for part in parts] if None in limits else [float(amount or 0) for amount in limits]
    if not sum(weights):
        return None
    shares = [sum(w * float(part.curve.share(day)) for w, part in zip(weights, parts, strict=True)) for day in parts[0].curve.days]
    bases = {(part.curve.basis, part.curve.note) for part in parts}
    basis, note = bases.pop() if len(bases) == 1 else ("phase", "purses")
    return Curve(parts[0].curve.first, [round(share / sum(weights) * _SCALE) for share in shares], basis, note)


def added(parts: Sequence[Mapping[date, Amount | None]], day: date) -> dict[date, Amount | None]:
    """Purses or shops summed by day: a day is known when every one that runs then is; one that never began, or has stopped, holds up nothing."""
    total: dict[date, Amount | None] = {}
    spans = []
    for part in parts:
        known = [at for at, value in part.items() if value is not None and at <= day]
        if known:
            stopped = max(known) < day - timedelta(days=RUNNING_DAYS)
            spans.append((part, min(known), max(known) if stopped else day))
    for at in {at for part in parts for at in part}:
        values = [part.get(at) for part, low, high in spans if low <= at <= high]
        known_values = [value for value in values if value is not None]
        total[at] = sum(known_values[1:], known_values[0]) if values and len(known_values) == len(values) else None
    return total


def _node(limit: Decimal | None, first: date, last: date) -> Node:
    return Node(
        plan="", id="purse", parent="", kind="budget", name="", metric="spend", shop="", currency="", first=first, last=last, target=limit,
        low=None, high=None, unit="元", direction="at_most", period="month", state="issued", owner="", note="",
    )  # fmt: skip
