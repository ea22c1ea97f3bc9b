"""One small demo for all tests of this folder: a month before the running one, a twentieth of the volume."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.demo.build import SEED, Mark, write_files

TODAY = date(2026, 11, 23)


def simulate(root: Path, today: date = TODAY, mark: Mark | None = None) -> Mark:
    """Write the small demo's files and truth, without handing anything in."""
    mark = mark or Mark(SEED, "2026-10-01", 0.05, ["2026-11-22"])
    root.mkdir(parents=True, exist_ok=True)
    write_files(root, mark, today, lambda _: None)
    return mark


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with `exports/` and `truth.json` of the small demo."""
    root = tmp_path_factory.mktemp("demo")
    simulate(root)
    return root


@pytest.fixture(scope="session")
def truth(exports: Path) -> dict[str, Any]:
    """What the simulator says happened."""
    return json.loads((exports / "truth.json").read_text(encoding="utf-8"))
