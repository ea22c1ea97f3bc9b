"""The two READMEs cannot fall behind the product or each other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"
BOTH = pytest.mark.parametrize("readme", [ENGLISH, CHINESE], ids=["en", "zh"])


@BOTH
def test_it_is_short(readme: Path) -> None:
    """A picture and two commands first; the whole under 150 lines."""
    lines = readme.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 150
    assert next(i for i, line in enumerate(lines) if line.startswith("![")) < 5
    assert [line.split("#")[0].strip() for line in lines if line.startswith("make ")] == ["make run", "make test"]


@BOTH
def test_every_link_leads_somewhere(readme: Path) -> None:
    """Pictures, queries and documents that it names are in the tree."""
    links = re.findall(r"\]\(([^)#]+)\)", readme.read_text(encoding="utf-8"))
    assert len(links) > 15
    assert [link for link in links if not link.startswith("http") and not (ROOT / link).exists()] == []


@BOTH
def test_every_make_target_exists(readme: Path) -> None:
    """Nobody is told to run what the Makefile does not know."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^|\s)make ([a-z-]+)", readme.read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test", "demo", "torture", "screenshots", "benchmarks"} <= named <= targets


@BOTH
def test_the_tree_is_the_tree(readme: Path) -> None:
    """Each line of the tree names something that exists (data/ is made by the first run)."""
    block = re.search(r"```\n(app\.py.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    names = [line.split()[0] for line in block.group(1).splitlines()]
    assert [name for name in names if name != "data/" and not (ROOT / name).exists()] == []


@BOTH
def test_the_command_lines_exist(readme: Path) -> None:
    """Every subcommand that is shown is one that the command line offers."""
    text = readme.read_text(encoding="utf-8")
    for room in ("connectors", "queries"):
        source = (ROOT / room / "__main__.py").read_text(encoding="utf-8")
        shown = set(re.findall(rf"-m {room} ([a-z-]+)", text))
        assert shown and [name for name in shown if f'"{name}"' not in source] == []


def test_both_languages_say_the_same() -> None:
    """Same headings, links, commands and table rows, in the same order."""
    english, chinese = (path.read_text(encoding="utf-8") for path in (ENGLISH, CHINESE))
    for pattern in (r"^#+ ", r"\]\((?!(?:plans/)?README)([^)]+)\)", r"`(\.venv/bin/python -m \w+ [a-z-]+)", r"^\|"):
        assert re.findall(pattern, english, re.MULTILINE) == re.findall(pattern, chinese, re.MULTILINE), pattern
