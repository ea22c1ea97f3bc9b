"""Saved answers in place of a platform: what a sample becomes on its way from the wire to the rows."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import worker
from connectors.api.account import Account
from connectors.api.connector import Call, Connector
from connectors.api.endpoint import Answer, Request
from connectors.api.http import Transport
from connectors.api.ledger import Ledger
from connectors.api.line import Line
from connectors.api.settings import save_credentials
from connectors.api.sync import Run, sync
from connectors.catalog import connector
from tests.connectors.api.book import Clock, around, clean, opened, whole
from warehouse.book import Book

SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "api"


def sample(platform: str, name: str) -> Answer:
    """A saved answer; one that is an object with `_body` says status and headers too."""
    body = json.loads((SAMPLES / platform / f"{name}.json").read_text(encoding="utf-8"))
    wrapped = isinstance(body, dict) and "_body" in body
    status, headers = (body.get("_status", 200), body.get("_headers", {})) if wrapped else (200, {})
    return Answer(status, {key.lower(): value for key, value in headers.items()}, json.dumps(body["_body"] if wrapped else body).encode())


def said(made: Connector, answer: Answer, path: str = "/x") -> Any:
    """What the platform's class makes of an answer; raises what it raises."""
    return made.judge(Call(path), answer)


@dataclass
class Canned:
    """Answers by the end of the path, each in turn, the last one again and again. `asked`: every request as it was sent."""

    answers: Mapping[str, Sequence[Answer]]
    asked: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Answer:
        self.asked.append(request)
        ends = next(end for end in self.answers if request.url.endswith(end))
        number = sum(each.url.endswith(ends) for each in self.asked) - 1
        return self.answers[ends][min(number, len(self.answers[ends]) - 1)]


@dataclass
class Desk:
    """A book with one account whose platform gives saved answers."""

    book: Book
    account: Account
    line: Line
    transport: Canned
    clock: Clock

    def sync(self, *only: str) -> list[Run]:
        """Pull and commit; an endpoint that stopped raises what stopped it."""
        line = self.line
        runs = whole(sync(self.book, line.connector, self.account, line.ledger, line.around, only=only))
        clean(worker.commit_all(self.book))
        return runs

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with opened(self.book) as con:
            return con.execute(sql).fetchall()


class Played:
    """A book with one account whose platform a test plays by a transport of its own."""

    def __init__(self, root: Path, account: Account, secrets: Mapping[str, str], transport: Transport, now: float) -> None:
        self.book, self.account, self.clock = Book(root).ensure(), account, Clock(now)
        save_credentials(self.book, account.login_name, secrets)
        self.ledger, self.around = Ledger(self.book), around(self.clock, transport)

    def sync(self, *only: str) -> list[Run]:
        return sync(self.book, connector(self.account.connector), self.account, self.ledger, self.around, only=only)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the warehouse says once what came is in: nothing of it was held back, every field is known."""
        clean(worker.commit_all(self.book))
        with opened(self.book) as con:
            assert con.execute("SELECT DISTINCT unknown_columns FROM fact.package WHERE unknown_columns <> '[]'").fetchall() == []
            return con.execute(sql).fetchall()


@contextmanager
def desk(account: Account, secrets: Mapping[str, str], answers: Mapping[str, Sequence[Answer]], now: float) -> Iterator[Desk]:
    """The account in a new book, the clock at `now`."""
    with tempfile.TemporaryDirectory() as root:
        book, clock, transport = Book(Path(root)).ensure(), Clock(now), Canned(answers)
        save_credentials(book, account.login_name, secrets)
        yield Desk(book, account, Line(book, connector(account.connector), account, Ledger(book), around(clock, transport)), transport, clock)
