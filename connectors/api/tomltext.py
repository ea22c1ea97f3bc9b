"""TOML as people keep it: read with the line that is wrong, changed at one place with every other byte kept, written whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from warehouse.errors import ConfigError
from warehouse.packages import flush

LOCK_SECONDS = 10.0
MARK = "\ufeff"  # what Windows editors put before UTF-8
TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' r"'''.*?'{3,5}|" r'"(?:[^"\\\n]|\\.)*"|' r"'[^'\n]*'|#[^\n]*|\n|[\[\]{}=]|[ \t\r]+|[^\s\"'#\[\]{}=]+", re.DOTALL
)  # fmt: skip
BARE = re.compile(r"[A-Za-z0-9_-]+")
UNSAFE = re.compile(r'["\\\x00-\x1f\x7f]')
Names = tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A file as it was read. `text` is without the mark; a missing file is an empty one."""

    path: Path
    data: bytes
    text: str
    raw: Mapping[str, Any]

    @property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"


@dataclass(frozen=True)
class Statement:
    """One header or one `key = value`. `start`, `end`: its whole lines; `value`: the value alone; `section`: path of the table it stands in."""

    order: int
    line: int
    start: int
    end: int
    is_header: bool
    path: Names
    section: Names
    value: tuple[int, int] = (0, 0)


def shown(path: Path) -> str:
    """The path as a message says it: from the current directory where it lies inside."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def read(path: Path) -> Document:
    """The document at `path`. Raises ConfigError naming the file and, where the text is no TOML, the line; never a value."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Document(path, b"", "", {})
    except OSError as error:
        raise ConfigError(f"{shown(path)} cannot be read ({error.strerror}). Check its permissions.") from error
    try:
        text = data.decode("utf-8").removeprefix(MARK)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{shown(path)}, line {line}: this is not UTF-8. Save the file with the encoding UTF-8.") from None
    try:
        return Document(path, data, text, tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        said = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "a value is too long or nested too deeply"
        raise ConfigError(f"{shown(path)} is not valid TOML: {said}. Correct that line; texts stand in quotes: key = \"value\".") from None


def dumps(value: Any) -> str:
    """A value as TOML on one line. Raises ConfigError for what TOML cannot say."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if not value.isascii() and re.search("[\ud800-\udfff]", value):
            raise ConfigError("A text holds half of a character (a lone surrogate) and cannot be stored. Type it anew.")
        return '"' + UNSAFE.sub(_escaped, value) + '"'
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key(name)} = {dumps(each)}" for name, each in value.items()) + " }" if value else "{}"
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return "[" + ", ".join(map(dumps, value)) + "]"
    raise ConfigError(f"A setting cannot be of the type {type(value).__name__}. Use text, a number, true or false, a date, or a list of them.")


def _escaped(match: re.Match[str]) -> str:
    found = match.group()
    return "\\" + found if found in '"\\' else f"\\u{ord(found):04x}"


def key(name: str) -> str:
    """A key, in quotes where it needs them."""
    return name if BARE.fullmatch(name) else dumps(name)


def section(path: Names) -> str:
    """The header of a table."""
    return "[" + ".".join(map(key, path)) + "]"


def statements(text: str) -> list[Statement]:
    """What a valid TOML text says, one after the other."""
    found: list[Statement] = []
    table: Names = ()
    for begin, equals, start, last, end in _spans(text):
        line, whole = text.count("\n", 0, begin) + 1, text.rfind("\n", 0, begin) + 1
        if not equals:
            table = _path(tomllib.loads(text[begin:last]))
            found.append(Statement(len(found), line, whole, end, True, table, table))
        else:
            path = table + _path(tomllib.loads(text[begin:equals] + "0"))
            found.append(Statement(len(found), line, whole, end, False, path, table, (start, last)))
    return found


def _spans(text: str) -> Iterator[tuple[int, int, int, int, int]]:
    """Of every statement: first character, end of its `=` (0: a header), start and end of its value, end of its lines."""
    begin, equals, start, last, depth, is_header = -1, 0, 0, 0, 0, False
    for match in TOKEN.finditer(text):
        found = match.group()
        if found == "\n" and begin >= 0 and (is_header or depth == 0):
            yield begin, equals, start, last, match.end()
            begin, equals, start, depth = -1, 0, 0, 0
        if found.isspace() or found[0] == "#":
            continue
        if begin < 0:
            begin, is_header = match.start(), found == "["
        if equals:
            start = start or match.start()
            depth += (found in ("[", "{")) - (found in ("]", "}"))
        elif found == "=" and not is_header:
            equals = match.end()
        last = match.end()
    if begin >= 0:
        yield begin, equals, start, last, len(text)


def _path(raw: Any) -> Names:
    """The names that lead to the one thing in a parsed header or key."""
    names: list[str] = []
    while isinstance(raw, dict | list) and raw:
        if isinstance(raw, list):
            raw = raw[0]
        else:
            name, raw = next(iter(raw.items()))
            names.append(name)
    return tuple(names)


def with_values(document: Document, block: Sequence[Statement], values: Mapping[Names, Any]) -> str:
    """The text with these values set in a block of statements; None takes a line out. A new one follows the last of its table."""
    there = {each.path: each for each in block if not each.is_header}
    edits: list[tuple[int, int, str]] = []
    added: dict[Names, list[str]] = {}
    for path, value in values.items():
        old = there.get(path)
        if old:
            edits.append((old.start, old.end, "") if value is None else (*old.value, dumps(value)))
        elif value is not None:
            added.setdefault(path[:-1], []).append(f"{key(path[-1])} = {dumps(value)}")
    for table, lines in added.items():
        members = [each for each in block if each.section == table]
        here = (members or block)[-1].end
        head = [] if members else ["", section(table)]
        edits.append((here, here, document.newline.join([*head, *lines, ""])))
    return _edited(document, edits)


def without(document: Document, block: Sequence[Statement], instead: str = "") -> str:
    """The text without a block's lines (and the comments between them); `instead` takes their place."""
    edits: list[tuple[int, int, str]] = []
    for before, each in zip((None, *block), block, strict=False):
        if before and each.order == before.order + 1:
            edits[-1] = (edits[-1][0], each.end, edits[-1][2])
        else:
            edits.append((each.start, each.end, "" if edits else instead))
    return _edited(document, edits)


def appended(document: Document, lines: Sequence[str]) -> str:
    """The text with lines at its end, a blank one before them."""
    text, new = document.text, document.newline
    gap = "" if not text or text.endswith(("\n\n", "\n\r\n")) else new
    return text + ("" if not text or text.endswith("\n") else new) + gap + new.join([*lines, ""])


def _edited(document: Document, edits: Sequence[tuple[int, int, str]]) -> str:
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[0]):
        pieces.append(document.text[at:start])
        is_line = start == end and start == len(document.text)
        if is_line and new and (so_far := "".join(pieces)) and not so_far.endswith("\n"):
            pieces.append(document.newline)
        pieces.append(new)
        at = end
    return "".join([*pieces, document.text[at:]])


@contextmanager
def editing(path: Path) -> Iterator[None]:
    """One change of a file at a time, across processes. Raises ConfigError when another one takes too long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=LOCK_SECONDS):
            yield
    except Timeout:
        raise ConfigError(f"{shown(path)} is being changed by another process. Try again in a moment.") from None


def store(document: Document, text: str, mode: int | None = None) -> None:
    """Put a new text in the place of the document: whole, flushed, renamed. `mode`: its permissions, else those it has.

    Raises ConfigError when somebody changed the file since it was read; nothing is written then.
    """
    path = document.path.resolve()  # a link stays one
    mark = MARK if document.data.startswith(MARK.encode()) else ""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write((mark + text).encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        now = path.read_bytes() if path.exists() else b""
        if now != document.data:
            raise ConfigError(f"{shown(path)} was changed by somebody else just now. Nothing was written; look at it and try again.")
        draft.chmod(mode if mode is not None else path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(draft, path)
    except OSError as error:
        raise ConfigError(f"{shown(path)} cannot be written ({error.strerror}). Free some space or check its permissions; it is as it was.") from error
    finally:
        draft.unlink(missing_ok=True)
    flush(path.parent)
