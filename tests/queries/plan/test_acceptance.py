"""The acceptance list of the origin plans, worked by hand: each plan file held against what happened."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.queries.plan.plan_book import PlanBook
from warehouse.book import Book

YEAR_END = date(2026, 12, 31)


def wan(number: str) -> Decimal:
    return Decimal(number) * 10_000


def test_a1_revenue_rolls_up_and_costs_flex_with_it(book: Book) -> None:
    """6 + 5 + 8 + 4 + 7 = 30 of 60万: commission 4.5, marketing 3 and tax 3 are allowed, not 9, 6 and 6."""
    plan = PlanBook(book, "a1")
    for node, value in (
        ("A1-02-ads", "6万"),
        ("A1-02-events", "5万"),
        ("A1-03-ads", "8万"),
        ("A1-04", "4万"),
        ("A1-05", "7万"),
    ):
        plan.typed(node, "2026-06-30", wan(value.rstrip("万")))
    found = plan.at(date(2026, 6, 30))
    assert found["A1-02"].actual == wan("11")
    assert found["A1-01"].actual == wan("30")
    assert found["A1-01"].target == wan("60")
    assert found["A1-03"].details["parts_missing"] == ["房产及家居建材 活动"]
    assert {node: found[node].details["flexed"] for node in ("A1-08", "A1-10", "A1-11")} == {
        "A1-08": wan("4.5"),
        "A1-10": wan("3"),
        "A1-11": wan("3"),
    }
    assert {node: found[node].details["by_plan"] for node in ("A1-07", "A1-08", "A1-14")} == {
        "A1-07": wan("10.8"),
        "A1-08": wan("9"),
        "A1-14": Decimal(72828),
    }
    assert found["A1-08"].actual is None  # an allowance is not a cost that was paid
    assert found["A1-15-other"].status == "no_plan"


def test_a1_profit_is_what_came_in_minus_what_was_paid(book: Book) -> None:
    """30 revenue, 5.4 + 4 + 2.4 + 3 + 3 = 17.8 of costs paid: 12.2万 so far, beside the stated 25.8."""
    plan = PlanBook(book, "a1")
    plan.typed("A1-01", "2026-06-30", wan("30"))
    for node, value in (("A1-07", "5.4"), ("A1-08", "4"), ("A1-09", "2.4"), ("A1-10", "3"), ("A1-11", "3")):
        plan.typed(node, "2026-06-30", wan(value))
    profit = plan.at(date(2026, 6, 30))["A1-12"]
    assert (profit.actual, profit.target) == (wan("12.2"), wan("25.8"))
    assert profit.details["by_plan"] is None  # the plan's cost total was never stated


def test_b3_spend_is_judged_on_the_mean_of_months(book: Book) -> None:
    """1.5, 6 and 3万 in three months: the mean 3.5 lies in 2-5, February alone is a warning."""
    plan = PlanBook(book, "b3")
    months = {1: Decimal(15000), 2: Decimal(60000), 3: Decimal(30000)}
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(90)]
    plan.figures("tm", "spend", [(day, months[day.month] if day.day == 5 else 0) for day in days])
    band = plan.at(date(2026, 3, 31))["B3-11"]
    assert (band.status, band.actual) == ("inside", Decimal(35000))
    assert (band.details["band_low"], band.details["band_high"]) == (Decimal(20000), Decimal(50000))
    assert band.details["warnings"] == ["2026-02"]
    assert [word for *_, word in band.details["periods_list"]] == ["below", "above", "inside"]


def test_b3_a_month_that_is_not_over_is_not_judged(book: Book) -> None:
    """On 10 February only January counts, February runs."""
    plan = PlanBook(book, "b3")
    plan.figures("tm", "spend", [(date(2026, 1, 1) + timedelta(days=n), 1000) for n in range(41)])
    band = plan.at(date(2026, 2, 10))["B3-11"]
    assert (band.actual, band.details["whole_periods"], band.details["running"]) == (Decimal(31000), 1, Decimal(10000))


def test_b3_events_are_done_or_due(book: Book) -> None:
    """One 聚划算 of two and no 双十一 yet in June."""
    plan = PlanBook(book, "b3")
    plan.did("B3-13-jhs", "2026-05-12")
    found = plan.at(date(2026, 6, 1))
    assert (found["B3-13-jhs"].actual, found["B3-13-jhs"].target, found["B3-13-jhs"].status) == (1, 2, "due")
    assert found["B3-13"].actual == 1
    assert found["B3-13-1111"].actual == 0


def test_b6_counts_down_in_whole_cases(book: Book) -> None:
    """188 papers, 95 %: 179 to recover, at most 9 left; 6 + 11 risk cases: 95 % of 17 is 17."""
    plan = PlanBook(book, "b6")
    plan.did("B6-08", "2026-10-20", qty=178)
    plan.did("B6-05-signature", "2026-10-20", qty=6)
    plan.did("B6-05-promise", "2026-10-25", qty=10)
    found = plan.at(date(2026, 10, 31))
    papers, risk = found["B6-08"], found["B6-07"]
    assert (papers.details["to_clear"], papers.details["may_be_left"], papers.details["left"]) == (179, 9, 10)
    assert papers.status == "due"
    assert (risk.details["opening"], risk.details["to_clear"], risk.details["cleared"], risk.details["left"]) == (
        17,
        17,
        16,
        1,
    )
    assert risk.status == "missed"  # 16 of 17 is 94.1 %, and October is over
    assert found["B6-09"].status == "no_base"


def test_b6_the_last_paper_makes_it(book: Book) -> None:
    """The 179th paper is enough: 9 are left."""
    plan = PlanBook(book, "b6")
    plan.did("B6-08", "2026-10-20", qty=178)
    plan.did("B6-08", "2026-11-02", qty=1)
    papers = plan.at(date(2026, 11, 3))["B6-08"]
    assert (papers.status, papers.actual, papers.needed) == ("done", 9, 0)


def test_b1_counts_distinct_institutions(book: Book) -> None:
    """Four checks of three institutions are three institutions, in the quarter and in the year."""
    text = """
[plan]
id = "b1"
start = "2026-01-01"
end = "2026-12-31"
[[node]]
id = "q"
kind = "coverage"
target = "25%"
start = "2026-01-01"
end = "2026-03-31"
units = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"]
[[node]]
id = "year"
kind = "coverage"
target = "100%"
units = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"]
"""
    plan = PlanBook(book, text=text)
    for node in ("q", "year"):
        for unit in ("甲", "乙", "甲", "丙"):
            plan.did(node, "2026-02-10", unit=unit)
    found = plan.at(date(2026, 3, 31))
    assert (found["q"].actual, found["q"].status, found["q"].details["units_needed"]) == (Decimal("0.375"), "done", 2)
    assert (found["year"].actual, found["year"].needed) == (Decimal("0.375"), 5)
    assert found["year"].details["units_left"] == ["丁", "戊", "己", "庚", "辛"]


def test_b9_never_sums_daily_visitors_into_a_month(book: Book) -> None:
    """300 a day for 30 days are not 9,000 people: the month is not known, the daily sum stands beside it by its name."""
    text = """
[plan]
id = "b9"
shop = "jd"
start = "2026-11-01"
end = "2026-11-30"
[[node]]
id = "month"
kind = "flow"
metric = "visitors"
target = "4747人"
period = "month"
"""
    plan = PlanBook(book, text=text)
    plan.figures("jd", "visitors", [(date(2026, 11, 1) + timedelta(days=n), 300) for n in range(30)], "jd")
    month = plan.at(date(2026, 11, 30))["month"]
    assert (month.actual, month.status, month.why) == (None, "no_actual", "people_not_added")
    assert month.details["sum_of_days"] == 9000
    assert "按日累计" in month.details["sum_of_days_basis"]


SESSIONS = [  # Monday 2 November 2026; two on Tuesday, one runs past midnight, one starts too early
    ("2026-11-02 19:00", "2026-11-02 23:00", 900, 5000, 10),
    ("2026-11-03 14:00", "2026-11-03 16:00", 300, 1000, 5),
    ("2026-11-03 20:00", "2026-11-04 00:30", 800, 4000, 20),
    ("2026-11-06 23:00", "2026-11-07 04:00", 700, 9000, 15),
]


def test_b11_days_hours_and_start_of_sessions(book: Book, tmp_path: Path) -> None:
    """Four sessions on three days (2, 3 and 6 November): the week keeps 3-5 days; 4, 2, 4.5 and 5 h; three of four start in the window."""
    plan = PlanBook(book, "b11")
    plan.figures("dy", "visitors", [(date(2026, 11, 2), 1)], "douyin")
    plan.sessions("dy", tmp_path, SESSIONS)
    found = plan.at(date(2026, 11, 8))
    days, hours, start = found["B11-05"], found["B11-06"], found["B11-07"]
    weeks = {at: (value, word) for at, value, word in days.details["periods_list"]}
    assert weeks[date(2026, 11, 2)] == (3, "inside")
    assert weeks[date(2026, 10, 26)] == (0, "below")
    assert [(value, word) for _, value, word in hours.details["sessions_list"]] == [
        (4, "inside"), (2, "below"), (Decimal("4.5"), "inside"), (5, "inside")
    ]  # fmt: skip
    assert hours.details["past_midnight"] == [date(2026, 11, 3), date(2026, 11, 6)]
    assert (start.actual, start.status) == (Decimal("0.75"), "below")


def test_b11_review_and_notices_belong_to_sessions(book: Book, tmp_path: Path) -> None:
    """A review the same day counts, one a day later does not; a blank goal for each session is shown and not judged."""
    plan = PlanBook(book, "b11")
    plan.figures("dy", "visitors", [(date(2026, 11, 2), 1)], "douyin")
    plan.sessions("dy", tmp_path, [SESSIONS[0], SESSIONS[3]])
    plan.did("B11-16", "2026-11-02", "2026-11-08")
    plan.did("B11-14", "2026-10-26")
    found = plan.at(date(2026, 11, 10))
    assert [word for *_, word in found["B11-16"].details["sessions_list"]] == ["done", "missed"]
    assert [word for *_, word in found["B11-14"].details["sessions_list"]] == ["done", "missed"]
    assert (found["B11-03"].status, found["B11-03"].actual) == ("no_plan", 9000)
    assert found["B11-01"].status in ("no_base", "no_plan")


def test_b11_followers_after_a_month_are_a_level(book: Book, tmp_path: Path) -> None:
    """1,000 to begin with and 10 + 15 gained are 1,025, not 25."""
    text = """
[plan]
id = "live"
shop = "dy"
start = "2026-11-01"
end = "2026-11-30"
[[node]]
id = "followers"
kind = "stock"
metric = "new_followers"
opening = "1000人"
target = "1025人"
"""
    plan = PlanBook(book, text=text)
    plan.figures("dy", "visitors", [(date(2026, 11, 2), 1)], "douyin")
    plan.sessions("dy", tmp_path, [SESSIONS[0], SESSIONS[3]])
    found = plan.at(date(2026, 11, 30))["followers"]
    assert (found.actual, found.details["opening"], found.status) == (1025, 1000, "done")


def test_b15_growth_has_no_colour_without_a_base(book: Book) -> None:
    """The document states no base: no verdict, whatever was sold."""
    plan = PlanBook(book, "b15")
    plan.figures("tm", "sales", [(date(2026, 1, 1) + timedelta(days=n), 1000) for n in range(365)])
    found = plan.at(YEAR_END)
    assert [(found[node].status, found[node].is_good, found[node].actual) for node in ("B15-01", "B15-03")] == [
        ("no_base", None, None)
    ] * 2


def based(sales: str, costs: str) -> str:
    return f"""
[plan]
id = "b15"
shop = "tm"
start = "2026-01-01"
end = "2026-12-31"
[[node]]
id = "sales"
kind = "growth"
metric = "sales"
target = "10%以上"
base = "{sales}"
[[node]]
id = "satisfied"
kind = "ratio"
target = "80%以上"
[[node]]
id = "cost"
kind = "growth"
target = "-5%"
direction = "at_most"
base = "{costs}"
"""


@pytest.mark.parametrize(
    ("base", "cost", "words"),
    [("33.18万", "10万", ("done", "done", "done")), ("33.2万", "9.9万", ("missed", "done", "missed"))],
)
def test_b15_growth_with_bases(book: Book, base: str, cost: str, words: tuple[str, str, str]) -> None:
    """365,000 sold: +10.006 % of 33.18万, +9.94 % of 33.2万; 160 of 200 and 40 of 50 satisfied are 80 %; 95,000 spent: -5 % of 10万, -4.04 % of 9.9万."""
    plan = PlanBook(book, text=based(base, cost))
    plan.figures("tm", "sales", [(date(2026, 1, 1) + timedelta(days=n), 1000) for n in range(365)])
    plan.typed("satisfied", "2026-05-01", 160, 200)
    plan.typed("satisfied", "2026-10-01", 40, 50)
    plan.typed("cost", "2026-12-31", 95000)
    found = plan.at(YEAR_END)
    assert tuple(found[node].status for node in ("sales", "satisfied", "cost")) == words
    assert found["satisfied"].actual == Decimal("0.8")
    assert float(found["sales"].actual or 0) == pytest.approx(365000 / float(wan(base.rstrip("万"))) - 1)
    assert float(found["cost"].actual or 0) == pytest.approx(95000 / float(wan(cost.rstrip("万"))) - 1)


def test_a2_checks_have_windows_dependencies_and_open_dates(book: Book) -> None:
    """17 checks, 7 with a window, 10 open; a look-back waits for its check; one done too late says so."""
    plan = PlanBook(book, "a2")
    plan.did("cross-1", "2026-04-05")  # window 21 February to 31 March
    plan.did("surprise-1", "2026-02-17")
    found = plan.at(date(2026, 4, 10))
    checks = [name for name in found if name.startswith(("cross-", "self-", "look-", "surprise-"))]
    assert len(checks) == 17
    assert found["checks"].actual == 2
    assert (found["cross-1"].status, found["cross-1"].details["days_late"]) == ("done", 5)
    assert found["look-2"].details["waits_for"] == ["self-1"]
    assert "waits_for" not in found["look-1"].details
    assert [found[name].status for name in checks].count("open") == 9
    assert (found["self-1"].status, found["look-3"].status) == ("upcoming", "upcoming")


def test_a2_failed_people_stay_open_until_they_pass(book: Book) -> None:
    """Three took the exam, one failed twice: 2 of 3 passed after four attempts; the third pass closes it."""
    plan = PlanBook(book, "a2")
    plan.did("A2-06", "2026-02-05", unit="王", result="pass")
    plan.did("A2-06", "2026-02-05", unit="李", result="pass")
    plan.did("A2-06", "2026-02-05", "2026-02-12", unit="赵", result="fail")
    loop = plan.at(date(2026, 2, 20))["A2-06"]
    assert (loop.details["passed"], loop.details["units_left"], loop.details["attempts"], loop.status) == (
        2,
        ["赵"],
        4,
        "due",
    )
    plan.did("A2-06", "2026-02-25", unit="赵", result="pass")
    loop = plan.at(date(2026, 2, 26))["A2-06"]
    assert (loop.status, loop.details["passed"], loop.details["most_attempts"]) == ("done", 3, 3)


def test_what_is_not_known_is_not_needed_in_full(book: Book) -> None:
    """Half the month is over and nobody typed a figure: nothing is said of what each day still needs. Before it starts, all of it is."""
    text = """
[plan]
id = "p"
start = "2026-11-01"
end = "2026-11-30"
[[node]]
id = "income"
kind = "flow"
target = "30万"
"""
    plan = PlanBook(book, text=text)
    found = plan.at(date(2026, 11, 15))["income"]
    assert (found.status, found.actual, found.needed, found.per_day) == ("no_actual", None, None, None)
    before = plan.at(date(2026, 10, 31))["income"]
    assert (before.status, before.needed, before.per_day) == ("not_started", 300000, 10000)
