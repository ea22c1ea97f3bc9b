"""The plan checker: what does not add up, stated and computed side by side. It reports; it never changes the plan.

The rules are those that real plans broke: sums, formulas, totals, break-even, heads, lists, dates, percents of small
counts, coverage, growth, one thing with two values, blanks, bases, the same plan twice, hours and order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from connectors.plan.check import cover, dates, formulas, sums, text
from connectors.plan.check.finding import SEVERITIES, WRONG, Finding
from connectors.plan.check.values import Values
from connectors.plan.model import Plan

__all__ = ["Finding", "check", "is_wrong"]

RULES: tuple[Callable[[Values], Iterator[Finding]], ...] = (
    sums.children, sums.axes, formulas.lines, formulas.profit, formulas.growth, sums.heads, sums.listed,
    sums.dated, cover.whole_units, cover.coverage, text.same, text.bases, text.joint, dates.hours,
    dates.order, dates.outside, text.blanks,
)  # fmt: skip


def check(plan: Plan, others: Sequence[Plan] = ()) -> list[Finding]:
    """Every finding about a plan, errors first, then warnings, remarks and what agrees; in the order of the rules.

    `others`: plans it may repeat. Findings are words and numbers alone: see Finding.
    """
    values = Values(plan)
    findings = [finding for rule in RULES for finding in rule(values)]
    findings += text.duplicates(values, others)
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def is_wrong(findings: Sequence[Finding]) -> bool:
    """Is there anything to look at: an error or a warning?"""
    return any(finding.severity in WRONG for finding in findings)
