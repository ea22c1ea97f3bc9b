"""The sample files of live rooms and their ads, through the file door: session, day and month are the same on every page.

Expected figures are read off the files by eye and added by hand.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import queries
from tests.dashboard.pages.opened import card, cards, opened, words
from tests.dashboard.pages.sample_rooms import DOUYIN, TIKTOK, samples_in
from warehouse.book import Book
from warehouse.reader import Reader

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Book:
    return samples_in(tmp_path_factory.mktemp("samples") / "book", shared / "apis/samples/exports")


@pytest.fixture(autouse=True)
def shown(samples: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYBOOK_DATA", str(samples.root))
    monkeypatch.setenv("DAYBOOK_TODAY", "2026-11-16")


def page(name: str, first: str, last: str = "", **link: str) -> str:
    found = words(opened(name, period="custom", **{"from": f"2026-11-{first}", "to": f"2026-11-{last or first}"}, **link))
    assert "db-error" not in found
    return found


def figures(book: Book, metric: str, shop: str, by: str = "day") -> dict[int, float]:
    """Day of November -> value; days without a figure left out."""
    reader = Reader(book)
    try:
        rows = queries.metric(reader, metric, *NOVEMBER, by=[by], shops=[shop])
    finally:
        reader.close()
    return {row.day.day: round(float(row.value), 2) for row in rows.itertuples() if row.value == row.value and row.value}


def test_each_session_counts_on_the_day_it_starts(samples: Book) -> None:
    """Three files of one session are one session; after midnight nothing moves to the next day."""
    assert figures(samples, "live_sales", "dy") == DOUYIN
    assert figures(samples, "live_sessions", "dy") == dict.fromkeys(DOUYIN, 1.0)
    assert figures(samples, "live_sales", "tt") == TIKTOK
    assert figures(samples, "live_hours", "tt") == {1: 3.2, 2: 4.2, 3: 3.2, 4: 4.2}


def test_the_month_is_its_sessions() -> None:
    """31,594.80 from seven sessions of 1,553 minutes; 3,801.40 dollars from four; never one sum."""
    assert sum(DOUYIN.values()) == pytest.approx(31594.80) and sum(TIKTOK.values()) == pytest.approx(3801.40)
    ours = page("live", "01", "16", shop="dy")
    assert 'title="¥31,594.80"' in card(ours, "直播成交金额") and "25.9小时" in card(ours, "直播时长")
    theirs = page("live", "01", "16", shop="tt")
    assert 'title="$3,801.40"' in card(theirs, "直播成交金额") and "14.8小时" in card(theirs, "直播时长")
    both = cards(page("live", "01", "16"), "直播成交金额")
    assert [money for one in both for money in ("¥31,594.80", "$3,801.40") if money in one] == ["¥31,594.80", "$3,801.40"]


def test_the_night_of_the_eleventh_is_the_elevenths() -> None:
    """20:03 to 01:03 the next day: head, list and calendar say so; the twelfth had no session."""
    night = page("live", "11", shop="dy")
    assert "11-11 20:03 开播，11-12 01:03 下播，共 5小时00分" in night
    assert "整场，归 11-11 周三" in night and "自然日 11-12 周四" in night
    assert 'title="¥11,603.40"' in night and "¥4,061.19" in night and "5,085" in night
    after = page("live", "12", shop="dy")
    assert "11-12 周四 没有开播记录" in after and "下播，共" not in after


def test_minutes_of_both_days_are_those_of_the_file(samples: Book) -> None:
    """300 minutes, 237 of them (20:03 to 23:59) before midnight; the entries of both parts are the file's own sums."""
    reader = Reader(samples)
    try:
        rows = queries.run("live/session_days", reader, session="20261111T200311-exampleshop01", shops=["dy"])
        sessions = reader.query("SELECT count(DISTINCT session) AS n, count(*) AS minutes FROM live_minute")
    finally:
        reader.close()
    assert [(str(row.day)[:10], int(row.minutes), float(row.enters)) for row in rows.itertuples()] == [("2026-11-11", 237, 9634.0), ("2026-11-12", 63, 3106.0)]
    assert (int(sessions["n"].iloc[0]), int(sessions["minutes"].iloc[0])) == (1, 300)


def test_spend_is_the_hours_own_and_the_other_report_stands_beside_it() -> None:
    """千川 by the hour: 2,124.02 on the 11th and in November; the material report of the same money is 核对, not added."""
    day = page("ads", "11", shop="dy")
    assert 'title="¥2,124.02"' in day and "¥1.36万" not in day
    checked = day.split("核对：同一笔钱的另一份报表")[1]
    assert "¥9,327.17" in checked  # 11,451.19 - 2,124.02
    month = page("ads", "01", "16", shop="dy")
    assert "¥2,124.02" in month


def test_tiktok_and_channels_purses_have_their_own_days_and_money() -> None:
    """GMV Max cost 120.50 and 98.00 dollars on two days; 视频号 heating 600 yuan on the 11th."""
    assert "$120.50" in page("ads", "01", shop="tt") and "$98.00" in page("ads", "02", shop="tt")
    assert "$218.50" in page("ads", "01", "16", shop="tt")
    assert 'title="¥600.00"' in page("ads", "11", shop="wx")
    both = page("ads", "01", "16")
    assert "¥2,724.02" in both and "$218.50" in both  # 2,124.02 + 600.00; dollars apart


def test_a_link_into_the_future_ends_today() -> None:
    """The whole of November asked for on the 16th: the 16th is the last day."""
    found = words(opened("live", period="custom", shop="dy", **{"from": "2026-11-01", "to": "2026-11-30"}))
    assert "¥3.16万" in found and "db-error" not in found
