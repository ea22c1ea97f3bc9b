"""Cells of scrolling tables: written for people, sorted by the exact value."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.elements.lib.pandas_styler_utils import marshall_styler
from streamlit.proto.ArrowData_pb2 import ArrowData

from dashboard import grids, panels
from dashboard.columns import Col

FRAME = pd.DataFrame({
    "name": ["a", "b"], "sales": [123456.5, None], "money": ["CNY", "USD"], "watch": [65.0, 9.0], "change": [0.25, -0.5],
})  # fmt: skip
COLUMNS = {
    "name": Col("n"), "sales": Col("s", "money", "money"), "watch": Col("w", "seconds"), "change": Col("c", "rate", tone="change"),
    "money": Col("m", where="export"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grids, "lang", lambda: "zh")
    monkeypatch.setattr(grids, "red_up", lambda: True)


def sent(style: object) -> ArrowData:
    """What the browser gets of a table."""
    data = ArrowData()
    marshall_styler(data, style, "a-table")  # type: ignore[arg-type]
    return data


def written(style: object) -> list[list[str]]:
    """What each row shows."""
    return pa.ipc.open_stream(sent(style).styler.display_values).read_pandas().to_numpy().tolist()


def test_cells_are_written_and_values_stay_exact() -> None:
    """12.3万 on the page, 123456.5 under it; seconds in words; a change with its sign; the export column left out."""
    style, config, _ = panels.grid_parts(FRAME, COLUMNS, is_short=True)
    assert written(style) == [["a", "¥12.3万", "1分05秒", "+25.0%"], ["b", "—", "9秒", "-50.0%"]]
    assert style.data["sales"][0] == 123456.5
    assert list(config) == ["name", "sales", "watch", "change"]
    exact, _, _ = panels.grid_parts(FRAME, COLUMNS)
    assert written(exact)[0][1] == "¥123,456.50"


def test_a_change_has_the_readers_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Red is up in Chinese; switched, green is; no change has none."""
    frame = pd.DataFrame({"change": [1.0, -1.0, None, 0.0]})
    columns = {"change": COLUMNS["change"]}

    def rules() -> list[str]:
        style = panels.grid_parts(frame, columns)[0]
        return sent(style).styler.styles.replace(f"#T_{style.uuid}_", "").splitlines()

    assert rules() == [f"row0_col0 {{ color: {grids.RED} }}", f"row1_col0 {{ color: {grids.GREEN} }}"]
    monkeypatch.setattr(grids, "red_up", lambda: False)
    assert rules()[0] == f"row0_col0 {{ color: {grids.GREEN} }}"


def test_days_and_missing_texts() -> None:
    """A day is written as one; nothing is written where there is nothing."""
    frame = pd.DataFrame({"day": [pd.Timestamp("2026-11-11"), pd.NaT], "name": ["a", None], "n": [1, 2]})
    style, _, length = panels.grid_parts(frame, {"day": Col("d", "day"), "name": Col("n"), "n": Col("n", "count")})
    assert written(style) == [["2026-11-11", "a", "1"], ["", "", "2"]] and length == 2


def test_a_long_table_is_left_to_the_browser() -> None:
    """Above the limit plain numbers go out, with the column's own format."""
    long = pd.concat([FRAME] * grids.MOST_ROWS, ignore_index=True)
    shown, config, _ = panels.grid_parts(long, COLUMNS)
    assert isinstance(shown, pd.DataFrame)
    assert config["sales"]["type_config"]["format"] == "accounting"
