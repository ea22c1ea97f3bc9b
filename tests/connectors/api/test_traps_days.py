"""Traps of days and money: what happened when, in whose day, in which currency, and what a report says later of an earlier day."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from connectors.api.account import Account
from connectors.api.endpoint import Answer
from connectors.api.interpret import mappings
from connectors.api.windows import Days, Reach, Span, Window, local, midnight
from connectors.catalog import CONNECTORS, connector
from tests.connectors.api.acme.acme import DAY_S, NOW, Desk, ad, listed, order, yes
from tests.connectors.api.canned import desk as saved
from tests.connectors.api.canned import sample
from tests.queries.facts import Facts
from warehouse.book import Book

ZONE, NEW_YORK = "Asia/Shanghai", "America/New_York"
HOUR = 3600
D18, D19, D20 = (midnight(date(2026, 11, day), ZONE) for day in (18, 19, 20))
AMOUNTS = ("money", "fen", "li", "micros")
MEANT = {  # unit on the wire -> types that read it; micros come beside values in whole units, a stated unit is applied by the mapping
    "yuan": {"money"}, "major": {"money"}, "fen": {"fen"}, "minor": {"fen"}, "li": {"li"}, "micros": {"micros", "money"}, "stated": {*AMOUNTS}, "none": set(),
}  # fmt: skip
SALES = "SELECT paid_at::DATE::TEXT, sum(paid_amount) FROM fact.order_head WHERE paid_at IS NOT NULL GROUP BY 1 ORDER BY 1"
SPEND = "SELECT day::TEXT, campaign_id, spend FROM fact.ad_day ORDER BY ALL"


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def changes(rows: list[dict[str, Any]]) -> Callable[[dict[str, str]], Answer]:
    """A platform whose lists are asked for by time of change. The test may change `rows` meanwhile."""

    def script(asked: dict[str, str]) -> Answer:
        found = [row for row in rows if int(asked["from"]) <= row["changed"] < int(asked["to"]) and ("given" in row) == (asked["path"] == "/refunds")]
        return listed(found, asked) if "page" in asked else yes(list=found)

    return script


def report(rows: list[dict[str, Any]]) -> Callable[[dict[str, str]], Answer]:
    """A platform whose report is asked for by days."""
    return lambda asked: listed([row for row in rows if asked["from"] <= row["day"] <= asked["to"]], asked)


def test_trap_05_a_refund_of_an_old_order_is_seen_and_stands_on_its_own_day(tmp_path: Path) -> None:
    """Trap 5: sold on the 18th, paid back on the 28th: found by its change, dated by the refund, and the sale of the 18th stays 10."""
    rows = [order("1", D18, paid=D18 + 60)]
    desk = Desk(tmp_path, changes(rows))
    desk.pulled("orders", "refunds")
    back = D18 + 10 * DAY_S + HOUR
    rows[:] = [order("1", D18, paid=D18 + 60, changed=back), {"id": "r", "order": "1", "applied": back - 60, "paid": back, "wanted": "4", "given": "4", "changed": back}]
    desk.clock.value += 9 * DAY_S
    desk.pulled("orders", "refunds")
    assert desk.rows(SALES) == [("2026-11-18", 10)]
    assert desk.rows("SELECT done_at::DATE::TEXT, amount FROM fact.refund") == [("2026-11-28", 4)]


def test_trap_05_a_change_that_shows_late_is_met_by_the_overlap(tmp_path: Path) -> None:
    """Trap 5: a change half an hour old that the platform did not show yet is found by the next run, which reaches back an hour."""
    rows = [order("1", D20)]
    desk = Desk(tmp_path, changes(rows), since="2026-11-20")
    desk.pulled("orders")
    rows.append(order("2", D20, paid=NOW - HOUR // 2))
    desk.clock.value += 60
    desk.pulled("orders")
    assert desk.rows(SALES) == [("2026-11-20", 10)]


def test_trap_06_time_is_asked_for_in_instants_and_told_in_the_shops_days(tmp_path: Path) -> None:
    """Trap 6: 04:59:59 UTC is still the 19th in New York, a second later the 20th begins; the same instants are asked for wherever the account counts."""
    rows = [order(name, utc(f"2026-11-20T{clock}"), paid=utc(f"2026-11-20T{clock}")) for name, clock in (("a", "04:59:59"), ("b", "05:00:00"))]
    desk = Desk(tmp_path, changes(rows), zone=NEW_YORK, now=utc("2026-11-20T12:00:00"), since="2026-11-19")
    desk.pulled("orders")
    assert desk.rows(SALES) == [("2026-11-19", 10), ("2026-11-20", 10)]
    assert desk.asked[0]["from"] == str(utc("2026-11-19T05:00:00"))
    window = Window(utc("2026-11-19T16:00:00"), utc("2026-11-20T16:00:00"))
    assert {zone: Span("a", "b", "iso").params(window, zone) for zone in (ZONE, NEW_YORK)} == {
        zone: {"a": "2026-11-19T16:00:00Z", "b": "2026-11-20T16:00:00Z"} for zone in (ZONE, NEW_YORK)
    }  # fmt: skip


def test_trap_07_a_migration_that_touches_every_order_moves_no_figure(tmp_path: Path) -> None:
    """Trap 7: all orders come again with today's time of change: none is doubled, every sale stays on the day it was paid."""
    rows = [order("1", D18, paid=D18 + 60), order("2", D19, paid=D19 + 60, amount="5")]
    desk = Desk(tmp_path, changes(rows))
    desk.pulled("orders")
    rows[:] = [row | {"changed": NOW + 60} for row in rows]
    desk.clock.value += HOUR
    desk.pulled("orders")
    assert desk.rows(SALES) == [("2026-11-18", 10), ("2026-11-19", 5)]
    assert desk.rows("SELECT count(*) FROM fact.order_head") == [(2,)]


def test_trap_07_a_date_of_zeros_is_none_and_a_broken_one_is_reported(tmp_path: Path) -> None:
    """Trap 7: 0000-00-00 and the year 1 say that nothing happened; a month 13 is no date: never a day, and it is in quarantine for somebody to see."""
    bad = {"1": "0000-00-00 00:00:00", "2": "0001-01-01 00:00:00", "3": "2026-13-45 00:00:00", "4": "2026-11-20 08:00:00"}
    desk = Desk(tmp_path, changes([order(number, D20, note_at=text) for number, text in bad.items()]), since="2026-11-20")
    desk.pulled("orders")
    assert desk.rows("SELECT order_id, done_at::TEXT FROM fact.order_head ORDER BY ALL") == [("1", None), ("2", None), ("4", "2026-11-20 08:00:00")]
    assert desk.rows("SELECT value FROM fact.quarantine") == [("2026-13-45 00:00:00",)]


def test_trap_09_today_is_the_accounts_own(tmp_path: Path) -> None:
    """Trap 9: at 02:00 UTC on the 20th Los Angeles still has the 19th: no report of the 20th is asked for, and the label of a day is taken as it is."""
    desk = Desk(tmp_path, report([ad("2026-11-19", "c", 1000)]), zone="America/Los_Angeles", now=utc("2026-11-20T02:00:00"), since="2026-11-18")
    desk.pulled("ads")
    assert [(asked["from"], asked["to"]) for asked in desk.asked] == [("2026-11-18", "2026-11-19")]
    assert desk.rows(SPEND) == [("2026-11-19", "c", 1)]
    assert desk.rows("SELECT DISTINCT zone FROM fact.shop") == [("America/Los_Angeles",)]


def test_trap_09_a_day_of_25_hours_is_one_day() -> None:
    """Trap 9: 1 November 2026 lasts 25 hours in New York and 29 March 23 in Berlin: each is asked for once, none is left out, edges fall on midnights."""
    for zone, first, hours in ((NEW_YORK, date(2026, 11, 1), 25), ("Europe/Berlin", date(2026, 3, 29), 23)):
        start, end = midnight(first, zone), midnight(date.fromordinal(first.toordinal() + 1), zone)
        assert end - start == hours * HOUR
        days = Days("day", back=3).plan(Reach(end + HOUR, start - DAY_S, start, zone), [])
        assert [window.days(zone)[0].toordinal() - first.toordinal() for window in days] == [-1, 0, 1]
        assert all(a.end == b.start for a, b in pairwise(days)) and days[1] == Window(start, end)
        assert (str(local(end - 1, zone))[11:], local(end, zone).date() > first) == ("23:59:59", True)


@pytest.mark.parametrize("states", [("10", "12"), ("12", "10")], ids=["as they were", "the other way round"])
def test_trap_09_the_hour_that_comes_twice_keeps_the_later_state(tmp_path: Path, states: tuple[str, str]) -> None:
    """Trap 9: 10 at 01:30 summer time, 12 forty minutes later at 01:10 winter time: 12 stands whichever of the two arrives last, and the day is the shop's."""
    ordered, changed = utc("2026-11-01T05:00:00"), {"10": utc("2026-11-01T05:30:00"), "12": utc("2026-11-01T06:10:00")}
    rows: list[dict[str, Any]] = []
    desk = Desk(tmp_path, lambda asked: listed(rows, asked), zone=NEW_YORK, now=utc("2026-11-01T08:00:00"), since="2026-11-01")
    for amount in states:
        rows[:] = [order("1", ordered, paid=ordered, changed=changed[amount], amount=amount)]
        desk.pulled("orders")
        desk.clock.value += HOUR
    assert desk.rows(SALES) == [("2026-11-01", 12)]
    assert desk.rows("SELECT updated_at::TEXT FROM fact.order_head") == [("2026-11-01 06:10:00",)]


@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_trap_09_versions_are_told_apart_by_a_clock_that_never_goes_back(name: str) -> None:
    """Trap 9: where a shop may have summer time, no field read in the shop's own clock is an order's `updated_at`; China has none."""
    made = connector(name)
    for endpoint in made.endpoints if made.self_hosted or made.zone != ZONE else ():
        for reading in mappings(made, endpoint):
            local_clock = {each.name for each in reading.fields if each.type in ("unix_s", "unix_ms", "instant")}
            for told in re.findall(r"((?:\w+\(.*\)|\w+)) AS updated_at", reading.sql):
                assert not local_clock & set(re.findall(r"\w+", told)), (endpoint.name, reading.stem, told)


def test_trap_10_a_restated_day_is_replaced_whole(tmp_path: Path) -> None:
    """Trap 10: an hour later c1 of the 19th has 3 where it had 1, c2 is gone and c3 is new; the 10th lies before the days that move and stays."""
    rows = [ad("2026-11-10", "c1", 9000), ad("2026-11-19", "c1", 1000), ad("2026-11-19", "c2", 2000)]
    desk = Desk(tmp_path, report(rows), since="2026-11-10")
    desk.pulled("ads")
    first = desk.rows("SELECT max(as_of) FROM fact.ad_day")[0][0]
    rows[:] = [ad("2026-11-19", "c1", 3000), ad("2026-11-19", "c3", 4000)]
    desk.clock.value += HOUR
    desk.pulled("ads")
    assert desk.rows(SPEND) == [("2026-11-10", "c1", 9), ("2026-11-19", "c1", 3), ("2026-11-19", "c3", 4)]
    assert str(desk.rows("SELECT max(as_of) FROM fact.ad_day")[0][0] - first) == "1:00:00"


def test_trap_10_a_day_whose_last_row_is_gone_is_empty(tmp_path: Path) -> None:
    """Trap 10: all of the 19th is taken back: nothing of it is left, and the day is known to be nothing."""
    rows = [ad("2026-11-19", "c1", 1000)]
    desk = Desk(tmp_path, report(rows), since="2026-11-19")
    desk.pulled("ads")
    rows.clear()
    desk.clock.value += HOUR
    desk.pulled("ads")
    assert desk.rows(SPEND) == []
    assert ("2026-11-19",) in desk.rows("SELECT DISTINCT day::TEXT FROM fact.coverage WHERE target = 'ad_day'")


def test_trap_10_an_older_pull_that_is_read_later_changes_nothing(tmp_path: Path) -> None:
    """Trap 10: two pulls of one day are committed in one go, whichever comes first: the later moment of pulling stands."""
    rows = [ad("2026-11-20", "c", 1000)]
    desk = Desk(tmp_path, report(rows), since="2026-11-20")
    desk.sync("ads")
    rows[0]["spend"] = 2000
    desk.clock.value += HOUR
    desk.sync("ads")
    desk.commit()
    assert desk.rows(SPEND) == [("2026-11-20", "c", 2)]


def test_trap_11_purchases_are_one_named_action_in_named_windows(tmp_path: Path) -> None:
    """Trap 11: Meta is asked for the windows by name; of a list in which four actions are the same four purchases one is counted; the list itself is kept as it came."""
    entry = Account("m", "meta", "shop", id="1234567890", since="2026-11-17", options={"action_type": "purchase", "attribution": "7d_click"})
    who = Answer(200, {}, b'{"account_id": "1234567890", "name": "x", "currency": "USD", "timezone_name": "America/New_York"}')
    answers = {"/insights": [sample("meta", "insights_page1"), sample("meta", "insights_page2_last")], "/act_1234567890": [who]}
    with saved(entry, {"access_token": "canary"}, answers, utc("2026-11-18T17:00:00")) as at:
        at.sync("campaign_day")
        asked = [each.query for each in at.transport.asked if each.url.endswith("/insights")]
        assert [json.loads(query["action_attribution_windows"]) for query in asked] == [["7d_click"]] * 2
        assert at.rows("SELECT attributed_orders, attributed_sales FROM fact.ad_day WHERE day = '2026-11-17'") == [(3, 150)]
        kept = "".join(path.read_text() for path in Book(at.book.root).packages.rglob("*.ndjson"))
        assert kept.count("offsite_conversion.fb_pixel_purchase") > 0


def test_trap_12_two_reports_of_one_purse_are_counted_once_and_compared() -> None:
    """Trap 12: campaigns sum to 100, the account states 120 (Performance Max, video): 100 counts, and the 20 that are missing stand beside it."""
    day = "2026-11-20"
    facts = Facts()
    facts.con.execute("UPDATE fact.source SET purse = 'google_ads' WHERE source IN ('plan', 'qc')")
    facts.con.execute("UPDATE fact.source SET rank = 5 WHERE source = 'plan'")
    facts.add("ad_day", {"source": "plan", "campaign_id": "c", "day": day, "spend": 100, "as_of": f"{day} 23:00:00"}, {"source": "qc", "day": day, "spend": 120, "as_of": f"{day} 23:00:00"})
    facts.cover("ad_day", "plan", day, day).cover("ad_day", "qc", day, day).build()
    assert facts.metric("spend", day, day).value.tolist() == [100]
    assert facts.rows("SELECT source, is_chosen, CAST(spend AS DOUBLE) FROM purse_day ORDER BY source") == [("plan", True, 100.0), ("qc", False, 120.0)]


def test_trap_13_spend_outlives_its_campaign(tmp_path: Path) -> None:
    """Trap 13: a campaign is renamed, then deleted and left out of the report: what it spent on the days before those that move stays, and new days bring the new name."""
    days = [f"2026-11-{day}" for day in range(10, 21)]
    rows = [ad(day, "c", 1000, name="old") for day in days]
    desk = Desk(tmp_path, report(rows), since="2026-11-10")
    desk.pulled("ads")
    rows[:] = [ad("2026-11-24", "c", 1000, name="new")]
    desk.clock.value += 7 * DAY_S
    desk.pulled("ads")
    assert desk.rows("SELECT sum(spend) FROM fact.ad_day WHERE day < '2026-11-18'") == [(8,)]
    assert desk.rows("SELECT campaign FROM fact.ad_day WHERE campaign_id = 'c' ORDER BY day DESC LIMIT 1") == [("new",)]


def test_trap_15_currencies_are_kept_apart_and_no_unit_is_guessed(tmp_path: Path) -> None:
    """Trap 15: 1200 yen are 1200 and not 12; two currencies of one day are two sums; an amount of three decimals keeps them."""
    rows = [order("1", D20, paid=D20, amount="1200", currency="JPY"), order("2", D20, paid=D20, amount="12.345", currency="KWD"), order("3", D20, paid=D20, amount="5", currency="JPY")]
    desk = Desk(tmp_path, changes(rows), since="2026-11-20")
    desk.pulled("orders")
    assert [(code, str(amount)) for code, amount in desk.rows("SELECT currency, sum(paid_amount) FROM fact.order_head GROUP BY 1 ORDER BY 1")] == [("JPY", "1205.0000"), ("KWD", "12.3450")]


@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_trap_15_a_unit_is_stated_per_endpoint(name: str) -> None:
    """Trap 15: an endpoint says in which unit its money comes, and its mappings read amounts in that unit and no other."""
    made = connector(name)
    for endpoint in made.endpoints:
        for reading in mappings(made, endpoint):
            read_as = {each.type for each in reading.fields} & set(AMOUNTS)
            assert read_as <= MEANT[endpoint.money], (endpoint.name, reading.stem, read_as)


def test_trap_16_a_rate_over_days_is_the_sum_over_the_sum() -> None:
    """Trap 16: 20 credited for 10 spent and 30 for 30 are 50 / 40 = 1.25, not the mean of 2 and 1; visitors of two days added up are called an upper bound."""
    first, last = "2026-11-19", "2026-11-20"
    facts = Facts()
    for day, spend, sales in ((first, 10, 20), (last, 30, 30)):
        facts.add("ad_day", {"source": "plan", "campaign_id": "c", "day": day, "spend": spend, "attributed_sales": sales, "as_of": f"{day} 23:00:00"})
        facts.add("observation", {"source": "sycm", "metric": "visitors", "period_kind": "day", "day": day, "day_to": day, "value": 100, "as_of": f"{day} 23:00:00"})
    facts.cover("ad_day", "plan", first, last).build()
    assert facts.metric("roas", first, last).value.tolist() == [1.25]
    assert facts.metric("visitors", first, last)[["value", "bound"]].to_numpy().tolist() == [[200, "upper"]]
