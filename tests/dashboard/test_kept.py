"""Answers are made once per key, at most so many are kept, and an error is not an answer."""

from __future__ import annotations

import threading

import pytest

from dashboard.kept import Kept


def test_made_once_for_many_at_once() -> None:
    """Sixteen sessions that ask the same question at the same moment cost one answer."""
    kept, made, gate = Kept(4), [], threading.Event()

    def make() -> str:
        gate.wait(5)
        made.append(1)
        return "answer"

    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(kept.get("key", make))) for _ in range(16)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(5)
    assert got == ["answer"] * 16
    assert len(made) == 1


def test_bounded() -> None:
    """The answer used longest ago goes first."""
    kept = Kept(2)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda: 1)
    assert len(kept) == 2
    assert kept.get("a", lambda: 2) == 1
    assert kept.get("b", lambda: 2) == 2


def test_errors_are_not_kept() -> None:
    """After a failure the next one tries again."""
    kept = Kept(2)

    def fail() -> int:
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        kept.get("a", fail)
    assert kept.get("a", lambda: 3) == 3
