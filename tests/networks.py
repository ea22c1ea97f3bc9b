"""Two computers in one: network namespaces joined by a cable, for tests of who may connect from where."""

from __future__ import annotations

import ctypes
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DESK, PHONE = "10.213.77.1", "10.213.77.2"
CLONE_NEWNET = 0x40000000


def why_not() -> str:
    """Why this machine cannot have network namespaces; '' when it can."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "network namespaces need Linux and root"
    if shutil.which("ip") is None:
        return "network namespaces need `ip`. On Debian: apt-get install iproute2"
    name = f"try{os.getpid()}"
    tried = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if tried.returncode:
        return f"this machine makes no network namespaces: {tried.stderr.strip()}"
    _ip("netns", "del", name)
    return ""


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Net:
    """A desk (10.213.77.1) and a phone (10.213.77.2) with a cable between them, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk, self.phone = f"desk{os.getpid()}", f"phone{os.getpid()}"

    def __enter__(self) -> Net:
        for name in (self.desk, self.phone):
            _ip("netns", "add", name)
            _ip("-n", name, "link", "set", "lo", "up")
        _ip("-n", self.desk, "link", "add", "lan0", "type", "veth", "peer", "name", "lan0", "netns", self.phone)
        for name, address in ((self.desk, DESK), (self.phone, PHONE)):
            _ip("-n", name, "addr", "add", f"{address}/24", "dev", "lan0")
            _ip("-n", name, "link", "set", "lan0", "up")
        return self

    def __exit__(self, *_: object) -> None:
        for name in (self.desk, self.phone):
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)

    def command(self, name: str, *words: str) -> list[str]:
        """The same command, run inside a namespace."""
        return ["ip", "netns", "exec", name, *words]

    def program(self, name: str, path: str) -> str:
        """A program that starts another one inside a namespace: for whoever takes a path only, as a browser's driver does."""
        script = self.folder / f"{Path(path).name}-{name}"
        script.write_text(f'#!/bin/sh\nexec ip netns exec {name} "{path}" "$@"\n')
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        return str(script)

    @contextmanager
    def inside(self, name: str) -> Iterator[None]:
        """Sockets that this thread opens belong to the namespace; those already open stay where they are."""
        libc = ctypes.CDLL(None, use_errno=True)
        with Path("/proc/thread-self/ns/net").open() as home, Path(f"/run/netns/{name}").open() as there:
            assert libc.setns(there.fileno(), CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
            try:
                yield
            finally:
                assert libc.setns(home.fileno(), CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
