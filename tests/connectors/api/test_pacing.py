"""Pacing: never faster than stated, never more than the day allows, silence after a throttle."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.api.ledger import Ledger
from connectors.api.pacing import Pace, Pacer, Quota
from connectors.errors import QuotaSpent
from warehouse.book import Book


class Time:
    """A clock that only sleeping moves. `naps`: what was slept; `on_nap` is called in the middle of one; `read.last`: what this thread saw last."""

    def __init__(self, now: float = 0.0, on_nap: Callable[[], None] | None = None) -> None:
        self.now, self.naps, self.on_nap = now, list[float](), on_nap
        self._lock = threading.Lock()
        self.read = threading.local()

    def clock(self) -> float:
        self.read.last = self.now
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        with self._lock:
            self.naps.append(seconds)
            self.now += seconds
        if self.on_nap is not None:
            self.on_nap()


def pacer(time: Time, pace: Pace, quota: Quota | None = None) -> Pacer:
    return Pacer(pace, clock=time.clock, sleep=time.sleep, quota=quota)


def instant(text: str, zone: str = "Asia/Shanghai") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def took(pacer: Pacer, calls: int, time: Time) -> list[float]:
    """The moments at which so many calls went out, one after the other."""
    moments = []
    for _ in range(calls):
        pacer.take()
        moments.append(time.now)
    return moments


def spend(pacer: Pacer) -> int:
    """Calls until the day is spent."""
    count = 0
    try:
        while True:
            pacer.take()
            count += 1
    except QuotaSpent:
        return count


def test_a_burst_then_one_by_one() -> None:
    """Four a second, three at once: three at 0, then one every quarter of a second; after two idle seconds three again."""
    time = Time()
    paced = pacer(time, Pace(per_second=4, burst=3))
    assert took(paced, 5, time) == [0, 0, 0, 0.25, 0.5]
    time.now = 2.5
    assert took(paced, 4, time) == [2.5, 2.5, 2.5, 2.75]


@settings(max_examples=25)
@given(rate=st.sampled_from([0.3, 1.0, 3.0, 7.0, 50.0]), burst=st.integers(1, 6), idle=st.lists(st.floats(0, 3), min_size=4, max_size=4))
def test_no_interval_holds_more_than_burst_and_rate_allow(rate: float, burst: int, idle: list[float]) -> None:
    """Eight threads send as they can, with rests between: any t seconds hold at most burst + rate * t calls, and none is held back in vain."""
    time, moments = Time(1_780_000_000.0), list[float]()
    paced = pacer(time, Pace(rate, burst))

    def work(calls: int) -> None:
        for _ in range(calls):
            paced.take()
            moments.append(time.read.last)

    for rest in idle:
        began = time.now
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, [3] * 8))
        assert time.now - began <= 24 / rate + 1e-5
        time.now += rest
    moments.sort()
    assert len(moments) == 96
    for first, start in enumerate(moments):
        for last in range(first, len(moments)):
            assert last - first + 1 <= burst + rate * (moments[last] - start) + 1e-4


def test_one_thread_sleeps_and_the_others_queue() -> None:
    """Eight threads, 80 calls, ten a second, one at once: 7.9 seconds pass, a tenth at a time."""
    time, sleepers = Time(), threading.Semaphore(1)

    def nap() -> None:
        assert sleepers.acquire(blocking=False)
        threading.Event().wait(0.001)  # the others run meanwhile
        sleepers.release()

    time.on_nap = nap
    paced = pacer(time, Pace(per_second=10))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: [paced.take() for _ in range(10)], range(8)))
    assert time.now == pytest.approx(7.9)
    assert len(time.naps) >= 79 and max(time.naps) <= 0.1 + 1e-9


def test_a_pause_holds_everybody_those_who_wait_too() -> None:
    """A throttle of 10 seconds that arrives during a wait of one second lengthens it to 11."""
    time = Time()
    paced = pacer(time, Pace(per_second=1))
    paced.take()
    time.on_nap = lambda: (paced.pause(10), setattr(time, "on_nap", None))[0]
    paced.take()
    assert time.now == 11
    paced.pause(5)
    paced.pause(2)
    paced.take()
    assert time.now == 16


def test_a_clock_set_back_makes_nobody_wait_longer() -> None:
    """An hour back during a wait of one second: the next call waits a second more, not an hour."""
    time = Time(10_000)
    paced = pacer(time, Pace(per_second=1))
    paced.take()
    time.now -= 3600
    paced.take()
    assert time.now == 10_000 - 3600 + 1
    paced.pause(20)
    time.now -= 3600
    paced.take()
    assert time.now == 10_000 - 7200 + 21


def test_the_day_ends_at_the_zones_midnight(book: Book) -> None:
    """Three calls on the 20th, the fourth is refused until 00:00 in Shanghai; from then on three more."""
    ledger, time = Ledger(book), Time(instant("2026-11-20 23:00:00"))
    paced = pacer(time, Pace(1000, 1, 3), Quota(ledger, "a"))
    assert spend(paced) == 3
    with pytest.raises(QuotaSpent, match=r"All 3 calls that 'a' may make on 2026-11-20 \(Asia/Shanghai\)") as refused:
        paced.take()
    assert refused.value.until == instant("2026-11-21 00:00:00")
    time.now = refused.value.until - 0.5
    assert spend(paced) == 0
    time.now = refused.value.until
    assert spend(paced) == 3
    assert [ledger.calls("a", day) for day in ("2026-11-20", "2026-11-21")] == [3, 3]


def test_another_zone_another_midnight(book: Book) -> None:
    """Los Angeles counts until its own midnight, on the night of the clock change too: 25 hours after the last one."""
    zone = "America/Los_Angeles"
    started = instant("2026-11-01 00:00:00", zone)
    time = Time(started)
    paced = pacer(time, Pace(1000, 1, 2, zone), Quota(Ledger(book), "a"))
    assert spend(paced) == 2
    with pytest.raises(QuotaSpent) as refused:
        paced.take()
    assert refused.value.until == started + 25 * 3600


def test_a_wait_past_midnight_counts_for_the_new_day(book: Book) -> None:
    """A call booked at 23:59:59.5 that goes out a second later is one of the new day, and the old day has it back."""
    ledger, time = Ledger(book), Time(instant("2026-11-20 23:59:59") + 0.5)
    paced = pacer(time, Pace(1, 1, 100), Quota(ledger, "a"))
    paced.take()
    paced.take()
    paced.close()
    assert [ledger.calls("a", day) for day in ("2026-11-20", "2026-11-21")] == [1, 1]


def test_quota_is_exact_over_two_pacers_on_one_file(book: Book) -> None:
    """Two pacers with a ledger each, four threads each: together exactly the day's 1,050, whoever sends them."""
    time = Time(instant("2026-11-20 10:00:00"))
    pacers = [pacer(time, Pace(1e9, 10**6, 1050), Quota(Ledger(book), "a")) for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(spend, pacers * 4))
    assert sum(counts) == 1050
    for paced in pacers:
        paced.close()
    assert Ledger(book).calls("a", "2026-11-20") == 1050


def test_unused_calls_go_back_when_a_pacer_closes(book: Book) -> None:
    """A block of 20 is booked at the first of 7 calls; after closing 7 are, and closing twice changes nothing."""
    ledger, time = Ledger(book), Time(instant("2026-11-20 10:00:00"))
    paced = pacer(time, Pace(1000, 1, 5000), Quota(ledger, "a"))
    took(paced, 7, time)
    assert ledger.calls("a", "2026-11-20") == 20
    paced.close()
    paced.close()
    assert ledger.calls("a", "2026-11-20") == 7
    took(paced, 1, time)
    paced.close()
    assert ledger.calls("a", "2026-11-20") == 8


def test_one_write_serves_twenty_calls(book: Book) -> None:
    """A hundred calls of a day of 5,000 touch the file five times; a day of 100 is booked in twos, so that a kill wastes little."""

    class Counted(Ledger):
        blocks: list[int] = []

        def reserve(self, account: str, day: str, n: int, limit: int) -> int:
            self.blocks.append(n)
            return super().reserve(account, day, n, limit)

    time = Time(instant("2026-11-20 10:00:00"))
    took(pacer(time, Pace(1e9, 10**6, 5000), Quota(Counted(book), "a")), 100, time)
    assert Counted.blocks == [20] * 5
    Counted.blocks.clear()
    took(pacer(time, Pace(1e9, 10**6, 100), Quota(Counted(book), "b")), 4, time)
    assert Counted.blocks == [2, 2]


def test_an_interrupted_wait_costs_no_call(book: Book) -> None:
    """When sleeping is broken off, the booked call goes back and the next one gets its turn."""
    ledger, time = Ledger(book), Time(instant("2026-11-20 10:00:00"))
    paced = pacer(time, Pace(1, 1, 100), Quota(ledger, "a"))
    paced.take()

    def stop() -> None:
        raise InterruptedError

    time.on_nap = stop
    with pytest.raises(InterruptedError):
        paced.take()
    paced.close()
    assert ledger.calls("a", "2026-11-20") == 1
    time.on_nap = None
    paced.take()
    paced.close()
    assert ledger.calls("a", "2026-11-20") == 2


def test_a_pace_that_cannot_be_kept_is_refused() -> None:
    """No calls a second, no burst, or a day without a quota to count it in."""
    for wrong in ({"per_second": 0}, {"per_second": float("nan")}, {"burst": 0}):
        with pytest.raises(ValueError, match="never sends"):
            Pace(**wrong)
    with pytest.raises(ValueError, match="quota"):
        pacer(Time(), Pace(per_day=5))
