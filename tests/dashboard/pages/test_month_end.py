"""A session over midnight at the end of a month: the session is November's, its orders and its spend are each day's own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import worker
from connectors import files, forms
from connectors.demo.writers import Cell
from connectors.plan.planfile import parse_toml
from connectors.plan.seal import seal_plan
from tests.dashboard.pages.opened import card, opened, plan_lines, words
from tests.room_files import orders, sheet
from warehouse.book import Book

START, END = datetime(2026, 11, 30, 21, 0), datetime(2026, 12, 1, 1, 30)
EVE = datetime(2026, 11, 29, 20, 0)  # an hour the evening before, with one order of 30 yuan
# order, placed, paid, yuan: one the evening before; two before midnight (one paid after it), two after, one next noon outside the session
ORDERS = (
    ("6", "2026-11-29 20:30:00", "2026-11-29 20:30:10", 30),
    ("1", "2026-11-30 22:00:00", "2026-11-30 22:00:30", 100), ("2", "2026-11-30 23:59:50", "2026-12-01 00:00:20", 20),
    ("3", "2026-12-01 00:30:00", "2026-12-01 00:30:10", 50), ("4", "2026-12-01 01:15:00", "2026-12-01 01:15:10", 10), ("5", "2026-12-01 12:00:00", "2026-12-01 12:00:10", 7),
)  # fmt: skip
SPEND = (("2026-11-30", 21, "20.00"), ("2026-11-30", 22, "30.00"), ("2026-11-30", 23, "10.00"), ("2026-12-01", 0, "12.00"), ("2026-12-01", 1, "3.00"))


PLANS = """
[plan]
id = "{id}"
title = "{id}"
state = "issued"
owner = "店长"
shop = "d"
start = "{start}"
end = "{end}"
[[node]]
id = "{id}-live"
kind = "flow"
metric = "live_sales"
target = "{live}元"
[[node]]
id = "{id}-sales"
kind = "flow"
metric = "sales"
target = "{sales}元"
[[node]]
id = "{id}-spend"
kind = "budget"
metric = "spend"
target = "{spend}元"
"""


def session(start: datetime, end: datetime, count: float, money: float, spend: float) -> dict[str, Cell]:
    return {
        "主播昵称": "示例店", "主播抖音号": "room1", "直播开始时间": f"{start:%Y/%m/%d %H:%M:%S}", "直播结束时间": f"{end:%Y/%m/%d %H:%M:%S}",
        "直播时长(分钟)": (end - start).total_seconds() / 60, "直播间观看人数": 900.0, "直播间观看次数": 1200.0, "直播间成交订单数": count, "直播间成交金额": money,
        "直播间用户支付金额": money, "投放消耗(店铺绑定)": spend,
    }  # fmt: skip


def minutes(start: datetime, count: int) -> list[dict[str, Cell]]:
    return [{"时间": f"{start + timedelta(minutes=n):%Y/%m/%d %H:%M}", "进入直播间人数": 4.0, "直播间离开人数": 4.0, "实时在线人数": 30.0, "商品点击人数": 2.0} for n in range(count)]


def exports(folder: Path) -> list[Path]:
    """The files of that night, and of the evening before, as the back offices write them."""
    hours: list[dict[str, Cell]] = [
        {"日期": day, "时间-小时": f"{hour:02d}:00 - {hour + 1:02d}:00", "账号名称": "示例店", "整体消耗": spend, "整体成交金额": "0.00", "整体成交订单数": "0"} for day, hour, spend in SPEND
    ]
    sessions = [session(START, END, 4.0, 180.0, 75.0), session(EVE, EVE + timedelta(hours=1), 1.0, 30.0, 0.0)]
    return [
        sheet(folder / "罗盘_直播间列表_下载明细.xlsx", "live_list", sessions),
        sheet(folder / "流量综合趋势分析下载_数据更新日期20261201.xlsx", "live_minutes", minutes(START, 270), "分钟级"),
        sheet(folder / "流量综合趋势分析下载_数据更新日期20261130.xlsx", "live_minutes", minutes(EVE, 60), "分钟级"),
        sheet(folder / "全域推直播_分小时_2026-11-30_2026-12-01.xlsx", "qianchuan_hours", hours), orders(folder / "1796140800_抖店订单导出.csv", ORDERS),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Book:
    folder = tmp_path_factory.mktemp("night")
    book = Book(folder / "book").ensure()
    forms.submit_rows(book, "shop", [{"shop": "d", "name": "示例店", "platform": "douyin", "currency": "CNY", "zone": "Asia/Shanghai"}], "owner")
    for path in exports(folder / "files"):
        files.seal(book, path, shop="d")
    months = (("nov", "2026-11-01", "2026-11-30", 400, 260, 100), ("dec", "2026-12-01", "2026-12-31", 310, 870, 30))
    for number, (name, start, end, live, sales, spend) in enumerate(months):
        text = PLANS.format(id=name, start=start, end=end, live=live, sales=sales, spend=spend)
        seal_plan(book, parse_toml(text, "month.toml"), "店长", now=datetime(2026, 11, 1, 0, 0, number, tzinfo=UTC))
    assert worker.commit_all(book).failed == {}
    return book


@pytest.fixture(autouse=True)
def shown(night: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYBOOK_DATA", str(night.root))
    monkeypatch.setenv("DAYBOOK_TODAY", "2026-12-02")


def page(name: str, first: str, last: str = "") -> str:
    found = words(opened(name, period="custom", **{"from": first, "to": last or first}))
    assert "db-error" not in found
    return found


def test_the_session_is_novembers() -> None:
    """30 and 180 in two sessions of 1 and 4.5 hours; December has none."""
    november = page("live", "2026-11-01", "2026-11-30")
    assert 'title="¥210.00"' in card(november, "直播成交金额") and "5.5小时" in card(november, "直播时长") and "11-30 21:00 开播，12-01 01:30 下播" in november
    december = page("live", "2026-12-01")
    assert "12-01 周二 没有开播记录" in december and 'class="v" title="¥180.00"' not in december


def test_orders_are_each_days_own() -> None:
    """Paid before midnight 100; after it 20 + 50 + 10 and at noon 7."""
    assert 'title="¥100.00"' in card(page("overview", "2026-11-30"), "支付金额")
    assert 'title="¥87.00"' in card(page("overview", "2026-12-01"), "支付金额")
    assert 'title="¥187.00"' in card(page("overview", "2026-11-30", "2026-12-01"), "支付金额")


def test_spend_is_each_days_own() -> None:
    """千川 60 before midnight, in November's purse; 15 after it, in December's; the session itself cost 75."""
    november = page("ads", "2026-11-01", "2026-11-30")
    assert 'title="¥60.00"' in card(november, "花费") and "2026-11 各渠道预算" in november
    december = page("ads", "2026-12-01")
    assert 'title="¥15.00"' in card(december, "花费") and "2026-12 各渠道预算" in december
    assert "¥75.00" in page("live", "2026-11-30")


def test_the_review_splits_the_night_by_day() -> None:
    """By the clock: 180 minutes with 100 before midnight, 90 minutes with 20 + 50 + 10 after it, counted from orders."""
    split = page("live", "2026-11-30").split("跨零点：两种口径")[1].split("</table>")[0]
    rows = split.split("<tr")[2:]
    assert "整场，归 11-30 周一" in rows[0] and "¥180.00" in rows[0]
    assert "自然日 11-30" in rows[1] and ">180<" in rows[1] and "¥100.00" in rows[1]
    assert "自然日 12-01" in rows[2] and ">90<" in rows[2] and "¥80.00" in rows[2]


def test_each_month_is_held_against_its_own_plan() -> None:
    """November: live 210 of 400, sales 30 + 100 of 260, spend 60 of 100. December, of its first day: none, 87 of 870, 15 of 30."""
    november, december = plan_lines("nov"), plan_lines("dec")
    assert "¥210.00" in november["nov-live"] and "52.5%" in november["nov-live"]
    assert "¥130.00" in november["nov-sales"] and "50.0%" in november["nov-sales"]
    assert "¥60.00" in november["nov-spend"] and "60.0%" in november["nov-spend"]
    assert "¥180.00" not in december["dec-live"] and "¥210.00" not in december["dec-live"]
    assert "¥87.00" in december["dec-sales"] and "10.0%" in december["dec-sales"]
    assert "¥15.00" in december["dec-spend"] and "50.0%" in december["dec-spend"]


def test_two_evenings_beside_each_other() -> None:
    """The hour of the 29th reached all its 30; the night of the 30th had its first 100 in minute 60, one later, and 180 in all."""
    table = page("live", "2026-11-30").split("场次对比")[1].split("</table>")[0]
    rows = [re.sub(r"<[^>]+>", " ", row) for row in table.split("<tr")[2:]]
    assert "到第 60 分钟" in re.sub(r"<[^>]+>", " ", table)
    assert "¥0.00" in rows[0] and "¥180.00" in rows[0]
    assert rows[1].count("¥30.00") == 2
