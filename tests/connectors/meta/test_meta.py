"""Meta: saved answers to rows worked by hand, errors by their numbers, and the traps of insights."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from connectors.api.account import Account
from connectors.api.endpoint import Answer
from connectors.api.line import Line
from connectors.errors import (
    ApiError,
    AuthExpired,
    BadRequest,
    NotSupported,
    PlatformDown,
    RateLimited,
    TooMuch,
    UnexpectedPayload,
)
from connectors.meta.meta import Meta, usage
from tests.connectors.api.book import bench, moments_of
from tests.connectors.api.canned import SAMPLES, Desk, desk, said, sample
from tests.stub.world import World
from warehouse.errors import ConfigError

META = Meta()
NOON = datetime(2026, 11, 18, 17, tzinfo=UTC).timestamp()  # noon in New York
ACCOUNT = Account("m", "meta", "shop", id="1234567890", since="2026-11-17", options={"action_type": "purchase"})
NODE = {"/act_1234567890": [Answer(200, {}, b'{"account_id":"1234567890","name":"Shop","currency":"USD","timezone_name":"America/New_York"}')]}
ROWS = "SELECT day, campaign_id, campaign, attribution, attribution_days, spend, impressions, clicks, attributed_orders, attributed_sales, reach, currency, account, hour FROM fact.ad_day ORDER BY ALL"


def answered(name: str) -> list[Answer]:
    return [sample("meta", name)]


def rows_of(pages: list[str], **options: Any) -> list[tuple[Any, ...]]:
    answers = NODE | {"/insights": [sample("meta", page) for page in pages]}
    with desk(replace(ACCOUNT, options={**ACCOUNT.options, **options}), {"access_token": "canary"}, answers, NOON) as at:
        at.sync("campaign_day")
        return at.rows(ROWS)


def test_two_pages_of_insights_become_three_rows() -> None:
    """Text amounts, the one action type, one window, clicks on the link; an absent or null list says nothing, which is not 0."""
    day17, day18 = datetime(2026, 11, 17).date(), datetime(2026, 11, 18).date()
    assert rows_of(["insights_page1", "insights_page2_last"]) == [
        (day17, "23850000000000001", "Prospecting", "7d_click", 7, Decimal(50), 10000, 100, 3, 150, 8000, "USD", "1234567890", -1),
        (day18, "23850000000000001", "Prospecting", "7d_click", 7, Decimal("48.2"), 9600, 90, None, None, 8000, "USD", "1234567890", -1),
        (day18, "23850000000000002", "Prospecting", "7d_click", 7, Decimal(10), 2000, 15, None, None, 8000, "USD", "1234567890", -1),
    ]


def test_each_window_asked_for_is_a_row_of_its_own() -> None:
    """Two windows give two rows with the same spend and their own figures; the window is part of the key."""
    found = rows_of(["insights_same_day_repulled_later"], attribution=["7d_click", "1d_view"])
    assert [(row[3], row[4], row[5], row[8], row[9]) for row in found] == [("1d_view", 1, 50, 1, 50), ("7d_click", 7, 50, 6, 300)]


def test_overlapping_action_types_are_never_added() -> None:
    """The pixel's purchases are the same four as `purchase`: naming that type gives its 3 of 7d_click, and its absent values nothing."""
    row = rows_of(["insights_page1", "insights_page2_last"], action_type="offsite_conversion.fb_pixel_purchase")[0]
    assert (row[8], row[9]) == (3, None)


def test_a_day_pulled_again_later_replaces_itself() -> None:
    """A week on, the 17th has 6 purchases of 300.00 where it had 3 of 150.00, and still one row; a row that is gone upstream is gone here."""
    answers = NODE | {"/insights": [sample("meta", name) for name in ("insights_page1", "insights_page2_last", "insights_same_day_repulled_later")]}
    with desk(ACCOUNT, {"access_token": "canary"}, answers, NOON) as at:
        at.sync("campaign_day")
        at.clock.value += 6 * 86_400
        at.sync("campaign_day")
        assert at.rows("SELECT day::TEXT, spend, attributed_orders, attributed_sales FROM fact.ad_day") == [("2026-11-17", 50, 6, 300)]


def test_the_last_28_days_are_asked_again() -> None:
    """On 24 November the range reaches back to 28 October, both ends included."""
    planned = META.endpoints[0].window.plan
    with desk(replace(ACCOUNT, since="2026-01-01"), {"access_token": "canary"}, {}, NOON) as at:
        at.clock.value += 6 * 86_400
        reach = at.line.reach()
        whole = planned(reach, [])
        again = planned(reach, whole)
    assert META.endpoints[0].window.params(again[0], "America/New_York") == {"time_range.since": "2026-10-28", "time_range.until": "2026-11-24"}
    assert len(again) == 1


def test_the_end_of_a_list_is_that_next_is_absent() -> None:
    """The last page still has cursors: two requests, the second with the cursor of the first, and no third."""
    answers = NODE | {"/insights": [sample("meta", name) for name in ("insights_page1", "insights_page2_last", "insights_page1")]}
    with desk(ACCOUNT, {"access_token": "canary", "app_secret": "s"}, answers, NOON) as at:
        at.sync("campaign_day")
        assert [request.query.get("after") for request in at.transport.asked[1:]] == [None, "MQZDZD"]
        query = at.transport.asked[1].query
    assert query["appsecret_proof"] == "cfcc795cf95a0af3ece5965d1471ebdc7cf3204b831d0934bca2887a11a70182"  # HMAC-SHA256 of "canary" with the key "s"
    assert (query["level"], query["time_increment"], query["limit"]) == ("campaign", "1", "200")
    assert json.loads(query["time_range"]) == {"since": "2026-11-17", "until": "2026-11-18"}
    assert json.loads(query["action_attribution_windows"]) == ["7d_click"]
    assert "DELETED" in json.loads(query["filtering"])[0]["value"]


@pytest.mark.parametrize(("name", "kind"), [("error_rate_account_17", RateLimited), ("error_too_much_data_100", TooMuch), ("error_token_190", AuthExpired)])
def test_an_error_is_told_by_its_number(name: str, kind: type[ApiError]) -> None:
    """Saved errors raise what must be done: wait, ask for less, ask a person."""
    with pytest.raises(kind):
        said(META, sample("meta", name))


def refusal(status: int = 400, headers: dict[str, str] | None = None, **error: Any) -> Answer:
    return Answer(status, headers or {}, json.dumps({"error": {"message": "no", **error}}).encode())


def test_what_may_pass_is_told_from_what_never_will() -> None:
    """Transient flags, code 2 and subcode 99 are tried again; "reduce the amount of data" asks for less; a bad field is neither."""
    for answer in (refusal(code=1, is_transient=True), refusal(code=2), refusal(code=1, error_subcode=99), refusal(503, code=1)):
        with pytest.raises(PlatformDown):
            said(META, answer)
    with pytest.raises(TooMuch):
        said(META, refusal(500, code=1, message="Please reduce the amount of data you're asking for"))
    for code in (4, 17, 32, 613, 80000, 80006, 80008):
        with pytest.raises(RateLimited):
            said(META, refusal(code=code))
    with pytest.raises(BadRequest):
        said(META, refusal(code=100, message="(#100) no such field"))


def test_usage_headers_slow_the_pacer() -> None:
    """The saved headers are at 96 % with 19 minutes to regain: silence of 1,140 s; 90 % means two minutes, 60 % none, nonsense none."""
    headers = json.loads((SAMPLES / "meta" / "headers_usage.json").read_text())
    assert usage(headers) == (96, 1140)
    assert META.rest(Answer(200, headers, b"{}"), {}) == 1140
    assert META.rest(Answer(200, {"x-ad-account-usage": '{"acc_id_util_pct":90.5}'}, b"{}"), {}) == 120
    assert META.rest(Answer(200, {"x-fb-ads-insights-throttle": '{"app_id_util_pct":60}'}, b"{}"), {}) == 0
    assert META.rest(Answer(200, {"x-app-usage": "<html>"}, b"{}"), {}) == 0


def test_the_next_call_waits_when_a_limit_is_nearly_used_up() -> None:
    """The second page goes out no sooner than two minutes after a first that came with 90 %."""
    first = replace(sample("meta", "insights_page1"), headers={"x-ad-account-usage": '{"acc_id_util_pct":90}'})
    with desk(ACCOUNT, {"access_token": "canary"}, NODE | {"/insights": [first, sample("meta", "insights_page2_last")]}, NOON) as at:
        at.sync("campaign_day")
        assert at.clock() - NOON >= 120


def test_a_throttle_says_when_to_come_back() -> None:
    """The minutes of estimated_time_to_regain_access are how long to wait."""
    headers = {"x-business-use-case-usage": '{"1":[{"call_count":100,"estimated_time_to_regain_access":7}]}'}
    with pytest.raises(RateLimited) as met:
        said(META, refusal(headers=headers, code=80004))
    assert met.value.retry_after_s == 420


def long_desk(states: list[Answer]) -> Any:
    answers = NODE | {"/act_1234567890/insights": answered("async_create"), "/6023920149050": states, "/6023920149050/insights": answered("insights_page2_last")}
    return desk(replace(ACCOUNT, since="2026-09-01"), {"access_token": "canary"}, answers, NOON)


def urls(at: Desk) -> list[str]:
    return [f"{request.method} {request.url.rsplit('v26.0', 1)[1]}" for request in at.transport.asked[1:]]  # the first asks whose account it is


def test_a_long_range_is_ordered_awaited_and_fetched() -> None:
    """79 days: a report is ordered with POST, its state asked for until it is completed, its rows read from the report itself."""
    states = [sample("meta", "async_status_running"), sample("meta", "async_status_completed")]
    with long_desk(states) as at:
        at.sync("campaign_day")
        assert urls(at) == ["POST /act_1234567890/insights", "GET /6023920149050", "GET /6023920149050", "GET /6023920149050/insights"]
        assert at.rows("SELECT day::TEXT, spend FROM fact.ad_day") == [("2026-11-18", 10)]
        assert b"level=campaign" in (at.transport.asked[1].body or b"") and "level" not in at.transport.asked[1].query


def test_all_of_a_report_is_not_yet_a_report() -> None:
    """At 100 % the job still runs: only "Job Completed" ends the waiting."""
    running = Answer(200, {}, b'{"id":"6023920149050","async_status":"Job Running","async_percent_completion":100}')
    with long_desk([running, running, sample("meta", "async_status_completed")]) as at:
        at.sync("campaign_day")
        assert urls(at).count("GET /6023920149050") == 3


def test_a_report_that_is_never_done_is_left_for_the_next_run() -> None:
    """After half an hour of polls it is an error that passes, and nothing is stored."""
    with long_desk([sample("meta", "async_status_running")]) as at, pytest.raises(PlatformDown):
        at.sync("campaign_day")


def test_a_report_that_is_given_up_is_split() -> None:
    """Reports of more than 24 days fail at the stub: ranges are halved until they come, and every figure is right."""
    world = World(seed=3, days=4, orders_per_day=3)
    with bench("meta", world, moments_of(world)[2]) as at:
        at.setup.platform.fails = 24
        runs = at.sync()
        assert not [run for run in runs if run.error]
        at.commit()
        first, last = world.days()
        assert at.figures(first, last) == at.truth(first, last)
        assert at.stub.violations == []
        assert len(at.setup.platform.reports) >= 2


def test_the_total_of_the_account_holds_what_campaigns_lack() -> None:
    """The account's own report has the same spend per day, under a source of its own that counts only where campaigns do not."""
    world = World(seed=5, days=4, orders_per_day=3)
    with bench("meta", world, moments_of(world)[2]) as at:
        at.sync()
        at.commit()
        with at.book.lock(), duckdb.connect(str(at.book.warehouse), read_only=True) as con:
            by = {source: con.execute("SELECT day, sum(spend), sum(attributed_sales) FROM fact.ad_day WHERE source = ? GROUP BY 1 ORDER BY 1", [source]).fetchall()
                  for source in ("meta.campaign_day", "meta.account_day")}  # fmt: skip
        assert by["meta.campaign_day"] == by["meta.account_day"] and len(by["meta.account_day"]) == 4
    assert [(endpoint.purse, endpoint.rank) for endpoint in META.endpoints] == [("meta", 5), ("meta", 20)]


def test_a_window_meta_no_longer_counts_is_refused() -> None:
    """7-day views ended in January 2026: such a setting is an error that names the valid windows, never an empty column."""
    with pytest.raises(NotSupported, match="7d_click"):
        rows_of(["insights_page1"], attribution="7d_view")


def test_an_account_must_say_what_a_purchase_is() -> None:
    """Without the action type nothing is asked."""
    with desk(replace(ACCOUNT, options={}), {"access_token": "canary"}, {}, NOON) as at, pytest.raises(ConfigError, match="action_type"):
        at.sync("campaign_day")


def test_a_row_over_several_days_is_no_day() -> None:
    """A row of the whole range, as it comes when the step of a day is lost, stops the window."""
    row = {"campaign_id": "1", "date_start": "2026-11-17", "date_stop": "2026-11-18", "spend": "1", "impressions": "1", "account_currency": "USD"}
    with pytest.raises(UnexpectedPayload):
        META.records(META.endpoints[0], {"data": [row]})


def test_a_dead_token_asks_for_a_new_setting() -> None:
    """There is no login to run: the message names the file where the token is kept, and not the token."""
    with desk(ACCOUNT, {"access_token": "canary-token"}, NODE | {"/insights": answered("error_token_190")}, NOON) as at, pytest.raises(AuthExpired) as met:
        at.sync("campaign_day")
    assert "secrets.toml" in str(met.value) and "login" not in str(met.value) and "canary" not in str(met.value)


def test_ping_names_the_account_its_zone_and_currency() -> None:
    """The account's own node says whose figures these are, and whose days."""
    world = World(seed=5, days=2, orders_per_day=3)
    with bench("meta", world, moments_of(world)[0]) as at:
        found = META.ping(Line(at.book, META, at.account, at.ledger, at.around))
    assert (found.who, found.zone, found.currency) == ("示例账户", "Asia/Shanghai", "CNY")


def test_days_of_another_zone_are_not_taken() -> None:
    """The ad account counts in New York: an account set to Shanghai is told so before any report is asked for."""
    with desk(replace(ACCOUNT, zone="Asia/Shanghai"), {"access_token": "canary"}, NODE, NOON) as at:
        with pytest.raises(BadRequest, match="New_York"):
            at.sync("campaign_day")
        assert len(at.transport.asked) == 1


def test_retention_is_never_overstepped() -> None:
    """Nothing older than 1,110 days is asked for, however early `since` lies."""
    with desk(replace(ACCOUNT, since="2019-01-01"), {"access_token": "canary"}, {}, NOON) as at:
        first = META.endpoints[0].window.plan(at.line.reach(), [])[0]
    assert datetime.fromtimestamp(first.start, UTC) > datetime.fromtimestamp(NOON, UTC) - timedelta(days=1110)
