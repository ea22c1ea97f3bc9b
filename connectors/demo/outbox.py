"""Where the demo's export files are written, one folder a shop, and the periods they cover."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from connectors.demo.seasons import epoch_seconds

DAY = 86400
Known = dict[str, list[str]]    # key -> [sha256, path below the root]


@dataclass(frozen=True)
class Span:
    """A file's period, both days inclusive; `exported`: the day of the download, `place`: its turn that morning."""

    first: date
    last: date
    exported: date
    place: int

    @property
    def numbers(self) -> tuple[int, int]:
        """First and last day as days since 1970."""
        return epoch_seconds(self.first) // DAY, epoch_seconds(self.last) // DAY

    @property
    def text(self) -> str:
        """`20261101_20261130`, as file names carry it."""
        return f"{self.first:%Y%m%d}_{self.last:%Y%m%d}"


def months(first: date, last: date, exported: date, overlap: int = 0, every: int = 1) -> list[Span]:
    """Calendar months (`every` of them a span) that cut first..last, each with `overlap` days of the next, none beyond `last`.

    An order list does not say which days it holds whole: a day at the edge of one file should lie inside another.
    """
    spans: list[Span] = []
    start = first
    while start <= last:
        after = (start.replace(day=1) + timedelta(days=31 * every - every // 2)).replace(day=1)
        spans.append(Span(start, min(last, after + timedelta(days=overlap - 1)), exported, len(spans)))
        start = after
    return spans


@dataclass
class Outbox:
    """Files of one export round, under a temporary folder until they are kept."""

    folder: Path
    files: dict[str, tuple[str, Path]] = field(default_factory=dict)    # key -> shop, path

    def place(self, shop: str, key: str, name: str) -> Path:
        """The path for a file of a shop. `key` says what it is; a later file of the same key takes its place."""
        path = self.folder / shop / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.files[f"{shop} {key}"] = (shop, path)
        return path

    def keep(self, root: Path, known: Known) -> list[tuple[str, Path, str]]:
        """Move what is new into `root` and note it in `known`; returns (shop, path, key) of the new files.

        A file with the bytes its key already has is dropped: nobody downloads the same file twice.
        """
        fresh = []
        for key, (shop, path) in self.files.items():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            before = known.get(key)
            if before and before[0] == digest and (root / before[1]).is_file():
                continue
            target = root / shop / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            if before:
                (root / before[1]).unlink(missing_ok=True)
            path.replace(target)
            known[key] = [digest, str(target.relative_to(root))]
            fresh.append((shop, target, key))
        shutil.rmtree(self.folder, ignore_errors=True)
        return fresh
