"""A small SQLite file that is a cache: made whole or not at all, shared by threads and processes, moved aside when it is damaged.

Source: sqlite.org/wal.html, sqlite.org/howtocorrupt.html (never leave a -wal beside another file), read 2026-11-20.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from connectors.errors import DiskFull
from warehouse.errors import BookBusy, BookError, OpsError

LOG = logging.getLogger(__name__)
MARK = 0x4442_4C47  # "DBLG" in the file's header: a file of ours
WAIT_S = 30.0
MAKE_S = 300.0  # another process may be reading every manifest of a large book
T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class SqliteFile:
    """`schema` and `version` say what is ours; `fill` puts into a new file what can be found elsewhere.

    A file of another program or version, or a damaged one, becomes `<name>.broken-<n>` and a new one takes its place.
    """

    def __init__(self, path: Path, schema: str, version: int, fill: Work[None], wait_s: float = WAIT_S) -> None:
        self.path, self._schema, self._version, self._fill, self._wait_s = path, schema, version, fill, wait_s
        self._lock = threading.RLock()
        self._con: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self.read(_heading)

    def read(self, work: Work[T]) -> T:
        """What `work` finds, all of it as of one moment. Raises BookBusy, BookError, DiskFull."""
        return self._carry_out("BEGIN", work)

    def write(self, work: Work[T]) -> T:
        """Carry out `work` wholly or not at all. Raises BookBusy, BookError, DiskFull."""
        return self._carry_out("BEGIN IMMEDIATE", work)

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        with self._lock:
            if self._con is not None:
                self._con.close()
                self._con = None

    def _carry_out(self, begin: str, work: Work[T]) -> T:
        with self._lock:
            try:
                return _transaction(self._connected(), begin, work)
            except sqlite3.Error as error:
                if not _is_broken(error):
                    raise self._told(error) from error
                LOG.warning("%s: %s", self.path, error)
                self.close()
            try:
                return _transaction(self._made(damaged=True), begin, work)
            except sqlite3.Error as error:
                raise self._told(error) from error

    def _connected(self) -> sqlite3.Connection:
        """The open file, if it is still the one that lies at the path: somebody may have deleted or replaced it."""
        if self._con is not None and self._file == _identity(self.path):
            return self._con
        self.close()
        self._con, self._file = self._opened(), _identity(self.path)
        return self._con or self._made()

    def _opened(self) -> sqlite3.Connection | None:
        """None when there is no such file, it is damaged, or it is not ours."""
        if not self.path.is_file():
            return None
        con = _connect(self.path, "rw", self._wait_s)
        try:
            if _heading(con) == (MARK, self._version) and con.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
                con.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last notes: they are asked for again
                return con
        except sqlite3.Error as error:
            con.close()
            if _is_broken(error):
                return None
            raise
        con.close()
        return None

    def _made(self, damaged: bool = False) -> sqlite3.Connection:
        """A sound file in the place of none or of a bad one; `damaged`: what was open a moment ago turned out bad."""
        bad = self._file if damaged else None
        try:
            with FileLock(self.path.with_name(self.path.name + ".lock"), timeout=MAKE_S):
                con = self._opened() if bad is None or _identity(self.path) != bad else None  # another process may have been first
                if con is None:
                    self._move_aside()
                    self._make()
                    con = self._opened()
        except Timeout as error:
            raise BookBusy(f"{self.path} is being made by another process. Wait for it to end, then try again.") from error
        except OSError as error:
            raise BookError(f"{self.path} cannot be made anew ({error}). Close other programs that use it, or delete it; it is rebuilt.") from error
        if con is None:
            raise BookError(f"{self.path} cannot be read back. Check the disk, delete the file and try again; it is rebuilt.")
        self._con, self._file = con, _identity(self.path)
        return con

    def _move_aside(self) -> None:
        """Also what SQLite keeps beside the file: a new one must not meet the old one's -wal."""
        number = 1
        while self.path.with_name(f"{self.path.name}.broken-{number}").exists():
            number += 1
        for tail in ("-wal", "-shm", ""):
            path = self.path.with_name(self.path.name + tail)
            if path.exists():
                os.replace(path, self.path.with_name(f"{self.path.name}.broken-{number}{tail}"))
                if not tail:
                    LOG.warning("%s was damaged or not ours. It is now %s.broken-%d, and a new one was made from the packages.", path, path.name, number)

    def _make(self) -> None:
        """Built under another name and renamed, so that a killed process leaves no half of it."""
        draft = self.path.with_name(f".{self.path.name}.new")
        _unlink(draft)
        con = _connect(draft, "rwc", self._wait_s)
        try:
            _transaction(con, "BEGIN IMMEDIATE", self._fresh)
            con.execute("PRAGMA journal_mode = WAL")
        except BaseException:
            con.close()
            _unlink(draft)
            raise
        con.close()
        os.replace(draft, self.path)

    def _fresh(self, con: sqlite3.Connection) -> None:
        for statement in self._schema.split(";"):
            con.execute(statement)
        con.execute(f"PRAGMA application_id = {MARK}")
        con.execute(f"PRAGMA user_version = {self._version}")
        self._fill(con)

    def _told(self, error: sqlite3.Error) -> OpsError:
        code = _code(error)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return BookBusy(f"{self.path} was still being written by another process after {self._wait_s:g} s. Wait for it to end, then try again.")
        if code == sqlite3.SQLITE_FULL:
            return DiskFull(f"No space left on the disk that holds {self.path}. Free some space and try again.")
        return BookError(f"{self.path} cannot be used ({error}). Check that its folder can be written, or delete the file; it is rebuilt from the packages.")


def _unlink(path: Path) -> None:
    for tail in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)


def _connect(path: Path, mode: str, wait_s: float) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=wait_s, isolation_level=None, check_same_thread=False)


def _transaction(con: sqlite3.Connection, begin: str, work: Work[T]) -> T:
    con.execute(begin)
    try:
        result = work(con)
        con.execute("COMMIT")
        return result
    except BaseException:
        if con.in_transaction:
            con.execute("ROLLBACK")
        raise


def _heading(con: sqlite3.Connection) -> tuple[int, int]:
    (mark,), (version,) = con.execute("PRAGMA application_id").fetchone(), con.execute("PRAGMA user_version").fetchone()
    return int(mark), int(version)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF


def _is_broken(error: sqlite3.Error) -> bool:
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or str(error).startswith("no such ")
