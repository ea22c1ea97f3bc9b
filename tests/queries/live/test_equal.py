"""Hosts with the item mix held equal, on made-up rooms where the better items go to the weaker host."""

from __future__ import annotations

import numpy as np
import pandas as pd

from queries.live.equal import effects

HOSTS = ("甲", "乙", "丙")


def room(seed: int, sessions: int = 16, spread: float = 0.0) -> tuple[pd.DataFrame, dict[str, float]]:
    """Segments of one room, and each host's true effect against the mean by exposure. The weaker the host, the better the items
    it is given; orders are Poisson, amounts vary, sessions differ; spread: how far hosts differ from evening to evening."""
    rng = np.random.default_rng(seed)
    skill = dict(zip(HOSTS, np.exp(rng.permutation([0.25, 0.0, -0.25])), strict=True))
    items = np.exp(rng.normal(0, 0.5, 12))
    best = np.argsort(-items)
    rows = []
    for session in range(sessions):
        level, online = float(rng.lognormal(0, 0.2)), float(rng.uniform(150, 500))
        tonight = {host: value * float(rng.lognormal(0, spread)) for host, value in skill.items()}
        for turn in range(18):
            host = HOSTS[turn // 6]
            weak = sorted(HOSTS, key=lambda name: skill[name]).index(host)  # 0: the weakest
            item = int(best[min(int(abs(rng.normal(weak * 4, 3))), 11)])
            minutes = int(rng.integers(6, 13))
            mean = 0.004 * level * online * minutes * tonight[host] * float(items[item])
            orders = int(rng.poisson(mean))
            sales = float(rng.lognormal(4, 0.3, orders).sum())
            rows.append({"session": str(session), "host": host, "item": str(item), "slot": "all", "minutes": float(minutes), "exposure": online * minutes, "sales": sales})
    frame = pd.DataFrame(rows)
    share = frame.groupby("host")["exposure"].sum() / frame["exposure"].sum()
    centre = sum(np.log(skill[host]) * share[host] for host in HOSTS)
    return frame, {host: float(np.exp(np.log(skill[host]) - centre) - 1) for host in HOSTS}


def measured(seeds: range) -> tuple[float, float, float]:
    """Shares of hosts (those with a true effect of 10 % and more) whose sign is right, of intervals that hold the truth, of naive signs that are right."""
    right, naive, held, strong, every = 0, 0, 0, 0, 0
    for seed in seeds:
        frame, truth = room(seed, spread=0.1)
        for row in effects(frame, "host").itertuples():
            every, held = every + 1, held + (row.low <= truth[row.level] <= row.high)
            if abs(truth[row.level]) >= 0.1:
                strong, right, naive = strong + 1, right + (row.effect * truth[row.level] > 0), naive + (row.naive * truth[row.level] > 0)
    return right / strong, held / every, naive / strong


def test_two_hosts_and_one_item_by_hand() -> None:
    """The same item, 100 people and minutes each evening: 甲 sells 300, 乙 100: in the ratio of 3 but for the pull towards none."""
    rows = [{"session": str(n), "host": host, "item": "1", "slot": "20", "minutes": 30.0, "exposure": 100.0, "sales": sales}
            for n in range(6) for host, sales in (("甲", 300.0), ("乙", 100.0))]  # fmt: skip
    found = effects(pd.DataFrame(rows), "host").set_index("level")
    assert found["rate"].to_dict() == {"甲": 10.0, "乙": 100 / 30} and found["naive"].round(4).to_dict() == {"甲": 0.5, "乙": -0.5}
    ratio = (1 + found.loc["甲", "effect"]) / (1 + found.loc["乙", "effect"])
    assert 2.8 < ratio <= 3.0 and found["word"].to_dict() == {"甲": "good", "乙": "poor"}


def test_a_host_with_items_of_its_own_cannot_be_told() -> None:
    """Nobody else explained 乙's item: whether it is 乙 or the item nobody knows. Two evenings are too few as well."""
    rows = [{"session": str(n), "host": host, "item": item, "slot": "20", "minutes": 30.0, "exposure": 100.0, "sales": 100.0 + n}
            for n in range(6) for host, item in (("甲", "1"), ("丙", "1"), ("乙", "2"))]  # fmt: skip
    assert effects(pd.DataFrame(rows), "host").set_index("level")["word"].to_dict() == {"甲": "fair", "丙": "fair", "乙": "few"}
    assert set(effects(pd.DataFrame(rows[:6]), "host")["word"]) == {"few"}
    assert effects(pd.DataFrame([row for row in rows if row["host"] == "甲"]), "host").empty


def test_the_better_host_is_found_behind_the_worse_items() -> None:
    """Twenty rooms: signs right, the truth in most intervals, where sales a minute alone would often name the wrong one."""
    right, held, naive = measured(range(20))
    print(f"\nsigns right {right:.1%}, truth in the 80 % interval {held:.1%}, naive signs right {naive:.1%}")
    assert right >= 0.95 and 0.65 <= held <= 0.95 and naive < 0.8
