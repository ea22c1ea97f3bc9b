"""What a phone may not do is refused below the pages: by the doors through which pages hand something in."""

from __future__ import annotations

import ast
import inspect
from datetime import datetime
from typing import Any

import pytest

import app
from connectors.forms import submit_rows
from dashboard import access, submit, submit_accounts, submit_onair, submit_plan
from dashboard.access import HERE, LOGIN, PHONE, NotHere
from dashboard.phone import SWITCH
from tests.dashboard.conftest import HandBook, open_page
from tests.dashboard.pages.opened import opened
from warehouse.book import Book
from warehouse.packages import iter_manifests, package_dir

# functions of the doors that store nothing: they look, wait, or are called by one that asked who is there
HARMLESS = {
    submit: {"book", "choices", "expected_files", "hand_in", "in_figures", "look", "nudge", "platforms", "refused", "settle", "shop_settings",
             "shows_demo", "wait_published"},
    submit_accounts: {"is_published", "platforms"},
    submit_plan: {"default_aliases", "findings", "plan_of", "read", "template", "word"},
}  # fmt: skip
THROUGH_SAVE_ROWS = {
    submit: {"save_costs", "save_fx", "save_notes", "save_promotions", "save_shop", "save_targets", "save_typed"},
    submit_plan: {"save_activity", "save_aliases", "save_values"},
}
SHOP = {"shop": "d", "name": "d", "platform": "douyin", "currency": "CNY", "zone": "Asia/Shanghai"}


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone looks on."""
    monkeypatch.setattr(access, "seat", lambda: PHONE)


def own_functions(door: Any) -> dict[str, Any]:
    return {name: each for name, each in vars(door).items() if inspect.isfunction(each) and each.__module__ == door.__name__ and not name.startswith("_")}


@pytest.mark.parametrize("door", [submit, submit_accounts, submit_plan], ids=lambda door: str(door.__name__))
def test_every_function_of_a_door_asks_who_is_there(door: Any, phone: None) -> None:
    """A new way to store something is either guarded, goes through save_rows, or is named above as harmless."""
    for name, function in own_functions(door).items():
        if name in HARMLESS[door]:
            continue
        if name in THROUGH_SAVE_ROWS.get(door, set()):
            assert "save_rows(" in inspect.getsource(function), name
            continue
        with pytest.raises(NotHere):
            function(*[None] * sum(p.default is p.empty and p.kind is not p.KEYWORD_ONLY for p in inspect.signature(function).parameters.values()))


def test_only_doors_hand_in(root: Any) -> None:
    """`hand_in` asks nobody, so only the door itself and the on-air log's door may call it."""
    callers = {
        path.name for path in (root / "dashboard").rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "hand_in"
    }  # fmt: skip
    assert callers == {"submit.py", "submit_onair.py"}


def test_a_phone_saves_nothing(book: Book, monkeypatch: pytest.MonkeyPatch, phone: None) -> None:
    """A typed cost, a shop's settings: refused, and no package is there."""
    monkeypatch.setenv("DAYBOOK_DATA", str(book.root))
    with pytest.raises(NotHere, match="computer"):
        submit.save_costs([{"shop": "d", "kind": "margin_rate", "day": "2026-11-01", "value": "0.3"}])
    with pytest.raises(NotHere):
        submit.save_shop(SHOP)
    assert list(iter_manifests(book)) == []


def test_a_phone_logs_what_happens_on_air(book: Book, monkeypatch: pytest.MonkeyPatch, phone: None) -> None:
    """One press is one sealed package of one row with its time; taking it back is another with the same key."""
    submit_rows(book, "shop", [SHOP], "page")
    monkeypatch.setenv("DAYBOOK_DATA", str(book.root))
    monkeypatch.setenv("DAYBOOK_TODAY", "2026-11-12T23:59:58")
    monkeypatch.setattr(submit, "nudge", lambda target: None)
    made = submit_onair.press("d", "Asia/Shanghai", "", "explain", "3", "x" * 999)
    assert made.at == datetime(2026, 11, 12, 23, 59, 58)
    submit_onair.take_back(made)
    logged = [each for each in iter_manifests(book) if each.facts.get("table") == "live_event"]
    rows = [(package_dir(book, each.id) / "rows.ndjson").read_text(encoding="utf-8") for each in sorted(logged, key=lambda each: each.id)]
    assert len(rows) == 2 and all(text.count("\n") == 1 and '"link_no":"3"' in text.replace('": "', '":"') for text in rows)
    assert "x" * 200 in rows[0] and "x" * 201 not in rows[0]
    assert ["true" in text for text in rows] == [False, True] and {each.author for each in logged} == {"phone"}


@pytest.mark.parametrize("seat", [PHONE, LOGIN])
def test_only_this_computer_lets_phones_in(monkeypatch: pytest.MonkeyPatch, seat: str) -> None:
    """Neither a phone nor a login from elsewhere turns the switch."""
    monkeypatch.setattr(access, "seat", lambda: seat)
    for turn in (lambda: SWITCH.turn_on("192.168.1.20", 12), SWITCH.turn_off):
        with pytest.raises(NotHere):
            turn()


def test_what_a_client_says_about_its_seat_is_dropped() -> None:
    """Our own header stands alone, however the client spelt it."""
    scope = {"type": "http", "client": ("127.0.0.1", 1), "headers": [(b"host", b"localhost"), (b"X-Daybook-Seat", b"phone"), (b"x-daybook-seat", b"login")]}
    found = app.seated(scope, str(app.seat_of(scope)))["headers"]
    assert [value for name, value in found if name.lower() == b"x-daybook-seat"] == [b"here"]


def test_under_the_server_a_session_without_a_seat_is_a_phone(handbook: HandBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is allowed because something was forgotten: the navigation is a phone's, the import page is not in it."""
    handbook.shop("d", "douyin")
    assert open_page().session_state["import_page"] is not None
    monkeypatch.setattr(access, "_guarded", True)
    at = open_page()
    assert not at.exception and at.session_state["import_page"] is None


def test_pages_on_a_phone_only_show(handbook: HandBook, phone: None) -> None:
    """No cost table, no tabs that write, no switch; filters and exports stay."""
    handbook.shop("d", "douyin")
    for page in ("ads", "plan", "live", "traffic"):
        at = opened(page)
        keys = {str(each.key) for kind in ("button", "data_editor", "file_uploader") for each in at.get(kind) if getattr(each, "key", None)}
        assert not at.exception and not {key for key in keys if key.startswith(("costs", "phone", "pasted", "plan_"))}, (page, keys)


def test_a_page_without_a_server_is_this_computers() -> None:
    """Outside a page run it is the server's own work."""
    assert access.seat() == HERE
