"""Bent files: never a crash, and never another total without a word about it.

DAYBOOK_MUTATIONS=2000 runs the long version.
"""

from __future__ import annotations

import os
import random
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.files import Preview, preview
from tests.connectors import mutations
from warehouse.book import Book
from warehouse.errors import OpsError

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "apis" / "samples" / "exports"
FILES = sorted(path for path in SAMPLES.iterdir() if path.suffix in (".csv", ".xls", ".xlsx"))
COUNT = int(os.environ.get("DAYBOOK_MUTATIONS", "40"))
STATED = ("Google Ads Campaign report.csv", "拼多多_推广报表.xlsx", "TikTok Ads-Campaign Report.xlsx", "全域推直播_分小时_2026-11-11.xlsx")
quick = settings(max_examples=COUNT, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


def look(path: Path, book: Book) -> Preview | OpsError:
    """What an import would say; anything but a preview or an error with a remedy fails the test."""
    try:
        return preview(book, path, shop="one")
    except OpsError as error:
        assert len(str(error)) > 30, "an error says what, where and what to do"
        return error


@quick
@given(place=st.integers(0, len(FILES) - 1), seed=st.integers(0, 2**32), bends=st.lists(st.integers(0, len(mutations.BENDS) + 1), min_size=1, max_size=3))
def test_no_bent_file_crashes(place: int, seed: int, bends: list[int]) -> None:
    """Whatever happened to a file, the answer is a preview or an error that says what to do."""
    rng = random.Random(seed)
    with TemporaryDirectory() as folder:
        content = mutations.load(FILES[place])
        for bend in bends:
            if bend < len(mutations.BENDS):
                mutations.BENDS[bend](rng.choice(list(content.sheets.values())), rng)
        path = mutations.save(content, Path(folder))
        if len(mutations.BENDS) in bends:
            mutations.cut_bytes(path, rng)
        if len(mutations.BENDS) + 1 in bends:
            mutations.flip_bytes(path, rng)
        look(path, Book(Path(folder) / "book").ensure())


@quick
@given(place=st.integers(0, len(STATED) - 1), seed=st.integers(0, 2**32), bend=st.sampled_from([mutations.drop_row, mutations.double_row, mutations.spoil_cell, mutations.blank_cell]))
def test_no_total_changes_in_silence(place: int, seed: int, bend: mutations.Callable[[mutations.Grid, random.Random], None]) -> None:
    """Where a file states totals, a lost, doubled or spoilt row shows as a difference, a quarantined row or an error."""
    with TemporaryDirectory() as folder:
        book = Book(Path(folder) / "book").ensure()
        content = mutations.load(SAMPLES / STATED[place])
        whole = look(mutations.save(content, Path(folder)), book)
        assert isinstance(whole, Preview)
        bend(next(iter(content.sheets.values())), random.Random(seed))
        bent = look(mutations.save(content, Path(folder)), book)
        if isinstance(bent, Preview) and not bent.bad_rows:
            sums, differences = money(bent), {total["name"]: total["difference"] for total in bent.totals}
            changed = {name for name, value in money(whole).items() if sums.get(name) != value}
            gone = changed - set(sums)
            assert all(differences.get(name) or bent.unknown for name in gone), f"{gone} are read no more and nobody says so"
            assert all(differences[name] for name in changed & set(differences)), (changed, differences)


def money(found: Preview) -> dict[str, Decimal]:
    """Sums of the money and count columns."""
    return {entry["name"]: entry["sum"] for entry in found.sums}


@pytest.mark.parametrize("name", ["ExportOrderList_示例旗舰店.csv", "计划报表_20261116_110330.csv", "orders_export.csv"])
def test_a_cut_line_is_never_read_as_a_whole_one(name: str, tmp_path: Path) -> None:
    """Cut anywhere inside its last line, the file gives one row less and says so, or an error."""
    raw = (SAMPLES / name).read_bytes().rstrip(b"\r\n")
    start = raw.rfind(b"\n") + 1
    book = Book(tmp_path / "book").ensure()
    for cut in range(start + 3, len(raw), max(1, (len(raw) - start) // 6)):
        path = tmp_path / name
        path.write_bytes(raw[:cut])
        found = look(path, book)
        assert isinstance(found, OpsError) or found.bad_rows == 1 or found.warnings, cut
