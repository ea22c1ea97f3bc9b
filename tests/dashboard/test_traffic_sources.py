"""Traffic sources as a tree: subtotals beside their children, never on top of them."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.traffic_sources import source_nodes, whole

WORDS = {"paid": "付费", "free": "免费", "unsaid": "未说明", "sum_note": "各来源之和"}


def _rows(*rows: tuple[tuple[str, ...], bool, float, float]) -> pd.DataFrame:
    """(path, is_paid, visitors, buyers); sales are ten per visitor."""
    lines = []
    for path, paid, visitors, buyers in rows:
        four = (*path, "", "", "", "")[:4]
        lines.append(
            {f"level{n}": name for n, name in enumerate(four, start=1)}
            | {"is_paid": paid, "visitors": visitors, "paying_buyers": buyers, "sales": visitors * 10, "currency": "CNY",
               "cart_users": None, "days": 1, "shop_visitors": None}
        )  # fmt: skip
    return pd.DataFrame(lines)


FRAME = _rows(
    ((), False, 100, 10),
    (("付费推广",), True, 60, 3),
    (("付费推广", "关键词推广"), True, 40, 2),
    (("付费推广", "人群推广"), True, 30, 1),
    (("搜索", "手淘搜索"), False, 45, 5),
    (("推荐", "手淘推荐"), False, 20, 2),
)
BEFORE = _rows(
    ((), False, 80, 8),
    (("付费推广",), True, 50, 2),
    (("搜索", "手淘搜索"), False, 30, 1),
    (("已停来源",), False, 20, 1),
)


def test_the_platforms_subtotal_stands_and_is_not_the_sum_of_its_children() -> None:
    """付费推广 states 60 visitors; 关键词 40 and 人群 30 below it overlap."""
    paid = source_nodes(FRAME, BEFORE, WORDS)[0]
    assert (paid.name, paid.values["visitors"], dict(paid.about)) == ("付费", 60, {})
    promotion = paid.children[0]
    assert [(n.name, n.values["visitors"]) for n in promotion.children] == [("关键词推广", 40), ("人群推广", 30)]
    assert promotion.values["conversion_rate"] == pytest.approx(0.05)
    assert promotion.values["visitor_value"] == 10


def test_free_is_a_marked_upper_bound_of_its_sources() -> None:
    """45 + 20 = 65 people at most, marked ≤ and named as a sum."""
    free = source_nodes(FRAME, BEFORE, WORDS)[1]
    assert (free.values["visitors"], free.about["visitors"], free.note) == (65, "≤", "各来源之和")
    assert free.values["visitors_change"] == pytest.approx(65 / 50 - 1)  # a source that ended counts in the 50


def test_a_level_without_figures_of_its_own_shares_one_row_with_its_only_child() -> None:
    """搜索 states nothing by itself: one row 搜索 › 手淘搜索 instead of an empty one."""
    free = source_nodes(FRAME, BEFORE, WORDS)[1]
    assert [n.name for n in free.children] == ["搜索 › 手淘搜索", "推荐 › 手淘推荐"]
    assert free.children[0].children == ()


def test_shares_are_of_the_whole_and_may_exceed_it() -> None:
    """60 % + 65 % of 100 visitors: more than 100 % together, as the tooltip says."""
    nodes = source_nodes(FRAME, BEFORE, WORDS)
    assert whole(FRAME) == 100
    assert sum(n.values["share"] for n in nodes) == pytest.approx(1.25)


def test_without_a_whole_there_is_no_share() -> None:
    """Neither the report's own total nor the shop's visitors: blank, not 100 %."""
    part = FRAME.iloc[1:]
    assert whole(part) is None
    assert source_nodes(part, BEFORE, WORDS)[0].values["share"] is None
    assert whole(part.assign(shop_visitors=200)) == 200


def test_unequal_days_give_no_change() -> None:
    """One known day against three is no change of visitors."""
    assert source_nodes(FRAME, BEFORE.assign(days=3), WORDS)[0].values["visitors_change"] is None


def test_a_new_source_has_no_change_rather_than_infinity() -> None:
    """人群推广 was not there before."""
    promotion = source_nodes(FRAME, BEFORE, WORDS)[0].children[0]
    assert promotion.children[1].values["visitors_change"] is None


def test_one_row_and_no_row() -> None:
    """A single source is a tree of one; none is an empty one."""
    assert [n.name for n in source_nodes(FRAME.iloc[1:2], BEFORE, WORDS)] == ["付费"]
    assert source_nodes(FRAME.iloc[:0], BEFORE, WORDS) == []
