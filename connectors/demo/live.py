"""Live sessions of the Douyin shop: when the room is open and how its minutes go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from connectors.demo.catalogue import DOUYIN
from connectors.demo.orders import Ints, generator
from connectors.demo.seasons import demand, epoch_seconds, phase_of
from connectors.demo.show import Show, show

EVENINGS = (1, 3, 4, 5, 6)      # Tuesday, Thursday to Sunday; one falls out in some weeks
ORDERS = 112.0                  # of an ordinary four-hour session


@dataclass(frozen=True)
class Session:
    """One evening. `planned`, `started`, `ended`: shop-local seconds; the arrays run over its minutes."""

    day: date
    planned: int
    started: int
    ended: int
    orders: Ints                # creation times, sorted
    enters: Ints
    leaves: Ints
    online: Ints
    comments: Ints
    likes: Ints
    followers: Ints
    impressions: Ints
    clicks: Ints
    show: Show

    @property
    def minutes(self) -> int:
        """How long it was, in whole minutes."""
        return len(self.enters)

    @property
    def views(self) -> int:
        """Entries into the room."""
        return int(self.enters.sum())

    @property
    def viewers(self) -> int:
        """Distinct people who entered."""
        return max(1, round(self.views * 0.715))


def goes_live(day: date, extra: frozenset[date] = frozenset()) -> bool:
    """Whether the room opens on a day; `extra` adds evenings."""
    phase = phase_of(day)
    if day in extra or (phase is not None and phase.lift > 1.5):
        return True
    week = day.toordinal() // 7
    dropped = EVENINGS[week % 5] if week % 3 == 0 else -1
    return day.weekday() in EVENINGS and day.weekday() != dropped


def session(seed: int, day: date, volume: float, appeal: Sequence[float]) -> Session:
    """Draw a day's session: minutes first, the orders follow the room and the show; `appeal`: of each link, see show."""
    rng = generator(seed, DOUYIN, day, 5)
    phase = phase_of(day)
    long = 60 if day.weekday() >= 4 or (phase is not None and phase.lift > 1.5) else 0
    planned = epoch_seconds(day) + 19 * 3600 + int(rng.integers(0, 4)) * 1200
    started = planned + int(rng.integers(60, 600))
    minutes = int(rng.integers(180, 246)) + long
    ended = started + minutes * 60 + int(rng.integers(5, 55))
    lift = demand(day, DOUYIN.weekday, DOUYIN.power) * float(rng.lognormal(0, 0.16))
    count = int(rng.poisson(ORDERS * volume * lift * minutes / 240))
    curve = _curve(rng, minutes)
    enters = rng.poisson((count + 4) / (0.0125 * rng.lognormal(0, 0.1)) * curve).astype(np.int64)
    leaves, online = _room(enters, stay=float(rng.uniform(1.1, 1.9)))
    parts = show(generator(seed, DOUYIN, day, 8), (minutes + 15) // 30 * 30, minutes, appeal)
    pull = parts.pull(minutes)
    buying = curve * rng.lognormal(0, 0.35, minutes) * pull
    minute = rng.choice(minutes, size=count, p=buying / buying.sum())
    orders = np.sort(np.minimum(started + minute * 60 + rng.integers(0, 60, count), ended - 1)).astype(np.int64)
    return Session(
        day, planned, started, ended, orders, enters, leaves, online,
        comments=rng.poisson(online * 0.09 + 0.2), likes=rng.poisson(online * 0.6 + 1), followers=rng.poisson(enters * 0.021),
        impressions=rng.binomial(enters, 0.62), clicks=rng.binomial(enters, np.minimum(0.9, 0.27 * pull)), show=parts,
    )  # fmt: skip


def _curve(rng: np.random.Generator, minutes: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Share of the session's entries by minute: a warm-up, a few peaks when a draw or a new item comes, a tail."""
    at = np.arange(minutes) / minutes
    shape = 0.55 + 0.75 * np.minimum(1.0, at * 9) * (1.05 - 0.45 * at)
    for centre in np.linspace(0.14, 0.86, int(rng.integers(3, 6))) + rng.normal(0, 0.02, 1):
        shape += float(rng.uniform(0.5, 1.5)) * np.exp(-(((at - centre) / 0.022) ** 2))
    shape *= rng.lognormal(0, 0.12, minutes)
    share: np.ndarray[tuple[int], np.dtype[np.float64]] = shape / shape.sum()
    return share


def _room(enters: Ints, stay: float) -> tuple[Ints, Ints]:
    """Leaves and people online per minute, when a viewer stays `stay` minutes on average."""
    online, leaves, inside = np.zeros_like(enters), np.zeros_like(enters), 0
    share = 1.0 - float(np.exp(-1.0 / stay))
    for minute, entered in enumerate(enters.tolist()):
        left = round((inside + entered) * share)
        inside += entered - left
        online[minute], leaves[minute] = inside, left
    return leaves, online
