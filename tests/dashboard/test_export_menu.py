"""Exports of tables: a menu each, or one for all of a page; AppTest draws what is inside a menu as well."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import export_menu, exports

TABLES = """
import pandas as pd
import streamlit as st
from dashboard import panels
from dashboard.columns import Col
from dashboard.export_menu import gathered
one, two = pd.DataFrame({"a": [1.5]}), pd.DataFrame({"a": [2.5]})
columns = {"a": Col("金额", "money", "CNY")}
place = st.container()
with gathered(place, "all"):
    panels.table(one, columns, "first", title="第一")
    panels.table(two, columns, "second", title="第二")
panels.table(one, columns, "third", title="第三")
"""


def _drawn() -> AppTest:
    at = AppTest.from_string(TABLES, default_timeout=60)
    at.session_state["lang"] = "zh"
    at.run()
    assert not at.exception
    return at


def test_tables_of_a_page_share_a_menu_and_others_keep_theirs() -> None:
    """Two menus: one of two tables with their titles, one of the table outside; each table has CSV and Excel."""
    at = _drawn()
    assert [menu.proto.popover.label for menu in at.get("popover")] == ["导出表格（2）", "导出"]
    assert [each.value for each in at.markdown] == ["第一", "第二"]
    assert [button.proto.label for button in at.get("download_button")] == ["CSV", "Excel", "CSV", "Excel", "下载 CSV", "下载 Excel"]


def test_a_file_of_a_common_menu_is_its_own_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written before a button is pressed; pressed, the second table's file holds the second table."""
    late = []
    monkeypatch.setattr(export_menu.st, "download_button", lambda _label, data, name, *_args, **_more: late.append((name, data)))
    written: list[pd.DataFrame] = []
    monkeypatch.setattr(exports, "csv_bytes", lambda df: written.append(df) or b"")
    _drawn()
    assert [name for name, _ in late] == ["first.csv", "first.xlsx", "second.csv", "second.xlsx", "third.csv", "third.xlsx"] and written == []
    dict(late)["second.csv"]()
    assert [df["金额"].tolist() for df in written] == [[2.5]]
