"""What the kill suite kills: a run of imports, undos and a replay on a book, all of it idempotent."""

from __future__ import annotations

import os
from pathlib import Path

import worker
from warehouse.book import Book
from warehouse.commit import open_warehouse
from warehouse.packages import iter_manifests, undone_ids
from warehouse.replay import checksums, replay
from warehouse.undo import seal_deed

SHOP = "tmall1"
DAYS = "生意参谋_宏观监控_日_20261101_20261115.xls"  # slices: replaced whole
ORDERS = "ExportOrderList_示例旗舰店.csv"  # upserts: one row per order


def run(root: str, exports: str, kill_at: str) -> None:
    """What is still to do of: both imports, one undo, the undone file again, a replay. May be told to kill itself."""
    os.environ["DAYBOOK_KILL_AT"] = kill_at
    book, folder = Book(Path(root)), Path(exports)
    if not undone_ids(book):
        for name in (DAYS, ORDERS):
            worker.import_path(book, folder / name, shop=SHOP)
        take_back(book, DAYS)
    worker.import_path(book, folder / DAYS, shop=SHOP)
    worker.import_path(book, folder / ORDERS, shop=SHOP)
    assert replay(book, worker.interpreter(book)).same
    worker.commit_all(book)


def take_back(book: Book, name: str) -> None:
    """Undo the standing import of this file."""
    gone = undone_ids(book)
    standing = [m.id for m in iter_manifests(book) if m.file_name == name and m.id not in gone]
    seal_deed(book, "undo", standing[-1])
    worker.commit_all(book)


def facts(book: Book) -> dict[str, tuple[int, int]]:
    """Rows and content checksum of every fact table."""
    with book.lock(), open_warehouse(book) as con:
        return checksums(con)
