"""Which book the pages show and which one takes what they are given. The demo and one's own book never mix.

The demo is a book of its own inside the directory of one's own book (`data/demo` in `data`). It is shown for as long as
one's own book is empty; the first real import, by page, inbox or command line, goes to one's own book and opens it.
"""

from __future__ import annotations

from pathlib import Path

from warehouse.book import Book

DEMO = "demo"
MARK = "demo.json"  # written by the simulator into the book it made


def own(path: str | Path | None = None) -> Book:
    """The book the operator named (`path`, else $DAYBOOK_DATA, else data/)."""
    return Book.from_env(path)


def demo_of(book: Book) -> Book:
    """Where the demo of `book` lies, made or not."""
    return Book(book.root / DEMO)


def is_demo(book: Book) -> bool:
    """Was this book made by the simulator?"""
    return (book.root / MARK).is_file()


def shown(path: str | Path | None = None) -> Book:
    """The book to show: one's own once it holds a published package, else the demo inside it if there is one."""
    book = own(path)
    demo = demo_of(book)
    return demo if is_demo(demo) and _published(demo) and not (_published(book) and holds_packages(book)) else book


def receiving(path: str | Path | None = None) -> Book:
    """The book that takes an import: the operator's, and never a demo, even when the demo was named."""
    book = own(path)
    return Book(book.root.parent) if is_demo(book) else book


def _published(book: Book) -> bool:
    return (book.serving / "CURRENT").is_file()


def holds_packages(book: Book) -> bool:
    """Was anything ever imported or typed into this book?"""
    return any(True for _ in book.packages.glob("*/[!.]*/manifest.json"))
