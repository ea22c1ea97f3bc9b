"""One suite over the catalog: every platform keeps the same promises."""

from __future__ import annotations

import inspect
import re
from datetime import timedelta
from importlib import import_module, util

import pytest

from connectors.api.endpoint import MONEY
from connectors.api.interpret import mappings
from connectors.catalog import CONNECTORS, connector
from tests.connectors.api.book import Bench, bench, clean, moments_of, opened
from tests.stub.faults import Faults
from tests.stub.world import World
from warehouse.replay import checksums, replay
from warehouse.tables import tables
from worker import interpreter

NAMES = sorted(CONNECTORS)


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=7, days=6, orders_per_day=14)


@pytest.mark.parametrize("name", NAMES)
def test_a_platform_states_its_facts(name: str) -> None:
    """Docstring with Source, Grain and Units; money unit, zone and labels declared; every mapping readable, with its own Source, Grain, Units."""
    made = connector(name)
    doc = inspect.getdoc(inspect.getmodule(type(made))) or ""
    for word in ("Source:", "Grain:", "Units:"):
        assert word in doc, f"{name}: the docstring lacks {word}"
    assert made.name == name and made.label_zh and made.label_en
    assert all(getattr(made, key) or key in made.needs for key in ("zone", "currency"))
    assert len({endpoint.name for endpoint in made.endpoints}) == len(made.endpoints)
    for endpoint in made.endpoints:
        assert endpoint.money in MONEY and re.search(r"[一-鿿]", endpoint.label_zh) and endpoint.label_en
        for reading in mappings(made, endpoint):
            assert {"source", "grain", "units"} <= set(reading.head), reading.stem
            assert reading.covers in (None, "nothing", *tables()[reading.table].columns)
    assert util.find_spec(f"tests.stub.platforms.{name}"), f"{name} is not played by the stub"


@pytest.mark.parametrize("name", NAMES)
def test_backfill_and_increments_equal_the_truth(name: str, world: World) -> None:
    """A backfill and two increments give exactly the platform's figures of every day, and the platform has nothing to complain of."""
    first, last = world.days()
    times = moments_of(world)
    with bench(name, world, times[0]) as at:
        for moment in times:
            at.clock.value = max(at.clock.value, moment)
            runs = at.sync()
            assert not [run for run in runs if run.error], [str(run.error) for run in runs if run.error]
            clean(at.commit(publishes=moment == times[-1]))
            assert at.figures(first, last) == at.truth(first, last)
        assert at.stub.violations == [] and at.keeps_its_pace()
        assert_whole(at)


@pytest.mark.parametrize("name", NAMES)
def test_again_adds_nothing_and_order_does_not_matter(name: str, world: World) -> None:
    """A second sync leaves every table as it was; packages replayed in another order come out the same; keys stay unique."""
    with bench(name, world, moments_of(world)[2]) as at:
        at.sync()
        at.commit()
        before = sums(at)
        at.sync(since=world.days()[0].isoformat())
        at.commit()
        after = sums(at)
        assert {table for table in before if before[table] != after[table]} <= {"coverage", "slice"}
        again = replay(at.book, interpreter(at.book))
        assert again.same and not again.failed
        assert_whole(at)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [1])
def test_faults_lose_nothing(name: str, seed: int, world: World) -> None:
    """Whatever goes wrong on the way, in the end every figure is right and nothing was doubled."""
    first, last = world.days()
    times = moments_of(world)
    with bench(name, world, times[0], seed=seed) as at:
        at.stub.faults = Faults(f"{name}{seed}", 0.15, drip_s=0.05)
        for moment in times:
            at.clock.value = max(at.clock.value, moment)
            at.sync()
        at.stub.faults = None
        at.clock.value += 3600
        runs = at.sync(since=first.isoformat())
        assert not [run for run in runs if run.error], [str(run.error) for run in runs if run.error]
        assert not at.commit().failed
        assert at.figures(first, last + timedelta(days=1)) == at.truth(first, last + timedelta(days=1))
        assert at.stub.violations == [] and at.keeps_its_pace()
        assert_whole(at)


@pytest.mark.parametrize("name", NAMES)
def test_a_short_page_is_noticed(name: str, world: World) -> None:
    """Where the platform states a count, a page that lacks a row is never taken for the whole, and nothing is missing in the end."""
    first, last = world.days()
    with bench(name, world, moments_of(world)[2]) as at:
        at.stub.faults = Faults(f"short{name}", 0.6, kinds=("short_page", "doubled"), max_wrong=8)
        at.sync()
        at.stub.faults = None
        at.clock.value += 60
        at.sync()
        assert not at.commit().failed
        assert at.figures(first, last) == at.truth(first, last)
        assert_whole(at)


def sums(at: Bench) -> dict[str, tuple[int, int]]:
    with opened(at.book) as con:
        return checksums(con)


def assert_whole(at: Bench) -> None:
    """Keys are unique, nothing lies in quarantine, no unknown field was met, every order has a state and no buyer his own id."""
    with opened(at.book) as con:
        for table in tables().values():
            if table.merge in ("upsert", "slice"):
                key = ", ".join(f'"{column}"' for column in table.key)
                twice = con.execute(f"SELECT {key} FROM fact.{table.name} GROUP BY ALL HAVING count(*) > 1 LIMIT 3").fetchall()
                assert not twice, (table.name, twice)
        assert con.execute("SELECT * FROM fact.quarantine LIMIT 3").fetchall() == []
        unknown = con.execute("SELECT DISTINCT source, unknown_columns FROM fact.package WHERE unknown_columns <> '[]'").fetchall()
        assert unknown == []
        assert con.execute("SELECT status_raw FROM fact.order_head WHERE status IS NULL LIMIT 3").fetchall() == []
        buyers = {row[0] for row in con.execute("SELECT DISTINCT buyer FROM fact.order_head WHERE buyer IS NOT NULL").fetchall()}
        assert not buyers & {order.buyer_id for order in at.world.orders} and all(re.fullmatch("[0-9a-f]{16}", buyer) for buyer in buyers)


def test_the_stub_plays_nobody_else() -> None:
    """Every played platform is in the catalog: the suite forgets none."""
    import pkgutil

    played = {module.name for module in pkgutil.iter_modules(import_module("tests.stub.platforms").__path__)}
    assert played - set(CONNECTORS) == set()
