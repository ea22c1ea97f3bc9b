"""How a platform hands out tokens: by consent and code, by refresh, or for an app's own id and secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from connectors.api.endpoint import dig
from connectors.api.tokens import Token, expires
from connectors.errors import UnexpectedPayload


@dataclass(frozen=True)
class TokenCall:
    """A call that answers with a token. Values of `fields` may hold `{code}`, `{refresh}`, `{redirect_uri}`, `{id}` or the name of a secret."""

    path: str
    fields: Mapping[str, str]
    method: str = "POST"
    base_url: str = ""
    sends: str = ""  # json | form | query, when not as the platform's other calls


@dataclass(frozen=True)
class Grant:
    """consent: page where a person agrees (None: nobody need agree, the app's own secret is enough), with its query `asks`.

    Paths `access` … are looked up below `data`. `refresh` None: such a token is not refreshed, it is asked for anew or lasts.
    """

    exchange: TokenCall
    refresh: TokenCall | None = None
    consent: str | None = None
    asks: Mapping[str, str] = field(default_factory=dict)
    code_name: str = "code"  # parameter of the redirect that carries the code
    data: str = "data"
    access: str = "access_token"
    expires_in: str = "expires_in"
    refresh_token: str = "refresh_token"  # noqa: S105 - the name of a field
    refresh_expires_in: str = "refresh_token_expires_in"
    keeps: tuple[str, ...] = ()  # further fields worth keeping: whose token it is
    margin_s: int = 300

    @property
    def is_renewable(self) -> bool:
        """Can a new token be had without a person?"""
        return self.refresh is not None or self.consent is None

    def consent_url(self, values: Mapping[str, str]) -> str:
        """The page to open; `values` fill the `{name}` of `asks`."""
        return f"{self.consent}?{urlencode({name: ask.format(**values) for name, ask in self.asks.items()})}"

    def token(self, body: Any, now: int, before: Token | None = None) -> Token:
        """The token in an answer. A refresh that returns no new refresh token keeps the old one. Raises UnexpectedPayload."""
        data = dig(body, self.data)
        access = dig(data, self.access)
        if not access:
            raise UnexpectedPayload(f"The answer for a token has no '{self.data}.{self.access}'. Nothing was changed; try again, or compare with the contract.")
        refresh = dig(data, self.refresh_token)
        ends = expires(dig(data, self.refresh_expires_in), now)
        return Token(
            access=str(access), expires_at=expires(dig(data, self.expires_in), now), refresh=str(refresh or (before.refresh if before else "")),
            refresh_expires_at=ends if ends is not None else (before.refresh_expires_at if before else None), obtained_at=now,
            extra={name: str(value) for name in self.keeps if (value := dig(data, name)) not in (None, "")} or (dict(before.extra) if before else {}),
        )  # fmt: skip
