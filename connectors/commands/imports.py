"""Files in: import, preview, and what is known of packages and layouts."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from connectors.catalog import catalog
from connectors.commands import DONE, DOUBTS, NOTHING
from connectors.files import preview, seal
from connectors.files.mapping import read_mapping
from connectors.plan.reading import is_plan, seal_file
from connectors.printing import formatted, look_text, plain
from warehouse.book import Book
from warehouse.errors import OpsError
from warehouse.packages import iter_manifests, undone_ids
from warehouse.shown import receiving, shown


@dataclass
class Imported:
    """What became of one file. `error`: nothing of it was stored, and why."""

    file: str
    package: str = ""
    source: str = ""
    shop: str = ""
    rows: int = 0
    stored: int = 0
    quarantined: int = 0
    differing: int = 0
    already: bool = False
    unknown_columns: list[str] | None = None
    warnings: list[str] | None = None
    error: str = ""

    def __str__(self) -> str:
        if self.error:
            return self.error
        if self.already:
            return f"{self.file}: nothing changed, the same file is in the book already ({self.package})."
        said = f"{self.file}: {self.source} for {self.shop}, {self.rows:,} rows read, {self.stored:,} stored ({self.package})."
        if self.quarantined:
            said += f" {self.quarantined:,} rows wait in quarantine: see the page 数据导入."
        if self.differing:
            said += f" {self.differing} stated totals differ from the sum of the rows: see the page 数据导入."
        for name, entries in (("Columns nobody knows", self.unknown_columns), ("Noticed", self.warnings)):
            said += f" {name}: {', '.join(entries)}." if entries else ""
        return said


def own(given: argparse.Namespace) -> Book:
    return receiving(given.data)


def import_files(given: argparse.Namespace) -> int:
    """Seal every file, then commit and publish once. A file that cannot be read does not stop the others."""
    from worker import commit_all

    book, results = own(given), []
    mapping = read_mapping(given.mapping) if given.mapping else None
    for path in given.files:
        try:
            if is_plan(path):
                results.append(_plan(book, path))
                continue
            sealed = seal(book, path, shop=given.shop, author="command line", layout=given.layout, mapping=mapping, force_shop=given.force_shop)
        except OpsError as error:
            results.append(Imported(str(path), error=str(error)))
            continue
        made = sealed.manifest
        results.append(Imported(path.name, made.id, made.source, made.shop, sum(p.rows for p in made.parts), already=sealed.already,
                                unknown_columns=made.unknown_columns, warnings=sealed.warnings))  # fmt: skip
    if any(result.package for result in results):
        batch = commit_all(book)
        outcomes = {outcome.package: outcome for outcome in batch.outcomes}
        for result in results:
            result.error = result.error or batch.failed.get(result.package, "")
            if outcome := outcomes.get(result.package):
                result.stored, result.quarantined, result.differing = outcome.stored, outcome.quarantined, outcome.differing
    return report(given, results)


def _plan(book: Book, path: Path) -> Imported:
    """A plan file becomes the next version of its plan."""
    made = seal_file(book, path, "command line")
    return Imported(path.name, made.manifest.id, "plan", made.plan.shop or made.plan.id, len(made.plan.nodes), already=made.already)


def report(given: argparse.Namespace, results: list[Imported]) -> int:
    if given.format == "table":
        for result in results:
            print(result, file=sys.stderr if result.error else sys.stdout)
    else:
        print(formatted([asdict(result) for result in results], given.format))
    if any(result.error for result in results):
        return NOTHING
    return DOUBTS if any(result.quarantined or result.differing for result in results) else DONE


def preview_files(given: argparse.Namespace) -> int:
    mapping = read_mapping(given.mapping) if given.mapping else None
    looks, failed = [], False
    for path in given.files:
        try:
            looks.append(preview(own(given), path, shop=given.shop, layout=given.layout, mapping=mapping))
        except OpsError as error:
            print(error, file=sys.stderr)
            failed = True
    found = [plain(asdict(look)) for look in looks]
    print("\n\n".join(map(look_text, found)) if given.format == "table" else formatted(found, given.format))
    doubts = any(look.bad_rows or any(abs(total["difference"]) > 0.01 for total in look.totals) for look in looks)
    return NOTHING if failed else DOUBTS if doubts else DONE


def list_packages(given: argparse.Namespace) -> int:
    book = shown(given.data)
    gone = undone_ids(book)
    packages = [
        {"package": m.id, "kind": m.kind, "source": m.source, "shop": m.shop, "file": m.file_name, "sealed_at": m.sealed_at[:19],
         "rows": sum(part.rows for part in m.parts), "refers": m.refers or "", "state": "undone" if m.id in gone else "stands"}
        for m in (iter_manifests(book) if not given.layouts else ())
    ]  # fmt: skip
    print(formatted([asdict(entry) for entry in catalog(book)] if given.layouts else packages, given.format))
    return DONE
