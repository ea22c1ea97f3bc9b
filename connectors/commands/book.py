"""The book itself: take back, read again, rebuild, save, bring back, prove, and say what is here."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from connectors.commands import DONE, DOUBTS, NOTHING
from connectors.commands.accounts import rows_of
from connectors.printing import formatted
from warehouse.book import Book
from warehouse.errors import NoBook, OpsError
from warehouse.packages import iter_manifests
from warehouse.reader import Reader
from warehouse.shown import shown

FRESHNESS = """SELECT shop, source, max(as_of) AS as_of, sum(rows_quarantined) AS bad
    FROM package WHERE state = 'committed' AND kind IN ('file', 'api') GROUP BY ALL ORDER BY ALL"""


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
    rows += rows_of(book)
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
