"""Every sample export comes back: recognised by one layout, nothing refused, the figures of _index.json in the answers.

Each sample is imported for a shop of its own (named like its layout; the two item files share one), so every figure asked
for comes from that file alone. Metrics are asked as the command line asks them; what no metric carries (a mark per row,
fund movements, a minute without its session) is read from the published marts or the facts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from tests.connectors.files.samples import KNOWN_FACTS, SAMPLES, Imported

ITEMS_10 = "【生意参谋平台】商品_全部_2026-11-10_2026-11-10.xls"
ITEMS_11 = "【生意参谋平台】商品_全部_2026-11-11_2026-11-11.xls"


def order_list(book: Imported) -> None:
    """40 orders, 35 paid; two of them brushing, out of sales and shown beside."""
    shop, index = "taobao_order_master", KNOWN_FACTS["ExportOrderList_示例旗舰店.csv"]
    flagged = book.mart("SELECT sum(orders), sum(amount) FROM flagged_day WHERE shop = 'taobao_order_master' AND flag = 'brush'")
    assert flagged == (index["brush"], 419.70)
    assert book.total(shop, "sales") == 3456.10
    assert book.total(shop, "sales") + flagged[1] == pytest.approx(index["gross"])
    assert book.total(shop, "paid_orders") + flagged[0] == index["paid"]
    assert book.total(shop, "placed_orders") + flagged[0] == index["orders"]
    assert book.total(shop, "refunds") == index["refund"]
    assert book.total(shop, "net_sales") + flagged[1] == pytest.approx(index["net"])
    assert book.fact("SELECT count(*), count(buyer) FROM fact.order_head WHERE shop = 'taobao_order_master'") == (40, 0)  # all masked


def order_items(book: Imported) -> None:
    """The item list holds the same orders as the order list; it carries no seller's mark, so nothing is left out."""
    assert book.total("taobao_order_items", "sales") == 3875.80
    assert book.total("taobao_order_items", "refunds") == 747.31
    assert book.fact("SELECT count(*), sum(units) FROM fact.order_line WHERE shop = 'taobao_order_items'") == (40, 48)


def short_report(book: Imported) -> None:
    """Sales are 总金额 of the paid rows; created and paid on different days."""
    shop, index = "tmall_order_report", KNOWN_FACTS["tmall_order_report_style.csv"]
    assert book.total(shop, "sales") == index["gmv"]
    assert book.total(shop, "refunds") == index["refund"]
    assert book.total(shop, "net_sales") == index["net"]
    assert book.total(shop, "paid_orders") == index["paid_orders"]
    assert book.total(shop, "paid_orders", "2026-11-10", "2026-11-10") == 0
    assert book.total(shop, "placed_orders", "2026-11-10", "2026-11-10") == 2


def doudian_orders(book: Imported) -> None:
    """Sales are what buyers pay; the platform's share makes them the seller's income; closed sub-orders are no sale."""
    shop, index = "doudian_orders", KNOWN_FACTS["1794787200_抖店订单导出.csv"]
    assert book.total(shop, "sales") == index["payable"]
    assert book.total(shop, "paid_orders") == index["paid_rows"]
    assert book.fact(
        "SELECT count(*), count(paid_amount), sum(paid_amount + platform_discount), count(*) FILTER (refund_amount > 0) "
        "FROM fact.order_head WHERE shop = 'doudian_orders'"
    ) == (index["rows"], index["paid_rows"], index["income"], index["refunded_rows"])
    assert book.fact("SELECT count(*), sum(paid_amount) FROM fact.order_line WHERE shop = 'doudian_orders'") == (index["rows"], index["payable"])
    # by hand: three paid rows of a host's room, 109.90 + 69.90 + 109.90
    assert book.mart("SELECT sum(sales) FROM channel_day WHERE shop = 'doudian_orders' AND channel = 'live_host'") == (289.70,)
    assert book.fact("SELECT min(as_of) FROM fact.order_head WHERE shop = 'doudian_orders'") == (datetime(2026, 11, 16, 8, 0),)


def jd_orders(book: Imported) -> None:
    """订单金额 stands on every row of an order and counts once; (删除)等待付款 was never paid."""
    shop, index = "jd_orders", KNOWN_FACTS["京东_订单导出.csv"]
    assert book.total(shop, "placed_orders") == index["orders"]
    assert book.total(shop, "paid_orders") == index["paid_orders"]
    assert book.total(shop, "sales") == index["amount_paid_orders"]
    assert book.fact("SELECT sum(paid_amount), count(*) FROM fact.order_line WHERE shop = 'jd_orders'") == (index["amount_paid_orders"], 10)


def pdd_orders(book: Imported) -> None:
    """8 orders of 14.80, one marked G-2; a blank time is read from the order number, a stated time wins over it."""
    assert book.total("pdd_orders", "sales") == 103.60
    assert book.mart("SELECT sum(amount) FROM flagged_day WHERE shop = 'pdd_orders'") == (14.80,)
    assert book.total("pdd_orders", "refunds") == 29.60
    assert book.total("pdd_orders", "sales", "2026-11-06", "2026-11-06") == 14.80
    assert book.total("pdd_orders", "sales", "2026-11-04", "2026-11-04") == 14.80


def shopify_orders(book: Imported) -> None:
    """Order fields stand on the first line only; the local time stands, whatever its offset."""
    shop, index = "shopify_orders", KNOWN_FACTS["orders_export.csv"]
    assert book.total(shop, "placed_orders") == index["orders"]
    assert book.total(shop, "placed_amount") == index["total"]
    assert book.total(shop, "paid_orders") == index["paid_orders"]
    assert book.total(shop, "refunds") == index["refunded"]
    assert book.fact("SELECT currency, min(created_at) FROM fact.order_head WHERE shop = 'shopify_orders' GROUP BY 1") == ("USD", datetime(2026, 11, 1, 21, 10))
    assert book.fact("SELECT count(*) FROM fact.order_line WHERE shop = 'shopify_orders'") == (14,)


def tiktok_orders(book: Imported) -> None:
    """A repeated order amount counts once; the sample order is set aside as a gift; the description row is no order."""
    shop, index = "tiktokshop_orders", KNOWN_FACTS["TikTokShop_All order.csv"]
    gifts = book.mart("SELECT sum(orders), sum(amount) FROM flagged_day WHERE shop = 'tiktokshop_orders' AND flag = 'gift'")
    assert gifts == (1, 20.95)
    assert book.total(shop, "placed_orders") + gifts[0] == index["orders"]
    assert book.total(shop, "placed_amount") + gifts[1] == pytest.approx(index["order_amount"])
    assert book.total(shop, "sales") == 125.70  # 2 x 41.90 + 2 x 20.95; cancelled ones are no sale


def item_days(book: Imported) -> None:
    """The day's item sums; item visitors are never the shop's."""
    for name, day in ((ITEMS_10, "2026-11-10"), (ITEMS_11, "2026-11-11")):
        index = KNOWN_FACTS[name]
        assert book.total("sycm_item_all", "sales", day, day) == index["支付金额"]
        assert book.total("sycm_item_all", "refunds", day, day) == index["成功退款金额"]
        row = book.mart(f"SELECT sum(paying_buyers), count(*) FROM item_day WHERE shop = 'sycm_item_all' AND day = '{day}'")
        assert row == (index["支付买家数"], 6)
    assert book.mart("SELECT count(*) FROM shop_day WHERE shop = 'sycm_item_all' AND metric IN ('visitors', 'paying_buyers')") == (0,)


def shop_sources(book: Imported) -> None:
    """汇总 rows above others are subtotals: sources of a level never add up to the shop's 5,120 visitors."""
    assert book.mart("SELECT visitors, paying_buyers, is_subtotal FROM source_day WHERE shop = 'sycm_shop_source' AND carrier = '' AND depth = 0") == (5120, 131, True)
    assert book.mart("SELECT visitors, is_subtotal, is_paid FROM source_day WHERE shop = 'sycm_shop_source' AND carrier = '' AND level1 = '付费推广' AND depth = 1") == (2210, True, True)
    assert book.mart("SELECT visitors, is_subtotal FROM source_day WHERE shop = 'sycm_shop_source' AND carrier = '' AND level2 = '关键词推广'") == (1480, False)
    assert book.fact("SELECT count(*), count(DISTINCT carrier), min(day) FROM fact.source_day WHERE shop = 'sycm_shop_source'") == (9, 3, date(2026, 11, 12))


def macro_monitor(book: Imported) -> None:
    """Numbers and text with commas in one column; refunds of the last day exceed its sales and stand."""
    shop, index = "sycm_macro_monitor", KNOWN_FACTS["生意参谋_宏观监控_日_20261101_20261115.xls"]
    assert book.total(shop, "sales") == index["支付金额"]
    assert book.daily(shop, "paying_buyers") == index["支付买家数"]
    assert book.total(shop, "visitors", "2026-11-01", "2026-11-01") == 783
    assert book.total(shop, "refunds", "2026-11-15", "2026-11-15") == 3113.82


def self_fetch(book: Imported) -> None:
    """A week's figures belong to the week, not to a day."""
    rows = "FROM period_figure WHERE shop = 'sycm_self_fetch' AND period_kind = 'week' AND day = '2026-11-09' AND day_to = '2026-11-15'"
    assert book.mart(f"SELECT value {rows} AND metric = 'paying_buyers'") == (402,)
    assert book.mart(f"SELECT value {rows} AND metric = 'new_visitors'") == (21556,)
    assert book.fact("SELECT count(*) FROM fact.observation WHERE shop = 'sycm_self_fetch' AND period_kind <> 'week'") == (0,)


def sycm_sessions(book: Imported) -> None:
    """Seven sessions with a start and no end."""
    assert book.total("sycm_live_session", "live_sessions") == 7
    assert book.total("sycm_live_session", "live_sales") == 27645.40
    assert book.fact("SELECT count(ended_at) FROM fact.live_session WHERE shop = 'sycm_live_session'") == (0,)


def after_sales(book: Imported) -> None:
    """Only refunds that succeeded count, with what the buyer got, on the day it was done."""
    index = KNOWN_FACTS["当日售后退货表.xlsx"]
    assert book.total("tmall_after_sales", "refunds") == index["success_amount"]
    assert book.total("tmall_after_sales", "refund_orders") == index["success_count"]
    assert book.total("tmall_after_sales", "refunds", "2026-11-07", "2026-11-07") == 19.95
    assert book.fact("SELECT count(*), sum(applied_amount) FROM fact.refund WHERE shop = 'tmall_after_sales'") == (10, 679.20)


def fund(book: Imported) -> None:
    """Ids without their apostrophe, amounts signed, fees as positive cost."""
    assert book.fact("SELECT count(*), sum(amount), sum(fee), sum(refunds), min(flow_id) FROM fact.fund WHERE shop = 'doudian_fund'") == (6, 235.45, 15.74, 12.00, "T000000000000")


def live_list(book: Imported) -> None:
    """Seven sessions, three past midnight; the two spend columns hold the same money once."""
    shop, index = "compass_live_list", KNOWN_FACTS["罗盘_直播间列表_下载明细.xlsx"]
    assert book.total(shop, "live_sessions") == index["sessions"]
    assert book.total(shop, "live_sales") == index["gmv"]
    assert book.total(shop, "live_user_paid") == index["user_pay"]
    assert book.fact(
        "SELECT sum(duration_s) / 60, count(*) FILTER (started_at::DATE < ended_at::DATE), sum(ad_spend) FROM fact.live_session WHERE shop = 'compass_live_list'"
    ) == (index["minutes"], index["crossing_midnight"], 11058.17)


def session_workbook(book: Imported) -> None:
    """Six sheets of three shapes fill one session, its channels, lead-in videos and items."""
    assert book.total("compass_session_detail", "live_user_paid") == 11278.50
    assert book.fact(
        "SELECT started_at, ended_at, room_impression_users, views, watch_s, orders, ad_spend FROM fact.live_session WHERE shop = 'compass_session_detail'"
    ) == (datetime(2026, 11, 11, 20, 3, 11), datetime(2026, 11, 12, 1, 3, 42), 49000, 7169, 7169 * 65, 161, 4061.19)
    assert book.fact("SELECT count(*), sum(viewers), sum(impressions) FROM fact.live_channel WHERE shop = 'compass_session_detail'") == (5, 5083, 27324)
    assert book.fact("SELECT count(*), sum(user_paid), sum(units) FROM fact.live_item WHERE shop = 'compass_session_detail'") == (6, 11278.49, 159)


def minute_trend(book: Imported) -> None:
    """300 minutes over midnight, per minute already."""
    index = KNOWN_FACTS["流量综合趋势分析下载_数据更新日期20261112.xlsx"]
    assert book.fact(
        "SELECT strftime(min(happened_at), '%Y-%m-%d %H:%M'), strftime(max(happened_at), '%Y-%m-%d %H:%M'), sum(enters), max(online), avg(online), count(*) "
        "FROM fact.live_minute WHERE shop = 'compass_minute_trend'"
    ) == (index["first"], index["last"], index["enters"], index["pcu"], index["acu"], 300)


def sku_details(book: Imported) -> None:
    """JD counts written as 1.0; buyers of SKUs stay with their SKU."""
    index = KNOWN_FACTS["京东商智_商品明细_SKU_20261101_20261105.xlsx"]
    assert book.total("jdsz_sku_detail", "sales") == index["amount"]
    assert book.mart("SELECT sum(paying_buyers) FROM item_day WHERE shop = 'jdsz_sku_detail'") == (index["buyers"],)


def tiktok_live(book: Imported) -> None:
    """A stray slash in the date, 3h 12min, and the currency in the header."""
    assert book.total("tiktokshop_live", "live_sessions") == 4
    assert book.total("tiktokshop_live", "live_sales") == 3801.40
    assert book.fact("SELECT started_at, duration_s, watch_s, currency FROM fact.live_session WHERE shop = 'tiktokshop_live' ORDER BY 1 LIMIT 1") == (
        datetime(2026, 11, 1, 20, 0), 11520, 4401 * 65, "USD")  # fmt: skip


def ads(name: str, shop: str, spend: float, **others: float) -> Callable[[Imported], None]:
    """Spend and further sums of an ad report; a stated total is kept out and agrees."""

    def check(book: Imported) -> None:
        stated = set(KNOWN_FACTS[name].values())
        assert not stated or spend in stated, f"{spend} is not what the index says of {name}"
        assert book.total(shop, "spend") == spend
        for other, value in others.items():
            assert book.total(shop, other) == value, other

    return check


def commission(shop: str, value: float) -> Callable[[Imported], None]:
    """Affiliate commission on the day it was settled or given back."""

    def check(book: Imported) -> None:
        assert book.total(shop, "affiliate_commission") == value

    return check


CHECKS: dict[str, Callable[[Imported], None]] = {
    ITEMS_10: item_days,
    ITEMS_11: item_days,
    "生意参谋_店铺来源_2026-11-12.xls": shop_sources,
    "生意参谋_宏观监控_日_20261101_20261115.xls": macro_monitor,
    "生意参谋_自助取数_周报.xlsx": self_fetch,
    "生参_直播_直播分场次.csv": sycm_sessions,
    "计划报表_20261116_110330.csv": ads("计划报表_20261116_110330.csv", "alimama_plan", 21647.20, attributed_sales=54731.50),
    "商品报表_20261112_110309.csv": ads("商品报表_20261112_110309.csv", "alimama_product", 13163.86),
    "直通车_账户报表_计划.csv": ads("直通车_账户报表_计划.csv", "ztc_plan", 5224.67),
    "万相台_账户.csv": ads("万相台_账户.csv", "wanxiangtai_account", 6708.60),  # 15天 only, never both windows
    "淘宝联盟_成交订单_订单结算.xlsx": commission("taobaoke_settlement", 129.48),
    "淘宝联盟_维权退款订单.csv": commission("taobaoke_refund", -11.99),
    "ExportOrderList_示例旗舰店.csv": order_list,
    "ExportOrderDetailList_示例旗舰店.csv": order_items,
    "tmall_order_report_style.csv": short_report,
    "当日售后退货表.xlsx": after_sales,
    "1794787200_抖店订单导出.csv": doudian_orders,
    "抖店_动账明细.csv": fund,
    "罗盘_直播间列表_下载明细.xlsx": live_list,
    "直播间详情页_整场数据下载_2026-11-12_09-40-44(示例旗舰店_2026-11-12_01-03-42).xlsx": session_workbook,
    "流量综合趋势分析下载_数据更新日期20261112.xlsx": minute_trend,
    "千川_素材_日_2026-11-11.xlsx": ads("千川_素材_日_2026-11-11.xlsx", "qianchuan_material", 11451.19, attributed_sales=25610.69, net_attributed_sales=19548.89),
    "全域推直播_分小时_2026-11-11.xlsx": ads("全域推直播_分小时_2026-11-11.xlsx", "qianchuan_uni_hourly", 2124.02, attributed_sales=5098.68),
    "京东商智_商品明细_SKU_20261101_20261105.xlsx": sku_details,
    "京东_订单导出.csv": jd_orders,
    "京准通_推广报表.csv": ads("京准通_推广报表.csv", "jzt_ads", 915.20),
    "拼多多_订单导出.csv": pdd_orders,
    "拼多多_推广报表.xlsx": ads("拼多多_推广报表.xlsx", "pdd_ads", 182.12),
    "orders_export.csv": shopify_orders,
    "TikTokShop_All order.csv": tiktok_orders,
    "Live Analysis_20261101-20261107.xlsx": tiktok_live,
    "TikTok_GMVMax_LIVE.xlsx": ads("TikTok_GMVMax_LIVE.xlsx", "tiktok_gmvmax_live", 218.50, attributed_sales=842.40),
    "Meta-Ads-report.csv": ads("Meta-Ads-report.csv", "meta_ads", 1372.74),
    "Google Ads Campaign report.csv": ads("Google Ads Campaign report.csv", "google_ads", 206.38),
    "TikTok Ads-Campaign Report.xlsx": ads("TikTok Ads-Campaign Report.xlsx", "tiktok_ads", 57.20),
    "视频号_电商加热_数据明细.csv": ads("视频号_电商加热_数据明细.csv", "channels_heating", 600.00, attributed_sales=1260.00),
}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["file"])
def test_the_figures_of_each_sample_come_back(imported: Imported, sample: dict[str, Any]) -> None:
    """What the index says a correct reader returns is what the book answers."""
    CHECKS[sample["file"]](imported)


def test_no_sample_loses_a_row_or_a_stated_total(imported: Imported) -> None:
    """No row of a sample is refused, no column is unknown, and every total a file states agrees with its rows."""
    assert imported.fact("SELECT count(*) FROM fact.quarantine") == (0,)
    assert imported.fact("SELECT count(*) FROM fact.package WHERE unknown_columns <> '[]'") == (0,)
    assert imported.fact("SELECT count(*) FROM fact.source_total WHERE abs(difference) > 0.01") == (0,)
    stating = imported.facts.execute("SELECT DISTINCT source FROM fact.source_total ORDER BY 1").fetchall()
    assert [row[0] for row in stating] == ["google_ads", "pdd_ads", "qianchuan_uni_hourly", "tiktok_ads"]
