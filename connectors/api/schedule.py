"""Who is asked when: accounts whose time has come, one after the other, quietly, and never twice at once."""

from __future__ import annotations

import logging
import time
from functools import cached_property

from connectors.api.accounts import Status, accounts, due, pull, status
from connectors.api.config import Account
from connectors.api.ledger import Ledger
from connectors.api.line import Surroundings
from warehouse.book import Book
from warehouse.errors import BookBusy, OpsError

LOG = logging.getLogger(__name__)
LOOK_S = 1.0  # between two looks for what a page asked for
DUE_S = 20.0  # between two looks at what is due: that reads every account's ledger
RETRY_S = 300  # an endpoint whose windows were all done is looked at again after this
LASTING = ("paused", "no_secrets", "no_login", "wrong")  # a person must act first


class Schedule:
    """Looks at a book's accounts. After sleep or downtime everything due runs once; what was missed comes with its gaps."""

    def __init__(self, book: Book, around: Surroundings | None = None) -> None:
        self.book, self.around = book, around or Surroundings()
        self._looked: dict[tuple[str, str], float] = {}
        self._next, self._settings = 0.0, 0.0
        self.trouble: dict[str, str] = {}

    def turn(self, only_requests: bool = False) -> int:
        """Serve what was asked for on a page, and what is due; returns how many syncs ran."""
        if not self.book.config.is_file():
            self.trouble = {}
            return 0
        wanted = {request.account for request in self._ledger.requests()}
        is_time = self._is_time() and not only_requests
        if not wanted and not is_time:
            return 0
        self.trouble = {} if is_time else self.trouble
        try:
            entries = accounts(self.book)
        except OpsError as error:
            self.trouble = {"daybook.toml": str(error)}
            return 0
        return sum(self._serve(entry, only_requests) for entry in entries if is_time or entry.name in wanted)

    @cached_property
    def _ledger(self) -> Ledger:
        """Kept open: opening checks the whole file, and there is a look every second."""
        return Ledger(self.book)

    def _is_time(self) -> bool:
        """Is it time to look at what is due: every so often, and at once when the settings changed."""
        now, settings = self.around.clock(), self.book.config.stat().st_mtime
        if now < self._next and settings == self._settings:
            return False
        self._next, self._settings = now + DUE_S, settings
        return True

    def _serve(self, entry: Account, only_requests: bool) -> int:
        now = int(self.around.clock())
        asked = self._ledger.taken(entry.name)
        seen = status(self.book, self._ledger, entry, now)
        if asked is None and (only_requests or seen.state in (*LASTING, "waiting")):
            return 0
        only = [] if asked else self._due(seen, now)
        if asked is None and not only:
            return 0
        try:
            runs = pull(self.book, entry, self.around, since=asked.since if asked else "", only=only)
        except BookBusy:
            return 0  # the command line is at it
        except OpsError as error:
            self.trouble[entry.name] = str(error)
            self._ledger.failed(entry.name, now, str(error), type(error).__name__)
            return 0
        for run in runs:
            if run.error:
                self.trouble[entry.name] = str(run.error)
        return 1

    def _due(self, seen: Status, now: int) -> list[str]:
        """Endpoints whose time has come and that were not looked at a moment ago without anything to ask."""
        account = seen.account.name
        found = [name for name in due(seen, now) if now >= self._looked.get((account, name), 0)]
        for name in found:
            self._looked[account, name] = now + RETRY_S
        return found


def watch(schedule: Schedule) -> None:
    """For ever. An error of one turn never ends it."""
    while True:
        try:
            schedule.turn()
        except (OpsError, OSError) as error:
            LOG.warning("%s", error)
        time.sleep(LOOK_S)
