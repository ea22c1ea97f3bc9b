"""Clock, medians and percentiles; every figure of one run comes from the same machine in the same minutes."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table: what, how it compares, and what was aimed at."""

    what: str
    figure: str
    beside: str = ""
    ratio: str = ""
    aim: str = ""
    ok: bool | None = None

    def cells(self) -> list[str]:
        mark = "" if self.ok is None else ("yes" if self.ok else "**no**")
        return [self.what, self.figure, self.beside, self.ratio, self.aim, mark]


def seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def repeat(job: Callable[[int], object], times: int, warm: int = 2) -> list[float]:
    """Milliseconds of `times` runs after `warm` runs that are not counted; each run gets its number."""
    for number in range(warm):
        job(number)
    return [1000 * seconds(lambda n=number: job(n)) for number in range(times)]  # type: ignore[misc]


def median(values: list[float]) -> float:
    return statistics.median(values)


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def peak_mb() -> float:
    """Largest resident size of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
