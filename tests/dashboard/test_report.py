"""The 日报 by hand: every figure in it is added up here, in text and in what the picture is drawn from."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest
from PIL import Image

from dashboard import picture
from dashboard.report import Report, daily_report, report_text
from queries import METRICS
from queries.overview.cards import Card, Change, Plan

DAY = date(2026, 11, 12)
NOTHING = Change(None, None, True)
WHY = pd.DataFrame(
    [
        ("factor", "a", "A 店", "tmall", "CNY", "visitors", Decimal(1000), Decimal(800), Decimal("-2500.50")),
        ("channel", "d", "D 店", "douyin", "CNY", "live_own", Decimal(0), Decimal(900), Decimal("900.00")),
    ],
    columns=["kind", "shop", "name", "platform", "currency", "what", "before", "now", "effect"],
)
LATE = pd.DataFrame({"name": ["J 店"], "source": ["商智 流量"], "last_day": [date(2026, 11, 10)]})


def card(metric: str, value: float | None, **more: object) -> Card:
    facts = {
        "currency": "CNY", "state": "ok", "missing": (), "before": NOTHING, "other": NOTHING, "spark": (),
        "bound": "exact", "shops": ("a",), "plan": None,
    } | more  # fmt: skip
    return Card(metric=metric, value=value, **facts)  # type: ignore[arg-type]


CARDS = [
    card("sales", 33500.0, missing=("J 店",), before=Change(30000.0, 33500 / 30000 - 1, True),
         other=Change(40000.0, 33500 / 40000 - 1, True), plan=Plan(900000.0, 360000.0, 0.4, 0.4)),
    card("visitors", 4872.0, missing=("J 店",)),
    card("refunds", None, missing=("A 店", "J 店")),
    card("live_sales", 8877.59),
]  # fmt: skip


def report(lang: str = "zh") -> Report:
    return daily_report(DAY, "A 店、J 店", CARDS, WHY, LATE, datetime(2026, 11, 13, 9, 5), METRICS, lang)


def test_text_in_chinese() -> None:
    """Yesterday, month to date against target, the reasons, what is missing; a late shop is said once."""
    assert report_text(report()).split("\n") == [
        "【运营日报 2026-11-12 周四】A 店、J 店",
        "昨日（不含 J 店，未出数）",
        "· 支付金额 ¥3.35万（日环比 +11.7%  周同比 -16.2%）",
        "· 访客数 4,872",
        "· 退款金额 未出数",
        f"· {METRICS['live_sales'].label['zh']} ¥8,877.59",
        "本月累计（12 天）",
        "· 支付金额 ¥36.0万，目标 ¥90.0万，完成 40.0%（时间进度 40.0%）",
        "三个原因",
        "1. A 店 访客数 -20.0%（1,000 → 800），影响支付金额 -¥2,500.50",
        "2. D 店 自播 ¥0.00 → ¥900.00，影响支付金额 +¥900.00",
        "未出数",
        "· J 店：商智 流量（到 11-10）",
        "· A 店：退款金额",
        "数据截至 2026-11-13 09:05 · Daybook",
    ]


def test_text_in_english() -> None:
    """The same content, no Chinese words of ours in it."""
    words = report_text(report("en"))
    assert "Daily report, 2026-11-12 Thu" in words
    assert "not out yet" in words
    assert "¥33.5K" in words
    assert "支付金额" not in words


def test_nothing_known_says_so() -> None:
    """Without reasons and without anything late the report does not invent any."""
    got = daily_report(DAY, "A 店", [card("sales", 1.0)], WHY.head(0), LATE.head(0), None, METRICS, "zh")
    assert got.reasons == ("两天的数据还不齐，暂时说不出原因",)
    assert got.missing == ("无",)
    assert got.month == ()
    assert got.as_of == "数据截至 — · Daybook"


def test_a_month_without_a_target_is_still_said() -> None:
    """Sales to date, marked as without target; where a target is typed its own line stands alone."""
    so_far = [("sales", "CNY", 123456.0)]
    got = daily_report(DAY, "A 店", [card("sales", 1.0)], WHY.head(0), LATE.head(0), None, METRICS, "zh", so_far)
    assert got.month == ("支付金额 ¥12.3万（未设目标）",)
    assert got.bars == ()
    planned = daily_report(DAY, "A 店", CARDS, WHY, LATE, None, METRICS, "zh", so_far)
    assert planned.month == report().month


def test_picture_is_a_png_with_ink() -> None:
    """1080 pixels wide, as long as its content, and not blank."""
    image = Image.open(io.BytesIO(picture.picture(report())))
    assert image.format == "PNG"
    assert image.size[0] == 1080
    assert image.size[1] > 800
    colours = image.convert("RGB").getcolors(1 << 24)
    assert colours is not None and len(colours) > 50
    longer = daily_report(DAY, "A 店", CARDS * 2, WHY, LATE, None, METRICS, "zh")
    assert Image.open(io.BytesIO(picture.picture(longer))).size[1] > image.size[1]


def test_without_a_chinese_font_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture of empty boxes would be worse than none."""
    monkeypatch.setenv("DAYBOOK_FONT", "/nowhere/font.ttc")
    picture.font_file.cache_clear()
    try:
        with pytest.raises(picture.NoFont, match="fonts-noto-cjk"):
            picture.picture(report())
    finally:
        picture.font_file.cache_clear()
