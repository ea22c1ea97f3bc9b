"""Answers kept in memory under a key, at most so many; sessions that ask for the same at once wait for one answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any


class Kept:
    """The `entries` answers used last. What `make` raises is handed on and not kept."""

    def __init__(self, entries: int) -> None:
        self._entries = entries
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The answer under `key`, made once."""
        with self._lock:
            future = self._found.get(key)
            is_mine = future is None
            if future is None:
                future = self._found[key] = Future()
                while len(self._found) > self._entries:
                    self._found.popitem(last=False)
            else:
                self._found.move_to_end(key)
        if is_mine:
            try:
                future.set_result(make())
            except BaseException as error:
                with self._lock:
                    if self._found.get(key) is future:
                        del self._found[key]
                future.set_exception(error)
        return future.result()

    def __len__(self) -> int:
        return len(self._found)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._found.clear()
