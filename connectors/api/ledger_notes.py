"""The rows of the ledger's file: windows that were asked for, by the package that holds what came."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from connectors.api.windows import Window, merged
from connectors.api.windows import gaps as gaps_between
from warehouse.packages import Manifest

LOG = logging.getLogger(__name__)
SCHEMA = """
CREATE TABLE asked (account TEXT, endpoint TEXT, start INT, end INT, package TEXT, at INT NOT NULL, complete INT NOT NULL,
    PRIMARY KEY (account, endpoint, start, end, package)) WITHOUT ROWID;
CREATE TABLE run (account TEXT, endpoint TEXT, at INT, package TEXT, first INT, rows INT NOT NULL, pages INT NOT NULL,
    PRIMARY KEY (account, endpoint, at, package, first)) WITHOUT ROWID;
CREATE TABLE account (account TEXT PRIMARY KEY, first_sync INT, failures INT NOT NULL DEFAULT 0, last_error TEXT NOT NULL DEFAULT '',
    last_error_at INT, last_error_kind TEXT NOT NULL DEFAULT '', last_ok_at INT, open_until INT) WITHOUT ROWID;
CREATE TABLE quota (account TEXT, day TEXT, calls INT NOT NULL, PRIMARY KEY (account, day)) WITHOUT ROWID;
CREATE TABLE progress (account TEXT, endpoint TEXT, rows INT, pages INT, windows_done INT, windows INT, state TEXT, at INT,
    PRIMARY KEY (account, endpoint)) WITHOUT ROWID;
CREATE TABLE request (account TEXT PRIMARY KEY, at INT NOT NULL, since TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE compacted (at INT NOT NULL)
"""

def put_manifest(con: sqlite3.Connection, manifest: Manifest) -> None:
    """A package of a platform says what it was asked for: `account`, `endpoint` and `windows` ([[start, end], ...]) in its facts."""
    try:
        account, endpoint = manifest.facts["account"], manifest.facts["endpoint"]
        windows = [Window(int(start), int(end)) for start, end in json.loads(manifest.facts["windows"])]
    except (KeyError, TypeError, ValueError) as error:
        LOG.warning("The package %s does not say what was asked (%r); its time is asked for again.", manifest.id, error)
        return
    at, rows = int(datetime.fromisoformat(manifest.sealed_at).timestamp()), sum(part.rows for part in manifest.parts)
    put(con, (account, endpoint), windows, at=at, rows=rows, pages=0, package=manifest.id, complete=manifest.complete)
    con.execute("INSERT INTO account (account, first_sync) VALUES (?, ?) ON CONFLICT DO UPDATE SET first_sync = min(first_sync, excluded.first_sync)", (account, at))


def put(con: sqlite3.Connection, key: tuple[str, str], windows: Sequence[Window], *, at: int, rows: int, pages: int, package: str, complete: bool) -> None:
    """One note; of earlier runs only the windows are kept."""
    put_windows(con, key, windows, at=at, package=package, complete=complete)
    con.execute("DELETE FROM run WHERE account = ? AND endpoint = ? AND at < ?", (*key, at))
    con.execute(
        "INSERT OR REPLACE INTO run SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM run WHERE account = ?1 AND endpoint = ?2 AND at > ?3)",
        (*key, at, package, windows[0].start if windows else 0, rows, pages),
    )


def put_windows(con: sqlite3.Connection, key: tuple[str, str], windows: Iterable[Window], *, at: int, package: str, complete: bool) -> None:
    """Each window once per package; once complete it stays so."""
    con.executemany(
        "INSERT INTO asked VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at), complete = max(complete, excluded.complete)",
        [(*key, window.start, window.end, package, at, int(complete)) for window in windows if window.end > window.start],
    )


def standing(rows: Iterable[tuple[Any, ...]], stands: Callable[[str], bool]) -> list[Window]:
    """Of (start, end, package, complete) the windows that count."""
    return [Window(start, end) for start, end, package, complete in rows if complete and stands(package)]


def span(rows: Sequence[tuple[Any, ...]], stands: Callable[[str], bool]) -> tuple[int | None, int | None, int]:
    """First and last second covered, and the number of gaps in what was asked."""
    done = merged(standing(rows, stands))
    spans = [row for row in rows if not is_moment(Window(row[0], row[1]))]
    wide = Window(min((row[0] for row in spans), default=0), max((row[1] for row in spans), default=0))
    return done[0].start if done else None, done[-1].end - 1 if done else None, len(gaps_between(wide, done))


def is_moment(window: Window) -> bool:
    """A whole list as it stood at one moment covers no time."""
    return window.end - window.start <= 1


def compact(con: sqlite3.Connection, before: int, stands: Callable[[str], bool]) -> None:
    """What was noted earlier in as few windows as possible, bound to no package; of moments only the last."""
    rows = con.execute("SELECT account, endpoint, start, end, package, complete, at FROM asked WHERE at < ? ORDER BY account, endpoint", (before,)).fetchall()
    con.execute("DELETE FROM asked WHERE at < ?", (before,))
    for key, group in groupby(rows, key=lambda row: row[:2]):
        notes = list(group)
        windows = standing([row[2:6] for row in notes], stands)
        moments = sorted(window for window in windows if is_moment(window))
        spans = merged(window for window in windows if not is_moment(window))
        put_windows(con, key, [*spans, *moments[-1:]], at=max(row[6] for row in notes), package="", complete=True)
