"""A budget of one scene: the tool's own money on days that are out, no figure on days that are not."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from tests.queries.handmade import Marts

D1 = date(2026, 11, 10)
SAME = {"shop": "tm", "platform": "tmall", "currency": "CNY", "purse": "alimama", "source": "plan"}
ASK = {"metric": "spend", "purses": ["alimama"], "day_from": D1, "day_to": D1 + timedelta(days=2), "shops": None}


@pytest.fixture
def marts() -> Marts:
    """Day 1: 70 of keywords and 30 of audiences; day 2: 20 of audiences only; day 3 is not out."""
    m = Marts()
    for n, spend in enumerate((100, 20, None)):
        m.add("purse_day", [{**SAME, "day": D1 + timedelta(days=n), "spend": spend, "is_chosen": True}])
    for n, scene, spend in ((0, "关键词推广", 70), (0, "精准人群推广", 30), (1, "精准人群推广", 20)):
        m.add(
            "campaign_day", [{**SAME, "day": D1 + timedelta(days=n), "scene": scene, "spend": spend, "is_chosen": True}]
        )
    m.add("campaign_day", [{**SAME, "day": D1, "scene": "关键词推广", "spend": 70, "is_chosen": False}])
    return m


@pytest.mark.parametrize(
    ("scenes", "want"),
    [(None, [100, 20, None]), (["关键词推广"], [70, 0, None]), (["关键词推广", "精准人群推广"], [100, 20, None])],
)
def test_a_scene_has_its_own_money_once(marts: Marts, scenes: list[str] | None, want: list[float | None]) -> None:
    found = marts.ask("plan/purse_days", scenes=scenes, **ASK)
    assert [None if pd.isna(value) else float(value) for value in found["value"]] == want
