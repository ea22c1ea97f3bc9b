"""Every panel query from marts at several sizes; distinct buyers; commit to current generation."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import queries
import worker
from tests.benchmarks.book_of_size import DAYS, FIRST, SHOPS, fill
from tests.benchmarks.timing import Row, median, p95, repeat, seconds
from warehouse.book import Book
from warehouse.commit import open_warehouse
from warehouse.marts import load_marts
from warehouse.publish import publish
from warehouse.reader import Reader

LAST = date.fromisoformat(FIRST) + timedelta(days=DAYS - 1)
RUNS = 25


def made(lines: int, folder: Path) -> Book:
    """A published book of `lines` order lines."""
    book = Book(folder / f"book-{lines}").ensure()
    fill(book, lines)
    with book.lock(), open_warehouse(book) as con:
        con.execute("SET memory_limit = '12GB'")
        publish(book, con, load_marts(worker.MARTS), worker.metric_sources())
    return book


def questions(reader: Reader) -> dict[str, Callable[[int], Any]]:
    """Panel name -> a run of it; each run asks about another window and shop."""
    dice = random.Random(7)
    ends = [LAST - timedelta(days=dice.randrange(0, 300)) for _ in range(RUNS + 2)]

    def params(number: int, days: int) -> dict[str, Any]:
        end = ends[number % len(ends)]
        start = end - timedelta(days=days - 1)
        before = start - timedelta(days=1)
        return {
            "shops": None, "shop": f"shop{number % SHOPS}", "day_from": start, "day_to": end, "compare_from": before - timedelta(days=days - 1), "compare_to": before,
            "before_from": before - timedelta(days=days - 1), "before_to": before, "other_from": start - timedelta(days=364), "other_to": end - timedelta(days=364),
            "top": 20, "month": end.replace(day=1), "day": end, "day_before": end - timedelta(days=1), "max_rows": 200, "session": _session(reader),
            "first": start, "last": end, "package": None,
        }  # fmt: skip

    found: dict[str, Callable[[int], Any]] = {}
    for name, query in queries.load_queries().items():
        wanted = set(query.params)
        if wanted <= set(params(0, 30)) and not name.startswith(("detail/", "measure/")):
            found[name] = lambda n, name=name, wanted=wanted: queries.run(name, reader, **{k: v for k, v in params(n, 30).items() if k in wanted})  # type: ignore[misc]
    for metric, by in (("sales", "day"), ("conversion_rate", None), ("roas", "campaign"), ("visitors", "shop"), ("sales", "item"), ("live_sales", "session"), ("mer", "platform")):
        found[f"metric {metric} by {by or 'total'}"] = lambda n, m=metric, b=by: queries.metric(reader, m, params(n, 30)["day_from"], params(n, 30)["day_to"], b)  # type: ignore[misc]
    return found


def _session(reader: Reader) -> str:
    frame = reader.query("SELECT session FROM live_session LIMIT 1")
    return str(frame.session[0]) if len(frame) else ""


def panel_times(reader: Reader) -> dict[str, tuple[float, float]]:
    """Panel -> (median, p95) in milliseconds."""
    result = {}
    for name, job in questions(reader).items():
        times = repeat(job, RUNS)
        result[name] = (median(times), p95(times))
    return result


def buyers_90(reader: Reader) -> list[float]:
    low, high = LAST - timedelta(days=89), LAST
    return repeat(lambda _: reader.query("SELECT count(DISTINCT buyer) AS n FROM buyer_day WHERE day BETWEEN $low AND $high", {"low": low, "high": high}), 9)


def resync(book: Book, lines: int, days: int) -> tuple[float, float]:
    """Seconds from a committed restatement of 50,000 lines over `days` to the current generation: (commit-like update, publish)."""
    with book.lock(), open_warehouse(book) as con:
        con.execute("SET memory_limit = '12GB'")
        low = LAST - timedelta(days=days - 1)
        change = seconds(lambda: con.execute(
            "CREATE OR REPLACE TEMP TABLE again AS SELECT * FROM fact.order_head WHERE created_at >= $low ORDER BY hash(order_id) LIMIT 33000", {"low": low}
        ).execute("DELETE FROM fact.order_head t USING again s WHERE t.shop = s.shop AND t.source = s.source AND t.order_id = s.order_id")
            .execute("INSERT INTO fact.order_head SELECT * REPLACE (paid_amount + 1 AS paid_amount) FROM again"))  # fmt: skip
        con.execute("INSERT INTO fact.changed VALUES ('order_head'), ('order_line')")
        con.execute(f"INSERT INTO fact.touched SELECT 'shop' || s.i, $low::DATE + d.i::INT FROM range({SHOPS}) s(i), range({days}) d(i)", {"low": low})
        publishing = seconds(lambda: publish(book, con, load_marts(worker.MARTS), worker.metric_sources()))
    return change, publishing


def rows(sizes: list[int]) -> list[Row]:
    """Table rows for the given sizes, smallest first."""
    table: list[Row] = []
    known: dict[int, dict[str, tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        for lines in sizes:
            book = made(lines, Path(folder))
            reader = Reader(book)
            known[lines] = panel_times(reader)
            label = f"{lines / 1e6:g}M lines"
            for name, (mid, high) in sorted(known[lines].items(), key=lambda item: -item[1][1]):
                smaller = known.get(sizes[-2], {}).get(name) if len(sizes) > 1 and lines == sizes[-1] else None
                ratio = f"{mid / smaller[0]:.1f}x of {sizes[-2] / 1e6:g}M" if smaller else ""
                table.append(Row(f"{name}, {label}", f"{mid:.1f} ms, p95 {high:.1f}", "", ratio, "p95 10 ms", high <= 10))
            exact = median(buyers_90(reader))
            table.append(Row(f"exact buyers, 90 days, all shops, {label}", f"{exact:.0f} ms", "", "", "60 ms at 20M", exact <= 60 if lines <= 20_000_000 else None))
            for days, aim in ((7, 0.4), (60, 2.5)):
                change, publishing = resync(book, lines, days)
                table.append(Row(f"50,000 lines restated over {days} days, {label}", f"{publishing:.2f} s to the current generation", f"rows {change:.2f} s", "", f"{aim} s", publishing <= aim))
            reader.close()
    return table
