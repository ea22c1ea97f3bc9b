"""Access and refresh tokens of a login, kept so that a rotated pair is never lost and never fetched twice.

Most platforms void the old pair the moment they hand out a new one. So: one refresh at a time (a lock over threads and processes), the
new pair on the disk before anybody uses it, the pair before it kept in the same file. A process that dies after the new pair is flushed
and before it took the old one's place leaves it as a draft, which the next refresh takes up instead of asking the platform.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from connectors.errors import AuthExpired, PlatformDown, UnexpectedPayload
from warehouse.book import Book
from warehouse.errors import BookError, ConfigError
from warehouse.failpoint import reach
from warehouse.packages import flush

LOCK_SECONDS = 120.0  # longer than a refresh with its retries
ROOM = 64 << 10  # bytes a token file may take
ABSOLUTE, MILLISECONDS = 10**9, 10**11
log = logging.getLogger(__name__)


@dataclass(frozen=True, repr=False)
class Token:
    """What a platform handed out. Times are Unix seconds, None when unknown or endless; `extra`: what came with it (a shop's id, a cipher)."""

    access: str
    expires_at: int | None = None
    refresh: str = ""
    refresh_expires_at: int | None = None
    obtained_at: int = 0
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __repr__(self) -> str:
        kept = "with" if self.refresh else "without"
        return f"<Token until {_when(self.expires_at)}, {kept} refresh token until {_when(self.refresh_expires_at)}, extra: {', '.join(sorted(self.extra)) or 'none'}>"


class TokenStore:
    """The tokens of one login, in data/keys/tokens/<login>.json, readable by the owner only. May be shared by threads."""

    def __init__(self, book: Book, login: str) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_.-]+", login):
            raise ConfigError(f"'{login}' cannot name a login. Use letters, digits, '.', '_' and '-', and correct it in {book.config}.")
        self.login = login
        self.path = book.keys / "tokens" / f"{login}.json"
        self._draft = self.path.with_name(f"{login}.json.new")
        self._lock = FileLock(self.path.with_name(f"{login}.lock"), timeout=LOCK_SECONDS, mode=0o600)

    def load(self) -> Token | None:
        """The stored token, None when there is none. Raises AuthExpired when the file holds something else, BookError when it cannot be read."""
        held = self._bytes(self.path)
        pair = _pair(held or b"")
        if held is not None and pair is None:
            raise self._final(f"The token file {self.path} is damaged.")
        return pair[0] if pair else None

    def save(self, token: Token, now: int) -> None:
        """Store a token that a person obtained; the one before it stays in the file. Raises BookError."""
        with self._alone():
            self._write(token, now)

    def fresh(self, refresh: Callable[[Token], Token], now: int, margin_s: int = 300, rejected: str = "", first: Token | None = None) -> Token:
        """A token that holds for `margin_s` more seconds and is not the `rejected` one, refreshed once if need be.

        What the answer leaves out (the refresh token, parts of `extra`) is kept from the old one. `first`: what `refresh` is given when
        nothing is stored yet, for platforms that hand out tokens for the app's own secret. Raises AuthExpired (final) when a
        person must log in, BookError when a new pair could not be stored, and what `refresh` raises; the old pair stays then.
        """
        token = self.load()
        if token and _usable(token, now, margin_s, rejected):
            return token
        with self._alone():
            self._take_up_draft()
            token = self.load() or first  # another process may have been quicker
            if token is None:
                raise self._final(f"'{self.login}' has no token yet.")
            if _usable(token, now, margin_s, rejected):
                return token
            return self._renewed(token, refresh, now)

    def _renewed(self, old: Token, refresh: Callable[[Token], Token], now: int) -> Token:
        ends = old.refresh_expires_at
        if ends is not None and ends <= now:
            raise self._final(f"The refresh token of '{self.login}' ended at {_when(ends)}.")
        with self._saving():  # a full disk is met before the platform voids the old pair
            self._flush(b" " * ROOM)
            self._draft.unlink()
        new = refresh(old)
        if not new.access:
            raise UnexpectedPayload(f"The refresh of '{self.login}' gave no access token; the old pair is kept. Try again, then run: python -m connectors login {self.login}")
        if not new.refresh:
            new = replace(new, refresh=old.refresh)
        if new.refresh == old.refresh and new.refresh_expires_at is None:
            new = replace(new, refresh_expires_at=ends)
        new = self._write(replace(new, extra={**old.extra, **new.extra}, obtained_at=now), now)
        log.info("%s: token refreshed, holds until %s", self.login, _when(new.expires_at))
        return new

    def _write(self, token: Token, now: int) -> Token:
        """Draft, flush, rename, flush the folder; gives the token as stored."""
        token = replace(token, obtained_at=token.obtained_at or now, extra=dict(token.extra))
        before = _pair(self._bytes(self.path) or b"")
        previous = before[0] if before else None
        if before and before[0].access == token.access and before[0].refresh == token.refresh:
            previous = before[1]  # the platform gave the same pair again
        content = {"current": asdict(token), "previous": asdict(previous) if previous else None}
        with self._saving():
            self._flush(json.dumps(content, indent=1).encode())
            reach("token.rename")
            self._settle()
        return token

    def _flush(self, content: bytes) -> None:
        """The draft, whole on the disk."""
        self._draft.unlink(missing_ok=True)
        handle = os.open(self._draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())

    def _settle(self) -> None:
        os.replace(self._draft, self.path)
        flush(self.path.parent)

    def _take_up_draft(self) -> None:
        """Finish what a process that died, or a disk that failed, left undone. A draft is newer than the file beside it."""
        held = self._bytes(self._draft)
        if held is None:
            return
        with self._saving():
            if _pair(held):
                self._settle()
                log.info("%s: took up the token that an interrupted refresh had left", self.login)
            else:
                self._draft.unlink()

    def _bytes(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise BookError(f"The token file {path} cannot be read: {error.strerror or error}. Make it readable for the user who runs Daybook.") from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._saving():
            self.path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.path.parent.mkdir(exist_ok=True, mode=0o700)
            self.path.parent.chmod(0o700)
            try:
                self._lock.acquire()
            except Timeout:
                raise PlatformDown(
                    f"The token of '{self.login}' is still being refreshed by another process after {LOCK_SECONDS:.0f} s. "
                    "It is tried again at the next run; if that process hangs, end it."
                ) from None
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def _saving(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise BookError(
                f"The token of '{self.login}' cannot be stored in {self.path}: {error.strerror or error}. "
                "Make room there, or make the folder writable for the user who runs Daybook; then run the same again."
            ) from error

    def _final(self, what: str) -> AuthExpired:
        error = AuthExpired(f"{what} Authorise again: python -m connectors login {self.login}")
        error.final = True
        return error


def expires(value: int | float | str | None, now: int) -> int | None:
    """Unix seconds of the end a platform states: seconds from now, or (above 10**9) an instant, or (above 10**11) one in milliseconds.

    None and 0 are no end. Raises UnexpectedPayload for what is no number.
    """
    try:
        stated = int(value or 0)
    except (ValueError, OverflowError):
        raise UnexpectedPayload("The end of a token is stated as something that is no number. Compare with the saved sample and update the connector.") from None
    if not stated:
        return None
    if stated > MILLISECONDS:
        return stated // 1000
    return stated if stated > ABSOLUTE else now + stated


def ends_in_days(token: Token, now: int) -> float | None:
    """Days until a person must authorise again (negative: since), None when no end is known."""
    return None if token.refresh_expires_at is None else (token.refresh_expires_at - now) / 86_400


def _usable(token: Token, now: int, margin_s: int, rejected: str) -> bool:
    return token.access not in ("", rejected) and (token.expires_at is None or token.expires_at - now > margin_s)


def _pair(content: bytes) -> tuple[Token, Token | None] | None:
    """Current and previous token of a whole token file; None for anything else."""
    try:
        held = json.loads(content)
        return _token(held["current"]), _token(held["previous"]) if held.get("previous") else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _token(held: Mapping[str, Any]) -> Token:
    access, refresh, extra = held["access"], held.get("refresh", ""), held.get("extra", {})
    if not isinstance(access, str) or not isinstance(refresh, str):
        raise TypeError
    return Token(
        access=access,
        expires_at=_time(held.get("expires_at")),
        refresh=refresh,
        refresh_expires_at=_time(held.get("refresh_expires_at")),
        obtained_at=_time(held.get("obtained_at")) or 0,
        extra={str(name): str(value) for name, value in extra.items()},
    )


def _time(value: Any) -> int | None:
    return None if value is None else int(value)


def _when(instant: int | None) -> str:
    return "no known end" if instant is None else datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%d %H:%M UTC")
