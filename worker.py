"""The worker: imports, commits and publishes, for the server that watches it and for the command line.

    python worker.py [--data DIR] [--watched]

Composes the rooms: connectors seal packages, the warehouse commits and publishes them, queries say how marts are made
and which source a metric prefers. The warehouse is open only for a batch, so the command line can take its turn.
With --watched it ends as soon as the pipe on its standard input closes; at any moment that loses nothing.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import duckdb

import queries
from connectors import files, forms
from connectors.api.interpret import interpretation as api_interpretation
from connectors.api.schedule import Schedule, watch
from connectors.catalog import connector_of
from connectors.demo import is_stale, refresh
from connectors.files.inbox import scan_inbox
from connectors.files.interpret import interpretation
from connectors.plan import seal
from queries import metric_sources
from warehouse.book import Book
from warehouse.commit import Interpreter, Outcome, open_warehouse
from warehouse.errors import BookBusy, ConfigError, OpsError
from warehouse.heartbeat import beat
from warehouse.interpretation import Interpretation
from warehouse.marts import load_marts
from warehouse.packages import Manifest, package_dir, sweep
from warehouse.publish import publish
from warehouse.replay import commit_waiting
from warehouse.shown import demo_of, is_demo, own, shown
from warehouse.undo import retry

T = TypeVar("T")
LOOK_S = 0.2  # between two looks at a book
INBOX_S = 1.0
DEMO_S = 600.0
BEAT_S = 2.0
LOG = logging.getLogger("worker")
MARTS = Path(queries.__file__).parent / "marts"


@dataclass(frozen=True)
class Batch:
    """What one turn at the warehouse did. `failed`: package -> message; `generation`: the new one, if any."""

    outcomes: list[Outcome] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    generation: str | None = None


def interpret(manifest: Manifest, book: Book) -> Interpretation:
    """How to read a package: typed values by their form, plans as such, API records by their platform, files by the layout or mapping that sealed them.

    Raises PackageError when nothing here can read it.
    """
    if manifest.kind == "api":
        return api_interpretation(manifest, connector_of(manifest.source))
    own = {"form": forms.interpretation, "plan": seal.interpretation}.get(manifest.kind)
    return own(manifest) if own else interpretation(manifest, book)


def interpreter(book: Book) -> Interpreter:
    return lambda manifest: interpret(manifest, book)


def commit_all(book: Book, wait_s: float = 60.0) -> Batch:
    """Commit every sealed package that waits, then publish what changed. Raises BookBusy after `wait_s`."""
    with book.lock(wait_s), open_warehouse(book) as con:
        outcomes, failed = commit_waiting(con, book, interpreter(book))
        generation = publish(book, con, load_marts(MARTS), metric_sources())
    return Batch(outcomes, failed, generation)


def commit_while(book: Book, pull: Callable[[Callable[[Manifest], None]], T]) -> tuple[T, Batch]:
    """Run `pull` beside and commit what it seals as it comes, then publish once. `pull` is given what to call for each package."""
    sealed, outcomes = threading.Event(), list[Outcome]()
    with ThreadPoolExecutor(1, thread_name_prefix="sync") as pool:
        job = pool.submit(pull, lambda manifest: sealed.set())
        while not job.done():
            if sealed.wait(0.05) and not job.done():
                sealed.clear()
                with book.lock(), open_warehouse(book) as con:
                    outcomes += commit_waiting(con, book, interpreter(book))[0]
        found = job.result()
    last = commit_all(book)
    return found, Batch([*outcomes, *last.outcomes], last.failed, last.generation)


def publish_if_needed(book: Book, wait_s: float = 60.0) -> str | None:
    """Publish a generation when the current one lacks something; returns its name. Raises BookBusy after `wait_s`."""
    with book.lock(wait_s), open_warehouse(book) as con:
        return publish(book, con, load_marts(MARTS), metric_sources())


def read_again(book: Book, package: str, wait_s: float = 60.0) -> Outcome:
    """Read a committed package once more with today's layout or mapping. Raises ConfigError, PackageError, BookBusy."""
    if not package_dir(book, package).is_dir():
        raise ConfigError(f"There is no package '{package}'. List them with: python -m connectors list")
    with book.lock(wait_s), open_warehouse(book) as con:
        return retry(con, book, package, interpreter(book))


def import_path(book: Book, path: Path, shop: str | None = None, author: str = "") -> Batch:
    """Seal one export file and commit it. Raises OpsError with what to do; the book is unchanged then."""
    files.seal(book, path, shop=shop, author=author)
    return commit_all(book)


class Desk:
    """One book under watch: what was seen of it and what went wrong there."""

    def __init__(self, book: Book) -> None:
        self.book = book.ensure()
        self.seen: object = None
        self.failed: dict[str, str] = {}
        self.inbox: dict[str, str] = {}
        self.done = 0
        self.accounts: Schedule | None = None
        self._next_inbox = 0.0
        self._said = ("", "")

    def say(self, state: str, what: str = "") -> None:
        """Write the heartbeat at once when there is news; between news a thread repeats it."""
        if (state, what) != self._said:
            self._said = (state, what)
            self.repeat()

    def repeat(self) -> None:
        """Say the last thing again: still here, still at it. A full disk must not end the worker."""
        with suppress(OSError):
            beat(self.book, *self._said, self.done, {**self.inbox, **self.failed, **(self.accounts.trouble if self.accounts else {})})

    def turn(self) -> None:
        """Look at the inbox, then at the packages; work only when something is new."""
        now = time.monotonic()
        if now >= self._next_inbox:
            self._next_inbox = now + INBOX_S
            self.inbox = scan_inbox(self.book, lambda name: self.say("importing", name))
        sight = packages_sight(self.book)
        if sight and sight != self.seen:
            self.say("committing")
            try:
                batch = commit_all(self.book, wait_s=0.5)
            except BookBusy:
                self.say("waiting")
                return  # somebody else writes; the next look tries again
            self.seen, self.failed = sight, batch.failed
            self.done += len(batch.outcomes)
            for outcome in batch.outcomes:
                LOG.info("%s: %d rows, %d in quarantine", outcome.package, outcome.stored, outcome.quarantined)
        self.say("idle")


def packages_sight(book: Book) -> list[tuple[str, int]]:
    """Changes whenever a package is sealed: the times of the months' folders. Empty before the first."""
    return sorted((path.name, path.stat().st_mtime_ns) for path in book.packages.glob("[!.]*") if path.is_dir())


def refresh_demo(book: Book) -> None:
    """Every ten minutes add the days that the demo lacks, for as long as the demo is what the pages show."""
    demo = book if is_demo(book) else demo_of(book)
    while True:
        try:
            if is_demo(demo) and shown(book.root).root == demo.root and is_stale(demo):
                refresh(demo)  # seals packages; the loop commits them like any others
        except (OpsError, OSError) as error:
            LOG.warning("the demo was not brought up to date: %s", error)
        time.sleep(DEMO_S)


def serve(book: Book) -> None:
    """Watch the book, and the demo inside it, for ever."""
    desks = [Desk(book)]
    sweep(book)
    threading.Thread(target=repeat_beats, args=(desks,), name="heartbeat", daemon=True).start()
    threading.Thread(target=refresh_demo, args=(book,), name="demo", daemon=True).start()
    accounts = Schedule(book)  # seals packages in a thread of its own; the loop commits them like any others
    threading.Thread(target=watch, args=(accounts,), name="accounts", daemon=True).start()
    desks[0].accounts = accounts
    while True:
        if is_demo(demo_of(book)) and len(desks) == 1:
            desks.append(Desk(demo_of(book)))
        for desk in desks:
            guarded(desk)
        time.sleep(LOOK_S)


def repeat_beats(desks: list[Desk]) -> None:
    """A long import is silence of the loop, not of the worker."""
    while True:
        time.sleep(BEAT_S)
        for desk in list(desks):
            desk.repeat()


def guarded(desk: Desk) -> None:
    """One turn; what an operator can mend is said in the heartbeat, a broken engine ends the process."""
    try:
        desk.turn()
    except (OpsError, OSError) as error:
        LOG.warning("%s", error)
        desk.failed = {**desk.failed, "": str(error)}
        desk.say("trouble")
        time.sleep(BEAT_S)
    except duckdb.FatalException:
        LOG.exception("the engine stopped; starting anew")
        raise


def follow_pipe() -> None:
    """End with the server: its end of our standard input closes when it goes, however it goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole terminal; the server decides

    def wait() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        os._exit(0)  # every step may be cut off: nothing is lost and nothing doubles

    threading.Thread(target=wait, name="pipe", daemon=True).start()


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Daybook's worker: imports, commits, publishes.")
    parser.add_argument("--data", help="the book (default: $DAYBOOK_DATA, else data/)")
    parser.add_argument("--watched", action="store_true", help="end when standard input closes")
    parser.add_argument("--once", action="store_true", help="commit what waits, publish, and end")
    parser.add_argument("--again", metavar="PACKAGE", help="with --once: read this package again first")
    given = parser.parse_args(words)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    if given.watched:
        follow_pipe()
    if given.once:
        once(own(given.data), given.again)
    else:
        serve(own(given.data))


def once(book: Book, again: str | None = None) -> None:
    """One turn for a page or a script; ends the process with 1 and the message on its last line when it cannot."""
    try:
        if again:
            read_again(book, again)
        Schedule(book).turn(only_requests=True)
        commit_all(book)
    except OpsError as error:
        sys.exit(" ".join(str(error).split()))


if __name__ == "__main__":
    main()
