"""Where the demo's export files are written, one folder a shop, and the periods they cover."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from connectors.demo.seasons import epoch_seconds

DAY = 86400


@dataclass(frozen=True)
class Span:
    """A file's period, both days inclusive; `exported` is the day somebody downloaded it."""

    first: date
    last: date
    exported: date

    @property
    def numbers(self) -> tuple[int, int]:
        """First and last day as days since 1970."""
        return epoch_seconds(self.first) // DAY, epoch_seconds(self.last) // DAY

    @property
    def text(self) -> str:
        """`20261101_20261130`, as file names carry it."""
        return f"{self.first:%Y%m%d}_{self.last:%Y%m%d}"


@dataclass
class Outbox:
    """Collects what was written: shop -> paths, in the order a person would import them."""

    root: Path
    files: list[tuple[str, Path]] = field(default_factory=list)

    def place(self, shop: str, name: str) -> Path:
        """The path for a file of a shop; remembers it."""
        path = self.root / shop / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.files.append((shop, path))
        return path


def months(first: date, last: date, every: int = 1) -> list[Span]:
    """Calendar months (or `every` of them together) that cut first..last; the last one ends at `last`."""
    spans: list[Span] = []
    start = first
    while start <= last:
        after = start.replace(day=1)
        for _ in range(every):
            after = (after + timedelta(days=31)).replace(day=1)
        end = min(last, after - timedelta(days=1))
        spans.append(Span(start, end, min(end, last) + timedelta(days=1)))
        start = after
    return spans
