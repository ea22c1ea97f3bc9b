"""The uplift of an event: by hand on smooth shops, and against the truth of made-up ones."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from queries.promotion.uplift import BASE_DAYS, History, Uplift, Window, measure
from tests.queries.promotion.shops import Shop, shop_of

FIRST = date(2026, 1, 5)  # a Monday


def _history(values: list[float], event: int, control: list[float] | None = None) -> History:
    days = [FIRST + timedelta(days=n) for n in range(len(values))]
    quiet = pd.Series([n < event for n in range(len(values))], index=days)
    return History(pd.Series(values, index=days), quiet, None if control is None else pd.Series(control, index=days))


def _window(event: int, first: int, last: int) -> Window:
    return Window(*(FIRST + timedelta(days=n) for n in (event, first, last)))


def _weeks(count: int, sunday: float = 200.0) -> list[float]:
    return [sunday if n % 7 == 6 else 100.0 for n in range(7 * count)]


def test_the_baseline_is_that_of_the_same_weekdays() -> None:
    """100 a day and 200 on Sundays; a Saturday and a Sunday sell 400 each: 800 over 300, burst factor 8/3."""
    found = measure(_history([*_weeks(12), *[100.0] * 5, 400.0, 400.0], 84), _window(84, 89, 90))
    assert found.baseline == pytest.approx(300) and found.uplift == pytest.approx(500) and found.burst == pytest.approx(8 / 3)
    assert found.word == "up" and found.low == pytest.approx(500) and found.high == pytest.approx(500)


def test_less_than_usual_is_down() -> None:
    """Five days at 50 where 100 are usual: 250 less."""
    found = measure(_history([*_weeks(12), *[50.0] * 5], 84), _window(84, 84, 88))
    assert (found.word, found.uplift) == ("down", pytest.approx(-250))


def test_only_the_latest_quiet_days_count() -> None:
    """A shop that doubled more than BASE_DAYS days ago is held against 200 a day, not 100."""
    weeks = [100.0] * 84 + [200.0] * (BASE_DAYS + 7)
    history = _history([*weeks, *[200.0] * 3], len(weeks))
    assert list(history.expected(_window(len(weeks), len(weeks), len(weeks) + 2))) == [200.0] * 3


def test_a_control_that_moves_along_lifts_the_baseline() -> None:
    """Both swing together by the week, 100 and 120; in the event both sell 150: the shop did what its control did."""
    swing = [100.0 if n // 7 % 2 else 120.0 for n in range(140)]
    found = measure(_history([*swing, *[150.0] * 3], 140, [*swing, *[150.0] * 3]), _window(140, 140, 142))
    assert found.share == pytest.approx(1) and found.uplift == pytest.approx(0, abs=1e-6)


def test_a_control_that_goes_its_own_way_is_left_out() -> None:
    """The shop is steady, only the control swings: its 150 lifts nothing, the uplift stays 150."""
    swing = [100.0 if n // 7 % 2 else 120.0 for n in range(140)]
    found = measure(_history([*[100.0] * 140, *[150.0] * 3], 140, [*swing, *[150.0] * 3]), _window(140, 140, 142))
    assert found.share == pytest.approx(0, abs=1e-9) and found.uplift == pytest.approx(150)


def test_too_few_days_say_so() -> None:
    """Three weeks before the event, a window outside the days, and a day without a figure."""
    few = measure(_history([*_weeks(3), 400.0], 21), _window(21, 21, 21))
    assert few.word == "few" and math.isnan(few.low) and few.actual == 400
    outside = measure(_history(_weeks(12), 84), _window(84, 84, 85))
    assert (outside.word, outside.days, outside.missing) == ("few", 0, 2)
    gap = measure(_history([*_weeks(12), 300.0, math.nan, 300.0], 84), _window(84, 84, 86))
    assert (gap.missing, gap.actual, gap.baseline) == (1, 600, pytest.approx(200))


def test_a_long_event_borrows_shorter_windows() -> None:
    """Fifteen quiet weeks hold fewer than five separate stretches of 33 days: ten days at the window's middle stand in."""
    history = _history([*_weeks(15), *[300.0] * 33], 105)
    found = measure(history, _window(105, 105, 137))
    assert found.is_short and found.word == "up" and found.windows >= 5


def _windows(shop: Shop) -> dict[str, tuple[date, date]]:
    return {"event": (shop.start, shop.last), "after": (shop.last + timedelta(days=1), shop.after), "net": (shop.start, shop.after)}


def _judged(count: int, times: float | None, has_control: bool, length: int | None = None, first: int = 0) -> list[tuple[str, Uplift, float]]:
    found = []
    for seed in range(first, first + count):
        shop = shop_of(seed, times, length)
        history = History(shop.sales, shop.quiet, shop.control if has_control else None)
        found += [(name, measure(history, Window(shop.start, *span)), shop.truth(*span)) for name, span in _windows(shop).items()]
    return found


def _covered(found: list[tuple[str, Uplift, float]], only: str = "") -> float:
    known = [(one, truth) for name, one, truth in found if one.word != "few" and only in ("", name)]
    return float(np.mean([one.low <= truth <= one.high for one, truth in known]))


def _quiet(found: list[tuple[str, Uplift, float]], only: str = "") -> float:
    words = Counter(one.word for name, one, _ in found if one.word != "few" and only in ("", name))
    return words["none"] / words.total()


def test_ranges_hold_on_made_up_shops() -> None:
    """60 shops each: 80 % ranges hold the truth in 72 to 88 %; with no effect "no effect" in 90 % and more."""
    found = [*_judged(60, None, False), *_judged(60, None, True)]
    assert 0.72 <= _covered(found, "event") <= 0.88
    idle = [*_judged(60, 1.0, False), *_judged(60, 1.0, True)]
    assert _quiet(idle, "event") >= 0.90


@pytest.mark.slow
@pytest.mark.parametrize(("has_control", "length"), [(False, None), (True, None), (False, 33), (True, 33)])
def test_ranges_hold_on_many_shops(has_control: bool, length: int | None) -> None:
    """500 shops each, with and without a control, events of 1 to 14 and of 33 days: event, days after and both together."""
    found, idle = _judged(500, None, has_control, length, 10_000), _judged(500, 1.0, has_control, length, 20_000)
    for name in ("event", "after", "net"):
        covered, quiet = _covered(found, name), _quiet(idle, name)
        few = np.mean([one.word == "few" for at, one, _ in found if at == name])
        seen = np.mean([one.word == "up" for at, one, _ in found if at == name and one.word != "few"])
        print(f"control {has_control}, length {length or '1-14'}, {name}: covered {covered:.1%}, no effect {quiet:.1%}, few {few:.1%}, up {seen:.1%}")
        assert 0.72 <= covered <= 0.88, name
        assert quiet >= 0.90, name
