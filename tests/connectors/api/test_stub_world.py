"""The shop behind the contract stub: made from a seed, seen at a moment, added up."""

from __future__ import annotations

from datetime import date

import pytest

from tests.stub.world import AdRow, Item, Line, Minute, Order, Refund, Session, Sold, World, midnight

ZONE = "Asia/Shanghai"
FIRST, SECOND, THIRD = date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)
ONE, TWO, THREE = (midnight(day, ZONE) for day in (FIRST, SECOND, THIRD))
CUP = Item("11", "12", "cup", 1000)
LATER = THREE + 400 * 86400


def tiny() -> World:
    """Order A: 20 yuan, paid, refunded 5 on the second; B: 9 yuan, placed on the first, paid on the second; C: never paid."""
    orders = [
        Order("1", "x", (Line("1", CUP, 2),), ONE, ONE + 60, refunds=(Refund("r", "1", 500, ONE + 3600, TWO),), room_id="7"),
        Order("2", "y", (Line("2", CUP, 1, 100),), TWO - 1, TWO + 5, refunds=(Refund("q", "2", 900, TWO + 10, None, TWO + 20),)),
        Order("3", "x", (Line("3", CUP, 1),), TWO + 100, cancelled_at=TWO + 1900),
    ]
    ads = [AdRow("a", "c", "plan", FIRST, ONE, TWO, THREE + 86400, 2400, 240, 24, 10, 48000)]
    live = Session("7", "h", "t", ONE, ONE + 180, (Minute(ONE, 5, 6), Minute(ONE + 60, 9, 4, 1, 2000), Minute(ONE + 120, 2, 0)), (Sold(ONE + 60, CUP, 2, 2000),))
    return World.of(ZONE, orders=orders, ads=ads, sessions=[live])


def figures(world: World, at: int, zone: str = "") -> list[tuple[int, ...]]:
    """placed, paid, sales, refunds, spend, attributed, sessions, session orders of the first two days."""
    return [
        (day.placed, day.paid, day.sales, day.refunds, day.spend, day.attributed, day.sessions, day.session_orders)
        for day in world.truth(FIRST, SECOND, at, zone).values()
    ]


def test_a_tiny_shop_adds_up_by_hand() -> None:
    """2 placed and 1 paid on the first; B's 9 yuan and A's refund of 5 belong to the second; a withdrawn refund to none."""
    assert figures(tiny(), LATER) == [(2, 1, 2000, 0, 2400, 48000, 1, 1), (1, 1, 900, 500, 0, 0, 0, 0)]


def test_the_same_shop_at_earlier_moments() -> None:
    """Nothing is known before it happened; the ad day runs by hours, then is restated: 98 % and 80 %, then 100 % and 90 %, then all."""
    world = tiny()
    assert figures(world, ONE - 1) == [(0,) * 8, (0,) * 8]
    assert figures(world, ONE + 3 * 3600) == [(1, 1, 2000, 0, 300, 6000, 1, 1), (0,) * 8]  # 3 of 24 hours
    assert figures(world, TWO) == [(2, 1, 2000, 0, 2350, 38400, 1, 1), (0, 0, 0, 500, 0, 0, 0, 0)]  # 2352 in whole fen
    assert figures(world, THREE)[0][4:6] == (2400, 43200)
    assert figures(world, THREE + 86400)[0][4:6] == (2400, 48000)


def test_days_of_another_zone() -> None:
    """In UTC the first of November in Shanghai began at 16:00 on 31 October; both its orders lie there or on the first."""
    assert figures(tiny(), LATER, "UTC") == [(2, 1, 900, 500, 2400, 48000, 0, 0), (0,) * 8]


def test_a_view_shows_no_later_change() -> None:
    """A refund that is paid back later looks open, an order paid later unpaid, a running session has no end and its full minutes only."""
    world = tiny()
    order = world.at(ONE + 7200).orders[0]
    assert (order.status, order.updated_at, order.refunded, order.refunds[0].status) == ("paid", ONE + 3600, 0, "applied")
    after = world.at(TWO).orders
    assert (after[0].refunded, after[0].updated_at, after[1].status, after[1].paid_amount) == (500, TWO, "unpaid", 0)
    assert [(order.status, [refund.status for refund in order.refunds]) for order in world.at(LATER).orders] == [
        ("paid", ["done"]), ("paid", ["withdrawn"]), ("cancelled", [])]  # fmt: skip
    running = world.at(ONE + 119).sessions[0]
    assert (running.end_at, running.viewers, running.pcu, running.orders, running.items) == (None, 6, 5, 0, ())
    ended = world.at(ONE + 180).sessions[0]
    assert (ended.end_at, ended.viewers, ended.pcu, ended.sales, ended.items[0].units) == (ONE + 180, 10, 9, 2000, 2)


def test_a_seed_makes_one_shop() -> None:
    """Same seed, same shop at any moment; another seed, another one."""
    moment = midnight(date(2026, 11, 5), ZONE) + 4000
    assert World(4).at(moment) == World(4).at(moment)
    assert World(4).orders != World(5).orders


def test_a_made_shop_holds_the_awkward_cases() -> None:
    """19-digit ids that are unique, ties, edges of midnight, a session over midnight, all ends of orders, refunds, ad rows."""
    world = World(2, days=7, orders_per_day=40)
    orders, view = world.orders, world.at(LATER)
    assert len({order.order_id for order in orders}) == len(orders) == 280
    assert {len(order.order_id) for order in orders} == {19}
    assert sorted(orders, key=lambda order: int(order.order_id)) != list(orders)
    created = [order.created_at for order in orders]
    assert max(created.count(moment) for moment in created) >= 3
    assert {ONE, ONE + 1, TWO, TWO - 1, TWO - 20} <= set(created)
    assert {TWO, TWO + 30, TWO - 1} <= {order.paid_at for order in orders}
    assert {order.status for order in orders} >= {"done", "cancelled", "unpaid"}
    assert {refund.status for _, refund in view.refunds} == {"done", "withdrawn", "applied"}
    assert any((session.end_at or 0) > midnight(SECOND, ZONE) > session.start_at for session in world.sessions)
    assert any(row.spend == 0 and row.impressions for row in world.ads)
    assert any(campaign.deleted_at for campaign in world.campaigns)
    assert len(view.ads) < len(world.ads)  # rows that the platform took back
    assert all(row.spend % 10 == 0 and row.sales % 10 == 0 for moment in (ONE + 50_000, TWO + 5, THREE + 5, LATER) for row in world.at(moment).ads)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "UTC"])
def test_truth_and_views_tell_one_story(zone: str) -> None:
    """At any moment the days add up to what the view shows; sessions to the orders that carry their room."""
    world = World(11, zone, days=5, orders_per_day=25)
    first, last = world.days()
    for moment in (*range(midnight(first, zone), midnight(last, zone), 7 * 3600 + 13), LATER):
        days, view = world.truth(first, last, moment).values(), world.at(moment)
        assert sum(day.placed for day in days) == len(view.orders)
        assert sum(day.sales for day in days) == sum(order.paid_amount for order in view.orders)
        assert sum(day.refunds for day in days) == sum(order.refunded for order in view.orders)
        assert sum(day.spend for day in days) == sum(row.spend for row in view.ads)
        assert sum(day.attributed for day in days) == sum(row.sales for row in view.ads)
        assert sum(day.session_sales for day in days) == sum(session.sales for session in view.sessions)
        assert all(order.updated_at <= moment for order in view.orders)
    for session in world.sessions:
        mine = [order for order in world.orders if order.room_id == session.room_id]
        assert (session.orders, session.sales) == (len(mine), sum(order.paid_amount for order in mine))
        assert sum(item.amount for item in session.items) == session.sales
