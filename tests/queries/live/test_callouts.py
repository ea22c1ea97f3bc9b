"""What is called out while a session runs, and how soon, on rooms whose truth is known: `pytest -s` prints the figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from queries.live.callouts import at_least, items, segment

NO_EVENTS = pd.DataFrame(columns=["minute", "kind", "link_no"])


def listed(**orders: float) -> pd.DataFrame:
    blank = {"title": None, "buyers": np.nan, "units": np.nan}
    return pd.DataFrame([{"item_id": name, "orders": count, **blank} for name, count in orders.items()])


def test_chances_worked_by_hand() -> None:
    """Two coins: both heads 1/4, at least one 3/4; three throws of a sixth: at least one 91/216."""
    assert at_least(2, 2, 0.5) == pytest.approx(0.25)
    assert at_least(1, 2, 0.5) == pytest.approx(0.75)
    assert at_least(1, 3, 1 / 6) == pytest.approx(91 / 216)
    assert at_least(0, 3, 0.5) == 1 and at_least(4, 3, 0.5) == 0


def test_an_item_that_suddenly_sells_is_called_out_at_the_next_report() -> None:
    """10 in the first 60 minutes, 12 in the next 5: 2.4 a minute against 1 in 6 minutes, 14.4 times; the steady one is not."""
    found = items(listed(a=10, b=60), listed(a=22, b=65), 60, 65)
    assert found[["item_id", "sold"]].to_numpy().tolist() == [["a", 12]] and found["times"].iloc[0] == pytest.approx(14.4)


def test_a_new_item_counts_from_nothing_and_one_report_says_nothing() -> None:
    """Eight of an item nobody had bought before are called out; four are too few; the first report has nothing before it."""
    assert items(listed(a=0), listed(a=0, new=8, few=4), 60, 65)["item_id"].tolist() == ["new"]
    assert items(listed(), listed(a=500), 0, 65).empty and items(listed(a=1), listed(), 60, 65).empty


def room(rng: np.random.Generator, minutes: int, rate: list[float]) -> pd.DataFrame:
    online = (400 * np.exp(rng.normal(0, 0.04, minutes))).round()
    clicks = rng.poisson(online * np.array(rate) * rng.gamma(60, 1 / 60, minutes))
    none = np.full(minutes, np.nan)
    return pd.DataFrame({"minute": range(minutes), "online": online, "product_click_users": clicks, "orders": none, "enters": none})


def test_a_segment_that_fades_is_called_out_within_one_interval() -> None:
    """At half its rate after 20 minutes: said after the next five in at least 95 of 100; an even one in at most 2 of 100."""
    rng = np.random.default_rng(5)
    fading = [segment(room(rng, 25, [0.06] * 20 + [0.025] * 5), NO_EVENTS, 25)[0] for _ in range(200)]
    even = [segment(room(rng, 25, [0.06] * 25), NO_EVENTS, 25)[0] for _ in range(500)]
    said, wrong = fading.count("fades") / 200, 1 - even.count("") / 500
    print(f"\nfading segments called out within one interval: {said:.1%}; even ones called out: {wrong:.1%}", end="")
    assert said >= 0.95 and wrong <= 0.02


def test_items_on_simulated_reports() -> None:
    """60 items, reports every 5 minutes: one that goes from 0.1 to 2 a minute is said at once in 90 %, a steady session has under 1 in 5 false calls."""
    rng = np.random.default_rng(6)
    hits, wrong, sessions = 0, 0, 60
    for _ in range(sessions):
        rates = rng.lognormal(-2.5, 1, 60)
        totals = np.zeros(60)
        for minute in range(5, 241, 5):
            then, totals = totals, totals + rng.poisson(rates * 5)
            was, now = (listed(**{f"i{n}": v for n, v in enumerate(t)}) for t in (then, totals))
            wrong += len(items(was, now, minute - 5, minute))
        sold = float(rng.poisson(0.1 * 120))
        hits += len(items(listed(a=sold), listed(a=sold + rng.poisson(10)), 120, 125))
    print(f"\nitems that take off called out at the next report: {hits / sessions:.1%}; false calls a session: {wrong / sessions:.2f}", end="")
    assert hits / sessions >= 0.9 and wrong / sessions <= 0.2


def test_a_segment_starts_with_the_link_that_is_explained() -> None:
    """Link 3 has been on for 12 minutes and clicks tripled in the last five: it takes off; what came before link 3 does not count."""
    frame = room(np.random.default_rng(1), 40, [0.2] * 28 + [0.04] * 7 + [0.12] * 5)
    events = pd.DataFrame({"minute": [28], "kind": ["explain"], "link_no": ["3"]})
    word, by, times, link = segment(frame, events, 40)
    assert (word, by, link) == ("rises", "product_click_users", "3") and 2 < times < 4


def test_missing_minutes_call_out_nothing() -> None:
    """Three of the newest five minutes were not reported: nothing is said, not even a fade."""
    frame = room(np.random.default_rng(2), 30, [0.06] * 30).query("minute < 25 or minute > 27")
    assert segment(frame, NO_EVENTS, 30)[0] == ""
    assert segment(frame.head(0), NO_EVENTS, 30)[0] == ""
