"""Tokens: one refresh at a time, on the disk before it is used, never lost, never shown."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from connectors.api import tokens
from connectors.api.tokens import Token, TokenStore, ends_in_days, expires
from connectors.errors import AuthExpired, PlatformDown, UnexpectedPayload
from warehouse.book import Book
from warehouse.errors import BookError, ConfigError

NOW = 1_795_140_000
OLD = Token("access-one", NOW + 100, "refresh-one", NOW + 86_400, NOW - 7200, {"shop_id": "shop-of-the-canary"})
NEW = Token("access-two", NOW + 7200, "refresh-two", NOW + 1_209_600)
CHILD = """
import sys
from connectors.api.tokens import Token, TokenStore
from warehouse.book import Book

now = int(sys.argv[2])
def refresh(old):
    print("platform", flush=True)
    sys.stdin.readline()
    return Token("access-two", now + 7200, "refresh-two", now + 1209600)

print("start", flush=True)
print(TokenStore(Book.from_env(sys.argv[1]), "douyin").fresh(refresh, now).access, flush=True)
"""


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def store(book: Book) -> TokenStore:
    """A store that holds OLD, which is within five minutes of its end."""
    made = TokenStore(book, "douyin")
    made.save(OLD, NOW - 7200)
    return made


class Platform:
    """Answers a refresh with NEW and counts how often it was asked."""

    def __init__(self, answer: Token | Exception = NEW) -> None:
        self.answer, self.asked = answer, []

    def __call__(self, token: Token) -> Token:
        self.asked.append(token.refresh)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def child(root: Path, book: Book, stdin: int = subprocess.PIPE, **env: str) -> subprocess.Popen[str]:
    """A process that wants a fresh token; its platform answers once a line comes through `stdin`."""
    command = [sys.executable, "-c", CHILD, str(book.root), str(NOW)]
    return subprocess.Popen(command, cwd=root, env={**os.environ, **env}, stdin=stdin, stdout=subprocess.PIPE, text=True)


def test_what_is_saved_is_loaded(store: TokenStore, book: Book) -> None:
    """A token survives the disk whole; another login sees nothing of it."""
    assert store.load() == OLD
    assert TokenStore(book, "other").load() is None


def test_obtained_at_is_the_moment_of_saving(book: Book) -> None:
    """A token that does not say when it was obtained was obtained now."""
    store = TokenStore(book, "douyin")
    store.save(NEW, NOW)
    loaded = store.load()
    assert loaded and loaded.obtained_at == NOW


@pytest.mark.parametrize("margin, rejected, asked", [(99, "", 0), (100, "", 1), (300, "", 1), (0, "access-one", 1), (0, "another", 0)])
def test_when_a_token_is_refreshed(store: TokenStore, margin: int, rejected: str, asked: int) -> None:
    """OLD ends in 100 s: it is refreshed from a margin of 100 s on, or when the platform refused this very one."""
    platform = Platform()
    token = store.fresh(platform, NOW, margin, rejected)
    assert (len(platform.asked), token.access) == (asked, "access-two" if asked else "access-one")


def test_a_token_without_end_is_not_refreshed(book: Book) -> None:
    """No known end means it holds until it is refused."""
    store, platform = TokenStore(book, "douyin"), Platform()
    store.save(Token("for-ever"), NOW)
    assert store.fresh(platform, NOW + 10**9).access == "for-ever"
    assert store.fresh(platform, NOW, rejected="for-ever").access == "access-two"


def test_rotation_keeps_the_previous_pair(store: TokenStore) -> None:
    """The new pair is current, the old one previous; the same pair given again pushes nothing out."""
    assert store.fresh(Platform(), NOW) == store.load()
    store.save(NEW, NOW + 5)
    held = json.loads(store.path.read_text(encoding="utf-8"))
    assert [held[which]["refresh"] for which in ("current", "previous")] == ["refresh-two", "refresh-one"]


def test_what_a_refresh_leaves_out_is_kept(store: TokenStore) -> None:
    """A platform that does not rotate gives no refresh token again, and whose token it is was said at login only."""
    store.fresh(Platform(Token("access-two", NOW + 7200, extra={"scope": "orders"})), NOW)
    assert store.load() == Token("access-two", NOW + 7200, "refresh-one", NOW + 86_400, NOW, {"shop_id": "shop-of-the-canary", "scope": "orders"})


def test_the_new_pair_is_on_the_disk_before_it_is_given(store: TokenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flushed, renamed, folder flushed: in this order, all before `fresh` returns."""
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def flushed(handle: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def renamed(source: Path, target: Path) -> None:
        steps.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", renamed)
    store.fresh(Platform(), NOW)
    assert steps[-3:] == ["file", "rename", "folder"]


def test_only_the_owner_reads_it(store: TokenStore) -> None:
    """0600 for the file and its lock, 0700 for the folder, even where the folder was open to all."""
    store.path.parent.chmod(0o777)
    store.fresh(Platform(), NOW)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (store.path, store.path.parent)]
    assert modes == [0o600, 0o700]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in store.path.parent.iterdir())


def test_two_threads_ask_the_platform_once(store: TokenStore) -> None:
    """The second waits for the first and takes its pair."""
    both, platform, got = threading.Barrier(2), Platform(), []

    def want() -> None:
        both.wait()
        got.append(store.fresh(platform, NOW, rejected="access-one").access)

    threads = [threading.Thread(target=want) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (got, platform.asked) == (["access-two"] * 2, ["refresh-one"])


def test_a_thread_that_comes_during_a_refresh_waits(book: Book, store: TokenStore) -> None:
    """While the platform is being asked nobody else asks, through another store neither."""
    asked, late = threading.Event(), Platform()
    got: list[str] = []

    def other() -> None:
        asked.set()
        got.append(TokenStore(book, "douyin").fresh(late, NOW).access)

    second = threading.Thread(target=other)

    def slow(token: Token) -> Token:
        second.start()
        asked.wait()
        return NEW

    store.fresh(slow, NOW)
    second.join()
    assert (got, late.asked) == (["access-two"], [])


def test_two_processes_ask_the_platform_once(root: Path, book: Book, store: TokenStore) -> None:
    """The second process starts while the first waits for the platform, and takes its pair."""
    reading, writing = os.pipe()
    with child(root, book, reading) as first, child(root, book, reading) as second:
        assert first.stdout and second.stdout
        said = [first.stdout.readline(), second.stdout.readline()]
        os.write(writing, b"\n")  # whichever asks the platform reads it
        os.close(writing)
        said += first.stdout.readlines() + second.stdout.readlines()
    os.close(reading)
    assert sorted(line.strip() for line in said) == ["access-two", "access-two", "platform", "start", "start"]


def test_a_process_waits_for_one_that_is_asking(root: Path, book: Book, store: TokenStore) -> None:
    """A refresh under way in another process is waited for, not repeated."""
    platform = Platform()
    with child(root, book) as other:
        assert other.stdin and other.stdout
        assert [other.stdout.readline().strip() for _ in range(2)] == ["start", "platform"]
        got: list[str] = []
        waiting = threading.Thread(target=lambda: got.append(store.fresh(platform, NOW).access))
        waiting.start()
        other.stdin.write("\n")
        other.stdin.flush()
        waiting.join()
    assert (got, platform.asked) == (["access-two"], [])


def test_a_kill_before_the_rename_loses_nothing(root: Path, book: Book, store: TokenStore) -> None:
    """The file still reads as the old pair, and the new one is taken up without asking the platform, which would refuse the old."""
    with child(root, book, DAYBOOK_KILL_AT="token.rename:1") as killed:
        killed.communicate("\n")
    assert killed.returncode == -9
    assert store.load() == OLD
    platform = Platform(AuthExpired("the old refresh token is void"))
    assert store.fresh(platform, NOW).refresh == "refresh-two"
    assert platform.asked == []
    assert store.load() == Token("access-two", NOW + 7200, "refresh-two", NOW + 1_209_600, NOW, {"shop_id": "shop-of-the-canary"})


@pytest.mark.parametrize("failure, seen", [(Killed(), Killed), (PermissionError(13, "Permission denied"), BookError)])
def test_a_failing_rename_leaves_a_readable_file(store: TokenStore, monkeypatch: pytest.MonkeyPatch, failure: BaseException, seen: type[BaseException]) -> None:
    """Whatever stops the rename, the old pair reads, and the lock is free for the next who takes the new one up."""

    def fail(source: Path, target: Path) -> None:
        raise failure

    with monkeypatch.context() as broken, pytest.raises(seen):
        broken.setattr(os, "replace", fail)
        store.fresh(Platform(), NOW)
    assert store.load() == OLD
    assert store.fresh(Platform(AuthExpired("void")), NOW).access == "access-two"


def test_half_a_draft_is_thrown_away(store: TokenStore) -> None:
    """What a full disk or a kill left half written is no token; the platform is asked."""
    draft = store.path.with_name("douyin.json.new")
    draft.write_text('{"current": {"access": "acc', encoding="utf-8")
    platform = Platform()
    assert store.fresh(platform, NOW).access == "access-two"
    assert platform.asked == ["refresh-one"]
    assert not draft.exists()


def test_a_full_disk_is_met_before_the_platform_is_asked(store: TokenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new pair that could not be stored is not fetched, for it would void the old one."""

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    platform = Platform()
    with monkeypatch.context() as broken, pytest.raises(BookError, match=r"douyin.*No space left.*Make room"):
        broken.setattr(os, "fsync", full)
        store.fresh(platform, NOW)
    assert platform.asked == []
    assert store.fresh(platform, NOW).access == "access-two"


@pytest.mark.parametrize("error", [PlatformDown("no answer"), AuthExpired("refused"), Killed()])
def test_a_failed_refresh_keeps_the_old_pair(store: TokenStore, error: BaseException) -> None:
    """The error passes through, the pair stays, and the next may try."""

    def fail(token: Token) -> Token:
        raise error

    with pytest.raises(type(error)):
        store.fresh(fail, NOW)
    assert store.load() == OLD
    assert store.fresh(Platform(), NOW).access == "access-two"


def test_an_answer_without_a_token_keeps_the_old_pair(store: TokenStore) -> None:
    """An empty access token is no token."""
    with pytest.raises(UnexpectedPayload, match="no access token"):
        store.fresh(Platform(Token("")), NOW)
    assert store.load() == OLD


def test_no_token_says_how_to_get_one(book: Book) -> None:
    """Only a person can give the first token."""
    platform = Platform()
    with pytest.raises(AuthExpired, match="python -m connectors login douyin") as caught:
        TokenStore(book, "douyin").fresh(platform, NOW)
    assert caught.value.final
    assert platform.asked == []


def test_platforms_that_need_no_person_start_from_nothing(book: Book) -> None:
    """With `first` the platform is asked although nothing is stored, and once only."""
    store, platform = TokenStore(book, "wechat"), Platform()
    assert [store.fresh(platform, NOW, first=Token("")).access for _ in range(2)] == ["access-two"] * 2
    assert platform.asked == [""]


def test_an_empty_token_on_the_disk_is_never_given(book: Book) -> None:
    """A place holder is refreshed, not sent."""
    store = TokenStore(book, "wechat")
    store.save(Token(""), NOW)
    assert store.fresh(Platform(), NOW).access == "access-two"


def test_an_ended_refresh_token_says_since_when(store: TokenStore) -> None:
    """2026-11-20 02:00 UTC is 1795140000; the refresh token ended a day later, so nobody asks the platform any more."""
    platform = Platform()
    with pytest.raises(AuthExpired, match=r"ended at 2026-11-21 02:00 UTC\..*login douyin") as caught:
        store.fresh(platform, NOW + 86_400)
    assert caught.value.final
    assert platform.asked == []


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"current": null}', '{"current": {"access": 5}}', '{"current": {"access": "a", "expires_at": "x"}}', "\x00\x00"])
def test_a_damaged_file_says_so(store: TokenStore, content: str) -> None:
    """A file that is no token file names itself and the remedy, shows nothing of what it holds, and a new login mends it."""
    store.path.write_text(content, encoding="utf-8")
    with pytest.raises(AuthExpired, match=r"douyin\.json is damaged.*login douyin") as caught:
        store.load()
    assert caught.value.final
    assert caught.value.__context__ is None
    store.save(NEW, NOW)
    loaded = store.load()
    assert loaded and loaded.access == "access-two"


@pytest.mark.parametrize("login", ["", "a/b", "../x", "a b", "a\n", "店"])
def test_login_names_are_checked(book: Book, login: str) -> None:
    """A login's name becomes a file's name, so it may not leave the folder."""
    with pytest.raises(ConfigError, match="cannot name a login"):
        TokenStore(book, login)


def test_nothing_shows_a_secret(store: TokenStore, caplog: pytest.LogCaptureFixture) -> None:
    """Neither repr nor the log holds a token or what came with it; the end is shown."""
    with caplog.at_level(logging.DEBUG):
        token = store.fresh(Platform(), NOW)
    shown = repr(token) + str(token) + f"{[token]}" + repr(store) + caplog.text
    assert not [secret for secret in ("access-", "refresh-", "shop-of-the-canary") if secret in shown]
    assert "2026-11-20 04:00 UTC" in shown and "shop_id" in repr(token)


def test_a_refresh_that_hangs_elsewhere_is_not_waited_for_forever(book: Book, store: TokenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time a waiting process gives up with an error that is tried again."""
    monkeypatch.setattr(tokens, "LOCK_SECONDS", 0.0)
    impatient, platform = TokenStore(book, "douyin"), Platform()
    held, free = threading.Event(), threading.Event()

    def slow(token: Token) -> Token:
        held.set()
        free.wait()
        return NEW

    holder = threading.Thread(target=lambda: store.fresh(slow, NOW))
    holder.start()
    held.wait()
    try:
        with pytest.raises(PlatformDown, match="still being refreshed"):
            impatient.fresh(platform, NOW)
    finally:
        free.set()
        holder.join()
    assert platform.asked == []


@pytest.mark.parametrize("value, instant", [
    (None, None), (0, None), ("0", None), ("", None), (7200, NOW + 7200), ("86399", NOW + 86_399), (1_000_000_000, NOW + 1_000_000_000),
    (1_000_000_001, 1_000_000_001), (NOW + 60, NOW + 60), (f"{NOW}", NOW), ((NOW + 60) * 1000, NOW + 60), (7200.0, NOW + 7200),
])  # fmt: skip
def test_ends_as_platforms_state_them(value: object, instant: int | None) -> None:
    """Seconds from now up to 10**9, above it an instant, in milliseconds above 10**11; nothing or 0 is no end."""
    assert expires(value, NOW) == instant  # type: ignore[arg-type]


def test_an_end_that_is_no_number_is_refused() -> None:
    """A date text where a number is published stops the refresh instead of making an endless token."""
    with pytest.raises(UnexpectedPayload, match="no number"):
        expires("tomorrow", NOW)


@pytest.mark.parametrize("ends, days", [(None, None), (NOW + 129_600, 1.5), (NOW - 86_400, -1.0)])
def test_days_until_a_person_is_needed(ends: int | None, days: float | None) -> None:
    """129,600 s are a day and a half; past the end the number is negative; no known end is no number."""
    assert ends_in_days(Token("access", refresh_expires_at=ends), NOW) == days
