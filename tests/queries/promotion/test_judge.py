"""One campaign judged, by hand: windows, money, last year by T-day, shops added up."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from queries.promotion.account import COUPONS, Cost, Rates, account, costs_of, rates_of
from queries.promotion.judge import Judged, judge, total
from queries.promotion.runs import Phase, Run
from queries.promotion.uplift import Uplift, Window

START = date(2026, 9, 14)  # a Monday
FIRST, LAST = START - timedelta(weeks=14), START + timedelta(days=9)
WARM, OPEN = Phase("预热", START, START + timedelta(days=1)), Phase("爆发", START + timedelta(days=2), START + timedelta(days=4))
RUN = Run("", {"zh": "店庆", "en": "店庆"}, 2026, START, OPEN.last, START, (WARM, OPEN))
EARLIER = Run("", RUN.label, 2025, FIRST + timedelta(days=30), FIRST + timedelta(days=34), FIRST + timedelta(days=30))
UNSURE = Uplift(Window(START, START, START), 1, 0, 150, 50, 80, 120, "up")


def _sold(day: date) -> float:
    """100 a day, 300 in the event, 80 in the five days after it."""
    return 100.0 if day < START else 300.0 if day <= OPEN.last else 80.0


def _days() -> list[date]:
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def _rows(**more: Any) -> pd.DataFrame:
    lines = [{"shop": "a", "day": day, "sales": _sold(day), "refunds": 10.0, "orders": _sold(day) / 50, "margin": 0.5, "fee": 0.1, "freight": 2.0} for day in _days()]
    return pd.DataFrame(lines).assign(**more)


def _purses() -> pd.DataFrame:
    """Ads 10 a day, 40 in the event; coupons 1 a day, 5 in the event; fees do not matter."""
    lines = []
    for day in _days():
        is_on = START <= day <= OPEN.last
        for purse, basis, amount in (("alimama", "ads", 40.0 if is_on else 10.0), ("coupons", COUPONS, 5.0 if is_on else 1.0), ("fees", "fees", 99.0)):
            lines.append({"shop": "a", "purse": purse, "basis": basis, "day": day, "spend": amount})
    return pd.DataFrame(lines)


def _quiet() -> pd.Series:
    return pd.Series([day < START for day in _days()], index=_days())


def _judge(**more: Any) -> Judged:
    return judge(RUN, [RUN, EARLIER], _rows(**more), _quiet(), _purses())


def test_event_days_after_and_both() -> None:
    """5 x 200 more, then 5 x 20 fewer: 1,000, -100, 900; the phases 400 and 600."""
    found = _judge()
    assert found.after is not None
    assert [one.uplift for one in (found.event, found.after, found.net)] == pytest.approx([1000, -100, 900])
    assert (found.event.word, found.after.word, found.net.word) == ("up", "down", "up")
    assert [(name, one.uplift) for name, one in found.phases] == [("预热", pytest.approx(400)), ("爆发", pytest.approx(600))]


def test_what_it_earned_and_cost() -> None:
    """Extra 900; refunds 100 of 1,900 sold; extra coupons 20, ads 150; freight 2 an order of 50.

    Kept 900 x 18/19 = 852.63; margin (852.63 + 20) x 0.5 = 436.32, fees 85.26, freight 36: 315.05 against 170.
    """
    found = _judge().account
    assert found is not None and found.roi is not None
    assert (found.spent, found.earned[0]) == (pytest.approx(170), pytest.approx(315.0526, abs=1e-3))
    assert (found.profit[0], found.roi[0]) == (pytest.approx(145.0526, abs=1e-3), pytest.approx(1.85325, abs=1e-4))


def test_the_range_of_profit_is_that_of_the_uplift() -> None:
    """Uplift 100 (80 to 120), margin a half, 30 spent: 20 (10 to 30), ROI 5/3 (4/3 to 2)."""
    found = account(UNSURE, Rates(0.0, 0.5, 0.0, 0.0, 0.02), [Cost("alimama", "ads", 40, 10, 0)])
    assert found is not None
    assert found.profit == pytest.approx((20, 10, 30)) and found.roi == pytest.approx((5 / 3, 4 / 3, 2))


def test_no_money_without_margin_or_usual_cost() -> None:
    """No margin typed, a purse whose ordinary days are not known: no profit; nothing extra spent: no ROI."""
    assert _judge(margin=math.nan).account is None
    rates = Rates(0.0, 0.5, None, None, None)
    assert account(UNSURE, rates, [Cost("alimama", "ads", 40, math.nan, 0)]) is None
    same = account(UNSURE, rates, [Cost("alimama", "ads", 10, 10, 0)])
    assert same is not None and same.roi is None and same.profit[0] == pytest.approx(50)


def test_a_purse_that_only_ran_in_the_event_has_no_usual_cost() -> None:
    """抖音 spent 30 on the first day and never before: all of it is extra, nine days have no figure."""
    rows = pd.DataFrame([{"shop": "a", "purse": "qianchuan", "basis": "ads", "day": START, "spend": 30.0}])
    assert costs_of(rows, _quiet(), Window(START, START, LAST)) == [Cost("qianchuan", "ads", 30, 0, 9)]


def test_shops_weigh_by_their_sales() -> None:
    """300 sold at 20 % and 100 at 40 %: 25 %; a shop without a rate makes it unknown."""
    rows = pd.DataFrame({"sales": [300.0, 100.0], "refunds": [30.0, 10.0], "orders": [3.0, 1.0], "margin": [0.2, 0.4], "fee": [0.1, math.nan], "freight": [2.0, 4.0]})
    assert rates_of(rows) == Rates(pytest.approx(0.1), pytest.approx(0.25), None, pytest.approx(2.5), pytest.approx(0.01))


def test_last_year_by_t_day() -> None:
    """T of this year stands over T of the earlier run, 300 over 100; sums run while both are known."""
    years = _judge().years
    assert list(years["t"]) == list(range(10)) and years["day_before"].iloc[0] == EARLIER.t_day
    assert years["so_far"].iloc[-1] == pytest.approx(1900) and years["so_far_before"].iloc[-1] == pytest.approx(1000)


def test_without_last_year_there_are_no_years() -> None:
    """Nobody typed last year's 店庆."""
    assert judge(RUN, [RUN], _rows(), _quiet(), _purses()).years.empty


def test_a_day_is_known_when_every_shop_is() -> None:
    """Shop b begins later and misses one day: that day is a gap, the days before b began are a's alone."""
    days = [date(2026, 9, n) for n in range(1, 6)]
    rows = pd.DataFrame([{"shop": "a", "day": day, "sales": 10.0} for day in days] + [{"shop": "b", "day": days[n], "sales": 5.0} for n in (2, 4)])
    found = total(rows, pd.Series(True, index=days))
    assert found.iloc[:3].tolist() == [10, 10, 15] and math.isnan(found.iloc[3]) and found.iloc[4] == 15


def test_a_running_event_has_no_days_after() -> None:
    """On its first day: the event so far, both together are the same, phases to come are left out."""
    day = START
    rows, quiet = _rows(), _quiet()
    found = judge(RUN, [RUN], rows[rows["day"] <= day], quiet[quiet.index <= day], _purses())
    assert found.after is None and found.net is found.event and found.event.window.last == day and found.phases == ()
