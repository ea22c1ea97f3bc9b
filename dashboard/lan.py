"""The local network: which addresses this computer has in it, and a listener on one of them."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address

import uvicorn
from starlette.types import ASGIApp

_SIOCGIFADDR = 0x8915  # Linux: the IPv4 address of an interface
_ASKED = ("192.168.255.255", "10.255.255.255", "172.31.255.255", "192.0.2.1")  # routed to, never sent to
_CROWD = 200  # connections at once; a phone holds up to seven
_LARGEST = 4 << 20  # bytes in one WebSocket message


def addresses() -> list[str]:
    """IPv4 addresses of this computer in private networks, the likeliest first."""
    found = dict.fromkeys([*_by_route(), *_by_interface(), *_by_name()])
    return [address for address in found if is_local(address)]


def is_local(address: str) -> bool:
    """Is this an address of a home's or an office's own network?"""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return ip.version == 4 and ip.is_private and not (ip.is_loopback or ip.is_link_local or ip.is_unspecified)


def _by_route() -> Iterator[str]:
    """The address from which the system would reach each private network; nothing is sent."""
    for there in _ASKED:
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((there, 9))
            yield str(probe.getsockname()[0])


def _by_interface() -> Iterator[str]:
    """Linux tells each interface's own address."""
    try:
        import fcntl

        names = [name for _, name in socket.if_nameindex()]
    except (ImportError, OSError):
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for name in names:
            with suppress(OSError):
                answer = fcntl.ioctl(probe.fileno(), _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                yield socket.inet_ntoa(answer[20:24])


def _by_name() -> Iterator[str]:
    """What the computer's own name stands for; on Windows every interface."""
    with suppress(OSError):
        yield from socket.gethostbyname_ex(socket.gethostname())[2]


class _Guest(uvicorn.Server):
    """A server beside the process's own: signals stay with that one."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Listener:
    """Serves an application on one address until closed; open and close on the loop that serves the rest."""

    def __init__(self, app: ASGIApp, listening: socket.socket) -> None:
        self.port = int(listening.getsockname()[1])
        settings = uvicorn.Config(
            app, lifespan="off", proxy_headers=False, server_header=False, access_log=False, log_config=None, ws="websockets-sansio",
            ws_max_size=_LARGEST, limit_concurrency=_CROWD, timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = _Guest(settings)
        self._task = asyncio.get_running_loop().create_task(self._server.serve(sockets=[listening]))

    @classmethod
    async def open(cls, app: ASGIApp, address: str, port: int) -> Listener:
        """Listen on the address, on this port or, where it is taken, a free one. Raises OSError."""
        listener = cls(app, _listening(address, port))
        while not listener._server.started and not listener._task.done():
            await asyncio.sleep(0.01)
        return listener

    async def close(self) -> None:
        """No new connection; what is still open is cut off after a second."""
        self._server.should_exit = True
        await self._task


def _listening(address: str, port: int) -> socket.socket:
    for attempt in (port, 0):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name != "nt":  # connections of the listener before may still be dying; Windows means something else by it
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((address, attempt))
            listening.listen(128)
            listening.setblocking(False)
            return listening
        except OSError:
            listening.close()
            if attempt == 0:
                raise
    raise AssertionError("unreachable")
