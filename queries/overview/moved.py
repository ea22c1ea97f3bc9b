"""What moved sales, split exactly: visitors x conversion x value per buyer, else orders x value per order.

Every split is the Shapley value of its factors (the mean over all orders in which they could have changed), computed
in fractions, so the parts add up to the change to the cent; it needs no logarithm and so holds at zero as well.
Splits are made per shop and never across shops or platforms.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import pairwise, permutations

import pandas as pd

CENT = Decimal("0.01")
WAYS = {"visitors": ("visitors", "conversion_rate", "sales_per_buyer"), "orders": ("paid_orders", "sales_per_order")}
_CHAIN = {"visitors": ("visitors", "paying_buyers", "sales"), "orders": ("paid_orders", "sales")}
COLUMNS = (
    "shop", "name", "platform", "currency", "way", "factor", "before", "now", "effect", "sales_before", "sales_now"
)


def shapley(before: Sequence[Fraction], now: Sequence[Fraction]) -> list[Fraction]:
    """Each factor's part of the change of the product; the parts add to it exactly."""
    parts = [Fraction(0)] * len(now)
    orders = list(permutations(range(len(now))))
    for order in orders:
        state = list(before)
        for place in order:
            held = _product(state)
            state[place] = now[place]
            parts[place] += (_product(state) - held) / len(orders)
    return parts


def to_cents(parts: Sequence[Fraction], total: Decimal) -> list[Decimal]:
    """Round parts to cents so that they still add up to `total` (largest remainders go up)."""
    floors = [
        (Decimal(p.numerator * 100) / Decimal(p.denominator)).to_integral_value(rounding=ROUND_FLOOR) for p in parts
    ]
    rest = int(total * 100 - sum(floors))
    by_remainder = sorted(range(len(parts)), key=lambda i: (Fraction(floors[i]) - parts[i] * 100, i))
    step = 1 if rest >= 0 else -1
    for turn in range(abs(rest)):
        floors[by_remainder[turn % len(parts)]] += step
    return [f * CENT for f in floors]


Split = tuple[list[Decimal], list[Decimal], list[Decimal]]


def chain_split(before: Sequence[Decimal], now: Sequence[Decimal]) -> Split:
    """Split the change of the last of a chain of counts (visitors, buyers, sales): factors before, now, effects.

    The factors are the first count and each count per unit of the one before. A step that cannot be divided in one
    window (no visitors at all) takes the other window's ratio, so it gets no part of the change.
    """
    old, new = _factors(before, now), _factors(now, before)
    effects = to_cents(shapley(old, new), (now[-1] - before[-1]).quantize(CENT))
    return [_decimal(f) for f in old], [_decimal(f) for f in new], effects


def what_moved(figures: pd.DataFrame) -> pd.DataFrame:
    """One row per shop and factor (COLUMNS) from rows of overview/figures; effect is in `currency`, exact to the cent.

    way: visitors, orders (the platform gives no visitors), or none (only the change is known). A shop without sales
    in both windows, or with days missing in one of them, is left out.
    """
    rows = []
    keyed = figures[figures["span"].isin(["now", "before"]) & (figures["formula"] == figures["part"])]
    for (shop, currency), part in keyed.groupby(["shop", "currency"], sort=True):
        cells = {(r.part, r.span): r for r in part.itertuples() if r.value == r.value}
        first = next(iter(part.itertuples()))
        fixed = {"shop": shop, "name": first.name, "platform": first.platform, "currency": currency}
        if not _comparable(cells, ("sales",)):
            continue
        rows += [fixed | row for row in _rows(cells)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def by_channel(channels: pd.DataFrame, moved: pd.DataFrame) -> pd.DataFrame:
    """The change of sales by order channel for shops whose orders carry one: shop … channel, before, now, effect.

    channels: rows of overview/channels. What the channels leave unexplained of the shop's change stands in channel '',
    so that the effects of a shop add up to its change.
    """
    rows: list[dict[str, object]] = []
    for (shop, currency), part in channels.groupby(["shop", "currency"], sort=True):
        whole = moved[(moved["shop"] == shop) & (moved["currency"] == currency)]
        if whole.empty or not (part["channel"] != "").any():
            continue
        first = whole.iloc[0]
        now, before = Decimal(str(first["sales_now"])), Decimal(str(first["sales_before"]))
        for row in part[part["channel"] != ""].itertuples():
            a, b = _cents(row.before), _cents(row.sales)
            now, before = now - b, before - a
            rows.append(_channel(first, str(row.channel), a, b))
        if now or before:
            rows.append(_channel(first, "", before, now))
    columns = ["shop", "name", "platform", "currency", "channel", "before", "now", "effect"]
    frame = pd.DataFrame(rows, columns=columns)
    size = frame["effect"].map(abs).astype(float)
    return frame.assign(_size=size).sort_values(["shop", "_size"], ascending=[True, False]).drop(columns="_size")


def reasons(moved: pd.DataFrame, channels: pd.DataFrame, count: int = 3) -> pd.DataFrame:
    """The largest effects over all shops: kind (factor | channel), shop, name, platform, currency, what, before, now,
    effect.

    Shops that can be split by channel and not by visitors speak through their channels. Amounts of several currencies
    are ranked by their share of that currency's sales.
    """
    through = set(channels["shop"]) & set(moved.loc[moved["way"] != "visitors", "shop"])
    factors = moved[~moved["shop"].isin(through)].rename(columns={"factor": "what"}).assign(kind="factor")
    parts = channels[channels["shop"].isin(through)].rename(columns={"channel": "what"}).assign(kind="channel")
    columns = ["kind", "shop", "name", "platform", "currency", "what", "before", "now", "effect"]
    frames = [f[columns] for f in (factors, parts) if len(f)]
    if not frames:
        return pd.DataFrame(columns=columns)
    every = pd.concat(frames, ignore_index=True)
    first = moved.drop_duplicates(["shop", "currency"])
    base = {c: float(sum(p["sales_before"])) or 1.0 for c, p in first.groupby("currency")}
    weight = [abs(float(e)) / base[c] for e, c in zip(every["effect"], every["currency"], strict=True)]
    ranked = every.assign(_weight=weight).sort_values("_weight", ascending=False, kind="stable")
    return ranked[ranked["_weight"] > 0].head(count).drop(columns="_weight").reset_index(drop=True)


def _rows(cells: dict[tuple[str, str], object]) -> list[dict[str, object]]:
    way = next((w for w, chain in _CHAIN.items() if _comparable(cells, chain) and _divides(cells, chain)), "none")
    sales = {span: _cents(getattr(cells[("sales", span)], "value", None)) for span in ("before", "now")}
    told = {"way": way, "sales_before": sales["before"], "sales_now": sales["now"]}
    if way == "none":
        change = sales["now"] - sales["before"]
        return [told | {"factor": "sales", "before": sales["before"], "now": sales["now"], "effect": change}]
    chains = {
        span: [_cents(getattr(cells[(m, span)], "value", None)) for m in _CHAIN[way]] for span in ("before", "now")
    }
    old, new, effects = chain_split(chains["before"], chains["now"])
    return [
        told | {"factor": factor, "before": a, "now": b, "effect": e}
        for factor, a, b, e in zip(WAYS[way], old, new, effects, strict=True)
    ]


def _comparable(cells: dict[tuple[str, str], object], metrics: Sequence[str]) -> bool:
    """All metrics are there in both windows, for all their days."""
    found = [cells.get((m, span)) for m in metrics for span in ("now", "before")]
    return all(c is not None and c.days >= c.wanted for c in found)  # type: ignore[attr-defined]


def _divides(cells: dict[tuple[str, str], object], chain: Sequence[str]) -> bool:
    """No sales without buyers, no buyers without visitors: else a ratio would stand on nothing."""
    for span in ("before", "now"):
        values = [_cents(getattr(cells[(m, span)], "value", None)) for m in chain]
        if any(not a and b for a, b in pairwise(values)):
            return False
    return True


def _factors(chain: Sequence[Decimal], other: Sequence[Decimal]) -> list[Fraction]:
    values, spare = [Fraction(c) for c in chain], [Fraction(c) for c in other]
    factors = [values[0]]
    for place in range(1, len(values)):
        if values[place - 1]:
            factors.append(values[place] / values[place - 1])
        elif spare[place - 1]:
            factors.append(spare[place] / spare[place - 1])
        else:
            factors.append(Fraction(0))
    return factors


def _product(factors: Sequence[Fraction]) -> Fraction:
    result = Fraction(1)
    for factor in factors:
        result *= factor
    return result


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _cents(value: object) -> Decimal:
    """A stored amount or count with its four decimals, free of float noise; missing is 0."""
    if value is None or value != value:
        return Decimal(0)
    return Decimal(repr(float(str(value)))).quantize(Decimal("0.0001"))


def _channel(first: pd.Series, channel: str, before: Decimal, now: Decimal) -> dict[str, object]:
    fixed = {name: first[name] for name in ("shop", "name", "platform", "currency")}
    return fixed | {"channel": channel, "before": before, "now": now, "effect": now - before}
