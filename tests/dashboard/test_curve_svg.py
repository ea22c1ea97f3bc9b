"""Light curves: what is drawn, what is a gap, what the hover says."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import unquote

import pandas as pd

from dashboard.charts_review import Band, Mark
from dashboard.curve_svg import Axis, Drawn, Panel, Stretch, curve
from dashboard.curves_live import minute_curve

WORDS = {"minute": "{n}分", "next_day": "+{n}天", "midnight": "零点"}
NAMES = {"online": "在线", "enters": "进入", "leaves": "离开", "product_click_users": "点击", "orders": "订单", "live_sales": "成交"}


def test_a_gap_breaks_the_line_and_the_largest_value_is_the_top() -> None:
    """1, gap, 4, 2 of at most 4: 1 is at three quarters down, 4 at the top; the line begins anew behind the gap."""
    drawn = unquote(curve([Panel([Drawn("a", "#111", [1, None, 4, 2])], 100, "4")], Axis(4, []), "alt"))
    assert 'd="M0.5 750M2.5 0L3.5 500"' in drawn and 'viewBox="0 0 4 1000"' in drawn


def test_bars_bands_and_marks_stand_where_they_happened() -> None:
    """A bar of half the top; a good stretch of minutes 1 and 2; a mark in the middle of minute 3 of 4; texts are escaped."""
    panel = Panel([Drawn("<b>", "#111", [2, 0, None, 4], is_bar=True)], 100, "4")
    drawn = unquote(curve([panel], Axis(4, [(0, "0分")], ["a<", "b", "c", "d"], [(3, "券")], [Stretch(1, 2, "good")]), "alt"))
    assert 'd="M0.1 1000V500h.8V1000zM3.1 1000V0h.8V1000z"' in drawn
    assert '<rect class="good" x="1" y="0" width="2" height="1000"/>' in drawn
    assert 'style="left:87.50%" title="券"' in drawn and "&lt;b&gt;" in drawn and 'title="a&lt;"' in drawn and drawn.count("<b title=") == 4


def test_the_minutes_of_a_session() -> None:
    """Three panels; minute 2 was not reported: a gap with a hover that says so; the hover tells every figure; midnight is ruled."""
    told = {"online": [10, 20, 40], "enters": [1, 2, 3], "leaves": None, "product_click_users": [1, 1, 1], "orders": [0, 1, 2], "live_sales": [0.0, 9.5, 20.0]}
    frame = pd.DataFrame({"minute": [0, 1, 3], **told})
    bands, marks = [Band(0, 1, "good", "1号", False), Band(2, 3, "", "", True)], [Mark(1, "23:59 券")]
    drawn = unquote(
        minute_curve(frame, bands, marks, started_at=datetime(2026, 11, 11, 23, 58, 40), names=NAMES, words=WORDS, currency="CNY", lang="zh", alt="曲线")
    )
    assert drawn.count('class="panel"') == 3 and "离开" not in drawn and 'aria-label="曲线"' in drawn
    assert 'title="1分 · 23:59\n在线 20\n进入 2\n点击 1\n订单 1\n成交 ¥9.50"' in drawn and "2分 · +1天 00:00\n在线 —" in drawn
    assert drawn.count('class="rule" d="M2 0V1000"') == 3 and 'class="edge dashed" d="M2 0V1000"' in drawn
