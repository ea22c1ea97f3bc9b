"""Platform accounts: set one up, log in, ask who it is, bring it up to date, say how each fares."""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, replace
from datetime import datetime

from connectors.api import accounts as all_accounts
from connectors.api.config import Account
from connectors.api.ledger import Ledger, Progress
from connectors.api.login import Consent, catch
from connectors.api.settings import missing_credentials, save_credentials
from connectors.api.sync import Run
from connectors.catalog import CONNECTORS, connector
from connectors.commands import DONE, NOTHING
from connectors.printing import formatted
from warehouse.book import Book
from warehouse.errors import ConfigError, OpsError
from warehouse.packages import Manifest
from warehouse.shown import receiving


def init(given: argparse.Namespace) -> int:
    """Ask step by step for one account and write it down; secrets are typed unseen and never shown again."""
    book = receiving(given.data)
    name = given.connector or _choose(sorted(CONNECTORS))
    made = connector(name)
    print(f"{made.label_zh} {made.label_en}")
    options = {}
    told = Account(
        name=_ask("A name for this account", given.name or f"{name}-main"), connector=name, shop=_ask("Whose figures (shop)", given.shop or "myshop"),
        id=_ask(made.id_label, given.id or "") if made.id_label else "", base_url=_ask("Address of your server (https://…)", "") if not made.base_url else "",
        zone=_ask("Time zone", made.zone), currency=_ask("Currency", made.currency), since=_ask("First day to fetch (blank: the last 90 days)", ""),
    )  # fmt: skip
    for option, about in made.options.items():
        value = _ask(f"{option.lstrip('!')} ({about})", "")
        if value:
            options[option.lstrip("!")] = [part.strip() for part in value.split(",")] if "," in value else value
    entry = replace(told, options=options)
    all_accounts.add(book, entry)
    values = {secret: _secret(secret) for secret in missing_credentials(book, entry.login_name, made.credentials)}
    save_credentials(book, entry.login_name, {secret: value for secret, value in values.items() if value})
    after = f"python -m connectors login {entry.name}" if made.grant and made.grant.consent else f"python -m connectors ping {entry.name}"
    print(f"Written to {book.config}. Next: {after}")
    return DONE


def _choose(names: list[str]) -> str:
    for number, name in enumerate(names, 1):
        made = connector(name)
        print(f"{number:>3}  {made.label_zh}  {made.label_en}")
    answer = _ask("Which platform (number or name)", "")
    if answer.isdigit() and 1 <= int(answer) <= len(names):
        return names[int(answer) - 1]
    return answer


def _ask(what: str, known: str) -> str:
    print(f"{what}{f' [{known}]' if known else ''}: ", end="", flush=True)
    return sys.stdin.readline().strip() or known


def _secret(name: str) -> str:
    return getpass.getpass(f"{name} (not shown): ").strip() if sys.stdin.isatty() else _ask(name, "")


def login(given: argparse.Namespace) -> int:
    """Open the consent page, take its code, keep the token."""
    book = receiving(given.data)
    entry = all_accounts.account(book, given.account)
    redirect = given.redirect_uri or (f"http://127.0.0.1:{given.listen}/" if given.listen else "")
    with all_accounts.line_to(book, entry) as line:
        consent = Consent(line, redirect)
        print(f"Open this page and agree:\n\n{consent.url}\n", flush=True)
        answer = catch(consent, given.listen) if given.listen else _ask("Paste the code, or the whole address the page led to", "")
        token = consent.finish(answer)
    until = f", holds until {datetime.fromtimestamp(token.refresh_expires_at or token.expires_at or 0):%Y-%m-%d %H:%M}" if token.refresh_expires_at or token.expires_at else ""
    print(f"{entry.login_name}: logged in{until}. Next: python -m connectors ping {entry.name}")
    return DONE


def ping(given: argparse.Namespace) -> int:
    book = receiving(given.data)
    entry = all_accounts.account(book, given.account)
    said = all_accounts.ping(book, entry)
    print(formatted([{"account": entry.name, **asdict(said)}], given.format))
    return DONE


def sync(given: argparse.Namespace) -> int:
    """Bring the named accounts (else all) up to date, commit and publish. Exit 0 done, 1 when one of them stopped early."""
    from worker import commit_while

    book = receiving(given.data)
    entries = [all_accounts.account(book, name) for name in given.accounts] or [each for each in all_accounts.accounts(book) if not each.paused]
    if not entries:
        raise ConfigError("There is no account yet. Set one up: python -m connectors init")
    (rows, stopped), batch = commit_while(book, lambda sealed: _pull_all(book, entries, given.since or "", sealed))
    for package, message in batch.failed.items():
        print(f"{package}: {message}", file=sys.stderr)
    print(formatted(rows, given.format))
    return NOTHING if stopped or batch.failed else DONE


def _pull_all(book: Book, entries: list[Account], since: str, sealed: Callable[[Manifest], None]) -> tuple[list[dict[str, object]], bool]:
    """Rows of the table, one per endpoint, and whether anything stopped early; each error is said at once."""
    rows, stopped = [], False
    for entry in entries:
        try:
            runs = all_accounts.pull(book, entry, since=since, sealed=sealed, told=_Bar(entry.name).show, wait_s=5.0)
        except OpsError as error:
            print(f"{entry.name}: {error}", file=sys.stderr)
            stopped = True
            continue
        rows += [_row(entry, run) for run in runs]
        stopped |= any(run.error for run in runs)
        for run in runs:
            if run.error:
                print(f"{entry.name} {run.endpoint}: {run.error}", file=sys.stderr)
    return rows, stopped


def _row(entry: Account, run: Run) -> dict[str, object]:
    return {
        "account": entry.name, "endpoint": run.endpoint, "rows": run.rows, "pages": run.pages, "windows": f"{run.windows}/{run.planned}",
        "seconds": round(run.seconds, 1), "packages": len(run.packages), "note": "stopped early" if run.error else run.skipped,
    }  # fmt: skip


class _Bar:
    """Progress on a terminal, on one line; nothing when the output goes to a file."""

    def __init__(self, name: str) -> None:
        self.name, self.is_terminal = name, sys.stderr.isatty()

    def show(self, news: Progress) -> None:
        if self.is_terminal:
            filled = round(20 * news.windows_done / news.windows) if news.windows else 0
            bar = "█" * filled + "░" * (20 - filled)
            end = "\n" if news.state == "done" else ""
            print(f"\r{self.name} {news.endpoint:<16} {bar} {news.rows:>9,} rows {news.pages:>6,} pages", end=end, file=sys.stderr, flush=True)


def rows_of(book: Book) -> list[dict[str, str]]:
    """One line per account for `status`."""
    found = []
    with closing(Ledger(book)) as ledger:
        for entry in all_accounts.accounts(book):
            seen = all_accounts.status(book, ledger, entry, int(time.time()))
            words = [seen.state, seen.error]
            if seen.last_ok_at:
                words.append(f"last ok {datetime.fromtimestamp(seen.last_ok_at):%m-%d %H:%M}")
            if seen.next_at and seen.state in ("ok", "waiting", "trouble"):
                words.append(f"next {datetime.fromtimestamp(seen.next_at):%m-%d %H:%M}")
            if seen.token_days is not None and seen.token_days < all_accounts.WARN_DAYS:
                words.append(f"log in again within {max(seen.token_days, 0):.1f} days: python -m connectors login {entry.name}")
            if seen.missing:
                words.append(f"missing secrets: {', '.join(seen.missing)}")
            if seen.quota_limit:
                words.append(f"{seen.quota_used:,} of {seen.quota_limit:,} calls today")
            if seen.gaps:
                words.append(f"{seen.gaps} gaps")
            found.append({"what": f"account {entry.name}", "value": "; ".join(filter(None, words))})
    return found
