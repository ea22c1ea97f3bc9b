"""When the next call may go out: so many a second, so many a day, and silence after a throttle."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from connectors.api.ledger import Ledger
from connectors.api.windows import local, midnight
from connectors.errors import QuotaSpent

BLOCK = 20  # calls booked at once


@dataclass(frozen=True)
class Pace:
    """What a platform allows. `zone`: whose midnight starts a new quota day. Raises ValueError for a pace that never sends."""

    per_second: float = 5.0
    burst: int = 1
    per_day: int | None = None
    zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        if not (self.per_second > 0 and self.burst >= 1):
            raise ValueError(f"A pace of {self.per_second} calls a second, {self.burst} at once, never sends. State at least one of each.")


class Quota:
    """An account's calls of the day, booked in blocks so that one write serves many.

    A block is at most a fiftieth of the day: a killed process leaves so much unused, never too much used.
    """

    def __init__(self, ledger: Ledger, account: str, block: int = BLOCK) -> None:
        self._ledger, self.account, self._block = ledger, account, block
        self._lock = threading.Lock()
        self._day, self._left = "", 0

    def take(self, day: str, limit: int) -> bool:
        """One call of the day, False when all of `limit` are booked."""
        with self._lock:
            if day != self._day:
                self._give_back()
                self._day = day
            if not self._left:
                self._left = self._ledger.reserve(self.account, day, max(1, min(self._block, limit // 50)), limit)
            if not self._left:
                return False
            self._left -= 1
            return True

    def put_back(self, day: str) -> None:
        """A call that was taken and not made."""
        with self._lock:
            if day == self._day:
                self._left += 1
            else:
                self._ledger.give_back(self.account, day, 1)

    def close(self) -> None:
        """Give back what is booked and unused; the next `take` books anew."""
        with self._lock:
            self._give_back()

    def _give_back(self) -> None:
        if self._left:
            left, self._left = self._left, 0
            self._ledger.give_back(self.account, self._day, left)


class Pacer:
    """One per connector and account, shared by its threads: in any t seconds at most `burst + per_second * t` calls.

    `clock` gives wall seconds; a clock that is set back makes nobody wait longer. What `sleep` raises ends the waiting.
    """

    def __init__(self, pace: Pace, *, clock: Callable[[], float], sleep: Callable[[float], None], quota: Quota | None = None) -> None:
        """Raises ValueError when the pace counts days and no quota is given to count them in."""
        if pace.per_day is not None and quota is None:
            raise ValueError(f"{pace.per_day} calls a day can only be kept with a quota. Give Pacer(quota=Quota(ledger, account)).")
        self._pace, self._clock, self._sleep, self._quota = pace, clock, sleep, quota
        self._turn = threading.Lock()  # held while waiting: one thread sleeps, the others queue behind it
        self._times = threading.Lock()
        self._seen = self._due = self._quiet = -math.inf
        self._booked = ""  # day of the call that the thread with the turn has booked

    def take(self) -> None:
        """Wait for the right to send one request; every attempt takes one. Raises QuotaSpent until the zone's next midnight."""
        with self._turn:
            try:
                self._book()
                while (wait := self._claim()) > 0:
                    self._sleep(wait)
                    self._book()
            except BaseException:
                self._unbook()
                raise
            self._booked = ""

    def pause(self, seconds: float) -> None:
        """Nobody sends for so long, those who wait already included."""
        with self._times:
            self._quiet = max(self._quiet, self._now() + seconds)

    def close(self) -> None:
        """Give unused booked calls back to the day."""
        if self._quota is not None:
            self._quota.close()

    def _claim(self) -> float:
        """0: the call may go out now and is counted; else the seconds to wait."""
        gap = 1 / self._pace.per_second
        with self._times:
            now = self._now()
            wait = max(self._due - (self._pace.burst - 1) * gap, self._quiet) - now
            if wait <= 0:
                self._due = max(self._due, now) + gap
            return max(wait, 0.0)

    def _now(self) -> float:
        now = self._clock()
        if now < self._seen:  # set back: what was to be waited for is still as far away
            self._due -= self._seen - now
            self._quiet -= self._seen - now
        self._seen = now
        return now

    def _book(self) -> None:
        """Have a call of today booked; one of yesterday, when waiting went past midnight, is given back."""
        if self._quota is None or self._pace.per_day is None:
            return
        today = local(int(self._clock()), self._pace.zone).date()
        if self._booked == today.isoformat():
            return
        self._unbook()
        if not self._quota.take(today.isoformat(), self._pace.per_day):
            until = midnight(today + timedelta(days=1), self._pace.zone)
            raise QuotaSpent(
                f"All {self._pace.per_day} calls that '{self._quota.account}' may make on {today} ({self._pace.zone}) are used up. "
                "What came is kept; the rest is asked for after midnight there.",
                float(until),
            )
        self._booked = today.isoformat()

    def _unbook(self) -> None:
        if self._quota is not None and self._booked:
            day, self._booked = self._booked, ""
            self._quota.put_back(day)
