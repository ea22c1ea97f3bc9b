"""A card says its figure, the exact value on hover, and good or bad as a word."""

from __future__ import annotations

from urllib.parse import unquote

from dashboard import cards


def test_a_fall_of_refunds_is_good() -> None:
    """Colour says up or down, the word says better or worse."""
    kpi = cards.Kpi("退款", 90.0, "money", "CNY", good="down", deltas=[cards.Delta("日环比", -0.1, 100.0)])
    html = cards._card(kpi)
    assert 'title="¥90.00"' in html
    assert '<span class="db-down">-10.0%</span><small>好</small>' in html
    assert "¥100.00" in html


def test_not_out_is_words_not_zero() -> None:
    """A missing figure reads 未出数."""
    html = cards._card(cards.Kpi("支付金额", None, "money", "CNY", deltas=[cards.Delta("日环比", None)]))
    assert "未出数" in html
    assert "¥0" not in html
    assert "—" in html


def test_text_from_data_is_escaped() -> None:
    """A shop named like a tag stays text."""
    assert "<script>" not in cards._card(cards.Kpi("a", 1.0, "count", note="<script>alert(1)</script> 未出数"))


def test_sparkline_has_gaps() -> None:
    """Two runs around a missing value, never a line across it."""
    drawn = unquote(cards.sparkline([1.0, 2.0, None, 3.0, 4.0]))
    assert drawn.count("<polyline") == 2
    assert cards.sparkline([None, 1.0]) == ""


def test_plan_rail_is_bounded() -> None:
    """130% of the target fills the rail and no more."""
    html = cards._card(cards.Kpi("x", 1.0, "count", rail=cards.Rail(1.3, 0.4, "words")))
    assert "width:100.0%" in html
    assert "left:40.0%" in html
