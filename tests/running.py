"""Start the real server for a test and see what processes it leaves behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[1]
T = TypeVar("T")


class Server:
    """`python app.py` on a free port with a book of its own; ended, worker and all, when the block is left."""

    def __init__(self, data: Path, log: Path, command: tuple[str, ...] = ("app.py",), **env: str) -> None:
        self.data, self.log = data, log
        self.command = [sys.executable, *command]
        if command == ("app.py",):
            self.command += ["--data", str(data), "--port", "0"]
        self.env = {**os.environ, "DAYBOOK_DATA": str(data), "PYTHONUNBUFFERED": "1", **env}
        self.url = ""

    def __enter__(self) -> Server:
        self._out = self.log.open("wb")
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.env, stdout=self._out, stderr=subprocess.STDOUT)
        self.url = wait_for(self._announced, 60, f"the server's address in {self.log}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        worker = None
        with suppress(OSError):
            worker = self.health().get("worker_pid") if self.process.poll() is None else None
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._out.close()
        if worker is not None:
            wait_for(lambda: not alive(worker), 15, "the worker to end with the server")

    def _announced(self) -> str | None:
        text = self.log.read_text(encoding="utf-8", errors="replace")
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode}:\n{text}")
        found = re.search(r"(?:运营日报|URL:)\s+(http://\S+)", text)
        return found.group(1) if found else None

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and body of a request; a refusal is an answer too."""
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def health(self) -> dict[str, Any]:
        return dict(json.loads(self.get("/healthz")[1]))

    def wait_for_worker(self, but: int | None = None) -> int:
        """Process id of a worker that is up and has spoken; `but`: not this one."""

        def ready() -> int | None:
            state = self.health()
            pid = state["worker_pid"]
            return int(pid) if state["worker"] == "up" and not state["worker_late"] and pid != but else None

        return wait_for(ready, 60, "the worker")


def wait_for(look: Callable[[], T | None], seconds: float, what: str) -> T:
    """The first true value of `look`; fails naming what was waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = look()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")


def alive(pid: int) -> bool:
    """Does this process still run? (A zombie does not.)"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return not Path("/proc").is_dir()


def named_steps(paths: Iterable[Path]) -> list[str]:
    """Every step that these files name, so that a new one is killed from the day it exists."""
    return sorted({step for path in paths for step in re.findall(r'\breach\("([\w.]+)"\)', path.read_text(encoding="utf-8"))})


def mentioning(text: str) -> list[int]:
    """Processes whose command line or environment names `text`, this one aside: what a test left behind."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if text.encode() in words and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
