"""Words of the plan model in Chinese and English, both ways: 累计目标 <-> flow, 不超过 <-> at_most."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from connectors.files.header import normal

HERE = Path(__file__).with_name("templates")
LANGS = ("zh", "en")


def word(group: str, code: str, lang: str = "zh") -> str:
    """The word that is written for a code; '' for ''."""
    return str(_raw("words")[group][code][lang][0]) if code else ""


def words(group: str, lang: str = "zh") -> tuple[str, ...]:
    """Every word of a group, in its order: what a drop-down list offers."""
    return tuple(str(entry[lang][0]) for entry in _raw("words")[group].values())


def code(group: str, text: str) -> str | None:
    """The code of a word in either language, or of the code itself; None when it is neither."""
    return _codes(group).get(normal(text))


def spellings(group: str, name: str) -> list[str]:
    """Every spelling of one code, both languages."""
    entry = _raw("words")[group][name]
    return [str(each) for lang in LANGS for each in entry[lang]]


@cache
def _codes(group: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, entry in _raw("words")[group].items():
        for spelling in (name, *entry["zh"], *entry["en"]):
            found.setdefault(normal(spelling), name)
    return found


def texts_of(kind: str) -> dict[str, Any]:
    """What a template says about itself (titles, how to fill it, notes at columns, examples), by kind."""
    return _raw(kind)


@cache
def _raw(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
