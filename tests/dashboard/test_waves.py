"""A browser's first run goes out in waves; nothing else ever waits."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dashboard import waves


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was sent and how long was waited, in order, in a session of its own."""
    log: list[str] = []
    page = SimpleNamespace(
        session_state={}, html=lambda body: log.append(body),
        context=SimpleNamespace(url="http://localhost/", headers=SimpleNamespace(to_dict=lambda: {"Host": "localhost"})),
    )  # fmt: skip
    monkeypatch.setattr(waves, "st", page)
    monkeypatch.setattr(waves.time, "sleep", lambda seconds: log.append(f"wait {seconds}"))
    return log


def test_the_first_run_waits_once_and_later_runs_keep_the_element(done: list[str]) -> None:
    """The element ahead is in every run, else everything behind it would move up; the waits are not."""
    for _ in range(2):
        waves.ahead()
        waves.before_chart()
        waves.before_chart()
    assert done == ["<style></style>", "wait 0.1", "wait 0.15", "<style></style>"]


def test_a_page_that_is_read_as_a_whole_is_not_held_up(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """直播 has no cards that should be first; its element ahead is there all the same."""
    monkeypatch.setattr(waves.st.context, "url", "http://localhost/live")
    waves.ahead()
    assert done == ["<style></style>"]


def test_without_a_browser_nothing_waits(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """No headers, nobody who could draw meanwhile."""
    monkeypatch.setattr(waves.st.context.headers, "to_dict", dict)
    waves.ahead()
    waves.before_chart()
    assert done == ["<style></style>"]
