"""Every period and what it is compared with, worked out on a calendar. 2026-11-13 is a Friday."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from dashboard.periods import promotions, view

TODAY = date(2026, 11, 13)
NONE = pd.DataFrame({"name": [], "phase": [], "day": [], "day_to": []})


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("period", "compare", "days", "before"),
    [
        ("yesterday", "prev", ("2026-11-12", "2026-11-12"), ("2026-11-11", "2026-11-11")),
        ("yesterday", "weekday", ("2026-11-12", "2026-11-12"), ("2026-11-05", "2026-11-05")),
        ("yesterday", "year", ("2026-11-12", "2026-11-12"), ("2025-11-12", "2025-11-12")),
        ("today", "prev", ("2026-11-13", "2026-11-13"), ("2026-11-12", "2026-11-12")),
        ("last7", "prev", ("2026-11-06", "2026-11-12"), ("2026-10-30", "2026-11-05")),
        ("last30", "prev", ("2026-10-14", "2026-11-12"), ("2026-09-14", "2026-10-13")),
        ("last30", "weekday", ("2026-10-14", "2026-11-12"), ("2026-09-09", "2026-10-08")),
        ("week", "prev", ("2026-11-09", "2026-11-12"), ("2026-11-02", "2026-11-05")),
        ("week", "year", ("2026-11-09", "2026-11-12"), ("2025-11-10", "2025-11-13")),
        ("month", "prev", ("2026-11-01", "2026-11-12"), ("2026-10-01", "2026-10-12")),
        ("month", "weekday", ("2026-11-01", "2026-11-12"), ("2026-10-18", "2026-10-29")),
        ("promo", "prev", ("2026-11-01", "2026-11-11"), ("2026-10-21", "2026-10-31")),
        ("promo", "year", ("2026-11-01", "2026-11-11"), ("2025-11-01", "2025-11-11")),
    ],
)
def test_periods(period: str, compare: str, days: tuple[str, str], before: tuple[str, str]) -> None:
    """近7天 and 近30天 end yesterday; week and month compare equal days elapsed."""
    got = view(period, compare, TODAY, promotions=promotions(NONE, TODAY))
    assert (got.day_from, got.day_to) == (d(days[0]), d(days[1]))
    assert (got.compare_from, got.compare_to) == (d(before[0]), d(before[1]))


def test_first_of_month_shows_the_month_that_ended() -> None:
    """On 1 March no day of March has ended: February stands, against 1-28 January."""
    got = view("month", "prev", date(2026, 3, 1))
    assert (got.day_from, got.day_to) == (d("2026-02-01"), d("2026-02-28"))
    assert (got.compare_from, got.compare_to) == (d("2026-01-01"), d("2026-01-28"))


def test_a_longer_month_is_compared_with_what_the_shorter_has() -> None:
    """1-30 March against all 28 days of February, never into March itself."""
    got = view("month", "prev", date(2026, 3, 31))
    assert (got.compare_from, got.compare_to) == (d("2026-02-01"), d("2026-02-28"))


def test_leap_day_has_a_year_before() -> None:
    """29 February 2028 is compared with 28 February 2027."""
    assert view("yesterday", "year", date(2028, 3, 1)).compare_from == d("2027-02-28")


def test_a_running_campaign_ends_yesterday() -> None:
    """On 5 November 双11 shows its first four days, against four days of last year's."""
    today = date(2026, 11, 5)
    got = view("promo", "year", today, promotions=promotions(NONE, today))
    assert (got.day_from, got.day_to) == (d("2026-11-01"), d("2026-11-04"))
    assert (got.compare_from, got.compare_to) == (d("2025-11-01"), d("2025-11-04"))


def test_typed_campaigns_stand_before_the_calendar() -> None:
    """A typed 双11 with phases replaces the calendar's of that year; campaigns still to come are not offered."""
    typed = pd.DataFrame(
        {"name": ["双11", "双11", "双12"], "phase": ["预售", "正式", ""], "day": [d("2026-10-20"), d("2026-10-31"), d("2026-12-01")],
         "day_to": [d("2026-10-30"), d("2026-11-14"), d("2026-12-12")]}
    )  # fmt: skip
    got = promotions(typed, TODAY)
    assert [p.id for p in got[:3]] == ["双11-2026", "618-2026", "双11-2025"]
    assert (got[0].day_from, got[0].day_to, got[0].is_calendar) == (d("2026-10-20"), d("2026-11-14"), False)
    assert got[1].is_calendar
    assert got[0].label("en") == "Double 11 2026"


def test_custom_days() -> None:
    """自定义 shows what was picked, against as many days before."""
    got = view("custom", "prev", TODAY, custom=(d("2026-11-01"), d("2026-11-03")))
    assert (got.compare_from, got.compare_to) == (d("2026-10-29"), d("2026-10-31"))
