"""A process of its own that asks the made-up platform over HTTP. Arguments: book, address, what (`token`: once; `quota`: until the day's calls are spent)."""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from pathlib import Path

from connectors.api.account import Account
from connectors.api.ledger import Ledger
from connectors.api.line import Line, Surroundings
from connectors.api.pacing import Pace
from connectors.errors import QuotaSpent
from tests.connectors.api.acme.acme import GRANT, NOW, Acme, acme
from warehouse.book import Book

QUOTA = 60


def connector(what: str) -> Acme:
    return acme(grant=GRANT) if what == "token" else acme(pace=Pace(1000.0, 1000, per_day=QUOTA))


def main(root: str, url: str, what: str) -> None:
    book = Book(Path(root))
    account = Account("acme", "acme", "shop", id="1", since="2026-11-18", base_url=url)
    with closing(Ledger(book)) as ledger, closing(Line(book, connector(what), account, ledger, Surroundings(clock=lambda: NOW))) as line, suppress(QuotaSpent):
        for _ in range(1 if what == "token" else 2 * QUOTA):
            line.probe(Acme.endpoints[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
