"""Simulated sessions whose borders and effects are known: an audience that comes and goes, counts that spread wider than Poisson."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

GOOD, POOR = (1.5, 2.6), (0.35, 0.62)


@dataclass(frozen=True)
class Room:
    """One session: `minutes` as live/minutes gives them, where segments start, and what each does to the selling rate."""

    minutes: pd.DataFrame
    starts: list[int]
    effects: list[float]
    rates: list[float]  # the true selling rate of each minute, per person online

    @property
    def last(self) -> int:
        return len(self.minutes) - 1


def room(seed: int, people: float = 500.0, clicks: float = 0.06, conversion: float = 0.12) -> Room:
    """A session of 3 to 5 hours with half as many people again as `people` on average; every second segment sells at the usual rate, those between better or worse."""
    rng = np.random.default_rng(seed)
    length = int(rng.integers(180, 301))
    starts, effects = [0], [1.0]
    while length - starts[-1] > 40:
        starts.append(starts[-1] + int(rng.integers(12, 31)))
        plain = len(effects) % 2 == 0
        low, high = GOOD if rng.random() < 0.5 else POOR
        effects.append(1.0 if plain else float(rng.uniform(low, high)))
    at = np.arange(length)
    wave = 1 + 0.5 * np.sin(at / length * np.pi) + 0.25 * np.sin(at / rng.uniform(18, 40) + rng.uniform(0, 6))
    online = np.maximum(people * rng.lognormal(0, 0.3) * wave * rng.lognormal(0, 0.05, length), 20).round()
    drift = 1 + 0.08 * np.sin(at / rng.uniform(60, 120) + rng.uniform(0, 6))
    effect = np.array(effects)[np.searchsorted(starts, at, side="right") - 1]
    mean = online * clicks * drift * effect
    clicked = rng.poisson(mean * rng.gamma(60, 1 / 60, length))
    orders = rng.binomial(clicked, conversion)
    sales = np.array([rng.lognormal(4.3, 0.5, n).sum() for n in orders]).round(2)
    frame = {"minute": at, "online": online, "product_click_users": clicked, "orders": orders, "live_sales": sales}
    return Room(pd.DataFrame(frame), starts, effects, [float(r) for r in drift * effect])
