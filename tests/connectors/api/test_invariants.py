"""The ten invariants of a shared base for the platforms of China, each on the platforms that it is about."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from connectors.api.account import Account
from connectors.api.connector import Auth, Call
from connectors.api.endpoint import Answer
from connectors.api.settings import Credentials
from connectors.api.tokens import Token, TokenStore
from connectors.api.windows import Days, Reach, midnight
from connectors.catalog import CONNECTORS, connector
from connectors.errors import ApiError
from tests.connectors.api.acme.acme import GRANT, NOW, Desk, acme, ad, listed, order, yes
from tests.connectors.api.book import bench, opened
from tests.connectors.api.canned import SAMPLES, sample
from tests.stub.facts import Item, Line, Order
from tests.stub.world import World

ZONE = "Asia/Shanghai"
D20 = midnight(date(2026, 11, 20), ZONE)
SECRETS = {"app_key": "canary-key", "app_secret": "canary-secret", "client_id": "canary-id", "client_secret": "canary-secret", "session": "canary-session"}
ASKED = {"title": "手工陶杯 & 茶 +1", "page": 1, "ids": [1, "6910000000000000001"], "asc": True}


def signed(name: str, now: int = NOW) -> Any:
    """A request of the platform with awkward parameters, as it goes out."""
    made, account = connector(name), Account("a", name, "shop", id="1")
    path = {"doudian": "/order/searchList", "pdd": "pdd.order.list.get"}.get(name, next(each.path for each in made.endpoints))
    call = Call(path, ASKED, "POST")
    account = replace(account, options=dict(made.defaults))
    return made.sign(made.build(call, account), Auth(Credentials("a", SECRETS), "canary-token", now, "nonce", account))


@pytest.mark.parametrize("name", ["taobao", "jd", "pdd"])
def test_invariant_1_every_field_of_the_form_is_signed_as_it_is_sent(name: str) -> None:
    """Invariant 1: MD5 over everything in the very bytes that leave, but `sign`, sorted; worked out here from those bytes."""
    form = dict(parse_qsl(signed(name).body.decode(), keep_blank_values=True))
    said = form.pop("sign")
    text = "canary-secret" + "".join(key + form[key] for key in sorted(form)) + "canary-secret"
    assert said == hashlib.md5(text.encode()).hexdigest().upper()
    assert "手工陶杯 & 茶 +1" in text


def test_invariant_1_the_json_that_is_signed_is_the_body() -> None:
    """Invariant 1: Doudian's text holds the body's very bytes, keys sorted, Chinese as it is; token and way of signing are left out of it."""
    request = signed("doudian")
    query = request.query
    middle = "".join(f"{key}{value}" for key, value in (("app_key", "canary-key"), ("method", query["method"]), ("param_json", request.body.decode()), ("timestamp", query["timestamp"]), ("v", "2")))
    assert query["sign"] == hmac.new(b"canary-secret", f"canary-secret{middle}canary-secret".encode(), hashlib.sha256).hexdigest()
    assert request.body.decode() == '{"asc":true,"ids":[1,"6910000000000000001"],"page":1,"title":"手工陶杯 & 茶 +1"}'


def refusals() -> Iterator[tuple[str, str]]:
    for name in sorted(CONNECTORS):
        yield from ((name, path.stem) for path in sorted((SAMPLES / name).glob("error*.json")))


@pytest.mark.parametrize("name, said", list(refusals()))
def test_invariant_2_http_200_says_nothing(name: str, said: str) -> None:
    """Invariant 2: every saved refusal is an error by its body alone, though it comes with status 200."""
    made = connector(name)
    for endpoint in made.endpoints:
        with pytest.raises(ApiError):
            made.records(endpoint, made.judge(Call(endpoint.path), replace(sample(name, said), status=200)))


def test_invariant_3_ids_keep_every_digit_to_the_last_table(tmp_path: Path) -> None:
    """Invariant 3: ids of 19 and 20 digits, as numbers and as text, beside nulls: the same text in the package, the line's row and the order's row."""
    ids = [6910000000000000001, 9223372036854775807, 9223372036854775809, 18446744073709551615, 18446744073709551617, "6910000000000000003"]
    rows = [order(number, D20, lines=[{"id": number, "sku": number if n % 2 else None, "item": 7, "amount": "1"}]) for n, number in enumerate(ids)]
    desk = Desk(tmp_path, lambda asked: listed(rows, asked), acme({"orders": {"loads": ("order_head", "order_line")}}), since="2026-11-20")
    desk.pulled("orders")
    assert desk.rows("SELECT order_id, line_id, sku_id FROM fact.order_line ORDER BY len(order_id), order_id") == [
        (text, text, text if n in (1, 3, 5) else None) for text, n in sorted((str(number), n) for n, number in enumerate(ids) if len(str(number)) == 19)
    ] + [(str(number), str(number), str(number) if n in (1, 3, 5) else None) for n, number in enumerate(ids) if len(str(number)) == 20]
    assert sorted(row[0] for row in desk.rows("SELECT order_id FROM fact.order_head")) == sorted(map(str, ids))


@pytest.mark.parametrize("name", ["taobao", "jd"])
def test_invariant_4_a_signatures_clock_is_shanghais_on_any_host(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 4: 02:00 UTC is signed as 10:00 GMT+8 on a host in Los Angeles; Pinduoduo gets the same second as a number."""
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        assert dict(parse_qsl(signed(name).body.decode()))["timestamp"][:19] == "2026-11-20 10:00:00"
        assert dict(parse_qsl(signed("pdd").body.decode()))["timestamp"] == str(NOW)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_invariant_5_money_is_exact_to_a_thousandth(tmp_path: Path) -> None:
    """Invariant 5: 352001 厘 are 352.001 yuan, and a thousand rows of 1 厘 are 1.000: neither floats nor whole fen could say so; amounts keep four places."""
    rows = [ad("2026-11-20", "big", 352001), *(ad("2026-11-20", f"c{n}", 1) for n in range(1000))]
    desk = Desk(tmp_path, lambda asked: listed(rows, asked), acme({"ads": {"paging": replace(acme().endpoints[2].paging, size=500)}}), since="2026-11-20")
    desk.pulled("ads")
    assert desk.rows("SELECT max(spend), sum(spend), any_value(typeof(spend)) FROM fact.ad_day") == [(Decimal("352.001"), Decimal("353.001"), "DECIMAL(18,4)")]


def test_invariant_6_a_new_pair_is_on_the_disk_before_its_first_use(tmp_path: Path) -> None:
    """Invariant 6: at the moment the new token is sent for the first time, the file already holds both new halves and the old pair beside them."""
    seen: list[tuple[str, str]] = []

    def script(asked: dict[str, str]) -> Answer:
        if asked["path"] == "/refresh":
            return Answer(200, {}, json.dumps({"code": 0, "access_token": "access-two", "expires_in": 7200, "refresh_token": "refresh-two"}).encode())
        kept = TokenStore(desk.book, "acme").load()
        assert kept is not None
        seen.append((kept.access, kept.refresh))
        return yes(list=[], total=0) if len(seen) > 1 else Answer(200, {}, b'{"code": 2}')

    desk = Desk(tmp_path, script, acme(grant=GRANT), since="2026-11-20")
    TokenStore(desk.book, "acme").save(Token("access-one", NOW + 9000, "refresh-one"), NOW)
    desk.pulled("orders")
    assert seen == [("access-one", "refresh-one"), ("access-two", "refresh-two")]
    assert [asked.get("refresh_token") for asked in desk.asked if asked["path"] == "/refresh"] == ["refresh-one"]


def test_invariant_7_another_attribution_is_another_fact(tmp_path: Path) -> None:
    """Invariant 7: a day under two settings is two rows; a day asked for again under another setting says which; a day of before keeps its own."""
    rows = [ad("2026-11-10", "c", 1000, "click"), ad("2026-11-20", "c", 1000, "click", sales=500), ad("2026-11-20", "c", 1000, "order", sales=900)]
    desk = Desk(tmp_path, lambda asked: listed([row for row in rows if asked["from"] <= row["day"] <= asked["to"]], asked), since="2026-11-10")
    desk.pulled("ads")
    basis = "SELECT day::TEXT, attribution, attributed_sales FROM fact.ad_day ORDER BY ALL"
    assert desk.rows(basis) == [("2026-11-10", "click", 0), ("2026-11-20", "click", Decimal("0.5")), ("2026-11-20", "order", Decimal("0.9"))]
    rows[:] = [ad("2026-11-20", "c", 1000, "order", sales=950)]
    desk.clock.value += 3600
    desk.pulled("ads")
    assert desk.rows(basis) == [("2026-11-10", "click", 0), ("2026-11-20", "order", Decimal("0.95"))]


def test_invariant_8_every_ad_report_is_pulled_again() -> None:
    """Invariant 8: the last days of each report of ads are asked for again although they were done: yesterday at least, of what attribution moves three days or more."""
    now = NOW
    for name in sorted(CONNECTORS):
        for endpoint in connector(name).endpoints:
            if endpoint.kind != "ads":
                continue
            kind = endpoint.window
            if (name, endpoint.name) == ("kuaishou", "magnetic"):  # refused: its contract is not published
                continue
            assert isinstance(kind, Days), (name, endpoint.name)
            zone = connector(name).zone or ZONE
            done = kind.plan(Reach(now, now - 40 * 86_400, now - 40 * 86_400, zone), [])
            again = kind.plan(Reach(now, now - 40 * 86_400, now - 40 * 86_400, zone), done)
            days = sum((last - first).days + 1 for first, last in (window.days(zone) for window in again))
            assert days == (1 if endpoint.name == "ads_today" else kind.back) and (days >= 3 or endpoint.name == "ads_today"), (name, endpoint.name, days)


def test_invariant_9_only_money_that_was_paid_back_is_a_refund(tmp_path: Path) -> None:
    """Invariant 9: applied for 5, approved 7, paid 4 of 9 wanted: the refunds are 4, on the day they were paid; the rest is wanted only."""
    at = {"applied": D20 - 86_400, "changed": D20 + 60}
    rows = [
        {"id": "applied", "wanted": "5", "given": "5", **at}, {"id": "approved", "approved": D20, "wanted": "7", "given": "7", **at},
        {"id": "paid", "approved": D20, "paid": D20 + 30, "wanted": "9", "given": "4", **at},
    ]  # fmt: skip
    desk = Desk(tmp_path, lambda asked: yes(list=rows), since="2026-11-20")
    desk.pulled("refunds")
    assert desk.rows("SELECT done_at::DATE::TEXT, sum(amount) FROM fact.refund WHERE is_done GROUP BY 1") == [("2026-11-20", 4)]
    assert desk.rows("SELECT sum(amount), sum(applied_amount) FROM fact.refund") == [(4, 21)]


def test_invariant_9_where_only_a_detail_tells_the_detail_is_asked(tmp_path: Path) -> None:
    """Invariant 9: Doudian's list states a fen too much on purpose: what was really paid back, and when, comes from the call for each case."""
    world = World(seed=9, days=2, orders_per_day=10)
    first, last = world.days()
    with bench("doudian", world, midnight(last, ZONE) + 5 * 86_400, tmp_path) as at:
        at.sync(only=("refunds",))
        at.commit()
        refunds = {day: said["refunds"] for day, said in at.figures(first, last).items()}
        assert refunds == {day: said["refunds"] for day, said in at.truth(first, last).items()} and sum(refunds.values()) > 0
        assert len([call for call in at.stub.calls if call.path == "/afterSale/Detail"]) == len(world.at(int(at.clock())).refunds)


@pytest.mark.parametrize("name, size, newest_first", [("taobao", 50, True), ("pdd", 100, False)])
def test_invariant_10_changes_are_read_from_the_last_page_to_the_first(name: str, size: int, newest_first: bool, tmp_path: Path) -> None:
    """Invariant 10: three pages and a half; with every call another order of page 1 changes and leaves the window: none is lost, and no window is read twice."""
    item = Item("3600000000000000001", "3600000000000000002", "手工陶杯", 1000)
    count, start = size * 7 // 2, NOW - 3540
    lines = [Line(str(6_920_000_000_000_000_000 + n), item, 1) for n in range(count)]
    late = {count - 1 - n if newest_first else n: NOW + 1 + n for n in range(5)}  # on page 1, shipped one after the other from the first page turned on
    orders = [Order(str(6_910_000_000_000_000_000 + n), "b", (lines[n],), start + n, start + n, late.get(n)) for n in range(count)]
    with bench(name, World.of(orders=orders), NOW, tmp_path) as at:
        at.setup.platform.tick_s = 1.0
        at.sync(only=("orders",))
        assert len([call for call in at.stub.calls if "increment" in call.endpoint]) == 1 + 4 + 1  # probe, four pages; a half hour of nothing
        at.clock.value += 3600
        at.sync(only=("orders",))
        at.commit()
        day = date(2026, 11, 20)
        assert at.figures(day, day)[day]["sales"] == 1000 * count
        with opened(at.book) as con:
            assert con.execute("SELECT count(*), count(*) FILTER (status = 'shipped') FROM fact.order_head").fetchall() == [(count, 5)]
        assert at.stub.violations == []
