"""Google Ads: saved answers to rows worked by hand, errors by their codes, and the traps of GAQL reports."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

import duckdb
import pytest

from connectors.api.account import Account
from connectors.api.connector import Call
from connectors.api.endpoint import Answer
from connectors.api.line import Line
from connectors.errors import (
    AccessDenied,
    AuthExpired,
    BadRequest,
    Incomplete,
    PlatformDown,
    QuotaSpent,
    RateLimited,
    UnexpectedPayload,
)
from connectors.google_ads.google_ads import GoogleAds
from tests.connectors.api.book import bench, moments_of
from tests.connectors.api.canned import desk, said, sample
from tests.stub.world import World
from warehouse.errors import ConfigError

GOOGLE = GoogleAds()
NOON = datetime(2026, 11, 19, 17, tzinfo=UTC).timestamp()  # noon in New York
ACCOUNT = Account("g", "google_ads", "shop", id="123-456-7890", since="2026-11-18", options={"login_customer_id": "111-222-3333"})
SECRETS = {name: f"canary-{name}" for name in GOOGLE.credentials}
TOKEN = Answer(200, {}, b'{"access_token":"canary-access","expires_in":3599,"token_type":"Bearer"}')


def answers(*streams: Answer) -> dict[str, list[Answer]]:
    return {"/token": [TOKEN], ":searchStream": list(streams)}


def stream(*chunks: dict[str, Any]) -> Answer:
    return Answer(200, {}, json.dumps(list(chunks)).encode())


def row(campaign: str, day: str, micros: str = "1000000", **metrics: Any) -> dict[str, Any]:
    return {"customer": {"currencyCode": "USD", "timeZone": "America/New_York"}, "campaign": {"id": campaign, "name": campaign},
            "metrics": {"costMicros": micros, **metrics}, "segments": {"date": day}}  # fmt: skip


def test_both_chunks_of_a_stream_become_rows() -> None:
    """25,340,000 micros are 25.34; fractions of conversions stay; Performance Max is there; attribution is not stated."""
    with desk(ACCOUNT, SECRETS, answers(sample("google_ads", "search_stream_campaign")), NOON) as at:
        at.sync("campaign_day")
        found = at.rows("SELECT day, campaign_id, campaign, scene, spend, impressions, clicks, attributed_orders, attributed_sales, currency, attribution, "
                        "attribution_days, hour FROM fact.ad_day ORDER BY ALL")  # fmt: skip
    assert found == [
        (date(2026, 11, 18), "111", "Brand search", "SEARCH", Decimal("25.34"), 4000, 120, Decimal("3.5"), Decimal("180.25"), "USD", "", None, -1),
        (date(2026, 11, 18), "222", "PMax", "PERFORMANCE_MAX", 41, 9000, 200, 6, 300, "USD", "", None, -1),
        (date(2026, 11, 19), "111", "Brand search", "SEARCH", 19, 3500, 98, 1, 52, "USD", "", None, -1),
    ]


def test_a_request_names_customer_manager_and_developer() -> None:
    """Ids go out in digits only, the token as Bearer, the query with both days and all statuses; the refresh grant goes out as a form."""
    with desk(ACCOUNT, SECRETS, answers(sample("google_ads", "search_stream_campaign")), NOON) as at:
        at.sync("campaign_day")
        token, search = at.transport.asked
    assert token.url == "https://oauth2.googleapis.com/token"
    assert parse_qs((token.body or b"").decode())["grant_type"] == ["refresh_token"]
    assert search.method == "POST" and search.url == "https://googleads.googleapis.com/v26/customers/1234567890/googleAds:searchStream"
    assert {name: search.headers[name] for name in ("Authorization", "developer-token", "login-customer-id")} == {
        "Authorization": "Bearer canary-access", "developer-token": "canary-developer_token", "login-customer-id": "1112223333",
    }  # fmt: skip
    query = json.loads(search.body or b"")["query"]
    assert "BETWEEN '2026-11-18' AND '2026-11-19'" in query and "IN ('ENABLED', 'PAUSED', 'REMOVED')" in query and "FROM campaign " in query


def test_without_a_manager_the_header_is_left_out() -> None:
    """An empty login-customer-id would be refused."""
    with desk(replace(ACCOUNT, options={}), SECRETS, answers(sample("google_ads", "search_stream_campaign")), NOON) as at:
        at.sync("campaign_day")
        assert "login-customer-id" not in at.transport.asked[1].headers


def test_whole_micros_keep_every_digit() -> None:
    """Int64 comes as text: 9,007,199,254,740,993 micros, which no double holds, are 9,007,199,254.740993, kept to four places."""
    with desk(ACCOUNT, SECRETS, answers(stream({"results": [row("1", "2026-11-18", "9007199254740993")]})), NOON) as at:
        at.sync("campaign_day")
        assert at.rows("SELECT spend FROM fact.ad_day") == [(Decimal("9007199254.7410"),)]


def test_a_day_without_rows_is_a_day_of_nothing() -> None:
    """Rows without metrics vanish once a day is asked for: an empty stream is no error, and the days count as covered."""
    with desk(ACCOUNT, SECRETS, answers(stream({"fieldMask": "campaign.id", "requestId": "r"})), NOON) as at:
        at.sync("campaign_day")
        assert at.rows("SELECT count(*) FROM fact.ad_day") == [(0,)]
        assert at.rows("SELECT DISTINCT day::TEXT FROM fact.coverage WHERE target = 'ad_day' ORDER BY 1") == [("2026-11-18",), ("2026-11-19",)]


def test_cost_that_is_taken_back_goes_down_here() -> None:
    """Invalid clicks lower a past day, and a campaign that is taken back whole leaves nothing behind."""
    first = stream({"results": [row("1", "2026-11-18", "5000000"), row("2", "2026-11-18")]})
    with desk(ACCOUNT, SECRETS, answers(first, stream({"results": [row("1", "2026-11-18", "4000000")]})), NOON) as at:
        at.sync("campaign_day")
        at.clock.value += 3600
        at.sync("campaign_day")
        assert at.rows("SELECT campaign_id, spend FROM fact.ad_day") == [("1", 4)]


def test_a_stream_that_says_a_row_twice_is_read_again() -> None:
    """A doubled row is never added up: the window is asked for three times, then left."""
    twice = stream({"results": [row("1", "2026-11-18")]}, {"results": [row("1", "2026-11-18")]})
    with desk(ACCOUNT, SECRETS, answers(twice), NOON) as at, pytest.raises(Incomplete):
        at.sync("campaign_day")


def test_a_spent_quota_ends_the_day() -> None:
    """RESOURCE_EXHAUSTED is the day's operations: no retry, and nothing else of the account is asked for."""
    with pytest.raises(QuotaSpent) as met:
        said(GOOGLE, sample("google_ads", "error_quota"))
    assert met.value.code == "RESOURCE_EXHAUSTED"
    with desk(ACCOUNT, SECRETS, answers(sample("google_ads", "error_quota")), NOON) as at, pytest.raises(QuotaSpent):
        at.sync()
    assert sum(request.url.endswith("searchStream") for request in at.transport.asked) == 1


def test_a_short_throttle_is_waited_out() -> None:
    """RESOURCE_TEMPORARILY_EXHAUSTED carries the status of a spent quota and is none."""
    error = {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": [{"errors": [{"errorCode": {"quotaError": "RESOURCE_TEMPORARILY_EXHAUSTED"}}]}]}
    with pytest.raises(RateLimited):
        said(GOOGLE, Answer(429, {}, json.dumps([{"error": error}]).encode()))


def test_an_error_at_the_end_of_a_stream_is_no_end() -> None:
    """A chunk with an error after good ones, under status 200, fails the whole window."""
    broken = stream({"results": [row("1", "2026-11-18")]}, {"error": {"code": 503, "status": "UNAVAILABLE", "message": "gone"}})
    with pytest.raises(PlatformDown, match="UNAVAILABLE"):
        said(GOOGLE, broken)
    with desk(ACCOUNT, SECRETS, answers(broken), NOON) as at, pytest.raises(PlatformDown, match="UNAVAILABLE"):
        at.sync("campaign_day")


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, {"status": "UNAUTHENTICATED", "details": [{"errors": [{"errorCode": {"authenticationError": "OAUTH_TOKEN_EXPIRED"}}]}]}, AuthExpired),
        (403, {"status": "PERMISSION_DENIED", "details": [{"errors": [{"errorCode": {"authorizationError": "CUSTOMER_NOT_ENABLED"}}]}]}, AccessDenied),
        (400, {"status": "INVALID_ARGUMENT", "details": [{"errors": [{"errorCode": {"queryError": "UNRECOGNIZED_FIELD"}}]}]}, BadRequest),
        (500, {"status": "INTERNAL"}, PlatformDown),
    ],
)
def test_an_error_is_told_by_code_and_status(status: int, error: dict[str, Any], kind: type[Exception]) -> None:
    """Array or object alike: a dead token, a customer that is off, a bad query and a broken server are four different things."""
    for body in ([{"error": error}], {"error": error}):
        with pytest.raises(kind) as met:
            said(GOOGLE, Answer(status, {}, json.dumps(body).encode()))
        assert type(met.value) is kind


def test_a_refresh_token_that_was_withdrawn_asks_for_a_new_one() -> None:
    """invalid_grant is final; the message holds no secret."""
    void = Answer(400, {}, b'{"error":"invalid_grant","error_description":"Token has been expired or revoked."}')
    with pytest.raises(AuthExpired):
        GOOGLE.judge(Call("/token", is_token=True), void)
    with desk(ACCOUNT, SECRETS, {"/token": [void]}, NOON) as at, pytest.raises(AuthExpired) as met:
        at.sync("campaign_day")
    assert "canary" not in str(met.value) and "secrets.toml" in str(met.value)


def test_what_is_no_list_of_chunks_is_refused() -> None:
    """An object in place of the array is another contract."""
    with pytest.raises(UnexpectedPayload):
        GOOGLE.records(GOOGLE.endpoints[0], {"results": []})


def test_days_of_another_zone_are_not_taken() -> None:
    """The customer counts in New York: an account set to Shanghai is told so, and nothing is stored."""
    with desk(replace(ACCOUNT, zone="Asia/Shanghai"), SECRETS, answers(sample("google_ads", "search_stream_campaign")), NOON) as at, pytest.raises(BadRequest, match="New_York"):
        at.sync("campaign_day")


def test_the_longest_conversion_window_is_pulled_again() -> None:
    """14 days unless the account states more, at most 90; every report of the account follows."""
    assert [endpoint.window.back for endpoint in GOOGLE.endpoints_for(ACCOUNT)] == [14, 14]
    assert [endpoint.window.back for endpoint in GOOGLE.endpoints_for(replace(ACCOUNT, options={"conversion_days": "60"}))] == [60, 60]
    for wrong in ("91", "0", "month"):
        with pytest.raises(ConfigError, match="conversion_days"):
            GOOGLE.endpoints_for(replace(ACCOUNT, options={"conversion_days": wrong}))


def test_the_total_of_the_customer_is_a_report_beside_the_campaigns() -> None:
    """Same spend a day, removed campaigns included, under a source that counts only where campaigns do not."""
    world = World(seed=5, days=4, orders_per_day=3)
    with bench("google_ads", world, moments_of(world)[2]) as at:
        at.sync()
        at.commit()
        with at.book.lock(), duckdb.connect(str(at.book.warehouse), read_only=True) as con:
            by = [con.execute("SELECT day, sum(spend) FROM fact.ad_day WHERE source = ? GROUP BY 1 ORDER BY 1", [f"google_ads.{name}"]).fetchall()
                  for name in ("campaign_day", "customer_day")]  # fmt: skip
        assert by[0] == by[1] and len(by[0]) == 4
        found = GOOGLE.ping(Line(at.book, GOOGLE, at.account, at.ledger, at.around))
    assert (found.who, found.account_id, found.zone, found.currency) == ("示例客户", "1730000000000001", "Asia/Shanghai", "CNY")
