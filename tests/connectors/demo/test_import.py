"""The demo's files, handed in like anybody's, answer every question with what really happened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import queries
from connectors.demo import build, refresh
from tests.connectors.demo.conftest import TODAY
from warehouse.book import Book
from warehouse.reader import Reader
from warehouse.shown import is_demo
from worker import commit_all

FIRST, LAST = date(2026, 10, 1), date(2026, 11, 22)


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book of the small demo, made and committed as `python -m connectors demo` does."""
    book = Book(tmp_path_factory.mktemp("demo") / "demo")
    built = build(book.root, TODAY, volume=0.05, history=1)
    assert built.last == LAST
    batch = commit_all(book)
    assert batch.failed == {}
    assert sum(outcome.quarantined for outcome in batch.outcomes) == 0
    return book


@pytest.fixture
def reader(imported: Book) -> Iterator[Reader]:
    open_reader = Reader(imported)
    yield open_reader
    open_reader.close()


def told(book: Book) -> dict[str, Any]:
    return json.loads((book.root / "truth.json").read_text(encoding="utf-8"))


def asked(reader: Reader, metric: str, shop: str) -> dict[str, float]:
    frame = queries.metric(reader, metric, FIRST, LAST, by=["day"], shops=[shop])
    return {str(row.day)[:10]: float(row.value) for row in frame.itertuples() if not pd.isna(row.value)}


@pytest.mark.parametrize(
    ("shop", "metric", "fact"),
    [
        *[(shop, m, m) for shop in ("tmall-demo", "jd-demo", "douyin-demo") for m in ("sales", "paid_orders", "units", "placed_amount", "spend")],
        ("tmall-demo", "visitors", "visitors"),
        ("tmall-demo", "paying_buyers", "stated_buyers"),      # the list masks buyers, so the platform's figure counts
        ("tmall-demo", "refunds", "refunds"),
        ("tmall-demo", "affiliate_commission", "commission"),
        ("tmall-demo", "affiliate_service_fee", "service_fee"),
        ("jd-demo", "paying_buyers", "paying_buyers"),
        ("douyin-demo", "refunds", "refunds"),
    ],
)  # fmt: skip
def test_every_day_is_what_happened(imported: Book, reader: Reader, shop: str, metric: str, fact: str) -> None:
    """Day by day, to the cent, for each of the three shops."""
    truth = {day: facts[fact] for day, facts in told(imported)["shops"][shop]["days"].items()}
    found = asked(reader, metric, shop)
    covered = {day: truth[day] for day in truth if day in found}
    assert len(covered) >= (53 if metric not in ("affiliate_commission", "affiliate_service_fee") else 40)
    assert {day: round(found[day], 2) for day in covered} == covered
    assert sum(truth[day] for day in truth if day not in found) == 0


def test_jd_refunds_of_yesterday_are_not_out_yet(imported: Book, reader: Reader) -> None:
    """A report that is a day late leaves a gap, not a zero."""
    truth = {day: facts["refunds"] for day, facts in told(imported)["shops"]["jd-demo"]["days"].items()}
    found = asked(reader, "refunds", "jd-demo")
    assert "2026-11-22" not in found and truth["2026-11-22"] > 0
    assert found == {day: value for day, value in truth.items() if day != "2026-11-22"}


def test_flagged_orders_stand_beside(imported: Book, reader: Reader) -> None:
    """Brushing and tests are out of sales, their count and amount are shown."""
    frame = reader.query("SELECT shop, CAST(sum(orders) AS INTEGER) AS orders, CAST(sum(amount) AS DOUBLE) AS amount FROM flagged_day GROUP BY shop")
    found = {row.shop: (row.orders, round(row.amount, 2)) for row in frame.itertuples()}
    truth = {
        shop: (sum(d["flagged_orders"] for d in facts["days"].values()), round(sum(d["flagged_amount"] for d in facts["days"].values()), 2))
        for shop, facts in told(imported)["shops"].items()
    }
    assert found == {shop: facts for shop, facts in truth.items() if facts[0]}
    assert found


def test_platform_and_orders_differ_by_what_is_flagged(imported: Book, reader: Reader) -> None:
    """核对: the shop's own figure is above ours by the flagged amount, and equal on every other day."""
    rows = reader.query("SELECT day, CAST(value AS DOUBLE) AS value FROM check_day WHERE metric = 'sales' AND source = 'sycm_macro_monitor'")
    stated = {str(row.day)[:10]: round(row.value, 2) for row in rows.itertuples()}
    assert stated == {day: facts["stated_sales"] for day, facts in told(imported)["shops"]["tmall-demo"]["days"].items()}


def test_douyin_channels_add_up(imported: Book, reader: Reader) -> None:
    """Own room, hosts, videos and product cards, day by day."""
    frame = reader.query("SELECT day, channel, CAST(sales AS DOUBLE) AS sales FROM channel_day WHERE shop = 'douyin-demo'")
    found = {(str(row.day)[:10], row.channel): round(row.sales, 2) for row in frame.itertuples() if row.sales and str(row.day)[:10] <= str(LAST)}
    days = told(imported)["shops"]["douyin-demo"]["days"]
    truth = {(day, name): facts[name] for day, facts in days.items() for name in ("live_own", "live_host", "video", "card") if facts[name]}
    assert found == truth


def test_every_session_once(imported: Book, reader: Reader) -> None:
    """List, workbook and minutes of an evening are one session with the list's figures."""
    frame = reader.query(
        "SELECT started_at, ended_at, CAST(viewers AS INTEGER) AS viewers, CAST(views AS INTEGER) AS views, CAST(orders AS INTEGER) AS orders, "
        "CAST(live_sales AS DOUBLE) AS live_sales, CAST(user_paid AS DOUBLE) AS user_paid, CAST(ad_spend AS DOUBLE) AS spend, sources "
        "FROM live_session ORDER BY started_at"
    )
    truth = told(imported)["sessions"]
    assert len(frame) == len(truth)
    for row, fact in zip(frame.itertuples(), truth, strict=True):
        assert (str(row.started_at), str(row.ended_at)) == (fact["started_at"], fact["ended_at"])
        assert (row.viewers, row.views, row.orders) == (fact["viewers"], fact["views"], fact["orders"])
        assert (row.live_sales, row.user_paid, row.spend) == (fact["live_sales"], fact["user_paid"], fact["spend"])
    assert set(frame["sources"].tail(8)) == {"compass_live_list+compass_minute_trend+compass_session_detail"}


def test_each_evening_has_its_sheet_and_its_log(imported: Book, reader: Reader) -> None:
    """Of the last evenings the run sheet is found beside the session, and what was explained names links of the sheet."""
    sessions = reader.query("SELECT session, day FROM live_session ORDER BY started_at DESC LIMIT 8")
    for row in sessions.itertuples():
        sheet = queries.run("live/script", reader, shops=["douyin-demo"], session=row.session)
        events = queries.run("live/events", reader, shops=["douyin-demo"], session=row.session)
        assert sheet["minute"].iloc[0] == 0 and sheet["minute"].is_monotonic_increasing and sheet["host"].nunique() == 2
        explained = events[events["kind"] == "explain"]
        assert len(explained) > 8 and set(explained["link_no"]) <= set(sheet["link_no"])
        assert (events["kind"] == "host").sum() == 2


def test_source_tree_has_no_yesterday(reader: Reader) -> None:
    """店铺来源 of yesterday is not out; the day before sums to the shop's sales."""
    days = {str(day)[:10] for day in reader.query("SELECT DISTINCT day FROM source_day WHERE shop = 'tmall-demo'")["day"]}
    assert max(days) == "2026-11-21"
    leaves = reader.query("SELECT CAST(sum(sales) AS DOUBLE) AS sales FROM source_day WHERE day = '2026-11-21' AND carrier = '' AND depth = 2")
    stated = reader.query("SELECT CAST(value AS DOUBLE) AS v FROM check_day WHERE day = '2026-11-21' AND metric = 'sales' AND source = 'sycm_macro_monitor'")
    assert float(leaves["sales"][0]) == pytest.approx(float(stated["v"][0]), abs=0.005)


def test_typed_rows_are_there(reader: Reader) -> None:
    """Targets, cost rates and promotions came in as forms, shops carry their names."""
    assert set(reader.query("SELECT name FROM shop")["name"]) == {"示例家居旗舰店", "示例家居京东店", "示例家居抖音店"}
    assert len(reader.query("SELECT * FROM target")) == 18      # three shops, two metrics, three months
    assert set(reader.query("SELECT kind FROM cost")["kind"]) == {"margin_rate", "fee_rate", "freight_per_order"}
    assert "双11" in set(reader.query("SELECT name FROM promotion")["name"])


def test_nothing_is_quarantined_and_stated_totals_hold(reader: Reader) -> None:
    assert reader.query("SELECT * FROM quarantine").empty
    totals = reader.query("SELECT name, difference FROM source_total")
    assert len(totals) > 0 and (totals["difference"] == 0).all()


def test_a_day_later_the_demo_is_extended(imported: Book, tmp_path: Path) -> None:
    """The next morning only new or changed files come in, and every figure is again what happened."""
    assert is_demo(imported)
    tomorrow = TODAY + timedelta(days=1)
    built = refresh(imported, tomorrow)
    assert built.last == TODAY and 0 < built.written < 20
    assert commit_all(imported).failed == {}
    again = Reader(imported)
    try:
        for shop, facts in told(imported)["shops"].items():
            frame = queries.metric(again, "sales", FIRST, TODAY, by=["day"], shops=[shop])
            found = {str(row.day)[:10]: round(float(row.value), 2) for row in frame.itertuples()}
            assert found == {day: fact["sales"] for day, fact in facts["days"].items()}
        typed = again.query("SELECT count(*) AS n, count(DISTINCT (sheet_at, minute)) AS distinct_n FROM live_script")
        assert typed["n"].iloc[0] == typed["distinct_n"].iloc[0] > 0
    finally:
        again.close()


def test_the_quarters_plan_came_in_with_its_log(reader: Reader) -> None:
    """One issued plan whose months are the typed targets; its log ends yesterday."""
    plan = reader.query("SELECT plan, state, nodes FROM plan")
    assert list(plan["state"]) == ["issued"]
    months = reader.query("SELECT sum(target) AS target FROM plan_node WHERE metric = 'sales' AND period_kind = 'month'")
    whole = reader.query("SELECT target FROM plan_node WHERE node = 'sales'")
    assert float(months["target"].iloc[0]) == float(whole["target"].iloc[0])
    done = reader.query("SELECT max(done_at) AS last, count(*) AS n FROM activity")
    assert done["last"].iloc[0].date() <= TODAY and done["n"].iloc[0] > 0
