"""One account's line to its platform: tokens, pacing, retries. Everything that leaves here as an error is blanked of secrets."""

from __future__ import annotations

import logging
import random
import secrets as random_bytes
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from connectors.api.config import Account
from connectors.api.connector import Auth, Call, Connector
from connectors.api.endpoint import Endpoint
from connectors.api.http import Http, Transport
from connectors.api.ledger import Ledger
from connectors.api.oauth import Grant, TokenCall
from connectors.api.pacing import Pacer, Quota
from connectors.api.redact import Redactor
from connectors.api.settings import Credentials, credentials, secrets_file
from connectors.api.tokens import Token, TokenStore
from connectors.api.tomltext import shown
from connectors.api.windows import Reach
from connectors.errors import ApiError, AuthExpired, PlatformDown, RateLimited
from warehouse.book import Book

LOG = logging.getLogger(__name__)
LONGEST_WAIT_S = 120.0  # a platform that wants a longer pause is left until the next run
NO_TOKEN = Token("", expires_at=1)


@dataclass(frozen=True)
class Surroundings:
    """What a sync must not take from the world by itself: time, chance, and the network."""

    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    rng: random.Random = field(default_factory=random.Random)
    transport: Transport = field(default_factory=Http)


class Line:
    """`call` asks one thing and gives the decoded answer, or raises an ApiError that says what to do."""

    def __init__(self, book: Book, connector: Connector, account: Account, ledger: Ledger, around: Surroundings) -> None:
        self.book, self.connector, self.ledger, self.around = book, connector, ledger, around
        said = {name: value for name, value in account.options.items() if value not in ("", None) or name not in connector.defaults}
        self.account = replace(account, options={**connector.defaults, **said})  # a blank is no answer
        self.secrets: Credentials = credentials(book, account.login_name, connector.credentials, connector.optional_credentials)
        self.redactor = Redactor(self.secrets.values())
        self.grant = connector.grant_for(self.secrets)
        self.store = TokenStore(book, account.login_name)
        quota = Quota(ledger, account.name) if connector.pace.per_day else None
        self.pacer = Pacer(connector.pace, clock=around.clock, sleep=around.sleep, quota=quota)
        self._known: Mapping[str, str] | None = None
        self._learning = threading.RLock()

    @property
    def zone(self) -> str:
        return self.account.zone or self.connector.zone

    @property
    def currency(self) -> str:
        return self.account.currency or self.connector.currency

    def now(self) -> int:
        return int(self.around.clock())

    def close(self) -> None:
        self.pacer.close()

    def reach(self, since: str = "") -> Reach:
        """What windows are planned from; `since` (a day) goes further back than the account's own."""
        now = self.now()
        day = since or self.account.since
        start = int(datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(self.zone)).timestamp()) if day else now - self.connector.since_days * 86_400
        return Reach(now, start, self.ledger.first_sync(self.account.name, now), self.zone)

    def call(self, call: Call) -> Any:
        """Ask, again where that may help: signed anew for every attempt, the token refreshed at most once."""
        rejected, failed = "", 0
        if not call.is_token:
            self._learn()
        while True:
            token = "" if call.is_token else self._token(rejected)
            try:
                return self._once(call, token)
            except AuthExpired as error:
                if error.final or rejected or call.is_token or not token or not (self.grant and self.grant.is_renewable):
                    raise self._final(error) from None
                rejected = token
            except (RateLimited, PlatformDown) as error:
                failed += 1
                self._wait(error, failed)
            except ApiError as error:
                raise self._blank(error) from None

    def _learn(self) -> None:
        """Ask for what every call must carry, unless it is known; the calls for it go out without."""
        with self._learning:
            if self._known is None:
                self._known = {}
                try:
                    self._known = self.connector.learn(self)
                except BaseException:
                    self._known = None
                    raise

    def _once(self, call: Call, token: str) -> Any:
        self.pacer.take()
        account = self.account
        auth = Auth(self.secrets, token, self.now(), random_bytes.token_hex(16), account, self._known or {})
        request = self.connector.sign(self.connector.build(call, account), auth)
        answer = self.around.transport.send(request)
        if not call.is_token:  # a token is what such a call is for; anywhere else a secret that comes back is blanked before it is looked at
            answer = replace(answer, body=self.redactor.raw(answer.body))
        body = self.connector.judge(call, answer)
        if (rest := self.connector.rest(answer, body)) > 0:
            self.pacer.pause(rest)
        return body

    def _wait(self, error: RateLimited | PlatformDown, failed: int) -> None:
        asked = error.retry_after_s if isinstance(error, RateLimited) else None
        if failed >= self.connector.attempts or (asked or 0) > LONGEST_WAIT_S:
            raise self._blank(error) from None
        base = self.connector.throttle_s if isinstance(error, RateLimited) else 0.5
        pause = asked if asked is not None else min(base * 2 ** (failed - 1) * (0.75 + self.around.rng.random() / 2), LONGEST_WAIT_S)
        if isinstance(error, RateLimited):
            self.pacer.pause(pause)
        else:
            self.around.sleep(pause)

    def _blank(self, error: ApiError) -> ApiError:
        """The same error with every secret blanked, and no trail of the one that held it."""
        error.args = tuple(self.redactor.text(part) if isinstance(part, str) else part for part in error.args)
        error.__cause__ = error.__context__ = None
        return error

    def _final(self, error: AuthExpired) -> AuthExpired:
        has_login = self.grant is not None and self.grant.consent is not None
        name, file = self.account.login_name, shown(secrets_file(self.book))
        remedy = f"Authorise again: python -m connectors login {name}" if has_login else f"Put the new credentials of '{name}' in {file}."
        self._blank(error)  # it stays behind the new one as its context
        said = AuthExpired(f"{error} {remedy}")
        said.final, said.code = True, error.code
        self._blank(said)
        return said

    def _token(self, rejected: str) -> str:
        """The token to send; "" where the platform has none."""
        grant = self.grant
        if grant is None:
            return ""
        token = self.store.fresh(partial(self._renew, grant), self.now(), grant.margin_s, rejected, first=NO_TOKEN if grant.consent is None else None)
        self.redactor.add(token.access, token.refresh)
        return token.access

    def _renew(self, grant: Grant, token: Token) -> Token:
        """A new token for an old one: by its refresh token, or by the app's own secret."""
        if not grant.is_renewable:
            raise AuthExpired(f"The token of '{self.account.login_name}' is no longer taken.")
        self.redactor.add(token.access, token.refresh)
        if grant.consent is None:
            return self._ask_token(grant, grant.exchange, {}, None)
        return self._ask_token(grant, grant.refresh or grant.exchange, {"refresh": token.refresh}, token)

    def exchange(self, code: str, redirect_uri: str = "") -> Token:
        """The first token, for the code that the consent page gave; stored before it is used."""
        grant = self.grant
        if grant is None:
            raise AuthExpired(f"{self.connector.label_en} has no login: its token is a setting. Run: python -m connectors init")
        self.redactor.add(code)
        token = self._ask_token(grant, grant.exchange, {"code": code, "redirect_uri": redirect_uri}, None)
        self.store.save(token, self.now())
        return token

    def _ask_token(self, grant: Grant, ask: TokenCall, given: Mapping[str, str], before: Token | None) -> Token:
        known = {**dict(self.secrets.items()), **given, "id": self.account.id}
        fields = {name: value.format(**known) for name, value in ask.fields.items()}
        body = self.call(Call(ask.path, fields, ask.method, ask.base_url, ask.sends, is_token=True))
        token = grant.token(body, self.now(), before)
        self.redactor.add(token.access, token.refresh)
        return token

    def ask(self, endpoint: Endpoint, params: Mapping[str, Any], page: Mapping[str, Any]) -> Any:
        """One page of an endpoint."""
        return self.call(Call(endpoint.path, {**params, **page}, endpoint.method, endpoint.base_url))

    def probe(self, endpoint: Endpoint) -> Any:
        """The first page of an endpoint's newest window: the cheapest call that proves a permission."""
        windows = endpoint.window.plan(self.reach(), [])
        if not windows:
            raise PlatformDown(f"{endpoint.label_en} has no window to ask for at this hour.")
        params = self.connector.params(endpoint, self.account, windows[-1], self.zone)
        return next(iter(endpoint.paging.pages(partial(self.ask, endpoint, params), lambda body: 0)))
