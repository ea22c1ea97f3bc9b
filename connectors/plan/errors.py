"""What is wrong with a plan, with the place: a line of a file, or a sheet and its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.errors import ConnectorError


@dataclass(frozen=True)
class Fault:
    """One thing that cannot be read. `where`: node.field, or sheet!cell; `what`: what is there and what to write."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class PlanError(ConnectorError):
    """A plan cannot be read; nothing was stored. `faults`: every one that was found, each with its place."""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        self.source, self.faults = source, tuple(faults)
        super().__init__(f"The plan {source} was not stored. " + " | ".join(map(str, faults)))
