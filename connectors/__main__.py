"""python -m connectors: bring files in, look at them first, take them back, and keep the book whole.

Exit codes: 0 done, 1 nothing stored and why, 2 usage, 3 stored with rows in quarantine or a stated total that differs
(check-plan: 1 a file that cannot be read, 3 something that does not add up).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from connectors.catalog import catalog
from connectors.files import preview, seal
from connectors.files.mapping import read_mapping
from connectors.plan.reading import is_plan, seal_file
from connectors.printing import formatted, look_text, plain
from warehouse.book import Book
from warehouse.errors import NoBook, OpsError
from warehouse.packages import iter_manifests, undone_ids
from warehouse.reader import Reader
from warehouse.shown import receiving, shown

DONE, NOTHING, DOUBTS = 0, 1, 3
FRESHNESS = """SELECT shop, source, max(as_of) AS as_of, sum(rows_quarantined) AS bad
    FROM package WHERE state = 'committed' AND kind = 'file' GROUP BY ALL ORDER BY ALL"""


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


def main(words: Sequence[str] | None = None) -> int:
    given = parser().parse_args(words)
    try:
        return int(given.run(given))
    except OpsError as error:
        print(error, file=sys.stderr)
        return NOTHING
    except BrokenPipeError:  # `| head` has seen enough
        sys.stdout = None
        return DONE


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m connectors", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands_ = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        each = commands_.add_parser(name, help=about, description=about)
        each.add_argument("--data", help="the book (default: $DAYBOOK_DATA, else data/)")
        each.add_argument("--format", choices=("table", "json", "csv"), default="table")
        each.set_defaults(run=run)
        return each

    for name, run, about in (("import", import_files, "bring export files in and publish"), ("preview", preview_files, "say what an import would do; stores nothing")):
        each = command(name, run, about)
        each.add_argument("files", nargs="+", type=Path, metavar="FILE")
        each.add_argument("--shop", help="whose files they are; a new id makes a new shop")
        each.add_argument("--layout", help="which of several readings is meant (see: list --layouts)")
        each.add_argument("--mapping", type=Path, metavar="TOML", help="how to read a file that no layout knows; kept for the shop")
        if name == "import":
            each.add_argument("--force-shop", action="store_true", help="import although the items belong to another shop")
    command("list", list_packages, "packages in the book, newest last").add_argument("--layouts", action="store_true", help="the kinds of file that can be read")
    for name, about in (("undo", "take a package back: what stood before returns"), ("accept", "let a package count although rows of it wait in quarantine")):
        command(name, deed, about).add_argument("package")
        commands_.choices[name].set_defaults(deed=name)
    command("retry", retry, "read a package again, after its mapping was repaired").add_argument("package")
    command("replay", replay, "build the warehouse again from the packages and compare")
    command("backup", backup, "write everything that cannot be computed again into one file").add_argument("file", type=Path)
    command("restore", restore, "bring a backup back into an empty book").add_argument("file", type=Path)
    command("doctor", doctor, "prove that keys are unique and packages whole").add_argument("--deep", action="store_true", help="also read every byte of every package")
    command("status", status, "what is here, what waits, what the worker does")
    command("check-plan", check_plan, "say what does not add up in plan files; changes nothing").add_argument("files", nargs="+", type=Path, metavar="FILE")
    command("demo", demo, "make or complete the demo in this book").add_argument("--volume", type=float, default=1.0, help="1 is about 170,000 order rows")
    return top


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


def deed(given: argparse.Namespace) -> int:
    from warehouse.undo import seal_deed
    from worker import commit_all

    book = shown(given.data)
    sealed = seal_deed(book, given.deed, given.package, "command line")
    failed = commit_all(book).failed
    if sealed.id in failed:
        raise OpsError(failed[sealed.id])
    print(f"{given.package}: {'taken back' if given.deed == 'undo' else 'accepted'} ({sealed.id}). The pages show it now.")
    return DONE


def retry(given: argparse.Namespace) -> int:
    from worker import publish_if_needed, read_again

    book = shown(given.data)
    outcome = read_again(book, given.package)
    publish_if_needed(book)
    print(f"{given.package}: {outcome.stored:,} rows stored, {outcome.quarantined:,} in quarantine.")
    return DOUBTS if outcome.quarantined or outcome.differing else DONE


def replay(given: argparse.Namespace) -> int:
    import warehouse.replay
    from worker import interpreter, publish_if_needed

    book = shown(given.data)
    done = warehouse.replay.replay(book, interpreter(book))
    publish_if_needed(book)
    for package, message in done.failed.items():
        print(f"{package}: {message}", file=sys.stderr)
    changed = sorted(name for name in done.after if done.before.get(name) != done.after[name])
    told = "every table came out the same" if done.same else f"these tables changed: {', '.join(changed)}"
    print(f"{done.packages} packages read again; {told}.")
    return DONE if done.same and not done.failed else DOUBTS


def backup(given: argparse.Namespace) -> int:
    from warehouse.backup import backup as write

    print(f"Saved to {write(shown(given.data), given.file)}.")
    return DONE


def restore(given: argparse.Namespace) -> int:
    from warehouse.backup import restore as unpack
    from worker import commit_all

    book = Book.from_env(given.data)
    count = unpack(book, given.file)
    failed = commit_all(book).failed
    print(f"{count} packages restored into {book.root}; {len(failed)} could not be read.")
    return DOUBTS if failed else DONE


def doctor(given: argparse.Namespace) -> int:
    from warehouse.doctor import examine

    findings = examine(shown(given.data), given.deep)
    print(formatted([asdict(finding) for finding in findings], given.format))
    return DONE if all(finding.ok for finding in findings) else DOUBTS


def status(given: argparse.Namespace) -> int:
    from warehouse.heartbeat import last_beat

    book, rows = shown(given.data), []
    reader, said = Reader(book), last_beat(book)
    rows.append({"what": "book", "value": str(book.root)})
    try:
        rows.append({"what": "generation", "value": reader.generation})
        known = set(reader.query("SELECT package FROM package").package)
        for line in reader.query(FRESHNESS).itertuples():
            rows.append({"what": f"{line.shop} {line.source}", "value": f"as of {line.as_of}" + (f", {line.bad:.0f} rows in quarantine" if line.bad else "")})
    except NoBook as error:
        known = set()
        rows.append({"what": "generation", "value": str(error)})
    reader.close()
    rows += [{"what": "waits", "value": m.id} for m in iter_manifests(book) if m.id not in known]
    rows.append({"what": "worker", "value": f"{said.state} {said.what} ({said.age_s():.0f} s ago)" if said else "never ran"})
    rows += [{"what": f"trouble {name}".strip(), "value": message} for name, message in (said.trouble if said else {}).items()]
    print(formatted(rows, given.format))
    return DONE


def check_plan(given: argparse.Namespace) -> int:
    """Findings of plan files. 0 nothing wrong, 1 a file cannot be read, 3 an error or a warning."""
    from connectors.plan.check.files import check_files

    checked = check_files(given.files)
    if checked.findings or given.format != "table":
        print(formatted(checked.rows(people=given.format == "table"), given.format))
    for fault in checked.faults:
        print(fault, file=sys.stderr)
    return checked.code


def demo(given: argparse.Namespace) -> int:
    from connectors.demo import build
    from worker import commit_all

    book = Book.from_env(given.data)
    built = build(book.root, volume=given.volume, progress=lambda line: print(line, flush=True))
    failed = commit_all(book).failed
    for package, message in failed.items():
        print(f"{package}: {message}", file=sys.stderr)
    print(f"The demo in {book.root} holds the days up to {built.last}.")
    return NOTHING if failed else DONE


if __name__ == "__main__":
    sys.exit(main())
