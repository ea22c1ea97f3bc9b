"""What a browser is sent first, on the first run of a session; later runs wait for nothing.

A browser loads the code of each kind of element when it meets the first one, and shows what had to wait for code half
a second later at the earliest, and not before plotly is loaded when a chart came with it. So one empty element goes
ahead, and cards and tables, which are of its kind, are shown as soon as they arrive; the chart follows them.
"""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import streamlit as st

AHEAD_S = 0.1  # a browser loads the code of an HTML element meanwhile
WHOLE = ("live",)  # pages that are read as a whole: their first cards need no head start
BEFORE_CHART_S = 0.15  # a browser draws cards and tables meanwhile


def ahead() -> None:
    """Send the element that makes the browser load its code; once per run, before anything else."""
    st.html("<style></style>")  # in every run, so that what follows keeps its place on the page
    if urlsplit(str(st.context.url or "")).path.rstrip("/").rsplit("/", 1)[-1] not in WHOLE:
        _wait("sent_ahead", AHEAD_S)


def before_chart() -> None:
    """Let the browser show what it has before the session's first chart occupies it."""
    _wait("sent_chart", BEFORE_CHART_S)


def _wait(what: str, seconds: float) -> None:
    """Once per session, and only for a browser: what has no headers is a test."""
    if what not in st.session_state:
        st.session_state[what] = True
        if st.context.headers.to_dict():
            time.sleep(seconds)
