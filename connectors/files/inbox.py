"""data/inbox/<shop>/: files that are put there come in without a click.

What was imported moves to data/inbox/.done/<shop>/; what cannot be read stays, with the reason in `<file>.why.txt` beside it,
and is tried again when the file, the mappings or the layouts change.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from connectors.errors import DiskFull, FileChanging, ShopNeeded
from connectors.files.layout import LAYOUTS
from connectors.files.reader import UNFINISHED
from connectors.files.seal import seal
from connectors.files.shop import check_id
from connectors.plan.reading import is_plan, seal_file
from warehouse.book import Book
from warehouse.errors import BookBusy, OpsError

WHY = ".why.txt"
DONE = ".done"
AUTHOR = "inbox"


def scan_inbox(book: Book, tell: Callable[[str], None] | None = None) -> dict[str, str]:
    """Import every new file; gives `<shop>/<file>` -> message for those that wait, old ones included.

    `tell` is called with the file's name before each import.
    """
    waiting: dict[str, str] = {}
    for folder in sorted(book.inbox.iterdir()) if book.inbox.is_dir() else ():
        if folder.name.startswith("."):
            continue
        files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else [folder]
        for path in files:
            if not _is_export(path, book.inbox):
                continue
            message = _take(book, folder, path, tell)
            if message:
                waiting[str(path.relative_to(book.inbox))] = message
    return waiting


def _is_export(path: Path, inbox: Path) -> bool:
    """Not a reason file, not hidden, not a lock file of an office program, not a download in progress."""
    hidden = any(part.startswith((".", "~$")) for part in path.relative_to(inbox).parts)
    return not hidden and not path.name.endswith((WHY, *UNFINISHED)) and path.name not in ("desktop.ini", "Thumbs.db")


def _take(book: Book, folder: Path, path: Path, tell: Callable[[str], None] | None) -> str:
    """Import one file; gives '' or why it waits."""
    why = path.with_name(path.name + WHY)
    state = _state(book, path)
    if why.exists():
        first, _, message = why.read_text(encoding="utf-8").partition("\n")
        if first == state:
            return message.strip()
    try:
        if not folder.is_dir():
            raise ShopNeeded(f"{path.name} lies outside a shop's folder. Move it into inbox/<shop>/, with the shop's id as the folder's name.")
        shop = check_id(folder.name)
        if tell:
            tell(path.name)
        if is_plan(path):
            seal_file(book, path, AUTHOR)
        else:
            seal(book, path, shop=shop, author=AUTHOR)
    except (FileChanging, BookBusy, DiskFull) as error:
        return str(error)  # the next look tries again
    except OpsError as error:
        why.write_text(f"{state}\n{error}\n", encoding="utf-8")
        return str(error)
    why.unlink(missing_ok=True)
    _put_away(book, folder, path)
    return ""


def _state(book: Book, path: Path) -> str:
    """Changes when the file changes, or when there is more to read it with."""
    stat = path.stat()
    ways = [(p.name, p.stat().st_mtime_ns) for root in (book.mappings, LAYOUTS) if root.is_dir() for p in sorted(root.glob("*.toml"))]
    return "#" + hashlib.sha256(repr((stat.st_size, stat.st_mtime_ns, ways)).encode()).hexdigest()[:16]


def _put_away(book: Book, folder: Path, path: Path) -> None:
    target = book.inbox / DONE / folder.name / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    count = 1
    while target.exists():
        count += 1
        target = target.with_name(f"{path.stem} ({count}){path.suffix}")
    os.replace(path, target)
