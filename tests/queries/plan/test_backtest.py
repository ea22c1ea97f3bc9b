"""The forecast, asked at past days: on the demo's shops over their 13 whole months, and on six years of a web site.

Run with -s to see the table. Months are taken by turns: `design` are those on which the method's numbers were chosen,
`judge` the others
(only the choice of past windows for a range was made after seeing them: docs/decisions.md).
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from connectors.demo import douyin, jd, tmall
from connectors.demo.build import SEED
from connectors.demo.seasons import days_between
from connectors.demo.truth import truth
from queries.plan.backtest import backtest, months, summary
from queries.plan.series import Series

FIRST, RUNNING = date(2025, 10, 1), date(2026, 11, 1)


@pytest.fixture(scope="module")
def demo() -> pd.DataFrame:
    """Back-tests of sales and ad spend of the demo's three shops, from the simulator's own truth at full volume."""
    days = days_between(FIRST, RUNNING)
    shops = truth(tmall.simulate(SEED, days, 1.0), jd.simulate(SEED, days, 1.0), douyin.simulate(SEED, days, 1.0))[
        "shops"
    ]
    parts = []
    for shop, told in shops.items():
        for metric in ("sales", "spend"):
            series = Series({date.fromisoformat(day): facts[metric] for day, facts in told["days"].items()})
            assert len(months(series)) == 13
            parts.append(backtest(series).assign(shop=shop, metric=metric))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def site(shared: Path) -> pd.DataFrame:
    """Back-tests of page loads, and of daily visits summed over days, of a web site outside China, 71 months."""
    path = shared / "data" / "website_daily_visitors" / "daily-website-visitors.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    parts = []
    for column in ("Page.Loads", "Unique.Visits"):
        history = {american(row["Date"]): float(row[column].replace(",", "")) for row in rows}
        parts.append(backtest(Series(history, china=False)).assign(shop="site", metric=column))
    return pd.concat(parts, ignore_index=True)


def american(text: str) -> date:
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


def told(name: str, tests: pd.DataFrame) -> pd.DataFrame:
    """The summary by half, printed as percentages."""
    found = summary(tests).set_index("half")
    shown = found.assign(**{c: (100 * found[c]).round(1) for c in found.columns if c != "points"})
    print(f"\n{name}\n{shown.to_string()}")
    return found


def test_range_and_error_on_the_demo(demo: pd.DataFrame) -> None:
    """80 % ranges cover 72 to 88 % of the outcomes, on the months that chose nothing too; nearer than the straight line."""
    found = told("demo, sales and ad spend of 3 shops", demo)
    for half in ("design", "judge", "all"):
        assert 0.72 <= found.loc[half, "covered"] <= 0.88
        assert found.loc[half, "error"] < found.loc[half, "straight_error"]
    sales = told("demo, sales of 3 shops", demo[demo["metric"] == "sales"])
    assert 0.72 <= sales.loc["all", "covered"] <= 0.88
    assert (sales["error"] < sales["straight_error"]).all()
    assert sales.loc["all", "points"] > 800


def test_range_and_error_on_a_web_site(site: pd.DataFrame) -> None:
    """The same, each figure by itself, on 71 months of another kind of business."""
    for metric, tests in site.groupby("metric"):
        found = told(f"web site, {metric}", tests)
        for half in ("design", "judge", "all"):
            assert 0.72 <= found.loc[half, "covered"] <= 0.88
            assert found.loc[half, "error"] < found.loc[half, "straight_error"]
        assert found.loc["all", "points"] > 1700


def test_backtest_by_hand() -> None:
    """100 a day until 31 October, then 200 from the 1st: at the 3rd of a 30-day month both methods are known."""
    first = date(2026, 8, 1)
    history = {first + timedelta(days=n): 100.0 for n in range(92)}
    history |= {date(2026, 11, 1) + timedelta(days=n): 200.0 for n in range(30)}
    series = Series(history, china=False)
    assert months(series)[0] == (first, date(2026, 8, 31)) and len(months(series)) == 4
    found = backtest(series, [(date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 11, 1), date(2026, 11, 30))])
    november = found[found["half"] == "judge"].iloc[0]
    assert (november["through"], november["actual"], float(november["straight"])) == (date(2026, 11, 3), 6000, 6000)
    # level: 11 days of 100 and 3 of 200, cut to 160 = 1580/14; 600 + 27 of them
    assert float(november["value"]) == pytest.approx(600 + 27 * 1580 / 14, abs=0.01)
    assert found[found["half"] == "design"]["error"].max() == 0
    assert bool(november["inside"]) is False
