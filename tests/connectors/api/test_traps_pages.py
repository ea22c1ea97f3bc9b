"""Traps of lists: what is read to its end, what is counted, what is asked for, and what an answer without a list is."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from connectors.api import paging
from connectors.api.connector import Call, Connector
from connectors.api.endpoint import Answer
from connectors.api.paging import Offset, PageNumber, Reverse
from connectors.api.windows import Days, Span, Window, midnight
from connectors.catalog import CONNECTORS, connector
from connectors.errors import ApiError
from tests.connectors.api.acme.acme import DAY_S, NOW, Desk, acme, ad, listed, order, yes
from tests.connectors.api.book import bench, opened
from tests.stub.facts import Item, Line, Order
from tests.stub.world import World

ZONE = "Asia/Shanghai"
D18, D19, D20 = (midnight(date(2026, 11, day), ZONE) for day in (18, 19, 20))
ONE_EACH = [order("1", D18 + 60), order("2", D19 + 60), order("3", D20 + 60)]
CONNECTED = [connector(name) for name in sorted(CONNECTORS)]
UNCOUNTED = {("shopify", "sessions"), ("shopify", "traffic")}
EMPTY_IS_SAID = {("google_ads", b"[]")}  # a stream without chunks is the published way to say that nothing is there
NO_LISTS = (b"{}", b"null", b"[]", b'{"code":0}', b'{"data":null}', b"<html>200 OK</html>", b"")


def within(rows: list[dict[str, Any]], asked: dict[str, str]) -> list[dict[str, Any]]:
    return [row for row in rows if int(asked["from"]) <= row["changed"] < int(asked["to"])]


def errors(desk: Desk, *only: str) -> list[str]:
    return [type(run.error).__name__ for run in desk.sync(*only) if run.error]


def test_trap_01_a_cursor_never_passes_a_window_that_was_not_whole(tmp_path: Path) -> None:
    """Trap 1: the 19th states two orders and gives one: it stays open while the days around it are done, and is asked for until it is whole; no cursor passes its window's end."""
    missing = True

    def script(asked: dict[str, str]) -> Answer:
        rows = within([*ONE_EACH, order("late", D19 + 90)], asked)
        gives = [row for row in rows if not (missing and row["id"] == "late")]
        return yes(list=gives, total=len(rows))

    desk = Desk(tmp_path, script)
    desk.pulled("orders")
    assert desk.ledger.gaps("acme", "orders", D18, NOW) == [Window(D19, D20)]
    assert desk.rows("SELECT order_id FROM fact.order_head ORDER BY ALL") == [("1",), ("2",), ("3",)]
    assert desk.rows("SELECT is_complete, count(*), max(cursor) FROM fact.package GROUP BY ALL ORDER BY ALL") == [
        (False, 1, "2026-11-19T16:00:00+00:00"), (True, 2, "2026-11-20T02:00:00+00:00"),
    ]  # fmt: skip
    missing, desk.asked[:] = False, []
    desk.pulled("orders")
    assert min(int(asked["from"]) for asked in desk.asked) == D19
    assert desk.ledger.gaps("acme", "orders", D18, NOW) == []
    assert desk.rows("SELECT count(*) FROM fact.order_head") == [(4,)]


def test_trap_01_a_day_of_a_report_is_never_replaced_by_a_part_of_it(tmp_path: Path) -> None:
    """Trap 1: three rows are stated and two come, three times over: nothing is stored, what stood before stays, the error says so."""
    rows, stated = [ad("2026-11-20", "c1", 1000), ad("2026-11-20", "c2", 2000), ad("2026-11-20", "c3", 3000)], 3
    desk = Desk(tmp_path, lambda asked: yes(list=rows[int(asked["skip"]) :][:2], total=stated), since="2026-11-20")
    desk.pulled("ads")
    rows = rows[:2]
    desk.clock.value += 3600
    assert errors(desk, "ads") == ["Incomplete"]
    assert len([asked for asked in desk.asked[2:] if asked["skip"] == "0"]) == 3
    desk.commit()
    assert desk.rows("SELECT sum(spend) FROM fact.ad_day") == [(6,)]


def test_trap_01_what_belongs_to_missing_records_is_missing_too(tmp_path: Path) -> None:
    """Trap 1: refunds are asked for order by order; while an order of the 19th is missing, nobody asked for its refunds, so that day of theirs is not done either."""
    missing = True

    def script(asked: dict[str, str]) -> Answer:
        if asked["path"] == "/refunds":
            return yes(list=[{"id": "r" + asked["order"], "applied": D20, "paid": D20, "wanted": "1", "given": "1", "changed": D20}])
        rows = within(ONE_EACH, asked)
        return yes(list=[row for row in rows if not (missing and row["id"] == "2")], total=len(rows))

    desk = Desk(tmp_path, script, acme({"refunds": {"each": "orders", "each_key": {"id": "order"}}}))
    desk.pulled("orders", "refunds")
    assert desk.ledger.gaps("acme", "orders", D18, NOW) == desk.ledger.gaps("acme", "refunds", D18, NOW) == [Window(D19, D20)]
    missing = False
    desk.pulled("orders", "refunds")
    assert desk.ledger.gaps("acme", "refunds", D18, NOW) == []
    assert desk.rows("SELECT refund_id FROM fact.refund ORDER BY ALL") == [("r1",), ("r2",), ("r3",)]


def test_trap_01_a_list_that_no_longer_states_its_number_is_not_taken(tmp_path: Path) -> None:
    """Trap 1: without the number that tells the last page, a short list would go unnoticed: the window stops and stays open."""
    desk = Desk(tmp_path, lambda asked: yes(list=[order("1", D20)]))
    assert errors(desk, "orders") == ["UnexpectedPayload"]
    assert desk.ledger.done("acme", "orders") == []


def shelf(count: int, paid_at: int) -> World:
    """Orders of one morning; three of the oldest are paid late, one each second from `paid_at` on."""
    item = Item("3600000000000000001", "3600000000000000002", "手工陶杯", 1000)
    start = midnight(date(2026, 11, 20), ZONE)
    orders = [Order(str(6_910_000_000_000_000_000 + n), "b", (Line(str(6_920_000_000_000_000_000 + n), item, 1),), start + n, paid_at + n - 5 if 5 <= n < 8 else start + n) for n in range(count)]
    return World.of(orders=orders)


@pytest.mark.parametrize("name, rows", [("doudian", 150), ("woocommerce", 150)])
def test_trap_02_a_list_that_shrinks_while_it_is_read_loses_nothing(name: str, rows: int, tmp_path: Path) -> None:
    """Trap 2: an order of page 1 changes between two pages and leaves the window, so that what stood behind it moves up: all are here in the end, the changed one as it now is."""
    world = shelf(rows, NOW + 1)
    with bench(name, world, NOW, tmp_path) as at:
        at.setup.platform.tick_s = 1.0
        orders = at.setup.orders.split(".")[1]
        at.sync(only=(orders,))
        at.clock.value += 3600
        assert not [run.error for run in at.sync(only=(orders,)) if run.error]
        at.commit()
        assert at.stub.violations == []
        day = date(2026, 11, 20)
        assert {figure: at.figures(day, day)[day][figure] for figure in ("placed", "paid", "sales")} == {"placed": rows, "paid": rows, "sales": 1000 * rows}


@pytest.mark.parametrize("made", CONNECTED, ids=lambda made: made.name)
def test_trap_03_no_list_relies_on_a_default_page(made: Connector) -> None:
    """Trap 3: whatever is counted in pages or rows sends its page size and knows its end by the platform's own mark or number."""
    for endpoint in made.endpoints:
        how = endpoint.paging
        if isinstance(how, (PageNumber, Reverse, Offset)):
            assert how.size_param and how.size > 0, endpoint.name
        if isinstance(how, PageNumber):
            assert how.last or how.more or how.total, endpoint.name
        if isinstance(how, Offset):  # ShopifyQL alone states no number: a table ends at a page that is not full
            assert how.total or (made.name, endpoint.name) in UNCOUNTED, endpoint.name


@pytest.mark.parametrize("how", [PageNumber("page", "size", 2, last="pages"), PageNumber("page", "size", 2, more="more"), paging.Cursor("cursor", "next", more="more")])
def test_trap_03_a_full_page_without_an_end_mark_is_not_the_end(how: paging.Paging, tmp_path: Path) -> None:
    """Trap 3: rows came and nothing says whether there are more: refused, not taken for all."""
    desk = Desk(tmp_path, lambda asked: yes(list=[order("1", D20), order("2", D20)], total=2), acme({"orders": {"paging": how}}))
    assert errors(desk, "orders") == ["UnexpectedPayload"]


def test_trap_03_rows_are_skipped_by_our_own_counter(tmp_path: Path) -> None:
    """Trap 3: an answer that repeats no offset (GA4) is read on to its stated count: five rows are skips of 0, 2 and 4."""
    rows = [ad("2026-11-20", f"c{n}", 1000) for n in range(5)]
    desk = Desk(tmp_path, lambda asked: listed(rows, asked), since="2026-11-20")
    desk.pulled("ads")
    assert [asked["skip"] for asked in desk.asked] == ["0", "2", "4"]
    assert desk.rows("SELECT count(*), sum(spend) FROM fact.ad_day") == [(5, 5)]


FILTERS = {  # what the platform would leave out by itself, and the words that call for it
    ("pdd", "orders"): ('"order_status":5', '"refund_status":5', '"is_lucky_flag":0'), ("pdd", "orders_history"): ('"order_status":5', '"refund_status":5'),
    ("taobao", "orders"): ('"type":"fixed,', "step", "tmall_i18n"), ("taobao", "orders_history"): ('"type":"fixed,',),
    ("woocommerce", "orders"): ('"status":"any"',), ("tiktok_ads", "campaigns"): ("campaign_status", "STATUS_ALL"),
    ("meta", "campaign_day"): ("DELETED", "ARCHIVED"), ("google_ads", "campaign_day"): ("'REMOVED'",), ("qianchuan", "rooms"): ('"room_status":"ALL"',),
    ("qianchuan", "plans"): ('"filtering.marketing_goal":"ALL"', '"filtering.order_platform":"ALL"'),
}  # fmt: skip


def test_trap_04_a_hidden_default_is_overruled_in_so_many_words() -> None:
    """Trap 4: where a platform shows only some statuses or kinds by itself, all of them are named in the request, deleted and closed ones too."""
    for (name, endpoint), words in FILTERS.items():
        made = connector(name)
        fixed = next(each for each in made.endpoints if each.name == endpoint)
        said = json.dumps(dict(fixed.params), ensure_ascii=False, separators=(",", ":"), default=str).replace('\\"', '"')
        assert [word for word in words if word not in said] == [], (name, endpoint, said)


@pytest.mark.parametrize("unit, second", [("s", 1), ("ms", 1000)])
def test_trap_08_windows_meet_and_never_overlap(unit: str, second: int) -> None:
    """Trap 8: an end that belongs to the range is asked for one unit earlier, so that two neighbours hold every instant once."""

    def asked(inclusive: bool) -> list[dict[str, Any]]:
        kind = Span("a", "b", unit, end_inclusive=inclusive)
        return [kind.params(window, ZONE) for window in (Window(D18, D19), Window(D19, D20))]

    assert asked(False) == [{"a": D18 * second, "b": D19 * second}, {"a": D19 * second, "b": D20 * second}]
    assert asked(True) == [{"a": D18 * second, "b": D19 * second - 1}, {"a": D19 * second, "b": D20 * second - 1}]


def test_trap_08_an_inclusive_last_day_is_asked_for_once() -> None:
    """Trap 8: five days at once are the 1st to 5th, then the 6th to 10th; where the end is exclusive, the 6th and the 11th are named as ends."""
    windows = [Window(midnight(date(2026, 11, first), ZONE), midnight(date(2026, 11, first + 5), ZONE)) for first in (1, 6)]
    assert [Days("a", "b").params(each, ZONE) for each in windows] == [{"a": "2026-11-01", "b": "2026-11-05"}, {"a": "2026-11-06", "b": "2026-11-10"}]
    assert [Days("a", "b", end_inclusive=False).params(each, ZONE)["b"] for each in windows] == ["2026-11-06", "2026-11-11"]


def test_trap_14_every_line_of_an_order_is_there() -> None:
    """Trap 14: Shopify shows one line of an order at a time: the lines behind it are fetched, and their sum is the order's sale."""
    world = World(seed=14, days=2, orders_per_day=12)
    assert max(len(each.lines) for each in world.orders) == 3
    with bench("shopify", world, midnight(world.days()[1] + timedelta(days=3), ZONE)) as at:
        at.sync()
        at.commit()
        with opened(at.book) as con:
            lines = dict(con.execute("SELECT order_id, sum(placed_amount) FROM fact.order_line GROUP BY 1").fetchall())
            heads = con.execute("SELECT order_id, placed_amount, freight FROM fact.order_head").fetchall()
        assert len(heads) == len(world.orders)
        assert [head for head in heads if lines[head[0]] != head[1] - (head[2] or 0)] == []


@pytest.mark.parametrize("made", CONNECTED, ids=lambda made: made.name)
def test_trap_18_an_answer_without_a_list_is_no_empty_day(made: Connector) -> None:
    """Trap 18: under HTTP 200, what has neither the success mark nor the list of its contract is an error on every platform, never 0 rows."""
    taken = []
    for endpoint, body in product(made.endpoints, NO_LISTS):
        if (made.name, body) in EMPTY_IS_SAID:
            continue
        with suppress(ApiError):
            taken.append((endpoint.name, body, made.records(endpoint, made.judge(Call(endpoint.path), Answer(200, {}, body)))))
    assert taken == []


@pytest.mark.parametrize("tokens", [["a", "a"], ["a", "b", "a"]])
def test_trap_20_a_token_that_comes_again_stops_the_window(tmp_path: Path, tokens: list[str]) -> None:
    """Trap 20: the next page has a token that was used: an error, nothing stored, the window stays open."""
    left = iter(tokens)
    desk = Desk(tmp_path, lambda asked: yes(list=[order(str(len(desk.asked)), D20)], next=next(left)), acme({"refunds": {"loads": ("order_head",)}}))
    assert errors(desk, "refunds") == ["UnexpectedPayload"]
    assert desk.ledger.done("acme", "refunds") == []


def test_trap_20_a_page_of_known_records_stops_the_window(tmp_path: Path) -> None:
    """Trap 20: ever new tokens, ever the same records."""
    desk = Desk(tmp_path, lambda asked: yes(list=[order("1", D20)], next=str(len(desk.asked))), acme({"refunds": {"loads": ("order_head",)}}), since="2026-11-20")
    assert errors(desk, "refunds") == ["UnexpectedPayload"]
    assert len(desk.asked) == 2


def test_trap_20_pages_without_end_are_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trap 20: new tokens and new records for ever: after so many pages it is an error."""
    monkeypatch.setattr(paging, "MOST_PAGES", 30)
    desk = Desk(tmp_path, lambda asked: yes(list=[order(str(len(desk.asked)), D20)], next=str(len(desk.asked))), acme({"refunds": {"loads": ("order_head",)}}), since="2026-11-20")
    assert errors(desk, "refunds") == ["UnexpectedPayload"]
    assert len(desk.asked) == 30


def test_trap_20_a_list_that_ends_early_is_not_whole(tmp_path: Path) -> None:
    """Trap 20: the token is gone after one of three stated records: kept as far as it came, and the window stays open."""
    changed = {"refunds": {"loads": ("order_head",), "total": "total", "window": Span("from", "to")}}
    desk = Desk(tmp_path, lambda asked: yes(list=[order("1", D20)], total=3), acme(changed), since="2026-11-20")
    desk.pulled("refunds")
    assert desk.ledger.gaps("acme", "refunds", D20, NOW) == [Window(D20, NOW)]
    assert desk.rows("SELECT order_id FROM fact.order_head") == [("1",)]


def test_trap_20_an_empty_page_with_a_token_goes_on(tmp_path: Path) -> None:
    """Trap 20: the second page is empty and not the last: the record of the third is here."""
    pages = {"": ([order("1", D20)], "a"), "a": ([], "b"), "b": ([order("2", D20)], "")}

    def script(asked: dict[str, str]) -> Answer:
        rows, token = pages[asked.get("cursor", "")]
        return yes(list=rows, next=token)

    desk = Desk(tmp_path, script, acme({"refunds": {"loads": ("order_head",)}}), since="2026-11-20")
    desk.pulled("refunds")
    assert desk.rows("SELECT order_id FROM fact.order_head ORDER BY ALL") == [("1",), ("2",)]


def test_trap_20_what_a_platform_no_longer_keeps_overwrites_nothing(tmp_path: Path) -> None:
    """Trap 20: ten days are kept and older ones answered with nothing: four weeks later the stored days stand, however early the start that is asked for."""
    days = [f"2026-11-{day:02d}" for day in range(11, 21)]

    def script(asked: dict[str, str]) -> Answer:
        kept = date.fromtimestamp(desk.clock() + 8 * 3600) - timedelta(days=10)
        return listed([ad(day, "c", 1000) for day in days if asked["from"] <= day <= asked["to"] and date.fromisoformat(day) > kept], asked)

    desk = Desk(tmp_path, script, acme({"ads": {"window": Days("from", "to", most=5, back=3, keeps=10)}}), since="2026-11-01")
    desk.pulled("ads")
    desk.clock.value += 28 * DAY_S
    desk.asked.clear()
    desk.pulled("ads", since="2026-11-01")
    assert min(asked["from"] for asked in desk.asked) == "2026-12-09"
    assert desk.rows("SELECT min(day)::TEXT, max(day)::TEXT, sum(spend) FROM fact.ad_day") == [("2026-11-11", "2026-11-20", 10)]
