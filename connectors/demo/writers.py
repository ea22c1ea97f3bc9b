"""Write CSV and XLSX the way the back offices do; bytes depend on the rows alone."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import xlsxwriter
from numpy.typing import ArrayLike, NDArray

HEADERS = Path(__file__).with_name("headers.toml")
Cell = str | int | float
BLANK: tuple[Cell, ...] = ("",)


@cache
def header(name: str) -> tuple[str, ...]:
    """Column names of one kind of export, in file order."""
    with HEADERS.open("rb") as file:
        return tuple(tomllib.load(file)[name].split("、"))


def csv_lines(names: Sequence[str], columns: Mapping[str, str | Sequence[object]], default: str = "") -> list[str]:
    """One text line a row. columns: a list per row, or one text for all; a name left out takes `default`.

    Values are written as given: the caller adds the quotes its platform adds.
    Raises ValueError for a column the header does not have.
    """
    unknown = set(columns) - set(names)
    if unknown:
        raise ValueError(f"columns not in the header: {sorted(unknown)}")
    varying = [n for n in names if not isinstance(columns.get(n, default), str)]
    template = ",".join("%s" if n in varying else str(columns.get(n, default)).replace("%", "%%") for n in names)
    return [template % row for row in zip(*(columns[n] for n in varying), strict=True)]


def write_csv(path: Path, names: Sequence[str], lines: Iterable[str], *, encoding: str, quote_header: bool = False, tail: str = "") -> None:
    """CRLF text in the platform's encoding (`utf-8-sig` writes the BOM)."""
    top = ",".join(f'"{n}"' if quote_header else n for n in names)
    text = "\r\n".join([top, *lines]) + "\r\n" + tail
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))


def write_xlsx(path: Path, sheets: Mapping[str, Iterable[Sequence[Cell]]]) -> None:
    """Sheets of rows; text stays text, numbers stay numbers, blank text is an empty cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": datetime(2020, 1, 1)})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, str):
                        if value:
                            sheet.write_string(r, c, value)
                    else:
                        sheet.write_number(r, c, value)


def rows_of(names: Sequence[str], columns: Mapping[str, Cell | Sequence[Cell]], count: int, default: Cell = "") -> list[tuple[Cell, ...]]:
    """Rows for a sheet from columns, or single values repeated; raises ValueError for unknown names."""
    unknown = set(columns) - set(names)
    if unknown:
        raise ValueError(f"columns not in the header: {sorted(unknown)}")
    filled: list[Sequence[Cell]] = []
    for name in names:
        value = columns.get(name, default)
        filled.append([value] * count if isinstance(value, str | int | float) else value)
    return list(zip(*filled, strict=True))


def stamps(seconds: ArrayLike, form: str = "-", blank: str = "") -> list[str]:
    """`2026-11-11 20:03:07` (form "-") or `2026/11/11 20:03:07` (form "/"); negative instants become `blank`."""
    values = np.asarray(seconds, dtype=np.int64)
    texts = np.datetime_as_string(values.astype("datetime64[s]")).tolist()
    if form == "/":
        return [blank if v < 0 else f"{t[:4]}/{t[5:7]}/{t[8:10]} {t[11:]}" for t, v in zip(texts, values.tolist(), strict=True)]
    return [blank if v < 0 else f"{t[:10]} {t[11:]}" for t, v in zip(texts, values.tolist(), strict=True)]


def days_text(days: ArrayLike) -> list[str]:
    """`2026-11-11` for days since 1970."""
    texts: list[str] = np.datetime_as_string(np.asarray(days, dtype=np.int64).astype("datetime64[D]")).tolist()
    return texts


def yuan(fen: ArrayLike) -> list[str]:
    """`1234.50` for fen."""
    return [f"{v / 100:.2f}" for v in np.asarray(fen).tolist()]


def commas(fen: ArrayLike) -> list[str]:
    """`1,234.50` for fen."""
    return [f"{v / 100:,.2f}" for v in np.asarray(fen).tolist()]


def counts(values: ArrayLike) -> list[str]:
    """`1,234`."""
    return [f"{int(v):,}" for v in np.asarray(values).tolist()]


def rate(part: float, whole: float, missing: str = "-") -> str:
    """`3.20%`, or `missing` when there is nothing to divide by."""
    return f"{part / whole:.2%}" if whole else missing


def rates(part: ArrayLike, whole: ArrayLike, missing: str = "-") -> list[str]:
    """`rate` for columns."""
    return [rate(p, w, missing) for p, w in zip(np.asarray(part).tolist(), np.asarray(whole).tolist(), strict=True)]


def ratio(part: NDArray[np.generic], whole: NDArray[np.generic]) -> NDArray[np.float64]:
    """part / whole, 0 where there is nothing to divide by (platforms write 0 there)."""
    top, bottom = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    result: NDArray[np.float64] = np.divide(top, bottom, out=np.zeros_like(top), where=bottom != 0)
    return result
