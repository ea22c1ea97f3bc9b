"""Do the plan's own numbers give what it states? Lines, totals, profit with the lines below it, break-even, growth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from connectors.plan.check.finding import Finding, found, label, percent
from connectors.plan.check.values import Values, rounding
from connectors.plan.formula import references
from connectors.plan.model import Node
from connectors.plan.quantity import shown

GROWTH, YEARS = ("growth", "rate", "年均增长"), ("years", "年数")
LONGEST = 40  # years that a growth chain is tried for


def lines(values: Values) -> Iterator[Finding]:
    """A typed value beside its formula: equal within the rounding of what was typed."""
    for node in values.plan.nodes:
        stated = node.target.value
        values.counted(node)
        if node.id in values.circles:
            yield found("formula", "circle", "error", node)
            continue
        if not node.formula or stated is None or (made := values.computed(node)) is None:
            continue
        yield _line(node, values, stated, made)


def _line(node: Node, values: Values, stated: Decimal, made: Decimal) -> Finding:
    total = node.kind != "budget" and bool(references(node.formula))
    rule, stem = ("total", "total") if total else ("ratio" if "/" in node.formula else "formula", "formula")
    factor = max(stated / made, made / stated) if stated and made else Decimal(0)
    if stated == made:
        code, severity = f"{stem}_agree", "ok"
    elif abs(stated - made) <= rounding(node.target):
        code, severity = "rounded", "info"
    else:
        code, severity = "ratio_off" if rule == "ratio" and factor >= 2 else f"{stem}_differ", "error"
    return found(
        rule, code, severity, node, stated=stated, computed=made, formula=_written(node, values), factor=f"{factor:.1f}"
    )


def _written(node: Node, values: Values) -> str:
    """The formula with its numbers in place: 2023 x 3 x 12."""

    def put(match: re.Match[str]) -> str:
        if match[1]:
            return label(values.nodes[match[1].strip()])
        return node.parts[match[0]].text if match[0] in node.parts else match[0]

    return re.sub(r"\{([^{}]+)\}|\w+", put, node.formula.replace("*", "×"))


def profit(values: Values) -> Iterator[Finding]:
    """Profit with the cost lines that its formula leaves out, and the revenue at which it is zero."""
    profits: list[tuple[Node, Node]] = []
    inside: set[str] = set()
    for node in values.plan.nodes:
        named = [values.nodes[id] for id in references(node.formula)]  # noqa: A001
        revenue = next((one for one in named if one.kind == "flow"), None)
        if node.kind != "flow" or revenue is None or len(named) < 2:
            continue
        needed = values.needs(node)
        if any(one.kind == "budget" for one in needed.values()):
            profits.append((node, revenue))
            inside |= needed.keys()
    later = [line for line in values.top("budget") if line.id not in inside and values.counted(line) is not None]
    for node, revenue in profits:
        yield from _later(values, node, later)
        for left_out in ([], later) if later else ([],):
            if (finding := _break_even(values, node, revenue, left_out)) is not None:
                yield finding


def _later(values: Values, node: Node, later: list[Node]) -> Iterator[Finding]:
    made = values.computed(node)
    if not later or made is None:
        return
    cost = sum((values.counted(line) or Decimal(0) for line in later), Decimal(0))
    stated = node.target.value
    said = made if stated is None else stated
    blank = [n for line in later for n in [line, *values.below(line)] if n.kind == "budget" and n.is_blank]
    if (said - cost > 0) != (made - cost > 0):
        code, severity = "later_sign", "error"
    elif (made > 0) != (made - cost > 0):
        code, severity = "later_negative", "warning"
    else:
        code, severity = "later_lines", "info"
    yield found("total", code, severity, node, *later, stated=said - cost, computed=made - cost, cost=shown(cost, node.target),
                lines=", ".join(map(label, later)), blank=", ".join(map(label, blank)) or "—")  # fmt: skip


def _break_even(values: Values, node: Node, revenue: Node, later: list[Node]) -> Finding | None:
    """Revenue at which the profit formula gives 0; only where profit moves in a straight line with revenue."""

    def at(amount: Decimal) -> Decimal | None:
        there = Values(values.plan, {revenue.id: amount})
        made = there.computed(node)
        costs = [there.counted(line) for line in later]
        return None if made is None else made - sum((cost or Decimal(0) for cost in costs), Decimal(0))

    unit = revenue.target.value or Decimal(1)
    none, one, two = at(Decimal(0)), at(unit), at(2 * unit)
    if none is None or one is None or two is None or two - one != one - none:
        return None
    kept, fixed = (one - none) / unit, -none
    facts: dict[str, Any] = {
        "fixed": shown(fixed, revenue.target),
        "variable": percent(1 - kept),
        "target": revenue.target.text,
    }
    suffix = "_later" if later else ""
    if kept <= 0:
        return found("break_even", f"break_even_never{suffix}", "error", revenue, node, *later, **facts)
    stated = revenue.target.value
    reached = stated is None or stated >= fixed / kept
    code = f"break_even_{'pass' if reached else 'fail'}{suffix}"
    return found(
        "break_even",
        code,
        "ok" if reached else "error",
        revenue,
        node,
        *later,
        stated=stated,
        computed=fixed / kept,
        **facts,
    )


def growth(values: Values) -> Iterator[Finding]:
    """base x (1 + growth)^years against the stated end; where years are masked, chains of one plan should fit as many."""
    leader: tuple[Node, int] | None = None  # the first chain without years, and how many it fits
    for node in values.plan.nodes:
        rate, years = (_part(node, names) for names in (GROWTH, YEARS))
        end, base = node.target.value, node.base.value
        if rate is None or end is None or rate <= -1 or end <= 0 or (base or 0) < 0:
            continue
        if years is not None and not 0 < years <= LONGEST:
            years = None
        if not base:
            if years is not None:
                back = end / (1 + rate) ** years
                yield found(
                    "growth",
                    "growth_base",
                    "info",
                    node,
                    computed=back,
                    rate=percent(rate),
                    years=f"{years.normalize():f}",
                    end=node.target.text,
                )
            continue
        fits = [
            count for count in range(1, LONGEST + 1) if abs(base * (1 + rate) ** count - end) <= rounding(node.target)
        ]
        told: dict[str, Any] = {"base": node.base.text, "rate": percent(rate), "fits": ", ".join(map(str, fits)) or "—"}
        if years is not None:
            yield _chain(node, base, rate, years, end, **told)
        elif not fits:
            yield found("growth", "growth_never", "error", node, stated=end, **told)
        elif leader and leader[1] not in fits:
            yield _chain(node, base, rate, Decimal(leader[1]), end, other=label(leader[0]), **told)
        else:
            leader = leader or (node, fits[0])
            yield found("growth", "growth_fits", "info", node, stated=end, **told)


def _part(node: Node, names: tuple[str, ...]) -> Decimal | None:
    return next((node.parts[name].value for name in names if name in node.parts), None)


def _chain(node: Node, start: Decimal, rate: Decimal, years: Decimal, end: Decimal, /, **told: Any) -> Finding:
    """A chain over so many years: what it makes, and the rate that the stated end would need."""
    made = start * (1 + rate) ** years
    needed = (end / start) ** (1 / years) - 1
    if "other" in told:
        code, severity = "growth_other", "warning"
    elif abs(made - end) <= rounding(node.target):
        code, severity = "growth_agree", "ok"
    else:
        code, severity = "growth_differ", "error"
    return found(
        "growth",
        code,
        severity,
        node,
        stated=end,
        computed=made,
        years=f"{years.normalize():f}",
        needed=percent(needed),
        **told,
    )
