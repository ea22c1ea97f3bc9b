"""Which orders a live session sold, and what went back of them since, from a published book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
import pytest

import queries
import worker
from warehouse.book import Book
from warehouse.commit import open_warehouse
from warehouse.publish import publish
from warehouse.reader import Reader

SESSION = "20261111T233000-r1"
SAME = {"shop": "a", "source": "list", "currency": "CNY", "channel": "live_own", "status": "paid"}


def order(name: str, paid_at: str, amount: float = 10, **more: Any) -> tuple[str, dict[str, Any]]:
    return "order_head", SAME | {"order_id": name, "created_at": paid_at, "paid_at": paid_at, "paid_amount": amount} | more


def refund(name: str, order_id: str, done_at: str, amount: float, **more: Any) -> tuple[str, dict[str, Any]]:
    facts = {"shop": "a", "source": "after", "refund_id": name, "order_id": order_id, "done_at": done_at, "amount": amount, "is_done": True}
    return "refund", facts | more


def room(account: str, started_at: str, ended_at: str) -> tuple[str, dict[str, Any]]:
    return "live_session", {"shop": "a", "source": "rooms", "account": account, "account_name": f"主播{account}", "started_at": started_at, "ended_at": ended_at}


class Made:
    """A book whose facts are typed; `publish` makes the next generation of it."""

    def __init__(self, book: Book) -> None:
        self.book, self.reader = book, Reader(book)

    def publish(self, *rows: tuple[str, dict[str, Any]]) -> None:
        with open_warehouse(self.book) as con:
            con.execute("INSERT INTO fact.shop BY NAME SELECT 'a' AS shop, 'douyin' AS platform, 'CNY' AS currency WHERE NOT EXISTS (FROM fact.shop)")
            con.execute("INSERT INTO fact.source BY NAME SELECT unnest(['list', 'after', 'rooms']) AS source, unnest(['orders', 'refunds', 'sessions']) AS kind, 10 AS rank "
                        "WHERE NOT EXISTS (FROM fact.source WHERE source = 'list')")  # fmt: skip
            for table, row in rows:
                names, marks = ", ".join(row), ", ".join(f"${name}" for name in row)
                con.execute(f"INSERT INTO fact.{table} ({names}) VALUES ({marks})", row)
                for name in ("created_at", "paid_at", "done_at", "started_at"):
                    if row.get(name):
                        con.execute("INSERT INTO fact.touched VALUES ('a', $day)", {"day": date.fromisoformat(str(row[name])[:10])})
            publish(self.book, con, worker.load_marts(worker.MARTS), worker.metric_sources())

    def orders(self, session: str = SESSION, shops: list[str] | None = None) -> pd.DataFrame:
        return queries.run("detail/live_orders", self.reader, session=session, shops=shops)


@pytest.fixture
def made(book: Book) -> Iterator[Made]:
    found = Made(book)
    yield found
    found.reader.close()


def test_orders_paid_on_air_through_a_live_room(made: Made) -> None:
    """23:30 to 01:00: half past is minute 0, 00:10 minute 40; earlier, later, from a video, unpaid and brushed ones are not the room's."""
    made.publish(
        room("r1", "2026-11-11 23:30:00", "2026-11-12 01:00:00"),
        order("before", "2026-11-11 23:29:59"), order("first", "2026-11-11 23:30:00"), order("late", "2026-11-12 00:10:59", 25),
        order("after", "2026-11-12 01:00:00"), order("video", "2026-11-12 00:10:00", channel="video"),
        order("host", "2026-11-12 00:20:00", channel="live_host"), order("brush", "2026-11-12 00:21:00", is_brush=True),
    )  # fmt: skip
    found = made.orders()
    assert list(zip(found["order_id"], found["minute"], found["paid_amount"].astype(float), strict=True)) == [
        ("first", 0, 10.0), ("late", 40, 25.0), ("host", 50, 10.0),
    ]  # fmt: skip
    assert made.orders("nothing").empty and made.orders(shops=["other"]).empty


def test_while_two_rooms_are_on_air_an_order_must_name_its_own(made: Made) -> None:
    """Room 2 opens at midnight: from then on only orders of 主播r1 are room 1's."""
    made.publish(
        room("r1", "2026-11-11 23:30:00", "2026-11-12 01:00:00"), room("r2", "2026-11-12 00:00:00", "2026-11-12 02:00:00"),
        order("alone", "2026-11-11 23:50:00"), order("either", "2026-11-12 00:10:00"),
        order("named", "2026-11-12 00:11:00", host="主播r1"), order("other", "2026-11-12 00:12:00", host="主播r2"),
    )  # fmt: skip
    assert made.orders()["order_id"].tolist() == ["alone", "named"]


def test_refunds_that_come_weeks_later_are_seen(made: Made) -> None:
    """The after-sales list is imported later: 4 of 10 went back on the 30th; a refund that is not done is none; an order without any keeps what its list says."""
    made.publish(
        room("r1", "2026-11-11 23:30:00", "2026-11-12 01:00:00"),
        order("1", "2026-11-11 23:31:00"), order("2", "2026-11-11 23:32:00", refund_amount=3, refund_at="2026-11-13 10:00:00"),
        order("3", "2026-11-11 23:33:00"),
    )  # fmt: skip
    assert made.orders()["refunded"].astype(float).fillna(-1).tolist() == [-1, 3, -1]
    made.publish(
        refund("a", "1", "2026-11-29 09:00:00", 1), refund("b", "1", "2026-11-30 09:00:00", 3),
        refund("c", "3", "2026-11-30 09:00:00", 10, is_done=False), refund("d", "elsewhere", "2026-11-30 09:00:00", 10),
    )  # fmt: skip
    found = made.orders()
    assert found["refunded"].astype(float).fillna(-1).tolist() == [4, 3, -1]
    assert [str(at) for at in found["refund_at"].iloc[:2]] == ["2026-11-30 09:00:00", "2026-11-13 10:00:00"]


def test_a_book_without_orders_answers_with_no_rows(made: Made) -> None:
    """A team that imports only session lists has no orders to ask."""
    made.publish(room("r1", "2026-11-11 23:30:00", "2026-11-12 01:00:00"))
    assert made.orders().empty and "paid_amount" in made.orders().columns


def test_a_session_without_a_stated_end_lasts_to_its_last_minute(made: Made) -> None:
    """On air with minutes 23:30 to 23:32 reported so far: what is paid at 23:32:59 counts, at 23:33 not yet."""
    minutes = [("live_minute", {"shop": "a", "source": "rooms", "account": "r1", "happened_at": f"2026-11-11 23:3{n}:00", "step_s": 60, "enters": 1}) for n in range(3)]
    running = {"shop": "a", "source": "rooms", "account": "r1", "account_name": "主播r1", "started_at": "2026-11-11 23:30:00"}
    made.publish(("live_session", running), *minutes, order("in", "2026-11-11 23:32:59"), order("not yet", "2026-11-11 23:33:00"))
    assert made.orders()["order_id"].tolist() == ["in"]
