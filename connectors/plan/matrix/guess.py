"""How a month table that somebody drew is read: where its months, labels and unit stand. What can be read in two ways is asked.

A table with months down the side is looked at turned by a quarter, so that one set of rules serves both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from connectors.files.header import normal
from connectors.plan.aliases import metric_of, metric_words
from connectors.plan.errors import Fault, PlanError
from connectors.plan.matrix.find import Found, find_tables
from connectors.plan.matrix.reading import MatrixReading, place_of
from connectors.plan.workbook.grid import Source, open_grids
from connectors.plan.workbook.write import MARK

_YEAR = re.compile(r"(?<!\d)(20\d{2}|19\d{2})(?!\d)")
# What a table says of its unit -> the factor and what one of it is. The longest word that stands there counts.
UNITS = (
    (r"亿元", "100000000", "元"), (r"千万元", "10000000", "元"), (r"百万元", "1000000", "元"), (r"万元", "10000", "元"), (r"千元", "1000", "元"),
    (r"(?:单位|in)[:：\s]*万|[(（]万[)）]", "10000", ""), (r"(?<![亿万千百])元(?![旦宵素])|rmb|cny", "1", "元"), (r"\bcr(?:ores?)?\b\.?", "10000000", ""),
    (r"\blakhs?\b|\blacs?\b", "100000", ""), (r"\bmillions?\b|\bmn\b|\$m\b|\bm(?:io)\b", "1000000", ""), (r"\bthousands?\b|'000|\$k\b|(?:usd|eur|gbp|rmb|cny|[$€£])\s*k\b", "1000", ""),
)  # fmt: skip
CURRENCIES = (
    ("inr|rs\\.?|₹|rupees?", "INR"),
    ("usd|us\\$|\\$|dollars?", "USD"),
    ("eur|€|euros?", "EUR"),
    ("gbp|£|pounds?", "GBP"),
    ("cny|rmb|元|¥", "CNY"),
    ("jpy|yen", "JPY"),
)
BUDGET = re.compile(r"预算|费用|投入|投放|花费|成本|支出|budget|spend|investment|expense|\bcosts?\b", re.IGNORECASE)
FLOW = re.compile(r"目标|销售额|业绩|支付金额|成交|\bgmv\b|\bsales\b|target|revenue", re.IGNORECASE)


def guess_matrix(
    source: Source, sheet: str = "", *, header: str = "", year: int | None = None, unit: str = "", kind: str = "", metric: str = "", name: str = ""
) -> MatrixReading:  # fmt: skip
    """How to read the month table of a workbook. Raises PlanError whose faults name what must be said: sheet, header, year, unit, kind."""
    title = name or (source.name if isinstance(source, Path) else "table.xlsx")
    grids = [grid for grid in open_grids(source, title) if grid.text(0, 0) != MARK]
    if sheet and sheet not in {grid.name for grid in grids}:
        raise PlanError(
            title, [Fault("sheet", f"there is no sheet '{sheet}'. Valid: {', '.join(grid.name for grid in grids)}.")]
        )
    found = [each for grid in grids if sheet in ("", grid.name) for each in find_tables(grid)]
    if not found:
        raise PlanError(
            title,
            [
                Fault(
                    sheet or title,
                    "no table with at least three months in one row or column was found. Write the months as 2026-07 or 7月.",
                )
            ],
        )
    if len({each.grid.name for each in found}) > 1:
        raise PlanError(
            title,
            [
                Fault(
                    "sheet",
                    f"several sheets show months: {', '.join(dict.fromkeys(each.grid.name for each in found))}. Say which is the plan.",
                )
            ],
        )
    found = [each for each in found if header in ("", place_of(each.header, each.months == "down"))]
    if len(found) != 1:
        places = ", ".join(
            f"{'column' if each.months == 'down' else 'row'} {place_of(each.header, each.months == 'down')}"
            for each in found
        )
        raise PlanError(
            title,
            [Fault("header", f"months stand in several places: {places or 'none of them ' + header}. Say which one.")],
        )
    return _reading(found[0], title, year, unit, kind, metric)


def _reading(found: Found, source: str, year: int | None, unit: str, kind: str, metric: str) -> MatrixReading:
    asked: list[Fault] = []
    down = found.months == "down"
    grid, first = found.grid, min(found.columns)
    texts = [
        grid.text(r, c)
        for r in range(len(grid.rows))
        for c in range(grid.width)
        if grid.text(r, c) and (r <= found.header or c < first)
    ]
    title = max((t for t in texts if (BUDGET.search(t) or FLOW.search(t)) and 4 < len(t) <= 80), key=len, default="")
    periods = _periods(found, texts, year, asked)
    word, scale, currency = _unit(unit, texts, found, asked)
    kind = kind or _kind([source, grid.name, *texts], asked)
    if not metric and kind == "flow" and not _lines_are_metrics(found):
        metric = _metric_in(title)
    labels = tuple(
        place_of(c, not down)
        for c in range(first)
        if any(grid.filled(r, c) for r in range(found.header + 1, len(grid.rows)))
    )
    if asked:
        raise PlanError(source, asked)
    named = {place_of(c, not down): month for c, month in periods.items()}
    return MatrixReading(
        grid.name,
        found.months,
        place_of(found.header, down),
        labels,
        named,
        word,
        scale,
        currency,
        kind,
        metric,
        title or grid.name,
    )


def _metric_in(title: str) -> str:
    """The one metric that a title names (2026年销售额目标); '' for none or several."""
    words = {
        word: each.id
        for word, each in metric_words().items()
        if len(word) > 1 and not word.isascii() and word in normal(title)
    }
    longest = {name for word, name in words.items() if not any(word != other and word in other for other in words)}
    return longest.pop() if len(longest) == 1 else ""


def _lines_are_metrics(found: Found) -> bool:
    """Is a name at the side of the table a metric of its own?"""
    rows, columns = range(found.header + 1, len(found.grid.rows)), range(min(found.columns))
    return any(metric_of(found.grid.text(r, c)) for r in rows for c in columns)


def _periods(found: Found, texts: Sequence[str], year: int | None, asked: list[Fault]) -> dict[int, str]:
    """Columns with their month; the year from the cell, from the row above, from the title: never from nowhere."""
    years = {c: y or _above(found, c) for c, (y, _) in found.columns.items()}
    named = [(years[c], month) for c, (_, month) in found.columns.items()]
    double = sorted({f"{y or ''}-{month:02d}".lstrip("-") for y, month in named if named.count((y, month)) > 1})
    if double:
        why = f"the months {', '.join(double)} stand there more than once"
        asked.append(Fault("header", f"{why}. Keep one column for each month, such as the plan without the actual."))
        return {}
    if None in years.values():
        first = year or _title_year(found, texts, asked)
        if first is None:
            return {}
        before = 0
        for column, (_, month) in sorted(found.columns.items()):
            if years[column] is None:
                first += 1 if month < before else 0
                years[column] = first
            before = month
    return {column: f"{years[column]}-{month:02d}" for column, (_, month) in sorted(found.columns.items())}


def _above(found: Found, column: int) -> int | None:
    """A year in the rows above, or over the merged block there."""
    for row in range(found.header - 1, -1, -1):
        text = found.grid.filled(row, column)
        if len(match := set(_YEAR.findall(text))) == 1 and len(text) <= 8:
            return int(match.pop())
    return None


def _title_year(found: Found, texts: Sequence[str], asked: list[Fault]) -> int | None:
    said = sorted({int(each) for text in (*texts, found.grid.name) for each in _YEAR.findall(text)})
    months = [month for _, (_, month) in sorted(found.columns.items())]
    wraps = any(b < a for a, b in pairwise(months))
    if len(said) == 2 and said[1] == said[0] + 1 and wraps:
        return said[0]
    if len(said) == 1 and not wraps:
        return said[0]
    why = "the months have no year"
    if len(said) == 1:
        why = f"the months run over a year's end and the title says {said[0]}"
    elif said:
        why = f"the sheet names several years ({', '.join(map(str, said))})"
    asked.append(Fault("year", f"{why}. Say the year of the first month."))
    return None


def _unit(given: str, texts: Sequence[str], found: Found, asked: list[Fault]) -> tuple[str, str, str]:
    """The unit as written, its factor and currency; several different ones, or none, are asked about."""
    said: dict[tuple[str, str], str] = {}
    for text in [given] if given else texts:
        plain = unicodedata.normalize("NFKC", text)
        for pattern, scale, kind in UNITS:
            if match := re.search(pattern, plain, re.IGNORECASE):
                said.setdefault((scale, kind), given or match[0])
                break
    if len(said) == 1:
        (scale, kind), word = next(iter(said.items()))
        return word, scale, _currency([given] if given else texts, kind)
    if given:
        return given, "1", _currency([given], "")
    if any(
        re.fullmatch(r"单位|unit", found.grid.text(found.header, c), re.IGNORECASE) for c in range(min(found.columns))
    ):
        return "", "1", "CNY"
    asked.append(
        Fault(
            "unit",
            f"the table names {'no unit' if not said else 'several units: ' + ', '.join(said.values())}. Say one, such as 元 or 万元.",
        )
    )
    return "", "1", ""


def _currency(texts: Iterable[str], kind: str) -> str:
    found = [
        name
        for pattern, name in CURRENCIES
        if any(re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", text, re.IGNORECASE) for text in texts)
    ]
    return "CNY" if kind == "元" else found[0] if len(found) == 1 else "CNY"


def _kind(texts: Iterable[str], asked: list[Fault]) -> str:
    whole = " ".join(texts)
    budget, flow = bool(BUDGET.search(whole)), bool(FLOW.search(whole))
    if budget == flow:
        asked.append(
            Fault("kind", "the table does not say whether it holds budgets (budget) or targets (flow). Say which.")
        )
    return "budget" if budget else "flow"
