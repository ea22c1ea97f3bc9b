"""手机查看: whether phones of the local network may look on, with which passcode and until when.

Off by default and after every start. While it is on, a second listener on one address of the local network serves what
phone_door.py lets through; when it ends, by the clock or by hand, open pages are cut off and the listener is closed.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from starlette.types import ASGIApp

from dashboard import lan
from dashboard.access import only_here
from warehouse.errors import ConfigError, OpsError

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else
LETTERS = 8  # 31^8 codes: at five tries a quarter of an hour none is ever guessed
HOURS = (1, 4, 12)
TRIES, LOCK_S = 5, 15 * 60
MOST = 4096  # addresses remembered; when more than that try, strangers wait
LOOK_S = 0.5  # how often the clock is looked at: it goes on while a laptop sleeps, a timer does not
PATIENCE_S = 10.0
T = TypeVar("T")


class SwitchError(OpsError):
    """手机查看 could not be switched on or off; the message says what to do."""


@dataclass(frozen=True, eq=False)
class Pass:
    """One switching on: `until` in seconds since 1970; `over` is set when it has ended."""

    code: str = field(repr=False)
    address: str
    port: int
    until: float
    id: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    over: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def host(self) -> str:
        """What the Host of a request has to say."""
        return self.address if self.port == 80 else f"{self.address}:{self.port}"

    @property
    def link(self) -> str:
        """The address in the QR code; what follows # never travels to the server, so no log can hold it."""
        return f"http://{self.host}/phone#{self.code}"

    def fits(self, typed: str) -> bool:
        """Is this the code? Spaces, dashes and lower case do not matter; takes equally long either way."""
        return secrets.compare_digest(plain(typed).encode(), self.code.encode())


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))


def plain(code: str) -> str:
    """A code as typed, without what people put in between."""
    return "".join(char for char in code.upper() if char.isalnum())


class Tries:
    """Wrong codes by address: five lock the address for a quarter of an hour, the right code then too."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._wrong: dict[str, tuple[int, float]] = {}  # how many, and when the last one was

    def locked_s(self, address: str) -> float:
        """Seconds until the address may try again; 0 when it may."""
        count, last = self._wrong.get(address, (0, 0.0))
        if count >= TRIES:
            return max(0.0, last + LOCK_S - self.clock())
        return float(LOCK_S) if not count and self._is_full() else 0.0

    def wrong(self, address: str) -> None:
        count, last = self._wrong.get(address, (0, 0.0))
        now = self.clock()
        self._wrong[address] = (1 if now - last >= LOCK_S else count + 1, now)

    def right(self, address: str) -> None:
        self._wrong.pop(address, None)

    def _is_full(self) -> bool:
        if len(self._wrong) >= MOST:
            now = self.clock()
            self._wrong = {each: seen for each, seen in self._wrong.items() if now - seen[1] < LOCK_S}
        return len(self._wrong) >= MOST


class Switch:
    """One per server: pages turn it from their threads, the server's loop keeps the listener."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.tries = Tries(clock)
        self._door: ASGIApp | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._port: Callable[[], int] = lambda: 0
        self._current: Pass | None = None
        self._listener: lan.Listener | None = None
        self._watch: asyncio.Task[None] | None = None
        self._turning = asyncio.Lock()

    def attach(self, door: ASGIApp, port: Callable[[], int]) -> None:
        """What the listener serves, on the running loop; `port`: the server's own, which is tried first."""
        self._door, self._port, self._loop = door, port, asyncio.get_running_loop()

    def standing(self) -> Pass | None:
        """The pass that counts now; None while it is off and once its time is over."""
        current = self._current
        return current if current is not None and self.clock() < current.until else None

    @only_here
    def turn_on(self, address: str, hours: float) -> Pass:
        """A new code on this address; one before it ends. Raises ConfigError for an address that is none, SwitchError."""
        known = lan.addresses()
        if address not in known:
            raise ConfigError(f"'{address}' is no address of this computer in a local network. Found: {', '.join(known) or 'none'}.")
        return self._do(self.open(address, hours * 3600))

    @only_here
    def turn_off(self) -> None:
        """End the code and every page opened with it, and close the listener."""
        self._do(self.close())

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        if self._loop is None:
            work.close()
            raise SwitchError("Phones are served by the server: start Daybook with python app.py.")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S)

    async def open(self, address: str, seconds: float) -> Pass:
        """On the loop: end what was, listen, watch the clock."""
        async with self._turning:
            await self._end()
            if self._door is None:
                raise SwitchError("Phones are served by the server: start Daybook with python app.py.")
            try:
                self._listener = await lan.Listener.open(self._door, address, self._port())
            except OSError as error:
                raise SwitchError(f"{address} cannot be listened on ({error}). Check the network, then switch on again.") from error
            self._current = Pass(new_code(), address, self._listener.port, self.clock() + seconds)
            self._watch = asyncio.get_running_loop().create_task(self._until_over(self._current))
            return self._current

    async def close(self) -> None:
        """On the loop: off, at once."""
        async with self._turning:
            await self._end()

    async def _until_over(self, watched: Pass) -> None:
        while self.clock() < watched.until:
            await asyncio.sleep(LOOK_S)
        async with self._turning:
            if self._current is watched:
                self._watch = None  # this very task, which must not wait for itself
                await self._end()

    async def _end(self) -> None:
        ended, listener, watch = self._current, self._listener, self._watch
        self._current = self._listener = self._watch = None
        if ended is not None:
            ended.over.set()
        if watch is not None:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
        if listener is not None:
            await asyncio.sleep(0)  # open pages hear of the end before their connection goes
            await listener.close()


SWITCH = Switch()
