"""Totals above the lines of a month table: the period's and the whole's, made when a line needs them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from connectors.plan.aliases import metric_label
from connectors.plan.model import Node
from connectors.plan.workbook.form import Ask, Draft
from connectors.plan.workbook.lines import WHOLE, chain, free_id, known_total, total_id

SUM = {"zh": "合计", "en": "Total"}


def period_word(column: str, first: date, last: date) -> str:
    """day, month or year of a column's span; '' for a span that is none of them."""
    if column != WHOLE:
        return "day" if len(column) == 10 else "month"
    return "year" if (last - first).days in (364, 365) else ""


class Totals:
    """Ids of total nodes by group (budget, or a metric) and column; a plan's own totals are used where it has some."""

    def __init__(self, draft: Draft, ask: Ask, known: Mapping[tuple[str, str], Node], shops: set[str]) -> None:
        self.draft, self.ask, self.known = draft, ask, known
        self.shops = shops

    def of(self, group: str, column: str) -> str:
        """The id of the total of a column, with those above it."""
        parent = ""
        for name, first, last in chain(self.ask, column):
            node = known_total(self.known, group, name) or total_id(group, name)
            days = {"start": first.isoformat(), "end": last.isoformat()}
            there = self.draft.nodes.get(node, days)
            if not known_total(self.known, group, name) and days != {key: there.get(key) for key in days}:
                node = free_id(node, self.draft.nodes, first, last)
            if node not in self.draft.nodes:
                label = "预算" if group == "budget" else metric_label(group.removeprefix("typed:"))
                self.draft.put(
                    node,
                    {
                        "kind": "budget" if group == "budget" else "flow", "name": f"{label} {'' if name == WHOLE else name}".strip(), "parent": parent,
                        "metric": self._metric(group), "shop": self._shop(), "total": "sum", "source": "children",
                        "direction": "at_most" if group == "budget" else "", **days,
                        "period": period_word(name, first, last),
                    },
                    {},
                )  # fmt: skip
            parent = node
        return parent

    def _metric(self, group: str) -> str:
        """One shop's own figure answers for a total; over some shops the total is what its lines come to."""
        return "" if group == "budget" or group.startswith("typed:") or len(self.shops) > 1 else group

    def _shop(self) -> str:
        return next(iter(self.shops)) if len(self.shops) == 1 else ""
