"""The plan checker: what does not add up, stated and computed side by side. It reports; it never changes the plan.

The rules are those that real plans broke: sums, formulas, totals, break-even, heads, lists, dates, percents of small
counts, coverage, growth, one thing with two values, blanks, bases, the same plan twice, hours and order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from connectors.plan import check_cover, check_dates, check_formulas, check_sums, check_text
from connectors.plan.check_finding import SEVERITIES, WRONG, Finding
from connectors.plan.check_values import Values
from connectors.plan.model import Plan

__all__ = ["Finding", "check", "is_wrong"]

RULES: tuple[Callable[[Values], Iterator[Finding]], ...] = (
    check_sums.children, check_sums.axes, check_formulas.lines, check_formulas.profit, check_formulas.growth, check_sums.heads, check_sums.listed,
    check_sums.dated, check_cover.whole_units, check_cover.coverage, check_text.same, check_text.bases, check_text.joint, check_dates.hours,
    check_dates.order, check_dates.outside, check_text.blanks,
)  # fmt: skip


def check(plan: Plan, others: Sequence[Plan] = ()) -> list[Finding]:
    """Every finding about a plan, errors first, then warnings, remarks and what agrees; in the order of the rules.

    `others`: plans it may repeat. Findings are words and numbers alone: see Finding.
    """
    values = Values(plan)
    findings = [finding for rule in RULES for finding in rule(values)]
    findings += check_text.duplicates(values, others)
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def is_wrong(findings: Sequence[Finding]) -> bool:
    """Is there anything to look at: an error or a warning?"""
    return any(finding.severity in WRONG for finding in findings)
