"""Secrets are blanked in every form they travel in, and nothing else is touched."""

from __future__ import annotations

import base64
import io
import json
import logging
import sys
import threading
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.api.redact import RedactingFilter, Redactor, install

SECRET = 'pa/ss+wörd"\\=%&'


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def logger(stream: io.StringIO) -> logging.Logger:
    """A logger of the test's own that writes into `stream`."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s"))
    own = logging.Logger("redacted")
    own.addHandler(handler)
    return own


@pytest.mark.parametrize("form", [
    SECRET, quote(SECRET), quote(SECRET, safe=""), urlencode({"": SECRET})[1:], quote(SECRET, safe="").lower(),
    json.dumps(SECRET)[1:-1], json.dumps(SECRET, ensure_ascii=False)[1:-1], json.dumps(SECRET)[1:-1].replace("/", "\\/"), repr(SECRET)[1:-1],
])  # fmt: skip
def test_every_form_of_a_secret_is_blanked(form: str) -> None:
    """Plain, quoted for a URL either way, escaped for JSON either way, as repr writes it; in text and in bytes."""
    redactor = Redactor([SECRET])
    assert redactor.text(f"a={form}&b=1") == "a=***&b=1"
    assert redactor.raw(f"a={form}&b=1".encode()) == b"a=***&b=1"


def test_basic_authorisation_is_blanked_when_the_pair_is_known() -> None:
    """`user:secret` is known in Base64 too, with and without its padding."""
    pair = "ck_live_1:cs_live_22"
    sent = base64.b64encode(pair.encode()).decode()
    assert sent.endswith("=")
    redactor = Redactor([pair])
    assert redactor.text(f"Authorization: Basic {sent}") == "Authorization: Basic ***"
    assert redactor.text(f"Basic {sent.rstrip('=')}!") == "Basic ***!"


def test_longest_first_and_overlaps_become_one() -> None:
    """A secret that holds another leaves no rest, and two that overlap leave no end of either."""
    redactor = Redactor(["abcdef", "abcdef123456", "123456xyz"])
    assert redactor.text("<abcdef123456>") == "<***>"
    assert redactor.text("<abcdef123456xyz>") == "<***>"
    assert redactor.text("<abcdef abcdef>") == "<*** ***>"


def test_short_secrets_are_left_alone() -> None:
    """Five characters are too few to be blanked, six are enough; an empty one blanks nothing."""
    redactor = Redactor(["", "12345", "123456"])
    assert redactor.text("12345") == "12345"
    assert redactor.text("-123456-") == "-***-"


def test_what_holds_no_secret_is_given_back_itself() -> None:
    """No copy is made when nothing matches."""
    redactor = Redactor(["abcdef"])
    text, raw = "x" * 1000, b"x" * 1000
    assert redactor.text(text) is text
    assert redactor.raw(raw) is raw


def test_repr_shows_no_secret() -> None:
    """Printing the redactor itself gives nothing away."""
    assert "abcdef" not in repr(Redactor(["abcdef"])) + repr(RedactingFilter(Redactor(["abcdef"])))


@given(st.lists(st.text(min_size=6, max_size=12), max_size=5), st.lists(st.text(max_size=8), max_size=6))
def test_no_secret_survives(secrets: list[str], around: list[str]) -> None:
    """Whatever lies around and whatever the secrets are, none that has no star of its own is left."""
    redactor = Redactor(secrets)
    text = "".join(part + secret for part, secret in zip(around, secrets, strict=False)) + "".join(around)
    for secret in secrets:
        if "*" not in secret:
            assert secret not in redactor.text(text)


def test_reading_while_adding() -> None:
    """What was known before is blanked at every moment while another thread adds more."""
    redactor, stop, leaks = Redactor(["known-secret"]), threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            if "known-secret" in redactor.text("a known-secret b"):
                leaks.append(1)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(300):
        redactor.add(f"secret-{number:04}")
    stop.set()
    reader.join()
    assert not leaks
    assert redactor.text("secret-0000 secret-0299") == "*** ***"


def test_records_are_blanked(logger: logging.Logger, stream: io.StringIO) -> None:
    """Message, arguments, extras, traceback with its causes, and stack of a record."""
    redactor = Redactor(["s3cret-key"])
    install(redactor, logger)
    logger.handlers[0].setFormatter(logging.Formatter("%(message)s %(url)s"))
    try:
        try:
            raise KeyError("s3cret-key")
        except KeyError as error:
            raise ValueError("call with s3cret-key failed") from error
    except ValueError:
        logger.exception("sent %s and %d", "s3cret-key", 7, extra={"url": "/a?k=s3cret-key"})
    written = stream.getvalue()
    assert "s3cret" not in written
    assert written.startswith("sent *** and 7 /a?k=***\n")
    assert "KeyError: '***'" in written and "ValueError: call with *** failed" in written


def test_records_without_a_secret_keep_their_parts() -> None:
    """Template, arguments and exception stay as they were, so that other handlers can use them."""
    info = None
    try:
        raise ValueError("plain")
    except ValueError:
        info = sys.exc_info()
    record = logging.LogRecord("a", logging.INFO, "f.py", 1, "rows %d", (5,), info)
    assert RedactingFilter(Redactor(["s3cret-key"])).filter(record)
    assert (record.msg, record.args, record.exc_info) == ("rows %d", (5,), info)


def test_a_secret_split_over_template_and_argument_is_blanked(logger: logging.Logger, stream: io.StringIO) -> None:
    """The message is judged as it will be written, not part by part."""
    install(Redactor(["token-987654"]), logger)
    logger.warning("token-%s", "987654")
    assert stream.getvalue() == "***\n"


def test_wrong_arguments_do_not_leak(logger: logging.Logger, stream: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    """A message that cannot be formatted is written blanked, and nothing goes to stderr."""
    install(Redactor(["s3cret-key"]), logger)
    logger.warning("two %s %s", "s3cret-key")
    assert "***" in stream.getvalue() and "s3cret" not in stream.getvalue() + capsys.readouterr().err


def test_installed_once_and_for_loggers_below(stream: io.StringIO) -> None:
    """A second installation adds nothing; a child's records are blanked at the parent's handler."""
    parent = logging.Logger("parent")
    parent.addHandler(logging.StreamHandler(stream))
    child = logging.Logger("parent.child")
    child.parent = parent
    redactor = Redactor(["s3cret-key"])
    install(redactor, parent)
    install(redactor, parent)
    assert len(parent.filters) == len(parent.handlers[0].filters) == 1
    child.error("s3cret-key")
    assert stream.getvalue() == "***\n"
