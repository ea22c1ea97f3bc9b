"""TikTok Shop: saved answers to rows worked by hand, refusals by their codes, and what the platform leaves unsaid."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.api import signing
from connectors.api.account import Account
from connectors.api.endpoint import Answer
from connectors.api.tokens import Token, TokenStore
from connectors.api.windows import local
from connectors.errors import AccessDenied, AuthExpired, BadRequest, NotThere, PlatformDown, RateLimited
from connectors.tiktok_shop.tiktok_shop import MINUTES, TikTokShop
from tests.connectors.api.book import bench, moments_of
from tests.connectors.api.canned import SAMPLES, Desk, desk, said, sample
from tests.stub.facts import Item, Line, Order
from tests.stub.world import World
from warehouse.errors import ConfigError

TTS = TikTokShop()
NOW = 1_795_161_600  # 2026-11-20 16:00 in Kuala Lumpur; the samples' 1795010400 is 2026-11-18 22:00 there
SHOP = "7000714532876273420"
ACCOUNT = Account("my", "tiktok_shop", "shopmy", id=SHOP, zone="Asia/Kuala_Lumpur", currency="MYR", since="2026-11-20")
SECRETS = {"app_key": "29a39d", "app_secret": "canary-secret"}


def answer(body: Any, status: int = 200) -> Answer:
    return Answer(status, {}, json.dumps(body).encode())


def edited(name: str, *path: str | int, value: Any) -> Answer:
    """A sample with one value changed."""
    body = json.loads(sample("tiktok_shop", name).body)
    holder = body
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return answer(body)


@contextmanager
def shop(since: str, answers: Mapping[str, Sequence[Answer | str]]) -> Iterator[Desk]:
    """The sample's shop; answers by the end of the path, a name being a saved one."""
    given = {end: [sample("tiktok_shop", each) if isinstance(each, str) else each for each in each_of] for end, each_of in answers.items()}
    with desk(replace(ACCOUNT, since=since), SECRETS, {"/authorization/202309/shops": [sample("tiktok_shop", "authorized_shops")], **given}, NOW) as at:
        TokenStore(at.book, "my").save(Token("canary-access", NOW + 86_400, "canary-refresh"), NOW)
        yield at


def test_the_published_signatures_come_out() -> None:
    """Path, sorted query and exact body between two secrets, as the platform's worked example says."""
    for vector in json.loads((SAMPLES / "tiktok_shop" / "sign_vectors.json").read_text()):
        assert signing.tiktok_shop(vector["app_secret"], vector["path"], vector["query"], vector["body"]) == vector["sign"]


def test_two_pages_of_orders_become_three_rows() -> None:
    """A cancelled order that was paid stays a sale of its paid day; pay time 0 is unpaid; buyers are pseudonyms."""
    with shop("2026-11-20", {"/orders/search": ["orders_search_page1", "orders_search_page2"]}) as at:
        at.sync("orders")
        assert at.rows("SELECT order_id, status, status_raw, created_at, paid_at, currency, placed_amount, paid_amount, freight, seller_discount, platform_discount, units, is_gift "
                       "FROM fact.order_head ORDER BY 1") == [
            ("576461413038785752", "paid", "AWAITING_SHIPMENT", datetime(2026, 11, 18, 22), datetime(2026, 11, 18, 22, 1), "MYR", 35, 35, 5, 10, 10, 2, False),
            ("576461413038785753", "closed", "CANCELLED", datetime(2026, 11, 18, 22, 10), datetime(2026, 11, 18, 22, 11), "MYR", 20, 20, 0, 0, 0, 1, False),
            ("576461413038785754", "unpaid", "UNPAID", datetime(2026, 11, 18, 22, 26, 40), None, "MYR", 12, None, 0, 0, 0, 1, False)]  # fmt: skip
        buyers = {buyer for (buyer,) in at.rows("SELECT buyer FROM fact.order_head")}
        assert len(buyers) == 1 and "7021436810468230477" not in buyers
        pages = [each for each in at.transport.asked if each.url.endswith("/orders/search")]
        assert [each.query.get("page_token") for each in pages] == [None, "cGFnZT0y"]
        assert {(each.query["sort_field"], each.query["sort_order"], each.query["page_size"], each.query["shop_cipher"]) for each in pages} == {
            ("update_time", "ASC", "100", "ROW_demo_cipher")}  # fmt: skip
        assert json.loads(pages[0].body or b"") == {"update_time_ge": 1_795_104_000, "update_time_lt": NOW}  # 2026-11-20 00:00 there


def test_every_unit_is_a_line_of_its_own() -> None:
    """The platform states no quantity: two entries of one SKU are two lines of one unit each."""
    with shop("2026-11-20", {"/orders/search": ["orders_search_page1", "orders_search_page2"]}) as at:
        at.sync("orders")
        assert at.rows("SELECT order_id, line_id, item_id, sku_id, sku_code, units, list_price, placed_amount, paid_amount, status FROM fact.order_line ORDER BY 2") == [
            ("576461413038785752", "577086512123755123", "1729582718312380123", "2729382476852921560", "RED-1", 1, 25, 15, 15, "paid"),
            ("576461413038785752", "577086512123755124", "1729582718312380123", "2729382476852921560", "RED-1", 1, 25, 15, 15, "paid"),
            ("576461413038785753", "577086512123755125", "1729582718312380124", "2729382476852921561", "BLU-1", 1, 20, 20, 20, "closed"),
            ("576461413038785754", "577086512123755126", "1729582718312380125", "2729382476852921562", "GRN-1", 1, 12, 12, None, "unpaid")]  # fmt: skip


def test_a_cancelled_order_that_was_paid_is_money_given_back() -> None:
    """All that was paid goes back on the day of the cancellation; orders of other states in the answer are no refunds."""
    with shop("2026-11-20", {"/orders/search": ["orders_search_page1", "orders_search_page2"]}) as at:
        at.sync("cancelled")
        assert at.rows("SELECT refund_id, order_id, done_at, currency, amount, is_done, kind, reason, source FROM fact.refund") == [
            ("cancel-576461413038785753", "576461413038785753", datetime(2026, 11, 19, 22, 10), "MYR", 20, True, "取消订单", "Pricing error", "tiktok_shop.refunds")]  # fmt: skip
        assert json.loads(at.transport.asked[-1].body or b"")["order_status"] == "CANCELLED"


def test_a_return_counts_once_the_buyer_has_been_refunded() -> None:
    """A pending case is no refund yet; a complete one counts on the day it last changed."""
    rows = "SELECT refund_id, order_id, line_id, applied_at, done_at, currency, applied_amount, amount, is_done, kind, reason FROM fact.refund"
    with shop("2026-11-20", {"/returns/search": ["returns_search"]}) as at:
        at.sync("returns")
        asked = ("4035318504086604100", "576461413038785752", "577086512123755123", datetime(2026, 11, 20, 22))
        assert at.rows(rows) == [(*asked, None, "MYR", 15, None, False, "仅退款", "Wrong item")]
        assert at.transport.asked[-1].query["page_size"] == "50"
    done = json.loads(sample("tiktok_shop", "returns_search").body)
    done["data"]["return_orders"][0] |= {"return_status": "RETURN_OR_REFUND_REQUEST_COMPLETE", "update_time": 1_795_200_000}
    with shop("2026-11-20", {"/returns/search": [answer(done)]}) as at:
        at.sync("returns")
        assert at.rows(rows) == [(*asked, datetime(2026, 11, 21, 2, 40), "MYR", 15, 15, True, "仅退款", "Wrong item")]


def test_sessions_keep_their_three_order_counts_apart() -> None:
    """Created, paid and items stand in columns of their own; 24-hour GMV is not added; a creator's LIVE states no audience."""
    with shop("2026-11-18", {"/shop_lives/performance": ["live_performance_list"]}) as at:
        at.sync("sessions")
        assert at.rows("SELECT account, session_id, title, started_at, ended_at, duration_s, currency, live_sales, orders, placed_orders, units, buyers, items, viewers, views, watch_s, pcu, "
                       "acu, comments, shares, likes, new_followers, product_impressions, product_clicks FROM fact.live_session ORDER BY started_at") == [
            ("demo_official", "7500000000000000028", "Friday night live", datetime(2026, 11, 18, 22), datetime(2026, 11, 19, 2), 14400, "MYR", Decimal("1234.50"), 30, 35, 32, 26, 12,
             4200, 9800, 46 * 9800, 240, 85, 534, 56, 2442, 41, 21000, 600),
            ("kol_demo", "7500000000000000029", "creator live", datetime(2026, 11, 19, 3, 26, 40), datetime(2026, 11, 19, 5, 26, 40), 7200, "MYR", 88, 2, 2, 2, 2, 3, *[None] * 11)]  # fmt: skip
        query = at.transport.asked[-1].query
        assert (query["start_date_ge"], query["end_date_lt"], query["account_type"], query["currency"]) == ("2026-11-18", "2026-11-20", "ALL", "LOCAL")


def test_a_day_after_the_last_known_one_is_unknown() -> None:
    """The 19th is not covered while the platform knows only the 18th, and is asked for until it does."""
    covered = "SELECT DISTINCT day FROM fact.coverage WHERE target = 'live_session' ORDER BY 1"
    with shop("2026-11-18", {"/shop_lives/performance": ["live_performance_list", edited("live_performance_list", "data", "latest_available_date", value="2026-11-19")]}) as at:
        at.sync("sessions")
        assert at.rows(covered) == [(date(2026, 11, 18),)]
        at.sync("sessions")
        assert at.rows(covered) == [(date(2026, 11, 18),), (date(2026, 11, 19),)]
    with shop("2026-11-18", {"/shop_lives/performance": [edited("live_performance_list", "data", "latest_available_date", value="2026-11-17")]}) as at:
        assert [(run.windows, run.packages) for run in at.sync("sessions")] == [(1, [])]


def test_minutes_are_asked_of_own_sessions_only() -> None:
    """Three minutes over two pages, of the one session that states an audience; enters are views."""
    with shop("2026-11-18", {"/shop_lives/performance": ["live_performance_list"], "/performance_per_minutes": ["live_per_minutes_page1", "live_per_minutes_page2"]}) as at:
        at.sync("minutes")
        assert at.rows("SELECT account, happened_at, step_s, enters, comments, likes, new_followers, orders, live_sales, currency, online FROM fact.live_minute ORDER BY 2") == [
            ("demo_official", datetime(2026, 11, 18, 22, 0), 60, 40, 9, 30, 0, 0, 0, "MYR", None),
            ("demo_official", datetime(2026, 11, 18, 22, 1), 60, 52, 9, 30, 1, 1, Decimal("41.15"), "MYR", None),
            ("demo_official", datetime(2026, 11, 18, 22, 2), 60, 61, 9, 30, 0, 2, Decimal("82.30"), "MYR", None)]  # fmt: skip
        asked = [each for each in at.transport.asked if each.url.endswith("/performance_per_minutes")]
        assert {each.url.split("/")[-2] for each in asked} == {"7500000000000000028"}
        assert [sorted(each.query) for each in asked] == [["app_key", "currency", "shop_cipher", "sign", "timestamp"], ["app_key", "currency", "page_token", "shop_cipher", "sign", "timestamp"]]


def test_items_belong_to_their_session() -> None:
    """An item's row has its session's account and start, and the session's source."""
    with shop("2026-11-18", {"/shop_lives/performance": ["live_performance_list"], "/products_performance": ["live_products"]}) as at:
        at.sync("live_items")
        assert at.rows("SELECT source, account, started_at, item_id, title, currency, buyers, orders, units, live_sales FROM fact.live_item") == [
            ("tiktok_shop.sessions", "demo_official", datetime(2026, 11, 18, 22), "1729582718312380123", "Scarf", "MYR", 18, 21, 22, 900)]  # fmt: skip


def test_a_shop_day_is_a_row_a_figure() -> None:
    """GMV is sales, by channel too; refunds of an unpublished day are no refunds metric; a day after the last known one has no row."""
    rows = "SELECT metric, scope, value FROM fact.observation ORDER BY 1, 2"
    with shop("2026-11-18", {"/shop/performance": ["shop_performance_daily"]}) as at:
        at.sync("shop_days")
        assert at.rows(rows) == [
            ("gross_revenue", "", 3100), ("page_views", "", 5600), ("paid_orders", "", 71), ("paying_buyers", "", 66), ("sales", "", 3000),
            ("sales", "channel:card", Decimal("977.50")), ("sales", "channel:live", Decimal("1322.50")), ("sales", "channel:video", 700),
            ("sku_orders", "", 80), ("stated_refunds", "", 120), ("units", "", 92), ("visitors", "", 3400)]  # fmt: skip
        assert at.rows("SELECT DISTINCT day, period_kind, currency, account FROM fact.observation") == [(date(2026, 11, 18), "day", "MYR", SHOP)]
        assert at.rows("SELECT DISTINCT day FROM fact.coverage WHERE target = 'observation'") == [(date(2026, 11, 18),)]
    with shop("2026-11-18", {"/shop/performance": [edited("shop_performance_daily", "data", "latest_available_date", value="2026-11-17")]}) as at:
        at.sync("shop_days")
        assert at.rows(rows) == []


def test_hours_end_where_the_platform_knows_no_more() -> None:
    """Two hours of the 18th; the same answer for the 19th and 20th lies after the moment it is known until (the 19th, 00:00)."""
    with shop("2026-11-18", {"/performance_per_hour": ["shop_performance_per_hour"]}) as at:
        at.sync("shop_hours")
        assert at.rows("SELECT day, hour, metric, value, period_kind FROM fact.observation ORDER BY ALL") == [
            (date(2026, 11, 18), 18, "paying_buyers", 3, "hour"), (date(2026, 11, 18), 18, "sales", 120, "hour"), (date(2026, 11, 18), 18, "units", 3, "hour"),
            (date(2026, 11, 18), 19, "paying_buyers", 7, "hour"), (date(2026, 11, 18), 19, "sales", 300, "hour"), (date(2026, 11, 18), 19, "units", 9, "hour")]  # fmt: skip
        assert sorted(each.url.split("/")[-2] for each in at.transport.asked if each.url.endswith("hour")) == ["2026-11-18", "2026-11-19", "2026-11-20"]


def test_the_ends_of_tokens_are_moments() -> None:
    """`access_token_expire_in` is an instant, not a length."""
    assert TTS.grant is not None
    token = TTS.grant.token(said(TTS, sample("tiktok_shop", "token_get")), NOW)
    assert (token.access, token.expires_at, token.refresh, token.refresh_expires_at) == ("TTP_demo_access", 1_795_737_600, "TTP_demo_refresh", 1_826_668_800)
    assert token.extra == {"open_id": "7010736057180325637", "seller_name": "Demo Shop", "seller_base_region": "MY"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("error_token_expired", AuthExpired), ("error_scope_missing", AccessDenied), ("error_internal_98001001", PlatformDown), ("error_lookback_28001022", BadRequest)],
)
def test_saved_refusals_are_the_right_errors(name: str, kind: type[Exception]) -> None:
    """The code decides, under whatever HTTP status."""
    with pytest.raises(kind):
        said(TTS, sample("tiktok_shop", name))


def test_a_lookback_that_is_too_long_says_so() -> None:
    """28001022 speaks of start and end and means something else."""
    with pytest.raises(BadRequest, match="keeps no figures from so long ago"):
        said(TTS, sample("tiktok_shop", "error_lookback_28001022"))


def test_36009004_shows_which_of_its_causes_it_is() -> None:
    """One code for many causes: never tried again, and the platform's own words are kept."""
    for body in json.loads((SAMPLES / "tiktok_shop" / "error_reused_code_36009004.json").read_text()):
        with pytest.raises(BadRequest, match=body["message"]):
            said(TTS, answer(body))


@pytest.mark.parametrize("code", [36009002, 105050, 105051, 429000])
def test_all_known_throttles_are_waited_out(code: int) -> None:
    """Public clients meet four codes for too many calls."""
    with pytest.raises(RateLimited):
        said(TTS, answer({"code": code, "message": "busy"}))


def test_a_session_without_minutes_keeps_its_totals() -> None:
    """98001001 for the minutes of one LIVE passes over that LIVE; its totals and the minutes of the others are there."""
    with pytest.raises(NotThere):
        said(TTS, sample("tiktok_shop", "error_internal_98001001"), MINUTES)
    world = World(seed=7, days=4, orders_per_day=14)
    with bench("tiktok_shop", world, moments_of(world)[2]) as at:
        own = [session for session in world.sessions if session.host != "Lin"]
        at.setup.platform.silent = frozenset({own[0].room_id})
        runs = {run.endpoint: run for run in at.sync()}
        assert runs["minutes"].error is None and not at.commit().failed
        assert runs["minutes"].rows == sum(len(session.minutes) for session in own[1:])
        assert at.figures(*world.days()) == at.truth(*world.days()) and at.stub.violations == []


def test_a_day_that_the_platform_is_late_with_comes_later() -> None:
    """Analytics three days behind: the newest days stay open, and are filled when the platform catches up."""
    world = World(seed=7, days=6, orders_per_day=14)
    with bench("tiktok_shop", world, moments_of(world)[0]) as at:
        at.setup.platform.lag = 3
        assert not [run.error for run in at.sync() if run.error]
        at.setup.platform.lag = 1
        at.clock.value += 4 * 86_400
        assert not [run.error for run in at.sync() if run.error]
        assert not at.commit().failed and at.stub.violations == []
        first, last = world.days()[0], local(int(at.clock.value) - 2 * 86_400, world.zone).date()
        assert at.figures(first, last) == at.truth(first, last)


def test_a_paid_order_that_is_cancelled_is_a_sale_and_a_refund() -> None:
    """Paid on the 1st, cancelled on the 3rd: both days tell, before and after a second reading."""
    start = 1_793_505_600  # 2026-11-01 12:00 in Shanghai
    order = Order("6910000000000000001", "b", (Line("6920000000000000001", Item("1", "2", "x", 5000), 2, 1000),), start, start + 60, cancelled_at=start + 2 * 86_400)
    world = World.of(orders=[order])
    with bench("tiktok_shop", world, start + 86_400) as at:
        for _ in range(2):
            assert not [run.error for run in at.sync() if run.error]
            at.clock.value += 3 * 86_400
        assert not at.commit().failed
        days = at.figures(date(2026, 11, 1), date(2026, 11, 3))
        assert [(day["sales"], day["refunds"]) for day in days.values()] == [(9000, 0), (0, 0), (0, 9000)]


def test_no_zone_or_currency_is_made_up() -> None:
    """The API tells neither, so an account without them is refused before anything is asked."""
    for key in ("zone", "currency"):
        with pytest.raises(ConfigError, match=f"no {key}"):
            TTS.endpoints_for(replace(ACCOUNT, **{key: ""}))


def test_a_shop_that_was_not_authorised_is_named() -> None:
    """The ciphers of other shops are of no use: the error lists the shops there are, and nothing else is asked."""
    with shop("2026-11-20", {}) as at:
        at.line.account = replace(at.account, id="1")
        with pytest.raises(AccessDenied, match=r"may not read shop 1.*7000714532876273420 \(Demo Shop MY\)"):
            at.line.probe(TTS.endpoints[0])
        assert len(at.transport.asked) == 1


def test_ping_says_whose_shop_it_is() -> None:
    """Name and region come from the list of authorised shops, which takes no cipher."""
    with shop("2026-11-20", {}) as at:
        seen = TTS.ping(at.line)
        assert (seen.who, seen.account_id, seen.zone, seen.currency) == ("Demo Shop MY", SHOP, "Asia/Kuala_Lumpur", "MYR") and "MY · LOCAL" in seen.note
        assert all("shop_cipher" not in each.query for each in at.transport.asked)


def test_a_refused_refresh_asks_a_person() -> None:
    """Whatever code the token host gives, a new consent is what helps."""
    with pytest.raises(AuthExpired):
        said(TTS, answer({"code": 36004004, "message": "invalid"}), "/api/v2/token/refresh")
