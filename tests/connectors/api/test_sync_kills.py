"""SIGKILL at any moment of a sync: the next run heals alone, and every fact is as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from connectors.api.accounts import self_hosted
from connectors.api.config import add_account
from connectors.catalog import CONNECTORS
from tests.connectors.api.book import Bench, bench, moments_of, opened
from tests.running import ROOT, named_steps
from tests.stub.world import World
from warehouse.replay import checksums

NOTES = {"coverage", "slice"}  # how often a day was asked for may differ
NAMES = sorted(CONNECTORS)
LONGEST_S = 1.2


class Job:
    """The process that syncs the account of `at`, its clock `offset` seconds ahead; `killed` runs it and kills it after a while, `whole` runs it to its end."""

    def __init__(self, process: subprocess.Popen[str], at: Bench, offset: float) -> None:
        self.process, self.at, self.offset = process, at, offset

    def _start(self, step: str = "-") -> int:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{self.at.book.root} {self.at.account.name} {self.offset} {step}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def _ended(self) -> int:
        assert self.process.stdout
        return int(self.process.stdout.readline())

    def killed(self, after_s: float) -> bool:
        """Was it still running when it was killed?"""
        pid = self._start()
        time.sleep(after_s)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return self._ended() == -signal.SIGKILL

    def whole(self, step: str = "-") -> int:
        """How it ended by itself, or at the named step."""
        self._start(step)
        return self._ended()


@contextmanager
def job(log: Path, at: Bench, offset: float) -> Iterator[Job]:
    with log.open("w") as errors:
        process = subprocess.Popen([sys.executable, "-m", "tests.sync_job"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            yield Job(process, at, offset)
        finally:
            process.kill()
            process.wait()


def facts(at: Bench) -> dict[str, tuple[int, int]]:
    with opened(at.book) as con:
        return {table: sums for table, sums in checksums(con).items() if table not in NOTES}


@contextmanager
def disturbed(name: str, world: World, log: Path) -> Iterator[Job]:
    """The platform's syncs, to be killed in the block; one whole run behind it heals the book, which then is as one that nobody disturbed."""
    now = moments_of(world)[2]
    offset = now - time.time()
    with bench(name, world, now) as at, bench(name, world, now) as calm, job(log, at, offset) as runner:
        add_account(at.book, at.account, CONNECTORS, self_hosted())
        (calm.book.keys / "buyer.key").write_text(at.book.buyer_key(), encoding="ascii")  # else the same buyer has two pseudonyms
        at.setup.platform.clock = lambda: time.time() + offset
        yield runner
        assert runner.whole() == 0, log.read_text()
        calm.sync()
        calm.commit()
        assert facts(at) == facts(calm)
        assert at.stub.violations == []


def heal(name: str, world: World, kills: int, seed: int, folder: Path) -> int:
    """Kill `kills` syncs of the platform; returns how many of them were running."""
    rng = random.Random(f"{name}{seed}")
    with disturbed(name, world, folder / "log") as runner:
        return sum(runner.killed(rng.uniform(0.0, LONGEST_S)) for _ in range(kills))


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=5, days=4, orders_per_day=12)


@pytest.mark.parametrize("name", [NAMES[0], NAMES[len(NAMES) // 2]])
def test_a_killed_sync_heals(name: str, world: World, tmp_path: Path) -> None:
    """Four kills, then one run: the facts are those of an undisturbed book."""
    heal(name, world, 4, 0, tmp_path)


@pytest.mark.parametrize("step", named_steps((ROOT / "connectors" / "api").rglob("*.py")))
def test_killed_at_a_step(step: str, world: World, tmp_path: Path) -> None:
    """Killed at the step's first pass, its token void before: the next run heals, and the platform's new pair was not lost."""
    with disturbed("doudian", world, tmp_path / "log") as runner:
        runner.at.setup.platform.void_all()
        assert runner.whole(f"{step}:1") == -signal.SIGKILL, (tmp_path / "log").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_two_hundred_kills(name: str, world: World, tmp_path: Path) -> None:
    """Over all platforms at least 200 kills at random moments, most of them in the middle of a sync: 0 lost, 0 doubled."""
    kills = -(-240 // len(NAMES))
    met = heal(name, world, kills, 1, tmp_path)
    print(f"{name}: {met} of {kills} kills met a running sync")
    assert met >= kills // 2
