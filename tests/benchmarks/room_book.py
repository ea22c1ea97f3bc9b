"""A room's book through the ordinary doors: a list of sessions, the last of them five hours long with 300 minutes and 60 items explained."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

from connectors import files, forms, runsheet
from connectors.demo.writers import Cell, csv_lines, header, rows_of, write_csv, write_xlsx
from tests.room_files import sheet
from warehouse.book import Book
from worker import commit_all

SHOP, HANDLE, NAME = "room", "room01", "直播间"
LAST = date(2026, 11, 20)
START = datetime(2026, 11, 20, 18, 0)
MINUTES, ITEMS, ORDERS = 300, 60, 1500
PRICE = 89.0


def fill(book: Book, folder: Path, sessions: int) -> None:
    """Write the files below `folder`, hand them in, type run sheet and log, commit."""
    rng = random.Random(5)
    forms.submit_rows(book, "shop", [{"shop": SHOP, "name": NAME, "platform": "douyin", "currency": "CNY", "zone": "Asia/Shanghai"}], "owner")
    forms.submit_rows(book, "cost", [{"shop": SHOP, "kind": kind, "day": date(2025, 1, 1), "value": value} for kind, value in (("margin_rate", "0.4"), ("fee_rate", "0.05"))], "owner")
    for path in (_list(folder, sessions, rng), _minutes(folder, rng), _detail(folder), _orders(folder, rng)):
        files.seal(book, path, shop=SHOP, author="owner")
    forms.submit_rows(book, "live_event", [*_sheet(), *_log()], "owner")
    done = commit_all(book)
    assert not done.failed, done.failed


def _item(number: int) -> str:
    return str(3_600_000_000_000 + number)


def _list(folder: Path, sessions: int, rng: random.Random) -> Path:
    rows: list[dict[str, Cell]] = []
    for back in range(sessions):
        begins = START - timedelta(days=back)
        length = MINUTES if not back else rng.randint(150, 290)
        sales = ORDERS * PRICE if not back else rng.uniform(20_000, 90_000)
        viewers = rng.randint(8_000, 30_000)
        rows.append(
            {
                "主播昵称": NAME, "主播抖音号": HANDLE, "直播开始时间": f"{begins:%Y/%m/%d %H:%M:%S}", "直播结束时间": f"{begins + timedelta(minutes=length):%Y/%m/%d %H:%M:%S}",
                "直播时长(分钟)": float(length), "直播间观看人数": float(viewers), "直播间观看次数": float(viewers * 2), "最高在线人数": float(viewers // 20),
                "平均在线人数": float(viewers // 60), "人均观看时长(分钟)": 1.2, "新增粉丝数": float(viewers // 50), "直播间商品曝光人数": float(viewers // 2),
                "直播间商品点击人数": float(viewers // 6), "直播间商品曝光次数": float(viewers), "直播间商品点击次数": float(viewers // 5), "直播间成交订单数": float(round(sales / PRICE)),
                "直播间成交金额": round(sales, 2), "直播间用户支付金额": round(sales, 2), "直播间成交人数": float(round(sales / PRICE * 0.9)), "直播间退款金额": round(sales * 0.1, 2),
                "投放消耗(店铺绑定)": round(sales * 0.2, 2),
            }
        )  # fmt: skip
    return sheet(folder / "罗盘_直播间列表_下载明细.xlsx", "live_list", rows)


def _minutes(folder: Path, rng: random.Random) -> Path:
    names = header("live_minutes")
    enters = [80 + 60 * (minute % 47 < 6) + rng.randint(-20, 20) for minute in range(MINUTES)]
    columns: dict[str, Cell | list[Cell]] = {
        "时间": [f"{START + timedelta(minutes=minute):%Y/%m/%d %H:%M}" for minute in range(MINUTES)], "进入直播间人数": [float(v) for v in enters],
        "直播间离开人数": [float(v - 2) for v in enters], "实时在线人数": [float(v * 4) for v in enters], "商品曝光人数": [float(v // 2) for v in enters],
        "商品点击人数": [float(rng.randint(10, 30) + 25 * (minute // 5 % 7 == 3)) for minute in range(MINUTES)], "评论次数": 9.0, "点赞次数": 40.0, "新增粉丝数": 2.0,
        "新加直播团人数": 0.0, "人均观看时长": "1分2秒",
    }  # fmt: skip
    path = folder / f"流量综合趋势分析下载_数据更新日期{LAST + timedelta(days=1):%Y%m%d}.xlsx"
    write_xlsx(path, {"分钟级": [names, *rows_of(names, columns, MINUTES)]})
    return path


def _detail(folder: Path) -> Path:
    end = START + timedelta(minutes=MINUTES)
    paid = f"¥{ORDERS * PRICE:,.2f}"
    items = [[_item(n), f"商品{n}", f"¥{ORDERS // ITEMS * PRICE:,.2f}", f"{ORDERS // ITEMS}", f"{ORDERS // ITEMS}", "2000", f"{200 + 7 * n}"] for n in range(1, ITEMS + 1)]
    board = ["20000", "330", "1分12秒", "6.75%", "40.00%", "11.00%"]
    channels = [
        ["整体", "20000", "40000", paid, f"{ORDERS}", "¥26,700.00", "1分12秒"], ["推荐feed", "12000", "22000", "¥60,000.00", "700", "-", "1分"],
        ["千川PC版", "8000", "18000", "¥73,500.00", "800", "¥26,700.00", "1分"],
    ]  # fmt: skip
    sheets: dict[str, list[list[Cell]]] = {
        "基本信息": [list(header("detail_info")), [NAME, HANDLE, f"{START:%Y/%m/%d %H:%M:%S}-{end:%Y/%m/%d %H:%M:%S}", paid, "¥3,337.50"]],
        "整体看板": [list(header("detail_board")), [*board]],
        "流量分析-流量转化": [["直播间曝光人数", "18.0万"], ["直播间观看人数", "2.0万"], ["商品曝光人数", "1.0万"], ["商品点击人数", "3375"], ["成交人数", "1350"]],
        "流量分析-渠道分析": [list(header("detail_channels")), *[[*row] for row in channels]],
        "流量分析-短视频引流": [list(header("detail_videos"))],
        "商品分析-商品明细": [list(header("detail_items")), *[[*row] for row in items], list(header("detail_items"))],
    }
    path = folder / f"直播间详情页_整场数据下载_{LAST + timedelta(days=1):%Y-%m-%d}_09-40-44({NAME}_{end:%Y-%m-%d_%H-%M-%S}).xlsx"
    write_xlsx(path, sheets)
    return path


def _orders(folder: Path, rng: random.Random) -> Path:
    names = header("doudian_orders")
    at = [START + timedelta(seconds=rng.randrange(MINUTES * 60)) for _ in range(ORDERS)]
    numbers = range(ORDERS)
    ids = [f'"\t{6_920_000_000_000_000_000 + n}"' for n in numbers]
    columns: dict[str, str | list[str]] = {
        "主订单编号": ids, "子订单编号": ids, "选购商品": [f'"\t商品{n % ITEMS + 1}"' for n in numbers], "商品规格": '"\t默认"', "商品数量": "1",
        "商品ID": [f'"\t{_item(n % ITEMS + 1)}"' for n in numbers], "商品单价": f"{PRICE:.2f}", "订单应付金额": f"{PRICE:.2f}", "运费": "0.00", "支付方式": "抖音支付",
        "订单提交时间": [f"{when:%Y-%m-%d %H:%M:%S}" for when in at], "支付完成时间": [f"{when + timedelta(seconds=20):%Y-%m-%d %H:%M:%S}" for when in at],
        "订单状态": "已发货", "售后状态": "-", "达人ID": "0", "达人昵称": "-", "流量体裁": "直播",
    }  # fmt: skip
    path = folder / "1795190400_抖店订单导出.csv"
    write_csv(path, names, csv_lines(names, columns, default="-"), encoding="utf-8-sig")
    return path


def _sheet() -> list[dict[str, object]]:
    rows = [
        {"minute": 5 * n, "segment": "讲解", "link_no": str(n + 1), "text": f"商品{n + 1}", "item_id": _item(n + 1), "host": "甲" if n < ITEMS // 2 else "乙", "action": "卖点、报价"}
        for n in range(ITEMS)
    ]
    return runsheet.event_rows(SHOP, HANDLE, START, runsheet.checked(rows))


def _log() -> list[dict[str, object]]:
    presses = [(START + timedelta(minutes=5 * n, seconds=30), "explain", str(n + 1)) for n in range(ITEMS)]
    presses += [(START + timedelta(minutes=20 * n + 3), "lucky_bag" if n % 2 else "coupon", "") for n in range(MINUTES // 20)]
    return [{"shop": SHOP, "account": HANDLE, "happened_at": at, "kind": kind, "link_no": link, "text": ""} for at, kind, link in presses]
