"""Every word a user reads, from labels.toml (and metrics.toml for metrics), in the reader's language.

The browser's language comes first; the switch is kept in the link (`?lang=en`) and in a cookie.
"""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

LANGS = ("zh", "en")
COOKIE = "daybook_lang"
_FILE = Path(__file__).with_name("labels.toml")
_RUN = threading.local()


@lru_cache(maxsize=1)
def all_labels() -> dict[str, dict[str, str]]:
    """Every label of labels.toml: {"common.export": {"zh": "导出", "en": "Export"}, …}; read once per process."""
    tree: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {f"{section}.{key}": texts for section, keys in tree.items() for key, texts in keys.items()}


def text(language: str, key: str, **values: object) -> str:
    """The label `key` ("section.name") in `language`, with {names} filled in. Raises KeyError for an unknown key."""
    template = all_labels()[key][language]
    return template.format(**values) if values else template


def t(key: str, **values: object) -> str:
    """The label `key` ("section.name") in the reader's language, with {names} filled in."""
    return text(lang(), key, **values)


def lang() -> str:
    """'zh' or 'en': what the reader chose, else the link, the cookie, the browser; Chinese when nothing says."""
    settled: str | None = getattr(_RUN, "lang", None)
    if settled is not None:
        return settled
    chosen = st.session_state.get("lang")
    if chosen in LANGS:
        return str(chosen)
    found = _from_link() or _from_cookie() or _from_browser() or "zh"
    st.session_state["lang"] = found
    return found


@contextmanager
def one_language() -> Iterator[None]:
    """Ask for the reader's language once for all that is drawn inside; a page asks some 250 times."""
    _RUN.lang = lang()
    try:
        yield
    finally:
        _RUN.lang = None


def pick(texts: Mapping[str, str] | None, fallback: str = "") -> str:
    """The reader's language out of a {"zh": …, "en": …} pair, e.g. METRICS[id].label."""
    return (texts or {}).get(lang()) or fallback


def zone_label(zone: str, language: str | None = None) -> str:
    """北京时间 for Asia/Shanghai; other zones keep their own name."""
    key = f"zone.{zone.replace('/', '_')}"
    labels = all_labels()
    return labels[key][language or lang()] if key in labels else zone


def _known(code: str | None) -> str | None:
    if not code:
        return None
    short = code.strip().lower()[:2]
    return short if short in LANGS else "en"


def _from_link() -> str | None:
    code = st.query_params.get("lang")
    return code if code in LANGS else None


def _from_cookie() -> str | None:
    code = st.context.cookies.to_dict().get(COOKIE)
    return code if code in LANGS else None


def _from_browser() -> str | None:
    locale = st.context.locale
    if isinstance(locale, str) and locale:
        return _known(locale)
    accept = st.context.headers.to_dict().get("Accept-Language", "")
    return _known(accept.split(",")[0].split(";")[0])
