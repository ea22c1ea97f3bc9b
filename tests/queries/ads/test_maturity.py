"""How days moved after they were first reported, worked on paper."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from queries.ads.maturity import COLUMNS, curve, moving
from tests.queries.facts import Facts

OCT1 = date(2026, 10, 1)


def _said(day: date, age: int, spend: float, sales: float) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, 9) + timedelta(days=age)
    return {"shop": "a", "source": "plan", "account": "", "day": day, "as_of": at, "spend": spend, "attributed_sales": sales}


def _history(days: int = 11) -> pd.DataFrame:
    """Each day is reported after 1, 3 and 20 days: spend stands, sales end 50 % over the first report, the n-th day n % more."""
    rows = []
    for n in range(days):
        day = OCT1 + timedelta(days=n)
        rows += [_said(day, 1, 100, 1000), _said(day, 3, 100, 1250), _said(day, 20, 100, 1500 + 10 * n)]
    return pd.DataFrame(rows)


def test_the_curve_is_the_last_report_over_the_earlier_one() -> None:
    """Eleven days: 1,500 to 1,600 over 1,000, so +51 %, +55 %, +59 % (10 %, middle, 90 %); over 1,250 the middle is +24 %."""
    found = curve(_history()).set_index(["figure", "age"])
    first = found.loc[("attributed_sales", 0)]
    assert first["days"] == 11
    assert [round(float(first[c]), 4) for c in ("low", "mid", "high")] == [0.51, 0.55, 0.59]
    assert round(float(found.loc[("attributed_sales", 3), "mid"]), 4) == 0.24
    assert float(found.loc[("spend", 0), "mid"]) == 0


def test_few_days_and_young_days_say_nothing() -> None:
    """Nine settled days are too few; days whose last report is 3 days old do not count at all."""
    assert curve(_history(9)).empty
    young = _history(20)
    assert curve(young[young["as_of"] < pd.Timestamp(2026, 10, 1)]).empty
    assert list(curve(young.head(0)).columns) == list(COLUMNS)
    assert curve(young[[(at.date() - day).days < 15 for at, day in zip(young["as_of"], young["day"], strict=True)]]).empty


def test_moving_days_weigh_with_what_they_hold() -> None:
    """300 reported after 1 day (+55 %) and 100 after 3 (+24 %): (165 + 24) / 400 = +47.25 %; a day of 20 days stands."""
    nov = [date(2026, 11, d) for d in (1, 20, 22)]
    reported = {nov[0]: datetime(2026, 11, 21), nov[1]: datetime(2026, 11, 23), nov[2]: datetime(2026, 11, 23)}
    amounts = {"spend": dict.fromkeys(nov, 10.0), "attributed_sales": {nov[0]: 999.0, nov[1]: 100.0, nov[2]: 300.0}}
    history = _history()
    found = moving(curve(history), reported, amounts, history)
    assert found.first == nov[1] and found.days == {nov[1], nov[2]} and found.reported_twice == 11
    assert found.sales is not None and round(found.sales.mid, 4) == 0.4725 and found.sales.days == 11
    assert found.spend is not None and found.spend.mid == 0


def test_an_age_without_history_leaves_the_change_unknown() -> None:
    """A day reported after 5 days has no curve: moving, and nobody says by how much."""
    day, history = date(2026, 11, 18), _history()
    found = moving(curve(history), {day: datetime(2026, 11, 23)}, {"spend": {day: 1.0}, "attributed_sales": {day: 1.0}}, history)
    assert found.days == {day} and found.sales is None


def test_only_days_with_several_reports_are_published() -> None:
    """The day of two reports is there twice, the day of one not at all; without rows a covered day was 0."""
    facts = Facts()
    rows = [("2026-11-01", "p1", "2026-11-02", 5, 100), ("2026-11-01", "p2", "2026-11-09", 0, None), ("2026-11-02", "p1", "2026-11-03", 5, 70)]
    for day, package, at, count, spend in rows:
        facts.con.execute(
            "INSERT INTO fact.slice VALUES ('ad_day', 'a', 'plan', '', $1, $2, true, $3, 1, $4, true, $5, $5)", [day, package, at, count, spend]
        )
    found = facts.build().rows("SELECT day::TEXT, CAST(spend AS DOUBLE) FROM ad_statement ORDER BY as_of")
    assert found == [("2026-11-01", 100.0), ("2026-11-01", 0.0)]
