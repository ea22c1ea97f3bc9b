"""Saved answers of a platform whose calls all go to one address: the form names the method. One account in a new book beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import worker
from connectors.api.config import Account
from connectors.api.endpoint import Answer, Request
from connectors.api.ledger import Ledger
from connectors.api.line import Line
from connectors.api.settings import save_credentials
from connectors.api.sync import Run, sync
from connectors.api.tokens import Token, TokenStore
from connectors.catalog import connector
from tests.connectors.api.book import Clock, around, clean, opened, whole
from warehouse.book import Book

Form = dict[str, str]
NOW = 1_795_140_000  # 2026-11-20 10:00 in Shanghai


class Routed:
    """An account whose platform says what a test says. `answers`: value of the form's `field` (or the path of a GET) -> body, or what makes it.

    `asked`: every form sent, with `` "" `` for the path.
    """

    def __init__(self, root: Path, account: Account, secrets: Mapping[str, str], field: str, answers: Mapping[str, Any], token: Token | None = None) -> None:
        self.account, self.field, self.answers, self.asked, self.clock = account, field, answers, list[Form](), Clock(NOW)
        self.book = Book(root).ensure()
        save_credentials(self.book, account.login_name, secrets)
        if token:
            TokenStore(self.book, account.login_name).save(token, NOW)
        self.ledger = Ledger(self.book)

    def send(self, request: Request) -> Answer:
        form = {**request.query, **dict(parse_qsl((request.body or b"").decode())), "": "/" + request.url.split("/", 3)[3]}
        self.asked.append(form)
        made = self.answers[form.get(self.field) or form[""]]
        return Answer(200, {}, json.dumps(made(form) if callable(made) else made).encode())

    @property
    def line(self) -> Line:
        return Line(self.book, connector(self.account.connector), self.account, self.ledger, around(self.clock, self))

    def sync(self, *only: str) -> list[Run]:
        """Pull and commit what came. An endpoint that stopped raises what stopped it."""
        runs = whole(sync(self.book, connector(self.account.connector), self.account, self.ledger, around(self.clock, self), only=only))
        clean(worker.commit_all(self.book))
        return runs

    def rows(self, columns: str, table: str) -> list[tuple[Any, ...]]:
        with opened(self.book) as con:
            return con.execute(f"SELECT {columns} FROM fact.{table} ORDER BY ALL").fetchall()
