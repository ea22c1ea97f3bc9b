"""Plans: one edit in a plan of 5,000 nodes solved again, beside pandas only adding such a plan up; a month's forecast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd

from queries.plan import curves
from queries.plan.edits import Edit, replay
from queries.plan.forecast import forecast
from queries.plan.timetree import time_tree
from tests.benchmarks.timing import Row, median, repeat

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
PEOPLE = {f"p{n}": n + 1 for n in range(13)}
RUNS = 15


def rows(_sizes: Sequence[int]) -> Iterator[Row]:
    yield solve_again()
    yield land()


def solve_again() -> Row:
    """A year in quarters, months, days and 13 persons (5,127 nodes): a month's amount is typed anew."""
    draft = replay(time_tree("plan", 1_000_000_00, curves.equal(FIRST, LAST), items=PEOPLE))
    months = [name for name in draft.nodes if name.count("/") == 2]
    edits = [
        Edit("bench", datetime(2026, 1, 1, tzinfo=UTC), "set", months[n % 12], cents=80_000_00 + n) for n in range(RUNS)
    ]
    frame = pd.DataFrame(
        {"parent": [node.parent or "" for node in draft.nodes.values()], "cents": list(draft.amounts.values())}
    )
    ours = median(repeat(lambda n: draft.do(edits[n]), RUNS))
    bare = median(repeat(lambda _: frame.groupby("parent")["cents"].sum(), RUNS))
    return Row(
        f"one edit, a plan of {len(draft.nodes):,} nodes solved again",
        f"{ours:.0f} ms",
        f"pandas adding it up once {bare:.1f} ms",
        f"{ours / bare:.0f}x",
        "200 ms",
        ours < 200,
    )


def land() -> Row:
    """Where November lands on the 24th, with 13 months of history."""
    noise = np.random.default_rng(7)
    history = {FIRST - timedelta(days=70) + timedelta(days=n): float(noise.normal(1000, 80)) for n in range(394)}
    through = max(history)
    first = through.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    ours = median(repeat(lambda _: forecast(history, first, last, through), RUNS))
    known = np.array(list(history.values()))
    bare = median(repeat(lambda _: known[-28:].mean() * 30, RUNS))
    return Row(
        "a month's landing with its 80 % range, 13 months of history",
        f"{ours:.0f} ms",
        f"a mean times days {bare:.3f} ms",
    )
