"""The truth that all platforms of a test share: what a shop shows at a moment, and what a day's figures then are."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from tests.stub.facts import AdRow, Campaign, Item, Line, Minute, Order, Refund, Session, SessionItem, Sold
from tests.stub.making import Orders, Size, make_ads, make_items, make_sessions, midnight, with_sales

__all__ = [
    "AdRow", "Campaign", "Day", "Item", "Line", "Minute", "Order", "Refund", "Session", "SessionItem", "Sold", "View", "World", "midnight",
]  # fmt: skip


@dataclass(frozen=True)
class View:
    """What is there at a moment: orders by creation, ad rows by day, sessions by start, campaigns with the deleted ones."""

    now: int
    orders: tuple[Order, ...]
    ads: tuple[AdRow, ...]
    sessions: tuple[Session, ...]
    campaigns: tuple[Campaign, ...]
    items: tuple[Item, ...]

    @cached_property
    def refunds(self) -> tuple[tuple[Order, Refund], ...]:
        return tuple((order, refund) for order in self.orders for refund in order.refunds)


@dataclass
class Day:
    """A day's figures. placed, paid: orders by day of creation, of payment; sales: what was paid, in fen, before refunds.

    refunds: what was paid back that day, in fen; spend, attributed: 1/1000 yuan; sessions, their orders and sales (fen,
    also before refunds): by day of their start
    """

    placed: int = 0
    paid: int = 0
    sales: int = 0
    refunds: int = 0
    spend: int = 0
    attributed: int = 0
    sessions: int = 0
    session_orders: int = 0
    session_sales: int = 0


class World:
    """A shop made out of a seed; the same arguments give the same shop.

    zone          whose days the shop counts
    orders_per_day  the first eight of a day lie on its edges and in one same second
    restate_days  so many days after its own an ad day still moves
    """

    def __init__(
        self, seed: int | str = 0, zone: str = "Asia/Shanghai", first_day: date = date(2026, 11, 1), days: int = 7,
        orders_per_day: int = 20, *, restate_days: int = 2, ad_accounts: tuple[str, ...] = ("1730000000000001",), currency: str = "CNY",
    ) -> None:  # fmt: skip
        size = Size(zone, first_day, days, orders_per_day, restate_days, ad_accounts)
        items = make_items(Random(f"{seed}/items"))
        sessions = make_sessions(Random(f"{seed}/sessions"), size)
        orders = list(Orders(Random(f"{seed}/orders"), size, items, sessions).all())
        live: dict[str, list[Order]] = {session.room_id: [] for session in sessions}
        for order in orders:
            if order.room_id is not None:
                live[order.room_id].append(order)
        campaigns, ads = make_ads(Random(f"{seed}/ads"), size)
        sessions = [with_sales(session, live[session.room_id]) for session in sessions]
        self._keep(zone, currency, orders, ads, sessions, campaigns, items)

    @classmethod
    def of(
        cls, zone: str = "Asia/Shanghai", *, orders: Iterable[Order] = (), ads: Iterable[AdRow] = (), sessions: Iterable[Session] = (),
        campaigns: Iterable[Campaign] = (), items: Iterable[Item] = (), currency: str = "CNY",
    ) -> World:  # fmt: skip
        """A world of facts made by hand."""
        made = cls.__new__(cls)
        made._keep(zone, currency, orders, ads, sessions, campaigns, items)
        return made

    def _keep(
        self, zone: str, currency: str, orders: Iterable[Order], ads: Iterable[AdRow], sessions: Iterable[Session],
        campaigns: Iterable[Campaign], items: Iterable[Item],
    ) -> None:  # fmt: skip
        self.zone, self.currency = zone, currency
        self.orders = tuple(sorted(orders, key=lambda order: (order.created_at, order.order_id)))
        self.ads = tuple(sorted(ads, key=lambda row: (row.day, row.account, row.campaign_id)))
        self.sessions = tuple(sorted(sessions, key=lambda session: (session.start_at, session.room_id)))
        self.campaigns, self.items = tuple(campaigns), tuple(items)
        self._stages: list[dict[int, Order]] = [{} for _ in self.orders]
        self._created = [order.created_at for order in self.orders]
        self._views: dict[int, View] = {}
        self._lock = threading.Lock()

    def at(self, instant: int) -> View:
        """What a platform can show at a moment: no later order, no later change, ad days as they were stated then."""
        with self._lock:
            if instant not in self._views:
                if len(self._views) > 8:
                    self._views.clear()
                self._views[instant] = self._view(instant)
            return self._views[instant]

    def _view(self, now: int) -> View:
        return View(
            now, orders=tuple(self._stage(number, now) for number in range(bisect_right(self._created, now))),
            ads=tuple(seen for row in self.ads if (seen := row.at(now)) is not None),
            sessions=tuple(there for session in self.sessions if (there := session.at(now)) is not None),
            campaigns=tuple(campaign.at(now) for campaign in self.campaigns), items=self.items,
        )  # fmt: skip

    def _stage(self, number: int, now: int) -> Order:
        """An order between two of its changes is made once."""
        order, stages = self.orders[number], self._stages[number]
        stage = bisect_right(order.moments, now)
        if stage not in stages:
            stages[stage] = order.at(now) or order
        return stages[stage]

    def days(self) -> tuple[date, date]:
        """First and last day on which anything ever happens. Raises ValueError in an empty world."""
        moments = [moment for order in self.orders for moment in (order.created_at, order.updated_at)]
        known = [self._day(moment, self.zone) for moment in (*moments, *(session.start_at for session in self.sessions))]
        known += [row.day for row in self.ads]
        return min(known), max(known)

    def _day(self, instant: int, zone: str) -> date:
        return datetime.fromtimestamp(instant, ZoneInfo(zone)).date()

    def truth(self, day_from: date, day_to: date, at: int, zone: str = "") -> dict[date, Day]:
        """Figures of each day from `day_from` to `day_to` (both in), as a full reading at `at` must find them.

        zone: count orders, refunds and sessions by another zone's days; an ad day is a label of the platform.
        """
        zone = zone or self.zone
        found = {day_from + timedelta(days=n): Day() for n in range((day_to - day_from).days + 1)}
        other = Day()  # takes what falls on days not asked for
        for order in self.orders:
            if order.created_at <= at:
                found.get(self._day(order.created_at, zone), other).placed += 1
            if order.paid_at is not None and order.paid_at <= at:
                day = found.get(self._day(order.paid_at, zone), other)
                day.paid += 1
                for line in order.lines:
                    day.sales += line.item.price * line.units - line.discount
            for refund in order.refunds:
                if refund.done_at is not None and refund.done_at <= at:
                    day = found.get(self._day(refund.done_at, zone), other)
                    day.refunds += refund.amount
        self._count_ads(found, at)
        self._count_sessions(found, at, zone)
        return found

    def _count_ads(self, found: dict[date, Day], at: int) -> None:
        for row in self.ads:
            stated = row.at(at)
            if stated is not None and row.day in found:
                found[row.day].spend += stated.spend
                found[row.day].attributed += stated.sales

    def _count_sessions(self, found: dict[date, Day], at: int, zone: str) -> None:
        for session in self.sessions:
            day = found.get(self._day(session.start_at, zone))
            if day is None or session.start_at > at:
                continue
            day.sessions += 1
            for minute in session.minutes:
                if minute.at + 60 <= at or (session.end_at is not None and session.end_at <= at):
                    day.session_orders += minute.orders
                    day.session_sales += minute.sales
