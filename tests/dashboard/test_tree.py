"""The table whose rows open."""

from __future__ import annotations

from dashboard.columns import Col
from dashboard.tree import Node, rows, tree_html

COLUMNS = {"visitors": Col("访客数", "person"), "sales": Col("支付金额", "money", "currency")}
LEAF = Node("手淘<搜索>", {"visitors": 40, "sales": 123456.7, "currency": "CNY"}, tip='a"b')
TREE = [Node("付费", {"visitors": 60, "sales": None}, children=(LEAF,), about={"visitors": "≤"})]


def test_every_row_keeps_its_own_figure() -> None:
    """The parent shows 60 although its child has 40: nothing is added up."""
    html = tree_html(TREE, COLUMNS, "来源", {}, "zh")
    assert "≤60<" in html
    assert ">40<" in html
    assert ">100<" not in html


def test_short_form_with_the_exact_value_on_hover() -> None:
    """12.3万 on screen, every digit in the hover; a missing value is a dash, not 0."""
    html = tree_html(TREE, COLUMNS, "来源", {}, "zh")
    assert 'title="¥123,456.70">¥12.3万<' in html
    assert 'title="—">—<' in html


def test_names_from_data_cannot_become_markup() -> None:
    """A source's name with angle brackets and quotes is text."""
    html = tree_html(TREE, COLUMNS, "来源", {"visitors": 'x" onload="y'}, "zh")
    assert "手淘&lt;搜索&gt;" in html
    assert 'title="a&quot;b"' in html
    assert 'onload="y' not in html


def test_only_rows_with_children_open() -> None:
    """One details element for the one parent; the leaf is a plain row."""
    html = tree_html(TREE, COLUMNS, "来源", {}, "zh")
    assert html.count("<details") == 1
    assert html.count('class="row leaf"') == 1


def test_the_export_holds_every_row_once_with_its_path() -> None:
    """Two rows: 付费 and 付费 > 手淘<搜索>."""
    flat = rows(TREE)
    assert [(r["path"], r["level"], r["visitors"]) for r in flat] == [("付费", 1, 60), ("付费 > 手淘<搜索>", 2, 40)]
