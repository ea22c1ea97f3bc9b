"""Accounts as a whole: which there are, how each fares, and one door for everybody who wants to ask a platform something."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace

from filelock import FileLock, Timeout

from connectors.api import config
from connectors.api.config import Account, seconds
from connectors.api.connector import Connector
from connectors.api.endpoint import Endpoint, Ping
from connectors.api.ledger import RUNNING, Asked, Ledger, Progress
from connectors.api.line import Line, Surroundings
from connectors.api.settings import missing_credentials
from connectors.api.sync import Run, sync
from connectors.api.tokens import TokenStore, ends_in_days
from connectors.api.windows import local
from connectors.catalog import CONNECTORS, connector
from warehouse.book import Book
from warehouse.errors import BookBusy, ConfigError, OpsError
from warehouse.packages import Manifest

PROGRESS_S = 0.3
STALE_S = 120  # a sync that has said nothing for so long was killed
WARN_DAYS = 5.0


@dataclass(frozen=True)
class Status:
    """How an account fares. `state`: ok | new | running | waiting | trouble | paused | no_secrets | no_login | wrong.

    waiting: nothing is asked before `next_at` after failures in a row; wrong: its settings do not suffice, `error` says why.
    token_days: until a person must log in again, None when that never ends; quota_*: calls of the day, limit 0 when there is none.
    """

    account: Account
    label_zh: str
    label_en: str
    state: str
    error: str = ""
    error_kind: str = ""
    last_ok_at: int | None = None
    last_error_at: int | None = None
    next_at: int | None = None
    token_days: float | None = None
    quota_used: int = 0
    quota_limit: int = 0
    gaps: int = 0
    missing: tuple[str, ...] = ()
    has_login: bool = False
    asked: tuple[Asked, ...] = ()
    progress: tuple[Progress, ...] = ()
    endpoints: tuple[Endpoint, ...] = field(default=(), repr=False)


def self_hosted() -> list[str]:
    """Platforms that a person may run on an own server, also without a certificate."""
    return [name for name in CONNECTORS if connector(name).self_hosted]


def accounts(book: Book) -> list[Account]:
    """Every account of daybook.toml. Raises ConfigError."""
    return config.accounts(book, CONNECTORS, self_hosted()) if book.config.is_file() else []


def account(book: Book, name: str) -> Account:
    """The account of that name. Raises ConfigError naming the known ones."""
    return config.account(book, name, CONNECTORS, self_hosted())


def add(book: Book, entry: Account) -> None:
    """Write an account into daybook.toml. Raises ConfigError when a needed option or the id is missing."""
    check(book, entry)
    config.add_account(book, entry, CONNECTORS, self_hosted())


def check(book: Book, entry: Account) -> Connector:
    """The connector of an account whose settings suffice. Raises ConfigError."""
    made = connector(entry.connector)
    needed = [name[1:] for name in made.options if name.startswith("!")]
    config.check_options(book, entry, [name.lstrip("!") for name in made.options], needed)
    if made.id_label and not entry.id:
        raise ConfigError(f"The account '{entry.name}' has no id. On {made.label_en} it is the {made.id_label}: id = \"…\" in daybook.toml.")
    if not made.base_url and not entry.base_url:
        raise ConfigError(f"The account '{entry.name}' has no base_url. {made.label_en} runs on a server of its own: base_url = \"https://…\" in daybook.toml.")
    return made


def every_s(entry: Account, endpoint: Endpoint) -> int:
    """Seconds between two runs: the account's own, else the endpoint's."""
    return seconds(entry.every or endpoint.every)


def status(book: Book, ledger: Ledger, entry: Account, now: int) -> Status:
    """How the account fares at `now`; a wrong setting is a state, not an error."""
    try:
        made = check(book, entry)
        endpoints = made.endpoints_for(entry)
        missing = tuple(missing_credentials(book, entry.login_name, made.credentials))
        token = TokenStore(book, entry.login_name).load() if made.grant else None
    except OpsError as error:
        label = CONNECTORS.get(entry.connector) and connector(entry.connector)
        return Status(entry, label.label_zh if label else entry.connector, label.label_en if label else entry.connector, "wrong", str(error), type(error).__name__)
    known, asked = ledger.state(entry.name), tuple(ledger.asked(entry.name))
    blocked, days = ledger.blocked_until(entry.name, now), ends_in_days(token, now) if token else None
    has_login = made.grant is not None and made.grant.consent is not None
    needs_login = has_login and (token is None or (days is not None and days <= 0))
    running = known.running and now - (known.progress_at or 0) < STALE_S
    failing = (known.last_error_at or 0) > (known.last_ok_at or 0)
    state = next(
        (name for name, holds in (
            ("paused", entry.paused), ("no_secrets", missing), ("running", running), ("no_login", needs_login), ("waiting", blocked), ("trouble", failing), ("new", not asked),
        ) if holds), "ok",
    )  # fmt: skip
    limit = made.pace.per_day or 0
    return Status(
        entry, made.label_zh, made.label_en, state, known.last_error if failing else "", known.last_error_kind if failing else "", known.last_ok_at, known.last_error_at if failing else None,
        blocked or next_at(entry, endpoints, asked, now), days, ledger.calls(entry.name, local(now, made.pace.zone).date().isoformat()) if limit else 0, limit,
        sum(each.gaps for each in asked), missing, has_login, asked, tuple(ledger.progress_of(entry.name)), endpoints,
    )  # fmt: skip


def next_at(entry: Account, endpoints: Sequence[Endpoint], asked: Sequence[Asked], now: int) -> int:
    """When something of the account is next due; `now` when something was never asked."""
    last = {each.endpoint: each.at for each in asked}
    return max(now, min((last.get(endpoint.name, 0) + every_s(entry, endpoint) for endpoint in endpoints), default=now))


def due(seen: Status, now: int) -> list[str]:
    """Endpoints whose time has come."""
    last = {each.endpoint: each.at for each in seen.asked}
    return [endpoint.name for endpoint in seen.endpoints if now - last.get(endpoint.name, 0) >= every_s(seen.account, endpoint)]


@contextmanager
def line_to(book: Book, entry: Account, around: Surroundings | None = None) -> Iterator[Line]:
    """The account's line to its platform, for a ping or a login. Raises ConfigError when settings or secrets are missing."""
    made = check(book, entry)
    with closing(Ledger(book)) as ledger, closing(Line(book, made, entry, ledger, around or Surroundings())) as line:
        yield line


def ping(book: Book, entry: Account, around: Surroundings | None = None) -> Ping:
    """Who am I, what may I read: one cheap call. Raises ApiError or ConfigError with the remedy."""
    with line_to(book, entry, around) as line:
        return line.connector.ping(line)


def pull(
    book: Book, entry: Account, around: Surroundings | None = None, *, since: str = "", only: Sequence[str] = (),
    sealed: Callable[[Manifest], None] = lambda manifest: None, told: Callable[[Progress], None] = lambda progress: None, wait_s: float = 0.0,
) -> list[Run]:  # fmt: skip
    """Sync the account, one process at a time; progress goes to the ledger, where a page reads it.

    Raises BookBusy when the account is being synced already, ConfigError when its settings do not suffice.
    """
    around = around or Surroundings()
    made = check(book, entry)
    lock = FileLock(book.ensure().root / "tmp" / f"sync-{entry.name}.lock", timeout=wait_s)
    (book.root / "tmp").mkdir(exist_ok=True)
    try:
        with lock, closing(Ledger(book)) as ledger:
            teller = _Teller(ledger, entry.name, around.clock, told)
            try:
                return sync(book, made, entry, ledger, around, since=since, only=only, sealed=sealed, told=teller)
            finally:
                teller.end()
    except Timeout as error:
        raise BookBusy(f"'{entry.name}' is being synced already. Wait for it, or watch it: python -m connectors status") from error


class _Teller:
    """Puts progress into the ledger, a few times a second at most."""

    def __init__(self, ledger: Ledger, name: str, clock: Callable[[], float], told: Callable[[Progress], None]) -> None:
        self.ledger, self.name, self.clock, self.told = ledger, name, clock, told
        self.last: dict[str, Progress] = {}
        self._next = 0.0

    def __call__(self, endpoint: str, rows: int, pages: int, done: int, planned: int) -> None:
        news = Progress(endpoint, rows, pages, done, planned, RUNNING, int(self.clock()))
        fresh = endpoint not in self.last
        self.last[endpoint] = news
        if fresh or time.monotonic() >= self._next:
            self._next = time.monotonic() + PROGRESS_S
            self._say(news)

    def _say(self, news: Progress) -> None:
        self.ledger.progress(
            self.name, endpoint=news.endpoint, rows=news.rows, pages=news.pages, windows_done=news.windows_done, windows=news.windows, state=news.state, at=news.at
        )
        self.told(news)

    def end(self) -> None:
        for news in self.last.values():
            self._say(replace(news, state="done", at=int(self.clock())))
