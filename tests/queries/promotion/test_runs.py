"""Which campaigns there are, the days after them, last year's T-day, and days that no event touches."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from queries.catalog import sql_of
from queries.promotion.runs import Run, after, event_key, quiet_days, runs, year_before
from tests.queries.facts import Facts

FROM, TO = date(2025, 6, 25), date(2026, 11, 25)


def _typed(*lines: tuple[str, str, str, str, str]) -> pd.DataFrame:
    rows = [{"name": n, "phase": p, "day": date.fromisoformat(f), "day_to": date.fromisoformat(t), "shop": s} for n, p, f, t, s in lines]
    return pd.DataFrame(rows, columns=["name", "phase", "day", "day_to", "shop"])


def _run(found: list[Run], ident: str) -> Run:
    return next(run for run in found if run.id == ident)


def test_typed_phases_make_one_campaign_on_its_t_day() -> None:
    """双11 in two phases: 31 October to 11 November with T-day the 11th; the calendar's 双11 of 2026 is not there again."""
    found = runs(_typed(("双11大促", "爆发", "2026-11-10", "2026-11-11", ""), ("双11大促", "开门红", "2026-10-31", "2026-11-03", "")), FROM, TO)
    run = _run(found, "double11-2026")
    assert (run.first, run.last, run.t_day, run.is_calendar) == (date(2026, 10, 31), date(2026, 11, 11), date(2026, 11, 11), False)
    assert [phase.name for phase in run.phases] == ["开门红", "爆发"]
    assert sum(one.id == "double11-2026" for one in found) == 1 and _run(found, "double11-2025").is_calendar


def test_an_own_campaign_counts_from_its_first_day() -> None:
    """店庆 of shop a: T-day is its first day, only shop a takes part; last year's is the one typed a year earlier."""
    found = runs(_typed(("店庆", "", "2026-09-20", "2026-09-25", "a"), ("店庆", "", "2025-09-18", "2025-09-23", "a")), FROM, TO)
    run = _run(found, "店庆-2026")
    assert (run.t_day, run.shops, run.key) == (date(2026, 9, 20), frozenset({"a"}), "")
    assert year_before(run, found) == date(2025, 9, 18)
    assert year_before(_run(found, "店庆-2025"), found) is None


def test_begun_and_newest_first() -> None:
    """On 25 November 双12 has not begun; campaigns from before the first figure are left out."""
    found = runs(_typed(), FROM, TO)
    assert found[0].id == "double11-2026" and "618-2025" not in [run.id for run in found]
    assert year_before(found[0], found) == date(2025, 11, 11)


def test_abroad_has_its_own_calendar() -> None:
    """A shop in dollars has Black Friday 2025 and no 双11, 618 or 99."""
    found = runs(_typed(), FROM, TO, china=False)
    assert {run.key for run in found} == {"black_friday", "cyber_monday"}


def test_names_that_mean_an_event() -> None:
    """双十一 is 双11; 199元专场 is not 99, a 店庆 is none."""
    assert [event_key(name) for name in ("双十一预售", "199元专场", "99大促", "店庆", "38节")] == ["double11", "", "99", "", "women"]


def test_the_days_after_end_where_the_next_begins() -> None:
    """Ten days, fewer when another campaign begins or the days are not over, none on the last day itself."""
    found = runs(_typed(("甲", "", "2026-09-20", "2026-09-22", ""), ("乙", "", "2026-09-26", "2026-09-27", "")), FROM, TO)
    one, two = _run(found, "甲-2026"), _run(found, "乙-2026")
    assert after(one, found, TO) == (date(2026, 9, 23), date(2026, 9, 25))
    assert after(two, found, TO) == (date(2026, 9, 28), date(2026, 10, 7))
    assert after(two, found, date(2026, 9, 29)) == (date(2026, 9, 28), date(2026, 9, 29))
    assert after(two, found, date(2026, 9, 27)) is None


def test_quiet_days_lie_outside_every_event() -> None:
    """A typed campaign and ten days after it, 双11's window and 国庆 are not quiet; abroad 国庆 is."""
    run = runs(_typed(("甲", "", "2026-07-05", "2026-07-06", "")), FROM, TO)
    typed = [one for one in run if not one.is_calendar]
    quiet = quiet_days(date(2026, 7, 1), date(2026, 11, 1), typed)
    assert [bool(quiet[date(2026, 7, n)]) for n in (4, 5, 6, 16, 17)] == [True, False, False, False, True]
    assert not quiet[date(2026, 10, 2)] and not quiet[date(2026, 10, 20)]
    assert quiet_days(date(2026, 10, 1), date(2026, 10, 9), (), china=False).all()


def _ask(facts: Facts, name: str, **params: Any) -> pd.DataFrame:
    return facts.build().query(sql_of(name), params)


def test_phases_from_facts() -> None:
    """A line without a shop is everyone's; without a last day it lasts one day."""
    facts = Facts().add("promotion", {"promotion": "p", "name": "店庆", "day": "2026-09-20"}, shop=None)
    row = _ask(facts, "promotion/phases").iloc[0]
    assert (row["shop"], row["phase"], str(row["day_to"])[:10]) == ("", "", "2026-09-20")


def test_days_from_facts() -> None:
    """100 sold on the 2nd by the rate of the 1st, 200 on the 3rd by the new one; freight is not typed."""
    facts = Facts().add("cost", {"day": "2026-11-01", "value": 0.4}, {"day": "2026-11-03", "value": 0.5}, kind="margin_rate", item_id="")
    for day, sold in (("2026-11-02", 100), ("2026-11-03", 200)):
        facts.add("observation", {"source": "hand", "metric": "sales", "value": sold, "day": day, "period_kind": "day", "scope": "", "currency": "CNY"})
        facts.cover("observation", "hand", day, day)
    found = _ask(facts, "promotion/days", shops=None, day_from=date(2026, 11, 1), day_to=date(2026, 11, 30))
    assert found[["sales", "margin"]].to_numpy().tolist() == [[100, 0.4], [200, 0.5]] and found["freight"].isna().all()


def test_item_days_from_facts() -> None:
    """Item x sold 30 on the 2nd, only y sold on the 3rd: x and z together are 30 and 0; no row on the 4th."""
    facts = Facts()
    for day, item, sold in (("2026-11-02", "x", 30), ("2026-11-02", "y", 5), ("2026-11-03", "y", 7)):
        facts.add("item_day", {"source": "items", "item_id": item, "day": day, "sales": sold, "currency": "CNY"})
    about = {"shops": None, "currency": "CNY", "day_from": date(2026, 11, 1), "day_to": date(2026, 11, 30)}
    found = _ask(facts, "promotion/item_days", items=["x", "z"], **about)
    assert [(f"{r.day:%m-%d}", r.sales) for r in found.itertuples()] == [("11-02", 30), ("11-03", 0)]
    assert _ask(facts, "promotion/items", **about).empty  # sold on fewer than 20 days
