"""Makes a shop out of a seed: the awkward moments on purpose, the rest at random."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.stub.facts import DAY_S, AdRow, Campaign, Item, Line, Minute, Order, Refund, Session, Sold

ITEMS = ("手工陶杯", "亚麻桌布", "桂花乌龙 250g", "Walnut board", "羊毛围巾“冬”", "蜂蜡蜡烛 & 烛台", "儿童雨衣", "铸铁锅 24cm")
HOSTS = ("小满", "阿澄", "Lin")
OVER_MIDNIGHT = 3  # every third day's session runs past midnight


@dataclass(frozen=True)
class Size:
    """How large a shop is made; see World."""

    zone: str
    first_day: date
    days: int
    orders_per_day: int
    restate_days: int
    ad_accounts: tuple[str, ...]


def midnight(day: date, zone: str) -> int:
    """Unix seconds at which a day begins."""
    return int(datetime.combine(day, time(), ZoneInfo(zone)).timestamp())


class Ids:
    """Numbers of up to 19 digits that never repeat and do not follow time."""

    def __init__(self, rng: Random, base: int) -> None:
        self._rng, self._base, self._n = rng, base, 0

    def next(self) -> str:
        self._n += 1
        return str(self._base + self._n * 1009 + self._rng.randrange(1009))


def make_items(rng: Random) -> tuple[Item, ...]:
    ids = Ids(rng, 3_600_000_000_000_000_000)
    return tuple(Item(ids.next(), ids.next(), title, rng.randrange(990, 60_000)) for title in ITEMS)


def make_sessions(rng: Random, size: Size) -> list[Session]:
    """One session a day from 20:00, or from 23:10 into the next day; minutes without sales yet."""
    ids, sessions = Ids(rng, 7_500_000_000_000_000_000), []
    for number in range(size.days):
        night = number % OVER_MIDNIGHT == 0
        start = midnight(size.first_day + timedelta(days=number), size.zone) + (23 * 3600 + 600 if night else 20 * 3600)
        length = rng.randrange(90, 130) if night else rng.randrange(40, 110)
        minutes = tuple(Minute(start + 60 * n, rng.randrange(50, 900), rng.randrange(5, 80)) for n in range(length))
        host = HOSTS[number % len(HOSTS)]
        sessions.append(Session(ids.next(), host, f"{host}的直播", start, start + 60 * length, minutes, spend=rng.randrange(100, 40_000) * 10))
    return sessions


def with_sales(session: Session, orders: Sequence[Order]) -> Session:
    """The session with the orders that were paid in it."""
    paid: defaultdict[int, list[Order]] = defaultdict(list)
    for order in orders:
        if order.paid_at is not None:
            paid[session.start_at + (order.paid_at - session.start_at) // 60 * 60].append(order)
    minutes = tuple(
        replace(minute, orders=len(paid[minute.at]), sales=sum(order.amount for order in paid[minute.at])) for minute in session.minutes
    )
    sold = [Sold(at, line.item, line.units, line.amount) for at in sorted(paid) for order in paid[at] for line in order.lines]
    return replace(session, minutes=minutes, sold=tuple(sold))


class Orders:
    """Makes orders day by day."""

    def __init__(self, rng: Random, size: Size, items: Sequence[Item], sessions: Sequence[Session]) -> None:
        self._rng, self._size, self._items, self._sessions = rng, size, items, sessions
        self._orders, self._lines = Ids(rng, 6_910_000_000_000_000_000), Ids(rng, 6_920_000_000_000_000_000)
        self._refunds = Ids(rng, 140_000_000_000_000)

    def all(self) -> Iterator[Order]:
        for number in range(self._size.days):
            day = self._size.first_day + timedelta(days=number)
            start, end = midnight(day, self._size.zone), midnight(day + timedelta(days=1), self._size.zone)
            for n in range(self._size.orders_per_day):
                yield self._one(n, start, end, self._sessions[number])

    def _one(self, n: int, start: int, end: int, session: Session) -> Order:
        """The first of a day sit on its edges and in one same second; then about a third are sold live."""
        rng = self._rng
        moments: dict[int, tuple[int, int | None]] = {
            0: (start, start), 1: (end - 20, end), 2: (end - 1, end + 30), 3: (start + 1, start + 40), 4: (end - 1800, end - 1),
            5: (start + 36_000, start + 36_065), 6: (start + 36_000, start + 36_066), 7: (start + 36_000, start + 36_067),
        }  # fmt: skip
        live = n not in moments and rng.random() < 0.35
        if live:
            at = rng.randrange(session.start_at, (session.end_at or session.start_at) - 120)
            moments[n] = (at, at + rng.randrange(5, 90))
        elif n not in moments:
            at = rng.randrange(start, end)
            moments[n] = (at, at + rng.randrange(3, 1500) if rng.random() < 0.9 else None)
        created, paid = moments[n]
        order = Order(self._orders.next(), f"buyer{rng.randrange(self._size.orders_per_day * 3 + 1):06d}", self._some_lines(), created, paid)
        order = replace(order, room_id=session.room_id, host=session.host) if live else order
        return self._goes_on(order, n, end)

    def _some_lines(self) -> tuple[Line, ...]:
        rng = self._rng
        items = rng.sample(list(self._items), rng.choice((1, 1, 1, 2, 3)))
        return tuple(Line(self._lines.next(), item, rng.choice((1, 1, 2, 3)), rng.randrange(0, item.price // 2)) for item in items)

    def _goes_on(self, order: Order, n: int, end: int) -> Order:
        rng, paid = self._rng, order.paid_at
        if paid is None:
            return replace(order, cancelled_at=order.created_at + 1800) if rng.random() < 0.7 else order
        shipped = paid + rng.randrange(3600, 2 * DAY_S)
        finished = shipped + rng.randrange(DAY_S, 6 * DAY_S)
        order = replace(order, shipped_at=shipped, finished_at=finished)
        if n in (0, 3):  # paid back on the first second of the day after next, and on the last one before it
            return replace(order, refunds=(self._refund(order, 0, paid + 7200, end + DAY_S - (1 if n else 0)),))
        count = rng.choice((0,) * 8 + (1, 2))
        chosen = [number for number in range(len(order.lines)) if number < count]
        return replace(order, refunds=tuple(self._some_refund(order, number) for number in chosen))

    def _some_refund(self, order: Order, number: int) -> Refund:
        rng, paid = self._rng, order.paid_at or order.created_at
        applied = paid + rng.randrange(600, 4 * DAY_S)
        ended = applied + rng.randrange(60, 5 * DAY_S)
        end = rng.random()
        if end < 0.15:
            return replace(self._refund(order, number, applied, None), closed_at=ended)
        return self._refund(order, number, applied, None if end < 0.25 else ended)

    def _refund(self, order: Order, number: int, applied: int, done: int | None) -> Refund:
        line = order.lines[number]
        amount = line.amount if self._rng.random() < 0.6 else self._rng.randrange(1, line.amount + 1)
        return Refund(self._refunds.next(), line.line_id, amount, applied, done)


def make_ads(rng: Random, size: Size) -> tuple[tuple[Campaign, ...], tuple[AdRow, ...]]:
    """Per account two that run on, one deleted half way, one that spends nothing, one whose rows are taken back."""
    campaigns, rows = [], []
    ids = Ids(rng, 1_790_000_000_000_000)
    gone = midnight(size.first_day + timedelta(days=max(1, size.days // 2)), size.zone)
    for account in size.ad_accounts:
        names = ("全域推广", "直播间投放", "夏季清仓", "测试计划", "搜索通投")
        made = [Campaign(account, ids.next(), name, gone if number == 2 else None) for number, name in enumerate(names)]
        campaigns += made
        for day in (size.first_day + timedelta(days=n) for n in range(size.days)):
            rows += [row for number, campaign in enumerate(made) if (row := _ad_row(rng, size, campaign, number, day))]
    return tuple(campaigns), tuple(rows)


def _ad_row(rng: Random, size: Size, campaign: Campaign, number: int, day: date) -> AdRow | None:
    start, end = midnight(day, size.zone), midnight(day + timedelta(days=1), size.zone)
    if campaign.deleted_at is not None and start >= campaign.deleted_at:
        return None
    if number == 4 and (day - size.first_day).days % 4:
        return None
    until = midnight(day + timedelta(days=1 + size.restate_days), size.zone)
    row = AdRow(campaign.account, campaign.campaign_id, campaign.name, day, start, end, until, 0, rng.randrange(10, 300), 0, 0, 0)
    if number == 3:
        return row
    clicks, orders = rng.randrange(20, 900), rng.randrange(0, 20)
    row = replace(row, spend=rng.randrange(100, 90_000) * 10, impressions=clicks * rng.randrange(8, 60), clicks=clicks, orders=orders)
    row = replace(row, sales=sum(rng.randrange(990, 60_000) for _ in range(orders)) * 10)
    return replace(row, withdrawn_at=end + 6 * 3600) if number == 4 else row
