"""Accounts in daybook.toml and secrets beside it: read exactly, refused with the line, changed without touching the rest."""

from __future__ import annotations

import os
import re
import stat
import threading
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.api import settings as secrets
from connectors.api import tomltext
from connectors.api.config import (
    Account,
    account,
    accounts,
    add_account,
    check_base_url,
    check_options,
    credentials,
    missing_credentials,
    remove_account,
    replace_account,
    save_credentials,
)
from connectors.api.config import seconds as length
from warehouse.book import Book
from warehouse.errors import ConfigError

KNOWN = ("doudian", "shopify", "matomo")
CANARY = "canary-5b1e"
FILE = """\
# our shops
[[account]]              # the first
name = "douyin-main"
connector = "doudian"    # 抖店
shop = "myshop"
id = 4000001
since = 2026-01-01
# every = "15m"

# abroad
[[account]]
name = 'store'
connector = "shopify"
shop = "海外"
base_url = "https://shop.example"
every = "6h"
[account.options]
channels = ["web", # the site
  "pos"]
note = \"\"\"two
[[account]] # is text
lines\"\"\"

# the end
"""
FIRST = Account("douyin-main", "doudian", "myshop", "4000001", since="2026-01-01")
SECOND = Account("store", "shopify", "海外", base_url="https://shop.example", every="6h", options={"channels": ["web", "pos"], "note": "two\n[[account]] # is text\nlines"})
NEW = Account("site", "matomo", "myshop", "7", "Europe/Berlin", "EUR", "2026-02-03", "1d", "piwik", "https://stats.example", True, {"segment": 'a"b\\c\n'})


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No secret of the machine reaches a test."""
    for name in [name for name in os.environ if name.startswith("DAYBOOK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(secrets, "PAGE_SECRETS", tmp_path / "streamlit" / "secrets.toml")


def write(book: Book, text: str) -> None:
    book.config.write_bytes(text.encode("utf-8"))


def text_of(book: Book) -> str:
    return book.config.read_bytes().decode("utf-8")


def test_accounts_are_read_in_the_order_of_the_file(book: Book) -> None:
    """An id without quotes and a TOML day come as text; what is not said is empty."""
    assert accounts(book) == []
    write(book, FILE)
    assert accounts(book, KNOWN) == [FIRST, SECOND]
    assert account(book, "store", KNOWN).login_name == "store"
    assert replace(FIRST, login="shared").login_name == "shared"
    assert len({FIRST, SECOND}) == 2


ONE = '[[account]]\nname = "a"\nconnector = "doudian"\nshop = "s"\n'


@pytest.mark.parametrize(("text", "said"), [
    (ONE + 'evry = "1h"\n', r"daybook\.toml, line 5, account 'a': 'evry' is no key of an account\. Did you mean 'every'\? Valid: name, connector"),
    (ONE + 'app_secret = "canary-5b1e"\n', r"line 5.*'app_secret' is no key.*A secret is not written here but with: python -m connectors init"),
    (ONE + 'every = "5 hours"\n', r"line 5, account 'a': 'every' is '5 hours'\. Write .*\"15m\""),
    (ONE + 'every = "0m"\n', r"'every' is '0m'"),
    (ONE + 'zone = "Asia/Shanghia"\n', r"line 5.*Did you mean 'Asia/Shanghai'\?"),
    (ONE + 'currency = "rmb"\n', r'currency = "CNY"'),
    (ONE + 'since = "01.02.2026"\n', r"line 5.*since = 2026-01-01"),
    (ONE + "since = 2026-01-01T00:00:00\n", r"line 5.*'since' cannot be that"),
    (ONE + "since = \"20260101\"\n", r"'since' is '20260101'"),
    (ONE + 'paused = "yes"\n', r"line 5.*paused = true or paused = false"),
    (ONE + "options = 3\n", r"line 5.*\[account\.options\]"),
    (ONE + "id = true\n", r"line 5.*id = \"4000001\""),
    (ONE + 'login = "a/b"\n', r"line 5.*'login' is 'a/b'"),
    (ONE + 'base_url = "http://shop.example"\n', r"line 5.*in clear"),
    (ONE.replace('"a"', '"../x"'), r"line 2, account '\.\./x': 'name' is '\.\./x'"),
    (ONE.replace('"a"', '".."'), r"line 2.*'name' is '\.\.'"),
    (ONE.replace('"s"', '"a b"'), r"line 4.*'shop' is 'a b'"),
    (ONE.replace("doudian", "doudain"), r"line 3.*no connector 'doudain'\. Did you mean 'doudian'\? Valid: doudian, matomo, shopify\."),
    (ONE.replace('shop = "s"\n', ""), r"line 1, account 'a': 'shop' is missing\. Write"),
    ("\n\n" + ONE + ONE, r"line 8, account 'a': there is an account 'a' already"),
    (ONE + ONE.replace('"a"', '"A"'), r"there is an account 'a' already"),
    (ONE + 'login = "x-1"\n' + ONE.replace('"a"', '"b"') + 'login = "x_1"\n', r"line 10.*would share the variables DAYBOOK_X_1_"),
    ('[account]\nname = "a"\n', r"line 1: write each account below a line \[\[account\]\]"),
    ('# x\n[[acount]]\nname = "a"\n', r"line 2: 'acount' is not known here\. Valid: \[\[account\]\]"),
    ('[[account]]\nname = a\n', r"daybook\.toml is not valid TOML: .*line 2"),
    ("account = [{ name = \"a\" }]\n", r"line 1.*'connector' is missing"),
])  # fmt: skip
def test_what_is_wrong_is_named_with_its_line_and_the_remedy(book: Book, text: str, said: str) -> None:
    """Every refusal says where and what to write, and never a secret."""
    write(book, text)
    with pytest.raises(ConfigError, match=said) as error:
        accounts(book, KNOWN)
    assert CANARY not in str(error.value)


def test_a_file_of_another_encoding_is_named(book: Book) -> None:
    """A file saved as GBK is no UTF-8; one with the mark of a Windows editor is."""
    book.config.write_bytes("# a\n# 店\n".encode("gbk"))
    with pytest.raises(ConfigError, match="line 2: this is not UTF-8"):
        accounts(book)
    write(book, "\ufeff" + FILE.replace("\n", "\r\n"))
    assert accounts(book)[0] == FIRST
    replace_account(book, replace(FIRST, every="1h"))
    assert text_of(book) == "\ufeff" + FILE.replace("since = 2026-01-01\n", 'since = 2026-01-01\nevery = "1h"\n').replace("\n", "\r\n")


def test_an_unknown_account_is_answered_with_the_valid_ones(book: Book) -> None:
    """The error lists the names, and says how to begin when there are none."""
    with pytest.raises(ConfigError, match="none yet: python -m connectors init"):
        account(book, "x", KNOWN)
    write(book, FILE)
    with pytest.raises(ConfigError, match=r"no account 'stor'\. Did you mean 'store'\? Valid: douyin-main, store\."):
        account(book, "stor", KNOWN)
    with pytest.raises(ConfigError, match="Valid: douyin-main, store"):
        remove_account(book, "x")


def test_an_account_is_added_at_the_end_and_taken_out_again(book: Book) -> None:
    """What was there before stays byte for byte."""
    write(book, FILE)
    add_account(book, NEW, KNOWN)
    assert accounts(book, KNOWN) == [FIRST, SECOND, NEW]
    assert text_of(book).startswith(FILE)
    assert text_of(book)[len(FILE) :].startswith('\n[[account]]\nname = "site"\n')
    assert "since = 2026-02-03\n" in text_of(book)
    remove_account(book, "site")
    assert text_of(book) == FILE + "\n"
    with pytest.raises(ConfigError, match="account 'store': there is an account 'store' already"):
        add_account(book, SECOND, KNOWN)
    with pytest.raises(ConfigError, match="there is no connector 'tmall'"):
        add_account(book, replace(NEW, connector="tmall"), KNOWN)
    assert text_of(book) == FILE + "\n"


def test_the_first_account_makes_the_file(book: Book) -> None:
    """A book without daybook.toml gets one; a last line without an end is ended first."""
    add_account(book, FIRST, KNOWN)
    assert accounts(book, KNOWN) == [FIRST]
    write(book, text_of(book).rstrip("\n"))
    add_account(book, NEW, KNOWN)
    assert accounts(book, KNOWN) == [FIRST, NEW]


def test_the_demo_takes_no_account(book: Book) -> None:
    """Figures of a real account never mix with the demo's."""
    (book.root / "demo.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ConfigError, match="is the demo"):
        add_account(book, FIRST, KNOWN)


def test_an_account_is_taken_out_with_its_options_and_nothing_else(book: Book) -> None:
    """Comments around it and the other account keep every byte."""
    write(book, FILE)
    remove_account(book, "store")
    assert text_of(book) == FILE[: FILE.index("[[account]]\nname = 'store'")] + "\n# the end\n"
    write(book, FILE)
    remove_account(book, "douyin-main")
    assert text_of(book) == "# our shops\n" + FILE[FILE.index('# every = "15m"') :]
    assert accounts(book, KNOWN) == [SECOND]


def test_only_lines_that_differ_are_touched(book: Book) -> None:
    """A replaced account keeps its comments, its quotes and the order of its lines."""
    write(book, FILE)
    replace_account(book, replace(FIRST, connector="matomo", paused=True, options={"a": 1}), KNOWN)
    assert text_of(book) == FILE.replace('"doudian"    #', '"matomo"    #').replace(
        "since = 2026-01-01\n", "since = 2026-01-01\npaused = true\n\n[account.options]\na = 1\n"
    )
    replace_account(book, replace(SECOND, every="", options={"channels": ["web"], "b": False}), KNOWN)
    assert accounts(book, KNOWN)[1] == replace(SECOND, every="", options={"channels": ["web"], "b": False})
    assert 'channels = ["web"]\nb = false\n\n# the end\n' in text_of(book)
    assert 'every = ""\n' in text_of(book)


@pytest.mark.parametrize("text", [
    ONE + "options.a = 1\noptions.b.c = 2\n",
    ONE + "options = { a = 1, b = { c = 2 } }\n",
    ONE + "[account.options]\na = 1\n[account.options.b]\nc = 2\n",
    ONE.replace("shop", "\"shop\"") + "[account . 'options']\na = 1\nb = { c = 2 } # x",
    "[[ account ]]\nconnector = 'doudian'\nshop = '''s'''\n\n[account.options.b]\nc = 2\n[account.options]\na = 1\n",
])  # fmt: skip
def test_every_way_to_write_options_can_be_changed(book: Book, text: str) -> None:
    """Dotted, inline or in sections: the account ends as asked, its neighbour as it was."""
    text = text if 'name = "a"' in text else text.replace("shop", "name = 'a'\nshop")
    write(book, text + "\n" + ONE.replace('"a"', '"z"'))
    assert account(book, "a").options == {"a": 1, "b": {"c": 2}}
    wanted = Account("a", "doudian", "s", id="9", options={"a": True, "d": "x"})
    replace_account(book, wanted, KNOWN)
    assert accounts(book, KNOWN) == [wanted, Account("z", "doudian", "s")]
    assert account(book, "a").options["a"] is True
    remove_account(book, "a")
    assert accounts(book, KNOWN) == [Account("z", "doudian", "s")]


def test_a_broken_account_can_be_replaced_or_removed(book: Book) -> None:
    """A wrong key is no reason to edit by hand."""
    write(book, ONE + "evry = 5 # typo\n" + ONE.replace('"a"', '"b"').replace("doudian", "gone"))
    replace_account(book, Account("a", "doudian", "s"), KNOWN)
    remove_account(book, "b")
    assert accounts(book, KNOWN) == [Account("a", "doudian", "s")]


def test_a_form_that_cannot_be_changed_safely_is_left_alone(book: Book) -> None:
    """Accounts in one inline list are read, and refused with the line when they should change."""
    text = 'account = [{ name = "a", connector = "doudian", shop = "s" }]\n'
    write(book, text)
    assert accounts(book, KNOWN) == [Account("a", "doudian", "s")]
    for change in (lambda: add_account(book, NEW, KNOWN), lambda: replace_account(book, Account("a", "doudian", "t"), KNOWN), lambda: remove_account(book, "a")):
        with pytest.raises(ConfigError, match=r"line 1: .*Write each below a line \[\[account\]\]"):
            change()
    assert text_of(book) == text


def test_a_change_by_somebody_else_is_not_overwritten(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an editor saved between reading and writing stays, and no draft is left."""
    write(book, FILE)
    lines = tomltext.appended

    def meanwhile(document: tomltext.Document, new: Any) -> str:
        write(book, "# mine\n")
        return lines(document, new)

    monkeypatch.setattr(tomltext, "appended", meanwhile)
    with pytest.raises(ConfigError, match="changed by somebody else"):
        add_account(book, NEW, KNOWN)
    assert text_of(book) == "# mine\n"
    assert not list(book.root.glob(".*.tmp"))


def test_a_failed_rename_leaves_the_file_as_it_was(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old file is whole, and the message says so."""
    write(book, FILE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tomltext.os, "replace", full)
    with pytest.raises(ConfigError, match="No space left"):
        add_account(book, NEW, KNOWN)
    assert text_of(book) == FILE
    assert not list(book.root.glob(".*.tmp"))


def test_permissions_and_links_stay(book: Book, tmp_path: Path) -> None:
    """A settings file that is a link elsewhere stays a link, with the mode it had."""
    real = tmp_path / "dotfiles.toml"
    real.write_text(FILE, encoding="utf-8")
    real.chmod(0o640)
    book.config.symlink_to(real)
    add_account(book, NEW, KNOWN)
    assert book.config.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert len(accounts(book, KNOWN)) == 3


def test_changes_at_once_are_all_kept(book: Book) -> None:
    """Eight threads add one account each: eight accounts."""
    threads = [threading.Thread(target=add_account, args=(book, Account(f"n{number}", "doudian", "s"), KNOWN)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.name for each in accounts(book, KNOWN)) == [f"n{number}" for number in range(8)]


def test_options_are_held_against_the_connectors_own_list(book: Book) -> None:
    """A strange option is named with its line and the near valid one; one that must be given is asked for."""
    write(book, FILE)
    check_options(book, SECOND, ("channels", "note"), ("note",))
    with pytest.raises(ConfigError, match=r"line 18, account 'store': 'channels' is not an option of shopify\. Did you mean 'channel'\? Valid: channel, note\."):
        check_options(book, SECOND, ("channel", "note"))
    with pytest.raises(ConfigError, match=r"line 2, account 'douyin-main': doudian needs the option 'version'"):
        check_options(book, FIRST, ("version",), ("version",))


@pytest.mark.parametrize(("text", "wanted"), [("15m", 900), ("1h", 3_600), ("6h", 21_600), ("1d", 86_400)])
def test_seconds(text: str, wanted: int) -> None:
    """A number and a unit."""
    assert length(text) == wanted


@pytest.mark.parametrize("text", ["", "1", "h", "1s", "-1h", "1.5h", "0h", " 1h", "1h\n", "１h"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    """The message says what is one."""
    with pytest.raises(ConfigError, match="15m, 1h, 6h or 1d"):
        length(text)


@pytest.mark.parametrize("url", [
    "https://api.example.com", "https://api.example.com:8443/v1/", "http://127.0.0.1:5000/doudian", "http://localhost:1", "http://[::1]:8080",
    "http://192.168.1.20", "http://10.0.0.7", "http://172.31.255.1", "http://[fd00::1]/x", "http://[::ffff:10.0.0.1]", "HTTPS://X.example",
])  # fmt: skip
def test_addresses_that_may_be_sent_secrets(url: str) -> None:
    """https anywhere, http at home; the slash at the end goes."""
    assert check_base_url(url) == url.rstrip("/")


@pytest.mark.parametrize("url", [
    "http://api.example.com", "http://8.8.8.8", "http://172.32.0.1", "http://169.254.169.254", "http://localhost.example.com", "http://127.0.0.1.example.com",
    "http://2130706433", "http://127.0.0.1@example.com", "http://127.0.0.1\\@example.com", "http://127.0.0.1#.example.com", "http://[::ffff:8.8.8.8]",
    "https://user:canary-5b1e@example.com", "https://example.com?key=canary-5b1e", "https://example.com\\x", "https://exa mple.com", "https://例.com",
    "ftp://example.com", "file:///etc/passwd", "//example.com", "example.com", "https://", "https://x:99999", "https://[::1", "http://[fe80::1%25eth0]",
    "https://a\nb",
])  # fmt: skip
def test_addresses_that_may_not(url: str) -> None:
    """In clear, of two meanings or none: refused without repeating a secret."""
    with pytest.raises(ConfigError, match="base_url") as error:
        check_base_url(url)
    assert CANARY not in str(error.value)


def test_who_may_use_http(book: Book) -> None:
    """A platform that people host themselves may; nobody near may when the caller says so."""
    assert check_base_url("http://stats.example", self_hosted=True) == "http://stats.example"
    with pytest.raises(ConfigError, match="in clear"):
        check_base_url("http://127.0.0.1:5000", loopback_ok=False)
    add_account(book, replace(NEW, base_url="http://stats.example"), KNOWN, self_hosted=("matomo",))
    assert accounts(book, KNOWN, self_hosted=("matomo",))[0].base_url == "http://stats.example"
    with pytest.raises(ConfigError, match=r"account 'site': base_url 'http://stats\.example' would send secrets in clear"):
        accounts(book, KNOWN)


def test_a_secret_is_found_in_three_places_in_turn(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment counts before the book's file, that before the pages' file; an empty text counts as not set."""
    save_credentials(book, "douyin-main", {"a": "book", "b": "book", "c": ""})
    secrets.PAGE_SECRETS.parent.mkdir()
    secrets.PAGE_SECRETS.write_text('[douyin-main]\nb = "page"\nc = " page\\n"\nn = 42\n', encoding="utf-8")
    monkeypatch.setenv("DAYBOOK_DOUYIN_MAIN_A", "env")
    found = credentials(book, "douyin-main", ("a", "b", "c"), ("n", "absent"))
    assert dict(found) == {"a": "env", "b": "book", "c": "page", "n": "42"}
    assert missing_credentials(book, "douyin-main", ("a", "z", "c")) == ["z"]


def test_a_missing_secret_is_said_with_every_place(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the secret, the variable, the files and the command."""
    monkeypatch.chdir(book.root.parent)
    with pytest.raises(ConfigError) as error:
        credentials(book, "douyin-main", ("app_secret",))
    assert str(error.value) == (
        "'douyin-main.app_secret' is not set. Looked in: DAYBOOK_DOUYIN_MAIN_APP_SECRET, book/keys/secrets.toml, .streamlit/secrets.toml. "
        "Run: python -m connectors init, or write it there."
    )
    with pytest.raises(ConfigError, match=r"'x\.a', 'x\.b' are not set\. Looked in: DAYBOOK_X_A, DAYBOOK_X_B, "):
        credentials(book, "x", ("a", "b"))
    with pytest.raises(ConfigError, match="cannot name a login"):
        credentials(book, "../x", ("a",))


def test_the_pages_own_sections_are_never_a_platforms(book: Book) -> None:
    """A login named like the pages' login does not read its client secret."""
    secrets.PAGE_SECRETS.parent.mkdir()
    secrets.PAGE_SECRETS.write_text('[auth]\nclient_secret = "canary-5b1e"\n[auth.x]\nclient_secret = "canary-5b1e"\n', encoding="utf-8")
    assert missing_credentials(book, "auth", ("client_secret",)) == ["client_secret"]
    assert missing_credentials(book, "auth.x", ("client_secret",)) == ["client_secret"]


def test_no_secret_is_shown(book: Book) -> None:
    """Neither printing nor a failure tells a value."""
    save_credentials(book, "x", {"app_secret": CANARY})
    found = credentials(book, "x", ("app_secret",))
    assert found["app_secret"] == CANARY
    shown = [repr(found), str(found), f"{found}", repr(found.values()), repr(found.items()), repr({"x": found}), f"{found!r:>9}"]
    assert not [text for text in shown if CANARY in text]
    assert repr(found) == "Credentials(x: app_secret)"
    with pytest.raises(KeyError) as error:
        found["nope"]
    assert CANARY not in str(error.value)
    for broken in (f"[x]\napp_secret = {CANARY}\n", f'[x]\napp_secret = ["{CANARY}"]\n', f'x = "{CANARY}"\n', f'[x]\na = "{CANARY}"\na = "{CANARY}"\n'):
        secrets.secrets_file(book).write_text(broken, encoding="utf-8")
        with pytest.raises(ConfigError, match=r"secrets\.toml") as failure:
            credentials(book, "x", ("app_secret",))
        assert CANARY not in str(failure.value)
        assert failure.value.__cause__ is None


def test_secrets_are_kept_for_the_owner_alone(book: Book) -> None:
    """File 0600, folder 0700, even when they were open before; other logins, names and comments stay."""
    path = secrets.secrets_file(book)
    path.write_text('# ours\n[other] # x\nkey = "1"\n\n[douyin]\nold = \'2\' # keep\nnew = "3"\n', encoding="utf-8")
    path.chmod(0o644)
    book.keys.chmod(0o755)
    save_credentials(book, "douyin", {"new": 'q"\\\n', "third": "4"})
    assert path.read_text(encoding="utf-8") == '# ours\n[other] # x\nkey = "1"\n\n[douyin]\nold = \'2\' # keep\nnew = "q\\"\\\\\\u000a"\nthird = "4"\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(book.keys.stat().st_mode) == 0o700
    assert not list(book.keys.glob("*.tmp"))


@pytest.mark.parametrize(("text", "login"), [
    ("", "a.b"), ('["a.b"]\nold = "1"\n', "a.b"), ('[a.b]\nold = "1"\n', "a.b"), ('a.b.old = "1"\n', "a.b"), ('[a]\nb = { old = "1" }\n[z]\nk = "1"', "a.b"),
    ('x = { old = "1" }\n[z]\nk = "1"\n', "x"), ('x.old = "1"\n[z]\nk = "1"\n', "x"), ('[z]\nk = "1"', "x"),
])  # fmt: skip
def test_every_way_to_write_a_login_can_be_added_to(book: Book, text: str, login: str) -> None:
    """Quoted, dotted or inline: the new secret is found, the old ones too."""
    secrets.secrets_file(book).write_text(text, encoding="utf-8")
    save_credentials(book, login, {"new": "2"})
    save_credentials(book, login, {"new": "3"})
    assert dict(credentials(book, login, ("new",), ("old",))) == ({"new": "3", "old": "1"} if "old" in text else {"new": "3"})
    if "[z]" in text:
        assert credentials(book, "z", ("k",))["k"] == "1"


def test_the_shipped_example_is_right_once_its_lines_are_taken_in(root: Path) -> None:
    """Every section of the example parses when the # before it goes; nothing of it counts before."""
    text = (root / ".streamlit" / "secrets.toml.example").read_text(encoding="utf-8")
    assert tomllib.loads(text) == {}
    lines = [line[2:] for line in text.splitlines() if re.match(r'# (\[|\w+ = )', line)]
    assert set(tomllib.loads("\n".join(lines))) == {"auth", "access", "douyin-main", "store.example.com"}


VALUES = st.recursive(
    st.text() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.dates(date(1, 1, 1)) | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=6,
)  # fmt: skip


@settings(max_examples=300)
@given(value=VALUES, name=st.text())
def test_any_value_comes_back_from_toml_as_it_went(value: Any, name: str) -> None:
    """Text of any characters, as value and as key, on one line."""
    line = f"{tomltext.key(name)} = {tomltext.dumps(value)}"
    assert "\n" not in line and "\r" not in line
    assert tomllib.loads(line) == {name: value}


@pytest.mark.parametrize("value", [None, object(), b"x", "\ud800"])
def test_what_toml_cannot_say_is_refused(value: object) -> None:
    """A message instead of a broken file."""
    with pytest.raises(ConfigError):
        tomltext.dumps(value)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Zs", "Cn", "Co", "Cf")), max_size=8)
ACCOUNTS = st.builds(
    Account, name=st.sampled_from(["a", "b.c", "D-1"]), connector=st.sampled_from(KNOWN), shop=st.sampled_from(["s", "店"]), id=TEXT,
    zone=st.sampled_from(["", "UTC"]), since=st.sampled_from(["", "2026-01-01"]), every=st.sampled_from(["", "2h"]), paused=st.booleans(),
    options=st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text(), max_size=2), max_size=3),
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(ACCOUNTS | st.sampled_from(["a", "b.c"]), max_size=8))
def test_any_run_of_changes_keeps_what_people_wrote(deeds: list[Account | str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Adding, replacing and removing by turns ends as a plain list would, and no line of the people's file is lost."""
    book = Book(tmp_path_factory.mktemp("run"))
    write(book, FILE)
    wanted: dict[str, Account] = {FIRST.name: FIRST, SECOND.name: SECOND}
    for deed in deeds:
        if isinstance(deed, str):
            if wanted.pop(deed, None):
                remove_account(book, deed)
        else:
            (replace_account if deed.name in wanted else add_account)(book, deed, KNOWN)
            wanted[deed.name] = deed
        assert accounts(book, KNOWN) == list(wanted.values())
        assert text_of(book).startswith(FILE)


def test_statements_know_their_lines_and_values() -> None:
    """Strings with brackets, hashes and quotes are values, not headers."""
    text = '[a."b.c"] # x\nk = """q"\\"""# ]""""" # y\n\'l m\' = [1, # ]\n 2]\nn.o = {p = "}"}\n'
    assert isinstance(tomllib.loads(text), Mapping)
    said = [(each.line, each.path, text[slice(*each.value)]) for each in tomltext.statements(text)]
    assert said == [
        (1, ("a", "b.c"), ""), (2, ("a", "b.c", "k"), '"""q"\\"""# ]"""""'), (3, ("a", "b.c", "l m"), "[1, # ]\n 2]"), (5, ("a", "b.c", "n", "o"), '{p = "}"}'),
    ]  # fmt: skip
