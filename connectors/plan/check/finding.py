"""What the checker says: a finding with its facts, and the words for it in Chinese and English (words.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

from connectors.plan.model import Node
from connectors.plan.quantity import Quantity, rounded, shown

SEVERITIES = ("error", "warning", "info", "ok")
WRONG = frozenset({"error", "warning"})


@dataclass(frozen=True)
class Finding:
    """One thing the checker noticed; the plan itself stays as it was.

    `rule`: which rule looked; `code`: what it found, the key of its words. `nodes`: ids, the one it is about first.
    `stated`, `computed`: what the plan says and what its own numbers give (shares divided: 95 % is 0.95); None when
    there is no single number. `facts`: ready-made texts, as typed (25.8万), that the words of `code` name.
    """

    rule: str
    code: str
    severity: str
    nodes: tuple[str, ...] = ()
    stated: Decimal | None = None
    computed: Decimal | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def difference(self) -> Decimal | None:
        """stated - computed; None when one of them is not a number."""
        return None if self.stated is None or self.computed is None else self.stated - self.computed

    def message(self, lang: str = "en") -> str:
        """The finding in words. `lang`: en or zh."""
        said = words()
        told = {
            name: said[f"period_{fact}"][lang] if name.endswith("_period") else fact
            for name, fact in self.facts.items()
        }
        return said[self.code][lang].format_map(told)


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """code -> language -> sentence with {facts} in braces."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def found(
    rule: str,
    code: str,
    severity: str,
    node: Node,
    *others: Node,
    stated: Decimal | None = None,
    computed: Decimal | None = None,
    like: Quantity | None = None,
    **facts: object,
) -> Finding:
    """A finding about a node; amounts are written the way `like` (else the node's target) was typed."""
    style = like or node.target
    told = {"name": label(node)}
    if stated is not None:
        told["stated"] = node.target.text if stated == node.target.value else shown(stated, style)
    if computed is not None:
        told["computed"] = shown(computed, style)
    if stated is not None and computed is not None:
        told["difference"] = ("+" if stated > computed else "") + shown(stated - computed, style)
    told |= {name: str(value) for name, value in facts.items()}
    return Finding(rule, code, severity, (node.id, *(other.id for other in others)), stated, computed, told)


def label(node: Node) -> str:
    """A node's name for people, its id when it has none."""
    return node.name or node.id


def percent(share: Decimal) -> str:
    return f"{rounded(share * 100, 1):f}%"


def span(low: Decimal, high: Decimal) -> str:
    """7, or 7-8."""
    ends = [f"{each.normalize():f}" for each in (low, high)]
    return ends[0] if low == high else "-".join(ends)
