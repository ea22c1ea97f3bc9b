"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from warehouse.book import Book

# correctness never depends on time; the gate tries the same examples every time, the long runs search for new ones
settings.register_profile("daybook", deadline=None, derandomize="DAYBOOK_MUTATIONS" not in os.environ)
settings.load_profile("daybook")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's own directory."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The directory of sample exports and real data beside the project; a run without it fails, it never skips."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        pytest.fail(f"The samples are not at {path}. Put the directory `shared` beside the project.", pytrace=False)
    return path


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """An empty book of the test's own."""
    return Book(tmp_path / "book").ensure()
