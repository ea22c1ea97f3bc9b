"""From choices on the mapping page to a mapping: kinds of file, the columns they fill, likely headers."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from connectors.errors import MappingError
from connectors.files.header import clean, normal

RANK = 50  # after the layouts that ship with the product
CLOSE = 0.86
DATE_FORMATS = ("", "%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d")


@cache
def presets() -> dict[str, dict[str, Any]]:
    """Kinds of file that can be mapped on a page, by id, as presets.toml states them."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def suggest(preset: str, headers: Sequence[str]) -> dict[str, str]:
    """Column -> header that most likely fills it; each header at most once, exact spellings first."""
    columns, found, left = presets()[preset]["columns"], {}, [clean(header) for header in headers]
    for exact in (True, False):
        for name, column in columns.items():
            if name in found:
                continue
            wanted = [normal(like) for like in [column["zh"], column["en"], name, *column["like"]]]
            hit = next((h for like in wanted for h in left if _fits(normal(h), like, exact)), None)
            if hit:
                found[name] = hit
                left.remove(hit)
    return found


def _fits(header: str, like: str, exact: bool) -> bool:
    return header == like if exact else difflib.SequenceMatcher(None, header, like).ratio() >= CLOSE


def best_preset(headers: Sequence[str]) -> str:
    """The kind of file whose needed columns the headers fill best."""

    def score(preset: str) -> tuple[float, int]:
        columns, found = presets()[preset]["columns"], suggest(preset, headers)
        needed = [name for name, column in columns.items() if column.get("needed")]
        return sum(name in found for name in needed) / len(needed), len(found)

    return max(presets(), key=score)


def missing(preset: str, chosen: Mapping[str, str]) -> list[str]:
    """Columns that must still be chosen; a shop's daily figures need the day and at least one figure."""
    columns = presets()[preset]["columns"]
    gone = [name for name, column in columns.items() if column.get("needed") and not chosen.get(name)]
    if presets()[preset].get("metrics") and not any(value for name, value in chosen.items() if name != "day"):
        gone.append(next(name for name in columns if name != "day"))
    return gone


def mapping(
    preset: str, source: str, chosen: Mapping[str, str], *, label: str = "", platform: str = "other",
    currency: str = "", zone: str = "", date_format: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The mapping for these choices (column -> header; empty = not in the file). Raises MappingError naming what is missing."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", source):
        raise MappingError(f"'{source}' cannot name a kind of file. Use small letters, digits and _, at most 40.")
    spec, gone = presets()[preset], missing(preset, chosen)
    if gone:
        raise MappingError(f"Choose a column for: {', '.join(gone)}.")
    columns = {name: _entry(name, header, date_format) for name, header in chosen.items() if header}
    head = {
        "source": source, "platform": platform, "kind": spec["kind"], "rank": RANK, "currency": currency, "zone": zone,
        "label": {"zh": label or source, "en": label or source},
    }  # fmt: skip
    if spec.get("metrics"):
        return head | {"table": [_figure(spec["table"], name, columns) for name in columns if name != "day"]}
    fixed = {name: {"value": value} for name, value in spec.get("fixed", {}).items()}
    table = {"into": spec["table"], "columns": columns | fixed}
    return head | {"table": [table | ({"edges_partial": True} if spec.get("edges_partial") else {})]}


def _figure(table: str, metric: str, columns: Mapping[str, Any]) -> dict[str, Any]:
    """One metric of the shop's day as its own table of the mapping."""
    fixed = {"metric": {"value": metric}, "period_kind": {"value": "day"}}
    return {"into": table, "columns": {"day": columns["day"], "day_to": columns["day"], "value": columns[metric], **fixed}}


def _entry(name: str, header: str, date_format: str) -> Any:
    if name == "day" and date_format:
        return {"from": header, "type": "day", "format": date_format}
    return header
