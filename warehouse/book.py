"""A book: one data directory with its packages, warehouse, published generations, inbox and keys."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.errors import BookBusy

LOCK_SECONDS = 60.0


@dataclass(frozen=True)
class Book:
    """Paths of one data directory. Two books never share a total."""

    root: Path

    @classmethod
    def from_env(cls, path: str | Path | None = None) -> Book:
        """The book at `path`, else at $DAYBOOK_DATA, else in ./data."""
        return cls(Path(path or os.environ.get("DAYBOOK_DATA") or "data").resolve())

    @property
    def packages(self) -> Path:
        return self.root / "packages"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def serving(self) -> Path:
        return self.root / "serving"

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def mappings(self) -> Path:
        return self.root / "mappings"

    @property
    def config(self) -> Path:
        return self.root / "daybook.toml"

    def ensure(self) -> Book:
        """Create the directories; keys are readable by the owner only."""
        for path in (self.packages, self.serving, self.inbox, self.mappings):
            path.mkdir(parents=True, exist_ok=True)
        self.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self

    @contextmanager
    def lock(self, seconds: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold the writer's lock; re-entrant within a process.

        Raises BookBusy when another process still holds it after `seconds`.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.root / "writer.lock", timeout=seconds, is_singleton=True)
        try:
            with lock:
                yield
        except Timeout as error:
            raise BookBusy(
                f"The book {self.root} is being written by another process and was still busy after {seconds:.0f} s. "
                "Wait for that import to end, then try again."
            ) from error

    def buyer_key(self) -> str:
        """The key that turns a buyer's name into a lasting pseudonym; made once, kept in every backup."""
        return self.key("buyer")

    def key(self, name: str) -> str:
        """keys/<name>.key, made on first use, readable by the owner only."""
        self.ensure()
        path = self.keys / f"{name}.key"
        if not path.exists():
            fresh = path.with_suffix(f".{os.getpid()}.tmp")
            fresh.write_text(secrets.token_hex(32), encoding="ascii")
            fresh.chmod(0o600)
            try:
                os.link(fresh, path)  # the first process wins, nobody overwrites
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text(encoding="ascii").strip()
