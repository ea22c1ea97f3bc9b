"""All sample exports, in any order and twice, end in one state."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import worker
from connectors import files
from warehouse.book import Book
from warehouse.commit import open_warehouse
from warehouse.replay import checksums, commit_waiting, replay


def brought_in(book: Book, exports: list[Path]) -> dict[str, tuple[int, int]]:
    """Seal every file for one shop, commit, and give the checksums."""
    for path in exports:
        files.seal(book, path, shop="one", force_shop=True)
    with book.lock(), open_warehouse(book) as con:
        _, failed = commit_waiting(con, book, worker.interpreter(book))
        assert failed == {}
        return checksums(con)


@pytest.mark.parametrize("seed", [1])
def test_samples_in_any_order_and_twice_give_the_same_checksums(shared: Path, tmp_path: Path, seed: int) -> None:
    """Forwards, shuffled, and everything once more; then from the packages alone."""
    exports = sorted(path for path in (shared / "apis/samples/exports").iterdir() if not path.name.startswith("_"))
    assert len(exports) == 36
    book = Book(tmp_path / "straight").ensure()
    straight = brought_in(book, exports)
    mixed = list(exports)
    random.Random(seed).shuffle(mixed)
    other = Book(tmp_path / "mixed").ensure()
    (other.keys / "buyer.key").write_text(book.buyer_key(), encoding="ascii")  # buyers have the same pseudonyms in both
    assert brought_in(other, mixed) == straight
    assert brought_in(other, mixed[::-1]) == straight
    result = replay(other, worker.interpreter(other))
    assert result.failed == {} and result.after == straight
