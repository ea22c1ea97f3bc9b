"""The simulator is repeatable, agrees with itself, and yesterday stays what it was when a day is added."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from connectors.demo.build import Built, Mark, build, is_stale
from connectors.demo.catalogue import SHOPS
from connectors.demo.douyin import best
from connectors.demo.douyin import simulate as simulate_shop
from connectors.demo.live import goes_live, session
from connectors.demo.orders import NEVER, generator
from connectors.demo.outbox import months
from connectors.demo.seasons import days_between, demand, epoch_seconds, hour_share
from connectors.demo.show import show
from connectors.demo.typed import submissions
from tests.connectors.demo.conftest import SEED, TODAY, simulate
from warehouse.book import Book
from warehouse.errors import OpsError
from warehouse.packages import PackageWriter

FLAT, LINKS = (1.0,) * 7, (1.0,) * 12


def digests(root: Path) -> dict[str, str]:
    files = sorted(path for path in (root / "exports").rglob("*") if path.is_file())
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_and_day_give_the_same_bytes(exports: Path, tmp_path: Path) -> None:
    """Nothing depends on the clock, the machine or the order of sets."""
    simulate(tmp_path)
    assert digests(tmp_path) == digests(exports)
    assert (tmp_path / "truth.json").read_bytes() == (exports / "truth.json").read_bytes()


def test_another_seed_gives_other_orders(exports: Path, tmp_path: Path) -> None:
    simulate(tmp_path, mark=Mark(SEED + 1, "2026-10-01", 0.05, []))
    ours, theirs = digests(tmp_path), digests(exports)
    name = "exports/tmall-demo/ExportOrderList_示例家居旗舰店_20261001_20261102.csv"
    assert ours[name] != theirs[name]


def test_a_day_more_leaves_what_was_stated(exports: Path, tmp_path: Path, truth: dict[str, Any]) -> None:
    """A day later the same visitors, spend and placed orders stand for every earlier day, and a new day is there."""
    simulate(tmp_path, TODAY + timedelta(days=1))
    later = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert later["last"] == "2026-11-23"
    for shop, found in truth["shops"].items():
        for day, facts in found["days"].items():
            now = later["shops"][shop]["days"][day]
            assert [now[k] for k in ("placed_amount", "placed_orders")] == [facts[k] for k in ("placed_amount", "placed_orders")]
            assert now.get("visitors") == facts.get("visitors")
        assert later["shops"][shop]["days"]["2026-11-23"]["placed_orders"] > 0


def test_only_changed_files_are_written_again(tmp_path: Path) -> None:
    """A round with the same bytes under a key keeps the earlier file, whatever its new name would be."""
    mark = simulate(tmp_path)
    before = digests(tmp_path)
    assert simulate(tmp_path, mark=mark) is mark
    assert digests(tmp_path) == before
    simulate(tmp_path, TODAY + timedelta(days=1), mark)
    after = digests(tmp_path)
    assert {name for name in after if "202610" in name and name.endswith("1031.xlsx")} <= set(before)
    assert len(set(after.values()) - set(before.values())) < 20
    assert "exports/tmall-demo/生意参谋_宏观监控_日_20261001_20261122.xlsx" not in after
    assert "exports/tmall-demo/生意参谋_宏观监控_日_20261001_20261123.xlsx" in after


def test_live_list_and_orders_agree(exports: Path, truth: dict[str, Any]) -> None:
    """A session's sales are the sum of the Doudian orders of its own room, placed while it was on air and paid."""
    orders: list[dict[str, str]] = []
    for path in (exports / "exports/douyin-demo").glob("*_抖店订单导出.csv"):
        orders += csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    rows = {row["子订单编号"]: row for row in orders if row["支付完成时间"] != "-" and row["流量体裁"] == "直播" and row["达人ID"] == "0"}
    stated: list[list[Any]] = []
    for path in sorted((exports / "exports/douyin-demo").glob("罗盘_*")):
        stated += CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:]
    assert len(stated) == len(truth["sessions"]) >= 30
    for row, told in zip(stated, truth["sessions"], strict=True):
        inside = [r for r in rows.values() if told["started_at"] <= r["订单提交时间"] < told["ended_at"]]
        paid = round(sum(float(r["订单应付金额"]) for r in inside), 2)
        income = round(paid + sum(float(r["平台实际承担优惠金额"]) for r in inside), 2)
        assert (row[26], row[27]) == (income, paid) == (told["live_sales"], told["user_paid"])
        assert row[25] == told["orders"] == len({r["主订单编号"] for r in inside})


def test_minutes_add_up_to_the_session(exports: Path, truth: dict[str, Any]) -> None:
    """Entries of the minute file are the list's views, its highest minute is the list's peak."""
    paths = sorted((exports / "exports/douyin-demo").glob("流量综合*"))
    for path, told in zip(paths, truth["sessions"][-len(paths) :], strict=True):
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:]
        assert len(rows) == told["minutes"]
        assert sum(float(str(row[1])) for row in rows) == told["views"]
        assert max(float(str(row[3])) for row in rows) == told["pcu"]
        assert str(rows[0][0]).replace("/", "-") == told["started_at"][:16]


def test_sycm_items_add_up_to_the_shop(exports: Path) -> None:
    """商品_全部 of a day sums to the 支付金额 that 宏观监控 states for it; its visitors sum to more."""
    macro = CalamineWorkbook.from_path(next((exports / "exports/tmall-demo").glob("*宏观监控*"))).get_sheet_by_index(0).to_python()
    stated = {row[0]: row for row in macro[1:]}
    for path in sorted((exports / "exports/tmall-demo").glob("*商品_全部_2026-11*")):
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        sales, people = rows[4].index("支付金额"), rows[4].index("商品访客数")
        total = round(sum(float(str(row[sales]).replace(",", "")) for row in rows[5:]), 2)
        day = stated[rows[5][0]]
        assert total == float(str(day[2]).replace(",", ""))
        assert sum(float(str(row[people]).replace(",", "")) for row in rows[5:]) >= float(str(day[8]).replace(",", ""))


def test_some_sources_are_late_or_missing(exports: Path) -> None:
    """Yesterday's source tree and SKU figures are not out yet, and a day of the item report was never downloaded."""
    tmall = exports / "exports/tmall-demo"
    assert not (tmall / "生意参谋_店铺来源_2026-11-22.xlsx").exists()
    assert (tmall / "生意参谋_店铺来源_2026-11-21.xlsx").exists()
    assert (exports / "exports/jd-demo/京东商智_商品明细_SKU_20261101_20261121.xlsx").exists()
    days = {path.name[-15:-5] for path in tmall.glob("*商品_全部_*")}
    assert len(days) < 45
    assert "2026-11-22" in days


def test_promotions_lift_and_warm_up_dampens() -> None:
    """Double 11 is several times an ordinary day, the days before are quieter, the spring festival is quietest."""
    ordinary = demand(date(2026, 9, 16), FLAT)
    assert demand(date(2026, 11, 11), FLAT) > 4 * ordinary
    assert demand(date(2026, 6, 18), FLAT) > 3 * ordinary
    assert demand(date(2026, 10, 25), FLAT) < ordinary * 1.02
    assert demand(date(2026, 2, 17), FLAT) < ordinary / 2
    assert demand(date(2026, 9, 16), FLAT) / demand(date(2025, 9, 16), FLAT) == pytest.approx(1.271, abs=0.001)  # e^0.24


def test_hours_are_shares() -> None:
    assert hour_share(date(2026, 9, 16)).sum() == pytest.approx(1)
    assert hour_share(date(2026, 11, 10)).argmax() == 0


def test_sessions_a_week_and_past_midnight() -> None:
    """Three to five evenings in an ordinary week, some of them end on the next day, none after two."""
    days = days_between(date(2026, 8, 3), date(2026, 9, 27))
    for week in range(0, len(days), 7):
        assert 3 <= sum(goes_live(day) for day in days[week : week + 7]) <= 5
    ends = [(one.ended - epoch_seconds(one.day)) / 3600 for one in (session(SEED, day, 0.05, LINKS) for day in days if goes_live(day))]
    assert any(end > 24 for end in ends) and any(end < 24 for end in ends) and max(ends) < 26
    assert goes_live(date(2026, 8, 3), frozenset([date(2026, 8, 3)])) and not goes_live(date(2026, 8, 3))


def test_room_never_holds_less_than_nobody() -> None:
    one = session(SEED, date(2026, 8, 7), 1.0, LINKS)
    inside = 0
    for entered, left, online in zip(one.enters.tolist(), one.leaves.tolist(), one.online.tolist(), strict=True):
        inside += entered - left
        assert inside == online >= 0


@given(st.integers(0, 10_000), st.integers(120, 320), st.integers(120, 320), st.integers(1, 12))
def test_a_show_fills_its_session(seed: int, planned: int, minutes: int, links: int) -> None:
    """Sheet and reality run without gap or overlap from 0 to their end, and only links of the room are explained."""
    drawn = show(np.random.default_rng(seed), planned, minutes, [1.0] * links)
    for parts, end in ((drawn.planned, planned), (drawn.aired, minutes)):
        assert [part.minute for part in parts] == [0, *(part.until for part in parts[:-1])]
        assert parts[-1].until == end and all(part.minutes > 0 and 0 <= part.link <= links for part in parts)


def test_what_is_explained_sells() -> None:
    """Of half a year's orders, those placed while link 1 was explained are more than twice as often for it as the others."""
    shop = simulate_shop(SEED, days_between(date(2026, 1, 1), date(2026, 6, 30)), 1.0)
    lines = shop.history.lines.drop_duplicates("order").set_index("order")["item"]
    orders = shop.history.orders[shop.history.orders["session"] >= 0]
    while_on, else_on = [], []
    for at, one in enumerate(shop.sessions):
        first = int(best(shop.history.goods, (one.day - shop.history.days[0]).days)[0])
        own = orders[orders["session"] == at]
        minute = np.minimum((own["created"].to_numpy() - one.started) // 60, one.minutes - 1)
        is_on = one.show.link(one.minutes)[minute] == 1
        is_first = (lines.loc[own.index] == first).to_numpy()
        while_on += is_first[is_on].tolist()
        else_on += is_first[~is_on].tolist()
    assert len(while_on) > 500
    assert np.mean(while_on) > 2 * np.mean(else_on)


def test_months_overlap_so_that_no_day_is_only_an_edge() -> None:
    spans = months(date(2026, 9, 10), date(2026, 11, 3), date(2026, 11, 3), overlap=2)
    assert [(s.first.isoformat(), s.last.isoformat()) for s in spans] == [
        ("2026-09-10", "2026-10-02"), ("2026-10-01", "2026-11-02"), ("2026-11-01", "2026-11-03"),
    ]  # fmt: skip
    quarters = months(date(2025, 12, 1), date(2026, 11, 22), TODAY, every=3)
    assert [s.text for s in quarters] == ["20251201_20260228", "20260301_20260531", "20260601_20260831", "20260901_20261122"]
    assert [s.text for s in months(date(2026, 11, 1), date(2026, 11, 30), TODAY)] == ["20261101_20261130"]


def test_chance_differs_by_shop_day_and_stream() -> None:
    """No two shops or days share a stream of chance."""
    days = [date(2026, 11, 10), date(2026, 11, 11)]
    draws = [float(generator(1, shop, day, stream).random()) for shop in SHOPS for day in days for stream in (0, 1)]
    assert len(set(draws)) == len(draws)
    assert NEVER < 0


def test_targets_cover_every_month_and_one_ahead() -> None:
    """Sales and spend targets per shop for October, November and the month to come; costs are rates below one."""
    rows = [row for table, rows in submissions(date(2026, 10, 1), date(2026, 11, 22), 1.0) if table == "plan_node" for row in rows]
    assert {(r["shop"], r["metric"], str(r["day"])) for r in rows} == {
        (shop.id, metric, day) for shop in SHOPS for metric in ("sales", "spend") for day in ("2026-10-01", "2026-11-01", "2026-12-01")
    }
    assert all(float(r["target"]) > 0 for r in rows)


def test_a_book_with_other_packages_is_refused(book: Book) -> None:
    """The demo never mixes with somebody's own book."""
    with PackageWriter(book, source="typed", kind="form", shop="mine", sha256="0" * 64) as writer:
        writer.add_records("rows", [{"shop": "mine"}])
        writer.seal()
    with pytest.raises(OpsError, match="book of its own"):
        build(book.root, TODAY)


def test_a_demo_up_to_date_is_left_alone(tmp_path: Path) -> None:
    """A second call on the same day writes nothing; the next day it is stale; a book that is no demo never is."""
    mark = {"seed": 1, "first": "2026-10-01", "volume": 0.05, "extra": [], "last": "2026-11-22"}
    (tmp_path / "demo.json").write_text(json.dumps(mark))
    assert build(tmp_path, TODAY) == Built(tmp_path, date(2026, 11, 22), 0, 0)
    assert not is_stale(Book(tmp_path), TODAY) and is_stale(Book(tmp_path), TODAY + timedelta(days=1))
    assert not is_stale(Book(tmp_path / "other"), TODAY)
