"""Files of a live room as the back offices write them, for tests that hand them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from connectors.demo.writers import Cell, csv_lines, header, rows_of, write_csv, write_xlsx


def sheet(path: Path, kind: str, rows: Sequence[Mapping[str, Cell]], name: str = "Sheet1") -> Path:
    """One sheet under the headings of `kind` (connectors/demo/headers.toml); what a row leaves out reads `-`."""
    names = header(kind)
    write_xlsx(path, {name: [names, *(rows_of(names, row, 1, default="-")[0] for row in rows)]})
    return path


def details(path: Path, room: tuple[str, str, datetime, datetime], items: Sequence[tuple[str, ...]]) -> Path:
    """罗盘 session workbook of a room (name, id, start, end) with its items as the sheet writes them."""
    name, account, started, ended = room
    span = f"{started:%Y/%m/%d %H:%M:%S}-{ended:%Y/%m/%d %H:%M:%S}"
    info = rows_of(header("detail_info"), {"达人昵称": name, "抖音号or火山号": account, "直播时间": span}, 1, default="-")
    write_xlsx(path, {"基本信息": [header("detail_info"), *info], "商品分析-商品明细": [header("detail_items"), *items]})
    return path


def orders(path: Path, rows: Sequence[tuple[str, str, str, float]], item: str = "3600000000001") -> Path:
    """抖店 orders of the shop's own room, one item each: (end of the number, placed, paid, yuan)."""
    ids = [f'"\t69000000000000{number:>05}"' for number, *_ in rows]
    columns: dict[str, str | list[str]] = {
        "主订单编号": ids, "子订单编号": ids, "选购商品": '"\t杯子"', "商品数量": "1", "商品ID": f'"\t{item}"', "商品单价": [f"{yuan:.2f}" for *_, yuan in rows],
        "订单应付金额": [f"{yuan:.2f}" for *_, yuan in rows], "运费": "0.00", "订单提交时间": [placed for _, placed, _, _ in rows],
        "支付完成时间": [paid for _, _, paid, _ in rows], "订单状态": "已发货", "售后状态": "-", "达人ID": "0", "达人昵称": "-", "流量体裁": "直播",
    }  # fmt: skip
    write_csv(path, header("doudian_orders"), csv_lines(header("doudian_orders"), columns, default="-"), encoding="utf-8-sig")
    return path
