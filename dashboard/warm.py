"""Imports that a first page would wait for, done once, then frozen out of the garbage collector.

Streamlit collects garbage after every run; with the imports frozen 16 sessions went from 1,245 to 331 ms a rerun.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import logging
import threading
from contextlib import suppress

import pandas as pd
import streamlit as st
from streamlit.errors import StreamlitAPIException

PAGES = ("overview", "traffic", "ads", "live", "plan", "imports")
# imported by pages when first drawn, by plotly when first asked for such a thing
_LATE = ("dashboard.charts", "dashboard.pages.onair", "dashboard.submit", "queries.sources.due", "plotly.graph_objs.layout", "plotly.io")
_LOG = logging.getLogger(__name__)
_LOCK = threading.Lock()
_done = False


def warm() -> None:
    """Import the pages and plotly, then `gc.freeze()`; safe to call often, works once per process."""
    global _done
    with _LOCK:
        if _done:
            return
        for name in (*(f"dashboard.pages.{page}" for page in PAGES), *_LATE, "queries"):
            try:
                importlib.import_module(name)
            except Exception:  # the page itself shows what is wrong with it
                _LOG.exception("cannot import %s", name)
        _draw()
        with suppress(StreamlitAPIException):  # it refuses to be empty, but from now on dashboard/pages/ is no more
            st.navigation([])  # taken for a directory of scripts, each of which could be opened by itself
        gc.collect()
        gc.freeze()
        atexit.register(gc.unfreeze)  # else duckdb reports everything as leaked when the process ends
        _done = True


def _draw() -> None:
    """One figure of one point: plotly imports what a figure is made of when it makes one."""
    with suppress(ImportError):  # told above
        from dashboard import axes, charts

        day = pd.DataFrame({"day": [pd.Timestamp(2026, 1, 1)], "value": [1.0]})
        axes.Finished(charts.daily(day, y="value", unit="count")).to_json()
