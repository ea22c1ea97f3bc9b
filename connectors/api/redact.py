"""Secrets blanked out of whatever is shown, logged or kept.

A secret is known in the forms it travels in: as it is, quoted for a URL, escaped for JSON; `user:secret` also in Base64, as Basic
authorisation sends it, and so a key that is the user itself with no password behind it. Shorter than six characters it would blank
half of an ordinary text and is left alone.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import threading
from collections.abc import Iterable
from typing import AnyStr
from urllib.parse import quote, quote_plus

SHORTEST = 6
BLANK = "***"
_FORMAT = logging.Formatter()


class Redactor:
    """Replaces every known secret with `***`. May be read by some threads while others add."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._adding = threading.Lock()
        self._known: frozenset[str] = frozenset()
        self._texts: tuple[str, ...] = ()
        self._bytes: tuple[bytes, ...] = ()
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Know more secrets; empty and short ones are passed over."""
        fresh = {secret for secret in secrets if len(secret) >= SHORTEST} - self._known
        if not fresh:
            return
        forms = {form for secret in fresh for form in _forms(secret)}
        with self._adding:  # readers hold the old tuples until the new ones are whole
            self._known |= fresh
            self._texts = tuple(sorted({*self._texts, *forms}, key=lambda form: (-len(form), form)))
            self._bytes = tuple(form.encode(errors="surrogatepass") for form in self._texts)

    def text(self, s: str) -> str:
        """The text without secrets; the same object when it holds none."""
        return _blanked(s, self._texts, BLANK)

    def raw(self, b: bytes) -> bytes:
        """The bytes (UTF-8) without secrets; the same object when they hold none."""
        return _blanked(b, self._bytes, BLANK.encode())


class RedactingFilter(logging.Filter):
    """Blanks the message, arguments, extras, traceback and stack of a record. On a handler it sees the records of all loggers below."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self.redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        said = _said(record)
        clean = self.redactor.text(said)
        if clean != said:
            record.msg, record.args = clean, ()
        if record.exc_info:
            trace = record.exc_text or _FORMAT.formatException(record.exc_info)
            record.exc_text = self.redactor.text(trace)
            if record.exc_text != trace:
                record.exc_info = None  # a formatter of another make would write it out again
        for name, value in list(vars(record).items()):
            if isinstance(value, str):
                setattr(record, name, self.redactor.text(value))
        return True


def install(redactor: Redactor, logger: logging.Logger | None = None) -> RedactingFilter:
    """Put a filter on a logger (the root when none is named) and on each handler it has now, once; gives the filter."""
    logger = logger or logging.getLogger()
    ours = RedactingFilter(redactor)
    for place in (logger, *logger.handlers):
        if not any(isinstance(other, RedactingFilter) and other.redactor is redactor for other in place.filters):
            place.addFilter(ours)
    return ours


def _said(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # wrong arguments: the handler would print them to stderr as they are
        record.msg, record.args = f"{record.msg} {record.args!r}", ()
        return str(record.msg)


def _forms(secret: str) -> set[str]:
    """The ways a secret is written on its way."""
    forms = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    forms |= {form.replace("/", "\\/") for form in forms}
    for form in (quote(secret, errors="surrogatepass"), quote(secret, safe="", errors="surrogatepass"), quote_plus(secret, errors="surrogatepass")):
        forms |= {form, re.sub("%..", lambda found: found.group().lower(), form)}
    for pair in (secret,) if ":" in secret else (f"{secret}:",):
        basic = base64.b64encode(pair.encode(errors="surrogatepass")).decode("ascii")
        forms |= {basic, basic.rstrip("="), quote(basic, safe="")}
    return forms


def _blanked(whole: AnyStr, forms: tuple[AnyStr, ...], blank: AnyStr) -> AnyStr:
    """Overlapping finds become one blank, so that no end of one secret is left beside another."""
    found = [(at, at + len(form)) for form in forms if form in whole for at in _places(whole, form)]
    if not found:
        return whole
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    edges = [0, *(edge for span in spans for edge in span), len(whole)]
    return blank.join(whole[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def _places(whole: AnyStr, form: AnyStr) -> list[int]:
    places, at = [], whole.find(form)
    while at >= 0:
        places.append(at)
        at = whole.find(form, at + 1)
    return places
