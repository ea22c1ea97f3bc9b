"""Whatever ends the lines above and below the header, every row below it arrives."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.files.csvfile import open_sheet, write_part

CELLS = st.sampled_from(["x", "u\u2028v", "w\x0bz", '"q"', '"q\nw"', '"q\r\nw"', "12", ""])
ENDS = st.sampled_from(["\n", "\r\n"])
LINES = st.lists(st.tuples(CELLS, ENDS), min_size=1, max_size=70)


@settings(max_examples=400)
@given(lines=LINES, alike=st.booleans(), header=st.integers(-1, 3))
def test_no_row_is_lost_to_line_ends(lines: list[tuple[str, str]], alike: bool, header: int) -> None:
    """A title that runs over two lines, or ends otherwise than the rows, must not hide the rows."""
    text = "".join(f"r{n},{cell}{lines[0][1] if alike else end}" for n, (cell, end) in enumerate(lines))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = min(header, len(rows) - 1)
    with TemporaryDirectory() as folder, duckdb.connect() as con:
        source, part = Path(folder) / "a.csv", Path(folder) / "a.parquet"
        source.write_bytes(text.encode())
        sheet = open_sheet(source, "a", frozenset(), ",")
        count, damages = write_part(con, sheet, header, [("a", "{c}"), ("b", "{c}")], part, Path(folder))
        assert (count, damages) == (len(rows) - header - 1, [])
        if count:
            kept = con.execute(f"SELECT a, coalesce(b, '') FROM '{part}'").fetchall()
            assert [(a, b.replace("\r", "")) for a, b in kept] == [
                (a, b.replace("\r", "")) for a, b in rows[header + 1 :]
            ]
