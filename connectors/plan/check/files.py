"""Plan files checked together, as lines for people and for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.plan.check import Finding, check, is_wrong
from connectors.plan.errors import PlanError
from connectors.plan.model import Plan
from connectors.plan.planfile import read_plan

RIGHT, UNREADABLE, WRONG = 0, 1, 3


@dataclass(frozen=True)
class Checked:
    """`findings`: (file, finding); `faults`: what could not be read, each with its place; `code`: the exit code.

    Code 0: nothing wrong; 1: a file cannot be read; 3: an error or a warning.
    """

    findings: tuple[tuple[str, Finding], ...]
    faults: tuple[str, ...]

    @property
    def code(self) -> int:
        if self.faults:
            return UNREADABLE
        return WRONG if is_wrong([finding for _, finding in self.findings]) else RIGHT

    def rows(self, people: bool) -> list[dict[str, Any]]:
        """One line a finding: amounts as typed for people, else as numbers, with the words in both languages."""
        return [_row(file, finding, people) for file, finding in self.findings]


def check_files(paths: Sequence[Path]) -> Checked:
    """Every finding of the files; each is also held against the others, for a plan written twice."""
    plans: list[tuple[str, Plan]] = []
    faults: list[str] = []
    for path in paths:
        try:
            plans.append((path.name, read_plan(path)))
        except PlanError as error:
            faults += [str(fault) if fault.where == path.name else f"{path.name}: {fault}" for fault in error.faults]
    found = [
        (name, finding)
        for name, plan in plans
        for finding in check(plan, [other for _, other in plans if other is not plan])
    ]
    return Checked(tuple(found), tuple(faults))


def _row(file: str, finding: Finding, people: bool) -> dict[str, Any]:
    line = {"file": file, "severity": finding.severity, "rule": finding.rule, "code": finding.code}
    if people:
        nodes = ", ".join(finding.nodes[:3]) + (" …" if len(finding.nodes) > 3 else "")
        told = {name: finding.facts.get(name, "") for name in ("stated", "computed", "difference")}
        return {**line, "nodes": nodes, **told, "message": finding.message()}
    exact = {"stated": finding.stated, "computed": finding.computed, "difference": finding.difference}
    return {
        **line,
        "nodes": list(finding.nodes),
        **exact,
        "message": finding.message(),
        "message_zh": finding.message("zh"),
    }
