"""The loop that brings an account up to date: what is missing is asked for, sealed as packages, and only then noted as done."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from connectors.api.config import Account
from connectors.api.connector import Connector
from connectors.api.endpoint import Endpoint
from connectors.api.interpret import PART, source_of
from connectors.api.ledger import Ledger
from connectors.api.line import Line, Surroundings
from connectors.api.pull import Parents, Pulled, Puller
from connectors.api.records import unknown_paths
from connectors.api.windows import Days, Span, Whole, Window, gaps, local, merged, midnight, whole_day
from connectors.errors import AccessDenied, ApiError, AuthExpired, NotSupported, QuotaSpent, TooMuch
from warehouse.book import Book
from warehouse.failpoint import reach
from warehouse.packages import Manifest, PackageWriter

LOG = logging.getLogger(__name__)
SEAL_ROWS = 50_000  # a killed backfill asks for no more than this again
SHORTEST_S = 60
TAIL_OVERLAP_S = 3600  # a list of changes reaches back over the moment the history was read
Told = Callable[[str, int, int, int, int], None]  # endpoint, rows, pages, windows done, windows


@dataclass
class Run:
    """What one endpoint gave in one sync. `error` says why it stopped early; what came before stays."""

    endpoint: str
    rows: int = 0
    pages: int = 0
    windows: int = 0
    planned: int = 0
    seconds: float = 0.0
    packages: list[Manifest] = field(default_factory=list)
    error: ApiError | None = None
    skipped: str = ""


def sync(
    book: Book, connector: Connector, account: Account, ledger: Ledger, around: Surroundings, *,
    since: str = "", only: Sequence[str] = (), sealed: Callable[[Manifest], None] = lambda manifest: None, told: Told = lambda *news: None,
) -> list[Run]:  # fmt: skip
    """Bring every endpoint of the account up to date; `sealed` hears of each package at once. One endpoint's failure does not stop the others.

    Raises ConfigError when the account's settings do not suffice; nothing was asked then.
    """
    line = Line(book, connector, account, ledger, around)
    runs: list[Run] = []
    (book.ensure().root / "tmp").mkdir(exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=book.root / "tmp", prefix="sync-") as folder:
            parents: Parents = {}
            for endpoint in connector.endpoints_for(account):
                if not only or endpoint.name in only:
                    job = _Job(line, endpoint, Path(folder), parents, sealed, told)
                    runs.append(job.run(since))
                    if runs[-1].error is not None and _stops_all(runs[-1].error):
                        break
    finally:
        line.close()
    failed = next((run.error for run in runs if run.error is not None), None)
    if failed is not None:
        ledger.failed(account.name, line.now(), str(failed), type(failed).__name__)
    else:
        ledger.succeeded(account.name, line.now())
    return runs


def _stops_all(error: ApiError) -> bool:
    """A dead token or an empty quota is the same for every endpoint."""
    return isinstance(error, (AuthExpired, QuotaSpent))


class _Job:
    """One endpoint of one sync."""

    def __init__(self, line: Line, endpoint: Endpoint, folder: Path, parents: Parents, sealed: Callable[[Manifest], None], told: Told) -> None:
        self.line, self.endpoint, self.sealed, self.told = line, endpoint, sealed, told
        self.result = Run(endpoint.name)
        self.puller = Puller(line, endpoint, folder, parents, self._heard)
        self.began = line.now()  # notes of one run share it

    def _heard(self, rows: int) -> None:
        result = self.result
        result.rows += rows
        result.pages += 1
        self.told(self.endpoint.name, result.rows, result.pages, result.windows, result.planned)

    def run(self, since: str) -> Run:
        began, result = self.line.around.clock(), self.result
        group: list[Pulled] = []
        try:
            windows = self.windows(since)
            result.planned = len(windows)
            for pulled in self._pulled(windows):
                if pulled.window.end <= pulled.window.start:  # the platform knows none of its days yet
                    pulled.path.unlink(missing_ok=True)
                    result.windows += 1
                    continue
                if group and not _follows(group[-1], pulled):
                    self._seal(group)
                    group = []
                group.append(pulled)
                result.windows += 1
                if sum(each.lines for each in group) >= SEAL_ROWS:
                    self._seal(group)
                    group = []
        except ApiError as error:
            result.error = error
        self._seal(group)
        if isinstance(result.error, (AccessDenied, NotSupported)) and self.endpoint.optional:
            result.skipped, result.error = str(result.error), None
        result.seconds = self.line.around.clock() - began
        self.told(self.endpoint.name, result.rows, result.pages, result.windows, result.planned)
        LOG.info("%s %s: %d rows, %d pages, %d of %d windows, %.1f s%s", self.line.account.name, self.endpoint.name, result.rows, result.pages,
                 result.windows, result.planned, result.seconds, f"; stopped: {result.error}" if result.error else "")  # fmt: skip
        return result

    def windows(self, since: str) -> list[Window]:
        """What is to be asked now, oldest first."""
        line, endpoint = self.line, self.endpoint
        reach_ = line.reach(since)
        if endpoint.history:
            keeps = endpoint.window.keeps if isinstance(endpoint.window, Span) else None
            oldest = reach_.now - int(keeps.total_seconds()) if keeps else 0
            reach_ = replace(reach_, now=reach_.first_sync, since=max(reach_.since, oldest))
        elif endpoint.tail:
            reach_ = replace(reach_, since=max(reach_.since, reach_.first_sync - TAIL_OVERLAP_S))
        kind = endpoint.window
        settled = partial(kind.settled, zone=line.zone) if isinstance(kind, Days) and kind.back else None
        return kind.plan(reach_, line.ledger.done(line.account.name, endpoint.name, settled))

    def _pulled(self, windows: Sequence[Window]) -> Iterator[Pulled]:
        """Windows in order, several under way at once; the first that fails ends the row, those before it were given."""
        waiting: deque[Future[list[Pulled]]] = deque()
        left = deque(windows)
        with ThreadPoolExecutor(self.line.connector.parallel, thread_name_prefix="pull") as pool:
            try:
                while left or waiting:
                    while left and len(waiting) < 2 * self.line.connector.parallel:
                        waiting.append(pool.submit(self._halved, left.popleft()))
                    yield from waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def _halved(self, window: Window) -> list[Pulled]:
        """The window, or its halves where the platform wants less at a time."""
        try:
            return [self.puller.pull(window)]
        except TooMuch:
            middle = self._middle(window)
            if middle is None:
                raise
            return [*self._halved(Window(window.start, middle)), *self._halved(Window(middle, window.end))]

    def _middle(self, window: Window) -> int | None:
        if isinstance(self.endpoint.window, Whole):
            return None
        if isinstance(self.endpoint.window, Days):
            first, last = window.days(self.line.zone)
            return midnight(first + timedelta(days=((last - first).days + 1) // 2), self.line.zone) if last > first else None
        middle = (window.start + window.end) // 2
        return middle if middle - window.start >= SHORTEST_S else None

    def _seal(self, group: list[Pulled]) -> None:
        """One package of neighbouring windows, then the note that they are done. Empty windows that begin no day need no package."""
        if not group:
            return
        line, endpoint, rows = self.line, self.endpoint, sum(each.rows for each in group)
        windows = [each.window for each in group]
        span = Window(windows[0].start, windows[-1].end)
        manifest = self._package(group, span) if rows or self._says_something(span) else None
        line.ledger.note(
            line.account.name, endpoint.name, windows, at=self.began, rows=rows, pages=sum(each.pages for each in group),
            package=manifest.id if manifest else "", complete=all(each.complete for each in group),
        )  # fmt: skip
        reach("sync.noted")
        for each in group:
            each.path.unlink(missing_ok=True)
        if manifest:
            self.result.packages.append(manifest)
            self.sealed(manifest)

    def _says_something(self, span: Window) -> bool:
        """An empty window still tells that a day had nothing: at a day's start, or for reports of whole days."""
        if isinstance(self.endpoint.window, Whole):
            return False
        first, last = span.days(self.line.zone)
        return isinstance(self.endpoint.window, Days) or midnight(first, self.line.zone) == span.start or last > first

    def _package(self, group: list[Pulled], span: Window) -> Manifest:
        line, endpoint, account = self.line, self.endpoint, self.line.account
        now = datetime.fromtimestamp(line.around.clock(), UTC)
        with PackageWriter(line.book, source=source_of(line.connector, endpoint), kind="api", shop=account.shop, now=now) as writer:
            target = writer.path(PART, "ndjson")
            with target.open("wb") as sink:
                for each in group:
                    with each.path.open("rb") as source:
                        shutil.copyfileobj(source, sink, 1 << 20)
            writer.add_file(PART, "ndjson", target, sum(each.lines for each in group))
            reach("sync.written")
            whole = isinstance(endpoint.window, Whole)
            first, last = span.days(line.zone)
            return writer.seal(
                account=(account.id or account.name) + (f"/{endpoint.part}" if endpoint.part else ""), platform=line.connector.platform, currency=line.currency, zone=line.zone,
                as_of=local_iso(min(each.began for each in group), line.zone), complete=all(each.complete for each in group), author="sync",
                day_from=None if whole else first.isoformat(), day_to=None if whole else last.isoformat(),
                cursor=datetime.fromtimestamp(span.end, UTC).isoformat(), facts=self._facts(group, span),
                unknown_columns=self._unknown(group), removed_columns=sorted(set().union(*(each.cleaner.removed for each in group))),
            )  # fmt: skip

    def _facts(self, group: list[Pulled], span: Window) -> dict[str, str]:
        account = self.line.account
        options = {
            f"option_{name}": ",".join(map(str, value)) if isinstance(value, list) else str(value)
            for name, value in account.options.items() if isinstance(value, (str, int, float, bool, list))
        }  # fmt: skip
        return {
            "account": account.name, "endpoint": self.endpoint.name, "connector": f"{self.line.connector.name} {self.line.connector.version}",
            "windows": json.dumps([[each.window.start, each.window.end] for each in group]), "partial_days": " ".join(self._partial(group, span)),
            **({"why": why} if (why := next((each.why for each in group if each.why), "")) else {}), **options,
        }  # fmt: skip

    def _partial(self, group: list[Pulled], span: Window) -> list[str]:
        """Days of the span that are not known to their end: still running, or asked for in part only."""
        line, zone = self.line, self.line.zone
        if isinstance(self.endpoint.window, Whole):
            return []
        same = [e.name for e in line.connector.endpoints if (e.source_name, e.part) == (self.endpoint.source_name, self.endpoint.part)]
        known = merged([*(each.window for each in group if each.complete), *(w for name in same for w in line.ledger.done(line.account.name, name))])
        first, last = span.days(zone)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        now = line.now()
        return [
            day.isoformat() for day in days
            if now < whole_day(day, zone).end or gaps(whole_day(day, zone), known)
        ]  # fmt: skip

    def _unknown(self, group: list[Pulled]) -> list[str]:
        seen = set().union(*(each.cleaner.seen for each in group)) - set().union(*(each.cleaner.removed for each in group))
        lists = [reading.each for reading in self.puller.readings if reading.each]
        return unknown_paths(seen, [*self.puller.declared, *lists, *self.endpoint.buyer], [path for reading in self.puller.readings for path in reading.ignored])


def _follows(before: Pulled, after: Pulled) -> bool:
    """May both stand in one package: neighbours in time, both whole."""
    return before.window.end >= after.window.start and before.complete and after.complete


def local_iso(instant: float, zone: str) -> str:
    """The clock on the wall as ISO text with microseconds."""
    return (local(int(instant), zone) + timedelta(seconds=instant - int(instant))).isoformat(timespec="microseconds")
