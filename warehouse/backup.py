"""Backup and restore: packages, the buyer key, mappings and settings; the warehouse is rebuilt from them.

Secrets and tokens of platforms (keys/secrets.toml, keys/tokens/) are not in a backup: it may be copied to anywhere, and they
can be given anew. The buyer key cannot, so it is: without it the same buyer would become another pseudonym.
"""

from __future__ import annotations

import json
import os
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from warehouse.book import Book
from warehouse.errors import BookError

KEPT = ("packages", "keys", "mappings", "daybook.toml")
KEPT_KEYS = ("buyer.key",)  # named one by one: whatever else somebody puts there may be a secret


def backup(book: Book, target: Path, now: datetime | None = None) -> Path:
    """Write one .tar with everything that cannot be computed again, secrets and tokens of platforms excepted; returns its path.

    Raises BookError when the target exists: a backup is never overwritten.
    """
    if target.exists():
        raise BookError(f"{target} exists already. Choose another name; a backup is never overwritten.")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + ".part")
    with book.lock(), tarfile.open(draft, "w") as tar:
        for name in KEPT:
            if (book.root / name).exists():
                tar.add(book.root / name, arcname=name, filter=_kept)
        note = book.root / "backup.json"
        note.write_text(json.dumps({"made_at": (now or datetime.now(UTC)).isoformat(), "format": 1}), encoding="utf-8")
        tar.add(note, arcname=note.name)
        note.unlink()
    os.replace(draft, target)
    return target


def _kept(info: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """No drafts, and of the keys only those that a book cannot do without."""
    parts = Path(info.name).parts
    is_secret = parts[0] == "keys" and len(parts) > 1 and (len(parts) > 2 or parts[1] not in KEPT_KEYS)
    return None if is_secret or any(part.startswith(".") for part in parts) else info


def restore(book: Book, source: Path) -> int:
    """Unpack a backup into an empty book; returns the number of packages. Run a replay afterwards, and give the platforms' secrets anew.

    Raises BookError when the book already has packages or the file is no backup.
    """
    if book.packages.is_dir() and any(book.packages.glob("*/*")):
        raise BookError(f"{book.root} already holds packages. Restore into an empty directory: --data OTHER")
    try:
        with tarfile.open(source) as tar:
            if "backup.json" not in tar.getnames():
                raise BookError(f"{source} is not a Daybook backup (no backup.json inside).")
            book.root.mkdir(parents=True, exist_ok=True)
            tar.extractall(book.root, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise BookError(f"{source} cannot be unpacked ({error}). Use a .tar made by: python -m connectors backup") from error
    (book.root / "backup.json").unlink(missing_ok=True)
    book.ensure()
    return sum(1 for _ in book.packages.glob("*/*"))
