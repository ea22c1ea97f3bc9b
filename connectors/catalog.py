"""What the product can read: every export layout it ships with, and the mappings kept in a book."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.files.layout import Layout, layouts
from connectors.files.mapping import saved_mappings
from warehouse.book import Book


@dataclass(frozen=True)
class Entry:
    """One kind of file. `origin`: built in, or the user's own mapping."""

    layout: str
    platform: str
    kind: str
    label_zh: str
    label_en: str
    cadence: str
    files: str
    origin: str


def catalog(book: Book) -> list[Entry]:
    """Every file kind, built-in ones first, by platform."""
    shipped = sorted(layouts().values(), key=lambda layout: (layout.platform, layout.id))
    return [*(_entry(layout, "built in") for layout in shipped), *(_entry(layout, "mapping") for layout in saved_mappings(book, None))]


def _entry(layout: Layout, origin: str) -> Entry:
    return Entry(
        layout.id, layout.platform, layout.kind, layout.label.get("zh", ""), layout.label.get("en", ""), layout.cadence, " ".join(layout.files), origin
    )
