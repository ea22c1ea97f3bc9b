"""Secrets of platforms: where they are looked for, how they are kept, and where they may be sent."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from connectors.api import tomltext
from warehouse.book import Book
from warehouse.errors import ConfigError

NAME = re.compile(r"[A-Za-z0-9_.-]{1,60}")
SHOWN_SECRETS = ".streamlit/secrets.toml"
PAGE_SECRETS = Path(__file__).resolve().parents[2] / SHOWN_SECRETS
PAGE_OWN = frozenset({"auth", "access"})  # sections of that file that belong to the pages' login, never to a platform
PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?")


class Credentials(Mapping[str, str]):
    """Secrets of one login by name. It shows their names and never a value."""

    __slots__ = ("_values", "login")

    def __init__(self, login: str, values: Mapping[str, str]) -> None:
        self.login = login
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Credentials({self.login}: {', '.join(self._values) or 'none'})"


def is_name(text: str) -> bool:
    """May this name an account or a login? It also names files."""
    return bool(NAME.fullmatch(text)) and bool(text.strip("."))


def variable(login: str, name: str) -> str:
    """The environment variable of a secret."""
    return "DAYBOOK_" + re.sub(r"[^A-Z0-9]", "_", f"{login}_{name}".upper())


def secrets_file(book: Book) -> Path:
    """Where the secrets of a book are kept; in no backup."""
    return book.keys / "secrets.toml"


def credentials(book: Book, login: str, names: Sequence[str], optional: Sequence[str] = ()) -> Credentials:
    """The secrets of a login: of each the first of environment, data/keys/secrets.toml, .streamlit/secrets.toml.

    Raises ConfigError naming those of `names` that are nowhere, and every place that was searched.
    """
    values = _found(book, login, (*names, *optional))
    absent = [name for name in names if name not in values]
    if absent:
        said = ", ".join(f"'{login}.{name}'" for name in absent)
        places = [*(variable(login, name) for name in absent), tomltext.shown(secrets_file(book)), SHOWN_SECRETS]
        raise ConfigError(
            f"{said} {'is' if len(absent) == 1 else 'are'} not set. Looked in: {', '.join(places)}. "
            "Run: python -m connectors init, or write it there."
        )
    return Credentials(login, values)


def missing_credentials(book: Book, login: str, names: Sequence[str]) -> list[str]:
    """Those of the names that are set nowhere."""
    values = _found(book, login, names)
    return [name for name in names if name not in values]


def _found(book: Book, login: str, names: Sequence[str]) -> dict[str, str]:
    _check_login(login)
    sections = [(path, _section(path, login)) for path in (secrets_file(book), PAGE_SECRETS)]
    found: dict[str, str] = {}
    for name in names:
        said = [os.environ.get(variable(login, name), ""), *(_text(path, login, name, values.get(name)) for path, values in sections)]
        value = next(filter(None, map(str.strip, said)), "")
        if value:
            found[name] = value
    return found


def _section(path: Path, login: str) -> Mapping[str, Any]:
    """What a file says of a login: `["a.b"]`, or `[a.b]` as people write it."""
    raw = tomltext.read(path).raw
    if path == PAGE_SECRETS and login.split(".")[0] in PAGE_OWN:
        return {}
    value: Any = raw.get(login)
    if value is None:
        value = _dig(raw, login.split("."))
    if value is not None and not isinstance(value, Mapping):
        raise ConfigError(f"{tomltext.shown(path)}: '{login}' must be a section. Write {tomltext.section((login,))} on a line of its own, its secrets below.")
    return value or {}


def _text(path: Path, login: str, name: str, value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ConfigError(f"{tomltext.shown(path)}: '{login}.{name}' must be text. Write it in quotes: {name} = \"...\".")


def _check_login(login: str) -> None:
    if not is_name(login):
        raise ConfigError(f"'{login[:60]}' cannot name a login. Use letters, digits, dot, dash and underscore, at most 60.")


def save_credentials(book: Book, login: str, values: Mapping[str, str]) -> None:
    """Keep secrets of a login in data/keys/secrets.toml, readable by the owner only; other logins and names stay as they are.

    Raises ConfigError when the file cannot be read or written; it is then as it was.
    """
    _check_login(login)
    path = secrets_file(book)
    book.ensure()
    book.keys.chmod(0o700)
    with tomltext.editing(path):
        document = tomltext.read(path)
        old = dict(_section(path, login))
        wanted = {name: value for name, value in values.items() if old.get(name) != value}
        tomltext.store(document, _with_secrets(document, login, {**old, **values}, wanted) if wanted else document.text, 0o600)


def _with_secrets(document: tomltext.Document, login: str, whole: Mapping[str, Any], wanted: Mapping[str, str]) -> str:
    """The text in which the login's section is `whole`: only what differs is touched, else the section is written anew."""
    ways = {path for path in ((login,), tuple(login.split("."))) if _dig(document.raw, path) is not None}
    root = min(ways, key=len, default=(login,))
    block = [each for each in tomltext.statements(document.text) if each.path[: len(root)] == root]
    expected = _placed(document.raw, root, whole)
    fresh = [tomltext.section(root), *(f"{tomltext.key(name)} = {tomltext.dumps(value)}" for name, value in whole.items())]
    if not block:
        tries = [tomltext.appended(document, fresh)]
    else:
        tries = [
            tomltext.with_values(document, block, {(*root, name): value for name, value in wanted.items()}),
            tomltext.without(document, block, document.newline.join([*fresh, ""])),
        ]
    for text in tries:
        try:
            if tomllib.loads(text) == expected:
                return text
        except tomllib.TOMLDecodeError:
            continue
    raise ConfigError(f"{tomltext.shown(document.path)} writes '{login}' in a form that cannot be changed safely. Write {fresh[0]} on a line of its own, its secrets below, then try again.")


def _dig(raw: Any, path: Sequence[str]) -> Any:
    for step in path:
        raw = raw.get(step) if isinstance(raw, Mapping) else None
    return raw


def _placed(raw: Mapping[str, Any], path: Sequence[str], value: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of `raw` with the value at the path."""
    inner = raw.get(path[0], {})
    return {**raw, path[0]: dict(value) if len(path) == 1 else _placed(inner, path[1:], value)}


def check_base_url(url: str, loopback_ok: bool = True, self_hosted: bool = False) -> str:
    """The address without a slash at its end, when secrets may be sent there.

    https everywhere; http only to this computer and private addresses (`loopback_ok`), or to a platform that people host
    themselves (`self_hosted`). Raises ConfigError, which never repeats a password or a query.
    """
    said = re.sub(r"[^\x20-\x7e]", "?", re.sub(r"//[^/]*@", "//***@", url.split("?")[0].split("#")[0]))[:120]
    form = "Write it as https://host or https://host:port/path."
    parts = _split(url)
    if parts is None or parts.scheme not in ("https", "http") or not parts.hostname:
        raise ConfigError(f"base_url '{said}' is no web address. {form}")
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise ConfigError(f"base_url '{said}' carries a user name, a query or a #. {form} Secrets go to data/keys/secrets.toml.")
    if parts.scheme == "http" and not self_hosted and not (loopback_ok and _is_near(parts.hostname)):
        raise ConfigError(f"base_url '{said}' would send secrets in clear. Write https://; http is taken for this computer and private addresses only.")
    return url.rstrip("/")


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None when two programs could read it differently."""
    if re.search(r"[^\x21-\x7e]|[\\%\"<>^`{|}]", url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
        host = parts.hostname or ""
        return parts if HOST.fullmatch(host) or isinstance(_address(host), IPv6Address) else None
    except ValueError:
        return None


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_near(host: str) -> bool:
    address = _address(host)
    if address is None:
        return host == "localhost" or host.endswith(".localhost")
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or any(address in network for network in PRIVATE)
