"""Draw one page by itself and read what it says."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

LINES = "import streamlit as st\nfrom dashboard.pages import {page}\n{page}.render()\n"


def opened(page: str, lang: str = "zh", **link: str) -> AppTest:
    """dashboard/pages/<page>.py with this link, run once."""
    at = AppTest.from_string(LINES.format(page=page), default_timeout=60)
    at.session_state["lang"] = lang
    for key, value in link.items():
        at.query_params[key] = value
    return at.run()


def words(at: AppTest) -> str:
    """All HTML (style sheets left out), captions and messages of the page."""
    bodies = [str(e.proto.body) for e in at.get("html")]
    html = "\n".join(b for b in bodies if "<style" not in b and not b.startswith("/*"))
    said = [e.value for kind in ("caption", "info", "success", "error", "warning") for e in at.get(kind)]
    return html + "\n".join(str(s) for s in said)


def figures(at: AppTest) -> list[str]:
    """The specs of all plotly figures, as JSON text."""
    return [e.proto.spec for e in at.get("plotly_chart")]


def cards(found: str, label: str) -> list[str]:
    """The HTML of every card with this label, in order."""
    return [part for part in found.split('<div class="db-facts">')[0].split('<div class="db-card">')[1:] if f"<span>{label}</span>" in part]


def card(found: str, label: str) -> str:
    """The HTML of the one card with this label."""
    (one,) = cards(found, label)
    return one


def plan_lines(plan: str) -> dict[str, str]:
    """The rows of a plan's tree as text, by node; the page shows no error."""
    found = words(opened("plan", plan=plan))
    assert "db-error" not in found
    parts = found.split('class="db-plan"')[1].split('data-node="')[1:]
    return {part.split('"')[0]: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part.split(">", 1)[1].split('<div class="row')[0])) for part in parts}
