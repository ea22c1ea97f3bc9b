"""Days that are still moving: how much a day of a purse changed after it was first reported, by the age of the report.

At 15 days platforms have credited what they mostly will (some windows are 30 days). Of every day
that has a report at least that old, each earlier report gives one ratio: the last one's figure over its own. Per age these
ratios' median and 10 % and 90 % quantiles are the maturity curve; an age with fewer than 10 days is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

SETTLED = 15  # days after which a day is taken as it stands
DAYS_NEEDED = 10
AGES = ((0, 1), (2, 2), (3, 3), (4, 7), (8, SETTLED - 1))  # days from the day to the report, both ends included
FIGURES = ("spend", "attributed_sales")
COLUMNS = ("figure", "age", "days", "low", "mid", "high")


@dataclass(frozen=True)
class Change:
    """How much a sum of days has changed before, as a share of it: median, 80 % range, fewest days behind any of its ages."""

    low: float
    mid: float
    high: float
    days: int


@dataclass(frozen=True)
class Moving:
    """first: the earliest day of the span that is still moving, None when none is; days: every one that is; spend, sales: how much
    such days changed before, None when not known; reported_twice: days that have more than one report at all.
    """

    first: date | None
    days: frozenset[date]
    spend: Change | None
    sales: Change | None
    reported_twice: int


def curve(statements: pd.DataFrame) -> pd.DataFrame:
    """COLUMNS, one row per figure and age of AGES that has enough days; `age` is the first day of the age.

    statements: rows of ads/statements (shop, source, account, day, as_of, spend, attributed_sales).
    """
    if statements.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    keys = ["shop", "source", "account", "day"]
    frame = statements.sort_values([*keys, "as_of"]).assign(age=_ages(statements["day"], statements["as_of"]))
    last = frame.groupby(keys).tail(1).set_index(keys)
    last = last[last["age"] >= SETTLED]
    early = frame[frame["age"] < SETTLED].join(
        last[list(FIGURES)].add_suffix("_last"), on=keys, how="inner"
    )
    rows = []
    for figure in FIGURES:
        said = pd.to_numeric(early[figure], errors="coerce").astype(float)
        ratio = pd.to_numeric(early[f"{figure}_last"], errors="coerce").astype(float) / said.where(said > 0)
        for low, high in AGES:
            one = early.assign(ratio=ratio)[early["age"].between(low, high) & ratio.notna()]
            one = one.groupby(keys).head(1)  # a day counts once per age
            if len(one) >= DAYS_NEEDED:
                ends = one["ratio"].quantile([0.1, 0.5, 0.9]).tolist()
                rows.append((figure, low, len(one), *(end - 1 for end in ends)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def moving(
    found: pd.DataFrame, reported: Mapping[date, datetime | None], amounts: Mapping[str, Mapping[date, float]],
    statements: pd.DataFrame,
) -> Moving:  # fmt: skip
    """Which days are still moving and by how much such days have. found: `curve`; reported: when each day was last reported;
    amounts: by figure of FIGURES, what each day holds now.
    """
    ages = {day: (at.date() - day).days for day, at in reported.items() if at is not None}
    young = {day: max(age, 0) for day, age in ages.items() if age < SETTLED}
    twice = statements.groupby(["shop", "source", "account", "day"]).ngroups if len(statements) else 0
    changes = [_change(found, figure, amounts.get(figure, {}), young) for figure in FIGURES]
    return Moving(min(young, default=None), frozenset(young), changes[0], changes[1], twice)


def _change(found: pd.DataFrame, figure: str, amounts: Mapping[date, float], young: Mapping[date, int]) -> Change | None:
    """Each day's own age weighs with what the day holds; one age that is not known leaves the whole not known."""
    known = {row.age: row for row in found[found["figure"] == figure].itertuples()}
    parts = [(amounts[day], known.get(_bucket(age))) for day, age in young.items() if amounts.get(day)]
    total = sum(amount for amount, _ in parts)
    rows = [row for _, row in parts if row is not None]
    if not total or len(rows) < len(parts):
        return None
    low, mid, high = (
        sum(amount * getattr(row, end) for amount, row in parts if row is not None) / total for end in ("low", "mid", "high")
    )
    return Change(low, mid, high, min(int(row.days) for row in rows))


def _bucket(age: int) -> int:
    return next(low for low, high in AGES if low <= age <= high)


def _ages(days: Iterable[object], reports: Iterable[object]) -> list[int]:
    return [(pd.Timestamp(at).date() - pd.Timestamp(day).date()).days for day, at in zip(days, reports, strict=True)]
