"""SIGKILL at every named step of import, commit, publish, undo and replay: nothing lost, nothing doubled, pages go on."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest

from tests import kill_job
from tests.running import ROOT, mentioning, named_steps
from warehouse.book import Book
from warehouse.doctor import examine
from warehouse.errors import NoBook
from warehouse.reader import Reader

Figures = tuple[tuple[str, str, float], ...]
LOOK = "SELECT source, metric, round(sum(value), 2) AS value FROM shop_day GROUP BY ALL ORDER BY ALL"


# those of a sync are killed in test_sync_kills.py
STEPS = named_steps(path for room in ("warehouse", "connectors") for path in (ROOT / room).rglob("*.py") if "api" not in path.relative_to(ROOT).parts)
ONCE = {"undo", "replay", "backup"}  # done once in a run; everything else at least three times
EDGES = {"commit.recorded", "commit.done", "publish.renamed", "publish.swapped"}  # just before and after a point of no return


@dataclass
class Watch:
    """A reader that asks all the time, as an open page would; `seen` are the different answers it got."""

    book: Book
    seen: set[Figures] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    answers: int = 0

    def __enter__(self) -> Watch:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _ask(self) -> None:
        reader = Reader(self.book)
        while not self._stop.wait(0.01):
            try:
                self.seen.add(figures(reader))
                self.answers += 1
            except NoBook:
                continue  # before the first import there is nothing to show
            except Exception as error:  # whatever a page would have to show instead of numbers
                self.errors.append(repr(error))
        reader.close()


def figures(reader: Reader) -> Figures:
    frame = reader.query(LOOK)
    return tuple((str(s), str(m), float(v)) for s, m, v in frame.itertuples(index=False))


@dataclass(frozen=True)
class Truth:
    """An undisturbed run: its last state, and every set of figures that may be on a page on the way there."""

    facts: dict[str, tuple[int, int]]
    allowed: set[Figures]
    last: Figures
    keys: Path


def job(root: Path, exports: Path, kill_at: str = "", seconds: float | None = None) -> int | None:
    """Run the work in a process of its own; `seconds`: SIGKILL it from outside after so long. Its exit code."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.kill_job"])
    process = context.Process(target=kill_job.run, args=(str(root), str(exports), kill_at))
    with patch.dict(sys.modules, {"__main__": ModuleType("__main__")}):  # page tests leave a script of theirs there, which the child would run
        process.start()
    process.join(timeout=seconds if seconds is not None else 120)
    if process.is_alive():
        process.kill()
        process.join()
    return process.exitcode


@pytest.fixture(scope="module")
def exports(shared: Path) -> Path:
    return shared / "apis" / "samples" / "exports"


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory, exports: Path) -> Truth:
    """Run once without a kill, and once step by step to know every state between."""
    folder = tmp_path_factory.mktemp("truth")
    whole = Book(folder / "whole").ensure()
    whole.buyer_key()
    assert job(whole.root, exports) == 0
    steps = Book(folder / "steps").ensure()
    shutil.copytree(whole.keys, steps.keys, dirs_exist_ok=True)
    reader, allowed = Reader(steps), {()}
    for name in (kill_job.DAYS, kill_job.ORDERS):
        kill_job.worker.import_path(steps, exports / name, shop=kill_job.SHOP)
        allowed.add(figures(reader))
    kill_job.take_back(steps, kill_job.DAYS)
    allowed.add(figures(reader))
    last = figures(Reader(whole))
    assert last in allowed and len(allowed) == 4, "nothing, days, both, orders"
    return Truth(kill_job.facts(whole), allowed, last, whole.keys)


def fresh(folder: Path, truth: Truth) -> Book:
    """An empty book with the same key, so that buyers hash alike."""
    book = Book(folder).ensure()
    shutil.copytree(truth.keys, book.keys, dirs_exist_ok=True)
    return book


def check(book: Book, exports: Path, truth: Truth, watch: Watch) -> None:
    """Finish the work after the kill; then everything is as if nothing had happened."""
    assert job(book.root, exports) == 0, "the same work again goes through"
    assert kill_job.facts(book) == truth.facts, "rows lost or doubled"
    assert figures(Reader(book)) == truth.last
    assert [f"{finding.check}: {finding.detail}" for finding in examine(book, deep=True) if not finding.ok] == []
    assert watch.errors == [] and watch.seen <= truth.allowed, "a page saw an error or a half-loaded number"
    assert mentioning(str(book.root)) == []


def passes(most: int) -> list[tuple[str, int]]:
    """Each step with the passes at which it is killed."""
    times = {step: 1 if step.split(".")[0] in ONCE else most + (step in EDGES) for step in STEPS}
    return [(step, count) for step in STEPS for count in range(1, times[step] + 1)]


@pytest.mark.parametrize(("step", "count"), passes(2))
def test_killed_at_a_step(step: str, count: int, tmp_path: Path, exports: Path, truth: Truth) -> None:
    """The process dies by its own hand at the step's first and second pass; the next run repairs everything."""
    book = fresh(tmp_path / "book", truth)
    with Watch(book) as watch:
        assert job(book.root, exports, f"{step}:{count}") == -signal.SIGKILL
        check(book, exports, truth, watch)


def test_at_least_thirty_kills_are_in_the_ordinary_run() -> None:
    """Import, commit, publish, undo and replay all have steps, and none is left out."""
    assert len(passes(2)) >= 30
    assert {name.split(".")[0] for name in STEPS} >= {"seal", "commit", "publish", "undo", "replay"}


@pytest.mark.slow
def test_killed_at_every_pass_and_again_while_repairing(tmp_path: Path, exports: Path, truth: Truth) -> None:
    """Every pass of every step, then twice more while the damage is being repaired."""
    kills, rng = 0, random.Random(7)
    for step, count in passes(3):
        book = fresh(tmp_path / f"{step}-{count}", truth)
        with Watch(book) as watch:
            codes = [job(book.root, exports, f"{step}:{count}")]
            codes += [job(book.root, exports, f"{rng.choice(STEPS)}:1") for _ in range(2)]
            assert set(codes) <= {0, -signal.SIGKILL}
            kills += codes.count(-signal.SIGKILL)
            check(book, exports, truth, watch)
        shutil.rmtree(book.root)
    assert kills >= 80


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path, exports: Path, truth: Truth) -> None:
    """SIGKILL from outside after random times: 30 books, kill upon kill before the work may end."""
    rng, kills = random.Random(11), 0
    started = time.monotonic()
    assert job(fresh(tmp_path / "measure", truth).root, exports) == 0
    whole = time.monotonic() - started
    for number in range(30):
        book = fresh(tmp_path / f"any-{number}", truth)
        with Watch(book) as watch:
            for _ in range(6):
                kills += job(book.root, exports, seconds=rng.uniform(0.05, whole / 2)) == -signal.SIGKILL
            check(book, exports, truth, watch)
        shutil.rmtree(book.root)
    assert kills >= 120
