"""What the worker is doing, in one small file per book that pages and the command line may read at any time."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from warehouse.book import Book

FILE = "worker.json"
LATE_S = 15.0  # a worker that has said nothing for so long is not there, or stuck in one long import


@dataclass(frozen=True)
class Beat:
    """`state`: idle | importing | committing | waiting | demo | trouble; `what`: the file in hand; `done`: packages.

    `trouble`: package or inbox file ('' for the book itself) -> what went wrong and what to do. `at`: UTC, ISO.
    """

    pid: int
    at: str
    state: str
    what: str = ""
    done: int = 0
    trouble: dict[str, str] = field(default_factory=dict)

    def age_s(self, now: datetime | None = None) -> float:
        return ((now or datetime.now(UTC)) - datetime.fromisoformat(self.at)).total_seconds()


def beat(book: Book, state: str, what: str = "", done: int = 0, trouble: dict[str, str] | None = None) -> None:
    """Write the file anew, whole or not at all."""
    value = Beat(os.getpid(), datetime.now(UTC).isoformat(), state, what, done, trouble or {})
    fresh = book.root / f".{FILE}.{os.getpid()}.{threading.get_ident()}"
    fresh.write_text(json.dumps(asdict(value), ensure_ascii=False), encoding="utf-8")
    fresh.replace(book.root / FILE)


def last_beat(book: Book) -> Beat | None:
    """The worker's last word, or None when it never spoke."""
    try:
        return Beat(**json.loads((book.root / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
