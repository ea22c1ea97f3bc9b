"""What can be wrong with the arithmetic of a plan; every message says what, where and what to do."""

from __future__ import annotations

from warehouse.errors import OpsError


class PlanError(OpsError):
    """A plan's figure, curve or edit cannot be used as asked; nothing was changed."""
