"""The demo's files look like the platforms' own: same headers, encodings and quirks as the saved samples."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

# written file (pattern), sample (pattern), encoding, header row
CSV = [
    ("tmall-demo/ExportOrderList_*", "ExportOrderList_*", "gb18030"),
    ("tmall-demo/计划报表_*", "计划报表_*", "gb18030"),
    ("jd-demo/京东_订单导出_*", "京东_订单导出*", "gb18030"),
    ("jd-demo/京准通_*", "京准通_*", "gb18030"),
    ("douyin-demo/*_抖店订单导出.csv", "*_抖店订单导出.csv", "utf-8-sig"),
]
BOOKS = [
    ("tmall-demo/生意参谋_宏观监控*", "生意参谋_宏观监控*", 0),
    ("tmall-demo/生意参谋_店铺来源*", "生意参谋_店铺来源*", 0),
    ("tmall-demo/*商品_全部_*", "*商品_全部_*-11-10.xls", 4),
    ("tmall-demo/淘宝联盟_*", "淘宝联盟_成交订单_*", 0),
    ("tmall-demo/当日售后退货表_*", "当日售后退货表*", 0),
    ("jd-demo/京东商智_*", "京东商智_*", 0),
    ("douyin-demo/罗盘_*", "罗盘_*", 0),
    ("douyin-demo/流量综合*", "流量综合*", 0),
    ("douyin-demo/全域推直播_*", "全域推直播_*", 0),
]


def first(folder: Path, pattern: str) -> Path:
    return sorted(folder.glob(pattern))[0]


def csv_rows(path: Path, encoding: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding))))


def sheets(path: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize(("written", "sample", "encoding"), CSV)
def test_csv_header_is_the_samples(exports: Path, shared: Path, written: str, sample: str, encoding: str) -> None:
    """Same columns, same order, same encoding as the saved sample of the platform."""
    ours = csv_rows(first(exports / "exports", written), encoding)
    theirs = csv_rows(first(shared / "apis/samples/exports", sample), encoding)
    assert ours[0] == theirs[0]
    assert len(ours) > 2
    assert all(len(row) in (0, len(ours[0])) for row in ours)


@pytest.mark.parametrize(("written", "sample", "row"), BOOKS)
def test_workbook_header_is_the_samples(exports: Path, shared: Path, written: str, sample: str, row: int) -> None:
    """Same sheets, same header row, same columns as the saved sample."""
    ours = sheets(first(exports / "exports", written))
    theirs = sheets(first(shared / "apis/samples/exports", sample))
    assert list(ours) == list(theirs)
    for name in ours:
        assert ours[name][row] == theirs[name][row]
        assert len(ours[name]) > row + 1


def test_session_workbook_has_the_samples_sheets(exports: Path, shared: Path) -> None:
    """Six sheets of three shapes; the key/value sheet has the same keys."""
    ours = sheets(first(exports / "exports/douyin-demo", "直播间详情页_*"))
    theirs = sheets(first(shared / "apis/samples/exports", "直播间详情页_*"))
    assert list(ours) == list(theirs)
    for name in ours:
        if name == "流量分析-流量转化":
            assert [row[0] for row in ours[name]] == [row[0] for row in theirs[name]]
        else:
            assert ours[name][0] == theirs[name][0]


def test_taobao_quirks(exports: Path) -> None:
    """Ids stand in `="…"`, and what the buyer paid is already net of refunds."""
    path = first(exports / "exports/tmall-demo", "ExportOrderList_*202610*")
    assert b'\r\n="41000' in path.read_bytes()
    rows = csv_rows(path, "gb18030")
    at = {name: rows[0].index(name) for name in ("总金额", "买家实际支付金额", "退款金额", "订单付款时间", "商家备忘")}
    paid = [[row[i] for i in at.values()] for row in rows[1:] if row[at["订单付款时间"]]]
    assert all(round(float(r[1]) + float(r[2]), 2) == float(r[0]) for r in paid)
    assert any(float(r[2]) > 0 for r in paid)
    assert {r[4] for r in paid} == {"", "S补-已核"}


def test_doudian_quirks(exports: Path) -> None:
    """BOM, a tab inside the quotes of every id, `-` for empty."""
    path = first(exports / "exports/douyin-demo", "*_抖店订单导出.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = csv_rows(path, "utf-8-sig")
    assert all(row[0].startswith("\t6917") for row in rows[1:])
    assert {row[rows[0].index("流量体裁")] for row in rows[1:]} == {"直播", "短视频", "商品卡"}


def test_jd_repeats_the_order_amount(exports: Path) -> None:
    """订单金额 stands on every SKU row of an order and is the sum of its rows."""
    rows = csv_rows(first(exports / "exports/jd-demo", "京东_订单导出_*"), "gb18030")
    names = rows[0]
    orders: dict[str, list[dict[str, str]]] = {}
    for row in rows[1:]:
        orders.setdefault(row[0], []).append(dict(zip(names, row, strict=True)))
    several = [lines for lines in orders.values() if len(lines) > 1]
    assert several
    for lines in several:
        assert len({line["订单金额"] for line in lines}) == 1
        assert round(sum(float(x["京东价"]) * int(x["订购数量"]) for x in lines), 2) == float(lines[0]["订单金额"])


def test_stated_total_of_qianchuan_is_the_sum(exports: Path) -> None:
    """The 汇总 row is the sum of the hours above it."""
    rows = next(iter(sheets(first(exports / "exports/douyin-demo", "全域推直播_*")).values()))
    spend = [float(str(row[3]).replace(",", "")) for row in rows[1:]]
    assert rows[-1][0] == "汇总"
    assert round(sum(spend[:-1]), 2) == spend[-1]
