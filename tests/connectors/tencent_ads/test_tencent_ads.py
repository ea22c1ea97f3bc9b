"""腾讯广告: what the saved report becomes, what each refusal means, and the traps of its contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.api.config import Account
from connectors.api.connector import Call
from connectors.api.endpoint import Answer, Request
from connectors.api.tokens import Token, TokenStore
from connectors.api.windows import Reach
from connectors.catalog import connector
from connectors.errors import (
    AccessDenied,
    ApiError,
    AuthExpired,
    NotSupported,
    QuotaSpent,
    RateLimited,
    UnexpectedPayload,
)
from tests.connectors.api.canned import Played
from warehouse.errors import ConfigError

SAMPLES = Path(__file__).parents[2] / "fixtures" / "api" / "tencent_ads"
NOON = 1794456000  # 2026-11-12 12:00 in Shanghai
REPORT, THROTTLED = (json.loads((SAMPLES / f"tencent_ads_{name}.json").read_text(encoding="utf-8")) for name in ("daily_reports_get", "error_rate_limited"))
PAIR = {"access_token": "access-new", "refresh_token": "refresh-new", "access_token_expires_in": 86400, "refresh_token_expires_in": 2592000}


class Advertiser:
    """Plays the answers in turn, the last one for ever; a call for a token gets `pair`. `asked`: path and query of every call."""

    def __init__(self, *answers: dict[str, Any], pair: dict[str, Any] | None = None) -> None:
        self.answers, self.pair = list(answers), pair or {"code": 0, "data": PAIR}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def send(self, request: Request) -> Answer:
        assert (request.method, request.body) == ("GET", None)
        path = request.url.removeprefix("https://api.e.qq.com")
        self.asked.append((path, dict(request.query)))
        said = self.pair if path == "/oauth/token" else self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Answer(200, {}, json.dumps(said).encode())

    @property
    def reports(self) -> list[dict[str, str]]:
        return [query for path, query in self.asked if path == "/v3.0/daily_reports/get"]


class Reading(Played):
    """One sync of one endpoint against the answers."""

    def __init__(self, root: Path, played: Advertiser, only: str = "ads", **options: Any) -> None:
        account = Account("qq", "tencent_ads", "shopqq", id="20000001", since="2026-11-11", options={"money_unit": "fen", **options})
        super().__init__(root, account, {"client_id": "1112223334", "client_secret": "canary-secret"}, played, NOON)
        TokenStore(self.book, "qq").save(Token("access-old", NOON + 86_400, "refresh-old", NOON + 30 * 86_400), NOON)
        self.runs = self.sync(only)

    @property
    def error(self) -> ApiError | None:
        return self.runs[0].error

    def facts(self, columns: str) -> list[tuple[Any, ...]]:
        assert self.error is None
        return self.rows(f"SELECT {columns} FROM fact.ad_day ORDER BY ALL")


def changed(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.dumps(REPORT))
    change(body)
    return body


def test_the_saved_report_is_one_day_of_one_ad(tmp_path: Path) -> None:
    """488.61 yuan spent, 22 orders of 2,838.00 credited by the day they were reported."""
    read = Reading(tmp_path, Advertiser(REPORT))
    assert read.facts("account, campaign_id, campaign, day, hour, attribution, attribution_days, currency") == [
        ("20000001", "30000001", "双11直播", date(2026, 11, 11), -1, "REPORTING_TIME", None, "CNY")]  # fmt: skip
    assert read.facts("spend, impressions, clicks, attributed_sales, attributed_orders, buyers, reach") == [
        (Decimal("488.61"), 30110, 801, Decimal("2838"), 22, 21, 18800)]  # fmt: skip


def test_the_account_total_stands_beside_the_ads(tmp_path: Path) -> None:
    """The same money without an ad, from the level of the advertiser."""
    played = Advertiser(changed(lambda body: [body["data"]["list"][0].pop(name) for name in ("adgroup_id", "adgroup_name")]))
    assert Reading(tmp_path, played, "account").facts("source, campaign_id, day, spend") == [("tencent_ads.account", "", date(2026, 11, 11), Decimal("488.61"))]
    assert (played.reports[0]["level"], played.reports[0]["group_by"]) == ("REPORT_LEVEL_ADVERTISER", '["date"]')


def test_everything_is_asked_for_by_name(tmp_path: Path) -> None:
    """Level, grouping, fields, page size and above all the time line: its default was another one before October 2024."""
    played = Advertiser(REPORT)
    Reading(tmp_path, played)
    query = played.reports[0]
    assert {name: query[name] for name in query.keys() - {"nonce", "timestamp", "access_token", "fields"}} == {
        "account_id": "20000001", "level": "REPORT_LEVEL_ADGROUP", "group_by": '["date","adgroup_id"]', "time_line": "REPORTING_TIME", "page": "1",
        "page_size": "100", "date_range": '{"start_date":"2026-11-11","end_date":"2026-11-12"}'}  # fmt: skip
    assert json.loads(query["fields"]) == [
        "date", "account_id", "view_count", "valid_click_count", "cost", "order_pv", "order_uv", "order_amount", "live_stream_exp_uv", "adgroup_id", "adgroup_name"]  # fmt: skip


def test_a_blank_time_line_is_the_default(tmp_path: Path) -> None:
    """As the form leaves it: the platform gets, and the row carries, what the form says a blank means."""
    played = Advertiser(REPORT)
    assert Reading(tmp_path, played, time_line="").facts("attribution") == [("REPORTING_TIME",)]
    assert played.reports[0]["time_line"] == "REPORTING_TIME"


def test_another_time_line_is_another_fact(tmp_path: Path) -> None:
    """REQUEST_TIME is sent and stands in the row's key; a word that is none is refused."""
    played = Advertiser(REPORT)
    assert Reading(tmp_path / "a", played, time_line="REQUEST_TIME").facts("attribution") == [("REQUEST_TIME",)]
    assert played.reports[0]["time_line"] == "REQUEST_TIME"
    with pytest.raises(ConfigError, match="time_line 'yesterday'"):
        Reading(tmp_path / "b", played, time_line="yesterday")


@pytest.mark.parametrize(("unit", "spend", "sales"), [("fen", "488.61", "2838"), ("yuan", "48861", "283800")])
def test_the_unit_is_what_the_account_says(tmp_path: Path, unit: str, spend: str, sales: str) -> None:
    """No page states the unit of cost: the account does."""
    assert Reading(tmp_path, Advertiser(REPORT), money_unit=unit).facts("spend, attributed_sales") == [(Decimal(spend), Decimal(sales))]


@pytest.mark.parametrize("unit", ["", "cents"])
def test_without_a_unit_nothing_is_asked(tmp_path: Path, unit: str) -> None:
    """The refusal says how to find it out; no call went out."""
    played = Advertiser(REPORT)
    error = Reading(tmp_path, played, money_unit=unit).error
    assert isinstance(error, NotSupported) and "Compare one day with the console" in str(error) and not played.reports


def test_each_attempt_has_its_own_nonce_and_time(tmp_path: Path) -> None:
    """A throttle is waited out for about a minute; the next try is signed anew, within 32 characters."""
    played = Advertiser(THROTTLED, REPORT)
    assert Reading(tmp_path, played).error is None
    first, second = played.reports
    assert first["nonce"] != second["nonce"] and len(second["nonce"]) <= 32
    assert 45 <= int(second["timestamp"]) - int(first["timestamp"]) <= 76 and int(first["timestamp"]) == NOON


def test_a_dead_token_is_refreshed_once(tmp_path: Path) -> None:
    """11000 leads to one GET with the refresh token and nothing else of a signed call; the new token is used and kept."""
    played = Advertiser({"code": 11000, "message": "expired"}, REPORT)
    read = Reading(tmp_path, played)
    assert read.error is None
    assert [query for path, query in played.asked if path == "/oauth/token"] == [
        {"client_id": "1112223334", "client_secret": "canary-secret", "grant_type": "refresh_token", "refresh_token": "refresh-old"}]  # fmt: skip
    token = TokenStore(read.book, "qq").load()
    assert token is not None and (token.access, token.refresh, token.refresh_expires_at) == ("access-new", "refresh-new", NOON + 2_592_000)
    assert [query["access_token"] for query in played.reports] == ["access-old", "access-new"]


def test_an_ended_refresh_token_wants_a_person(tmp_path: Path) -> None:
    """11012: no second try, the sentence names the login, no secret in it."""
    error = Reading(tmp_path, Advertiser({"code": 11000}, pair={"code": 11012, "message": "refresh token expired"})).error
    assert isinstance(error, AuthExpired) and error.final and "login qq" in str(error) and "canary" not in str(error) and "refresh-old" not in str(error)


def test_a_short_report_is_read_again_and_then_refused(tmp_path: Path) -> None:
    """total_number says two rows and one came, three times over: a day with a hole does not replace anything."""
    played = Advertiser(changed(lambda body: body["data"]["page_info"].update(total_number=2)))
    error = Reading(tmp_path, played).error
    assert error is not None and "1 of 2 records came" in str(error) and len(played.reports) == 3


def test_every_page_is_read(tmp_path: Path) -> None:
    """Two pages by total_page: two days of the ad."""

    def page(body: dict[str, Any], number: int) -> None:
        body["data"]["page_info"] |= {"total_page": 2, "total_number": 2, "page": number}
        body["data"]["list"][0]["date"] = f"2026-11-1{number}"

    played = Advertiser(changed(lambda body: page(body, 1)), changed(lambda body: page(body, 2)))
    assert Reading(tmp_path, played).facts("day") == [(date(2026, 11, 11),), (date(2026, 11, 12),)]
    assert [query["page"] for query in played.reports] == ["1", "2"]


@pytest.mark.parametrize("body", [{}, {"data": {"list": []}}, {"code": 0, "data": {}}, {"code": 0, "data": {"list": None}}])
def test_no_list_or_no_marker_is_an_error(tmp_path: Path, body: dict[str, Any]) -> None:
    """HTTP 200 says nothing: without code 0 and its list an answer is a fault, never a day without ads."""
    assert isinstance(Reading(tmp_path, Advertiser(body)).error, UnexpectedPayload)


CODES = {
    11000: AuthExpired, 11002: AuthExpired, 11012: AuthExpired, 11013: AuthExpired, 11014: AccessDenied, 11016: RateLimited, 11017: RateLimited,
    11018: QuotaSpent, 11008: RateLimited, 11019: RateLimited, 30104: RateLimited,
}  # fmt: skip


@pytest.mark.parametrize(("code", "kind"), CODES.items())
def test_each_code_says_what_must_happen_next(code: int, kind: type[ApiError]) -> None:
    """Codes of the published list, told by the body alone; the words are the platform's Chinese ones."""
    with pytest.raises(ApiError) as caught:
        connector("tencent_ads").judge(Call("/v3.0/daily_reports/get"), Answer(200, {}, json.dumps({"code": code, "message": "x", "message_cn": "限制"}).encode()))
    assert type(caught.value) is kind and caught.value.code == str(code) and "限制" in str(caught.value)


def test_a_year_back_is_the_most() -> None:
    """From 365 days ago, whatever the account's since says, in pieces of thirty days."""
    made = connector("tencent_ads")
    windows = made.endpoints[0].window.plan(Reach(NOON, 0, NOON, "Asia/Shanghai"), [])
    said = [made.endpoints[0].window.params(window, "Asia/Shanghai") for window in windows]
    assert said[0] == {"date_range.start_date": "2025-11-13", "date_range.end_date": "2025-12-12"} and said[-1]["date_range.end_date"] == "2026-11-12"


def test_the_consent_page_names_what_is_wanted() -> None:
    """The page, the app, the way back and the one scope that reports need."""
    grant = connector("tencent_ads").grant
    assert grant is not None and grant.code_name == "authorization_code"
    url = grant.consent_url({"client_id": "1112223334", "redirect_uri": "https://example.invalid/back", "state": "s1"})
    assert url == "https://developers.e.qq.com/oauth/authorize?client_id=1112223334&redirect_uri=https%3A%2F%2Fexample.invalid%2Fback&state=s1&scope=ads_insights"
