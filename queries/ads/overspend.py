"""Is money running away? A day's spend against what the curve gives that day, added up until it cannot be chance.

Score: each day adds  log(spent / planned) / wobble - slack  to what the days before left, and never falls under 0 (a CUSUM).
Over its line the pace is 'fast': one day far over its plan is enough, several days a little over are too. wobble is how far a
day of this purse usually lies from its curve (`wobble_of`). It is an overspend only when the month would pass its limit at the
pace since the score left 0. Two scores run: the alarm, and the watch, which tells sooner and is wrong more often. Their numbers
were chosen on 400 made-up years that no test judges by: of the pairs that miss at most 1 overspend in 30 (alarm) or 1 in 400
(watch) by the day after it begins, the one with the fewest false flags.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import log, sqrt

import numpy as np

from queries.plan.curves import CENT, Curve
from queries.plan.weekdays import Value

SLACK, LINE = 1.25, 1.25
WATCH_SLACK, WATCH_LINE = 0.9, 0.25
MOST = 4.0  # a single day counts no more than this many wobbles, either way
LEAST_WOBBLE, USUAL_WOBBLE, DAYS_NEEDED = 0.05, 0.15, 14
ONE_SIGMA = 0.68


@dataclass(frozen=True)
class Alarm:
    """One day's answer. since: the first day of the running score; pace: spent over planned since then, None at score 0;
    landing: the month's total at that pace; is_fast: the score passed the line; is_over: and the landing passes the limit;
    is_watched: the same of the watch.
    """

    day: date
    score: float
    since: date | None
    pace: float | None
    landing: Decimal | None
    is_fast: bool
    is_over: bool
    is_watched: bool = False


def wobble_of(spent: Mapping[date, Value], curves: Sequence[Curve]) -> tuple[float, int]:
    """How far a day usually lies from what its curve gives it, as a share; and from how many months it is known.

    curves: of months that are over, each made as on its eve. The steps from one day's distance to the next day's, of all months
    together: 68 % of them lie under the answer times the root of 2, as they would if the days were independent. A month in which
    money ran away takes a single large step and moves nothing. 15 % without a month of at least 14 days with spend, 5 % at least.
    """
    steps: list[float] = []
    months = 0
    for curve in curves:
        pairs = [(spent.get(day), weight) for day, weight in zip(curve.days, curve.weights, strict=True)]
        errors = np.array([log(float(value) / weight) if value and value > 0 and weight else np.nan for value, weight in pairs])
        if np.count_nonzero(~np.isnan(errors)) >= DAYS_NEEDED:
            months += 1
            steps += [float(step) for step in np.abs(np.diff(errors)) if not np.isnan(step)]
    return (max(float(np.quantile(steps, ONE_SIGMA)) / sqrt(2), LEAST_WOBBLE), months) if steps else (USUAL_WOBBLE, 0)


def alarms(spent: Mapping[date, Decimal | None], limit: Decimal, curve: Curve, wobble: float, through: date) -> list[Alarm]:
    """One per known day of the curve up to `through`, in order; a day that is not known leaves the scores as they were."""
    told = _scored(spent, limit, curve, wobble, through, SLACK, LINE)
    watched = _scored(spent, limit, curve, wobble, through, WATCH_SLACK, WATCH_LINE)
    return [replace(alarm, is_watched=early.is_over) for alarm, early in zip(told, watched, strict=True)]


def _scored(
    spent: Mapping[date, Decimal | None], limit: Decimal, curve: Curve, wobble: float, through: date, slack: float, line: float
) -> list[Alarm]:  # fmt: skip
    found: list[Alarm] = []
    score, since = 0.0, None
    days = [day for day in curve.days if day <= through]
    for day in days:
        value = spent.get(day)
        if value is None:
            continue
        score = max(score + _steps(float(value), float(limit) * float(curve.share(day)), wobble) - slack, 0.0)
        since = (since or day) if score else None
        found.append(_alarm(day, score, since, days, spent, limit, curve, line))
    return found


def _steps(value: float, planned: float, wobble: float) -> float:
    """How many wobbles the day lies over its plan."""
    if planned <= 0:
        return MOST if value > 0 else 0.0
    return min(max(log(value / planned) / wobble, -MOST), MOST) if value > 0 else -MOST


def _alarm(
    day: date, score: float, since: date | None, days: Sequence[date], spent: Mapping[date, Decimal | None], limit: Decimal, curve: Curve,
    line: float,
) -> Alarm:  # fmt: skip
    so_far = {at: value for at in days if at <= day and (value := spent.get(at)) is not None}
    if since is None:
        return Alarm(day, score, None, None, None, False, False)
    planned = float(limit) * sum(float(curve.share(at)) for at in so_far if at >= since)
    pace = float(sum((value for at, value in so_far.items() if at >= since), Decimal(0))) / planned if planned else None
    rest = 1.0 - sum(float(curve.share(at)) for at in so_far)
    ahead = Decimal(repr(float(limit) * rest * pace)) if pace is not None else Decimal(0)
    landing = (sum(so_far.values(), Decimal(0)) + ahead).quantize(CENT)
    is_fast = score > line
    return Alarm(day, score, since, pace, landing, is_fast, is_fast and landing > limit)
