"""Undo, accept, retry, replay, backup, doctor: nothing is lost and everything can be taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse.build import interpret, order, seal, spent
from warehouse.backup import backup, restore
from warehouse.book import Book
from warehouse.commit import open_warehouse
from warehouse.doctor import examine
from warehouse.errors import BookError, ConfigError
from warehouse.packages import find_by_sha, load_manifest, package_dir
from warehouse.replay import checksums, commit_manifest, commit_waiting, replay
from warehouse.undo import retry, seal_deed

NOON = "2026-11-01 12:00:00"


def settle(con: Any, book: Book) -> dict[str, tuple[int, int]]:
    _, failed = commit_waiting(con, book, interpret)
    assert failed == {}
    return checksums(con)


def start(book: Book, con: Any) -> dict[str, tuple[int, int]]:
    seal(book, "orders", [order("1", NOON, "5", NOON), order("2", NOON, "7")], as_of="2026-11-02")
    seal(book, "ads", [spent("2026-11-01", "a", "6"), spent("2026-11-03", "a", "8")], as_of="2026-11-04")
    return settle(con, book)


def test_undo_brings_back_what_stood_before(book: Book) -> None:
    """Overwritten orders, replaced slices and days that were new: all figures are as they were."""
    with book.lock(), open_warehouse(book) as con:
        before = start(book, con)
        wrong = [
            seal(book, "orders", [order("1", NOON, "99", NOON), order("9", "2026-11-09 08:00:00", "1")], as_of="2026-11-09"),
            seal(book, "ads", [spent("2026-11-03", "x", "99"), spent("2026-11-05", "x", "1")], as_of="2026-11-09"),
        ]
        assert settle(con, book) != before
        for manifest in wrong:
            commit_manifest(con, book, seal_deed(book, "undo", manifest.id), interpret)
        assert checksums(con) == before
        states = con.execute("SELECT count(*) FROM fact.package WHERE state = 'undone'").fetchone()
        assert states == (2,)
        touched = {str(day) for (day,) in con.execute("SELECT day FROM fact.touched").fetchall()}
        assert {"2026-11-01", "2026-11-03", "2026-11-05", "2026-11-09"} <= touched


def test_undo_of_a_wrong_shop_removes_the_shop(book: Book) -> None:
    """A shop that only a mistake made is gone again."""
    with book.lock(), open_warehouse(book) as con:
        before = start(book, con)
        wrong = seal(book, "orders", [order("1", NOON, "5", NOON)], shop="other")
        settle(con, book)
        commit_manifest(con, book, seal_deed(book, "undo", wrong.id), interpret)
        assert checksums(con) == before
        assert con.execute("SELECT shop FROM fact.shop").fetchall() == [("s",)]


def test_the_same_bytes_can_come_in_again_after_an_undo(book: Book) -> None:
    """An undone package no longer counts as imported."""
    with book.lock(), open_warehouse(book) as con:
        start(book, con)
        manifest = seal(book, "orders", [order("3", NOON, "5")])
        settle(con, book)
        assert find_by_sha(book, manifest.sha256, "s") == manifest
        commit_manifest(con, book, seal_deed(book, "undo", manifest.id), interpret)
        assert find_by_sha(book, manifest.sha256, "s") is None


def test_accept_lets_a_waiting_slice_in(book: Book) -> None:
    """The user takes the newer report in spite of its unreadable row."""
    with book.lock(), open_warehouse(book) as con:
        start(book, con)
        spoiled = seal(book, "ads", [spent("2026-11-03", "a", "9"), spent("2026-11-03", "b", "??")], as_of="2026-11-05")
        settle(con, book)
        spend = "SELECT sum(spend)::INT FROM fact.ad_day WHERE day = '2026-11-03'"
        assert con.execute(spend).fetchone() == (8,)
        commit_manifest(con, book, seal_deed(book, "accept", spoiled.id), interpret)
        assert con.execute(spend).fetchone() == (9,)


def test_retry_reads_a_package_again_with_the_repaired_mapping(book: Book) -> None:
    """Quarantine is emptied when the mapping learns the cell; nothing doubles."""
    with book.lock(), open_warehouse(book) as con:
        manifest = seal(book, "ads", [spent("11/03/2026", "a", "9"), spent("2026-11-04", "a", "1")])
        settle(con, book)
        assert con.execute("SELECT count(*) FROM fact.quarantine").fetchone() == (1,)
        plan = interpret(manifest)
        columns = tuple(replace(c, format="%m/%d/%Y") if c.name == "day" else c for c in plan.views[0].columns)
        repaired = replace(plan, views=(replace(plan.views[0], columns=columns),))
        retry(con, book, manifest.id, lambda _: repaired)
        rows = con.execute("SELECT day::TEXT FROM fact.ad_day").fetchall()
        assert rows == [("2026-11-03",)]
        assert con.execute("SELECT value FROM fact.quarantine").fetchall() == [("2026-11-04",)]


def test_replay_from_packages_alone_gives_the_same_checksums(book: Book) -> None:
    """With an undone package among them; the history is kept, and nothing waits afterwards."""
    with book.lock(), open_warehouse(book) as con:
        start(book, con)
        wrong = seal(book, "orders", [order("1", NOON, "99", NOON)], as_of="2026-11-09")
        settle(con, book)
        commit_manifest(con, book, seal_deed(book, "undo", wrong.id), interpret)
    result = replay(book, interpret)
    assert result.same, (result.before, result.after)
    assert all(finding.ok for finding in examine(book, deep=True))


def test_doctor_finds_a_damaged_part_and_a_doubled_row(book: Book) -> None:
    """What no index guards is proved by looking."""
    with book.lock(), open_warehouse(book) as con:
        start(book, con)
        con.execute("INSERT INTO fact.order_head SELECT * FROM fact.order_head LIMIT 1")
    manifest = load_manifest(next(path for path in book.packages.glob("*/*") if "orders" in path.name))
    part = package_dir(book, manifest.id) / manifest.parts[0].file
    part.write_bytes(part.read_bytes() + b"x")
    bad = [finding.check for finding in examine(book, deep=True) if not finding.ok]
    assert bad == ["order_head: one row per key", "packages: 2 whole"]


def test_backup_and_restore_end_in_the_same_book(book: Book, tmp_path: Path) -> None:
    """Packages and keys travel; the warehouse is rebuilt to the same checksums."""
    with book.lock(), open_warehouse(book) as con:
        before = start(book, con)
    book.buyer_key()
    tar = backup(book, tmp_path / "safe" / "book.tar")
    with pytest.raises(BookError, match="never overwritten"):
        backup(book, tar)
    other = Book(tmp_path / "other")
    assert restore(other, tar) == 2
    assert other.buyer_key() == book.buyer_key()
    assert replay(other, interpret).after == before
    with pytest.raises(BookError, match="already holds packages"):
        restore(other, tar)


def test_an_undo_needs_a_package(book: Book) -> None:
    """The error names the command that lists them."""
    with pytest.raises(ConfigError, match="connectors list"):
        seal_deed(book, "undo", "20261101T000000000000-x-y-z")
