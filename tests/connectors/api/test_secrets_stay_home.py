"""Canaries in every credential, platforms that send back all they were told: not one shows anywhere."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from connectors.api import accounts as doors
from connectors.api.ledger import Ledger
from connectors.catalog import CONNECTORS
from connectors.commands.accounts import rows_of
from tests.connectors.api.book import Bench, bench, moments_of
from tests.stub.wire import Call, Reply
from tests.stub.world import World


class Echo:
    """Answers with everything it was sent, under a status, as JSON that is no success or as a page."""

    def __init__(self, status: int, is_page: bool) -> None:
        self.status, self.is_page = status, is_page

    def answer(self, call: Call) -> Reply:
        heard = f"{call.raw_query} {json.dumps(call.query)} {json.dumps(call.headers)} {call.body.decode(errors='replace')}"
        if self.is_page:
            return Reply(self.status, f"<html>{heard}</html>")
        said: dict[str, Any] = dict.fromkeys(("message", "msg", "sub_msg", "error_msg", "errmsg", "zh_desc", "error", "error_description"), heard)
        return Reply(self.status, {"code": 12345, "errcode": 12345, "result": 99, **said, "errors": [{"message": heard}]})


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=3, days=2, orders_per_day=9)


@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_no_secret_in_what_errors_leave_behind(name: str, world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Logs, errors, ledger, packages, warehouse, published files and the status lines hold no credential, whatever the platform repeats."""
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    with bench(name, world, moments_of(world)[2]) as at:
        canaries = {value for key, value in at.setup.secrets.items() if "secret" in key or "token" in key or "key" in key}
        if at.setup.token:
            canaries |= {at.setup.token.access, at.setup.token.refresh} - {""}
        assert canaries and all(len(canary) >= 6 for canary in canaries)
        played = at.setup.platform
        for status, is_page in ((200, False), (400, False), (401, False), (403, True), (429, False), (500, True), (200, True)):
            at.stub.mount(name, Echo(status, is_page))
            said += errors_of(at)
        at.stub.mount(name, played)
        at.sync()
        at.commit(publishes=True)
        canaries |= {token for token in getattr(played, "tokens", {}) if token} | {token for token in getattr(played, "refreshes", {}) if token}
        said += [json.dumps(rows_of(at.book), ensure_ascii=False), caplog.text]
        found = [(where, canary) for canary in canaries for where in places(at.book.root, said, canary)]
        assert found == []


def errors_of(at: Bench) -> list[str]:
    """What a sync and a ping say, whole chain of causes."""
    said = []
    for run in at.sync():
        error: BaseException | None = run.error
        while error is not None:
            said += [str(error), repr(error), repr(error.args)]
            error = error.__cause__ or error.__context__
    try:
        doors.ping(at.book, at.account, at.around)
    except Exception as error:
        said += [str(error), repr(error), repr(error.__cause__), repr(error.__context__)]
    said.append(repr(Ledger(at.book).state(at.account.name)))
    at.clock.value += 30_000  # past an open circuit
    return said


def places(root: Path, said: list[str], canary: str) -> list[str]:
    """Where the canary is found: texts, and files outside data/keys."""
    found = [f"text {number}" for number, text in enumerate(said) if canary in text]
    for path in root.rglob("*"):
        if path.is_file() and "keys" not in path.relative_to(root).parts and canary.encode() in path.read_bytes():
            found.append(str(path.relative_to(root)))
    return found
