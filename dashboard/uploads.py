"""Files on their way into the book: spooled to disk, looked at and brought in by threads that outlive a page's run.

A session keeps its list; a thread only ever writes to its own `Upload`, so a page can look at any moment.
"""

from __future__ import annotations

import math
import shutil
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

CHUNK = 8 << 20
STALE_S = 86_400.0
USUAL_BYTES_A_SECOND = 25e6
WORKING = ("reading", "importing", "committing")
_POOL = ThreadPoolExecutor(max_workers=2, thread_name_prefix="upload")


@dataclass
class Upload:
    """One file. state: reading | ready | unknown | failed | importing | committing | done | same.

    `report`: what a look at it found; `doubt`: the shop its items belong to, if another; `sure`: the reader knows better;
    `error`: what went wrong; `packages`: what it became; `outcome`: what was stored.
    """

    name: str
    path: Path
    size: int
    key: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    state: str = "reading"
    shop: str = ""
    doubt: str = ""
    sure: bool = False
    layout: str | None = None
    mapping: dict[str, Any] | None = None
    started: float = field(default_factory=time.monotonic)
    report: Any = None
    error: Exception | None = None
    packages: list[str] = field(default_factory=list)
    outcome: dict[str, Any] = field(default_factory=dict)

    @property
    def working(self) -> bool:
        return self.state in WORKING

    @property
    def progress(self) -> float:
        """How far along, 0 to 1: three steps, each filling up as its usual time for the size goes by."""
        place = WORKING.index(self.state) if self.working else len(WORKING)
        usual = 1.0 + self.size / USUAL_BYTES_A_SECOND
        within = 1 - math.exp(-2 * (time.monotonic() - self.started) / usual) if self.working else 0.0
        return min((place + within) / len(WORKING), 1.0)

    def forget(self) -> None:
        """Remove the spooled copy."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def spool(folder: Path, name: str, stream: BinaryIO) -> Upload:
    """Copy an uploaded file to disk under its own name, in a folder of its own. Removes copies older than a day."""
    sweep(folder)
    target = folder / uuid.uuid4().hex / Path(name.replace("\\", "/")).name
    target.parent.mkdir(parents=True)
    stream.seek(0)
    with target.open("wb") as sink:
        shutil.copyfileobj(stream, sink, CHUNK)
    return Upload(target.name, target, target.stat().st_size)


def sweep(folder: Path, now: float | None = None) -> None:
    """Remove what abandoned sessions left behind."""
    clock = time.time() if now is None else now
    for left in folder.glob("*") if folder.is_dir() else ():
        if clock - left.stat().st_mtime > STALE_S:
            shutil.rmtree(left, ignore_errors=True)


def run(upload: Upload, state: str, work: Callable[[Upload], None]) -> None:
    """Do `work` in the background; the upload is `state` meanwhile and 'failed' with the error if it raises."""
    upload.state, upload.error, upload.started = state, None, time.monotonic()

    def guarded() -> None:
        try:
            work(upload)
        except Exception as error:
            upload.error, upload.state = error, "failed"

    _POOL.submit(guarded)
