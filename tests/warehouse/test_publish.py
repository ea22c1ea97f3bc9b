"""Generations: incremental, atomic, kept while read, cut down by shop."""

from __future__ import annotations

import os
import time
from datetime import date
from typing import Any

import duckdb
import pytest

from tests.warehouse.build import MARTS, PRECEDENCE, interpret, order, seal, spent
from warehouse.book import Book
from warehouse.commit import open_warehouse
from warehouse.errors import ConfigError, NoBook, PackageError
from warehouse.marts import parse_mart
from warehouse.publish import KEEP_SECONDS, current_generation, publish, sweep_generations
from warehouse.reader import Reader
from warehouse.replay import commit_waiting

DEFINED = [parse_mart(text) for text in MARTS]


def push(book: Book, marts: Any = DEFINED) -> str | None:
    with book.lock(), open_warehouse(book) as con:
        _, failed = commit_waiting(con, book, interpret)
        assert failed == {}
        return publish(book, con, marts, PRECEDENCE)


def fill(book: Book) -> None:
    for shop in ("s", "t"):
        seal(book, "orders", [order("1", f"2026-11-0{day} 10:00:00", "5", f"2026-11-0{day} 10:01:00") for day in (1,)], shop=shop, as_of="2026-11-03")
        seal(book, "ads", [spent("2026-11-01", "a", "2")], shop=shop, as_of="2026-11-03")


def test_before_the_first_import_the_reader_says_what_to_do(book: Book) -> None:
    """No book is not an empty book."""
    with pytest.raises(NoBook, match="Import a file first"):
        Reader(book).query("SELECT 1")


def test_a_reader_moves_on_when_the_next_generation_is_named(book: Book) -> None:
    """The new figure shows without reopening; with nothing new nothing is published."""
    fill(book)
    first = push(book)
    reader = Reader(book)
    assert reader.query("SELECT sum(sales)::INT AS v FROM sale").v[0] == 10
    assert push(book) is None
    seal(book, "orders", [order("2", "2026-11-02 10:00:00", "7", "2026-11-02 10:01:00")], as_of="2026-11-03")
    second = push(book)
    assert reader.query("SELECT sum(sales)::INT AS v FROM sale").v[0] == 17
    assert first != second == reader.generation == current_generation(book)


def test_only_touched_days_are_computed_again(book: Book) -> None:
    """A day that no package touches keeps its row from the generation before, to the bit."""
    fill(book)
    name = push(book)
    path = book.serving / f"{name}.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE mart.sale SET orders = 77 WHERE shop = 't'")
    seal(book, "orders", [order("2", "2026-11-02 10:00:00", "7", "2026-11-02 10:01:00")], as_of="2026-11-03")
    push(book)
    assert Reader(book).query("SELECT shop, day::TEXT AS day, orders::INT AS orders FROM sale ORDER BY ALL").values.tolist() == [
        ["s", "2026-11-01", 1], ["s", "2026-11-02", 1], ["t", "2026-11-01", 77]]  # fmt: skip


def test_a_changed_definition_is_computed_for_all_days(book: Book) -> None:
    """Touched days alone would leave the past in the old definition."""
    fill(book)
    push(book)
    changed = [*DEFINED[:1], parse_mart(MARTS[1].replace("sum(paid_amount)", "2 * sum(paid_amount)")), *DEFINED[2:]]
    assert push(book, changed)
    assert Reader(book).query("SELECT sum(sales)::INT AS v FROM sale").v[0] == 20


def test_a_mart_that_fails_leaves_the_old_generation_current(book: Book) -> None:
    """Readers go on; the touched days wait."""
    fill(book)
    first = push(book)
    seal(book, "orders", [order("2", "2026-11-02 10:00:00", "7", "2026-11-02 10:01:00")])
    with pytest.raises(PackageError, match="mart 'x'"):
        push(book, [*DEFINED, parse_mart("-- mart: x\n-- replace: all\nSELECT nothing FROM nowhere")])
    assert current_generation(book) == first
    assert push(book)
    assert Reader(book).query("SELECT sum(sales)::INT AS v FROM sale").v[0] == 17


def test_a_reader_of_one_shop_cannot_reach_another_in_any_way(book: Book) -> None:
    """Not by name, qualified name, path, parameter or a setting."""
    fill(book)
    name = push(book)
    one = Reader(book, ["s"])
    assert one.query("SELECT DISTINCT shop FROM sale").shop.tolist() == ["s"]
    assert one.query("SELECT * FROM sale WHERE shop = $shop", {"shop": "t"}).empty
    path = str(book.serving / f"{name}.duckdb")
    other = Reader(book).receipts("order_head", ["t"], date(2026, 11, 1), date(2026, 11, 30))
    assert len(other) == 1 and one.receipts("order_head", None, date(2026, 11, 1), date(2026, 11, 30)) != other
    own = one.receipts("order_head", None, date(2026, 11, 1), date(2026, 11, 30))
    assert one.query(f"SELECT count(*) AS n FROM read_parquet('{own[0]}')").n[0] == 1
    for sql in (
        "FROM whole.mart.sale", f"FROM read_parquet('{other[0]}')", f"FROM '{other[0]}'", f"ATTACH '{path}' AS again", f"FROM read_text('{book.root}/keys/buyer.key')",
        f"FROM glob('{book.root}/*')", f"COPY sale TO '{book.root}/out.csv'", "SET enable_external_access = true", f"SET allowed_paths = ['{path}']",
    ):  # fmt: skip
        with pytest.raises(duckdb.Error):
            one.query(sql)


def test_a_small_book_is_asked_by_one_thread_a_question_and_a_large_one_by_all(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sharing out a question of a few milliseconds costs more than it saves."""
    fill(book)
    push(book)
    assert Reader(book).query("SELECT current_setting('threads')::INT AS n").n[0] == 1
    seal(book, "orders", [order("2", "2026-11-02 10:00:00", "7", "2026-11-02 10:01:00")], as_of="2026-11-03")
    push(book)
    monkeypatch.setattr("warehouse.reader.ALONE_BYTES", 0)
    assert Reader(book).query("SELECT current_setting('threads')::INT AS n").n[0] == duckdb.connect().execute("SELECT current_setting('threads')::INT").fetchall()[0][0]


def test_old_generations_go_but_never_young_or_current_ones(book: Book) -> None:
    """Two are kept, and anything younger than ten minutes; their order files go with them."""
    fill(book)
    names = [push(book)]
    for number in (2, 3, 4):
        seal(book, "orders", [order(str(number), "2026-11-02 10:00:00", "7", "2026-11-02 10:01:00")])
        names.append(push(book))
    assert len(list(book.serving.glob("g*.duckdb"))) == 4
    for path in book.serving.glob("g*.duckdb"):
        os.utime(path, (time.time() - KEEP_SECONDS - 60,) * 2)
    sweep_generations(book, str(names[-1]))
    assert sorted(path.stem for path in book.serving.glob("g*.duckdb")) == sorted(str(name) for name in names[-2:])
    assert len(list((book.serving / "facts").glob("order_head-*"))) == 4  # the first day of t and of s, the second of the two kept generations


def listed(reader: Reader, shops: list[str] | None = None) -> list[list[Any]]:
    files = reader.receipts("order_head", shops, date(2026, 11, 1), date(2026, 11, 30))
    return reader.query(
        "SELECT o.order_id, o.paid_amount::INT AS v FROM read_parquet($files) o SEMI JOIN receipt r ON r.shop = o.shop "
        "AND r.day = o.created_at::DATE AND r.file = parse_filename(o.filename) ORDER BY ALL", {"files": files}).values.tolist()  # fmt: skip


def test_order_files_hold_every_order_once_as_it_stands_now(book: Book) -> None:
    """A touched day is written again; what the older file says of it no longer counts. Many files of a month become one."""
    for day in range(1, 13):
        seal(book, "orders", [order(str(day), f"2026-11-{day:02} 10:00:00", "5", f"2026-11-{day:02} 10:01:00") for day in range(max(1, day - 2), day + 1)], as_of=f"2026-11-{day:02}")
        push(book)
    seal(book, "orders", [order("3", "2026-11-03 10:00:00", "8", "2026-11-03 10:01:00"), order("4", "2026-11-05 10:00:00", "5", "2026-11-05 10:01:00")], as_of="2026-11-20")
    push(book)
    reader = Reader(book)
    assert listed(reader, ["s"]) == sorted([str(day), 8 if day == 3 else 5] for day in range(1, 13))
    assert len(reader.receipts("order_head", ["s"], date(2026, 11, 1), date(2026, 11, 30))) < 9


def test_order_files_name_no_buyer_and_a_shop_without_orders_has_none(book: Book) -> None:
    """One shop or two: the same columns, and no empty file."""
    fill(book)
    push(book)
    seal(book, "orders", [order("9", "2026-11-03 10:00:00", "5", "2026-11-03 10:01:00")], as_of="2026-11-20")
    push(book)
    reader = Reader(book)
    files = reader.receipts("order_head", None, date(2026, 11, 1), date(2026, 11, 30))
    assert len(files) == 3  # of s and of t, then of s alone
    for path in files:
        columns = reader.query("FROM read_parquet($path)", {"path": path}).columns.tolist()
        assert "buyer" not in columns and {"order_id", "paid_amount", "package"} <= set(columns)
    with book.lock(), open_warehouse(book) as con:
        con.execute("INSERT INTO fact.touched VALUES ('s', DATE '2026-12-24'); INSERT INTO fact.changed VALUES ('order_head')")
        publish(book, con, DEFINED, PRECEDENCE)
    assert Reader(book).receipts("order_head", None, date(2026, 12, 1), date(2026, 12, 31)) == []


def test_a_mart_whose_inputs_did_not_change_stays_as_it_is(book: Book) -> None:
    """Orders leave the ads of the same day alone until ads of that day come."""
    reading = [parse_mart(text.replace("-- replace: touched\n", "-- replace: touched\n-- reads: order_head, ad_day\n")) for text in MARTS]
    reading = [mart if mart.name != "spend" else parse_mart(mart.sql.replace("order_head, ad_day", "ad_day")) for mart in reading]
    fill(book)
    name = push(book, reading)
    with duckdb.connect(str(book.serving / f"{name}.duckdb")) as con:
        con.execute("UPDATE mart.spend SET spend = 77")
    seal(book, "orders", [order("2", "2026-11-01 12:00:00", "7", "2026-11-01 12:01:00")], as_of="2026-11-03")
    push(book, reading)
    assert Reader(book).query("SELECT sum(sales)::INT AS v FROM sale").v[0] == 17
    assert set(Reader(book).query("SELECT spend::INT AS v FROM spend").v) == {77}
    seal(book, "ads", [spent("2026-11-01", "a", "3")], as_of="2026-11-04")
    push(book, reading)
    assert Reader(book).query("SELECT spend::INT AS v FROM spend WHERE shop = 's'").v.tolist() == [3]


def test_a_mart_file_says_what_it_is() -> None:
    """A definition without its header is refused."""
    with pytest.raises(ConfigError, match="replace"):
        parse_mart("-- mart: x\nSELECT 1")
