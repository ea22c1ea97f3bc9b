"""The sample exports, their index, and a book that holds them all, each under its own shop."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from queries.__main__ import main as command
from warehouse.reader import Reader

INDEX = Path(__file__).resolve().parents[4] / "shared/apis/samples/exports/_index.json"
SAMPLES: list[dict[str, Any]] = json.loads(INDEX.read_text(encoding="utf-8"))["files"]
KNOWN_FACTS = {sample["file"]: sample.get("sum") or sample.get("expect") or {} for sample in SAMPLES}


@dataclass
class Imported:
    """One book that holds every sample, each under its own shop."""

    reader: Reader
    facts: duckdb.DuckDBPyConnection

    def total(self, shop: str, name: str, low: str = "2026-10-01", high: str = "2026-12-31") -> float:
        """What `python -m queries metric` prints for one shop over days, rounded to the fen."""
        (row,) = self.ask(shop, name, low, high)
        return round(float(row["value"]), 2)

    def ask(self, shop: str, name: str, low: str, high: str, *more: str) -> list[dict[str, Any]]:
        """The command's JSON."""
        said = io.StringIO()
        with redirect_stdout(said):
            code = command(["metric", name, "--from", low, "--to", high, "--shop", shop, "--format", "json", "--data", str(self.reader.book.root), *more])
        assert code == 0, f"{name} of {shop}"
        answer: list[dict[str, Any]] = json.loads(said.getvalue())
        return answer

    def daily(self, shop: str, name: str) -> float:
        """Sum of the metric's days."""
        rows = self.ask(shop, name, "2026-11-01", "2026-11-30", "--by", "day")
        return round(sum(float(row["value"]) for row in rows if row["value"] is not None), 2)

    def mart(self, sql: str) -> tuple[Any, ...]:
        """The single row of a query on the published marts."""
        return tuple(_plain(value) for value in self.reader.query(sql).iloc[0])

    def fact(self, sql: str) -> tuple[Any, ...]:
        """The single row of a query on the facts."""
        row = self.facts.execute(sql).fetchone()
        assert row is not None
        return tuple(_plain(value) for value in row)


def _plain(value: Any) -> Any:
    return round(float(value), 2) if isinstance(value, (Decimal, float, int)) and not isinstance(value, bool) else value
