"""Header cells: how two spellings of one header are recognised as the same, and which row is the header row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

SEARCHED_ROWS = 30
MONEY_UNITS = {"元": "", "人民币": "CNY", "¥": "", "rmb": "CNY", "$": "", "rp": "IDR", "€": "EUR", "£": "GBP"}
ISO = ["aed", "aud", "brl", "cad", "chf", "cny", "eur", "gbp", "hkd", "idr", "inr", "jpy", "krw", "mxn", "myr", "nzd", "php", "pln", "rub", "sar", "sgd", "thb", "try", "twd", "usd", "vnd"]
_UNIT = re.compile(r"\((" + "|".join([*map(re.escape, MONEY_UNITS), *ISO]) + r")\)$")
INVISIBLE = "\ufeff\u200b\u200e\u200f\t\r\n\xa0 \u3000"


def clean(text: str | None) -> str:
    """The header as shown: without marks, tabs and blanks around it."""
    return (text or "").strip(INVISIBLE)


@lru_cache(maxsize=20_000)
def normal(text: str) -> str:
    """Spelling-independent form: no blanks, half-width, lower case, without a trailing money unit."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).translate({ord(c): None for c in INVISIBLE})).casefold()
    return _UNIT.sub("", folded) or folded


def currency_of(headers: Iterable[str]) -> str | None:
    """The currency that the headers' units name (`Amount spent (EUR)`), None when none or several do."""
    found = set()
    for header in headers:
        match = _UNIT.search(re.sub(r"\s+", "", unicodedata.normalize("NFKC", header)).casefold())
        if match:
            found.add(MONEY_UNITS.get(match.group(1), match.group(1).upper()))
    found.discard("")
    return found.pop() if len(found) == 1 else None


def unique(row: Sequence[str | None], taken: Sequence[str] = ()) -> list[str]:
    """Column names of a part: trimmed headers, duplicates get `__2`, `__3`, an empty header `col_7`."""
    names: list[str] = []
    seen = {name.casefold() for name in taken}
    for position, cell in enumerate(row, 1):
        base = clean(cell) or f"col_{position}"
        name, count = base, 1
        while name.casefold() in seen:  # SQL names do not tell cases apart
            count += 1
            name = f"{base}__{count}"
        seen.add(name.casefold())
        names.append(name)
    return names


def known_in(row: Sequence[str | None], known: frozenset[str] | set[str]) -> int:
    """How many different known headers a row shows."""
    return len({normal(cell) for cell in row if cell and clean(cell)} & known)


def header_row(rows: Sequence[Sequence[str | None]], known: frozenset[str] | set[str]) -> int | None:
    """Index of the row, of the first 30, with the most known headers; the earliest of equals; None when no row has any."""
    scores = [known_in(row, known) for row in rows[:SEARCHED_ROWS]]
    best = max(scores, default=0)
    return scores.index(best) if best else None


def likely_header(rows: Sequence[Sequence[str | None]]) -> int:
    """Index of the row that looks most like a header of an unknown file: most different words, earliest of equals."""
    def words(row: Sequence[str | None]) -> int:
        return len({clean(c) for c in row if c and clean(c) and not re.fullmatch(r"[-+¥$\d.,:/% ]+", clean(c))})

    scores = [words(row) for row in rows[:SEARCHED_ROWS]]
    return scores.index(max(scores)) if scores else 0
