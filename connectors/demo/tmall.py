"""The Tmall shop: orders by traffic source, visitors, ad campaigns and affiliate commission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from connectors.demo.catalogue import TMALL, catalogue
from connectors.demo.orders import (
    DAY,
    NEVER,
    Habits,
    History,
    collect,
    creation_times,
    draw_lines,
    draw_orders,
    generator,
    horizon_of,
    on_sale,
    order_count,
    with_orders,
)
from connectors.demo.seasons import demand, discount, epoch_seconds, phase_of

HABITS = Habits(unpaid=0.075, refunded=0.095, partial=0.25, brushed=0.008, buyers=110_000)
# level 1, level 2, share of orders, share of visitors
SOURCES = (
    ("付费推广", "关键词推广", 0.17, 0.20),
    ("付费推广", "精准人群推广", 0.10, 0.17),
    ("付费推广", "货品全站推广", 0.10, 0.12),
    ("付费推广", "淘宝客", 0.08, 0.05),
    ("搜索", "手淘搜索", 0.26, 0.24),
    ("推荐", "手淘推荐", 0.12, 0.23),
    ("自主访问", "我的淘宝", 0.06, 0.04),
    ("自主访问", "购物车", 0.08, 0.05),
    ("自主访问", "直接访问", 0.03, 0.04),
)
AFFILIATE = 3
# scene id, scene, campaign id, campaign, source row, share of the source's sales, ordinary ROAS
CAMPAIGNS = (
    ("371", "关键词推广", "90001", "关键词推广_保温杯", 0, 0.62, 3.6),
    ("371", "关键词推广", "90005", "关键词推广_水杯长尾", 0, 0.38, 2.7),
    ("372", "精准人群推广", "90002", "人群推广_拉新", 1, 0.55, 1.9),
    ("372", "精准人群推广", "90006", "人群推广_老客收割", 1, 0.45, 4.4),
    ("388", "货品全站推广", "90003", "货品全站推_主推款", 2, 1.0, 3.1),
)
EVENT_CAMPAIGN = ("371", "关键词推广", "90004", "大促活动_蓄水", 0, 0.0, 1.6)


@dataclass
class Tmall:
    """What happened in the shop. day_facts, sources, ads: tables per day (days since 1970), money in fen."""

    history: History
    day_facts: pd.DataFrame
    sources: pd.DataFrame
    items: pd.DataFrame
    ads: pd.DataFrame
    commission: pd.DataFrame


def simulate(seed: int, days: list[date], volume: float) -> Tmall:
    """Draw the shop's whole period; the last day has only begun."""
    goods = catalogue(TMALL, days)
    parts = []
    for row, day in enumerate(days):
        rng = generator(seed, TMALL, day)
        created = creation_times(rng, day, order_count(rng, TMALL, day, volume))
        orders = draw_orders(rng, created, day, HABITS)
        shares = np.array([s[2] for s in SOURCES])
        orders["source"] = rng.choice(len(SOURCES), size=len(created), p=shares / shares.sum())
        parts.append((orders, draw_lines(rng, len(created), goods, row, discount(day))))
    history = collect(TMALL, days, goods, parts, horizon_of(days), volume)
    orders = history.orders
    orders["id"] = 4_100_000_000_000_000_000 + (orders["day"] * 100_000 + orders["number"]) * 1_013
    facts = _day_facts(seed, history)
    return Tmall(history, facts, _sources(seed, history, facts), _items(seed, history), _ads(seed, history), _commission(history))


def _sums(frame: pd.DataFrame, by: list[str], names: dict[str, tuple[str, str]]) -> pd.DataFrame:
    """Grouped sums and distinct counts: names maps a result to (column, function)."""
    return frame.groupby(by).agg(**{k: pd.NamedAgg(*v) for k, v in names.items()})


_PAID = {"sales": ("amount", "sum"), "buyers": ("buyer", "nunique"), "units": ("units", "sum"), "orders": ("amount", "size")}
_PLACED = {
    "placed_amount": ("amount", "sum"),
    "placed_buyers": ("buyer", "nunique"),
    "placed_units": ("units", "sum"),
    "placed_orders": ("amount", "size"),
}


def _day_facts(seed: int, history: History) -> pd.DataFrame:
    """One row a day: what 生意参谋 states for the shop (flagged orders included, it cannot know them)."""
    orders = history.orders
    paid = orders[orders["paid"] != NEVER]
    done = orders[orders["done"] != NEVER]
    old = paid[paid["buyer"] < HABITS.buyers // 12]
    days = [epoch_seconds(d) // DAY for d in history.days]
    facts = pd.concat(
        [
            _sums(paid, ["paid_day"], _PAID),
            _sums(orders, ["day"], _PLACED),
            _sums(done, ["done_day"], {"refunds": ("refund", "sum"), "refund_orders": ("refund", "size")}),
            _sums(old, ["paid_day"], {"old_sales": ("amount", "sum"), "old_buyers": ("buyer", "nunique")}),
        ],
        axis=1,
    )
    facts = facts.reindex(days).fillna(0).astype(np.int64)
    drawn = [_visit_day(seed, d, b) for d, b in zip(history.days, facts["placed_buyers"], strict=True)]
    return facts.join(pd.DataFrame(drawn, index=facts.index))


def _visit_day(seed: int, day: date, placed_buyers: int) -> dict[str, int]:
    """Visitors and what they looked at: fewer buy while a promotion is being warmed up, more when it opens."""
    rng = generator(seed, TMALL, day, 1)
    phase = phase_of(day)
    appetite = 1.0 if phase is None else {"预热": 0.72, "蓄水": 0.85, "续售": 1.05}.get(phase.phase, 1.45)
    visitors = max(40, int((placed_buyers + 2) / (0.034 * appetite * rng.lognormal(0, 0.06))))
    basket = 0.075 * (1.6 if phase and phase.phase in ("预热", "蓄水") else 1.1)
    carts = int(visitors * basket * rng.lognormal(0, 0.05))
    return {
        "visitors": visitors,
        "page_views": int(visitors * rng.normal(2.5, 0.08)),
        "new_visitors": int(visitors * rng.uniform(0.62, 0.72)),
        "cart_users": carts,
        "cart_units": int(carts * rng.uniform(1.12, 1.3)),
        "fav_users": int(visitors * rng.uniform(0.018, 0.03)),
        "stay": int(rng.integers(14, 24)),
        "bounce": int(rng.integers(5800, 7200)),
    }


def _sources(seed: int, history: History, facts: pd.DataFrame) -> pd.DataFrame:
    """One row a day and source: sales add up to the shop's, visitors overlap and do not."""
    orders = history.orders
    paid = orders[orders["paid"] != NEVER]
    index = pd.MultiIndex.from_product([facts.index, range(len(SOURCES))], names=["day", "source"])
    sold = _sums(paid.assign(day=paid["paid_day"]), ["day", "source"], _PAID)
    placed = _sums(orders, ["day", "source"], _PLACED)
    table = pd.concat([sold, placed], axis=1).reindex(index).fillna(0).astype(np.int64).reset_index()
    chance = np.concatenate([generator(seed, TMALL, d, 2).lognormal(0, 0.05, len(SOURCES)) for d in history.days])
    share = np.tile([s[3] for s in SOURCES], len(history.days))
    total = np.repeat(facts["visitors"].to_numpy(), len(SOURCES))
    table["visitors"] = np.maximum(table["placed_buyers"], (total * share * 1.03 * chance).astype(np.int64))
    return table


def _items(seed: int, history: History) -> pd.DataFrame:
    """One row a day and item on sale."""
    lines = with_orders(history)
    paid = lines[lines["paid"] != NEVER]
    done = lines[lines["done"] != NEVER].assign(back=lambda f: (f["amount"] * f["refund_share"]).round())
    named = {"sales": ("amount", "sum"), "buyers": ("buyer", "nunique"), "units": ("quantity", "sum")}
    laid = {f"placed_{k}": v for k, v in named.items()}
    table = pd.concat(
        [
            _sums(paid.assign(on=paid["paid_day"]), ["on", "item"], named),
            _sums(lines.assign(on=lines["day"]), ["on", "item"], laid),
            _sums(done.assign(on=done["done_day"]), ["on", "item"], {"refunds": ("back", "sum")}),
        ],
        axis=1,
    )
    table = table.reindex(on_sale(history).union(table.index)).fillna(0).astype(np.int64).reset_index()
    chance = np.random.default_rng([seed, TMALL.number, 3]).lognormal(0, 0.1, len(history.goods.ids))
    table["visitors"] = ((table["placed_buyers"] + 1.5) / 0.042 * chance[table["item"]]).astype(np.int64)
    return table


def _ads(seed: int, history: History) -> pd.DataFrame:
    """One row a day and campaign."""
    orders = history.orders
    paid = orders[(orders["paid"] != NEVER) & ~orders["brushed"]]
    sold = paid.groupby(["paid_day", "source"])["amount"].sum()
    rows = []
    for day in history.days:
        rng = generator(seed, TMALL, day, 4)
        phase = phase_of(day)
        number = epoch_seconds(day) // DAY
        for at, (scene, name, campaign, title, source, share, roas) in enumerate((*CAMPAIGNS, EVENT_CAMPAIGN)):
            factor, click, through = rng.lognormal(0, 0.12), rng.uniform(0.7, 1.3), rng.uniform(0.03, 0.05)
            credited = int(sold.get((number, source), 0) * share)
            if at == len(CAMPAIGNS):
                if phase is None or phase.phase not in ("蓄水", "预热", "开门红", "爆发"):
                    continue
                credited = int(42_000 * demand(day, TMALL.weekday, 0.5) * factor * history.volume)
            spend = int(credited / (roas * factor * (0.85 if phase and phase.phase in ("蓄水", "预热") else 1.0)))
            clicks = int(spend / 100 / click)
            rows.append((number, scene, name, campaign, title, spend, clicks, int(clicks / through), credited))
    names = ["day", "scene", "scene_name", "campaign", "campaign_name", "spend", "clicks", "impressions", "sales"]
    return pd.DataFrame(rows, columns=names)


def _commission(history: History) -> pd.DataFrame:
    """One row a settled affiliate order line; settlement follows receipt of the goods."""
    lines = with_orders(history)
    kept = (lines["source"] == AFFILIATE) & (lines["paid"] != NEVER) & ~lines["brushed"] & (lines["refund_share"] < 1)
    due = lines[kept].copy()
    due["received"] = due["paid"] + due["confirm_after"]
    due["settled"] = (due["received"] // DAY + 1) * DAY + 2 * 3600
    due = due[due["settled"] < history.horizon]
    due["rate"] = 8 + due["item"] % 5
    due["commission"] = (due["amount"] * due["rate"] / 100).round().astype(np.int64)
    due["fee"] = (due["commission"] / 10).round().astype(np.int64)
    return due.reset_index(drop=True)
