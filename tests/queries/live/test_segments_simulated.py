"""Borders and effects of simulated sessions, whose truth is known, found again: `pytest -s` prints the figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from queries.live.segments import judged, segments
from tests.queries.live.rooms import Room, room

NO_EVENTS = pd.DataFrame(columns=["kind", "minute"])


@dataclass
class Score:
    """Counts over sessions: borders (found within a minute), effects (right sign), segments (true lift within the interval)."""

    sessions: int = 0
    borders: int = 0
    found: int = 0
    extra: int = 0
    effects: int = 0
    signs: int = 0
    intervals: int = 0
    inside: int = 0

    def __str__(self) -> str:
        return (
            f"{self.sessions} sessions: {self.found / self.borders:.1%} of {self.borders} borders within 1 minute, "
            f"{self.extra / self.sessions:.2f} borders too many a session, sign right in {self.signs / self.effects:.1%} of {self.effects} "
            f"effects, true lift inside the 80 % interval in {self.inside / self.intervals:.1%} of {self.intervals} segments"
        )


def score(rooms: Iterable[Room]) -> Score:
    total = Score()
    for one in rooms:
        parts = judged(one.minutes, segments(one.minutes, NO_EVENTS, len(one.minutes)))
        starts, truth = parts["first"].tolist()[1:], one.starts[1:]
        total.sessions += 1
        total.borders += len(truth)
        total.found += sum(any(abs(t - s) <= 1 for s in starts) for t in truth)
        total.extra += sum(all(abs(t - s) > 1 for t in truth) for s in starts)
        place = np.searchsorted(parts["first"], one.minutes["minute"], side="right") - 1
        _effects(total, one, parts, place)
        _intervals(total, one, parts, place)
    return total


def _effects(total: Score, one: Room, parts: pd.DataFrame, place: np.ndarray) -> None:
    """The segment found where a true one lies must sell over (under) the baseline as the true one does."""
    for first, end, effect in zip(one.starts, [*one.starts[1:], len(one.minutes)], one.effects, strict=True):
        if effect != 1:
            mine = parts.iloc[int(np.bincount(place[first:end]).argmax())]
            total.effects += 1
            total.signs += bool((mine["sales_lift"] > 0) == (effect > 1))


def _intervals(total: Score, one: Room, parts: pd.DataFrame, place: np.ndarray) -> None:
    """Truth of a segment found: its true rate over the true rate of the session's median minute."""
    people, rates = one.minutes["online"].to_numpy(float), np.array(one.rates)
    true = np.bincount(place, weights=people * rates) / np.bincount(place, weights=people)
    usual = np.sort(true[place])[len(place) // 2]
    for part, rate in zip(parts.itertuples(), true, strict=True):
        if part.sales_word != "few" and part.sales_low < part.sales_high:
            total.intervals += 1
            total.inside += bool(part.sales_low <= rate / usual - 1 <= part.sales_high)


def test_borders_and_signs_of_a_hundred_sessions() -> None:
    """Rooms of about 760 people and 51 clicks a minute: borders within a minute in 95 %, the sign right in 95 %.

    The method's numbers were chosen on seeds below 2000; these were not looked at then.
    """
    found = score(room(seed) for seed in range(7000, 7100))
    print(f"\n{found}")
    assert found.found >= 0.95 * found.borders
    assert found.signs >= 0.95 * found.effects
    assert 0.72 * found.intervals <= found.inside <= 0.88 * found.intervals


@pytest.mark.slow
@pytest.mark.parametrize(("people", "borders"), [(200, 0.85), (500, 0.95), (2000, 0.98)])
def test_five_hundred_other_sessions(people: float, borders: float) -> None:
    """Other seeds, small and large rooms (20, 51 and 205 clicks a minute): in small ones borders are told less well, the sign stays right."""
    found = score(room(seed, people) for seed in range(5000, 5500))
    print(f"\n{people} people: {found}")
    assert found.found >= borders * found.borders
    assert found.signs >= 0.95 * found.effects
    assert 0.72 * found.intervals <= found.inside <= 0.88 * found.intervals


def test_an_even_session_has_no_segments() -> None:
    """The audience doubles and halves, the rate per person stays: nothing is inferred in 19 of 20 sessions."""
    split = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        at = np.arange(240)
        online = 500 * (1 + 0.5 * np.sin(at / 240 * np.pi) + 0.25 * np.sin(at / 30))
        clicks = rng.poisson(online * 0.06 * rng.gamma(60, 1 / 60, 240))
        frame = pd.DataFrame({"minute": at, "online": online, "product_click_users": clicks, "orders": rng.binomial(clicks, 0.12)})
        split += len(segments(frame.assign(live_sales=1.0), NO_EVENTS, 240)) > 0
    print(f"\n{split} of 100 even sessions were split")
    assert split <= 5
