"""Small plans written in a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.plan.build import build
from connectors.plan.model import Plan


@pytest.fixture
def build_plan() -> Callable[..., Plan]:
    """build_plan(node, node, …, title=…): a plan of 2026 with those nodes."""

    def made(*nodes: dict[str, Any], **head: Any) -> Plan:
        return build(
            {"plan": {"id": "p", "start": "2026-01-01", "end": "2026-12-31", **head}, "node": list(nodes)}, "test"
        )

    return made
