"""上播记录: what happens on air, logged with big buttons while it happens."""

from __future__ import annotations

from dashboard import panels, panels_onair


def render() -> None:
    """Where, the buttons, and what was logged."""
    panels_onair.style()
    with panels.guard():
        place = panels_onair.where()
        if place is None:
            return
        panels_onair.buttons(*place)
        panels_onair.log(*place[:2])
