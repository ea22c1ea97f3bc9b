"""Platform accounts of a book: read from daybook.toml, checked key by key, changed without touching what people wrote beside them."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from connectors.api import tomltext
from connectors.api.account import (
    KEYS,
    Account,
    Where,
    check_apart,
    check_keys,
    near,
    read_account,
    rough,
    seconds,
    told_of,
)
from connectors.api.settings import Credentials, check_base_url, credentials, missing_credentials, save_credentials
from warehouse.book import Book
from warehouse.errors import ConfigError
from warehouse.shown import is_demo

__all__ = [
    "Account", "Credentials", "account", "accounts", "add_account", "check_base_url", "check_options", "credentials",
    "missing_credentials", "remove_account", "replace_account", "save_credentials", "seconds",
]  # fmt: skip
TABLE = "account"


def accounts(book: Book, known: Collection[str] | None = None, self_hosted: Collection[str] = ()) -> list[Account]:
    """Accounts in the order of the file; none when there is no file.

    `known`: the connectors there are (None: not checked); `self_hosted`: those of them that may be reached over http.
    Raises ConfigError naming file, line, account, key and what to write instead.
    """
    document = tomltext.read(book.config)
    strange = [name for name in document.raw if name != TABLE]
    if strange:
        raise ConfigError(f"{_line(document, strange[0])}: '{strange[0]}' is not known here. Valid: [[{TABLE}]].")
    raws = _raws(document)
    wheres = [_where(document, place) for place in range(len(raws))]
    found = [read_account(raw, where, known, self_hosted) for raw, where in zip(raws, wheres, strict=True)]
    for place, each in enumerate(found):
        check_apart(each, found[:place], wheres[place])
    return found


def account(book: Book, name: str, known: Collection[str] | None = None, self_hosted: Collection[str] = ()) -> Account:
    """The account of that name. Raises ConfigError listing the valid names."""
    found = {each.name: each for each in accounts(book, known, self_hosted)}
    if name not in found:
        raise ConfigError(_no_account(book, name, found))
    return found[name]


def add_account(book: Book, account: Account, known: Collection[str] | None = None, self_hosted: Collection[str] = ()) -> None:
    """Write an account at the end of daybook.toml. Raises ConfigError when it is wrong or its name is taken."""
    if is_demo(book):
        raise ConfigError(f"{tomltext.shown(book.root)} is the demo, which has no accounts. Use your own book: --data {tomltext.shown(book.root.parent)}")
    with tomltext.editing(book.config):
        document = tomltext.read(book.config)
        new, raws = _checked(account, known, self_hosted), _raws(document)
        check_apart(new, map(rough, raws), _nowhere(new.name))
        _store(document, [tomltext.appended(document, _lines(new))], raws, len(raws), new)


def replace_account(book: Book, account: Account, known: Collection[str] | None = None, self_hosted: Collection[str] = ()) -> None:
    """Make the account of that name say this. Only lines that differ are touched. Raises ConfigError."""
    with tomltext.editing(book.config):
        document = tomltext.read(book.config)
        new, raws = _checked(account, known, self_hosted), _raws(document)
        place, block = _block(book, document, raws, new.name)
        others = raws[:place] + raws[place + 1 :]
        check_apart(new, map(rough, others), _nowhere(new.name))
        whole = document.newline.join([*_lines(new), ""])
        tries = [tomltext.with_values(document, block, _differing(raws[place], new)), tomltext.without(document, block, whole)]
        _store(document, tries, others, place, new)


def remove_account(book: Book, name: str) -> None:
    """Take the lines of an account out; what was stored of it stays. Raises ConfigError when there is none of that name."""
    with tomltext.editing(book.config):
        document = tomltext.read(book.config)
        raws = _raws(document)
        place, block = _block(book, document, raws, name)
        _store(document, [tomltext.without(document, block)], raws[:place] + raws[place + 1 :])


def check_options(book: Book, account: Account, valid: Collection[str], needed: Collection[str] = ()) -> None:
    """Hold an account's options against its connector's own list. Raises ConfigError naming the line and the valid ones."""

    def where(key: str) -> str:  # the file is read when there is something to say
        document = tomltext.read(book.config)
        place = next((n for n, raw in enumerate(_raws(document)) if raw.get("name") == account.name), None)
        return (_nowhere(account.name) if place is None else _where(document, place))(key)

    check_keys(account.options, tuple(valid), where, f"is not an option of {account.connector}", "options.")
    for name in needed:
        if account.options.get(name) in (None, ""):
            raise ConfigError(f"{where('options')}: {account.connector} needs the option '{name}'. Write {name} = \"...\" below [account.options].")


def _raws(document: tomltext.Document) -> list[Mapping[str, Any]]:
    raws = document.raw.get(TABLE, [])
    if not isinstance(raws, list) or not all(isinstance(raw, Mapping) for raw in raws):
        raise ConfigError(f"{_line(document, TABLE)}: write each account below a line [[{TABLE}]], with two brackets on either side.")
    return raws


def _no_account(book: Book, name: str, names: Iterable[str]) -> str:
    valid = [each for each in names if each]
    there = f"Valid: {', '.join(valid)}." if valid else "There is none yet: python -m connectors init"
    return f"{tomltext.shown(book.config)} has no account '{name[:60]}'.{near(name, valid)} {there}"


def _line(document: tomltext.Document, name: str) -> str:
    line = next((each.line for each in tomltext.statements(document.text) if each.path[:1] == (name,)), 1)
    return f"{tomltext.shown(document.path)}, line {line}"


def _where(document: tomltext.Document, place: int) -> Where:
    """Says where a key of the account at that place stands: its line, else that of the account's header."""
    name = _raws(document)[place].get("name")

    def where(key: str) -> str:
        blocks = _blocks(document)
        block = blocks[place] if place < len(blocks) else []
        path = (TABLE, *key.split(".", 1))
        lines = [each.line for each in block if each.path[: len(path)] == path] or [each.line for each in block[:1]]
        said = f"{tomltext.shown(document.path)}, line {lines[0]}" if lines else _line(document, TABLE)
        return f"{said}, account '{name[:60]}'" if isinstance(name, str) and name.isprintable() else said

    return where


def _nowhere(name: str) -> Where:
    return lambda _: f"account '{name[:60]}'"


def _blocks(document: tomltext.Document) -> list[list[tomltext.Statement]]:
    """The statements of each account that has a header of its own."""
    blocks: list[list[tomltext.Statement]] = []
    for each in tomltext.statements(document.text):
        if each.is_header and each.path == (TABLE,):
            blocks.append([each])
        elif blocks and each.section[:1] == (TABLE,):
            blocks[-1].append(each)
    return blocks


def _block(book: Book, document: tomltext.Document, raws: Sequence[Mapping[str, Any]], name: str) -> tuple[int, list[tomltext.Statement]]:
    """Place and statements of the account of that name. Raises ConfigError."""
    place = next((n for n, raw in enumerate(raws) if raw.get("name") == name), None)
    if place is None:
        raise ConfigError(_no_account(book, name, [str(raw.get("name", "")) for raw in raws]))
    blocks = _blocks(document)
    if len(blocks) != len(raws):
        raise ConfigError(_by_hand(document))
    return place, blocks[place]


def _by_hand(document: tomltext.Document) -> str:
    return f"{_line(document, TABLE)}: the accounts are written in a form that cannot be changed safely. Write each below a line [[{TABLE}]], then try again."


def _checked(account: Account, known: Collection[str] | None, self_hosted: Collection[str]) -> Account:
    return read_account(told_of(account), _nowhere(account.name), known, self_hosted)


def _lines(account: Account) -> list[str]:
    """An account as lines of the file."""
    told = told_of(account)
    options = told.pop("options", {})
    lines = [f"[[{TABLE}]]", *(f"{key} = {tomltext.dumps(value)}" for key, value in told.items())]
    return lines + (["", f"[{TABLE}.options]", *(f"{tomltext.key(key)} = {tomltext.dumps(value)}" for key, value in options.items())] if options else [])


def _differing(raw: Mapping[str, Any], new: Account) -> dict[tuple[str, ...], Any]:
    """path -> value to write, None to take out: what the file does not say of the account yet."""
    told, old = told_of(new), raw.get("options", {})
    values: dict[tuple[str, ...], Any] = {}
    for key in KEYS[:-1]:
        wanted = told.get(key, getattr(new, key))
        if (key in raw or wanted) and str(raw.get(key)) != str(wanted):
            values[TABLE, key] = wanted
    for key in {**(old if isinstance(old, Mapping) else {}), **new.options}:
        before, after = (options.get(key) for options in (old, new.options))
        if before != after or type(before) is not type(after):
            values[TABLE, "options", key] = after
    return values


def _says(raw: Any, account: Account) -> bool:
    try:
        return bool(raw) and read_account(raw, _nowhere(account.name), None, (account.connector,)) == account
    except ConfigError:
        return False


def _store(document: tomltext.Document, tries: Sequence[str], others: Sequence[Any], place: int | None = None, new: Account | None = None) -> None:
    """Write the first text that says of everything else what the document says, and of the account at `place` what it should."""
    rest = {key: value for key, value in document.raw.items() if key != TABLE}
    for text in tries:
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            continue
        found = list(raw.pop(TABLE, []))
        mine = found.pop(place) if place is not None and place < len(found) else None
        if raw == rest and found == list(others) and (new is None or _says(mine, new)):
            tomltext.store(document, text)
            return
    raise ConfigError(_by_hand(document))
