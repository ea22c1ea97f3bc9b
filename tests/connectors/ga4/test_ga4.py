"""GA4: saved reports to rows worked by hand, our own offset, flags that are kept, and what never adds up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from connectors.api.account import Account
from connectors.api.endpoint import Answer
from connectors.api.line import Line
from connectors.api.windows import Window
from connectors.errors import (
    AccessDenied,
    AuthExpired,
    BadRequest,
    Incomplete,
    PlatformDown,
    RateLimited,
    UnexpectedPayload,
)
from connectors.ga4.ga4 import PAGES, Ga4
from tests.connectors.api.book import Bench, bench, moments_of
from tests.connectors.api.canned import Desk, desk, said, sample
from tests.stub.platforms.ga4 import CHANNELS, traffic
from tests.stub.world import World

GA4 = Ga4()
BY_DAY, BY_CHANNEL = GA4.endpoints
NOON = datetime(2026, 11, 18, 17, tzinfo=UTC).timestamp()  # noon in New York
ACCOUNT = Account("ga", "ga4", "shop", id="345678901", since="2026-11-18")
SECRETS = {name: f"canary-{name}" for name in GA4.credentials}
TOKEN = Answer(200, {}, b'{"access_token":"canary-access","expires_in":3599,"token_type":"Bearer"}')


@pytest.fixture
def two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two rows, as the saved answers have them."""
    monkeypatch.setattr(Ga4, "endpoints", tuple(replace(endpoint, paging=replace(PAGES, size=2)) for endpoint in Ga4.endpoints))


@contextmanager
def answered(*reports: Answer, account: Account = ACCOUNT) -> Iterator[Desk]:
    with desk(account, SECRETS, {"/token": [TOKEN], ":runReport": list(reports)}, NOON) as at:
        yield at


def report(metadata: dict[str, Any] | None = None, *rows: tuple[str, int, int], **more: Any) -> Answer:
    """A report of the whole property: day, people, sessions."""
    body = {
        "dimensionHeaders": [{"name": "date"}], "metricHeaders": [{"name": "totalUsers"}, {"name": "sessions"}], "metadata": metadata or {},
        "rows": [{"dimensionValues": [{"value": day}], "metricValues": [{"value": str(people)}, {"value": str(visits)}]} for day, people, visits in rows],
        "rowCount": len(rows),
    }  # fmt: skip
    return Answer(200, {}, json.dumps(body | more).encode())


@pytest.mark.usefixtures("two_a_page")
def test_two_pages_by_channel_become_rows() -> None:
    """Headers and values are put together; "(other)" is a channel like any; Paid Social is paid; sessions stand under the channel's name."""
    with answered(sample("ga4", "run_report_page1"), sample("ga4", "run_report_page2")) as at:
        at.sync("channel_day")
        rows = at.rows("SELECT day, carrier, level1, level2, is_paid, visitors, paid_orders, sales, currency FROM fact.source_day ORDER BY level1")
        visits = at.rows("SELECT scope, value, day, day_to, period_kind FROM fact.observation WHERE metric = 'visits' ORDER BY scope")
        asked = [json.loads(request.body or b"") for request in at.transport.asked if request.url.endswith("runReport")]
    day = date(2026, 11, 18)
    assert rows == [
        (day, "", "(other)", "", False, 7, 0, 0, "USD"),
        (day, "", "Organic Search", "", False, 150, 3, Decimal("120.5"), "USD"),
        (day, "", "Paid Social", "", True, 80, 2, 77, "USD"),
    ]
    assert visits == [("channel:(other)", 7, day, day, "day"), ("channel:Organic Search", 180, day, day, "day"), ("channel:Paid Social", 90, day, day, "day")]
    assert [(body["offset"], body["limit"]) for body in asked] == [(0, 2), (2, 2)]


@pytest.mark.usefixtures("two_a_page")
def test_flags_of_any_page_are_kept_beside_the_rows() -> None:
    """The second page came with "(other)" and a threshold: the day says so, and the records in the package do too."""
    with answered(sample("ga4", "run_report_page1"), sample("ga4", "run_report_page2")) as at:
        at.sync("channel_day")
        assert at.rows("SELECT metric, value FROM fact.observation WHERE scope = '' ORDER BY metric") == [("has_other_row", 1), ("is_sampled", 0), ("is_thresholded", 1)]


def test_a_day_of_the_property_gives_visitors_visits_and_flags() -> None:
    """People and sessions are figures of the shop's day; a sample that Google took is said."""
    sampled = report({"samplingMetadatas": [{"samplesReadCount": "10", "samplingSpaceSize": "100"}], "timeZone": "America/New_York"}, ("20261118", 230, 277))
    with answered(sampled) as at:
        at.sync("property_day")
        assert at.rows("SELECT day::TEXT, metric, value, scope FROM fact.observation ORDER BY metric") == [
            ("2026-11-18", "has_other_row", 0, ""), ("2026-11-18", "is_sampled", 1, ""), ("2026-11-18", "is_thresholded", 0, ""),
            ("2026-11-18", "visitors", 230, ""), ("2026-11-18", "visits", 277, ""),
        ]  # fmt: skip


def test_channels_never_stand_for_the_shop() -> None:
    """Users of three channels would add up to 237 people who are not there, and orders the script saw are not the shop's: neither is a figure of the shop."""
    assert (BY_DAY.kind, BY_CHANNEL.kind) == ("shop", "traffic")
    assert [each["name"] for each in BY_DAY.params["metrics"]] == ["totalUsers", "sessions"]


def test_an_empty_report_is_a_day_of_nothing() -> None:
    """Neither rows nor a rowCount: no error, nothing stored, and the day counts as covered."""
    with answered(sample("ga4", "run_report_empty")) as at:
        at.sync("channel_day")
        assert at.rows("SELECT count(*) FROM fact.source_day") == [(0,)]
        assert at.rows("SELECT day::TEXT FROM fact.coverage WHERE target = 'source_day'") == [("2026-11-18",)]


def test_rows_short_of_the_stated_count_are_not_stored() -> None:
    """The answer holds 2 of 3 rows, three times over: the window fails rather than standing for the day."""
    with answered(sample("ga4", "run_report_page1")) as at:
        with pytest.raises(Incomplete):
            at.sync("channel_day")
        assert len(at.transport.asked) == 1 + 3


def test_a_report_states_days_order_and_size() -> None:
    """Both days are inclusive, the order is explicit, the size is sent, empty rows are left out, the quota is asked for."""
    with answered(report(None, ("20261118", 1, 1)), account=replace(ACCOUNT, id="properties/345678901", since="2026-11-17")) as at:
        at.sync("property_day")
        request = at.transport.asked[1]
    assert request.url == "https://analyticsdata.googleapis.com/v1beta/properties/345678901:runReport"
    assert request.headers["Authorization"] == "Bearer canary-access"
    assert json.loads(request.body or b"") == {
        "dimensions": [{"name": "date"}], "metrics": [{"name": "totalUsers"}, {"name": "sessions"}], "orderBys": [{"dimension": {"dimensionName": "date"}}],
        "keepEmptyRows": False, "returnPropertyQuota": True, "dateRanges": [{"startDate": "2026-11-17", "endDate": "2026-11-18"}], "offset": 0, "limit": 10_000,
    }  # fmt: skip


def test_the_last_three_days_are_asked_again() -> None:
    """On the 18th: the 16th, 17th and 18th once more, and nothing before."""
    with answered(account=replace(ACCOUNT, since="2026-10-01")) as at:
        reach = at.line.reach()
        again = BY_DAY.window.plan(reach, [Window(reach.since, reach.now)])
    assert [BY_DAY.window.params(window, "America/New_York") for window in again] == [{"startDate": "2026-11-16", "endDate": "2026-11-18"}]


def test_rows_under_strange_headers_are_refused() -> None:
    """Headers in another order, a row with too few values, rows without a count: a value is never read under another name."""
    swapped = {"dimensionHeaders": [{"name": "date"}], "metricHeaders": [{"name": "sessions"}, {"name": "totalUsers"}], "rows": [], "rowCount": 0}
    short = json.loads(report(None, ("20261118", 1, 1)).body)
    short["rows"][0]["metricValues"].pop()
    uncounted = json.loads(report(None, ("20261118", 1, 1)).body)
    del uncounted["rowCount"]
    for body in (swapped, short, uncounted, {"rows": []}):
        with pytest.raises(UnexpectedPayload):
            GA4.records(BY_DAY, body)


def test_days_of_another_zone_are_not_taken() -> None:
    """The property counts in New York: an account set to Shanghai is told so."""
    with answered(sample("ga4", "run_report_empty"), account=replace(ACCOUNT, zone="Asia/Shanghai")) as at, pytest.raises(BadRequest, match="New_York"):
        at.sync("channel_day")


@pytest.mark.parametrize(
    ("status", "name", "kind"),
    [(429, "RESOURCE_EXHAUSTED", RateLimited), (401, "UNAUTHENTICATED", AuthExpired), (403, "PERMISSION_DENIED", AccessDenied), (400, "INVALID_ARGUMENT", BadRequest),
     (500, "INTERNAL", PlatformDown)],
)  # fmt: skip
def test_an_error_is_told_by_its_status(status: int, name: str, kind: type[Exception]) -> None:
    """Each kind of refusal leads to its own remedy."""
    with pytest.raises(kind) as met:
        said(GA4, Answer(status, {}, json.dumps({"error": {"code": status, "message": "no", "status": name}}).encode()))
    assert type(met.value) is kind


def test_an_hour_without_tokens_left_slows_the_pacer() -> None:
    """A report of 3 tokens with 2 left in the hour: silence; the saved quota: none."""
    body = json.loads(sample("ga4", "run_report_page1").body)
    assert GA4.rest(sample("ga4", "run_report_page1"), body) == 0
    body["propertyQuota"]["tokensPerProjectPerHour"] = {"consumed": 3, "remaining": 2}
    assert GA4.rest(Answer(200, {}, b""), body) == 120
    assert GA4.rest(Answer(200, {}, b""), {"rows": []}) == 0


def figures(at: Bench) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    with at.book.lock(), duckdb.connect(str(at.book.warehouse), read_only=True) as con:
        days = con.execute("SELECT day, value FROM fact.observation WHERE metric = 'visits' AND scope = '' ORDER BY 1").fetchall()
        return days, con.execute("SELECT day, level1, visitors, paid_orders, sales FROM fact.source_day ORDER BY 1, 2").fetchall()


@pytest.mark.usefixtures("two_a_page")
def test_days_and_channels_end_up_as_the_property_states_them() -> None:
    """Pulled while the days still move and again when they stand, two rows a page: every figure is the last one, none is there twice."""
    world = World(seed=5, days=4, orders_per_day=3)
    first, last = world.days()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    with bench("ga4", world, moments_of(world)[0]) as at:
        for moment in moments_of(world):
            at.clock.value = max(at.clock.value, moment)
            assert not [run for run in at.sync() if run.error]
            at.commit()
        by_day, by_channel = figures(at)
        now = int(at.clock())
        found = GA4.ping(Line(at.book, GA4, at.account, at.ledger, at.around))
        assert at.stub.violations == []
    truth = {(day, channel): traffic(day, channel, now) for day in days for channel in CHANNELS}
    assert by_day == [(day, sum(truth[day, channel]["sessions"] for channel in CHANNELS)) for day in days]
    assert by_channel == [
        (day, channel, each["totalUsers"], each["ecommercePurchases"], Decimal(each["purchaseRevenue"]) / 100) for (day, channel), each in sorted(truth.items())
    ]
    assert (found.who, found.zone, found.currency) == ("properties/345678901", "Asia/Shanghai", "CNY")
