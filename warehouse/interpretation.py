"""What a mapping hands to the warehouse: typed views over a package's parts, and SELECTs that fill fact tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """A typed column of a view. `header`: its name in the part (ndjson: a JSON path), None when the part has none.

    In a view of records it is a dotted path, in the entry of `each` or, with `^` in front, in the record itself.
    """

    name: str
    type: str = "text"
    header: str | None = None
    format: str | None = None


@dataclass(frozen=True)
class View:
    """Typed reading of one part. `drop` and `totals` are SQL predicates over the part's own text columns.

    `records`: the part holds one JSON record a line and every field is read in one pass; `each`: dotted path of a list in
    the record, one row per entry.
    """

    name: str
    part: str
    columns: tuple[Column, ...]
    drop: str = ""
    totals: str = ""
    pairs: bool = False
    records: bool = False
    each: str = ""


@dataclass(frozen=True)
class Load:
    """One SELECT over the views that gives rows of `table`; must output `_row`.

    `covers`: output column whose days the load answers for (default: the table's first day column), or `nothing`;
    `edges_partial`: without a stated window the first and last day count as partly covered.
    """

    table: str
    sql: str
    covers: str | None = None
    edges_partial: bool = False


@dataclass(frozen=True)
class SourceInfo:
    """Who supplies the rows; `kind` and `rank` order it against others for a metric, `purse` names the money."""

    source: str
    kind: str
    rank: int = 100
    purse: str = ""
    platform: str = ""
    label_zh: str = ""
    label_en: str = ""


@dataclass(frozen=True)
class Interpretation:
    """How to read one package. `params` are bound by name in every load's SQL."""

    views: tuple[View, ...]
    loads: tuple[Load, ...]
    source: SourceInfo
    params: Mapping[str, object] = field(default_factory=dict)
