"""What an import would do, without storing anything: the same reading and the same staging, thrown away afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from connectors.errors import ShopNeeded, WrongShop
from connectors.files.interpret import interpret_at
from connectors.files.items import item_ids
from connectors.files.reader import scratch
from connectors.files.seal import MEMORY_LIMIT, open_file, write_package
from connectors.files.shop import check_id, check_items, choose_shop, known_shops
from connectors.forms import last_typed
from warehouse.book import Book
from warehouse.interpretation import Interpretation
from warehouse.packages import Manifest, find_by_sha, package_dir
from warehouse.staging import Staged, stage
from warehouse.tables import prepare
from warehouse.views import SUMMED

SHOWN = 100  # quarantined cells listed
NOBODY = "preview"


@dataclass(frozen=True)
class Preview:
    """What a file holds. `shop`: whose it is as far as the file tells; `doubt`: another shop that owns most of its items.

    sums: name, sum; totals: name, stated, summed, difference; bad: row_no, name, value, reason (the first 100).
    `same`: the package that was made from the same bytes for this shop.
    """

    file: str
    layout: str
    label: dict[str, str]
    rows: int
    shop: str = ""
    shops: list[str] = field(default_factory=list)
    doubt: str = ""
    same: str = ""
    platform: str = ""
    currency: str = ""
    as_of: str | None = None
    day_from: str | None = None
    day_to: str | None = None
    stored: dict[str, int] = field(default_factory=dict)
    sums: list[dict[str, Any]] = field(default_factory=list)
    totals: list[dict[str, Any]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    bad_rows: int = 0
    bad: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def preview(
    book: Book, path: Path, *, shop: str | None = None, layout: str | None = None, mapping: dict[str, Any] | None = None, name: str | None = None
) -> Preview:  # fmt: skip
    """Read the file as an import would and say what would come of it. Raises what the import would raise, but asks for no shop."""
    shop = check_id(shop) if shop else None
    with scratch(book.root / "tmp") as folder, duckdb.connect() as con:
        opened = open_file(book, path, folder, shop=shop, layout=layout, mapping=mapping, name=name)
        shops = known_shops(book)
        try:
            owner, doubt = choose_shop(shops, opened.source.name, shop, opened.names), ""
        except WrongShop as error:
            owner, doubt = shop or "", error.other
        except ShopNeeded:
            owner, doubt = "", ""
        draft = Book(folder / "book")
        manifest, parts = write_package(draft, opened, owner or NOBODY, folder, settings=last_typed(book, "shop", owner) if owner else None)
        directory = package_dir(draft, manifest.id)
        con.execute(f"SET memory_limit = '{MEMORY_LIMIT}'; SET temp_directory = '{str(folder).replace(chr(39), chr(39) * 2)}'; SET TimeZone = 'UTC'")
        prepare(con)
        plan = interpret_at(manifest, directory)
        if owner and not doubt:
            doubt = _other_shop(book, manifest, owner, item_ids(con, directory, manifest.parts, opened.match.layout))
        same = find_by_sha(book, opened.source.sha256, owner) if owner else None
        staged = stage(con, directory, manifest, plan)
        return _report(con, manifest, plan, staged, {
            "shop": owner, "shops": [each.id for each in shops], "doubt": doubt, "same": same.id if same else "",
            "label": dict(opened.match.layout.label), "warnings": [*opened.source.warnings, *parts.warnings],
        })  # fmt: skip


def _other_shop(book: Book, manifest: Manifest, shop: str, items: list[str]) -> str:
    try:
        check_items(book, manifest.file_name, shop, items)
    except WrongShop as error:
        return error.other
    return ""


def _report(con: duckdb.DuckDBPyConnection, manifest: Manifest, plan: Interpretation, staged: list[Staged], given: dict[str, Any]) -> Preview:
    low, high = _period(con, staged)
    stored: dict[str, int] = {}
    for part in staged:
        stored[part.table.name] = stored.get(part.table.name, 0) + part.rows
    bad = _rows(con, f"SELECT part, row_no, name, value, reason FROM bad ORDER BY part, row_no, name LIMIT {SHOWN}")
    count = con.execute("SELECT count(DISTINCT (part, row_no)) FROM bad").fetchone()
    return Preview(
        file=manifest.file_name, layout=manifest.source, rows=sum(part.rows for part in manifest.parts), platform=manifest.platform, currency=manifest.currency,
        as_of=manifest.as_of, day_from=manifest.day_from or low, day_to=manifest.day_to or high, stored=stored, sums=list(_sums(con, plan)),
        totals=_rows(con, "SELECT name, stated, summed, stated - summed AS difference FROM stated ORDER BY part, name"),
        unknown=manifest.unknown_columns, removed=manifest.removed_columns, bad_rows=int(count[0]) if count else 0, bad=bad, **given,
    )  # fmt: skip


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    cursor = con.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _sums(con: duckdb.DuckDBPyConnection, plan: Interpretation) -> Iterable[dict[str, Any]]:
    """Sum of every money and count column over the rows that can be read."""
    for view in plan.views:
        for column in view.columns:
            if column.type in (*SUMMED, "number") and column.header is not None:
                quoted = column.name.replace('"', '""')
                row = con.execute(f'SELECT sum("{quoted}") FROM {view.name}').fetchone()
                if row and row[0] is not None:
                    yield {"table": view.name, "name": column.name, "sum": row[0]}


def _period(con: duckdb.DuckDBPyConnection, staged: list[Staged]) -> tuple[str | None, str | None]:
    """First and last day that the rows are about, by each table's first day column."""
    lows, highs = [], []
    for part in staged:
        column = part.load.covers or next(iter(part.table.days), None)
        row = con.execute(f"SELECT min({column})::DATE, max({column})::DATE FROM {part.name}").fetchone() if column else None
        if row and row[0]:
            lows.append(row[0])
            highs.append(row[1])
    return (min(lows).isoformat(), max(highs).isoformat()) if lows else (None, None)
