"""What a month may cost, per purse: the upper limit that issued plans state for it, and the band its mean is held against.

A line speaks of a purse when its scope names it, or when the line above does; without a purse it speaks of all ad money.
Of each shop the line of the very month stands before longer ones, of which the month gets its days' share by the curve.
Shops' limits are added; when one shop of the purse has none, a line about all shops stands in, when all shops are shown;
else there is no limit. A shop's month target is the limit of its only ad purse.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from queries.plan import curves
from queries.plan.curves import Curve
from queries.plan.days import several
from queries.plan.nodes import Node

ALL = ""  # the purse of lines that name none
MONEY = ("budget", "flow", "band")
OTHER = {"affiliate_commission": "taobaoke", "coupon_cost": "coupons"}  # metrics whose lines are about a purse beside ad spend


@dataclass(frozen=True)
class Limit:
    """amount: None when nothing limits the purse. basis: plan (lines of this very month), share (the month's part of a longer
    line), target (the shop's month target), sum (of its purses); '' without an amount. low: least of the month, where a band
    states one. lacking: shops without a line, when others have one. line: the single line of this month, for its typed curve.
    """

    amount: Decimal | None = None
    basis: str = ""
    low: Decimal | None = None
    lacking: tuple[str, ...] = ()
    line: Node | None = None


NO_LIMIT = Limit()


def money_lines(nodes: Sequence[Node]) -> list[Node]:
    """Issued lines about ad spend, commission or coupons with both days; each with the purse of the line above where its own scope names none."""
    by_id = {(node.plan, node.id): node for node in nodes}

    def purse(node: Node) -> str:
        if node.metric in OTHER:
            return OTHER[node.metric]
        seen = set()
        at: Node | None = node
        while at is not None and at.id not in seen:
            if at.scope.get("purse"):
                return at.scope["purse"]
            seen.add(at.id)
            at = by_id.get((node.plan, at.parent))
        return ""

    return [
        replace(node, scope={**node.scope, "purse": purse(node)} if purse(node) else node.scope)
        for node in nodes
        if (node.metric == "spend" or node.metric in OTHER) and node.kind in MONEY and node.state == "issued" and not node.scope.get("scene")
        and node.first is not None and node.last is not None
    ]  # fmt: skip


def purse_of(node: Node) -> str | None:
    """The one purse a line is about, ALL for all ad money; None for several."""
    named = several(node.scope.get("purse", ""))
    return ALL if not named else named[0] if len(named) == 1 else None


def limit_of(
    lines: Sequence[Node], purse: str, shops: Collection[str], currency: str, first: date, last: date, *,
    curve: Callable[[Node], Curve], targets: Mapping[str, Decimal], all_shops: bool,
) -> Limit:  # fmt: skip
    """The month's limit of a purse (ALL: of all ad money) over `shops`.

    targets: shop -> month target of those shops whose target is this purse's. curve: how a longer line spreads over its days.
    """
    mine = [
        node for node in lines
        if purse_of(node) == purse and node.currency in ("", currency) and _top(node) is not None
        and node.first and node.last and node.first <= first and node.last >= last
    ]  # fmt: skip
    per_shop = {shop: _best([n for n in mine if n.shop == shop], first, last, curve) or _target(targets, shop) for shop in shops}
    known = {shop: limit for shop, limit in per_shop.items() if limit is not None}
    if known and len(known) == len(per_shop):
        return _added(list(known.values()))
    whole = _best([n for n in mine if not n.shop and not n.scope.get("platform")], first, last, curve) if all_shops else None
    return whole or (Limit(lacking=tuple(sorted(set(per_shop) - set(known)))) if known else NO_LIMIT)


def bands_of(lines: Sequence[Node], purse: str, shops: Collection[str], currency: str, first: date, last: date, *, all_shops: bool) -> list[Node]:
    """The phases whose monthly mean is held against a band and that touch the month; one shop's, or about all that is shown."""
    return [
        node for node in lines
        if node.kind == "band" and node.period in ("", "month") and purse_of(node) == purse and node.currency in ("", currency)
        and (node.shop in shops if node.shop else all_shops) and node.first and node.last and node.first <= last and node.last >= first
    ]  # fmt: skip


def _top(node: Node) -> Decimal | None:
    return node.high if node.high is not None else node.target


def _best(lines: Sequence[Node], first: date, last: date, curve: Callable[[Node], Curve]) -> Limit | None:
    """The line with the fewest days; of a band by months the band itself is the month's."""
    if not lines:
        return None
    node = min(lines, key=lambda n: ((n.last or last) - (n.first or first)).days if n.kind != "band" else 0)
    top = _top(node)
    if top is None:
        return None
    if node.kind == "band" or (node.first, node.last) == (first, last):
        return Limit(top, "plan", node.low, line=None if node.kind == "band" else node)
    return Limit(curves.rounded(Fraction(top) * curve(node).between(first, last)), "share")


def _target(targets: Mapping[str, Decimal], shop: str) -> Limit | None:
    return Limit(targets[shop], "target") if shop in targets else None


def _added(limits: Sequence[Limit]) -> Limit:
    if len(limits) == 1:
        return limits[0]
    lows = [limit.low for limit in limits if limit.low is not None]
    bases = {limit.basis for limit in limits}
    basis = bases.pop() if len(bases) == 1 else "share" if "share" in bases else "plan"
    low = sum(lows, Decimal(0)) if len(lows) == len(limits) else None
    return Limit(sum((limit.amount or Decimal(0) for limit in limits), Decimal(0)), basis, low)
