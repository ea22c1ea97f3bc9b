"""Logging in where a person must agree: the consent page, then its code, pasted or caught on this computer."""

from __future__ import annotations

import html
import secrets
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from connectors.api.line import Line
from connectors.api.tokens import Token
from connectors.errors import AuthExpired
from warehouse.errors import ConfigError

WAIT_S = 300.0


class Consent:
    """One login. `url`: the page to open; `finish` takes the code, or the whole address the page led to."""

    def __init__(self, line: Line, redirect_uri: str = "") -> None:
        grant = line.connector.grant
        if grant is None or grant.consent is None:
            raise ConfigError(f"{line.connector.label_en} needs no login: its credentials are settings. Run: python -m connectors ping {line.account.name}")
        self.line, self.grant, self.redirect_uri, self.state = line, grant, redirect_uri, secrets.token_urlsafe(16)
        known = {**dict(line.secrets.items()), "state": self.state, "redirect_uri": redirect_uri, "id": line.account.id}
        secret = sorted(name for name in line.connector.credentials if "secret" in name and any("{" + name + "}" in ask for ask in grant.asks.values()))
        if secret:
            raise ConfigError(f"{line.connector.label_en}: the consent page would show '{secret[0]}'. Correct its `asks`.")
        self.url = grant.consent_url(known)

    def finish(self, answer: str) -> Token:
        """Exchange the code for the first token. Raises ConfigError when the answer is not one of this login, ApiError from the platform."""
        code = self._code(answer.strip())
        return self.line.exchange(code, self.redirect_uri)

    def _code(self, answer: str) -> str:
        if "?" not in answer and "=" not in answer:
            if not answer:
                raise ConfigError("No code was given. Open the page, agree, and paste the code or the whole address it leads to.")
            return answer
        asked = parse_qs(urlsplit(answer).query or answer)
        if "state" in asked and asked["state"][0] != self.state:
            raise ConfigError("That address belongs to another login. Open the page printed last, agree there, and paste the address it leads to.")
        for name in (self.grant.code_name, "auth_code", "code"):
            if asked.get(name):
                return asked[name][0]
        raise AuthExpired(f"The address holds no '{self.grant.code_name}': {(asked.get('error_description') or asked.get('error') or ['access was not granted'])[0][:120]}")


def catch(consent: Consent, port: int, wait_s: float = WAIT_S) -> str:
    """Wait on 127.0.0.1 for the address that the consent page leads to. Raises AuthExpired when nobody came in time."""
    caught: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            fits = asked.get("state", [""])[0] == consent.state
            if fits:
                caught.append(self.path)
            words = "已收到授权，可以关闭此页。 Received; you may close this page." if fits else "不是本次授权。 Not this login."
            body = f"<!DOCTYPE html><meta charset=utf-8><p>{html.escape(words)}</p>".encode()
            self.send_response(200 if fits else 400)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            return  # the address holds the code

    with HTTPServer(("127.0.0.1", port), Handler) as server:
        server.timeout = 1.0
        for _ in range(int(wait_s)):
            server.handle_request()
            if caught:
                return caught[0]
    raise AuthExpired(f"Nobody came to http://127.0.0.1:{port} within {wait_s:.0f} s. Open the printed page and agree, then try again.")
