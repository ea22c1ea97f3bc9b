"""What changes while a session runs: an item that suddenly sells, a segment that fades or takes off. Pure.

Newest against before: given both counts together, the newest of two stretches that sell alike holds its share of the time
(or of the people online), so its count is binomial. An item is called out when it sold at least 5 and twice its rate in the
newest interval, and chance would do that once in 10,000 intervals. A segment is called out when its newest minutes run at
0.6 times (1.6 times) what it did before or less (more) and chance would do that once in 200; minute counts spread wider than
Poisson and are divided by how much wider the segment's own minutes do. Too few counts call out nothing.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from queries.live.curve import step_of
from queries.live.landing import Floats

ITEM_LEAST, ITEM_TIMES, ITEM_CHANCE = 5, 2.0, 1e-4
FADES, RISES, CHANCE = 0.6, 1.6, 5e-3
NEWEST, BACK = 5, 30  # minutes: the newest interval; how far a segment is looked back where nothing was logged
COUNTS = ("orders", "product_click_users", "enters")  # the first that has enough says it
ENOUGH = 15  # counts in the segment
MOST = 3


def items(was: pd.DataFrame, now: pd.DataFrame, minute_was: int, minute: int) -> pd.DataFrame:
    """item_id, title, sold (in the newest interval), times (its rate over the rate before), strongest first, at most 3.

    was, now: rows of live/items as two successive reports gave them, at these minutes of the session.
    """
    columns = ["item_id", "title", "sold", "times"]
    count = next((c for c in ("orders", "buyers", "units") if len(now) and now[c].notna().any()), None)
    if count is None or not 0 < minute_was < minute:
        return pd.DataFrame(columns=columns)
    before = pd.to_numeric(was.set_index("item_id")[count]).astype(float) if len(was) else pd.Series(dtype=float)
    rows = []
    for row in now.to_dict("records"):
        total, then = float(row[count] or 0), float(before.get(row["item_id"], 0.0) or 0.0)
        sold = total - then
        times = _times(sold, minute - minute_was, then, minute_was)
        if sold >= ITEM_LEAST and times >= ITEM_TIMES and at_least(sold, total, (minute - minute_was) / minute) < ITEM_CHANCE:
            rows.append((row["item_id"], row["title"] or row["item_id"], sold, times))
    return pd.DataFrame(sorted(rows, key=lambda r: -r[2]), columns=columns).head(MOST)


def segment(frame: pd.DataFrame, events: pd.DataFrame, minute: int) -> tuple[str, str, float, str]:
    """('fades' or 'rises' or '', by which count, times its rate before, link number being explained).

    frame: rows of the curve; events: rows of live/events; minute: whole minutes that are over. A segment starts with the last
    explain event, else half an hour ago; its newest 5 minutes are held against the rest of it, which must be as long.
    """
    first, link = _start(events, minute)
    rows = frame[(frame["minute"] >= first) & (frame["minute"] < minute)]
    step = step_of(rows)
    newest = max(NEWEST, step)
    if minute - first < 2 * newest:
        return "", "", 1.0, link
    for count in COUNTS:
        known = rows[rows[count].notna()]
        told = pd.to_numeric(known[count]).to_numpy(dtype=np.float64)
        if told.sum() < ENOUGH:
            continue
        is_new = (known["minute"] >= minute - newest).to_numpy()
        base = _people(known) if count != "enters" else np.ones(len(known))
        if is_new.sum() * step < newest - 1 or not (~is_new).any():
            continue
        word, times = _judged(told, base, is_new)
        if word:
            return word, count, times, link
    return "", "", 1.0, link


def _judged(told: Floats, base: Floats, is_new: np.ndarray) -> tuple[str, float]:
    new, old = float(told[is_new].sum()), float(told[~is_new].sum())
    share = float(base[is_new].sum() / base.sum())
    times = _times(new, share, old, 1 - share)
    wide = _wider(told[~is_new], base[~is_new])
    total, fewer = (new + old) / wide, new / wide
    if times <= FADES and 1 - at_least(math.floor(fewer) + 1, round(total), share) < CHANCE:
        return "fades", times
    if times >= RISES and at_least(fewer, total, share) < CHANCE:
        return "rises", times
    return "", times


def _start(events: pd.DataFrame, minute: int) -> tuple[int, str]:
    explained = events[(events["kind"] == "explain") & (events["minute"] < minute)] if len(events) else events
    if len(explained) and minute - int(explained["minute"].iloc[-1]) <= 4 * BACK:
        return max(int(explained["minute"].iloc[-1]), 0), str(explained["link_no"].iloc[-1] or "")
    return max(minute - BACK, 0), ""


def _people(rows: pd.DataFrame) -> Floats:
    online = pd.to_numeric(rows["online"]).astype(float)
    if not online.notna().mean() >= 0.8:
        return np.ones(len(rows))
    people: Floats = np.maximum(online.interpolate(limit_direction="both").to_numpy(dtype=np.float64), 1.0)
    return people


def _wider(told: Floats, base: Floats) -> float:
    """How much wider than Poisson neighbouring minutes spread, at least 1."""
    if len(told) < 3:
        return 1.5
    rate = told.sum() / base.sum()
    gaps = np.diff(told / base) ** 2
    chance = rate * (1 / base[1:] + 1 / base[:-1])
    return max(float(gaps.sum() / chance.sum()), 1.0) if rate > 0 else 1.0


def _times(new: float, time: float, old: float, before: float) -> float:
    """Rate over the rate before; half a count stands for none."""
    return (new / time) / (max(old, 0.5) / before)


def at_least(count: float, total: float, share: float) -> float:
    """Chance that at least `count` of `total` fall into a part of this share."""
    n, k = round(total), math.ceil(count)
    if k <= 0:
        return 1.0
    if k > n:
        return 0.0
    k_all = np.arange(k, n + 1)
    lg = np.array([math.lgamma(v + 1) for v in range(n + 1)])
    logs = lg[n] - lg[k_all] - lg[n - k_all] + k_all * math.log(share) + (n - k_all) * math.log1p(-share)
    return float(min(np.exp(logs).sum(), 1.0))
