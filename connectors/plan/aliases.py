"""Names that people write in plans -> the names of today's reports: 直通车 is 关键词推广, 销售额 is the metric `sales`.

Defaults stand in aliases.toml; a user's own rows (alias, name, platform) stand above them. A name that two tools took over
is not decided here: both are given, and whoever reads the plan asks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from connectors.files.header import normal

Row = tuple[str, str, str]  # alias, name, platform ('' is every platform)


@dataclass(frozen=True)
class Tool:
    """Where money goes. scope: what a query matches; metric: what counts as spent ('' is typed); part: 推广, 优惠券, 赠品, 平台费."""

    name: str
    platform: str = ""
    part: str = ""
    metric: str = ""
    scope: Mapping[str, str] = field(default_factory=dict)
    old: tuple[str, ...] = ()


@dataclass(frozen=True)
class MetricWord:
    """How a target of a metric is held: kind of node and its total ('' cannot be added: people)."""

    id: str
    kind: str = "flow"
    total: str = "sum"


@dataclass(frozen=True)
class Resolved:
    """`name`: the one name; '' when several could be meant (`candidates` has them) or none is known (empty)."""

    name: str
    candidates: tuple[str, ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        return len(self.candidates) > 1


def resolve(name: str, rows: Iterable[Row] = (), platform: str = "") -> Resolved:
    """What a written name stands for. The user's rows decide first, then today's names, then old ones.

    `platform` narrows both; an unknown name gives Resolved("", ()).
    """
    key = normal(name)
    own = _names((row[1], row[2]) for row in rows if normal(row[0]) == key and _fits(row[2], platform))
    if own:
        return _one(own)
    fitting = [tool for tool in tools().values() if _fits(tool.platform, platform)]
    same = [tool.name for tool in fitting if normal(tool.name) == key]
    return _one(same or [tool.name for tool in fitting if key in map(normal, tool.old)])


def tool_of(name: str) -> Tool | None:
    """The tool of a canonical name; None for a name that only the user has."""
    return tools().get(normal(name))


def metric_of(word: str) -> MetricWord | None:
    """The metric that a Chinese or English word or an id names; None when it names none."""
    return metric_words().get(normal(word))


def metric_label(id: str, lang: str = "zh") -> str:  # noqa: A002 - the field's own word
    """The usual word for a metric; the id where no word is known."""
    words = _raw()["metric"].get(id, {}).get("old", ())
    fitting = [word for word in words if word.isascii() == (lang == "en")]
    return str((fitting or words or [id])[-1 if fitting and lang == "en" else 0])


def question(name: str, candidates: Sequence[str]) -> str:
    """What to ask about an ambiguous name."""
    return f"'{name}' is now called {' or '.join(candidates)}. Write the one you mean, or add it to the list of other names."


@cache
def tools() -> dict[str, Tool]:
    """Every tool by its normalised name."""
    found = [Tool(**{**each, "old": tuple(each["old"])}) for each in _raw()["tool"]]
    return {normal(each.name): each for each in found}


@cache
def metric_words() -> dict[str, MetricWord]:
    found: dict[str, MetricWord] = {}
    for name, entry in _raw()["metric"].items():
        word = MetricWord(name, entry.get("kind", "flow"), entry.get("total", "sum"))
        found |= {normal(each): word for each in (name, *entry["old"])}
    return found


def default_rows() -> list[Row]:
    """The defaults as rows, for the page that edits them."""
    return [(old, tool.name, tool.platform) for tool in tools().values() for old in tool.old]


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _fits(own: str, asked: str) -> bool:
    return not own or not asked or own == asked


def _names(found: Iterable[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for name, _ in found))


def _one(names: Sequence[str]) -> Resolved:
    return Resolved(names[0] if len(names) == 1 else "", tuple(names))
