"""Marts of orders: which day a figure belongs to, which source answers, what is left out."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.queries.facts import Facts

D1, D2, D3 = "2026-11-01", "2026-11-02", "2026-11-03"


def order(number: str, created: str, paid: str | None, amount: float, **more: Any) -> dict[str, Any]:
    base = {"source": "list", "order_id": number, "created_at": created, "paid_at": paid, "currency": "CNY", "placed_amount": amount,
            "paid_amount": amount if paid else None, "refund_amount": 0, "units": 1, "buyer": f"b{number}", "as_of": "2026-11-20 09:00:00"}  # fmt: skip
    return base | more


def test_each_figure_has_its_own_day() -> None:
    """Ordered on the 1st, paid on the 2nd, refunded on the 3rd: three days, one order."""
    facts = Facts().add(
        "order_head", order("1", f"{D1} 23:50:00", f"{D2} 00:10:00", 100, refund_amount=40, refund_at=f"{D3} 12:00:00")
    )
    facts.cover("order_head", "list", D1, D3).build()
    assert [facts.value("placed_amount", d) for d in (D1, D2, D3)] == [
        (100, "list", "ok"),
        (0, "list", "ok"),
        (0, "list", "ok"),
    ]
    assert [facts.value("sales", d) for d in (D1, D2, D3)] == [
        (0, "list", "ok"),
        (100, "list", "ok"),
        (0, "list", "ok"),
    ]
    assert [facts.value("refunds", d) for d in (D1, D2, D3)] == [
        (0, "list", "ok"),
        (0, "list", "ok"),
        (40, "list", "ok"),
    ]
    assert facts.value("cohort_refunds", D2) == (40, "list", "ok")
    assert facts.value("refund_orders", D3) == (1, "list", "ok")


def test_a_refund_without_a_date_is_booked_on_the_paid_day() -> None:
    facts = Facts().add("order_head", order("1", f"{D1} 10:00:00", f"{D2} 10:00:00", 100, refund_amount=30)).build()
    assert facts.value("refunds", D2) == (30, "list", "partial")
    assert facts.value("refunds", D1) is None or facts.value("refunds", D1)[0] == 0  # type: ignore[index]


def test_a_list_that_does_not_state_refunds_gives_none() -> None:
    """No refund column is not the same as no refunds."""
    facts = (
        Facts()
        .add("order_head", order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100, refund_amount=None))
        .cover("order_head", "list", D1, D2)
        .build()
    )
    assert facts.value("refunds", D1) is None
    assert facts.value("refunds", D2) is None  # a day without orders does not make it say so
    assert facts.value("sales", D1) == (100, "list", "ok")


def test_a_list_that_states_refunds_elsewhere_means_none_where_it_is_blank() -> None:
    facts = Facts().add(
        "order_head",
        order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100, refund_amount=None),
        order("2", f"{D2} 10:00:00", f"{D2} 10:00:00", 50, refund_amount=20),
    )
    facts.cover("order_head", "list", D1, D3).build()
    assert [facts.value("refunds", d) for d in (D1, D2, D3)] == [
        (0, "list", "ok"),
        (20, "list", "ok"),
        (0, "list", "ok"),
    ]


def test_covered_without_rows_is_zero_and_uncovered_is_nothing() -> None:
    facts = (
        Facts()
        .add("order_head", order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100))
        .cover("order_head", "list", D1, D2)
    )
    facts.cover("order_head", "list", D2, D2, is_partial=True).touch("a", date(2026, 11, 3))
    facts.build()
    assert facts.value("sales", D2) == (0, "list", "ok")  # one whole package is enough
    assert facts.value("paid_orders", D2) == (0, "list", "ok")
    assert facts.value("sales", D3) is None


def test_the_edge_of_an_export_is_partial() -> None:
    facts = (
        Facts()
        .add("order_head", order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100))
        .cover("order_head", "list", D1, D1, is_partial=True)
        .build()
    )
    assert facts.value("sales", D1) == (100, "list", "partial")


def test_orders_paid_outside_the_covered_days_lose_to_a_covered_source() -> None:
    """Six orders of February paid in March are not March: the item report that covers the day answers."""
    facts = (
        Facts()
        .add("order_head", order("1", f"{D1} 23:59:00", f"{D2} 00:01:00", 100))
        .cover("order_head", "list", D1, D1)
    )
    facts.add(
        "item_day", {"source": "goods", "item_id": "i1", "day": D2, "sales": 700, "units": 7, "currency": "CNY"}
    ).cover("item_day", "goods", D2, D2).build()
    assert facts.value("sales", D2) == (700, "goods", "ok")
    assert facts.value("paid_orders", D2) == (1, "list", "partial")  # item reports never count orders


def test_precedence_and_the_others_as_check() -> None:
    """Shop report before orders before items; the others stand beside with their difference."""
    facts = (
        Facts()
        .add("order_head", order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100))
        .cover("order_head", "list", D1, D1)
    )
    facts.add("observation", {"source": "sycm", "metric": "sales", "period_kind": "day", "day": D1, "value": 130})
    facts.add(
        "item_day", {"source": "goods", "item_id": "i1", "day": D1, "sales": 90, "visitors": 50, "currency": "CNY"}
    ).cover("item_day", "goods", D1, D1).build()
    assert facts.value("sales", D1) == (130, "sycm", "ok")
    checks = facts.rows(
        "SELECT source, CAST(value AS DOUBLE), is_chosen, CAST(difference AS DOUBLE) FROM check_day WHERE metric = 'sales' ORDER BY source"
    )
    assert checks == [("goods", 90, False, -40), ("list", 100, False, -30), ("sycm", 130, True, 0)]
    assert facts.value("visitors", D1) is None  # people of items are never the shop's
    assert facts.value("paid_orders", D1) == (1, "list", "ok")


def test_two_order_lists_and_lines_hold_the_same_orders_once() -> None:
    facts = Facts().add(
        "order_head",
        order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100, units=None),
        order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100, source="list2"),
    )
    line = {
        "source": "lines",
        "order_id": "1",
        "created_at": f"{D1} 10:00:00",
        "paid_at": f"{D1} 10:00:00",
        "currency": "CNY",
        "paid_amount": 99,
        "units": 3,
    }
    facts.add("order_line", line | {"line_id": "1"}).build()
    assert facts.value("sales", D1) == (100, "list", "partial")
    assert facts.value("units", D1) == (1, "list2", "partial")
    assert facts.rows("SELECT source, target FROM order_source") == [("list", "order_head")]


def test_units_of_an_order_list_come_from_its_own_lines() -> None:
    facts = Facts().add("order_head", order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100, units=None))
    facts.add("order_line", {"source": "list", "order_id": "1", "paid_at": f"{D1} 10:00:00", "currency": "CNY", "paid_amount": 60, "units": 2, "line_id": "1"},
              {"source": "list", "order_id": "1", "paid_at": f"{D1} 10:00:00", "currency": "CNY", "paid_amount": 40, "units": 3, "line_id": "2"}).build()  # fmt: skip
    assert facts.value("units", D1) == (5, "list", "partial")
    assert facts.value("sales", D1) == (100, "list", "partial")
    assert facts.rows("SELECT item_id, CAST(sales AS DOUBLE), CAST(paid_orders AS DOUBLE) FROM item_day") == [
        ("", 100, 1)
    ]


def test_flagged_orders_are_out_of_every_metric_and_listed() -> None:
    facts = Facts().add("order_head", order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100), order("2", f"{D1} 11:00:00", f"{D1} 11:00:00", 50, is_brush=True),
                        order("3", f"{D1} 11:00:00", f"{D1} 11:00:00", 7, is_gift=True), order("4", f"{D1} 11:00:00", None, 9, is_test=True))  # fmt: skip
    facts.cover("order_head", "list", D1, D1).build()
    for metric, value in {"sales": 100, "paid_orders": 1, "placed_amount": 100, "paying_buyers": 1, "units": 1}.items():
        assert facts.value(metric, D1) == (value, "list", "ok"), metric
    assert facts.rows("SELECT flag, orders, CAST(amount AS DOUBLE) FROM flagged_day ORDER BY flag") == [
        ("brush", 1, 50),
        ("gift", 1, 7),
    ]
    assert facts.rows("SELECT count(*) FROM buyer_day") == [(1,)]
    assert facts.rows("SELECT channel, CAST(sales AS DOUBLE) FROM channel_day") == [("", 100)]


def test_flagged_orders_make_the_order_list_answer_before_the_platform() -> None:
    """The platform cannot know which orders are marked as brushing, the complete order list does."""
    facts = Facts().add(
        "order_head",
        order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100),
        order("2", f"{D1} 11:00:00", f"{D1} 11:00:00", 50, is_brush=True),
    )
    facts.cover("order_head", "list", D1, D1).add(
        "observation", {"source": "sycm", "metric": "sales", "period_kind": "day", "day": D1, "value": 150}
    ).build()
    assert facts.value("sales", D1) == (100, "list", "ok")
    assert facts.rows(
        "SELECT CAST(difference AS DOUBLE) FROM check_day WHERE metric = 'sales' AND source = 'sycm'"
    ) == [(50,)]


def test_a_list_that_holds_only_part_of_the_day_does_not_replace_the_platform() -> None:
    facts = Facts().add(
        "order_head",
        order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100),
        order("2", f"{D1} 11:00:00", f"{D1} 11:00:00", 50, is_brush=True),
    )
    facts.cover("order_head", "list", D1, D1).add(
        "observation", {"source": "sycm", "metric": "sales", "period_kind": "day", "day": D1, "value": 1500}
    ).build()
    assert facts.value("sales", D1) == (1500, "sycm", "ok")


def test_refunds_and_lines_of_flagged_orders_are_out_too() -> None:
    facts = Facts().add("order_head", order("2", f"{D1} 11:00:00", f"{D1} 11:00:00", 50, is_brush=True))
    facts.add(
        "order_line",
        {
            "source": "lines",
            "order_id": "2",
            "paid_at": f"{D1} 11:00:00",
            "currency": "CNY",
            "paid_amount": 50,
            "units": 1,
        },
    )
    facts.add("refund", {"source": "after", "refund_id": "r1", "order_id": "2", "done_at": f"{D1} 15:00:00", "amount": 50, "is_done": True},
              {"source": "after", "refund_id": "r2", "order_id": "9", "done_at": f"{D1} 15:00:00", "amount": 20, "is_done": True},
              {"source": "after", "refund_id": "r3", "order_id": "8", "done_at": f"{D1} 15:00:00", "amount": 5, "is_done": False})  # fmt: skip
    facts.cover("refund", "after", D1, D1).build()
    assert facts.value("refunds", D1) == (20, "after", "ok")
    assert facts.rows("SELECT count(*) FROM item_day WHERE sales > 0") == [(0,)]


def test_refund_precedence_platform_then_after_sales_then_orders() -> None:
    facts = (
        Facts()
        .add("order_head", order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100, refund_amount=40))
        .cover("order_head", "list", D1, D1)
    )
    facts.add(
        "refund",
        {
            "source": "after",
            "refund_id": "r",
            "order_id": "1",
            "done_at": f"{D1} 15:00:00",
            "amount": 38,
            "is_done": True,
        },
    ).cover("refund", "after", D1, D1).build()
    assert facts.value("refunds", D1) == (38, "after", "ok")
    facts.add(
        "observation", {"source": "sycm", "metric": "refunds", "period_kind": "day", "day": D1, "value": 41}
    ).build()
    assert facts.value("refunds", D1) == (41, "sycm", "ok")


def test_a_masked_buyer_leaves_buyers_to_the_platform() -> None:
    """One order without a buyer: no paying buyers from orders, sales per order still known."""
    facts = Facts().add("order_head", order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100), order("2", f"{D1} 11:00:00", f"{D1} 11:00:00", 60, buyer=None),
                        order("3", f"{D2} 11:00:00", f"{D2} 11:00:00", 60))  # fmt: skip
    facts.cover("order_head", "list", D1, D2).build()
    assert facts.value("paying_buyers", D1) is None
    assert facts.value("paying_buyers", D2) == (1, "list", "ok")
    assert facts.metric("sales_per_order", D1, D1).value[0] == 80
    assert facts.metric("sales_per_buyer", D1, D1).value.isna().all()
    facts.add(
        "observation", {"source": "sycm", "metric": "paying_buyers", "period_kind": "day", "day": D1, "value": 2}
    ).build()
    assert facts.value("paying_buyers", D1) == (2, "sycm", "ok")
    assert facts.metric("sales_per_buyer", D1, D1).value[0] == 80


def test_currencies_stand_side_by_side() -> None:
    facts = (
        Facts()
        .add(
            "order_head",
            order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100),
            order("2", f"{D1} 10:00:00", f"{D1} 10:00:00", 20, currency="USD"),
        )
        .build()
    )
    found = facts.metric("sales", D1, D1)
    assert list(zip(found.currency, found.value, strict=True)) == [("CNY", 100), ("USD", 20)]


def test_a_touched_day_is_replaced_not_added() -> None:
    facts = Facts().add("order_head", order("1", f"{D1} 10:00:00", f"{D1} 10:00:00", 100)).build()
    facts.con.execute("UPDATE fact.order_head SET paid_amount = 80")
    facts.touch("a", date(2026, 11, 1))
    assert facts.build().value("sales", D1) == (80, "list", "partial")


def test_events_give_visitors_and_buyers() -> None:
    rows = [("u1", "view"), ("u1", "cart"), ("u2", "view"), ("u3", "buy"), ("u2", "view")]
    facts = Facts()
    for n, (visitor, kind) in enumerate(rows):
        facts.add(
            "visit",
            {
                "source": "log",
                "visitor": visitor,
                "kind": kind,
                "item_id": "i",
                "happened_at": f"{D1} 10:00:0{n}",
                "line_id": str(n),
            },
        )
    facts.build()
    got = {m: facts.value(m, D1) for m in ("visitors", "page_views", "cart_users", "paying_buyers")}
    assert {m: v[0] for m, v in got.items() if v} == {
        "visitors": 3,
        "page_views": 3,
        "cart_users": 1,
        "paying_buyers": 1,
    }
