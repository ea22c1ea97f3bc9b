"""python -m queries list | run NAME | metric ID: ask the book from the command line.

Exit codes: 0 done, 1 no answer and why, 2 wrong usage (an unknown metric, query, dimension or parameter).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from queries.catalog import UnknownQuery, load_queries, run
from queries.measure import metric
from queries.metrics import METRICS, UnknownDimension, UnknownMetric
from warehouse.book import Book
from warehouse.errors import ConfigError, OpsError
from warehouse.reader import Reader


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, answer, print. Returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        frame = _answer(options)
    except (UnknownMetric, UnknownDimension, UnknownQuery, ConfigError) as error:
        print(error, file=sys.stderr)
        return 2
    except OpsError as error:
        print(error, file=sys.stderr)
        return 1
    print(_formatted(frame, options.format))
    return 0


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--format", choices=["json", "csv", "table"], default="table")
    shared.add_argument("--data", help="the book's directory (else DAYBOOK_DATA, else data/)")
    parser = argparse.ArgumentParser(prog="python -m queries", description="Ask the book.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", parents=[shared], help="every query and metric")
    asked = commands.add_parser("run", parents=[shared], help="answer a query file")
    asked.add_argument("name")
    asked.add_argument("--param", action="append", default=[], metavar="K=V", help="a parameter; a list is written a,b")
    figure = commands.add_parser("metric", parents=[shared], help="one metric over days")
    figure.add_argument("id")
    figure.add_argument("--from", dest="day_from", type=date.fromisoformat, required=True, help="first day, YYYY-MM-DD")
    figure.add_argument("--to", dest="day_to", type=date.fromisoformat, required=True, help="last day, inclusive")
    figure.add_argument("--by", help="day, shop, platform, channel, item, campaign or session; several with a comma")
    figure.add_argument("--shop", action="append", help="only this shop (may be repeated)")
    figure.add_argument("--lang", choices=["zh", "en"], default="zh", help="language of the basis")
    return parser


def _answer(options: argparse.Namespace) -> pd.DataFrame:
    if options.command == "list":
        return _listed()
    reader = Reader(Book.from_env(options.data))
    if options.command == "run":
        return run(options.name, reader, **_typed(options.name, options.param))
    if options.day_to < options.day_from:
        raise ConfigError(
            f"--to {options.day_to} is before --from {options.day_from}. Both days are included in the answer."
        )
    by = [part.strip() for part in options.by.split(",")] if options.by else None
    return metric(reader, options.id, options.day_from, options.day_to, by=by, shops=options.shop, lang=options.lang)


def _listed() -> pd.DataFrame:
    queries = [
        {"kind": "query", "name": q.name, "params": ", ".join(q.params), "what": q.purpose}
        for q in load_queries().values()
    ]
    metrics = [
        {
            "kind": "metric",
            "name": m.id,
            "params": ", ".join(m.dimensions),
            "what": f"{m.label['zh']} / {m.label['en']}",
        }
        for m in METRICS.values()
    ]
    return pd.DataFrame(queries + metrics)


def _typed(name: str, pairs: Sequence[str]) -> dict[str, Any]:
    """Text parameters in the types that the query's header states. Raises ConfigError with the name of a wrong one."""
    queries = load_queries()
    kinds = queries[name].params if name in queries else {}
    typed: dict[str, Any] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals:
            raise ConfigError(f"--param {pair}: write it as name=value.")
        try:
            typed[key] = _value(kinds.get(key, "VARCHAR"), text)
        except ValueError as error:
            raise ConfigError(f"--param {pair}: {key} must be {kinds[key]} ({error}).") from error
    return typed


def _value(kind: str, text: str) -> Any:
    if kind.endswith("[]"):
        return [_value(kind[:-2], part) for part in text.split(",") if part]
    match kind:
        case "DATE":
            return date.fromisoformat(text)
        case "TIMESTAMP":
            return datetime.fromisoformat(text)
        case "BOOLEAN":
            return text.lower() in ("1", "true", "yes")
        case "TINYINT" | "SMALLINT" | "INTEGER" | "BIGINT":
            return int(text)
        case "DOUBLE" | "DECIMAL":
            return float(text)
    return text


def _formatted(frame: pd.DataFrame, form: str) -> str:
    if form == "json":
        rows = [{key: _json(value) for key, value in row.items()} for row in frame.to_dict("records")]
        return json.dumps(rows, ensure_ascii=False, indent=1)
    texts = frame.map(lambda value: "" if _json(value) is None else str(_json(value)))
    return str(texts.to_csv(index=False)).rstrip("\n") if form == "csv" else str(texts.to_string(index=False))


def _json(value: Any) -> Any:
    """A plain JSON value; not known is null; money keeps no float dust (10 significant decimals)."""
    if isinstance(value, (list, tuple)):
        return [_json(part) for part in value]
    if value is None or pd.isna(value):
        return None
    if isinstance(value, (datetime, pd.Timestamp)):
        stamp = pd.Timestamp(value)
        return stamp.date().isoformat() if stamp == stamp.normalize() else stamp.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return round(value, 10)
    if hasattr(value, "item"):
        return _json(value.item())
    return value if isinstance(value, (str, int, bool)) else str(value)


if __name__ == "__main__":
    sys.exit(main())
