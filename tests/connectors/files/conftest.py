"""All samples in one book, made once for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import worker
from connectors import files
from tests.connectors.files.samples import SAMPLES, Imported
from warehouse.book import Book
from warehouse.reader import Reader


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Imported]:
    book = Book(tmp_path_factory.mktemp("samples") / "book").ensure()
    for sample in SAMPLES:
        files.seal(book, shared / "apis/samples/exports" / sample["file"], shop=sample["source"])
    batch = worker.commit_all(book)
    assert not batch.failed
    with duckdb.connect(str(book.warehouse), read_only=True) as facts:
        reader = Reader(book)
        yield Imported(reader, facts)
        reader.close()
