"""Publish: the next generation is a copy of the current one plus the marts of the touched days, swapped in atomically.

The list of touched days stays in the warehouse until a generation that holds them is current, so a crash anywhere
is simply done again.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import duckdb

from warehouse.book import Book
from warehouse.failpoint import reach
from warehouse.marts import Mart, build, version_of
from warehouse.merge import one
from warehouse.receipts import drop_unused_receipts, write_receipts

Connection = duckdb.DuckDBPyConnection
KEEP = 2
KEEP_SECONDS = 600.0
CURRENT = "CURRENT"
FEW_ORDERS = 100_000  # in the touched days: then planning is what takes the time, and one thread plans and runs with less ado than two


def current_generation(book: Book) -> str | None:
    """Name of the generation that readers should use, None before the first."""
    try:
        return (book.serving / CURRENT).read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def generation_path(book: Book, generation: str) -> Path:
    return book.serving / f"{generation}.duckdb"


def publish(book: Book, con: Connection, marts: Sequence[Mart], metric_sources: Sequence[tuple[str, str, int]], now: datetime | None = None) -> str | None:
    """Make a new generation when anything changed; returns its name, or None when the current one already holds it all.

    `metric_sources`: (metric, kind of source, rank) rows that say which source a metric prefers.
    """
    version, mark = version_of(marts, metric_sources), _mark(con)
    current = current_generation(book)
    known = _facts_of(book, con, current)
    rebuild = known.get("version") != version
    if not rebuild and known.get("mark") == mark and not one(con, "SELECT count(*) FROM fact.touched"):
        return None
    clock = now or datetime.now(UTC)
    generation = f"g{clock.strftime('%Y%m%dT%H%M%S%f')}"
    path = generation_path(book, generation)
    draft = path.with_suffix(".draft")
    for left in book.serving.glob("*.draft*"):
        left.unlink(missing_ok=True)
    if current and not rebuild:
        _clone(generation_path(book, current), draft)
    reach("publish.copied")
    _fill_touched(con, rebuild)
    con.execute(f"ATTACH {_text(draft)} AS gen (RECOVERY_MODE no_wal_writes)")  # nobody needs a draft after a crash
    try:
        _fill_metric_source(con, metric_sources)
        changed = None if rebuild else _changed(con)
        _share_out(con, rebuild)
        build(con, marts, changed)
        reach("publish.built")
        write_receipts(book, con, generation, rebuild, changed)
        con.execute("CREATE OR REPLACE TABLE gen.mart.meta AS SELECT $g AS generation, $v AS version, $m AS mark, $t::TIMESTAMP AS published_at",
                    {"g": generation, "v": version, "m": mark, "t": clock.replace(tzinfo=None)})  # fmt: skip
        con.execute("CHECKPOINT gen")
    finally:
        con.execute("RESET threads")
        con.execute("DETACH gen")
    _swap(book, draft, path, generation)
    con.execute("DELETE FROM fact.touched; DELETE FROM fact.changed")
    con.execute("DROP TABLE IF EXISTS temp.touched; DROP TABLE IF EXISTS temp.metric_source")
    reach("publish.cleared")
    sweep_generations(book, generation)
    return generation


def _mark(con: Connection) -> str:
    row = con.execute("SELECT count(*)::TEXT || ':' || coalesce(max(package), '') || ':' || count(*) FILTER (state = 'undone') FROM fact.package").fetchone()
    return str(row[0]) if row else ""


def _changed(con: Connection) -> frozenset[str] | None:
    """Fact tables written since the current generation; None when days are touched and nobody said by what."""
    names = frozenset(str(row[0]) for row in con.execute("SELECT target FROM fact.changed").fetchall())
    return names if names or not one(con, "SELECT count(*) FROM fact.touched") else None


def _fill_metric_source(con: Connection, metric_sources: Sequence[tuple[str, str, int]]) -> None:
    columns = [list(column) for column in zip(*metric_sources, strict=True)] or [[], [], []]
    con.execute("CREATE OR REPLACE TEMP TABLE metric_source AS SELECT unnest($1::TEXT[]) AS metric, unnest($2::TEXT[]) AS kind, unnest($3::INTEGER[]) AS rank", columns)


def _share_out(con: Connection, rebuild: bool) -> None:
    """One thread when few orders were placed between the first and the last touched day."""
    low, high = con.execute("SELECT min(day), max(day) + 1 FROM temp.touched").fetchone() or (None, None)
    if not rebuild and one(con, "SELECT count(*) FROM fact.order_head WHERE created_at >= $low AND created_at < $high", {"low": low, "high": high}) < FEW_ORDERS:
        con.execute("SET threads = 1")


def _facts_of(book: Book, con: Connection, generation: str | None) -> dict[str, str]:
    """Version and mark of a generation; empty when there is none or it cannot be read (it is then made anew)."""
    if generation is None:
        return {}
    try:
        con.execute(f"ATTACH {_text(generation_path(book, generation))} AS stood (READ_ONLY)")
    except duckdb.Error:
        return {}
    try:
        row = con.execute("SELECT version, mark FROM stood.mart.meta").fetchone()
        return {"version": row[0], "mark": row[1]} if row else {}
    except duckdb.Error:
        return {}
    finally:
        con.execute("DETACH stood")


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _fill_touched(con: Connection, rebuild: bool) -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT shop, day FROM fact.touched")
    if rebuild:
        con.execute("INSERT INTO touched SELECT DISTINCT shop, day FROM fact.coverage EXCEPT SELECT shop, day FROM touched")
        con.execute(
            "INSERT INTO touched SELECT DISTINCT shop, day FROM ("
            "SELECT shop, unnest([created_at::DATE, paid_at::DATE, refund_at::DATE]) AS day FROM fact.order_head UNION "
            "SELECT shop, unnest([applied_at::DATE, done_at::DATE, paid_at::DATE]) FROM fact.refund UNION SELECT shop, paid_at::DATE FROM fact.order_line UNION "
            "SELECT shop, day FROM fact.observation UNION SELECT shop, started_at::DATE FROM fact.live_session UNION "
            "SELECT shop, happened_at::DATE FROM fact.live_minute UNION SELECT shop, happened_at::DATE FROM fact.live_event UNION SELECT shop, happened_at::DATE FROM fact.visit UNION "
            "SELECT shop, unnest([created_at::DATE, settled_at::DATE]) FROM fact.commission) WHERE day IS NOT NULL "
            "EXCEPT SELECT shop, day FROM touched"
        )
    # a report of one night's session may start before midnight and another after it: its neighbours are matched again
    con.execute(
        "INSERT INTO touched SELECT DISTINCT t.shop, t.day + n.step FROM touched t CROSS JOIN (VALUES (-1), (1)) n(step) WHERE t.shop IN ("
        "SELECT p.shop FROM fact.package p JOIN fact.source s ON s.source = p.source WHERE s.kind IN ('sessions', 'session_detail', 'live_minutes')) "
        "EXCEPT SELECT shop, day FROM touched"
    )


def _clone(source: Path, target: Path) -> None:
    """Copy a generation; a reflink where the file system can, so that it costs nothing."""
    with source.open("rb") as left, target.open("wb") as right:
        try:
            import fcntl

            fcntl.ioctl(right.fileno(), 0x40049409, left.fileno())  # FICLONE
        except (ImportError, OSError):
            _copy(left, right)


def _copy(left: BinaryIO, right: BinaryIO) -> None:
    """In the kernel where it can, else through memory."""
    size = os.fstat(left.fileno()).st_size
    with suppress(AttributeError, OSError):
        while os.copy_file_range(left.fileno(), right.fileno(), 1 << 30):
            pass
    if os.fstat(right.fileno()).st_size != size:
        left.seek(0)
        right.seek(0)
        right.truncate()
        shutil.copyfileobj(left, right, 16 << 20)


def _swap(book: Book, draft: Path, path: Path, generation: str) -> None:
    with draft.open("rb+") as stream:
        os.fsync(stream.fileno())
    os.replace(draft, path)
    reach("publish.renamed")
    pointer = book.serving / f"{CURRENT}.tmp"
    with pointer.open("w", encoding="ascii") as out:
        out.write(generation)
        out.flush()
        os.fsync(out.fileno())
    os.replace(pointer, book.serving / CURRENT)
    reach("publish.swapped")


def sweep_generations(book: Book, current: str, now: float | None = None) -> None:
    """Delete generations that no reader needs: two are kept, and anything younger than ten minutes."""
    clock = time.time() if now is None else now
    paths = sorted(book.serving.glob("g*.duckdb"), reverse=True)
    gone = 0
    for path in [p for p in paths if p.stem != current][KEEP - 1 :]:
        try:
            if clock - path.stat().st_mtime > KEEP_SECONDS:
                path.unlink()
                gone += 1
        except OSError:
            continue  # a reader still holds it; the next publish tries again
    if gone:
        drop_unused_receipts(book)
