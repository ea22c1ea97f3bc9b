"""Projections worked by hand, and what the forecast says when it does not know."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D

import numpy as np
import pytest

from queries.plan.forecast import Forecast, forecast, from_series, past_ratios
from queries.plan.series import Series, steady_mean

NOV1, NOV10, NOV30 = date(2026, 11, 1), date(2026, 11, 10), date(2026, 11, 30)
History = dict[date, float | None]


def flat(first: date, last: date, value: float = 100.0) -> History:
    return {first + timedelta(days=n): value for n in range((last - first).days + 1)}


def test_a_steady_series_lands_where_it_goes() -> None:
    """100 a day: 3,000 in November, by any method; ranges of a series without error have no width."""
    found = forecast(flat(date(2026, 7, 1), NOV10), NOV1, NOV30, NOV10, china=False)
    assert (found.state, found.actual, found.value, found.low, found.high) == ("ok", 1000, 3000, 3000, 3000)
    assert (found.straight, found.filled, found.unknown) == (3000, 0, ())


def test_weekends_still_to_come_count_as_weekends() -> None:
    """Weeks of 10,10,10,10,20,30,10. 1 to 12 November 2026 is Sunday 10 + a week 100 + Mo to Th 40 = 150. Left: Fr to Su 60, two
    weeks 200, Monday 10 = 270, so 420; the straight line says 150/12 x 30 = 375.
    """
    week = (10.0, 10.0, 10.0, 10.0, 20.0, 30.0, 10.0)
    history = {day: week[day.weekday()] for day in flat(date(2026, 6, 29), date(2026, 11, 12))}
    found = forecast(history, NOV1, NOV30, date(2026, 11, 12), china=False)
    assert (found.actual, found.value, found.straight) == (150, D("420.00"), D("375.00"))


def test_a_missing_day_is_projected_and_a_zero_is_not() -> None:
    """A day that is not out yet counts as an ordinary one; a day of 0 counts as 0."""
    history = flat(date(2026, 7, 1), NOV10)
    missing = forecast(history | {date(2026, 11, 4): None, NOV10: None}, NOV1, NOV30, NOV10, china=False)
    assert (missing.actual, missing.value, missing.filled, missing.straight) == (800, 3000, 2, 3000)
    closed = forecast(history | {date(2026, 11, 4): 0.0}, NOV1, NOV30, NOV10, china=False)
    assert closed.actual == 900 and closed.filled == 0 and closed.value is not None and closed.value < 3000


def test_a_week_that_is_not_out_yet() -> None:
    """The last five days are missing: projected, and the range goes from the last known day on."""
    found = forecast(flat(date(2026, 7, 1), date(2026, 11, 5)), NOV1, NOV30, NOV10)
    assert (found.state, found.actual, found.filled, found.value) == ("ok", 500, 5, 3000)


def test_last_years_campaign_is_expected_again_on_its_t_day() -> None:
    """100 a day, 1,000 on 18 June 2025: June 2026 is 29 x 100 + 1,000; the straight line sees none of it."""
    history = flat(date(2025, 3, 1), date(2026, 6, 5)) | {date(2025, 6, 18): 1000.0}
    found = forecast(history, date(2026, 6, 1), date(2026, 6, 30), date(2026, 6, 5))
    assert (found.value, found.straight, found.unknown) == (D("3900.00"), 3000, ())
    assert found.low is not None and found.high is not None and found.low <= 3900 <= found.high
    after = history | flat(date(2026, 6, 6), date(2026, 6, 20)) | {date(2026, 6, 18): 1000.0}
    assert forecast(after, date(2026, 6, 1), date(2026, 6, 26), date(2026, 6, 20)).value == 3500  # the level stays 100


def test_last_years_season_is_expected_in_part() -> None:
    """100 a day, 200 from 16 November to the end of 2025, 100 again. 17 November 2026 stands against 18 November 2025: around
    it lie 5 days of 100 (cut to 125) and 10 of 200, mean 175; on 11 November it was 100: 100 x 1.75 ^ 0.8 = 156.47.
    """
    history = flat(date(2025, 6, 1), date(2026, 11, 10)) | flat(date(2025, 11, 16), date(2025, 12, 31), 200.0)
    day = date(2026, 11, 17)
    assert forecast(history, day, day, NOV10, china=False).value == D("156.47")


def test_a_history_that_begins_inside_last_years_window() -> None:
    """From 25 October 2025 on nobody knows the eve of Double 11 (9 October). The window's own median, 50, stands for it:
    Double 11 is worth 20 and the days about it 1. At 100 a day: 900 to the 9th, 100 on the 10th and 12th, 2,000 on the 11th.
    """
    history = flat(date(2025, 10, 25), date(2025, 11, 20), 50.0) | flat(date(2025, 11, 21), date(2026, 11, 9))
    history[date(2025, 11, 11)] = 1000.0
    lift = Series(history).lift(date(2026, 11, 11))
    assert lift is not None and (lift.event, lift.year, lift.times) == ("double11", 2026, 20.0)
    found = forecast(history, date(2026, 11, 1), date(2026, 11, 12), date(2026, 11, 9))
    assert found.value == 900 + 2000 + 100 * 2


def test_an_own_event_moves_with_its_typed_date() -> None:
    """The anniversary was on 8 August (500) and is on 20 September this year: September is 29 x 100 + 500."""
    history = flat(date(2025, 5, 1), date(2026, 9, 5)) | {date(2025, 8, 8): 500.0}
    own = {"anniversary": {2025: date(2025, 8, 8), 2026: date(2026, 9, 20)}}
    found = forecast(history, date(2026, 9, 1), date(2026, 9, 30), date(2026, 9, 5), own=own, china=False)
    assert found.value == D("3400.00")


def test_an_event_without_a_known_last_year_is_named_and_can_be_typed() -> None:
    """History from May: nobody knows what Double 11 brings. It is named; typed as 8 ordinary days it adds 7 x 100."""
    history = flat(date(2026, 5, 1), date(2026, 11, 9))
    plain = forecast(history, NOV1, NOV30, date(2026, 11, 9))
    assert plain.value == 3000 and plain.unknown[0] == "double11"
    typed = forecast(history, NOV1, NOV30, date(2026, 11, 9), lifts={date(2026, 11, 11): 8.0})
    assert typed.value == 3700


def test_an_event_far_ahead_is_named_too() -> None:
    """A two-year plan with an own event 19 months ahead: no known last year, so it is named."""
    own = {"jubilee": {2028: date(2028, 6, 3)}}
    found = forecast(flat(date(2026, 7, 1), NOV10), NOV1, date(2028, 6, 30), NOV10, own=own, china=False)
    assert (found.state, found.unknown, found.value) == ("no_range", ("jubilee",), 60800)  # 608 days


def test_a_campaign_still_going_on_teaches_nothing_yet() -> None:
    """History from 15 October to 9 November, inside Double 11's window: next year's is not known, and nothing breaks."""
    series = Series(flat(date(2026, 10, 15), date(2026, 11, 9)), to=date(2027, 12, 31))
    lift = series.lift(date(2027, 11, 2), series.length - 1)
    assert lift is not None and (lift.event, lift.times) == ("double11", None)


def test_too_little_history_gives_no_figure() -> None:
    """27 days: no projection. 40 days: a projection without a range. Nothing at all: not even a straight line."""
    short = forecast(flat(date(2026, 10, 15), NOV10), NOV1, NOV30, NOV10, china=False)
    assert short == Forecast("not_enough_history", NOV10, D(1000), straight=D(3000))
    some = forecast(flat(date(2026, 10, 2), NOV10), NOV1, NOV30, NOV10, china=False)
    assert (some.state, some.value, some.low, some.high) == ("no_range", 3000, None, None)
    none = forecast({}, NOV1, NOV30, NOV10)
    assert (none.state, none.value, none.straight, none.actual) == ("not_enough_history", None, None, 0)


def test_a_period_that_is_over_has_happened() -> None:
    """No projection is left in it; a day still missing in it is projected."""
    history = flat(date(2026, 7, 1), NOV30)
    assert forecast(history, NOV1, NOV30, NOV30).state == "over"
    assert forecast(history, NOV1, NOV30, date(2026, 12, 24)).value == 3000
    late = forecast(history | {date(2026, 11, 20): None}, NOV1, NOV30, NOV30, china=False)
    assert (late.state, late.actual, late.value, late.filled) == ("no_range", 2900, 3000, 1)


def test_a_period_that_has_not_begun_is_projected_whole() -> None:
    """Seen from 20 October: 30 x 100, nothing to date, no straight line."""
    found = forecast(flat(date(2026, 6, 1), date(2026, 10, 20)), NOV1, NOV30, date(2026, 10, 20), china=False)
    assert (found.actual, found.value, found.straight, found.state) == (0, 3000, None, "ok")


class Known:
    """Past windows with given outcomes; the projection was always 100."""

    def __init__(self, happened: list[float], unknown: list[float]) -> None:
        self.outcomes, self.unknown = np.array(happened), np.array(unknown)

    def projected(self, offsets: range) -> np.ndarray:
        return np.full(len(self.outcomes), 100.0)

    def happened(self, offsets: range) -> np.ndarray:
        return self.outcomes

    def unknown_share(self, offsets: range) -> np.ndarray:
        return self.unknown


def test_the_range_is_the_quantiles_of_its_own_past_errors() -> None:
    """60 windows; the 30 without unknown campaigns gave 81 … 110, the others 300. Of 30 the 10 % quantile is the 3rd, 83; the
    90 % quantile the 27th, 107. Windows that have not ended do not count: of 30 days and 5 ahead, 25 had.
    """
    happened = [300.0] * 30 + [81.0 + n for n in range(30)] + [9999.0] * 10
    unknown = [0.5] * 30 + [0.0] * 40
    assert past_ratios(Known(happened, unknown), 69, range(1, 11)) == (0.83, 1.07, 30)  # type: ignore[arg-type]
    few = past_ratios(Known(happened[:30], unknown[:30]), 29, range(1, 6))  # type: ignore[arg-type]
    assert few == (None, None, 25)


def test_the_range_holds_the_projection() -> None:
    """A method that was always too low by 10 to 40 % has a range from the projection upwards, not one without it."""
    happened = [110.0 + n for n in range(31)]
    low, high, _ = past_ratios(Known([*happened, 0.0], [0.0] * 32), 31, range(1, 2))  # type: ignore[arg-type]
    assert (low, high) == (1.0, 1.37)


def test_level_by_hand() -> None:
    """Median 100: 400 counts 160, 10 counts 62.5. A series with no value on every third day keeps its plain mean."""
    assert steady_mean([100.0] * 8 + [400.0, 10.0]) == pytest.approx((800 + 160 + 62.5) / 10)
    assert steady_mean([0.0, 100.0, 100.0] * 4) == pytest.approx(800 / 12)


def test_past_answers_do_not_know_what_came_later() -> None:
    """Every figure from a series that goes on equals the one from a history that ended there."""
    rng = np.random.default_rng(7)
    first = date(2025, 3, 1)
    history: History = {
        first + timedelta(days=n): float(v) for n, v in enumerate(rng.gamma(9, 100, 640) * (1 + np.arange(640) / 900))
    }
    history[date(2026, 2, 3)] = None
    series = Series(history)
    for day, end in (
        (date(2025, 6, 18), 12),
        (date(2026, 2, 9), 19),
        (date(2026, 6, 1), 29),
        (date(2026, 11, 8), 22),
        (date(2026, 5, 10), 420),
    ):
        period = (day - timedelta(days=7), day + timedelta(days=end))
        assert from_series(series, *period, day) == forecast(history, *period, day)


def test_five_known_days_at_the_begin_of_a_campaign_do_not_stop_a_forecast() -> None:
    """A history that ends inside last year's event window has no later days to look at: no landing, and no error."""
    days = {date(2025, 11, 9) + timedelta(days=n): 100 for n in range(3)}
    found = forecast(days, date(2026, 11, 1), date(2026, 11, 30), date(2026, 11, 8))
    assert (found.state, found.value) == ("not_enough_history", None)
