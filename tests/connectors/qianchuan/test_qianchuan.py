"""巨量千川: what each saved answer becomes, what each refusal means, and the traps of its contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.api.config import Account
from connectors.api.connector import Call
from connectors.api.endpoint import Answer
from connectors.api.tokens import Token
from connectors.api.windows import Window, midnight
from connectors.catalog import connector
from connectors.errors import (
    AccessDenied,
    ApiError,
    AuthExpired,
    BadRequest,
    NotSupported,
    PlatformDown,
    QuotaSpent,
    RateLimited,
    UnexpectedPayload,
)
from connectors.qianchuan.qianchuan import Qianchuan
from tests.connectors.api.book import bench, moments_of
from tests.connectors.api.canned import Desk, desk, said, sample
from tests.stub.world import World

MORNING = 1794445200  # 2026-11-12 09:00 in Shanghai
EVENING = MORNING - 12 * 3600
LIVE: dict[str, Any] = {"aweme_ids": [68000000001]}
ROOM = "7571234567890123456"
D = Decimal


@contextmanager
def account(answers: dict[str, str], now: int = EVENING, since: str = "2026-11-11", **options: Any) -> Iterator[Desk]:
    """An advertiser whose platform gives saved answers: end of a path -> name of the sample."""
    told = Account("qc", "qianchuan", "shop", id="1800000000000001", since=since, options=options)
    replies = {path: [sample("qianchuan", name)] for path, name in answers.items()}
    with desk(told, {"app_id": "1700000000000001", "secret": "canary-secret"}, replies, now) as at:
        at.line.store.save(Token("synthetic_access_token_a1", now + 80_000, "synthetic_refresh_token_r1"), now)
        yield at


def query(at: Desk, number: int = -1) -> dict[str, str]:
    return dict(at.transport.asked[number].query)


def refusal(code: int, message: str = "", **headers: str) -> Answer:
    return Answer(200, {"x-ratelimit-dimension": "developer", **headers}, json.dumps({"code": code, "message": message, "data": {}}).encode())


def test_plans_by_day() -> None:
    """The sample's three rows: cost and credited sales in yuan, all of 7 days as attributed, the direct part beside it."""
    with account({"report/ad/get/": "report_ad_get_daily"}, MORNING, "2026-11-10") as at:
        at.sync("plans")
        rows = at.rows(
            "SELECT campaign_id, day, spend, impressions, clicks, attributed_sales, direct_sales, attributed_orders, follows FROM fact.ad_day ORDER BY 1, 2"
        )
        assert rows == [
            ("1820000000000011", date(2026, 11, 10), D("812.4"), 41250, 1310, D("3011.34"), D("2688.7"), 24, 18),
            ("1820000000000011", date(2026, 11, 11), D("1530.25"), 77820, 2544, D("6854.74"), D("6120.3"), 50, 18),
            ("1820000000000012", date(2026, 11, 11), D(260), 19010, 402, D(0), D(0), 3, 18),
        ]
        assert at.rows("SELECT DISTINCT account, scene, attribution, attribution_days, currency, hour FROM fact.ad_day") == [
            ("1800000000000001", "标准推广", "7日总成交", 7, "CNY", -1)
        ]


def test_account_by_day() -> None:
    """The account report is the same money without plans: a source of its own in the same purse, behind the plans."""
    with account({"report/advertiser/get/": "report_advertiser_get_daily"}) as at:
        at.sync("account")
        rows = at.rows("SELECT source, campaign_id, day, spend, impressions, clicks, attributed_sales, attributed_orders FROM fact.ad_day")
        assert rows == [("qianchuan.account", "", date(2026, 11, 11), D("1790.25"), 96830, 2946, D("6854.74"), 50)]
        assert at.rows("SELECT purse, rank FROM fact.source") == [("qianchuan", 6)]


def test_uni_by_goal_and_day() -> None:
    """全域: 14,870.20 paid by buyers + 402 coupons + 120 subsidy = 15,392.20 in all; the day asked for is the row's, one day at a time."""
    with account({"report/uni_promotion/get/": "report_uni_promotion_get"}) as at:
        at.sync("uni_live")
        rows = at.rows("SELECT account, scene, day, spend, attributed_sales, user_paid, coupon_amount, attributed_orders, attribution FROM fact.ad_day")
        assert rows == [
            ("1800000000000001/全域推直播", "全域推直播", date(2026, 11, 11), D("2410.55"), D("15392.2"), D("14870.2"), D(402), 118, "整体支付")
        ]
        asked = query(at)
        assert (asked["start_date"], asked["end_date"], asked["marketing_goal"]) == ("2026-11-11", "2026-11-11", "LIVE_PROM_GOODS")


def test_uni_by_room_over_midnight() -> None:
    """Rooms are asked for with the day they began and the next, because they run past midnight; rows by hour, each room its own account."""
    answers = {"today_live/room/get/": "today_live_room_get", "dimension_data/room/get/": "report_uni_promotion_dimension_data_room_get"}
    with account(answers, **LIVE) as at:
        at.sync("uni_rooms")
        rows = at.rows("SELECT account, campaign_id, day, hour, spend, user_paid, attributed_orders, net_attributed_sales, refund_1h FROM fact.ad_day ORDER BY hour")
        assert rows == [
            (ROOM, ROOM, date(2026, 11, 11), 19, D("640.1"), D(3911), 31, D(3720), D(191)),
            (ROOM, ROOM, date(2026, 11, 11), 20, D("880.45"), D("5904.2"), 46, D("5644.2"), D(260)),
        ]
        asked = query(at)
        assert (asked["start_time"], asked["end_time"]) == ("2026-11-11 00:00:00", "2026-11-12 23:59:59")
        assert at.rows("SELECT kind, purse FROM fact.source") == [("ad_items", "qianchuan")]


def test_ids_come_from_the_text_and_figures_from_the_number() -> None:
    """data/get: Value truncates ids (68000000000.0) and ValueStr is written for the eye (2,410.55)."""
    with account({"uni_promotion/data/get/": "report_uni_promotion_data_get"}, uni_topic="SITE_PROMOTION_POST_DATA_LIVE", uni_order_type=1) as at:
        at.sync("uni_anchors")
        rows = at.rows("SELECT campaign_id, campaign, day, spend, user_paid, attributed_orders, impressions FROM fact.ad_day")
        assert rows == [("68000000001", "示例官方号", date(2026, 11, 11), D("2410.55"), D("14870.2"), 118, 25310)]


def test_live_rooms() -> None:
    """Whole-room sales and orders, organic ones included; a room on air has no end yet."""
    with account({"today_live/room/get/": "today_live_room_get"}, **LIVE) as at:
        at.sync("rooms")
        rows = at.rows(
            "SELECT account, account_name, session_id, title, started_at, ended_at, duration_s, orders, live_sales, views, comments, shares, new_followers, "
            "placed_orders, product_clicks, ad_spend FROM fact.live_session ORDER BY started_at"
        )
        assert rows == [
            ("68000000001", "示例官方号", "7571234567890123457", "午间场", datetime(2026, 11, 11, 12, 0, 3), None, None, 9, D(1203), 802, None, None, None, None, None,
             D(0)),
            ("68000000001", "示例官方号", ROOM, "双11返场 今晚加赠", datetime(2026, 11, 11, 19, 0, 12), datetime(2026, 11, 11, 22, 31, 40), 12688, 146, D("18840.5"),
             9631, 1820, 133, 214, 171, 4488, D("1530.25")),
        ]  # fmt: skip


def test_channels_and_items_belong_to_their_session() -> None:
    """Entries by channel in the words of 罗盘, products with whole-room sales; both under the session's source, account and start."""
    answers = {
        "today_live/room/get/": "today_live_room_get", "flow_performance/get/": "today_live_room_flow_performance_get",
        "product_list/get/": "today_live_room_product_list_get",
    }  # fmt: skip
    with account(answers, **LIVE) as at:
        at.sync("rooms", "channels", "products")
        whole = "source = 'qianchuan.rooms' AND account = '68000000001' AND started_at = '2026-11-11 19:00:12'"
        views = dict(at.rows(f"SELECT channel, views FROM fact.live_channel WHERE {whole}"))
        assert (len(views), views["推荐feed"], views["千川PC版"], views["搜索"], views["小店随心推"], views["其他"]) == (15, 3120, 2019, 412, 180, 96)
        assert at.rows(f"SELECT item_id, title, orders, live_sales FROM fact.live_item WHERE {whole}") == [("3601234567890123457", "示例保湿面霜50g", 61, D(7869))]


def test_live_by_day_stands_beside_the_sessions() -> None:
    """report/live is a sum over rooms: figures of the account's own scope, which no shop total adds up."""
    with account({"report/live/get/": "report_live_get"}, **LIVE) as at:
        at.sync("live_days")
        found = dict(at.rows("SELECT metric, value FROM fact.observation WHERE scope = 'account:68000000001' AND day = '2026-11-11' AND period_kind = 'day'"))
        assert found == {
            "live_sales": D("18840.5"), "live_orders": 146, "live_views": 9631, "new_followers": 214, "live_comments": 1820, "live_ad_spend": D("1530.25"),
        }  # fmt: skip


def test_plans_are_not_held_against_their_total() -> None:
    """The platform counts plans of which nothing is known and does not give them (3 rows of 4): the window is complete all the same."""
    with account({"report/ad/get/": "report_ad_get_daily"}, MORNING, "2026-11-10") as at:
        [run] = at.sync("plans")
        assert (run.rows, run.pages, [manifest.complete for manifest in run.packages]) == (3, 1, [True])


def test_parts_of_one_source_do_not_replace_each_other() -> None:
    """Plans and 全域 of one day stand side by side in one source, and either may be read again alone: 2,602.65 + 2,410.55 twice."""
    with account({"report/ad/get/": "report_ad_get_daily", "report/uni_promotion/get/": "report_uni_promotion_get"}, MORNING, "2026-11-10") as at:
        at.sync("uni_live", "uni_items", "plans")
        total = "SELECT sum(spend) FROM fact.ad_day WHERE source = 'qianchuan.ads' AND day = '2026-11-11'"
        assert at.rows(total) == [(D("1790.25") + 2 * D("2410.55"),)]
        at.clock.value += 60
        at.sync("uni_items")
        at.clock.value += 60
        at.sync("plans")
        assert at.rows(total) == [(D("1790.25") + 2 * D("2410.55"),)]


def test_a_day_that_still_ran_is_asked_again_however_late() -> None:
    """A report read at noon says nothing of the afternoon: after a pause longer than the 15 days' tail the day is asked for once more."""
    world = World(seed=3, days=2, orders_per_day=8)
    noon = midnight(world.days()[0], "Asia/Shanghai") + 12 * 3600
    with bench("qianchuan", world, noon) as at:
        at.sync(only=["plans"])
        at.clock.value += 40 * 86_400
        assert not at.sync(only=["plans"])[0].error
        at.commit()
        ordinary = sum(row.spend for row in world.at(int(at.clock())).ads if row.campaign not in ("全域推广", "夏季清仓"))
        stored = sum(value["spend"] for value in at.figures(*world.days()).values())
        assert stored == ordinary > 0


def test_spend_is_counted_once_however_many_reports_hold_it() -> None:
    """Plans, account, rooms and anchors all hold the money: one purse, whose plans + 全域 equal the truth of each day."""
    world = World(seed=5, days=3, orders_per_day=10)
    with bench("qianchuan", world, moments_of(world)[2]) as at:
        assert not [run for run in at.sync() if run.error]
        at.commit()
        assert at.figures(*world.days()) == at.truth(*world.days())
        assert at.stub.violations == []


def test_only_what_an_account_calls_for_is_asked() -> None:
    """Without 抖音号 no live endpoint (an empty list would read as 'no sessions'); without a topic no report by anchor."""
    made = connector("qianchuan")
    plain = {entry.name for entry in made.endpoints_for(Account("a", "qianchuan", "s", id="1"))}
    assert plain == {"plans", "uni_live", "uni_items", "account", "account_uni_live", "account_uni_items"}
    live = {entry.name for entry in made.endpoints_for(Account("a", "qianchuan", "s", id="1", options=LIVE))}
    assert live - plain == {"rooms", "live_days", "channels", "products", "uni_rooms"}


def test_an_order_nobody_published_is_not_guessed() -> None:
    """order_by.type of data/get is a number without a published meaning: refused unless the account states it."""
    made = Qianchuan()
    told = Account("a", "qianchuan", "s", id="1", options={"uni_topic": "SITE_PROMOTION_POST_DATA_LIVE"})
    endpoint = next(entry for entry in made.endpoints_for(told) if entry.name == "uni_anchors")
    with pytest.raises(NotSupported, match="uni_order_type"):
        made.params(endpoint, told, Window(EVENING, EVENING + 60), "Asia/Shanghai")


def test_older_host_for_the_two_older_reports() -> None:
    """Which host serves which report is not documented: an account may say that plan and account reports answer on ad.oceanengine.com."""
    made, told = Qianchuan(), Account("a", "qianchuan", "s", id="1", options={"report_host": "ad"})
    hosts = [made.build(Call(entry.path), told).url.split("/")[2] for entry in made.endpoints if entry.name in ("plans", "account", "uni_live")]
    assert sorted(hosts) == ["ad.oceanengine.com", "ad.oceanengine.com", "api.oceanengine.com"]


def test_tokens_rotate_as_a_pair() -> None:
    """Both tokens change with a refresh; lives are the seconds that came, app_id goes out as the number it is."""
    made = Qianchuan()
    first = made.grant.token(said(made, sample("qianchuan", "oauth_access_token")), EVENING)
    second = made.grant.token(said(made, sample("qianchuan", "oauth_refresh_token")), EVENING, first)
    assert (first.access, first.refresh, first.expires_at) == ("synthetic_access_token_a1", "synthetic_refresh_token_r1", EVENING + 86399)
    assert (second.access, second.refresh, second.refresh_expires_at) == ("synthetic_access_token_a2", "synthetic_refresh_token_r2", EVENING + 2591999)
    call = Call(made.grant.exchange.path, {"app_id": "1700000000000001", "secret": "s", "auth_code": "c"}, "POST", is_token=True)
    assert json.loads(made.build(call, Account("a", "qianchuan", "s")).body or b"")["app_id"] == 1700000000000001


def test_ping_says_whose_token_it_is() -> None:
    """The token's list names a shop node, not this advertiser: that is said, and the plan report proves the access."""
    with account({"oauth2/advertiser/get/": "oauth_advertiser_get", "report/ad/get/": "report_ad_get_daily"}) as at:
        found = at.line.connector.ping(at.line)
        assert (found.who, found.account_id) == ("示例旗舰店", "1800000000000001") and "之下" in found.note
        assert dict(at.transport.asked[0].query) == {"access_token": "synthetic_access_token_a1"} and not at.transport.asked[0].headers


@pytest.mark.parametrize(
    ("answer", "kind", "is_final"),
    [
        (sample("qianchuan", "error_access_token_expired"), AuthExpired, False), (sample("qianchuan", "error_developer_throttled"), RateLimited, None),
        (refusal(40100), RateLimited, None), (refusal(40130), QuotaSpent, None), (refusal(40002), AccessDenied, None), (refusal(40000, "bad date"), BadRequest, None),
        (refusal(40000, "downstream timeout"), PlatformDown, None), (refusal(50000), PlatformDown, None), (refusal(51010), PlatformDown, None),
        (refusal(40103), AuthExpired, True), (refusal(40105), AuthExpired, True), (refusal(40107), AuthExpired, True), (refusal(40115), AuthExpired, True),
        (refusal(40119), AuthExpired, True), (Answer(200, {}, b'{"data": {"list": []}}'), UnexpectedPayload, None),
    ],
)  # fmt: skip
def test_what_a_refusal_means(answer: Answer, kind: type[ApiError], is_final: bool | None) -> None:
    """By code: refresh once, ask a person, wait, skip the account for this run, or stop; an answer without its marker is an error, never no rows."""
    with pytest.raises(ApiError) as raised:
        said(Qianchuan(), answer)
    assert type(raised.value) is kind
    assert is_final is None or (isinstance(raised.value, AuthExpired) and raised.value.final is is_final)


def test_a_throttle_names_its_layer() -> None:
    """X-RateLimit-Dimension says who was throttled."""
    with pytest.raises(RateLimited, match="limit of developer"):
        said(Qianchuan(), refusal(40110))
