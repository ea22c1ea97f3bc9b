"""init, login, ping, sync and status on the command line, against a played platform."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from connectors.__main__ import main
from connectors.api import accounts as doors
from connectors.api.ledger import Ledger
from connectors.api.schedule import Schedule
from tests.connectors.api.book import Clock
from tests.stub.platforms.doudian import KEY, SECRET, Doudian
from tests.stub.server import Stub
from tests.stub.world import World, midnight
from warehouse.book import Book

FIRST = date(2026, 11, 20)
NOW = midnight(FIRST + timedelta(days=9), "Asia/Shanghai") + 9 * 3600


class Shop:
    def __init__(self, book: Book, platform: Doudian, clock: Clock, stub: Stub) -> None:
        self.book, self.platform, self.clock, self.stub = book, platform, clock, stub

    def run(self, *words: str) -> int:
        return main([*words, "--data", str(self.book.root)])


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A shop of two days whose last change lies behind every look back, an empty book, and answers typed for `init`."""
    world, clock = World(seed=2, first_day=FIRST, days=2, orders_per_day=9), Clock(NOW)
    assert max(order.updated_at for order in world.orders) < NOW - 4 * 3600
    monkeypatch.setattr(doors, "Surroundings", lambda: around_of(clock))
    monkeypatch.setattr("connectors.commands.accounts.time", SimpleNamespace(time=clock))
    with Stub() as stub:
        platform = Doudian(world, clock)
        url = stub.mount("doudian", platform)
        made = Shop(Book(tmp_path / "book").ensure(), platform, clock, stub)
        answers = ["dd", "myshop", "4000001", "", "", FIRST.isoformat(), KEY, SECRET]
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
        assert made.run("init", "--connector", "doudian") == 0
        text = made.book.config.read_text(encoding="utf-8")
        made.book.config.write_text(text.replace('shop = "myshop"', f'shop = "myshop"\nbase_url = "{url}"'), encoding="utf-8")
        yield made


def login(shop: Shop, monkeypatch: pytest.MonkeyPatch, answer: str = "good-code") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer + "\n"))
    return shop.run("login", "dd")


def test_init_writes_settings_and_keeps_secrets_apart(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """The account stands in daybook.toml, its secrets only in data/keys, and neither command repeats them."""
    (entry,) = doors.accounts(shop.book)
    assert (entry.name, entry.connector, entry.shop, entry.id, entry.since) == ("dd", "doudian", "myshop", "4000001", FIRST.isoformat())
    assert SECRET not in shop.book.config.read_text(encoding="utf-8")
    assert SECRET in (shop.book.keys / "secrets.toml").read_text(encoding="utf-8")
    shop.run("status")
    assert SECRET not in capsys.readouterr().out


def test_login_ping_sync_status(shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The four commands lead from a pasted code to published figures; the second sync brings nothing new."""
    assert login(shop, monkeypatch) == 0
    assert "https://fuwu.jinritemai.com/authorize?service_id=" in capsys.readouterr().out
    assert shop.run("ping", "dd", "--format", "json") == 0
    (said,) = json.loads(capsys.readouterr().out)
    assert (said["who"], said["account_id"], said["zone"], said["currency"]) == ("示例旗舰店", "4000001", "Asia/Shanghai", "CNY")
    assert shop.run("sync", "--format", "json") == 0
    rows = {row["endpoint"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["orders"]["rows"] == 18 and rows["orders"]["windows"] == "10/10"
    assert shop.run("sync", "dd", "--format", "json") == 0
    assert all(row["rows"] == 0 for row in json.loads(capsys.readouterr().out) if row["endpoint"] != "items")
    assert shop.run("status") == 0
    assert "account dd" in (text := capsys.readouterr().out) and "ok; last ok" in text
    assert shop.stub.violations == []


def test_sync_without_a_login_says_what_to_do(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """No token: exit 1, nothing stored, and the command that helps."""
    assert shop.run("sync") == 1
    assert "python -m connectors login dd" in capsys.readouterr().err
    assert not list(shop.book.packages.glob("*/*"))


def test_an_answer_of_another_login_is_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An address with a foreign state never becomes a token."""
    assert login(shop, monkeypatch, "https://x.invalid/cb?code=good-code&state=foreign") == 1
    assert "another login" in capsys.readouterr().err
    assert not (shop.book.keys / "tokens" / "dd.json").exists()


def test_an_unknown_account_names_the_known_ones(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """A typing error is answered with the valid names."""
    assert shop.run("ping", "ddd") == 1
    assert "dd" in capsys.readouterr().err


def test_the_schedule_runs_what_is_due_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """At first everything; a minute later nothing; an hour later orders and refunds, the products not; asked for on a page at once."""
    login(shop, monkeypatch)
    clock = shop.clock
    schedule = Schedule(shop.book, around_of(clock))
    assert schedule.turn() == 1
    first = len(shop.stub.calls)
    clock.value += 60
    assert schedule.turn() == 0
    clock.value += 3600
    assert schedule.turn() == 1
    paths = {call.path for call in shop.stub.calls[first:]}
    assert paths == {"/order/searchList", "/afterSale/List"}
    with closing(Ledger(shop.book)) as ledger:
        ledger.request("dd", int(clock()))
    assert schedule.turn() == 1


def test_a_failing_account_is_left_alone_for_a_while(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """After five failures in a row nothing is asked for a quarter of an hour, then once again."""
    login(shop, monkeypatch)
    clock = shop.clock
    schedule = Schedule(shop.book, around_of(clock))
    shop.platform.answer = lambda call: shop.platform.server_error()  # type: ignore[method-assign]
    for _ in range(5):
        schedule.turn()
        clock.value += 3700
    clock.value -= 3700  # the moment of the fifth failure
    tried = len(shop.stub.calls)
    clock.value += 600
    assert schedule.turn() == 0 and len(shop.stub.calls) == tried
    clock.value += 3700
    assert schedule.turn() == 1 and len(shop.stub.calls) > tried


def around_of(clock: Clock):  # type: ignore[no-untyped-def]
    from connectors.api.http import Http
    from connectors.api.line import Surroundings

    return Surroundings(clock=clock, sleep=clock.sleep, transport=Http(read_s=5.0))
