"""One platform account: its keys, what each may be, and what is said when one is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from connectors.api.settings import check_base_url, is_name, variable
from connectors.errors import ShopNeeded
from connectors.files.shop import check_id
from warehouse.errors import ConfigError

UNITS = {"m": 60, "h": 3_600, "d": 86_400}
SAY = {
    "name": 'a name of its own from letters, digits, dot, dash and underscore, at most 60: name = "douyin-main"',
    "connector": 'the platform\'s connector: connector = "doudian"',
    "shop": 'the shop whose figures these are, from letters, digits, - and _, at most 40: shop = "myshop"',
    "id": 'the platform\'s own id of the shop, advertiser or store: id = "4000001"',
    "zone": 'a time zone such as zone = "Asia/Shanghai"',
    "currency": 'three capital letters: currency = "CNY"',
    "since": "a day: since = 2026-01-01",
    "every": 'a whole number and m, h or d: every = "15m", "1h", "6h" or "1d"',
    "login": 'a name from letters, digits, dot, dash and underscore, at most 60: login = "douyin"',
    "base_url": 'an address in quotes: base_url = "https://host", or leave it out',
    "paused": "paused = true or paused = false",
    "options": "a section below the account's own lines: [account.options]",
}
Where = Callable[[str], str]  # key -> where it stands, for the beginning of a message


@dataclass(frozen=True)
class Account:
    """One shop, advertiser or property on one platform. `since` is an ISO day; an empty text means the connector's own."""

    name: str
    connector: str
    shop: str
    id: str = ""
    zone: str = ""
    currency: str = ""
    since: str = ""
    every: str = ""
    login: str = ""
    base_url: str = ""
    paused: bool = False
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def login_name(self) -> str:
        """Whose credentials it uses."""
        return self.login or self.name


KEYS = tuple(each.name for each in fields(Account))


def seconds(text: str) -> int:
    """Seconds of a time such as 15m, 1h or 1d. Raises ConfigError."""
    if not re.fullmatch(r"[1-9][0-9]{0,3}[mhd]", text):
        raise ConfigError(f"'{text[:40]}' is no length of time. Write a whole number and m, h or d, such as 15m, 1h, 6h or 1d.")
    return int(text[:-1]) * UNITS[text[-1]]


def read_account(raw: Mapping[str, Any], where: Where, known: Collection[str] | None, self_hosted: Collection[str]) -> Account:
    """The account that a table says. Raises ConfigError."""
    check_keys(raw, KEYS, where, "is no key of an account")
    told = {key: _plain(key, raw[key], where) for key in KEYS if key in raw}
    for key in ("name", "connector", "shop"):
        if not told.get(key):
            raise ConfigError(f"{where(key)}: '{key}' is missing. Write {SAY[key]}")
    found = Account(**told)
    if known is not None and found.connector not in known:
        raise ConfigError(f"{where('connector')}: there is no connector '{found.connector}'.{near(found.connector, known)} Valid: {', '.join(sorted(known)) or 'none'}.")
    for key, is_right in CHECKS.items():
        value = getattr(found, key)
        if value and not is_right(value):
            guess = near(value, available_timezones()) if key == "zone" else ""
            raise ConfigError(f"{where(key)}: '{key}' is '{value[:60]}'.{guess} Write {SAY[key]}")
    if found.base_url:
        try:
            check_base_url(found.base_url, self_hosted=found.connector in self_hosted)
        except ConfigError as error:
            raise ConfigError(f"{where('base_url')}: {error}") from None
    return found


def _plain(key: str, value: Any, where: Where) -> Any:
    """The value as an account holds it: a day as ISO text, a number given as id as text."""
    if key == "options" and isinstance(value, Mapping):
        return dict(value)
    if key == "paused" and isinstance(value, bool):
        return value
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if key == "since" and isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and key not in ("options", "paused") and value.isprintable():
        return value.strip()
    raise ConfigError(f"{where(key)}: '{key}' cannot be that. Write {SAY[key]}")


def _is_shop(text: str) -> bool:
    try:
        return check_id(text) == text
    except ShopNeeded:
        return False


def _is_zone(text: str) -> bool:
    try:
        return bool(ZoneInfo(text))
    except (KeyError, ValueError, OSError):
        return False


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_length(text: str) -> bool:
    try:
        return seconds(text) > 0
    except ConfigError:
        return False


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "name": is_name, "shop": _is_shop, "zone": _is_zone, "currency": lambda text: bool(re.fullmatch("[A-Z]{3}", text)),
    "since": _is_day, "every": _is_length, "login": is_name,
}  # fmt: skip


def check_keys(raw: Iterable[str], valid: Sequence[str], where: Where, wrong: str, prefix: str = "") -> None:
    """Raise ConfigError for the first key that is not among the valid ones, naming the nearest."""
    for key in raw:
        if key not in valid:
            secret = " A secret is not written here but with: python -m connectors init." if re.search("secret|token|password|key$", key.lower()) else ""
            raise ConfigError(f"{where(prefix + key)}: '{key}' {wrong}.{near(key, valid)}{secret} Valid: {', '.join(valid) or 'none'}.")


def near(text: str, valid: Iterable[str]) -> str:
    """A sentence that asks for the valid word nearest to the text; "" when none is near."""
    lower = {each.lower(): each for each in valid}
    close = get_close_matches(text.lower(), lower, 1)
    return f" Did you mean '{lower[close[0]]}'?" if close else ""


def check_apart(new: Account, others: Iterable[Account], where: Where) -> None:
    """Names must differ by more than case (they name files), logins by more than punctuation (they name variables)."""
    for other in others:
        if new.name.lower() == other.name.lower():
            raise ConfigError(f"{where('name')}: there is an account '{other.name}' already. Give each account a name of its own.")
        mine, theirs = new.login_name, other.login_name
        if mine != theirs and variable(mine, "") == variable(theirs, ""):
            raise ConfigError(
                f"{where('login')}: the logins '{mine}' and '{theirs}' would share the variables {variable(mine, '')}…. "
                f'Name one of them otherwise, or write login = "{theirs}" to share it.'
            )


def rough(raw: Mapping[str, Any]) -> Account:
    """An account as far as its names go, right or wrong otherwise."""
    return Account(str(raw.get("name", "")), "", "", login=str(raw.get("login", "")))


def told_of(account: Account) -> dict[str, Any]:
    """What differs from the default, as TOML says it."""
    told = {key: value for key in KEYS if (value := getattr(account, key))}
    if _is_day(account.since):
        told["since"] = date.fromisoformat(account.since)
    return told
