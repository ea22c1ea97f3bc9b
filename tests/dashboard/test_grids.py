"""Cells of scrolling tables: written for people, sorted by the exact value."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard import grids, panels
from dashboard.panels import Col

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


def written(style: object) -> list[list[str]]:
    """What each row shows, as the browser gets it."""
    body = style._translate(False, False)["body"]  # type: ignore[attr-defined]
    return [[str(cell["display_value"]) for cell in row if cell["type"] == "td"] for row in body]


def test_cells_are_written_and_values_stay_exact() -> None:
    """12.3万 on the page, 123456.5 under it; seconds in words; a change with its sign; the export column left out."""
    style, config = panels.grid_parts(FRAME, COLUMNS, is_short=True)
    assert written(style) == [["a", "¥12.3万", "1分05秒", "+25.0%"], ["b", "—", "9秒", "-50.0%"]]
    assert style.data["sales"][0] == 123456.5
    assert list(config) == ["name", "sales", "watch", "change"]
    exact, _ = panels.grid_parts(FRAME, COLUMNS)
    assert written(exact)[0][1] == "¥123,456.50"


def test_a_change_has_the_readers_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Red is up in Chinese; switched, green is."""
    column = pd.Series([1.0, -1.0, None, 0.0])
    assert grids._colours(column) == [f"color: {grids.RED}", f"color: {grids.GREEN}", "", ""]
    monkeypatch.setattr(grids, "red_up", lambda: False)
    assert grids._colours(column)[0] == f"color: {grids.GREEN}"


def test_a_long_table_is_left_to_the_browser() -> None:
    """Above the limit plain numbers go out, with the column's own format."""
    long = pd.concat([FRAME] * grids.MOST_ROWS, ignore_index=True)
    shown, config = panels.grid_parts(long, COLUMNS)
    assert isinstance(shown, pd.DataFrame)
    assert config["sales"]["type_config"]["format"] == "accounting"
