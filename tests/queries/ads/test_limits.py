"""Which line of which plan limits a purse's month, and what the month gets of a longer line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

from queries.ads.limits import ALL, NO_LIMIT, Limit, bands_of, limit_of, money_lines
from queries.plan.curves import Curve, equal
from queries.plan.nodes import Node

NOV1, NOV30, OCT1, DEC31 = date(2026, 11, 1), date(2026, 11, 30), date(2026, 10, 1), date(2026, 12, 31)
LINE = Node(
    plan="p", id="n", parent="", kind="budget", name="", metric="spend", shop="a", currency="CNY", first=NOV1, last=NOV30, target=D(3000),
    low=None, high=None, unit="元", direction="at_most", period="month", state="issued", owner="", note="", scope={"purse": "alimama"},
)  # fmt: skip


def _even(node: Node) -> Curve:
    assert node.first and node.last
    return equal(node.first, node.last)


def _limit(lines: list[Node], purse: str = "alimama", shops: tuple[str, ...] = ("a",), **more: Any) -> Limit:
    return limit_of(
        money_lines(lines), purse, shops, "CNY", NOV1, NOV30, curve=_even, targets=more.get("targets", {}), all_shops=more.get("all_shops", True)
    )


def test_the_line_of_the_month_is_the_limit() -> None:
    """3,000 for November of this shop and purse; another purse has none."""
    assert _limit([LINE]).amount == 3000 and _limit([LINE]).basis == "plan"
    assert _limit([LINE], "qianchuan") == NO_LIMIT


def test_the_month_stands_before_the_quarter_and_gets_its_days_of_it() -> None:
    """9,200 for 92 days, evenly: November's 30 days are 3,000; a line of the month itself says 2,500."""
    quarter = replace(LINE, id="q", first=OCT1, last=DEC31, target=D(9200))
    assert (_limit([quarter]).amount, _limit([quarter]).basis) == (3000, "share")
    assert _limit([quarter, replace(LINE, target=D(2500))]).amount == 2500


def test_the_top_of_a_band_is_each_months_limit() -> None:
    """20 to 50 thousand a month over the quarter: November's limit is 50 thousand, its least 20, and the phase is the quarter."""
    band = replace(LINE, kind="band", first=OCT1, last=DEC31, target=None, low=D(20_000), high=D(50_000))
    found = _limit([band])
    assert (found.amount, found.low, found.basis) == (50_000, 20_000, "plan")
    assert [n.id for n in bands_of([band], "alimama", ("a",), "CNY", NOV1, NOV30, all_shops=True)] == ["n"]


def test_a_line_has_the_purse_of_the_line_above() -> None:
    """A month under a purse's quarter names no purse itself."""
    quarter = replace(LINE, id="q", first=OCT1, last=DEC31, target=D(9200))
    assert _limit([quarter, replace(LINE, parent="q", scope={}, target=D(2600))]).amount == 2600


def test_shops_are_added_and_one_without_a_limit_leaves_none() -> None:
    """3,000 and 2,000 are 5,000; with a shop that has none there is no limit, unless a line about all shops stands in."""
    two = [LINE, replace(LINE, id="m", shop="b", target=D(2000))]
    assert _limit(two, shops=("a", "b")).amount == 5000
    assert _limit(two, shops=("a", "b", "c")) == Limit(lacking=("c",))
    every = [*two, replace(LINE, id="e", shop="", target=D(7000))]
    assert _limit(every, shops=("a", "b", "c")).amount == 7000
    assert _limit(every, shops=("a", "b", "c"), all_shops=False).amount is None


def test_a_months_target_is_the_last_resort() -> None:
    """The shop's target stands where no line speaks of the purse."""
    assert _limit([], targets={"a": D(4000)}) == Limit(D(4000), "target")
    assert _limit([LINE], targets={"a": D(4000)}).amount == 3000


def test_what_limits_nothing() -> None:
    """A draft, another currency, a single scene, several purses, a line that ends inside the month."""
    lines = [
        replace(LINE, state="draft"), replace(LINE, currency="USD"), replace(LINE, scope={"purse": "alimama", "scene": "关键词推广"}),
        replace(LINE, scope={"purse": "alimama,jzt"}), replace(LINE, last=date(2026, 11, 11)),
    ]  # fmt: skip
    assert all(_limit([line]) == NO_LIMIT for line in lines)


def test_lines_about_commission_and_coupons_limit_their_own_purse() -> None:
    """The metric says which; they are never all ad money."""
    line = replace(LINE, metric="coupon_cost", scope={})
    assert _limit([line], "coupons").amount == 3000 and _limit([line], ALL) == NO_LIMIT
    assert _limit([replace(line, metric="affiliate_commission")], "taobaoke").amount == 3000


def test_lines_without_a_purse_are_about_all_ad_money() -> None:
    """The sum has its own limit; it is no purse's."""
    line = replace(LINE, scope={})
    assert _limit([line], ALL).amount == 3000 and _limit([line]) == NO_LIMIT
