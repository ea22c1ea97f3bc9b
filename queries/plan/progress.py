"""What is known of a node on a day: the answer that pages, exports and the 日报 share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

# the word a node is judged with; the first nine are those of pace.py
WORDS = (
    "ahead", "on_track", "behind", "done", "missed", "not_started", "no_plan", "no_base", "no_actual",
    "inside", "above", "below",          # bands
    "due", "late", "upcoming", "open",   # milestones and activities
    "not_judged",                        # practices, context figures, directions
)  # fmt: skip
GOOD, BAD = ("ahead", "on_track", "done", "inside"), ("behind", "missed", "late", "above", "below")


@dataclass(frozen=True)
class Progress:
    """A node at the end of `day`.

    actual: to date, None when not known. expected: what should be there by now. low/mid/high: where the period will land (80 %).
    needed: what must still come, per remaining day beside it. details: figures of the node's kind, named in labels.toml
    (`plan.detail_<name>`); a Decimal, a date, a text or a list. why: the reason for a missing actual or verdict.
    """

    node: str
    status: str
    actual: Decimal | None = None
    target: Decimal | None = None
    expected: Decimal | None = None
    low: Decimal | None = None
    mid: Decimal | None = None
    high: Decimal | None = None
    straight: Decimal | None = None
    needed: Decimal | None = None
    per_day: Decimal | None = None
    days_left: int | None = None
    share_over: float | None = None
    curve: str = ""
    source: str = ""
    basis: str = ""
    bound: str = "exact"
    as_of: Any = None
    why: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_good(self) -> bool | None:
        """Does the word say well or badly? None when it says neither."""
        return True if self.status in GOOD else False if self.status in BAD else None

    @property
    def rate(self) -> Decimal | None:
        """Actual over target, both to date and whole period as they are; None without either."""
        return self.actual / self.target if self.actual is not None and self.target else None


@dataclass(frozen=True)
class Fact:
    """An actual with where it came from."""

    value: Decimal | None
    source: str = ""
    basis: str = ""
    bound: str = "exact"
    as_of: Any = None
    by_day: Mapping[date, Decimal | None] = field(default_factory=dict)
    why: str = ""
    other: Decimal | None = None  # a figure of another basis, shown by its name, never judged
