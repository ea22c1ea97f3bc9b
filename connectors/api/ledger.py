"""What was asked of each platform account and what came, in `ledger.sqlite` of the book. All times are Unix seconds.

A cache: what the sealed packages say is read from them when the file is new; the rest (empty windows, quota, failures, progress)
may be lost at the cost of asking again. Never loss or doubling: a window counts as done only while its package stands.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from connectors.api.ledger_notes import SCHEMA, compact, put, put_manifest, span, standing
from connectors.api.sqlitefile import SqliteFile
from connectors.api.windows import DAY, Window, merged
from connectors.api.windows import gaps as gaps_between
from warehouse.book import Book
from warehouse.packages import iter_manifests, package_dir, undone_ids

VERSION = 1
FULL_S = 60 * DAY  # notes are kept one by one for so long
COMPACT_S = 7 * DAY
FAILURES, OPEN_S, OPEN_MOST_S = 5, 900, 21_600
RUNNING = "running"  # the `state` of a progress that is under way
OF_ACCOUNT = ("asked", "run", "account", "quota", "progress", "request")


@dataclass(frozen=True)
class Asked:
    """One endpoint in a status table. `at`, `rows`, `pages`: the last run; `first`, `last`: seconds covered, None when none are;
    `gaps`: holes in what was asked for, whatever came of it."""

    endpoint: str
    at: int
    rows: int
    pages: int
    first: int | None
    last: int | None
    gaps: int


@dataclass(frozen=True)
class AccountState:
    """How the account fares. `failures` in a row; `running`: a sync said so last, at `progress_at` (a killed one says it for ever)."""

    failures: int = 0
    last_error: str = ""
    last_error_at: int | None = None
    last_error_kind: str = ""
    last_ok_at: int | None = None
    open_until: int | None = None
    running: bool = False
    progress_at: int | None = None


@dataclass(frozen=True)
class Progress:
    """How far an endpoint is in the run in hand."""

    endpoint: str
    rows: int
    pages: int
    windows_done: int
    windows: int
    state: str
    at: int


@dataclass(frozen=True)
class SyncRequest:
    """A sync that somebody asked for. `since`: ISO day, "" as configured."""

    account: str
    at: int
    since: str


class Ledger:
    """Safe for threads and processes. Every method raises BookBusy, BookError or DiskFull when the file cannot be used."""

    def __init__(self, book: Book) -> None:
        """Raises PackageError when the file is new and a manifest cannot be read."""
        self._book = book.ensure()
        self._undone: tuple[object, set[str]] = (None, set())
        self._file = SqliteFile(book.root / "ledger.sqlite", SCHEMA, VERSION, self._rebuild)

    def close(self) -> None:
        self._file.close()

    def note(
        self, account: str, endpoint: str, windows: Sequence[Window], *, at: int, rows: int, pages: int, package: str = "", complete: bool = True
    ) -> None:
        """Windows were asked for; notes of one `at` are one run. Saying it again changes nothing."""

        def work(con: sqlite3.Connection) -> int:
            put(con, (account, endpoint), windows, at=at, rows=rows, pages=pages, package=package, complete=complete)
            return int(con.execute("SELECT coalesce(max(at), 0) FROM compacted").fetchone()[0])

        if at - self._file.write(work) >= COMPACT_S:
            self.compact(at)

    def done(self, account: str, endpoint: str, settled: Callable[[int], int] | None = None) -> list[Window]:
        """Complete windows, merged; none whose package was undone or is gone. `settled`: until when what was asked at a moment stands for good."""
        found = self._rows("SELECT start, end, package, complete, at FROM asked WHERE account = ? AND endpoint = ?", account, endpoint)
        notes = [(start, min(end, settled(at)) if settled else end, package, complete) for start, end, package, complete, at in found]
        return merged(standing(notes, self._stands()))

    def gaps(self, account: str, endpoint: str, since: int, until: int) -> list[Window]:
        """What of [since, until) is not done."""
        return gaps_between(Window(since, until), self.done(account, endpoint))

    def asked(self, account: str) -> list[Asked]:
        """One row per endpoint, by name."""
        rows = self._rows("SELECT endpoint, start, end, package, complete FROM asked WHERE account = ? ORDER BY endpoint", account)
        runs = self._rows("SELECT endpoint, at, sum(rows), sum(pages) FROM run WHERE account = ? GROUP BY endpoint, at ORDER BY endpoint", account)
        notes = {endpoint: [row[1:] for row in group] for endpoint, group in groupby(rows, key=lambda row: row[0])}
        stands = self._stands()
        return [Asked(endpoint, at, count, pages, *span(notes.get(endpoint, []), stands)) for endpoint, at, count, pages in runs]

    def first_sync(self, account: str, now: int) -> int:
        """When the account was first synced: `now` at the first call. A lost file takes it from the oldest package."""

        def work(con: sqlite3.Connection) -> int:
            con.execute(
                "INSERT INTO account (account, first_sync) VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET first_sync = coalesce(first_sync, excluded.first_sync)",
                (account, now),
            )
            return int(con.execute("SELECT first_sync FROM account WHERE account = ?", (account,)).fetchone()[0])

        return self._file.write(work)

    def calls(self, account: str, day: str) -> int:
        """Calls booked for the day, those not yet made included."""
        return sum(row[0] for row in self._rows("SELECT calls FROM quota WHERE account = ? AND day = ?", account, day))

    def reserve(self, account: str, day: str, n: int, limit: int) -> int:
        """Book up to n calls of the day; returns how many were granted, 0 when its `limit` is reached."""

        def work(con: sqlite3.Connection) -> int:
            booked = con.execute("SELECT coalesce(sum(calls), 0) FROM quota WHERE account = ? AND day = ?", (account, day)).fetchone()[0]
            granted = max(0, min(n, limit - int(booked)))
            if granted:
                con.execute("INSERT INTO quota VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET calls = calls + excluded.calls", (account, day, granted))
            return granted

        return self._file.write(work)

    def give_back(self, account: str, day: str, n: int) -> None:
        """Calls that were booked and not made."""
        self._change("UPDATE quota SET calls = max(0, calls - ?) WHERE account = ? AND day = ?", n, account, day)

    def failed(self, account: str, at: int, message: str, kind: str) -> None:
        """After 5 failures in a row nobody asks for 15 minutes, then for twice as long each time, 6 hours at most."""

        def work(con: sqlite3.Connection) -> None:
            con.execute("INSERT INTO account (account) VALUES (?) ON CONFLICT DO NOTHING", (account,))
            count = 1 + int(con.execute("SELECT failures FROM account WHERE account = ?", (account,)).fetchone()[0])
            shut = at + min(OPEN_MOST_S, OPEN_S << min(count - FAILURES, 10)) if count >= FAILURES else None
            con.execute(
                "UPDATE account SET failures = ?, last_error = ?, last_error_at = ?, last_error_kind = ?, open_until = ? WHERE account = ?",
                (count, message, at, kind, shut, account),
            )

        self._file.write(work)

    def succeeded(self, account: str, at: int) -> None:
        """The platform answered: failures are counted anew. The last error stays readable."""
        self._change(
            "INSERT INTO account (account, last_ok_at) VALUES (?, ?) ON CONFLICT DO UPDATE SET failures = 0, open_until = NULL, last_ok_at = excluded.last_ok_at",
            account, at,
        )  # fmt: skip

    def state(self, account: str) -> AccountState:
        rows = self._rows("SELECT failures, last_error, last_error_at, last_error_kind, last_ok_at, open_until FROM account WHERE account = ?", account)
        ((running, at),) = self._rows("SELECT coalesce(max(state = ?), 0), max(at) FROM progress WHERE account = ?", RUNNING, account)
        known = AccountState(*rows[0]) if rows else AccountState()
        return replace(known, running=bool(running), progress_at=at)

    def blocked_until(self, account: str, now: int) -> int | None:
        """When the account may be asked again; None when it may be now."""
        until = self.state(account).open_until
        return until if until is not None and now < until else None

    def progress(self, account: str, *, endpoint: str, rows: int, pages: int, windows_done: int, windows: int, state: str, at: int) -> None:
        """Where the endpoint is now; `state` is RUNNING until it ends."""
        self._change("INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?, ?, ?, ?, ?)", account, endpoint, rows, pages, windows_done, windows, state, at)

    def progress_of(self, account: str) -> list[Progress]:
        """What each endpoint said last, by name."""
        rows = self._rows("SELECT endpoint, rows, pages, windows_done, windows, state, at FROM progress WHERE account = ? ORDER BY endpoint", account)
        return [Progress(*row) for row in rows]

    def request(self, account: str, at: int, since: str = "") -> None:
        """Ask the worker for a sync. Two that wait become one, from the earlier day."""
        self._change(
            "INSERT INTO request VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at), since = "
            "CASE WHEN since = '' OR excluded.since = '' THEN max(since, excluded.since) ELSE min(since, excluded.since) END",
            account, at, since,
        )  # fmt: skip

    def requests(self) -> list[SyncRequest]:
        """What waits, oldest first."""
        return [SyncRequest(*row) for row in self._rows("SELECT account, at, since FROM request ORDER BY at, account")]

    def taken(self, account: str) -> SyncRequest | None:
        """Take the account's request off the list; act on what is returned: it may ask for more than when it was listed."""
        rows = self._file.write(lambda con: con.execute("DELETE FROM request WHERE account = ? RETURNING account, at, since", (account,)).fetchall())
        return SyncRequest(*rows[0]) if rows else None

    def forget(self, account: str) -> None:
        """Nothing is known of the account any more; its packages stay, and a rebuilt file knows them again."""
        self._file.write(lambda con: [con.execute(f"DELETE FROM {table} WHERE account = ?", (account,)) for table in OF_ACCOUNT])

    def compact(self, now: int) -> None:
        """Merge what was noted more than 60 days ago.

        The price: undoing a package that old no longer reopens its windows (delete the file to have it rebuilt from what stands),
        and of the whole lists taken then (windows of a second) only the last is remembered.
        """
        old, stands = now - FULL_S, self._stands()

        def work(con: sqlite3.Connection) -> None:
            compact(con, old, stands)
            con.execute("DELETE FROM quota WHERE day < ?", (datetime.fromtimestamp(old, UTC).date().isoformat(),))
            con.execute("DELETE FROM compacted")
            con.execute("INSERT INTO compacted VALUES (?)", (now,))

        self._file.write(work)

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._file.read(lambda con: con.execute(sql, values).fetchall())

    def _change(self, sql: str, *values: Any) -> None:
        self._file.write(lambda con: con.execute(sql, values))

    def _stands(self) -> Callable[[str], bool]:
        """Does a package still count? "" is a window that held nothing."""
        months = [path.stat() for path in sorted(self._book.packages.glob("[!.]*"))]
        sight = [(month.st_ino, month.st_mtime_ns) for month in months]
        if self._undone[0] != sight:
            gone = undone_ids(self._book)
            settled = time.time_ns() - max((month.st_mtime_ns for month in months), default=0) > 2_000_000_000  # stamps are coarse
            self._undone = (sight if settled else None, gone)
        undone = self._undone[1]
        return lambda package: not package or (package not in undone and package_dir(self._book, package).is_dir())

    def _rebuild(self, con: sqlite3.Connection) -> None:
        """What the packages of the platforms say of themselves."""
        for manifest in iter_manifests(self._book):
            if manifest.kind == "api":
                put_manifest(con, manifest)
