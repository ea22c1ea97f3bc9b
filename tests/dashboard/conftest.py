"""A book whose marts are filled by hand, for tests that draw pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

import worker
from warehouse.book import Book
from warehouse.commit import open_warehouse
from warehouse.publish import generation_path, publish

TODAY = date(2026, 11, 13)
YESTERDAY = TODAY - timedelta(days=1)


SCRIPT = """
from dashboard.main import main
main()
"""


def open_page(page: str = "", **link: str) -> AppTest:
    """A page in Chinese (lang="en": English) as the link shows it, after one run; it can be clicked on.

    Not from dashboard/main.py itself: AppTest would take the directory pages/ beside it for a directory of scripts.
    """
    at = AppTest.from_string(SCRIPT, default_timeout=60)
    at.session_state["lang"] = link.pop("lang", "zh")
    for key, value in link.items():
        at.query_params[key] = value
    at.run()
    return at.switch_page(page).run() if page else at


class HandBook:
    """An empty published book; `add` writes mart rows straight into its generation."""

    def __init__(self, root: Path) -> None:
        self.book = Book(root).ensure()
        with open_warehouse(self.book) as con:
            generation = publish(self.book, con, worker.load_marts(worker.MARTS), worker.metric_sources())
            if generation is None:  # nothing to publish yet: a touched day makes the first generation
                con.execute("INSERT INTO fact.touched VALUES ('nobody', DATE '2020-01-01')")
                generation = publish(self.book, con, worker.load_marts(worker.MARTS), worker.metric_sources())
        assert generation is not None
        self.path = generation_path(self.book, generation)

    def add(self, table: str, rows: Iterable[dict[str, Any]], **same: Any) -> None:
        """Insert rows into mart.<table>; `same` holds what they share."""
        with duckdb.connect(str(self.path)) as con:
            for row in rows:
                full = {**same, **row}
                names = ", ".join(f'"{name}"' for name in full)
                marks = ", ".join(f"${name}" for name in full)
                con.execute(f"INSERT INTO mart.{table} ({names}) VALUES ({marks})", full)

    def shop(self, shop: str, platform: str = "tmall", currency: str = "CNY", zone: str = "Asia/Shanghai") -> None:
        self.add("shop", [{"shop": shop, "name": f"{shop} 店", "platform": platform, "currency": currency, "zone": zone}])

    def day(self, shop: str, day: date, platform: str = "tmall", currency: str = "CNY", **figures: float) -> None:
        """One shop's day: day("a", d, sales=100, visitors=50)."""
        at = datetime(day.year, day.month, day.day, 9) + timedelta(days=1)
        rows = [{"metric": metric, "value": value} for metric, value in figures.items()]
        self.add(
            "shop_day", rows, shop=shop, platform=platform, currency=currency, day=day, source="hand", state="ok", as_of=at
        )


@pytest.fixture
def handbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HandBook:
    """A book of the test's own that the pages show; the clock stands at noon of TODAY."""
    made = HandBook(tmp_path / "hand")
    monkeypatch.setenv("DAYBOOK_DATA", str(made.book.root))
    monkeypatch.setenv("DAYBOOK_TODAY", TODAY.isoformat())
    monkeypatch.delenv("DAYBOOK_SHOPS", raising=False)
    return made
