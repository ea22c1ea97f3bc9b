"""The sample sessions held against a plan, in the 日报 and on the overview: the same session, day and month as on 直播."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import worker
from connectors.plan.planfile import parse_toml
from connectors.plan.seal import seal_plan
from tests.dashboard.pages.opened import card, opened, plan_lines, words
from tests.dashboard.pages.sample_rooms import samples_in
from warehouse.book import Book

PLAN = """
[plan]
id = "{shop}"
title = "十一月直播"
state = "issued"
owner = "店长"
shop = "{shop}"
start = "2026-11-01"
end = "2026-11-30"
"""
LINE = """
[[node]]
id = "{id}"
kind = "{kind}"
name = "{id}"
metric = "{metric}"
target = "{target}"
"""
SPAN = 'start = "{0}"\nend = "{0}"\n'
PLANS = {
    "dy": (
        LINE.format(id="month", kind="flow", metric="live_sales", target="60000元"),
        LINE.format(id="eleventh", kind="flow", metric="live_sales", target="10000元") + SPAN.format("2026-11-11"),
        LINE.format(id="twelfth", kind="flow", metric="live_sales", target="1000元") + SPAN.format("2026-11-12"),
        LINE.format(id="each", kind="flow", metric="live_sales", target="3000元") + 'period = "session"\n',
        LINE.format(id="days", kind="band", metric="live_sessions", target="3-5天")
        + 'basis = "days"\ndirection = "inside"\njudged = "each"\ntotal = "distinct"\nperiod = "week"\n',
        LINE.format(id="spend", kind="budget", metric="spend", target="3000元"),
    ),
    "tt": (LINE.format(id="month", kind="flow", metric="live_sales", target="$8000"), LINE.format(id="spend", kind="budget", metric="spend", target="$300")),
    "wx": (LINE.format(id="spend", kind="budget", metric="spend", target="1000元"),),
}  # fmt: skip
REPORT = """
import streamlit as st
from dashboard import data, panels_report, periods
from dashboard.report import report_text
st.code(report_text(panels_report.make(periods.view("yesterday", "prev", data.today(("dy",)), shops=("dy",), display=""))))
"""


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Book:
    """The samples, and an issued plan of November for each shop."""
    book = samples_in(tmp_path_factory.mktemp("planned") / "book", shared / "apis/samples/exports")
    for number, (shop, lines) in enumerate(PLANS.items()):
        text = PLAN.format(shop=shop) + ('currency = "USD"\n' if shop == "tt" else "") + "".join(lines)
        seal_plan(book, parse_toml(text, "november.toml"), "店长", now=datetime(2026, 11, 1, 0, 0, number, tzinfo=UTC))
    assert worker.commit_all(book).failed == {}
    return book


@pytest.fixture(autouse=True)
def shown(planned: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the 16th: what is judged is the end of the 15th."""
    monkeypatch.setenv("DAYBOOK_DATA", str(planned.root))
    monkeypatch.setenv("DAYBOOK_TODAY", "2026-11-16")


def daily(on: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The 日报 of shop dy as copied on that day."""
    monkeypatch.setenv("DAYBOOK_TODAY", on)
    at = AppTest.from_string(REPORT, default_timeout=60)
    at.session_state["lang"] = "zh"
    at.run()
    assert not at.exception
    return str(at.code[0].value).split("\n")


def test_month_day_and_session_of_a_plan(planned: Book) -> None:
    """31,594.80 of 60,000 after 15 of 30 days, 28,405.20 left for 15 days; the night of the 11th is the 11th's 11,603.40 and nothing
    of the 12th; five of seven sessions reached 3,000; three days in the week of the 2nd, four in that of the 9th.
    """
    rows = plan_lines("dy")
    assert "¥3.16万 ¥3.00万 52.7% — ¥1,893.68" in rows["month"]
    assert "¥1.16万 ¥1.00万 116.0%" in rows["eleventh"] and "完成" in rows["eleventh"]
    assert "¥0.00 ¥1,000.00 0.0%" in rows["twelfth"] and "未达成" in rows["twelfth"]
    assert "¥3,704.70 5/7 做到" in rows["each"]
    assert "每周 4 天 2/3 做到" in rows["days"]  # the week that ends on the 1st had none


def test_purses_of_a_plan() -> None:
    """千川 2,124.02 and known through the 11th, 11 of 30 days of 3,000 are 1,100; 218.50 dollars of 300; 600 of 1,000 for heating."""
    assert "¥2,124.02 ¥1,100.00 70.8%" in plan_lines("dy")["spend"]
    dollars = plan_lines("tt")
    assert "$218.50" in dollars["spend"] and "$3,801.40" in dollars["month"] and "47.5%" in dollars["month"]
    assert "¥600.00" in plan_lines("wx")["spend"] and "60.0%" in plan_lines("wx")["spend"]


def test_the_daily_report_of_the_night(monkeypatch: pytest.MonkeyPatch) -> None:
    """The 11th: 11,603.40, a week before 4,054.20 (+186.2 %), 25,024.20 since the 1st; 千川 2,124.02."""
    said = daily("2026-11-12", monkeypatch)
    assert said[0].startswith("【运营日报 2026-11-11")
    assert "· 直播成交金额 ¥1.16万（周同比 +186.2%）" in said and "· 花费 ¥2,124.02" in said
    assert "· 直播成交金额 ¥2.50万，目标 ¥6.00万，完成 41.7%（时间进度 36.7%）" in said


def test_the_daily_report_of_the_day_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """No session on the 12th and nothing of last night's; no spend is known of it, and that is not zero."""
    said = daily("2026-11-13", monkeypatch)
    assert said[0].startswith("【运营日报 2026-11-12")
    assert "· 直播成交金额 ¥0.00（日环比 -100.0%）" in said and "· 花费 未出数" in said
    assert "· 直播成交金额 ¥2.50万，目标 ¥6.00万，完成 41.7%（时间进度 40.0%）" in said


def test_the_overview_says_the_same() -> None:
    """Day and month of one shop; two currencies are two cards."""
    def overview(first: str, last: str, **link: str) -> str:
        found = words(opened("overview", period="custom", **{"from": f"2026-11-{first}", "to": f"2026-11-{last}"}, **link))
        assert "db-error" not in found
        return found

    night = overview("11", "11", shop="dy")
    assert 'title="¥11,603.40"' in card(night, "直播成交金额") and 'title="¥2,124.02"' in card(night, "花费")
    assert 'title="¥0.00"' in card(overview("12", "12", shop="dy"), "直播成交金额")
    assert 'title="¥31,594.80"' in card(overview("01", "15", shop="dy"), "直播成交金额")
    assert 'title="$3,801.40"' in card(overview("01", "15", shop="tt"), "直播成交金额")
    both = overview("01", "15")
    assert 'title="¥31,594.80"' in both and 'title="$3,801.40"' in both and "35,396.20" not in both
