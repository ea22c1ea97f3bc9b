"""`python -m connectors check-plan`: what it prints and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.__main__ import main

EXAMPLES = Path(__file__).resolve().parents[3] / "plans" / "examples"
RIGHT = '[plan]\nid = "p"\n[[node]]\nid = "a"\nkind = "flow"\ntarget = "60万"\ndirection = "at_least"\n'


def file_of(key: str) -> str:
    return str(next(EXAMPLES.glob(f"{key}-*.toml")))


def test_nothing_wrong_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sales target: nothing to say."""
    (tmp_path / "p.toml").write_text(RIGHT, encoding="utf-8")
    assert main(["check-plan", str(tmp_path / "p.toml")]) == 0
    assert capsys.readouterr().out == ""
    assert main(["check-plan", str(tmp_path / "p.toml"), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_findings_end_with_3_and_show_both_figures(capsys: pytest.CaptureFixture[str]) -> None:
    """A1: the stated profit beside the computed one, as typed."""
    assert main(["check-plan", file_of("a1")]) == 3
    line = next(line for line in capsys.readouterr().out.splitlines() if "total_differ" in line)
    assert line.split()[:8] == [
        "a1-portal-revenue.toml",
        "error",
        "total",
        "total_differ",
        "A1-12",
        "25.8万",
        "23.4万",
        "+2.4万",
    ]


def test_json_gives_numbers_and_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    """A script reads 258000, 234000 and 24000."""
    assert main(["check-plan", file_of("a1"), "--format", "json"]) == 3
    rows = json.loads(capsys.readouterr().out)
    total = next(row for row in rows if row["code"] == "total_differ")
    assert (total["stated"], total["computed"], total["difference"], total["nodes"]) == (
        258_000,
        234_000,
        24_000,
        ["A1-12"],
    )
    assert "写明 25.8万" in total["message_zh"] and "25.8万 is stated" in total["message"]


def test_a_file_that_cannot_be_read_ends_with_1_and_names_every_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other file is checked all the same."""
    bad = tmp_path / "bad.toml"
    bad.write_text(
        '[plan]\nid = "p"\n[[node]]\nid = "a"\nkind = "flow"\ntarget = "about six"\n[[node]]\nid = "b"\nkind = "fluke"\n',
        encoding="utf-8",
    )
    assert main(["check-plan", str(bad), file_of("a1")]) == 1
    said = capsys.readouterr()
    assert said.err.splitlines()[0].startswith("bad.toml: a.target: 'about six' is not a number.")
    assert said.err.splitlines()[1].startswith("bad.toml: b.kind: 'fluke' is not known.")
    assert "total_differ" in said.out


def test_files_are_held_against_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    """B10 is B1 in other words."""
    assert main(["check-plan", file_of("b1"), file_of("b10")]) == 3
    assert capsys.readouterr().out.count("duplicate  ") == 4  # rule and code, from both sides


def test_no_file_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["check-plan"])
    assert stopped.value.code == 2
    assert "FILE" in capsys.readouterr().err
