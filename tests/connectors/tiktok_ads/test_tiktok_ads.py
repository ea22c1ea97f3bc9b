"""TikTok Ads: saved reports to rows worked by hand, codes under HTTP 200, and what reports leave out unless asked."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from connectors.api.account import Account
from connectors.api.endpoint import Answer
from connectors.errors import AccessDenied, ApiError, AuthExpired, BadRequest, Incomplete, PlatformDown, RateLimited
from connectors.tiktok_ads.tiktok_ads import TikTokAds
from tests.connectors.api.book import bench, moments_of
from tests.connectors.api.canned import Desk, desk, said, sample
from tests.stub.faults import Faults
from tests.stub.world import World
from warehouse.errors import ConfigError

ADS = TikTokAds()
NOW = 1_795_161_600  # 2026-11-20 16:00 in Kuala Lumpur
ACCOUNT = Account("ads", "tiktok_ads", "shopmy", id="1730000000000001", zone="Asia/Kuala_Lumpur", currency="MYR", since="2026-11-18")
GMV = {"store_id": "7490000000000000001"}
SPENT = "SELECT day, campaign_id, campaign, spend, impressions, clicks, attribution, attributed_sales, attributed_orders, reach, video_views, currency, account FROM fact.ad_day ORDER BY ALL"


def answer(body: Any, **headers: str) -> Answer:
    return Answer(200, headers, json.dumps(body).encode())


def edited(name: str, row: int, **metrics: str) -> Answer:
    """A sample whose row has other metrics."""
    body = json.loads(sample("tiktok_ads", name).body)
    body["data"]["list"][row]["metrics"] |= metrics
    return answer(body)


@contextmanager
def advertiser(answers: Sequence[Answer | str], path: str = "/report/integrated/get/", **options: str) -> Iterator[Desk]:
    given = [sample("tiktok_ads", each) if isinstance(each, str) else each for each in answers]
    with desk(replace(ACCOUNT, options=options), {"access_token": "canary-token"}, {path: given}, NOW) as at:
        yield at


def asked(at: Desk, number: int) -> dict[str, Any]:
    """Parameters of a request, those in JSON read."""
    return {name: json.loads(value) if value[:1] in "[{" else value for name, value in at.transport.asked[number].query.items()}


def test_two_pages_become_three_rows() -> None:
    """Text numbers become numbers, "-" is nothing; without a choice of purchases no sales are credited."""
    with advertiser(["report_integrated_page1", "report_integrated_page2"]) as at:
        at.sync()
        rest = (Decimal(9000), Decimal(7000), "MYR", "1730000000000001")
        assert at.rows(SPENT) == [
            (date(2026, 11, 18), "1780000000000001", "Live traffic", 60, 12000, 150, "", None, None, *rest),
            (date(2026, 11, 18), "1780000000000002", "Live traffic", 0, 0, 0, "", None, None, *rest),
            (date(2026, 11, 19), "1780000000000001", "Live traffic", Decimal("55.50"), 11000, 130, "", None, None, *rest)]  # fmt: skip
        query = asked(at, 0)
        assert (query["start_date"], query["end_date"], query["page"], query["page_size"], query["advertiser_id"]) == ("2026-11-18", "2026-11-20", "1", "1000", "1730000000000001")
        assert at.transport.asked[0].headers["Access-Token"] == "canary-token" and asked(at, 1)["page"] == "2"


def test_deleted_campaigns_are_asked_for() -> None:
    """Without the filter the report silently leaves out what was deleted; its level matches the report's."""
    with advertiser(["report_empty_no_list"]) as at:
        at.sync()
        assert asked(at, 0)["filtering"] == [{"field_name": "campaign_status", "filter_type": "IN", "filter_value": '["STATUS_ALL"]'}]
        assert asked(at, 0)["data_level"] == "AUCTION_CAMPAIGN"


def test_the_account_says_which_purchases_count() -> None:
    """A website's and a shop's purchases are different metrics: one of them by choice, its name in the row's key, never their sum."""
    body = json.loads(edited("report_integrated_page2", 0, total_purchase_value="80.00", onsite_shopping="3", total_onsite_shopping_value="120.50").body)
    body["data"]["page_info"] = {"page": 1, "page_size": 1000, "total_number": 1, "total_page": 1}
    for choice, found in (("website", ("complete_payment", 80, 9)), ("onsite", ("onsite_shopping", Decimal("120.50"), 3))):
        with advertiser([answer(body)], purchases=choice) as at:
            at.sync()
            assert at.rows("SELECT attribution, attributed_sales, attributed_orders FROM fact.ad_day") == [found]
    with pytest.raises(ConfigError, match="purchases = 'both'"):
        ADS.endpoints_for(replace(ACCOUNT, options={"purchases": "both"}))


def test_no_list_is_no_rows_only_when_none_are_stated() -> None:
    """A report without rows has no list; one that states rows and has no list is no empty day."""
    with advertiser(["report_empty_no_list"]) as at:
        at.sync()
        assert at.rows(SPENT) == []
        assert at.rows("SELECT DISTINCT day FROM fact.coverage WHERE target = 'ad_day' ORDER BY 1") == [(date(2026, 11, day),) for day in (18, 19, 20)]
    broken = json.loads(sample("tiktok_ads", "report_integrated_page1").body)
    del broken["data"]["list"]
    with advertiser([answer(broken)]) as at, pytest.raises(ApiError, match=r"no list at 'data\.list'"):
        at.sync()


def test_a_report_that_shifts_while_it_is_read_is_read_again() -> None:
    """Page 2 repeats a row of page 1, so one of three is missing: nothing is stored, and the next reading is whole."""
    first = "report_integrated_page1"
    shifted = json.loads(sample("tiktok_ads", "report_integrated_page2").body)
    shifted["data"]["list"] = [json.loads(sample("tiktok_ads", first).body)["data"]["list"][1]]
    with advertiser([first, answer(shifted), first, "report_integrated_page2"]) as at:
        at.sync()
        assert len(at.rows(SPENT)) == 3 and len(at.transport.asked) == 4


def test_a_truncated_report_is_no_report() -> None:
    """Past 20,000 ads the platform says in a header alone that it left some out."""
    body = json.loads(sample("tiktok_ads", "report_empty_no_list").body)
    with pytest.raises(Incomplete, match="only return the top 20k"):
        said(ADS, answer(body, **{"x-tt-ads-throttle": "only return the top 20k id's results"}))


@pytest.mark.parametrize(
    ("name", "kind"), [("error_rate_limit", RateLimited), ("error_advertiser_qps", RateLimited), ("error_token_missing", AuthExpired)]
)
def test_saved_refusals_are_the_right_errors(name: str, kind: type[Exception]) -> None:
    """All of them come under HTTP 200."""
    with pytest.raises(kind):
        said(ADS, sample("tiktok_ads", name))


@pytest.mark.parametrize(
    ("code", "kind"),
    [(20001, Incomplete), (40016, RateLimited), (40001, AccessDenied), (40002, BadRequest), (40102, AuthExpired), (40105, AuthExpired), (40107, AuthExpired), (50000, PlatformDown),
     (51010, PlatformDown)],
)  # fmt: skip
def test_every_published_code_has_its_kind(code: int, kind: type[Exception]) -> None:
    """Partial success is no success; a service error passes; a bad parameter or token does not."""
    with pytest.raises(kind):
        said(ADS, answer({"code": code, "message": "x", "data": {}}))


def test_what_a_live_cost_becomes_its_ad_spend() -> None:
    """One campaign at a time, days added up; the ads' views and revenue are not the LIVE's; no day is covered by it."""
    rooms, again = (json.loads(sample("tiktok_ads", "gmv_max_live_rooms").body) for _ in range(2))
    rooms["data"]["list"] += again["data"]["list"]
    rooms["data"]["list"][1]["dimensions"]["stat_time_day"] = "2026-11-19 00:00:00"
    rooms["data"]["list"][1]["metrics"]["cost"] = "15.50"
    rooms["data"]["page_info"]["total_number"] = 2
    with advertiser(["gmv_max_live_rooms", "report_empty_no_list", answer(rooms)], "/gmv_max/report/get/", **GMV) as at:
        at.sync("live_rooms")
        assert at.rows("SELECT source, account, session_id, title, started_at, ended_at, duration_s, ad_spend, currency, live_sales, orders, views FROM fact.live_session") == [
            ("tiktok_ads.live_rooms", "", "7500000000000000028", "Friday night live", datetime(2026, 11, 18, 18), datetime(2026, 11, 18, 22), 14400, Decimal("215.50"), "MYR",
             None, None, None)]  # fmt: skip
        assert at.rows("SELECT * FROM fact.coverage WHERE target = 'live_session'") == []
        assert asked(at, 0)["filtering"] == {"gmv_max_promotion_types": ["LIVE"], "campaign_statuses": ["STATUS_ALL"]} and asked(at, 0)["store_ids"] == ["7490000000000000001"]
        assert asked(at, 2)["filtering"] == {"campaign_ids": ["1780000000000009"]} and asked(at, 2)["dimensions"] == ["room_id", "stat_time_day"]
        assert len(at.transport.asked) == 3


def test_gmv_max_is_a_purse_of_its_own() -> None:
    """Cost and revenue by campaign and day, LIVE and product campaigns told apart, in the purse of the export file."""
    with advertiser(["gmv_max_live_rooms", "report_empty_no_list"], "/gmv_max/report/get/", **GMV) as at:
        at.sync("gmv_max")
        assert at.rows("SELECT day, campaign_id, scene, spend, attributed_sales, attributed_orders, video_views, follows, currency FROM fact.ad_day") == [
            (date(2026, 11, 18), "1780000000000009", "GMV Max LIVE", 200, Decimal("1234.50"), 30, 9800, 41, "MYR")]  # fmt: skip
        assert at.rows("SELECT purse, platform FROM fact.source") == [("tiktok_gmvmax", "tiktok")]
        assert [asked(at, n)["filtering"]["gmv_max_promotion_types"] for n in (0, 1)] == [["LIVE"], ["PRODUCT"]]
        assert "live_views" in asked(at, 0)["metrics"] and "live_views" not in asked(at, 1)["metrics"]


def test_without_a_store_no_gmv_max_is_asked_for() -> None:
    """The report needs a store's id; nobody's is guessed."""
    assert [endpoint.name for endpoint in ADS.endpoints_for(ACCOUNT)] == ["campaigns"]
    assert [endpoint.name for endpoint in ADS.endpoints_for(replace(ACCOUNT, options=GMV))] == ["campaigns", "gmv_max", "live_rooms"]


def test_no_zone_or_currency_is_made_up() -> None:
    """A report tells neither, so an account without them is refused before anything is asked."""
    for key in ("zone", "currency"):
        with pytest.raises(ConfigError, match=f"no {key}"):
            ADS.endpoints_for(replace(ACCOUNT, **{key: ""}))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_live_has_its_whole_cost(seed: int) -> None:
    """Over midnight, over pages that shift, over three syncs: what all LIVEs cost is what the campaigns spent on them."""
    world = World(seed=7, days=6, orders_per_day=14)
    with bench("tiktok_ads", world, moments_of(world)[0], seed=seed) as at:
        at.stub.faults = Faults(f"rooms{seed}", 0.15, drip_s=0.05) if seed else None
        for moment in moments_of(world):
            at.clock.value = max(at.clock.value, moment)
            assert not [run.error for run in at.sync() if run.error]
        assert not at.commit().failed and at.stub.violations == []
        rooms = {room: int(cost * 1000) for room, cost in at_rows(at, "SELECT session_id, ad_spend FROM fact.live_session")}
        assert rooms == {session.room_id: session.spend for session in world.sessions}
        by_scene: dict[str, int] = defaultdict(int)
        for scene, cost in at_rows(at, "SELECT scene, spend FROM fact.ad_day WHERE source = 'tiktok_ads.gmv_max'"):
            by_scene[scene] += int(cost * 1000)
        assert by_scene == {"GMV Max LIVE": sum(session.spend for session in world.sessions), "GMV Max Product": 12_340}


def at_rows(at: Any, sql: str) -> list[tuple[Any, ...]]:
    with at.book.lock(), duckdb.connect(str(at.book.warehouse), read_only=True) as con:
        return con.execute(sql).fetchall()
