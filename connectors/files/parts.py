"""Tables of a file -> Parquet parts of a package: personal columns left out, buyers' ids replaced, all else as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from connectors.errors import AmbiguousFile
from connectors.files import csvfile, privacy
from connectors.files.header import normal, unique
from connectors.files.layout import Layout
from connectors.files.recognise import Table
from connectors.files.sheet import SourceFile
from warehouse.packages import PackageWriter


@dataclass
class Parts:
    """What was written of the tables so far, and what was left out."""

    removed: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rows: int = 0


def by_part(source: SourceFile, tables: Sequence[Table]) -> list[list[Table]]:
    """Tables that become one part: one sheet read by several views, or one view spread over several equal sheets."""
    groups: list[list[Table]] = []
    for table in tables:
        same = next((group for group in groups if (group[0].sheet is table.sheet and group[0].header == table.header) or group[0].view is table.view), None)
        if same is None:
            groups.append([table])
            continue
        if same[0].sheet is not table.sheet and [*map(normal, same[0].cells)] != [*map(normal, table.cells)]:
            raise AmbiguousFile(
                f"{source.name}: the sheets '{same[0].sheet.name}' and '{table.sheet.name}' both look like the table, with different columns. "
                "Delete the one that is not wanted and import again.", ()
            )  # fmt: skip
        same.append(table)
    return groups


def write_table(
    con: duckdb.DuckDBPyConnection, writer: PackageWriter, tables: list[Table], layout: Layout, key: str, parts: Parts, folder: Path, suffix: str
) -> None:
    """Write the tables of one part: the first one's rows, then those of further sheets with the same columns."""
    first = tables[0]
    name = first.view.name if first.view.name not in {part.name for part in writer.parts} else first.view.name + suffix
    for other in {id(table.sheet): table for table in tables[1:] if table.sheet is not first.sheet}.values():
        lines = other.sheet.text.read_bytes().split(b"\n")
        with first.sheet.text.open("ab") as sink:
            sink.write(b"\n".join(lines[other.sheet.lines[other.header] :]))
    columns = _columns(first, layout, key, parts)
    target = writer.path(name, "parquet")
    rows, damages = csvfile.write_part(con, first.sheet, first.header, columns, target, folder)
    parts.rows += rows
    parts.warnings += [f"{first.sheet.name}: {damage}" for damage in damages]
    writer.add_file(name, "parquet", target, rows, first.sheet.name, first.header + 2)


def _columns(table: Table, layout: Layout, key: str, parts: Parts) -> list[tuple[str, str | None]]:
    """Name and SQL of each cell of a row: kept, pseudonym, or None for what must not be kept."""
    view, width = table.view, csvfile.width_below(table.sheet, table.header)
    if view.shape == "pairs":
        return [("col_1", "{c}"), ("col_2", "{c}"), *((f"col_{n}", None) for n in range(3, width + 1))]
    if not view.header:
        names = view.in_order[:width]
        headers = unique(names + [""] * (width - len(names)))
    else:
        headers = unique([*table.cells, *[""] * (width - len(table.cells))][:width])
    declared = frozenset(normal(spelling) for entry in view.fields for spelling in entry.spellings)
    columns: list[tuple[str, str | None]] = []
    for place, header in enumerate(headers):
        if privacy.is_buyer(header, layout):
            columns.append((header, privacy.pseudonym_sql(key)))
        elif privacy.is_personal(header, layout, declared):
            columns.append((header, None))
            parts.removed.append(header)
        else:
            columns.append((header, "{c}"))
            if not _known(header, place, table):
                parts.unknown.append(header)
    return columns


def _known(header: str, place: int, table: Table) -> bool:
    """Is the column declared or known to be of no use? One without a header is, unless it holds something."""
    if header == f"col_{place + 1}":
        return not any(len(row) > place and row[place].strip() for row in table.sheet.rows[table.header + 1 :])
    return bool({normal(header), normal(header.split("__")[0])} & table.view.known)
