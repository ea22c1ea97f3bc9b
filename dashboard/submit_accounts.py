"""How pages set up and use platform accounts. Beside submit.py and submit_plan.py the only door to the connectors."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors.api import accounts as doors
from connectors.api.accounts import Status
from connectors.api.config import Account, remove_account, replace_account
from connectors.api.endpoint import Endpoint, Ping
from connectors.api.ledger import Ledger
from connectors.api.login import Consent
from connectors.api.settings import save_credentials
from connectors.catalog import CONNECTORS, connector
from dashboard import submit
from dashboard.access import not_on_phone

__all__ = ["Account", "Endpoint", "Status", "Wanted", "add", "ask_sync", "finish_login", "is_published", "pause", "ping", "platforms", "remove", "save_secrets", "start_login", "statuses"]


@dataclass(frozen=True)
class Wanted:
    """What a platform asks of an account, for the form."""

    name: str
    label_zh: str
    label_en: str
    id_label: str
    needs_url: bool
    zone: str
    currency: str
    credentials: tuple[str, ...]
    optional_credentials: tuple[str, ...]
    options: tuple[tuple[str, str, bool], ...]  # name, what for, needed


def platforms() -> dict[str, Wanted]:
    """Every platform that can be pulled, by name."""
    made = {name: connector(name) for name in CONNECTORS}
    return {
        name: Wanted(
            name, each.label_zh, each.label_en, each.id_label, not each.base_url, each.zone, each.currency, each.credentials, each.optional_credentials,
            tuple((option.lstrip("!"), about, option.startswith("!")) for option, about in each.options.items()),
        )
        for name, each in sorted(made.items(), key=lambda pair: pair[1].label_en)
    }  # fmt: skip


@not_on_phone
def statuses() -> list[Status]:
    """Every account of one's own book and how it fares. Raises ConfigError when daybook.toml cannot be read."""
    book = submit.book().ensure()
    entries = doors.accounts(book)
    if not entries:
        return []
    with closing(Ledger(book)) as ledger:
        return [doors.status(book, ledger, entry, int(time.time())) for entry in entries]


@not_on_phone
def add(entry: Account, secrets: Mapping[str, str]) -> None:
    """Write the account and its credentials down. Raises ConfigError naming what is wrong; nothing is written then."""
    book = submit.book().ensure()
    doors.add(book, entry)
    save_secrets(entry, secrets)


@not_on_phone
def save_secrets(entry: Account, secrets: Mapping[str, str]) -> None:
    """Keep the given credentials; empty ones leave what is there."""
    given = {name: value for name, value in secrets.items() if value}
    if given:
        save_credentials(submit.book(), entry.login_name, given)


@not_on_phone
def ping(entry: Account) -> Ping:
    """One cheap call. Raises ApiError or ConfigError with the remedy."""
    return doors.ping(submit.book(), entry)


@not_on_phone
def ask_sync(entry: Account) -> None:
    """Have the worker sync the account now."""
    book = submit.book()
    with closing(Ledger(book)) as ledger:
        ledger.request(entry.name, int(time.time()))
    submit.nudge(book)


def is_published(entry: Account, since: int) -> bool:
    """Do the pages show everything the account has given since then?"""
    mark = datetime.fromtimestamp(since, UTC).strftime("%Y%m%dT%H%M%S")
    given = [path.name for path in submit.book().packages.glob(f"[!.]*/*-{entry.connector}.*") if path.name >= mark]
    return not given or submit.in_figures(given)


@not_on_phone
def pause(entry: Account, is_paused: bool) -> None:
    book = submit.book()
    replace_account(book, replace(entry, paused=is_paused), CONNECTORS, doors.self_hosted())


@not_on_phone
def remove(entry: Account) -> None:
    """Take the account out of the settings; its packages stay."""
    book = submit.book()
    remove_account(book, entry.name)
    with closing(Ledger(book)) as ledger:
        ledger.forget(entry.name)


@not_on_phone
def start_login(entry: Account) -> tuple[str, str]:
    """The consent page to open, and the state that its answer must carry."""
    with doors.line_to(submit.book(), entry) as line:
        consent = Consent(line)
        return consent.url, consent.state


@not_on_phone
def finish_login(entry: Account, state: str, answer: str) -> None:
    """Exchange the code for the token. Raises ConfigError or ApiError with the remedy."""
    with doors.line_to(submit.book(), entry) as line:
        consent = Consent(line)
        consent.state = state
        consent.finish(answer)
