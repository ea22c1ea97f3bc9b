"""python -m tests.benchmarks [imports] [panels] [pages] [sync] [plans] [review] [--big] [--out docs/benchmarks.md]"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.timing import Row

HEAD = "| what | measured | beside it | ratio | aim | met |\n| --- | --- | --- | --- | --- | --- |\n"
SIZES = {
    "imports": ([1_000_000], [1_000_000, 5_000_000]),
    "panels": ([1_000_000], [1_000_000, 20_000_000, 100_000_000]),
    "pages": ([], []),
    "sync": ([50_000, 200_000], [50_000, 200_000]),
    "plans": ([], []),
    "review": ([400], [400]),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(SIZES), metavar="PART", help=", ".join(SIZES))
    parser.add_argument("--big", action="store_true", help="1M and 5M rows, 1M, 20M and 100M lines (about an hour, 40 GB of disk)")
    parser.add_argument("--sizes", type=int, nargs="*", help="rows or lines instead of the usual ones")
    parser.add_argument("--out", type=Path, help="also write the table to this file")
    parser.add_argument("--note", default="", help="a sentence about the circumstances, for the head of the page")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        name = given.parts[0]
        for row in importlib.import_module(f"tests.benchmarks.{name}").rows(given.sizes or SIZES[name][given.big]):
            print("| " + " | ".join(row.cells()) + " |", flush=True)
        return
    text = "".join(_part(name, given) for name in given.parts)
    if given.out:
        given.out.write_text(_page(text, given.note), encoding="utf-8")


def _part(name: str, given: argparse.Namespace) -> str:
    """Each part in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "tests.benchmarks", name, "--one", *(["--big"] if given.big else [])]
    if given.sizes:
        command += ["--sizes", *map(str, given.sizes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(f"## {name}\n\n{HEAD}{done.stdout}{done.stderr[-2000:] if done.returncode else ''}", flush=True)
    return f"## {name}\n\n{HEAD}{done.stdout}\n"


def _page(text: str, note: str) -> str:
    return (
        "# Benchmarks\n\nMade by `make benchmarks` (sizes to 1M; `python -m tests.benchmarks --big` for 5M rows, 20M and 100M lines). Medians of one run on "
        f"{os.cpu_count()} cores; what stands beside a figure was measured in the same run. {note}\n\n{text}"
    )


__all__ = ["Row", "main"]
if __name__ == "__main__":
    main()
