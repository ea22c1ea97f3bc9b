"""A file -> its sheets as UTF-8 text in a temporary folder, whatever its name says it is."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.errors import EmptyFile, FileChanging, FileError, TruncatedFile, disk_guard
from connectors.files import csvfile, encoding, workbook
from connectors.files.header import known_in
from connectors.files.sheet import Sheet, SourceFile
from warehouse.packages import file_sha256

SETTLE_S = 2.0  # younger files get a second look where the system cannot tell who writes
PAUSE_S = 0.25
STALE_S = 86_400.0
UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".tmp", ".opdownload")


@contextmanager
def scratch(near: Path) -> Iterator[Path]:
    """A temporary folder beside the book, so that a full disk is noticed there and nothing is copied twice."""
    near.mkdir(parents=True, exist_ok=True)
    for left in near.glob("read-*"):  # of a process that was killed
        if time.time() - left.stat().st_mtime > STALE_S:
            shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix="read-", dir=near) as folder:
        yield Path(folder)


def settle(path: Path) -> os.stat_result:
    """Wait until nobody writes the file any more. Raises FileChanging when somebody still does, FileError when it is not there."""
    try:
        before = path.stat()
        with path.open("rb") as stream:
            busy = _written_elsewhere(stream.fileno())
        if busy is None and time.time() - before.st_mtime < SETTLE_S:
            time.sleep(PAUSE_S)
        after = path.stat()
    except FileNotFoundError as error:
        raise FileError(f"There is no file {path}. Check the name and the folder.") from error
    except PermissionError as error:
        raise FileChanging(f"{path.name} is locked by another program or may not be read. Close it there, then import again.") from error
    if path.is_dir():
        raise FileError(f"{path} is a folder. Name the files in it, or put the folder's files into data/inbox/<shop>/.")
    if busy or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or path.name.endswith(UNFINISHED):
        raise FileChanging(f"{path.name} is still being written. Wait until the download or copy has finished, then import it again.")
    return after


def _written_elsewhere(handle: int) -> bool | None:
    """Does somebody hold the file open for writing? Linux answers by refusing a read lease; None where nobody can tell."""
    if not sys.platform.startswith("linux"):
        return None
    import fcntl

    try:
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return None  # a file system without leases, or another user's file
    return False


def read(path: Path, folder: Path, known: frozenset[str] = frozenset(), delimiter: str | None = None, name: str | None = None) -> SourceFile:
    """Read `path` into `folder`. `known`: normalised headers that help to tell encodings and delimiters apart.

    Raises a FileError that says what is wrong with the file and what to do.
    """
    stat = settle(path)
    name = name or path.name
    if not stat.st_size:
        raise EmptyFile(f"{name} is empty (0 bytes). Export it again; if the platform has no data for the period, there is nothing to import.")
    digest = file_sha256(path)
    with disk_guard(folder):
        sheets, warnings = _sheets(path, folder, known, delimiter)
    if not sheets or not any(any(cell.strip() for cell in row) for sheet in sheets for row in sheet.rows):
        raise EmptyFile(f"{name} holds no rows. Export it again, and check the period chosen in the back office.")
    if (path.stat().st_size, path.stat().st_mtime_ns) != (stat.st_size, stat.st_mtime_ns):
        raise FileChanging(f"{name} changed while it was read. Wait until it is complete, then import it again.")
    return SourceFile(path, name, digest, stat.st_size, stat.st_mtime, sheets, warnings)


def _sheets(path: Path, folder: Path, known: frozenset[str], delimiter: str | None) -> tuple[list[Sheet], list[str]]:
    if workbook.is_workbook(path):
        return workbook.open_sheets(path, folder), []
    head = encoding.read_head(path)
    workbook.refuse_markup(path, head)
    codec = encoding.detect(head, path.name, lambda text: sum(known_in(line.split(","), known) for line in text.splitlines()[:30]))
    plain = codec in ("utf-8", "utf-8-sig") and not encoding.is_gzip(path)
    text = path if plain else encoding.to_utf8(path, codec, folder / "text.csv")
    sheet = csvfile.open_sheet(text, path.stem, known, delimiter)
    if path.suffix.lower() in (".xls", ".xlsx") and len(sheet.rows) < 2 and max(map(len, sheet.rows), default=0) < 2:
        raise TruncatedFile(f"{path.name} is no workbook although its name says so; what is left of it is {path.stat().st_size} bytes. Download it again.")
    ended = [] if not sheet.cut_off else ["the last line has no line end; make sure that the download was complete"]
    return [sheet], ended

