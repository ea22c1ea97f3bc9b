"""SIGKILL at any moment of a sync: the next run heals alone, and every fact is as if nothing had happened."""

from __future__ import annotations

import os
import random
import re
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
from tests.stub.world import World
from warehouse.replay import checksums

ROOT = Path(__file__).resolve().parents[3]
NOTES = {"coverage", "slice"}  # how often a day was asked for may differ
NAMES = sorted(CONNECTORS)
LONGEST_S = 1.2


class Job:
    """The process that syncs; `killed` runs it and kills it after a while, `whole` runs it to its end."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def _start(self, at: Bench, offset: float, step: str = "-") -> int:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{at.book.root} {at.account.name} {offset} {step}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def _ended(self) -> int:
        assert self.process.stdout
        return int(self.process.stdout.readline())

    def killed(self, at: Bench, offset: float, after_s: float) -> bool:
        """Was it still running when it was killed?"""
        pid = self._start(at, offset)
        time.sleep(after_s)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return self._ended() == -signal.SIGKILL

    def whole(self, at: Bench, offset: float, step: str = "-") -> int:
        """How it ended by itself, or at the named step."""
        self._start(at, offset, step)
        return self._ended()


@contextmanager
def job(log: Path) -> Iterator[Job]:
    with log.open("w") as errors:
        process = subprocess.Popen([sys.executable, "-m", "tests.sync_job"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            yield Job(process)
        finally:
            process.kill()
            process.wait()


def facts(at: Bench) -> dict[str, tuple[int, int]]:
    with opened(at.book) as con:
        return {table: sums for table, sums in checksums(con).items() if table not in NOTES}


def heal(name: str, world: World, kills: int, seed: int, folder: Path) -> tuple[int, int]:
    """Kill `kills` syncs of the platform, let one end, compare with a book that nobody disturbed; returns kills that met a running sync."""
    rng, met, now = random.Random(f"{name}{seed}"), 0, moments_of(world)[2]
    with bench(name, world, now) as at, bench(name, world, now) as calm, job(folder / "log") as runner:
        add_account(at.book, at.account, CONNECTORS, self_hosted())
        (calm.book.keys / "buyer.key").write_text(at.book.buyer_key(), encoding="ascii")  # else the same buyer has two pseudonyms
        offset = now - time.time()
        at.setup.platform.clock = lambda: time.time() + offset
        for _ in range(kills):
            met += runner.killed(at, offset, rng.uniform(0.0, LONGEST_S))
        assert runner.whole(at, offset) == 0, (folder / "log").read_text()
        calm.sync()
        calm.commit()
        assert facts(at) == facts(calm)
        assert at.stub.violations == []
    return met, kills


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=5, days=4, orders_per_day=12)


@pytest.mark.parametrize("name", [NAMES[0], NAMES[len(NAMES) // 2]])
def test_a_killed_sync_heals(name: str, world: World, tmp_path: Path) -> None:
    """Four kills, then one run: the facts are those of an undisturbed book."""
    heal(name, world, 4, 0, tmp_path)


def steps() -> list[str]:
    """Every step that a sync names, so that a new one is killed from the day it exists."""
    found: set[str] = set()
    for path in (ROOT / "connectors" / "api").rglob("*.py"):
        found.update(re.findall(r'\breach\("([\w.]+)"\)', path.read_text(encoding="utf-8")))
    return sorted(found)


@pytest.mark.parametrize("step", steps())
def test_killed_at_a_step(step: str, world: World, tmp_path: Path) -> None:
    """Killed at the step's first pass, its token void before: the next run heals, and the platform's new pair was not lost."""
    now = moments_of(world)[2]
    with bench("doudian", world, now) as at, bench("doudian", world, now) as calm, job(tmp_path / "log") as runner:
        add_account(at.book, at.account, CONNECTORS, self_hosted())
        (calm.book.keys / "buyer.key").write_text(at.book.buyer_key(), encoding="ascii")
        offset = now - time.time()
        at.setup.platform.clock = lambda: time.time() + offset
        at.setup.platform.void_all()
        assert runner.whole(at, offset, f"{step}:1") == -signal.SIGKILL, (tmp_path / "log").read_text()
        assert runner.whole(at, offset) == 0, (tmp_path / "log").read_text()
        calm.sync()
        calm.commit()
        assert facts(at) == facts(calm)
        assert at.stub.violations == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_two_hundred_kills(name: str, world: World, tmp_path: Path) -> None:
    """Over all platforms at least 200 kills at random moments, most of them in the middle of a sync: 0 lost, 0 doubled."""
    kills = -(-240 // len(NAMES))
    met, _ = heal(name, world, kills, 1, tmp_path)
    print(f"{name}: {met} of {kills} kills met a running sync")
    assert met >= kills // 2
