"""What the mappings decide where the samples are silent: states, sub-orders, running totals, several days in one file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from connectors import files
from connectors.files.layout import layouts
from warehouse.book import Book
from warehouse.commit import commit, open_warehouse

Rows = Sequence[Sequence[object]]


def write_csv(path: Path, header: Sequence[str], rows: Rows) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def write_xlsx(path: Path, sheets: dict[str, Rows]) -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def ask(book: Book, path: Path, sql: str, layout: str) -> list[tuple[Any, ...]]:
    """Import one file for shop `s`, as the layout it must be, and ask the facts; numbers come as floats."""
    manifest = files.seal(book, path, shop="s").manifest
    assert manifest.source == layout
    with book.lock(), open_warehouse(book) as con:
        commit(con, book, manifest, files.interpretation(manifest, book))
        rows = con.execute(sql).fetchall()
    return [tuple(float(v) if isinstance(v, Decimal) else v for v in row) for row in rows]


TAOBAO = ["订单编号", "总金额", "买家实际支付金额", "订单状态", "订单创建时间", "订单付款时间", "宝贝标题", "退款金额", "商家备忘"]


def test_an_order_closed_after_payment_stays_paid(book: Book, tmp_path: Path) -> None:
    """交易关闭 with a pay time is a refunded sale, without one no sale at all."""
    path = write_csv(tmp_path / "ExportOrderList.csv", TAOBAO, [
        ['="410000000000000001"', "50", "0", "交易关闭", "2026-11-01 10:00:00", "2026-11-01 10:01:00", "a", "50", ""],
        ['="410000000000000002"', "60", "0", "交易关闭", "2026-11-01 11:00:00", "", "b", "0", ""],
        ['="410000000000000003"', "70", "70", "卖家已发货，等待买家确认", "2026-11-01 12:00:00", "2026-11-01 12:01:00", "c", "0", "G-3"],
        ['="410000000000000004"', "80", "0", "等待买家付款", "2026-11-01 13:00:00", "", "d", "0", "普通备注 V型号"],
    ])  # fmt: skip
    rows = ask(book, path, "SELECT order_id, status, paid_amount, refund_amount, is_brush FROM fact.order_head ORDER BY 1", "taobao_order_master")
    assert rows == [
        ("410000000000000001", "closed", 50.0, 50.0, False),
        ("410000000000000002", "closed", None, None, False),
        ("410000000000000003", "shipped", 70.0, 0.0, True),
        ("410000000000000004", "unpaid", None, None, False),
    ]


def test_a_state_never_goes_backwards_and_a_newer_refund_arrives(book: Book, tmp_path: Path) -> None:
    """An older export read later changes nothing; the later state of an order wins in either order."""
    line = ['="410000000000000001"', "50", "50", "买家已付款，等待卖家发货", "2026-11-01 10:00:00", "2026-11-01 10:01:00", "a", "0", ""]
    later = [*line[:2], "20", "交易成功", *line[4:7], "30", ""]
    sql = "SELECT status, paid_amount, refund_amount FROM fact.order_head"
    assert ask(book, write_csv(tmp_path / "ExportOrderList1.csv", TAOBAO, [later]), sql, "taobao_order_master") == [("done", 50.0, 30.0)]
    assert ask(book, write_csv(tmp_path / "ExportOrderList2.csv", TAOBAO, [line]), sql, "taobao_order_master") == [("done", 50.0, 30.0)]


DOUDIAN = ["主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "订单提交时间", "支付完成时间", "订单状态", "售后状态", "达人ID", "流量体裁", "平台实际承担优惠金额"]


def test_sub_orders_make_one_order(book: Book, tmp_path: Path) -> None:
    """Three sub-orders, one of them closed: the order is as far as its slowest open one and sums what was paid."""
    rows = [
        ["\t69000000000000001", "\t69000000000000011", "a", "1", "30", "2026-11-01 20:00:00", "2026-11-01 20:01:00", "已完成", "-", "0", "直播", "5"],
        ["\t69000000000000001", "\t69000000000000012", "b", "2", "40", "2026-11-01 20:00:00", "2026-11-01 20:01:00", "待发货", "-", "0", "直播", "0"],
        ["\t69000000000000001", "\t69000000000000013", "c", "1", "50", "2026-11-01 20:00:00", "2026-11-01 20:01:00", "已关闭", "退款成功", "0", "直播", "0"],
    ]
    sql = "SELECT order_id, status, placed_amount, paid_amount, platform_discount, refund_amount, units, channel FROM fact.order_head"
    assert ask(book, write_csv(tmp_path / "1794787200_new.csv", DOUDIAN, rows), sql, "doudian_orders") == [
        ("69000000000000001", "paid", 120.0, 70.0, 5.0, 0.0, 4.0, "live_own")]  # fmt: skip


JD = ["订单号", "商品ID", "商品名称", "订购数量", "下单时间", "京东价", "订单金额", "订单状态", "付款确认时间"]


def test_an_order_amount_is_shared_out_to_the_fen(book: Book, tmp_path: Path) -> None:
    """10.00 over three equal lines is 3.34 + 3.33 + 3.33, never 9.99."""
    rows = [["35000001", f"10000{n}", f"sku {n}", "1", "2026-11-01 10:00:00", "5", "10.00", "完成", "2026-11-01 10:00:20"] for n in range(3)]
    sql = "SELECT paid_amount FROM fact.order_line ORDER BY 1 DESC"
    assert ask(book, write_csv(tmp_path / "京东_订单导出.csv", JD, rows), sql, "jd_orders") == [(3.34,), (3.33,), (3.33,)]


MINUTES = ["时间", "进入直播间人数", "直播间离开人数", "实时在线人数", "评论次数", "点赞次数"]


def test_running_totals_become_steps_column_by_column(book: Book, tmp_path: Path) -> None:
    """Entries only ever rise (a running total), likes go up and down (per minute), the level stays a level."""
    values = [(10, 2, 8, 3, 5), (25, 2, 21, 3, 1), (25, 9, 14, 3, 7), (40, 11, 27, 3, 0)]
    rows = [MINUTES, *([f"2026/11/11 20:0{n}", *line] for n, line in enumerate(values))]
    sql = "SELECT enters, leaves, online, comments, likes, step_s FROM fact.live_minute ORDER BY happened_at"
    assert ask(book, write_xlsx(tmp_path / "流量综合趋势分析下载_数据更新日期20261112.xlsx", {"分钟级": rows}), sql, "compass_minute_trend") == [
        (10.0, 2.0, 8.0, 3.0, 5.0, 60), (15.0, 0.0, 21.0, 3.0, 1.0, 60), (0.0, 7.0, 14.0, 3.0, 7.0, 60), (15.0, 2.0, 27.0, 3.0, 0.0, 60)]  # fmt: skip


def test_figures_of_several_days_are_booked_on_none(book: Book, tmp_path: Path) -> None:
    """A creative report over a week has no day of its own: its rows are refused, not put on the first day."""
    header = ["素材名称", "素材ID", "整体消耗", "整体成交金额"]
    path = write_xlsx(tmp_path / "千川_素材_2026-11-02_2026-11-08.xlsx", {"Sheet1": [header, ["a", "7673330686392800001", "10", "20"]]})
    sql = "SELECT (SELECT count(*) FROM fact.ad_day), (SELECT count(*) FROM fact.quarantine WHERE name = 'day')"
    assert ask(book, path, sql, "qianchuan_material") == [(0, 1)]


@pytest.mark.parametrize(("unit", "currency"), [("EUR", "EUR"), ("USD", "USD"), ("GBP", "GBP")])
def test_the_header_names_the_currency(book: Book, tmp_path: Path, unit: str, currency: str) -> None:
    """Amount spent (EUR) is euros whatever the layout expects."""
    header = ["Campaign name", "Day", f"Amount spent ({unit})", "Impressions", "Reporting starts", "Reporting ends"]
    path = write_csv(tmp_path / "Meta.csv", header, [["a", "2026-11-01", "12.50", "100", "2026-11-01", "2026-11-01"]])
    assert ask(book, path, "SELECT spend, currency FROM fact.ad_day", "meta_ads") == [(12.5, currency)]


def test_a_live_analysis_in_rupiah_keeps_its_currency(book: Book, tmp_path: Path) -> None:
    """Revenue (Rp) is the same column in another currency."""
    header = ["Creator ID", "Creator", "Launched Time", "Duration", "Revenue (Rp)", "Viewers", "Views"]
    row = ["700000000000", "x", "2026/11/01/ 20:00", "1h 5min", "12,500", "10", "20"]
    path = write_xlsx(tmp_path / "Live Analysis_20261101-20261107.xlsx", {"Sheet1": [["Date Range: 2026-11-01 ~ 2026-11-07"], [""], header, row]})
    sql = "SELECT live_sales, currency, started_at, ended_at FROM fact.live_session"
    assert ask(book, path, sql, "tiktokshop_live") == [(12500.0, "IDR", datetime(2026, 11, 1, 20), datetime(2026, 11, 1, 21, 5))]


def test_newer_and_older_headers_are_the_same_report(book: Book, tmp_path: Path) -> None:
    """花费 for 总费用 and 营销场景 for 产品线; finer splits of one campaign and SKU are added up."""
    header = ["日期", "账户名称", "营销场景", "计划ID", "推广计划", "跟单SKU ID", "人群ID", "展现数", "点击数", "花费"]
    path = write_csv(tmp_path / "京准通_推广报表.csv", header, [["20261101", "x", "快车", "77", "p", "100216519586700", crowd, "100", "3", "4.50"] for crowd in "12"])
    sql = "SELECT account, scene, item_id, impressions, spend FROM fact.ad_day"
    assert ask(book, path, sql, "jzt_ads") == [("x", "快车", "100216519586700", 200.0, 9.0)]


def test_the_session_workbook_of_2025_reads_too(book: Book, tmp_path: Path) -> None:
    """Other sheet names, a ~ between start and end, no board: what is there is taken, the rest stays unknown."""
    path = write_xlsx(tmp_path / "直播间详情页_整场数据下载_2025-09-09_15-40-44(店_2025-09-08_00-00-46).xlsx", {
        "基本信息": [["达人昵称", "抖音号or火山号", "直播时间", "直播间用户支付金额"], ["店", "202960", "2025-09-07_19-00-00~2025-09-08_00-00-46", "¥1,250.00"]],
        "流量&转化-短视频引流": [["短视频名称", "投稿时间", "短视频直播入口曝光次数", "短视频引流直播间次数"], ["v", "2025/09/07 12:00", "1.2万", "64"]],
        "商品": [["商品ID", "商品名称", "用户支付金额"], ["汇总", "-", "¥1,250.00"], ["35000001", "a", "¥1,250.00"], ["-", "sku名称", "¥1,250.00"]],
    })  # fmt: skip
    rows = ask(book, path, "SELECT started_at, ended_at, user_paid, viewers FROM fact.live_session", "compass_session_detail")
    assert rows == [(datetime(2025, 9, 7, 19), datetime(2025, 9, 8, 0, 0, 46), 1250.0, None)]
    with open_warehouse(book) as con:
        assert con.execute("SELECT kind, channel, impressions::INTEGER FROM fact.live_channel").fetchall() == [("video", "v", 12000)]
        assert con.execute("SELECT item_id, user_paid::INTEGER FROM fact.live_item").fetchall() == [("35000001", 1250)]
        assert con.execute("SELECT count(*) FROM fact.quarantine").fetchone() == (0,)


def test_a_title_that_begins_like_a_total_is_a_session(book: Book, tmp_path: Path) -> None:
    """整体家居专场 is a show; only a row without an id of its own states a total."""
    header = ["直播标题", "场次id", "开播时间", "直播间观看人数", "成交金额"]
    path = write_csv(tmp_path / "生参_直播_直播分场次.csv", header, [
        ["整体家居专场", "488000000001", "2026-11-03 19:00:12", "10", "100"], ["汇总", "-", "-", "10", "100"]])  # fmt: skip
    sql = "SELECT title, live_sales, (SELECT count(*) FROM fact.source_total WHERE difference = 0) FROM fact.live_session"
    assert ask(book, path, sql, "sycm_live_session") == [("整体家居专场", 100.0, 2)]


def test_a_window_in_the_name_is_covered_whole(book: Book, tmp_path: Path) -> None:
    """An order list of a stated window answers for its quiet days too; without one its edges are partial."""
    line = ['="410000000000000001"', "50", "50", "交易成功", "2026-11-02 10:00:00", "2026-11-02 10:01:00", "a", "0", ""]
    sql = "SELECT count(*), count(*) FILTER (is_partial) FROM fact.coverage WHERE target = 'order_head'"
    assert ask(book, write_csv(tmp_path / "ExportOrderList_20261101_20261103.csv", TAOBAO, [line]), sql, "taobao_order_master") == [(3, 0)]


def test_spend_is_taken_from_whichever_column_the_variant_has(book: Book, tmp_path: Path) -> None:
    """直播间投放消耗 (older) and 投放消耗(店铺绑定) name the same money."""
    header = ["主播昵称", "主播抖音号", "直播开始时间", "直播结束时间", "直播间观看人数", "直播间成交金额", "直播间投放消耗"]
    path = write_xlsx(tmp_path / "罗盘_直播间列表.xlsx", {"Sheet1": [header, ["店", "shop01", "2026/11/02 23:00:00", "2026/11/03 01:00:00", "10", "99.00", "12.00"]]})
    sql = "SELECT ad_spend, duration_s, watch_s FROM fact.live_session"
    assert ask(book, path, sql, "compass_live_list") == [(12.0, 7200.0, None)]


def test_no_mapping_lies_about_unused() -> None:
    """Every .sql in the folder belongs to a layout."""
    used = {load.sql for layout in layouts().values() for load in layout.loads}
    folder = Path(files.__file__).parent / "layouts"
    assert {path.read_text(encoding="utf-8") for path in folder.glob("*.sql")} <= used
