"""A process that syncs on command, so that a test can kill it: imports everything once, forks for each run.

Reads lines `BOOK ACCOUNT OFFSET STEP` (seconds its clock is ahead of the wall's; a named step to die at, - for none), answers with the pid of the
run; ends with its input.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

import worker
from connectors.api import accounts as doors
from connectors.api.http import Http
from connectors.api.line import Surroundings
from warehouse.book import Book


def run(root: str, name: str, offset: float) -> None:
    """One sync and one commit, as the command line does them. Pauses between calls are cut short."""
    book = Book(Path(root))
    around = Surroundings(clock=lambda: time.time() + offset, sleep=lambda s: time.sleep(min(s, 0.01)), rng=random.Random(1), transport=Http(read_s=5.0))
    runs = doors.pull(book, doors.account(book, name), around, wait_s=20.0)
    for each in runs:
        if each.error:
            print(each.endpoint, each.error, file=sys.stderr, flush=True)
    batch = worker.commit_all(book)
    os._exit(1 if any(each.error for each in runs) or batch.failed else 0)


def main() -> None:
    for line in sys.stdin:
        root, name, offset, step = line.split()
        pid = os.fork()
        if pid == 0:
            try:
                if step != "-":
                    os.environ["DAYBOOK_KILL_AT"] = step
                run(root, name, float(offset))
            except BaseException as error:
                print(repr(error), file=sys.stderr, flush=True)
                os._exit(2)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
