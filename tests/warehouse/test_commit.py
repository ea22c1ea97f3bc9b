"""Committing packages: exactly once, in any order, bad rows aside, stated totals held against the rows."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.build import ADS, ORDERS, interpret, order, seal, spent
from warehouse.book import Book
from warehouse.commit import commit, open_warehouse
from warehouse.errors import MissingColumn
from warehouse.interpretation import Column, Interpretation, View
from warehouse.packages import Manifest
from warehouse.replay import checksums
from warehouse.staging import stamp
from warehouse.tables import tables


def ask(con: Any, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def commit_all(con: Any, book: Book, *manifests: Manifest) -> None:
    for manifest in manifests:
        commit(con, book, manifest, interpret(manifest))


def test_rows_totals_and_bad_cells_go_where_they_belong(book: Book) -> None:
    """One good order in, one row quarantined with each bad cell named, the totals row reconciled and kept out."""
    rows = [order('="1"', "2026-11-01 10:00:00", "1,000.5", "2026-11-01 10:01:00"), order("2", "bad", "x"), order("合计", "", "1,030")]
    with book.lock(), open_warehouse(book) as con:
        outcome = commit(con, book, seal(book, "orders", rows), ORDERS)
        assert (outcome.rows, outcome.stored, outcome.quarantined, outcome.differing) == (3, 1, 1, 1)
        assert ask(con, "SELECT order_id, paid_amount FROM fact.order_head") == [("1", Decimal("1000.5"))]
        assert ask(con, "SELECT row_no, name, value FROM fact.quarantine ORDER BY name") == [(3, "amount", "x"), (3, "created", "bad")]
        assert ask(con, "SELECT stated, summed, difference FROM fact.source_total") == [(Decimal(1030), Decimal("1000.5"), Decimal("29.5"))]


def test_the_same_package_twice_changes_nothing(book: Book) -> None:
    """A second commit of one package is a no-op."""
    manifest = seal(book, "orders", [order("1", "2026-11-01 10:00:00", "5")])
    with book.lock(), open_warehouse(book) as con:
        commit_all(con, book, manifest)
        before = checksums(con)
        assert commit(con, book, manifest, ORDERS).already
        assert checksums(con) == before


def test_newer_export_wins_and_an_older_one_that_comes_late_does_not(book: Book) -> None:
    """as_of decides between two exports of the same order."""
    new = seal(book, "orders", [order("1", "2026-11-01 10:00:00", "5", "2026-11-02 08:00:00")], as_of="2026-11-03 09:00:00")
    old = seal(book, "orders", [order("1", "2026-11-01 10:00:00", "5")], as_of="2026-11-02 07:00:00")
    with book.lock(), open_warehouse(book) as con:
        commit_all(con, book, new, old)
        assert ask(con, "SELECT paid_at FROM fact.order_head") == [(datetime(2026, 11, 2, 8),)]


def test_a_report_replaces_its_days_and_leaves_the_others(book: Book) -> None:
    """A campaign that a newer report no longer lists is gone for that day; a day without rows is covered."""
    first = seal(book, "ads", [spent("2026-11-01", "a", "5"), spent("2026-11-01", "b", "1"), spent("2026-11-03", "a", "6")], as_of="2026-11-04")
    second = seal(book, "ads", [spent("2026-11-03", "a", "8"), spent("2026-11-04", "a", "9")], as_of="2026-11-05")
    with book.lock(), open_warehouse(book) as con:
        commit_all(con, book, second, first)
        assert ask(con, "SELECT day::TEXT, campaign_id, spend::INT FROM fact.ad_day ORDER BY ALL") == [
            ("2026-11-01", "a", 5), ("2026-11-01", "b", 1), ("2026-11-03", "a", 8), ("2026-11-04", "a", 9)]  # fmt: skip
        assert ask(con, "SELECT DISTINCT day::TEXT FROM fact.coverage ORDER BY 1") == [(f"2026-11-0{n}",) for n in (1, 2, 3, 4)]


def test_a_slice_with_bad_rows_waits_beside_a_clean_one(book: Book) -> None:
    """The newer but damaged report of a day does not replace the clean older one; its other days do come in."""
    clean = seal(book, "ads", [spent("2026-11-03", "a", "6")], as_of="2026-11-04")
    spoiled = seal(book, "ads", [spent("2026-11-03", "a", "8"), spent("2026-11-03", "b", "??"), spent("2026-11-04", "a", "9")], as_of="2026-11-05")
    for order_ in ([clean, spoiled], [spoiled, clean]):
        other = Book(book.root.parent / f"book-{order_[0].id}")
        (other.root).mkdir(parents=True)
        (other.root / "packages").symlink_to(book.packages)
        with other.lock(), open_warehouse(other) as con:
            commit_all(con, other, *order_)
            assert ask(con, "SELECT day::TEXT, spend::INT FROM fact.ad_day ORDER BY ALL") == [("2026-11-03", 6), ("2026-11-04", 9)]


def test_the_same_key_twice_with_other_values_is_reported(book: Book) -> None:
    """Nothing says which of two spends is right: one is kept, the other is in quarantine."""
    with book.lock(), open_warehouse(book) as con:
        outcome = commit(con, book, seal(book, "ads", [spent("2026-11-03", "a", "6"), spent("2026-11-03", "a", "7")]), ADS)
        assert outcome.quarantined == 1
        assert ask(con, "SELECT count(*) FROM fact.ad_day") == [(1,)]


def test_a_large_transaction_keeps_every_row(book: Book) -> None:
    """300,000 rows, then 1 % of them changed: counts and sums as worked out by hand."""
    rows = [order(str(number), "2026-11-01 10:00:00", "2", "2026-11-01 10:05:00") for number in range(3000)]
    first = seal(book, "orders", rows, as_of="2026-11-02")
    part = next(book.packages.glob(f"*/{first.id}/raw.parquet"))
    with duckdb.connect() as maker:
        maker.execute(
            "COPY (SELECT i::TEXT AS id, '2026-11-01 10:00:00' AS created, '2026-11-01 10:05:00' AS paid, '2' AS amount "
            f"FROM range(300000) t(i)) TO '{part}' (FORMAT parquet)"
        )
    again = seal(book, "orders", [order(str(number), "2026-11-01 10:00:00", "3", "2026-11-01 10:05:00") for number in range(0, 300000, 100)], as_of="2026-11-03")
    with book.lock(), open_warehouse(book) as con:
        commit_all(con, book, first)
        assert ask(con, "SELECT count(*), sum(paid_amount)::INT FROM fact.order_head") == [(300000, 600000)]
        assert commit(con, book, again, ORDERS).stored == 3000
        assert ask(con, "SELECT count(*), sum(paid_amount)::INT FROM fact.order_head") == [(300000, 603000)]


def test_a_missing_column_stops_the_package_and_nothing_is_stored(book: Book) -> None:
    """The error names the column, and the book is unchanged."""
    gone = Interpretation((View("raw", "raw", (Column("id", "id", "no such header"),)),), ORDERS.loads, ORDERS.source, ORDERS.params)
    with book.lock(), open_warehouse(book) as con:
        with pytest.raises(MissingColumn, match="no such header"):
            commit(con, book, seal(book, "orders", [order("1", "2026-11-01 10:00:00", "5")]), gone)
        assert ask(con, "SELECT count(*) FROM fact.package") == [(0,)]


@pytest.mark.parametrize(("zone", "there"), [("Asia/Shanghai", "2026-11-24 02:00:00"), ("", "2026-11-23 18:00:00"), ("no/such", "2026-11-23 18:00:00")])
def test_a_file_without_an_export_time_counts_from_its_sealing_in_the_shops_time(zone: str, there: str) -> None:
    """18:00 UTC is two in the morning in Shanghai."""
    assert stamp(Manifest("x", "orders", "file", "s", "2026-11-23T18:00:00+00:00", zone=zone)) == there


def test_a_shop_takes_its_platform_from_the_orders_in_any_order(book: Book) -> None:
    """An ad report of another platform does not turn a Tmall shop into something else."""
    with book.lock(), open_warehouse(book) as con:
        ads = replace(seal(book, "ads", [spent("2026-11-03", "a", "6")]), platform="google")
        commit(con, book, ads, ADS)
        assert ask(con, "SELECT platform FROM fact.shop") == [("google",)]
        commit_all(con, book, seal(book, "orders", [order("1", "2026-11-01 10:00:00", "5")]))
        assert ask(con, "SELECT platform FROM fact.shop") == [("tmall",)]


EXPORTS = st.lists(
    st.tuples(st.sampled_from(["orders", "ads"]), st.integers(1, 4),
              st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.sampled_from(["1", "2", "3", "bad"])), min_size=1, max_size=5)),
    min_size=1, max_size=4,
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exports=EXPORTS, seed=st.integers(0, 1000))
def test_any_order_and_repetition_of_packages_ends_in_one_state(exports: list[Any], seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two warehouses fed the same packages in different orders have the same checksums."""
    source = Book(tmp_path_factory.mktemp("any") / "book").ensure()
    manifests = []
    for kind, age, cells in exports:
        rows = [order(str(key), f"2026-11-0{day} 10:00:00", value) if kind == "orders" else spent(f"2026-11-0{day}", str(key), value) for day, key, value in cells]
        manifests.append(seal(source, kind, rows, as_of=f"2026-11-1{age} 09:00:00"))
    results = []
    for shuffle in (False, True):
        book = Book(source.root.parent / f"book-{shuffle}")
        book.root.mkdir()
        (book.root / "packages").symlink_to(source.packages)
        queue = list(manifests)
        if shuffle:
            random.Random(seed).shuffle(queue)
        with book.lock(), open_warehouse(book) as con:
            commit_all(con, book, *queue, *queue[:2])
            results.append(checksums(con))
    assert results[0] == results[1]


def test_a_book_of_an_earlier_version_is_brought_to_todays_columns(book: Book) -> None:
    """A table made with fewer columns keeps its rows; what it did not have is empty, in a key the empty word."""
    with duckdb.connect(str(book.warehouse)) as con:
        con.execute("CREATE SCHEMA fact")
        con.execute("CREATE TABLE fact.plan_node (plan TEXT, node TEXT, metric TEXT, target DECIMAL(18,4), updated_at TIMESTAMP)")
        con.execute("INSERT INTO fact.plan_node VALUES ('targets', 'tm|sales', 'sales', 5, '2026-11-01 09:00:00')")
    with book.lock(60.0), open_warehouse(book) as con:
        assert con.execute("SELECT plan, version, node, target, kind FROM fact.plan_node").fetchall() == [("targets", "", "tm|sales", 5, None)]
        assert list(tables()["plan_node"].columns) == [row[0] for row in con.execute("DESCRIBE fact.plan_node").fetchall()]
