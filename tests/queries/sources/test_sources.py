"""Where the numbers come from: reach, strips, gaps, quarantine, stated totals, differences."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

import queries
from tests.queries.facts import Facts

NOV = (date(2026, 11, 1), date(2026, 11, 15))


def ask(facts: Facts, name: str, **params: Any) -> pd.DataFrame:
    return queries.run(f"sources/{name}", facts.build(), **params)


def package(name: str, **more: Any) -> dict[str, Any]:
    return {
        "package": name, "source": "plan", "kind": "file", "file_name": f"{name}.csv", "sealed_at": "2026-11-16 01:00:00",
        "state": "committed", **more,
    }  # fmt: skip


def test_a_gap_lies_between_covered_days_and_up_to_the_last_day_asked() -> None:
    """Covered 1-3 and 6-10, asked to the 15th: missing are 4-5 and 11-15; nothing before the first day."""
    facts = Facts().cover("ad_day", "plan", "2026-11-01", "2026-11-03").cover("ad_day", "plan", "2026-11-06", "2026-11-10")
    gaps = ask(facts, "gaps", shops=None, day_from=date(2026, 10, 1), day_to=NOV[1])
    assert [(f"{r.gap_from:%d}", f"{r.gap_to:%d}", int(r.days)) for r in gaps.itertuples()] == [("11", "15", 5), ("04", "05", 2)]


def test_a_day_is_whole_when_it_is_whole_in_any_table() -> None:
    """One order list fills two tables of the same source: partly here, wholly there, is wholly."""
    facts = Facts().cover("order_head", "list", "2026-11-01", "2026-11-02", is_partial=True)
    facts.cover("order_line", "list", "2026-11-02", "2026-11-02")
    strip = ask(facts, "freshness", shops=None, day_from=NOV[0], day_to=NOV[1])
    assert list(strip["state"]) == ["partial", "full"]


def test_an_edge_day_is_whole_once_the_export_was_made_after_it() -> None:
    """Covered in part until the 19th by an export of the 20th, 00:00: the 19th had ended. A day of the same date had not."""
    facts = Facts().cover("order_head", "plan", "2026-11-18", "2026-11-20", is_partial=True).add("package", package("p"))
    row = ask(facts, "checklist", shops=None, day_from=NOV[0], day_to=date(2026, 11, 30)).iloc[0]
    assert (f"{row.last_day:%d}", f"{row.last_full_day:%d}") == ("20", "19")


def test_a_typed_figure_is_no_source_with_gaps() -> None:
    """Who types a number on Monday has not promised one for Tuesday."""
    facts = Facts().cover("observation", "typed", "2026-11-01", "2026-11-01")
    assert ask(facts, "gaps", shops=None, day_from=NOV[0], day_to=NOV[1]).empty


def test_rows_wait_until_somebody_accepts_to_do_without() -> None:
    """Two cells of one row are one row; an accepted package and an undone one no longer wait."""
    facts = Facts()
    for name, state in (("p1", "committed"), ("p2", "committed"), ("p3", "undone")):
        facts.add("package", package(name, state=state))
        for cell in ("花费", "点击量"):
            facts.add("quarantine", {"package": name, "source": "plan", "part": "raw", "target": "ad_day", "row_no": 7, "name": cell, "reason": "not a money"})
    facts.add("package", package("accept-p2", kind="accept", refers="p2"))
    waiting = ask(facts, "quarantine_packages", shops=None)
    assert [(r.package, int(r.rows_waiting)) for r in waiting.itertuples()] == [("p1", 1)]
    assert len(ask(facts, "quarantine", shops=None, package="p1", max_rows=10)) == 2
    assert ask(facts, "quarantine", shops=["b"], package=None, max_rows=10).empty


def test_only_stated_totals_that_differ_are_listed() -> None:
    """A total that agrees needs nobody's attention."""
    facts = Facts().add("package", package("p1"))
    facts.add("source_total", {"package": "p1", "source": "plan", "part": "raw", "name": "花费", "stated": 10, "summed": 9, "difference": 1})
    facts.add("source_total", {"package": "p1", "source": "plan", "part": "raw", "name": "点击量", "stated": 5, "summed": 5, "difference": 0})
    assert list(ask(facts, "stated_totals", shops=None, package=None)["name"]) == ["花费"]


def test_differences_name_the_largest_day() -> None:
    """Shop report 100 and 200, order list 90 and 230: two days differ, the second by 30."""
    facts = Facts()
    for day, stated, listed in (("2026-11-01", 100, 90), ("2026-11-02", 200, 230)):
        facts.add("observation", {"source": "sycm", "metric": "sales", "period_kind": "day", "day": day, "day_to": day, "currency": "CNY", "value": stated})
        facts.add("order_head", {"source": "list", "order_id": day, "status": "paid", "created_at": f"{day} 10:00:00", "paid_at": f"{day} 10:00:00", "currency": "CNY", "paid_amount": listed})
    facts.cover("observation", "sycm", "2026-11-01", "2026-11-02").cover("order_head", "list", "2026-11-01", "2026-11-02")
    found = ask(facts, "reconciliation", shops=None, day_from=NOV[0], day_to=NOV[1])
    row = found[found["metric"] == "sales"].iloc[0]
    assert (row.chosen_source, row.source, int(row.days_compared), int(row.days_different)) == ("sycm", "list", 2, 2)
    assert (f"{row.largest_day:%d}", float(row.largest_difference)) == ("02", 30.0)


def test_history_is_newest_first_and_ends_where_asked() -> None:
    """The page lists the last imports; an undone one stays in the history."""
    facts = Facts().add("package", package("old", sealed_at="2026-11-01 00:00:00", state="undone"), package("new"))
    assert list(ask(facts, "package_history", shops=None, max_rows=10)["package"]) == ["new", "old"]
    assert list(ask(Facts().add("package", package("x"), package("y")), "package_history", shops=None, max_rows=1)["package"]) == ["y"]
