"""The plan model: a plan is a header and a tree of nodes; every value keeps the text somebody typed.

What a node may be (kind): what its target means and how an actual is held against it. The words are the warehouse's too
(fact.plan_node.kind), so pages and queries say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal

from connectors.plan.quantity import Quantity
from connectors.plan.when import Window

KINDS = {
    "flow": "a sum over the period",
    "stock": "a level at a date",
    "ratio": "recomputed from its two parts",
    "band": "between a least and a most, judged on each period or on their mean",
    "growth": "change against a typed base",
    "coverage": "distinct units done of a list",
    "count": "number of activities",
    "quota": "so many each hour, day, week, month or quarter, for each person or account",
    "milestone": "done by a day, a window, T-7, or an open date",
    "loop": "repeated until passed",
    "backlog": "opening + new - cleared, down to what may be left",
    "budget": "a cost line, fixed or by formula",
    "headcount": "people by role",
    "direction": "up or down, no number",
    "practice": "a duty or habit, checklist only",
    "series": "a benchmark, record or context figure beside the plan; never judged",
    "exclude": "must stay out of every figure",
    "evidence": "a document or link that must be there",
    "risk": "a risk with its sign, owner and answer",
    "note": "a remark of the plan's text",
}
DIRECTIONS = ("", "at_least", "at_most", "exactly", "inside")
TOTALS = ("", "sum", "last", "ratio", "mean", "distinct", "max")
PERIODS = (
    "",
    "hour",
    "day",
    "week",
    "ten_days",
    "month",
    "quarter",
    "half",
    "year",
    "session",
    "event",
    "course",
    "project",
    "person",
    "phase",
    "once",
)
SOURCES = ("", "metric", "typed", "activity", "cost", "roster", "formula", "children", "none")
STATES = ("draft", "submitted", "approved", "issued")
WEIGHTS = ("", "equal", "weekday", "workdays", "phases", "season", "even_months")


@dataclass(frozen=True)
class Node:
    """One node. Everything but `id` and `kind` may be blank; blanks stay blank.

    target/base/opening/step: typed quantities. `parts`: the line's own numbers (heads, pay, months; ratio: above, below).
    `dims`: where it stands on the plan's axes (sector, income, channel, person). `scope`: which rows of the book it covers
    (platform, channel, item, campaign, purse). `units`: the list that coverage counts; `per`: persons or accounts of a quota.
    `weights`: shares by name (1..12, q1..q4, phase names, mon..sun). `refs`: ids of the source's own checklist.
    """

    id: str
    kind: str
    name: str = ""
    parent: str = ""
    refs: tuple[str, ...] = ()
    metric: str = ""
    basis: str = ""
    target: Quantity = field(default_factory=lambda: Quantity(""))
    unit: str = ""
    direction: str = ""
    judged: str = ""  # band: each | mean
    total: str = ""
    period: str = ""
    start: date | None = None
    end: date | None = None
    due: Window = field(default_factory=lambda: Window(""))
    windows: tuple[Window, ...] = ()  # an activity count with planned windows
    hours: str = ""  # working hours of an hourly quota, start window of a session: 18:00-23:00
    per: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    dims: Mapping[str, str] = field(default_factory=dict)
    shop: str = ""
    scope: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Quantity] = field(default_factory=dict)
    formula: str = ""
    base: Quantity = field(default_factory=lambda: Quantity(""))
    opening: Quantity = field(default_factory=lambda: Quantity(""))
    weight: str = ""
    weights: Mapping[str, Quantity] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    announced: Quantity = field(default_factory=lambda: Quantity(""))  # how many children the text says there are
    same_as: str = ""  # another node that states the same thing
    owner: str = ""
    source: str = ""
    state: str = ""
    evidence: tuple[str, ...] = ()
    note: str = ""
    text: str = ""  # the original wording
    attempts: str = ""  # loop: what counts as passed

    @property
    def is_blank(self) -> bool:
        """A node that should carry a number and carries none: it stays draft and is never coloured."""
        if self.kind in UNJUDGED or self.formula or self.source == "children" or (self.kind == "band" and self.hours):
            return False
        if self.kind in ("milestone", "count") and not self.target.text:
            return self.kind == "count" and not self.windows  # a milestone without a number is done or not
        return self.target.is_blank

    @property
    def is_judged(self) -> bool:
        return self.kind not in UNJUDGED


UNJUDGED = frozenset({"practice", "series", "exclude", "evidence", "risk", "note", "direction"})


@dataclass(frozen=True)
class Plan:
    """A plan: header, events that T-dates count from, and its nodes in the order they were written.

    `start`/`end`: the plan's own dates; a year is never read from its text. `missing`: parts its author left empty.
    `currency`: what 元 means. `edge_days`: how long 初 and 末 of a month are. `axes`: the dimensions that must each sum.
    """

    id: str
    title: str = ""
    kind: str = ""  # month_budget | sales_target | live_schedule | other
    author: str = ""
    owner: str = ""
    state: str = "draft"
    start: date | None = None
    end: date | None = None
    shop: str = ""
    currency: str = "CNY"
    source: str = ""  # what the plan was read from
    note: str = ""
    missing: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    edge_days: int = 10
    events: Mapping[str, date] = field(default_factory=dict)
    text: str = ""  # the pasted original
    nodes: tuple[Node, ...] = ()

    def node(self, id: str) -> Node:  # noqa: A002 - the field's own word
        """The node of that id. Raises KeyError."""
        return self.by_id[id]

    @property
    def by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    def children(self, parent: str = "") -> list[Node]:
        return [node for node in self.nodes if node.parent == parent]

    def below(self, parent: str) -> Iterator[Node]:
        """Every node under `parent`, depth first."""
        for child in self.children(parent):
            yield child
            yield from self.below(child.id)

    def leaves(self, parent: str) -> list[Node]:
        """Nodes under `parent` that have none under them."""
        parents = {node.parent for node in self.nodes}
        return [node for node in self.below(parent) if node.id not in parents]


NODE_FIELDS = tuple(each.name for each in fields(Node))
PLAN_FIELDS = tuple(each.name for each in fields(Plan) if each.name != "nodes")


def amount(value: Decimal | None) -> str:
    """A stored number as short text: 108000, 0.97; '' for a blank."""
    return "" if value is None else format(value.normalize(), "f")
