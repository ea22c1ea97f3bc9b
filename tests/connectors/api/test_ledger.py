"""The ledger: done only what stands, gaps beside it, and a file that may be lost, damaged or shared at any moment."""

from __future__ import annotations

import json
import logging
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.api.ledger import RUNNING, AccountState, Asked, Ledger, Progress, SyncRequest
from connectors.api.sqlitefile import SqliteFile
from connectors.api.windows import DAY, Window
from connectors.errors import DiskFull
from tests.conftest import ROOT
from warehouse.book import Book
from warehouse.errors import BookBusy, BookError
from warehouse.packages import PackageWriter, package_dir
from warehouse.undo import seal_deed

NOON = 1_780_000_000


def seal(book: Book, windows: list[list[int]], *, account: str = "a", endpoint: str = "orders", at: int = NOON, complete: bool = True, said: str = "") -> str:
    """An API package of three records; returns its id."""
    facts = {"account": account, "endpoint": endpoint, "windows": said or json.dumps(windows)}
    with PackageWriter(book, source="doudian.orders", kind="api", shop="s", now=datetime.fromtimestamp(at, UTC)) as writer:
        writer.add_records("page", [{"id": 1}, {"id": 2}, {"id": 3}])
        return writer.seal(facts=facts, complete=complete).id


def noted(ledger: Ledger, *windows: tuple[int, int], at: int = NOON, **more: Any) -> None:
    ledger.note("a", "orders", [Window(*window) for window in windows], at=at, rows=more.pop("rows", 1), pages=more.pop("pages", 1), **more)


@pytest.fixture
def ledger(book: Book) -> Ledger:
    return Ledger(book)


def test_what_touches_is_one_and_what_lies_between_is_a_gap(ledger: Ledger) -> None:
    """[0,10) and [10,20) make one window; [30,40) leaves [20,30) open; an incomplete one adds nothing and takes nothing away."""
    noted(ledger, (0, 10), (30, 40))
    noted(ledger, (10, 20))
    noted(ledger, (20, 30), complete=False)
    noted(ledger, (0, 10), complete=False)
    assert ledger.done("a", "orders") == [Window(0, 20), Window(30, 40)]
    assert ledger.gaps("a", "orders", 5, 50) == [Window(20, 30), Window(40, 50)]
    assert ledger.done("a", "refunds") == ledger.done("b", "orders") == []


NOTES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30), st.booleans(), st.integers(0, 99)), max_size=12)


@settings(max_examples=40)
@given(notes=NOTES, seed=st.integers(0, 99), since=st.integers(0, 60), length=st.integers(0, 60))
def test_order_and_repetition_of_notes_do_not_matter(tmp_path_factory: pytest.TempPathFactory, notes: list[Any], seed: int, since: int, length: int) -> None:
    """The same notes shuffled and doubled give the same; done and gaps never overlap and together are the whole."""
    results = []
    for shuffled in (False, True):
        ledger = Ledger(Book(tmp_path_factory.mktemp("any") / "book"))
        queue = [*notes, *notes[:4]] if shuffled else list(notes)
        random.Random(seed).shuffle(queue)
        for start, size, complete, at in queue:
            noted(ledger, (start, start + size), at=at, complete=complete)
        results.append((ledger.done("a", "orders"), ledger.asked("a")))
        found = ledger.gaps("a", "orders", since, since + length)
        ledger.close()
    assert results[0] == results[1]
    seconds = {second for start, size, complete, _ in notes if complete for second in range(start, start + size)}
    done = {second for window in results[0][0] for second in range(window.start, window.end)}
    missing = [second for window in found for second in range(window.start, window.end)]
    assert done == seconds
    assert len(missing) == len(set(missing)) and set(missing) == set(range(since, since + length)) - seconds


def test_a_package_counts_only_while_it_stands(book: Book, ledger: Ledger) -> None:
    """Undone or gone, its windows are asked for again; those of another package and those without rows stay."""
    first, second, third = (seal(book, [], at=NOON + n) for n in range(3))
    for start, package in ((0, first), (10, second), (20, third), (30, "")):
        noted(ledger, (start, start + 10), package=package)
    assert ledger.done("a", "orders") == [Window(0, 40)]
    seal_deed(book, "undo", second)
    assert ledger.done("a", "orders") == [Window(0, 10), Window(20, 40)]
    shutil.rmtree(package_dir(book, first))
    assert ledger.done("a", "orders") == [Window(20, 40)]


def test_an_undo_is_seen_by_a_ledger_that_looked_long_ago(book: Book, ledger: Ledger) -> None:
    """What is remembered of the undone packages ends when a folder of a month changes."""
    package = seal(book, [])
    noted(ledger, (0, 10), package=package)
    month = package_dir(book, package).parent
    os.utime(month, (NOON - 100, NOON - 100))
    assert ledger.done("a", "orders") == ledger.done("a", "orders") == [Window(0, 10)]
    seal_deed(book, "undo", package)
    assert ledger.done("a", "orders") == []


def test_an_undo_within_one_tick_of_the_file_clock_is_seen(book: Book, ledger: Ledger) -> None:
    """A folder that changed just now may change again under the same time stamp."""
    package = seal(book, [])
    noted(ledger, (0, 10), package=package)
    month = package_dir(book, package).parent
    stamp = month.stat().st_mtime_ns
    assert ledger.done("a", "orders") == [Window(0, 10)]
    seal_deed(book, "undo", package, now=datetime.fromtimestamp(NOON + 1, UTC))
    os.utime(month, ns=(stamp, stamp))
    assert ledger.done("a", "orders") == []


def test_only_one_process_makes_the_file(book: Book) -> None:
    """While another one is at it, opening waits, and then takes what that one made."""
    first, path = Ledger(book), book.root / "ledger.sqlite"
    noted(first, (0, 10))
    first.close()
    made = path.rename(book.root / "made")
    found: list[Ledger] = []
    with FileLock(book.root / "ledger.sqlite.lock"):
        late = threading.Thread(target=lambda: found.append(Ledger(book)))
        late.start()
        late.join(0.2)
        assert late.is_alive() and not path.exists()
        made.rename(path)
    late.join(30)
    assert found[0].done("a", "orders") == [Window(0, 10)]


def test_a_lost_file_is_rebuilt_from_the_packages(book: Book) -> None:
    """Windows and the first sync come back from the manifests; empty windows are asked for again; nothing else is known."""
    seal(book, [[0, 10], [10, 20]], at=NOON)
    seal(book, [[20, 30]], at=NOON + 50, complete=False)
    gone = seal(book, [[40, 50]], at=NOON + 60)
    seal_deed(book, "undo", gone)
    before = Ledger(book)
    noted(before, (60, 70), at=NOON + 90)
    assert before.done("a", "orders") == [Window(0, 20), Window(60, 70)]
    before.close()
    (book.root / "ledger.sqlite").unlink()
    after = Ledger(book)
    assert after.done("a", "orders") == [Window(0, 20)]
    assert after.asked("a") == [Asked("orders", NOON + 60, 3, 0, 0, 19, 1)]
    assert after.first_sync("a", NOON + 999) == NOON


@pytest.mark.parametrize("said", ["", "no list", "[[1]]", "[1, 2]", '[["x", 3]]', "null"])
def test_a_manifest_that_does_not_say_what_was_asked_is_named_and_passed_over(book: Book, said: str, caplog: pytest.LogCaptureFixture) -> None:
    """Its time is a gap, the others' is not."""
    seal(book, [[0, 10]])
    package = seal(book, [], at=NOON + 1, said=said or "[")
    assert Ledger(book).done("a", "orders") == [Window(0, 10)]
    assert package in caplog.text


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as con:
        con.execute("CREATE TABLE recipes (name TEXT)")
    con.close()


def newer(path: Path) -> None:
    con = sqlite3.connect(path)
    con.execute("PRAGMA user_version = 99")
    con.close()


@pytest.mark.parametrize("spoil", [
    lambda path: path.write_bytes(b"not a database, though long enough to look like one" * 99),
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(path.read_bytes()[:4096] + bytes(8192)),
    foreign, newer,
], ids=["text", "empty", "zeros", "foreign", "newer"])  # fmt: skip
def test_a_damaged_or_foreign_file_is_moved_aside_and_rebuilt(book: Book, spoil: Callable[[Path], None], caplog: pytest.LogCaptureFixture) -> None:
    """The old bytes stay beside it, the log says so, and what the packages hold is known again."""
    seal(book, [[0, 10]])
    path = book.root / "ledger.sqlite"
    for number in (1, 2):
        if spoil is not foreign:
            Ledger(book).close()
        else:
            path.unlink(missing_ok=True)
        spoil(path)
        spoilt = path.read_bytes()
        with caplog.at_level(logging.WARNING):
            assert Ledger(book).done("a", "orders") == [Window(0, 10)]
        assert (book.root / f"ledger.sqlite.broken-{number}").read_bytes() == spoilt
        assert f"ledger.sqlite.broken-{number}" in caplog.text


def test_damage_and_deletion_under_an_open_ledger_heal(book: Book, ledger: Ledger) -> None:
    """A process that has the file open goes on with the one that lies there now."""
    seal(book, [[0, 10]])
    noted(ledger, (10, 20))
    other = Ledger(book)
    for path in book.root.glob("ledger.sqlite*"):
        path.unlink()
    assert ledger.done("a", "orders") == [Window(0, 10)]
    noted(other, (20, 30))
    assert ledger.done("a", "orders") == other.done("a", "orders") == [Window(0, 10), Window(20, 30)]
    with sqlite3.connect(book.root / "ledger.sqlite") as con:
        con.execute("DROP TABLE asked")
    con.close()
    assert ledger.done("a", "orders") == other.done("a", "orders") == [Window(0, 10)]
    assert (book.root / "ledger.sqlite.broken-1").exists()


def test_a_killed_rebuild_leaves_no_half_file(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stops before the rename leaves nothing at the final name, and remains do not disturb the next try."""
    seal(book, [[0, 10]])

    def fail(source: object, target: object) -> None:
        raise OSError(5, "stopped")

    with monkeypatch.context() as patch:
        patch.setattr("connectors.api.sqlitefile.os.replace", fail)
        with pytest.raises(BookError, match="cannot be made anew"):
            Ledger(book)
    assert not (book.root / "ledger.sqlite").exists()
    (book.root / ".ledger.sqlite.new").write_bytes(b"half of one")
    assert Ledger(book).done("a", "orders") == [Window(0, 10)]


def test_a_file_that_stays_locked_says_what_to_do(tmp_path: Path) -> None:
    """BookBusy after the wait, and nothing is broken by it."""
    file = SqliteFile(tmp_path / "x.sqlite", "CREATE TABLE t (n INT)", 1, lambda con: None, wait_s=0.01)
    holder = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(BookBusy, match="Wait for it to end"):
        file.write(lambda con: con.execute("INSERT INTO t VALUES (1)"))
    assert file.read(lambda con: con.execute("SELECT count(*) FROM t").fetchone()) == (0,)
    holder.execute("ROLLBACK")
    file.write(lambda con: con.execute("INSERT INTO t VALUES (1)"))
    assert file.read(lambda con: con.execute("SELECT count(*) FROM t").fetchone()) == (1,)
    holder.close()


def test_a_full_disk_is_said_and_what_was_noted_stays(tmp_path: Path) -> None:
    """DiskFull with what to do; the file can be read as before."""
    file = SqliteFile(tmp_path / "x.sqlite", "CREATE TABLE t (n BLOB)", 1, lambda con: None)
    file.write(lambda con: con.execute("INSERT INTO t VALUES (1)"))
    assert file._con is not None
    file._con.execute("PRAGMA max_page_count = 3")
    with pytest.raises(DiskFull, match="Free some space"):
        file.write(lambda con: con.execute("INSERT INTO t VALUES (zeroblob(100000))"))
    assert file.read(lambda con: con.execute("SELECT * FROM t").fetchall()) == [(1,)]


def test_a_note_is_whole_or_not_there(book: Book, ledger: Ledger) -> None:
    """When the second half of a transaction fails, the first half is gone too."""

    def half(con: sqlite3.Connection) -> None:
        con.execute("INSERT INTO compacted VALUES (1)")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger._file.write(half)
    assert ledger._file.read(lambda con: con.execute("SELECT count(*) FROM compacted").fetchone()) == (0,)


def test_threads_share_one_ledger(ledger: Ledger) -> None:
    """Eight threads note 25 windows each and book one call at a time: nothing is lost, nothing is booked twice."""

    def work(number: int) -> int:
        for n in range(25):
            noted(ledger, ((number * 25 + n) * 10, (number * 25 + n + 1) * 10))
        return sum(ledger.reserve("a", "2026-11-20", 1, 100) for _ in range(20))

    with ThreadPoolExecutor(8) as pool:
        granted = list(pool.map(work, range(8)))
    assert ledger.done("a", "orders") == [Window(0, 2000)]
    assert sum(granted) == ledger.calls("a", "2026-11-20") == 100


RESERVE = """
import sys
from pathlib import Path
from connectors.api.ledger import Ledger
from warehouse.book import Book
ledger = Ledger(Book(Path(sys.argv[1])))
print(sum(ledger.reserve("a", "2026-11-20", 3, 200) for _ in range(50)))
"""


def test_processes_that_start_together_share_one_file(book: Book) -> None:
    """Three processes ask for 150 calls each of 200, on a file that none of them finds there: 200 are granted."""
    jobs = [subprocess.Popen([sys.executable, "-c", RESERVE, str(book.root)], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    granted = [int(job.communicate(timeout=120)[0]) for job in jobs]
    assert sum(granted) == Ledger(book).calls("a", "2026-11-20") == 200
    assert not list(book.root.glob("*.broken*"))


def test_quota_is_granted_up_to_the_limit_and_given_back(ledger: Ledger) -> None:
    """20, then the 5 that are left, then none; three come back; another day and account count for themselves."""
    assert [ledger.reserve("a", "2026-11-20", 20, 25) for _ in range(3)] == [20, 5, 0]
    ledger.give_back("a", "2026-11-20", 3)
    assert ledger.calls("a", "2026-11-20") == 22
    assert ledger.reserve("a", "2026-11-20", 20, 25) == 3
    assert ledger.reserve("a", "2026-11-21", 20, 25) == ledger.reserve("b", "2026-11-20", 20, 25) == 20
    ledger.give_back("a", "2026-11-21", 99)
    assert ledger.calls("a", "2026-11-21") == 0


def test_the_circuit_opens_after_five_failures_and_doubles(ledger: Ledger) -> None:
    """15 min, 30 min, 1 h, 2 h, 4 h, then 6 h for ever; one success closes it and keeps the last error readable."""
    waits = []
    for _ in range(40):
        ledger.failed("a", NOON, "no answer", "PlatformDown")
        until = ledger.blocked_until("a", NOON)
        waits.append(None if until is None else until - NOON)
    assert waits == [None] * 4 + [900, 1800, 3600, 7200, 14_400] + [21_600] * 31
    assert ledger.blocked_until("a", NOON + 21_599) == NOON + 21_600
    assert ledger.blocked_until("a", NOON + 21_600) is None
    assert ledger.blocked_until("b", NOON) is None
    ledger.succeeded("a", NOON + 7)
    assert ledger.state("a") == AccountState(0, "no answer", NOON, "PlatformDown", NOON + 7)
    ledger.failed("a", NOON + 8, "again", "RateLimited")
    assert ledger.blocked_until("a", NOON + 8) is None


def test_the_first_sync_is_kept_ever_after(ledger: Ledger) -> None:
    """Also when a failure was written before it."""
    ledger.failed("a", 50, "x", "PlatformDown")
    assert [ledger.first_sync("a", now) for now in (100, 90, 200)] == [100, 100, 100]
    assert ledger.state("a").failures == 1


def test_progress_and_running(ledger: Ledger) -> None:
    """The last word of each endpoint; running while one of them says so."""
    assert ledger.state("a") == AccountState()
    ledger.progress("a", endpoint="orders", rows=10, pages=1, windows_done=0, windows=4, state=RUNNING, at=5)
    ledger.progress("a", endpoint="ads", rows=0, pages=0, windows_done=0, windows=0, state="done", at=6)
    ledger.progress("a", endpoint="orders", rows=20, pages=2, windows_done=1, windows=4, state=RUNNING, at=7)
    assert ledger.progress_of("a") == [Progress("ads", 0, 0, 0, 0, "done", 6), Progress("orders", 20, 2, 1, 4, RUNNING, 7)]
    assert (ledger.state("a").running, ledger.state("a").progress_at) == (True, 7)
    ledger.progress("a", endpoint="orders", rows=30, pages=3, windows_done=4, windows=4, state="done", at=8)
    assert not ledger.state("a").running


def test_two_requests_become_one_from_the_earlier_day(ledger: Ledger) -> None:
    """Taking one returns what is wanted by then, and takes it off the list."""
    ledger.request("b", 4)
    ledger.request("a", 5)
    ledger.request("a", 6, "2026-11-02")
    ledger.request("a", 7, "2026-11-01")
    ledger.request("a", 8)
    assert ledger.requests() == [SyncRequest("b", 4, ""), SyncRequest("a", 8, "2026-11-01")]
    assert ledger.taken("a") == SyncRequest("a", 8, "2026-11-01")
    assert ledger.taken("a") is None
    assert ledger.requests() == [SyncRequest("b", 4, "")]


def test_a_run_is_the_notes_of_one_moment(ledger: Ledger) -> None:
    """Rows and pages of the newest `at` are added up, a late older note and a repeated one change nothing; a hole is a gap."""
    noted(ledger, (0, 10), at=100, rows=7, pages=2)
    noted(ledger, (10, 20), at=200, rows=5, pages=1)
    noted(ledger, (40, 50), at=200, rows=4, pages=1)
    noted(ledger, (40, 50), at=200, rows=4, pages=1)
    noted(ledger, (60, 70), at=150, rows=9, pages=9, complete=False)
    ledger.note("a", "ads", [], at=300, rows=0, pages=1)
    assert ledger.asked("a") == [Asked("ads", 300, 0, 1, None, None, 0), Asked("orders", 200, 9, 2, 0, 49, 2)]
    assert ledger.asked("b") == []


def test_whole_lists_leave_no_gaps(ledger: Ledger) -> None:
    """A list asked for daily is a moment each time; the time between is not missing."""
    for day in range(3):
        noted(ledger, (NOON + day * DAY - 1, NOON + day * DAY), at=NOON + day * DAY)
    (row,) = ledger.asked("a")
    assert (row.first, row.last, row.gaps) == (NOON - 1, NOON + 2 * DAY - 1, 0)


def test_forgetting_an_account_leaves_the_others(ledger: Ledger) -> None:
    """Windows, failures, quota, progress, requests and the first sync are gone for that one only."""
    for account in ("a", "b"):
        ledger.note(account, "orders", [Window(0, 10)], at=1, rows=1, pages=1)
        ledger.failed(account, 1, "x", "PlatformDown")
        ledger.reserve(account, "2026-11-20", 1, 9)
        ledger.request(account, 1)
        ledger.first_sync(account, 1)
        ledger.progress(account, endpoint="orders", rows=0, pages=0, windows_done=0, windows=1, state=RUNNING, at=1)
    ledger.forget("a")
    assert (ledger.done("a", "orders"), ledger.asked("a"), ledger.calls("a", "2026-11-20"), ledger.state("a")) == ([], [], 0, AccountState())
    assert ledger.progress_of("a") == [] and ledger.first_sync("a", 5) == 5
    assert (ledger.done("b", "orders"), ledger.state("b").failures, ledger.first_sync("b", 5)) == ([Window(0, 10)], 1, 1)
    assert [request.account for request in ledger.requests()] == ["b"]


def count(ledger: Ledger) -> int:
    return int(ledger._file.read(lambda con: con.execute("SELECT count(*) FROM asked").fetchone())[0])


def test_a_year_of_hourly_notes_stays_small(book: Book, ledger: Ledger) -> None:
    """300 days of notes: those of the last 60 to 67 days stay one by one, the rest is one row; a gap in it stays a gap."""
    package = seal(book, [])
    notes = [hour for hour in range(0, 300 * 24, 4) if hour != 400]
    for hour in notes:
        noted(ledger, (hour * 3600, (hour + 4) * 3600), at=(hour + 4) * 3600, package=package)
    assert count(ledger) <= 67 * 6 + 2
    assert ledger.done("a", "orders") == [Window(0, 400 * 3600), Window(404 * 3600, 300 * DAY)]
    before = ledger.done("a", "orders")
    ledger.compact(600 * DAY)
    assert ledger.done("a", "orders") == before
    assert count(ledger) == 2


def test_what_compaction_keeps_and_drops(book: Book, ledger: Ledger) -> None:
    """An undone package is not merged in, of whole lists the last stays, and a later undo of a merged package reopens nothing."""
    stands, undone = seal(book, []), seal(book, [], at=NOON + 1)
    noted(ledger, (0, 10), package=stands)
    noted(ledger, (10, 20), package=undone)
    noted(ledger, (20, 30), complete=False)
    for moment in (100, 200, 300):
        noted(ledger, (moment, moment + 1))
    seal_deed(book, "undo", undone)
    ledger.compact(NOON + 60 * DAY)
    assert count(ledger) == 6
    ledger.compact(NOON + 60 * DAY + 1)
    assert ledger.done("a", "orders") == [Window(0, 10), Window(300, 301)]
    seal_deed(book, "undo", stands)
    assert ledger.done("a", "orders") == [Window(0, 10), Window(300, 301)]


def test_old_quota_days_go_with_compaction(ledger: Ledger) -> None:
    """Days more than 60 days back are not looked at any more."""
    now = int(datetime(2026, 11, 30, tzinfo=UTC).timestamp())
    for day in ("2026-09-30", "2026-10-01", "2026-11-29"):
        ledger.reserve("a", day, 1, 9)
    ledger.compact(now)
    assert [ledger.calls("a", day) for day in ("2026-09-30", "2026-10-01", "2026-11-29")] == [0, 1, 1]


def test_readers_do_not_wait_for_a_writer(book: Book, ledger: Ledger) -> None:
    """A page polls while a note is being written, and sees the state before it."""
    noted(ledger, (0, 10))
    other, inside, seen = Ledger(book), threading.Event(), threading.Event()

    def slow(con: sqlite3.Connection) -> None:
        con.execute("UPDATE asked SET complete = 0")
        inside.set()
        assert seen.wait(30)

    writer = threading.Thread(target=lambda: ledger._file.write(slow))
    writer.start()
    assert inside.wait(30)
    assert other.done("a", "orders") == [Window(0, 10)]
    seen.set()
    writer.join()
    assert other.done("a", "orders") == []
