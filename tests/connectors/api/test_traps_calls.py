"""Traps of calling: tokens that rotate, throttles of every kind, quotas, and what is never tried again."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from connectors.api.accounts import WARN_DAYS
from connectors.api.endpoint import Answer
from connectors.api.ledger import FAILURES, OPEN_S, Ledger
from connectors.api.pacing import Pace
from connectors.api.settings import save_credentials
from connectors.api.tokens import Token, TokenStore, ends_in_days
from connectors.errors import AuthExpired, BadRequest, QuotaSpent, RateLimited
from tests.connectors.api.acme.acme import DAY_S, KEYS, NOW, Acme, Desk, acme, order, yes
from tests.connectors.api.acme.job import QUOTA
from tests.stub.server import Stub
from tests.stub.wire import Call, Refused, Reply
from warehouse.book import Book

ROOT = Path(__file__).resolve().parents[3]
NOTHING = yes(list=[], total=0)


class Served:
    """The made-up platform on a server: its pair rotates, its old refresh token dies at once; it counts what it is asked."""

    def __init__(self) -> None:
        self.good, self.refreshed, self.asked = "refresh-1", 0, 0
        self.both = threading.Event()

    def answer(self, call: Call) -> Reply:
        if call.path == "/refresh":
            if call.query["refresh_token"] != self.good:
                raise Refused("a refresh token that was used", Reply(200, {"code": 2}))
            self.refreshed += 1
            self.good = f"refresh-{self.refreshed + 1}"
            return Reply(200, {"code": 0, "access_token": "access-2", "expires_in": 7200, "refresh_token": self.good})
        self.asked += 1
        return Reply(200, {"code": 0, "list": [], "total": 0})


def two_processes(root: Path, what: str, ready: Callable[[Book], None]) -> Served:
    """Two processes at the same platform with one book, started together."""
    book, served = Book(root).ensure(), Served()
    save_credentials(book, "acme", KEYS)
    ready(book)
    with Stub() as stub:
        command = [sys.executable, "-m", "tests.connectors.api.acme.job", str(root), stub.mount("acme", served), what]
        jobs = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        ends = [(job.communicate(timeout=120)[1], job.returncode) for job in jobs]
        assert ends == [("", 0)] * 2
        assert stub.violations == []
    return served


def test_trap_17_two_processes_refresh_a_rotating_pair_once(tmp_path: Path) -> None:
    """Trap 17: both find the token at its end; one refreshes, the other takes its pair; a second refresh would be refused and end the login."""
    served = two_processes(tmp_path, "token", lambda book: TokenStore(book, "acme").save(Token("access-1", NOW + 1, "refresh-1"), NOW))
    assert (served.refreshed, served.asked) == (1, 2)
    kept = TokenStore(Book(tmp_path), "acme").load()
    assert kept is not None and (kept.access, kept.refresh) == ("access-2", "refresh-2")


def test_trap_17_a_person_is_warned_before_the_end() -> None:
    """Trap 17: with four days left of the refresh token the account says so; five are the border."""
    assert ends_in_days(Token("a", NOW + 60, "r", NOW + 4 * DAY_S), NOW) == 4 < WARN_DAYS


THROTTLES = {
    "429 that says when": (Answer(429, {"retry-after": "7"}, b'{"code": 3}'), 7.0, 7.0), "429 with a page": (Answer(429, {"retry-after": "7"}, b"<html>slow down</html>"), 7.0, 7.0),
    "429 without a word": (Answer(429, {}, b"{}"), 0.75, 1.25), "429 with a date": (Answer(429, {"retry-after": "Fri, 20 Nov 2026 02:00:09 GMT"}, b"{}"), 0.75, 1.25),
    "under HTTP 200": (Answer(200, {}, b'{"code": 3}'), 0.75, 1.25),
}  # fmt: skip


@pytest.mark.parametrize("kind", THROTTLES)
def test_trap_19_a_throttle_of_any_kind_is_waited_out(tmp_path: Path, kind: str) -> None:
    """Trap 19: two throttles, then the answer: what the platform says is waited for, else a second with jitter, then two; nothing is sent meanwhile."""
    throttle, least, most = THROTTLES[kind]
    desk = Desk(tmp_path, lambda asked: throttle if len(desk.asked) <= 2 else NOTHING, since="2026-11-20")
    desk.pulled("orders")
    first, second = (b - a for a, b in pairwise(desk.times))
    assert least <= first <= most
    assert (second == least) if least == most else 2 * least <= second <= 2 * most


@pytest.mark.parametrize("kind", THROTTLES)
def test_trap_19_the_pace_is_kept_whatever_happens(tmp_path: Path, kind: str) -> None:
    """Trap 19: two calls a second, one at once, four threads, every third call throttled: after t seconds no more than 1 + 2t have gone out."""
    connector = acme(pace=Pace(per_second=2.0), parallel=4)
    desk = Desk(tmp_path, lambda asked: THROTTLES[kind][0] if len(desk.asked) % 3 == 0 else NOTHING, connector, since="2026-11-10")
    desk.pulled("orders")
    assert len(desk.times) > 11
    assert all(at - NOW >= number * 0.5 - 1e-6 for number, at in enumerate(sorted(desk.times)))


def test_trap_19_trying_again_ends(tmp_path: Path) -> None:
    """Trap 19: a platform that throttles for ever is asked five times; what came before stays and the rest is the next run's: it resumes there."""
    stuck = True
    rows = [order("1", NOW - 2 * DAY_S)]

    def script(asked: dict[str, str]) -> Answer:
        found = [row for row in rows if int(asked["from"]) <= row["changed"] < int(asked["to"])]
        return Answer(429, {}, b"{}") if stuck and len(desk.asked) > 1 else yes(list=found, total=len(found))

    desk = Desk(tmp_path, script)
    (run,) = desk.sync("orders")
    assert isinstance(run.error, RateLimited) and len(run.packages) == 1
    (open_,) = desk.ledger.gaps("acme", "orders", desk.ledger.done("acme", "orders")[0].start, NOW)
    assert len([asked for asked in desk.asked if asked["from"] == str(open_.start)]) == Acme.attempts == 5
    stuck, desk.asked[:] = False, []
    desk.clock.value += 60
    desk.pulled("orders")
    assert int(desk.asked[0]["from"]) in (open_.start, open_.start - 3600)


@pytest.mark.parametrize("code, kind", [(1, BadRequest), (2, AuthExpired), (4, QuotaSpent)])
def test_trap_19_what_cannot_pass_is_asked_once(tmp_path: Path, code: int, kind: type[Exception]) -> None:
    """Trap 19: a bad parameter, a token without a refresh and a spent quota: one call, no retry."""
    desk = Desk(tmp_path, lambda asked: Answer(200, {}, b'{"code": %d}' % code), since="2026-11-20")
    (run,) = desk.sync("orders")
    assert type(run.error) is kind and len(desk.asked) == 1


def test_trap_19_a_long_block_is_left_for_the_next_run(tmp_path: Path) -> None:
    """Trap 19: an hour's silence is not slept through: one call, an error that says so."""
    desk = Desk(tmp_path, lambda asked: Answer(429, {"retry-after": "3600"}, b"{}"), since="2026-11-20")
    (run,) = desk.sync("orders")
    assert isinstance(run.error, RateLimited) and (len(desk.asked), desk.clock()) == (1, NOW)


def test_trap_19_after_failures_in_a_row_nobody_hammers(tmp_path: Path) -> None:
    """Trap 19: the fifth failed sync closes the account for a quarter of an hour; a success opens it."""
    desk = Desk(tmp_path, lambda asked: Answer(200, {}, b'{"code": 1}'), since="2026-11-20")
    for _ in range(FAILURES):
        assert desk.ledger.blocked_until("acme", NOW) is None
        desk.sync("orders")
    assert desk.ledger.blocked_until("acme", NOW) == NOW + OPEN_S
    desk.script = lambda asked: NOTHING
    desk.sync("orders")
    assert desk.ledger.blocked_until("acme", NOW) is None


def test_trap_19_two_processes_never_exceed_the_day(tmp_path: Path) -> None:
    """Trap 19: each of two processes would make 120 calls; the day has 60: exactly those are made."""
    served = two_processes(tmp_path, "quota", lambda book: Ledger(book).close())
    assert served.asked == QUOTA


def test_trap_19_a_spent_day_stops_every_endpoint_and_goes_on_tomorrow(tmp_path: Path) -> None:
    """Trap 19: two calls a day: the third endpoint's is not made, nor any other that day; after midnight of the platform's zone the rest is asked for."""
    desk = Desk(tmp_path, lambda asked: NOTHING, acme(pace=Pace(1000.0, 1000, per_day=2)), since="2026-11-20")
    assert [type(run.error).__name__ for run in desk.sync()] == ["NoneType", "NoneType", "QuotaSpent"]
    assert [type(run.error).__name__ for run in desk.sync()] == ["QuotaSpent"]
    desk.clock.value += 14 * 3600  # midnight in Shanghai
    assert [asked["path"] for asked in desk.asked] == ["/orders", "/refunds"]
    assert [run.error for run in desk.sync("ads")] == [None]
