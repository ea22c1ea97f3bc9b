"""Metric definitions as metrics.toml states them: read once, checked while reading."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.errors import ConfigError, OpsError

FILE = Path(__file__).with_name("metrics.toml")
SHOP_DIMENSIONS = ("day", "shop", "platform")
WIDE_DIMENSIONS = ("channel", "item", "campaign", "session")
UNITS = ("money", "count", "person", "rate", "ratio", "seconds", "hours")
ADDITIVITY = ("A", "D", "R", "X", "W")


class UnknownMetric(OpsError):
    """No metric has this id; the message names close ones."""


class UnknownDimension(OpsError):
    """The metric cannot be split that way; the message names the valid ways."""


@dataclass(frozen=True)
class Metric:
    """One metric. `ups` and `downs` are the weights of its base figures above and below the line (below empty: not a ratio)."""

    id: str
    label: Mapping[str, str]
    tooltip: Mapping[str, str]
    basis: Mapping[str, str]
    unit: str
    good: str
    additivity: str
    numerator: str | None
    denominator: str | None
    scale: float
    dimensions: tuple[str, ...]
    sources: tuple[str, ...]
    columns: Mapping[str, str]
    special: str | None
    ups: Mapping[str, int]
    downs: Mapping[str, int]
    example: Mapping[str, Any]

    @property
    def parts(self) -> tuple[str, ...]:
        """The base figures it is made of."""
        return tuple(dict.fromkeys([*self.ups, *self.downs]))

    @property
    def is_base(self) -> bool:
        """Stored as such, not computed from others."""
        return bool(self.sources)


def load_metrics(path: Path = FILE) -> dict[str, Metric]:
    """All metrics by id. Raises ConfigError naming the metric and what is wrong with it."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: _metric(name, raw) for name in raw}


def _metric(name: str, raw: Mapping[str, Any]) -> Metric:
    block = raw[name]
    try:
        ups, downs = _weights(name, raw), _weights_below(name, raw)
        built = Metric(
            id=name, label=block["label"], tooltip=block["tooltip"], basis=block["basis"], unit=block["unit"], good=block["good"],
            additivity=block["additivity"], numerator=block.get("numerator"), denominator=block.get("denominator"),
            scale=float(block.get("scale", 1)), dimensions=_dimensions(name, raw), sources=tuple(block.get("sources", ())),
            columns=block.get("columns", {}), special=block.get("special"), ups=ups, downs=downs, example=block["example"],
        )  # fmt: skip
    except KeyError as error:
        raise ConfigError(
            f"Metric '{name}' in {FILE.name} lacks or names an unknown {error}. Complete its block."
        ) from error
    if built.unit not in UNITS or built.additivity not in ADDITIVITY:
        raise ConfigError(
            f"Metric '{name}' in {FILE.name}: unit must be one of {UNITS}, additivity one of {ADDITIVITY}."
        )
    return built


def _weights(name: str, raw: Mapping[str, Any]) -> dict[str, int]:
    block = raw[name]
    if "numerator" in block:
        return _weights(block["numerator"], raw)
    return dict(block["parts"]) if "parts" in block else {name: 1}


def _weights_below(name: str, raw: Mapping[str, Any]) -> dict[str, int]:
    below = raw[name].get("denominator")
    return _weights(below, raw) if below else {}


def _dimensions(name: str, raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Day, shop and platform always; a wide one when both parts are found there."""
    block = raw[name]
    if block.get("special"):
        return SHOP_DIMENSIONS
    ends = [part for part in (block.get("numerator"), block.get("denominator")) if part] or [name]
    return SHOP_DIMENSIONS + tuple(d for d in WIDE_DIMENSIONS if all(_found_in(part, d, raw) for part in ends))


def _found_in(part: str, dimension: str, raw: Mapping[str, Any]) -> bool:
    block = raw[part]
    if "parts" in block:  # a weighted sum: item rows hold sales and refunds side by side
        return dimension == "item" and all(_found_in(p, dimension, raw) for p in block["parts"])
    return dimension in block.get("columns", {})


METRICS: dict[str, Metric] = load_metrics()


def metric_sources() -> list[tuple[str, str, int]]:
    """(metric, kind of source, rank) of every stored metric: the precedence the marts choose by."""
    return [(m.id, kind, rank) for m in METRICS.values() for rank, kind in enumerate(m.sources)]


def find(metric_id: str) -> Metric:
    """The metric of that id. Raises UnknownMetric naming the valid ones."""
    try:
        return METRICS[metric_id]
    except KeyError:
        raise UnknownMetric(f"No metric is called '{metric_id}'. Valid: {', '.join(METRICS)}") from None


def check_dimensions(found: Metric, by: tuple[str, ...]) -> None:
    """Raises UnknownDimension naming the ways the metric can be split."""
    wrong = [d for d in by if d not in found.dimensions]
    wide = [d for d in by if d in WIDE_DIMENSIONS]
    if wrong or len(wide) > 1:
        what = ", ".join(wrong or wide)
        raise UnknownDimension(
            f"'{found.id}' cannot be split by {what}. Valid: {', '.join(found.dimensions)} (one of channel, item, campaign, session at a time)"
        )
