"""The base of every platform: builds, signs and judges one call. A platform's class states facts and overrides what its contract does otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import quote, urlencode

import orjson

from connectors.api.config import Account
from connectors.api.endpoint import Answer, Endpoint, Envelope, Ping, Request, dig, has, put
from connectors.api.http import decode_json
from connectors.api.oauth import Grant
from connectors.api.pacing import Pace
from connectors.api.settings import Credentials
from connectors.api.windows import Window
from connectors.errors import (
    AccessDenied,
    ApiError,
    AuthExpired,
    BadRequest,
    PlatformDown,
    RateLimited,
    UnexpectedPayload,
)
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from connectors.api.line import Line

LONGEST_QUOTE = 200
Kind = TypeVar("Kind", bound=ApiError)


@dataclass(frozen=True)
class Call:
    """One thing to ask: a path with its parameters (nested; dotted paths were put in place)."""

    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    method: str = "GET"
    base_url: str = ""
    sends: str = ""  # where its parameters go, when not where the platform's others do
    is_token: bool = False  # a call for a token: there is none to send along yet


@dataclass(frozen=True)
class Auth:
    """What signing needs. `token` is "" where the platform has none or asks for one now."""

    secrets: Credentials
    token: str
    now: int
    nonce: str
    account: Account
    known: Mapping[str, str] = field(default_factory=dict)  # what `learn` found


class Connector:
    """One platform. Class attributes are its facts; see docs/connectors.md."""

    name: ClassVar[str]
    platform: ClassVar[str]  # what shops of it are called in fact.shop
    label_zh: ClassVar[str]
    label_en: ClassVar[str]
    version: ClassVar[str] = "1"
    base_url: ClassVar[str] = ""  # "" the account must name its own
    self_hosted: ClassVar[bool] = False
    zone: ClassVar[str] = "Asia/Shanghai"
    currency: ClassVar[str] = "CNY"
    credentials: ClassVar[tuple[str, ...]] = ()
    optional_credentials: ClassVar[tuple[str, ...]] = ()
    id_label: ClassVar[str] = ""  # what account.id is on this platform; "" none is needed
    needs: ClassVar[tuple[str, ...]] = ()  # of zone and currency, what an account must state because no default could be right
    options: ClassVar[Mapping[str, str]] = {}  # name -> what it is for; "!" in front: it must be given
    defaults: ClassVar[Mapping[str, Any]] = {}  # option -> what counts where an account does not say
    sends: ClassVar[str] = "query"  # where parameters go: query | json | form
    grant: ClassVar[Grant | None] = None
    envelope: ClassVar[Envelope] = Envelope()
    pace: ClassVar[Pace] = Pace()
    parallel: ClassVar[int] = 4
    attempts: ClassVar[int] = 5
    throttle_s: ClassVar[float] = 1.0  # first wait after a throttle that names no time
    since_days: ClassVar[int] = 90
    endpoints: ClassVar[tuple[Endpoint, ...]] = ()

    def endpoints_for(self, account: Account) -> tuple[Endpoint, ...]:
        """Endpoints of this account; a platform drops those that its options do not call for. Raises ConfigError when it lacks one of `needs`."""
        for key in self.needs:
            if not getattr(account, key):
                raise ConfigError(f"The account '{account.name}' has no {key}, and {self.label_en} does not tell it. Write what its back office counts in: {key} = \"…\" in daybook.toml.")
        return self.endpoints

    def learn(self, line: Line) -> Mapping[str, str]:
        """What every call must carry and the platform itself tells (a shop's cipher), by calls of its own; asked once a run, handed to `sign` as `auth.known`."""
        return {}

    def params(self, endpoint: Endpoint, account: Account, window: Window, zone: str) -> dict[str, Any]:
        """Parameters of an endpoint for a window, dotted paths still unset: fixed ones, then the window's."""
        return {**endpoint.params, **endpoint.window.params(window, zone)}

    def grant_for(self, secrets: Credentials) -> Grant | None:
        """How this login gets its token; None where one of its secrets is the token itself."""
        return self.grant

    def pages(self, line: Line, endpoint: Endpoint, params: Mapping[str, Any]) -> Iterator[Any]:
        """The answers of one window, page by page. Overridden where a report is ordered, awaited and fetched, or a nested list goes on elsewhere."""
        return endpoint.paging.pages(partial(line.ask, endpoint, params), lambda body: len(self.records(endpoint, body)))

    def build(self, call: Call, account: Account) -> Request:
        """The unsigned request. `{name}` in an address is filled from parameters, options or the account's id."""
        params: dict[str, Any] = {}
        for path, value in call.params.items():
            put(params, path, value)
        url = (account.base_url or call.base_url or self.base_url).rstrip("/") + call.path
        url = re.sub(r"\{(\w+)\}", lambda match: quote(str(self._slot(match.group(1), params, account)), safe=""), url)
        method, sends = call.method, call.sends or self.sends
        if method == "GET" or sends == "query":
            return Request(method, url, {name: text(value) for name, value in params.items() if value is not None})
        if sends == "form":
            flat = {name: text(value) for name, value in params.items() if value is not None}
            return form(url, flat, method)
        return Request(method, url, body=orjson.dumps(params), headers={"Content-Type": "application/json"})

    def _slot(self, name: str, params: dict[str, Any], account: Account) -> Any:
        if name in params:
            return params.pop(name)
        value = account.id if name == "id" else account.options.get(name, getattr(self, name, None))
        if value in (None, ""):
            raise ConfigError(f"The account '{account.name}' has no '{name}', which {self.label_en} needs. Add it to daybook.toml: python -m connectors init")
        return value

    def records(self, endpoint: Endpoint, body: Any) -> list[Any]:
        """The records of an answer: the list at `items`, a single object as one. Raises UnexpectedPayload when there is neither."""
        found = dig(body, endpoint.items)
        if isinstance(found, list):
            return found
        if isinstance(found, Mapping):
            return [dict(found)]
        raise UnexpectedPayload(f"{self.label_en} {endpoint.name}: the answer has no list at '{endpoint.items}'. Compare with the saved sample and update the connector.")

    def sign(self, request: Request, auth: Auth) -> Request:
        """The request with its credentials. Called anew for every attempt, so timestamps are fresh."""
        return request

    def decode(self, answer: Answer) -> Any:
        """The answer's JSON. Raises PlatformDown for anything that is none."""
        return decode_json(answer)

    def judge(self, call: Call, answer: Answer) -> Any:
        """The decoded answer when the platform says yes; else raises the ApiError of its code or status."""
        try:
            body = self.decode(answer)
        except PlatformDown:
            if answer.status in (401, 403, 404, 429):
                raise self.refused(answer, None, "") from None
            raise
        if answer.status < 300 and self._succeeded(body):
            return body
        raise self.refused(answer, body, call.path)

    def _succeeded(self, body: Any) -> bool:
        if self.envelope.ok is None:
            return True
        path, values = self.envelope.ok
        if not has(body, path):
            return self.envelope.absent_ok and isinstance(body, Mapping)
        return dig(body, path) in values

    def rest(self, answer: Answer, body: Any) -> float:
        """Seconds of silence that a good answer asks for: a platform that states how much of its limit is used up says so here."""
        return 0.0

    def refused(self, answer: Answer, body: Any, path: str) -> ApiError:
        """The error of an answer that is no success."""
        rules = self.envelope.rules
        codes = [str(value) for where in self.envelope.codes if (value := dig(body, where)) not in (None, "", 0)]
        said = next((str(value) for where in self.envelope.message if (value := dig(body, where))), "")[:LONGEST_QUOTE]
        kind = next((rule for code in codes if (rule := match_rule(rules, code))), None) or _kind_of(answer.status, bool(codes))
        words = f"{self.label_en} {path} answered {'/'.join(codes) or answer.status}{': ' + said if said else ''}"
        error = RateLimited(words, retry_after(answer)) if issubclass(kind, RateLimited) else kind(words)
        error.code = codes[0] if codes else str(answer.status)
        return error

    def ping(self, line: Line) -> Ping:
        """One cheap call: whose credentials are these. A platform without such a call lists its first endpoint once."""
        endpoint = next(e for e in self.endpoints_for(line.account) if not e.each)
        line.probe(endpoint)
        return Ping(line.account.id or line.account.name, line.account.id, line.zone, line.currency, note=f"{endpoint.label_en}: readable")


def turned(error: ApiError, kind: type[Kind], more: str = "") -> Kind:
    """The same refusal as another kind of error, its code kept and `more` said after its words."""
    other = kind(f"{error}{more}")
    other.code = error.code
    return other


def match_rule(rules: Mapping[str, type[ApiError]], code: str) -> type[ApiError] | None:
    """The rule of a code: exact, else the longest that ends in `*` and fits."""
    if code in rules:
        return rules[code]
    wild = [key for key in rules if key.endswith("*") and code.startswith(key[:-1])]
    return rules[max(wild, key=len)] if wild else None


def _kind_of(status: int, coded: bool) -> type[ApiError]:
    if status == 429:
        return RateLimited
    if status == 401:
        return AuthExpired
    if status == 403:
        return AccessDenied
    if status == 408 or status >= 500 or 300 <= status < 400:
        return PlatformDown
    return BadRequest if coded or status >= 400 else UnexpectedPayload


def retry_after(answer: Answer) -> float | None:
    """Seconds of a Retry-After header; None when there is none, or a date."""
    try:
        return float(answer.headers.get("retry-after", ""))
    except ValueError:
        return None


def text(value: Any) -> str:
    """A parameter as it stands in a query or form: lists and objects as compact JSON, truth in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return orjson.dumps(value).decode() if isinstance(value, (dict, list, tuple)) else str(value)


def form(url: str, fields: Mapping[str, str], method: str = "POST") -> Request:
    """The request that sends these fields as a form."""
    return Request(method, url, body=urlencode(fields).encode(), headers={"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"})


def same_zone(line: Line, theirs: Any, whose: str) -> None:
    """Raises BadRequest when `theirs`, the zone that a platform counts days in, is not the account's."""
    if theirs != line.zone:
        raise BadRequest(f'{whose} counts its days in {theirs}, the account \'{line.account.name}\' in {line.zone}. Write zone = "{theirs}" in daybook.toml.')


def with_query(request: Request, **more: str) -> Request:
    """The request with more query parameters."""
    return replace(request, query={**request.query, **more})


def with_headers(request: Request, **more: str) -> Request:
    """The request with more headers; `_` in a name stands for `-`."""
    return replace(request, headers={**request.headers, **{name.replace("_", "-"): value for name, value in more.items()}})
