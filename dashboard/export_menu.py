"""The export of a table: a menu of its own beside the heading, or one menu for a page of many tables.

A menu costs a browser about 5 ms before the page is whole, opened or not; a dozen of them are felt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import exports
from dashboard.labels import t

Frame: TypeAlias = pd.DataFrame | Callable[[], pd.DataFrame]  # a table, or how to make it when it is needed


@dataclass(frozen=True)
class _Table:
    title: str
    frame: Frame
    name: str
    key: str


_gathering: ContextVar[list[_Table] | None] = ContextVar("_gathering", default=None)


def made(df: Frame) -> pd.DataFrame:
    return df() if callable(df) else df


def export(df: Frame, name: str, title: str = "", key: str | None = None) -> None:
    """CSV and Excel of `df` (exact values), made only when pressed. `name` becomes the file name, `title` stands in a common menu."""
    table, common = _Table(title or name, df, name, key or name), _gathering.get()
    if common is not None:
        common.append(table)
        return
    with _menu(t("common.export"), table.key):
        _buttons(table)


def is_gathered() -> bool:
    """Do tables leave their export to a common menu?"""
    return _gathering.get() is not None


@contextmanager
def gathered(place: DeltaGenerator, key: str) -> Iterator[None]:
    """Tables drawn inside leave their exports to one menu, which stands at `place` once they are all known."""
    tables: list[_Table] = []
    token = _gathering.set(tables)
    try:
        yield
    finally:
        _gathering.reset(token)
    if tables:
        with place, _menu(t("common.export_all", n=len(tables)), key):
            for table in tables:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.markdown(table.title, width="stretch")
                    _buttons(table, is_short=True)


def _menu(label: str, key: str) -> DeltaGenerator:
    menu = st.popover(label, icon=":material/download:", type="tertiary", key=f"x_{key}")
    menu.caption(t("common.export_help"))
    return menu


def _buttons(table: _Table, *, is_short: bool = False) -> None:
    csv, xlsx = ("CSV", "Excel") if is_short else (t("common.csv"), t("common.xlsx"))
    st.download_button(csv, _late(exports.csv_bytes, table.frame), f"{table.name}.csv", "text/csv", key=f"xc_{table.key}", on_click="ignore")
    st.download_button(
        xlsx, _late(exports.xlsx_bytes, table.frame), f"{table.name}.xlsx", key=f"xx_{table.key}", on_click="ignore",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )  # fmt: skip


def _late(make: Callable[[pd.DataFrame], bytes], df: Frame) -> Callable[[], bytes]:
    return lambda: make(made(df))
