"""Without login the pages open; with it they say nothing until somebody who is listed is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.runtime.secrets import secrets_singleton
from streamlit.testing.v1 import AppTest

import app
from dashboard import login

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "auth": {"redirect_uri": "https://daybook.example.com/oauth2callback", "cookie_secret": "x" * 32},
    "access": {"hosts": ["Daybook.example.com"], "emails": ["Boss@example.com"]},
}


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(type(secrets_singleton), "load_if_toml_exists", lambda self: True)
    monkeypatch.setattr(type(secrets_singleton), "__contains__", lambda self, key: key in SECRETS)
    monkeypatch.setattr(type(secrets_singleton), "get", lambda self, key, default=None: SECRETS.get(key, default))
    yield


def test_no_login_no_other_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped state: nothing to log in to, nobody from elsewhere."""
    monkeypatch.setattr(type(secrets_singleton), "load_if_toml_exists", lambda self: False)
    assert not login.configured() and app.login_hosts() == set()


def test_named_hosts_are_let_in_once_login_is_configured(configured: None) -> None:
    """Only under the names that were listed."""
    assert login.configured() and app.login_hosts() == {"daybook.example.com"}


@pytest.mark.parametrize(("email", "may"), [("boss@EXAMPLE.com", True), ("thief@example.com", False), (None, False), ("", False)])
def test_only_listed_addresses_come_in(configured: None, email: str | None, may: bool) -> None:
    """A provider that knows everybody does not open the books to everybody."""
    assert login.listed(email) is may


def test_a_stranger_sees_a_button_and_nothing_else(configured: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No navigation, no figure, no file picker before the login."""
    monkeypatch.setenv("DAYBOOK_DATA", str(tmp_path))
    page = AppTest.from_string("from dashboard import login; import streamlit as st\nlogin.require()\nst.write('secret')").run()
    assert not page.exception and len(page.button) == 1
    assert [element.value for element in page.markdown if "secret" in str(element.value)] == []
