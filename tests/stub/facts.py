"""What there is in a shop, and what of it can be seen at a moment. Amounts of orders are fen (cents), of ads 1/1000 yuan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

DAY_S = 86400


def _until(instant: int | None, now: int) -> int | None:
    """An instant that has come, else None."""
    return instant if instant is not None and instant <= now else None


@dataclass(frozen=True)
class Item:
    """A product with one SKU; `price` in fen."""

    item_id: str
    sku_id: str
    title: str
    price: int


@dataclass(frozen=True)
class Line:
    """Part of an order; `amount` in fen for all units, after `discount`."""

    line_id: str
    item: Item
    units: int
    discount: int = 0

    @property
    def amount(self) -> int:
        return self.item.price * self.units - self.discount


@dataclass(frozen=True)
class Refund:
    """Money asked back for one line; it ends done, or withdrawn and closed, or stays open. `amount` in fen."""

    refund_id: str
    line_id: str
    amount: int
    applied_at: int
    done_at: int | None = None
    closed_at: int | None = None

    @property
    def status(self) -> str:
        return "done" if self.done_at is not None else "withdrawn" if self.closed_at is not None else "applied"

    @property
    def updated_at(self) -> int:
        return max(self.applied_at, self.done_at or 0, self.closed_at or 0)

    def at(self, now: int) -> Refund | None:
        if self.applied_at > now:
            return None
        return replace(self, done_at=_until(self.done_at, now), closed_at=_until(self.closed_at, now))


@dataclass(frozen=True)
class Order:
    """An order with all that ever happens to it; `at` gives it as it stood at a moment.

    order_id: up to 19 digits; instants in Unix seconds; room_id: the live session it was placed in, None for none
    """

    order_id: str
    buyer_id: str
    lines: tuple[Line, ...]
    created_at: int
    paid_at: int | None = None
    shipped_at: int | None = None
    finished_at: int | None = None
    cancelled_at: int | None = None
    refunds: tuple[Refund, ...] = ()
    room_id: str | None = None
    host: str = ""

    @cached_property
    def amount(self) -> int:
        """What is or would be paid."""
        return sum(line.amount for line in self.lines)

    @property
    def paid_amount(self) -> int:
        return self.amount if self.paid_at is not None else 0

    @property
    def discount(self) -> int:
        return sum(line.discount for line in self.lines)

    @property
    def refunded(self) -> int:
        """What has really been paid back."""
        return sum(refund.amount for refund in self.refunds if refund.done_at is not None)

    @property
    def status(self) -> str:
        """unpaid, cancelled, paid, shipped or done; refunds do not change it."""
        if self.cancelled_at is not None:
            return "cancelled"
        if self.finished_at is not None:
            return "done"
        return "shipped" if self.shipped_at is not None else "paid" if self.paid_at is not None else "unpaid"

    @cached_property
    def moments(self) -> tuple[int, ...]:
        """When it changed, oldest first; refunds change it too."""
        own = (self.created_at, self.paid_at, self.shipped_at, self.finished_at, self.cancelled_at)
        theirs = [moment for refund in self.refunds for moment in (refund.applied_at, refund.done_at, refund.closed_at)]
        return tuple(sorted({moment for moment in (*own, *theirs) if moment is not None}))

    @property
    def updated_at(self) -> int:
        return self.moments[-1]

    def at(self, now: int) -> Order | None:
        if self.created_at > now:
            return None
        refunds = tuple(seen for refund in self.refunds if (seen := refund.at(now)) is not None)
        return replace(
            self, paid_at=_until(self.paid_at, now), shipped_at=_until(self.shipped_at, now), refunds=refunds,
            finished_at=_until(self.finished_at, now), cancelled_at=_until(self.cancelled_at, now),
        )  # fmt: skip


@dataclass(frozen=True)
class Campaign:
    """`deleted_at`: from then on gone from lists, while its past days stay in reports of all statuses."""

    account: str
    campaign_id: str
    name: str
    deleted_at: int | None = None

    def at(self, now: int) -> Campaign:
        return replace(self, deleted_at=_until(self.deleted_at, now))


@dataclass(frozen=True)
class AdRow:
    """One campaign's day, as it stands in the end. `spend` and `sales` (attributed) in 1/1000 yuan, whole fen.

    starts_at, ends_at  the day in Unix seconds; while it runs, each full hour adds its share
    restated_until      until then spend, sales and orders are lower than they turn out
    withdrawn_at        the platform takes the row back altogether (clicks found invalid)
    """

    account: str
    campaign_id: str
    campaign: str
    day: date
    starts_at: int
    ends_at: int
    restated_until: int
    spend: int
    impressions: int
    clicks: int
    orders: int
    sales: int
    withdrawn_at: int | None = None

    def at(self, now: int) -> AdRow | None:
        if now < self.starts_at + 3600 or (self.withdrawn_at is not None and self.withdrawn_at <= now):
            return None
        if now < self.ends_at:
            hours = (now - self.starts_at) // 3600
            return self._share(hours, hours, (self.ends_at - self.starts_at) // 3600)
        if now >= self.restated_until:
            return self
        days, in_all = (now - self.ends_at) // DAY_S, -(-(self.restated_until - self.ends_at) // DAY_S)
        spent, sold = (98 if days == 0 else 100), 80 + 20 * days // in_all
        return replace(self._share(sold, 100, 100), spend=self.spend * spent // 1000 * 10)

    def _share(self, sold: int, seen: int, whole: int) -> AdRow:
        """`sold` of `whole` of the results, `seen` of `whole` of the rest; money in whole fen."""
        return replace(
            self, spend=self.spend * seen // whole // 10 * 10, impressions=self.impressions * seen // whole,
            clicks=self.clicks * seen // whole, orders=self.orders * sold // whole, sales=self.sales * sold // whole // 10 * 10,
        )  # fmt: skip


@dataclass(frozen=True)
class Minute:
    """A minute of a session: people online, people who came in, paid orders and their amount in fen."""

    at: int
    online: int
    entered: int
    orders: int = 0
    sales: int = 0


@dataclass(frozen=True)
class Sold:
    """A line paid in a minute of a session; `amount` in fen."""

    minute: int
    item: Item
    units: int
    amount: int


@dataclass(frozen=True)
class SessionItem:
    """A product in a session: orders with it, units, amount in fen, clicks on it."""

    item: Item
    orders: int
    units: int
    amount: int
    clicks: int


@dataclass(frozen=True)
class Session:
    """A live session. Totals are sums over its minutes; of a running one, over the full minutes so far.

    orders, sales: paid in the session with its room id, before refunds, in fen; spend: ads for the room, 1/1000 yuan
    """

    room_id: str
    host: str
    title: str
    start_at: int
    end_at: int | None
    minutes: tuple[Minute, ...]
    sold: tuple[Sold, ...] = ()
    spend: int = 0

    @cached_property
    def viewers(self) -> int:
        return sum(minute.entered for minute in self.minutes)

    @cached_property
    def pcu(self) -> int:
        return max((minute.online for minute in self.minutes), default=0)

    @cached_property
    def orders(self) -> int:
        return sum(minute.orders for minute in self.minutes)

    @cached_property
    def sales(self) -> int:
        return sum(minute.sales for minute in self.minutes)

    @cached_property
    def items(self) -> tuple[SessionItem, ...]:
        lines: defaultdict[Item, list[Sold]] = defaultdict(list)
        for line in self.sold:
            lines[line.item].append(line)
        return tuple(
            SessionItem(item, len(of), units := sum(line.units for line in of), sum(line.amount for line in of), units * 7)
            for item, of in sorted(lines.items(), key=lambda pair: pair[0].item_id)
        )

    def at(self, now: int) -> Session | None:
        if self.start_at > now:
            return None
        if self.end_at is not None and self.end_at <= now:
            return self
        full = now - 60
        minutes = tuple(minute for minute in self.minutes if minute.at <= full)
        share = len(minutes) * 100 // max(1, len(self.minutes))
        sold = tuple(line for line in self.sold if line.minute <= full)
        return replace(self, end_at=None, minutes=minutes, sold=sold, spend=self.spend * share // 1000 * 10)
