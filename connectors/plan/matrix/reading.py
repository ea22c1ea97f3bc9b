"""How one month table is read, as data to keep beside other mappings."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from connectors.plan.errors import Fault, PlanError
from connectors.plan.workbook.grid import letters


@dataclass(frozen=True)
class MatrixReading:
    """How to read one table, as data to keep: the next file of the same shape is read without asking.

    months: across or down. header: the row (down: the column) with the months, labels: the columns (down: rows) with the names,
    as on the sheet (4, D). periods: column (down: row) -> 2026-07. unit: as the table says it, scale: what one is times.
    """

    sheet: str
    months: str
    header: str
    labels: tuple[str, ...]
    periods: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    scale: str = "1"
    currency: str = "CNY"
    kind: str = "budget"  # budget | flow
    metric: str = ""
    title: str = ""


def dump_reading(reading: MatrixReading) -> str:
    """A reading as TOML; load_reading(dump_reading(r)) == r."""
    lines = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in asdict(reading).items()
        if name != "periods"
    ]
    return (
        "\n".join(
            [
                *lines,
                "[periods]",
                *(f"{json.dumps(place)} = {json.dumps(month)}" for place, month in reading.periods.items()),
            ]
        )
        + "\n"
    )


def load_reading(text: str) -> MatrixReading:
    """Raises PlanError when the text is no reading."""
    try:
        raw = tomllib.loads(text)
        return MatrixReading(**{**raw, "labels": tuple(raw["labels"])})
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise PlanError(
            "reading",
            [Fault("reading", f"it is not how a month table is read ({error}). Guess it again from the file.")],
        ) from error


def place_of(index: int, is_column: bool) -> str:
    return letters(index) if is_column else str(index + 1)


def index_of(place: str) -> int:
    """4 -> 3, D -> 3."""
    if place.isdecimal():
        return int(place) - 1
    number = 0
    for letter in place:
        number = number * 26 + ord(letter) - 64
    return number - 1
