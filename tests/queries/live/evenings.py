"""Simulated accounts that go live evening after evening: habits that repeat, evenings that differ, counts that scatter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Evening:
    """One session: rows as live/minutes gives them, and the length that was planned (it ends some minutes off)."""

    minutes: pd.DataFrame
    planned: int


def account(seed: int, sessions: int) -> list[Evening]:
    """An account's evenings in order.

    Habits of the account: warm-up of 8 to 25 minutes, a peak at 20 to 60 % of the time, a fade to 40 to 90 % at the end.
    Of the evening: its level (spread 0.35 in the log), a tilt, bursts (draws, extra ads), noise that lasts minutes, conversion,
    better and worse segments, order values with a heavy tail, an end 6 minutes around the plan.
    """
    rng = np.random.default_rng(seed)
    warm, peak, height, end = rng.integers(8, 26), rng.uniform(0.2, 0.6), rng.uniform(0.3, 1.2), rng.uniform(0.4, 0.9)
    usual = int(rng.choice([180, 240, 240, 300]))
    entries, conversion = rng.uniform(15, 80), rng.uniform(0.008, 0.03)
    made = []
    for _ in range(sessions):
        planned = usual + int(rng.choice([-30, 0, 0, 0, 30]))
        length = max(planned + round(rng.normal(0, 6)), 90)
        at, share = np.arange(length), np.arange(length) / length
        habit = np.minimum(1, 0.3 + 0.7 * at / warm) * (1 + height * np.exp(-(((share - peak) / 0.12) ** 2))) * (1 + (end - 1) * share)
        enters = rng.poisson(entries * rng.lognormal(0, 0.35) * habit * _evening(rng, at, share))
        rate = conversion * rng.lognormal(0, 0.2) * _segments(rng, length)
        orders = rng.poisson(enters * rate * rng.gamma(8, 1 / 8, length))
        sales = np.array([np.exp(rng.normal(4.3, 0.6, n)).sum() for n in orders]).round(2)
        made.append(Evening(pd.DataFrame({"minute": at, "enters": enters, "orders": orders, "live_sales": sales}), planned))
    return made


def _evening(rng: np.random.Generator, at: np.ndarray, share: np.ndarray) -> np.ndarray:
    """What is this evening's own: a tilt, noise of about 15 minutes, bursts."""
    noise, value = np.zeros(len(at)), 0.0
    for minute in at:
        value = 0.935 * value + rng.normal(0, 0.25) * np.sqrt(1 - 0.935**2)
        noise[minute] = value
    shape = np.exp(noise + rng.normal(0, 0.2) * (share - 0.5))
    for _ in range(rng.integers(2, 6)):
        first = int(rng.integers(0, len(at)))
        shape[first : first + int(rng.integers(4, 9))] *= rng.uniform(1.5, 3.0)
    return np.asarray(shape)


def _segments(rng: np.random.Generator, length: int) -> np.ndarray:
    """Items explained one after another, 12 to 30 minutes each, sell differently."""
    rate = np.empty(0)
    while len(rate) < length:
        rate = np.append(rate, np.full(rng.integers(12, 31), rng.lognormal(0, 0.3)))
    return rate[:length]
