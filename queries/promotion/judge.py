"""One campaign judged: phases, event, the days after, both together, money, and last year's event by T-day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from queries.ads.pacing import RUNNING_DAYS, added
from queries.promotion.account import Account, Cost, Rates, account, costs_of, rates_of
from queries.promotion.runs import Run, after, year_before
from queries.promotion.uplift import History, Uplift, Window, measure

SHOWN_BEFORE = 21
STOPPED = RUNNING_DAYS


@dataclass(frozen=True)
class Judged:
    """event: the campaign's days so far; after: None when there are none yet; net: both together, what the money goes by.

    phases: (name, uplift) of phases that have begun, empty when there is just one; days: day, sales, baseline, quiet, from
    SHOWN_BEFORE days before; years: `by_t_day`.
    """

    run: Run
    event: Uplift
    after: Uplift | None
    net: Uplift
    phases: tuple[tuple[str, Uplift], ...]
    days: pd.DataFrame
    rates: Rates
    costs: tuple[Cost, ...]
    account: Account | None
    years: pd.DataFrame


def judge(
    run: Run, others: Sequence[Run], rows: pd.DataFrame, quiet: pd.Series, purses: pd.DataFrame, control: pd.Series | None = None,
) -> Judged:  # fmt: skip
    """rows: promotion/days of the shops judged, in one currency, to the last whole day; purses: ads/purses of the same.

    quiet: every day from the first to the last of rows; control: what the control sold, by day.
    """
    sales = total(rows, quiet)
    history, day = History(sales, quiet, control), quiet.index[-1]
    event = measure(history, Window(run.first, run.first, min(run.last, day)))
    rest = after(run, others, day)
    later = None if rest is None else measure(history, Window(run.first, *rest))
    net = event if rest is None else measure(history, Window(run.first, run.first, rest[1]))
    phases = [(p.name, Window(run.first, p.first, min(p.last, day))) for p in run.phases if p.first <= day]
    inside = rows[(rows["day"] >= net.window.first) & (rows["day"] <= net.window.last)]
    rates, costs = rates_of(inside), costs_of(purses, quiet, net.window)
    return Judged(
        run, event, later, net, tuple((name, measure(history, window)) for name, window in phases) if len(phases) > 1 else (),
        _days(history, sales, quiet, event, later), rates, tuple(costs), account(net, rates, costs),
        by_t_day(run, others, sales, net.window.last),
    )  # fmt: skip


def total(rows: pd.DataFrame, quiet: pd.Series) -> pd.Series:
    """Sales of all shops by day; a day is known when every shop that sells then is. rows: shop, day (one of quiet's), sales."""
    shops = [part.groupby("day")["sales"].sum().to_dict() for _, part in rows.dropna(subset="sales").groupby("shop")]
    return pd.Series(added(shops, quiet.index[-1]), dtype=float).reindex(list(quiet.index))


def _days(history: History, sales: pd.Series, quiet: pd.Series, event: Uplift, later: Uplift | None) -> pd.DataFrame:
    """Baselines of the event's days and of those after, each brought to its window's corrected sum."""
    parts = [_scaled(history, one, sales) for one in (event, later) if one is not None]
    baseline = pd.concat(parts)
    days = pd.date_range(event.window.start - timedelta(days=SHOWN_BEFORE), max(baseline.index)).date
    out = pd.DataFrame({"day": days})
    for name, values in (("sales", sales), ("baseline", baseline), ("quiet", quiet)):
        out[name] = values.reindex(days).to_numpy()
    return out


def _scaled(history: History, one: Uplift, sales: pd.Series) -> pd.Series:
    plain = history.expected(one.window)
    known = plain[sales.reindex(plain.index).notna()].sum()
    return plain * (one.baseline / known) if known > 0 else plain * np.nan


def by_t_day(run: Run, others: Sequence[Run], sales: pd.Series, last: date) -> pd.DataFrame:
    """t, day, sales, day_before, sales_before, so_far, so_far_before (running sums while both years are known); no rows
    without any figure of last year's event."""
    there = year_before(run, others)
    if there is None:
        return _no_years()
    days = [run.first + timedelta(days=n) for n in range((last - run.first).days + 1)]
    at = [(day - run.t_day).days for day in days]
    out = pd.DataFrame({"t": at, "day": days, "day_before": [there + timedelta(days=t) for t in at]})
    out["sales"] = sales.reindex(out["day"]).to_numpy()
    out["sales_before"] = sales.reindex(out["day_before"]).to_numpy()
    if out["sales_before"].isna().all():
        return _no_years()
    both = out[["sales", "sales_before"]].notna().all(axis=1)
    out["so_far"] = out["sales"].where(both).cumsum()
    out["so_far_before"] = out["sales_before"].where(both).cumsum()
    return out


def _no_years() -> pd.DataFrame:
    return pd.DataFrame(columns=["t", "day", "day_before", "sales", "sales_before", "so_far", "so_far_before"])
