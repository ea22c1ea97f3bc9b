"""The review of a long session (300 minutes, 60 items explained) at the head of a list of sessions, beside a bare Streamlit page."""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from tests.benchmarks.pages import bare, chromium, reruns, served, whole_sight
from tests.benchmarks.room_book import LAST, MINUTES, fill
from tests.benchmarks.timing import Row, median
from warehouse.book import Book

FEW = 20


def rows(sizes: list[int]) -> list[Row]:
    table: list[Row] = []
    for size in sizes:
        with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
            book = Book(Path(name) / "book").ensure()
            fill(book, Path(name) / "files", size)
            with bare() as plain, served(sys.executable, "app.py", "--data", str(book.root), "--port", "{port}") as ours:
                table += _rows(plain, ours, size)
    return table


def _rows(plain: str, ours: str, size: int) -> list[Row]:
    table, took = [], {}
    for count in (FEW, size):
        query = f"period=custom&from={LAST - timedelta(days=count - 1)}&to={LAST}"
        own, other = median(reruns(ours, 1, "live", query)), median(reruns(plain, 1))
        took[count] = own
        what = f"rerun of the review of {MINUTES} minutes, {count} sessions in the list"
        table.append(Row(what, f"{own:.0f} ms p50", f"bare page {other:.0f} ms", f"{own / other:.1f}x", "100 ms", own <= 100))
    table.append(Row(f"{size} sessions in the list instead of {FEW}", f"{took[size]:.0f} ms", f"{took[FEW]:.0f} ms", f"{took[size] / took[FEW]:.2f}x", "", None))
    with chromium() as browser:
        seen, base = whole_sight(browser, f"http://{ours}/live?lang=zh&{query}", "text=场次对比", f"http://{plain}/", "text=the end")
    table.append(Row("everything of the review visible", f"{seen:.0f} ms", f"bare page {base:.0f} ms", f"+{seen - base:.0f} ms", "+800 ms", seen - base <= 800))
    return table
