"""The stub: one loopback HTTP server, a platform behind each first path segment, every call written down."""

from __future__ import annotations

import json
import socket
import socketserver
import subprocess
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qsl

from tests.stub.faults import Fault, Faults
from tests.stub.wire import Call, Read, Reader, Refused, Reply, Sent, plain, send

__all__ = ["Call", "Logged", "Platform", "Refused", "Reply", "Served", "Stub", "serve_in_process"]

ROOT = Path(__file__).resolve().parents[2]


class Platform(Protocol):
    """What plays a platform. `answer` runs under one lock per platform and raises Refused for what breaks the contract.

    It may have besides: `endpoint(call) -> str` (a name where all share one path), `same`, `spared` (see Faults),
    `throttled()`, `expired()`, `server_error()` -> Reply, `short_page(reply)`, `doubled(reply)` -> Reply, None when the
    reply has no rows; `tick()`, called after every answer.
    """

    def answer(self, call: Call) -> Reply: ...


class Logged(NamedTuple):
    """One request. `at`: monotonic seconds of its arrival; `fault`: the kind it met, "" for none; `lost`: though acted upon."""

    platform: str
    path: str
    at: float
    fault: str
    endpoint: str
    lost: bool = False


class _Connections(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128
    stub: Stub


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        stub, line = self.server.stub, self.request  # type: ignore[attr-defined]
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stub.lines.add(line)
        try:
            self._serve(stub, line)
        except OSError:
            return  # the other side went away
        finally:
            stub.lines.discard(line)

    def _serve(self, stub: Stub, line: socket.socket) -> None:
        reader = Reader(line)
        while True:
            try:
                read = reader.next()
            except ValueError as error:
                stub.violated(str(error))
                send(line, Sent(plain(Reply(400, {"error": str(error)})).pieces, then="close"))
                return
            if read is None or not send(line, stub.respond(read)):
                return
            if read.headers.get("connection", "").lower() == "close":
                return


class Stub:
    """The server, from entering the block to leaving it.

    latency_s  each request waits so long; requests beside each other wait at the same time
    faults     what goes wrong; may be set or replaced at any time
    """

    def __init__(self, *, latency_s: float = 0.0, faults: Faults | None = None) -> None:
        self.latency_s, self.faults = latency_s, faults
        self.url = ""
        self.violations: list[str] = []
        self.lines: set[socket.socket] = set()
        self.most_at_once: Counter[str] = Counter()
        self._platforms: dict[str, tuple[Platform, threading.Lock]] = {}
        self._calls: list[Logged] = []
        self._now: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __enter__(self) -> Stub:
        self._server = _Connections(("127.0.0.1", 0), _Connection)
        self._server.stub = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        for line in list(self.lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def mount(self, name: str, platform: Platform) -> str:
        """Put a platform behind /name; gives its address."""
        self._platforms[name] = (platform, threading.Lock())
        return self.base(name)

    def base(self, name: str) -> str:
        return f"{self.url}/{name}"

    @property
    def calls(self) -> list[Logged]:
        """Every request answered so far, in order of arrival."""
        with self._lock:
            return sorted(self._calls, key=lambda call: call.at)

    def most_within(self, seconds: float, platform: str, endpoint: str | None = None) -> int:
        """The most calls that arrived in any stretch of so many seconds."""
        times = [call.at for call in self.calls if call.platform == platform and endpoint in (None, call.endpoint)]
        most = first = 0
        for last, at in enumerate(times):
            while at - times[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    def violated(self, reason: str) -> None:
        with self._lock:
            self.violations.append(reason)

    def respond(self, read: Read) -> Sent:
        """What is sent for one request; the request is in the log before any of it is."""
        at = time.monotonic()
        target, _, raw_query = read.target.partition("?")
        name, _, rest = target.lstrip("/").partition("/")
        if name not in self._platforms:
            self.violated(f"{read.method} {target}: no platform is mounted at '{name}'")
            return plain(Reply(404, {"error": "no such platform"}))
        query = dict(parse_qsl(raw_query, keep_blank_values=True))
        call = Call(read.method, f"/{rest}", query, raw_query, read.headers, read.body, self.base(name))
        with self._lock:
            self._now[name] += 1
            self.most_at_once[name] = max(self.most_at_once[name], self._now[name])
        try:
            if self.latency_s:
                time.sleep(self.latency_s)
            return self._played(name, call, at)
        finally:
            with self._lock:
                self._now[name] -= 1

    def _played(self, name: str, call: Call, at: float) -> Sent:
        platform, lock = self._platforms[name]
        faults, fault, met, endpoint = self.faults, None, "", call.path
        try:
            with lock:
                named = getattr(platform, "endpoint", None)
                endpoint = str(named(call)) if named else call.path
                fault = faults.pick(name, endpoint, call, platform) if faults else None
                sent, met = self._asked(name, platform, call, fault)
                if faults:
                    faults.settle(name, endpoint, call, platform, met)
        except Refused as refused:  # while it was told which endpoint this is
            self.violated(f"{name}: {refused.reason}")
            sent = plain(refused.reply)
        except Exception:  # a mistake in a platform must not pass for a bad line
            self.violated(f"{name}: the stub itself failed on {call.method} {call.path}\n{traceback.format_exc()}")
            sent = plain(Reply(500, "stub failed"))
        with self._lock:
            self._calls.append(Logged(name, call.path, at, met, endpoint, bool(met and fault and fault.after)))
        return sent

    def _asked(self, name: str, platform: Platform, call: Call, fault: Fault | None) -> tuple[Sent, str]:
        if fault and not fault.after:
            sent = fault.instead(platform)
            if sent is not None:
                return sent, fault.kind
        try:
            reply = platform.answer(call)
        except Refused as refused:
            self.violated(f"{name}: {refused.reason}")
            return plain(refused.reply), ""
        if tick := getattr(platform, "tick", None):
            tick()
        spoilt = fault.spoilt(platform, reply) if fault and fault.after else None
        return (spoilt, fault.kind) if fault and spoilt is not None else (plain(reply), "")


@dataclass
class Served:
    """A stub in a process of its own. What it saw is there once the block is left."""

    url: str
    violations: list[str] = field(default_factory=list)
    calls: list[Logged] = field(default_factory=list)
    most_at_once: dict[str, int] = field(default_factory=dict)


@contextmanager
def serve_in_process(factory: str, *, latency_s: float = 0.0, **given: Any) -> Iterator[Served]:
    """The same server in a child process, so that its work does not share the interpreter with the code under test.

    factory: "module:function", called there as function(stub, **given) to mount platforms; `given` must be JSON.
    The child ends with the block, or with this process.
    """
    command = [sys.executable, "-m", "tests.stub", factory, str(latency_s), json.dumps(given)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        out = child.stdout
        if out is None:
            raise RuntimeError("The stub's process has no output to read its address from.")
        try:
            url = out.readline().strip()
            if not url.startswith("http://"):
                raise RuntimeError(f"The stub '{factory}' did not start; its error is above.")
            served = Served(url)
            yield served
            seen = json.loads(child.communicate(timeout=15)[0])
            served.violations, served.most_at_once = seen["violations"], seen["most_at_once"]
            served.calls = [Logged(*call) for call in seen["calls"]]
        finally:
            child.kill()
