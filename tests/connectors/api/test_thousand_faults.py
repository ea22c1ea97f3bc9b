"""The long proof: a thousand runs over every platform with faults at random; nothing lost, nothing doubled."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from connectors.catalog import CONNECTORS, connector
from tests.connectors.api.book import Bench, bench, moments_of
from tests.connectors.api.test_every_connector import assert_whole
from tests.stub.faults import Faults
from tests.stub.world import World

pytestmark = pytest.mark.slow
RUNS = int(os.environ.get("DAYBOOK_FAULT_RUNS", "1000"))
NAMES = sorted(CONNECTORS)


@pytest.mark.parametrize("name", NAMES)
def test_faults_at_random(name: str) -> None:
    """Each run: a backfill and two increments through faults, then one quiet sync; figures equal the truth, keys are unique, no window is noted that did not come."""
    each = -(-RUNS // len(NAMES))
    counts = {"rows": 0, "faults": 0}
    for seed in range(each):
        world = World(seed=f"{name}{seed}", days=3, orders_per_day=10)
        once(name, world, seed, counts)
    print(f"{name}: {each} runs, {counts['faults']} faults, {counts['rows']} records; 0 lost, 0 doubled")


def once(name: str, world: World, seed: int, counts: dict[str, int]) -> None:
    first, last = world.days()
    times = moments_of(world)
    with bench(name, world, times[0], seed=seed) as at:
        faults = Faults(f"{name}/{seed}", 0.05 + (seed % 5) * 0.05, drip_s=0.02)
        at.stub.faults = faults
        for moment in times:
            at.clock.value = max(at.clock.value, moment)
            for run in at.sync():
                counts["rows"] += run.rows
            assert_noted(at)
        at.stub.faults = None
        at.clock.value += 3600
        runs = at.sync(since=first.isoformat())
        assert not [run for run in runs if run.error], (seed, [str(run.error) for run in runs if run.error])
        assert not at.commit().failed
        assert at.figures(first, last + timedelta(days=1)) == at.truth(first, last + timedelta(days=1)), seed
        assert at.stub.violations == [] and at.keeps_its_pace(), seed
        assert_whole(at)
        counts["faults"] += sum(count for kind, count in faults.counts.items() if kind)


def assert_noted(at: Bench) -> None:
    """What the ledger calls done lies in sealed packages or came empty: no window is noted beyond now."""
    for endpoint in connector(at.account.connector).endpoints:
        for window in at.ledger.done(at.account.name, endpoint.name):
            assert window.end <= at.clock() + 2 * 86_400
