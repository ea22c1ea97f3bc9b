"""The tree keeps its shape: who may import whom, how long things may be, what lies at the top."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("connectors", "dashboard", "queries", "warehouse")
# modules outside the rooms that put them together
ROOTS = {"app.py", "worker.py", "connectors/__main__.py", "queries/__main__.py"}
COMMANDS = "connectors/commands/"  # what the command line can do: roots too
READ_SIDE = {"reader", "errors", "book", "shown", "heartbeat"}
WRITE_SIDE = {"packages", "book", "errors", "interpretation", "staging", "views", "cells", "tables", "shown", "failpoint", "undo", "reader"}
DOORS = {"dashboard/submit.py", "dashboard/submit_accounts.py", "dashboard/submit_onair.py", "dashboard/submit_plan.py", "dashboard/submit_script.py"}  # through which pages hand something in
ONLY = {  # library -> the places that may use it
    "requests": ("connectors/",),
    "streamlit": ("dashboard/", "app.py"),
    "plotly": ("dashboard/",),
}
TOP = {
    ".ci", ".gitignore", ".streamlit", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "README.zh-CN.md", "app.py",
    "connectors", "dashboard", "docs", "plans", "pyproject.toml", "queries", "requirements.txt", "start.bat",
    "start.command", "tests", "warehouse", "worker.py",
}  # fmt: skip
MODULE, FUNCTION, SQL, PAGE = 300, 40, 120, 60


def sources() -> list[str]:
    inside = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return ["app.py", "worker.py", *sorted(str(path.relative_to(ROOT)) for path in inside)]


def imports(path: str) -> Iterator[str]:
    """Every module that a file imports, wherever in the file, by full name."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{path}: write the full name instead of a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def allowed(path: str, module: str) -> bool:
    """Is the arrow from this file to this module one of ours?"""
    there = module.split(".")
    if path in ROOTS or path.startswith(COMMANDS) or there[0] not in (*ROOMS, "app", "worker", "tests"):
        return True
    here = path.split("/")[0]
    if there[0] == here:
        return True
    if there[0] == "warehouse":
        part = there[1] if len(there) > 1 else ""
        sides = {"queries": READ_SIDE, "dashboard": READ_SIDE, "connectors": WRITE_SIDE}
        return part in sides.get(here, set()) or (path in DOORS and part in WRITE_SIDE)
    if there[0] == "queries":
        return here == "dashboard"
    return there[0] == "connectors" and path in DOORS


@pytest.mark.parametrize("path", sources())
def test_arrows_point_one_way(path: str) -> None:
    """Pages ask queries, queries read the published side, connectors only hand in packages."""
    wrong = [module for module in imports(path) if not allowed(path, module)]
    assert not wrong, f"{path} imports {wrong}: see the arrows in docs/decisions.md"


@pytest.mark.parametrize("path", sources())
def test_libraries_stay_in_their_room(path: str) -> None:
    """Only connectors talk to the network, only the dashboard draws."""
    for library, places in ONLY.items():
        if not path.startswith(places):
            assert not [m for m in imports(path) if m.split(".")[0] == library], f"{path} imports {library}"


def test_pages_neither_query_nor_draw_themselves() -> None:
    """A page reads filters, asks and draws; SQL, HTTP and figures have their own modules."""
    for path in (ROOT / "dashboard" / "pages").rglob("*.py"):
        used = {module.split(".")[0] for module in imports(str(path.relative_to(ROOT)))}
        assert not used & {"duckdb", "requests", "plotly", "sqlite3"}, path


def test_charts_do_not_know_the_page() -> None:
    """A chart is a function of a frame, so that a test can call it."""
    assert not [m for m in imports("dashboard/charts.py") if m.startswith("streamlit")]


@pytest.mark.parametrize("path", sources())
def test_modules_and_functions_stay_short(path: str) -> None:
    """Past these lengths a file is split by question."""
    text = (ROOT / path).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MODULE, f"{path}: {len(text.splitlines())} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.body[0].lineno + 1
            assert length <= FUNCTION, f"{path}: {node.name} has {length} lines"


def test_sql_files_stay_short() -> None:
    """One question a file; comments and blank lines do not count."""
    for room in ("connectors", "queries"):
        for path in (ROOT / room).rglob("*.sql"):
            code = [line for line in path.read_text(encoding="utf-8").splitlines() if line.split("--")[0].strip()]
            assert len(code) <= SQL, f"{path.relative_to(ROOT)}: {len(code)} lines"


def test_pages_stay_short() -> None:
    """A page function is read at one glance: at most 60 lines of code, docstrings and blank lines aside."""
    for path in (ROOT / "dashboard" / "pages").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name == "render":
                assert (node.end_lineno or 0) - node.lineno <= PAGE, path


def test_top_level_holds_what_convention_looks_for() -> None:
    """An outsider should guess every address."""
    listed = subprocess.run(["git", "-c", "core.quotepath=off", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split("/")[0] for line in listed.splitlines()} == TOP


def test_public_functions_are_typed() -> None:
    """The type checker runs strictly over these packages; nobody may quietly leave one out."""
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^files = \[(.*)\]$", settings, re.MULTILINE)
    assert listed and {"app.py", "worker.py", *ROOMS} == set(re.findall(r'"([^"]+)"', listed.group(1)))
    assert "strict = true" in settings


def test_the_arrow_check_would_notice() -> None:
    """The check itself: each forbidden arrow is refused, each allowed one passes."""
    assert not allowed("queries/metrics.py", "connectors.files")
    assert not allowed("warehouse/commit.py", "queries.metrics")
    assert not allowed("dashboard/pages/ads.py", "connectors.files")
    assert not allowed("dashboard/data.py", "warehouse.commit")
    assert not allowed("connectors/forms.py", "warehouse.commit.commit")
    assert not allowed("connectors/forms.py", "worker")
    assert allowed("dashboard/submit.py", "connectors.files")
    assert allowed("connectors/forms.py", "warehouse.packages.PackageWriter")
    assert allowed("worker.py", "warehouse.commit")
