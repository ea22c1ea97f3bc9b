"""Named steps at which the fault suite kills the process; nothing happens unless the environment asks for it."""

from __future__ import annotations

import os
import signal

_seen: dict[str, int] = {}


def reach(step: str) -> None:
    """Pass a named step. With DAYBOOK_KILL_AT=`step:n` the process kills itself at the n-th pass."""
    wanted = os.environ.get("DAYBOOK_KILL_AT")
    if not wanted:
        return
    name, _, count = wanted.partition(":")
    if name == step:
        _seen[step] = _seen.get(step, 0) + 1
        if _seen[step] >= int(count or 1):
            os.kill(os.getpid(), signal.SIGKILL)
